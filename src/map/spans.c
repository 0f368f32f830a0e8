/*
 * spans.c - insertion and removal by moving the rest of a short array; lists of lost places are short.
 */
#include "map/spans.h"

#include <stdlib.h>
#include <string.h>

/* Index of the first span that ends at or behind `at`. */
static size_t
first_reaching(const Spans *s, uint64_t at)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (sx_span_end(s->span[mid]) < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool
grow(Spans *s)
{
    if (s->count < s->room)
        return true;
    size_t room = s->room ? 2 * s->room : 8;
    SxSpan *more = realloc(s->span, room * sizeof *more);
    if (!more)
        return false;
    s->span = more;
    s->room = room;
    return true;
}

static void
replace(Spans *s, size_t from, size_t gone, size_t come)
{
    memmove(s->span + from + come, s->span + from + gone, (s->count - from - gone) * sizeof *s->span);
    s->count = s->count - gone + come;
}

void
spans_add(Spans *s, SxSpan span)
{
    if (span.len == 0)
        return;
    uint64_t at = span.at, end = sx_span_end(span);
    size_t from = first_reaching(s, at), to = from;
    while (to < s->count && s->span[to].at <= end) {
        at = s->span[to].at < at ? s->span[to].at : at;
        end = sx_span_end(s->span[to]) > end ? sx_span_end(s->span[to]) : end;
        to++;
    }
    if (to == from && !grow(s)) {
        if (s->count == 0)
            return;
        /* no memory: the neighbour swallows what lies between */
        from = from < s->count ? from : s->count - 1;
        to = from + 1;
        at = s->span[from].at < at ? s->span[from].at : at;
        end = sx_span_end(s->span[from]) > end ? sx_span_end(s->span[from]) : end;
    }
    replace(s, from, to - from, 1);
    s->span[from] = sx_span(at, end);
}

void
spans_remove(Spans *s, SxSpan span)
{
    uint64_t end = sx_span_end(span);
    if (span.len == 0)
        return;
    for (size_t i = first_reaching(s, span.at); i < s->count && s->span[i].at < end;) {
        SxSpan left =
            sx_span(s->span[i].at, span.at < sx_span_end(s->span[i]) ? span.at : sx_span_end(s->span[i]));
        SxSpan right = sx_span(end, sx_span_end(s->span[i]));
        if (left.len && right.len && !grow(s))
            return;
        size_t keep = (left.len > 0 ? 1u : 0u) + (right.len > 0 ? 1u : 0u);
        replace(s, i, 1, keep);
        if (left.len)
            s->span[i++] = left;
        if (right.len)
            s->span[i++] = right;
    }
}

void
spans_clear(Spans *s)
{
    free(s->span);
    *s = (Spans){0};
}

size_t
spans_emit(SxSpan *out, size_t max, size_t count, SxSpan span, uint64_t *end)
{
    if (span.len == 0)
        return count;
    bool joins = count > 0 && span.at <= *end;
    if (joins && sx_span_end(span) <= *end)
        return count;
    if (joins && count <= max)
        out[count - 1].len = sx_span_end(span) - out[count - 1].at;
    if (!joins && count < max)
        out[count] = span;
    *end = sx_span_end(span);
    return joins ? count : count + 1;
}
