/* map.c - the file as a column: one cell a row, the window as a block over it. */
#include <string.h>

#include "view/draw.h"

static const struct {
    char kind;
    uint32_t code;
    SxStyles style;
} kinds[] = {
    {'|', 0x2502, SX_STYLE(MAP)},
    {' ', ' ', SX_STYLE(MAP)},
    {'*', '*', SX_STYLE(MAP_MATCH)},
    {'+', '+', SX_STYLE(MAP_CHANGE)},
    {'\'', '\'', SX_STYLE(MAP)},
    {'!', '!', SX_STYLE(MAP_LOST)},
};

static size_t
find_kind(char kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            return i;
    return 0;
}

/* The rows of the map that the screen covers; at least the one where it begins. */
static void
window_rows(const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m, unsigned *first, unsigned *last)
{
    uint64_t bytes = (uint64_t)l->columns * l->rows;
    uint64_t begin = m->top < m->length ? m->top : m->length - 1;
    uint64_t end = m->length - begin < bytes ? m->length : begin + bytes;
    (void)o;
    *first = map_row(begin, m->length, l->rows);
    *last = map_row(end - 1, m->length, l->rows);
}

void
draw_map(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m)
{
    if (l->map_x < 0 || !m->length || !l->rows)
        return;
    unsigned first, last;
    window_rows(l, o, m, &first, &last);
    size_t known = m->map ? strlen(m->map) : 0;
    for (unsigned row = 0; row < l->rows; row++) {
        size_t kind = find_kind(row < known ? m->map[row] : '|');
        uint32_t code = kinds[kind].code;
        SxStyles style = kinds[kind].style;
        if (row >= first && row <= last) {
            code = 0x2588;
            style = SX_STYLE(MAP_WINDOW);
        }
        sx_grid_put(g, (unsigned)l->map_x, (unsigned)l->y + row, glyph(o->ascii, code), style);
    }
}
