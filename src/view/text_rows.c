/*
 * text_rows.c - rows of text out of bytes.
 *
 * A segment is what lies between two places that begin a row whatever the width: starts of lines, and anchors. Rows are
 * made from the start of their segment on, which is less than 2 * bound bytes away.
 */
#include <sextant/text_rows.h>

#include <string.h>

#include <sextant/text.h>

#include "view/text_window.h"

/* --- segments --------------------------------------------------------------------------------------------------------- */

/* Behind the last line end that lies in [from, to) whole; UINT64_MAX when none does. */
static uint64_t
start_in(SxText *t, uint64_t from, uint64_t to)
{
    const uint8_t *bytes = text_window_bytes(t, from, to);
    size_t unit = t->feed_len, len = (size_t)(to - from);
    if (unit == 1) {
        const uint8_t *found = len ? memrchr(bytes, t->feed[0], len) : NULL;
        return found ? from + (uint64_t)(found - bytes) + 1 : UINT64_MAX;
    }
    uint64_t first = (from + unit - 1) / unit * unit;
    for (uint64_t at = to / unit * unit; at >= first + unit; at -= unit)
        if (memcmp(bytes + (at - unit - from), t->feed, unit) == 0)
            return at;
    return UINT64_MAX;
}

static bool
is_crlf(SxText *t, uint64_t at)
{
    size_t unit = t->feed_len;
    if (t->shape.ends != SX_LINE_CRLF || at < unit || at + unit > t->size)
        return false;
    const uint8_t *bytes = text_window_bytes(t, at - unit, at + unit);
    return memcmp(bytes, t->carriage, unit) == 0 && memcmp(bytes + unit, t->feed, unit) == 0;
}

/* The first character that begins at the anchor or behind it. */
static uint64_t
break_at(SxText *t, uint64_t a)
{
    enum { CONTEXT = 64 }; /* where lead bytes can be told from others only by those before, more of them help */
    unsigned most = t->shape.encoding->most;
    uint64_t from = a > CONTEXT ? a - CONTEXT : 0, to = t->size - a < most ? t->size : a + most;
    const uint8_t *bytes = text_window_bytes(t, from, to);
    return from + sx_encoding_sync(t->shape.encoding, sx_bytes(bytes, (size_t)(to - from)), (size_t)(a - from));
}

/* Whether a row begins at the anchor `a`: no line ends in the `bound` bytes before it, nor does it cut one. */
static bool
is_break(SxText *t, uint64_t a)
{
    return start_in(t, a - t->bound, a) == UINT64_MAX && !is_crlf(t, break_at(t, a));
}

static bool
begins_line(SxText *t, uint64_t at)
{
    return at == 0 || (at >= t->feed_len && start_in(t, at - t->feed_len, at) == at);
}

static uint64_t
segment_of(SxText *t, uint64_t at)
{
    /* behind the last byte only a line end begins something */
    if (at == t->size && at > 0 && !begins_line(t, at))
        at--;
    uint64_t a = at / t->bound * t->bound;
    uint64_t start = a ? break_at(t, a) : 0;
    if (at < start) {
        a -= t->bound;
        start = a ? break_at(t, a) : 0;
    }
    uint64_t line = start_in(t, start, at);
    if (line != UINT64_MAX || a == 0)
        return line != UINT64_MAX ? line : 0;
    if (is_break(t, a))
        return start;
    line = start_in(t, a - t->bound, a);
    /* else the anchor would cut CR LF, so that the line before it goes on to here */
    return line != UINT64_MAX ? line : segment_of(t, a - 1);
}

/* --- rows --------------------------------------------------------------------------------------------------------------- */

static unsigned
row_room(const SxText *t)
{
    if (t->shape.wrap == SX_WRAP_NONE)
        return UINT32_MAX / 2;
    return t->shape.width > 1 ? t->shape.width - 1 : 1;
}

static bool
is_blank(const SxTextItem *item)
{
    return item->kind == SX_TEXT_TAB || (item->kind == SX_TEXT_CHARACTER && item->code == ' ');
}

typedef struct Making {
    SxText *t;
    uint64_t at, anchor;
    unsigned x, room;
    size_t words; /* items before the last place where a word may be wrapped */
} Making;

/* Whether a row ends here because another one begins at an anchor. */
static bool
at_anchor(Making *m)
{
    while (m->at >= m->anchor) {
        if (is_break(m->t, m->anchor))
            return m->at >= break_at(m->t, m->anchor);
        m->anchor += m->t->bound;
    }
    return false;
}

/* A row ends at its anchor, also where what came before takes the bytes there for the rest of a character. */
static void
clip_at_anchor(Making *m, SxTextItem *item)
{
    uint64_t end = item->at + item->len;
    if (end <= m->anchor || item->kind == SX_TEXT_END || !is_break(m->t, m->anchor))
        return;
    uint64_t cut = break_at(m->t, m->anchor);
    if (cut < end && (item->lead || item->tail || item->struck)) {
        text_window_plain(m->t, item);
        end = item->at + item->len;
    }
    if (cut < end && item->n_marks > 0) {
        text_window_unmark(item);
        end = item->at + item->len;
    }
    if (cut > item->at && cut < end)
        text_window_invalid(m->t, item, (unsigned)(cut - item->at));
}

