/*
 * check.c - whether a document holds what it must: for tests, after every step.
 */
#include "document/core.h"

#include <inttypes.h>

static bool
check_splices(const Step *step, uint32_t number, SxError *err)
{
    uint32_t pieces = 0;
    const Splice *previous = NULL;
    for (const Splice *s = step->first; s; previous = s, s = s->next) {
        pieces += s->n_removed + s->n_inserted;
        if (s->previous != previous || (!s->next && step->last != s))
            return sx_fail(err, SX_ERR_RANGE, "step %" PRIu32 ": a broken list of splices", number);
        if (pieces_len(s->pieces, s->n_removed) != s->removed ||
            pieces_len(splice_inserted(s), s->n_inserted) != s->inserted)
            return sx_fail(err, SX_ERR_RANGE, "step %" PRIu32 ": a splice of other lengths than its pieces", number);
        for (uint32_t i = 0; i < s->n_removed + s->n_inserted; i++)
            if (piece_live(&s->pieces[i]))
                return sx_fail(err, SX_ERR_RANGE, "step %" PRIu32 ": a live piece in the history", number);
    }
    return pieces == step->pieces || sx_fail(err, SX_ERR_RANGE, "step %" PRIu32 ": miscounted pieces", number);
}

static bool
check_history(History *h, uint64_t round, SxError *err)
{
    enum { TURNS = 64 }; /* of steps that were put away some are read each time */
    for (uint32_t i = 1; i < h->count; i++) {
        const Step *step = steps_at(h->steps, i);
        bool looked = step->here || i % TURNS == round % TURNS;
        if (looked)
            step = steps_whole(h->steps, i);
        if (step->parent >= i || step->depth != steps_at(h->steps, step->parent)->depth + 1)
            return sx_fail(err, SX_ERR_RANGE, "step %" PRIu32 ": parent %" PRIu32, i, step->parent);
        if (step->swap ? step->first != NULL : looked && !check_splices(step, i, err))
            return sx_fail(err, SX_ERR_RANGE, "step %" PRIu32 ": big, and with splices", i);
        if (step->redo && steps_at(h->steps, step->redo)->parent != i)
            return sx_fail(err, SX_ERR_RANGE, "step %" PRIu32 ": redo goes to somebody else's child", i);
        history_trim(h);
    }
    return h->current < h->count || sx_fail(err, SX_ERR_RANGE, "no such current step");
}

static bool
check_marks(const Marks *m, uint64_t length, SxError *err)
{
    for (size_t i = 0; i < m->count; i++) {
        SxSpan s = m->list[i].span;
        if (s.at > length || s.len > length - s.at)
            return sx_fail(err, SX_ERR_RANGE, "mark %s is outside", m->list[i].name);
        if (i > 0 && m->list[i - 1].span.at > s.at)
            return sx_fail(err, SX_ERR_RANGE, "mark %s is out of order", m->list[i].name);
    }
    return true;
}

static bool
check_live(const SxDocument *d, SxError *err)
{
    Cursor c;
    for (bool more = cursor_at(&c, d->tree.root, 0); more; more = cursor_next(&c)) {
        if (c.piece.kind == PIECE_FILE && c.piece.source >= d->store->count)
            return sx_fail(err, SX_ERR_RANGE, "a piece of file %u, which nobody has", c.piece.source);
        if (piece_live(&c.piece) && (c.piece.source != d->file || c.piece.offset + c.piece.len > d->file_size))
            return sx_fail(err, SX_ERR_RANGE, "a live piece outside the file");
    }
    return true;
}

bool
sx_document_check(SxDocument *d, SxError *err)
{
    uint64_t written = sum_of(d->written.root).len;
    return tree_check(d->tree.root, d->tree.fanout, err) && tree_check(d->written.root, d->written.fanout, err) &&
           check_live(d, err) && check_history(&d->history, d->generation, err) &&
           check_marks(&d->marks, document_length(d), err) &&
           (d->written_lost || written == d->file_size ||
            sx_fail(err, SX_ERR_RANGE, "%" PRIu64 " bytes written of a file of %" PRIu64, written, d->file_size));
}
