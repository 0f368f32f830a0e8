/*
 * patch.h - what was changed in a file, as a text that people can read, mail and apply.
 *
 *     sextant patch 1
 *     file firmware.bin
 *     size 67108864
 *     result 67108864
 *     @ 0x10 2 2
 *     - 03 00                                            |..|
 *     + 75 74                                            |ut|
 *     end 1
 *
 * A change begins with `@`, the offset in the file before, the number of bytes that are there, and the number that take
 * their place; then lines of the old bytes (-) and of the new ones (+). `HH*N` is a byte N times; what stands behind a
 * `|` is for people, as are empty lines and those that begin with `#`. Changes ascend and do not overlap; one side of
 * one holds at most 1 MiB, longer ones are written as several. `end` and the number of changes close it, so that a patch
 * that was cut off is none. doc/patch.md has it for people.
 *
 * units      offsets and lengths are bytes, of the file before
 * errors     SX_ERR_SYNTAX names the line; what it costs and may change is the caller's
 * threads    a writer or reader belongs to one thread at a time
 */
#pragma once

#include <sextant/job.h>
#include <sextant/source.h>

SX_BEGIN

enum { SX_PATCH_SIDE_MAX = 1 << 20, SX_PATCH_NAME_MAX = 512 };

typedef struct SxPatchHead {
    char name[SX_PATCH_NAME_MAX]; /* of the file, printable form */
    uint64_t size;                /* of the file before */
    uint64_t result;              /* and with all changes */
} SxPatchHead;

/* --- writing ----------------------------------------------------------------------------------------------------- */

/* Takes the text as it comes, a line or more at a time. */
typedef bool SxPatchOut(void *data, SxBytes text, SxError *err);

typedef struct SxPatchWriter {
    SxPatchOut *out;
    void *data;
    uint64_t count; /* of changes so far, as people count: long ones are one */
    uint64_t bytes; /* changed, as sx_document_changes counts them */
    uint64_t parts; /* as `end` counts them */
} SxPatchWriter;

bool sx_patch_begin(SxPatchWriter *w, const SxPatchHead *head, SxError *err);
/*
 * One change: `removed` of `old` (at `at` in the file) by `inserted` of `now`. Behind the last one.
 *
 * errors   SX_ERR_LOST: bytes that cannot be read make no patch; SX_ERR_CANCELLED; what `out` fails with
 * cost     O(bytes), 1 MiB of memory
 */
bool sx_patch_change(SxPatchWriter *w, uint64_t at, SxSource *old, SxSpan removed, SxSource *now, SxSpan inserted,
                     SxJob *job, SxError *err);
bool sx_patch_end(SxPatchWriter *w, SxError *err);

/* --- reading ----------------------------------------------------------------------------------------------------- */

typedef struct SxPatch SxPatch;

typedef struct SxPatchChange {
    uint64_t at;
    SxBytes removed;  /* borrowed until the next call */
    SxBytes inserted;
    uint64_t line;    /* of its `@`, 1-based */
} SxPatchChange;

/* Reads the head. `text` is retained. */
bool sx_patch_open(SxPatch **out, SxSource *text, SxError *err) SX_MUST_USE;
const SxPatchHead *sx_patch_head(const SxPatch *p);
/* FOUND: *out; ABSENT: that were all, and `end` agrees; FAILED: see err. Memory: one change. */
SxFound sx_patch_next(SxPatch *p, SxPatchChange *out, SxError *err);
void sx_patch_free(SxPatch *p); /* NULL is fine */

SX_END
