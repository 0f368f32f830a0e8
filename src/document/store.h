/*
 * store.h - what pieces name: files as they were in some epoch, and the add buffer. Shared by a document and its
 * snapshots.
 *
 * Files are numbered as they come: the document's own, the new ones that saving by rename makes, those of which ranges
 * were inserted. None is ever taken out while the store lives, so an old inode stays open for undo and snapshots.
 *
 * ownership  counted
 * threads    reading from any; adding files, and changing them, from the document's
 */
#pragma once

#include <sextant/source.h>

#include "document/add.h"
#include "document/before.h"
#include "document/journal.h"

typedef struct File {
    SxSource *source; /* NULL: `zeros` zeros that are nowhere. Guarded by the store's lock */
    uint64_t zeros;
    SxExtent data; /* a run of data that was found last, so that short pieces need not ask again; the same lock */
    Before before;
    Before seen; /* what edits replaced, see witness.h */
    uint32_t epoch; /* how often we changed it; the document's thread only */
} File;

typedef struct Store {
    atomic_uint refs;
    pthread_rwlock_t lock; /* files, and the source of each; workers look at them for each piece, and seldom change them */
    Add *add;
    File **files; /* by Piece.source */
    size_t count;
} Store;

bool store_new(Store **out, size_t chunk, SxError *err);
Store *store_retain(Store *s);
void store_release(Store *s);

/* Takes `source` (NULL: `zeros` zeros) when it succeeds. */
bool store_add_file(Store *s, SxSource *source, uint64_t zeros, uint16_t *number, SxError *err);
/* The same file, as long as it is now. Takes `source`. */
void store_renew_file(Store *s, uint16_t number, SxSource *source);
File *store_file(Store *s, uint16_t number);
uint64_t store_file_size(Store *s, uint16_t number);

/* --- reading a piece, all of it as it was in `epoch` where it is of a file -------------------------------------------- */

/* Copy; what cannot be read is zero, see store_lost. */
bool store_copy(Store *s, const Piece *piece, SxPinUse use, uint8_t *to, SxError *err);
void store_peek(Store *s, const Piece *piece, uint8_t *bytes, uint8_t *states);
void store_look(Store *s, const Piece *piece);
/* Without a copy, where the bytes lie in one piece. `pin` NULL-owner: nothing to unpin. */
typedef struct Direct {
    const uint8_t *data;
    SxSource *source; /* NULL: the add buffer's, valid as long as the store */
    SxPin pin;
} Direct;
bool store_direct(Store *s, const Piece *piece, SxPinUse use, Direct *out);
void store_direct_end(Direct *d);
/* The extent that begins where the piece begins, inside the piece; span.at is left to the caller. */
bool store_extent(Store *s, const Piece *piece, SxExtent *out, SxError *err);
/* Whether no byte of the file in `span` is lost, in any epoch. */
bool store_whole(Store *s, uint16_t number, SxSpan span);
/* Call `found` for each lost range, relative to the piece, ascending. */
typedef void LostFound(void *data, SxSpan span);
void store_lost(Store *s, const Piece *piece, LostFound *found, void *data);
/* Whether we changed bytes of the piece's file range since its epoch. */
bool store_changed(Store *s, const Piece *piece);
