/*
 * walk.c - the loop over places: windows, matches that run out of the range, bytes that change meanwhile.
 */
#include "search/walk.h"

#include <stdatomic.h>

#include "search/dense.h"
#include "search/fill.h"

bool
walk_open(Walk *w, const Scene *scene, SxError *err)
{
    *w = (Walk){.scene = scene, .short_at = UINT64_MAX};
    return matcher_open(&w->matcher, scene->pattern, scene->job, err);
}

void
walk_close(Walk *w)
{
    if (w->scene)
        window_drop(&w->window, w->scene);
    matcher_close(&w->matcher);
}

void
walk_go(Walk *w, WalkState to)
{
    w->state = to;
}

/* --- windows that grow until an attempt can be decided -------------------------------------------------------------- */

enum { WANT_FIRST = 4096 };

static size_t
reach_of(const Scene *scene)
{
    uint64_t span = pattern_span(scene->pattern);
    return span != LENGTH_MAX && span > scene->reach ? (size_t)span : scene->reach;
}

/* An attempt at `pos` lacked bytes: ask for more. false: as many as there may be were there already. */
static bool
want_more(Walk *w, uint64_t pos)
{
    uint64_t span = pattern_span(w->scene->pattern);
    size_t most = reach_of(w->scene);
    if (w->short_at == pos && w->want >= most)
        return false;
    w->want = w->short_at == pos ? w->want * 8 : span != LENGTH_MAX ? (size_t)span : WANT_FIRST;
    w->want = w->want < most ? w->want : most;
    w->short_at = pos;
    return true;
}

/* A window of the stretch is let go; `read` is empty as long as the window is of the stretch before. */
static void
let_go(Walk *w)
{
    if (w->window.kind == WINDOW_DATA && w->stretch.read.len > 0)
        w->stretch.torn = w->stretch.torn || sx_source_stale(w->scene->source, &w->window.pin);
    window_drop(&w->window, w->scene);
}

static bool
load(Walk *w, uint64_t stop, bool data, SxError *err)
{
    uint64_t span = pattern_span(w->scene->pattern), pos = w->state.pos;
    Wanted wanted = {.pos = pos, .stop = stop, .data = data, .careful = pos < w->careful};
    wanted.want = w->short_at == pos ? w->want : span != LENGTH_MAX ? (size_t)span : 1;
    let_go(w);
    matcher_forget(&w->matcher);
    return window_load(&w->window, w->scene, &wanted, err);
}

/* --- one match ------------------------------------------------------------------------------------------------------ */

/* The bytes behind the range are out of bounds for the match itself. */
static Subject
cut_at_range(const Walk *w)
{
    Subject s = w->window.subject;
    uint64_t end = sx_span_end(w->scene->in);
    if (end >= s.at && end - s.at < s.len) {
        s.len = (size_t)(end - s.at);
        s.last = s.cut = true;
    }
    return s;
}

/* The match at `start` of the source that ends at the range, if there is one. */
static Verdict
cut_match(Walk *w, size_t start, bool nonempty, Hit *hit)
{
    Subject cut = cut_at_range(w);
    if (start > cut.len)
        return VERDICT_MISS;
    bool head = w->state.head && w->state.pos == cut.at + start;
    Verdict v = matcher_at(&w->matcher, &cut, (Places){start, start + 1, nonempty, head}, hit);
    hit->start = start;
    return v;
}

/* A match that would run out of the range is tried again as if the source ended there. */
static Verdict
fit_range(Walk *w, bool nonempty, Hit *hit)
{
    if (w->window.subject.at + hit->end <= sx_span_end(w->scene->in))
        return VERDICT_HIT;
    return cut_match(w, hit->start, nonempty, hit);
}

/* The bytes behind the window are needed to decide about hit->start. */
static Verdict
fall_short(Walk *w, bool nonempty, Hit *hit)
{
    const Subject *s = &w->window.subject;
    if (want_more(w, s->at + hit->start))
        return VERDICT_SHORT;
    if (sx_span_end(w->scene->in) < s->at + s->len && cut_match(w, hit->start, nonempty, hit) == VERDICT_HIT)
        return VERDICT_HIT;
    return VERDICT_LIMIT;
}

