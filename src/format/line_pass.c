/*
 * line_pass.c - counting the unknown blocks of an index, in threads, over a source that does not change.
 *
 * A thread takes a run of neighbouring blocks, shows it at once and counts block by block. Counts are published by
 * atomic stores, so that the index can take them over while the pass goes on. Holes and fills are not read.
 */
#include "format/line_index.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RUN = 16 << 20, THREADS_MAX = 64, NICE = 5, TRIES = 8 };

typedef struct PassBlock {
    uint64_t at, len;
    uint64_t before; /* lines counted by the index before it, in other blocks */
    size_t index;
    _Atomic uint64_t count;
} PassBlock;

struct SxLinePass {
    atomic_uint holders;
    SxSource *source;
    SxLineFeed feed;
    uint64_t budget, until;
    PassBlock *blocks;
    size_t n;
    bool whole; /* nothing was known: what is counted can be kept */
    LineKeeper *keeper;
    pthread_mutex_t lock; /* guards what follows */
    size_t next;     /* not taken yet */
    size_t front;    /* all before are counted */
    uint64_t found;  /* line ends in those */
    _Atomic uint64_t read; /* bytes, without holes and fills; not guarded */
};

/* --- life --------------------------------------------------------------------------------------------------------------- */

static void
gather(SxLinePass *p, const SxLineIndex *ix)
{
    uint64_t at = 0, before = 0;
    for (size_t i = 0; i < ix->count; at += ix->blocks[i++].len) {
        const LineBlock *b = &ix->blocks[i];
        if (b->count != LINES_UNKNOWN) {
            before += b->count;
            continue;
        }
        PassBlock *q = &p->blocks[p->n++];
        q->at = at;
        q->len = b->len;
        q->before = before;
        q->index = i;
        atomic_init(&q->count, LINES_UNKNOWN);
    }
}

bool
sx_line_pass_new(SxLinePass **out, const SxLineIndex *ix, SxSource *source, uint64_t budget, uint64_t until,
                 const SxLineCache *cache, SxError *err)
{
    SxLinePass *p = calloc(1, sizeof *p);
    PassBlock *blocks = calloc(ix->count ? ix->count : 1, sizeof *blocks);
    if (!p || !blocks || sx_source_size(source) != ix->length) {
        free(p);
        free(blocks);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to count lines");
    }
    p->blocks = blocks;
    p->source = sx_source_retain(source);
    p->feed = ix->feed;
    p->budget = budget ? budget : UINT64_MAX;
    p->until = until;
    atomic_init(&p->holders, 1);
    pthread_mutex_init(&p->lock, NULL);
    gather(p, ix);
    p->whole = p->n == ix->count;
    p->keeper = cache && p->whole ? line_keeper_new(cache, ix) : NULL;
    *out = p;
    return true;
}

SxLinePass *
sx_line_pass_retain(SxLinePass *p)
{
    atomic_fetch_add(&p->holders, 1);
    return p;
}

void
sx_line_pass_release(SxLinePass *p)
{
    if (!p || atomic_fetch_sub(&p->holders, 1) > 1)
        return;
    sx_source_release(p->source);
    line_keeper_free(p->keeper);
    pthread_mutex_destroy(&p->lock);
    free(p->blocks);
    free(p);
}

/* --- one block ------------------------------------------------------------------------------------------------------------ */

/* What a thread has shown of the source, for several blocks. */
typedef struct Shown {
    SxPin pin;
    bool on;
} Shown;

static void
hide(SxLinePass *p, Shown *s)
{
    if (s->on)
        sx_source_unpin(p->source, &s->pin);
    s->on = false;
}

static bool
show(SxLinePass *p, Shown *s, uint64_t at, uint64_t end)
{
    if (s->on && at >= s->pin.span.at && at < sx_span_end(s->pin.span))
        return true;
    hide(p, s);
    s->on = sx_source_pin(p->source, sx_span(at, end), SX_PIN_SCAN, &s->pin, NULL);
    return s->on;
}

/* Line ends in a stretch that holds one byte again and again; `at` is where it begins. */
static uint64_t
count_fill(const SxLineFeed *feed, uint8_t fill, uint64_t len)
{
    for (unsigned i = 0; i < feed->len; i++)
        if (feed->bytes[i] != fill)
            return 0;
    return len / feed->len;
}

/* Of [at, end), what lies in one extent; *len is how much that is. `run`: where the thread's run ends. */
static bool
count_extent(SxLinePass *p, Shown *s, uint64_t at, uint64_t end, uint64_t run, uint64_t *len, uint64_t *count)
{
    SxExtent e;
    bool shown = s->on && at >= s->pin.span.at && at < sx_span_end(s->pin.span);
    if (!shown) {
        if (!sx_source_extent(p->source, at, &e, NULL))
            return false;
        uint64_t stop = sx_span_end(e.span);
        /* signs of several bytes may begin in one extent and end in the next */
        if (e.kind != SX_EXTENT_DATA && (p->feed.len == 1 || stop >= end)) {
            *len = (stop < end ? stop : end) - at;
            *count += count_fill(&p->feed, e.fill, *len);
            return true;
        }
        if (p->feed.len > 1)
            stop = run;
        if (!show(p, s, at, stop < run ? stop : run))
            return false;
    }
    uint64_t stop = sx_span_end(s->pin.span) < end ? sx_span_end(s->pin.span) : end;
    *len = stop - at;
    atomic_fetch_add(&p->read, *len);
    *count += sx_line_count(sx_bytes(s->pin.data + (at - s->pin.span.at), (size_t)*len), &p->feed);
    return true;
}

