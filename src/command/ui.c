/* ui.c - the interactive part's life, and the way of an event: to the topmost layer that wants it. */
#include "command/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t
ui_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* --- hooks of the part without a screen ---------------------------------------------------------------------------- */

/* What is inserted at the very top is to be seen. */
static void
shift_top(uint64_t *top, const SxChange *change)
{
    if (change->at < *top)
        ui_shift(top, change);
}

static void
on_change(void *data, const SxChange *change)
{
    Tab *tab = data;
    struct UiTab *u = tab->ui;
    /* what was only lengthened is what it was; what came behind is told for itself */
    if (u->follow.grows && change->at == 0 && change->removed == change->inserted)
        return;
    ui_matches_edit(tab, change);
    ui_filter_edit(&u->filter, change);
    ui_lines_change(&u->lines, change);
    ui_text_change(&u->text, change);
    if (change->removed == change->inserted)
        return;
    ui_differences_shift(&u->differences, change);
    ui_shift(&u->anchor, change);
    shift_top(&u->top, change);
    shift_top(&u->top_beside, change);
}

void
ui_shift(uint64_t *at, const SxChange *c)
{
    if (*at >= c->at + c->removed)
        *at = *at - c->removed + c->inserted;
    else if (*at > c->at)
        *at = c->at;
}

static void
tab_opened(SxSession *s, Tab *tab)
{
    struct UiTab *u = calloc(1, sizeof *u);
    SX_BUG_ON(!u);
    u->find.range = SX_SPAN_ALL;
    ui_text_open(s, &u->text);
    u->generation = sx_document_generation(tab->document);
    tab->ui = u;
    sx_document_listen(tab->document, on_change, tab, NULL);
    if (s->ui && keymap_modeless_now(s))
        u->mode = SX_MODE_OVERWRITE;
}

static void
tab_closing(SxSession *s, Tab *tab)
{
    struct UiTab *u = tab->ui;
    if (!u)
        return;
    ui_replace_clear(s);
    if (s->ui->pour.of == tab->document)
        ui_pour_clear(s);
    sx_document_unlisten(tab->document, on_change, tab);
    ui_find_clear(s, tab);
    ui_lines_clear(&u->lines);
    ui_filter_clear(&u->filter);
    ui_seen_clear(&u->seen);
    ui_watch_clear(&u->watch);
    ui_differences_clear(&u->differences);
    sx_snapshot_release(u->frame);
    sx_string_clear(&u->typed);
    sx_string_clear(&u->typed_over);
    sx_string_clear(&u->text.covered);
    free(u);
    tab->ui = NULL;
}

static const UiHooks hooks = {
    .say = ui_say,
    .result = ui_result,
    .run = ui_take_over,
    .tab_opened = tab_opened,
    .tab_closing = tab_closing,
};

bool
ui_new(SxSession *s, SxError *err)
{
    struct Ui *ui = calloc(1, sizeof *ui);
    if (!ui)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the screen");
    ui->width = 80;
    ui->height = 24;
    ui->depth = s->options.depth;
    ui->welcome = true;
    ui->event_at = ui_now();
    options_init(&ui->options);
    s->ui = ui;
    s->hooks = &hooks;
    for (size_t i = 0; i < s->n_tabs; i++)
        tab_opened(s, s->tabs[i]);
    if (!sx_theme_builtin(&ui->theme, "dark", err))
        return false;
    if (s->options.config)
        ui_config(s, s->options.config);
    char keys[64];
    snprintf(keys, sizeof keys, "keys=%s", s->options.keys ? s->options.keys : "");
    if (s->options.keys && !ui_option_set(s, keys, err))
        return false;
    ui_hints_load(s);
    return true;
}

void
ui_free(SxSession *s)
{
    struct Ui *ui = s->ui;
    if (!ui)
        return;
    ui_save_clear(s);
    ui_prompt_close(s);
    ui_question_clear(s);
    ui_replace_clear(s);
    ui_find_offer_clear(s);
    ui_list_close(s);
    ui_load_clear(s);
    ui_pour_clear(s);
    ui_around_clear(s);
    for (size_t i = 0; i < s->n_tabs; i++)
        tab_closing(s, s->tabs[i]);
    sx_notice_release(ui->notice);
    ui_frame_free(ui->frame);
    for (size_t i = 0; i < MESSAGES_KEPT; i++)
        free(ui->said[i].text);
    histories_clear(&ui->histories);
    keymap_free(ui->keymap);
    sx_theme_free(ui->theme);
    sx_string_clear(&ui->results);
    sx_string_clear(&ui->clipboard);
    sx_string_clear(&ui->suspend_text);
    sx_string_clear(&ui->user_bindings);
    sx_string_clear(&ui->farewell);
    sx_text_free(ui->text);
    sx_snapshot_release(ui->text_of);
    free(ui->peeked);
    free(ui->preset);
    free(ui);
    s->ui = NULL;
    s->hooks = NULL;
}

/* --- running commands -------------------------------------------------------------------------------------------------- */

