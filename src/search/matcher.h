/*
 * matcher.h - one pattern at work in one thread, over subjects in memory.
 */
#pragma once

#include "search/pattern.h"
#include "search/scan.h"
#include "search/subject.h"

typedef struct Matcher {
    const SxPattern *pattern;
    SxJob *job;
    RegexRun run;
    Scan scan;
    Trail trail;
} Matcher;

bool matcher_open(Matcher *m, const SxPattern *p, SxJob *job, SxError *err);
void matcher_close(Matcher *m);
/* The next subject may hold other bytes than the last, at the same place in memory. */
void matcher_forget(Matcher *m);

/* The first match that begins in these places. */
Verdict matcher_next(Matcher *m, const Subject *s, Places in, Hit *hit);
/* The match that begins at in.from, if any. */
Verdict matcher_at(Matcher *m, const Subject *s, Places in, Hit *hit);
/* After so many nanoseconds whatever goes on or is asked for then ends as CANCELLED. */
void matcher_hurry(Matcher *m, uint64_t nanoseconds);
