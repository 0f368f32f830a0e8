/*
 * back.c - handing out pieces from the end backwards, and what each of them answers.
 */
#include "search/back.h"

#include "search/scene.h"
#include "search/worker.h"

enum {
    BLOCK_FIRST = 64 << 10, /* places; four times as many each time up to */
    BLOCK_MAX = 4 << 20,
    ALONE = 4 << 20, /* so many are searched before anybody is called to help */
    WORKERS_MAX = 64,
};

/* Places [from, stop). */
typedef struct Piece {
    uint64_t from, stop;
    uint64_t index; /* from the end */
} Piece;

typedef struct Answer {
    Progress progress;
    bool found;
    SxMatch match;
    uint64_t gave_up;
    SxError err;
} Answer;

typedef struct Back {
    Scene scene; /* with the job that ends those who search */
    SxJob *told; /* how far it came */
    uint64_t block, block_max;

    pthread_mutex_t lock; /* all below */
    pthread_cond_t news;
    uint64_t stop;      /* places before this are not handed out yet */
    uint64_t next;      /* index of the next piece */
    uint64_t decided;   /* index of the piece that ends the search; UINT64_MAX: none yet */
    Answer answer;      /* of that piece */
    uint64_t busy[WORKERS_MAX]; /* index of the piece that each of them searches; UINT64_MAX: none */
    bool over;
} Back;

/* --- one piece ----------------------------------------------------------------------------------------------------------- */

/* The next match that begins in [from, stop). */
static Progress
next_in(Walk *w, uint64_t from, uint64_t stop, Answer *a, bool *found)
{
    walk_go(w, (WalkState){.pos = from, .head = from == w->scene->in.at});
    return walk_next(w, stop, found, &a->match, &a->err);
}

/* The last match that begins in [from, stop), one after the other; where none comes any more the one before stays. */
static Progress
last_by_each(Walk *w, uint64_t from, uint64_t stop, Answer *a, bool *found)
{
    bool more = true;
    Progress p = WALK_DONE;
    *found = false;
    while (p == WALK_DONE && more && from < stop) {
        p = next_in(w, from, stop, a, &more);
        *found = *found || more;
        from = w->start + 1;
    }
    return p;
}

/* Where there is a match the last one is looked for from the end, in blocks: there may be very many. */
static Progress
last_in(Walk *w, uint64_t from, uint64_t stop, Answer *a)
{
    bool found;
    Progress p = next_in(w, from, stop, a, &found);
    a->found = found;
    if (p != WALK_DONE || !found)
        return p;
    uint64_t first = w->start, block = BLOCK_FIRST;
    for (found = false; p == WALK_DONE && !found; block *= 4) {
        uint64_t begin = stop - first > block ? stop - block : first;
        p = last_by_each(w, begin, stop, a, &found);
        stop = begin;
    }
    return p;
}

static void
search_piece(Walk *w, const Piece *piece, Answer *a)
{
    *a = (Answer){.found = false};
    a->progress = last_in(w, piece->from, piece->stop, a);
    a->gave_up = w->gave_up;
}

/* --- handing out --------------------------------------------------------------------------------------------------------- */

static uint64_t
before(const Back *b, uint64_t len)
{
    return b->stop - b->scene.in.at > len ? b->stop - len : b->scene.in.at;
}

/* The piece goes on backwards as long as it lies in one run of a byte. */
static uint64_t
through_run(const Back *b, uint64_t from)
{
    SxExtent e;
    for (uint64_t len = (b->stop - from) * 2; from > b->scene.in.at && b->stop < b->scene.size; len *= 2) {
        uint64_t further = before(b, len);
        if (!sx_source_extent(b->scene.source, further, &e, NULL) ||
            (e.kind != SX_EXTENT_HOLE && e.kind != SX_EXTENT_FILL) || sx_span_end(e.span) <= b->stop)
            break;
        from = further;
    }
    return from;
}

static bool
hand_out(Back *b, size_t who, Piece *out)
{
    pthread_mutex_lock(&b->lock);
    bool more = !b->over && b->decided == UINT64_MAX && b->stop > b->scene.in.at;
    if (more) {
        *out = (Piece){through_run(b, before(b, b->block)), b->stop, b->next++};
        b->block = b->block * 4 < b->block_max ? b->block * 4 : b->block_max;
        b->stop = out->from;
        b->busy[who] = out->index;
    }
    pthread_mutex_unlock(&b->lock);
    return more;
}

