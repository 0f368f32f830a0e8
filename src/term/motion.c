/*
 * motion.c - the shortest way from one cell to another.
 *
 * Candidates are written into a small buffer; the shortest wins. Writing again what stands between is one of them.
 */
#include <string.h>

#include "term/number.h"
#include "term/paint.h"

enum { STEPS_MAX = 4 };

typedef struct Way {
    char text[32];
    size_t len;
} Way;

static void
way_add(Way *w, const char *text, size_t len)
{
    if (w->len + len >= sizeof w->text) {
        w->len = sizeof w->text; /* too long to be the shortest */
        return;
    }
    memcpy(w->text + w->len, text, len);
    w->len += len;
}

/* "CSI n final"; 1 need not be said. */
static void
way_csi(Way *w, unsigned n, char final)
{
    char text[16] = "\033[";
    size_t len = 2;
    if (n != 1)
        len += put_number(text + len, n);
    text[len++] = final;
    way_add(w, text, len);
}

static void
keep_shorter(Way *best, const Way *other)
{
    if (other->len < best->len)
        *best = *other;
}

static void
repeat(Way *w, char c, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        way_add(w, &c, 1);
}

/* From column `from` to `to` of the same row, behind what `w` has. */
static void
sideways(const Painter *p, Way *w, unsigned from, unsigned to)
{
    Way best = *w, other = *w;
    if (from == to)
        return;
    if (from < to)
        way_csi(&best, to - from, 'C');
    else if (from - to <= STEPS_MAX)
        repeat(&best, '\b', from - to);
    else
        way_csi(&best, from - to, 'D');
    if (p->caps->columns) {
        way_csi(&other, to + 1, 'G');
        keep_shorter(&best, &other);
    }
    other = *w;
    way_add(&other, "\r", 1);
    if (to)
        way_csi(&other, to, 'C');
    keep_shorter(&best, &other);
    *w = best;
}

static void
down_or_up(const Painter *p, Way *w, unsigned from, unsigned to)
{
    Way best = *w, other = *w;
    if (to > from && to - from <= STEPS_MAX)
        repeat(&best, '\n', to - from); /* output is raw: the column stays, and the row is not the last */
    else if (to > from)
        way_csi(&best, to - from, 'B');
    else if (to < from)
        way_csi(&best, from - to, 'A');
    if (p->caps->rows && to != from) {
        way_csi(&other, to + 1, 'd');
        keep_shorter(&best, &other);
    }
    *w = best;
}

/* Bytes for writing the cells up to `x` again; 0 when their looks or widths forbid it. */
static size_t
rewrite_cost(const Painter *p, unsigned x, unsigned y, size_t limit)
{
    size_t cost = 0;
    const Shown *row = p->want + (size_t)y * p->width;
    if (p->y != y || p->x >= x)
        return 0;
    for (unsigned i = p->x; i < x; i++) {
        if (!pen_fits(p, &row[i]) || row[i].code == 0 || row[i].code >= 0x300 || row[i].marks)
            return 0;
        cost += row[i].code < 0x80 ? 1 : 2;
        if (cost > limit)
            return 0;
    }
    return cost;
}

static void
rewrite(Painter *p, unsigned x, unsigned y)
{
    const Shown *row = p->want + (size_t)y * p->width;
    while (p->x < x)
        paint_cell(p, &row[p->x], false);
}

void
motion_to(Painter *p, unsigned x, unsigned y)
{
    enum { SHORTEST_CSI = 3 };
    if (p->place_known && p->x == x && p->y == y)
        return;
    if (p->place_known && rewrite_cost(p, x, y, SHORTEST_CSI)) {
        rewrite(p, x, y);
        return;
    }
    Way best;
    best.len = caps_move(p->caps, best.text, sizeof best.text, x, y);
    if (p->place_known && p->caps->ansi) {
        Way relative = {.len = 0};
        down_or_up(p, &relative, p->y, y);
        sideways(p, &relative, p->x, x);
        keep_shorter(&best, &relative);
    }
    if (p->place_known && rewrite_cost(p, x, y, best.len)) {
        rewrite(p, x, y);
        return;
    }
    output_add(&p->out, best.text, best.len);
    p->x = x;
    p->y = y;
    p->place_known = true;
}
