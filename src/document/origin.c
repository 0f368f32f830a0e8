/*
 * origin.c - how each byte of a span came to be: from the file, changed, inserted, written in this session, behind a gap.
 */
#include "document/reading.h"

#include <string.h>

/* Set `flag` on what [begin, end) and the span have in common. */
static void
paint(SxSpan span, uint8_t *flags, uint64_t begin, uint64_t end, unsigned flag)
{
    begin = begin > span.at ? begin : span.at;
    end = end < sx_span_end(span) ? end : sx_span_end(span);
    for (uint64_t at = begin; at < end; at++)
        flags[at - span.at] |= (uint8_t)flag;
}

/* The first bytes of a hunk stand in the place of bytes of the file; deletions beyond that are a gap behind it. */
static void
paint_hunk(const Reading *v, const SxHunk *h, SxSpan span, uint8_t *flags, bool *gap_at_end)
{
    uint64_t changed = h->removed < h->inserted ? h->removed : h->inserted;
    uint64_t end = h->at + h->inserted;
    paint(span, flags, h->at, h->at + changed, SX_ORIGIN_CHANGED);
    paint(span, flags, h->at + changed, end, SX_ORIGIN_INSERTED);
    if (h->removed <= h->inserted)
        return;
    if (end < v->length)
        paint(span, flags, end, end + 1, SX_ORIGIN_GAP);
    else if (gap_at_end)
        *gap_at_end = true;
}

static void
paint_hunks(const Reading *v, SxSpan span, uint8_t *flags, bool *gap_at_end)
{
    SxHunk h;
    /* a hunk that ends where the span begins still says that there is a gap */
    uint64_t at = span.at > 0 ? span.at - 1 : 0;
    while (at <= sx_span_end(span) && reading_hunk_next(v, at, &h) && h.at <= sx_span_end(span)) {
        paint_hunk(v, &h, span, flags, gap_at_end);
        at = h.at + (h.inserted > 0 ? h.inserted : 1);
    }
}

/* Clean bytes of the document that this session has written: [at, at + n) of the document is `file_at` on in the file. */
static void
paint_written(const Reading *written, uint64_t file_at, uint64_t at, uint64_t n, SxSpan span, uint8_t *flags)
{
    SxHunk h;
    uint64_t from = file_at;
    while (from < file_at + n && reading_hunk_next(written, from, &h) && h.at < file_at + n) {
        uint64_t begin = h.at > file_at ? h.at : file_at;
        uint64_t end = h.at + h.inserted < file_at + n ? h.at + h.inserted : file_at + n;
        if (end > begin)
            paint(span, flags, at + (begin - file_at), at + (end - file_at), SX_ORIGIN_WRITTEN);
        from = h.at + (h.inserted > 0 ? h.inserted : 1);
    }
}

void
reading_origin(const Reading *v, const Reading *written, SxSpan span, uint8_t *flags, bool *gap_at_end)
{
    Cursor c;
    uint64_t end = sx_span_end(span);
    memset(flags, SX_ORIGIN_FILE, span.len);
    if (gap_at_end)
        *gap_at_end = false;
    paint_hunks(v, span, flags, gap_at_end);
    if (!written->root || span.len == 0 || !cursor_at(&c, v->root, span.at))
        return;
    do {
        uint64_t from = c.begins > span.at ? c.begins : span.at;
        uint64_t to = c.begins + c.piece.len < end ? c.begins + c.piece.len : end;
        if (piece_live(&c.piece))
            paint_written(written, c.piece.offset + (from - c.begins), from, to - from, span, flags);
    } while (c.begins + c.piece.len < end && cursor_next(&c));
}
