/* style.c - the names of styles, out of their one table. */
#include <string.h>

#include <sextant/style.h>

static const char *const names[] = {
#define STYLE(id, name, help) [SX_STYLE_##id] = name,
#include <sextant/styles.def>
#undef STYLE
};

_Static_assert((int)SX_STYLE_COUNT <= (int)SX_STYLES_OWN, "a style is a bit of SxStyles, below what a text says of its own looks");

const char *
sx_style_name(SxStyleId id)
{
    return id < SX_STYLE_COUNT ? names[id] : "";
}

bool
sx_style_find(const char *name, SxStyleId *out)
{
    for (unsigned i = 0; i < SX_STYLE_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (SxStyleId)i;
            return true;
        }
    }
    return false;
}
