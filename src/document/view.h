/*
 * view.h - a tree with all that reading it needs: what a snapshot is, and what a document has at any moment.
 *
 * Live pieces are those of `file` and are read as of `epoch`. A view borrows; whoever keeps one holds counts on root and
 * store.
 */
#pragma once

#include "document/store.h"
#include "document/tree.h"

typedef struct View {
    Node *root;
    Store *store;
    uint64_t length;    /* of the document */
    uint64_t file_size; /* of the file at that epoch */
    uint32_t epoch;
    uint16_t file;
} View;

/* A snapshot of its own: shows `view`, frees through `reaper`. `written`: the file against what it was when the session
 * began, `opened_size` bytes (see core.h); NULL: nothing is known. NULL: no memory. */
SxSnapshot *snapshot_new(const View *view, uint64_t generation, Node *written, uint64_t opened_size, Reaper *reaper);
const View *snapshot_view(const SxSnapshot *s);

/* The piece with LIVE put into the number of the epoch, as the history keeps it. */
Piece view_resolve(const View *v, const Piece *piece);

bool view_pin(const View *v, SxSpan span, SxPinUse use, SxPin *out, SxError *err);
void view_unpin(SxPin *pin);
bool view_stale(const View *v, const SxPin *pin);
size_t view_lost(const View *v, SxSpan span, SxSpan *out, size_t max);
void view_peek(const View *v, SxSpan span, uint8_t *bytes, uint8_t *states);
bool view_extent(const View *v, uint64_t at, SxExtent *out, SxError *err);

/* Hunks, see snapshot.h. */
bool view_hunk_next(const View *v, uint64_t from, SxHunk *out);
bool view_hunk_previous(const View *v, uint64_t before, SxHunk *out);
/* Of `written` only root, length and file_size are needed; a NULL root: nothing is known. */
void view_origin(const View *v, const View *written, SxSpan span, uint8_t *flags, bool *gap_at_end);
