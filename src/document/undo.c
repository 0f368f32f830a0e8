/*
 * undo.c - walking the tree of steps, and groups of edits.
 *
 * A splice is taken back logically: the pieces it removed take the place of what it inserted, whatever the tree looks
 * like by now. What it holds of the file, in an old epoch, becomes live where the file still has those bytes.
 */
#include "document/core.h"
#include "document/diff.h"

#include <sextant/recovery.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- pieces that come back ------------------------------------------------------------------------------------------------------- */

/* Between what clean bytes of the file a place of the tree lies: only what fits between may be live there. */
typedef struct Room {
    SxSpan file;      /* what fits */
    uint64_t begins;  /* in the document: behind the clean byte before the place */
    uint64_t ends;    /* and at the clean byte behind it, once the place has what comes back */
    bool exact;       /* live is only what neither side has been moved from */
} Room;

static Room
room_around(const SxDocument *d, SxSpan span, uint64_t len, bool exact)
{
    Room r = {.exact = exact};
    uint64_t from = clean_before(d->tree.root, span.at, &r.begins);
    uint64_t to = clean_behind(d->tree.root, sx_span_end(span), d->file_size, &r.ends);
    r.file = sx_span(from, to);
    r.ends = r.ends - span.len + len;
    return r;
}

/* Bytes of the file, to be at `at` in the document. */
static bool
fits_room(const Room *r, SxSpan bytes, uint64_t at)
{
    if (bytes.at < r->file.at || sx_span_end(bytes) > sx_span_end(r->file))
        return false;
    return !r->exact || bytes.at - r->file.at == at - r->begins || sx_span_end(r->file) - bytes.at == r->ends - at;
}

/* Add `p`, of the document's file, in parts: live where the file has them unchanged. */
static bool
revive_piece(const SxDocument *d, Piece p, uint64_t at, Room *room, Pieces *out)
{
    Before *before = &store_file(d->store, p.source)->before;
    while (p.len > 0) {
        bool covered;
        uint64_t n = before_stretch(before, (SxSpan){p.offset, p.len}, EPOCHS_SINCE(p.epoch), &covered);
        Piece part = piece_part(&p, 0, n);
        if (!covered && fits_room(room, (SxSpan){p.offset, n}, at)) {
            part.epoch = EPOCH_LIVE;
            room->file = sx_span(p.offset + n, sx_span_end(room->file));
            room->begins = at + n;
        }
        if (!pieces_add(out, &part))
            return false;
        p = piece_part(&p, n, p.len - n);
        at += n;
    }
    return true;
}

static bool
revive(const SxDocument *d, uint64_t at, Room *room, const Piece *pieces, size_t count, Pieces *out)
{
    for (size_t i = 0; i < count; i++) {
        bool may = pieces[i].kind == PIECE_FILE && pieces[i].source == d->file && !d->saving;
        if (!(may ? revive_piece(d, pieces[i], at, room, out) : pieces_add(out, &pieces[i])))
            return false;
        at += pieces[i].len;
    }
    return true;
}

bool
document_revive(const SxDocument *d, SxSpan span, uint64_t *floor, const Piece *pieces, size_t count, Pieces *out)
{
    Room room = room_around(d, span, pieces_len(pieces, count), d->replaying);
    if (floor && *floor > room.file.at)
        room.file = sx_span(*floor, sx_span_end(room.file));
    bool done = revive(d, span.at, &room, pieces, count, out);
    if (done && floor)
        *floor = room.file.at;
    return done;
}

enum { COMPARED = 4096 }; /* bytes: what a look costs nobody notices */

/* The bytes of pieces, when all of them are in memory. */
static bool
bytes_here(const Reading *now, const Piece *pieces, size_t count, uint8_t *bytes)
{
    uint8_t states[COMPARED];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        Piece p = reading_resolve(now, &pieces[i]);
        store_peek(now->store, &p, bytes + n, states + n);
        n += p.len;
    }
    for (size_t i = 0; i < n; i++)
        if (states[i] != SX_BYTE_HERE && states[i] != SX_BYTE_HOLE)
            return false;
    return true;
}

/* What comes back was saved meanwhile, it may be: where the file has these very bytes in this very place, they are its
 * own again. Only a few, and only without waiting for a disk. */
