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
        {10, "e\xcc\x81", "e?\n", 2},
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
    clipping();
    return done_testing();
}
