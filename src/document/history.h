/*
 * history.h - what was done, as a tree of steps.
 *
 * A step holds splices in the order they were made: at `at`, these pieces were replaced by those. Pieces of the file
 * carry the number of the epoch they were seen in, never LIVE, so that a splice means the same for ever, whatever is
 * saved. A step of very many pieces holds the trees before and behind it instead.
 *
 * Steps are numbered from 1 in the order they were made; step 0 is the beginning. `current` is where the document is.
 */
#pragma once

#include <sextant/document.h>

#include "document/marks.h"
#include "document/steps.h"
#include "document/tree.h"

enum { SPLICE_PIECES = 64, STEP_PIECES = 4096 }; /* more of them make a step big */

/* Where a `begin` was: what cancel goes back to. */
typedef struct Group {
    Node *root;
    uint32_t epoch; /* of the live pieces of root */
    uint32_t open;  /* the open step then, 0: none */
    Splice *last;   /* its last */
    Facts facts;    /* its own */
    MarkSpans marks;
} Group;

typedef struct History {
    Steps *steps; /* by number; 0 is the beginning */
    uint32_t count; /* with it */
    uint32_t current;
    uint32_t open; /* the step that takes the next edits, 0: none */
    bool typing;   /* the next edits join the open step when they go on where it ended */
    Group *groups;
    unsigned depth; /* of begin */
    unsigned groups_room;
    Reaper *reaper;
} History;

/* budget: see steps_new */
bool history_init(History *h, Reaper *reaper, size_t budget);
void history_clear(History *h);

/* A splice out of pieces; NULL: no memory. */
Splice *splice_new(uint64_t at, const Pieces *removed, const Piece *inserted, size_t count);
const Piece *splice_inserted(const Splice *s);

/* What an edit will put into the history. Prepared before the edit, so that commit cannot fail. */
typedef struct Record {
    Splice *splice;   /* takes the place of `instead`, or goes behind the last */
    Splice *instead;  /* NULL: none */
    Swap *swap;       /* the step becomes big */
    Facts facts;      /* of the edit alone */
    int64_t time;     /* seconds since 1970 */
} Record;

/* `s` (taken) becomes a part of the open step, or a step of its own; NULL: an edit too big for a splice, whose place the
 * caller sets. `root`: the tree before it. False: no memory, `s` is freed. */
bool history_prepare(History *h, Record *r, Splice *s, Node *root, uint32_t epoch, uint16_t file);
/* Returns the number of the step. */
uint32_t history_commit(History *h, Record *r, Node *root, uint32_t epoch);
void history_abort(History *h, Record *r);

/* The number of the step that an edit prepared now goes into. */
uint32_t history_next(const History *h);
/* Steps that nobody needs now leave the memory; pointers to steps are no longer valid. */
void history_trim(const History *h);
/* The steps on the way down from `above`, an ancestor, to `below`, *count of them: yours to free. NULL without an error in
 * *err when there are none. */
bool history_way(const History *h, uint32_t above, uint32_t below, uint32_t **way, size_t *count, SxError *err);
uint32_t history_common(const History *h, uint32_t a, uint32_t b); /* the nearest step that leads to both */
/* The newest step has never been: it has no children and is not the current one. False: it is not so. */
bool history_drop_newest(History *h);
/* Put what `mean` makes of a piece, as many bytes, in the place of every piece of every splice, and what `mean_tree` makes
 * of a big step's trees in their place. False: no memory, or one of them said so. */
typedef bool MeaningOf(void *data, const Piece *piece, Pieces *out);
typedef bool MeaningOfSwap(void *data, Swap *swap);
bool history_translate(History *h, MeaningOf *mean, MeaningOfSwap *mean_swap, void *data);
/* Nothing joins the step that was open. */
void history_close(History *h);
/* Edits until the end become one step. */
bool history_begin(History *h, Node *root, uint32_t epoch, const Marks *marks);
void history_end(History *h);
/* Forget what was put into the open step since `begin`. `root`: the tree, which is again what it was then; `back`: what
 * that changed. */
void history_forget(History *h, Node *root, uint32_t epoch, const SxChange *back);
