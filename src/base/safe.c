/*
 * safe.c - bytes from anywhere, one unit at a time, as what a terminal may be given.
 */
#include "base/safe.h"

#include <sextant/text.h>

#include <string.h>

#include "base/width.h"

static SafeUnit
as_is(SxBytes in, size_t len, bool shown)
{
    SafeUnit unit = {.len = len, .used = len, .shown = shown};
    memcpy(unit.text, in.data, len);
    return unit;
}

static SafeUnit
pair(char second)
{
    return (SafeUnit){.text = {'\\', second}, .len = 2, .used = 1};
}

static SafeUnit
number(uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    return (SafeUnit){.text = {'\\', 'x', digits[byte >> 4], digits[byte & 15]}, .len = 4, .used = 1};
}

static SafeUnit
ascii_unit(SxBytes in, unsigned flags)
{
    uint8_t c = in.data[0];
    bool escapes = flags & SAFE_BACKSLASH;
    switch (c) {
    case '\\':
        return escapes ? pair('\\') : as_is(in, 1, true);
    case '"':
        return flags & SAFE_QUOTE ? pair('"') : as_is(in, 1, true);
    case '\t':
        return escapes ? pair('t') : number(c);
    case '\n':
        return escapes ? pair('n') : number(c);
    case '\r':
        return escapes ? pair('r') : number(c);
    default:
        return c < 0x20 || c == 0x7f ? number(c) : as_is(in, 1, true);
    }
}

SafeUnit
safe_unit(SxBytes in, unsigned flags, bool after_shown)
{
    if (in.data[0] < 0x80)
        return ascii_unit(in, flags);
    uint32_t code;
    size_t len = sx_utf8_decode(in, &code);
    if (!(flags & SAFE_UTF8) || code == UINT32_MAX)
        return number(in.data[0]);
    /* An accent after an escape would be drawn on the escape, after nothing on what stood on the screen before. */
    if (width_visible(code) || (after_shown && sx_text_combines(code)))
        return as_is(in, len, true);
    /* Only its first byte: the others follow as invalid ones, and so are escaped too. */
    return number(in.data[0]);
}
