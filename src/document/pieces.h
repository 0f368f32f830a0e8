/*
 * pieces.h - runs of pieces: cutting, joining, lists that join what can be one; and a snapshot's pieces in order.
 */
#pragma once

#include <sextant/snapshot.h>

#include "document/journal.h"

/* A growing list in which no two neighbours could be one piece. All zero is empty. */
typedef struct Pieces {
    Piece *data;
    size_t count;
    size_t room;
} Pieces;

/* The piece shows bytes of its file as the file is now. In a document's tree these ascend and never overlap. */
static inline bool
piece_live(const Piece *p)
{
    return p->kind == PIECE_FILE && p->epoch == EPOCH_LIVE;
}

bool piece_same(const Piece *a, const Piece *b);  /* all fields */
bool piece_joins(const Piece *a, const Piece *b); /* b goes on where a ends, in the same source */
/* Bytes [from, from + len) of the piece. */
Piece piece_part(const Piece *p, uint64_t from, uint64_t len);

bool pieces_add(Pieces *list, const Piece *piece); /* false: no memory, list as it was; empty pieces are dropped */
bool pieces_add_all(Pieces *list, const Piece *pieces, size_t count);
/* Append bytes [from, from + len) of another list. */
bool pieces_add_part(Pieces *list, const Pieces *of, uint64_t from, uint64_t len);
uint64_t pieces_len(const Piece *pieces, size_t count); /* bytes */
void pieces_clear(Pieces *list);
