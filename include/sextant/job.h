/*
 * job.h - progress and cancel for work that may last.
 *
 * The one who waits makes an SxJob, hands it to the call that works (in another thread or in this one) and may read
 * its progress or cancel it at any time. Workers report bytes done and ask `sx_job_cancelled` at least every few
 * milliseconds. Every function takes NULL for "nobody is watching".
 *
 * ownership  made by sx_job_new, freed by sx_job_free when no worker holds it any more
 * threads    every call from any thread, at the same time
 */
#pragma once

#include <sextant/bytes.h>

SX_BEGIN

typedef struct SxJob SxJob;

typedef struct SxProgress {
    uint64_t done;  /* bytes */
    uint64_t total; /* bytes, 0 when unknown */
    uint64_t found; /* items: matches, places, lines */
    bool cancelled;
    uint64_t nanoseconds; /* since sx_job_new */
} SxProgress;

SX_API SxJob *sx_job_new(void) SX_MUST_USE; /* NULL: no memory, which is "nobody is watching" */
SX_API void sx_job_free(SxJob *job);

/* For the worker. `total` may be corrected while the work goes on; `advance` and `found` add. */
SX_API void sx_job_total(SxJob *job, uint64_t bytes);
SX_API void sx_job_advance(SxJob *job, uint64_t bytes);
SX_API void sx_job_found(SxJob *job, uint64_t items);
SX_API bool sx_job_cancelled(const SxJob *job); /* costs one load */

/* For the one who waits. Cancel may come from any thread, and more than once; it cannot be taken back. It takes a lock,
 * so a signal handler must not call it. The counts of one progress may be a moment apart from each other. */
SX_API void sx_job_cancel(SxJob *job);
SX_API SxProgress sx_job_progress(const SxJob *job);

/*
 * A hook that cancel calls, once, in the canceller's thread, for work that cannot ask (a regex in one long match).
 *
 * hook     must be quick, and must not call this job's add, remove or cancel: it runs under the job's lock
 * add      to a job that is cancelled already calls it at once; false when 64 are there: then the work must ask by itself
 * remove   returns when the hook is not running and will not run again
 */
typedef void SxCancelHook(void *data);
SX_API bool sx_job_hook_add(SxJob *job, SxCancelHook *hook, void *data);
SX_API void sx_job_hook_remove(SxJob *job, SxCancelHook *hook, void *data);

SX_END
