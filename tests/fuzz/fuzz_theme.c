/* fuzz_theme.c - any text as a theme: parsed or refused with a line, never a look that a terminal cannot show. */
#include <string.h>

#include <sextant/style.h>

#include "fuzz/fuzz.h"

static void
check_colour(uint32_t colour, SxColourDepth depth)
{
    static const uint32_t counts[] = {0, 8, 16, 256, 256};
    if (colour == SX_COLOUR_NONE)
        return;
    FUZZ_CHECK(depth != SX_DEPTH_MONO);
    if (colour & SX_COLOUR_INDEX)
        FUZZ_CHECK((colour & 0xffffff) < counts[depth]);
    else
        FUZZ_CHECK(depth == SX_DEPTH_TRUE && colour <= 0xffffff);
}

static void
check_looks(const SxTheme *theme)
{
    for (int depth = SX_DEPTH_MONO; depth <= SX_DEPTH_TRUE; depth++) {
        for (unsigned i = 0; i < SX_STYLE_COUNT; i++) {
            SxLook look = sx_theme_look(theme, UINT64_C(1) << i, (SxColourDepth)depth);
            check_colour(look.fg, (SxColourDepth)depth);
            check_colour(look.bg, (SxColourDepth)depth);
            FUZZ_CHECK(look.attributes < 64);
            FUZZ_CHECK(look.fg == SX_COLOUR_NONE || look.fg != look.bg);
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SxTheme *theme = NULL;
    SxError err = {.code = SX_OK};
    char *warnings = NULL;
    if (sx_theme_parse(&theme, "fuzz", (SxBytes){data, size}, &warnings, &err)) {
        check_looks(theme);
        sx_theme_free(theme);
    } else {
        FUZZ_CHECK(err.code == SX_ERR_SYNTAX && strstr(err.text, "line ") && !warnings);
    }
    for (const char *c = warnings; c && *c; c++)
        FUZZ_CHECK(*c == '\n' || (unsigned char)*c >= 0x20);
    free(warnings);
    return 0;
}
