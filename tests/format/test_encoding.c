/* test_encoding.c - every encoding of the table: there and back, backwards, in the middle; and what a head says. */
#include <sextant/encoding.h>

#include "support/tap.h"

enum { SIZE = 400 };

/* What it holds comes back; what it cannot hold is refused. */
static void
there_and_back(const SxEncoding *e)
{
    size_t held = 0;
    bool same = true;
    for (uint32_t code = 0; code <= 0x110000 && same; code++) {
        uint8_t out[SX_ENCODING_MOST + SX_ENCODING_MOST] = {0};
        uint32_t got = SX_NO_CHARACTER;
        size_t n = sx_encoding_encode(e, code, out);
        held += n > 0;
        same = n == 0 || (n <= e->most && sx_encoding_decode(e, sx_bytes(out, e->most), &got) == n && got == code);
        if (!same)
            diag("%s: U+%04x comes back as U+%04x", e->name, code, got);
    }
    ok(same && held >= 128, "%s: %zu characters there and back", e->name, held);
}

/* Where characters begin, decoded from the start. */
static void
starts_of(const SxEncoding *e, SxBytes text, bool *starts)
{
    memset(starts, 0, text.len + 1);
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        starts[i] = true;
        size_t n = sx_encoding_decode(e, sx_bytes(text.data + i, text.len - i), &code);
        i += n ? n : 1;
    }
    starts[text.len] = true;
}

static size_t
random_text(const SxEncoding *e, uint8_t *out, uint64_t *seed)
{
    size_t len = 0;
    while (len + SX_ENCODING_MOST <= SIZE) {
        uint32_t code = (uint32_t)(tap_random(seed) % (tap_random(seed) % 2 ? 0x80 : 0x11000));
        size_t n = sx_encoding_encode(e, code, out + len);
        if (!n && tap_random(seed) % 8 == 0)
            out[len] = (uint8_t)tap_random(seed), n = e->unit;
        len += n;
    }
    return len / e->unit * e->unit;
}

/* Step back and sync find the starts that decoding from the beginning finds. */
static void
in_the_middle(const SxEncoding *e, uint64_t *seed)
{
    bool back = true, sync = true;
    for (int round = 0; round < 300 && back && sync; round++) {
        uint8_t text[SIZE];
        bool starts[SIZE + 1];
        size_t len = random_text(e, text, seed);
        starts_of(e, sx_bytes(text, len), starts);
        for (size_t i = e->unit; i <= len && back; i++) {
            if (!starts[i])
                continue;
            size_t n = sx_encoding_back(e, sx_bytes(text, i));
            back = n > 0 && n <= i && starts[i - n];
            for (size_t k = i - n + 1; k < i && back; k++)
                back = !starts[k];
        }
        for (size_t i = 0; i < len && sync; i += e->unit) {
            size_t want = i;
            while (!starts[want])
                want++;
            sync = sx_encoding_sync(e, sx_bytes(text, len), i) == want;
        }
    }
    ok(back, "%s: the character before", e->name);
    ok(sync, "%s: the next one from anywhere", e->name);
}

static void
names(void)
{
    static const struct {
        const char *name, *is;
    } table[] = {{"UTF8", "utf-8"}, {"utf-8", "utf-8"}, {"ISO-8859-1", "latin-1"}, {"latin1", "latin-1"},
                 {"ASCII", "ascii"}, {"us_ascii", "ascii"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const SxEncoding *e = sx_encoding_find(table[i].name);
        ok(e && strcmp(e->name, table[i].is) == 0, "'%s' is %s", table[i].name, table[i].is);
    }
    ok(!sx_encoding_find("latin") && !sx_encoding_find("") && !sx_encoding_find("utf-88"), "others are none");
    for (size_t i = 0; sx_encoding_at(i); i++)
        ok(sx_encoding_find(sx_encoding_at(i)->name) == sx_encoding_at(i), "%s has its own name", sx_encoding_at(i)->name);
}

static void
guesses(void)
{
    static const struct {
        const char *head;
        size_t len;
        bool whole;
        const char *encoding;
        bool text, certain;
    } table[] = {
        {"", 0, true, "utf-8", true, false},
        {"plain\n", 6, true, "utf-8", true, false},
        {"gr\xc3\xbc\xc3\x9f\n", 7, true, "utf-8", true, true},
        {"gr\xfc\xdf\n", 5, true, "latin-1", true, false},
        {"\xef\xbb\xbfx", 4, true, "utf-8", true, true},
        {"abc\xe2\x82", 5, false, "utf-8", true, true},
        {"abc\xe2\x82", 5, true, "latin-1", true, false},
        {"\x7f" "ELF\0\1\2", 7, true, "utf-8", false, false},
        {"\x1b[31mred\x1b[m\n", 12, true, "utf-8", true, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        SxEncodingGuess g = sx_encoding_guess(sx_bytes(table[i].head, table[i].len), table[i].whole);
        ok(strcmp(g.encoding->name, table[i].encoding) == 0 && g.text == table[i].text && g.certain == table[i].certain,
           "head %zu: %s, text %d, certain %d", i, g.encoding->name, g.text, g.certain);
    }
}

static void
line_ends(void)
{
    static const struct {
        const char *head, *is;
    } table[] = {{"", "LF"}, {"a", "LF"}, {"a\nb\n", "LF"}, {"a\r\nb\r\n", "CRLF"}, {"a\rb\r", "CR"},
                 {"a\nb\r\n", "mixed"}, {"a\rb\n", "LF"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        SxLineEnd end = sx_line_end_guess(sx_encoding_find("utf-8"), sx_bytes(table[i].head, strlen(table[i].head)));
        ok(strcmp(sx_line_end_name(end), table[i].is) == 0, "line ends %zu: %s", i, table[i].is);
    }
}

int
main(void)
{
    uint64_t seed = tap_seed();
    names();
    for (size_t i = 0; sx_encoding_at(i); i++) {
        there_and_back(sx_encoding_at(i));
        in_the_middle(sx_encoding_at(i), &seed);
    }
    guesses();
    line_ends();
    return done_testing();
}
