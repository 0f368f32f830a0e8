/*
 * utf8.c - one character at a time, by Unicode 15, table 3-7: what is not well formed is one invalid byte.
 */
#include <sextant/text.h>

/* What may follow a lead byte: how many bytes in all, and the bounds of the second one, which alone keeps out
 * overlong forms (e0, f0), surrogates (ed) and what lies above U+10FFFF (f4). */
typedef struct Lead {
    uint8_t len;
    uint8_t low;
    uint8_t high;
} Lead;

static Lead
lead_of(uint8_t c)
{
    if (c < 0x80)
        return (Lead){1, 0, 0};
    if (c < 0xc2 || c > 0xf4)
        return (Lead){0, 0, 0};
    if (c < 0xe0)
        return (Lead){2, 0x80, 0xbf};
    if (c < 0xf0)
        return (Lead){3, c == 0xe0 ? 0xa0 : 0x80, c == 0xed ? 0x9f : 0xbf};
    return (Lead){4, c == 0xf0 ? 0x90 : 0x80, c == 0xf4 ? 0x8f : 0xbf};
}

size_t
sx_utf8_decode(SxBytes in, uint32_t *code)
{
    if (in.len == 0)
        return 0;
    Lead lead = lead_of(in.data[0]);
    *code = UINT32_MAX;
    if (lead.len == 0 || in.len < lead.len)
        return 1;
    if (lead.len == 1) {
        *code = in.data[0];
        return 1;
    }
    if (in.data[1] < lead.low || in.data[1] > lead.high)
        return 1;
    uint32_t value = in.data[0] & (0x7fu >> lead.len);
    for (size_t i = 1; i < lead.len; i++) {
        if ((in.data[i] & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (in.data[i] & 0x3fu);
    }
    *code = value;
    return lead.len;
}

size_t
sx_utf8_encode(char out[4], uint32_t code)
{
    static const uint8_t mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(mark[len] | code);
    return len;
}
