/* utf8.c - UTF-8 as an encoding; an invalid byte stands for itself. */
#include <sextant/text.h>

#include "format/encodings.h"

static size_t
utf8_decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    (void)e;
    if (in.data[0] >= 0x80)
        return sx_utf8_decode(in, code);
    *code = in.data[0];
    return 1;
}

static size_t
utf8_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST])
{
    char utf8[4];
    size_t n = sx_utf8_encode(utf8, code);
    (void)e;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)utf8[i];
    return n;
}

/* The bytes of a whole character that begins before `at` and reaches beyond it: what is left of them. */
static size_t
utf8_sync(const SxEncoding *e, SxBytes text, size_t at)
{
    for (size_t back = 1; back < e->most && back <= at; back++) {
        uint32_t code;
        size_t start = at - back;
        size_t n = utf8_decode(e, sx_bytes(text.data + start, text.len - start), &code);
        if (n > back)
            return at + n - back;
    }
    return at;
}

static size_t
utf8_back(const SxEncoding *e, SxBytes before)
{
    for (size_t len = e->most; len > 1; len--) {
        uint32_t code;
        if (len <= before.len && utf8_decode(e, sx_bytes(before.data + before.len - len, len), &code) == len)
            return len;
    }
    return 1;
}

const SxEncoding encoding_utf8 = {
    .name = "utf-8", .aliases = "utf8 unicode", .converter = "UTF-8", .unit = 1, .most = 4,
    .decode = utf8_decode, .encode = utf8_encode, .sync = utf8_sync, .back = utf8_back,
};
