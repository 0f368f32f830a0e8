/*
 * reading.h - a tree with all that reading it needs: what a snapshot is, and what a document has at any moment.
 *
 * Live pieces are those of `file` and are read as of `epoch`. It borrows; whoever keeps one holds counts on root and
 * store.
 */
#pragma once

#include "document/store.h"
#include "document/tree.h"

typedef struct Reading {
    Node *root;
    Store *store;
    uint64_t length;    /* of the document */
    uint64_t file_size; /* of the file at that epoch */
    uint32_t epoch;
    uint16_t file;
} Reading;

/* A snapshot of its own: shows `reading`, frees through `reaper`. `written`: the file against what it was when the session
 * began, `opened_size` bytes (see core.h); NULL: nothing is known. NULL: no memory. */
SxSnapshot *snapshot_new(const Reading *reading, uint64_t generation, Node *written, uint64_t opened_size, Reaper *reaper);
const Reading *snapshot_reading(const SxSnapshot *s);

/* The piece with LIVE put into the number of the epoch, as the history keeps it. */
Piece reading_resolve(const Reading *v, const Piece *piece);

bool reading_pin(const Reading *v, SxSpan span, SxPinUse use, SxPin *out, SxError *err);
void reading_unpin(SxPin *pin);
bool reading_stale(const Reading *v, const SxPin *pin);
size_t reading_lost(const Reading *v, SxSpan span, SxSpan *out, size_t max);
void reading_peek(const Reading *v, SxSpan span, uint8_t *bytes, uint8_t *states);
void reading_look(const Reading *v, SxSpan span);
bool reading_extent(const Reading *v, uint64_t at, SxExtent *out, SxError *err);

/* Hunks, see snapshot.h. */
bool reading_hunk_next(const Reading *v, uint64_t from, SxHunk *out);
bool reading_hunk_previous(const Reading *v, uint64_t before, SxHunk *out);
/* Of `written` only root, length and file_size are needed; a NULL root: nothing is known. */
void reading_origin(const Reading *v, const Reading *written, SxSpan span, uint8_t *flags, bool *gap_at_end);
