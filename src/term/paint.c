/*
 * paint.c - the difference between what the terminal shows and what it should.
 *
 * A grid is first turned into cells with looks, so that two sets of styles that look alike are alike. Then rows are
 * walked from left to right; the cursor's place is forgotten wherever a terminal may see it otherwise: behind the last
 * column, and behind characters whose width it may judge differently.
 */
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "term/paint.h"

static const char sync_begin[] = "\033[?2026h", sync_end[] = "\033[?2026l";

enum {
    SYNC_LEN = sizeof sync_begin - 1,
    SYNC_WORTH = 600, /* bytes; smaller frames arrive whole anyway */
    ERASE_WORTH = 4,  /* cells */
    SURE_WIDTH = 0x300, /* combining and wide characters lie above */
};

void
painter_init(Painter *p, const Caps *caps, SxColourDepth depth, bool ascii)
{
    *p = (Painter){.caps = caps, .depth = depth, .ascii = ascii, .whole = true};
}

void
painter_clear(Painter *p)
{
    free(p->shown);
    free(p->want);
    p->shown = p->want = NULL;
    output_clear(&p->out);
}

void
painter_forget(Painter *p)
{
    p->whole = true;
    p->pen_known = p->place_known = p->cursor_known = false;
    p->shape = SX_CURSOR_HIDDEN;
}

static bool
fit_size(Painter *p, const SxGrid *g)
{
    size_t cells = (size_t)g->width * g->height;
    if (p->shown && p->width == g->width && p->height == g->height)
        return true;
    Shown *shown = calloc(cells ? cells : 1, sizeof *shown), *want = calloc(cells ? cells : 1, sizeof *want);
    if (!shown || !want) {
        free(shown);
        free(want);
        return false;
    }
    free(p->shown);
    free(p->want);
    p->shown = shown;
    p->want = want;
    p->width = g->width;
    p->height = g->height;
    painter_forget(p);
    return true;
}

/* --- what is wanted --- */

static SxLook
look_of(Painter *p, const SxTheme *theme, SxStyles styles)
{
    CachedLook *c = &p->cache[(styles ^ styles >> 7 ^ styles >> 29 ^ styles >> 41) % LOOK_CACHE];
    if (!c->set || c->styles != styles) {
        SxLook look = sx_theme_look(theme, styles, p->depth);
        look.attributes &= p->caps->attributes;
        *c = (CachedLook){true, styles, look};
    }
    return c->look;
}

/* Nothing that a terminal would obey, whoever wrote it into the grid. */
static uint32_t
safe_code(const Painter *p, uint32_t code)
{
    if (code >= ' ' && code < 0x7f)
        return code;
    if (code == 0)
        return ' ';
    if (code > 0xad && code < SURE_WIDTH && !p->ascii)
        return code; /* Latin: one cell each */
    if (p->ascii || code < 0xa0 || sx_text_width(code) < 1)
        return '?';
    return code;
}

static Shown
resolve(Painter *p, const SxTheme *theme, const SxCell *cell)
{
    Shown s = {safe_code(p, cell->code), look_of(p, theme, cell->styles)};
    if (s.code != ' ')
        return s;
    /* of a blank only the background and what draws through it can be seen */
    if (!(s.look.attributes & (SX_ATTR_UNDERLINE | SX_ATTR_REVERSE)))
        s.look.fg = SX_COLOUR_NONE;
    s.look.attributes &= SX_ATTR_UNDERLINE | SX_ATTR_REVERSE;
    return s;
}

static void
resolve_row(Painter *p, const SxTheme *theme, const SxCell *cells, Shown *want)
{
    for (unsigned x = 0; x < p->width; x++) {
        want[x] = resolve(p, theme, &cells[x]);
        bool wide = want[x].code >= SURE_WIDTH && sx_text_width(want[x].code) == 2;
        if (!wide)
            continue;
        if (x + 1 < p->width && cells[x + 1].code == 0) {
            want[x + 1] = (Shown){0, want[x].look};
            x++;
        } else {
            want[x].code = '?';
        }
    }
}

/* --- how it gets there --- */

void
paint_cell(Painter *p, const Shown *cell, bool wide)
{
    if (!pen_fits(p, cell))
        pen_set(p, cell->look);
    output_code(&p->out, cell->code);
    p->x += wide ? 2 : 1;
    if (p->x >= p->width || cell->code >= SURE_WIDTH)
        p->place_known = false;
}

/* The first column of the plain blanks at the end of a row. */
static unsigned
blank_from(const Shown *row, unsigned width)
{
    while (width && row[width - 1].code == ' ' && look_same(row[width - 1].look, look_plain))
        width--;
    return width;
}

