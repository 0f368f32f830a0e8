/* ui_commands.c - handlers of commands_view.def that are a few lines each: view, options, tabs, prompts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

SxExit
cmd_set(SxSession *s, const Args *a, SxError *err)
{
    return outcome(ui_option_command(s, a->arg[0].given ? a->arg[0].word : "", err), err);
}

SxExit
cmd_theme(SxSession *s, const Args *a, SxError *err)
{
    char text[96];
    snprintf(text, sizeof text, "theme=%s", a->arg[0].word);
    return outcome(ui_option_command(s, text, err), err);
}

static bool
signed_text(const Arg *arg)
{
    return arg->text.len > 0 && (arg->text.data[0] == '+' || arg->text.data[0] == '-');
}

static uint64_t
changed_by(uint64_t value, const SxValue *by)
{
    if (by->negative)
        return value > by->magnitude ? value - by->magnitude : 0;
    return value + by->magnitude;
}

/* Relative to what is shown, so that ( and ) work from the automatic width, too. */
SxExit
cmd_columns(SxSession *s, const Args *a, SxError *err)
{
    Options *o = &s->ui->options;
    SxHexLayout l;
    ui_layout(s, &l);
    uint64_t n = a->arg[0].value.magnitude;
    if (signed_text(&a->arg[0])) {
        n = changed_by(o->columns ? o->columns : l.columns, &a->arg[0].value);
        n = n ? n : 1;
    }
    if (n > 256)
        return outcome(sx_fail(err, SX_ERR_RANGE, "a row holds 1 to 256 bytes; 0: by the width"), err);
    o->columns = n;
    ui_layout(s, &l);
    if (n && l.columns < n) {
        o->columns = l.columns;
        ui_sayf(s, "%u bytes a row is what fits", l.columns);
    } else {
        ui_sayf(s, n ? "%u bytes a row" : "%u bytes a row, by the width", l.columns);
    }
    ui_top_set(s, ui_tab(s)->top);
    return SX_EXIT_DONE;
}

SxExit
cmd_shift(SxSession *s, const Args *a, SxError *err)
{
    SxHexLayout l;
    (void)err;
    ui_layout(s, &l);
    uint64_t n = a->arg[0].value.magnitude % l.columns;
    if (signed_text(&a->arg[0])) {
        uint64_t shift = s->ui->options.shift % l.columns;
        n = (a->arg[0].value.negative ? shift + l.columns - n : shift + n) % l.columns;
    }
    s->ui->options.shift = n;
    ui_sayf(s, n ? "first row %llu byte%s shorter" : "rows are not shifted", (unsigned long long)n, n == 1 ? "" : "s");
    ui_top_set(s, ui_tab(s)->top);
    return SX_EXIT_DONE;
}

static SxExit
highlight(SxSession *s, bool on)
{
    ui_tab(s)->find.hidden = !on;
    s->ui->options.highlight = on;
    ui_sayf(s, on ? "matches are marked" : "matches are not marked; zh or the next search marks them");
    return SX_EXIT_DONE;
}

SxExit
cmd_highlight(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    bool on = a->arg[0].given ? strcmp(a->arg[0].word, "on") == 0 : ui_tab(s)->find.hidden;
    return highlight(s, on);
}

SxExit
cmd_noh(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    return highlight(s, false);
}

SxExit
cmd_redraw(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    s->ui->wish_redraw = true;
    return SX_EXIT_DONE;
}

static void
show_tab(SxSession *s, size_t index)
{
    if (s->n_tabs == 1) {
        ui_sayf(s, "one file is open; :e NAME opens another");
        return;
    }
    ui_half_drop(s, true);
    s->active = index % s->n_tabs;
}

SxExit
cmd_next_tab(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    if (a->arg[0].given)
        show_tab(s, (size_t)a->arg[0].offset ? (size_t)a->arg[0].offset - 1 : 0);
    else
        show_tab(s, s->active + 1);
    return SX_EXIT_DONE;
}

SxExit
cmd_previous_tab(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    show_tab(s, s->active + s->n_tabs - 1);
    return SX_EXIT_DONE;
}

static bool
open_line(SxSession *s, const char *text)
{
    SxString line = {0};
    sx_string_add(&line, "edit \"");
    sx_string_add_printable(&line, sx_bytes(text, strlen(text)), SX_PRINTABLE_QUOTE);
    sx_string_add(&line, "\"");
    ui_run(s, sx_string(&line));
    sx_string_clear(&line);
    return true;
}

static bool
note_line(SxSession *s, const char *text)
{
    SxString line = {0};
    sx_string_addf(&line, "note %s", text);
    ui_run(s, sx_string(&line));
    sx_string_clear(&line);
    return true;
}

SxExit
cmd_prompt(SxSession *s, const Args *a, SxError *err)
{
    const char *word = a->arg[0].word;
    (void)err;
    if (strcmp(word, "command") == 0)
        ui_prompt_open(s, &prompt_command, "", NULL, NULL);
    else if (strcmp(word, "goto") == 0)
        ui_goto_open(s);
    else if (strcmp(word, "open") == 0)
        ui_prompt_ask(s, "open: ", "", open_line);
    else if (strcmp(word, "replace") == 0)
        ui_replace_prompt(s);
    else if (strcmp(word, "filter") == 0)
        ui_filter_open(s);
    else if (strcmp(word, "note") == 0)
        ui_prompt_ask(s, "note: ", "", note_line);
    else
        ui_find_open(s, strcmp(word, "find-back") == 0 ? FIND_BACKWARD : FIND_FORWARD);
    return SX_EXIT_DONE;
}

SxExit
cmd_bind(SxSession *s, const Args *a, SxError *err)
{
    return outcome(ui_bind(s, a->arg[0].word, err), err);
}

SxExit
cmd_cancel(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    ui_cancel(s);
    return SX_EXIT_DONE;
}

SxExit
cmd_suspend(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    ui_suspend(s);
    return SX_EXIT_DONE;
}

SxExit
cmd_matches(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    if (!ui_tab(s)->find.pattern) {
        ui_sayf(s, "nothing was searched yet: / finds");
        return SX_EXIT_ABSENT;
    }
    ui_matches_count(s);
    ui_list_open(s, &list_matches, NULL);
    return SX_EXIT_DONE;
}

SxExit
cmd_messages(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    ui_list_open(s, &list_messages, NULL);
    return SX_EXIT_DONE;
}

SxExit
cmd_palette(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    ui_list_open(s, &list_palette, NULL);
    return SX_EXIT_DONE;
}

/* c: as vi's; the cut is one step, typing the next */
SxExit
cmd_cut_insert(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    SxExit exit = session_run(s, "cut", false, err);
    if (exit == SX_EXIT_DONE)
        ui_mode_set(s, SX_MODE_INSERT);
    return exit;
}
