/* found.c - see found.h. Parts lie behind each other from f->at on; sums over them are made when somebody asks. */
#include "command/found_parts.h"

#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "command/task.h"

enum { PARTS_MAX = 1024 };

/* --- life ------------------------------------------------------------------------------------------------------------- */

/* A set whose worker still runs is freed by a task: freeing waits for the worker, and that may hang in a dead disk. */
typedef struct OldSet {
    SxMatchSet *set;
    SxJob *job;
    SxSnapshot *of;
} OldSet;

static void
old_set_run(void *p, SxJob *job)
{
    OldSet *old = p;
    (void)job;
    sx_match_set_free(old->set);
    sx_job_free(old->job);
    sx_snapshot_release(old->of);
}

static void
set_drop(OldSet old)
{
    Task *task;
    bool runs = old.set && sx_match_set_state(old.set, NULL).running;
    OldSet *copy = runs ? malloc(sizeof *copy) : NULL;
    if (!copy) {
        old_set_run(&old, NULL);
        return;
    }
    *copy = old;
    sx_job_cancel(old.job);
    if (task_start(&task, old_set_run, copy, free, NULL, NULL, NULL))
        task_drop(task);
}

static bool
part_insert(Found *f, size_t i, Part part)
{
    if (f->count == PARTS_MAX || !sx_grow(&f->parts, &f->cap, f->count + 1, sizeof *f->parts))
        return false;
    memmove(f->parts + i + 1, f->parts + i, (f->count - i) * sizeof part);
    f->parts[i] = part;
    f->count++;
    f->fresh = false;
    return true;
}

static void
parts_remove(Found *f, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        kept_release(f->parts[i].spans);
    memmove(f->parts + from, f->parts + to, (f->count - to) * sizeof *f->parts);
    f->count -= to - from;
    f->fresh = false;
}

void
found_free(Found *f)
{
    if (!f)
        return;
    set_drop((OldSet){f->set, f->job, f->of});
    parts_remove(f, 0, f->count);
    sx_pattern_release(f->pattern);
    free(f->parts);
    free(f);
}

bool
found_search(Found **out, SxPattern *p, SxSnapshot *of, SxSpan range, SxWake *wake, void *data, SxError *err)
{
    Found *f = calloc(1, sizeof *f);
    if (!f)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a search");
    SxSpan clipped = sx_span_clip(range, sx_snapshot_length(of));
    f->pattern = sx_pattern_retain(p);
    f->of = sx_snapshot_retain(of);
    f->job = sx_job_new();
    f->range = range;
    f->at = clipped.at;
    bool started = part_insert(f, 0, (Part){.kind = PART_SET, .len = clipped.len, .base = clipped.at})
                       ? sx_match_set_start(&f->set, p, sx_snapshot_source(of), range, NULL, f->job, wake, data, err)
                       : sx_fail(err, SX_ERR_NOMEM, "no memory for a search");
    if (!started) {
        f->set = NULL;
        found_free(f);
        return false;
    }
    *out = f;
    return true;
}

Found *
found_list(Kept *spans, uint64_t length)
{
    Found *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->range = SX_SPAN_ALL;
    if (part_insert(f, 0, (Part){.kind = PART_LIST, .len = length, .spans = kept_retain(spans)}))
        return f;
    kept_release(spans);
    free(f);
    return NULL;
}

void
found_cancel(Found *f)
{
    if (f->job)
        sx_job_cancel(f->job);
}

/* --- sums ------------------------------------------------------------------------------------------------------------- */

static uint64_t
shown_index(const Found *f, const Part *p, uint64_t base)
{
    return p->kind == PART_SET ? sx_match_set_index(f->set, base) : kept_index(p->spans, base);
}

/* How many begin in the part; the last one has those that begin right at its end, too. */
static void
sum_part(const Found *f, Part *p, bool last)
{
    p->skip = p->count = 0;
    if (p->kind == PART_TOUCHED)
        return;
    p->skip = shown_index(f, p, p->base);
    p->count = shown_index(f, p, p->base + p->len + last) - p->skip;
}

SxMatchSetState
found_set(Found *f)
{
    if (!f->set)
        return (SxMatchSetState){.end = SX_END_DONE};
    if (!f->held)
        f->seen = sx_match_set_state(f->set, NULL);
    return f->seen;
}

void
found_hold(Found *f, bool on)
{
    f->held = false;
    (void)found_set(f);
    f->held = on;
}