static void
hand_in(Back *b, size_t who, const Piece *piece, const Answer *a)
{
    pthread_mutex_lock(&b->lock);
    b->busy[who] = UINT64_MAX;
    if ((a->found || a->progress != WALK_DONE) && piece->index < b->decided) {
        b->decided = piece->index;
        b->answer = *a;
    }
    if (b->scene.job != b->told) /* else the walk said so */
        sx_job_advance(b->told, piece->stop - piece->from);
    pthread_cond_signal(&b->news);
    pthread_mutex_unlock(&b->lock);
}

/* --- those who search ---------------------------------------------------------------------------------------------------- */

/* Pieces as long as there are any; `most` places at least, then it is enough. */
static void
search_pieces(Back *b, size_t who, uint64_t most)
{
    Walk w;
    Answer a = {.progress = WALK_FAILED};
    Piece piece;
    bool opened = walk_open(&w, &b->scene, &a.err);
    for (uint64_t done = 0; done < most && hand_out(b, who, &piece); done += piece.stop - piece.from) {
        if (opened)
            search_piece(&w, &piece, &a);
        hand_in(b, who, &piece, &a);
    }
    walk_close(&w);
}

typedef struct Worker {
    Back *back;
    size_t who;
    pthread_t thread;
} Worker;

static void *
work(void *data)
{
    Worker *w = data;
    worker_begin();
    search_pieces(w->back, w->who, UINT64_MAX);
    return NULL;
}

/* Whether nothing that is still searched could change the answer. */
static bool
is_settled(const Back *b, size_t workers)
{
    for (size_t i = 0; i < workers; i++)
        if (b->busy[i] < b->decided)
            return false;
    return b->decided != UINT64_MAX || b->stop <= b->scene.in.at;
}

static void
cancel_workers(void *job)
{
    sx_job_cancel(job);
}

static bool
search_together(Back *b, unsigned threads)
{
    Worker worker[WORKERS_MAX];
    size_t n = 0;
    SxJob *job = sx_job_new();
    if (job && sx_job_hook_add(b->told, cancel_workers, job)) {
        b->scene.job = job;
        for (bool more = true; more && n < threads; n += more) {
            worker[n] = (Worker){.back = b, .who = n};
            more = worker_start(&worker[n].thread, work, &worker[n]);
        }
        pthread_mutex_lock(&b->lock);
        while (n > 0 && !is_settled(b, n))
            pthread_cond_wait(&b->news, &b->lock);
        b->over = n > 0;
        pthread_mutex_unlock(&b->lock);
        sx_job_hook_remove(b->told, cancel_workers, job);
        sx_job_cancel(job);
        for (size_t i = 0; i < n; i++)
            pthread_join(worker[i].thread, NULL);
        b->scene.job = b->told;
    }
    sx_job_free(job);
    return n > 0;
}

static void
search_all(Back *b, unsigned threads)
{
    bool tiny = b->scene.step < BLOCK_MAX / 16; /* a test: seams everywhere */
    if (threads > 1 && !tiny)
        search_pieces(b, 0, ALONE);
    if (threads <= 1 || !search_together(b, threads))
        search_pieces(b, 0, UINT64_MAX);
}

Progress
back_find(const Scene *scene, uint64_t block, unsigned threads, bool *found, SxMatch *out, uint64_t *gave_up,
          SxError *err)
{
    Back b = {
        .scene = *scene,
        .told = scene->job,
        .block = block ? block : BLOCK_FIRST,
        .block_max = block ? block * 4 : BLOCK_MAX,
        .stop = scene_stop(scene),
        .decided = UINT64_MAX,
    };
    threads = threads ? threads : worker_count();
    for (size_t i = 0; i < WORKERS_MAX; i++)
        b.busy[i] = UINT64_MAX;
    pthread_mutex_init(&b.lock, NULL);
    pthread_cond_init(&b.news, NULL);
    search_all(&b, threads < WORKERS_MAX ? threads : WORKERS_MAX);
    pthread_cond_destroy(&b.news);
    pthread_mutex_destroy(&b.lock);
    *found = b.decided != UINT64_MAX && b.answer.found;
    *gave_up = b.answer.gave_up;
    if (*found)
        *out = b.answer.match;
    if (b.decided == UINT64_MAX)
        return WALK_DONE;
    if (b.answer.progress == WALK_FAILED && err)
        *err = b.answer.err;
    return b.answer.progress;
}
