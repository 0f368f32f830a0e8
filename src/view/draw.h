/* draw.h - the parts that a screen is drawn from. Private to view/. */
#pragma once

#include "view/row.h"

/* A character, or what stands for it where only ASCII can be shown. */
uint32_t glyph(bool ascii, uint32_t code);
/* Cells that a text takes. */
unsigned text_cells(const char *text);
/* Bytes of the text that fit into `room` cells, whole characters. */
size_t text_fitting(const char *text, unsigned room);
/* The same text with characters beyond ASCII replaced, where that is asked for; cut at `width`. Returns cells used. */
unsigned draw_text(SxGrid *g, bool ascii, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles);
/* The same; a text that is too long ends in a sign of that. */
void draw_cut(SxGrid *g, bool ascii, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles);

/* What a row is drawn into and how. */
typedef struct RowStyle {
    const SxHexLayout *layout;
    const SxHexOptions *options;
    bool text_column;    /* the cursor's column */
    bool has_cursor;     /* it stands in this row, at ... */
    unsigned cursor;     /* this byte; may be one behind the last */
} RowStyle;
void draw_row(SxGrid *g, const Row *row, const RowStyle *style, unsigned y);

void draw_hex(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m);
void draw_text_rows(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxScreen *screen);
/* Shape of the terminal's cursor in this mode. */
SxCursorShape cursor_shape(SxMode mode);
void draw_map(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m);
void draw_title(SxGrid *g, const SxScreen *s);
void draw_ruler(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m);
void draw_side(SxGrid *g, const SxHexLayout *l, const SxScreen *s);
void draw_status(SxGrid *g, const SxHexLayout *l, const SxScreen *s);
/* The message line. */
void draw_line(SxGrid *g, const SxHexLayout *l, const SxScreen *s);
void draw_popup(SxGrid *g, const SxScreen *s);
