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
    TABLE_MAX = 16384,  /* looks, accents: what was seen since is mostly gone by then */
};

void
painter_init(Painter *p, const Caps *caps, SxColourDepth depth, bool ascii)
{
    *p = (Painter){.caps = caps, .depth = depth, .ascii = ascii, .whole = true,
                   .looks = {.size = sizeof(SxLook)}, .marks = {.size = sizeof(SxMarks)}};
}

void
painter_clear(Painter *p)
{
    free(p->shown);
    free(p->want);
    free(p->resolved);
    p->shown = p->want = NULL;
    p->resolved = NULL;
    sx_intern_free(&p->looks);
    sx_intern_free(&p->marks);
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
    /* not cleared: each is written before it is read, and of the first frame only one is touched */
    Shown *shown = malloc((cells ? cells : 1) * sizeof *shown), *want = malloc((cells ? cells : 1) * sizeof *want);
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

/* Of a blank only the background and what draws through it can be seen. */
static SxLook
seen_on_blank(SxLook look)
{
    if (!(look.attributes & (SX_ATTR_UNDERLINE | SX_ATTR_REVERSE)))
        look.fg = SX_COLOUR_NONE;
    look.attributes &= SX_ATTR_UNDERLINE | SX_ATTR_REVERSE;
    return look;
}

static uint16_t
id_of(Painter *p, SxLook look)
{
    SxLook plain = look_at(p, LOOK_PLAIN);
    return memcmp(&look, &plain, sizeof look) == 0 ? LOOK_PLAIN : sx_intern(&p->looks, &look);
}

static bool
resolve_styles(Painter *p, const SxGrid *g, const SxTheme *theme)
{
    size_t count = g->styles.count + 1;
    if (!sx_grow(&p->resolved, &p->cap_resolved, count, sizeof *p->resolved))
        return false;
    for (size_t i = 0; i < count; i++) {
        SxStyles styles;
        memcpy(&styles, sx_intern_at(&g->styles, (uint16_t)i), sizeof styles);
        SxLook look = sx_theme_look(theme, styles, p->depth);
        look.attributes &= p->caps->attributes;
        p->resolved[i] = (Resolved){id_of(p, look), id_of(p, seen_on_blank(look))};
    }
    return true;
}

/* Ids are of no use without their tables. */
static void
bound_tables(Painter *p)
{
    if (p->looks.count < TABLE_MAX && p->marks.count < TABLE_MAX)
        return;
    sx_intern_reset(&p->looks);
    sx_intern_reset(&p->marks);
    painter_forget(p);
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

/* Accents that are none, whoever put them there, are left out. */
static uint16_t
safe_marks(Painter *p, const SxGrid *g, const SxCell *cell)
{
    if (!cell->marks || p->ascii || cell->code == 0)
        return 0;
    const SxMarks *marks = sx_intern_at(&g->marks, cell->marks);
    for (unsigned i = 0; i < SX_MARKS_MAX && marks->codes[i]; i++)
        if (!sx_text_combines(marks->codes[i]))
            return 0;
    return sx_intern(&p->marks, marks);
}

static Shown
resolve(Painter *p, const SxGrid *g, const SxCell *cell)
{
    const Resolved *r = &p->resolved[cell->styles <= g->styles.count ? cell->styles : 0];
    Shown s = {safe_code(p, cell->code), r->look, safe_marks(p, g, cell)};
    if (s.code == ' ' && !s.marks)
        s.look = r->blank;
    return s;
}

static void
resolve_row(Painter *p, const SxGrid *g, unsigned y)
{
    const SxCell *cells = g->cells + (size_t)y * p->width;
    Shown *want = p->want + (size_t)y * p->width;
    const Resolved *resolved = p->resolved;
    size_t sets = g->styles.count;
    for (unsigned x = 0; x < p->width; x++) {
        SxCell c = cells[x];
        if (c.code - ' ' < 0x7f - ' ' && !c.marks && c.styles <= sets) { /* most are */
            Resolved r = resolved[c.styles];
            want[x] = (Shown){.code = c.code, .look = c.code == ' ' ? r.blank : r.look};
            continue;
        }
        want[x] = resolve(p, g, &c);
        bool wide = want[x].code >= SURE_WIDTH && sx_text_width(want[x].code) == 2;
        if (!wide)
            continue;
        if (x + 1 < p->width && cells[x + 1].code == 0) {
            want[x + 1] = (Shown){.look = want[x].look};
            x++;
        } else {
            want[x].code = '?';
        }
    }
}

/* --- how it gets there --- */

static void
paint_marks(Painter *p, uint16_t id)
{
    const SxMarks *marks = sx_intern_at(&p->marks, id);
    for (unsigned i = 0; id && i < SX_MARKS_MAX && marks->codes[i]; i++)
        output_code(&p->out, marks->codes[i]);
}

void
paint_cell(Painter *p, const Shown *cell, bool wide)
{
    if (!pen_fits(p, cell))
        pen_set(p, cell->look);
    output_code(&p->out, cell->code);
    paint_marks(p, cell->marks);
    p->x += wide ? 2 : 1;
    if (p->x >= p->width || cell->code >= SURE_WIDTH || cell->marks)
        p->place_known = false;
}

static const Shown blank = {.code = ' '};

/* The first column of the plain blanks at the end of a row. */
static unsigned
blank_from(const Shown *row, unsigned width)
{
    while (width && shown_same(&row[width - 1], &blank))
        width--;
    return width;
}

/* Where the row may be erased to its end, when that is shorter than writing blanks; width: nowhere. */
static unsigned
erase_from(const Painter *p, const Shown *want, const Shown *shown)
{
    if (!shown)
        return blank_from(want, p->width); /* erased it is already */
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
    if (!pen_fits(p, &blank))
        pen_set(p, LOOK_PLAIN);
    output_text(&p->out, p->caps->strings[CAP_ERASE_LINE]);
}

static bool
may_write(const Painter *p, unsigned x, unsigned y)
{
    /* there the whole screen would scroll */
    return !(p->caps->wraps && x + 1 == p->width && y + 1 == p->height);
}

static inline bool
plain_in_pen(const Painter *p, const Shown *cell)
{
    return cell->look == p->pen && cell->code - '!' < 0x7f - '!' && !cell->marks;
}

/*
 * Cells that go on in the same way, on a screen that was cleared: no question arises. Single blanks between them are
 * shorter than a motion. Not the last column, where lines wrap.
 */
static unsigned
paint_alike(Painter *p, const Shown *cells, unsigned max)
{
    unsigned room = p->place_known && p->width > p->x + 1 ? p->width - p->x - 1 : 0, n = 0;
    unsigned end = max < room ? max : room;
    char *out = output_room(&p->out, end);
    while (out && n < end) {
        bool gap = cells[n].code == ' ' && !cells[n].marks && n + 1 < end && pen_fits(p, &cells[n]);
        if (gap && plain_in_pen(p, &cells[n + 1]))
            out[n++] = ' ';
        if (!plain_in_pen(p, &cells[n]))
            break;
        out[n] = (char)cells[n].code;
        n++;
    }
    p->out.len += n;
    p->x += n;
    return n;
}

/* What differs from `shown`; NULL: the row is blank. */
static void
paint_row(Painter *p, unsigned y, const Shown *shown)
{
    const Shown *want = p->want + (size_t)y * p->width;
    if (shown && memcmp(want, shown, p->width * sizeof *want) == 0)
        return;
    unsigned end = erase_from(p, want, shown);
    for (unsigned x = 0; x < end; x++) {
        bool wide = x + 1 < p->width && want[x + 1].code == 0;
        bool same = shown_same(&want[x], shown ? &shown[x] : &blank);
        if (same && wide)
            same = shown && shown_same(&want[x + 1], &shown[x + 1]);
        if (!same && want[x].code && may_write(p, x, y)) {
            motion_to(p, x, y);
            paint_cell(p, &want[x], wide);
            if (!shown)
                x += paint_alike(p, want + x + 1, end - x - 1);
        }
        x += wide;
    }
    if (shown && end < p->width)
        erase(p, end, y);
}

static void
clear_screen(Painter *p)
{
    pen_set(p, LOOK_PLAIN);
    output_text(&p->out, p->caps->strings[CAP_CLEAR]);
    p->x = p->y = 0;
    p->place_known = p->caps->ansi; /* CSI H CSI J */
}

/* All rows, once what is to be seen is known. */
static void
paint_rows(Painter *p)
{
    bool cleared = p->whole;
    if (cleared)
        clear_screen(p);
    else
        scroll_rows(p);
    for (unsigned y = 0; y < p->height; y++)
        paint_row(p, y, cleared ? NULL : p->shown + (size_t)y * p->width);
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
    bound_tables(p);
    if (!resolve_styles(p, grid, theme))
        return false;
    for (unsigned y = 0; y < p->height; y++)
        resolve_row(p, grid, y);
    output_add(&p->out, sync_begin, SYNC_LEN);
    paint_rows(p);
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
