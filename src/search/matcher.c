/*
 * matcher.c - finding the next match in a subject, for each way of matching.
 */
#include "search/matcher.h"

#include <string.h>

bool
matcher_open(Matcher *m, const SxPattern *p, SxJob *job, SxError *err)
{
    *m = (Matcher){.pattern = p, .job = job};
    if (p->how == MATCH_FIXED)
        scan_prepare(&m->scan, &p->fixed);
    return p->how != MATCH_REGEX || regex_run_open(&m->run, &p->regex, job, err);
}

void
matcher_close(Matcher *m)
{
    if (m->run.regex)
        regex_run_close(&m->run);
}

void
matcher_forget(Matcher *m)
{
    trail_leave(&m->trail);
}

static bool
is_word(uint8_t b)
{
    return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '_';
}

/* Whether a letter, digit or _ of the width `unit` stands at `at`. */
static bool
word_at(const Subject *s, size_t at, size_t unit)
{
    if (at > s->len || s->len - at < unit)
        return false;
    return is_word(s->data[at]) && (unit == 1 || s->data[at + 1] == 0);
}

static bool
word_stands_alone(const Row *r, const Subject *s, size_t at)
{
    if (r->word == WORD_NONE)
        return true;
    size_t unit = r->word == WORD_WIDE ? 2 : 1;
    return !word_at(s, at + r->len, unit) && !(at >= unit && word_at(s, at - unit, unit));
}

static bool
fixed_at(const SxPattern *p, const Subject *s, size_t at, Hit *hit)
{
    for (size_t i = 0; i < p->fixed.rows; i++) {
        const Row *r = &p->fixed.row[i];
        if (r->len <= s->len - at && row_matches(r, s->data + at) && word_stands_alone(r, s, at)) {
            *hit = (Hit){at, at, at + r->len};
            return !p->negate;
        }
    }
    *hit = (Hit){at, at, at + (size_t)p->min};
    return p->negate && p->min <= s->len - at;
}

static bool
plain_at(const SxPattern *p, const Subject *s, size_t at, Hit *hit)
{
    if (p->how == MATCH_FIXED)
        return fixed_at(p, s, at, hit);
    *hit = (Hit){at, at, at + p->number.width};
    return p->number.width <= s->len - at && number_matches(&p->number, s->data + at);
}

/* The first place at or behind `at` where a match may begin, by its alignment in the source. */
static size_t
align_up(const SxPattern *p, const Subject *s, size_t at)
{
    uint64_t over = p->align > 1 ? (s->at + at) % p->align : 0;
    return over ? at + (size_t)(p->align - over) : at;
}

/* The first place in [at, limit) that may be worth a test. */
static size_t
candidate(const Matcher *m, const Subject *s, size_t at, size_t limit)
{
    const SxPattern *p = m->pattern;
    if (hunt_helps(&p->hunt))
        return sieve_next(&p->hunt.sieve, s->data, s->len, at, limit);
    if (p->how != MATCH_FIXED || p->negate)
        return at;
    return scan_next(&m->scan, s->data, s->len, at, limit);
}

enum { CANCEL_EVERY = 1 << 16 }; /* places between two looks at the job */

static Verdict
plain_next(Matcher *m, const Subject *s, Places in, Hit *hit)
{
    const SxPattern *p = m->pattern;
    size_t work = 0;
    for (size_t at = align_up(p, s, in.from); at < in.limit; at = align_up(p, s, at + 1)) {
        at = candidate(m, s, at, in.limit);
        if (at >= in.limit)
            break;
        if (at != align_up(p, s, at))
            continue;
        if (plain_at(p, s, at, hit) && !(in.nonempty && at == in.from && hit->end == at))
            return VERDICT_HIT;
        if (++work % CANCEL_EVERY == 0 && sx_job_cancelled(m->job))
            return VERDICT_CANCELLED;
    }
    return VERDICT_MISS;
}

static Verdict
aligned_regex(Matcher *m, const Subject *s, Places in, bool whole, Hit *hit)
{
    const SxPattern *p = m->pattern;
    for (size_t at = align_up(p, s, in.from); at < in.limit; at = align_up(p, s, at + 1)) {
        bool first = at == in.from;
        Verdict v = regex_at(&m->run, s, (Places){at, at + 1, first && in.nonempty, first && in.head}, whole, hit);
        if (v != VERDICT_MISS)
            return v;
        if (sx_job_cancelled(m->job))
            return VERDICT_CANCELLED;
    }
    return VERDICT_MISS;
}

/* Places up to here can be decided with what the subject holds. */
static size_t
decidable(const SxPattern *p, const Subject *s)
{
    uint64_t span = pattern_span(p);
    if (s->last)
        return s->len + 1;
    if (span == LENGTH_MAX)
        span = p->min + 1;
    return span > s->len ? 0 : s->len - (size_t)span + 1;
}

static Verdict
next(Matcher *m, const Subject *s, Places in, Hit *hit)
{
    const SxPattern *p = m->pattern;
    bool whole = pattern_span(p) != LENGTH_MAX || s->last;
    size_t limit = in.limit, stop = decidable(p, s);
    in.limit = stop < limit ? stop : limit;
    Verdict v = VERDICT_MISS;
    if (in.from < in.limit && p->how != MATCH_REGEX)
        v = plain_next(m, s, in, hit);
    else if (in.from < in.limit && p->align > 1)
        v = aligned_regex(m, s, in, whole, hit);
    else if (in.from < in.limit && hunt_helps(&p->hunt))
        v = hunt_next(&p->hunt, &m->run, &m->trail, s, in, whole, hit);
    else if (in.from < in.limit)
        v = regex_next(&m->run, s, in, whole, hit);
    if (v != VERDICT_MISS || in.limit == limit)
        return v;
    size_t start = in.from > stop ? in.from : stop;
    *hit = (Hit){start, start, start};
    return VERDICT_SHORT;
}

Verdict
matcher_next(Matcher *m, const Subject *s, Places in, Hit *hit)
{
    if (m->pattern->how == MATCH_REGEX && interrupt_caught(&m->run.interrupt))
        return VERDICT_CANCELLED;
    return next(m, s, in, hit);
}

static Verdict
match_at(Matcher *m, const Subject *s, Places in, Hit *hit)
{
    const SxPattern *p = m->pattern;
    if (in.from >= decidable(p, s)) {
        *hit = (Hit){in.from, in.from, in.from};
        return VERDICT_SHORT;
    }
    if (p->align > 1 && (s->at + in.from) % p->align)
        return VERDICT_MISS;
    if (p->how == MATCH_REGEX)
        return regex_at(&m->run, s, in, pattern_span(p) != LENGTH_MAX || s->last, hit);
    return plain_at(p, s, in.from, hit) && !(in.nonempty && hit->end == in.from) ? VERDICT_HIT : VERDICT_MISS;
}

Verdict
matcher_at(Matcher *m, const Subject *s, Places in, Hit *hit)
{
    if (m->pattern->how == MATCH_REGEX && interrupt_caught(&m->run.interrupt))
        return VERDICT_CANCELLED;
    return match_at(m, s, in, hit);
}

void
matcher_hurry(Matcher *m, uint64_t nanoseconds)
{
    if (m->pattern->how == MATCH_REGEX)
        regex_hurry(&m->run, nanoseconds);
}
