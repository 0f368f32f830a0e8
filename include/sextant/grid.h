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
#include <sextant/style.h>

SX_BEGIN

typedef struct SxCell {
    uint32_t code;   /* Unicode; 0: the right half of the wide character to the left */
    SxStyles styles; /* what it is: a bit per style */
} SxCell;

/* Shape of the terminal's own cursor. */
typedef enum SxCursorShape { SX_CURSOR_HIDDEN, SX_CURSOR_BLOCK, SX_CURSOR_UNDERLINE, SX_CURSOR_BAR } SxCursorShape;

typedef struct SxGrid {
    unsigned width;
    unsigned height;
    SxCell *cells; /* width * height, row by row */
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
/* Write UTF-8 text from x on, at most `width` cells; returns the cells used. Control characters become substitutes. */
unsigned sx_grid_text(SxGrid *g, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles);
void sx_grid_fill(SxGrid *g, SxRect r, uint32_t code, SxStyles styles);
void sx_grid_style(SxGrid *g, SxRect r, SxStyles add); /* adds styles to what is there */
void sx_grid_cursor(SxGrid *g, unsigned x, unsigned y, SxCursorShape shape);

/* The grid as lines of UTF-8 without trailing blanks; yours to free(). With `styles` a second block names the styles of
 * every run: "y x-x name,name". */
char *sx_grid_dump(const SxGrid *g, bool styles);

SX_END
