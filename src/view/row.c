/*
 * row.c - gathers what is to be said of each byte of a row: value, state, origin, matches, selection, marks, brackets.
 *
 * Works in places on the screen ("shown"); spans of the model are offsets of the document.
 */
#include <string.h>

#include "view/row.h"

/* The screen may be told of a length before the source that has it. */
static uint64_t
readable(const SxHexModel *m)
{
    uint64_t size = m->source ? sx_source_size(m->source) : 0;
    if (m->snapshot && sx_snapshot_length(m->snapshot) < size)
        size = sx_snapshot_length(m->snapshot);
    return size < m->length ? size : m->length;
}

/* Load `need`, if it is not there yet; characters are told by what stands before them, too. Rows come from above. */
static void
window_load(Window *w, const SxHexModel *m, SxSpan need)
{
    if (need.at >= w->span.at && sx_span_end(need) <= sx_span_end(w->span))
        return;
    uint64_t before = need.at < SX_ENCODING_CONTEXT ? need.at : SX_ENCODING_CONTEXT;
    uint64_t from = m->encoding ? (need.at - before) / 8 * 8 : need.at;
    uint64_t len = sx_span_end(need) - from > w->most ? sx_span_end(need) - from : w->most;
    SxSpan span = sx_span_clip((SxSpan){from, len}, readable(m));
    w->span = (SxSpan){from, len};
    memset(w->states, SX_BYTE_PENDING, (size_t)len);
    memset(w->origins, 0, (size_t)len);
    if (!span.len)
        return;
    sx_source_peek(m->source, span, w->bytes, w->states);
    if (m->snapshot)
        sx_snapshot_origin(m->snapshot, span, w->origins, &w->gap_at_end);
}

static void
load_byte(RowByte *b, const Window *w, const SxHexModel *m, uint64_t shown)
{
    *b = (RowByte){.half = shown_is_half(m, shown)};
    if (b->half && m->half.insert) {
        b->inserting = true;
        return;
    }
    size_t i = (size_t)(offset_of_shown(m, shown) - w->span.at);
    b->value = w->bytes[i];
    b->state = w->states[i];
    b->origin = w->origins[i];
}

static void
load_bytes(Row *row, Window *w, const SxHexModel *m)
{
    uint64_t first = offset_of_shown(m, row->shown);
    uint64_t last = offset_of_shown(m, row->shown + row->count - 1);
    uint64_t behind = m->encoding ? m->encoding->most : 0;
    window_load(w, m, sx_span_clip((SxSpan){first, last - first + 1 + behind}, m->length));
    for (unsigned i = 0; i < row->count; i++)
        load_byte(&row->bytes[i], w, m, row->shown + i);
}

/* The part of a span of the document that stands in this row, as indexes [*from, *to); false when none does. */
static bool
part_of_row(const Row *row, const SxHexModel *m, SxSpan span, unsigned *from, unsigned *to)
{
    if (!span.len)
        return false;
    uint64_t a = shown_of(m, span.at), b = shown_of(m, sx_span_end(span) - 1);
    uint64_t end = row->shown + row->count;
    if (b < row->shown || a >= end)
        return false;
    *from = a > row->shown ? (unsigned)(a - row->shown) : 0;
    *to = b < end ? (unsigned)(b - row->shown) + 1 : row->count;
    return true;
}

static void
paint_part(Row *row, unsigned from, unsigned to, SxStyles styles)
{
    for (unsigned i = from; i < to; i++) {
        row->bytes[i].styles |= styles;
        if (i + 1 < to)
            row->bytes[i].join |= styles;
    }
}

static void
bracket_before(Row *row, unsigned i, char sign, SxStyles styles)
{
    row->bytes[i].before = sign;
    row->bytes[i].before_styles = styles;
}

static void
bracket_behind(Row *row, unsigned i, char sign, SxStyles styles)
{
    row->bytes[i].behind = sign;
    row->bytes[i].behind_styles = styles;
}

/* Brackets stand where the span begins and ends, not where a row cuts it. */
static void
bracket_span(Row *row, const SxHexModel *m, SxSpan span, const char *signs, SxStyles styles)
{
    unsigned from, to;
    if (!part_of_row(row, m, span, &from, &to))
        return;
    if (shown_of(m, span.at) == row->shown + from)
        bracket_before(row, from, signs[0], styles);
    if (shown_of(m, sx_span_end(span) - 1) == row->shown + to - 1)
        bracket_behind(row, to - 1, signs[1], styles);
}

static void
add_spans(Row *row, const SxHexModel *m, const SxSpan *spans, size_t count, SxStyles styles)
{
    unsigned from, to;
    for (size_t i = 0; i < count; i++)
        if (part_of_row(row, m, spans[i], &from, &to))
            paint_part(row, from, to, styles);
}

/* Matches ascend: skip those that end before the row, stop behind it. */
static void
add_matches(Row *row, const SxHexModel *m)
{
    size_t low = 0, high = m->n_matches;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (shown_of(m, sx_span_end(m->matches[middle])) <= row->shown)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < m->n_matches && shown_of(m, m->matches[end].at) < row->shown + row->count)
        end++;
    if (end > low)
        add_spans(row, m, m->matches + low, end - low, SX_STYLE(MATCH));
}

