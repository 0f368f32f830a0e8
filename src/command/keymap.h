/*
 * keymap.h - from typed keys to command lines: the bindings of a preset, and on top of them the user's own.
 *
 * Sequences are compiled once, when the first key is typed. A later binding of the same keys in the same mode wins, so
 * presets and configuration files only name what they change. Two sequences of which one begins the other are a fault
 * of the table, which the tests find.
 *
 * ownership  made by keymap_new, freed by keymap_free
 */
#pragma once

#include <sextant/key.h>

#include "command/command.h"

enum { SEQUENCE_MAX = 4 };

typedef struct Sequence {
    SxKey key[SEQUENCE_MAX];
    size_t count;
} Sequence;

typedef struct Bound {
    Sequence sequence;
    unsigned modes;
    const char *command; /* "": nothing, although something lies below */
    char *owned;         /* user's binding: what `command` points to */
} Bound;

typedef struct Keymap Keymap;

/* The preset of that name; NULL or "sextant": the default alone. */
bool keymap_new(Keymap **out, const char *preset, SxError *err);
void keymap_free(Keymap *map);
/* The names of the presets, NULL behind the last. */
const char *keymap_preset(size_t index);
/* Whether printing keys of the preset type at once (no BROWSE). */
bool keymap_modeless(const Keymap *map);
bool keymap_hex(const Keymap *map); /* whether plain digits are hexadecimal */

/* Bind the sequences in `keys` ("g g, C-Home") to a command line, in these modes. */
bool keymap_bind(Keymap *map, unsigned modes, const char *keys, const char *command, SxError *err);

typedef enum KeyAnswer { KEY_UNBOUND, KEY_BEGINS, KEY_BOUND } KeyAnswer;
/* What `typed` means in a mode; *command is set when BOUND, borrowed from the map. */
KeyAnswer keymap_look(const Keymap *map, SxMode mode, const Sequence *typed, const char **command);

/* All that is bound, later ones win; for hints and help. */
const Bound *keymap_all(const Keymap *map, size_t *count);
/* Whether this entry is what its keys mean in one of `modes` (no later one took them). */
bool keymap_stands(const Keymap *map, const Bound *bound, unsigned modes);

bool sequence_parse(Sequence *out, const char *text, size_t len, SxError *err);
size_t sequence_print(char *buf, size_t size, const Sequence *sequence); /* "gg", "C-w s": as people write it */
