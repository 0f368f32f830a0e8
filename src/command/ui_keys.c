/*
 * ui_keys.c - keys in a mode: counts, sequences, keys that wait for a character, typing, and what is not bound.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/line_help.h"
#include "command/ui.h"

enum { HINT_MS = 1000, TORN_MS = 100 };

Keymap *
ui_keymap(SxSession *s)
{
    struct Ui *ui = s->ui;
    SxError err;
    if (ui->keymap)
        return ui->keymap;
    if (!keymap_new(&ui->keymap, ui->preset, &err)) {
        ui_say(s, true, err.text);
        /* a preset that does not exist is no reason to have no keys */
        if (!keymap_new(&ui->keymap, NULL, &err))
            return NULL;
    }
    ui_bindings_apply(s);
    return ui->keymap;
}

bool
keymap_modeless_now(SxSession *s)
{
    /* asked before the first key, too: only a preset that was named can be modeless */
    if (!s->ui->preset || strcmp(s->ui->preset, "sextant") == 0)
        return false;
    Keymap *map = ui_keymap(s);
    return map && keymap_modeless(map);
}

bool
keymap_taken(SxSession *s, SxKey key, const char *standard)
{
    const Keymap *map = s->ui->preset ? ui_keymap(s) : s->ui->keymap;
    Sequence one = {.key = {key}, .count = 1};
    const char *command = "";
    return map && keymap_look(map, ui_tab(s)->mode, &one, &command) == KEY_BOUND && strcmp(command, standard) != 0;
}

bool
ui_sequence_goes_on(SxSession *s, SxKey key)
{
    Sequence typed = s->ui->input.pending;
    const char *command;
    if (typed.count == 0 || typed.count == SEQUENCE_MAX || !s->ui->keymap)
        return false;
    typed.key[typed.count++] = key;
    return keymap_look(s->ui->keymap, ui_tab(s)->mode, &typed, &command) != KEY_UNBOUND;
}

void
ui_input_clear(SxSession *s)
{
    s->ui->input = (UiInput){0};
}

bool
ui_input_waits(const SxSession *s)
{
    const UiInput *in = &s->ui->input;
    return in->pending.count > 0 || in->has_count || in->await != AWAIT_NONE;
}

/* Milliseconds until the hint strip is due, -1: nothing waits. */
int
ui_input_left(SxSession *s)
{
    const UiInput *in = &s->ui->input;
    if (in->pending.count == 0)
        return -1;
    uint64_t age = ui_now() - in->since;
    return age < HINT_MS ? (int)(HINT_MS - age) : -1;
}

bool
ui_input_hints(SxSession *s)
{
    return s->ui->input.pending.count > 0 && s->ui->options.hints && ui_now() - s->ui->input.since >= HINT_MS;
}

/* --- running what a key stands for ------------------------------------------------------------------------------------ */

/* Hints go once ten different commands have been used. */
static void
note_use(SxSession *s, const Command *c)
{
    struct Ui *ui = s->ui;
    if (!c || ui->commands_used >= HINTS_UNTIL)
        return;
    size_t id = (size_t)(c - commands) % (sizeof ui->used_ids * 8);
    uint64_t bit = UINT64_C(1) << id % 64;
    if (ui->used_ids[id / 64] & bit)
        return;
    ui->used_ids[id / 64] |= bit;
    ui->commands_used++;
    if (ui->commands_used == HINTS_UNTIL)
        ui_hints_save(s);
}

static void
run_bound(SxSession *s, const char *command)
{
    const UiInput *in = &s->ui->input;
    const Command *c = command_of_line(command);
    uint64_t count = in->count;
    bool counted = in->has_count && c && (c->flags & CMD_COUNT);
    ui_input_clear(s);
    note_use(s, c);
    char line[256];
    if (counted)
        snprintf(line, sizeof line, "%s %" PRIu64, command, count);
    else
        snprintf(line, sizeof line, "%s", command);
    ui_half_drop(s, true);
    ui_run(s, line);
}

/* --- keys that nobody bound ---------------------------------------------------------------------------------------------- */

static const char *
near_help(SxSession *s, const Sequence *typed)
{
    SxKey k = typed->key[0];
    bool selected = session_tab(s)->has_selection;
    if (typed->count == 1 && k.mods == 0 && (k.code == 'd' || k.code == 'c') && !selected)
        return "Nothing selected: v selects. vi's keys: :set keys=vi";
    return NULL;
}

static void
unbound(SxSession *s, const Sequence *typed)
{
    char keys[64];
    sequence_print(keys, sizeof keys, typed);
    const char *help = near_help(s, typed);
    if (help)
        ui_say(s, true, help);
    else
        ui_badf(s, "%s: no such key. R types over, i inserts, F1 helps", keys);
}

/* What comes behind `[` and is no lower-case letter is the rest of a torn key: dropped up to its last character. */
static bool
torn(const Sequence *typed, SxKey key)
{
    const SxKey *first = &typed->key[0];
    bool bracket = typed->count == 2 && first->mods == 0 && (first->code == '[' || first->code == ']');
    return bracket && first->code == '[' && key.mods == 0 && !(key.code >= 'a' && key.code <= 'z');
}

static bool
torn_ends(SxKey key)
{
    return (key.code >= 'A' && key.code <= 'Z') || key.code == '~' || key.code >= SX_KEY_BASE;
}

/* --- a key in a mode --------------------------------------------------------------------------------------------------- */

static bool
is_count(SxSession *s, SxKey key)
{
    const UiInput *in = &s->ui->input;
    SxMode mode = ui_tab(s)->mode;
    bool look = mode == SX_MODE_BROWSE || mode == SX_MODE_SELECT;
    if (!look || in->pending.count > 0 || key.mods != 0)
        return false;
    return (key.code >= '1' && key.code <= '9') || (key.code == '0' && in->has_count);
}

