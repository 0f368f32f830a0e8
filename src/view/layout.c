/*
 * layout.c - rows and columns of the hex view for a window and a document.
 *
 * Wide gaps are of two cells: between offset and bytes (the row sign stands in the first), in the middle, before the
 * text. Where there is no room they become one; then the text goes, then bytes of a row, then the offset.
 */
#include <string.h>

#include "view/layout.h"

enum {
    DIGITS_MIN = 8,
    DIGITS_WIDE = 10,  /* above: gaps of one */
    DIGITS_16 = 12,    /* above: 8 bytes a row */
    WIDTH_FULL = 80,   /* 16 bytes, wide gaps and the map */
    WIDTH_SIDE = 116,
    SIDE_WIDTH = 38,
    TEXT_MIN = 12,     /* cells of text beside line numbers */
    HEIGHT_RULER = 12,
    HEIGHT_TITLE = 8,
    HEIGHT_MESSAGE = 4,
};

/* One way to fill the width. */
typedef struct Fit {
    unsigned columns;
    bool wide; /* gaps */
    bool hex, text;
    bool offset;
} Fit;

unsigned
digits_of(uint64_t value, bool decimal)
{
    unsigned base = decimal ? 10 : 16, n = 1;
    while (value >= base) {
        value /= base;
        n++;
    }
    return n;
}

static unsigned
offset_digits(uint64_t length, const SxHexOptions *o)
{
    uint64_t last = length ? length - 1 : 0;
    last = last > UINT64_MAX - o->base ? UINT64_MAX : last + o->base;
    unsigned n = digits_of(last, o->decimal);
    n += n & 1;
    return n < DIGITS_MIN ? DIGITS_MIN : n;
}

static unsigned
hex_cells(unsigned columns, unsigned group, unsigned gap)
{
    return 2 * columns + (columns - 1) / group + gap * ((columns - 1) / 8);
}

/* Cells in front of the bytes: offset, row sign, and the cell for a bracket (the same one where gaps are of one). */
static unsigned
lead_cells(const Fit *f, unsigned digits)
{
    return (f->offset ? digits : 0) + (f->wide ? 2 : 1);
}

static unsigned
fit_cells(const Fit *f, unsigned digits, unsigned group)
{
    unsigned cells = lead_cells(f, digits);
    if (f->hex)
        cells += hex_cells(f->columns, group, f->wide);
    if (f->hex && f->text)
        cells += f->wide ? 2 : 1;
    if (f->text)
        cells += f->columns;
    return cells;
}

/* 16 bytes need their text beside them, wide gaps come with the map at 80; 8 need text, 4 and fewer do not. */
static Fit
fit_by_width(unsigned width, unsigned digits, const SxHexOptions *o, unsigned group)
{
    for (unsigned columns = 16; columns > 1; columns /= 2) {
        Fit f = {columns, digits <= DIGITS_WIDE, !o->only_text, !o->only_hex, true};
        bool spare = columns == 16 ? width >= WIDTH_FULL : true;
        if (columns == 16 && digits > DIGITS_16)
            continue;
        if (spare && fit_cells(&f, digits, group) <= width)
            return f;
        f.wide = false;
        bool narrow = columns == 16 || columns <= 4 || digits > DIGITS_WIDE;
        if (narrow && fit_cells(&f, digits, group) <= width)
            return f;
        f.text = f.text && !f.hex;
        if (columns <= 4 && fit_cells(&f, digits, group) <= width)
            return f;
    }
    return (Fit){1, false, !o->only_text, o->only_text, true};
}

/* The user's number of columns, or as many as there is room for. */
static Fit
fit_columns(unsigned columns, unsigned width, unsigned digits, const SxHexOptions *o, unsigned group)
{
    Fit f = {columns < COLUMNS_MAX ? columns : COLUMNS_MAX, false, !o->only_text, !o->only_hex, true};
    while (fit_cells(&f, digits, group) > width && (f.columns > 1 || (f.text && f.hex))) {
        if (f.text && f.hex)
            f.text = false;
        else
            f.columns--;
    }
    f.wide = true;
    f.wide = digits <= DIGITS_WIDE && fit_cells(&f, digits, group) + 2 <= width;
    return f;
}

/* Windows that are too narrow for one byte beside its offset show bytes alone. */
static Fit
fit_tiny(Fit f, unsigned width, unsigned digits, unsigned group)
{
    if (f.columns > 1 || fit_cells(&f, digits, group) <= width)
        return f;
    f.offset = false;
    f.columns = 2;
    if (fit_cells(&f, digits, group) > width)
        f.columns = 1;
    return f;
}