void
found_sums(Found *f)
{
    uint64_t known = found_set(f).count;
    if (f->fresh && known == f->fresh_for)
        return;
    uint64_t at = f->at, first = 0;
    for (size_t i = 0; i < f->count; i++) {
        Part *p = &f->parts[i];
        sum_part(f, p, i + 1 == f->count);
        p->at = at;
        p->first = first;
        at += p->len;
        first += p->count;
    }
    f->fresh = true;
    f->fresh_for = known;
}

uint64_t
found_end(const Found *f)
{
    const Part *last = &f->parts[f->count - 1];
    return last->at + last->len;
}

size_t
found_part_at(const Found *f, uint64_t at)
{
    size_t low = 0, high = f->count;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (f->parts[mid].at <= at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static uint64_t
now_of(const Part *p, uint64_t base)
{
    return p->at + (base - p->base);
}

/* --- asking ------------------------------------------------------------------------------------------------------------ */

static bool
part_get(const Found *f, const Part *p, uint64_t n, SxSpan *out)
{
    if (p->kind == PART_LIST)
        *out = p->spans->at[p->skip + n];
    else if (!sx_match_set_get(f->set, p->skip + n, out))
        return false;
    out->at = now_of(p, out->at);
    return true;
}

/* The part that has the n-th; NULL: there is none. */
static const Part *
part_of(Found *f, uint64_t n)
{
    found_sums(f);
    size_t low = 0, high = f->count;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (f->parts[mid].first <= n)
            low = mid;
        else
            high = mid;
    }
    return n - f->parts[low].first < f->parts[low].count ? &f->parts[low] : NULL;
}

bool
found_get(Found *f, uint64_t n, SxSpan *out)
{
    const Part *p = part_of(f, n);
    return p && part_get(f, p, n - p->first, out);
}

bool
found_bytes(Found *f, uint64_t n, SxBytes *out)
{
    const Part *p = part_of(f, n);
    if (!p || p->kind != PART_LIST || !p->spans->bytes)
        return false;
    size_t i = (size_t)(p->skip + n - p->first);
    *out = sx_bytes(p->spans->bytes + p->spans->begins[i], (size_t)p->spans->at[i].len);
    return true;
}

uint64_t
found_index(Found *f, uint64_t at)
{
    found_sums(f);
    if (at <= f->at)
        return 0;
    const Part *p = &f->parts[found_part_at(f, at)];
    if (p->kind == PART_TOUCHED)
        return p->first;
    uint64_t n = shown_index(f, p, p->base + (at - p->at)) - p->skip;
    return p->first + (n < p->count ? n : p->count);
}

/* The matches that begin in the part and overlap or follow `from`, up to `end`. */
static size_t
part_in(const Found *f, const Part *p, SxSpan view, SxSpan *out, size_t max)
{
    uint64_t from = view.at > p->at ? view.at - p->at : 0, to = sx_span_end(view) - p->at;
    SxSpan base = sx_span(p->base + from, p->base + (to < p->len ? to : p->len + (to - p->len > 0)));
    size_t n = 0;
    if (p->kind == PART_SET) {
        n = sx_match_set_in(f->set, base, out, max);
    } else {
        size_t i = kept_index(p->spans, base.at);
        i -= i > 0 && sx_span_end(p->spans->at[i - 1]) > base.at;
        for (; n < max && i < p->spans->count && p->spans->at[i].at < sx_span_end(base); i++)
            out[n++] = p->spans->at[i];
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (out[i].at >= p->base && out[i].at - p->base < p->len + (p == &f->parts[f->count - 1]))
            out[kept++] = (SxSpan){now_of(p, out[i].at), out[i].len};
    }
    return kept;
}

size_t
found_in(Found *f, SxSpan view, SxSpan *out, size_t max)
{
    size_t n = 0;
    found_sums(f);
    if (f->count == 0 || view.len == 0)
        return 0;
    /* what begins in an earlier part may reach into the view */
    size_t i = found_part_at(f, view.at);
    SxSpan before;
    uint64_t index = found_index(f, f->parts[i].at);
    if (f->parts[i].at > f->at && index > 0 && found_get(f, index - 1, &before) && sx_span_end(before) > view.at && n < max)
        out[n++] = before;
    for (; i < f->count && n < max && f->parts[i].at < sx_span_end(view); i++) {
        if (f->parts[i].count > 0)
            n += part_in(f, &f->parts[i], view, out + n, max - n);
    }
    return n;
}

size_t
found_from(Found *f, uint64_t from, SxSpan *out, size_t max)
{
    SxSpan first;
    if (max == 0 || !found_get(f, found_index(f, from), &first))
        return 0;
    size_t n = found_in(f, sx_span(first.at, UINT64_MAX), out, max), skip = 0;
    while (skip < n && out[skip].at < first.at)
        skip++;
    memmove(out, out + skip, (n - skip) * sizeof *out);
    if (n == skip)
        out[n++ - skip] = first; /* empty, or there was room for one and that one lies across */
    return n - skip;
}

/* Up to where nothing is missing: the set's own limit, as it lies now, or the first place that was touched. */
static uint64_t
scanned_now(const Found *f, const SxMatchSetState *set)
{
    uint64_t to = f->at;
    bool done = !set->running && set->end == SX_END_DONE;
    if (!f->pattern)
        return found_end(f);
    for (size_t i = 0; i < f->count; i++) {
        const Part *p = &f->parts[i];
        if (p->kind == PART_TOUCHED)
            return p->at;
        if (p->kind == PART_SET && !done && set->scanned < p->base + p->len)
            return set->scanned > p->base ? now_of(p, set->scanned) : p->at;
        to = p->at + p->len;
    }
    return to;
}

FoundState
found_state(Found *f)
{
    SxMatchSetState set = found_set(f);
    found_sums(f);
    const Part *last = &f->parts[f->count - 1];
    FoundState state = {
        .count = f->broken ? set.count : last->first + last->count,
        .scanned = scanned_now(f, &set),
        .read = set.read,
        .range = sx_span(f->at, found_end(f)),
        .end = set.end,
        .gave_up = set.gave_up,
        .running = set.running,
        .before = f->broken,
        .nanoseconds = set.nanoseconds,
    };
    state.whole = !set.running && set.end == SX_END_DONE && (!f->pattern || state.scanned == sx_span_end(state.range));
    return state;
}

void
found_failure(Found *f, SxError *err)
{
    if (f->set)
        (void)sx_match_set_state(f->set, err);
}

/* --- edits -------------------------------------------------------------------------------------------------------------- */

/* Have a part begin at `at`; its index, or SIZE_MAX without memory. Sums must hold, and hold afterwards. */
static size_t
split(Found *f, uint64_t at)
{
    size_t i = found_part_at(f, at);
    while (i > 0 && f->parts[i].at == at && f->parts[i - 1].at == at)
        i--;
    if (f->parts[i].at == at)
        return i;
    if (at >= found_end(f))
        return f->count;
    Part *p = &f->parts[i];
    uint64_t head = at - p->at;
    Part tail = {.kind = p->kind, .len = p->len - head, .base = p->base + head,
                 .spans = p->spans ? kept_retain(p->spans) : NULL};
    p->len = head;
    if (!part_insert(f, i + 1, tail)) {
        f->parts[i].len += tail.len;
        kept_release(tail.spans);
        return SIZE_MAX;
    }
    found_sums(f);
    return i + 1;
}

/* In the place of [from, to) one part. */
bool
found_put(Found *f, SxSpan span, Part part)
{
    size_t first = split(f, span.at), last = first == SIZE_MAX ? first : split(f, sx_span_end(span));
    if (last == SIZE_MAX)
        return false;
    /* those of no length at the end of the span belong to it: an edit stood there */
    while (last < f->count && f->parts[last].len == 0)
        last++;
    parts_remove(f, first, last);
    bool done = part_insert(f, first, part);
    if (done)
        found_sums(f);
    return done;
}

static void
edit_list(Found *f, const SxChange *c)
{
    uint64_t end = found_end(f);
    SxSpan span = sx_span(c->at < end ? c->at : end, c->at + c->removed < end ? c->at + c->removed : end);
    bool whole = span.at == 0 && span.len == end;
    if (whole && f->count == 1)
        f->parts[0].len = c->inserted; /* the file as it is now: the places stay what they are */
    else if (c->removed != c->inserted && !found_put(f, span, (Part){.kind = PART_TOUCHED, .len = c->inserted}))
        f->broken = true;
    f->fresh = false;
}

/* Where part of the document was searched, what lies outside of it only moves it. */
static bool
outside(Found *f, const SxChange *c)
{
    bool all = f->range.at == 0 && f->range.len == UINT64_MAX;
    if (all || (c->at < found_end(f) && c->at + c->removed > f->at))
        return false;
    if (c->at < f->at || (c->at == f->at && c->removed == 0)) {
        f->at = f->at - c->removed + c->inserted;
        f->fresh = false;
    }
    return true;
}

void
found_edit(Found *f, const SxChange *c)
{
    if (f->broken)
        return;
    found_sums(f);
    if (!f->pattern) {
        edit_list(f, c);
        return;
    }
    if (outside(f, c))
        return;
    bool inside = c->at >= f->at && c->at + c->removed <= found_end(f);
    SxSpan span = {c->at, c->removed};
    if (!inside || !found_put(f, span, (Part){.kind = PART_TOUCHED, .len = c->inserted}))
        f->broken = true;
}
