/*
 * recover_steps.c - edits, step by step, done again; a change of very many places record by record.
 */
#include "document/recover_play.h"

bool
play_piece_known(Recovery *r, const Piece *p)
{
    if (!piece_of_file(p))
        return true;
    if (p->source >= r->n_files || piece_live(p) || p->epoch > EPOCH_LIVE / 2)
        return play_contradicts(r, "a piece of a file that it never named");
    return p->kind != PIECE_FILE || p->source != r->d->file || play_epoch_reached(r, p->epoch);
}

/* All of them, and their bytes can be counted in the place of `removed`. */
static bool
pieces_known(Recovery *r, SxSpan span, const Piece *pieces, size_t count)
{
    uint64_t length = document_length(r->d);
    if (span.at > length || span.len > length - span.at)
        return play_contradicts(r, "a change outside the document");
    uint64_t room = UINT64_MAX - 1 - (length - span.len);
    for (size_t i = 0; i < count; i++) {
        if (!play_piece_known(r, &pieces[i]))
            return false;
        if (pieces[i].len > room)
            return play_contradicts(r, "more bytes than can be counted");
        room -= pieces[i].len;
    }
    return true;
}

void
play_step_end(Recovery *r)
{
    History *h = &r->d->history;
    if (r->bulk)
        sx_bulk_cancel(r->bulk);
    r->bulk = NULL;
    if (!r->stepping)
        return;
    if (h->count > r->count)
        steps_change(h->steps, h->count - 1)->time = r->began;
    sx_document_end(r->d);
    r->stepping = false;
}

/* Is it the one that is current, the next one, or one in the place of a step that never came to be? */
static bool
step_number(Recovery *r, uint64_t number)
{
    History *h = &r->d->history;
    r->again = number > 0 && number == h->current;
    if (!r->again && number + 1 == h->count)
        history_drop_newest(h);
    return r->again || number == h->count || play_contradicts(r, "a step out of turn");
}

bool
play_step_begin(Recovery *r, const JournalEntry *e)
{
    History *h = &r->d->history;
    if (r->stepping && e->mark.number == (h->open ? h->open : h->count))
        return true;
    play_step_end(r);
    if (!recovery_arrived(r) || !step_number(r, e->mark.number))
        return false;
    if (!(r->again ? document_begin_again(r->d, &r->error) : sx_document_begin(r->d, &r->error)))
        return false;
    r->count = h->count;
    r->stepping = true;
    r->kind = e->mark.detail <= SX_STEP_MANY ? (SxStepKind)e->mark.detail : SX_STEP_MANY;
    r->began = e->mark.time / 1000000000;
    return true;
}

bool
play_step_cancel(Recovery *r)
{
    if (!r->stepping || r->again)
        return play_contradicts(r, "nothing to cancel");
    if (r->bulk)
        sx_bulk_cancel(r->bulk);
    r->bulk = NULL;
    sx_document_cancel(r->d);
    r->stepping = false;
    return true;
}

bool
play_walk(Recovery *r, uint64_t number)
{
    SxError why = {0};
    play_step_end(r);
    if (!recovery_arrived(r))
        return false;
    if (number >= r->d->history.count)
        return play_contradicts(r, "a step that is not there");
    if (!sx_document_goto_step(r->d, number, &why))
        return play_edit_failed(r, &why);
    r->through = r->access == SX_ACCESS_WRITE;
    return true;
}

/* Without a step: what the document began with. */
static bool
begin_with(Recovery *r, SxSpan span, const JournalEntry *e)
{
    SxDocument *d = r->d;
    if (d->history.count > 1)
        return play_contradicts(r, "a change outside of a step");
    d->saved_step = UINT32_MAX;
    document_changed(d);
    return tree_replace(&d->tree, span.at, span.len, e->splice.inserted, e->splice.count) || play_no_memory(r);
}

bool
play_splice(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    SxSpan span = {e->splice.at, e->splice.removed};
    if (r->bulk)
        return play_contradicts(r, "a change in the middle of another");
    if (!pieces_known(r, span, e->splice.inserted, e->splice.count))
        return false;
    if (!r->stepping)
        return begin_with(r, span, e);
    r->through = r->access == SX_ACCESS_WRITE;
    return document_edit(r->d, r->kind, span, e->splice.inserted, e->splice.count, &why) || play_edit_failed(r, &why);
}

static bool
bulk_places(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    JournalPlaces places = journal_places(e);
    SxSpan span;
    Piece piece;
    uint64_t moved = 0;
    while (journal_place_next(&places, &span, &piece)) {
        SxSpan old = {span.at - r->bulk_shift, span.len};
        if (piece.len > 0 && !play_piece_known(r, &piece))
            return false;
        if (!document_bulk_put(r->bulk, old, &piece, &why))
            return play_edit_failed(r, &why);
        moved += piece.len - span.len;
    }
    r->bulk_shift += moved;
    return true;
}

bool
play_bulk(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    bool first = e->bulk.flags & JOURNAL_BULK_FIRST;
    if (!r->stepping || first != !r->bulk)
        return play_contradicts(r, "a part of a long change out of turn");
    if (first && !sx_document_bulk_begin(r->d, &r->bulk, &why))
        return play_edit_failed(r, &why);
    if (first)
        r->bulk_shift = 0;
    if (!bulk_places(r, e))
        return false;
    if (!(e->bulk.flags & JOURNAL_BULK_LAST))
        return true;
    SxBulk *b = r->bulk;
    r->bulk = NULL;
    r->through = r->access == SX_ACCESS_WRITE;
    return sx_bulk_commit(b, &why) || play_edit_failed(r, &why);
}
