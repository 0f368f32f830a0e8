/*
 * number.c - reading typed numbers into intervals of raw words, and testing a place against them.
 */
#include "search/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Type {
    char letter;    /* u, i or f */
    unsigned width; /* bytes */
    bool big;
} Type;

/* --- types ------------------------------------------------------------------------------------------------------ */

static bool
type_parse(SxBytes word, Type *out)
{
    Type t = {0};
    size_t i = 0;
    unsigned bits = 0;
    if (word.len < 2 || !strchr("uif", word.data[0]))
        return false;
    t.letter = (char)word.data[i++];
    while (i < word.len && word.data[i] >= '0' && word.data[i] <= '9' && bits < 100)
        bits = bits * 10 + (word.data[i++] - '0');
    t.width = bits / 8;
    if (bits % 8 || bits == 0 || bits > 64)
        return false;
    if (t.letter == 'f' && bits != 16 && bits != 32 && bits != 64)
        return false;
    SxBytes order = sx_bytes(word.data + i, word.len - i);
    t.big = lex_is(order, "be");
    *out = t;
    return t.big || lex_is(order, "le") || order.len == 0;
}

static bool
needs_order(SxBytes word, Type t)
{
    return t.width > 1 && word.data[word.len - 1] != 'e';
}

static const char *const operators[] = {"==", "=", "!=", "<=", "<", ">=", ">", "~", "in"};
enum { OP_SAME, OP_EQUAL, OP_NOT, OP_LESS_EQUAL, OP_LESS, OP_MORE_EQUAL, OP_MORE, OP_NEAR, OP_IN, OP_NONE };

static int
operator_take(Lexer *x)
{
    for (int i = 0; i < OP_NONE; i++) {
        size_t n = strlen(operators[i]), k = 0;
        while (k < n && lex_peek(x, k) == (unsigned char)operators[i][k])
            k++;
        if (k < n)
            continue;
        Lexer behind = *x;
        behind.at += n;
        if (i == OP_IN && !lex_space_next(&behind))
            continue;
        x->at += n;
        return i;
    }
    return OP_NONE;
}

bool
number_begins(const Lexer *x, bool typing)
{
    Type t;
    Lexer y = *x;
    SxBytes word = lex_word(&y);
    if (!type_parse(word, &t))
        return false;
    y.at += word.len;
    if (typing)
        return true;
    lex_spaces(&y);
    return operator_take(&y) != OP_NONE;
}

static uint64_t
type_max(unsigned width)
{
    return UINT64_MAX >> (64 - 8 * width);
}

static bool
intervals_add(Number *n, uint64_t low, uint64_t high)
{
    if (low <= high && n->count < INTERVALS_MAX)
        n->interval[n->count++] = (Interval){low, high};
    return true;
}

/* --- whole numbers ---------------------------------------------------------------------------------------------- */

/* A whole number with its sign; |value| < 2^64. */
typedef struct Whole {
    uint64_t magnitude;
    bool negative;
    bool bits; /* written in hex or binary: means a bit pattern, also for signed types */
} Whole;

static bool
whole_parse(Lexer *x, Whole *out)
{
    Whole w = {.negative = lex_take(x, '-')};
    if (!w.negative)
        lex_take(x, '+');
    w.bits = !w.negative && lex_peek(x, 0) == '0' && strchr("xXbB", lex_peek(x, 1)) && lex_peek(x, 1) > 0;
    if (!lex_number(x, &w.magnitude))
        return false;
    w.negative = w.negative && w.magnitude > 0;
    *out = w;
    return true;
}

/* Values of a type in their order: raw words, with the sign bit turned so that order is that of unsigned numbers. */
static uint64_t
sign_bit(Type t)
{
    return t.letter == 'i' ? UINT64_C(1) << (8 * t.width - 1) : 0;
}

