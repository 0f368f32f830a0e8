/* utf16.c - UTF-16 and UTF-32 in both byte orders. A byte order mark is a character, U+FEFF, as any other. */
#include "format/encodings.h"

static const bool little = false, big = true;

static bool
is_big(const SxEncoding *e)
{
    return *(const bool *)e->data;
}

/* --- sixteen bits ------------------------------------------------------------------------------------- */

static uint32_t
unit_at(const SxEncoding *e, const uint8_t *p)
{
    return is_big(e) ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static bool
is_high(uint32_t unit)
{
    return (unit & 0xfc00) == 0xd800;
}

static bool
is_low(uint32_t unit)
{
    return (unit & 0xfc00) == 0xdc00;
}

static size_t
utf16_decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    *code = SX_NO_CHARACTER;
    if (in.len < 2)
        return in.len;
    uint32_t unit = unit_at(e, in.data);
    if (!is_high(unit) && !is_low(unit)) {
        *code = unit;
        return 2;
    }
    if (is_low(unit) || in.len < 4 || !is_low(unit_at(e, in.data + 2)))
        return 2;
    *code = 0x10000 + ((unit & 0x3ff) << 10 | (unit_at(e, in.data + 2) & 0x3ff));
    return 4;
}

static void
put_unit(const SxEncoding *e, uint32_t unit, uint8_t *out)
{
    out[is_big(e) ? 0 : 1] = (uint8_t)(unit >> 8);
    out[is_big(e) ? 1 : 0] = (uint8_t)unit;
}

static size_t
utf16_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST])
{
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0;
    if (code < 0x10000) {
        put_unit(e, code, out);
        return 2;
    }
    put_unit(e, 0xd800 | (code - 0x10000) >> 10, out);
    put_unit(e, 0xdc00 | (code & 0x3ff), out + 2);
    return 4;
}

static size_t
utf16_sync(const SxEncoding *e, SxBytes text, size_t at)
{
    size_t i = (at + 1) / 2 * 2;
    if (i + 2 > text.len)
        return i < text.len ? i : text.len;
    bool second = i >= 2 && is_high(unit_at(e, text.data + i - 2)) && is_low(unit_at(e, text.data + i));
    return second ? i + 2 : i;
}

static size_t
utf16_back(const SxEncoding *e, SxBytes before)
{
    size_t n = before.len;
    if (n % 2)
        return 1;
    bool pair = n >= 4 && is_high(unit_at(e, before.data + n - 4)) && is_low(unit_at(e, before.data + n - 2));
    return pair ? 4 : 2;
}

const SxEncoding encoding_utf16le = {
    .name = "utf-16le",
    .aliases = "utf-16 ucs-2 ucs-2le",
    .converter = "UTF-16LE",
    .unit = 2,
    .most = 4,
    .decode = utf16_decode,
    .encode = utf16_encode,
    .sync = utf16_sync,
    .back = utf16_back,
    .data = &little,
};
const SxEncoding encoding_utf16be = {
    .name = "utf-16be",
    .aliases = "ucs-2be",
    .converter = "UTF-16BE",
    .unit = 2,
    .most = 4,
    .decode = utf16_decode,
    .encode = utf16_encode,
    .sync = utf16_sync,
    .back = utf16_back,
    .data = &big,
};

/* --- thirty-two bits ---------------------------------------------------------------------------------- */

static size_t
utf32_decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    *code = SX_NO_CHARACTER;
    if (in.len < 4)
        return in.len;
    const uint8_t *p = in.data;
    uint32_t word =
        is_big(e) ? unit_at(e, p) << 16 | unit_at(e, p + 2) : unit_at(e, p + 2) << 16 | unit_at(e, p);
    if (word <= 0x10ffff && !(word >= 0xd800 && word < 0xe000))
        *code = word;
    return 4;
}

static size_t
utf32_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST])
{
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0;
    put_unit(e, code >> 16, out + (is_big(e) ? 0 : 2));
    put_unit(e, code & 0xffff, out + (is_big(e) ? 2 : 0));
    return 4;
}

static size_t
utf32_back(const SxEncoding *e, SxBytes before)
{
    (void)e;
    return before.len % 4 ? before.len % 4 : 4;
}

const SxEncoding encoding_utf32le = {
    .name = "utf-32le",
    .aliases = "utf-32 ucs-4 ucs-4le",
    .converter = "UTF-32LE",
    .unit = 4,
    .most = 4,
    .decode = utf32_decode,
    .encode = utf32_encode,
    .back = utf32_back,
    .data = &little,
};
const SxEncoding encoding_utf32be = {
    .name = "utf-32be",
    .aliases = "ucs-4be",
    .converter = "UTF-32BE",
    .unit = 4,
    .most = 4,
    .decode = utf32_decode,
    .encode = utf32_encode,
    .back = utf32_back,
    .data = &big,
};