/* The row is full: cut it here or behind the last blank. A blank itself may hang over. */
static void
wrap(Making *m, SxTextItem *item)
{
    SxText *t = m->t;
    if (t->shape.wrap != SX_WRAP_WORDS)
        return;
    if (is_blank(item) && m->room < t->shape.width) {
        item->cells = 1;
        if (text_window_push(t, item))
            m->at += item->len;
    } else if (m->words > 0) {
        t->count = m->words;
        const SxTextItem *last = &t->items[t->count - 1];
        m->at = last->at + last->len;
    }
}

/* false: the row ends before the item. */
static bool
take(Making *m, SxTextItem *item)
{
    SxText *t = m->t;
    if (item->cells > m->room - m->x && item->kind != SX_TEXT_END) {
        if (t->count > 0) {
            wrap(m, item);
            return false;
        }
        item->cells = m->room;
    }
    if (!text_window_push(t, item))
        return false;
    m->x += item->cells;
    m->at += item->len;
    if (is_blank(item))
        m->words = t->count;
    return item->kind != SX_TEXT_END;
}

/* The first line end that ends in (from, to]; UINT64_MAX when none does. */
static uint64_t
end_in(SxText *t, uint64_t from, uint64_t to)
{
    const uint8_t *bytes = text_window_bytes(t, from, to);
    size_t unit = t->feed_len, len = (size_t)(to - from);
    if (unit == 1) {
        const uint8_t *found = len ? memchr(bytes, t->feed[0], len) : NULL;
        return found ? from + (uint64_t)(found - bytes) + 1 : UINT64_MAX;
    }
    for (uint64_t at = (from + unit - 1) / unit * unit; at + unit <= to; at += unit)
        if (memcmp(bytes + (at - from), t->feed, unit) == 0)
            return at + unit;
    return UINT64_MAX;
}

/* Where a row that is not wrapped ends: it is a whole segment. */
static Made
segment_end(SxText *t, uint64_t row)
{
    uint64_t at = row;
    for (uint64_t a = (row / t->bound + 1) * t->bound;; a += t->bound) {
        uint64_t to = a < t->size ? a : t->size, end = end_in(t, at, to);
        if (end != UINT64_MAX)
            return (Made){end, true, true};
        if (to == t->size)
            return (Made){t->size, false, true};
        if (is_break(t, a))
            return (Made){break_at(t, a), false, true};
        at = to > t->feed_len ? to - t->feed_len + 1 : to;
        at = at > row ? at : row;
    }
}

static Made
make(SxText *t, uint64_t row)
{
    Making m = {.t = t, .at = row, .anchor = (row / t->bound + 1) * t->bound, .room = row_room(t)};
    SxTextItem item;
    t->count = 0;
    if (t->shape.formatted)
        text_window_begin(t, segment_of(t, row), row);
    unsigned reach = t->shape.wrap == SX_WRAP_NONE && t->shape.reach ? t->shape.reach : UINT32_MAX;
    while (m.at < t->size && !at_anchor(&m)) {
        if (m.x > reach)
            return segment_end(t, row);
        text_window_item(t, m.at, m.x, &item);
        clip_at_anchor(&m, &item);
        if (!take(&m, &item))
            break;
    }
    bool ends = t->count > 0 && t->items[t->count - 1].kind == SX_TEXT_END;
    return (Made){m.at, ends, ends || m.at == t->size || m.at == row || at_anchor(&m)};
}

/* The items of the row are there behind it. */
static Made
row_make(SxText *t, uint64_t row)
{
    if (t->last.look != t->looks || t->last.row != row) {
        t->last = (KnownRow){row, t->looks, make(t, row)};
        t->known[row % ROWS_KNOWN] = t->last;
    }
    return t->last.made;
}

/* Whether characters of one byte and one cell stand at `at`, so many. */
static bool
is_plain(SxText *t, uint64_t at, size_t n)
{
    const uint8_t *bytes = text_window_bytes(t, at, at + n), *states = t->states + (at - t->span.at);
    bool plain = true;
    for (size_t i = 0; i < n && plain; i++)
        plain = bytes[i] >= 0x20 && bytes[i] < 0x7f && states[i] == SX_BYTE_HERE;
    return plain;
}

/* Where a full row of plain characters ends, without making it: a long line has hundreds of them before the one that is
 * shown. false: it is not such a row. */
static bool
row_skim(SxText *t, uint64_t row, Made *out)
{
    unsigned room = row_room(t);
    uint64_t anchor = (row / t->bound + 1) * t->bound, stop = anchor < t->size ? anchor : t->size;
    if (!t->plain || t->shape.formatted || stop - row < room + 2 || !is_plain(t, row, room + 1))
        return false;
    *out = (Made){.end = row + room};
    if (t->shape.wrap != SX_WRAP_WORDS)
        return true;
    const uint8_t *bytes = text_window_bytes(t, row, row + room + 1);
    const uint8_t *blank = memrchr(bytes, ' ', room);
    if (bytes[room] == ' ' && room < t->shape.width)
        out->end++;
    else if (blank)
        out->end = row + (uint64_t)(blank - bytes) + 1;
    return true;
}

