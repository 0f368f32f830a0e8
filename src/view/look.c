/* look.c - from a set of styles to colours and attributes, on a terminal of some depth. */
#include "view/theme.h"

static ThemeLevel
level_of(SxColourDepth depth)
{
    if (depth == SX_DEPTH_MONO)
        return LEVEL_MONO;
    return depth <= SX_DEPTH_16 ? LEVEL_SIXTEEN : LEVEL_COLOUR;
}

/* The later style wins each colour, attributes gather. */
static void
lay_over(SxLook *under, const SxLook *over)
{
    if (over->fg != SX_COLOUR_NONE)
        under->fg = over->fg;
    if (over->bg != SX_COLOUR_NONE)
        under->bg = over->bg;
    under->attributes |= over->attributes;
}

static uint32_t
reduce_colour(uint32_t colour, SxColourDepth depth)
{
    if (colour == SX_COLOUR_NONE)
        return colour;
    unsigned count = depth == SX_DEPTH_8 ? 8 : depth == SX_DEPTH_16 ? 16 : 256;
    bool indexed = colour & SX_COLOUR_INDEX;
    uint32_t index = colour & 0xffffff;
    if (depth == SX_DEPTH_TRUE || (indexed && index < count))
        return colour;
    if (indexed && index < 16)
        return SX_COLOUR_INDEX | (index & 7);
    return SX_COLOUR_INDEX | colour_nearest(indexed ? colour_rgb(index) : index, count);
}

static uint32_t
as_dark_grey(uint32_t colour)
{
    return colour == (SX_COLOUR_INDEX | 8);
}

static SxLook
reduce(SxLook look, SxColourDepth depth)
{
    if (depth == SX_DEPTH_MONO) {
        if (look.bg != SX_COLOUR_NONE)
            look.attributes |= SX_ATTR_REVERSE;
        look.fg = look.bg = SX_COLOUR_NONE;
        return look;
    }
    /* eight colours have no grey, and black on black would be nothing */
    if (depth == SX_DEPTH_8 && as_dark_grey(look.fg)) {
        look.fg = SX_COLOUR_NONE;
        look.attributes |= SX_ATTR_DIM;
    }
    look.fg = reduce_colour(look.fg, depth);
    look.bg = reduce_colour(look.bg, depth);
    if (look.fg != SX_COLOUR_NONE && look.fg == look.bg)
        look.fg = SX_COLOUR_INDEX | ((look.bg & 7) == 0 ? 7 : 0);
    return look;
}

/* See sx_styles_own. */
static void
lay_own(SxLook *under, SxStyles styles)
{
    unsigned own = (unsigned)(styles >> SX_STYLES_OWN);
    if (own & 15)
        under->fg = SX_COLOUR_INDEX | (own & 15);
    under->attributes |= (own & 16 ? SX_ATTR_BOLD : 0u) | (own & 32 ? SX_ATTR_UNDERLINE : 0u) | (own & 64 ? SX_ATTR_REVERSE : 0u);
}

SxLook
sx_theme_look(const SxTheme *t, SxStyles styles, SxColourDepth depth)
{
    const SxStyles known = (UINT64_C(1) << SX_STYLE_COUNT) - 1;
    ThemeLevel level = level_of(depth);
    SxLook look = t->looks[level][SX_STYLE_DEFAULT];
    lay_own(&look, styles);
    for (styles &= known & ~SX_STYLE(DEFAULT); styles; styles &= styles - 1)
        lay_over(&look, &t->looks[level][__builtin_ctzll(styles)]);
    return reduce(look, depth);
}
