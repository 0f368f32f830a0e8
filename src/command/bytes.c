/* bytes.c - BYTES: "text\n" [wide], {75 74}, u32le 4096, f64be 1.5, file NAME, or a bare word, which is text. */
#include "command/args.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/map.h>
#include <sextant/text.h>

#include "command/words.h"

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory for the bytes of the command");
}

/* --- "text" --------------------------------------------------------------------------------------------------- */

/* Each byte with a zero behind it, in place; `buf` has room for twice the length. */
static void
widen(uint8_t *buf, size_t len)
{
    for (size_t i = len; i-- > 0;) {
        buf[2 * i] = buf[i];
        buf[2 * i + 1] = 0;
    }
}

static bool
quoted(SxBytes text, uint8_t **out, size_t *len, size_t *used, SxError *err)
{
    size_t end = closing_quote(text);
    if (end >= text.len)
        return sx_fail_at(err, 1, "the quote is never closed");
    uint8_t *buf = malloc(2 * end);
    if (!buf)
        return no_memory(err);
    *len = end - 1;
    if (!sx_text_unescape(buf, len, sx_bytes(text.data + 1, end - 1), err)) {
        free(buf);
        if (err && err->column)
            err->column++;
        return false;
    }
    *used = end + 1;
    size_t gap = blanks(text, *used);
    if (gap && word_is(text, *used + gap, "wide")) {
        widen(buf, *len);
        *len *= 2;
        *used += gap + 4;
    }
    *out = buf;
    return true;
}

/* --- {75 74} ----------------------------------------------------------------------------------------------------- */

static int
hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool
hex_refused(SxBytes text, size_t at, SxError *err)
{
    char sign[8];
    sx_text_printable(sign, sizeof sign, sx_bytes(text.data + at, 1), 0);
    if (text.data[at] == '?')
        return sx_fail_at(err, at + 1, "? stands for any digit when searching; to write, a byte must be given");
    return sx_fail_at(err, at + 1, "\"%s\" is not a hex digit", sign);
}

static bool
hex_digits(SxBytes text, uint8_t *buf, size_t *len, size_t *used, SxError *err)
{
    size_t at = 1, n = 0;
    for (; at < text.len && text.data[at] != '}'; at++) {
        if (blank(text.data[at]) || text.data[at] == '_')
            continue;
        int high = hex_value(text.data[at]);
        if (high < 0)
            return hex_refused(text, at, err);
        if (at + 1 == text.len || blank(text.data[at + 1]) || text.data[at + 1] == '}')
            return sx_fail_at(err, at + 1, "half a byte: \"%c\" wants a second digit", text.data[at]);
        int low = hex_value(text.data[++at]);
        if (low < 0)
            return hex_refused(text, at, err);
        buf[n++] = (uint8_t)(high << 4 | low);
    }
    if (at >= text.len)
        return sx_fail_at(err, 1, "the { is never closed");
    *len = n;
    *used = at + 1;
    return true;
}

static bool
hex(SxBytes text, uint8_t **out, size_t *len, size_t *used, SxError *err)
{
    uint8_t *buf = malloc(text.len);
    if (!buf)
        return no_memory(err);
    if (!hex_digits(text, buf, len, used, err)) {
        free(buf);
        return false;
    }
    *out = buf;
    return true;
}

/* --- u32le 4096 ---------------------------------------------------------------------------------------------------- */

typedef struct NumberType {
    char kind; /* u i f */
    unsigned size;
    bool big;
} NumberType;

static bool
number_type(const char *name, size_t len, NumberType *out)
{
    if (len < 2 || !strchr("uif", name[0]))
        return false;
    unsigned bits = 0;
    size_t i = 1;
    for (; i < len && isdigit((unsigned char)name[i]) && bits < 100; i++)
        bits = bits * 10 + (unsigned)(name[i] - '0');
    bool known = name[0] == 'f' ? bits == 32 || bits == 64 : bits == 8 || bits == 16 || bits == 32 || bits == 64;
    bool order = i + 2 == len && name[i + 1] == 'e' && (name[i] == 'l' || name[i] == 'b');
    if (!known || !(bits == 8 ? i == len : order))
        return false;
    *out = (NumberType){name[0], bits / 8, bits > 8 && name[i] == 'b'};
    return true;
}

static void
store(uint8_t *buf, NumberType t, uint64_t bits)
{
    for (unsigned i = 0; i < t.size; i++) {
        unsigned shift = 8 * (t.big ? t.size - 1 - i : i);
        buf[i] = (uint8_t)(bits >> shift);
    }
}

static bool
integer_fits(NumberType t, SxValue v)
{
    uint64_t max = t.size == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * t.size)) - 1;
    if (t.kind == 'u')
        return (!v.negative || v.magnitude == 0) && v.magnitude <= max;
    return v.magnitude <= max / 2 + (v.negative ? 1 : 0);
}

static bool
integer(SxBytes text, NumberType t, const SxScope *scope, uint8_t *buf, size_t *used, SxError *err)
{
    SxValue v;
    if (!sx_expression(text, scope, &v, used, err))
        return false;
    if (!integer_fits(t, v))
        return sx_fail(err, SX_ERR_RANGE, "%.*s does not fit %c%u", (int)*used, (const char *)text.data, t.kind,
                       8 * t.size);
    store(buf, t, v.negative ? 0 - v.magnitude : v.magnitude);
    return true;
}

