/*
 * hex.c - rows of bytes into cells: offset, sign, digits, text.
 *
 * Marks gather as styles; the theme decides which of them wins a colour. Every mark has a glyph beside it.
 */
#include <string.h>

#include "view/draw.h"

static const SxStyles column_styles = SX_STYLE(MARK) | SX_STYLE(WRITTEN) | SX_STYLE(FRESH) | SX_STYLE(FRESH_FADING) |
                                      SX_STYLE(FRESH_FADED) | SX_STYLE(INSERTED) | SX_STYLE(CHANGED) |
                                      SX_STYLE(MATCH) | SX_STYLE(SELECTION) | SX_STYLE(MATCH_CURRENT);

static SxStyles
class_style(uint8_t value)
{
    if (value == 0)
        return SX_STYLE(BYTE_ZERO);
    if (value == ' ' || value == '\t' || value == '\n' || value == '\f' || value == '\r')
        return SX_STYLE(BYTE_SPACE);
    if (value >= 0x80)
        return SX_STYLE(BYTE_HIGH);
    return value > ' ' && value < 0x7f ? SX_STYLE(BYTE_PRINT) : SX_STYLE(BYTE_CONTROL);
}

static SxStyles
byte_styles(const RowByte *b, const SxHexOptions *o)
{
    SxStyles styles = b->styles;
    if (b->half)
        return styles | SX_STYLE(HALF);
    switch ((SxByteState)b->state) {
    case SX_BYTE_LOST:
        return styles | SX_STYLE(LOST);
    case SX_BYTE_PENDING:
        return styles | SX_STYLE(PENDING);
    case SX_BYTE_HOLE:
        return styles | SX_STYLE(HOLE);
    case SX_BYTE_HERE:
        break;
    }
    return o->no_classes ? styles : styles | class_style(b->value);
}

static char
hex_digit(unsigned n, bool capitals)
{
    return (capitals ? "0123456789ABCDEF" : "0123456789abcdef")[n & 15];
}

static void
byte_digits(const RowByte *b, const SxHexOptions *o, uint8_t nibble, char out[2])
{
    out[0] = hex_digit(b->value >> 4, o->capitals);
    out[1] = hex_digit(b->value, o->capitals);
    if (b->half) {
        out[0] = hex_digit(nibble, o->capitals);
        out[1] = '_';
    } else if (b->state == SX_BYTE_LOST) {
        out[0] = out[1] = '?';
    } else if (b->state == SX_BYTE_PENDING) {
        out[0] = out[1] = '.';
    }
}

static uint32_t
byte_text(const RowByte *b)
{
    if (b->inserting)
        return 0xb7;
    if (b->state == SX_BYTE_LOST)
        return '?';
    if (b->state != SX_BYTE_HERE)
        return ' ';
    return b->value >= 0x20 && b->value < 0x7f ? b->value : 0xb7;
}

static void
draw_offset(SxGrid *g, const Row *row, const RowStyle *s, unsigned y)
{
    uint64_t value = row->shown + s->options->base;
    unsigned digits = s->layout->digits;
    if (!digits)
        return;
    /* only the place behind the last byte can need a digit more: it has no row sign */
    if (digits_of(value, s->options->decimal) > digits)
        digits++;
    unsigned base = s->options->decimal ? 10 : 16;
    SxStyles style = s->has_cursor && !s->options->speak ? SX_STYLE(OFFSET_CURSOR) : SX_STYLE(OFFSET);
    for (unsigned i = digits; i-- > 0; value /= base)
        sx_grid_put(g, i, y, (uint32_t)hex_digit((unsigned)(value % base), s->options->capitals), style);
}

static void
draw_sign(SxGrid *g, const Row *row, const RowStyle *s, unsigned y)
{
    char sign = row_sign(row);
    if (sign == ' ' || s->layout->sign_x < 0)
        return;
    SxStyles style = sign == '!' ? SX_STYLE(SIGN) | SX_STYLE(SIGN_LOST) : SX_STYLE(SIGN);
    sx_grid_put(g, (unsigned)s->layout->sign_x, y, (uint32_t)sign, style);
}

/* The blank cells behind a byte, where the same span goes on. */
static void
draw_join(SxGrid *g, const RowByte *b, const RowStyle *s, unsigned i, unsigned y)
{
    SxStyles join = b->join & column_styles;
    if (!join || i + 1 >= s->layout->columns)
        return;
    unsigned from = layout_hex_x(s->layout, i) + 2, to = layout_hex_x(s->layout, i + 1);
    sx_grid_fill(g, (SxRect){from, y, to - from, 1}, ' ', join);
}

/* A cell that is not there, in tight groups, carries none. */
static void
draw_brackets(SxGrid *g, const RowByte *b, const RowStyle *s, unsigned i, unsigned y)
{
    const SxHexLayout *l = s->layout;
    unsigned x = layout_hex_x(l, i);
    bool before = i % l->group == 0 && x > 0;
    bool behind = (i + 1) % l->group == 0 || i + 1 == l->columns;
    if (b->before && before && !((int)x - 1 == l->sign_x && b->state == SX_BYTE_LOST))
        sx_grid_put(g, x - 1, y, (uint32_t)b->before, b->before_styles);
    if (b->behind && behind && (l->text_x < 0 || x + 2 < (unsigned)l->text_x))
        sx_grid_put(g, x + 2, y, (uint32_t)b->behind, b->behind_styles);
}

