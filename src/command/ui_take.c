/*
 * ui_take.c - commands of the table that do more with a screen: ask first, work in the background, open a list.
 * Called for every command, before its handler.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

/* The same word, with static storage. */
static const char *
thing_word(const char *word)
{
    static const char *const things[] = {"match", "change", "mark", "hole", "data", "zero", "value", "string", "lost"};
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (strcmp(things[i], word) == 0)
            return i == 0 ? NULL : things[i];
    }
    return NULL;
}

/* --- searching -------------------------------------------------------------------------------------------------------- */

static void
look_for(SxSession *s, SxPattern *pattern, FindWay way)
{
    sx_pattern_retain(pattern);
    sx_pattern_release(s->pattern);
    s->pattern = pattern;
    s->backward = way == FIND_BACKWARD;
    s->ui->walk = NULL;
}

static SxExit
search(SxSession *s, const Args *a, FindWay way)
{
    uint64_t cursor = sx_document_tell(session_document(s));
    look_for(s, a->arg[0].pattern, way);
    ui_find_start(s, s->pattern, SX_SPAN_ALL, way == FIND_FORWARD ? cursor + 1 : cursor, way, FIND_TO_GO);
    return SX_EXIT_DONE;
}

/* The first, or the last, place in a range, or from the cursor on; n goes through those of the range. */
static SxExit
find_in_range(SxSession *s, const Args *a, bool last)
{
    uint64_t cursor = sx_document_tell(session_document(s)), length = sx_document_length(session_document(s));
    SxSpan in = a->arg[1].given ? sx_span_clip(a->arg[1].range, length) : last ? sx_span(cursor, length) : SX_SPAN_ALL;
    look_for(s, a->arg[0].pattern, FIND_FORWARD);
    if (last)
        ui_find_start(s, s->pattern, in, sx_span_end(in), FIND_BACKWARD, FIND_TO_GO_ON);
    else
        ui_find_start(s, s->pattern, in, a->arg[1].given ? in.at : cursor, FIND_FORWARD, FIND_TO_GO_ON);
    return SX_EXIT_DONE;
}

/* n and N: matches, or the thing of the list opened last */
static bool
again(SxSession *s, const Args *a, bool back, SxExit *out, SxError *err)
{
    bool match = a->arg[0].given && strcmp(a->arg[0].word, "match") == 0;
    const char *walk = s->ui->walk;
    if (a->arg[0].given && !match) {
        s->ui->walk = thing_word(a->arg[0].word);
        return false;
    }
    if (walk && !match) {
        char line[48];
        snprintf(line, sizeof line, "%s %s", back ? "previous" : "next", walk);
        *out = session_run(s, line, false, err);
        return true;
    }
    bool backward = s->backward != back;
    ui_find_again(s, backward ? FIND_BACKWARD : FIND_FORWARD);
    *out = SX_EXIT_DONE;
    return true;
}

/* Where the matches are that the screen shows. */
static void
say_where(SxSession *s)
{
    const Find *f = &ui_tab(s)->find;
    session_tab(s)->searched = f->pattern == s->pattern ? f->range : SX_SPAN_ALL;
}

/* In a worker: what was found is kept first, if it is not yet. */
static SxExit
narrow(SxSession *s, const Command *c, const Args *a, SxError *err)
{
    ui_matches_keep_now(s);
    SxExit exit = c->run(s, a, err);
    if (exit == SX_EXIT_DONE)
        ui_matches_narrowed(s);
    return exit;
}

/* --- copying ------------------------------------------------------------------------------------------------------------- */

/* What the terminal's clipboard gets: the bytes where they are text, else their digits. */
static void
clipboard_fill(SxSession *s, SxBytes bytes, bool *text)
{
    SxString *c = &s->ui->clipboard;
    sx_string_clear(c);
    *text = true;
    for (size_t i = 0; i < bytes.len && *text;) {
        uint32_t code;
        size_t n = sx_utf8_decode(sx_bytes(bytes.data + i, bytes.len - i), &code);
        bool plain = code == '\n' || code == '\t' || code == '\r';
        *text = code != UINT32_MAX && (plain || sx_text_width(code) >= 0);
        i += n;
    }
    if (*text)
        sx_string_add_bytes(c, bytes);
    for (size_t i = 0; !*text && i < bytes.len; i++)
        sx_string_addf(c, "%s%02x", i ? " " : "", bytes.data[i]);
}

