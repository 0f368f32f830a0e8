/*
 * paint.h - grids into bytes: what differs from what the terminal shows, in as few bytes as it takes.
 *
 * Knows no descriptor: bytes gather in an Output. Private to term/.
 */
#pragma once

#include <string.h>

#include <sextant/grid.h>

#include "term/caps.h"
#include "term/output.h"

/* A cell as the terminal shows it. */
typedef struct Shown {
    uint32_t code; /* 0: the right half of a wide character */
    SxLook look;
} Shown;

enum { LOOK_CACHE = 64 };
typedef struct CachedLook {
    bool set;
    SxStyles styles;
    SxLook look;
} CachedLook;

typedef struct Painter {
    const Caps *caps;
    SxColourDepth depth;
    bool ascii;
    unsigned width, height;
    Shown *shown, *want; /* width * height each */
    bool whole;          /* nothing is known of the screen: clear it first */
    bool pen_known, place_known;
    SxLook pen;
    unsigned x, y; /* where the terminal's cursor is */
    bool cursor_known;
    SxCursorShape cursor, shape; /* as shown; the shape that it has, HIDDEN: not known */
    CachedLook cache[LOOK_CACHE];
    Output out;
} Painter;

void painter_init(Painter *p, const Caps *caps, SxColourDepth depth, bool ascii);
void painter_clear(Painter *p);
/* Forget what the terminal shows. */
void painter_forget(Painter *p);
/* Append to p->out what turns the screen into `grid`. false: no memory. */
bool painter_paint(Painter *p, const SxGrid *grid, const SxTheme *theme);

/* --- parts --- */

/* Neither has padding, and each compares in one or two instructions. */
_Static_assert(sizeof(SxLook) == 12 && sizeof(Shown) == 16, "no padding");

static inline bool
look_same(SxLook a, SxLook b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static inline bool
shown_same(const Shown *a, const Shown *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

extern const SxLook look_plain;
/* Change the pen to `want`. */
void pen_set(Painter *p, SxLook want);
/* Go to a cell; may write again what stands between, where that is shorter. */
void motion_to(Painter *p, unsigned x, unsigned y);
/* Whether writing this cell needs no other pen. */
bool pen_fits(const Painter *p, const Shown *cell);
/* Write the cell at the cursor, which moves on. */
void paint_cell(Painter *p, const Shown *cell, bool wide);
/* Let the terminal move rows that only have moved. */
void scroll_rows(Painter *p);
