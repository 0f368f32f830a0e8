/* presets.c - the presets as const arrays. */
#include "command/presets.h"

#define KEY(modes, keys, command) {modes, keys, command},
static const Binding hexedit[] = {
#include "command/preset_hexedit.def"
};
static const Binding hxd[] = {
#include "command/preset_hxd.def"
};
static const Binding emacs[] = {
#include "command/preset_emacs.def"
};
static const Binding vi[] = {
#include "command/preset_vi.def"
};
#undef KEY

#define TABLE(t) t, sizeof t / sizeof *t

const Preset presets[] = {
    {"sextant", false, false, NULL, 0},
    {"hexedit", true, true, TABLE(hexedit)},
    {"hxd", true, false, TABLE(hxd)},
    {"emacs", true, false, TABLE(emacs)},
    {"vi", false, true, TABLE(vi)},
    {0},
};

const char *
sx_session_preset_name(size_t i)
{
    return i < sizeof presets / sizeof *presets ? presets[i].name : NULL;
}
