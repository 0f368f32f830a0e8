/* test_utf8.c - every character there and back, every way to be wrong, and how wide they are. */
#include <locale.h>
#include <wchar.h>

#include <sextant/text.h>

#include "support/tap.h"

static bool
is_scalar(uint32_t code)
{
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

static void
every_character(void)
{
    bool same = true;
    bool shorter = true;
    for (uint32_t code = 0; code < 0x110100 && same; code++) {
        char out[5] = "";
        uint32_t back = 1;
        size_t len = sx_utf8_encode(out, code);
        same = (len > 0) == is_scalar(code);
        if (!len)
            continue;
        size_t want = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        same = same && len == want && sx_utf8_decode(sx_bytes(out, 5), &back) == len && back == code;
        for (size_t cut = 1; cut < len; cut++)
            shorter = shorter && sx_utf8_decode(sx_bytes(out, cut), &back) == 1 && back == UINT32_MAX;
    }
    ok(same, "every character there and back; surrogates and what is too large are none");
    ok(shorter, "none is found in a part of it");
    uint32_t code = 7;
    ok(sx_utf8_decode(sx_bytes("", 0), &code) == 0 && code == 7, "the end");
}

/* The definition, written as table 3-7 has it: first bytes, and the ranges of those behind. */
static size_t
by_the_table(const uint8_t *b)
{
    static const struct {
        uint8_t first[2], second[2];
        size_t len;
    } rows[] = {
        {{0x00, 0x7f}, {0, 0}, 1},          {{0xc2, 0xdf}, {0x80, 0xbf}, 2}, {{0xe0, 0xe0}, {0xa0, 0xbf}, 3},
        {{0xe1, 0xec}, {0x80, 0xbf}, 3},    {{0xed, 0xed}, {0x80, 0x9f}, 3}, {{0xee, 0xef}, {0x80, 0xbf}, 3},
        {{0xf0, 0xf0}, {0x90, 0xbf}, 4},    {{0xf1, 0xf3}, {0x80, 0xbf}, 4}, {{0xf4, 0xf4}, {0x80, 0x8f}, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (b[0] < rows[i].first[0] || b[0] > rows[i].first[1])
            continue;
        if (rows[i].len > 1 && (b[1] < rows[i].second[0] || b[1] > rows[i].second[1]))
            return 0;
        for (size_t k = 2; k < rows[i].len; k++)
            if (b[k] < 0x80 || b[k] > 0xbf)
                return 0;
        return rows[i].len;
    }
    return 0;
}

/* All first and second bytes, and for the others the borders of what may follow. */
static void
every_form(void)
{
    static const uint8_t edges[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xe0, 0xff};
    enum { EDGES = sizeof edges };
    size_t wrong = 0;
    for (unsigned first = 0; first < 256; first++)
        for (unsigned second = 0; second < 256; second++)
            for (unsigned i = 0; i < EDGES * EDGES; i++) {
                uint8_t b[4] = {(uint8_t)first, (uint8_t)second, edges[i / EDGES], edges[i % EDGES]};
                uint32_t code = 0;
                size_t want = by_the_table(b);
                size_t got = sx_utf8_decode(sx_bytes(b, 4), &code);
                wrong += want ? got != want || code == UINT32_MAX : got != 1 || code != UINT32_MAX;
            }
    is(wrong, 0, "every form is valid or invalid as the table says");
}

static void
widths(void)
{
    static const struct {
        uint32_t code;
        int want;
    } cases[] = {
        {'A', 1},       {' ', 1},        {0x00, -1},     {0x1b, -1},     {0x7f, -1},      {0x80, -1},     {0x9b, -1},
        {0xa0, 1},      {0xe9, 1},       {0x301, 0},     {0x5d0, 1},     {0x6f22, 2},     {0xac00, 2},    {0xff21, 2},
        {0x1f9ed, 2},   {0x200b, 0},     {0x200d, 0},    {0xfeff, 0},    {0x200e, -1},    {0x200f, -1},   {0x061c, -1},
        {0x202a, -1},   {0x202e, -1},    {0x2066, -1},   {0x2069, -1},   {0x206f, -1},    {0x2028, -1},   {0x378, -1},
        {0xd800, -1},   {0xffff, -1},    {0x10ffff, -1}, {0x110000, -1}, {UINT32_MAX, -1}, {0x2026, 1},   {0xb7, 1},
        {0x2588, 1},    {0xfe0f, 0},     {0xe0041, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ok(sx_text_width(cases[i].code) == cases[i].want, "U+%04" PRIX32 " takes %d (%d)", cases[i].code, cases[i].want,
           sx_text_width(cases[i].code));
}

/* Where we would draw a character, the C library must see it the same, or curses would shift the row. A newer one may
 * know better of a few. */
static void
widths_of_the_system(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8")) {
        ok(true, "widths of the system: no C.UTF-8 here");
        return;
    }
    size_t drawn = 0, differ = 0;
    for (uint32_t code = 0x20; code < 0x110000; code++) {
        int ours = sx_text_width(code);
        if (ours < 0)
            continue;
        drawn++;
        differ += wcwidth((wchar_t)code) != ours;
    }
    ok(differ * 200 < drawn, "%zu characters have a width, %zu of them another one for the C library", drawn, differ);
    setlocale(LC_CTYPE, "C");
    ok(sx_text_width(0x6f22) == 2, "the locale does not matter");
}

int
main(void)
{
    every_character();
    every_form();
    widths();
    widths_of_the_system();
    return done_testing();
}
