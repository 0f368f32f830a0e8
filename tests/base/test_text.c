/* test_text.c - printable form and back, sizes, durations, long names. */
#include <sextant/text.h>

#include "support/tap.h"

static void
printable_every_byte(void)
{
    bool same = true;
    for (unsigned c = 0; c < 256 && same; c++) {
        uint8_t byte = (uint8_t)c;
        char want[8], got[8];
        if (c == '\\' || c == '\t' || c == '\n' || c == '\r')
            snprintf(want, sizeof want, "\\%c", c == '\\' ? '\\' : c == '\t' ? 't' : c == '\n' ? 'n' : 'r');
        else if (c >= 0x20 && c < 0x7f)
            snprintf(want, sizeof want, "%c", (int)c);
        else
            snprintf(want, sizeof want, "\\x%02x", c);
        size_t need = sx_text_printable(got, sizeof got, sx_bytes(&byte, 1), 0);
        same = strcmp(got, want) == 0 && need == strlen(want);
        if (!same)
            diag("byte %02x: got %s, want %s", c, got, want);
    }
    ok(same, "printable form of every byte");
}

static void
round_trip(void)
{
    uint8_t all[256], back[256 * 4];
    for (unsigned c = 0; c < 256; c++)
        all[c] = (uint8_t)c;
    char text[1200];
    size_t need = sx_text_printable(text, sizeof text, sx_bytes(all, 256), SX_PRINTABLE_QUOTE);
    size_t len = 0;
    SxError err;
    ok(sx_text_unescape(back, &len, sx_bytes(text, need), &err) && len == 256 && memcmp(all, back, 256) == 0,
       "unescape undoes printable for all bytes");
    memcpy(back, text, need);
    ok(sx_text_unescape(back, &len, sx_bytes(back, need), &err) && len == 256 && memcmp(all, back, 256) == 0,
       "also in place");
}

