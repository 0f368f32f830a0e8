/*
 * crew.c - pieces of a scene in a ring, the workers that walk them, and the one who takes what they found.
 */
#include "search/crew.h"

#include "search/clock.h"
#include "search/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    RING = 16,              /* pieces that are walked or wait to be taken */
    PIECE_FIRST = 4 << 20,  /* bytes; twice as much each time up to */
    PIECE_MAX = 32 << 20,
    ISLANDS_MAX = 64,       /* extents in a piece that lies in runs */
    ALONE = 4 << 20,        /* so much is walked before anybody is called to help */
    FOUND_MAX = 4 << 20,    /* bytes of records in a piece that waits for its turn */
    TELL_EVERY = 5000000,   /* nanoseconds */
    WORKERS_MAX = 64,
};

typedef struct Piece {
    uint64_t begin, end;
    Batch found;        /* records that were not taken yet; without gaps to those taken */
    WalkState state;    /* behind them */
    Progress progress;  /* MORE: a worker walks it */
    uint64_t gave_up;
    bool dropped;       /* nobody wants it any more */
    SxError err;
} Piece;

struct Crew {
    Scene scene;        /* of the workers: with a job of their own */
    Scene mine;         /* of the one who takes */
    uint64_t stop;
    unsigned threads;
    uint64_t alone;     /* up to here nobody helps */
    uint64_t piece_size, piece_max;
    SxJob *job;         /* ends the workers */
    Walk walk;          /* of the one who takes */
    uint64_t gave_up;

    pthread_mutex_t plan; /* handing out pieces */
    uint64_t next;        /* where the next piece begins */

    pthread_mutex_t lock; /* all below, and what is in pieces */
    pthread_cond_t news;  /* for the one who takes: something came to the front piece */
    pthread_cond_t room;  /* for workers: something was taken, or is not wanted */
    Piece ring[RING];
    uint64_t front, handed; /* pieces taken, and handed out, in all */
    bool closing;

    pthread_t worker[WORKERS_MAX];
    unsigned workers;

    /* of the one who takes: */
    SxMatch *match;     /* may be NULL */
    bool begun;         /* something of the front piece was taken */
    bool synced;        /* what it holds is what the walk would find */
    bool same;          /* the walk's place is the end of a match that the worker has, too */
    Run rest;           /* of a record that was handed on in part */
    Batch taken;        /* records out of the front piece; what it counts are those */
    BatchCursor cursor; /* that were not read yet, from here on */
    WalkState behind;   /* the worker's state behind them */
    Progress progress;  /* of the front piece when they were taken */
};

/* --- workers ------------------------------------------------------------------------------------------------------------- */

static bool
extent_at(const Crew *c, uint64_t at, SxExtent *out)
{
    return at < c->scene.size && sx_source_extent(c->scene.source, at, out, NULL);
}

static bool
is_run(const Crew *c, const SxExtent *e)
{
    return e->kind != SX_EXTENT_DATA && e->span.len >= c->scene.fill;
}

/*
 * Where a piece that begins at `begin` ends: never inside a long run of one byte, which is walked by arithmetic. Behind a
 * run it goes on over islands in it, until they make up a piece.
 */
static uint64_t
piece_end(Crew *c, uint64_t begin)
{
    SxExtent e;
    uint64_t left = c->piece_size, end = c->stop - begin > left ? begin + left : c->stop;
    c->piece_size = left * 2 < c->piece_max ? left * 2 : c->piece_max;
    for (unsigned i = 0; i < ISLANDS_MAX && end < c->stop && extent_at(c, end, &e) && is_run(c, &e); i++) {
        end = sx_span_end(e.span);
        if (end >= c->stop || !extent_at(c, end, &e) || is_run(c, &e) || e.span.len >= left)
            break;
        end = sx_span_end(e.span);
        left -= e.span.len;
    }
    return end < c->stop ? end : c->stop;
}

/* Waits for room in the ring. NULL: there is nothing more to do. */
static Piece *
hand_out(Crew *c)
{
    pthread_mutex_lock(&c->plan);
    pthread_mutex_lock(&c->lock);
    while (!c->closing && c->handed - c->front == RING)
        pthread_cond_wait(&c->room, &c->lock);
    bool over = c->closing || c->next >= c->stop;
    pthread_mutex_unlock(&c->lock);
    Piece *p = NULL;
    if (!over) {
        uint64_t begin = c->next;
        c->next = piece_end(c, begin);
        pthread_mutex_lock(&c->lock);
        p = &c->ring[c->handed++ % RING];
        batch_reset(&p->found, begin);
        *p = (Piece){.begin = begin, .end = c->next, .found = p->found, .state.pos = begin, .progress = WALK_MORE};
        pthread_cond_signal(&c->news);
        pthread_mutex_unlock(&c->lock);
    }
    pthread_mutex_unlock(&c->plan);
    return p;
}

