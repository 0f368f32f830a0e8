/*
 * visible.c - the matches around a view, out of what is in memory, before any scan has come there.
 */
#include "search/clock.h"
#include "search/matcher.h"

#include <stdlib.h>
#include <string.h>

enum { AROUND = 64 << 10, PEEK_MAX = 1 << 20, PADDING = 16 /* JIT code may read a little too far */ };

typedef struct View {
    Matcher matcher;
    SxSpan view;
    uint64_t deadline;
    SxSpan *out;
    size_t count, max;
} View;

/* All matches of one run of bytes that are here; false when the time is over. */
static bool
look_through(View *v, const Subject *s)
{
    bool nonempty = false;
    for (size_t at = 0; at <= s->len && v->count < v->max;) {
        Hit hit;
        Places in = {at, s->len + (s->last && !s->cut), nonempty, true};
        if (matcher_next(&v->matcher, s, in, &hit) != VERDICT_HIT)
            return true;
        SxSpan span = sx_span(s->at + hit.at, s->at + hit.end);
        if (span.at >= sx_span_end(v->view))
            return true;
        if (sx_span_end(span) > v->view.at)
            v->out[v->count++] = span;
        at = hit.end;
        nonempty = hit.at == hit.end;
        if (clock_now() > v->deadline)
            return false;
    }
    return true;
}

static void
look(View *v, SxSource *source, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    uint64_t size = sx_source_size(source);
    sx_source_peek(source, span, bytes, states);
    for (size_t i = 0, n; i < span.len; i = n + 1) {
        for (n = i; n < span.len && (states[n] == SX_BYTE_HERE || states[n] == SX_BYTE_HOLE); n++)
            continue;
        bool end = span.at + n == size;
        Subject s = {
            .data = bytes + i,
            .len = n - i,
            .at = span.at + i,
            .first = span.at + i == 0,
            .last = end || n < span.len,
            .cut = !end,
        };
        matcher_forget(&v->matcher);
        if (n > i && (clock_now() > v->deadline || !look_through(v, &s)))
            return;
    }
}

size_t
sx_search_visible(const SxPattern *p, SxSource *s, SxSpan view, uint64_t budget, SxSpan *out, size_t max)
{
    View v = {.deadline = clock_now() + budget, .out = out, .max = max};
    view = sx_span_clip(view, sx_source_size(s));
    uint64_t from = view.at > AROUND ? view.at - AROUND : 0;
    SxSpan span = sx_span_clip((SxSpan){from, view.at - from + view.len + AROUND}, sx_source_size(s));
    if (span.len > PEEK_MAX)
        span.len = PEEK_MAX;
    v.view = view;
    uint8_t *bytes = calloc(2, (size_t)span.len + PADDING);
    if (bytes && matcher_open(&v.matcher, p, NULL, NULL)) {
        matcher_hurry(&v.matcher, budget);
        look(&v, s, span, bytes, bytes + span.len + PADDING);
        matcher_close(&v.matcher);
    }
    free(bytes);
    return v.count;
}
