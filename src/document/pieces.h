/*
 * pieces.h - a snapshot's pieces in order, for saving and for hunks.
 */
#pragma once

#include <sextant/snapshot.h>

#include "document/journal.h"

/* The piece that holds document offset `at` < length: itself, and where it begins in the document. */
void snapshot_piece(SxSnapshot *s, uint64_t at, Piece *piece, uint64_t *begins);
