/*
 * swap_walk.h - what a big step changed, one difference after the other: out of its two trees, or out of the file where
 * they were put away.
 *
 * Away, a difference is: length:4, and in short numbers the bytes since the one before, the pieces that were there before
 * the step, those behind it. Pieces bear epochs, as in a splice.
 */
#pragma once

#include "document/core.h"
#include "document/wire.h"

typedef struct SwapWalk {
    const SxDocument *d;
    const Swap *swap;
    Reading from; /* trees are in memory */
    Reading to;
    Diff diff;
    bool back;
    bool pieces; /* are wanted */
    uint64_t at;  /* away: in the file, behind what is in the window */
    uint64_t end;
    uint8_t *window;
    size_t room;
    size_t have;
    size_t used;
    uint64_t a_done;
    uint64_t b_done;
    Pieces gone; /* of the difference at hand: what the one side has there, and the other */
    Pieces come;
    SxError why;
} SwapWalk;

/* From before the step to behind it, or back. */
void swap_walk_begin(SwapWalk *w, const SxDocument *d, const Swap *swap, bool back, bool pieces);
/* False: there are no more, or no memory, or they cannot be read. */
bool swap_walk_next(SwapWalk *w, Difference *x);
/* False: not all of them were there. */
bool swap_walk_end(SwapWalk *w, SxError *err);

/* The trees of big steps that are beyond the budget go into the file, for about `budget` nanoseconds. */
void swaps_put_away(SxDocument *d, uint64_t budget);
/* The document goes. */
void swaps_leave(SxDocument *d);
