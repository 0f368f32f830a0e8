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

/* A cell as the terminal shows it: compares in one instruction. */
typedef struct Shown {
    uint32_t code;  /* 0: the right half of a wide character */
    uint16_t look;  /* of the painter's looks; 0: plain */
    uint16_t marks; /* of the painter's accents; 0: none */
} Shown;

/* What a set of styles of the grid looks like: on characters, and on blanks, of which less can be seen. */
typedef struct Resolved {
    uint16_t look, blank;
} Resolved;

typedef struct Painter {
    const Caps *caps;
    SxColourDepth depth;
    bool ascii;
    unsigned width, height;
    Shown *shown, *want; /* width * height each; nothing is in `shown` while `whole` */
    bool whole;          /* nothing is known of the screen: clear it first */
    bool pen_known, place_known;
    uint16_t pen; /* a look */
    unsigned x, y; /* where the terminal's cursor is */
    bool cursor_known;
    SxCursorShape cursor, shape; /* as shown; the shape that it has, HIDDEN: not known */
    SxIntern looks; /* SxLook, but the plain one */
    SxIntern marks; /* SxMarks */
    Resolved *resolved; /* by the grid's sets of styles, for this frame */
    size_t cap_resolved;
    Output out;
} Painter;

void painter_init(Painter *p, const Caps *caps, SxColourDepth depth, bool ascii);
void painter_clear(Painter *p);
/* Forget what the terminal shows. */
void painter_forget(Painter *p);
/* Append to p->out what turns the screen into `grid`. false: no memory. */
bool painter_paint(Painter *p, const SxGrid *grid, const SxTheme *theme);

/* --- parts --- */

_Static_assert(sizeof(SxLook) == 12 && sizeof(Shown) == 8, "no padding");

static inline bool
shown_same(const Shown *a, const Shown *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

enum { LOOK_PLAIN = 0 };
SxLook look_at(const Painter *p, uint16_t look);
/* Change the pen to `want`. */
void pen_set(Painter *p, uint16_t look);
/* Go to a cell; may write again what stands between, where that is shorter. */
void motion_to(Painter *p, unsigned x, unsigned y);
/* Whether a blank with this look needs no other pen. */
bool pen_fits_blank(const Painter *p, uint16_t look);
/* Whether writing this cell needs no other pen. */
static inline bool
pen_fits(const Painter *p, const Shown *cell)
{
    if (p->pen == cell->look)
        return p->pen_known;
    return cell->code == ' ' && !cell->marks && pen_fits_blank(p, cell->look);
}

/* Write the cell at the cursor, which moves on. */
void paint_cell(Painter *p, const Shown *cell, bool wide);
/* Let the terminal move rows that only have moved. */
void scroll_rows(Painter *p);
