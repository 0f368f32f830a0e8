/*
 * steps.h - the steps of the history by number: as many of them in memory as a budget allows, the others in a file that
 * has no name.
 *
 *     page    64 steps: what they are and how they hang together. In memory, or at its place in the file
 *     body    the splices of one step. In memory with its page, or in the file, wherever the last one ended
 *
 * What is put away are offsets, none of the user's bytes. Where no such file can be had, all stays in memory. Big steps
 * are always in memory, but their trees go into a file of their own (swap_walk.h).
 *
 * ownership  a Step is the table's; a pointer is valid until steps_trim
 * errors     a step that cannot be brought back, for want of memory or because the file cannot be read, is handed out as
 *            one of nothing, and steps_failed says so
 * threads    the document's
 */
#pragma once

#include <sextant/document.h>

#include "document/marks.h"
#include "document/tree.h"

typedef struct Splice {
    struct Splice *previous;
    struct Splice *next;
    uint64_t at;
    uint64_t removed;  /* bytes */
    uint64_t inserted; /* bytes */
    uint32_t n_removed;
    uint32_t n_inserted;
    Piece pieces[]; /* removed, then inserted */
} Splice;

/* What a step is to those who list it; see SxStep. */
typedef struct Facts {
    SxStepKind kind;
    uint64_t at;
    uint64_t removed;
    uint64_t inserted;
} Facts;

/* A big step: the document before and behind it, with live pieces of `file` in those epochs; or what both differ in, in
 * the file (swap_walk.h), and then the trees are NULL. */
typedef struct Swap {
    struct Swap *previous; /* of all there are */
    struct Swap *next;
    Node *before;
    Node *behind;
    uint32_t before_epoch;
    uint32_t behind_epoch;
    uint16_t file;
    SxChange all; /* the range that all of it lies in */
    uint64_t away_at;
    uint64_t away_len; /* 0: the trees are here */
} Swap;

typedef struct Step {
    uint32_t parent; /* of step 1: 0 */
    uint32_t depth;  /* steps from the beginning */
    uint32_t redo;  /* the child that redo goes to, 0: none */
    uint32_t elder; /* what redo of the parent was before this step */
    uint32_t pieces; /* in all splices */
    uint32_t body_len; /* of the body in the file, 0: it was never put there, or is another by now */
    uint64_t body_at;
    bool saved;
    bool here;      /* the body is in memory */
    int64_t time;
    Facts facts;
    Splice *first;
    Splice *last;
    Swap *swap; /* instead of splices */
    MarkSpans displaced; /* marks that are not where they were when the step is only taken back */
} Step;

typedef struct Steps Steps;

/* budget: bytes of memory, 0: the default. NULL: no memory. */
Steps *steps_new(size_t budget, Reaper *reaper);
void steps_free(Steps *s); /* NULL is fine */
size_t steps_budget(const Steps *s);

/* Room for step `number`, which is the next one: blank, with an empty body. False: no memory. */
bool steps_make(Steps *s, uint32_t number);

/* What a step is; its body may be elsewhere. */
const Step *steps_at(Steps *s, uint32_t number);
/* The same to be changed, all but the body. */
Step *steps_change(Steps *s, uint32_t number);
/* With its body. */
const Step *steps_whole(Steps *s, uint32_t number);
/* With its body, which will be another. */
Step *steps_rewrite(Steps *s, uint32_t number);
/* Whether a step could not be brought back since this was asked last. */
bool steps_failed(Steps *s, SxError *err);

void step_add_splice(Steps *s, Step *step, Splice *splice); /* takes it */
void step_take_splice(Steps *s, Step *step, Splice *splice); /* out of the list; yours */
void step_set_swap(Steps *s, Step *step, Swap *swap);        /* takes it */
void step_clear(Steps *s, Step *step);
void swap_free(Swap *swap, Reaper *reaper); /* NULL is fine */

/* All big steps, the newest first. */
Swap *steps_swaps(const Steps *s);
/* The file of their differences: what is behind the end counts once it is taken. */
uint64_t steps_long_end(const Steps *s);
bool steps_long_full(const Steps *s); /* nothing more can be put there */
bool steps_long_put(Steps *s, uint64_t at, const void *data, size_t len);
bool steps_long_get(const Steps *s, uint64_t at, void *out, size_t len);
void steps_long_taken(Steps *s, uint64_t end);

/* Put away what is beyond the budget, but not the page of step `held`. */
void steps_trim(Steps *s, uint32_t held);
