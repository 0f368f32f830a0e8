/*
 * search.c - the public searches: find, rfind, one place, each match, their count.
 */
#include "search/scene.h"
#include "search/walk.h"

static SxFound
found_by(Progress p, const Walk *w, bool found, uint64_t *gave_up)
{
    if (p == WALK_LIMIT && gave_up)
        *gave_up = w->gave_up;
    if (p == WALK_FAILED)
        return SX_FAILED;
    if (p == WALK_LIMIT || p == WALK_CANCELLED)
        return SX_STOPPED;
    return found ? SX_FOUND : SX_ABSENT;
}

/* --- find ---------------------------------------------------------------------------------------------------------- */

SxFound
sx_search_find(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job, SxMatch *out,
               uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    Walk w;
    Batch b = {0};
    Progress now = WALK_FAILED;
    bool found = false;
    if (gave_up)
        *gave_up = UINT64_MAX;
    if (walk_open(&w, &scene, err)) {
        walk_go(&w, (WalkState){scene.in.at, false});
        batch_reset(&b, scene.in.at);
        do {
            uint64_t from = w.state.pos;
            now = walk_step(&w, scene_stop(&scene), 1, &b, err);
            if (now == WALK_MORE && w.state.pos > from)
                sx_job_advance(job, w.state.pos - from);
        } while (now == WALK_MORE && b.count == 0);
        if (b.count > 0) {
            Run run;
            BatchCursor c = batch_begin(&b, scene.in.at);
            batch_next(&b, &c, &run);
            now = walk_at(&w, run.at, run.len > 0, &found, out, err);
        }
    }
    SxFound answer = found_by(now, &w, found, gave_up);
    batch_clear(&b);
    walk_close(&w);
    return answer;
}

/* --- rfind --------------------------------------------------------------------------------------------------------- */

enum { BACK_FIRST = 64 << 10, BACK_MAX = 4 << 20 };

/* The last place in [from, stop) where a match begins, whether or not it overlaps others. */
static Progress
last_in(Walk *w, uint64_t from, uint64_t stop, Run *last, bool *found, SxError *err)
{
    Batch b = {0};
    Progress p = WALK_MORE;
    walk_go(w, (WalkState){from, false});
    while (p == WALK_MORE) {
        batch_reset(&b, w->state.pos);
        BatchCursor c = batch_begin(&b, w->state.pos);
        p = walk_step(w, stop, 1, &b, err);
        Run run;
        if (p != WALK_MORE || !batch_next(&b, &c, &run))
            continue;
        *last = run;
        last->at += (run.count - 1) * run.stride;
        *found = true;
        walk_go(w, (WalkState){last->at + 1, false});
    }
    batch_clear(&b);
    return p;
}

SxFound
sx_search_rfind(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job, SxMatch *out,
                uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    uint64_t block = o && o->window ? o->window : BACK_FIRST;
    Walk w;
    Progress now = WALK_FAILED;
    bool found = false;
    if (gave_up)
        *gave_up = UINT64_MAX;
    if (walk_open(&w, &scene, err)) {
        now = WALK_DONE;
        for (uint64_t stop = scene_stop(&scene); now == WALK_DONE && !found && stop > scene.in.at;) {
            uint64_t from = stop - scene.in.at > block ? stop - block : scene.in.at;
            Run last = {0};
            now = last_in(&w, from, stop, &last, &found, err);
            if (now == WALK_DONE && found)
                now = walk_at(&w, last.at, last.len > 0, &found, out, err);
            sx_job_advance(job, stop - from);
            stop = from;
            block = block * 4 < BACK_MAX ? block * 4 : BACK_MAX;
        }
    }
    SxFound answer = found_by(now, &w, found && now == WALK_DONE, gave_up);
    walk_close(&w);
    return answer;
}

/* --- one place ------------------------------------------------------------------------------------------------------ */

SxFound
sx_search_match_at(const SxPattern *p, SxSource *s, uint64_t at, SxMatch *out, SxError *err)
{
    Scene scene = scene_make(p, s, SX_SPAN_ALL, NULL, NULL);
    Walk w;
    Progress now = WALK_FAILED;
    bool found = false;
    if (at > scene.size)
        return SX_ABSENT;
    if (walk_open(&w, &scene, err))
        now = walk_at(&w, at, false, &found, out, err);
    SxFound answer = found_by(now, &w, found, NULL);
    walk_close(&w);
    return answer;
}

/* --- each and count -------------------------------------------------------------------------------------------------- */

typedef struct Each {
    SxMatchSink *sink; /* NULL: count only */
    void *data;
    bool groups;
    uint64_t count;
    SxMatch match;
    Walk again; /* finds the groups of a match that the walk went over */
} Each;

static Progress
give_one(Each *e, SxSpan span, bool *stop, SxError *err)
{
    e->match.span = span;
    e->match.groups = 0;
    if (e->groups) {
        bool found;
        Progress p = walk_at(&e->again, span.at, span.len > 0, &found, &e->match, err);
        if (p != WALK_DONE)
            return p;
        if (!found) {
            e->match.span = e->match.group[0] = span;
            e->match.groups = 1;
        }
    }
    *stop = !e->sink(e->data, &e->match);
    return WALK_DONE;
}

static Progress
give(Each *e, const Batch *b, uint64_t at, SxJob *job, bool *stop, SxError *err)
{
    BatchCursor c = batch_begin(b, at);
    Run run;
    e->count += b->count;
    sx_job_found(job, b->count);
    if (!e->sink)
        return WALK_DONE;
    while (!*stop && batch_next(b, &c, &run)) {
        for (uint64_t i = 0; i < run.count && !*stop; i++) {
            Progress p = give_one(e, (SxSpan){run.at + i * run.stride, run.len}, stop, err);
            if (p != WALK_DONE)
                return p;
            if (i % 4096 == 4095 && sx_job_cancelled(job))
                return WALK_CANCELLED;
        }
    }
    return WALK_DONE;
}

static SxFound
go_through(Each *e, const Scene *scene, uint64_t *gave_up, SxError *err)
{
    Walk w;
    Batch b = {0};
    Progress now = WALK_FAILED;
    bool stop = false;
    if (gave_up)
        *gave_up = UINT64_MAX;
    if (walk_open(&w, scene, err)) {
        walk_go(&w, (WalkState){scene->in.at, false});
        do {
            uint64_t from = w.state.pos;
            batch_reset(&b, from);
            now = walk_step(&w, scene_stop(scene), UINT64_MAX, &b, err);
            if (w.state.pos > from)
                sx_job_advance(scene->job, w.state.pos - from);
            Progress given = give(e, &b, from, scene->job, &stop, err);
            if (given != WALK_DONE)
                now = given;
        } while (now == WALK_MORE && !stop);
    }
    SxFound answer = stop ? SX_FOUND : found_by(now, &w, e->count > 0, gave_up);
    batch_clear(&b);
    walk_close(&w);
    return answer;
}

SxFound
sx_search_each(const SxPattern *p, SxSource *s, SxSpan in, bool groups, const SxSearchOptions *o, SxJob *job,
               SxMatchSink *sink, void *data, uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    Each e = {.sink = sink, .data = data, .groups = groups};
    if (groups && !walk_open(&e.again, &scene, err))
        return SX_FAILED;
    SxFound answer = go_through(&e, &scene, gave_up, err);
    if (groups)
        walk_close(&e.again);
    return answer;
}

SxFound
sx_search_count(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job, uint64_t *count,
                uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    Each e = {0};
    SxFound answer = go_through(&e, &scene, gave_up, err);
    *count = e.count;
    return answer;
}
