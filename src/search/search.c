/*
 * search.c - the public searches: find, rfind, one place, each match, their count.
 */
#include "search/back.h"
#include "search/crew.h"
#include "search/scene.h"

static SxFound
found_by(Progress p, uint64_t at, bool found, uint64_t *gave_up)
{
    if (p == WALK_LIMIT && gave_up)
        *gave_up = at;
    if (p == WALK_FAILED)
        return SX_FAILED;
    if (p == WALK_LIMIT || p == WALK_CANCELLED)
        return SX_STOPPED;
    return found ? SX_FOUND : SX_ABSENT;
}

static unsigned
threads_of(const SxSearchOptions *o)
{
    return o ? o->threads : 0;
}

/* --- find ---------------------------------------------------------------------------------------------------------- */

SxFound
sx_search_find(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job, SxMatch *out,
               uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    Crew *c = NULL;
    Batch b = {0};
    Progress now = WALK_FAILED;
    SxMatch m;
    if (gave_up)
        *gave_up = UINT64_MAX;
    if (crew_open(&c, &scene, scene_stop(&scene), threads_of(o), &m, err)) {
        do {
            batch_reset(&b, crew_pos(c));
            now = crew_step(c, true, &b, err);
        } while (now == WALK_MORE && b.count == 0);
    }
    bool found = b.count > 0;
    if (found)
        *out = m;
    SxFound answer = found ? SX_FOUND : found_by(now, c ? crew_gave_up(c) : 0, found, gave_up);
    batch_clear(&b);
    crew_close(c);
    return answer;
}

/* --- rfind --------------------------------------------------------------------------------------------------------- */

SxFound
sx_search_rfind(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job, SxMatch *out,
                uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    uint64_t where = UINT64_MAX;
    bool found = false;
    if (gave_up)
        *gave_up = UINT64_MAX;
    Progress now = back_find(&scene, o ? o->window : 0, threads_of(o), &found, out, &where, err);
    return found_by(now, where, found && now == WALK_DONE, gave_up);
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
        now = walk_at(&w, at, &found, out, err);
    SxFound answer = found_by(now, w.gave_up, found, NULL);
    walk_close(&w);
    return answer;
}

/* --- each and count -------------------------------------------------------------------------------------------------- */

typedef struct Each {
    SxMatchSink *sink; /* NULL: count only */
    void *data;
    uint64_t count;
    uint64_t given; /* to the sink */
    SxMatch match;
} Each;

enum { LOOK_EVERY = 1024 }; /* matches between two looks at the job: what the sink does with one may last */

static Progress
give(Each *e, const Batch *b, uint64_t at, SxJob *job, bool *stop)
{
    BatchCursor c = batch_begin(b, at);
    Run run;
    e->count += b->count;
    sx_job_found(job, b->count);
    if (!e->sink)
        return WALK_DONE;
    while (!*stop && batch_next(b, &c, &run)) {
        for (uint64_t i = 0; i < run.count && !*stop; i++) {
            e->match.span = (SxSpan){run.at + i * run.stride, run.len};
            *stop = !e->sink(e->data, &e->match);
            if (++e->given % LOOK_EVERY == 0 && sx_job_cancelled(job))
                return WALK_CANCELLED;
        }
    }
    return WALK_DONE;
}

static SxFound
go_through(Each *e, const Scene *scene, bool groups, unsigned threads, uint64_t *gave_up, SxError *err)
{
    Crew *c = NULL;
    Batch b = {0};
    Progress now = WALK_FAILED;
    bool stop = false;
    if (gave_up)
        *gave_up = UINT64_MAX;
    if (crew_open(&c, scene, scene_stop(scene), threads, groups ? &e->match : NULL, err)) {
        do {
            uint64_t from = crew_pos(c);
            batch_reset(&b, from);
            now = crew_step(c, false, &b, err);
            Progress given = give(e, &b, from, scene->job, &stop);
            if (given != WALK_DONE)
                now = given;
        } while (now == WALK_MORE && !stop);
    }
    SxFound answer = stop ? SX_FOUND : found_by(now, c ? crew_gave_up(c) : 0, e->count > 0, gave_up);
    batch_clear(&b);
    crew_close(c);
    return answer;
}

SxFound
sx_search_each(const SxPattern *p, SxSource *s, SxSpan in, bool groups, const SxSearchOptions *o, SxJob *job,
               SxMatchSink *sink, void *data, uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    Each e = {.sink = sink, .data = data};
    return go_through(&e, &scene, groups, threads_of(o), gave_up, err);
}

SxFound
sx_search_count(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job, uint64_t *count,
                uint64_t *gave_up, SxError *err)
{
    Scene scene = scene_make(p, s, in, o, job);
    Each e = {0};
    SxFound answer = go_through(&e, &scene, false, threads_of(o), gave_up, err);
    *count = e.count;
    return answer;
}
