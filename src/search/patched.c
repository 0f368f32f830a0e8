/*
 * patched.c - a list of parts over a store. Numbers are those of matches as they are now.
 */
#include "search/patched.h"

#include <sextant/text.h>

#include <stdlib.h>
#include <string.h>

void
patched_clear(Patched *p)
{
    free(p->part);
    free(p->found);
    *p = (Patched){.store = p->store};
}

uint64_t
patched_count(const Patched *p)
{
    uint64_t n = 0;
    if (p->parts == 0)
        return store_count(p->store);
    for (size_t i = 0; i < p->parts; i++)
        n += p->part[i].count;
    return n;
}

/* The k-th match of a part. */
static bool
part_get(const Patched *p, const Part *part, uint64_t k, SxSpan *out)
{
    if (part->found)
        *out = p->found[part->first + k];
    else if (!store_get(p->store, part->first + k, out))
        return false;
    out->at += part->shift;
    return true;
}

/* How many matches of a part begin before `at`. */
static uint64_t
part_before(const Patched *p, const Part *part, uint64_t at)
{
    uint64_t low = 0, high = part->count;
    SxSpan m;
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        if (part_get(p, part, mid, &m) && m.at < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool
patched_get(const Patched *p, uint64_t n, SxSpan *out)
{
    if (p->parts == 0)
        return store_get(p->store, n, out);
    for (size_t i = 0; i < p->parts; n -= p->part[i++].count)
        if (n < p->part[i].count)
            return part_get(p, &p->part[i], n, out);
    return false;
}

uint64_t
patched_index(const Patched *p, uint64_t at)
{
    uint64_t n = 0;
    SxSpan last;
    if (p->parts == 0)
        return store_index(p->store, at);
    for (size_t i = 0; i < p->parts; n += p->part[i++].count) {
        const Part *part = &p->part[i];
        if (part->count > 0 && part_get(p, part, part->count - 1, &last) && last.at >= at)
            return n + part_before(p, part, at);
    }
    return n;
}

size_t
patched_in(const Patched *p, SxSpan view, SxSpan *out, size_t max)
{
    size_t n = 0;
    SxSpan m;
    if (p->parts == 0)
        return store_in(p->store, view, out, max);
    uint64_t i = patched_index(p, view.at);
    for (i -= i > 0; n < max && patched_get(p, i, &m) && m.at < sx_span_end(view); i++)
        if (sx_span_end(m) > view.at)
            out[n++] = m;
    return n;
}

bool
patched_find(Patched *p, SxSpan match)
{
    if (!sx_grow(&p->found, &p->found_cap, p->founds + 1, sizeof *p->found))
        return false;
    p->found[p->founds++] = match;
    return true;
}

/* The part that begins with match `n`, which is cut for it. There is room for one more. */
static size_t
cut_at(Patched *p, uint64_t n)
{
    size_t i = 0;
    for (; i < p->parts && n >= p->part[i].count; i++)
        n -= p->part[i].count;
    if (n == 0 || i == p->parts)
        return i;
    Part *part = &p->part[i];
    memmove(part + 1, part, (p->parts++ - i) * sizeof *part);
    part[0].count = n;
    part[1].first += n;
    part[1].count -= n;
    return i + 1;
}

bool
patched_replace(Patched *p, uint64_t from, uint64_t to, size_t added, uint64_t shift)
{
    if (!sx_grow(&p->part, &p->cap, p->parts + 4, sizeof *p->part))
        return false;
    if (p->parts == 0)
        p->part[p->parts++] = (Part){.count = store_count(p->store)};
    size_t first = cut_at(p, from), last = cut_at(p, to);
    memmove(p->part + first + 1, p->part + last, (p->parts - last) * sizeof *p->part);
    p->parts = p->parts - (last - first) + 1;
    p->part[first] = (Part){.first = p->founds - added, .count = added, .found = true};
    for (size_t i = first + 1; i < p->parts; i++)
        p->part[i].shift += shift;
    return true;
}