static void
lay_rows(SxHexLayout *l, unsigned height, bool speak)
{
    int bottom = (int)height - 1;
    l->message_y = bottom;
    l->status_y = speak ? -1 : height >= HEIGHT_MESSAGE ? bottom - 1 : bottom;
    l->title_y = !speak && height >= HEIGHT_TITLE ? 0 : -1;
    l->ruler_y = !speak && height >= HEIGHT_RULER ? 1 : -1;
    l->y = (l->title_y >= 0) + (l->ruler_y >= 0);
    int end = l->status_y >= 0 ? l->status_y : bottom;
    l->rows = end > l->y ? (unsigned)(end - l->y) : 0;
}

static unsigned
text_end(const SxHexLayout *l)
{
    if (l->text_x >= 0)
        return (unsigned)l->text_x + l->columns;
    return l->hex_x >= 0 ? layout_hex_x(l, l->columns - 1) + 2 : 0;
}

/* Three cells behind the text, but in column 79 where offsets are long. */
static int
map_column(const SxHexLayout *l, unsigned width)
{
    unsigned end = text_end(l), x = end + 3;
    if (end < WIDTH_FULL - 1 && x > WIDTH_FULL - 1)
        x = WIDTH_FULL - 1;
    if (x >= width)
        x = width - 1;
    return x > end ? (int)x : -1;
}

static void
lay_side(SxHexLayout *l, unsigned width)
{
    unsigned x = WIDTH_FULL + 2;
    if (l->map_x >= 0 && (unsigned)l->map_x + 3 > x)
        x = (unsigned)l->map_x + 3;
    if (width < WIDTH_SIDE || x + SIDE_WIDTH / 2 > width)
        return;
    l->side_x = (int)x;
    l->side_width = width - x < SIDE_WIDTH ? width - x : SIDE_WIDTH;
}

static void
lay_columns(SxHexLayout *l, const Fit *f, unsigned width, const SxHexOptions *o)
{
    unsigned lead = lead_cells(f, l->digits);
    l->columns = f->columns;
    l->gap = f->wide;
    l->digits = f->offset ? l->digits : 0;
    l->sign_x = lead <= width ? (int)l->digits : -1;
    l->hex_x = f->hex && fit_cells(f, l->digits, l->group) <= width ? (int)lead : -1;
    if (f->text)
        l->text_x = f->hex ? (int)(lead + hex_cells(f->columns, l->group, f->wide) + (f->wide ? 2 : 1)) : (int)lead;
    bool tight = f->columns == 16 && !o->columns && width < WIDTH_FULL;
    if (!o->no_map && !o->speak && f->text && f->offset && !tight)
        l->map_x = map_column(l, width);
    if (o->side && !o->speak)
        lay_side(l, width);
}

void
sx_hex_layout(SxHexLayout *out, unsigned width, unsigned height, uint64_t length, const SxHexOptions *o)
{
    static const SxHexOptions none;
    o = o ? o : &none;
    *out = (SxHexLayout){.sign_x = -1, .hex_x = -1, .text_x = -1, .map_x = -1, .side_x = -1};
    out->group = o->group ? o->group : 1;
    out->digits = offset_digits(length, o);
    lay_rows(out, height, o->speak);
    Fit f = o->columns ? fit_columns(o->columns, width, out->digits, o, out->group)
                       : fit_by_width(width, out->digits, o, out->group);
    f = fit_tiny(f, width, out->digits, out->group);
    lay_columns(out, &f, width, o);
}

void
sx_text_layout(SxHexLayout *out, unsigned width, unsigned height, unsigned digits, const SxHexOptions *o)
{
    bool map = !o->no_map && !o->speak && width >= WIDTH_FULL;
    bool lead = digits > 0 && !o->speak && width >= digits + 2 + TEXT_MIN;
    *out = (SxHexLayout){.sign_x = -1, .hex_x = -1, .map_x = -1, .side_x = -1, .group = 1};
    lay_rows(out, height, o->speak);
    out->rows += out->ruler_y >= 0;
    out->y -= out->ruler_y >= 0;
    out->ruler_y = -1;
    out->digits = lead ? digits : 0;
    out->sign_x = lead ? (int)digits : -1;
    out->text_x = lead ? (int)digits + 2 : 0;
    out->map_x = map ? (int)width - 1 : -1;
    unsigned end = map ? width - 2 : width;
    out->columns = end > (unsigned)out->text_x ? end - (unsigned)out->text_x : 1;
}

static void
move_right(SxHexLayout *l, unsigned by)
{
    l->x += by;
    l->sign_x += l->sign_x >= 0 ? (int)by : 0;
    l->text_x += (int)by;
    l->map_x += l->map_x >= 0 ? (int)by : 0;
}

