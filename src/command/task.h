/*
 * task.h - one piece of work in a thread of its own, that may be forgotten while it runs.
 *
 * Whoever started it polls task_done (the hook wakes the loop), takes the result out of `data`, and drops it. A task
 * that hangs in a dead disk is dropped, too: nobody waits for it, and the last of the two who hold it frees its data.
 *
 * threads    start, done, wait, drop: the owner's; run and wake: the worker's
 */
#pragma once

#include <sextant/error.h>
#include <sextant/job.h>

typedef struct Task Task;
typedef void TaskRun(void *data, SxJob *job);
typedef void TaskFree(void *data);

/* Takes `data` (freed by `free_data` at the end, also on failure). `wake` is called once, when the work is done. */
bool task_start(Task **out, TaskRun *run, void *data, TaskFree *free_data, void (*wake)(void *), void *wake_data,
                SxError *err);
bool task_done(Task *t);                   /* then its data belongs to the owner's thread */
bool task_wait(Task *t, unsigned ms);      /* done within this time? */
SxJob *task_job(Task *t);
void task_drop(Task *t);                   /* cancels what still runs, and lets go; NULL is fine */
