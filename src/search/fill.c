/*
 * fill.c - asking one place inside a run of equal bytes, and multiplying the answer.
 */
#include "search/fill.h"

#include <stdlib.h>
#include <string.h>

enum { FORWARD_FIRST = 4096, PADDING = 16 /* bytes behind a subject that JIT code may read */ };

/* Matches at a place with `behind` + 1 and `forward` such bytes around it. */
static bool
ask(Walk *w, FillAnswer *a, size_t forward, SxError *err)
{
    const SxPattern *p = w->scene->pattern;
    size_t from = (size_t)p->behind + 1, len = from + forward;
    uint8_t *data = malloc(len + PADDING);
    if (!data)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to search a run of equal bytes");
    memset(data, a->byte, len + PADDING);
    /* An offset that makes the place asked for an aligned one. */
    Subject s = {.data = data, .len = len, .at = p->align * (from / p->align + 1) - from};
    Hit hit = {0}, again;
    a->verdict = matcher_at(&w->matcher, &s, (Places){from, from + 1, false, false}, &hit);
    a->forward = forward;
    a->skip = hit.at - from;
    a->len = hit.end - from;
    a->mixed = a->verdict == VERDICT_HIT &&
               (hit.at != from || (a->len == 0 && matcher_at(&w->matcher, &s, (Places){from, from + 1, true, true}, &again) != VERDICT_MISS));
    free(data);
    return true;
}

/*
 * Asks with as many bytes in front as it takes, but never more than `rest`: more than the run has would be no answer.
 * false: failed. The answer is `known` when it holds for places with `forward` <= rest bytes in front.
 */
static bool
answer(Walk *w, uint8_t byte, uint64_t rest, SxError *err)
{
    const Scene *scene = w->scene;
    FillAnswer *a = &w->fill;
    uint64_t span = pattern_span(scene->pattern);
    if (!a->known || a->byte != byte) {
        *a = (FillAnswer){.byte = byte, .verdict = VERDICT_SHORT};
        size_t first = span != LENGTH_MAX ? (size_t)span : FORWARD_FIRST < scene->reach ? FORWARD_FIRST : scene->reach;
        if (first > rest)
            return true;
        if (!ask(w, a, first, err))
            return false;
    }
    while (a->verdict == VERDICT_SHORT && a->forward < scene->reach) {
        size_t more = a->forward * 16 < scene->reach ? a->forward * 16 : scene->reach;
        if (more > rest)
            break;
        if (!ask(w, a, more, err))
            return false;
    }
    a->known = a->verdict != VERDICT_CANCELLED;
    return true;
}

static Progress
no_memory(SxError *err)
{
    sx_fail(err, SX_ERR_NOMEM, "no memory for matches");
    return WALK_FAILED;
}

/* The first aligned place at or behind `at`. */
static uint64_t
align_up(const SxPattern *p, uint64_t at)
{
    uint64_t over = at % p->align;
    return over ? at + (p->align - over) : at;
}

static Progress
give_up(Walk *w)
{
    w->gave_up = w->state.pos;
    return WALK_LIMIT;
}

/* All matches at the places up to `inside`, in one record. */
static Progress
multiply(Walk *w, uint64_t inside, Batch *out, SxError *err)
{
    const FillAnswer *a = &w->fill;
    const SxPattern *p = w->scene->pattern;
    uint64_t first = align_up(p, w->state.pos), stride = align_up(p, a->len ? a->len : 1);
    if (a->verdict == VERDICT_MISS || first >= inside) {
        w->state = (WalkState){.pos = inside};
        return WALK_MORE;
    }
    uint64_t count = (inside - 1 - first) / stride + 1;
    if (!batch_add(out, &(Run){first, a->len, stride, count}))
        return no_memory(err);
    w->state = (WalkState){first + (count - 1) * stride + a->len, a->len == 0, true};
    return WALK_MORE;
}

Progress
fill_step(Walk *w, uint64_t stop, Batch *out, SxError *err)
{
    const Scene *scene = w->scene;
    uint64_t end = w->window.limit, bound = sx_span_end(scene->in);
    end = end < bound ? end : bound;
    uint64_t rest = end > w->state.pos ? end - w->state.pos : 0;
    if (!answer(w, w->window.fill, rest, err))
        return WALK_FAILED;
    const FillAnswer *a = &w->fill;
    if (a->verdict == VERDICT_CANCELLED)
        return WALK_CANCELLED;
    bool inner = a->known && rest > 0 && rest >= a->forward && !a->mixed && !scene->pattern->regex.head;
    bool far = a->verdict == VERDICT_SHORT && a->forward >= scene->reach;
    if (inner && (far || a->verdict == VERDICT_LIMIT))
        return give_up(w);
    if (!inner || a->verdict == VERDICT_SHORT || (a->verdict == VERDICT_HIT && w->match)) {
        window_drop(&w->window, scene);
        return WALK_MORE;
    }
    /* Places before this one have `forward` equal bytes in front of them; the place at the end is not in the run. */
    uint64_t inside = end - (a->forward > 0 ? a->forward - 1 : 0);
    return multiply(w, inside < stop ? inside : stop, out, err);
}
