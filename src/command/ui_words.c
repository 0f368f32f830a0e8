/*
 * ui_words.c - going by words: a word is a run of letters and digits or of other visible characters; what does not print
 * separates. Looked for in the bytes that are in memory, at most WORD_FAR away.
 */
#include "command/ui.h"
#include "command/ui_letters.h"

enum { WORD_FAR = 1 << 16 };

typedef enum WordClass { BETWEEN, LETTER, SIGN } WordClass;

typedef struct Range {
    uint32_t first, last;
} Range;

static bool
is_in(const Range *ranges, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

/* Unicode's blanks, and blocks of punctuation and symbols; the rest of what is not ASCII are letters, or as good. */
static WordClass
class_beyond_ascii(uint32_t code)
{
    static const Range blanks[] = {{0x80, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200f}, {0x2028, 0x202f}, {0x205f, 0x206f},
                                   {0x3000, 0x3000}, {0xfeff, 0xfeff}};
    static const Range signs[] = {{0xa1, 0xa9}, {0xab, 0xb4}, {0xb6, 0xb9}, {0xbb, 0xbf}, {0xd7, 0xd7}, {0xf7, 0xf7},
                                  {0x2010, 0x2027}, {0x2030, 0x205e}, {0x20a0, 0x20cf}, {0x2190, 0x2bff},
                                  {0x3001, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030}, {0xff01, 0xff0f},
                                  {0xff1a, 0xff20}, {0xff3b, 0xff40}, {0xff5b, 0xff65}};
    if (is_in(blanks, sizeof blanks / sizeof *blanks, code))
        return BETWEEN;
    return is_in(signs, sizeof signs / sizeof *signs, code) ? SIGN : LETTER;
}

static WordClass
class_of(SxSession *s, uint32_t code)
{
    if ((code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') || code == '_')
        return LETTER;
    if (code < 0x80)
        return code > ' ' && code < 0x7f ? SIGN : BETWEEN;
    bool plain = !ui_text_on(s) && !ui_column_encoding(s); /* bytes: nobody knows what they are */
    return plain || code == SX_NO_CHARACTER ? LETTER : class_beyond_ascii(code);
}

static uint64_t
word_right(SxSession *s, const Letters *l)
{
    size_t i = 0;
    WordClass here = class_of(s, l->of[0].code);
    while (i < l->count && here != BETWEEN && class_of(s, l->of[i].code) == here)
        i++;
    while (i < l->count && class_of(s, l->of[i].code) == BETWEEN)
        i++;
    return i < l->count ? l->of[i].at : l->end;
}

static uint64_t
word_left(SxSession *s, const Letters *l)
{
    size_t i = l->count;
    while (i > 0 && class_of(s, l->of[i - 1].code) == BETWEEN)
        i--;
    WordClass here = i > 0 ? class_of(s, l->of[i - 1].code) : BETWEEN;
    while (i > 0 && here != BETWEEN && class_of(s, l->of[i - 1].code) == here)
        i--;
    return l->of[i].at;
}

/* Where no bytes are in memory, a byte further. */
uint64_t
ui_word_step(SxSession *s, uint64_t at, bool right)
{
    Letters l = {0};
    uint64_t length = sx_document_length(session_document(s)), from = at > WORD_FAR ? at - WORD_FAR : 0;
    SxSpan span = right ? (SxSpan){at, WORD_FAR} : sx_span(from, at);
    uint64_t to = right ? (at < length ? at + 1 : at) : at - (at > 0);
    if (ui_letters(s, span, right, &l) && l.count > 0)
        to = right ? word_right(s, &l) : word_left(s, &l);
    ui_letters_clear(&l);
    return to;
}

SxSpan
ui_word_at(SxSession *s, uint64_t at)
{
    enum { FAR = 256 };
    Letters l = {0};
    size_t a = 0, b;
    bool known = ui_letters(s, sx_span(at > FAR ? at - FAR : 0, at + FAR), false, &l);
    while (known && a + 1 < l.count && l.of[a + 1].at <= at)
        a++;
    SxSpan word = {at, 0};
    if (known && a < l.count && l.of[a].at <= at && class_of(s, l.of[a].code) == LETTER) {
        for (b = a; b < l.count && class_of(s, l.of[b].code) == LETTER; b++)
            ;
        while (a > 0 && class_of(s, l.of[a - 1].code) == LETTER)
            a--;
        word = sx_span(l.of[a].at, b < l.count ? l.of[b].at : l.end);
    }
    ui_letters_clear(&l);
    return word;
}
