/*
 * damage.c - appending with one fetch_add; a run of bad pages widens its range instead of using up entries.
 */
#include "map/damage.h"

void
damage_init(Damage *d)
{
    atomic_store(&d->tail, UINT64_MAX);
}

void
damage_tail(Damage *d, uint64_t from)
{
    uint64_t old = atomic_load(&d->tail);
    while (from < old && !atomic_compare_exchange_weak(&d->tail, &old, from))
        ;
}

static void
widen(DamageRange *r, uint64_t at, uint64_t end)
{
    uint64_t old = atomic_load(&r->at);
    while (at < old && !atomic_compare_exchange_weak(&r->at, &old, at))
        ;
    old = atomic_load(&r->end);
    while (end > old && !atomic_compare_exchange_weak(&r->end, &old, end))
        ;
}

void
damage_range(Damage *d, SxSpan range)
{
    uint64_t end = sx_span_end(range);
    unsigned count = atomic_load(&d->count);
    for (unsigned i = 0; i < count && i < DAMAGE_RANGES; i++) {
        uint64_t known = atomic_load(&d->range[i].end);
        if (known == range.at || (known >= end && atomic_load(&d->range[i].at) <= range.at)) {
            widen(&d->range[i], range.at, end);
            return;
        }
    }
    unsigned i = atomic_fetch_add(&d->count, 1);
    if (i >= DAMAGE_RANGES) {
        widen(&d->range[DAMAGE_RANGES - 1], range.at, end);
        return;
    }
    atomic_store(&d->range[i].at, range.at);
    atomic_store(&d->range[i].end, end);
}

void
damage_tail_back(Damage *d)
{
    /* In this order: who finds nothing lost any more must find its pin stale. */
    atomic_fetch_add(&d->generation, 1);
    atomic_store(&d->tail, UINT64_MAX);
}

bool
damage_any(const Damage *d)
{
    return atomic_load_explicit(&d->tail, memory_order_acquire) != UINT64_MAX ||
           atomic_load_explicit(&d->count, memory_order_acquire) > 0;
}

size_t
damage_list(const Damage *d, SxSpan *out)
{
    size_t n = 0;
    unsigned count = atomic_load(&d->count);
    for (unsigned i = 0; i < count && i < DAMAGE_RANGES; i++) {
        SxSpan span = sx_span(atomic_load(&d->range[i].at), atomic_load(&d->range[i].end));
        size_t k = n;
        if (span.len == 0)
            continue;
        for (; k > 0 && out[k - 1].at > span.at; k--)
            out[k] = out[k - 1];
        out[k] = span;
        n++;
    }
    uint64_t tail = atomic_load(&d->tail);
    if (tail == UINT64_MAX)
        return n;
    size_t k = n;
    for (; k > 0 && out[k - 1].at > tail; k--)
        out[k] = out[k - 1];
    out[k] = sx_span(tail, UINT64_MAX);
    return n + 1;
}
