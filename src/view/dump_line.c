/* dump_line.c - a row of a dump: drawn as on the screen, written as text with or without colours. */
#include <stdio.h>
#include <string.h>

#include <sextant/text.h>

#include "view/draw.h"

/* A string in a buffer of fixed size. */
typedef struct Out {
    char *at;
    size_t left;
} Out;

static void
add(Out *out, const char *text, size_t len)
{
    if (len >= out->left)
        return;
    memcpy(out->at, text, len);
    out->at += len;
    out->left -= len;
    *out->at = '\0';
}

static void
add_colour(Out *out, uint32_t colour, bool back)
{
    char text[32];
    uint32_t n = colour & 0xffffff;
    if (colour == SX_COLOUR_NONE)
        return;
    if (!(colour & SX_COLOUR_INDEX))
        snprintf(text, sizeof text, ";%d;2;%u;%u;%u", back ? 48 : 38, n >> 16 & 255, n >> 8 & 255, n & 255);
    else if (n < 8)
        snprintf(text, sizeof text, ";%u", (back ? 40 : 30) + n);
    else if (n < 16)
        snprintf(text, sizeof text, ";%u", (back ? 100 : 90) + n - 8);
    else
        snprintf(text, sizeof text, ";%d;5;%u", back ? 48 : 38, n);
    add(out, text, strlen(text));
}

static bool
plain(SxLook look)
{
    return look.fg == SX_COLOUR_NONE && look.bg == SX_COLOUR_NONE && !look.attributes;
}

static bool
same(SxLook a, SxLook b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attributes == b.attributes;
}

/* Whether a blank shows something of it. */
static bool
draws_through(SxLook look)
{
    return look.bg != SX_COLOUR_NONE || look.attributes & (SX_ATTR_UNDERLINE | SX_ATTR_REVERSE);
}

static void
add_look(Out *out, SxLook look)
{
    static const char codes[][3] = {";1", ";2", ";3", ";4", ";7", ";5"};
    if (plain(look)) {
        add(out, "\033[m", 3);
        return;
    }
    add(out, "\033[0", 3);
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++)
        if (look.attributes >> i & 1)
            add(out, codes[i], 2);
    add_colour(out, look.fg, false);
    add_colour(out, look.bg, true);
    add(out, "m", 1);
}

static void
add_cells(Out *out, const SxGrid *g, unsigned width, const SxTheme *theme, SxColourDepth depth)
{
    const SxLook none = {SX_COLOUR_NONE, SX_COLOUR_NONE, 0};
    SxLook look = none;
    for (unsigned x = 0; x < width; x++) {
        SxLook want = theme ? sx_theme_look(theme, sx_grid_styles(g, x, 0), depth) : none;
        bool unseen = g->cells[x].code == ' ' && !draws_through(want) && !draws_through(look);
        if (!unseen && !same(want, look)) {
            add_look(out, want);
            look = want;
        }
        char utf8[4];
        add(out, utf8, sx_utf8_encode(utf8, g->cells[x].code));
    }
    if (!plain(look))
        add_look(out, none);
}

/* A dump waits for the disk where the screen would not: load what peek left out. */
static void
load_pending(SxSource *source, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    SxPin pin;
    SxSpan lost[16];
    if (!span.len || !memchr(states, SX_BYTE_PENDING, (size_t)span.len))
        return;
    if (!sx_source_pin(source, span, SX_PIN_VIEW, &pin, NULL)) {
        memset(states, SX_BYTE_LOST, (size_t)span.len);
        return;
    }
    memcpy(bytes, pin.data, (size_t)span.len);
    memset(states, SX_BYTE_HERE, (size_t)span.len);
    size_t n = sx_source_lost(source, span, lost, 16);
    for (size_t i = 0; i < n && i < 16; i++) {
        SxSpan part = sx_span_clip((SxSpan){lost[i].at - span.at, lost[i].len}, span.len);
        memset(states + part.at, SX_BYTE_LOST, (size_t)part.len);
    }
    sx_source_unpin(source, &pin);
}

static void
load_row(Row *row, SxSource *source, uint64_t at, unsigned columns)
{
    uint8_t bytes[COLUMNS_MAX], states[COLUMNS_MAX];
    SxSpan span = sx_span_clip((SxSpan){at, columns}, sx_source_size(source));
    sx_source_look(source, span);
    if (span.len)
        sx_source_peek(source, span, bytes, states);
    load_pending(source, span, bytes, states);
    row->shown = at;
    row->count = (unsigned)span.len;
    for (unsigned i = 0; i < row->count; i++)
        row->bytes[i] = (RowByte){.value = bytes[i], .state = states[i]};
}

void
sx_hex_dump_line(char *buf, size_t size, SxSource *source, uint64_t at, unsigned columns, unsigned digits,
                 const SxTheme *theme, int depth)
{
    enum { CELLS_MAX = 20 + 2 + 5 * COLUMNS_MAX };
    Row row;
    SxHexOptions options = {.columns = columns && columns < COLUMNS_MAX ? columns : 16, .no_map = true};
    SxHexLayout layout;
    if (!size)
        return;
    buf[0] = '\0';
    sx_hex_layout(&layout, CELLS_MAX, 1, 0, &options);
    layout.hex_x += (int)digits - (int)layout.digits;
    layout.text_x += (int)digits - (int)layout.digits;
    layout.sign_x = (int)digits;
    layout.digits = digits;
    SxGrid *grid = sx_grid_new((unsigned)layout.text_x + layout.columns, 1);
    if (!grid)
        return;
    load_row(&row, source, at, layout.columns);
    RowStyle style = {.layout = &layout, .options = &options};
    draw_row(grid, &row, &style, 0);
    unsigned width = (unsigned)layout.text_x + row.count;
    Out out = {buf, size};
    add_cells(&out, grid, width, theme, (SxColourDepth)depth);
    sx_grid_free(grid);
}