void
ui_ran(SxSession *s)
{
    ui_results_show(s);
    ui_replace_ran(s);
    ui_find_adopt(s);
    if (s->ended && !s->ui->ended) {
        s->ui->ended = true;
        s->ui->code = SX_EXIT_DONE;
    }
    ui_settle(s);
}

SxExit
ui_run(SxSession *s, const char *line)
{
    SxError err = {0};
    /* a worker that runs a script has the session: its commands are its own */
    if (!ui_busy(s) && ui_may_last(line))
        return ui_busy_run(s, line);
    SxExit exit = session_run(s, line, false, &err);
    ui_ran(s);
    return exit;
}

static void
settle_cursor(SxSession *s)
{
    SxDocument *d = session_document(s);
    /* typing over the last byte leads behind it; motions do not */
    uint64_t last = ui_tab(s)->mode == SX_MODE_OVERWRITE ? sx_document_length(d) : ui_last(s);
    if (sx_document_tell(d) > last)
        sx_document_seek_to(d, last, NULL);
}

void
ui_settle(SxSession *s)
{
    if (ui_busy(s))
        return; /* the key gave the session to a worker: what that leaves is settled when it gives it back */
    Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    uint64_t generation = sx_document_generation(tab->document);
    if (generation != u->generation) {
        u->generation = generation;
        ui_matches_changed(s);
        ui_filter_changed(s);
        ui_list_follow(s);
        if (u->mode == SX_MODE_SELECT)
            ui_selection_drop(s);
    }
    settle_cursor(s);
    ui_find_moved(s);
    if (ui_filter_on(s))
        ui_filter_settle(s);
    ui_select_update(s);
    ui_show_cursor(s);
    ui_list_show(s);
}

/* --- events -------------------------------------------------------------------------------------------------------------- */

/* Esc: one layer off; from the top. */
void
ui_escape(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    if (ui_input_waits(s)) {
        ui_input_clear(s);
        return;
    }
    if (ui_half_drop(s, true) || ui_selection_drop(s))
        return;
    if (u->mode != SX_MODE_BROWSE && !keymap_modeless_now(s)) {
        ui_mode_set(s, SX_MODE_BROWSE);
        return;
    }
    if (!ui_find_cancel(s, false) && !ui_filter_cancel(s) && !ui_watch_stop(s) && !ui_follow_stop(s))
        s->ui->said_visible = false;
}

void
ui_cancel(SxSession *s)
{
    /* what is searched while its prompt is typed goes with the prompt */
    bool finding = ui_prompt_on(s) && s->ui->prompt.kind == &prompt_find;
    if (ui_save_cancel(s) || (!finding && ui_find_cancel(s, false)) || ui_filter_cancel(s) || ui_pour_cancel(s))
        return;
    if (ui_prompt_on(s))
        ui_prompt_cancel(s);
    else if (s->ui->list)
        ui_list_close(s);
    else
        ui_escape(s);
}

/* What works everywhere, half-typed or not. */
static bool
key_everywhere(SxSession *s, SxKey key)
{
    bool literal = s->ui->prompt.literal || s->ui->input.await == AWAIT_LITERAL;
    bool above = ui_question_on(s) || ui_prompt_on(s) || s->ui->list;
    const char *standard = key.code == 'z' ? "suspend" : "redraw";
    bool ours = key.code == 'l' || key.code == 'q' || key.code == 'z';
    if (key.mods != SX_MOD_CTRL || literal || !ours || (!above && keymap_taken(s, key, standard)))
        return false;
    if (key.code == 'z')
        ui_suspend(s);
    else
        s->ui->wish_redraw = true;
    return true;
}

/* C-c cancels, unless a preset has another meaning for it, alone or behind what is typed (C-x C-c). */
static bool
key_cancels(SxSession *s, SxKey key)
{
    bool literal = s->ui->prompt.literal || s->ui->input.await == AWAIT_LITERAL;
    if (!sx_key_is(key, 'c', SX_MOD_CTRL) || literal || ui_prompt_on(s) || s->ui->list)
        return sx_key_is(key, 'c', SX_MOD_CTRL) && !literal;
    return !keymap_taken(s, key, "cancel") && !ui_sequence_goes_on(s, key);
}

static void
on_key(SxSession *s, SxKey key)
{
    if (key.code == SX_KEY_NONE || key.code == SX_KEY_UNKNOWN) {
        ui_input_clear(s);
        return;
    }
    if (ui_find_take_offer(s, key))
        return;
    ui_message_touch(s);
    if (key_everywhere(s, key))
        return;
    s->ui->welcome &= ui_question_on(s);
    ui_tab(s)->text.undecided = false;
    ui_fresh_clear(s);
    if (ui_question_key(s, key))
        ; /* it was the answer, or is thrown away */
    else if (key_cancels(s, key))
        ui_cancel(s);
    else if (ui_prompt_on(s))
        ui_prompt_key(s, key);
    else if (s->ui->list)
        ui_list_key(s, key);
    else
        ui_mode_key(s, key);
    ui_question_settle(s);
    ui_settle(s);
    ui_foreign_greet(s);
}

