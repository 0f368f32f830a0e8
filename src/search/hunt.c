/*
 * hunt.c - from a tree to the rarest thing that its matches hold, and from there to the places where one may begin.
 */
#include "search/hunt.h"

#include <string.h>

enum { INNER_COSTS = 4 }; /* times as rare must an inner part be: a match is looked for at several places before it */

static Lengths
lengths_between(const Node *first, const Node *end)
{
    Lengths sum = {0, 0, 0};
    for (const Node *n = first; n != end; n = n->next) {
        Lengths l = node_lengths(n);
        sum.min += l.min;
        sum.max = l.max > LENGTH_MAX - sum.max ? LENGTH_MAX : sum.max + l.max;
    }
    return sum;
}

/* The sieve for what stands from `n` on, when it is better than what there is. */
static void
try_inner(Hunt *h, const Node *first, const Node *n)
{
    Sieve sieve;
    sieve_for(&sieve, n);
    if (sieve.points == 0 || sieve.rate * INNER_COSTS > h->sieve.rate)
        return;
    Lengths l = lengths_between(first, n);
    *h = (Hunt){.sieve = sieve, .inner = true, .min = l.min, .max = l.max, .before = bytes_of(first, n),
                .prefix = h->inner ? h->prefix : h->sieve};
}

void
hunt_expression(Hunt *h, const Node *root)
{
    *h = (Hunt){.sieve.rate = 1};
    if (!root || node_lengths(root).min == 0)
        return;
    const Node *first = root->kind == NODE_CAT ? root->child : root;
    sieve_for(&h->sieve, first);
    for (const Node *n = first ? first->next : NULL; n; n = n->next)
        try_inner(h, first, n);
}

void
hunt_rows(Hunt *h, const Fixed *f)
{
    Prefix prefix[PREFIXES_MAX];
    *h = (Hunt){.sieve.rate = 1};
    for (size_t i = 0; i < f->rows; i++) {
        const Row *r = &f->row[i];
        Prefix *p = &prefix[i];
        p->len = r->len < PREFIX_MAX ? r->len : PREFIX_MAX;
        if (p->len == 0)
            return;
        for (size_t k = 0; k < p->len; k++)
            p->set[k] = r->set && r->set[k] ? *r->set[k] : set_masked(r->value[k], r->mask ? r->mask[k] : 0xff);
    }
    sieve_prepare(&h->sieve, prefix, f->rows);
}

void
hunt_number(Hunt *h, const Number *n)
{
    Prefix prefix[INTERVALS_MAX];
    *h = (Hunt){.sieve.rate = 1};
    sieve_prepare(&h->sieve, prefix, number_prefixes(n, prefix));
}

/* --- at work ------------------------------------------------------------------------------------------------------------ */

enum { CANCEL_EVERY = 4096 }; /* candidates between two looks at the job */

static Places
places(const Places *in, size_t from, size_t limit)
{
    return (Places){from, limit, in->nonempty && from == in->from, in->head && from == in->from};
}

static Verdict
prefix_next(const Sieve *sieve, RegexRun *run, const Subject *s, Places in, bool whole, Hit *hit)
{
    unsigned work = 0;
    for (size_t at = in.from;; at++) {
        at = sieve_next(sieve, s->data, s->len, at, in.limit);
        if (at >= in.limit)
            return VERDICT_MISS;
        Verdict v = regex_at(run, s, places(&in, at, at + 1), whole, hit);
        if (v != VERDICT_MISS)
            return v;
        if (++work % CANCEL_EVERY == 0 && sx_job_cancelled(run->watch.job))
            return VERDICT_CANCELLED;
    }
}

/* The first place from `from` on from which a match may reach what stands at `to`. */
static size_t
first_before(const Hunt *h, const Subject *s, size_t from, size_t to)
{
    size_t at = to > from ? to : from, least = h->max < at - from ? at - (size_t)h->max : from;
    while (at > least && set_has(&h->before, s->data[at - 1]))
        at--;
    return at;
}

/* The next place of the inner part, which may lie pieces ahead, and from where it may be reached. */
static void
follow(const Hunt *h, Trail *t, const Subject *s, size_t from, size_t at)
{
    if (t->from <= at && at <= t->at && t->at > 0)
        return;
    t->from = at;
    t->at = at < s->len ? sieve_next(&h->sieve, s->data, s->len, at, s->len) : at;
    t->first = first_before(h, s, from, t->at < s->len ? t->at : s->len);
}

static Verdict
inner_next(const Hunt *h, RegexRun *run, Trail *trail, const Subject *s, Places in, bool whole, Hit *hit)
{
    size_t min = (size_t)h->min, from = in.from;
    for (size_t at = from + min; from < in.limit; at = trail->at + 1) {
        follow(h, trail, s, from, at);
        bool end = trail->at >= s->len; /* whatever begins further on needs bytes that are not here */
        size_t limit = end || trail->at - min >= in.limit ? in.limit : trail->at - min + 1;
        size_t first = trail->first > from ? trail->first : from;
        if (first < limit) {
            Verdict v = regex_next(run, s, places(&in, first, limit), whole, hit);
            if (v != VERDICT_MISS)
                return v;
        }
        from = limit;
        if (sx_job_cancelled(run->watch.job))
            return VERDICT_CANCELLED;
    }
    return VERDICT_MISS;
}

/* How many places of a sample come through. */
static size_t
come_through(const Sieve *v, const Subject *s, size_t from, size_t end)
{
    enum { MANY = 4096 };
    size_t n = 0;
    for (size_t at = from; n < MANY && (at = sieve_next(v, s->data, s->len, at, end)) < end; at++)
        n++;
    return n;
}

/*
 * What a sample shows holds for so many times its bytes, also in other subjects: those of small pieces are many. What is
 * no longer than the border between two pieces shows nothing, nor do bytes where the inner part is rare.
 */
static bool
prefix_is_rarer(const Hunt *h, Trail *trail, const Subject *s, size_t from)
{
    enum { SAMPLE = 64 << 10, SAMPLE_MIN = 4 << 10, HOLDS = 256, RARE = 1 << 10 };
    uint64_t place = s->at + from;
    bool due = place - trail->sampled.at >= trail->sampled.len && s->len - from >= SAMPLE_MIN;
    if (due && h->prefix.points > 0) {
        size_t end = s->len - from < SAMPLE ? s->len : from + SAMPLE;
        size_t inner = come_through(&h->sieve, s, from, end);
        trail->prefix = inner >= (end - from) / RARE && come_through(&h->prefix, s, from, end) < INNER_COSTS * inner;
        trail->sampled = (SxSpan){place, (end - from) * HOLDS};
    }
    return trail->prefix;
}

Verdict
hunt_next(const Hunt *h, RegexRun *run, Trail *trail, const Subject *s, Places in, bool whole, Hit *hit)
{
    if (run->regex->head && in.head) {
        Verdict v = regex_at(run, s, in, whole, hit);
        if (v != VERDICT_MISS)
            return v;
        in = (Places){in.from + 1, in.limit, false, false};
    }
    if (h->inner && !prefix_is_rarer(h, trail, s, in.from))
        return inner_next(h, run, trail, s, in, whole, hit);
    return prefix_next(h->inner ? &h->prefix : &h->sieve, run, s, in, whole, hit);
}
