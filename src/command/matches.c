/* matches.c - the nearest match, from windows that begin a bit before. */
#include "command/matches.h"

enum { LEAD = 1 << 16 }; /* bytes; in it the matches settle */

typedef struct Nearest {
    uint64_t cursor;
    uint64_t settled; /* backward: matches before it are not yet sure */
    bool backward;
    bool found;
    SxSpan span;
} Nearest;

static bool
take(void *data, const SxMatch *match)
{
    Nearest *n = data;
    uint64_t at = match->span.at;
    if (n->backward && at >= n->cursor)
        return false;
    bool wanted = n->backward ? at >= n->settled : at > n->cursor;
    if (wanted) {
        n->span = match->span;
        n->found = true;
    }
    return n->backward || !wanted;
}

static SxFound
each(MatchSearch *m, SxSpan in, Nearest *n, SxError *err)
{
    m->gave_up = UINT64_MAX;
    SxFound found = sx_search_each(m->pattern, m->source, in, false, NULL, m->job, take, n, &m->gave_up, err);
    if (found == SX_STOPPED || found == SX_FAILED)
        return found;
    return n->found ? SX_FOUND : SX_ABSENT;
}

static uint64_t
less(uint64_t at, uint64_t by)
{
    return at > by ? at - by : 0;
}

/* Matches that begin before `stop` end before this; where they may be of any length that is the end of the document. */
static uint64_t
end_of_those_before(const MatchSearch *m, uint64_t stop)
{
    bool bounded;
    uint64_t size = sx_source_size(m->source), reach = sx_pattern_reach(m->pattern, &bounded);
    return bounded && stop < size && size - stop > reach ? stop + reach : size;
}

static SxFound
backward(MatchSearch *m, Nearest *n, SxError *err)
{
    uint64_t stop = m->cursor; /* from here on it has been looked at */
    for (uint64_t reach = LEAD; stop > 0; reach *= 8) {
        n->cursor = stop;
        n->settled = less(stop, reach);
        SxFound found = each(m, sx_span(less(n->settled, LEAD), end_of_those_before(m, stop)), n, err);
        if (found != SX_ABSENT)
            return found;
        stop = n->settled;
    }
    return SX_ABSENT;
}

SxFound
match_nearest(MatchSearch *m, SxSpan *out, SxError *err)
{
    Nearest n = {.cursor = m->cursor, .backward = m->backward};
    SxFound found;
    if (m->backward)
        found = backward(m, &n, err);
    else
        found = each(m, sx_span(less(m->cursor, LEAD), sx_source_size(m->source)), &n, err);
    if (found == SX_FOUND)
        *out = n.span;
    return found;
}
