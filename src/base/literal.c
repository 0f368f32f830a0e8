/*
 * literal.c - the numbers of an expression, and every way to write one wrong, with what to write instead.
 */
#include "base/literal.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* A word, and how its digits are to be read. */
typedef struct Word {
    SxBytes text;    /* the word alone */
    size_t at;       /* of the word in the whole text */
    unsigned base;   /* 2, 8, 10, 16 */
    size_t prefix;   /* bytes of 0x, 0o, 0b */
    bool zeros_hex;  /* base 16 because of leading zeros alone */
} Word;

bool
range_at(SxError *err, size_t at, bool failed)
{
    if (err)
        err->column = (uint32_t)(at + 1);
    return failed;
}

static bool
is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* 16 for what is no digit at all. */
static unsigned
digit_of(uint8_t c)
{
    if (is_digit(c))
        return c - '0';
    uint8_t letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10u : 16;
}

size_t
word_span(SxBytes text, size_t at)
{
    size_t end = at;
    while (end < text.len) {
        uint8_t c = text.data[end];
        uint8_t letter = c | 0x20;
        if (!is_digit(c) && c != '_' && !(letter >= 'a' && letter <= 'z'))
            break;
        end++;
    }
    return end - at;
}

/* The digits of `base` at the start of `text`, with the `_` among them. */
static size_t
digits_span(SxBytes text, unsigned base)
{
    size_t n = 0;
    while (n < text.len && (digit_of(text.data[n]) < base || text.data[n] == '_'))
        n++;
    return n;
}

static bool
prefixed(SxBytes text, char letter)
{
    return text.len >= 2 && text.data[0] == '0' && (text.data[1] | 0x20) == letter;
}

static SxBytes
after(SxBytes text, size_t n)
{
    return sx_bytes(text.data + n, text.len - n);
}

/* --- units -------------------------------------------------------------------------------------------------------- */

/* K, KiB: 1024; kB: 1000; and so on. Capitals do not count: nobody means a milli-byte. */
static bool
unit_of(SxBytes name, uint64_t *factor)
{
    static const char letters[] = "kmgtpe";
    if (name.len == 0 || name.len > 3)
        return false;
    const char *letter = memchr(letters, name.data[0] | 0x20, sizeof letters - 1);
    bool binary = name.len == 1 || (name.len == 3 && strncasecmp((const char *)name.data + 1, "ib", 2) == 0);
    bool decimal = name.len == 2 && (name.data[1] | 0x20) == 'b';
    /* E and EB are hex digits to most who type them; EiB cannot be mistaken. */
    if (!letter || !(binary || decimal) || (*letter == 'e' && name.len != 3))
        return false;
    *factor = 1;
    for (const char *l = letters; l <= letter; l++)
        *factor *= binary ? 1024 : 1000;
    return true;
}

static bool
bad_unit(const Word *w, size_t at, SxError *err)
{
    SxBytes rest = after(w->text, at);
    static const char *const kind[] = {[2] = "binary", [8] = "octal", [16] = "hex"};
    if (w->base != 10)
        return sx_fail_at(err, w->at + at + 1, "\"%c\" is no %s digit", rest.data[0], kind[w->base]);
    if (digits_span(w->text, 16) == w->text.len)
        return sx_fail_at(err, w->at + 1, "\"%.*s\" has hex digits: write 0x%.*s", (int)w->text.len,
                          (const char *)w->text.data, (int)w->text.len, (const char *)w->text.data);
    return sx_fail_at(err, w->at + at + 1, "\"%.*s\" is no unit; there are K M G T P (1024s), KiB, kB (1000s)",
                      (int)rest.len, (const char *)rest.data);
}

/* --- digits ------------------------------------------------------------------------------------------------------- */

static bool
too_large(const Word *w, SxError *err)
{
    return range_at(err, w->at, sx_fail(err, SX_ERR_RANGE, "%.*s is larger than 64 bits can hold", (int)w->text.len,
                                        (const char *)w->text.data));
}

/* `_` only between two digits, or right behind the prefix. */
static bool
grouped(const Word *w, size_t end, SxError *err)
{
    for (size_t i = w->prefix; i < end; i++) {
        if (w->text.data[i] == '_' && (i + 1 == end || w->text.data[i + 1] == '_'))
            return sx_fail_at(err, w->at + i + 1, "\"_\" stands between two digits");
    }
    return true;
}

static bool
digits_value(const Word *w, size_t end, uint64_t *value, SxError *err)
{
    uint64_t sum = 0;
    for (size_t i = w->prefix; i < end; i++) {
        if (w->text.data[i] == '_')
            continue;
        if (__builtin_mul_overflow(sum, w->base, &sum) ||
            __builtin_add_overflow(sum, digit_of(w->text.data[i]), &sum))
            return too_large(w, err);
    }
    *value = sum;
    return true;
}

