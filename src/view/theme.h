/* theme.h - what a parsed theme holds. Private to view/. */
#pragma once

#include <sextant/style.h>

/* A theme says a style up to three times: for many colours, for 16 or fewer, and for none. */
typedef enum ThemeLevel { LEVEL_COLOUR, LEVEL_SIXTEEN, LEVEL_MONO, LEVEL_COUNT } ThemeLevel;

struct SxTheme {
    char name[48];
    bool light;
    bool said[LEVEL_COUNT][SX_STYLE_COUNT];
    SxLook looks[LEVEL_COUNT][SX_STYLE_COUNT];
};

typedef struct BuiltinTheme {
    const char *name;
    const char *text;
    size_t len;
} BuiltinTheme;

/* Ends with a NULL name; written at build from themes/. */
extern const BuiltinTheme builtin_themes[];

/* The 24 bits of entry `index` of the usual palette of 256. */
uint32_t colour_rgb(uint32_t index);
/* The nearest of the first `count` (8, 16, 256) entries; of 256 only those that no user redefines, 16 on. */
uint32_t colour_nearest(uint32_t rgb, unsigned count);