/* For those who go on to the next one. */
static Made
row_known(SxText *t, uint64_t row)
{
    const KnownRow *k = &t->known[row % ROWS_KNOWN];
    Made made;
    if (k->look == t->looks && k->row == row)
        return k->made;
    return row_skim(t, row, &made) ? made : row_make(t, row);
}

/* --- going through them ------------------------------------------------------------------------------------------------- */

/* Where the rows of a segment begin; kept, since who asks for one row of it asks for the next. Without memory the last
 * ones are missing. */
static void
segment_rows(SxText *t, uint64_t segment)
{
    Made made = {.end = segment};
    if (t->n_starts > 0 && t->segment == segment)
        return;
    t->segment = segment;
    t->n_starts = 0;
    do {
        uint64_t row = made.end;
        made = t->shape.wrap == SX_WRAP_NONE ? (Made){.last = true} : row_known(t, row);
        if (!sx_grow(&t->starts, &t->cap_starts, t->n_starts + 1, sizeof *t->starts))
            return;
        t->starts[t->n_starts++] = row;
    } while (!made.last);
}

/* The index in its segment of the row that holds `at`, or of its last row; *row is where that begins. */
static uint64_t
row_in_segment(SxText *t, uint64_t segment, uint64_t at, uint64_t *row)
{
    size_t low = 0, high;
    segment_rows(t, segment);
    for (high = t->n_starts; high - low > 1;) {
        size_t middle = low + (high - low) / 2;
        if (t->starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    *row = high > 0 ? t->starts[low] : segment;
    return low;
}

/* Behind a line end at the very end stands an empty row. */
uint64_t
sx_text_row(SxText *t, uint64_t at)
{
    uint64_t row;
    row_in_segment(t, segment_of(t, at < t->size ? at : t->size), at, &row);
    return row;
}

/* The segment before the one at `segment` that is shown. */
static bool
segment_before(SxText *t, uint64_t segment, uint64_t *out)
{
    SxTextFilter *f = t->shape.filter;
    if (segment == 0)
        return false;
    if (f)
        return f->previous(f->data, segment, out);
    *out = segment_of(t, segment - 1);
    return true;
}

/* The shown row behind the one at `row`. */
static bool
row_behind(SxText *t, uint64_t row, uint64_t *out)
{
    SxTextFilter *f = t->shape.filter;
    Made made = t->shape.wrap == SX_WRAP_NONE ? segment_end(t, row) : row_known(t, row);
    if (made.end == row || (made.end == t->size && !made.ends))
        return false;
    *out = made.end;
    return !made.last || !f || f->next(f->data, made.end, out);
}

static uint64_t
rows_down(SxText *t, uint64_t row, uint64_t n, uint64_t last)
{
    uint64_t next;
    for (; n > 0 && row_behind(t, row, &next) && next <= last; n--)
        row = next;
    return row;
}

static uint64_t
rows_up(SxText *t, uint64_t row, uint64_t n)
{
    uint64_t segment = segment_of(t, row);
    uint64_t above = row_in_segment(t, segment, row, &row);
    while (n > above && segment_before(t, segment, &segment)) {
        n -= above + 1;
        above = row_in_segment(t, segment, UINT64_MAX, &row);
    }
    segment_rows(t, segment);
    return n < above && above - n < t->n_starts ? t->starts[above - n] : segment;
}

uint64_t
sx_text_rows(SxText *t, uint64_t row, int64_t n, uint64_t last)
{
    return n < 0 ? rows_up(t, row, (uint64_t)-n) : rows_down(t, row, (uint64_t)n, last);
}

unsigned
sx_text_between(SxText *t, uint64_t row, uint64_t at, unsigned max)
{
    unsigned n = 0;
    uint64_t next;
    while (n < max && row_behind(t, row, &next) && next <= at) {
        row = next;
        n++;
    }
    return n;
}

void
sx_text_load(SxText *t, uint64_t row, SxTextRow *out)
{
    bool begins = begins_line(t, row);
    Made made = row_make(t, row);
    *out = (SxTextRow){row, made.end, begins, made.ends, 0, t->items, t->count};
    if (t->count > 0)
        out->cells = t->items[t->count - 1].x + t->items[t->count - 1].cells;
}

uint64_t
sx_text_segment(SxText *t, uint64_t at)
{
    return segment_of(t, at < t->size ? at : t->size);
}

size_t
sx_text_item(const SxTextRow *row, uint64_t at)
{
    size_t low = 0, high = row->count;
    if (at < row->at || at >= row->end || row->count == 0)
        return row->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (row->items[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t
sx_text_item_x(const SxTextRow *row, unsigned x)
{
    size_t low = 0, high = row->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (row->items[middle].x <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}
