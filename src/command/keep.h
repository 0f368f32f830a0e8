/*
 * keep.h - the bytes of what was found, kept so that one can tell later which of them changed.
 *
 * The places are copied by slices in the owner's thread, since they may move with edits; then a worker reads the bytes.
 */
#pragma once

#include <sextant/snapshot.h>

#include "command/found.h"

typedef struct Keeping Keeping;

/* Takes the snapshot, which is of the document as it is now; NULL: no memory. */
Keeping *keeping_start(Found *f, SxSnapshot *now, void (*wake)(void *), void *data);
/* Do a slice of the work; true when all is done. The document must not have changed since the start. */
bool keeping_ready(Keeping *k, Found *f);
/* The result, NULL: it could not be had (too many bytes, unreadable). Ends it. */
Found *keeping_take(Keeping *k);
void keeping_drop(Keeping *k); /* never waits; NULL is fine */
