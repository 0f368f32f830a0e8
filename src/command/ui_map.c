/* ui_map.c - what the map of the file shows beside changes and matches; and the word under the cursor. */
#include <string.h>

#include "command/ui.h"

void
ui_map_fill(SxSession *s, char *map, unsigned rows, uint64_t length)
{
    (void)s, (void)length;
    memset(map, '|', rows);
}

static bool
is_word(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
}

SxSpan
ui_word_at(SxSession *s, uint64_t at)
{
    enum { FAR = 128 };
    uint64_t length = sx_document_length(session_document(s));
    uint64_t from = at > FAR ? at - FAR : 0;
    SxSpan around = sx_span_clip(sx_span(from, at + FAR), length);
    uint8_t *bytes;
    if (at >= length || !ui_peek(s, around, &bytes) || !is_word(bytes[at - from]))
        return (SxSpan){at, 0};
    uint64_t a = at, b = at + 1;
    while (a > from && is_word(bytes[a - 1 - from]))
        a--;
    while (b < sx_span_end(around) && is_word(bytes[b - from]))
        b++;
    return sx_span(a, b);
}