static bool
word_value(const Word *w, Wide *out, SxError *err)
{
    size_t end = w->prefix + digits_span(after(w->text, w->prefix), w->base);
    uint64_t value = 0;
    uint64_t factor = 1;
    if (end < w->text.len && !unit_of(after(w->text, end), &factor))
        return bad_unit(w, end, err);
    if (end == w->prefix)
        return sx_fail_at(err, w->at + end + 1, "digits are missing behind \"%.*s\"", (int)end,
                          (const char *)w->text.data);
    if (!grouped(w, end, err) || !digits_value(w, end, &value, err))
        return false;
    if (__builtin_mul_overflow(value, factor, &value))
        return too_large(w, err);
    *out = value;
    return true;
}

/* --- which base ---------------------------------------------------------------------------------------------------- */

/* Whether 0b... is binary: every offset of the screen that begins with 0b would be, too, but for its digits. */
static bool
is_binary(SxBytes text, const SxScope *scope)
{
    uint64_t factor;
    if (!prefixed(text, 'b') || scope->hex)
        return false;
    size_t end = 2 + digits_span(after(text, 2), 2);
    return scope->script || (end > 2 && (end == text.len || unit_of(after(text, end), &factor)));
}

static bool
base_of(Word *w, const SxScope *scope, SxError *err)
{
    enum { OFFSET_DIGITS = 8 }; /* of an offset on the screen */
    w->base = 10;
    w->prefix = 2;
    if (prefixed(w->text, 'x'))
        w->base = 16;
    else if (prefixed(w->text, 'o'))
        w->base = 8;
    else if (is_binary(w->text, scope))
        w->base = 2;
    else
        w->prefix = 0;
    if (w->base == 2 && !scope->script && w->text.len == OFFSET_DIGITS && !memchr(w->text.data, '_', w->text.len))
        return sx_fail_at(err, w->at + 1, "%.*s may be an offset or binary: write 0x%.*s or 0b_%.*s", OFFSET_DIGITS,
                          (const char *)w->text.data, OFFSET_DIGITS, (const char *)w->text.data, OFFSET_DIGITS - 2,
                          (const char *)w->text.data + 2);
    if (w->prefix)
        return true;
    if (scope->hex)
        w->base = 16;
    else if (w->text.len > 1 && w->text.data[0] == '0' && (digit_of(w->text.data[1]) < 16 || w->text.data[1] == '_'))
        w->zeros_hex = true;
    if (w->zeros_hex && scope->script)
        return sx_fail_at(err, w->at + 1, "%.*s begins with zero: write 0x%.*s, or without it if decimal",
                          (int)w->text.len, (const char *)w->text.data, (int)w->text.len,
                          (const char *)w->text.data);
    if (w->zeros_hex)
        w->base = 16;
    return true;
}

/* --- per cent ----------------------------------------------------------------------------------------------------- */

/* The length of "50%" or "12.5%" at the start of `text`, else 0. *point is set to the digits before the point. */
static size_t
percent_span(SxBytes text, size_t *point)
{
    size_t n = 0;
    while (n < text.len && is_digit(text.data[n]))
        n++;
    *point = n;
    if (n > 0 && n + 1 < text.len && text.data[n] == '.' && is_digit(text.data[n + 1]))
        for (n++; n < text.len && is_digit(text.data[n]);)
            n++;
    return *point > 0 && n < text.len && text.data[n] == '%' ? n + 1 : 0;
}

/* `span` bytes of per cent of the length, rounded down. */
static bool
percent_value(SxBytes text, size_t at, size_t span, size_t point, uint64_t length, Wide *out, SxError *err)
{
    enum { MOST_DIGITS = 17 }; /* times a length still fits */
    Wide numerator = 0;
    Wide denominator = 100;
    if (span > MOST_DIGITS)
        return range_at(err, at, sx_fail(err, SX_ERR_RANGE, "%.*s has too many digits", (int)span,
                                         (const char *)text.data + at));
    for (size_t i = 0; i + 1 < span; i++) {
        if (i == point)
            continue;
        numerator = numerator * 10 + digit_of(text.data[at + i]);
        if (i > point)
            denominator *= 10;
    }
    *out = numerator * length / denominator;
    return true;
}

/* ------------------------------------------------------------------------------------------------------------------ */

bool
literal_begins(SxBytes text, size_t at, const SxScope *scope)
{
    SxBytes word = {text.data + at, word_span(text, at)};
    uint64_t factor;
    if (word.len == 0)
        return false;
    if (is_digit(word.data[0]))
        return true;
    if (!scope->hex || digit_of(word.data[0]) > 15)
        return false;
    size_t end = digits_span(word, 16);
    return end == word.len || unit_of(after(word, end), &factor);
}

bool
literal_read(SxBytes text, size_t at, const SxScope *scope, Literal *out, SxError *err)
{
    Word w = {.text = {text.data + at, word_span(text, at)}, .at = at};
    size_t point;
    size_t span = percent_span(after(text, at), &point);
    *out = (Literal){.used = span ? span : w.text.len};
    if (span)
        return percent_value(text, at, span, point, scope->length, &out->value, err);
    if (!base_of(&w, scope, err) || !word_value(&w, &out->value, err))
        return false;
    out->leading_zeros = w.zeros_hex;
    return true;
}