static bool
whole_fit(Lexer *x, size_t at, Type t, Whole w, uint64_t *ordered)
{
    uint64_t max = type_max(t.width), sign = sign_bit(t);
    bool fits = w.negative ? sign && w.magnitude <= sign : w.magnitude <= (sign && !w.bits ? sign - 1 : max);
    if (!fits && t.letter == 'u')
        return lex_fail(x, at, "u%u holds 0..%llu", 8 * t.width, (unsigned long long)max);
    if (!fits)
        return lex_fail(x, at, "i%u holds -%llu..%llu", 8 * t.width, (unsigned long long)sign,
                        (unsigned long long)sign - 1);
    uint64_t raw = w.negative ? (max - w.magnitude) + 1 : w.magnitude;
    *ordered = (raw ^ sign) & max;
    return true;
}

/* The ordered values low..high as raw words: turning the sign bit back may split them. */
static void
whole_interval(Number *n, Type t, uint64_t low, uint64_t high)
{
    uint64_t sign = sign_bit(t), max = type_max(t.width);
    if (low > high)
        return;
    if (sign && low < sign && high >= sign) {
        intervals_add(n, low ^ sign, max);
        intervals_add(n, 0, high ^ sign);
        return;
    }
    intervals_add(n, low ^ sign, high ^ sign);
}

