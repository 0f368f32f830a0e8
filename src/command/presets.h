/*
 * presets.h - key tables for fingers that learned elsewhere. A preset lies on top of the default one and names only
 * what differs.
 */
#pragma once

#include "command/command.h"

typedef struct Preset {
    const char *name;
    bool modeless; /* printing keys type at once: OVERWRITE where others have BROWSE */
    bool hex;      /* plain digits that are typed as numbers are hexadecimal */
    const Binding *bindings;
    size_t count;
} Preset;

extern const Preset presets[]; /* ends with name NULL */