static void
settle_equal(const SxDocument *d, SxSpan span, Pieces *revived)
{
    uint8_t ours[COMPARED];
    uint8_t files[COMPARED];
    uint64_t len = pieces_len(revived->data, revived->count);
    uint64_t place;
    uint64_t from = clean_before(d->tree.root, span.at, &place);
    SxSpan room = room_around(d, span, len, false).file;
    if (len == 0 || len > COMPARED || len > room.len || place != span.at || d->saving || d->replaying)
        return;
    Reading now = document_reading(d);
    Piece home = {from, len, EPOCH_LIVE, d->file, PIECE_FILE};
    if (bytes_here(&now, revived->data, revived->count, ours) && bytes_here(&now, &home, 1, files) &&
        memcmp(ours, files, len) == 0) {
        revived->count = 1;
        revived->data[0] = home;
    }
}

static bool
put_back(SxDocument *d, SxSpan span, const Piece *pieces, size_t count)
{
    Pieces revived = {0};
    bool done = document_revive(d, span, NULL, pieces, count, &revived);
    if (done) {
        settle_equal(d, span, &revived);
        done = tree_replace(&d->tree, span.at, span.len, revived.data, revived.count);
    }
    pieces_clear(&revived);
    return done;
}

bool
document_settle(SxDocument *d, SxSpan span)
{
    Pieces pieces = {0};
    Pieces revived = {0};
    Room room = room_around(d, span, span.len, true);
    if (span.len == 0)
        return true;
    bool done = tree_pieces(d->tree.root, span, &pieces, SIZE_MAX);
    for (size_t i = 0; i < pieces.count; i++)
        if (piece_live(&pieces.data[i]))
            pieces.data[i].epoch = store_file(d->store, d->file)->epoch;
    done = done && revive(d, span.at, &room, pieces.data, pieces.count, &revived);
    if (done) {
        settle_equal(d, span, &revived);
        done = tree_replace(&d->tree, span.at, span.len, revived.data, revived.count);
    }
    pieces_clear(&pieces);
    pieces_clear(&revived);
    return done;
}

/* --- one step ------------------------------------------------------------------------------------------------------------------------ */

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory to undo");
}

static bool
splice_there(SxDocument *d, const Splice *s, bool back)
{
    return back ? put_back(d, (SxSpan){s->at, s->inserted}, s->pieces, s->n_removed)
                : put_back(d, (SxSpan){s->at, s->removed}, splice_inserted(s), s->n_inserted);
}

static bool
step_tree(SxDocument *d, uint32_t number, bool back, SxError *err)
{
    const Step *step = steps_whole(d->history.steps, number);
    bool earlier = !d->replaying && (number <= d->inherited || number <= d->recalled_steps);
    if (steps_failed(d->history.steps, err))
        return false;
    if (step->swap)
        return (!earlier || document_left_swap(d, step->swap, back, err)) && document_swap(d, step->swap, back, err);
    for (const Splice *s = back ? step->last : step->first; s; s = back ? s->previous : s->next) {
        if (earlier && !document_left_splice(d, s, back, err))
            return false;
        if (!splice_there(d, s, back))
            return no_memory(err);
    }
    history_trim(&d->history);
    return true;
}

/* A way through the history: up to the step that both ends have in common, then down again. */
typedef struct Way {
    uint32_t common;
    uint32_t *down;
    size_t count;
} Way;

static bool
find_way(const History *h, uint32_t from, uint32_t to, Way *way, SxError *err)
{
    way->common = history_common(h, from, to);
    return history_way(h, way->common, to, &way->down, &way->count, err);
}

static bool
walk(SxDocument *d, uint32_t from, const Way *way, SxError *err)
{
    const History *h = &d->history;
    while (from > way->common) {
        uint32_t parent = steps_at(h->steps, from)->parent;
        if (!step_tree(d, from, true, err))
            return false;
        from = parent;
    }
    for (size_t i = 0; i < way->count; i++)
        if (!step_tree(d, way->down[i], false, err))
            return false;
    return true;
}

bool
document_walk(SxDocument *d, uint32_t from, uint32_t to, SxError *err)
{
    Way way;
    if (!find_way(&d->history, from, to, &way, err))
        return false;
    bool done = walk(d, from, &way, err);
    free(way.down);
    return done;
}

/* A step that could not be read again has been walked all the same: whoever listens looks at everything anew. */
static void
tell_unread(SxDocument *d, uint64_t length)
{
    SxChange all = {0, length, document_length(d)};
    if (steps_failed(d->history.steps, NULL))
        document_tell_all(d, &all);
}

