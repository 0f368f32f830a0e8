/* fuzz_text.c - any bytes made printable and read back, decoded, cut, and put into messages. First byte: options. */
#include <string.h>

#include <sextant/text.h>

#include "fuzz/fuzz.h"

/* Nothing that a terminal would obey, and nothing that it would not show. */
static void
check_safe(const char *text)
{
    SxBytes in = sx_bytes(text, strlen(text));
    uint32_t code;
    while (in.len > 0) {
        size_t used = sx_utf8_decode(in, &code);
        FUZZ_CHECK(code != UINT32_MAX && sx_text_width(code) >= 0);
        in = sx_bytes(in.data + used, in.len - used);
    }
}

static void
check_printable(SxBytes in, unsigned flags, size_t room)
{
    size_t need = sx_text_printable(NULL, 0, in, flags);
    char *text = malloc(need + 1);
    uint8_t *back = malloc(need + 1);
    size_t len = 0;
    FUZZ_CHECK(text && back);
    FUZZ_CHECK(sx_text_printable(text, need + 1, in, flags) == need && strlen(text) == need);
    check_safe(text);
    FUZZ_CHECK(sx_text_unescape(back, &len, sx_bytes(text, need), NULL));
    FUZZ_CHECK(len == in.len && (len == 0 || memcmp(back, in.data, len) == 0));

    if (room > need)
        room = need;
    char *part = malloc(room + 1);
    FUZZ_CHECK(part && sx_text_printable(part, room + 1, in, flags) == need);
    FUZZ_CHECK(strlen(part) <= room && memcmp(part, text, strlen(part)) == 0);
    FUZZ_CHECK(sx_text_unescape(back, &len, sx_bytes(part, strlen(part)), NULL));
    FUZZ_CHECK(len <= in.len && (len == 0 || memcmp(back, in.data, len) == 0));
    free(part);

    char *cut = malloc(room + 1);
    FUZZ_CHECK(cut);
    sx_text_middle(cut, room + 1, text, flags & SX_PRINTABLE_QUOTE ? need : room / 2);
    FUZZ_CHECK(strlen(cut) <= room);
    check_safe(cut);
    free(cut);
    free(text);
    free(back);
}

static void
check_unescape(SxBytes in)
{
    uint8_t *out = malloc(in.len + 1);
    size_t len = 0;
    SxError err = {.code = SX_OK};
    FUZZ_CHECK(out);
    if (sx_text_unescape(out, &len, in, &err))
        FUZZ_CHECK(len <= in.len);
    else
        FUZZ_CHECK(err.code == SX_ERR_SYNTAX && err.column >= 1 && err.column <= in.len && in.data[err.column - 1] == '\\');
    free(out);
}

/* What is a character, encodes to the bytes that it was decoded from. */
static void
check_utf8(SxBytes in)
{
    while (in.len > 0) {
        uint32_t code = 0;
        char out[4];
        size_t used = sx_utf8_decode(in, &code);
        FUZZ_CHECK(used >= 1 && used <= 4 && used <= in.len);
        if (code == UINT32_MAX)
            FUZZ_CHECK(used == 1);
        else
            FUZZ_CHECK(sx_utf8_encode(out, code) == used && memcmp(out, in.data, used) == 0);
        in = sx_bytes(in.data + used, in.len - used);
    }
}

static void
check_message(SxBytes in)
{
    SxError err;
    sx_fail_errno(&err, 5, "cannot open '%.*s'", (int)in.len, (const char *)in.data);
    check_safe(err.text);
    FUZZ_CHECK(strstr(err.text, ": input/output error") || strstr(err.text, ": "));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    SxBytes in = {data + 1, size - 1};
    check_printable(in, data[0] & 3u, data[0] >> 2);
    check_unescape(in);
    check_utf8(in);
    check_message(in);
    return 0;
}