/* The next match from the state on, before `limit`, in the window that is loaded. */
static Verdict
next_in_window(Walk *w, uint64_t limit, Hit *hit)
{
    const Subject *s = &w->window.subject;
    for (;;) {
        size_t from = (size_t)(w->state.pos - s->at);
        Places in = {from, (size_t)(limit - s->at), w->state.nonempty, w->state.head};
        Verdict v = matcher_next(&w->matcher, s, in, hit);
        bool nonempty = w->state.nonempty && hit->start == from;
        if (v == VERDICT_HIT)
            v = fit_range(w, nonempty, hit);
        else if (v == VERDICT_SHORT)
            return fall_short(w, nonempty, hit);
        else
            return v;
        if (v != VERDICT_MISS)
            return v;
        w->state = (WalkState){.pos = s->at + hit->start + 1};
        if (w->state.pos >= limit)
            return VERDICT_MISS;
    }
}

static void
describe(Walk *w, const Hit *hit)
{
    const Subject *s = &w->window.subject;
    SxMatch *out = w->match;
    w->start = s->at + hit->start;
    if (!out)
        return;
    out->span = sx_span(s->at + hit->at, s->at + hit->end);
    out->groups = 1;
    out->group[0] = out->span;
    if (w->scene->pattern->how == MATCH_REGEX && w->scene->pattern->regex.groups > 0)
        regex_groups(&w->matcher.run, s, out);
}

/* --- steps ---------------------------------------------------------------------------------------------------------- */

static Progress
no_memory(SxError *err)
{
    sx_fail(err, SX_ERR_NOMEM, "no memory for matches");
    return WALK_FAILED;
}

/* Before `limit`, as far as whole rows lie in the window. */
static bool
collect_dense(Walk *w, uint64_t limit, Batch *out)
{
    const Subject *s = &w->window.subject;
    size_t from = (size_t)(w->state.pos - s->at), end = (size_t)(limit - s->at), behind;
    size_t len = w->scene->pattern->fixed.row[0].len, whole = s->len >= len ? s->len - len + 1 : 0;
    end = end < whole ? end : whole;
    if (from >= end)
        return true;
    if (!dense_collect(&w->matcher, s, from, end, out, &behind))
        return false;
    w->state = (WalkState){.pos = s->at + behind};
    return true;
}

static Progress
collect(Walk *w, uint64_t limit, uint64_t max, Batch *out, SxError *err)
{
    const Subject *s = &w->window.subject;
    if (max == UINT64_MAX && !w->match && dense_suits(w->scene->pattern) && !collect_dense(w, limit, out))
        return no_memory(err);
    for (uint64_t n = 0; n < max && w->state.pos < limit; n++) {
        Hit hit;
        switch (next_in_window(w, limit, &hit)) {
        case VERDICT_HIT:
            if (!batch_add_span(out, sx_span(s->at + hit.at, s->at + hit.end)))
                return no_memory(err);
            describe(w, &hit);
            w->state = (WalkState){s->at + hit.end, hit.at == hit.end, true};
            break;
        case VERDICT_MISS:
            w->state = (WalkState){.pos = limit};
            break;
        case VERDICT_SHORT:
            if (s->at + hit.start > w->state.pos)
                w->state = (WalkState){.pos = s->at + hit.start};
            w->window.limit = w->state.pos; /* load again */
            return WALK_MORE;
        case VERDICT_LIMIT:
            w->gave_up = s->at + hit.start;
            return WALK_LIMIT;
        case VERDICT_CANCELLED:
            return WALK_CANCELLED;
        case VERDICT_FAILED:
            return WALK_FAILED;
        }
    }
    return WALK_MORE;
}

static void
count_read(const Walk *w, uint64_t from)
{
    if (w->scene->read && w->state.pos > from)
        atomic_fetch_add_explicit(w->scene->read, w->state.pos - from, memory_order_relaxed);
}

/* Whether the place answers otherwise than its neighbours in a run of equal bytes would. */
static bool
is_special(const Walk *w)
{
    return w->state.nonempty || (w->state.head && w->scene->pattern->how == MATCH_REGEX);
}

/* The window at the state's place, loaded where it is not yet. */
static bool
show(Walk *w, uint64_t stop, SxError *err)
{
    const Window *window = &w->window;
    bool here = window->kind != WINDOW_NONE && window->begin <= w->state.pos && w->state.pos < window->limit &&
                !(window->kind == WINDOW_FILL && is_special(w));
    return here || load(w, stop, is_special(w), err);
}

static void
stretch_begin(Walk *w, const Batch *out)
{
    uint64_t pos = w->state.pos, step = w->scene->step;
    w->stretch = (Stretch){.begin = w->state, .found = *out, .end = pos < UINT64_MAX - step ? pos + step : UINT64_MAX};
}

