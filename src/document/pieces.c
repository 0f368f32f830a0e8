/*
 * pieces.c - single pieces and lists of them, in no tree.
 */
#include "document/pieces.h"

#include <stdlib.h>
#include <string.h>

bool
piece_same(const Piece *a, const Piece *b)
{
    return a->kind == b->kind && a->source == b->source && a->epoch == b->epoch && a->offset == b->offset &&
           a->len == b->len;
}

bool
piece_joins(const Piece *a, const Piece *b)
{
    if (a->kind != b->kind || a->source != b->source || a->epoch != b->epoch)
        return false;
    return a->kind == PIECE_FILL ? (a->offset & 0xff) == (b->offset & 0xff) : a->offset + a->len == b->offset;
}

Piece
piece_part(const Piece *p, uint64_t from, uint64_t len)
{
    Piece part = *p;
    if (p->kind != PIECE_FILL)
        part.offset += from;
    part.len = len;
    return part;
}

static bool
pieces_grow(Pieces *list)
{
    if (list->count < list->room)
        return true;
    size_t room = list->room ? 2 * list->room : 4;
    Piece *data = realloc(list->data, room * sizeof *data);
    if (!data)
        return false;
    list->data = data;
    list->room = room;
    return true;
}

bool
pieces_add(Pieces *list, const Piece *piece)
{
    if (piece->len == 0)
        return true;
    if (list->count > 0 && piece_joins(&list->data[list->count - 1], piece)) {
        list->data[list->count - 1].len += piece->len;
        return true;
    }
    if (!pieces_grow(list))
        return false;
    list->data[list->count++] = *piece;
    return true;
}

bool
pieces_add_all(Pieces *list, const Piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!pieces_add(list, &pieces[i]))
            return false;
    return true;
}

bool
pieces_add_part(Pieces *list, const Pieces *of, uint64_t from, uint64_t len)
{
    for (size_t i = 0; i < of->count && len > 0; i++) {
        const Piece *p = &of->data[i];
        if (from >= p->len) {
            from -= p->len;
            continue;
        }
        uint64_t n = p->len - from < len ? p->len - from : len;
        Piece part = piece_part(p, from, n);
        if (!pieces_add(list, &part))
            return false;
        from = 0;
        len -= n;
    }
    return true;
}

uint64_t
pieces_len(const Piece *pieces, size_t count)
{
    uint64_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += pieces[i].len;
    return len;
}

void
pieces_clear(Pieces *list)
{
    free(list->data);
    *list = (Pieces){0};
}
