/*
 * style.h - style names, and the themes that say how they look.
 *
 * Code names what a cell is (byte.zero, match, cursor), never a colour. A cell has a set of styles; a theme gives each
 * style a foreground, a background and attributes. Of a cell's styles the last in the order of styles.def that has a
 * background wins it, likewise the foreground; attributes of all of them stay. So a changed byte inside a match inside
 * the selection still shows all three.
 *
 * themes   text files: [meta] name, background; [palette] name = #rrggbb | 0..255 | colour name; [style] name = colour
 *          [on colour] [bold dim italic underline reverse blink]. [style 16] and [style mono] say what differs on
 *          terminals with 16 colours or fewer, and without; a theme with no [style mono] takes that of the theme mono.
 *          A style that is missing falls back to its dotted parent, then to `default`. Unknown names warn with their
 *          line, malformed lines are errors. Shipped themes are built in
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

SX_BEGIN

/* One bit per style, in the order of styles.def: at most 57; and what a text says of its own looks, see sx_styles_own. */
typedef uint64_t SxStyles;

typedef enum SxStyleId {
#define STYLE(id, name, help) SX_STYLE_##id,
#include <sextant/styles.def>
#undef STYLE
    SX_STYLE_COUNT
} SxStyleId;

#define SX_STYLE(id) (UINT64_C(1) << SX_STYLE_##id)

/*
 * The looks that a text asks for itself: one of the terminal's colours 1 to 15 (0: none) and attributes. They lie over
 * `default` and under all that has a name.
 */
enum { SX_STYLES_OWN = 57 };
static inline SxStyles
sx_styles_own(unsigned colour, bool bold, bool underline, bool reverse)
{
    return (SxStyles)((colour & 15) | (unsigned)bold << 4 | (unsigned)underline << 5 | (unsigned)reverse << 6) << SX_STYLES_OWN;
}

enum {
    SX_ATTR_BOLD = 1,
    SX_ATTR_DIM = 2,
    SX_ATTR_ITALIC = 4,
    SX_ATTR_UNDERLINE = 8,
    SX_ATTR_REVERSE = 16,
    SX_ATTR_BLINK = 32,
};

#define SX_COLOUR_NONE    UINT32_MAX         /* the terminal's own */
#define SX_COLOUR_INDEX   UINT32_C(0x1000000) /* | 0..255: the palette of the terminal */

typedef struct SxLook {
    uint32_t fg; /* 0xRRGGBB, SX_COLOUR_INDEX | n, or SX_COLOUR_NONE */
    uint32_t bg;
    unsigned attributes;
} SxLook;

typedef enum SxColourDepth { SX_DEPTH_MONO, SX_DEPTH_8, SX_DEPTH_16, SX_DEPTH_256, SX_DEPTH_TRUE } SxColourDepth;

typedef struct SxTheme SxTheme;

/* Parse a theme file's text; `warnings` (may be NULL) receives a line per unknown name. */
bool sx_theme_parse(SxTheme **out, const char *name, SxBytes text, char **warnings, SxError *err);
bool sx_theme_builtin(SxTheme **out, const char *name, SxError *err);
const char *sx_theme_builtin_name(size_t i); /* NULL behind the last */
void sx_theme_free(SxTheme *t);
/* How a cell with these styles looks on a terminal of this depth: colours reduced, attributes and glyph rules kept. */
SxLook sx_theme_look(const SxTheme *t, SxStyles styles, SxColourDepth depth);
const char *sx_style_name(SxStyleId id);
bool sx_style_find(const char *name, SxStyleId *out);

SX_END
