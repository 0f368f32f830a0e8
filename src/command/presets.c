/* presets.c - the presets as const arrays. */
#include "command/presets.h"

const Preset presets[] = {
    {"sextant", false, NULL, 0},
    {NULL, false, NULL, 0},
};
