/* test_grid.c - cells: clipping, wide characters, substitutes, dumps. */
#include <sextant/text.h>

#include "fixture.h"

static void
dump_is(const SxGrid *g, bool styles, const char *want, const char *what)
{
    char *got = sx_grid_dump(g, styles);
    is_text(got ? got : "(none)", want, "%s", what);
    free(got);
}

static void
texts(void)
{
    static const struct {
        unsigned width;
        const char *text, *want;
        unsigned used;
    } cases[] = {
        {10, "plain", "plain\n", 5},
        {3, "plain", "pla\n", 3},
        {10, "a\xe4\xb8\xad" "b", "a\xe4\xb8\xad" "b\n", 4},
        {2, "a\xe4\xb8\xad" "b", "a\n", 1},
        {10, "a\tb\x1b[31m\x7f", "a b?[31m?\n", 9},
        {10, "\xff\xc3", "??\n", 2},
        {10, "e\xcc\x81", "e\xcc\x81\n", 1},
        {1, "e\xcc\x81x", "e\xcc\x81\n", 1},
        {10, "\xcc\x81x", "?x\n", 2},
        {10, "\xe2\x80\xae" "abc", "?abc\n", 4},
        {10, "\xc2\x9b" "31m", "?31m\n", 4},
        {0, "x", "\n", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxGrid *g = sx_grid_new(10, 1);
        is(sx_grid_text(g, 0, 0, cases[i].width, cases[i].text, 0), cases[i].used, "cells used");
        dump_is(g, false, cases[i].want, cases[i].text);
        sx_grid_free(g);
    }
}

static void
accents(void)
{
    SxGrid *g = sx_grid_new(4, 1);
    sx_grid_text(g, 0, 0, 4, "ab", SX_STYLE(BYTE_PRINT));
    for (unsigned i = 0; i < SX_MARKS_MAX; i++)
        ok(sx_grid_mark(g, 1, 0, 0x301), "accent %u", i);
    ok(!sx_grid_mark(g, 1, 0, 0x301), "and no more");
    ok(!sx_grid_mark(g, 0, 0, 'x') && !sx_grid_mark(g, 0, 0, 0x200b), "what is none is refused");
    ok(!sx_grid_mark(g, 4, 0, 0x301) && !sx_grid_mark(g, 0, 1, 0x301), "and what is beyond the edge");
    dump_is(g, false, "ab\xcc\x81\xcc\x81\xcc\x81\xcc\x81\n", "they stand on their character");
    is(sx_grid_styles(g, 1, 0), SX_STYLE(BYTE_PRINT), "which keeps its styles");
    sx_grid_put(g, 1, 0, 'c', 0);
    dump_is(g, false, "ac\n", "and go with it");
    sx_grid_put(g, 1, 0, 0x4e2d, 0);
    ok(sx_grid_mark(g, 1, 0, 0x301) && !sx_grid_mark(g, 2, 0, 0x301), "on a wide one at its left half");
    sx_grid_put(g, 2, 0, 'x', 0);
    dump_is(g, false, "a x\n", "no accent stays on half a character");
    sx_grid_free(g);
}

static void
many_sets(void)
{
    SxGrid *g = sx_grid_new(100, 100);
    unsigned wrong = 0;
    for (unsigned i = 0; i < 10000; i++)
        sx_grid_put(g, i % 100, i / 100, 'x', (uint64_t)i * 0x9e3779b97f4a7c15u >> 8);
    for (unsigned i = 0; i < 10000; i++)
        wrong += sx_grid_styles(g, i % 100, i / 100) != (uint64_t)i * 0x9e3779b97f4a7c15u >> 8;
    is(wrong, 0, "ten thousand sets of styles");
    sx_grid_clear(g);
    is(sx_grid_styles(g, 50, 50), 0, "cleared");
    sx_grid_free(g);
}

static void
wide(void)
{
    SxGrid *g = sx_grid_new(6, 1);
    sx_grid_text(g, 0, 0, 6, "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 0);
    sx_grid_put(g, 1, 0, 'x', 0);
    dump_is(g, false, " x\xe6\x96\x87\xe4\xb8\xad\n", "writing on the right half blanks the left");
    sx_grid_put(g, 2, 0, 'y', 0);
    dump_is(g, false, " xy \xe4\xb8\xad\n", "and the other way round");
    sx_grid_put(g, 3, 0, 0x4e2d, 0);
    dump_is(g, false, " xy\xe4\xb8\xad\n", "a wide one over half of a wide one");
    sx_grid_put(g, 5, 0, 0x4e2d, 0);
    dump_is(g, false, " xy\xe4\xb8\xad?\n", "a wide one does not fit into the last column");
    sx_grid_free(g);
}

static void
clipping(void)
{
    SxGrid *g = sx_grid_new(3, 2);
    sx_grid_put(g, 3, 0, 'x', 0);
    sx_grid_put(g, 0, 2, 'x', 0);
    sx_grid_text(g, 2, 0, 99, "abc", 0);
    sx_grid_text(g, 9, 9, 99, "abc", 0);
    sx_grid_fill(g, (SxRect){1, 1, 99, 99}, '.', SX_STYLE(MATCH));
    sx_grid_style(g, (SxRect){2, 1, UINT32_MAX, UINT32_MAX}, SX_STYLE(SELECTION));
    dump_is(g, true, "  a\n ..\n\n1 1-1 match\n1 2-2 match,selection\n", "nothing outside, styles named");
    sx_grid_cursor(g, 5, 0, SX_CURSOR_BLOCK);
    is(g->cursor, SX_CURSOR_HIDDEN, "a cursor outside is hidden");
    sx_grid_cursor(g, 2, 1, SX_CURSOR_BAR);
    ok(g->cursor_x == 2 && g->cursor_y == 1 && g->cursor == SX_CURSOR_BAR, "a cursor");
    ok(sx_grid_resize(g, 1, 1) && g->width == 1 && g->cursor == SX_CURSOR_HIDDEN, "resized, blank");
    ok(!sx_grid_resize(g, UINT32_MAX, UINT32_MAX) && g->width == 1, "too big: unchanged");
    sx_grid_free(g);
    g = sx_grid_new(0, 0);
    sx_grid_put(g, 0, 0, 'x', 0);
    sx_grid_text(g, 0, 0, 5, "x", 0);
    dump_is(g, true, "\n", "nothing at all");
    sx_grid_free(g);
    sx_grid_free(NULL);
}

int
main(void)
{
    texts();
    wide();
    accents();
    many_sets();
    clipping();
    return done_testing();
}
