/* ui_find_miss.c - see ui_find_miss.h. */
#include "command/ui_find_miss.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/ui.h"

#define COUNTED_MAX (UINT64_C(256) << 20) /* bytes that are counted through for a hint */

typedef struct Other {
    SxPattern *pattern;
    SxSnapshot *snapshot;
    SxSpan range;
    SxFound found;
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
    sx_pattern_release(o->pattern);
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
    o->found = sx_search_find(o->pattern, source, range, NULL, job, &match, NULL, NULL);
    if (o->found != SX_FOUND)
        return;
    o->at = match.span.at;
    if (range.len <= COUNTED_MAX &&
        sx_search_count(o->pattern, source, range, NULL, job, &o->count, NULL, NULL) != SX_FOUND)
        o->count = 0;
}

Miss *
miss_start(SxSession *s, SxPattern *other, SxSpan range)
{
    Miss *m = calloc(1, sizeof *m);
    Other *o = calloc(1, sizeof *o);
    SxSnapshot *now = sx_document_snapshot(session_document(s));
    if (m && o && now) {
        *o = (Other){.pattern = other, .snapshot = now, .range = range};
        m->other = o;
        if (task_start(&m->task, other_run, o, other_free, s->options.wake, s->options.data, NULL))
            return m;
        free(m);
        return NULL;
    }
    free(m);
    free(o);
    sx_snapshot_release(now);
    sx_pattern_release(other);
    return NULL;
}

void
miss_words(Miss *m, char *buf, size_t size)
{
    const Other *o = m->other;
    buf[0] = '\0';
    if (!task_done(m->task))
        return;
    if (o->found == SX_ABSENT)
        snprintf(buf, size, ", none");
    else if (o->found == SX_FOUND && o->count)
        snprintf(buf, size, ", %" PRIu64 " match%s", o->count, o->count == 1 ? "" : "es");
    else if (o->found == SX_FOUND)
        snprintf(buf, size, ", at 0x%" PRIx64, o->at);
}

void
miss_drop(Miss *m)
{
    if (!m)
        return;
    task_drop(m->task);
    free(m);
}