static SxStyles
cursor_style(const RowStyle *s, unsigned i, bool text)
{
    if (!s->has_cursor || s->cursor != i || s->options->speak)
        return 0;
    return s->text_column == text ? SX_STYLE(CURSOR) : SX_STYLE(CURSOR_TWIN);
}

static void
draw_digits(SxGrid *g, const Row *row, const RowStyle *s, uint8_t nibble, unsigned y)
{
    for (unsigned i = 0; i < row->count; i++) {
        const RowByte *b = &row->bytes[i];
        unsigned x = layout_hex_x(s->layout, i);
        SxStyles styles = byte_styles(b, s->options) | cursor_style(s, i, false);
        char digits[2];
        byte_digits(b, s->options, nibble, digits);
        sx_grid_put(g, x, y, (uint32_t)digits[0], styles);
        sx_grid_put(g, x + 1, y, (uint32_t)digits[1], styles);
        draw_join(g, b, s, i, y);
    }
    for (unsigned i = 0; i < row->count; i++)
        draw_brackets(g, &row->bytes[i], s, i, y);
}

/* Both halves of a wide character show what either byte has to say. */
static void
draw_characters(SxGrid *g, const Row *row, const RowStyle *s, unsigned y)
{
    for (unsigned i = 0; i < row->count; i++) {
        const RowByte *b = &row->bytes[i];
        bool wide = i + 1 < row->count && b[1].part == PART_WIDE && !s->options->ascii;
        uint32_t code = glyph(s->options->ascii, b->part == PART_BYTE ? byte_text(b) : b->code);
        SxStyles styles = byte_styles(b, s->options) | cursor_style(s, i, true);
        if (wide)
            styles |= byte_styles(b + 1, s->options) | cursor_style(s, i + 1, true);
        sx_grid_put(g, layout_text_x(s->layout, i), y, code, styles);
        i += wide;
    }
}

/* The place behind the last byte has cells of its own for the cursor. */
static void
draw_end(SxGrid *g, const Row *row, const RowStyle *s, unsigned y)
{
    unsigned i = s->cursor;
    if (!s->has_cursor || i < row->count || i >= s->layout->columns)
        return;
    if (s->layout->hex_x >= 0)
        sx_grid_style(g, (SxRect){layout_hex_x(s->layout, i), y, 2, 1}, cursor_style(s, i, false));
    if (s->layout->text_x >= 0)
        sx_grid_style(g, (SxRect){layout_text_x(s->layout, i), y, 1, 1}, cursor_style(s, i, true));
}

static void
draw_row_half(SxGrid *g, const Row *row, const RowStyle *s, uint8_t nibble, unsigned y)
{
    draw_offset(g, row, s, y);
    draw_sign(g, row, s, y);
    if (s->layout->hex_x >= 0)
        draw_digits(g, row, s, nibble, y);
    if (s->layout->text_x >= 0)
        draw_characters(g, row, s, y);
    draw_end(g, row, s, y);
}

void
draw_row(SxGrid *g, const Row *row, const RowStyle *style, unsigned y)
{
    draw_row_half(g, row, style, 0, y);
}

SxCursorShape
cursor_shape(SxMode mode)
{
    if (mode == SX_MODE_OVERWRITE)
        return SX_CURSOR_UNDERLINE;
    return mode == SX_MODE_INSERT ? SX_CURSOR_BAR : SX_CURSOR_BLOCK;
}

static void
place_cursor(SxGrid *g, const SxHexModel *m, const RowStyle *s, unsigned y)
{
    const SxHexLayout *l = s->layout;
    if (!s->has_cursor || s->cursor >= l->columns)
        return;
    bool text = l->hex_x < 0 || (s->text_column && l->text_x >= 0);
    if (text && l->text_x < 0)
        return;
    bool second = m->second_digit || (m->half.on && m->half.at == m->cursor);
    unsigned x = text ? layout_text_x(l, s->cursor) : layout_hex_x(l, s->cursor) + second;
    sx_grid_cursor(g, x, y, cursor_shape(m->mode));
}

void
draw_hex(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m)
{
    Window window;
    Row row;
    size_t shown_at_once = (size_t)l->rows * l->columns + 2 * SX_ENCODING_CONTEXT;
    window.span = (SxSpan){0, 0};
    window.most = shown_at_once < WINDOW_BYTES ? shown_at_once : WINDOW_BYTES;
    window.gap_at_end = false;
    uint64_t shown = m->top, end = shown_length(m), cursor = shown_cursor(m);
    for (unsigned i = 0; i < l->rows; i++) {
        unsigned room = layout_row_bytes(l, o, shown);
        RowStyle style = {l, o, m->text_column, cursor >= shown && cursor - shown < room, 0};
        if (shown >= end && !style.has_cursor && shown > 0)
            break;
        style.cursor = style.has_cursor ? (unsigned)(cursor - shown) : 0;
        row_load(&row, &window, m, shown, room);
        row_characters(&row, &window, m);
        draw_row_half(g, &row, &style, m->half.nibble, (unsigned)l->y + i);
        place_cursor(g, m, &style, (unsigned)l->y + i);
        if (__builtin_add_overflow(shown, room, &shown))
            break;
    }
}