/* The window at hand is of the stretch now. */
static void
stretch_add(Walk *w)
{
    Stretch *s = &w->stretch;
    SxSpan pin = w->window.pin.span;
    s->read = sx_span(s->read.len > 0 ? s->read.at : pin.at, sx_span_end(pin));
    s->lost = w->window.lost;
}

static bool
stretch_holds(const Walk *w)
{
    const Stretch *s = &w->stretch;
    SxSource *source = w->scene->source;
    if (s->torn || (w->window.kind == WINDOW_DATA && s->read.len > 0 && sx_source_stale(source, &w->window.pin)))
        return false;
    return sx_source_lost(source, s->read, NULL, 0) == s->lost;
}

static void
stretch_undo(Walk *w, Batch *out)
{
    const Stretch *s = &w->stretch;
    out->used = s->found.used;
    out->state = s->found.state;
    out->count = s->found.count;
    out->records = s->found.records;
    w->state = s->begin;
    w->careful = sx_span_end(s->read) + 1; /* behind the end a match may be empty */
    w->short_at = UINT64_MAX;
    window_drop(&w->window, w->scene);
}

/* One window, or what of it lies in the stretch. What is lost, or was loaded carefully, ends it. */
static Progress
walk_window(Walk *w, uint64_t stop, uint64_t max, Batch *out, SxError *err)
{
    const Window *window = &w->window;
    Stretch *s = &w->stretch;
    if (!show(w, stop, err))
        return WALK_FAILED;
    if (window->kind == WINDOW_FILL) {
        Progress p = fill_step(w, stop, out, err);
        if (window->kind == WINDOW_FILL || p != WALK_MORE)
            return p;
        if (!load(w, stop, true, err))
            return WALK_FAILED;
    }
    if (window->kind == WINDOW_LOST) {
        w->state = (WalkState){.pos = window->limit, .head = true};
        s->end = w->state.pos;
    }
    if (window->kind != WINDOW_DATA)
        return WALK_MORE;
    stretch_add(w);
    uint64_t limit = window->limit < stop ? window->limit : stop, from = w->state.pos;
    Progress p = collect(w, limit < s->end ? limit : s->end, max, out, err);
    count_read(w, from);
    if (window->careful)
        s->end = w->state.pos;
    return p;
}

Progress
walk_step(Walk *w, uint64_t stop, uint64_t max, Batch *out, SxError *err)
{
    uint64_t before = out->records, left = max;
    Progress p = sx_job_cancelled(w->scene->job) ? WALK_CANCELLED : w->state.pos >= stop ? WALK_DONE : WALK_MORE;
    stretch_begin(w, out);
    while (p == WALK_MORE && left > 0 && w->state.pos < stop && w->state.pos < w->stretch.end) {
        p = walk_window(w, stop, left, out, err);
        left = max == UINT64_MAX ? max : max - (out->records - before);
        p = p == WALK_MORE && sx_job_cancelled(w->scene->job) ? WALK_CANCELLED : p;
    }
    if (p == WALK_CANCELLED || stretch_holds(w))
        return p;
    stretch_undo(w, out);
    return WALK_MORE;
}

/* --- single matches -------------------------------------------------------------------------------------------------- */

Progress
walk_next(Walk *w, uint64_t stop, bool *found, SxMatch *out, SxError *err)
{
    Batch b = {0};
    Progress p = WALK_MORE;
    w->match = out;
    while (p == WALK_MORE && b.count == 0) {
        uint64_t from = w->state.pos;
        batch_reset(&b, from);
        p = walk_step(w, stop, 1, &b, err);
        if (w->state.pos > from)
            sx_job_advance(w->scene->job, w->state.pos - from);
    }
    w->match = NULL;
    *found = b.count > 0;
    batch_clear(&b);
    return p == WALK_MORE ? WALK_DONE : p;
}

enum { KEEP_BACK = 4096 }; /* how far before its match an attempt with \K may have begun */

Progress
walk_at(Walk *w, uint64_t at, bool *found, SxMatch *out, SxError *err)
{
    bool keeps = w->scene->pattern->regex.keeps;
    Progress p = WALK_DONE;
    walk_go(w, (WalkState){.pos = keeps ? at - (at < KEEP_BACK ? at : KEEP_BACK) : at, .head = !keeps});
    do {
        p = walk_next(w, at + 1, found, out, err);
        if (p != WALK_DONE || !*found || out->span.at == at)
            return p;
        walk_go(w, (WalkState){.pos = w->start + 1});
    } while (w->state.pos <= at);
    *found = false;
    return WALK_DONE;
}
