/*
 * bulk.c - very many replacements as one step: the new tree is built beside the old one, piece after piece.
 *
 * The first places are only noted: when no more come, they are made one by one, as any edit. In WRITE they never are,
 * since each would be a write of its own.
 */
#include "document/core.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FEW = 256 };

typedef struct Place {
    SxSpan span;
    Piece piece; /* len 0: only removed */
} Place;

struct SxBulk {
    SxDocument *d;
    Place places[FEW]; /* noted while there is no builder */
    size_t count;
    Builder *builder;
    JournalBulk *journal;
    Cursor cursor;   /* on the piece that holds `taken`, in the old tree */
    uint64_t taken;  /* bytes of the old tree that are in the new one or replaced */
    uint64_t behind; /* end of the last place */
    uint64_t length; /* of the document before */
    SxChange all;    /* the one range that all places lie in */
    bool any;
    uint8_t *last;   /* the bytes kept last: the same again are not kept again */
    size_t last_len;
    uint64_t last_at;
};

static void
bulk_free(SxBulk *b)
{
    if (b->journal) {
        journal_bulk_cancel(b->journal);
        document_log_cancelled(b->d);
    }
    builder_free(b->builder);
    free(b->last);
    free(b);
}

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory to replace");
}

/* Go on in the old tree to offset `to`: what lies before it is taken over, or left out. */
static bool
advance(SxBulk *b, uint64_t to, bool take)
{
    while (b->taken < to) {
        const Cursor *c = &b->cursor;
        uint64_t end = c->begins + c->piece.len;
        uint64_t stop = end < to ? end : to;
        Piece part = piece_part(&c->piece, b->taken - c->begins, stop - b->taken);
        if (take && !builder_add(b->builder, &part))
            return false;
        b->taken = stop;
        if (stop == end)
            cursor_next(&b->cursor);
    }
    return true;
}

static bool
build(SxBulk *b, const Place *p)
{
    journal_bulk_place(b->journal, p->span, p->piece.len > 0 ? &p->piece : NULL, NULL);
    return advance(b, p->span.at, true) && advance(b, p->span.at + p->span.len, false) &&
           builder_add(b->builder, &p->piece);
}

/* From now on into a tree. */
static bool
begin_building(SxBulk *b)
{
    SxDocument *d = b->d;
    b->builder = builder_new(d->tree.fanout, d->reaper);
    if (!b->builder)
        return false;
    document_log_step(d, SX_STEP_MANY, time(NULL));
    journal_bulk_begin(d->journal, &b->journal, NULL);
    cursor_at(&b->cursor, d->tree.root, 0);
    for (size_t i = 0; i < b->count; i++)
        if (!build(b, &b->places[i]))
            return false;
    return true;
}

bool
sx_document_bulk_begin(SxDocument *d, SxBulk **out, SxError *err)
{
    if (!document_may_edit(d, err) || !document_release(d, err))
        return false;
    SxBulk *b = calloc(1, sizeof *b);
    if (!b)
        return no_memory(err);
    b->d = d;
    b->length = document_length(d);
    if (d->history.depth == 0)
        history_close(&d->history); /* a step of its own, in the journal too */
    *out = b;
    return true;
}

/* One text for all places is kept once. */
static bool
keep(SxBulk *b, SxBytes bytes, uint64_t *at, SxError *err)
{
    if (b->last && b->last_len == bytes.len && memcmp(b->last, bytes.data, bytes.len) == 0) {
        *at = b->last_at;
        return true;
    }
    uint8_t *copy = realloc(b->last, bytes.len);
    if (!copy)
        return no_memory(err);
    b->last = copy;
    b->last_len = 0;
    if (!add_append(b->d->store->add, bytes, at, err))
        return false;
    memcpy(copy, bytes.data, bytes.len);
    b->last_len = bytes.len;
    b->last_at = *at;
    return true;
}

/* The range grows over what lies between, which stays, and the place. */
static void
widen(SxBulk *b, const Place *p)
{
    if (!b->any)
        b->all.at = b->behind = p->span.at;
    b->any = true;
    uint64_t between = p->span.at - b->behind;
    b->all.removed += between + p->span.len;
    b->all.inserted += between + p->piece.len;
    b->behind = p->span.at + p->span.len;
}

static bool
place_fits(const SxBulk *b, SxSpan span, uint64_t inserted, SxError *err)
{
    if (span.at < b->behind || span.at > b->length || span.len > b->length - span.at)
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%" PRIu64 " is outside, or before another place", span.at, span.len);
    uint64_t room = UINT64_MAX - 1 - b->length;
    if (b->all.inserted > b->all.removed && b->all.inserted - b->all.removed > room - (inserted < room ? inserted : room))
        return sx_fail(err, SX_ERR_LENGTH, "%" PRIu64 " bytes more are beyond what offsets can count", inserted);
    return true;
}

bool
document_bulk_put(SxBulk *b, SxSpan span, const Piece *piece, SxError *err)
{
    Place p = {span, *piece};
    if (!place_fits(b, span, piece->len, err))
        return false;
    if ((!b->builder && !begin_building(b)) || !build(b, &p))
        return no_memory(err);
    widen(b, &p);
    return true;
}

bool
sx_bulk_replace(SxBulk *b, SxSpan span, SxBytes bytes, SxError *err)
{
    if (!place_fits(b, span, bytes.len, err))
        return false;
    Place p = {span, {.len = bytes.len, .kind = PIECE_ADD}};
    if (bytes.len > 0 && !keep(b, bytes, &p.piece.offset, err))
        return false;
    if (!b->builder && b->count == FEW && !begin_building(b))
        return no_memory(err);
    if (!b->builder)
        b->places[b->count++] = p;
    else if (!build(b, &p))
        return no_memory(err);
    widen(b, &p);
    return true;
}

void
sx_bulk_cancel(SxBulk *b)
{
    if (b)
        bulk_free(b);
}

/* From the last to the first, so that offsets stay what they are. */
static bool
commit_few(SxBulk *b, SxError *err)
{
    SxDocument *d = b->d;
    if (!sx_document_begin(d, err))
        return false;
    for (size_t i = b->count; i-- > 0;) {
        const Place *p = &b->places[i];
        if (!document_edit(d, SX_STEP_REPLACE, p->span, &p->piece, p->piece.len > 0, err)) {
            sx_document_cancel(d);
            return false;
        }
    }
    sx_document_end(d);
    return true;
}

static bool
commit_tree(SxBulk *b, SxError *err)
{
    Node *root;
    if (!b->builder && !begin_building(b))
        return no_memory(err);
    bool built = advance(b, b->length, true);
    if (built) {
        built = builder_finish(b->builder, &root);
        b->builder = NULL;
    }
    if (!built)
        return no_memory(err);
    journal_bulk_end(b->journal, NULL);
    b->journal = NULL;
    return document_take(b->d, root, &b->all, err);
}

bool
sx_bulk_commit(SxBulk *b, SxError *err)
{
    bool few = !b->builder && (b->d->access != SX_ACCESS_WRITE || b->count < 2);
    bool done = (b->count == 0 && !b->builder) || (few ? commit_few(b, err) : commit_tree(b, err));
    bulk_free(b);
    return done;
}
