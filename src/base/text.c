/*
 * text.c - bytes as text that is safe to show, and back.
 */
#include <sextant/text.h>

#include <string.h>

#include "base/safe.h"

size_t
sx_text_printable(char *buf, size_t size, SxBytes in, unsigned flags)
{
    unsigned safe = SAFE_BACKSLASH | (flags & SX_PRINTABLE_UTF8 ? SAFE_UTF8 : 0u) |
                    (flags & SX_PRINTABLE_QUOTE ? SAFE_QUOTE : 0u);
    size_t need = 0;
    size_t put = 0;
    bool shown = false;
    for (size_t i = 0; i < in.len;) {
        SafeUnit unit = safe_unit(sx_bytes(in.data + i, in.len - i), safe, shown);
        if (put == need && need + unit.len < size) {
            memcpy(buf + put, unit.text, unit.len);
            put += unit.len;
        }
        need += unit.len;
        shown = unit.shown;
        i += unit.used;
    }
    if (size > 0)
        buf[put] = 0;
    return need;
}

static int
hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What the escape at in.data[at], a backslash, stands for; *at is moved behind it. */
static bool
escape_byte(SxBytes in, size_t *at, uint8_t *byte, SxError *err)
{
    static const char names[] = "ntr\\\"0e";
    static const char values[] = "\n\t\r\\\"\0\x1b";
    size_t column = *at + 1;
    SxBytes rest = {in.data + column, in.len - column};
    if (rest.len == 0)
        return sx_fail_at(err, column, "\"\\\" at the end means nothing; write \\\\ for the sign itself");
    if (rest.data[0] == 'x') {
        if (rest.len < 3 || hex_digit(rest.data[1]) < 0 || hex_digit(rest.data[2]) < 0)
            return sx_fail_at(err, column, "\\x takes two hex digits, as in \\x0a");
        *byte = (uint8_t)(hex_digit(rest.data[1]) << 4 | hex_digit(rest.data[2]));
        *at += 4;
        return true;
    }
    const char *name = memchr(names, rest.data[0], sizeof names - 1);
    if (!name)
        return sx_fail_at(err, column, "\"\\%c\" means nothing; there are \\n \\t \\r \\e \\0 \\xNN \\\" \\\\", rest.data[0]);
    if (*name == '0' && rest.len > 1 && rest.data[1] >= '0' && rest.data[1] <= '9')
        return sx_fail_at(err, column, "\\0 is a zero byte, not the start of an octal number; write \\xNN");
    *byte = (uint8_t)values[name - names];
    *at += 2;
    return true;
}

bool
sx_text_unescape(uint8_t *out, size_t *len, SxBytes in, SxError *err)
{
    size_t put = 0;
    for (size_t i = 0; i < in.len;) {
        uint8_t byte = in.data[i];
        if (byte != '\\')
            i++;
        else if (!escape_byte(in, &i, &byte, err))
            return false;
        out[put++] = byte;
    }
    *len = put;
    return true;
}
