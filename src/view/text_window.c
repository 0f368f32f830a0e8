/* text_window.c - bytes by peek, a window at a time, and what stands at an offset of them. */
#include "view/text_window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "view/text_format.h"

enum { BOUND = 16384, WINDOW_BOUNDS = 6, WINDOW_MORE = 256 };

SxText *
sx_text_new(void)
{
    return calloc(1, sizeof(SxText));
}

void
sx_text_free(SxText *t)
{
    if (!t)
        return;
    free(t->bytes);
    free(t->states);
    free(t->items);
    free(t->starts);
    free(t);
}

/* Sequences are bytes of ASCII: other encodings cannot have them. */
static bool
has_sequences(const SxEncoding *e)
{
    uint8_t bracket[SX_ENCODING_MOST];
    return e->unit == 1 && sx_encoding_encode(e, '[', bracket) == 1 && bracket[0] == '[';
}

void
sx_text_look(SxText *t, SxSource *source, const SxTextShape *shape)
{
    t->source = source;
    t->shape = *shape;
    t->shape.formatted &= has_sequences(shape->encoding);
    t->bound = shape->bound ? shape->bound : BOUND;
    t->span = (SxSpan){0, 0};
    t->n_starts = 0;
    t->looks++;
    t->plain = strcmp(shape->encoding->name, "utf-8") == 0;
    t->end_sign = sx_line_end_sign(shape->encoding, shape->ends);
    t->feed_len = sx_encoding_encode(shape->encoding, t->end_sign, t->feed);
    sx_encoding_encode(shape->encoding, '\r', t->carriage);
    size_t room = (size_t)t->bound * WINDOW_BOUNDS + WINDOW_MORE;
    if (room > t->room) {
        free(t->bytes);
        free(t->states);
        t->bytes = malloc(room);
        t->states = malloc(room);
        t->room = room;
    }
    bool fine = source && t->bytes && t->states;
    if (!fine)
        t->room = 0;
    t->size = fine ? sx_source_size(source) : 0;
    t->own = (SxTextOwn){0};
}

/* A third of the window before the place, since starts of lines are looked for there. */
static void
load(SxText *t, uint64_t from)
{
    uint64_t room = t->bound * WINDOW_BOUNDS + WINDOW_MORE, before = t->bound * 2;
    t->span = sx_span_clip((SxSpan){from > before ? from - before : 0, room}, t->size);
    sx_source_peek(t->source, t->span, t->bytes, t->states);
}

const uint8_t *
text_window_bytes(SxText *t, uint64_t from, uint64_t to)
{
    if (from < t->span.at || to > sx_span_end(t->span))
        load(t, from);
    return t->bytes + (from - t->span.at);
}

bool
text_window_push(SxText *t, const SxTextItem *item)
{
    if (!sx_grow(&t->items, &t->cap, t->count + 1, sizeof *t->items))
        return false;
    t->items[t->count++] = *item;
    return true;
}

/* --- what stands there -------------------------------------------------------------------------------------------------- */

static unsigned
hex_digits(uint32_t code)
{
    unsigned n = 1;
    while (code >>= 4)
        n++;
    return n;
}

static void
item_is(SxTextItem *item, SxTextKind kind, uint32_t code, unsigned cells)
{
    item->kind = (uint8_t)kind;
    item->code = code;
    item->cells = cells;
}

static void
item_of_code(SxText *t, SxTextItem *item, uint32_t code)
{
    if (code >= 0x20 && code < 0x7f) {
        item_is(item, SX_TEXT_CHARACTER, code, 1); /* nearly all of most text */
        return;
    }
    int width = sx_text_width(code);
    if (code == t->end_sign)
        item_is(item, SX_TEXT_END, code, 1);
    else if (code == '\t')
        item_is(item, SX_TEXT_TAB, code, t->shape.tab - item->x % t->shape.tab);
    else if (code < SX_ENCODING_GLYPHS && t->shape.encoding->glyphs && t->shape.encoding->glyphs[code])
        item_is(item, SX_TEXT_CHARACTER, t->shape.encoding->glyphs[code], 1);
    else if (code < 0x20 || code == 0x7f)
        item_is(item, SX_TEXT_CONTROL, code ^ 0x40, 2);
    else if (width > 0)
        item_is(item, SX_TEXT_CHARACTER, code, (unsigned)width);
    else
        item_is(item, SX_TEXT_UNSEEN, code, 2 + hex_digits(code));
}