/* In a file that is written to, until nobody wrote meanwhile. */
static uint64_t
count_block(SxLinePass *p, Shown *s, const PassBlock *b, uint64_t run)
{
    for (int try = 0; try < TRIES; try++) {
        uint64_t count = 0, len = 0, end = b->at + b->len;
        bool stale = false;
        for (uint64_t at = b->at; at < end && !stale; at += len) {
            if (!count_extent(p, s, at, end, run, &len, &count))
                return LINES_UNKNOWN;
            stale = s->on && sx_source_stale(p->source, &s->pin);
        }
        if (!stale)
            return count;
        hide(p, s);
    }
    return LINES_UNKNOWN;
}

/* --- threads ----------------------------------------------------------------------------------------------------------------- */

/* Lock held: whether line `until` is known to begin before what is counted. */
static bool
enough(SxLinePass *p)
{
    for (; p->front < p->next; p->front++) {
        uint64_t count = atomic_load(&p->blocks[p->front].count);
        if (count == LINES_UNKNOWN)
            break;
        p->found += count;
    }
    uint64_t before = p->front < p->n ? p->blocks[p->front].before : 0;
    return p->until && p->front < p->n && before + p->found >= p->until;
}

/* The next run of neighbours; false: there is none, or enough was done. */
static bool
take_run(SxLinePass *p, size_t *from, size_t *to)
{
    pthread_mutex_lock(&p->lock);
    bool more = p->next < p->n && atomic_load(&p->read) < p->budget && !enough(p);
    *from = *to = p->next;
    uint64_t bytes = 0;
    while (more && *to < p->n && bytes < RUN) {
        const PassBlock *b = &p->blocks[*to];
        if (*to > *from && b->at != b[-1].at + b[-1].len)
            break;
        bytes += b->len;
        ++*to;
    }
    p->next = *to;
    pthread_mutex_unlock(&p->lock);
    return more;
}

typedef struct Worker {
    SxLinePass *pass;
    SxJob *job;
    pthread_t thread;
} Worker;

static void *
work(void *data)
{
    const Worker *w = data;
    SxLinePass *p = w->pass;
    size_t from, to;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
    while (!sx_job_cancelled(w->job) && take_run(p, &from, &to)) {
        Shown shown = {.on = false};
        uint64_t run = p->blocks[to - 1].at + p->blocks[to - 1].len;
        for (size_t i = from; i < to && !sx_job_cancelled(w->job); i++) {
            atomic_store(&p->blocks[i].count, count_block(p, &shown, &p->blocks[i], run));
            sx_job_advance(w->job, p->blocks[i].len);
        }
        hide(p, &shown);
    }
    return NULL;
}

static size_t
thread_count(const SxLinePass *p)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t runs = 0;
    for (size_t i = 0; i < p->n && runs < THREADS_MAX * (uint64_t)RUN; i++)
        runs += p->blocks[i].len;
    size_t n = (size_t)(runs / RUN) + 1;
    n = cores > 0 && (size_t)cores < n ? (size_t)cores : n;
    return n < THREADS_MAX ? n : THREADS_MAX;
}

static void
count_all(SxLinePass *p, SxJob *job)
{
    Worker workers[THREADS_MAX];
    size_t want = thread_count(p), n = 0;
    sigset_t all, old;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    while (n < want) {
        workers[n] = (Worker){.pass = p, .job = job};
        if (pthread_create(&workers[n].thread, NULL, work, &workers[n]) != 0)
            break;
        n++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    for (size_t i = 0; i < n; i++)
        pthread_join(workers[i].thread, NULL);
}

/* --- what was kept --------------------------------------------------------------------------------------------------------------- */

static bool
use_kept(SxLinePass *p)
{
    uint64_t *counts = p->keeper ? malloc(p->n * sizeof *counts) : NULL;
    bool there = counts && line_keeper_load(p->keeper, p->source, counts, p->n);
    for (size_t i = 0; there && i < p->n; i++)
        atomic_store(&p->blocks[i].count, counts[i]);
    free(counts);
    return there;
}

static void
keep(SxLinePass *p)
{
    uint64_t *counts = p->keeper ? malloc(p->n * sizeof *counts) : NULL;
    bool all = counts != NULL;
    for (size_t i = 0; all && i < p->n; i++) {
        counts[i] = atomic_load(&p->blocks[i].count);
        all = counts[i] != LINES_UNKNOWN;
    }
    if (all)
        line_keeper_save(p->keeper, p->source, counts, p->n);
    free(counts);
}

void
sx_line_pass_run(SxLinePass *p, SxJob *job)
{
    if (p->n == 0 || use_kept(p))
        return;
    count_all(p, job);
    keep(p);
}

void
sx_line_index_take(SxLineIndex *ix, const SxLinePass *p)
{
    size_t first = ix->count;
    for (size_t i = 0; i < p->n; i++) {
        uint64_t count = atomic_load(&p->blocks[i].count);
        LineBlock *b = &ix->blocks[p->blocks[i].index];
        if (count == LINES_UNKNOWN || b->count != LINES_UNKNOWN)
            continue;
        b->count = count;
        first = p->blocks[i].index < first ? p->blocks[i].index : first;
    }
    if (first < ix->count)
        line_index_sum(ix, first);
}
