/*
 * grid.c - cells in memory: writing clips at the edges and keeps wide characters whole.
 *
 * A wide character takes two cells, the right one with code 0. Whatever overwrites one half blanks the other, so that
 * no column can ever shift.
 */
#include <stdlib.h>
#include <string.h>

#include <sextant/grid.h>
#include <sextant/text.h>

enum { SUBSTITUTE = '?', CLEAR_STEP = 16 };

static bool
cells_new(SxCell **out, unsigned width, unsigned height)
{
    size_t n, bytes;
    if (!sx_size_mul(width, height, &n) || !sx_size_mul(n ? n : 1, sizeof(SxCell), &bytes))
        return false;
    SxCell *cells = malloc(bytes);
    if (!cells)
        return false;
    *out = cells;
    return true;
}

SxGrid *
sx_grid_new(unsigned width, unsigned height)
{
    SxGrid *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->styles.size = sizeof(SxStyles);
    g->marks.size = sizeof(SxMarks);
    if (!sx_grid_resize(g, width, height)) {
        free(g);
        return NULL;
    }
    return g;
}

void
sx_grid_free(SxGrid *g)
{
    if (!g)
        return;
    free(g->cells);
    sx_intern_free(&g->styles);
    sx_intern_free(&g->marks);
    free(g);
}

bool
sx_grid_resize(SxGrid *g, unsigned width, unsigned height)
{
    SxCell *cells;
    if (!cells_new(&cells, width, height))
        return false;
    free(g->cells);
    g->cells = cells;
    g->width = width;
    g->height = height;
    sx_grid_clear(g);
    return true;
}

void
sx_grid_clear(SxGrid *g)
{
    size_t n = (size_t)g->width * g->height, done = n < CLEAR_STEP ? n : CLEAR_STEP;
    for (size_t i = 0; i < done; i++)
        g->cells[i] = (SxCell){.code = ' '};
    for (size_t len; done < n; done += len) {
        len = done < n - done ? done : n - done;
        memcpy(g->cells + done, g->cells, len * sizeof *g->cells);
    }
    sx_intern_reset(&g->styles);
    g->last = 0;
    g->last_id = 0;
    sx_intern_reset(&g->marks);
    g->cursor_x = g->cursor_y = 0;
    g->cursor = SX_CURSOR_HIDDEN;
}

/* ASCII and Latin: one cell each, and most of what there is. */
static inline bool
simple(uint32_t code)
{
    return code - 0x20 < 0x5f || code - 0xae < 0x300 - 0xae;
}

/* 1 or 2 cells; *code becomes a substitute when it would take none, or may not be shown. */
static unsigned
cells_of(uint32_t *code)
{
    if (simple(*code))
        return 1;
    int width = sx_text_width(*code);
    if (width == 1 || width == 2)
        return (unsigned)width;
    *code = SUBSTITUTE;
    return 1;
}

/* What is about to be overwritten may be half of a wide character: blank the half that stays. */
static inline void
unpair(const SxGrid *g, SxCell *row, unsigned x)
{
    if (row[x].code == 0 && x > 0) {
        row[x - 1].code = ' ';
        row[x - 1].marks = 0;
    }
    if (x + 1 < g->width && row[x + 1].code == 0)
        row[x + 1].code = ' ';
}

static inline uint16_t
id_of(SxGrid *g, SxStyles styles)
{
    if (styles != g->last) {
        g->last = styles;
        g->last_id = sx_intern(&g->styles, &styles);
    }
    return g->last_id;
}

static void
put_any(SxGrid *g, unsigned x, unsigned y, uint32_t code, SxStyles styles)
{
    unsigned cells = cells_of(&code);
    if (cells == 2 && x + 1 >= g->width) {
        code = SUBSTITUTE;
        cells = 1;
    }
    SxCell *row = g->cells + (size_t)y * g->width;
    uint16_t set = id_of(g, styles);
    unpair(g, row, x);
    row[x] = (SxCell){.code = code, .styles = set};
    if (cells == 2) {
        unpair(g, row, x + 1);
        row[x + 1] = (SxCell){.styles = set};
    }
}

