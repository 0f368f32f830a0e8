/*
 * grid.c - cells in memory: writing clips at the edges and keeps wide characters whole.
 *
 * A wide character takes two cells, the right one with code 0. Whatever overwrites one half blanks the other, so that
 * no column can ever shift.
 */
#include <stdlib.h>

#include <sextant/grid.h>
#include <sextant/text.h>

enum { SUBSTITUTE = '?' };

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
    size_t n = (size_t)g->width * g->height;
    for (size_t i = 0; i < n; i++)
        g->cells[i] = (SxCell){' ', 0};
    g->cursor_x = g->cursor_y = 0;
    g->cursor = SX_CURSOR_HIDDEN;
}

/* 1 or 2 cells; *code becomes a substitute when it would take none, or may not be shown. */
static unsigned
cells_of(uint32_t *code)
{
    bool ascii = *code >= 0x20 && *code < 0x7f, latin = *code > 0xad && *code < 0x300;
    if (ascii || latin)
        return 1;
    int width = sx_text_width(*code);
    if (width == 1 || width == 2)
        return (unsigned)width;
    *code = SUBSTITUTE;
    return 1;
}

/* What is about to be overwritten may be half of a wide character: blank the half that stays. */
static void
unpair(SxGrid *g, unsigned x, unsigned y)
{
    SxCell *row = g->cells + (size_t)y * g->width;
    if (row[x].code == 0 && x > 0)
        row[x - 1].code = ' ';
    if (x + 1 < g->width && row[x + 1].code == 0)
        row[x + 1].code = ' ';
}

void
sx_grid_put(SxGrid *g, unsigned x, unsigned y, uint32_t code, SxStyles styles)
{
    if (x >= g->width || y >= g->height)
        return;
    unsigned cells = cells_of(&code);
    if (cells == 2 && x + 1 >= g->width) {
        code = SUBSTITUTE;
        cells = 1;
    }
    SxCell *cell = g->cells + (size_t)y * g->width + x;
    unpair(g, x, y);
    cell[0] = (SxCell){code, styles};
    if (cells == 2) {
        unpair(g, x + 1, y);
        cell[1] = (SxCell){0, styles};
    }
}

unsigned
sx_grid_text(SxGrid *g, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles)
{
    SxBytes rest = sx_bytes(text, text ? __builtin_strlen(text) : 0);
    unsigned used = 0;
    while (rest.len) {
        uint32_t code;
        size_t n = sx_utf8_decode(rest, &code);
        rest.data += n;
        rest.len -= n;
        if (code == '\t')
            code = ' ';
        unsigned cells = cells_of(&code);
        if (used + cells > width)
            break;
        sx_grid_put(g, x + used, y, code, styles);
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

void
sx_grid_style(SxGrid *g, SxRect r, SxStyles add)
{
    r = clip(g, r);
    for (unsigned y = r.y; y < r.y + r.height; y++)
        for (unsigned x = r.x; x < r.x + r.width; x++)
            g->cells[(size_t)y * g->width + x].styles |= add;
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
