/*
 * walk.h - going through the places of a source and collecting matches: the one loop that all searches share.
 *
 * The set of matches is what this walk finds from the start of the range: after a match it goes on at its end; after
 * an empty one it asks for one there that is not empty, or goes on. So the state is a place and one bit.
 */
#pragma once

#include "search/batch.h"
#include "search/matcher.h"
#include "search/window.h"

typedef struct WalkState {
    uint64_t pos;  /* the next place */
    bool nonempty; /* no empty match counts there */
    bool head;     /* the range begins there, or a match ended there */
} WalkState;

/* What a place deep inside a run of one byte answers. */
typedef struct FillAnswer {
    bool known;
    uint8_t byte;
    Verdict verdict;  /* HIT, MISS, or SHORT: it depends on what lies further than `reach` */
    bool mixed;       /* HIT, but not the same at each place */
    size_t forward;   /* bytes from the place on that it may have looked at */
    uint64_t skip;    /* HIT: from the place to where the match is said to begin */
    uint64_t len;     /* HIT: from the place to the end of the match */
} FillAnswer;

/*
 * Windows that are walked before it is asked whether what was read is what the source held: nobody wrote into it, and
 * no byte of it was lost. It is asked once for all, since in a document of many pieces each window is small; when it
 * does not hold, the stretch is walked again, carefully.
 */
typedef struct Stretch {
    WalkState begin; /* what to go back to, */
    Batch found;     /* and what was found by then */
    uint64_t end;    /* no place behind is looked at */
    SxSpan read;     /* from the first window to the last */
    size_t lost;     /* ranges that were known to be lost there */
    bool torn;       /* somebody wrote into a window that was let go */
} Stretch;

typedef struct Walk {
    const Scene *scene;
    Matcher matcher;
    Window window;
    WalkState state;
    Stretch stretch;
    uint64_t short_at; /* where bytes were missing, */
    size_t want;       /* and how many are asked for next */
    uint64_t careful;  /* before this windows are loaded carefully: something of a stretch was lost */
    uint64_t gave_up;
    FillAnswer fill;
    SxMatch *match; /* may be NULL: gets the last match of a step, with its groups; then there are no runs */
    uint64_t start; /* where the attempt of the last match began */
} Walk;

typedef enum Progress { WALK_MORE, WALK_DONE, WALK_LIMIT, WALK_CANCELLED, WALK_FAILED } Progress;

bool walk_open(Walk *w, const Scene *scene, SxError *err);
void walk_close(Walk *w);
void walk_go(Walk *w, WalkState to);

/*
 * Look at some places from w->state on, up to `stop`; matches are appended to `out`, `max` of them at most (a run
 * counts as one). MORE: call again; DONE: `stop` is reached. What is in `out` is true and stays.
 */
Progress walk_step(Walk *w, uint64_t stop, uint64_t max, Batch *out, SxError *err);

/*
 * The next match from the state on that begins before `stop`, with its groups: steps until there is one. DONE with
 * found == false when there is none.
 */
Progress walk_next(Walk *w, uint64_t stop, bool *found, SxMatch *out, SxError *err);

/* The match that is said to begin at `at`. */
Progress walk_at(Walk *w, uint64_t at, bool *found, SxMatch *out, SxError *err);