static bool
real(SxBytes text, NumberType t, uint8_t *buf, size_t *used, SxError *err)
{
    char copy[64];
    *used = word_length(text);
    int n = snprintf(copy, sizeof copy, "%.*s", (int)*used, (const char *)text.data);
    char *end = copy;
    double value = n > 0 && (size_t)n < sizeof copy ? strtod(copy, &end) : 0;
    if (end == copy || *end)
        return sx_fail_at(err, 1, "\"%.*s\" is no number", (int)*used, (const char *)text.data);
    uint64_t bits = 0;
    if (t.size == 4) {
        float narrow = (float)value;
        uint32_t half;
        if (isinf(narrow) && !isinf(value))
            return sx_fail(err, SX_ERR_RANGE, "%s does not fit f32", copy);
        memcpy(&half, &narrow, sizeof half);
        bits = half;
    } else {
        memcpy(&bits, &value, sizeof bits);
    }
    store(buf, t, bits);
    return true;
}

static bool
number(SxBytes text, NumberType t, const SxScope *scope, uint8_t **out, size_t *len, size_t *used, SxError *err)
{
    size_t name = word_length(text);
    size_t skip = name + blanks(text, name);
    if (skip == text.len)
        return sx_fail_at(err, skip + 1, "%.*s wants a number behind it; as text: \"%.*s\" in quotes", (int)name,
                          (const char *)text.data, (int)name, (const char *)text.data);
    uint8_t *buf = malloc(t.size);
    if (!buf)
        return no_memory(err);
    SxBytes value = from(text, skip);
    if (!(t.kind == 'f' ? real(value, t, buf, used, err) : integer(value, t, scope, buf, used, err))) {
        free(buf);
        if (err && err->column)
            err->column += (uint32_t)skip;
        return false;
    }
    *used += skip;
    *out = buf;
    *len = t.size;
    return true;
}

/* --- file NAME ----------------------------------------------------------------------------------------------------- */

static bool
file_name(SxBytes text, char **file, size_t *used, SxError *err)
{
    size_t skip = 4 + blanks(text, 4);
    if (skip == text.len)
        return sx_fail_at(err, skip + 1, "file wants a name behind it; as text: \"file\" in quotes");
    SxBytes name = from(text, skip);
    uint8_t *word = NULL;
    size_t len = word_length(name), n = len;
    if (name.data[0] == '"' && !quoted(name, &word, &len, &n, err))
        return false;
    char *copy = malloc(len + 1);
    if (copy) {
        memcpy(copy, word ? word : name.data, len);
        copy[len] = '\0';
        *file = copy;
        *used = skip + n;
    }
    free(word);
    return copy || no_memory(err);
}

static bool
bare_word(SxBytes text, uint8_t **out, size_t *len, size_t *used, SxError *err)
{
    *used = *len = word_length(text);
    *out = malloc(*len + 1);
    if (!*out)
        return no_memory(err);
    memcpy(*out, text.data, *len);
    return true;
}

bool
bytes_parse(SxBytes text, const SxScope *scope, uint8_t **out, size_t *len, char **file, size_t *used, SxError *err)
{
    NumberType type;
    size_t word = word_length(text);
    if (word == 0)
        return sx_fail_at(err, 1, "bytes are missing: \"text\", {75 74}, u32le 4096 or file NAME");
    if (text.data[0] == '"')
        return quoted(text, out, len, used, err);
    if (text.data[0] == '{')
        return hex(text, out, len, used, err);
    if (number_type((const char *)text.data, word, &type))
        return number(text, type, scope, out, len, used, err);
    if (word_is(text, 0, "file"))
        return file_name(text, file, used, err);
    return bare_word(text, out, len, used, err);
}

/* --- reading the file ----------------------------------------------------------------------------------------------- */

enum { LOAD_MAX = 256 << 20 };

static bool
load(const char *path, uint8_t **out, size_t *len, SxError *err)
{
    SxMap *map;
    SxError why;
    uint64_t length = 0;
    if (!sx_map_open(&map, path, &(SxMapOptions){.access = SX_ACCESS_READ}, &why)) {
        *len = 0;
        if (why.code == SX_ERR_EMPTY)
            return true;
        if (err)
            *err = why;
        return false;
    }
    bool ok = sx_map_length(map, &length, err);
    if (ok && length > LOAD_MAX)
        ok = sx_fail(err, SX_ERR_LIMIT, "%s: %llu bytes are too many here; insert file takes any number", path,
                     (unsigned long long)length);
    ok = ok && sx_map_slice(map, 0, SX_TO_END, out, len, err);
    sx_map_free(map);
    return ok;
}

bool
arg_bytes(const Arg *arg, uint8_t **loaded, SxBytes *out, SxError *err)
{
    *loaded = NULL;
    *out = arg->bytes;
    if (!arg->file)
        return true;
    size_t len;
    if (!load(arg->file, loaded, &len, err))
        return false;
    *out = sx_bytes(*loaded, len);
    return true;
}
