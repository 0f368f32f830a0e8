/* test_converters.c - iconv(3) as the oracle: all that one or two bytes, and the longer forms, can be in each
 * encoding. */
#include <iconv.h>
#include <string.h>

#include <sextant/encoding.h>

#include "support/tap.h"

/* The one character that all of `in` is, SX_NO_CHARACTER otherwise. */
static uint32_t
converted(iconv_t to_wide, const uint8_t *in, size_t len)
{
    uint8_t out[16];
    char *from = (char *)(uintptr_t)in, *to = (char *)out;
    size_t left = len, room = sizeof out;
    iconv(to_wide, NULL, NULL, NULL, NULL);
    if (iconv(to_wide, &from, &left, &to, &room) == (size_t)-1 || left ||
        iconv(to_wide, NULL, NULL, &to, &room) == (size_t)-1)
        return SX_NO_CHARACTER;
    if (sizeof out - room != 4)
        return SX_NO_CHARACTER;
    return (uint32_t)out[0] | (uint32_t)out[1] << 8 | (uint32_t)out[2] << 16 | (uint32_t)out[3] << 24;
}

/* What Sextant says of exactly these bytes. */
static uint32_t
decoded(const SxEncoding *e, const uint8_t *in, size_t len)
{
    uint32_t code;
    return sx_encoding_decode(e, sx_bytes(in, len), &code) == len ? code : SX_NO_CHARACTER;
}

static bool
alike(const SxEncoding *e, iconv_t to_wide, const uint8_t *in, size_t len)
{
    uint32_t want = converted(to_wide, in, len), got = decoded(e, in, len);
    if (want == got)
        return true;
    diag("%s: %02x %02x %02x %02x is U+%04x, not U+%04x", e->name, in[0], in[1], in[2], in[3], want, got);
    return false;
}

static unsigned
one_byte(const SxEncoding *e, iconv_t to_wide)
{
    unsigned wrong = 0;
    for (unsigned b = 0; b < 256; b++)
        wrong += !alike(e, to_wide, (uint8_t[4]){(uint8_t)b}, 1);
    return wrong;
}

static unsigned
two_bytes(const SxEncoding *e, iconv_t to_wide, uint8_t prefix)
{
    unsigned wrong = 0;
    for (unsigned b = 0; b < 65536; b++) {
        uint8_t in[4] = {prefix, (uint8_t)(b >> 8), (uint8_t)b};
        wrong += prefix ? !alike(e, to_wide, in, 3) : !alike(e, to_wide, (uint8_t[4]){in[1], in[2]}, 2);
    }
    return wrong;
}

/* GB 18030: both ends of the range, and all of the first plane. */
static unsigned
four_bytes(const SxEncoding *e, iconv_t to_wide)
{
    unsigned wrong = 0;
    for (unsigned n = 0; n < 126 * 12600; n += n < 40000 || n > 188000 ? 1 : 97) {
        uint8_t in[4] = {(uint8_t)(0x81 + n / 12600), (uint8_t)(0x30 + n / 1260 % 10),
                         (uint8_t)(0x81 + n / 10 % 126), (uint8_t)(0x30 + n % 10)};
        wrong += !alike(e, to_wide, in, 4);
    }
    return wrong;
}

/*
 * Every character as iconv writes it. What it writes as several characters, or as one that reads back as another (a yen
 * sign as a backslash), is refused here: nothing that one types turns into something else.
 */
static unsigned
every_character(const SxEncoding *e, iconv_t to_wide)
{
    unsigned wrong = 0;
    iconv_t from_wide = iconv_open(e->converter, "UTF-32LE");
    bool all = e->unit > 1 || e->most == 4; /* the others end with the third plane */
    for (uint32_t code = 0; code < (all ? 0x110000 : 0x30000); code++) {
        uint8_t wide[4] = {(uint8_t)code, (uint8_t)(code >> 8), (uint8_t)(code >> 16), 0}, want[8], got[8];
        char *from = (char *)wide, *to = (char *)want;
        size_t left = 4, room = sizeof want;
        iconv(from_wide, NULL, NULL, NULL, NULL);
        size_t n = iconv(from_wide, &from, &left, &to, &room) == (size_t)-1 ? 0 : sizeof want - room;
        if (n > e->most || (n > 0 && converted(to_wide, want, n) != code))
            n = 0;
        bool differs = sx_encoding_encode(e, code, got) != n || memcmp(want, got, n) != 0;
        if (differs && wrong++ == 0)
            diag("%s: U+%04x should be %zu bytes, %02x %02x", e->name, code, n, want[0], want[1]);
    }
    iconv_close(from_wide);
    return wrong;
}

static void
compare(const SxEncoding *e)
{
    iconv_t to_wide = iconv_open("UTF-32LE", e->converter);
    if (to_wide == (iconv_t)-1) {
        ok(true, "%s # SKIP this system's iconv has no %s", e->name, e->converter);
        return;
    }
    unsigned wrong = e->unit == 1 ? one_byte(e, to_wide) : 0;
    if (e->unit == 1 && e->most > 1)
        wrong += two_bytes(e, to_wide, 0);
    if (e->unit == 1 && e->most == 3)
        wrong += two_bytes(e, to_wide, 0x8f);
    if (strcmp(e->name, "gb18030") == 0)
        wrong += four_bytes(e, to_wide);
    wrong += every_character(e, to_wide);
    ok(wrong == 0, "%s is what iconv calls %s", e->name, e->converter);
    iconv_close(to_wide);
}

int
main(void)
{
    size_t n = 0;
    for (const SxEncoding *e; (e = sx_encoding_at(n)); n++)
        compare(e);
    diag("%zu encodings", n);
    ok(n >= 7, "those that are computed are always there");
    return done_testing();
}
