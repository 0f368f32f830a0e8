/*
 * history.c - steps and splices, and how the splices of one step become one where they touch.
 */
#include "document/history.h"

#include <stdlib.h>
#include <string.h>

/* --- splices ---------------------------------------------------------------------------------------------------------------- */

static Splice *
splice_of(uint64_t at, const Pieces *removed, const Piece *inserted, size_t count)
{
    size_t n = removed->count + count;
    Splice *s = malloc(sizeof *s + n * sizeof *s->pieces);
    if (!s)
        return NULL;
    *s = (Splice){
        .at = at,
        .removed = pieces_len(removed->data, removed->count),
        .inserted = pieces_len(inserted, count),
        .n_removed = (uint32_t)removed->count,
        .n_inserted = (uint32_t)count,
    };
    if (removed->count > 0)
        memcpy(s->pieces, removed->data, removed->count * sizeof *s->pieces);
    if (count > 0)
        memcpy(s->pieces + removed->count, inserted, count * sizeof *s->pieces);
    return s;
}

Splice *
splice_new(uint64_t at, const Pieces *removed, const Piece *inserted, size_t count)
{
    return splice_of(at, removed, inserted, count);
}

const Piece *
splice_inserted(const Splice *s)
{
    return s->pieces + s->n_removed;
}

static Pieces
removed_of(Splice *s)
{
    return (Pieces){s->pieces, s->n_removed, s->n_removed};
}

static Pieces
inserted_of(Splice *s)
{
    return (Pieces){s->pieces + s->n_removed, s->n_inserted, s->n_inserted};
}

static bool
touches(const Splice *a, const Splice *b)
{
    return b->at <= a->at + a->inserted && b->at + b->removed >= a->at;
}

/* What `a` and then `b`, which touches what a inserted, do together. NULL: no memory. */
static Splice *
compose(Splice *a, Splice *b)
{
    uint64_t a_end = a->at + a->inserted;
    uint64_t b_end = b->at + b->removed;
    uint64_t ahead = b->at < a->at ? a->at - b->at : 0;
    uint64_t behind = b_end > a_end ? b_end - a_end : 0;
    uint64_t kept_ahead = b->at > a->at ? b->at - a->at : 0;
    uint64_t kept_behind = a_end > b_end ? a_end - b_end : 0;
    Pieces a_removed = removed_of(a);
    Pieces a_inserted = inserted_of(a);
    Pieces b_removed = removed_of(b);
    Pieces b_inserted = inserted_of(b);
    Pieces removed = {0};
    Pieces inserted = {0};
    Splice *both = NULL;
    if (pieces_add_part(&removed, &b_removed, 0, ahead) &&
        pieces_add_all(&removed, a_removed.data, a_removed.count) &&
        pieces_add_part(&removed, &b_removed, b->removed - behind, behind) &&
        pieces_add_part(&inserted, &a_inserted, 0, kept_ahead) &&
        pieces_add_all(&inserted, b_inserted.data, b_inserted.count) &&
        pieces_add_part(&inserted, &a_inserted, a->inserted - kept_behind, kept_behind))
        both = splice_of(a->at - ahead, &removed, inserted.data, inserted.count);
    pieces_clear(&removed);
    pieces_clear(&inserted);
    return both;
}

/* --- steps ------------------------------------------------------------------------------------------------------------------- */

bool
history_init(History *h, Reaper *reaper, size_t budget)
{
    *h = (History){.count = 1, .reaper = reaper};
    h->steps = steps_new(budget, reaper);
    return h->steps && steps_make(h->steps, 0);
}

/* The splices behind `last`, NULL: all. */
static void
cut_behind(History *h, Step *step, const Splice *last)
{
    while (step->last != last) {
        Splice *s = step->last;
        step_take_splice(h->steps, step, s);
        free(s);
    }
}

void
history_clear(History *h)
{
    while (h->depth > 0)
        history_end(h);
    steps_free(h->steps);
    free(h->groups);
    *h = (History){0};
}

uint32_t
history_next(const History *h)
{
    return h->open ? h->open : h->count;
}

void
history_close(History *h)
{
    h->open = 0;
}

void
history_trim(const History *h)
{
    steps_trim(h->steps, h->open ? h->open : h->count - 1);
}

/* --- ways through the tree ------------------------------------------------------------------------------------------------------ */

static uint32_t
parent_of(const History *h, uint32_t number)
{
    return steps_at(h->steps, number)->parent;
}

uint32_t
history_common(const History *h, uint32_t a, uint32_t b)
{
    while (a != b) {
        if (a > b)
            a = parent_of(h, a);
        else
            b = parent_of(h, b);
    }
    return a;
}

bool
history_way(const History *h, uint32_t above, uint32_t below, uint32_t **way, size_t *count, SxError *err)
{
    size_t n = 0;
    for (uint32_t i = below; i > above; i = parent_of(h, i))
        n++;
    uint32_t *list = malloc((n + 1) * sizeof *list);
    if (!list)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the history");
    *count = n;
    for (uint32_t i = below; i > above && n > 0; i = parent_of(h, i))
        list[--n] = i;
    if (!steps_failed(h->steps, err)) {
        *way = list;
        return true;
    }
    free(list);
    return false;
}

