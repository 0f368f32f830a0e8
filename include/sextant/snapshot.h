/*
 * snapshot.h - a document as it was at one moment, for reading from any thread.
 *
 * A snapshot is one reference to the root of the document's tree: made in O(1), never changes, whatever is typed,
 * undone or saved meanwhile, also in WRITE, where the file itself changes (the bytes from before come out of the
 * before-images).
 *
 * ownership  counted; the last release may come from any thread: the tree is then handed to the document's thread,
 *            or freed in slices
 * threads    every call, from any thread
 */
#pragma once

#include <sextant/source.h>

SX_BEGIN

typedef struct SxSnapshot SxSnapshot;

SX_API SxSnapshot *sx_snapshot_retain(SxSnapshot *s);
SX_API void sx_snapshot_release(SxSnapshot *s); /* NULL is fine */
SX_API uint64_t sx_snapshot_length(const SxSnapshot *s);
SX_API uint64_t sx_snapshot_generation(const SxSnapshot *s); /* of the document when it was made */
/* The snapshot as a source; borrowed, lives as long as the snapshot. Retaining the source retains the snapshot. */
SX_API SxSource *sx_snapshot_source(SxSnapshot *s);

/* How a byte came to be, for marking it on the screen. Bits. */
typedef enum SxOrigin {
    SX_ORIGIN_FILE = 0,
    SX_ORIGIN_CHANGED = 1 << 0,  /* differs from the file, in the place of a byte of the file; pending */
    SX_ORIGIN_INSERTED = 1 << 1, /* not in the file; pending */
    SX_ORIGIN_WRITTEN = 1 << 2,  /* changed and written in this session */
    SX_ORIGIN_GAP = 1 << 3,      /* bytes of the file were deleted before this one */
} SxOrigin;

/* Fill flags[0..len) for `span`, inside [0, length); len at most 1 MiB. O(len + log pieces).
 * gap_at_end (may be NULL): bytes were deleted behind the last byte of the document. */
SX_API void sx_snapshot_origin(SxSnapshot *s, SxSpan span, uint8_t *flags, bool *gap_at_end);

/* One run of pending change: `removed` bytes of the file, at `file_at`, are `inserted` bytes of the document, at `at`. */
typedef struct SxHunk {
    uint64_t at;
    uint64_t inserted;
    uint64_t file_at;
    uint64_t removed;
} SxHunk;

/* The first hunk that ends after `from` (or, empty in the document, lies at or after it); false: there is none. */
SX_API bool sx_snapshot_hunk_next(SxSnapshot *s, uint64_t from, SxHunk *out);
/* The last hunk that begins before `before`. */
SX_API bool sx_snapshot_hunk_previous(SxSnapshot *s, uint64_t before, SxHunk *out);
/* The bytes of the file that a hunk replaces, as they were when it was edited; a source, one count is yours. */
SX_API SxSource *sx_snapshot_hunk_old(SxSnapshot *s, const SxHunk *hunk) SX_MUST_USE;

SX_END
