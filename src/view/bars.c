/* bars.c - the title with its tabs, the ruler, and the side pane. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sextant/text.h>

#include "view/draw.h"

enum { TAB_NAME_MIN = 4, TAB_NAME_MAX = 40, TAB_TEXT = 256, RIGHT_TEXT = 128 };

/* " 1 firmware.bin +2 ", the name cut in the middle to `cells`. */
static unsigned
tab_text(char *buf, size_t size, const SxScreen *s, size_t i, size_t cells)
{
    const SxTab *tab = &s->tabs[i];
    char name[TAB_TEXT - 64], changes[32] = "";
    sx_text_middle(name, sizeof name, tab->name ? tab->name : "", cells);
    if (tab->changes)
        snprintf(changes, sizeof changes, "+%" PRIu64 " ", tab->changes);
    snprintf(buf, size, " %zu %s %s%s", i + 1, name, tab->foreign ? "~ " : "", changes);
    return text_cells(buf);
}

/* Cells of all tabs with names of at most `cells`, one blank between them. */
static unsigned
tabs_cells(const SxScreen *s, size_t cells)
{
    unsigned sum = 0;
    char text[TAB_TEXT];
    for (size_t i = 0; i < s->n_tabs; i++)
        sum += tab_text(text, sizeof text, s, i, cells) + (i > 0);
    return sum;
}

/* As long as names can be: all whole, or shortened alike until the tabs fit. */
static size_t
name_cells(const SxScreen *s, unsigned width)
{
    size_t cells = TAB_NAME_MAX;
    while (cells > TAB_NAME_MIN && tabs_cells(s, cells) > width)
        cells--;
    return cells;
}

/* Length, readable size, encoding; the last of them goes first where there is no room. */
static unsigned
right_text(char *buf, size_t size, const SxScreen *s, unsigned parts)
{
    char readable[24], grown[32] = "", length[48];
    uint64_t n = s->hex->length;
    buf[0] = '\0';
    if (!parts)
        return 0;
    if (n != s->file_size)
        snprintf(grown, sizeof grown, " (%c%" PRIu64 ")", n > s->file_size ? '+' : '-',
                 n > s->file_size ? n - s->file_size : s->file_size - n);
    snprintf(length, sizeof length, "%" PRIu64 " byte%s", n, n == 1 ? "" : "s");
    sx_text_size(readable, sizeof readable, n);
    bool again = n < 1024;
    snprintf(buf, size, "%s%s%s%s%s%s", length, grown, parts > 1 && !again ? ", " : "",
             parts > 1 && !again ? readable : "", parts > 2 ? "  " : "",
             parts > 2 && s->encoding ? s->encoding : "");
    return text_cells(buf);
}

/* What stands at the right while tabs with names of usual length fit beside it; its cells, with one blank behind. */
static unsigned
fit_right(char *buf, size_t size, const SxScreen *s)
{
    enum { USUAL_NAME = 12 };
    buf[0] = '\0';
    if (!s->hex)
        return 0;
    unsigned need = tabs_cells(s, USUAL_NAME), most = s->width / 5 * 3;
    need = need < most ? need : most;
    for (unsigned parts = 3; parts > 0; parts--) {
        unsigned cells = right_text(buf, size, s, parts);
        if (need + 1 + cells + 1 <= s->width)
            return cells + 1;
    }
    buf[0] = '\0';
    return 0;
}

/* The first tab that is shown, so that the active one is. */
static size_t
first_tab(const SxScreen *s, size_t cells, unsigned width)
{
    char text[TAB_TEXT];
    size_t first = 0;
    unsigned sum = 0;
    for (size_t i = 0; i <= s->active && i < s->n_tabs; i++)
        sum += tab_text(text, sizeof text, s, i, cells) + (i > 0);
    while (first < s->active && sum > width)
        sum -= tab_text(text, sizeof text, s, first++, cells) + 1;
    return first;
}