static void
count_digit(SxSession *s, SxKey key)
{
    UiInput *in = &s->ui->input;
    uint64_t digit = key.code - '0';
    if (in->count > (UINT64_MAX - digit) / 10) {
        ui_badf(s, "the count is too large; Esc drops it");
        return;
    }
    in->count = in->count * 10 + digit;
    in->has_count = true;
    in->since = ui_now();
}

static bool
taken_here(SxSession *s, SxKey key)
{
    const Keymap *map = s->ui->preset ? ui_keymap(s) : NULL;
    Sequence one = {.key = {key}, .count = 1};
    const char *command;
    return map && keymap_look(map, ui_tab(s)->mode, &one, &command) != KEY_UNBOUND;
}

static bool
types(SxSession *s, SxKey key)
{
    const struct UiTab *u = ui_tab(s);
    SxMode mode = u->mode;
    bool edit = mode == SX_MODE_OVERWRITE || mode == SX_MODE_INSERT;
    if (!edit || s->ui->input.pending.count > 0)
        return false;
    /* a preset may have taken it: / and Return of hexedit; but in the text column what prints is typed */
    if (taken_here(s, key) && (!ui_types_text(s) || key.code > SX_KEY_BASE))
        return false;
    bool printing = key.mods == 0 && key.code >= ' ' && key.code < SX_KEY_BASE && key.code != 0x7f;
    bool editing = key.mods == 0 && (key.code == SX_KEY_BACKSPACE || key.code == SX_KEY_DEL || key.code == SX_KEY_ENTER);
    return printing || editing;
}

/* Whoever asks for help in the middle of a sequence gets it: "what may follow here?" is a reason to ask. */
static bool
asks_help(SxSession *s, const Keymap *map, SxKey key, const char **command)
{
    Sequence alone = {.key = {key}, .count = 1};
    if (keymap_look(map, ui_tab(s)->mode, &alone, command) != KEY_BOUND)
        return false;
    const Command *c = command_of_line(*command);
    return c && c->run == cmd_help;
}

static void
sequence_key(SxSession *s, SxKey key)
{
    UiInput *in = &s->ui->input;
    Keymap *map = ui_keymap(s);
    const char *command = NULL;
    if (!map)
        return;
    in->pending.key[in->pending.count++] = key;
    in->since = ui_now();
    if (torn(&in->pending, key)) {
        ui_input_clear(s);
        if (!torn_ends(key))
            *in = (UiInput){.await = AWAIT_TORN, .since = ui_now()};
        return;
    }
    KeyAnswer answer = keymap_look(map, ui_tab(s)->mode, &in->pending, &command);
    if (answer == KEY_BEGINS && in->pending.count < SEQUENCE_MAX)
        return;
    if (answer == KEY_BOUND || asks_help(s, map, key, &command)) {
        run_bound(s, command);
        return;
    }
    Sequence typed = in->pending;
    ui_input_clear(s);
    unbound(s, &typed);
}

void
ui_mode_key(SxSession *s, SxKey key)
{
    UiInput *in = &s->ui->input;
    if (in->await == AWAIT_TORN && ui_now() - in->since > TORN_MS)
        ui_input_clear(s);
    if (in->await == AWAIT_LITERAL) {
        ui_await_key(s, key);
    } else if (sx_key_is(key, SX_KEY_ESC, 0)) {
        ui_escape(s);
    } else if (in->await == AWAIT_DROP || (in->await == AWAIT_TORN && torn_ends(key))) {
        ui_input_clear(s);
    } else if (in->await == AWAIT_TORN) {
        in->since = ui_now();
    } else if (in->await != AWAIT_NONE) {
        ui_await_key(s, key);
    } else if (is_count(s, key)) {
        count_digit(s, key);
    } else if (sx_key_is(key, SX_KEY_BACKSPACE, 0) && in->has_count && in->pending.count == 0) {
        in->count /= 10;
        in->has_count = in->count > 0;
    } else if (types(s, key)) {
        ui_type(s, key);
    } else {
        sequence_key(s, key);
    }
}

/* --- the strip that says what may follow -------------------------------------------------------------------------------- */

/* A command's own words may say more than its help: "scroll centre". */
static const char *
rest_help(const char *line, char *buf, size_t size)
{
    const Command *c = command_of_line(line);
    const char *help = line_help(c, line, buf, size);
    return c && help == c->help && strchr(line, ' ') ? line : help;
}

void
ui_hints_fill(SxSession *s, List *l)
{
    size_t n;
    const Keymap *map = ui_keymap(s);
    const Sequence *typed = &s->ui->input.pending;
    unsigned in = 1u << ui_tab(s)->mode;
    const Bound *all = map ? keymap_all(map, &n) : NULL;
    for (size_t i = 0; all && i < n; i++) {
        const Bound *b = &all[i];
        const char *ignored;
        bool follows = (b->modes & in) && b->sequence.count > typed->count && b->command[0];
        for (size_t k = 0; follows && k < typed->count; k++)
            follows = b->sequence.key[k].code == typed->key[k].code && b->sequence.key[k].mods == typed->key[k].mods;
        if (!follows || keymap_look(map, ui_tab(s)->mode, &b->sequence, &ignored) != KEY_BOUND || ignored != b->command)
            continue;
        char keys[64], help[LINE_HELP];
        sequence_print(keys, sizeof keys, &b->sequence);
        ui_list_addf(l, 0, "%s\t%s", keys, rest_help(b->command, help, sizeof help));
    }
}
