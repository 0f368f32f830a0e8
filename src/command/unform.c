/* unform.c - text in a form back into bytes. Works in place: what is read never grows. */
#include "command/unform.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

enum { TEXT_MAX = 64 << 20 };

static int
hex_value(uint8_t c)
{
    if (isdigit(c))
        return c - '0';
    c = (uint8_t)tolower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
separates(uint8_t c)
{
    return isspace(c) || c == ',' || c == '_';
}

/* The part that holds digits: inside the braces of a C array, else all of it. */
static SxBytes
digits_of(SxBytes text)
{
    const uint8_t *open = text.len ? memchr(text.data, '{', text.len) : NULL;
    if (!open)
        return text;
    size_t left = text.len - (size_t)(open + 1 - text.data);
    const uint8_t *close = memchr(open + 1, '}', left);
    return sx_bytes(open + 1, close ? (size_t)(close - open - 1) : left);
}

static bool
from_hex(uint8_t *buf, size_t *len, SxError *err)
{
    SxBytes text = digits_of(sx_bytes(buf, *len));
    size_t n = 0;
    for (size_t i = 0; i < text.len;) {
        bool prefix = i + 1 < text.len && text.data[i] == '0' && (text.data[i + 1] | 32) == 'x';
        if (separates(text.data[i]) || prefix) {
            i += prefix ? 2 : 1;
            continue;
        }
        int high = hex_value(text.data[i]), low = i + 1 < text.len ? hex_value(text.data[i + 1]) : -1;
        if (high < 0 || low < 0)
            return sx_fail_at(err, i + 1, "what was copied is not hex");
        buf[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    *len = n;
    return true;
}

static int
base64_value(uint8_t c)
{
    if (isupper(c))
        return c - 'A';
    if (islower(c))
        return c - 'a' + 26;
    if (isdigit(c))
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bool
from_base64(uint8_t *buf, size_t *len, SxError *err)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t n = 0;
    for (size_t i = 0; i < *len && buf[i] != '='; i++) {
        int value = base64_value(buf[i]);
        if (isspace(buf[i]))
            continue;
        if (value < 0)
            return sx_fail_at(err, i + 1, "what was copied is not base64");
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf[n++] = (uint8_t)(bits >> have);
        }
    }
    *len = n;
    return true;
}

static bool
read_form(uint8_t *buf, size_t *len, Form form, SxError *err)
{
    switch (form) {
    case FORM_RAW:
        return true;
    case FORM_TEXT:
        return sx_text_unescape(buf, len, sx_bytes(buf, *len), err);
    case FORM_HEX:
    case FORM_C:
        return from_hex(buf, len, err);
    case FORM_BASE64:
        return from_base64(buf, len, err);
    default:
        return sx_fail(err, SX_ERR_UNSUPPORTED, "%s cannot be read back; text hex raw base64 c can",
                       form_name(form));
    }
}

SxSource *
unformed(SxSource *text, Form form, SxError *err)
{
    uint64_t size = sx_source_size(text);
    if (size > TEXT_MAX) {
        (void)sx_fail(err, SX_ERR_LIMIT, "too much to read as %s", form_name(form));
        return NULL;
    }
    size_t len = (size_t)size;
    uint8_t *buf = malloc(len + 1);
    SxSource *made = NULL;
    bool ok = buf ? sx_source_read(text, (SxSpan){0, size}, buf, err) && read_form(buf, &len, form, err)
                  : sx_fail(err, SX_ERR_NOMEM, "no memory to paste");
    if (ok && !(made = sx_source_memory(sx_bytes(buf, len), true)))
        (void)sx_fail(err, SX_ERR_NOMEM, "no memory to paste");
    free(buf);
    return made;
}
