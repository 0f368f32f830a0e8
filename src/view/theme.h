/* theme.h - what a parsed theme holds. Private to view/. */
#pragma once

#include <sextant/style.h>
#include <sextant/text.h>

/* A theme says a style up to three times: for many colours, for 16 or fewer, and for none. */
typedef enum ThemeLevel { LEVEL_COLOUR, LEVEL_SIXTEEN, LEVEL_MONO, LEVEL_COUNT } ThemeLevel;

struct SxTheme {
    SxLook looks[LEVEL_COUNT][SX_STYLE_COUNT];
};

typedef struct BuiltinTheme {
    const char *name;
    const SxTheme *theme;
} BuiltinTheme;

/* Ends with a NULL name; written at build from themes/. */
extern const BuiltinTheme builtin_themes[];

/* Parse a theme file's text. One that says nothing for terminals without colour looks there as `mono` does (NULL: as it
 * does in colour). `warnings` is yours to clear. Errors: SYNTAX "line N: ...", NOMEM. */
bool theme_parse(SxTheme *out, SxBytes text, const SxTheme *mono, SxString *warnings, SxError *err);

/* The 24 bits of entry `index` of the usual palette of 256. */
uint32_t colour_rgb(uint32_t index);
/* The nearest of the first `count` (8, 16, 256) entries; of 256 only those that no user redefines, 16 on. */
uint32_t colour_nearest(uint32_t rgb, unsigned count);