void
ui_clipboard(SxSession *s, const char *done)
{
    enum { BASE64_MAX = 74994, TEXT_MAX = BASE64_MAX / 4 * 3 };
    uint8_t bytes[8192];
    char amount[24];
    bool text;
    SxSource *source = register_get(s);
    uint64_t size = source ? sx_source_size(source) : 0;
    sx_text_size(amount, sizeof amount, size);
    if (size == 0)
        return;
    if (s->register_chosen && s->register_chosen != '"') {
        ui_sayf(s, "%s %s into register %c", done, amount, s->register_chosen);
        return;
    }
    if (size > sizeof bytes) {
        ui_sayf(s, "%s %s; too much for the terminal's clipboard, p and P have it", done, amount);
        return;
    }
    if (!sx_source_read(source, (SxSpan){0, size}, bytes, NULL))
        return;
    clipboard_fill(s, sx_bytes(bytes, (size_t)size), &text);
    s->ui->wish_clipboard = s->ui->clipboard.len <= TEXT_MAX;
    ui_sayf(s, "%s %s%s", done, amount, text ? "" : "; the terminal's clipboard has them as hex");
}

static SxExit
copy(SxSession *s, const Command *c, const Args *a, SxError *err)
{
    SxExit exit = ui_rectangle(s).len > 0 ? ui_rectangle_command(s, c, a, err) : c->run(s, a, err);
    if (exit == SX_EXIT_DONE) {
        ui_clipboard(s, c->run == cmd_cut ? "cut" : "copied");
        ui_selection_drop(s);
    }
    s->register_chosen = 0;
    return exit;
}

/* A register is chosen for one command. */
static SxExit
paste(SxSession *s, const Command *c, const Args *a, SxError *err)
{
    SxExit exit = c->run(s, a, err);
    s->register_chosen = 0;
    return exit;
}

static bool
nothing_selected(SxSession *s, SxExit *out)
{
    const Tab *tab = session_tab(s);
    if (tab->has_selection && tab->selection.len > 0)
        return false;
    ui_badf(s, "Nothing selected: v selects. vi's keys: :set keys=vi");
    *out = SX_EXIT_ABSENT;
    return true;
}

static void
copy_as_answered(SxSession *s, char key, void *data)
{
    static const struct {
        char key;
        const char *line;
    } forms[] = {{'h', "copy as hex"}, {'c', "copy as c"}, {'p', "copy as python"}, {'b', "copy as base64"},
                 {'t', "copy as text"}, {'d', "copy as dump"}};
    (void)data;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (forms[i].key == key)
            ui_run(s, forms[i].line);
    }
}

SxExit
cmd_copy_as(SxSession *s, const Args *a, SxError *err)
{
    SxExit exit = SX_EXIT_DONE;
    char amount[24];
    (void)a, (void)err;
    if (nothing_selected(s, &exit))
        return exit;
    ui_ask(s, copy_as_answered, NULL, NULL, "copy %s as [h]ex [c] array [p]ython [b]ase64 [t]ext [d]ump Esc",
           sx_text_size(amount, sizeof amount, session_tab(s)->selection.len));
    return exit;
}

/* --- files -------------------------------------------------------------------------------------------------------------------- */

static SxExit
edit(SxSession *s, const Command *c, const Args *a, SxError *err)
{
    SxExit exit = c->run(s, a, err);
    if (exit == SX_EXIT_DONE || err->code != SX_ERR_MISSING)
        return exit;
    ui_ask_new(s, a->arg[0].word);
    err->code = SX_OK;
    return exit;
}

static SxExit
open_list(SxSession *s, const ListKind *kind)
{
    ui_list_open(s, kind, NULL);
    return SX_EXIT_DONE;
}

