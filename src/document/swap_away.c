/*
 * swap_away.c - the trees of big steps leave the memory: what they differ in is written to the file, a slice at a time.
 */
#include "document/swap_walk.h"

#include <stdlib.h>

#include "document/disk.h"

enum {
    BUDGET_FACTOR = 4,     /* trees may take so many times what small steps may */
    HUNK_BYTES = 32,       /* that a hunk takes in a tree */
    PART = 256 << 10,      /* bytes written at once */
    LOOKS = 256,           /* differences between two looks at the clock */
};

/* One that is on its way. */
struct SwapAway {
    Swap *swap;
    SwapWalk walk;
    Wire wire;
    uint64_t begin; /* where it lies in the file */
    uint64_t at;
    uint64_t done;  /* bytes before the step up to the last difference */
};

static size_t
weight(const Swap *s)
{
    return s->away_len > 0 ? 0 : (size_t)(sum_of(s->before).hunks + sum_of(s->behind).hunks + 2) * HUNK_BYTES;
}

/* The oldest one that may go, when there is too much. The newest stays: one of its trees is the document's, or nearly, so
 * that little would be won; and it is the one that is undone. */
static Swap *
choose(const SxDocument *d)
{
    const History *h = &d->history;
    const Swap *open = h->open ? steps_at(h->steps, h->open)->swap : NULL;
    size_t held = 0;
    Swap *newest = steps_swaps(h->steps);
    Swap *oldest = NULL;
    for (Swap *s = newest ? newest->next : NULL; s; s = s->next) {
        held += weight(s);
        if (s != open && s->away_len == 0)
            oldest = s;
    }
    return held > BUDGET_FACTOR * steps_budget(h->steps) ? oldest : NULL;
}

static bool
begin(SxDocument *d)
{
    Swap *s = steps_long_full(d->history.steps) ? NULL : choose(d);
    struct SwapAway *a = s ? calloc(1, sizeof *a) : NULL;
    if (!a)
        return false;
    *a = (struct SwapAway){.swap = s, .begin = steps_long_end(d->history.steps)};
    a->at = a->begin;
    swap_walk_begin(&a->walk, d, s, false, true);
    d->away = a;
    return true;
}

static void
put_pieces(Wire *w, const Pieces *list)
{
    for (size_t i = 0; i < list->count; i++)
        wire_put_piece(w, &list->data[i]);
}

static void
put(struct SwapAway *a, const Difference *x)
{
    Wire *w = &a->wire;
    size_t head = w->len;
    wire_put(w, 0, 4);
    wire_put_short(w, x->a_at - a->done);
    wire_put_short(w, a->walk.gone.count);
    wire_put_short(w, a->walk.come.count);
    put_pieces(w, &a->walk.gone);
    put_pieces(w, &a->walk.come);
    size_t len = w->len - head - 4;
    for (unsigned i = 0; i < 4 && !w->failed; i++)
        w->data[head + i] = (uint8_t)(len >> (8 * i));
    a->done = x->a_at + x->a_len;
}

static bool
flush(SxDocument *d, struct SwapAway *a)
{
    bool done = !a->wire.failed && steps_long_put(d->history.steps, a->at, a->wire.data, a->wire.len);
    a->at += a->wire.len;
    a->wire.len = 0;
    return done;
}

static void
end(SxDocument *d, bool done)
{
    struct SwapAway *a = d->away;
    done = swap_walk_end(&a->walk, NULL) && done && a->at > a->begin;
    if (done) {
        steps_long_taken(d->history.steps, a->at);
        a->swap->away_at = a->begin;
        a->swap->away_len = a->at - a->begin;
        node_release(a->swap->before, d->reaper);
        node_release(a->swap->behind, d->reaper);
        a->swap->before = a->swap->behind = NULL;
    }
    free(a->wire.data);
    free(a);
    d->away = NULL;
}

/* Some differences more. False: it is over, one way or the other. */
static bool
work(SxDocument *d)
{
    struct SwapAway *a = d->away;
    Difference x;
    for (unsigned i = 0; i < LOOKS; i++) {
        if (!swap_walk_next(&a->walk, &x)) {
            end(d, flush(d, a));
            return false;
        }
        put(a, &x);
        if (a->wire.failed || (a->wire.len >= PART && !flush(d, a))) {
            end(d, false);
            return false;
        }
    }
    return true;
}

void
swaps_put_away(SxDocument *d, uint64_t budget)
{
    uint64_t from = patience_clock();
    uint32_t failures = 0;
    while (!d->replaying && d->history.depth == 0 && failures == 0 && (d->away || begin(d))) {
        const Swap *s = d->away->swap;
        if (!work(d))
            failures += s->away_len == 0;
        if (patience_clock() - from >= budget)
            return;
    }
}

void
document_spare(SxDocument *d)
{
    const History *h = &d->history;
    bool big = steps_at(h->steps, h->count - 1)->swap;
    if (big && !d->tended) {
        swaps_put_away(d, UINT64_MAX);
        reaper_work(d->reaper, SIZE_MAX);
    }
    history_trim(h);
}

void
swaps_leave(SxDocument *d)
{
    if (d->away)
        end(d, false);
}