void
sx_grid_put(SxGrid *g, unsigned x, unsigned y, uint32_t code, SxStyles styles)
{
    if (x >= g->width || y >= g->height)
        return;
    SxCell *cell = g->cells + (size_t)y * g->width + x;
    bool halves = cell->code == 0 || (x + 1 < g->width && cell[1].code == 0);
    if (halves || !simple(code))
        put_any(g, x, y, code, styles);
    else
        *cell = (SxCell){.code = code, .styles = id_of(g, styles)};
}

bool
sx_grid_mark(SxGrid *g, unsigned x, unsigned y, uint32_t code)
{
    if (x >= g->width || y >= g->height || !sx_text_combines(code))
        return false;
    SxCell *cell = g->cells + (size_t)y * g->width + x;
    SxMarks marks = *(const SxMarks *)sx_intern_at(&g->marks, cell->marks);
    unsigned n = 0;
    while (n < SX_MARKS_MAX && marks.codes[n])
        n++;
    if (n == SX_MARKS_MAX || cell->code == 0)
        return false;
    marks.codes[n] = code;
    uint16_t id = sx_intern(&g->marks, &marks);
    if (id)
        cell->marks = id;
    return id;
}

SxStyles
sx_grid_styles(const SxGrid *g, unsigned x, unsigned y)
{
    SxStyles styles = 0;
    if (x < g->width && y < g->height)
        memcpy(&styles, sx_intern_at(&g->styles, g->cells[(size_t)y * g->width + x].styles), sizeof styles);
    return styles;
}

unsigned
sx_grid_text(SxGrid *g, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles)
{
    SxBytes rest = sx_bytes(text, text ? __builtin_strlen(text) : 0);
    unsigned used = 0, last = 0;
    while (rest.len) {
        uint32_t code;
        size_t n = sx_utf8_decode(rest, &code);
        rest.data += n;
        rest.len -= n;
        if (code == '\t')
            code = ' ';
        if (used && sx_text_combines(code)) {
            sx_grid_mark(g, x + last, y, code);
            continue;
        }
        unsigned cells = cells_of(&code);
        if (used + cells > width)
            break;
        sx_grid_put(g, x + used, y, code, styles);
        last = used;
        used += cells;
    }
    return used;
}

/* The part of the rectangle that lies on the grid. */
static SxRect
clip(const SxGrid *g, SxRect r)
{
    if (r.x >= g->width || r.y >= g->height)
        return (SxRect){0};
    if (r.width > g->width - r.x)
        r.width = g->width - r.x;
    if (r.height > g->height - r.y)
        r.height = g->height - r.y;
    return r;
}

void
sx_grid_fill(SxGrid *g, SxRect r, uint32_t code, SxStyles styles)
{
    r = clip(g, r);
    for (unsigned y = r.y; y < r.y + r.height; y++)
        for (unsigned x = r.x; x < r.x + r.width; x++)
            sx_grid_put(g, x, y, code, styles);
}

static void
add_styles(SxGrid *g, unsigned x, unsigned y, SxStyles add)
{
    SxStyles styles = sx_grid_styles(g, x, y) | add;
    g->cells[(size_t)y * g->width + x].styles = id_of(g, styles);
}

void
sx_grid_style(SxGrid *g, SxRect r, SxStyles add)
{
    r = clip(g, r);
    for (unsigned y = r.y; y < r.y + r.height; y++)
        for (unsigned x = r.x; x < r.x + r.width; x++)
            add_styles(g, x, y, add);
}

void
sx_grid_cursor(SxGrid *g, unsigned x, unsigned y, SxCursorShape shape)
{
    if (x >= g->width || y >= g->height)
        shape = SX_CURSOR_HIDDEN;
    g->cursor = shape;
    g->cursor_x = shape == SX_CURSOR_HIDDEN ? 0 : x;
    g->cursor_y = shape == SX_CURSOR_HIDDEN ? 0 : y;
}
