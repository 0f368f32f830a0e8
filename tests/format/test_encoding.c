/* test_encoding.c - every encoding of the table: there and back, backwards, in the middle; and what a head says. */
#include <sextant/encoding.h>
#include <sextant/text.h>

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
        {"abc\xe2\x82", 5, true, "windows-1252", true, false}, /* 82 is a quote there, a control in Latin-1 */
        {"\x7f" "ELF\0\1\2", 7, true, "utf-8", false, false},
        {"\x1b[31mred\x1b[m\n", 12, true, "utf-8", true, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        SxEncodingGuess g = sx_encoding_guess(sx_bytes(table[i].head, table[i].len), table[i].whole);
        ok(strcmp(g.encoding->name, table[i].encoding) == 0 && g.text == table[i].text && g.certain == table[i].certain,
           "head %zu: %s, text %d, certain %d", i, g.encoding->name, g.text, g.certain);
    }
}

/* A sentence in a language, as its encodings write it, is recognised; none of them is certain but the marked ones. */
static void
guesses_of_languages(void)
{
    static const char *const japanese = "これは日本語の文章です。ファイルの中にある文字を読むことができます。";
    static const char *const chinese = "我们在这个文件里看到的是一些文字，他们说不出来的也都在上面了，因为这是为人们写的。";
    static const char *const taiwan = "我們在這個檔案裡看到的是一些文字，他們說不出來的也都在上面了，因為這是為人們寫的。";
    static const char *const korean = "이 파일에는 한국어 문장이 들어 있습니다. 글자를 읽을 수 있습니다.";
    static const char *const russian = "Это обычный русский текст, который лежит в файле и ждёт, пока его прочитают.";
    static const char *const greek = "Αυτό είναι ένα απλό κείμενο στα ελληνικά που περιμένει να διαβαστεί.";
    static const char *const western = "“Grüße – und viel Spaß”, sagte der Café-Besitzer.";
    static const char *const plain = "The quick file had 42 plain words, and not one more.\n";
    static const struct {
        const char *encoding, *text;
    } table[] = {
        {"shift-jis", japanese}, {"euc-jp", japanese},      {"gb18030", chinese},      {"big5", taiwan},
        {"euc-kr", korean},      {"windows-1251", russian}, {"koi8-r", russian},       {"cp866", russian},
        {"iso-8859-5", russian}, {"windows-1253", greek},   {"windows-1252", western}, {"ebcdic-037", plain},
        {"utf-16le", plain},     {"utf-16be", plain},       {"utf-32le", plain},       {"utf-32be", plain},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const SxEncoding *e = sx_encoding_find(table[i].encoding);
        uint8_t text[1024];
        size_t len = 0;
        if (!e) {
            ok(true, "%s # SKIP this system's iconv does not have it", table[i].encoding);
            continue;
        }
        for (const char *p = table[i].text; *p;) {
            uint32_t code;
            p += sx_utf8_decode(sx_bytes(p, strlen(p)), &code);
            len += sx_encoding_encode(e, code, text + len);
        }
        SxEncodingGuess g = sx_encoding_guess(sx_bytes(text, len), true);
        ok(g.encoding == e && g.text && !g.certain, "%s is guessed as %s", e->name, g.encoding->name);
    }
    SxEncodingGuess g = sx_encoding_guess(sx_bytes("\xff\xfeh\0i\0", 6), true);
    ok(strcmp(g.encoding->name, "utf-16le") == 0 && g.certain, "a byte order mark is certain");
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
    const SxEncoding *ebcdic = sx_encoding_find("ebcdic-037"), *latin = sx_encoding_find("latin-1");
    if (ebcdic) {
        ok(sx_line_end_guess(ebcdic, sx_bytes("\xc1\x15\xc2\x15", 4)) == SX_LINE_NEL, "EBCDIC has NEL");
        ok(sx_line_end_guess(ebcdic, sx_bytes("\xc1\x25\xc2\x25", 4)) == SX_LINE_LF, "and LF");
    }
    ok(sx_line_end_guess(latin, sx_bytes("a\x85" "b\x85", 4)) == SX_LINE_LF, "elsewhere it is a control");
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
    guesses_of_languages();
    line_ends();
    return done_testing();
}
