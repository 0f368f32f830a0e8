/*
 * set.c - a search that goes on in its own thread while others read what it has found.
 */
#include "search/clock.h"
#include "search/crew.h"
#include "search/scene.h"
#include "search/store.h"
#include "search/worker.h"

#include <stdatomic.h>
#include <stdlib.h>

struct SxMatchSet {
    SxPattern *pattern;
    SxSource *source;
    SxJob *job;
    SxJob *own_job; /* when the caller gave none */
    SxWake *wake;
    void *data;
    Scene scene;
    Store store;
    pthread_t thread;
    unsigned threads; /* as in SxSearchOptions */
    uint64_t started;
    uint64_t woken; /* the worker's */
    _Atomic uint64_t scanned;
    _Atomic uint64_t read;
    _Atomic uint64_t finished; /* nanoseconds; 0: running */
    SxSearchEnd end;           /* written before `finished`, as the two below */
    uint64_t gave_up;
    SxError err;
};

enum { WAKE_EVERY = 30000000 };

static void
wake(SxMatchSet *set, bool at_once)
{
    uint64_t t = clock_now();
    if (!set->wake || (!at_once && t - set->woken < WAKE_EVERY))
        return;
    set->woken = t;
    set->wake(set->data);
}

static bool
publish(SxMatchSet *set, const Batch *b, uint64_t from, uint64_t to)
{
    bool first = b->count > 0 && store_count(&set->store) == 0;
    if (!store_add(&set->store, b, from))
        return sx_fail(&set->err, SX_ERR_NOMEM, "no memory for matches");
    atomic_store(&set->scanned, to);
    sx_job_found(set->job, b->count);
    wake(set, first);
    return true;
}

static Progress
scan(SxMatchSet *set, Crew *c)
{
    Progress p = WALK_MORE;
    Batch b = {0};
    while (p == WALK_MORE) {
        uint64_t from = crew_pos(c);
        batch_reset(&b, from);
        p = crew_step(c, store_count(&set->store) == 0, &b, &set->err);
        if (!publish(set, &b, from, crew_pos(c)))
            p = WALK_FAILED;
    }
    batch_clear(&b);
    return p;
}

static void *
work(void *data)
{
    SxMatchSet *set = data;
    Crew *c = NULL;
    worker_begin();
    bool opened = crew_open(&c, &set->scene, scene_stop(&set->scene), set->threads, NULL, &set->err);
    Progress p = opened ? scan(set, c) : WALK_FAILED;
    set->gave_up = opened ? crew_gave_up(c) : 0;
    set->end = p == WALK_DONE        ? SX_END_DONE
               : p == WALK_CANCELLED ? SX_END_CANCELLED
               : p == WALK_LIMIT     ? SX_END_GAVE_UP
                                     : SX_END_FAILED;
    crew_close(c);
    if (p == WALK_DONE)
        atomic_store(&set->scanned, sx_span_end(set->scene.in));
    atomic_store(&set->finished, clock_now() - set->started + 1);
    wake(set, true);
    return NULL;
}

static void
destroy(SxMatchSet *set)
{
    store_clear(&set->store);
    sx_pattern_release(set->pattern);
    sx_source_release(set->source);
    sx_job_free(set->own_job);
    free(set);
}

bool
sx_match_set_start(SxMatchSet **out, SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job,
                   SxWake *wake_up, void *data, SxError *err)
{
    SxMatchSet *set = calloc(1, sizeof *set);
    if (!set)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a search");
    set->own_job = job ? NULL : sx_job_new();
    set->job = job ? job : set->own_job;
    set->pattern = sx_pattern_retain(p);
    set->source = sx_source_retain(s);
    set->wake = wake_up;
    set->data = data;
    set->scene = scene_make(p, s, in, o, set->job);
    set->scene.read = &set->read;
    set->threads = o ? o->threads : 0;
    set->started = clock_now();
    atomic_init(&set->scanned, set->scene.in.at);
    atomic_init(&set->read, 0);
    store_init(&set->store, set->scene.in.at, STORE_KEEP);
    sx_job_total(set->job, set->scene.in.len);
    if (!set->job || !worker_start(&set->thread, work, set)) {
        destroy(set);
        return sx_fail(err, SX_ERR_NOMEM, "no thread for a search");
    }
    *out = set;
    return true;
}

void
sx_match_set_free(SxMatchSet *set)
{
    if (!set)
        return;
    sx_job_cancel(set->job);
    pthread_join(set->thread, NULL);
    destroy(set);
}

SxMatchSetState
sx_match_set_state(const SxMatchSet *set, SxError *err)
{
    SxMatchSet *s = (SxMatchSet *)(uintptr_t)set;
    uint64_t finished = atomic_load(&s->finished);
    SxMatchSetState state = {
        .scanned = atomic_load(&s->scanned),
        .read = atomic_load(&s->read),
        .range = set->scene.in,
        .running = finished == 0,
        .nanoseconds = finished ? finished : clock_now() - set->started,
    };
    state.count = store_count(&s->store);
    if (finished) {
        state.end = set->end;
        state.gave_up = set->gave_up;
        if (err && set->end == SX_END_FAILED)
            *err = set->err;
    }
    return state;
}

SxPattern *
sx_match_set_pattern(const SxMatchSet *set)
{
    return set->pattern;
}

/* Reading takes the store's lock, which is no change that anybody could see. */
static Store *
store_of(const SxMatchSet *set)
{
    return (Store *)(uintptr_t)&set->store;
}

bool
sx_match_set_get(const SxMatchSet *set, uint64_t n, SxSpan *out)
{
    return store_get(store_of(set), n, out);
}

uint64_t
sx_match_set_index(const SxMatchSet *set, uint64_t at)
{
    return store_index(store_of(set), at);
}

size_t
sx_match_set_in(const SxMatchSet *set, SxSpan view, SxSpan *out, size_t max)
{
    return store_in(store_of(set), view, out, max);
}