/* --- what an edit adds --------------------------------------------------------------------------------------------------------- */

static Splice *
barrier(const History *h)
{
    return h->depth > 0 ? h->groups[h->depth - 1].last : NULL;
}

/* Typing on: behind the last edit, over or before its last byte, or backwards from its beginning. */
static bool
goes_on(const Splice *last, const Splice *s)
{
    uint64_t end = last->at + last->inserted;
    return s->at == end || s->at + s->removed == end || s->at + s->removed == last->at;
}

/* A new step, and the one that it will be the child of, in memory. */
static bool
room_for_step(History *h)
{
    steps_at(h->steps, h->current);
    return h->count < UINT32_MAX / 2 && steps_make(h->steps, h->count) && !steps_failed(h->steps, NULL);
}

/* The range that two changes lie in, one after the other. */
static void
widen(SxChange *all, const SxChange *next)
{
    if (all->removed == 0 && all->inserted == 0) {
        *all = *next;
        return;
    }
    uint64_t at = all->at < next->at ? all->at : next->at;
    uint64_t all_end = all->at + all->inserted;
    uint64_t next_end = next->at + next->removed;
    uint64_t end = all_end > next_end ? all_end : next_end;
    *all = (SxChange){at, all->at + all->removed + (end - all_end) - at, end - next->removed + next->inserted - at};
}

static Swap *
swap_new(History *h, Node *root, uint32_t epoch, uint16_t file)
{
    Swap *w = malloc(sizeof *w);
    if (!w)
        return NULL;
    const Group *g = h->depth > 0 && h->open ? &h->groups[0] : NULL;
    *w = (Swap){.before = node_retain(g ? g->root : root), .before_epoch = g ? g->epoch : epoch, .file = file};
    for (const Splice *s = g ? steps_whole(h->steps, h->open)->first : NULL; s; s = s->next)
        widen(&w->all, &(SxChange){s->at, s->removed, s->inserted});
    return w;
}

bool
history_prepare(History *h, Record *r, Splice *s, Node *root, uint32_t epoch, uint16_t file)
{
    *r = (Record){.splice = s};
    if (!room_for_step(h))
        goto no_memory;
    const Step *open = h->open ? steps_whole(h->steps, h->open) : NULL;
    if (open && h->depth == 0 &&
        (!s || !open->last || !goes_on(open->last, s) || open->pieces > STEP_PIECES / 2)) {
        history_close(h);
        open = NULL;
    }
    if (open && open->swap)
        return true;
    if (!s || (open && open->pieces + s->n_removed + s->n_inserted > STEP_PIECES)) {
        r->swap = swap_new(h, root, epoch, file);
        if (!r->swap)
            goto no_memory;
        return true;
    }
    Splice *last = open ? open->last : NULL;
    if (!last || last == barrier(h) || !touches(last, s) || last->n_removed + last->n_inserted > SPLICE_PIECES)
        return true;
    r->splice = compose(last, s);
    if (!r->splice)
        goto no_memory;
    r->instead = last;
    free(s);
    return true;
no_memory:
    free(s);
    return false;
}

void
history_abort(History *h, Record *r)
{
    swap_free(r->swap, h->reaper);
    free(r->splice);
}

static SxStepKind
kind_of(const Splice *s, SxStepKind otherwise)
{
    if (s->removed == 0)
        return SX_STEP_INSERT;
    if (s->inserted == 0)
        return SX_STEP_DELETE;
    return s->removed == s->inserted ? SX_STEP_OVERWRITE : otherwise;
}

/* The facts of a step that took up another edit: of the one splice that both became, or of several. */
static void
join_facts(Step *step, const Facts *f)
{
    Facts *all = &step->facts;
    const Splice *one = step->first && step->first == step->last ? step->first : NULL;
    bool same = all->kind == f->kind;
    if (one) {
        *all = (Facts){same ? all->kind : kind_of(one, SX_STEP_REPLACE), one->at, one->removed, one->inserted};
        return;
    }
    all->kind = same ? all->kind : SX_STEP_MANY;
    all->at = f->at < all->at ? f->at : all->at;
    all->removed += f->removed;
    all->inserted += f->inserted;
}

static Step *
step_new(History *h, int64_t time)
{
    uint32_t number = h->count++;
    Step *step = steps_rewrite(h->steps, number);
    Step *parent = steps_change(h->steps, h->current);
    *step = (Step){.parent = h->current, .elder = parent->redo, .depth = parent->depth + 1, .here = true, .time = time};
    parent->redo = number;
    h->current = number;
    h->open = h->typing || h->depth > 0 ? number : 0;
    return step;
}

