/* presets.c - the presets as const arrays. */
#include "command/presets.h"

#include <sextant/session.h>

const Preset presets[] = {
    {"sextant", false, NULL, 0},
    {NULL, false, NULL, 0},
};

const char *
sx_session_preset_name(size_t i)
{
    size_t n = 0;
    while (n < i && presets[n].name)
        n++;
    return presets[n].name;
}
