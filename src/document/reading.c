/*
 * reading.c - reading spans of a document: in one piece where they lie in one, gathered else.
 */
#include "document/reading.h"

#include <stdlib.h>
#include <string.h>

/* What a pin holds: the way into a source, or a copy that follows it in memory. */
typedef struct Hold {
    Direct direct;
    Piece piece; /* what is shown directly, its epoch a number; len 0: a copy */
} Hold;

Piece
reading_resolve(const Reading *v, const Piece *piece)
{
    Piece p = *piece;
    if (piece_live(&p))
        p.epoch = v->epoch;
    return p;
}

/* Walks the parts of a span, piece by piece; `part.len` 0 is the end. */
typedef struct Walk {
    Cursor cursor;
    uint64_t at; /* of the part, in the document */
    uint64_t end;
    Piece part; /* resolved */
} Walk;

static void
walk_part(Walk *w, const Reading *v)
{
    const Cursor *c = &w->cursor;
    uint64_t from = w->at - c->begins;
    uint64_t rest = c->piece.len - from;
    Piece part = piece_part(&c->piece, from, rest < w->end - w->at ? rest : w->end - w->at);
    w->part = reading_resolve(v, &part);
}

static void
walk_begin(Walk *w, const Reading *v, SxSpan span)
{
    w->at = span.at;
    w->end = sx_span_end(span);
    w->part = (Piece){0};
    if (span.len > 0 && cursor_at(&w->cursor, v->root, span.at))
        walk_part(w, v);
}

static void
walk_next(Walk *w, const Reading *v)
{
    w->at += w->part.len;
    w->part.len = 0;
    if (w->at < w->end && cursor_next(&w->cursor))
        walk_part(w, v);
}

/* --- pins --------------------------------------------------------------------------------------------------------------- */

static bool
pin_copy(const Reading *v, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Hold *h = malloc(sizeof *h + span.len);
    if (!h)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to gather %zu bytes", (size_t)span.len);
    *h = (Hold){0};
    uint8_t *bytes = (uint8_t *)(h + 1);
    Walk w;
    for (walk_begin(&w, v, span); w.part.len > 0; walk_next(&w, v)) {
        if (!store_copy(v->store, &w.part, use, bytes + (w.at - span.at), err)) {
            free(h);
            return false;
        }
    }
    *out = (SxPin){.data = bytes, .span = span, .owner = h};
    return true;
}

bool
reading_pin(const Reading *v, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Walk w;
    walk_begin(&w, v, span);
    if (w.part.len < span.len)
        return pin_copy(v, span, use, out, err);
    Hold *h = malloc(sizeof *h);
    if (!h)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read");
    if (!store_direct(v->store, &w.part, use, &h->direct)) {
        free(h);
        return pin_copy(v, span, use, out, err);
    }
    h->piece = w.part;
    *out = (SxPin){.data = h->direct.data, .span = span, .owner = h};
    return true;
}

void
reading_unpin(SxPin *pin)
{
    Hold *h = pin->owner;
    store_direct_end(&h->direct);
    free(h);
}

bool
reading_stale(const Reading *v, const SxPin *pin)
{
    const Hold *h = pin->owner;
    return h->piece.len > 0 && store_changed(v->store, &h->piece);
}

/* --- what else a source says --------------------------------------------------------------------------------------------- */

/* Lost ranges as they come, neighbours made one. */
typedef struct LostList {
    SxSpan *out;
    size_t max;
    size_t count;
    uint64_t base; /* document offset of the piece at hand */
    SxSpan last;
} LostList;

static void
lost_add(void *data, SxSpan span)
{
    LostList *l = data;
    span.at += l->base;
    if (l->count > 0 && sx_span_end(l->last) == span.at) {
        l->last.len += span.len;
    } else {
        l->last = span;
        l->count++;
    }
    if (l->count <= l->max)
        l->out[l->count - 1] = l->last;
}

/* Whether nothing of the parts is lost, by one question for those that follow each other in a file: there may be very
 * many, and what lies between them is seldom lost when they are not. */
static bool
surely_whole(const Reading *v, SxSpan span)
{
    uint16_t file = 0;
    SxSpan read = {0, 0};
    Walk w;
    for (walk_begin(&w, v, span); w.part.len > 0; walk_next(&w, v)) {
        const Piece *p = &w.part;
        if (!piece_of_file(p))
            continue;
        bool follows = read.len > 0 && p->source == file && p->offset >= sx_span_end(read);
        if (!follows && read.len > 0 && !store_whole(v->store, file, read))
            return false;
        file = p->source;
        read = sx_span(follows ? read.at : p->offset, p->offset + p->len);
    }
    return read.len == 0 || store_whole(v->store, file, read);
}

size_t
reading_lost(const Reading *v, SxSpan span, SxSpan *out, size_t max)
{
    LostList list = {.out = out, .max = max};
    Walk w;
    if (surely_whole(v, span))
        return 0;
    for (walk_begin(&w, v, span); w.part.len > 0; walk_next(&w, v)) {
        list.base = w.at;
        store_lost(v->store, &w.part, lost_add, &list);
    }
    return list.count;
}

void
reading_peek(const Reading *v, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    Walk w;
    for (walk_begin(&w, v, span); w.part.len > 0; walk_next(&w, v))
        store_peek(v->store, &w.part, bytes + (w.at - span.at), states + (w.at - span.at));
}

void
reading_look(const Reading *v, SxSpan span)
{
    Walk w;
    for (walk_begin(&w, v, span); w.part.len > 0; walk_next(&w, v))
        store_look(v->store, &w.part);
}

bool
reading_extent(const Reading *v, uint64_t at, SxExtent *out, SxError *err)
{
    Walk w;
    walk_begin(&w, v, (SxSpan){at, v->length - at});
    if (!store_extent(v->store, &w.part, out, err))
        return false;
    out->span.at = at;
    return true;
}
