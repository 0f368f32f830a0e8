/* test_job.c - progress from many threads, and cancel hooks that run exactly once and never after their removal. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include <sextant/job.h>

#include "support/tap.h"

enum { THREADS = 4, STEPS = 20000 };

static void *
work(void *data)
{
    SxJob *job = data;
    for (int i = 0; i < STEPS; i++) {
        sx_job_advance(job, 3);
        if (i % 10 == 0)
            sx_job_found(job, 1);
    }
    return NULL;
}

static void
progress(void)
{
    SxJob *job = sx_job_new();
    pthread_t threads[THREADS];
    sx_job_total(job, 3 * THREADS * STEPS);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, job);
    bool rises = true;
    uint64_t last = 0;
    for (int i = 0; i < 1000; i++) {
        SxProgress p = sx_job_progress(job);
        rises = rises && p.done >= last && p.done <= p.total && !p.cancelled;
        last = p.done;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    SxProgress p = sx_job_progress(job);
    ok(rises, "progress only rises");
    is(p.done, 3 * THREADS * STEPS, "bytes of all threads");
    is(p.found, THREADS * STEPS / 10, "items of all threads");
    ok(p.nanoseconds > 0, "time goes by");
    sx_job_free(job);
}

static void
count_up(void *data)
{
    atomic_fetch_add((atomic_int *)data, 1);
}

static void
hooks(void)
{
    SxJob *job = sx_job_new();
    atomic_int first = 0, second = 0, late = 0;
    ok(sx_job_hook_add(job, count_up, &first) && sx_job_hook_add(job, count_up, &second), "two hooks");
    sx_job_hook_remove(job, count_up, &second);
    sx_job_hook_remove(job, count_up, &second);
    ok(!sx_job_cancelled(job) && first == 0, "not before the cancel");
    sx_job_cancel(job);
    sx_job_cancel(job);
    ok(sx_job_cancelled(job) && sx_job_progress(job).cancelled, "cancelled");
    ok(first == 1 && second == 0, "called once, and not once removed");
    ok(sx_job_hook_add(job, count_up, &late) && late == 1, "one that comes late is called at once");
    sx_job_free(job);

    job = sx_job_new();
    int added = 0;
    while (added < 1000 && sx_job_hook_add(job, count_up, &first))
        added++;
    ok(added == 64, "room for 64");
    sx_job_hook_remove(job, count_up, &first);
    ok(sx_job_hook_add(job, count_up, &second), "and again after a removal");
    sx_job_cancel(job);
    ok(first == 64 && second == 1, "all are called");
    sx_job_free(job);
}

/* A hook writes where its owner may only look after the removal: if it ran later, TSan and the check see it. */
typedef struct Owner {
    SxJob *job;
    int calls; /* not atomic on purpose */
    bool added;
} Owner;

static void
touch(void *data)
{
    ((Owner *)data)->calls++;
}

static void *
own(void *data)
{
    Owner *owner = data;
    owner->added = sx_job_hook_add(owner->job, touch, owner);
    sx_job_hook_remove(owner->job, touch, owner);
    owner->calls += 100;
    return NULL;
}

static void *
cancel(void *data)
{
    sx_job_cancel(data);
    return NULL;
}

static void
races(int rounds)
{
    bool right = true;
    int called = 0;
    for (int i = 0; i < rounds && right; i++) {
        SxJob *job = sx_job_new();
        Owner owners[THREADS];
        pthread_t threads[THREADS], cancellers[2];
        for (int k = 0; k < THREADS; k++) {
            owners[k] = (Owner){.job = job};
            pthread_create(&threads[k], NULL, own, &owners[k]);
            if (k % 2)
                pthread_create(&cancellers[k / 2], NULL, cancel, job);
        }
        for (int k = 0; k < THREADS; k++)
            pthread_join(threads[k], NULL);
        for (int k = 0; k < 2; k++)
            pthread_join(cancellers[k], NULL);
        for (int k = 0; k < THREADS; k++) {
            right = right && owners[k].added && (owners[k].calls == 100 || owners[k].calls == 101);
            called += owners[k].calls - 100;
        }
        right = right && sx_job_cancelled(job);
        sx_job_free(job);
    }
    ok(right, "%d rounds of adding, removing and cancelling at once; %d hooks called", rounds, called);
}

static void
nobody(void)
{
    sx_job_total(NULL, 1);
    sx_job_advance(NULL, 1);
    sx_job_found(NULL, 1);
    sx_job_cancel(NULL);
    sx_job_hook_remove(NULL, count_up, NULL);
    sx_job_free(NULL);
    ok(!sx_job_cancelled(NULL) && sx_job_hook_add(NULL, count_up, NULL) && sx_job_progress(NULL).done == 0,
       "nobody is watching");
}

int
main(int argc, char **argv)
{
    progress();
    hooks();
    races(argc > 1 ? atoi(argv[1]) : 200);
    nobody();
    return done_testing();
}