static void
printable_cases(void)
{
    static const struct {
        const char *in;
        unsigned flags;
        const char *want;
    } cases[] = {
        {"a\"b", 0, "a\"b"},
        {"a\"b", SX_PRINTABLE_QUOTE, "a\\\"b"},
        {"gr\xc3\xbc\xc3\x9f", 0, "gr\\xc3\\xbc\\xc3\\x9f"},
        {"gr\xc3\xbc\xc3\x9f", SX_PRINTABLE_UTF8, "gr\xc3\xbc\xc3\x9f"},
        {"a\xc2\x9b" "31m", SX_PRINTABLE_UTF8, "a\\xc2\\x9b31m"},                   /* C1 CSI */
        {"x\xe2\x80\xae" "gnp", SX_PRINTABLE_UTF8, "x\\xe2\\x80\\xaegnp"},          /* right-to-left override */
        {"x\xe2\x81\xa6y", SX_PRINTABLE_UTF8, "x\\xe2\\x81\\xa6y"},                 /* isolate */
        {"a\xe2\x80\x8b" "b", SX_PRINTABLE_UTF8, "a\\xe2\\x80\\x8b" "b"},           /* zero-width space */
        {"e\xcc\x81", SX_PRINTABLE_UTF8, "e\xcc\x81"},                              /* accent on a letter */
        {"\xcc\x81", SX_PRINTABLE_UTF8, "\\xcc\\x81"},                              /* on nothing */
        {"\x1b\xcc\x81", SX_PRINTABLE_UTF8, "\\x1b\\xcc\\x81"},                     /* on an escape */
        {"\xf0\x9f\xa7\xad", SX_PRINTABLE_UTF8, "\xf0\x9f\xa7\xad"},
        {"\xf0\x9f\xa7", SX_PRINTABLE_UTF8, "\\xf0\\x9f\\xa7"},
        {"\xc0\xaf\xed\xa0\x80", SX_PRINTABLE_UTF8, "\\xc0\\xaf\\xed\\xa0\\x80"},
        {"\x1b]0;owned\x07", SX_PRINTABLE_UTF8, "\\x1b]0;owned\\x07"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[64];
        size_t need = sx_text_printable(got, sizeof got, sx_bytes(cases[i].in, strlen(cases[i].in)), cases[i].flags);
        is_text(got, cases[i].want, "printable case %zu", i);
        is(need, strlen(cases[i].want), "its length");
    }
}

static void
printable_cut(void)
{
    static const char in[] = "ab\n\x01\xc3\xa9\\z";
    static const char *const want[] = {"", "", "a", "ab", "ab", "ab\\n", "ab\\n", "ab\\n", "ab\\n", "ab\\n\\x01"};
    size_t whole = sx_text_printable(NULL, 0, sx_bytes(in, sizeof in - 1), SX_PRINTABLE_UTF8);
    is(whole, strlen("ab\\n\\x01\xc3\xa9\\\\z"), "length without a buffer");
    for (size_t size = 1; size < sizeof want / sizeof *want; size++) {
        char got[16];
        memset(got, '!', sizeof got);
        sx_text_printable(got, size, sx_bytes(in, sizeof in - 1), SX_PRINTABLE_UTF8);
        is_text(got, want[size], "cut to %zu bytes at a whole unit", size);
        ok(got[size] == '!', "nothing written behind %zu", size);
    }
}

static void
unescape_errors(void)
{
    static const struct {
        const char *in;
        unsigned column;
        const char *part;
    } cases[] = {
        {"ab\\", 3, "write \\\\"},
        {"\\q", 1, "means nothing"},
        {"a\\x4", 2, "two hex digits"},
        {"a\\xg0", 2, "two hex digits"},
        {"abc\\x4g", 4, "two hex digits"},
        {"\\012", 1, "octal"},
        {"\\\\\\", 3, "write \\\\"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxError err = {0};
        uint8_t out[16];
        size_t len = 77;
        bool done = sx_text_unescape(out, &len, sx_bytes(cases[i].in, strlen(cases[i].in)), &err);
        ok(!done && err.code == SX_ERR_SYNTAX && err.column == cases[i].column && len == 77, "'%s' fails at %u",
           cases[i].in, cases[i].column);
        ok(strstr(err.text, cases[i].part) != NULL, "and says: %s", err.text);
    }
}

static void
sizes(void)
{
    static const struct {
        uint64_t bytes;
        const char *want;
    } cases[] = {
        {0, "0 bytes"},
        {1, "1 byte"},
        {737, "737 bytes"},
        {1023, "1023 bytes"},
        {1024, "1.0 KiB"},
        {1075, "1.0 KiB"},
        {1076, "1.1 KiB"},
        {4096, "4.0 KiB"},
        {1048524, "1023.9 KiB"},
        {1048525, "1.0 MiB"},
        {1048576, "1.0 MiB"},
        {67108864, "64.0 MiB"},
        {UINT64_C(19971597926), "18.6 GiB"},
        {UINT64_C(100) << 30, "100.0 GiB"},
        {UINT64_C(7) << 60, "7.0 EiB"},
        {(UINT64_C(1) << 60) - 1, "1.0 EiB"},
        {UINT64_MAX, "16.0 EiB"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[16];
        is_text(sx_text_size(got, sizeof got, cases[i].bytes), cases[i].want, "size of %" PRIu64, cases[i].bytes);
    }
}

static void
durations(void)
{
    const uint64_t us = 1000, ms = 1000 * us, s = 1000 * ms, min = 60 * s, h = 60 * min;
    const struct {
        uint64_t ns;
        const char *want;
    } cases[] = {
        {0, "0 ms"},
        {49 * us, "0 ms"},
        {50 * us, "0.1 ms"},
        {340 * us, "0.3 ms"},
        {949 * us, "0.9 ms"},
        {950 * us, "1 ms"},
        {4 * ms, "4 ms"},
        {21 * ms + 499 * us, "21 ms"},
        {999 * ms, "999 ms"},
        {999 * ms + 600 * us, "1 s"},
        {1200 * ms, "1.2 s"},
        {9 * s, "9 s"},
        {9949 * ms, "9.9 s"},
        {9950 * ms, "10 s"},
        {14 * s, "14 s"},
        {59499 * ms, "59 s"},
        {59500 * ms, "1 min"},
        {3 * min + 20 * s, "3 min 20 s"},
        {59 * min + 59 * s, "59 min 59 s"},
        {h, "1 h"},
        {2 * h + 5 * min, "2 h 5 min"},
        {50 * h, "2 days 2 h"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[24];
        is_text(sx_text_duration(got, sizeof got, cases[i].ns), cases[i].want, "%" PRIu64 " ns", cases[i].ns);
    }
    char last[24];
    ok(strlen(sx_text_duration(last, sizeof last, UINT64_MAX)) < 23, "the longest there is: %s", last);
}

static void
middles(void)
{
    static const struct {
        const char *name;
        size_t cells;
        const char *want;
    } cases[] = {
        {"firmware.bin", 12, "firmware.bin"},
        {"firmware-of-the-hardware.bin", 13, "firm\xe2\x80\xa6ware.bin"},
        {"firmware.bin", 11, "fir\xe2\x80\xa6" "are.bin"},
        {"firmware.bin", 1, "\xe2\x80\xa6"},
        {"firmware.bin", 2, "\xe2\x80\xa6n"},
        {"firmware.bin", 0, ""},
        {"", 0, ""},
        {"", 5, ""},
        {"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97", 8, "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"},
        {"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97", 7, "\xe6\xbc\xa2\xe2\x80\xa6\xe6\xbc\xa2\xe5\xad\x97"},
        {"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97", 6, "\xe2\x80\xa6\xe6\xbc\xa2\xe5\xad\x97"},
        {"\\x1b]0;owned\\x07", 8, "\xe2\x80\xa6" "ned\\x07"},
        {"e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81", 4,
         "e\xcc\x81\xe2\x80\xa6" "e\xcc\x81" "e\xcc\x81"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[64];
        is_text(sx_text_middle(got, sizeof got, cases[i].name, cases[i].cells), cases[i].want, "middle of %s in %zu",
                cases[i].name, cases[i].cells);
    }
    bool whole = true;
    for (size_t size = 1; size < 40; size++) {
        char got[48];
        memset(got, '!', sizeof got);
        sx_text_middle(got, size, "a\xc3\xa9\xe6\xbc\xa2\\x1b\xcc\x81-and-a-long-end\xc3\xa9", 18);
        uint32_t code;
        SxBytes left = sx_bytes(got, strlen(got));
        whole = whole && left.len < size && got[size] == '!';
        while (left.len > 0) {
            size_t used = sx_utf8_decode(left, &code);
            whole = whole && code != UINT32_MAX;
            left = sx_bytes(left.data + used, left.len - used);
        }
    }
    ok(whole, "small buffers get whole characters");
}

static void
strings(void)
{
    SxString s = {0};
    is_text(sx_string(&s), "", "an empty string reads as one");
    sx_string_add(&s, "ab");
    sx_string_addf(&s, "%d-%s", 42, "cd");
    sx_string_add_bytes(&s, sx_bytes("e\0f", 3));
    sx_string_add_printable(&s, sx_bytes("\x1b\n", 2), 0);
    ok(s.len == 7 + 3 + 6 && memcmp(s.data, "ab42-cde\0f\\x1b\\n", 17) == 0, "adds in order");
    for (int i = 0; i < 10000; i++)
        sx_string_add(&s, "0123456789");
    ok(s.len == 16 + 100000 && !s.failed && s.data[s.len] == 0, "grows");
    size_t before = s.len;
    sx_string_add_bytes(&s, (SxBytes){(const uint8_t *)"", SIZE_MAX - 8});
    ok(s.failed && s.len == before, "a growth that cannot be is remembered, and nothing is lost");
    sx_string_add(&s, "x");
    ok(s.len == before, "nothing is added behind the gap");
    sx_string_clear(&s);
    ok(!s.data && s.len == 0 && s.cap == 0 && !s.failed, "clear");
}

static void
grows(void)
{
    uint64_t *array = NULL;
    size_t cap = 0;
    bool good = true;
    for (size_t i = 0; i < 1000; i++) {
        good = good && sx_grow(&array, &cap, i + 1, sizeof *array) && cap > i;
        array[i] = i;
    }
    for (size_t i = 0; i < 1000; i++)
        good = good && array[i] == i;
    ok(good && cap < 4096, "an array grows by doubling: room for %zu", cap);
    uint64_t *kept = array;
    ok(!sx_grow(&array, &cap, SIZE_MAX / 4, sizeof *array) && array == kept, "too much: false, unchanged");
    free(array);
    size_t out = 5;
    ok(!sx_size_add(SIZE_MAX, 1, &out) && !sx_size_mul(SIZE_MAX / 2, 3, &out) && out == 5, "checked sizes");
}

int
main(void)
{
    printable_every_byte();
    printable_cases();
    printable_cut();
    round_trip();
    unescape_errors();
    sizes();
    durations();
    middles();
    strings();
    grows();
    return done_testing();
}
