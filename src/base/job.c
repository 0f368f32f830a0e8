/*
 * job.c - counters that workers raise and others read, and the hooks that a cancel calls.
 */
#include <sextant/job.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { HOOKS = 64 };

typedef struct Hook {
    SxCancelHook *call;
    void *data;
} Hook;

struct SxJob {
    _Atomic uint64_t done;
    _Atomic uint64_t total;
    _Atomic uint64_t found;
    atomic_bool cancelled;
    uint64_t started; /* CLOCK_MONOTONIC, nanoseconds */
    pthread_mutex_t lock; /* what follows; held while hooks run, so that remove waits for them */
    bool called;          /* the hooks were called: later ones are called when they are added */
    Hook hooks[HOOKS];
};

static uint64_t
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

SxJob *
sx_job_new(void)
{
    SxJob *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    pthread_mutex_init(&job->lock, NULL);
    job->started = now();
    return job;
}

void
sx_job_free(SxJob *job)
{
    if (!job)
        return;
    pthread_mutex_destroy(&job->lock);
    free(job);
}

void
sx_job_total(SxJob *job, uint64_t bytes)
{
    if (job)
        atomic_store(&job->total, bytes);
}

void
sx_job_advance(SxJob *job, uint64_t bytes)
{
    if (job)
        atomic_fetch_add(&job->done, bytes);
}

void
sx_job_found(SxJob *job, uint64_t items)
{
    if (job)
        atomic_fetch_add(&job->found, items);
}

void
sx_job_cancel(SxJob *job)
{
    if (!job)
        return;
    atomic_store(&job->cancelled, true);
    pthread_mutex_lock(&job->lock);
    for (size_t i = 0; i < HOOKS && !job->called; i++)
        if (job->hooks[i].call)
            job->hooks[i].call(job->hooks[i].data);
    job->called = true;
    pthread_mutex_unlock(&job->lock);
}

bool
sx_job_cancelled(const SxJob *job)
{
    return job && atomic_load_explicit(&job->cancelled, memory_order_relaxed);
}

SxProgress
sx_job_progress(const SxJob *job)
{
    if (!job)
        return (SxProgress){0};
    return (SxProgress){
        .done = atomic_load(&job->done),
        .total = atomic_load(&job->total),
        .found = atomic_load(&job->found),
        .cancelled = sx_job_cancelled(job),
        .nanoseconds = now() - job->started,
    };
}

bool
sx_job_hook_add(SxJob *job, SxCancelHook *call, void *data)
{
    if (!job)
        return true;
    bool added = false;
    pthread_mutex_lock(&job->lock);
    for (size_t i = 0; i < HOOKS && !added; i++) {
        if (!job->hooks[i].call) {
            job->hooks[i] = (Hook){call, data};
            added = true;
        }
    }
    if (added && job->called)
        call(data);
    pthread_mutex_unlock(&job->lock);
    return added;
}

void
sx_job_hook_remove(SxJob *job, SxCancelHook *call, void *data)
{
    if (!job)
        return;
    pthread_mutex_lock(&job->lock);
    for (size_t i = 0; i < HOOKS; i++) {
        if (job->hooks[i].call == call && job->hooks[i].data == data) {
            job->hooks[i] = (Hook){0};
            break;
        }
    }
    pthread_mutex_unlock(&job->lock);
}