/* Moves all records. */
static bool
append(Batch *to, Batch *from)
{
    if (!batch_append(to, from, 0, from->count, from->records))
        return false;
    from->used = 0;
    from->count = from->records = 0;
    return true;
}

/* Only the front piece is waited for. */
static bool
is_front(const Crew *c, const Piece *p)
{
    return p == &c->ring[c->front % RING];
}

/* What was found goes to the piece. false: nobody wants more. */
static bool
publish(Crew *c, Piece *p, const Walk *w, Batch *found, Progress progress)
{
    pthread_mutex_lock(&c->lock);
    if (!append(&p->found, found)) {
        sx_fail(&p->err, SX_ERR_NOMEM, "no memory for matches");
        progress = WALK_FAILED;
    }
    p->state = w->state;
    p->progress = progress;
    p->gave_up = w->gave_up;
    while (progress == WALK_MORE && !c->closing && !p->dropped && !is_front(c, p) && p->found.used > FOUND_MAX)
        pthread_cond_wait(&c->room, &c->lock);
    bool wanted = !c->closing && !p->dropped;
    if (!wanted && progress == WALK_MORE)
        p->progress = WALK_CANCELLED;
    if (is_front(c, p))
        pthread_cond_signal(&c->news);
    pthread_mutex_unlock(&c->lock);
    return wanted && progress == WALK_MORE;
}

/* The first match at once; the rest from time to time, for whoever is told is woken. */
static void
walk_piece(Crew *c, Walk *w, Piece *p, Batch *found)
{
    uint64_t told = clock_now();
    bool first = true, wanted = true;
    batch_reset(found, p->begin);
    walk_go(w, (WalkState){.pos = p->begin});
    while (wanted) {
        Progress progress = walk_step(w, p->end, UINT64_MAX, found, &p->err);
        bool due = progress != WALK_MORE || (first && found->used > 0) || found->used > FOUND_MAX ||
                   clock_now() - told > TELL_EVERY;
        if (!due)
            continue;
        first = first && found->used == 0;
        told = clock_now();
        wanted = publish(c, p, w, found, progress);
    }
}

static void *
work(void *data)
{
    Crew *c = data;
    Walk w;
    Batch found = {0};
    SxError err = {0};
    worker_begin();
    bool opened = walk_open(&w, &c->scene, &err);
    for (Piece *p; (p = hand_out(c));) {
        if (opened) {
            walk_piece(c, &w, p, &found);
        } else {
            p->err = err;
            publish(c, p, &w, &found, WALK_FAILED);
        }
    }
    walk_close(&w);
    batch_clear(&found);
    return NULL;
}

static void
cancel_workers(void *job)
{
    sx_job_cancel(job);
}

/* As many as can be had; without any the caller walks on alone. */
static void
call_workers(Crew *c)
{
    c->job = sx_job_new();
    c->scene.job = c->job;
    c->next = c->walk.state.pos;
    if (!c->job || !sx_job_hook_add(c->mine.job, cancel_workers, c->job)) {
        c->threads = 1;
        return;
    }
    while (c->workers < c->threads && worker_start(&c->worker[c->workers], work, c))
        c->workers++;
    c->threads = c->workers ? c->threads : 1;
}

/* --- the one who takes -------------------------------------------------------------------------------------------------- */

bool
crew_open(Crew **out, const Scene *scene, uint64_t stop, unsigned threads, SxMatch *match, SxError *err)
{
    const Regex *r = &scene->pattern->regex;
    Crew *c = calloc(1, sizeof *c);
    if (!c)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a search");
    c->scene = c->mine = *scene;
    c->stop = stop;
    c->threads = threads ? threads : worker_count();
    c->threads = c->threads < WORKERS_MAX ? c->threads : WORKERS_MAX;
    if (scene->pattern->how == MATCH_REGEX && (r->head || r->keeps || r->begins))
        c->threads = 1;
    bool tiny = scene->step < PIECE_FIRST / 4; /* a test: seams everywhere */
    c->alone = scene->in.at + (tiny ? 0 : ALONE);
    c->piece_size = tiny ? scene->step : PIECE_FIRST;
    c->piece_max = tiny ? scene->step : PIECE_MAX;
    pthread_mutex_init(&c->plan, NULL);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->news, NULL);
    pthread_cond_init(&c->room, NULL);
    if (!walk_open(&c->walk, &c->mine, err)) {
        crew_close(c);
        return false;
    }
    walk_go(&c->walk, (WalkState){.pos = scene->in.at, .head = true});
    c->walk.match = c->match = match;
    *out = c;
    return true;
}

