/*
 * swap_walk.c - differences of a big step, read as they come.
 */
#include "document/swap_walk.h"

#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

void
swap_walk_begin(SwapWalk *w, const SxDocument *d, const Swap *s, bool back, bool pieces)
{
    Reading before = {.root = s->before, .epoch = s->before_epoch, .file = s->file};
    Reading behind = {.root = s->behind, .epoch = s->behind_epoch, .file = s->file};
    *w = (SwapWalk){.d = d, .swap = s, .back = back, .pieces = pieces, .at = s->away_at, .end = s->away_at + s->away_len};
    w->from = back ? behind : before;
    w->to = back ? before : behind;
    if (s->away_len == 0)
        diff_begin(&w->diff, (Side){w->from.root, w->from.epoch}, (Side){w->to.root, w->to.epoch},
                   store_file(d->store, s->file));
}

static bool
no_memory(SwapWalk *w)
{
    return sx_fail(&w->why, SX_ERR_NOMEM, "no memory for a long change");
}

/* --- out of trees -------------------------------------------------------------------------------------------------------- */

static bool
resolved(SwapWalk *w, const Reading *v, SxSpan span, Pieces *out)
{
    pieces_clear(out);
    if (span.len > 0 && !tree_pieces(v->root, span, out, SIZE_MAX))
        return no_memory(w);
    for (size_t i = 0; i < out->count; i++)
        out->data[i] = reading_resolve(v, &out->data[i]);
    return true;
}

static bool
next_of_trees(SwapWalk *w, Difference *x)
{
    return diff_next(&w->diff, x) &&
           (!w->pieces || (resolved(w, &w->from, (SxSpan){x->a_at, x->a_len}, &w->gone) &&
                           resolved(w, &w->to, (SxSpan){x->b_at, x->b_len}, &w->come)));
}

/* --- out of the file ------------------------------------------------------------------------------------------------------ */

/* At least `need` bytes in the window behind what was used. */
static bool
fetch(SwapWalk *w, size_t need)
{
    enum { WINDOW = 64 << 10 };
    if (w->have - w->used >= need)
        return true;
    if (w->have > w->used)
        memmove(w->window, w->window + w->used, w->have - w->used);
    w->have -= w->used;
    w->used = 0;
    if (!sx_grow(&w->window, &w->room, need > WINDOW ? need : WINDOW, 1))
        return no_memory(w);
    size_t n = w->end - w->at < w->room - w->have ? (size_t)(w->end - w->at) : w->room - w->have;
    if (w->have + n < need || !steps_long_get(w->d->history.steps, w->at, w->window + w->have, n))
        return sx_fail(&w->why, SX_ERR_IO, "older steps cannot be read back from the temporary directory");
    w->at += n;
    w->have += n;
    return true;
}

static bool
get_pieces(Unwire *u, uint64_t count, Pieces *out)
{
    pieces_clear(out);
    for (uint64_t i = 0; i < count; i++) {
        Piece p = unwire_piece(u);
        if (!pieces_add(out, &p))
            return false;
    }
    return true;
}

static bool
next_of_file(SwapWalk *w, Difference *x)
{
    if (w->used == w->have && w->at == w->end)
        return false;
    if (!fetch(w, 4))
        return false;
    Unwire u = {.rest = sx_bytes(w->window + w->used, 4)};
    size_t len = (size_t)unwire(&u, 4);
    if (!fetch(w, 4 + len))
        return false;
    u = (Unwire){.rest = sx_bytes(w->window + w->used + 4, len)};
    w->used += 4 + len;
    uint64_t gap = unwire_short(&u);
    uint64_t before = unwire_short(&u);
    uint64_t behind = unwire_short(&u);
    if (!get_pieces(&u, before, w->back ? &w->come : &w->gone) || !get_pieces(&u, behind, w->back ? &w->gone : &w->come))
        return no_memory(w);
    *x = (Difference){w->a_done + gap, pieces_len(w->gone.data, w->gone.count),
                      w->b_done + gap, pieces_len(w->come.data, w->come.count)};
    w->a_done = x->a_at + x->a_len;
    w->b_done = x->b_at + x->b_len;
    return true;
}

bool
swap_walk_next(SwapWalk *w, Difference *x)
{
    return w->swap->away_len > 0 ? next_of_file(w, x) : next_of_trees(w, x);
}

bool
swap_walk_end(SwapWalk *w, SxError *err)
{
    pieces_clear(&w->gone);
    pieces_clear(&w->come);
    free(w->window);
    w->window = NULL;
    if (w->why.code != SX_OK && err)
        *err = w->why;
    return w->why.code == SX_OK;
}