/* The state of all bytes of the item, when one of them is not there. */
static SxByteState
worst_state(const uint8_t *states, size_t n)
{
    SxByteState worst = SX_BYTE_HERE;
    for (size_t i = 0; i < n; i++)
        if (states[i] == SX_BYTE_LOST || states[i] == SX_BYTE_PENDING)
            worst = (SxByteState)states[i];
    return worst;
}

/* CR LF, where both together end lines. */
static bool
joins_feed(SxText *t, const uint8_t *bytes, size_t room, uint32_t code)
{
    return code == '\r' && t->shape.ends == SX_LINE_CRLF && room >= 2 * t->feed_len &&
           memcmp(bytes + t->feed_len, t->feed, t->feed_len) == 0;
}

/* Accents and their like belong to what they are drawn on: one place for the cursor, one cell. */
static void
take_marks(SxText *t, SxTextItem *item, const uint8_t *bytes, size_t room)
{
    const SxEncoding *e = t->shape.encoding;
    const uint8_t *states = t->states + (item->at - t->span.at);
    while (item->n_marks < SX_MARKS_MAX && item->len < room) {
        uint32_t code;
        if (e->unit == 1 && bytes[item->len] < 0x80)
            return; /* no encoding has a mark there, and most text is ASCII */
        size_t n = sx_encoding_decode(e, sx_bytes(bytes + item->len, room - item->len), &code);
        if (code == SX_NO_CHARACTER || !sx_text_combines(code) || worst_state(states + item->len, n) != SX_BYTE_HERE)
            return;
        item->marks[item->n_marks++] = code;
        item->len = (uint8_t)(item->len + n);
    }
}

void
text_window_unmark(SxTextItem *item)
{
    item->len = item->base;
    item->n_marks = 0;
}

void
text_window_invalid(SxText *t, SxTextItem *item, unsigned len)
{
    const uint8_t *bytes = text_window_bytes(t, item->at, item->at + len);
    item_is(item, SX_TEXT_INVALID, 0, 2 + 2 * len);
    item->len = (uint8_t)len;
    for (unsigned i = 0; i < len; i++)
        item->code = item->code << 8 | bytes[i];
}

/* man(1) writes bold as A BS A, and underlined as _ BS A; whatever is struck over, the last sign is seen. */
static void
take_struck(SxText *t, SxTextItem *item, SxBytes in)
{
    const SxEncoding *e = t->shape.encoding;
    while (item->len + 1u < in.len && in.data[item->len] == '\b' && item->len < FORMAT_STRUCK_MAX) {
        uint32_t code, under = item->code;
        size_t at = item->len + 1u, n = sx_encoding_decode(e, sx_bytes(in.data + at, in.len - at), &code);
        if (code == SX_NO_CHARACTER || code < ' ' || sx_text_width(code) < 1)
            return;
        bool line = under == '_' && code != '_';
        item->own.underline |= line || (code == '_' && under != '_');
        item->own.bold |= code == under;
        if (code != '_' || under == '_')
            item_of_code(t, item, code);
        item->len = (uint8_t)(at + n);
        item->base = (uint8_t)n;
        item->struck = true;
    }
}

/* A character that is here, with what belongs to it. */
static void
item_of_bytes(SxText *t, SxTextItem *out, SxBytes in, uint32_t code)
{
    if (joins_feed(t, in.data, in.len, code)) {
        out->len = (uint8_t)(2 * t->feed_len);
        code = '\n';
    }
    item_of_code(t, out, code);
    out->base = out->len;
    if (out->kind == SX_TEXT_CHARACTER && t->shape.formatted)
        take_struck(t, out, in);
    if (out->kind == SX_TEXT_CHARACTER && !out->struck)
        take_marks(t, out, in.data, in.len);
}