static bool
nth_tab(const SxScreen *s, size_t n, unsigned width, char *text, TabPlace *out)
{
    size_t cells = name_cells(s, width);
    size_t first = first_tab(s, cells, width);
    unsigned x = 0;
    for (size_t i = first; i < s->n_tabs && x < width; i++) {
        unsigned w = tab_text(text, TAB_TEXT, s, i, cells);
        if (i == first + n) {
            *out = (TabPlace){i, x, w < width - x ? w : width - x};
            return true;
        }
        x += w + 1;
    }
    return false;
}

static unsigned
tabs_width(const SxScreen *s)
{
    char right[RIGHT_TEXT];
    unsigned used = fit_right(right, sizeof right, s);
    return s->width - (used ? used + 1 : 0);
}

bool
title_tab(const SxScreen *s, size_t n, TabPlace *out)
{
    char text[TAB_TEXT];
    return nth_tab(s, n, tabs_width(s), text, out);
}

void
draw_title(SxGrid *g, const SxScreen *s)
{
    bool ascii = s->options && s->options->ascii;
    char text[TAB_TEXT], right[RIGHT_TEXT];
    TabPlace tab;
    sx_grid_fill(g, (SxRect){0, 0, g->width, 1}, ' ', SX_STYLE(TITLE));
    for (size_t n = 0; nth_tab(s, n, tabs_width(s), text, &tab); n++) {
        SxStyles style = SX_STYLE(TITLE) | (tab.index == s->active ? SX_STYLE(TITLE_ACTIVE) : 0);
        draw_text(g, ascii, tab.x, 0, tab.width, text, style);
    }
    unsigned used = fit_right(right, sizeof right, s);
    draw_text(g, ascii, s->width - used, 0, used, right, SX_STYLE(TITLE));
}

static void
draw_ruler_cell(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, unsigned i, SxStyles style)
{
    static const char digits[2][17] = {"0123456789abcdef", "0123456789ABCDEF"};
    unsigned base = o->decimal ? 10 : 16, y = (unsigned)l->ruler_y;
    uint32_t low = (uint32_t)digits[o->capitals][i % base], high = (uint32_t)digits[o->capitals][i / base % base];
    if (l->hex_x >= 0) {
        sx_grid_put(g, layout_hex_x(l, i), y, i < base ? ' ' : high, i < base ? SX_STYLE(RULER) : style);
        sx_grid_put(g, layout_hex_x(l, i) + 1, y, low, style);
    }
    if (l->text_x >= 0)
        sx_grid_put(g, layout_text_x(l, i), y, low, style);
}

void
draw_ruler(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m)
{
    if (l->ruler_y < 0)
        return;
    uint64_t cursor = shown_cursor(m), row = sx_hex_row(l, o, cursor);
    sx_grid_fill(g, (SxRect){0, (unsigned)l->ruler_y, g->width, 1}, ' ', SX_STYLE(RULER));
    for (unsigned i = 0; i < l->columns; i++)
        draw_ruler_cell(g, l, o, i, cursor - row == i ? SX_STYLE(RULER_CURSOR) : SX_STYLE(RULER));
}

/* "u8   71<TAB>i8   71": the second field in the second half of the pane. */
static void
draw_side_line(SxGrid *g, const SxHexLayout *l, bool ascii, unsigned y, const char *text, SxStyles style)
{
    unsigned x = (unsigned)l->side_x, half = (l->side_width + 6) / 2;
    const char *tab = strchr(text, '\t');
    if (!tab) {
        draw_text(g, ascii, x, y, l->side_width, text, style);
        return;
    }
    char first[128];
    snprintf(first, sizeof first, "%.*s", (int)(tab - text < 127 ? tab - text : 127), text);
    draw_text(g, ascii, x, y, half - 1, first, style);
    draw_text(g, ascii, x + half, y, l->side_width - half, tab + 1, style);
}

void
draw_side(SxGrid *g, const SxHexLayout *l, const SxScreen *s)
{
    if (l->side_x < 0)
        return;
    bool ascii = s->options && s->options->ascii;
    for (size_t i = 0; i < s->n_side && i < (size_t)l->rows + 1; i++) {
        unsigned y = (unsigned)l->y + (unsigned)i - (l->ruler_y >= 0);
        if ((int)y < l->status_y)
            draw_side_line(g, l, ascii, y, s->side[i], i ? 0 : SX_STYLE(POPUP_TITLE));
    }
}
