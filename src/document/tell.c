/*
 * tell.c - behind every change: marks move, listeners hear.
 *
 * Taking a step back moves marks back, but not all to where they were: what had collapsed stays at its place. Those are
 * found beforehand, on a copy, and kept in the step.
 */
#include "document/swap_walk.h"

#include <stdlib.h>

enum { PATIENCE = 10000000 }; /* marks moved by splices, at most, to find out */

static void
tell_listeners(SxDocument *d, const SxChange *change)
{
    for (size_t i = 0; i < d->n_listeners; i++)
        d->listeners[i].call(d->listeners[i].data, change);
}

void
document_tell(SxDocument *d, const SxChange *change)
{
    marks_change(&d->marks, change);
    tell_listeners(d, change);
}

static bool
next_change(void *data, SxChange *out)
{
    Difference x;
    if (!swap_walk_next(data, &x))
        return false;
    *out = (SxChange){x.b_at, x.a_len, x.b_len};
    return true;
}

static void
swap_marks(const SxDocument *d, Marks *marks, const Swap *swap, bool back)
{
    SwapWalk w;
    if (marks->count == 0)
        return;
    swap_walk_begin(&w, d, swap, back, false);
    marks_change_many(marks, next_change, &w);
    swap_walk_end(&w, NULL);
}

void
document_tell_all(SxDocument *d, const SxChange *all)
{
    uint64_t rest = all->removed > all->inserted ? all->removed - all->inserted : 0;
    marks_change(&d->marks, &(SxChange){all->inserted, rest, 0});
    tell_listeners(d, all);
}

/* Marks follow each single place; listeners hear of one range. */
void
document_tell_swap(SxDocument *d, const Swap *swap, bool back)
{
    SxChange all = back ? (SxChange){swap->all.at, swap->all.inserted, swap->all.removed} : swap->all;
    swap_marks(d, &d->marks, swap, back);
    tell_listeners(d, &all);
}

static SxChange
change_of(const Splice *s, bool back)
{
    return back ? (SxChange){s->at, s->inserted, s->removed} : (SxChange){s->at, s->removed, s->inserted};
}

void
document_tell_step(SxDocument *d, uint32_t number, bool back)
{
    const Step *step = steps_whole(d->history.steps, number);
    if (!back)
        marks_begin(&d->marks);
    if (step->swap)
        document_tell_swap(d, step->swap, back);
    for (const Splice *s = back ? step->last : step->first; s; s = back ? s->previous : s->next) {
        SxChange c = change_of(s, back);
        document_tell(d, &c);
    }
    if (back)
        marks_restore(&d->marks, &step->displaced);
    else
        document_note_marks(d, number);
}

void
document_note_marks(SxDocument *d, uint32_t number)
{
    Marks copy;
    size_t splices = 0;
    Steps *steps = d->history.steps;
    if (steps_whole(steps, number)->displaced.count == 0 && d->marks.count == 0)
        return;
    Step *step = steps_rewrite(steps, number);
    mark_spans_clear(&step->displaced);
    if (!marks_copy(&d->marks, &copy))
        return;
    if (step->swap)
        swap_marks(d, &copy, step->swap, true);
    for (const Splice *s = step->last; s && copy.count * splices < PATIENCE; s = s->previous, splices++) {
        SxChange c = change_of(s, true);
        marks_change(&copy, &c);
    }
    marks_displaced(&copy, &step->displaced);
    free(copy.list);
}