/* Where the row may be erased to its end, when that is shorter than writing blanks; width: nowhere. */
static unsigned
erase_from(const Painter *p, const Shown *want, const Shown *shown)
{
    unsigned from = blank_from(want, p->width), differ = 0;
    for (unsigned x = from; x < p->width; x++)
        differ += !shown_same(&want[x], &shown[x]);
    return differ >= ERASE_WORTH && p->caps->strings[CAP_ERASE_LINE][0] ? from : p->width;
}

static void
erase(Painter *p, unsigned x, unsigned y)
{
    motion_to(p, x, y);
    /* it takes the background of the pen, on some terminals more */
    if (!pen_fits(p, &(Shown){' ', look_plain}))
        pen_set(p, look_plain);
    output_text(&p->out, p->caps->strings[CAP_ERASE_LINE]);
}

static bool
may_write(const Painter *p, unsigned x, unsigned y)
{
    /* there the whole screen would scroll */
    return !(p->caps->wraps && x + 1 == p->width && y + 1 == p->height);
}

static void
paint_row(Painter *p, unsigned y)
{
    const Shown *want = p->want + (size_t)y * p->width, *shown = p->shown + (size_t)y * p->width;
    unsigned end = erase_from(p, want, shown);
    for (unsigned x = 0; x < end; x++) {
        bool wide = x + 1 < p->width && want[x + 1].code == 0;
        bool same = shown_same(&want[x], &shown[x]) && (!wide || shown_same(&want[x + 1], &shown[x + 1]));
        if (!same && want[x].code && may_write(p, x, y)) {
            motion_to(p, x, y);
            paint_cell(p, &want[x], wide);
        }
        x += wide;
    }
    if (end < p->width)
        erase(p, end, y);
}

static void
clear_screen(Painter *p)
{
    pen_set(p, look_plain);
    output_text(&p->out, p->caps->strings[CAP_CLEAR]);
    p->x = p->y = 0;
    p->place_known = p->caps->ansi; /* CSI H CSI J */
    for (size_t i = 0; i < (size_t)p->width * p->height; i++)
        p->shown[i] = (Shown){' ', look_plain};
    p->whole = false;
}

static void
set_shape(Painter *p, SxCursorShape shape)
{
    static const char codes[] = {[SX_CURSOR_BLOCK] = '2', [SX_CURSOR_UNDERLINE] = '4', [SX_CURSOR_BAR] = '6'};
    if (!p->caps->shape || p->shape == shape)
        return;
    output_format(&p->out, "\033[%c q", codes[shape]);
    p->shape = shape;
}

static void
show_cursor(Painter *p, const SxGrid *g)
{
    SxCursorShape shape = g->width > 0 && g->height > 0 ? g->cursor : SX_CURSOR_HIDDEN; /* no cell, no place for it */
    bool hidden = shape == SX_CURSOR_HIDDEN;
    bool was_hidden = p->cursor == SX_CURSOR_HIDDEN;
    if (!hidden) {
        motion_to(p, g->cursor_x < g->width ? g->cursor_x : 0, g->cursor_y < g->height ? g->cursor_y : 0);
        set_shape(p, shape);
    }
    if (!p->cursor_known || hidden != was_hidden)
        output_text(&p->out, p->caps->strings[hidden ? CAP_HIDE : CAP_SHOW]);
    p->cursor = shape;
    p->cursor_known = true;
}

/* A big frame is announced, so that the terminal shows it at once. Room for that is left in front. */
static void
frame(Painter *p, size_t start)
{
    size_t body = p->out.len - start - SYNC_LEN;
    if (p->out.failed)
        return;
    if (body >= SYNC_WORTH && p->caps->ansi) {
        output_add(&p->out, sync_end, SYNC_LEN);
        return;
    }
    memmove(p->out.data + start, p->out.data + start + SYNC_LEN, body);
    p->out.len -= SYNC_LEN;
}

bool
painter_paint(Painter *p, const SxGrid *grid, const SxTheme *theme)
{
    size_t start = p->out.len;
    if (!fit_size(p, grid))
        return false;
    memset(p->cache, 0, sizeof p->cache);
    for (unsigned y = 0; y < p->height; y++)
        resolve_row(p, theme, grid->cells + (size_t)y * p->width, p->want + (size_t)y * p->width);
    output_add(&p->out, sync_begin, SYNC_LEN);
    if (p->whole)
        clear_screen(p);
    else
        scroll_rows(p);
    for (unsigned y = 0; y < p->height; y++)
        paint_row(p, y);
    show_cursor(p, grid);
    frame(p, start);
    Shown *old = p->shown;
    p->shown = p->want;
    p->want = old;
    if (!p->out.failed)
        return true;
    /* half a frame is worse than none */
    p->out.len = start;
    p->out.failed = false;
    painter_forget(p);
    return false;
}
