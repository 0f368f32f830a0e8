/* ui_letters.c - bytes around a place, decoded. */
#include "command/ui_letters.h"

#include <stdlib.h>

#include <sextant/text_rows.h>

#include "command/ui.h"

void
ui_letters_clear(Letters *l)
{
    free(l->of);
    *l = (Letters){0};
}

static size_t
decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    if (e)
        return sx_encoding_decode(e, in, code);
    *code = in.data[0];
    return 1;
}

/* With what an encoding wants to see before a place, and behind the last one. */
static SxSpan
around(const SxEncoding *e, SxSpan span, uint64_t length)
{
    uint64_t context = e ? sx_encoding_context(e) : 0, unit = e ? e->unit : 1;
    uint64_t from = span.at > context ? span.at - context : 0;
    return sx_span_clip(sx_span(from / unit * unit, sx_span_end(span) + (e ? e->most : 0)), length);
}

/* Bytes that are not shown where looks are: sequences, and what is struck over. */
static size_t
hidden(const SxEncoding *e, SxBytes in)
{
    uint32_t code;
    size_t n = sx_text_sequence(in);
    if (n > 0)
        return n;
    n = decode(e, in, &code);
    return n < in.len && in.data[n] == '\b' && code >= ' ' ? n + 1 : 0;
}

bool
ui_letters(SxSession *s, SxSpan span, bool begins, Letters *out)
{
    const SxEncoding *e = ui_text_on(s) ? ui_text_encoding(s) : ui_column_encoding(s);
    uint64_t length = sx_document_length(session_document(s));
    span = sx_span_clip(span, length);
    SxSpan wide = around(e, span, length);
    uint8_t *bytes;
    out->count = 0;
    out->end = span.at;
    if (span.len == 0)
        return true;
    if (!ui_peek(s, wide, &bytes) || !sx_grow(&out->of, &out->cap, (size_t)span.len, sizeof *out->of))
        return false;
    size_t i = (size_t)(span.at - wide.at), end = i + (size_t)span.len;
    if (e && !begins)
        i = sx_encoding_sync(e, sx_bytes(bytes, (size_t)wide.len), i);
    bool formatted = ui_text_on(s) && ui_text_formatted(s);
    while (i < end) {
        SxBytes rest = sx_bytes(bytes + i, (size_t)wide.len - i);
        size_t skip = formatted ? hidden(e, rest) : 0;
        if (skip > 0) {
            i += skip;
            continue;
        }
        Letter *l = &out->of[out->count++];
        l->at = wide.at + i;
        i += decode(e, rest, &l->code);
    }
    out->end = wide.at + i;
    return true;
}
