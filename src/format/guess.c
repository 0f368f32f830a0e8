/* guess.c - which encoding and which line ends a document has, by its beginning. */
#include <sextant/encoding.h>

#include <string.h>

#include "format/encodings.h"

/* Bytes that text does not have; escapes are in logs with colours. */
static bool
is_odd(uint8_t c)
{
    return c == 0x7f || (c < 0x20 && !(c >= '\t' && c <= '\r') && c != 0x1b && c != '\b');
}

typedef struct Counts {
    size_t odd;     /* controls that text does not have */
    size_t high;    /* bytes from 80 on */
    size_t invalid; /* of them, those that are no UTF-8 */
} Counts;

/* A character that the end of `head` cuts off is no mistake when more follows. */
static Counts
count(SxBytes head, bool whole)
{
    Counts c = {0};
    for (size_t i = 0, n = 1; i < head.len; i += n) {
        uint32_t code;
        n = sx_encoding_decode(&encoding_utf8, sx_bytes(head.data + i, head.len - i), &code);
        bool cut = !whole && head.len - i < encoding_utf8.most;
        c.odd += n == 1 && is_odd(head.data[i]);
        c.high += head.data[i] >= 0x80;
        c.invalid += code == SX_NO_CHARACTER && !cut;
    }
    return c;
}

SxEncodingGuess
sx_encoding_guess(SxBytes head, bool whole)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    Counts c = count(head, whole);
    /* a few stray bytes make no binary, a zero does */
    bool text = c.odd * 64 <= head.len && !memchr(head.data ? head.data : mark, 0, head.len);
    bool marked = head.len >= sizeof mark && memcmp(head.data, mark, sizeof mark) == 0;
    if (c.invalid * 8 <= c.high)
        return (SxEncodingGuess){&encoding_utf8, text, marked || (c.high > 0 && c.invalid == 0)};
    return (SxEncodingGuess){&encoding_latin1, text, false};
}

typedef struct Ends {
    size_t lf, crlf, cr;
} Ends;

static Ends
count_ends(const SxEncoding *e, SxBytes head)
{
    Ends ends = {0};
    bool after_cr = false;
    for (size_t i = 0, n = 1; i < head.len; i += n) {
        uint32_t code;
        n = sx_encoding_decode(e, sx_bytes(head.data + i, head.len - i), &code);
        if (code == '\n' && after_cr) {
            ends.crlf++;
            ends.cr--;
        } else if (code == '\n') {
            ends.lf++;
        }
        after_cr = code == '\r';
        ends.cr += after_cr;
    }
    return ends;
}

SxLineEnd
sx_line_end_guess(const SxEncoding *e, SxBytes head)
{
    Ends ends = count_ends(e, head);
    if (ends.lf == 0 && ends.crlf == 0)
        return ends.cr > 0 ? SX_LINE_CR : SX_LINE_LF;
    if (ends.crlf == 0)
        return SX_LINE_LF;
    return ends.lf == 0 ? SX_LINE_CRLF : SX_LINE_MIXED;
}

const char *
sx_line_end_name(SxLineEnd end)
{
    static const char *const names[] = {"LF", "CRLF", "CR", "mixed"};
    return names[end];
}
