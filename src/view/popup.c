/*
 * popup.c - lists over the view: help, matches, changes, completions.
 *
 * A row's fields are separated by TAB and aligned over all rows that are looked at; \x01 before a row makes a heading.
 */
#include <stdio.h>
#include <string.h>

#include <sextant/text.h>

#include "view/draw.h"

enum { FIELDS_MAX = 8, HEADING = '\x01', ALIGN_ROWS = 1000, FIELD_TEXT = 512 };

static bool
has_title(const SxPopup *p)
{
    return p->title && p->title[0];
}

static bool
has_footer(const SxPopup *p)
{
    return p->footer && p->footer[0];
}

/* A strip takes what it needs, at most half of the rows, above the status line; a list takes all between the bars. */
bool
popup_place(const SxScreen *s, PopupPlace *out)
{
    if (!s->popup)
        return false;
    SxHexLayout l;
    screen_layout(&l, s);
    unsigned first = l.title_y >= 0 ? 1 : 0;
    int last = l.status_y >= 0 ? l.status_y : l.message_y;
    if (last <= (int)first || !s->width)
        return false;
    unsigned height = (unsigned)last - first, frame = has_title(s->popup) + (unsigned)has_footer(s->popup);
    if (s->popup->strip) {
        size_t want = s->popup->count + frame;
        unsigned most = height / 2 ? height / 2 : 1;
        height = want < most ? (unsigned)want : most;
        first = (unsigned)last - height;
    }
    bool title = has_title(s->popup) && height > 1, footer = has_footer(s->popup) && height > 2;
    *out = (PopupPlace){{0, first, s->width, height}, title ? (int)first : -1, footer ? last - 1 : -1, first + title,
                        height - title - footer};
    return height > 0;
}

unsigned
sx_popup_rows(const SxScreen *screen)
{
    PopupPlace place;
    return popup_place(screen, &place) ? place.rows : 0;
}

/* The next field of a row into buf; returns what follows it, NULL behind the last. */
static const char *
next_field(const char *row, char *buf, size_t size)
{
    size_t len = strcspn(row, "\t");
    snprintf(buf, size, "%.*s", (int)(len < size ? len : size - 1), row);
    return row[len] ? row + len + 1 : NULL;
}

static void
measure(const SxPopup *p, size_t from, size_t to, unsigned widths[FIELDS_MAX])
{
    char field[FIELD_TEXT];
    memset(widths, 0, FIELDS_MAX * sizeof *widths);
    for (size_t i = from; i < to; i++) {
        if (p->rows[i][0] == HEADING)
            continue;
        const char *rest = p->rows[i];
        for (unsigned f = 0; rest && f < FIELDS_MAX; f++) {
            rest = next_field(rest, field, sizeof field);
            unsigned cells = text_cells(field);
            if (rest && cells > widths[f]) /* nothing stands behind the last field */
                widths[f] = cells;
        }
    }
}

static void
draw_fields(SxGrid *g, bool ascii, unsigned y, const char *row, const unsigned widths[FIELDS_MAX], SxStyles style)
{
    char field[FIELD_TEXT];
    unsigned x = 1;
    const char *rest = row;
    for (unsigned f = 0; rest && f < FIELDS_MAX && x < g->width; f++) {
        rest = next_field(rest, field, sizeof field);
        bool key = f == 0 && rest;
        draw_cut(g, ascii, x, y, g->width - x, field, style | (key ? SX_STYLE(POPUP_KEY) : 0));
        x += widths[f] + 2;
    }
}

static void
draw_row_of(SxGrid *g, const SxScreen *s, size_t i, unsigned y, const unsigned widths[FIELDS_MAX])
{
    const SxPopup *p = s->popup;
    bool ascii = s->options && s->options->ascii;
    SxStyles style = SX_STYLE(POPUP) | (i == p->current ? SX_STYLE(POPUP_CURRENT) : 0);
    sx_grid_fill(g, (SxRect){0, y, g->width, 1}, ' ', style);
    if (p->rows[i][0] == HEADING)
        draw_cut(g, ascii, 0, y, g->width, p->rows[i] + 1, style | SX_STYLE(POPUP_TITLE));
    else
        draw_fields(g, ascii, y, p->rows[i], widths, style);
    if (p->marked && p->marked[i])
        draw_text(g, ascii, 0, y, 1, "*", style | SX_STYLE(POPUP_KEY));
    if (i == p->current)
        sx_grid_cursor(g, 0, y, SX_CURSOR_BLOCK);
}

void
draw_popup(SxGrid *g, const SxScreen *s)
{
    PopupPlace place;
    if (!popup_place(s, &place))
        return;
    const SxPopup *p = s->popup;
    bool ascii = s->options && s->options->ascii;
    sx_grid_fill(g, place.all, ' ', SX_STYLE(POPUP));
    if (!p->strip)
        sx_grid_cursor(g, 0, place.rows_y, SX_CURSOR_HIDDEN);
    if (place.title_y >= 0)
        draw_cut(g, ascii, 0, (unsigned)place.title_y, g->width, p->title, SX_STYLE(POPUP) | SX_STYLE(POPUP_TITLE));
    size_t end = p->top < p->count ? p->top + place.rows : p->top;
    end = end < p->count ? end : p->count;
    unsigned widths[FIELDS_MAX];
    bool all = p->count <= ALIGN_ROWS;
    measure(p, all ? 0 : p->top, all ? p->count : end, widths);
    for (size_t i = p->top; i < end; i++)
        draw_row_of(g, s, i, place.rows_y + (unsigned)(i - p->top), widths);
    if (place.footer_y >= 0)
        draw_cut(g, ascii, 0, (unsigned)place.footer_y, g->width, p->footer,
                 SX_STYLE(POPUP) | SX_STYLE(STATUS_HINT));
}
