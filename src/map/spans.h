/*
 * spans.h - a sorted set of disjoint spans that grows: what is known to be lost.
 *
 * Without memory it widens its nearest span instead of forgetting one: too much is called lost, never too
 * little.
 */
#pragma once

#include <sextant/bytes.h>

typedef struct Spans {
    SxSpan *span; /* ascending, disjoint, not touching */
    size_t count;
    size_t room;
} Spans;

void spans_add(Spans *s, SxSpan span);
void spans_remove(Spans *s, SxSpan span);
void spans_clear(Spans *s);

/*
 * Put `span` behind the `count` spans that a caller has collected in ascending order; joins the last one
 * where they touch. Only the first `max` are stored (out may be NULL when max is 0). Returns the new count.
 */
size_t spans_emit(SxSpan *out, size_t max, size_t count, SxSpan span, uint64_t *end);
