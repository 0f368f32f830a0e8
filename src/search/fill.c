/*
 * fill.c - asking one place inside a run of equal bytes, and multiplying the answer.
 */
#include "search/fill.h"

#include <stdlib.h>
#include <string.h>

enum { FORWARD_FIRST = 4096 };

/* Matches at a place with `behind` + 1 and `forward` such bytes around it. */
static bool
ask(Walk *w, FillAnswer *a, size_t forward, SxError *err)
{
    const SxPattern *p = w->scene->pattern;
    size_t from = (size_t)p->behind + 1, len = from + forward;
    uint8_t *data = malloc(len);
    if (!data)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to search a run of equal bytes");
    memset(data, a->byte, len);
    /* An offset that makes the place asked for an aligned one. */
    Subject s = {.data = data, .len = len, .at = p->align * (from / p->align + 1) - from};
    Hit hit = {0}, again;
    a->verdict = matcher_at(&w->matcher, &s, from, false, &hit);
    a->forward = forward;
    a->skip = hit.at - from;
    a->len = hit.end - from;
    a->mixed = a->verdict == VERDICT_HIT &&
               (hit.at != from || (a->len == 0 && matcher_at(&w->matcher, &s, from, true, &again) != VERDICT_MISS));
    free(data);
    return true;
}

static bool
answer(Walk *w, uint8_t byte, SxError *err)
{
    const Scene *scene = w->scene;
    FillAnswer *a = &w->fill;
    uint64_t span = pattern_span(scene->pattern);
    if (a->known && a->byte == byte)
        return true;
    *a = (FillAnswer){.byte = byte};
    size_t forward = span != LENGTH_MAX ? (size_t)span : FORWARD_FIRST < scene->reach ? FORWARD_FIRST : scene->reach;
    for (;; forward = forward * 16 < scene->reach ? forward * 16 : scene->reach) {
        if (!ask(w, a, forward, err))
            return false;
        if (a->verdict != VERDICT_SHORT || forward >= scene->reach)
            break;
    }
    a->known = a->verdict == VERDICT_HIT || a->verdict == VERDICT_MISS || a->verdict == VERDICT_SHORT;
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

Progress
fill_step(Walk *w, uint64_t stop, Batch *out, SxError *err)
{
    const Scene *scene = w->scene;
    const SxPattern *p = scene->pattern;
    if (!answer(w, w->window.fill, err))
        return WALK_FAILED;
    const FillAnswer *a = &w->fill;
    if (a->verdict == VERDICT_LIMIT || a->verdict == VERDICT_CANCELLED) {
        w->gave_up = w->state.pos;
        return a->verdict == VERDICT_LIMIT ? WALK_LIMIT : WALK_CANCELLED;
    }
    uint64_t pos = w->state.pos, end = w->window.limit, bound = sx_span_end(scene->in);
    end = end < bound ? end : bound;
    uint64_t rest = end > pos ? end - pos : 0;
    bool inner = rest >= a->forward && !a->mixed;
    if (a->verdict == VERDICT_SHORT && inner) {
        w->gave_up = pos;
        return WALK_LIMIT;
    }
    if (!inner || a->verdict == VERDICT_SHORT) {
        window_drop(&w->window, scene);
        return WALK_MORE;
    }
    /* Places up to here have `forward` equal bytes before them. */
    uint64_t inside = end - a->forward + 1;
    inside = inside < stop ? inside : stop;
    if (a->verdict == VERDICT_MISS) {
        w->state = (WalkState){inside, false};
        return WALK_MORE;
    }
    uint64_t first = align_up(p, pos), stride = align_up(p, a->len ? a->len : 1);
    if (first >= inside) {
        w->state = (WalkState){inside, false};
        return WALK_MORE;
    }
    uint64_t count = (inside - 1 - first) / stride + 1;
    if (!batch_add(out, &(Run){first, a->len, stride, count}))
        return no_memory(err);
    w->state = (WalkState){first + (count - 1) * stride + a->len, a->len == 0};
    return WALK_MORE;
}