void
crew_close(Crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->closing = true;
    pthread_cond_broadcast(&c->room);
    pthread_mutex_unlock(&c->lock);
    if (c->job) {
        sx_job_hook_remove(c->mine.job, cancel_workers, c->job);
        sx_job_cancel(c->job);
    }
    for (unsigned i = 0; i < c->workers; i++)
        pthread_join(c->worker[i], NULL);
    for (size_t i = 0; i < RING; i++)
        batch_clear(&c->ring[i].found);
    batch_clear(&c->taken);
    walk_close(&c->walk);
    sx_job_free(c->job);
    pthread_cond_destroy(&c->news);
    pthread_cond_destroy(&c->room);
    pthread_mutex_destroy(&c->lock);
    pthread_mutex_destroy(&c->plan);
    free(c);
}

uint64_t
crew_pos(const Crew *c)
{
    return c->walk.state.pos;
}

uint64_t
crew_gave_up(const Crew *c)
{
    return c->gave_up;
}

/* What the front piece has by now, at least something; `c->taken` is empty. */
static Piece *
take(Crew *c)
{
    pthread_mutex_lock(&c->lock);
    Piece *p = &c->ring[c->front % RING];
    while (c->handed == c->front ||
           (p->progress == WALK_MORE && p->found.used == 0 && p->state.pos == c->behind.pos))
        pthread_cond_wait(&c->news, &c->lock);
    Batch empty = c->taken;
    empty.used = 0;
    empty.count = empty.records = 0;
    empty.state = p->found.state;
    c->taken = p->found;
    p->found = empty;
    c->cursor.at = 0;
    c->behind = p->state;
    c->progress = p->progress;
    pthread_cond_broadcast(&c->room);
    pthread_mutex_unlock(&c->lock);
    return p;
}

/* The front piece is done with. A worker that still walks it is told, and waited for: the place in the ring is reused. */
static void
drop_front(Crew *c)
{
    pthread_mutex_lock(&c->lock);
    Piece *p = &c->ring[c->front % RING];
    p->dropped = true;
    pthread_cond_broadcast(&c->room);
    while (p->progress == WALK_MORE)
        pthread_cond_wait(&c->news, &c->lock);
    c->front++;
    pthread_cond_broadcast(&c->room);
    pthread_mutex_unlock(&c->lock);
    c->taken.used = 0;
    c->begun = c->synced = false;
}

static bool
read_taken(Crew *c, Run *run)
{
    if (!batch_next(&c->taken, &c->cursor, run))
        return false;
    c->taken.count -= run->count;
    c->taken.records--;
    return true;
}

typedef enum Meeting {
    SAME,    /* the worker came by here in the same state */
    OUTSIDE, /* outside of all its matches */
    INSIDE,  /* inside of one, or it never came here */
    UNKNOWN, /* it did not come here yet */
} Meeting;

/* Drops `k` matches of the run at hand. */
static void
drop(Run *run, uint64_t k)
{
    run->at += k * run->stride;
    run->count -= k;
}

/* How the place of the walk lies to the matches of the piece; drops those before it. */
static Meeting
meet(Crew *c)
{
    const WalkState *at = &c->walk.state;
    Run *run = &c->rest;
    while (run->count > 0 || read_taken(c, run)) {
        uint64_t last = run->at + (run->count - 1) * run->stride; /* k: so many begin before the place */
        uint64_t k = run->at >= at->pos ? 0 : last < at->pos ? run->count : (at->pos - 1 - run->at) / run->stride + 1;
        k += at->nonempty && k < run->count && run->len == 0 && run->at + k * run->stride == at->pos;
        uint64_t end = run->at + (k - 1) * run->stride + run->len;
        if (k > 0 && end > at->pos) {
            drop(run, k - 1);
            return INSIDE;
        }
        if (k > 0)
            c->same = end == at->pos && (run->len == 0) == at->nonempty;
        drop(run, k);
        if (run->count > 0)
            return c->same ? SAME : OUTSIDE;
    }
    if (c->behind.pos >= at->pos)
        return c->same ? SAME : OUTSIDE;
    return c->progress == WALK_MORE ? UNKNOWN : INSIDE;
}

/* Whether a walk that comes to this place in the plain state would go on otherwise. */
static bool
is_special(const Crew *c)
{
    const SxPattern *p = c->mine.pattern;
    const WalkState *at = &c->walk.state;
    return at->nonempty || (at->head && p->how == MATCH_REGEX && p->regex.utf);
}

static Progress
no_memory(SxError *err)
{
    sx_fail(err, SX_ERR_NOMEM, "no memory for matches");
    return WALK_FAILED;
}

/* The next record that was taken. `one`: of a run of matches only the first. */
static bool
next_taken(Crew *c, bool one, Run *run)
{
    if (c->rest.count == 0 && !read_taken(c, &c->rest))
        return false;
    *run = c->rest;
    run->count = one ? 1 : run->count;
    c->rest.at += run->stride * run->count;
    c->rest.count -= run->count;
    return true;
}

