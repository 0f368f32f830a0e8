/*
 * pen.c - colours and attributes: from those that are on to those that are wanted, the shorter of two ways.
 *
 * Either switch off what goes and on what comes, or switch all off and say the rest anew.
 */
#include "term/number.h"
#include "term/paint.h"

static const SxLook look_plain = {SX_COLOUR_NONE, SX_COLOUR_NONE, 0};

static bool
look_same(SxLook a, SxLook b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

SxLook
look_at(const Painter *p, uint16_t look)
{
    return look ? *(const SxLook *)sx_intern_at(&p->looks, look) : look_plain;
}

/* Six attributes, what switches them off, and two colours of five numbers each. */
typedef struct Codes {
    char text[96];
    size_t len;
} Codes;

static void
add_number(Codes *c, unsigned code)
{
    if (c->len)
        c->text[c->len++] = ';';
    c->len += put_number(c->text + c->len, code);
}

static void
add_attributes(Codes *c, unsigned attributes)
{
    static const unsigned char codes[6] = {1, 2, 3, 4, 7, 5}; /* in the order of SX_ATTR_ */
    for (unsigned i = 0; attributes >> i && i < 6; i++)
        if (attributes >> i & 1)
            add_number(c, codes[i]);
}

static void
add_colour(Codes *c, uint32_t colour, bool back)
{
    unsigned n = colour & 0xffffff, first = back ? 40 : 30;
    if (colour == SX_COLOUR_NONE) {
        add_number(c, first + 9);
    } else if (!(colour & SX_COLOUR_INDEX)) {
        add_number(c, first + 8);
        add_number(c, 2);
        add_number(c, n >> 16 & 255);
        add_number(c, n >> 8 & 255);
        add_number(c, n & 255);
    } else if (n < 16) {
        add_number(c, n < 8 ? first + n : first + 60 + n - 8);
    } else {
        add_number(c, first + 8);
        add_number(c, 5);
        add_number(c, n & 255);
    }
}

static Codes
anew(SxLook want)
{
    Codes c = {.len = 0};
    if (look_same(want, look_plain))
        return c; /* CSI m is CSI 0 m */
    add_number(&c, 0);
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
        add_number(c, 22);
        *on |= keep & weight;
    }
    if (off & SX_ATTR_ITALIC)
        add_number(c, 23);
    if (off & SX_ATTR_UNDERLINE)
        add_number(c, 24);
    if (off & SX_ATTR_BLINK)
        add_number(c, 25);
    if (off & SX_ATTR_REVERSE)
        add_number(c, 27);
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
can_go_onward(const Painter *p, SxLook pen, SxLook to)
{
    if (!p->pen_known || (!p->caps->partial_off && pen.attributes & ~to.attributes))
        return false;
    bool loses = (to.fg == SX_COLOUR_NONE && pen.fg != SX_COLOUR_NONE) ||
                 (to.bg == SX_COLOUR_NONE && pen.bg != SX_COLOUR_NONE);
    return !loses || p->caps->default_colour;
}

static void
set_ansi(Painter *p, SxLook want)
{
    Codes codes = anew(want);
    SxLook pen = look_at(p, p->pen);
    if (can_go_onward(p, pen, want)) {
        Codes other = onward(pen, want);
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
pen_set(Painter *p, uint16_t look)
{
    if (p->pen_known && p->pen == look)
        return;
    SxLook want = look_at(p, look);
    if (p->caps->ansi)
        set_ansi(p, want);
    else
        set_by_terminfo(p, want);
    p->pen = look;
    p->pen_known = true;
}

/* Of a blank only the background and what draws through it can be seen. */
bool
pen_fits_blank(const Painter *p, uint16_t look)
{
    const unsigned seen = SX_ATTR_UNDERLINE | SX_ATTR_REVERSE | SX_ATTR_BLINK;
    SxLook pen = look_at(p, p->pen), want = look_at(p, look);
    bool through = (want.attributes | pen.attributes) & seen;
    return p->pen_known && !through && pen.bg == want.bg;
}
