/*
 * characters.c - the text column in an encoding: a character stands at its first byte, and the others are marked.
 *
 * Works in offsets of the document; a byte that is being inserted has none and belongs to no character.
 */
#include <string.h>

#include <sextant/encoding.h>
#include <sextant/text.h>

#include "view/row.h"

enum { DOT = 0xb7, REST = 0x2025 };

/* What each byte of a row shows, by its offset. */
typedef struct Column {
    uint64_t first;
    unsigned count;
    uint32_t codes[COLUMNS_MAX];
    uint8_t parts[COLUMNS_MAX]; /* RowPart */
} Column;

/* What can stand in a cell by itself; controls have pictures in DOS. */
static uint32_t
shape_of(const SxEncoding *e, uint32_t code)
{
    if (code == SX_NO_CHARACTER)
        return DOT;
    if (code < SX_ENCODING_GLYPHS && e->glyphs && e->glyphs[code])
        return e->glyphs[code];
    return sx_text_width(code) > 0 ? code : DOT;
}

/* Bytes from `at` on that are not here stand for themselves; returns how many of `n`. */
static size_t
not_here(const Window *w, size_t at, size_t n)
{
    size_t i = 0;
    while (i < n && w->states[at + i] != SX_BYTE_LOST && w->states[at + i] != SX_BYTE_PENDING)
        i++;
    return i < n ? n : 0;
}

static void
say(Column *c, uint64_t at, uint32_t code, RowPart part)
{
    if (at < c->first || at - c->first >= c->count)
        return;
    c->codes[at - c->first] = code;
    c->parts[at - c->first] = (uint8_t)part;
}

/* A wide character takes the cell of its second byte, where it has one in this row. */
static void
say_character(Column *c, uint64_t at, size_t n, uint32_t code)
{
    bool wide = sx_text_width(code) == 2;
    bool room = n > 1 && at - c->first + 1 < c->count;
    say(c, at, wide && !room ? REST : code, PART_FIRST);
    for (size_t i = 1; i < n; i++)
        say(c, at + i, REST, i == 1 && wide ? PART_WIDE : PART_REST);
}

static void
read_column(Column *c, const Window *w, const SxEncoding *e)
{
    uint64_t end = c->first + c->count, before = c->first - w->span.at;
    size_t context = sx_encoding_context(e);
    size_t from = before > context ? (size_t)(before - context + 7) / 8 * 8 : 0;
    uint64_t left = sx_span_end(w->span) - end, more = left < e->most ? left : e->most;
    SxBytes text = sx_bytes(w->bytes + from, (size_t)(end + more - w->span.at) - from);
    size_t i = sx_encoding_sync(e, text, (size_t)before - from);
    for (uint64_t at = c->first; at < w->span.at + from + i; at++)
        say(c, at, REST, PART_REST);
    while (w->span.at + from + i < end) {
        uint32_t code;
        size_t n = sx_encoding_decode(e, sx_bytes(text.data + i, text.len - i), &code);
        if (code != SX_NO_CHARACTER && !not_here(w, from + i, n))
            say_character(c, w->span.at + from + i, n, shape_of(e, code));
        i += n;
    }
}

void
row_characters(Row *row, const Window *w, const SxHexModel *m)
{
    Column c = {.first = offset_of_shown(m, row->shown)};
    if (!m->encoding || !row->count)
        return;
    uint64_t last = offset_of_shown(m, row->shown + row->count - 1);
    c.count = (unsigned)(last - c.first) + 1;
    read_column(&c, w, m->encoding);
    for (unsigned i = 0; i < row->count; i++) {
        RowByte *b = &row->bytes[i];
        size_t k = (size_t)(offset_of_shown(m, row->shown + i) - c.first);
        if (b->half)
            continue;
        b->code = c.codes[k];
        b->part = c.parts[k];
        if (b->part == PART_WIDE && (i == 0 || row->bytes[i - 1].half))
            b->part = PART_REST;
    }
}
