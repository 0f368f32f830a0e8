/*
 * known.c - sizes are atomic, since the screen reads them while somebody waits for an answer; holes are under a lock.
 */
#include "map/known.h"

void
known_init(Known *k)
{
    *k = (Known){0};
    atomic_init(&k->size, UINT64_MAX);
    atomic_init(&k->stored, UINT64_MAX);
    pthread_mutex_init(&k->lock, NULL);
    pthread_mutex_init(&k->asking, NULL);
}

void
known_clear(Known *k)
{
    pthread_mutex_destroy(&k->lock);
    pthread_mutex_destroy(&k->asking);
}

void
known_stat(Known *k, const struct stat *st)
{
    atomic_store_explicit(&k->size, S_ISREG(st->st_mode) ? (uint64_t)st->st_size : UINT64_MAX, memory_order_relaxed);
    uint64_t stored = S_ISREG(st->st_mode) ? (uint64_t)st->st_blocks * 512 : UINT64_MAX;
    atomic_store_explicit(&k->stored, stored, memory_order_relaxed);
    atomic_store_explicit(&k->sparse, stored < (uint64_t)st->st_size, memory_order_relaxed);
}

void
known_hole(Known *k, SxSpan span)
{
    pthread_mutex_lock(&k->lock);
    SxSpan *slot = NULL;
    for (size_t i = 0; i < HOLES_KNOWN && !slot; i++)
        if (k->hole[i].len > 0 && k->hole[i].at <= sx_span_end(span) && span.at <= sx_span_end(k->hole[i]))
            slot = &k->hole[i];
    if (slot) {
        uint64_t at = slot->at < span.at ? slot->at : span.at;
        uint64_t end = sx_span_end(*slot) > sx_span_end(span) ? sx_span_end(*slot) : sx_span_end(span);
        *slot = sx_span(at, end);
    } else {
        k->hole[k->next++ % HOLES_KNOWN] = span;
    }
    pthread_mutex_unlock(&k->lock);
}

/* Of a hole with data in its middle the larger part is remembered. */
static SxSpan
without(SxSpan hole, SxSpan data)
{
    SxSpan left = sx_span(hole.at, data.at < sx_span_end(hole) ? data.at : sx_span_end(hole));
    SxSpan right = sx_span(sx_span_end(data) > hole.at ? sx_span_end(data) : hole.at, sx_span_end(hole));
    return left.len > right.len ? left : right;
}

void
known_data(Known *k, SxSpan span)
{
    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < HOLES_KNOWN; i++)
        if (sx_span_overlaps(k->hole[i], span))
            k->hole[i] = without(k->hole[i], span);
    pthread_mutex_unlock(&k->lock);
}

SxSpan
known_hole_at(Known *k, uint64_t at)
{
    SxSpan found = {at, 0};
    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < HOLES_KNOWN; i++)
        if (k->hole[i].at <= at && at < sx_span_end(k->hole[i]))
            found = sx_span(at, sx_span_end(k->hole[i]));
    pthread_mutex_unlock(&k->lock);
    return found;
}
