/*
 * width.c - cells by character, out of a table that does not depend on the locale.
 *
 * wcwidth() of the C library answers by the process's locale, which a library must not set and a test may lack. The
 * table holds its answers for a UTF-8 locale, so that what curses believes and what we believe agree; newer C
 * libraries know more characters, which are unassigned here and so drawn as substitutes.
 */
#include "base/width.h"

#include <sextant/text.h>

#include "base/width_table.h"

/* The kinds of the table; UNSEEN are zero-width format characters, which could hide text. */
enum Kind { BAD, ONE, TWO, MARK, UNSEEN };

static enum Kind
kind_of(uint32_t code)
{
    if (code < 0x7f)
        return code >= 0x20 ? ONE : BAD;
    if (code > 0x10ffff)
        return BAD;
    size_t low = 0;
    size_t high = sizeof width_runs / sizeof *width_runs;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (width_runs[middle] >> 3 <= code)
            low = middle;
        else
            high = middle;
    }
    return (enum Kind)(width_runs[low] & 7);
}

bool
width_visible(uint32_t code)
{
    enum Kind kind = kind_of(code);
    return kind == ONE || kind == TWO;
}

bool
sx_text_combines(uint32_t code)
{
    return kind_of(code) == MARK;
}

int
sx_text_width(uint32_t code)
{
    static const int cells[] = {[BAD] = -1, [ONE] = 1, [TWO] = 2, [MARK] = 0, [UNSEEN] = 0};
    return cells[kind_of(code)];
}
