/* glyph.c - characters and texts, with their ASCII stand-ins. */
#include <string.h>

#include <sextant/text.h>

#include "view/draw.h"

uint32_t
glyph(bool ascii, uint32_t code)
{
    if (!ascii || code < 0x80)
        return code;
    switch (code) {
    case 0xb7: /* middle dot */
    case 0x2025: /* two dot leader */
        return '.';
    case 0x2026: /* ellipsis */
        return '~';
    case 0x2502: /* box drawings light vertical */
        return '|';
    case 0x2500: /* box drawings light horizontal */
        return '-';
    case 0x2588: /* full block */
        return '#';
    default:
        return '?';
    }
}

/* The cells of the first character, and its bytes with its accents; as sx_grid_text draws it. */
static unsigned
first_cells(SxBytes text, size_t *bytes)
{
    uint32_t code, accent;
    *bytes = sx_utf8_decode(text, &code);
    for (size_t n = *bytes; n; *bytes += n) {
        n = sx_utf8_decode(sx_bytes(text.data + *bytes, text.len - *bytes), &accent);
        n = n && sx_text_combines(accent) ? n : 0;
    }
    int width = code == UINT32_MAX ? 1 : sx_text_width(code);
    return width > 0 ? (unsigned)width : 1;
}

unsigned
text_cells(const char *text)
{
    SxBytes rest = sx_bytes(text, text ? strlen(text) : 0);
    unsigned cells = 0;
    for (size_t n; rest.len; rest = sx_bytes(rest.data + n, rest.len - n))
        cells += first_cells(rest, &n);
    return cells;
}

size_t
text_fitting(const char *text, unsigned room)
{
    SxBytes rest = sx_bytes(text, strlen(text));
    while (rest.len) {
        size_t n;
        unsigned cells = first_cells(rest, &n);
        if (cells > room)
            break;
        room -= cells;
        rest = sx_bytes(rest.data + n, rest.len - n);
    }
    return (size_t)((const char *)rest.data - text);
}

unsigned
draw_text(SxGrid *g, bool ascii, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles)
{
    unsigned used = sx_grid_text(g, x, y, width, text, styles);
    if (!ascii || y >= g->height)
        return used;
    for (unsigned i = x; i < x + used && i < g->width; i++) {
        SxCell *cell = &g->cells[(size_t)y * g->width + i];
        cell->code = cell->code ? glyph(true, cell->code) : ' ';
        cell->marks = 0;
    }
    return used;
}

void
draw_cut(SxGrid *g, bool ascii, unsigned x, unsigned y, unsigned width, const char *text, SxStyles styles)
{
    unsigned used = draw_text(g, ascii, x, y, width, text, styles);
    if (used && text_cells(text) > width)
        sx_grid_put(g, x + used - 1, y, glyph(ascii, 0x2026), styles);
}