bool
sx_beside_layout(SxHexLayout *hex, SxHexLayout *text, unsigned width, unsigned height, uint64_t length, unsigned digits,
                 const SxHexOptions *o)
{
    enum { BESIDE_COLUMNS = 16, BESIDE_GAP = 2, BESIDE_TEXT = 24 };
    SxHexOptions left = *o;
    left.only_hex = true;
    left.only_text = false;
    left.no_map = true;
    left.columns = o->columns ? o->columns : BESIDE_COLUMNS;
    for (; !o->speak && left.columns >= 4; left.columns /= 2) {
        sx_hex_layout(hex, width, height, length, &left);
        unsigned x = text_end(hex) + BESIDE_GAP;
        if (hex->hex_x < 0 || hex->columns != left.columns || x + digits + BESIDE_TEXT > width)
            continue;
        sx_text_layout(text, width - x, height, digits, o);
        move_right(text, x);
        text->map_x = o->no_map || width < WIDTH_FULL ? -1 : (int)width - 1;
        text->columns = width - (unsigned)text->text_x - (text->map_x >= 0 ? 2 : 0);
        text->y = hex->y;
        text->rows = hex->rows;
        return true;
    }
    return false;
}

static unsigned
shift_of(const SxHexLayout *l, const SxHexOptions *o)
{
    return o ? o->shift % l->columns : 0;
}

uint64_t
sx_hex_row(const SxHexLayout *l, const SxHexOptions *o, uint64_t at)
{
    unsigned shift = shift_of(l, o);
    if (at < l->columns - shift)
        return 0;
    /* not at + shift, which may not fit */
    uint64_t past = at - (l->columns - shift);
    return at - past % l->columns;
}

unsigned
layout_row_bytes(const SxHexLayout *l, const SxHexOptions *o, uint64_t at)
{
    return at == 0 ? l->columns - shift_of(l, o) : l->columns;
}

unsigned
layout_hex_x(const SxHexLayout *l, unsigned i)
{
    return (unsigned)l->hex_x + 2 * i + i / l->group + l->gap * (i / 8);
}

unsigned
layout_text_x(const SxHexLayout *l, unsigned i)
{
    return (unsigned)l->text_x + i;
}

SxHexOptions
screen_options(const SxScreen *s)
{
    SxHexOptions o = s->options ? *s->options : (SxHexOptions){0};
    o.speak |= s->speak;
    if (o.speak && s->hex && !o.only_hex && !o.only_text) {
        o.only_text = s->hex->text_column;
        o.only_hex = !o.only_text;
    }
    o.side = o.side && s->n_side;
    return o;
}

bool
screen_layouts(SxHexLayout *hex, SxHexLayout *text, const SxScreen *s)
{
    SxHexOptions o = screen_options(s);
    return s->beside && s->text && s->hex &&
           sx_beside_layout(hex, text, s->width, s->height, s->hex->length, s->text->digits, &o);
}

void
screen_layout(SxHexLayout *out, const SxScreen *s)
{
    SxHexOptions o = screen_options(s);
    SxHexLayout hex, text;
    if (screen_layouts(&hex, &text, s)) {
        *out = s->text->twin ? hex : text;
        return;
    }
    if (s->text)
        sx_text_layout(out, s->width, s->height, s->text->digits, &o);
    else
        sx_hex_layout(out, s->width, s->height, s->hex ? s->hex->length : 0, &o);
}

uint64_t
shown_of(const SxHexModel *m, uint64_t at)
{
    return m->half.on && m->half.insert && at >= m->half.at ? at + 1 : at;
}

uint64_t
shown_length(const SxHexModel *m)
{
    return m->length + (m->half.on && m->half.insert);
}

bool
shown_is_half(const SxHexModel *m, uint64_t shown)
{
    return m->half.on && shown == m->half.at;
}

/* The cursor stays on the byte that is being typed. */
uint64_t
shown_cursor(const SxHexModel *m)
{
    return shown_is_half(m, m->cursor) ? m->cursor : shown_of(m, m->cursor);
}

uint64_t
offset_of_shown(const SxHexModel *m, uint64_t shown)
{
    return m->half.on && m->half.insert && shown > m->half.at ? shown - 1 : shown;
}

uint64_t
scale(uint64_t value, uint64_t part, uint64_t whole)
{
    __extension__ typedef unsigned __int128 Wide;
    return (uint64_t)((Wide)value * part / whole);
}

unsigned
map_row(uint64_t at, uint64_t length, unsigned rows)
{
    if (!length || !rows)
        return 0;
    return at < length ? (unsigned)scale(rows, at, length) : rows - 1;
}

/* The first offset whose cell it is: the inverse of map_row, so rounded up. */
uint64_t
map_offset(unsigned row, uint64_t length, unsigned rows)
{
    uint64_t at = scale(length, row, rows);
    return at < length && map_row(at, length, rows) < row ? at + 1 : at;
}
