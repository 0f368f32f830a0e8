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
        uint32_t code = head.data[i];
        n = code < 0x80 ? 1 : sx_encoding_decode(&encoding_utf8, sx_bytes(head.data + i, head.len - i), &code);
        bool cut = !whole && head.len - i < encoding_utf8.most;
        c.odd += n == 1 && is_odd(head.data[i]);
        c.high += head.data[i] >= 0x80;
        c.invalid += code == SX_NO_CHARACTER && !cut;
    }
    return c;
}

/* --- byte order marks and zeros -------------------------------------------------------------------------------------- */

/* What the first bytes say, NULL: nothing. The mark of UTF-32 begins with that of UTF-16. */
static const SxEncoding *
marked(SxBytes head)
{
    static const struct {
        const SxEncoding *encoding;
        size_t len;
        uint8_t mark[4];
    } marks[] = {
        {&encoding_utf8, 3, {0xef, 0xbb, 0xbf}},       {&encoding_utf32le, 4, {0xff, 0xfe, 0, 0}},
        {&encoding_utf32be, 4, {0, 0, 0xfe, 0xff}},    {&encoding_utf16le, 2, {0xff, 0xfe}},
        {&encoding_utf16be, 2, {0xfe, 0xff}},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (head.len >= marks[i].len && memcmp(head.data, marks[i].mark, marks[i].len) == 0)
            return marks[i].encoding;
    }
    return NULL;
}

/* Nearly all of it are characters that text has. */
static bool
reads_as_text(const SxEncoding *e, SxBytes head)
{
    size_t wrong = 0, all = 0;
    for (size_t i = 0, n; i + e->most <= head.len; i += n) {
        uint32_t code;
        n = sx_encoding_decode(e, sx_bytes(head.data + i, head.len - i), &code);
        wrong += code == SX_NO_CHARACTER || code == 0 || (code < 0x80 && is_odd((uint8_t)code));
        all++;
    }
    return wrong * 64 <= all;
}

/* Most of the world's UTF-16 and UTF-32 has a zero in nearly every character, and always in the same place. */
static const SxEncoding *
by_zeros(SxBytes head)
{
    static const struct {
        const SxEncoding *encoding;
        bool zero[4]; /* of each four bytes */
    } wide[] = {
        {&encoding_utf32le, {false, true, true, true}}, {&encoding_utf32be, {true, true, true, false}},
        {&encoding_utf16le, {false, true, false, true}}, {&encoding_utf16be, {true, false, true, false}},
    };
    if (!memchr(head.data, 0, head.len))
        return NULL;
    for (size_t k = 0; k < sizeof wide / sizeof *wide; k++) {
        size_t wanted = 0, zeros = 0;
        for (size_t i = 0; i + 4 <= head.len; i++) {
            wanted += wide[k].zero[i % 4];
            zeros += wide[k].zero[i % 4] && head.data[i] == 0;
        }
        if (head.len >= 8 && zeros * 4 >= wanted * 3 && reads_as_text(wide[k].encoding, head))
            return wide[k].encoding;
    }
    return NULL;
}

/* A mark of two bytes may begin a binary, too. */
static bool
guess_wide(SxBytes head, SxEncodingGuess *out)
{
    const SxEncoding *e = marked(head);
    if (e && e->unit > 1 && reads_as_text(e, head))
        return *out = (SxEncodingGuess){e, true, true}, true;
    e = by_zeros(head);
    if (e)
        *out = (SxEncodingGuess){e, true, false};
    return e != NULL;
}

SxEncodingGuess
sx_encoding_guess(SxBytes head, bool whole)
{
    SxEncodingGuess wide;
    if (head.len && guess_wide(head, &wide))
        return wide;
    Counts c = count(head, whole);
    /* a few stray bytes make no binary, a zero does */
    bool text = c.odd * 64 <= head.len && (!head.len || !memchr(head.data, 0, head.len));
    if (c.invalid * 8 <= c.high)
        return (SxEncodingGuess){&encoding_utf8, text,
                                 marked(head) == &encoding_utf8 || (c.high > 0 && c.invalid == 0)};
    const SxEncoding *ebcdic = guess_ebcdic(head);
    if (ebcdic)
        return (SxEncodingGuess){ebcdic, true, false};
    return (SxEncodingGuess){text ? guess_legacy(head) : &encoding_latin1, text, false};
}

enum { NEL = 0x85 };

typedef struct Ends {
    size_t lf, crlf, cr, nel;
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
        ends.nel += code == NEL;
        after_cr = code == '\r';
        ends.cr += after_cr;
    }
    return ends;
}

SxLineEnd
sx_line_end_guess(const SxEncoding *e, SxBytes head)
{
    Ends ends = count_ends(e, head);
    if (ends.nel > ends.lf + ends.crlf && sx_encoding_has_nel(e))
        return SX_LINE_NEL;
    if (ends.lf == 0 && ends.crlf == 0)
        return ends.cr > 0 ? SX_LINE_CR : SX_LINE_LF;
    if (ends.crlf == 0)
        return SX_LINE_LF;
    return ends.lf == 0 ? SX_LINE_CRLF : SX_LINE_MIXED;
}

const char *
sx_line_end_name(SxLineEnd end)
{
    static const char *const names[] = {"LF", "CRLF", "CR", "NEL", "mixed"};
    return names[end];
}

/* Elsewhere it is a control among others, or a letter's byte. */
bool
sx_encoding_has_nel(const SxEncoding *e)
{
    uint8_t out[SX_ENCODING_MOST];
    return e->unit == 1 && sx_encoding_encode(e, NEL, out) == 1 && out[0] == 0x15;
}

uint32_t
sx_line_end_sign(const SxEncoding *e, SxLineEnd end)
{
    if (end == SX_LINE_CR)
        return '\r';
    return end == SX_LINE_NEL && sx_encoding_has_nel(e) ? NEL : '\n';
}
