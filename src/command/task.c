/* task.c - a detached thread, counted: its data is freed by the last of owner and worker. */
#include "command/task.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct Task {
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ended;
    bool done;
    bool forgotten; /* the owner has let go: nobody is to be woken */
    unsigned holders;

    TaskRun *run;
    TaskFree *free_data;
    void *data;
    void (*wake)(void *);
    void *wake_data;
    SxJob *job;
};

static void
task_free(Task *t)
{
    if (t->free_data)
        t->free_data(t->data);
    sx_job_free(t->job);
    pthread_cond_destroy(&t->ended);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static void
task_release(Task *t)
{
    pthread_mutex_lock(&t->lock);
    bool last = --t->holders == 0;
    pthread_mutex_unlock(&t->lock);
    if (last)
        task_free(t);
}

static void *
task_main(void *p)
{
    Task *t = p;
    t->run(t->data, t->job);
    pthread_mutex_lock(&t->lock);
    t->done = true;
    pthread_cond_broadcast(&t->ended);
    /* under the lock, so that after task_drop nobody calls into a session that is gone */
    if (t->wake && !t->forgotten)
        t->wake(t->wake_data);
    pthread_mutex_unlock(&t->lock);
    task_release(t);
    return NULL;
}

/* Signals are the main thread's business; faults of this thread still are its own. */
static int
thread_start(Task *t)
{
    sigset_t all, old;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attributes, task_main, t);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return error;
}

static void
task_init_ended(Task *t)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&t->ended, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool
task_start(Task **out, TaskRun *run, void *data, TaskFree *free_data, void (*wake)(void *), void *wake_data,
           SxError *err)
{
    Task *t = calloc(1, sizeof *t);
    if (!t) {
        if (free_data)
            free_data(data);
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a worker");
    }
    *t = (Task){.holders = 2, .run = run, .free_data = free_data, .data = data, .wake = wake, .wake_data = wake_data};
    pthread_mutex_init(&t->lock, NULL);
    task_init_ended(t);
    t->job = sx_job_new();
    *out = t; /* before it runs: what it works on may look whether there is one */
    int error = thread_start(t);
    if (error) {
        *out = NULL;
        task_free(t);
        return sx_fail_errno(err, error, "cannot start a worker");
    }
    return true;
}

bool
task_done(Task *t)
{
    pthread_mutex_lock(&t->lock);
    bool done = t->done;
    pthread_mutex_unlock(&t->lock);
    return done;
}

bool
task_wait(Task *t, unsigned ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&t->lock);
    while (!t->done && pthread_cond_timedwait(&t->ended, &t->lock, &until) == 0)
        ;
    bool done = t->done;
    pthread_mutex_unlock(&t->lock);
    return done;
}

SxJob *
task_job(Task *t)
{
    return t->job;
}

void
task_drop(Task *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->forgotten = true;
    bool done = t->done;
    pthread_mutex_unlock(&t->lock);
    if (!done)
        sx_job_cancel(t->job);
    task_release(t);
}
