/*
 * pen.c - colours and attributes: from those that are on to those that are wanted, the shorter of two ways.
 *
 * Either switch off what goes and on what comes, or switch all off and say the rest anew.
 */
#include <stdio.h>
#include <string.h>

#include "term/paint.h"

const SxLook look_plain = {SX_COLOUR_NONE, SX_COLOUR_NONE, 0};

typedef struct Codes {
    char text[96];
    size_t len;
} Codes;

bool
look_same(SxLook a, SxLook b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attributes == b.attributes;
}

static void
add(Codes *c, const char *code)
{
    c->len += (size_t)snprintf(c->text + c->len, sizeof c->text - c->len, "%s%s", c->len ? ";" : "", code);
}

static void
add_number(Codes *c, unsigned code)
{
    char text[12];
    snprintf(text, sizeof text, "%u", code);
    add(c, text);
}

static void
add_attributes(Codes *c, unsigned attributes)
{
    static const char codes[6][2] = {"1", "2", "3", "4", "7", "5"}; /* in the order of SX_ATTR_ */
    for (unsigned i = 0; i < 6; i++)
        if (attributes >> i & 1)
            add(c, codes[i]);
}

static void
add_colour(Codes *c, uint32_t colour, bool back)
{
    char text[24];
    unsigned n = colour & 0xffffff, first = back ? 40 : 30;
    if (colour == SX_COLOUR_NONE) {
        add_number(c, first + 9);
    } else if (!(colour & SX_COLOUR_INDEX)) {
        snprintf(text, sizeof text, "%u;2;%u;%u;%u", first + 8, n >> 16 & 255u, n >> 8 & 255u, n & 255u);
        add(c, text);
    } else if (n < 16) {
        add_number(c, n < 8 ? first + n : first + 60 + n - 8);
    } else {
        snprintf(text, sizeof text, "%u;5;%u", first + 8, n & 255u);
        add(c, text);
    }
}

static Codes
anew(SxLook want)
{
    Codes c = {.len = 0};
    if (look_same(want, look_plain))
        return c; /* CSI m is CSI 0 m */
    add(&c, "0");
    add_attributes(&c, want.attributes);
    if (want.fg != SX_COLOUR_NONE)
        add_colour(&c, want.fg, false);
    if (want.bg != SX_COLOUR_NONE)
        add_colour(&c, want.bg, true);
    return c;
}

/* 22 takes bold and dim away together. */
static void
add_offs(Codes *c, unsigned off, unsigned keep, unsigned *on)
{
    const unsigned weight = SX_ATTR_BOLD | SX_ATTR_DIM;
    if (off & weight) {
        add(c, "22");
        *on |= keep & weight;
    }
    if (off & SX_ATTR_ITALIC)
        add(c, "23");
    if (off & SX_ATTR_UNDERLINE)
        add(c, "24");
    if (off & SX_ATTR_BLINK)
        add(c, "25");
    if (off & SX_ATTR_REVERSE)
        add(c, "27");
}

static Codes
onward(SxLook from, SxLook to)
{
    Codes c = {.len = 0};
    unsigned on = to.attributes & ~from.attributes;
    add_offs(&c, from.attributes & ~to.attributes, to.attributes, &on);
    add_attributes(&c, on);
    if (from.fg != to.fg)
        add_colour(&c, to.fg, false);
    if (from.bg != to.bg)
        add_colour(&c, to.bg, true);
    return c;
}

static bool
can_go_onward(const Painter *p, SxLook to)
{
    if (!p->pen_known || (!p->caps->partial_off && p->pen.attributes & ~to.attributes))
        return false;
    bool loses = (to.fg == SX_COLOUR_NONE && p->pen.fg != SX_COLOUR_NONE) ||
                 (to.bg == SX_COLOUR_NONE && p->pen.bg != SX_COLOUR_NONE);
    return !loses || p->caps->default_colour;
}

static void
set_ansi(Painter *p, SxLook want)
{
    Codes codes = anew(want);
    if (can_go_onward(p, want)) {
        Codes other = onward(p->pen, want);
        if (other.len <= codes.len && other.len)
            codes = other;
    }
    output_add(&p->out, "\033[", 2);
    output_add(&p->out, codes.text, codes.len);
    output_add(&p->out, "m", 1);
}

static void
set_by_terminfo(Painter *p, SxLook want)
{
    static const CapName caps[6] = {CAP_BOLD, CAP_DIM, CAP_ITALIC, CAP_UNDERLINE, CAP_REVERSE, CAP_BLINK};
    char text[64];
    output_text(&p->out, p->caps->strings[CAP_PLAIN]);
    for (unsigned i = 0; i < 6; i++)
        if (want.attributes >> i & 1)
            output_text(&p->out, p->caps->strings[caps[i]]);
    if (want.fg != SX_COLOUR_NONE)
        output_add(&p->out, text, caps_colour(text, sizeof text, want.fg & 255, false));
    if (want.bg != SX_COLOUR_NONE)
        output_add(&p->out, text, caps_colour(text, sizeof text, want.bg & 255, true));
}

void
pen_set(Painter *p, SxLook want)
{
    if (p->pen_known && look_same(p->pen, want))
        return;
    if (p->caps->ansi)
        set_ansi(p, want);
    else
        set_by_terminfo(p, want);
    p->pen = want;
    p->pen_known = true;
}

/* Of a blank only the background and what draws through it can be seen. */
bool
pen_fits(const Painter *p, const Shown *cell)
{
    const unsigned seen = SX_ATTR_UNDERLINE | SX_ATTR_REVERSE | SX_ATTR_BLINK;
    if (!p->pen_known)
        return false;
    if (cell->code != ' ')
        return look_same(p->pen, cell->look);
    bool through = (cell->look.attributes | p->pen.attributes) & seen;
    return through ? look_same(p->pen, cell->look) : p->pen.bg == cell->look.bg;
}
