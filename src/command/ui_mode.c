/* ui_mode.c - going into and out of BROWSE, OVERWRITE and INSERT, and the keys that take one more key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

enum { LARGE = 1 << 30 }; /* bytes: from here on an insert is announced as costly */

bool
ui_may_edit(SxSession *s)
{
    const Tab *tab = session_tab(s);
    char name[64];
    if (sx_document_access(tab->document) != SX_ACCESS_READ)
        return true;
    ui_badf(s, "%s is READ, nothing changed. :access copy edits in memory", ui_name(tab, name, sizeof name));
    return false;
}

static bool
is_edit(SxMode mode)
{
    return mode == SX_MODE_OVERWRITE || mode == SX_MODE_INSERT;
}

/* M7: said once for a document, before the first byte goes in. */
static void
warn_of_cost(SxSession *s)
{
    const Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    uint64_t size = sx_document_file_data(tab->document);
    if (u->insert_warned || size <= LARGE || sx_document_access(tab->document) != SX_ACCESS_COPY)
        return;
    u->insert_warned = true;
    char gib[24], time[24];
    sx_text_size(gib, sizeof gib, size);
    sx_text_duration(time, sizeof time, size * 10 / 13); /* copying goes at about 1.3 GB/s */
    bool fits = strlen(gib) + strlen(time) <= sizeof "18.6 GiB" + sizeof "14 s" - 2;
    ui_sayf(s, "INSERT%s: writing will copy %s, about %s. R keeps length", fits ? " shifts the rest" : "", gib, time);
}

/* What was typed becomes what `repeat` does. */
static void
typed_remember(SxSession *s, SxMode mode)
{
    struct UiTab *u = ui_tab(s);
    enum { REPEAT_MAX = 4096 };
    if (u->typed.len > 0 && u->typed.len <= REPEAT_MAX) {
        SxString line = {0};
        sx_string_add(&line, mode == SX_MODE_INSERT ? "insert {" : "put {");
        for (size_t i = 0; i < u->typed.len; i++)
            sx_string_addf(&line, "%02x ", (unsigned char)u->typed.data[i]);
        sx_string_add(&line, "}");
        if (!line.failed) {
            free(s->repeat);
            s->repeat = line.data;
        } else {
            sx_string_clear(&line);
        }
    }
    sx_string_clear(&u->typed);
    sx_string_clear(&u->typed_over);
    sx_string_clear(&u->text.covered);
}

void
ui_typing_break(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    if (is_edit(u->mode)) {
        typed_remember(s, u->mode);
        sx_document_typing(session_document(s), true);
    }
}

void
ui_mode_set(SxSession *s, SxMode mode)
{
    struct UiTab *u = ui_tab(s);
    SxDocument *d = session_document(s);
    ui_half_drop(s, false);
    if (is_edit(u->mode))
        typed_remember(s, u->mode);
    if (is_edit(mode) && !ui_may_edit(s))
        return;
    if (is_edit(mode))
        ui_selection_drop(s);
    if (is_edit(mode) && mode != u->mode)
        s->ui->said_visible = false; /* what the mode wants to say is news */
    u->mode = mode;
    sx_document_typing(d, is_edit(mode));
    if (mode == SX_MODE_INSERT)
        warn_of_cost(s);
}

/* What was typed before a long tail goes into the file when the mode ends, or nothing was typed for a second: in a worker. */
int
ui_gathered_tick(SxSession *s)
{
    enum { IDLE_MS = 1000, BUSY_MS = 100 };
    if (!sx_document_gathering(session_document(s)))
        return -1;
    uint64_t idle = ui_now() - s->ui->typed_at;
    if (is_edit(ui_tab(s)->mode) && idle < IDLE_MS)
        return (int)(IDLE_MS - idle);
    ui_busy_unasked(s, "flush");
    return BUSY_MS;
}

