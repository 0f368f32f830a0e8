/* keymap.c - compiles binding tables into an array of key sequences; looking up walks it from the newest entry. */
#include "command/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "command/presets.h"

struct Keymap {
    Bound *bound;
    size_t count, cap;
    const Preset *preset;
};

bool
sequence_parse(Sequence *out, const char *text, size_t len, SxError *err)
{
    out->count = 0;
    size_t at = 0;
    while (at < len) {
        if (text[at] == ' ') {
            at++;
            continue;
        }
        if (out->count == SEQUENCE_MAX)
            return sx_fail(err, SX_ERR_SYNTAX, "more than %d keys in '%.*s'", SEQUENCE_MAX, (int)len, text);
        size_t used;
        if (!sx_key_parse(sx_bytes(text + at, len - at), &out->key[out->count], &used, err))
            return false;
        out->count++;
        at += used;
    }
    return out->count > 0 || sx_fail(err, SX_ERR_SYNTAX, "no key is named");
}

/* Plain characters stand together (gg, z(); named keys and those with modifiers are set off by blanks. */
size_t
sequence_print(char *buf, size_t size, const Sequence *sequence)
{
    size_t used = 0;
    bool plain = true;
    buf[0] = '\0';
    for (size_t i = 0; i < sequence->count && used < size; i++) {
        SxKey k = sequence->key[i];
        bool plain_now = k.mods == 0 && k.code < SX_KEY_BASE && k.code != ' ';
        if (i > 0 && !(plain && plain_now))
            used += (size_t)snprintf(buf + used, size - used, " ");
        if (used < size)
            used += sx_key_print(buf + used, size - used, k);
        plain = plain_now;
    }
    return used;
}

static bool
add(Keymap *map, unsigned modes, const Sequence *sequence, const char *command, char *owned, SxError *err)
{
    if (!sx_grow(&map->bound, &map->cap, map->count + 1, sizeof *map->bound))
        return sx_fail(err, SX_ERR_NOMEM, "no memory for keys");
    map->bound[map->count++] = (Bound){.sequence = *sequence, .modes = modes, .command = command, .owned = owned};
    return true;
}

/* The end of the next sequence of a list: a comma that is not itself the key. */
static size_t
sequence_end(const char *keys)
{
    size_t n = 0;
    while (keys[n] && (n == 0 || keys[n] != ',' || keys[n - 1] == ' '))
        n++;
    return n;
}

static bool
add_list(Keymap *map, unsigned modes, const char *keys, const char *command, bool own, SxError *err)
{
    while (*keys) {
        size_t len = sequence_end(keys);
        Sequence sequence;
        if (!sequence_parse(&sequence, keys, len, err))
            return false;
        char *owned = own ? strdup(command) : NULL;
        if (own && !owned)
            return sx_fail(err, SX_ERR_NOMEM, "no memory for keys");
        if (!add(map, modes, &sequence, own ? owned : command, owned, err)) {
            free(owned);
            return false;
        }
        keys += len;
        keys += *keys == ',' ? 1 : 0;
        keys += strspn(keys, " ");
    }
    return true;
}

static bool
add_table(Keymap *map, const Binding *table, size_t count, SxError *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!add_list(map, table[i].modes, table[i].keys, table[i].command, false, err))
            return false;
    }
    return true;
}

static const Preset *
preset_find(const char *name)
{
    for (const Preset *p = presets; p->name; p++) {
        if (strcmp(p->name, name) == 0)
            return p;
    }
    return NULL;
}

const char *
keymap_preset(size_t index)
{
    for (const Preset *p = presets; p->name; p++) {
        if (index-- == 0)
            return p->name;
    }
    return NULL;
}

bool
keymap_new(Keymap **out, const char *preset, SxError *err)
{
    const Preset *found = preset_find(preset ? preset : "sextant");
    if (!found)
        return sx_fail(err, SX_ERR_UNKNOWN, "no key preset is called '%s'", preset);
    Keymap *map = calloc(1, sizeof *map);
    if (!map)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for keys");
    map->preset = found;
    if (!add_table(map, bindings, n_bindings, err) || !add_table(map, found->bindings, found->count, err)) {
        keymap_free(map);
        return false;
    }
    *out = map;
    return true;
}

void
keymap_free(Keymap *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->count; i++)
        free(map->bound[i].owned);
    free(map->bound);
    free(map);
}

bool
keymap_modeless(const Keymap *map)
{
    return map->preset->modeless;
}

bool
keymap_hex(const Keymap *map)
{
    return map->preset->hex;
}

bool
keymap_bind(Keymap *map, unsigned modes, const char *keys, const char *command, SxError *err)
{
    return add_list(map, modes, keys, command, true, err);
}

static bool
key_same(SxKey a, SxKey b)
{
    return a.code == b.code && a.mods == b.mods;
}

static bool
begins_with(const Sequence *s, const Sequence *beginning)
{
    if (beginning->count > s->count)
        return false;
    for (size_t i = 0; i < beginning->count; i++) {
        if (!key_same(s->key[i], beginning->key[i]))
            return false;
    }
    return true;
}

KeyAnswer
keymap_look(const Keymap *map, SxMode mode, const Sequence *typed, const char **command)
{
    unsigned in = 1u << mode;
    KeyAnswer answer = KEY_UNBOUND;
    for (size_t i = map->count; i-- > 0;) {
        const Bound *b = &map->bound[i];
        if (!(b->modes & in) || !begins_with(&b->sequence, typed))
            continue;
        if (b->sequence.count == typed->count) {
            *command = b->command;
            return b->command[0] ? KEY_BOUND : KEY_UNBOUND;
        }
        if (keymap_stands(map, b, in) && b->command[0])
            answer = KEY_BEGINS;
        /* a shorter, later binding would have been found before this one; an earlier one is hidden by it */
        if (answer == KEY_BEGINS)
            return answer;
    }
    return answer;
}

const Bound *
keymap_all(const Keymap *map, size_t *count)
{
    *count = map->count;
    return map->bound;
}

bool
keymap_stands(const Keymap *map, const Bound *bound, unsigned modes)
{
    for (const Bound *b = bound + 1; b < map->bound + map->count; b++) {
        bool same = begins_with(&bound->sequence, &b->sequence);
        if (same && (b->modes & modes & bound->modes) == (modes & bound->modes))
            return false;
    }
    return true;
}
