/* test_characters.c - the text column of the hex view in encodings: characters, their other bytes, and nothing shifts. */
#include <string.h>

#include <sextant/text.h>

#include "scene.h"

static void
scene_of(Scene *s, const char *encoding)
{
    scene_init(s);
    memset(s->f.origins, 0, sizeof s->f.origins);
    memset(s->f.states, SX_BYTE_HERE, sizeof s->f.states);
    s->hex.n_matches = s->hex.n_marks = 0;
    s->hex.has_current = false;
    s->options.no_map = true;
    s->hex.encoding = sx_encoding_find(encoding);
}

/* The sixteen cells of the text column. */
static void
column_text(const SxGrid *g, unsigned y, char out[80])
{
    size_t n = 0;
    for (unsigned x = 60; x < 76; x++) {
        uint32_t code = g->cells[y * g->width + x].code;
        n += code ? sx_utf8_encode(out + n, code) : 0; /* 0: the right half of a wide one */
    }
    out[n] = '\0';
}

/* The text column of rows 0x00 and 0x10, 00 behind what is given. */
static void
text_is(const char *encoding, const char *bytes, size_t len, const char *want0, const char *want1)
{
    Scene s;
    scene_of(&s, encoding);
    if (!s.hex.encoding) {
        ok(true, "%s # SKIP this system's iconv does not have it", encoding);
        return;
    }
    memset(s.f.bytes, 0, sizeof s.f.bytes);
    memcpy(s.f.bytes, bytes, len);
    SxGrid *g = fixture_draw(&s.screen);
    for (unsigned y = 2; y < 4; y++) {
        char got[80];
        column_text(g, y, got);
        const char *want = y == 2 ? want0 : want1;
        ok(strcmp(got, want) == 0, "%s, row %u: '%s'%s%s", encoding, y - 2, got, strcmp(got, want) ? " is not " : "",
           strcmp(got, want) ? want : "");
    }
    sx_grid_free(g);
}

#define BYTES(literal) literal, sizeof literal - 1
#define NOTHING "················"

static void
characters(void)
{
    text_is("utf-8", BYTES("Gr\xc3\xbc\xc3\x9f" "e \xe6\x97\xa5!"), "Grü‥ß‥e 日‥!····", NOTHING);
    text_is("utf-8", BYTES("bad \xff\xc3 \x1b[m"), "bad ·· ·[m······", NOTHING);
    text_is("utf-8", BYTES("0123456789abcde\xc3\xbcz"), "0123456789abcdeü", "‥z··············");
    text_is("utf-8", BYTES("0123456789abcde\xe6\x97\xa5z"), "0123456789abcde‥", "‥‥z·············");
    text_is("utf-8", BYTES("e\xcc\x81\xe2\x80\xae\xd7\x90"), "e·‥·‥‥א‥········", NOTHING);
    text_is("utf-16le", BYTES("a\0\xe5\x65\x3d\xd8\x00\xde\n\0"), "a‥日😀‥‥·‥·‥·‥·‥", "·‥·‥·‥·‥·‥·‥·‥·‥");
    text_is("shift-jis", BYTES("\x93\xfa\x96\x7b\x5c\xb1"), "日本\\ｱ··········", NOTHING);
    text_is("cp437", BYTES("\x01\x03\xb3\xdb\xfe"), "☺♥│█■···········", NOTHING);
    text_is("ebcdic-037", BYTES("\xc8\x85\x93\x93\x96\x40\xf1"), "Hello 1·········", NOTHING);
}

/* Bytes that are not here belong to no character, and hide none. */
static void
lost_bytes(void)
{
    Scene s;
    char got[80];
    scene_of(&s, "utf-8");
    memcpy(s.f.bytes, "a\xc3\xbc" "b", 5);
    s.f.states[2] = SX_BYTE_LOST;
    SxGrid *g = fixture_draw(&s.screen);
    column_text(g, 2, got);
    ok(strncmp(got, "a·?b", strlen("a·?b")) == 0, "half of a character is lost: '%s'", got);
    sx_grid_free(g);
}

/* Whatever the bytes and the encoding, all cells but those of the text column are as in ASCII. */
static void
nothing_shifts(uint64_t *seed)
{
    Scene s;
    const SxEncoding *e;
    bool same = true;
    scene_of(&s, "ascii");
    for (size_t i = 0; same && (e = sx_encoding_at(i)); i++) {
        for (size_t k = 0; k < sizeof s.f.bytes; k++)
            s.f.bytes[k] = (uint8_t)tap_random(seed);
        s.hex.encoding = NULL;
        SxGrid *plain = fixture_draw(&s.screen);
        s.hex.encoding = e;
        SxGrid *other = fixture_draw(&s.screen);
        for (unsigned y = 2; y < 22; y++)
            for (unsigned x = 0; x < 80; x++)
                if (x < 60 || x >= 76)
                    same = same && plain->cells[y * 80 + x].code == other->cells[y * 80 + x].code;
        if (!same)
            diag("%s", e->name);
        sx_grid_free(plain);
        sx_grid_free(other);
    }
    ok(same, "random bytes in every encoding move no other cell");
}

int
main(void)
{
    uint64_t seed = tap_seed();
    characters();
    lost_bytes();
    nothing_shifts(&seed);
    return done_testing();
}