SxExit
cmd_mode(SxSession *s, const Args *a, SxError *err)
{
    const char *word = a->arg[0].word;
    SxDocument *d = session_document(s);
    if (strcmp(word, "browse") == 0) {
        ui_mode_set(s, SX_MODE_BROWSE);
        return SX_EXIT_DONE;
    }
    bool overwrite = strcmp(word, "overwrite") == 0;
    ui_mode_set(s, overwrite ? SX_MODE_OVERWRITE : SX_MODE_INSERT);
    if (!is_edit(ui_tab(s)->mode))
        return SX_EXIT_FAILED;
    uint64_t length = sx_document_length(d), at = sx_document_tell(d);
    if (strcmp(word, "append") == 0 && at < length)
        return outcome(session_goto(s, ui_text_on(s) ? ui_text_step(s, at, 1) : at + 1, err), err);
    if (strcmp(word, "append-end") == 0)
        return outcome(session_goto(s, length, err), err);
    return SX_EXIT_DONE;
}

/* Ins: into OVERWRITE; there into INSERT, and back. */
SxExit
cmd_toggle_insert(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    (void)err;
    ui_mode_set(s, ui_tab(s)->mode == SX_MODE_OVERWRITE ? SX_MODE_INSERT : SX_MODE_OVERWRITE);
    return SX_EXIT_DONE;
}

SxExit
cmd_switch_column(SxSession *s, const Args *a, SxError *err)
{
    struct UiTab *u = ui_tab(s);
    (void)err;
    ui_half_drop(s, true);
    ui_typing_break(s);
    if (ui_beside(s)) { /* the text view is the text column then */
        ui_text_show(s, a->arg[0].given ? strcmp(a->arg[0].word, "text") == 0 : !ui_text_on(s));
        return SX_EXIT_DONE;
    }
    u->text_column = a->arg[0].given ? strcmp(a->arg[0].word, "text") == 0 : !u->text_column;
    return SX_EXIT_DONE;
}

/* --- keys that take one more key -------------------------------------------------------------------------------------- */

static SxExit
await(SxSession *s, Await what, const char *line)
{
    s->ui->input = (UiInput){.await = what, .line = line, .since = ui_now()};
    return SX_EXIT_DONE;
}

SxExit
cmd_await(SxSession *s, const Args *a, SxError *err)
{
    const char *word = a->arg[0].word;
    (void)err;
    if (strcmp(word, "mark") == 0)
        return await(s, AWAIT_COMMAND, "mark ");
    if (strcmp(word, "goto-mark") == 0)
        return await(s, AWAIT_COMMAND, "goto '");
    if (strcmp(word, "register") == 0)
        return await(s, AWAIT_REGISTER, NULL);
    if (strcmp(word, "literal") == 0)
        return await(s, AWAIT_LITERAL, NULL);
    if (strcmp(word, "nothing") == 0)
        return await(s, AWAIT_DROP, NULL);
    if (!ui_may_edit(s))
        return SX_EXIT_FAILED;
    return await(s, session_tab(s)->has_selection ? AWAIT_FILL : AWAIT_BYTE, NULL);
}

size_t
ui_key_bytes(SxKey key, uint8_t out[4])
{
    if (key.mods == SX_MOD_CTRL && key.code < 128) {
        if (key.code == ' ')
            out[0] = 0;
        else
            out[0] = (uint8_t)(key.code & 0x1f);
        return 1;
    }
    if (key.mods != 0)
        return 0;
    switch (key.code) {
    case SX_KEY_ESC: out[0] = 0x1b; return 1;
    case SX_KEY_TAB: out[0] = '\t'; return 1;
    case SX_KEY_ENTER: out[0] = '\n'; return 1;
    case SX_KEY_BACKSPACE: out[0] = '\b'; return 1;
    case SX_KEY_DEL: out[0] = 0x7f; return 1;
    default: break;
    }
    char utf8[4];
    size_t n = key.code < SX_KEY_BASE ? sx_utf8_encode(utf8, key.code) : 0;
    memcpy(out, utf8, n);
    return n;
}

static bool
is_name(SxKey key)
{
    return key.mods == 0 && ((key.code >= 'a' && key.code <= 'z') || (key.code >= 'A' && key.code <= 'Z'));
}

