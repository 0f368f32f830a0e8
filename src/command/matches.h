/*
 * matches.h - the nearest match of a pattern behind or before a place.
 *
 * Matches are the leftmost non-overlapping ones. They are counted from 64 KiB before the place, not from the start of
 * the document, so the cost is that of the way to the match. In long runs of matches that could begin anywhere (aa in
 * aaaa...) they may then be others than those that `count` counts.
 */
#pragma once

#include <sextant/search.h>

typedef struct MatchSearch {
    const SxPattern *pattern;
    SxSource *source;
    uint64_t cursor;
    bool backward;
    SxJob *job;
    uint64_t gave_up; /* set with STOPPED when a limit was reached, else UINT64_MAX */
} MatchSearch;

/* The first match that begins behind the cursor, or the last that begins before it. */
SxFound match_nearest(MatchSearch *m, SxSpan *out, SxError *err);