static void
on_paste(SxSession *s, SxBytes text)
{
    ui_message_touch(s);
    if (ui_question_on(s))
        return;
    if (ui_prompt_on(s))
        ui_prompt_paste(s, text);
    else if (!s->ui->list)
        ui_paste(s, text);
    ui_settle(s);
}

void
sx_session_event(SxSession *s, const SxEvent *event)
{
    if (ui_busy(s)) {
        ui_busy_event(s, event);
        return;
    }
    s->ui->text_stale = true;
    s->ui->event_at = ui_now();
    switch (event->kind) {
    case SX_EVENT_KEY: on_key(s, event->key); break;
    case SX_EVENT_PASTE: on_paste(s, event->paste); break;
    case SX_EVENT_MOUSE: ui_mouse(s, event); break;
    case SX_EVENT_NONE:
    case SX_EVENT_RESIZE:
    case SX_EVENT_FOCUS: break;
    }
}

/* --- time ------------------------------------------------------------------------------------------------------------------ */

static int
sooner(int a, int b)
{
    if (a < 0)
        return b;
    return b >= 0 && b < a ? b : a;
}

int
sx_session_tick(SxSession *s)
{
    enum { BUSY_MS = 100 };
    if (ui_busy_tick(s))
        return BUSY_MS;
    s->ui->text_stale = true;
    ui_recover_offer(s);
    ui_protection_tell(s);
    ui_load_tick(s);
    ui_save_tick(s);
    ui_find_tick(s);
    ui_lines_tick(s);
    ui_filter_tick(s);
    if (ui_prompt_on(s) && s->ui->prompt.kind->tick)
        s->ui->prompt.kind->tick(s, &s->ui->prompt);
    int wait = sooner(ui_foreign_tick(s), ui_watch_tick(s));
    wait = sooner(wait, ui_pour_tick(s));
    wait = sooner(wait, ui_around_tick(s));
    wait = sooner(wait, ui_message_left(s));
    wait = sooner(wait, ui_input_left(s));
    wait = sooner(wait, ui_find_due(s));
    if (ui_saving(s, NULL) || ui_find_running(s) || ui_filter_running(s))
        wait = sooner(wait, BUSY_MS);
    wait = sooner(wait, ui_lines_due(s));
    return sooner(wait, ui_gathered_tick(s)); /* the last: a worker may have the session behind it */
}

int
sx_session_esc_ms(const SxSession *s)
{
    /* asked before each read of input: nothing here changes anything */
    return ui_busy(s) || ui_escape_takes((SxSession *)(uintptr_t)s) ? 25 : 500;
}

/* Whether Esc has something to take off now. */
bool
ui_escape_takes(SxSession *s)
{
    const struct UiTab *u = ui_tab(s);
    return ui_question_on(s) || ui_prompt_on(s) || s->ui->list || ui_input_waits(s) || u->half.on ||
           session_tab(s)->has_selection || u->mode != SX_MODE_BROWSE || ui_find_running(s) || ui_filter_running(s) ||
           u->follow.on || u->watch.on;
}

/* --- what the application asks -------------------------------------------------------------------------------------------- */

const SxTheme *
sx_session_theme(SxSession *s)
{
    return s->ui->theme;
}

bool
sx_session_ended(const SxSession *s, SxExit *code, const char **farewell)
{
    if (!s->ui || (ui_busy(s) ? !s->ui->busy.abandoned : !s->ui->ended))
        return false;
    if (ui_busy(s)) {
        if (code)
            *code = SX_EXIT_STOPPED;
        return true;
    }
    if (code)
        *code = s->ui->code;
    if (farewell)
        *farewell = s->ui->farewell.len ? s->ui->farewell.data : NULL;
    return true;
}

static bool
took(bool *wish)
{
    bool was = *wish;
    *wish = false;
    return was;
}

SxWish
sx_session_wish(SxSession *s, SxBytes *text)
{
    struct Ui *ui = s->ui;
    if (ui_busy(s))
        return SX_WISH_NONE;
    if (took(&ui->wish_redraw))
        return SX_WISH_REDRAW;
    if (took(&ui->wish_clipboard)) {
        *text = sx_bytes(ui->clipboard.data, ui->clipboard.len);
        return SX_WISH_CLIPBOARD;
    }
    if (took(&ui->wish_suspend)) {
        *text = sx_bytes(ui->suspend_text.data, ui->suspend_text.len);
        return SX_WISH_SUSPEND;
    }
    if (took(&ui->wish_mouse))
        return ui->options.mouse ? SX_WISH_MOUSE_ON : SX_WISH_MOUSE_OFF;
    return SX_WISH_NONE;
}

bool
sx_session_mouse(const SxSession *s)
{
    return s->ui->options.mouse;
}

/* A write that runs is left to its end or its temporary file; what is unwritten is in the journal. */
void
sx_session_hangup(SxSession *s)
{
    if (ui_busy(s))
        sx_session_cancel(s);
    else
        s->drop = false;
}