static void
add_marks(Row *row, const SxHexModel *m)
{
    unsigned from, to;
    for (size_t i = 0; i < m->n_marks; i++) {
        SxSpan mark = {m->marks[i].at, m->marks[i].len ? m->marks[i].len : 1};
        if (!part_of_row(row, m, mark, &from, &to))
            continue;
        paint_part(row, from, to, SX_STYLE(MARK));
        for (unsigned k = from; k < to; k++)
            row->bytes[k].marked = true;
    }
}

static void
add_fresh(Row *row, const SxHexModel *m)
{
    unsigned from, to;
    for (size_t i = 0; i < m->n_fresh; i++) {
        if (!part_of_row(row, m, m->fresh[i], &from, &to))
            continue;
        paint_part(row, from, to, SX_STYLE(FRESH));
        for (unsigned k = from; k < to; k++)
            row->bytes[k].fresh = true;
    }
}

static void
add_glow(Row *row, const SxHexModel *m)
{
    static const SxStyles styles[SX_GLOW_MAX] = {SX_STYLE(FRESH_FADED), SX_STYLE(FRESH_FADING), SX_STYLE(FRESH)};
    if (!m->glow)
        return;
    /* what is being inserted moves bytes on by one at most */
    uint64_t from = row->shown > 0 ? row->shown - 1 : 0;
    SxSpan part = sx_span(from > m->glow_span.at ? from : m->glow_span.at, sx_span_end(m->glow_span));
    for (uint64_t i = 0, at = part.at; i < row->count + 1 && at < sx_span_end(part); i++, at++) {
        unsigned k, end, glow = m->glow[at - m->glow_span.at];
        if (glow == 0 || !part_of_row(row, m, (SxSpan){at, 1}, &k, &end))
            continue;
        paint_part(row, k, end, styles[glow - 1]);
        row->bytes[k].fresh = true;
    }
}

static void
add_origins(Row *row, const SxHexModel *m, const Window *w)
{
    for (unsigned i = 0; i < row->count; i++) {
        RowByte *b = &row->bytes[i];
        if (b->origin & SX_ORIGIN_CHANGED)
            b->styles |= SX_STYLE(CHANGED);
        if (b->origin & SX_ORIGIN_INSERTED)
            b->styles |= SX_STYLE(INSERTED);
        if (b->origin & SX_ORIGIN_WRITTEN)
            b->styles |= SX_STYLE(WRITTEN);
        if (b->origin & SX_ORIGIN_GAP)
            bracket_before(row, i, '|', SX_STYLE(DELETED));
    }
    if (w->gap_at_end && row->shown + row->count == shown_length(m))
        bracket_behind(row, row->count - 1, '|', SX_STYLE(DELETED));
}

/* A rectangle takes the same columns of every row that the selection touches. */
static void
add_rectangle(Row *row, const SxHexModel *m)
{
    unsigned from, to;
    if (!part_of_row(row, m, m->selection, &from, &to) || m->rectangle.at >= row->count)
        return;
    from = (unsigned)m->rectangle.at;
    uint64_t end = sx_span_end(m->rectangle);
    to = end < row->count ? (unsigned)end : row->count;
    paint_part(row, from, to, SX_STYLE(SELECTION));
    bracket_before(row, from, '<', SX_STYLE(SELECTION));
    bracket_behind(row, to - 1, '>', SX_STYLE(SELECTION));
}

static void
add_selection(Row *row, const SxHexModel *m)
{
    if (m->rectangle.len) {
        add_rectangle(row, m);
        return;
    }
    add_spans(row, m, &m->selection, 1, SX_STYLE(SELECTION));
    bracket_span(row, m, m->selection, "<>", SX_STYLE(SELECTION));
}

static void
add_current(Row *row, const SxHexModel *m)
{
    if (!m->has_current)
        return;
    add_spans(row, m, &m->current, 1, SX_STYLE(MATCH) | SX_STYLE(MATCH_CURRENT));
    bracket_span(row, m, m->current, "[]", SX_STYLE(MATCH_CURRENT));
}

void
row_load(Row *row, Window *w, const SxHexModel *m, uint64_t shown, unsigned room)
{
    uint64_t left = shown_length(m) > shown ? shown_length(m) - shown : 0;
    row->shown = shown;
    row->count = left < room ? (unsigned)left : room;
    if (!row->count)
        return;
    load_bytes(row, w, m);
    add_marks(row, m);
    add_matches(row, m);
    add_fresh(row, m);
    add_glow(row, m);
    add_spans(row, m, m->groups, m->n_groups, SX_STYLE(MATCH_GROUP));
    /* the later ones win the cells that carry brackets */
    add_origins(row, m, w);
    add_selection(row, m);
    add_current(row, m);
}

char
row_sign(const Row *row)
{
    bool changed = false, marked = false, fresh = false;
    unsigned holes = 0;
    for (unsigned i = 0; i < row->count; i++) {
        const RowByte *b = &row->bytes[i];
        if (b->state == SX_BYTE_LOST)
            return '!';
        changed |= (b->origin & (SX_ORIGIN_CHANGED | SX_ORIGIN_INSERTED | SX_ORIGIN_WRITTEN)) != 0;
        marked |= b->marked;
        fresh |= b->fresh;
        holes += b->state == SX_BYTE_HOLE;
    }
    if (fresh)
        return '~';
    if (changed)
        return '*';
    if (marked)
        return '\'';
    return row->count && holes == row->count ? '-' : ' ';
}