/* The item at out->at without sequences; `in` begins there. */
static void
item_make(SxText *t, SxTextItem *out, SxBytes in)
{
    const SxEncoding *e = t->shape.encoding;
    const uint8_t *states = t->states + (out->at - t->span.at);
    uint32_t code;
    out->len = (uint8_t)sx_encoding_decode(e, in, &code);
    SxByteState state = worst_state(states, out->len);
    if (state == SX_BYTE_HERE && code != SX_NO_CHARACTER) {
        item_of_bytes(t, out, in, code);
        return;
    }
    if (state == SX_BYTE_HERE) {
        text_window_invalid(t, out, out->len);
        return;
    }
    out->len = (uint8_t)(in.len < e->unit ? in.len : e->unit);
    if (worst_state(states, out->len) == SX_BYTE_LOST)
        item_is(out, SX_TEXT_LOST, '?', 2u * out->len);
    else
        item_is(out, SX_TEXT_PENDING, ' ', out->len);
}

/* Its bytes, with all that may belong to it: marks; a line end may take two characters. */
static SxBytes
bytes_of_item(SxText *t, uint64_t at)
{
    unsigned most = (1 + SX_MARKS_MAX) * t->shape.encoding->most;
    if (t->shape.formatted)
        most += 2 * FORMAT_LEAD_MAX + FORMAT_STRUCK_MAX;
    uint64_t to = t->size - at < most ? t->size : at + most;
    return sx_bytes(text_window_bytes(t, at, to), (size_t)(to - at));
}

/* Sequences belong to what they begin a line before, and else to what they stand behind. */
static void
item_formatted(SxText *t, SxTextItem *out, SxBytes in)
{
    SxTextOwn before = t->own;
    size_t lead = text_format_sequences(in, &t->own);
    if (lead == in.len) { /* nothing follows that it could belong to */
        lead = 0;
        t->own = before;
    }
    out->at += lead;
    out->own = t->own;
    item_make(t, out, sx_bytes(in.data + lead, in.len - lead));
    size_t behind = lead + out->len;
    if (out->kind != SX_TEXT_END)
        out->tail = (uint8_t)text_format_sequences(sx_bytes(in.data + behind, in.len - behind), &t->own);
    out->at -= lead;
    out->lead = (uint8_t)lead;
    out->len = (uint8_t)(behind + out->tail);
}

void
text_window_item(SxText *t, uint64_t at, unsigned x, SxTextItem *out)
{
    SxBytes in = bytes_of_item(t, at);
    *out = (SxTextItem){.at = at, .x = x};
    if (t->shape.formatted)
        item_formatted(t, out, in);
    else
        item_make(t, out, in);
}

void
text_window_plain(SxText *t, SxTextItem *item)
{
    SxBytes in = bytes_of_item(t, item->at);
    *item = (SxTextItem){.at = item->at, .x = item->x};
    t->shape.formatted = false;
    item_make(t, item, in);
    t->shape.formatted = true;
}

void
text_window_begin(SxText *t, uint64_t segment, uint64_t at)
{
    t->own = (SxTextOwn){0};
    if (t->shape.formatted && at > segment)
        text_format_skim(sx_bytes(text_window_bytes(t, segment, at), (size_t)(at - segment)), &t->own);
}

const char *
sx_text_item_shown(const SxTextItem *item, char *buf, size_t size)
{
    char utf8[5 + 4 * SX_MARKS_MAX] = "";
    size_t n;
    switch ((SxTextKind)item->kind) {
    case SX_TEXT_CHARACTER:
        n = sx_utf8_encode(utf8, item->code);
        for (unsigned i = 0; i < item->n_marks; i++)
            n += sx_utf8_encode(utf8 + n, item->marks[i]);
        snprintf(buf, size, "%s", utf8);
        break;
    case SX_TEXT_CONTROL: snprintf(buf, size, "^%c", (char)item->code); break;
    case SX_TEXT_UNSEEN: snprintf(buf, size, "<%x>", item->code); break;
    case SX_TEXT_INVALID: snprintf(buf, size, "<%0*x>", 2 * item->len, item->code); break;
    case SX_TEXT_LOST: snprintf(buf, size, "%.*s", 2 * item->len, "????????"); break;
    case SX_TEXT_TAB:
    case SX_TEXT_END:
    case SX_TEXT_PENDING: snprintf(buf, size, " "); break;
    }
    return buf;
}
