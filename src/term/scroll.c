/*
 * scroll.c - rows that moved up or down together are moved by the terminal.
 *
 * Rows are known again by a hash of the characters of their left half, where offsets are; whether moving pays is then
 * counted in cells.
 */
#include <string.h>

#include "term/paint.h"

enum { ROWS_MAX = 256, WORTH_CELLS = 24 };

typedef struct Region {
    unsigned first, last; /* rows that take part */
    int by;               /* rows that contents move up; negative: down */
} Region;

static uint32_t
row_hash(const Shown *row, unsigned width)
{
    uint32_t hash = 2166136261u;
    bool blank = true;
    for (unsigned x = 0; x < width / 2 + 1 && x < width; x++) {
        hash = (hash ^ row[x].code) * 16777619u;
        blank &= row[x].code == ' ';
    }
    return blank ? 0 : hash;
}

/* The longest run of rows that stand `by` rows lower on the screen than they should. */
static Region
longest_run(const uint32_t *shown, const uint32_t *want, unsigned height, int by)
{
    Region best = {0, 0, by};
    unsigned run = 0, most = 0;
    for (int y = 0; y < (int)height; y++) {
        int from = y + by;
        bool same = from >= 0 && from < (int)height && want[y] && want[y] == shown[from];
        run = same ? run + 1 : 0;
        if (run > most) {
            most = run;
            unsigned first = (unsigned)y + 1 - run;
            best.first = by > 0 ? first : first - (unsigned)-by;
            best.last = by > 0 ? (unsigned)(y + by) : (unsigned)y;
        }
    }
    if (most < 2)
        best.by = 0;
    return best;
}

static unsigned
cells_differ(const Shown *a, const Shown *b, unsigned width)
{
    unsigned n = 0;
    for (unsigned x = 0; x < width; x++)
        n += !shown_same(&a[x], &b[x]);
    return n;
}

static unsigned
cells_painted(const Shown *row, unsigned width)
{
    unsigned n = 0;
    for (unsigned x = 0; x < width; x++)
        n += row[x].code != ' ' || row[x].look != LOOK_PLAIN;
    return n;
}

/* Cells to be written without moving, less those with it. */
static int
gain(const Painter *p, Region r)
{
    int sum = 0;
    for (unsigned y = r.first; y <= r.last; y++) {
        const Shown *want = p->want + (size_t)y * p->width;
        int from = (int)y + r.by;
        sum += (int)cells_differ(want, p->shown + (size_t)y * p->width, p->width);
        if (from >= (int)r.first && from <= (int)r.last)
            sum -= (int)cells_differ(want, p->shown + (size_t)from * p->width, p->width);
        else
            sum -= (int)cells_painted(want, p->width);
    }
    return sum;
}

static Region
best_region(const Painter *p)
{
    uint32_t shown[ROWS_MAX], want[ROWS_MAX];
    Region best = {0, 0, 0};
    int most = WORTH_CELLS;
    for (unsigned y = 0; y < p->height; y++) {
        shown[y] = row_hash(p->shown + (size_t)y * p->width, p->width);
        want[y] = row_hash(p->want + (size_t)y * p->width, p->width);
    }
    for (int by = 1 - (int)p->height; by < (int)p->height; by++) {
        Region r = by ? longest_run(shown, want, p->height, by) : best;
        int gained = r.by ? gain(p, r) : 0;
        if (gained > most) {
            most = gained;
            best = r;
        }
    }
    return best;
}

/* Erased rows come in the pen's background: plain. Setting the region sends the cursor home. */
static void
tell_terminal(Painter *p, Region r)
{
    unsigned count = (unsigned)(r.by > 0 ? r.by : -r.by);
    pen_set(p, LOOK_PLAIN);
    output_format(&p->out, "\033[%u;%ur", r.first + 1, r.last + 1);
    p->place_known = false;
    motion_to(p, 0, r.by > 0 ? r.last : r.first);
    for (unsigned i = 0; i < count; i++)
        output_text(&p->out, r.by > 0 ? "\n" : "\033M");
    output_format(&p->out, "\033[1;%ur", p->height); /* all said: not every emulator knows a bare CSI r */
    p->place_known = false;
}

static void
move_shown(Painter *p, Region r)
{
    size_t row = p->width, rows = r.last - r.first + 1;
    size_t count = (size_t)(r.by > 0 ? r.by : -r.by), kept = rows - count;
    Shown *first = p->shown + r.first * row;
    Shown *blank = r.by > 0 ? first + kept * row : first;
    if (r.by > 0)
        memmove(first, first + count * row, kept * row * sizeof *first);
    else
        memmove(first + count * row, first, kept * row * sizeof *first);
    for (size_t i = 0; i < count * row; i++)
        blank[i] = (Shown){.code = ' '};
}

void
scroll_rows(Painter *p)
{
    if (!p->caps->scroll || !p->caps->ansi || p->height > ROWS_MAX || p->height < 4)
        return;
    Region r = best_region(p);
    if (!r.by)
        return;
    tell_terminal(p, r);
    move_shown(p, r);
}
