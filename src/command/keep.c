/* keep.c - see keep.h. */
#include "command/keep.h"

#include <stdlib.h>

#include "command/task.h"

enum { SLICE = 16384, CHUNK = 1024, ASK_EVERY = 256 };

/* What the worker reads; whoever lets go last frees it. */
typedef struct Reading {
    SxSnapshot *snapshot;
    Kept *places;
    Kept *kept; /* NULL when it failed */
} Reading;

struct Keeping {
    Reading *reading; /* the task's from its start on */
    uint64_t next;    /* where the next slice begins */
    Task *task;
    void (*wake)(void *);
    void *data;
};

static void
reading_free(void *p)
{
    Reading *r = p;
    sx_snapshot_release(r->snapshot);
    kept_release(r->places);
    kept_release(r->kept);
    free(r);
}

static void
read_all(void *p, SxJob *job)
{
    Reading *r = p;
    SxSource *source = sx_snapshot_source(r->snapshot);
    Kept *kept = kept_new();
    bool good = kept != NULL;
    for (size_t i = 0; good && i < r->places->count; i++) {
        good = kept_add_read(kept, r->places->at[i], source, NULL);
        if (i % ASK_EVERY == 0)
            good = good && !sx_job_cancelled(job);
    }
    if (good)
        r->kept = kept;
    else
        kept_release(kept);
}

Keeping *
keeping_start(Found *f, SxSnapshot *now, void (*wake)(void *), void *data)
{
    Keeping *k = calloc(1, sizeof *k);
    Reading *r = calloc(1, sizeof *r);
    Kept *places = kept_new();
    if (!k || !r || !places || !now) {
        free(k);
        free(r);
        kept_release(places);
        sx_snapshot_release(now);
        return NULL;
    }
    *r = (Reading){.snapshot = now, .places = places};
    *k = (Keeping){.reading = r, .next = found_state(f).range.at, .wake = wake, .data = data};
    return k;
}

/* A slice of the places; false: that were all of them. */
static bool
copy_slice(Keeping *k, Found *f)
{
    SxSpan chunk[CHUNK];
    for (size_t done = 0; done < SLICE; done += CHUNK) {
        size_t n = found_from(f, k->next, chunk, CHUNK);
        for (size_t i = 0; i < n; i++) {
            if (!kept_add(k->reading->places, chunk[i]))
                return false;
        }
        if (n < CHUNK)
            return false;
        k->next = chunk[n - 1].at + 1;
    }
    return true;
}

bool
keeping_ready(Keeping *k, Found *f)
{
    if (k->task)
        return task_done(k->task);
    if (copy_slice(k, f)) {
        if (k->wake)
            k->wake(k->data);
        return false;
    }
    if (task_start(&k->task, read_all, k->reading, reading_free, k->wake, k->data, NULL))
        return task_wait(k->task, 1);
    k->task = NULL;
    k->reading = NULL; /* the task's even so */
    return true;
}

Found *
keeping_take(Keeping *k)
{
    Kept *kept = k->task ? k->reading->kept : NULL;
    Found *f = kept ? found_list(kept, sx_snapshot_length(k->reading->snapshot)) : NULL;
    if (kept)
        k->reading->kept = NULL; /* the worker may be the last to let go: it must not touch the count */
    kept_release(kept);
    keeping_drop(k);
    return f;
}

void
keeping_drop(Keeping *k)
{
    if (!k)
        return;
    if (k->task)
        task_drop(k->task);
    else if (k->reading)
        reading_free(k->reading);
    free(k);
}