static uint64_t
minus(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static bool
whole_relation(Lexer *x, Number *n, Type t, int op)
{
    uint64_t max = type_max(t.width), v, w = 0;
    Whole a, b;
    size_t at = x->at;
    if (!whole_parse(x, &a) || !whole_fit(x, at, t, a, &v))
        return false;
    if (op == OP_IN) {
        lex_spaces(x);
        if (!lex_take(x, '.') || !lex_take(x, '.'))
            return lex_fail(x, x->at, "a range is written 100..200");
        lex_spaces(x);
        at = x->at;
        if (!whole_parse(x, &b) || !whole_fit(x, at, t, b, &w))
            return false;
        if (w < v)
            return lex_fail(x, at, "the range ends before it begins; turn it round");
    }
    if (op == OP_NEAR) {
        lex_spaces(x);
        at = x->at;
        if (!whole_parse(x, &b))
            return lex_fail(x, at, "~ needs how far: %s%u%s ~ 100 5", t.letter == 'u' ? "u" : "i", 8 * t.width,
                            t.width == 1 ? "" : t.big ? "be" : "le");
        w = b.magnitude;
        whole_interval(n, t, minus(v, w), w > max - v ? max : v + w);
        return true;
    }
    switch (op) {
    case OP_NOT:
        if (v > 0)
            whole_interval(n, t, 0, v - 1);
        if (v < max)
            whole_interval(n, t, v + 1, max);
        break;
    case OP_LESS:
        if (v > 0)
            whole_interval(n, t, 0, v - 1);
        break;
    case OP_LESS_EQUAL:
        whole_interval(n, t, 0, v);
        break;
    case OP_MORE:
        if (v < max)
            whole_interval(n, t, v + 1, max);
        break;
    case OP_MORE_EQUAL:
        whole_interval(n, t, v, max);
        break;
    default:
        whole_interval(n, t, v, op == OP_IN ? w : v);
    }
    return true;
}

/* --- floats ----------------------------------------------------------------------------------------------------- */

static unsigned
mantissa_bits(unsigned width)
{
    return width == 2 ? 10 : width == 4 ? 23 : 52;
}

/* The value of a magnitude: the raw word without its sign. */
static double
float_value(unsigned width, uint64_t magnitude)
{
    if (width == 8) {
        double d;
        memcpy(&d, &magnitude, sizeof d);
        return d;
    }
    if (width == 4) {
        uint32_t low = (uint32_t)magnitude;
        float f;
        memcpy(&f, &low, sizeof f);
        return (double)f;
    }
    unsigned exponent = (unsigned)(magnitude >> 10);
    double fraction = (double)(magnitude & 0x3ff) / 1024;
    if (exponent == 31)
        return magnitude & 0x3ff ? (double)NAN : (double)INFINITY;
    return exponent == 0 ? ldexp(fraction, -14) : ldexp(1 + fraction, (int)exponent - 15);
}

static uint64_t
float_infinity(unsigned width)
{
    unsigned m = mantissa_bits(width);
    return (type_max(width) >> 1) >> m << m;
}

/* The first magnitude with a value of at least `v` (v >= 0); they are ordered as their words. */
static uint64_t
float_first(unsigned width, double v)
{
    uint64_t low = 0, high = float_infinity(width);
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        if (float_value(width, mid) >= v)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

static uint64_t
float_last(unsigned width, double v)
{
    uint64_t first = float_first(width, v);
    return float_value(width, first) > v ? first - 1 : first;
}

static uint64_t
float_nearest(unsigned width, double v)
{
    uint64_t above = float_first(width, v);
    if (above == 0 || float_value(width, above) <= v)
        return above;
    uint64_t inf = float_infinity(width);
    if (above == inf) /* rounds to infinity only from half a step beyond the largest */
        return v - float_value(width, inf - 1) < float_value(width, inf - 1) - float_value(width, inf - 2) ? inf - 1
                                                                                                           : inf;
    double up = float_value(width, above) - v, down = v - float_value(width, above - 1);
    return up < down || (up <= down && above % 2 == 0) ? above : above - 1;
}

/* The double next to `v` on the way to plus or minus infinity: without the one call that would need libm at start. */
static double
next_double(double v, bool up)
{
    uint64_t word;
    memcpy(&word, &v, sizeof word);
    if (isinf(v) || isnan(v))
        return v;
    if (fpclassify(v) == FP_ZERO)
        word = up ? 1 : UINT64_C(1) << 63 | 1;
    else
        word += up == (word >> 63 == 0) ? 1 : UINT64_MAX;
    memcpy(&v, &word, sizeof v);
    return v;
}

/* Values from a to b, both in it; zero has two words. */
static void
float_interval(Number *n, double a, double b)
{
    uint64_t sign = UINT64_C(1) << (8 * n->width - 1);
    if (b >= 0)
        intervals_add(n, a > 0 ? float_first(n->width, a) : 0, float_last(n->width, b));
    if (a <= 0)
        intervals_add(n, sign | (b < 0 ? float_first(n->width, -b) : 0), sign | float_last(n->width, -a));
}

static void
float_nan(Number *n)
{
    uint64_t sign = UINT64_C(1) << (8 * n->width - 1), inf = float_infinity(n->width);
    intervals_add(n, inf + 1, sign - 1);
    intervals_add(n, (sign | inf) + 1, type_max(n->width));
}

/* How long the number here is: up to a space or "..", and what of that belongs to one. */
static size_t
float_len(const Lexer *x)
{
    size_t n = 0;
    for (int c; (c = lex_peek(x, n)) > 0 && strchr("0123456789+-.eExXpPabcdfABCDFinfINFANnat", c); n++)
        if (c == '.' && lex_peek(x, n + 1) == '.')
            break;
    return n;
}

/* Half of ten to the power of `digits`, as near as a double can be: the C library reads it best. */
static double
half_unit(long digits)
{
    char text[32];
    snprintf(text, sizeof text, "5e%ld", digits - 1);
    return strtod(text, NULL);
}

/* `half` is half a unit of the last digit that was typed. */
static bool
float_parse(Lexer *x, double *out, double *half)
{
    char text[64] = "", sign[16];
    size_t n = float_len(x);
    if (n == 0 || n >= sizeof text)
        return lex_fail(x, x->at, "a number is needed here, not %s", lex_sign(x, x->at, sign));
    memcpy(text, x->text.data + x->at, n);
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        return sx_fail(x->err, SX_ERR_NOMEM, "no memory to read a number");
    char *end;
    *out = strtod_l(text, &end, c);
    freelocale(c);
    if (*end || end == text)
        return lex_fail(x, x->at + (size_t)(end - text), "%s does not belong to a number",
                        lex_sign(x, x->at + (size_t)(end - text), sign));
    const char *dot = strchr(text, '.'), *e = strpbrk(text, "eE");
    size_t decimals = dot ? (e ? (size_t)(e - dot) : strlen(dot)) - 1 : 0;
    *half = half_unit((e ? strtol(e + 1, NULL, 10) : 0) - (long)decimals);
    x->at += n;
    return true;
}

static void
float_equal(Number *n, double v)
{
    uint64_t sign = signbit(v) ? UINT64_C(1) << (8 * n->width - 1) : 0;
    if (isnan(v)) {
        float_nan(n);
    } else if (fpclassify(v) == FP_ZERO) {
        float_interval(n, 0, 0);
    } else {
        uint64_t word = sign | float_nearest(n->width, fabs(v));
        intervals_add(n, word, word);
    }
}

static int
by_low(const void *a, const void *b)
{
    const Interval *x = a, *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

/* What the intervals leave out. */
static void
complement(Number *n)
{
    Number out = {.width = n->width, .big = n->big, .letter = n->letter};
    uint64_t next = 0, max = type_max(n->width);
    bool full = false;
    qsort(n->interval, n->count, sizeof *n->interval, by_low);
    for (size_t i = 0; i < n->count; i++) {
        if (n->interval[i].low > next)
            intervals_add(&out, next, n->interval[i].low - 1);
        full = n->interval[i].high == max;
        next = n->interval[i].high + 1;
    }
    if (!full)
        intervals_add(&out, next, max);
    *n = out;
}

static bool
float_relation(Lexer *x, Number *n, int op)
{
    double a, b = 0, half;
    size_t at = x->at;
    if (!float_parse(x, &a, &half))
        return false;
    bool ordered = op != OP_EQUAL && op != OP_SAME && op != OP_NOT;
    if (ordered && isnan(a))
        return lex_fail(x, at, "nan is neither below nor above anything; write = nan or != nan");
    if (op == OP_IN) {
        lex_spaces(x);
        if (!lex_take(x, '.') || !lex_take(x, '.'))
            return lex_fail(x, x->at, "a range is written 1.5..2.5");
        lex_spaces(x);
        at = x->at;
        if (!float_parse(x, &b, &half))
            return false;
        if (!(a <= b))
            return lex_fail(x, at, "the range ends before it begins; turn it round");
    }
    if (op == OP_NEAR) {
        Lexer y = *x;
        lex_spaces(&y);
        at = y.at;
        int c = lex_peek(&y, 0);
        if ((c >= '0' && c <= '9') || c == '.') {
            *x = y;
            if (!float_parse(x, &half, &b))
                return false;
        }
    }
    switch (op) {
    case OP_LESS:
    case OP_LESS_EQUAL:
        float_interval(n, -(double)INFINITY, op == OP_LESS ? next_double(a, false) : a);
        break;
    case OP_MORE:
    case OP_MORE_EQUAL:
        float_interval(n, op == OP_MORE ? next_double(a, true) : a, (double)INFINITY);
        break;
    case OP_NEAR:
        float_interval(n, a - half, a + half);
        break;
    case OP_IN:
        float_interval(n, a, b);
        break;
    default:
        float_equal(n, a);
    }
    if (op == OP_NOT)
        complement(n);
    return true;
}

/* --- whole patterns --------------------------------------------------------------------------------------------- */

static bool
parse_as(Lexer *x, Type t, int op, Number *out)
{
    Number n = {.width = t.width, .big = t.big, .letter = t.letter};
    size_t at = x->at;
    lex_spaces(x);
    if (!(t.letter == 'f' ? float_relation(x, &n, op) : whole_relation(x, &n, t, op)))
        return false;
    if (n.count == 0)
        return lex_fail(x, at, "no value can be like that");
    *out = n;
    return true;
}

bool
number_parse(Lexer *x, Number *out, SxString *canonical)
{
    Type t;
    char sign[16];
    x->what = "number";
    SxBytes word = lex_word(x);
    if (!type_parse(word, &t))
        return lex_fail(x, x->at, "a type is needed, such as u8, u32le, i16be, f64le, not %s",
                        lex_sign(x, x->at, sign));
    if (needs_order(word, t))
        return lex_fail(x, x->at, "%.*s needs its byte order: %.*sle or %.*sbe", (int)word.len, (const char *)word.data,
                        (int)word.len, (const char *)word.data, (int)word.len, (const char *)word.data);
    x->at += word.len;
    lex_spaces(x);
    int op = operator_take(x);
    if (op == OP_NONE)
        return lex_fail(x, x->at, "= != < <= > >= ~ or in is needed here, not %s", lex_sign(x, x->at, sign));
    lex_spaces(x);
    size_t from = x->at;
    if (!parse_as(x, t, op, out))
        return false;
    sx_string_add_bytes(canonical, word);
    sx_string_addf(canonical, " %s ", operators[op == OP_SAME ? OP_EQUAL : op]);
    sx_string_add_bytes(canonical, sx_bytes(x->text.data + from, x->at - from));
    return true;
}

bool
number_parse_plain(Lexer *x, Number *out, SxString *canonical)
{
    static const char *const types[] = {"u32le", "i32le", "u64le", "i64le", "f64le"};
    x->what = "number";
    lex_spaces(x);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        Lexer y = *x;
        Type t;
        if (i + 1 < sizeof types / sizeof *types)
            y.err = NULL;
        type_parse(sx_bytes(types[i], strlen(types[i])), &t);
        if (!parse_as(&y, t, OP_EQUAL, out) || !lex_space_next(&y)) {
            if (y.err && lex_space_next(&y))
                x->at = y.at;
            continue;
        }
        sx_string_addf(canonical, "%s = ", types[i]);
        sx_string_add_bytes(canonical, sx_bytes(x->text.data + x->at, y.at - x->at));
        x->at = y.at;
        return true;
    }
    char sign[16];
    return lex_fail(x, x->at, "a number is needed here, such as 1000, -3, 0x7f, 3.14 or u16be = 5, not %s",
                    lex_sign(x, x->at, sign));
}

static uint64_t
load(const Number *n, const uint8_t *data)
{
    uint64_t v = 0;
    if (n->big)
        for (unsigned i = 0; i < n->width; i++)
            v = v << 8 | data[i];
    else
        for (unsigned i = n->width; i-- > 0;)
            v = v << 8 | data[i];
    return v;
}

void
number_print(const Number *n, const uint8_t *data, char *buf, size_t size)
{
    uint64_t raw = load(n, data), sign = UINT64_C(1) << (8 * n->width - 1);
    bool minus = n->letter != 'u' && (raw & sign);
    if (n->letter == 'f')
        snprintf(buf, size, "%s%.*g", minus ? "-" : "", n->width == 8 ? 15 : n->width == 4 ? 7 : 4,
                 float_value(n->width, raw & ~sign));
    else
        snprintf(buf, size, "%s%llu", minus ? "-" : "",
                 (unsigned long long)(minus ? (type_max(n->width) - raw) + 1 : raw));
}

bool
number_matches(const Number *n, const uint8_t *data)
{
    uint64_t v = load(n, data);
    for (size_t i = 0; i < n->count; i++)
        if (v - n->interval[i].low <= n->interval[i].high - n->interval[i].low)
            return true;
    return false;
}

/* Bytes from the highest down: as long as both ends agree the byte is known, the first that differs lies between. */
static void
interval_places(const Number *n, Interval x, Prefix *p)
{
    bool free_below = false;
    *p = (Prefix){.len = n->width};
    for (unsigned i = 0; i < n->width; i++) {
        unsigned shift = 8 * (n->width - 1 - i);
        unsigned low = x.low >> shift & 0xff, high = x.high >> shift & 0xff;
        ByteSet *place = &p->set[n->big ? i : n->width - 1 - i];
        if (free_below)
            *place = set_all();
        else
            set_add_range(place, low, high);
        free_below = free_below || low != high;
    }
}

size_t
number_prefixes(const Number *n, Prefix out[INTERVALS_MAX])
{
    for (size_t i = 0; i < n->count; i++)
        interval_places(n, n->interval[i], &out[i]);
    return n->count;
}
