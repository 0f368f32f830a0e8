/*
 * guess_legacy.c - which encoding from before Unicode a text has that is no UTF-8.
 *
 * A language gives itself away by the characters that it uses most: read in the wrong encoding, hardly any of them
 * appear. The first line of the table that enough of the text agrees with is the guess; it is never certain.
 */
#include <string.h>

#include <sextant/text.h>

#include "format/encodings.h"

enum { LOOKED_AT = 8192, FEWEST = 6 }; /* bytes read; characters beyond ASCII that say anything */

typedef struct Hint {
    const char *encoding;
    uint32_t first, last; /* the script, inclusive; characters of `common` where 0 */
    const char *common;   /* UTF-8 */
    unsigned least;       /* per cent of what is not ASCII */
} Hint;

#define SIMPLIFIED "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生会后能对着事其"
#define TRADITIONAL "的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生會後能對著事其"
#define RUSSIAN "оеаинтсрвл"
#define GREEK "αοιετσνηυρπκμςό"
#define HEBREW "יוהלאמרתבש"

/* In this order: what is asked first is mistaken least. */
static const Hint hints[] = {
    {"euc-jp", 0x3041, 0x30fe, NULL, 20},
    {"shift-jis", 0x3041, 0x30fe, NULL, 20},
    {"euc-kr", 0xac00, 0xd7a3, NULL, 85},
    {"gb18030", 0, 0, SIMPLIFIED, 10},
    {"big5", 0, 0, TRADITIONAL, 10},
    {"windows-1251", 0, 0, RUSSIAN, 45},
    {"koi8-r", 0, 0, RUSSIAN, 45},
    {"cp866", 0, 0, RUSSIAN, 45},
    {"iso-8859-5", 0, 0, RUSSIAN, 45},
    {"windows-1253", 0, 0, GREEK, 45},
    {"windows-1255", 0, 0, HEBREW, 45},
    {"cp437", 0x2500, 0x259f, NULL, 50},
};

/* Whether `code` is one of `common`. */
static bool
is_common(const char *common, uint32_t code)
{
    char utf8[5] = "";
    return sx_utf8_encode(utf8, code) > 0 && strstr(common, utf8) != NULL;
}

static bool
agrees(const Hint *h, const SxEncoding *e, SxBytes text)
{
    size_t beyond = 0, wanted = 0, invalid = 0;
    for (size_t i = 0, n; i < text.len; i += n) {
        uint32_t code;
        n = sx_encoding_decode(e, sx_bytes(text.data + i, text.len - i), &code);
        if (code < 0x80)
            continue;
        beyond++;
        invalid += code == SX_NO_CHARACTER && text.len - i >= e->most;
        wanted += h->common ? is_common(h->common, code) : code >= h->first && code <= h->last;
    }
    return beyond >= FEWEST && invalid * 50 <= beyond && wanted * 100 >= beyond * h->least;
}

/* Latin-1 has control characters where Windows has quotes and dashes. */
static const SxEncoding *
western(SxBytes text)
{
    const SxEncoding *windows = sx_encoding_find("windows-1252");
    bool any = false;
    for (size_t i = 0; i < text.len && windows; i++) {
        uint32_t code;
        if (text.data[i] < 0x80 || text.data[i] >= 0xa0)
            continue;
        sx_encoding_decode(windows, sx_bytes(text.data + i, 1), &code);
        any = code >= 0xa0 && code != SX_NO_CHARACTER;
        if (!any)
            break;
    }
    return any ? windows : &encoding_latin1;
}

const SxEncoding *
guess_legacy(SxBytes head)
{
    SxBytes text = sx_bytes(head.data, head.len < LOOKED_AT ? head.len : LOOKED_AT);
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        const SxEncoding *e = sx_encoding_find(hints[i].encoding);
        if (e && agrees(&hints[i], e, text))
            return e;
    }
    return western(text);
}

/* --- EBCDIC -------------------------------------------------------------------------------------------------------- */

/* Letters, digits, blank, full stop, comma and line ends. */
static bool
is_ebcdic_text(uint8_t c)
{
    uint8_t low = c & 0x0f;
    if (c >= 0x81 && c <= 0xe9)
        return low >= 1 && low <= 9 && !(c & 0x20 && low == 1 && c != 0x81);
    return c == 0x40 || c == 0x4b || c == 0x6b || c == 0x15 || c == 0x25 || c == 0x0d || (c >= 0xf0 && c <= 0xf9);
}

const SxEncoding *
guess_ebcdic(SxBytes head)
{
    size_t text = 0, blanks = 0;
    for (size_t i = 0; i < head.len; i++) {
        text += is_ebcdic_text(head.data[i]);
        blanks += head.data[i] == 0x40;
    }
    bool is = head.len >= FEWEST && text * 100 >= head.len * 85 && blanks * 100 >= head.len * 5;
    return is ? sx_encoding_find("ebcdic-037") : NULL;
}
