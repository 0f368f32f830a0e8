/*
 * matcher.h - one pattern at work in one thread, over subjects in memory.
 */
#pragma once

#include "search/pattern.h"
#include "search/subject.h"

typedef struct Matcher {
    const SxPattern *pattern;
    SxJob *job;
    RegexRun run;
} Matcher;

bool matcher_open(Matcher *m, const SxPattern *p, SxJob *job, SxError *err);
void matcher_close(Matcher *m);

/*
 * The first match that begins in [from, limit) of the subject; limit is at most len + 1.
 *
 * nonempty   at `from` an empty match does not count
 */
Verdict matcher_next(Matcher *m, const Subject *s, size_t from, size_t limit, bool nonempty, Hit *hit);
/* The match that begins at `from`, if any. */
Verdict matcher_at(Matcher *m, const Subject *s, size_t from, bool nonempty, Hit *hit);