uint32_t
history_commit(History *h, Record *r, Node *root, uint32_t epoch)
{
    bool first = !h->open;
    Step *step = first ? step_new(h, r->time) : steps_rewrite(h->steps, h->open);
    if (r->swap) {
        cut_behind(h, step, NULL);
        step_set_swap(h->steps, step, r->swap);
    }
    if (step->swap) {
        node_release(step->swap->behind, h->reaper);
        step->swap->behind = node_retain(root);
        step->swap->behind_epoch = epoch;
        widen(&step->swap->all, &(SxChange){r->facts.at, r->facts.removed, r->facts.inserted});
        free(r->splice);
    } else {
        if (r->instead)
            step_take_splice(h->steps, step, r->instead);
        free(r->instead);
        step_add_splice(h->steps, step, r->splice);
    }
    if (first)
        step->facts = r->facts;
    else
        join_facts(step, &r->facts);
    return h->current;
}

/* --- groups ---------------------------------------------------------------------------------------------------------------------- */

bool
history_begin(History *h, Node *root, uint32_t epoch, const Marks *marks)
{
    if (h->depth == h->groups_room) {
        unsigned room = h->groups_room ? 2 * h->groups_room : 4;
        Group *groups = realloc(h->groups, room * sizeof *groups);
        if (!groups)
            return false;
        h->groups = groups;
        h->groups_room = room;
    }
    if (h->depth == 0)
        history_close(h);
    const Step *open = h->open ? steps_whole(h->steps, h->open) : NULL;
    Group *g = &h->groups[h->depth++];
    *g = (Group){.root = node_retain(root), .epoch = epoch, .open = h->open};
    marks_spans(marks, &g->marks);
    if (open) {
        g->last = open->last;
        g->facts = open->facts;
    }
    return true;
}

void
history_end(History *h)
{
    Group *g = &h->groups[--h->depth];
    node_release(g->root, h->reaper);
    mark_spans_clear(&g->marks);
    if (h->depth == 0)
        history_close(h);
}

/* The newest step, the current one, has never been. */
static void
drop_last(History *h)
{
    Step *step = steps_rewrite(h->steps, h->current);
    uint32_t parent = step->parent;
    steps_change(h->steps, parent)->redo = step->elder;
    step_clear(h->steps, step);
    h->count--;
    h->current = parent;
    h->open = 0;
}

void
history_forget(History *h, Node *root, uint32_t epoch, const SxChange *back)
{
    const Group *g = &h->groups[h->depth - 1];
    if (!h->open)
        return;
    Step *step = steps_rewrite(h->steps, h->open);
    if (!g->open) {
        drop_last(h);
        return;
    }
    step->facts = g->facts;
    if (step->swap) {
        node_release(step->swap->behind, h->reaper);
        step->swap->behind = node_retain(root);
        step->swap->behind_epoch = epoch;
        widen(&step->swap->all, back);
    } else {
        cut_behind(h, step, g->last);
    }
}

bool
history_drop_newest(History *h)
{
    uint32_t number = h->count - 1;
    Step *step = steps_rewrite(h->steps, number);
    if (number == 0 || number == h->current || step->redo || h->open == number)
        return false;
    Step *parent = steps_change(h->steps, step->parent);
    if (parent->redo == number)
        parent->redo = step->elder;
    step_clear(h->steps, step);
    h->count--;
    return true;
}

/* --- pieces that have another home ----------------------------------------------------------------------------------------------- */

static bool
meaning_of(const Piece *pieces, size_t count, MeaningOf *mean, void *data, Pieces *out)
{
    for (size_t i = 0; i < count; i++)
        if (!mean(data, &pieces[i], out))
            return false;
    return true;
}

static Splice *
translated(const Splice *s, MeaningOf *mean, void *data)
{
    Pieces removed = {0};
    Pieces inserted = {0};
    Splice *new = NULL;
    if (meaning_of(s->pieces, s->n_removed, mean, data, &removed) &&
        meaning_of(splice_inserted(s), s->n_inserted, mean, data, &inserted))
        new = splice_of(s->at, &removed, inserted.data, inserted.count);
    pieces_clear(&removed);
    pieces_clear(&inserted);
    return new;
}

/* All splices of a step, or none. */
static bool
translate_step(History *h, Step *step, MeaningOf *mean, void *data)
{
    Step new = {0};
    bool done = true;
    for (const Splice *s = step->first; done && s; s = s->next) {
        Splice *made = translated(s, mean, data);
        done = made != NULL;
        if (made)
            step_add_splice(h->steps, &new, made);
    }
    if (!done) {
        cut_behind(h, &new, NULL);
        return false;
    }
    cut_behind(h, step, NULL);
    step->first = new.first;
    step->last = new.last;
    step->pieces = new.pieces;
    return true;
}

bool
history_translate(History *h, MeaningOf *mean, MeaningOfSwap *mean_swap, void *data)
{
    for (uint32_t i = 1; i < h->count; i++) {
        Step *step = steps_rewrite(h->steps, i);
        if (steps_failed(h->steps, NULL) || (step->swap && !mean_swap(data, step->swap)) ||
            !translate_step(h, step, mean, data))
            return false;
        history_trim(h);
    }
    return true;
}