static SxExit
access(SxSession *s, const Args *a)
{
    const char *word = a->arg[0].word;
    SxAccess access = strcmp(word, "read") == 0 ? SX_ACCESS_READ : strcmp(word, "copy") == 0 ? SX_ACCESS_COPY : SX_ACCESS_WRITE;
    ui_access_set(s, access, a->force);
    return SX_EXIT_DONE;
}

static bool
nothing_changed(SxSession *s)
{
    if (sx_document_changes(session_document(s)).hunks > 0)
        return false;
    ui_sayf(s, "no pending changes: the file has what you see");
    return true;
}

/* In a script and behind `try` the next command waits for it, and for how it ended. */
static bool
as_in_batch(const Command *c)
{
    static CommandRun *const run[] = {cmd_search, cmd_search_back, cmd_find, cmd_rfind, cmd_next, cmd_previous, cmd_replace};
    for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
        if (run[i] == c->run)
            return true;
    }
    return false;
}

bool
ui_take_over(SxSession *s, const Command *c, const Args *a, SxExit *out, SxError *err)
{
    *out = SX_EXIT_DONE;
    if (c->run == cmd_export || c->run == cmd_mark_matches || c->run == cmd_narrow)
        say_where(s);
    if (s->depth > 1 && as_in_batch(c))
        return false;
    if (c->run == cmd_history || c->run == cmd_earlier || c->run == cmd_later)
        sx_document_recall(session_document(s), NULL);
    if (c->run == cmd_undo || c->run == cmd_redo)
        return ui_undo_asks(s, a, c->run == cmd_redo);
    if (c->run == cmd_recover)
        *out = ui_recover_command(s);
    else if (c->run == cmd_search || c->run == cmd_search_back)
        *out = search(s, a, c->run == cmd_search ? FIND_FORWARD : FIND_BACKWARD);
    else if (c->run == cmd_find || c->run == cmd_rfind)
        *out = find_in_range(s, a, c->run == cmd_rfind);
    else if (c->run == cmd_next || c->run == cmd_previous)
        return again(s, a, c->run == cmd_previous, out, err);
    else if (c->run == cmd_line)
        *out = ui_lines_command(s, a, err);
    else if (c->run == cmd_replace && !a->force)
        *out = ui_replace(s, a, err);
    else if (c->run == cmd_narrow)
        *out = narrow(s, c, a, err);
    else if (c->run == cmd_write)
        *out = ui_save(s, a->arg[0].given ? a->arg[0].word : NULL,
                       a->force ? SX_SAVE_FORCE | SX_SAVE_MAY_COPY_OVER : 0, SAVE_THEN_STAY, a->force, err);
    else if (c->run == cmd_write_quit)
        ui_write_quit(s);
    else if (c->run == cmd_quit && !a->force)
        ui_quit(s);
    else if (c->run == cmd_close && !a->force)
        return ui_close_asks(s);
    else if (c->run == cmd_access)
        *out = access(s, a);
    else if (c->run == cmd_edit)
        *out = edit(s, c, a, err);
    else if ((c->run == cmd_copy || c->run == cmd_cut) && !nothing_selected(s, out))
        *out = copy(s, c, a, err);
    else if (c->run == cmd_copy || c->run == cmd_cut)
        return true;
    else if (c->run == cmd_paste)
        *out = paste(s, c, a, err);
    else if (c->run == cmd_changes)
        *out = nothing_changed(s) ? SX_EXIT_ABSENT : open_list(s, &list_changes);
    else if (c->run == cmd_reload)
        *out = ui_reload(s, a->force, err);
    else if (c->run == cmd_differences)
        *out = ui_differences(s, err);
    else if (c->run == cmd_history)
        *out = open_list(s, &list_history);
    else if (c->run == cmd_marks)
        *out = open_list(s, &list_marks);
    else if (c->run == cmd_help && !a->arg[0].given)
        *out = open_list(s, &list_help);
    else if (c->run == cmd_keys)
        *out = open_list(s, &list_keys);
    else
        return false;
    return true;
}