static void
await_command(SxSession *s, const char *line, SxKey key)
{
    char text[64];
    bool quote = line[0] == 'g' && key.mods == 0 && (key.code == '\'' || key.code == '`');
    if (quote)
        snprintf(text, sizeof text, "exchange");
    else if (is_name(key))
        snprintf(text, sizeof text, "%s%c", line, (char)key.code);
    else
        text[0] = '\0';
    if (text[0])
        ui_run(s, text);
    else
        ui_badf(s, "a letter names a mark; :mark NAME takes longer names");
}

static void
await_register(SxSession *s, SxKey key)
{
    bool digit = key.mods == 0 && key.code >= '0' && key.code <= '9';
    if (is_name(key) || digit || sx_key_is(key, '"', 0)) {
        s->register_chosen = (char)key.code;
        ui_sayf(s, "register %c: y copies into it, p P paste from it", (char)key.code);
    } else {
        ui_badf(s, "a register is a letter or a digit");
    }
}

static int
hex_digit(SxKey key)
{
    if (key.mods != 0)
        return -1;
    if (key.code >= '0' && key.code <= '9')
        return (int)(key.code - '0');
    uint32_t lower = key.code | 0x20;
    return lower >= 'a' && lower <= 'f' && key.code < 128 ? (int)(lower - 'a' + 10) : -1;
}

static void
await_done(SxSession *s, bool fill, const uint8_t *bytes, size_t n)
{
    char line[64];
    SxError err = {0};
    if (fill && ui_rectangle(s).len > 0) {
        if (ui_rectangle_fill(s, sx_bytes(bytes, n), &err) != SX_EXIT_DONE)
            ui_say(s, true, err.text);
        ui_selection_drop(s);
        return;
    }
    int used = snprintf(line, sizeof line, fill ? "fill sel {" : "replace-byte {");
    for (size_t i = 0; i < n; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, "%02x ", bytes[i]);
    snprintf(line + used, sizeof line - (size_t)used, "}");
    ui_run(s, line);
    if (fill)
        ui_selection_drop(s);
}

static void
await_byte(SxSession *s, const UiInput *was, SxKey key)
{
    bool fill = was->await == AWAIT_FILL;
    uint8_t bytes[4];
    bool prints = key.mods == 0 && key.code >= ' ' && key.code < SX_KEY_BASE;
    if (ui_text_on(s) && !fill && prints) {
        ui_text_replace(s, key);
        return;
    }
    if (ui_types_text(s)) {
        size_t n = ui_key_bytes(key, bytes);
        if (n > 0 && key.mods == 0)
            await_done(s, fill, bytes, n);
        return;
    }
    int digit = hex_digit(key);
    if (digit < 0) {
        ui_badf(s, "two hex digits make the byte; nothing changed");
    } else if (was->has_nibble) {
        bytes[0] = (uint8_t)(was->nibble << 4 | digit);
        await_done(s, fill, bytes, 1);
    } else {
        s->ui->input = *was;
        s->ui->input.has_nibble = true;
        s->ui->input.nibble = (uint8_t)digit;
    }
}

void
ui_await_key(SxSession *s, SxKey key)
{
    UiInput was = s->ui->input;
    uint8_t bytes[4];
    ui_input_clear(s);
    switch (was.await) {
    case AWAIT_COMMAND: await_command(s, was.line, key); break;
    case AWAIT_REGISTER: await_register(s, key); break;
    case AWAIT_LITERAL: ui_type_bytes(s, sx_bytes(bytes, ui_key_bytes(key, bytes))); break;
    case AWAIT_BYTE:
    case AWAIT_FILL: await_byte(s, &was, key); break;
    case AWAIT_NONE:
    case AWAIT_DROP:
    case AWAIT_TORN: break;
    }
}

/* r: over, the cursor stays; what reaches past the end is cut */
SxExit
cmd_replace_byte(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    uint64_t at = sx_document_tell(d), room = sx_document_length(d) - at;
    SxBytes bytes = a->arg[0].bytes;
    if (room == 0)
        return outcome(sx_fail(err, SX_ERR_RANGE, "End of file: A adds bytes"), err);
    if (bytes.len > room)
        bytes.len = (size_t)room;
    return outcome(sx_document_overwrite(d, at, bytes, err), err);
}