/* Behind a walk: the history is at `to`, and everybody hears of it. Ways back through the steps lead where one was. */
static void
arrive(SxDocument *d, const Way *way, uint32_t to, uint64_t length)
{
    History *h = &d->history;
    document_changed(d);
    while (h->current > way->common) {
        uint32_t number = h->current;
        uint32_t parent = steps_at(h->steps, number)->parent;
        steps_change(h->steps, parent)->redo = number;
        h->current = parent;
        document_tell_step(d, number, true);
        history_trim(h);
    }
    for (size_t i = 0; i < way->count; i++) {
        steps_change(h->steps, h->current)->redo = way->down[i];
        h->current = way->down[i];
        document_tell_step(d, h->current, false);
        history_trim(h);
    }
    h->current = to;
    tell_unread(d, length);
    document_log_places(d);
}

/* What was saved is in the file: there the document is the file again, whole. */
bool
document_settle_saved(SxDocument *d, uint32_t at)
{
    File *f = store_file(d->store, d->file);
    if (d->saving || at != d->saved_step || d->file != d->saved_file || f->epoch != d->saved_epoch)
        return true;
    Piece all = {0, d->file_size, EPOCH_LIVE, d->file, PIECE_FILE};
    return tree_replace(&d->tree, 0, document_length(d), &all, d->file_size > 0);
}

/* The tree becomes what it is at `to`, and the file behind it. */
static bool
bring(SxDocument *d, const Way *way, uint32_t to, SxError *err)
{
    History *h = &d->history;
    Node *old = node_retain(d->tree.root);
    if (!walk(d, h->current, way, err) || (!document_settle_saved(d, to) && !no_memory(err))) {
        tree_take(&d->tree, old);
        return false;
    }
    bool back = way->common == to;
    document_log(d, back ? JOURNAL_UNDO : JOURNAL_REDO, to);
    if (document_through(d, old, err))
        return true;
    document_log(d, back ? JOURNAL_REDO : JOURNAL_UNDO, h->current);
    return false;
}

static bool
go_to(SxDocument *d, uint32_t to, SxError *err)
{
    History *h = &d->history;
    Way way;
    uint64_t length = document_length(d);
    if (to == h->current)
        return true;
    if (h->depth > 0)
        return sx_fail(err, SX_ERR_BUSY, "no undo in the middle of a change");
    if (!document_may_edit(d, err) || !document_release(d, err))
        return false;
    history_close(h);
    if (!find_way(h, h->current, to, &way, err))
        return false;
    bool done = bring(d, &way, to, err);
    if (done)
        arrive(d, &way, to, length);
    free(way.down);
    return done;
}

static bool
step_facts(const History *h, uint32_t number, SxStep *out)
{
    const Step *s = steps_at(h->steps, number);
    *out = (SxStep){
        .number = number,
        .parent = s->parent,
        .kind = s->facts.kind,
        .at = s->facts.at,
        .removed = s->facts.removed,
        .inserted = s->facts.inserted,
        .time = s->time,
        .saved = s->saved,
    };
    return !steps_failed(h->steps, NULL);
}

void
sx_document_set_job(SxDocument *d, SxJob *job)
{
    d->job = job;
}

/* --- the calls ----------------------------------------------------------------------------------------------------------------------------- */

static bool
nothing(SxError *err)
{
    if (err)
        *err = (SxError){0};
    return false;
}

bool
sx_document_undo(SxDocument *d, SxStep *step, SxError *err)
{
    History *h = &d->history;
    uint32_t number = h->current;
    if (number == 0)
        return nothing(err);
    uint32_t parent = steps_at(h->steps, number)->parent;
    if (steps_failed(h->steps, err) || !go_to(d, parent, err))
        return false;
    if (step)
        step_facts(h, number, step);
    return true;
}

bool
sx_document_redo(SxDocument *d, SxStep *step, SxError *err)
{
    History *h = &d->history;
    uint32_t number = steps_at(h->steps, h->current)->redo;
    if (steps_failed(h->steps, err))
        return false;
    if (number == 0)
        return nothing(err);
    if (!go_to(d, number, err))
        return false;
    if (step)
        step_facts(h, number, step);
    return true;
}

bool
sx_document_goto_step(SxDocument *d, uint64_t number, SxError *err)
{
    if (number >= d->history.count)
        return sx_fail(err, SX_ERR_RANGE, "there is no step %" PRIu64, number);
    return go_to(d, (uint32_t)number, err);
}

uint64_t
sx_document_undo_count(const SxDocument *d)
{
    uint64_t depth = steps_at(d->history.steps, d->history.current)->depth;
    steps_failed(d->history.steps, NULL);
    return depth;
}

uint64_t
sx_document_redo_count(const SxDocument *d)
{
    const History *h = &d->history;
    uint64_t count = 0;
    for (uint32_t i = steps_at(h->steps, h->current)->redo; i != 0; i = steps_at(h->steps, i)->redo)
        count++;
    steps_failed(h->steps, NULL);
    history_trim(h);
    return count;
}