/* Looks at the match again, for its groups. */
static void
describe(Crew *c, SxSpan span)
{
    SxMatch *m = c->match;
    WalkState state = c->walk.state;
    bool found = c->mine.pattern->how == MATCH_REGEX && c->mine.pattern->regex.groups > 0;
    if (found) {
        walk_go(&c->walk, (WalkState){.pos = span.at, .nonempty = span.len > 0});
        found = walk_next(&c->walk, span.at + 1, &found, m, NULL) == WALK_DONE && found;
    }
    if (!found)
        *m = (SxMatch){.groups = 1, .group[0] = span};
    m->span = span;
    c->walk.match = m;
    walk_go(&c->walk, state);
}

/* All that was taken and not read, as it is packed. */
static bool
give_rest(Crew *c, Batch *out)
{
    const Batch *b = &c->taken;
    if (!batch_append(out, b, c->cursor.at, b->count, b->records))
        return false;
    c->cursor = (BatchCursor){b->used, b->state};
    c->walk.state = (WalkState){b->state.end, b->state.len == 0, true};
    return true;
}

/* Hands on what was taken. `first`: one match only. What stands behind the first record may be packed alike. */
static bool
give(Crew *c, bool first, Batch *out)
{
    Run run;
    if (!next_taken(c, first, &run))
        return true;
    if (!batch_add(out, &run))
        return false;
    c->walk.state = (WalkState){run.at + (run.count - 1) * run.stride + run.len, run.len == 0, true};
    if (c->match)
        describe(c, (SxSpan){run.at, run.len});
    return first || c->cursor.at == c->taken.used || give_rest(c, out);
}

/* The walk stands where the front piece does, and goes on as it did. */
static Progress
go_along(Crew *c, bool first, Batch *out, SxError *err)
{
    if (c->rest.count == 0 && c->cursor.at == c->taken.used && c->progress == WALK_MORE)
        take(c);
    if (!give(c, first, out))
        return no_memory(err);
    if (c->rest.count > 0 || c->cursor.at < c->taken.used)
        return WALK_MORE;
    const Piece *p = &c->ring[c->front % RING]; /* written before its progress was */
    c->walk.state = c->behind;
    if (c->progress == WALK_MORE)
        return WALK_MORE;
    if (c->progress == WALK_DONE) {
        drop_front(c);
        return c->walk.state.pos >= c->stop ? WALK_DONE : WALK_MORE;
    }
    c->gave_up = p->gave_up;
    if (c->progress == WALK_FAILED && err)
        *err = p->err;
    return c->progress;
}

static void
begin_piece(Crew *c)
{
    c->behind.pos = UINT64_MAX;
    Piece *p = take(c);
    c->cursor = (BatchCursor){0, {p->begin, 0}};
    c->rest.count = 0;
    c->begun = true;
    c->same = false;
}

static Progress
walk_alone(Crew *c, uint64_t stop, bool first, Batch *out, SxError *err)
{
    Progress p = walk_step(&c->walk, stop, first ? 1 : UINT64_MAX, out, err);
    c->gave_up = c->walk.gave_up;
    return p;
}

/* The walk comes to a piece, or stands inside a match that its worker found. */
static Progress
join(Crew *c, Batch *out, SxError *err)
{
    const Piece *p = &c->ring[c->front % RING];
    if (!c->begun)
        begin_piece(c);
    if (c->walk.state.pos >= p->end) {
        drop_front(c);
        return WALK_MORE;
    }
    Meeting m = meet(c);
    if (m == UNKNOWN) {
        take(c);
        return WALK_MORE;
    }
    c->synced = m == SAME || (m == OUTSIDE && !is_special(c));
    if (c->synced)
        return WALK_MORE;
    c->same = false;
    return walk_alone(c, m == OUTSIDE ? c->walk.state.pos + 1 : p->end, true, out, err);
}

static Progress
step(Crew *c, bool first, Batch *out, SxError *err)
{
    if (c->walk.state.pos >= c->stop)
        return WALK_DONE;
    if (c->threads > 1 && c->workers == 0 && c->walk.state.pos >= c->alone)
        call_workers(c);
    if (c->workers == 0)
        return walk_alone(c, c->stop, first, out, err);
    return c->synced ? go_along(c, first, out, err) : join(c, out, err);
}

Progress
crew_step(Crew *c, bool first, Batch *out, SxError *err)
{
    uint64_t from = c->walk.state.pos;
    Progress p = step(c, first || c->match, out, err);
    if (c->walk.state.pos > from)
        sx_job_advance(c->mine.job, c->walk.state.pos - from);
    return p;
}
