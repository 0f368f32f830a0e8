/*
 * lexer.c - what every kind of pattern needs to read its text.
 */
#include "search/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
lex_peek(const Lexer *x, size_t ahead)
{
    return ahead < x->text.len - x->at ? x->text.data[x->at + ahead] : -1;
}

bool
lex_take(Lexer *x, char c)
{
    if (lex_peek(x, 0) != (unsigned char)c)
        return false;
    x->at++;
    return true;
}

static bool
is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void
lex_spaces(Lexer *x)
{
    while (is_space(lex_peek(x, 0)))
        x->at++;
}

bool
lex_space_next(const Lexer *x)
{
    int c = lex_peek(x, 0);
    return c < 0 || is_space(c);
}

static bool
in_word(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

SxBytes
lex_word(const Lexer *x)
{
    size_t n = 0;
    while (in_word(lex_peek(x, n)))
        n++;
    return sx_bytes(x->text.data + x->at, n);
}

bool
lex_is(SxBytes word, const char *name)
{
    return word.len == strlen(name) && (word.len == 0 || memcmp(word.data, name, word.len) == 0);
}

int
hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
lex_fail(const Lexer *x, size_t at, const char *fmt, ...)
{
    char text[SX_ERROR_TEXT];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return sx_fail_at(x->err, at + 1, "%s, column %zu: %s", x->what, at + 1, text);
}

const char *
lex_sign(const Lexer *x, size_t at, char buf[16])
{
    if (at >= x->text.len)
        return "the end";
    uint8_t c = x->text.data[at];
    size_t n = 1;
    if (c >= 0xc2) {
        size_t want = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        while (n < want && at + n < x->text.len && (x->text.data[at + n] & 0xc0) == 0x80)
            n++;
    }
    if (c < 0x20 || c == 0x7f || (c >= 0x80 && n == 1))
        snprintf(buf, 16, "\\x%02x", (unsigned)c);
    else
        snprintf(buf, 16, "\"%.*s\"", (int)n, (const char *)x->text.data + at);
    return buf;
}

static int
digit_in(int c, unsigned base)
{
    int d = hex_digit(c);
    return d >= 0 && (unsigned)d < base ? d : -1;
}

bool
lex_number(Lexer *x, uint64_t *out)
{
    size_t start = x->at;
    unsigned base = 10;
    if (lex_peek(x, 0) == '0') {
        int c = lex_peek(x, 1) | 0x20;
        base = c == 'x' ? 16 : c == 'b' ? 2 : c == 'o' ? 8 : 10;
        x->at += base == 10 ? 0 : 2;
    }
    char sign[16];
    if (digit_in(lex_peek(x, 0), base) < 0)
        return lex_fail(x, x->at, "a number is needed here, not %s", lex_sign(x, x->at, sign));
    uint64_t n = 0;
    for (int c; (c = lex_peek(x, 0)) == '_' || digit_in(c, base) >= 0; x->at++) {
        if (c == '_')
            continue;
        if (__builtin_mul_overflow(n, (uint64_t)base, &n) ||
            __builtin_add_overflow(n, (uint64_t)digit_in(c, base), &n))
            return lex_fail(x, start, "this number needs more than 64 bits");
    }
    *out = n;
    return true;
}

bool
lex_escape(Lexer *x, uint8_t *out)
{
    static const char from[] = "ntre0\\\"'/", to[] = "\n\t\r\033\0\\\"'/";
    int c = lex_peek(x, 0);
    const char *known = c > 0 ? memchr(from, c, sizeof from - 1) : NULL;
    char sign[16];
    if (known) {
        *out = (uint8_t)to[known - from];
        x->at++;
        return true;
    }
    if (c != 'x')
        return lex_fail(x, x->at - 1, "\\ before %s means nothing; \\\\ is the sign itself, \\n \\t \\r \\e \\0 \\xNN are known",
                        lex_sign(x, x->at, sign));
    int high = hex_digit(lex_peek(x, 1)), low = hex_digit(lex_peek(x, 2));
    if (high < 0 || low < 0)
        return lex_fail(x, x->at - 1, "\\x needs two hex digits, as in \\x7f");
    *out = (uint8_t)(high << 4 | low);
    x->at += 3;
    return true;
}