uint64_t
sx_document_step_count(const SxDocument *d)
{
    return d->history.count - 1;
}

uint64_t
sx_document_step_current(const SxDocument *d)
{
    return d->history.current;
}

bool
sx_document_step(const SxDocument *d, uint64_t number, SxStep *out)
{
    if (number == 0 || number >= d->history.count)
        return false;
    bool known = step_facts(&d->history, (uint32_t)number, out);
    history_trim(&d->history);
    return known;
}

/* --- groups ------------------------------------------------------------------------------------------------------------------------------------ */

void
sx_document_typing(SxDocument *d, bool on)
{
    if (d->history.depth > 0)
        return;
    history_close(&d->history);
    d->history.typing = on;
}

static bool
begin(SxDocument *d, SxError *err)
{
    uint32_t epoch = store_file(d->store, d->file)->epoch;
    return history_begin(&d->history, d->tree.root, epoch, &d->marks) || sx_fail(err, SX_ERR_NOMEM, "no memory to begin a change");
}

bool
sx_document_begin(SxDocument *d, SxError *err)
{
    if (d->history.depth == 0 && d->access != SX_ACCESS_READ && !d->replaying)
        sx_document_recall(d, NULL);
    if (!document_release(d, err))
        return false;
    if (d->history.depth == 0)
        marks_begin(&d->marks);
    return begin(d, err);
}

bool
document_begin_again(SxDocument *d, SxError *err)
{
    if (!begin(d, err))
        return false;
    d->history.open = d->history.current;
    return true;
}

void
sx_document_end(SxDocument *d)
{
    History *h = &d->history;
    SX_BUG_ON(h->depth == 0);
    if (h->depth == 1 && h->open) {
        document_log(d, JOURNAL_STEP_END, h->open);
        document_note_marks(d, h->open);
    }
    history_end(h);
    document_spare(d);
}

/* Everybody hears that the edits since `begin` were taken back: the newest first. */
static void
tell_cancelled(SxDocument *d, const Swap *cancelled, const Step *step, const Group *g)
{
    if (step->swap)
        document_tell_swap(d, cancelled, true);
    for (const Splice *s = step->last; s && s != g->last; s = s->previous)
        document_tell(d, &(SxChange){s->at, s->inserted, s->removed});
    marks_restore(&d->marks, &g->marks);
}

/* A part of a step cannot be said to be cancelled: the journal is told what is done to take it back. */
static void
log_cancelled(SxDocument *d, const Swap *c)
{
    Diff diff;
    Difference x;
    Reading before = {.root = c->before, .epoch = c->before_epoch, .file = c->file};
    diff_begin(&diff, (Side){c->behind, c->behind_epoch}, (Side){c->before, c->before_epoch}, store_file(d->store, c->file));
    while (d->journal && diff_next(&diff, &x))
        document_log_again(d, &before, &x);
}

/* The tree as it was at begin; in WRITE that is brought into the file. */
static bool
cancel_tree(SxDocument *d, const Swap *cancelled)
{
    Node *old = d->access == SX_ACCESS_WRITE ? node_retain(d->tree.root) : NULL;
    if (document_swap(d, cancelled, true, NULL))
        return document_through(d, old, NULL);
    node_release(old, d->reaper);
    return false;
}

void
sx_document_cancel(SxDocument *d)
{
    History *h = &d->history;
    SX_BUG_ON(h->depth == 0);
    const Group *g = &h->groups[h->depth - 1];
    Swap cancelled = {.before = g->root, .before_epoch = g->epoch, .file = d->file};
    cancelled.behind = node_retain(d->tree.root);
    cancelled.behind_epoch = store_file(d->store, d->file)->epoch;
    cancelled.all = diff_range((Side){g->root, g->epoch}, (Side){cancelled.behind, cancelled.behind_epoch},
                               store_file(d->store, d->file));
    if (h->open && cancel_tree(d, &cancelled)) {
        if (g->open)
            log_cancelled(d, &cancelled);
        else
            document_log(d, JOURNAL_STEP_CANCEL, h->open);
        document_changed(d);
        tell_cancelled(d, &cancelled, steps_whole(h->steps, h->open), g);
        SxChange back = {cancelled.all.at, cancelled.all.inserted, cancelled.all.removed};
        history_forget(h, d->tree.root, store_file(d->store, d->file)->epoch, &back);
    }
    node_release(cancelled.behind, d->reaper);
    document_log_places(d);
    sx_document_end(d);
}
