/* ui_find_miss.c - see ui_find_miss.h. */
#include "command/ui_find_miss.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

#define COUNTED_MAX (UINT64_C(256) << 20) /* bytes that are counted through for a hint */

typedef struct Other {
    MissReading readings[MISS_READINGS];
    size_t n_readings;
    SxSnapshot *snapshot;
    SxSpan range;
    size_t found; /* the reading that finds something, n_readings: none does */
    uint64_t at;
    uint64_t count; /* 0: not counted */
} Other;

struct Miss {
    Task *task;
    Other *other; /* the task's until it is done */
};

static void
other_free(void *p)
{
    Other *o = p;
    for (size_t i = 0; i < o->n_readings; i++)
        sx_pattern_release(o->readings[i].pattern);
    sx_snapshot_release(o->snapshot);
    free(o);
}

static void
other_run(void *p, SxJob *job)
{
    Other *o = p;
    SxMatch match;
    SxSource *source = sx_snapshot_source(o->snapshot);
    SxSpan range = sx_span_clip(o->range, sx_snapshot_length(o->snapshot));
    size_t i = 0;
    while (i < o->n_readings && !sx_job_cancelled(job) &&
           sx_search_find(o->readings[i].pattern, source, range, NULL, job, &match, NULL, NULL) != SX_FOUND)
        i++;
    o->found = i;
    if (i == o->n_readings || sx_job_cancelled(job))
        return;
    o->at = match.span.at;
    if (range.len <= COUNTED_MAX &&
        sx_search_count(o->readings[i].pattern, source, range, NULL, job, &o->count, NULL, NULL) != SX_FOUND)
        o->count = 0;
}

Miss *
miss_start(SxSession *s, const MissReading *readings, size_t count, SxSpan range)
{
    Miss *m = calloc(1, sizeof *m);
    Other *o = calloc(1, sizeof *o);
    SxSnapshot *now = sx_document_snapshot(session_document(s));
    if (!m || !o || !now) {
        for (size_t i = 0; i < count; i++)
            sx_pattern_release(readings[i].pattern);
        sx_snapshot_release(now);
        free(o);
        free(m);
        return NULL;
    }
    *o = (Other){.n_readings = count, .snapshot = now, .range = range, .found = count};
    memcpy(o->readings, readings, count * sizeof *readings);
    m->other = o;
    if (task_start(&m->task, other_run, o, other_free, s->options.wake, s->options.data, NULL))
        return m;
    free(m);
    return NULL;
}

const MissReading *
miss_found(const Miss *m)
{
    const Other *o = m->other;
    return task_done(m->task) && o->found < o->n_readings ? &o->readings[o->found] : NULL;
}

void
miss_words(const Miss *m, char *buf, size_t size)
{
    const MissReading *r = miss_found(m);
    uint64_t count = m->other->count;
    buf[0] = '\0';
    if (r && count)
        snprintf(buf, size, "%s, %" PRIu64 " match%s", r->how, count, count == 1 ? "" : "es");
    else if (r)
        snprintf(buf, size, "%s, at 0x%" PRIx64, r->how, m->other->at);
}

void
miss_drop(Miss *m)
{
    if (!m)
        return;
    task_drop(m->task);
    free(m);
}
