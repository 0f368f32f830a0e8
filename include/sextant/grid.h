/*
 * grid.h - a screen as cells with style names; knows no terminal.
 *
 * Views write characters with a set of styles (style.h). term/ paints the difference to what is there. Tests read the
 * grid as text.
 *
 * units      cells; x to the right, y down, from 0
 * ownership  made by sx_grid_new; out-of-bounds writes are clipped silently, so views need no special case at 1x1
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/intern.h>
#include <sextant/style.h>

SX_BEGIN

/* Small, since a screen has thousands: what many cells share stands once in the grid. */
typedef struct SxCell {
    uint32_t code;   /* Unicode; 0: the right half of the wide character to the left */
    uint16_t styles; /* what it is: which of the sets of styles that are on the grid, see sx_grid_styles */
    uint16_t marks;  /* which of the groups of accents that are on the grid; 0: none */
} SxCell;

enum { SX_MARKS_MAX = 4 };

/* Combining characters that are drawn on one, in their order; 0 behind the last. */
typedef struct SxMarks {
    uint32_t codes[SX_MARKS_MAX];
} SxMarks;

/* Shape of the terminal's own cursor. */
typedef enum SxCursorShape { SX_CURSOR_HIDDEN, SX_CURSOR_BLOCK, SX_CURSOR_UNDERLINE, SX_CURSOR_BAR } SxCursorShape;

typedef struct SxGrid {
    unsigned width;
    unsigned height;
    SxCell *cells; /* width * height, row by row */
    SxIntern styles; /* SxStyles */
    SxIntern marks;  /* SxMarks */
    SxStyles last;   /* set looked up last, and its id: neighbours are alike */
    uint16_t last_id;
    unsigned cursor_x, cursor_y;
    SxCursorShape cursor;
} SxGrid;

typedef struct SxRect {
    unsigned x, y, width, height;
} SxRect;

SxGrid *sx_grid_new(unsigned width, unsigned height); /* blank; NULL: no memory */
void sx_grid_free(SxGrid *g);
bool sx_grid_resize(SxGrid *g, unsigned width, unsigned height); /* blanks; false: no memory, unchanged */
void sx_grid_clear(SxGrid *g);

void sx_grid_put(SxGrid *g, unsigned x, unsigned y, uint32_t code, SxStyles styles);
/* Draw a combining character on that of a cell; false: there is none, or it has SX_MARKS_MAX already. */
bool sx_grid_mark(SxGrid *g, unsigned x, unsigned y, uint32_t code);
SxStyles sx_grid_styles(const SxGrid *g, unsigned x, unsigned y); /* 0 beyond the edges */
/* Write UTF-8 text from x on, at most `width` cells; returns the cells used. Control characters become substitutes. */
unsigned sx_grid_text(SxGrid *g, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles);
void sx_grid_fill(SxGrid *g, SxRect r, uint32_t code, SxStyles styles);
void sx_grid_style(SxGrid *g, SxRect r, SxStyles add); /* adds styles to what is there */
void sx_grid_cursor(SxGrid *g, unsigned x, unsigned y, SxCursorShape shape);

/* The grid as lines of UTF-8 without trailing blanks; yours to free(). With `styles` a second block names the styles of
 * every run: "y x-x name,name". */
char *sx_grid_dump(const SxGrid *g, bool styles);

SX_END
