/*
 * ui_message.c - what the message line says: question, prompt, half-typed keys, messages, the state of a mode, hints.
 *
 * A message stays until a key comes after it could be read, or for MESSAGE_MS; then what stands below it comes back.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

enum { MESSAGE_MS = 8000, READABLE_MS = 1200 };

void
ui_say(SxSession *s, bool bad, const char *text)
{
    struct Ui *ui = s->ui;
    UiMessage *m = &ui->said[ui->n_said % MESSAGES_KEPT];
    char *copy = strdup(text);
    if (!copy)
        return;
    free(m->text);
    *m = (UiMessage){copy, bad};
    ui->n_said++;
    ui->said_at = ui_now();
    ui->said_visible = true;
}

SX_PRINTF(3, 0) static void
say_list(SxSession *s, bool bad, const char *fmt, va_list list)
{
    char text[SX_ERROR_TEXT];
    vsnprintf(text, sizeof text, fmt, list);
    ui_say(s, bad, text);
}

void
ui_sayf(SxSession *s, const char *fmt, ...)
{
    va_list list;
    va_start(list, fmt);
    say_list(s, false, fmt, list);
    va_end(list);
}

void
ui_badf(SxSession *s, const char *fmt, ...)
{
    va_list list;
    va_start(list, fmt);
    say_list(s, true, fmt, list);
    va_end(list);
}

void
ui_unsay(SxSession *s)
{
    struct Ui *ui = s->ui;
    if (ui->n_said == 0)
        return;
    ui->n_said--;
    free(ui->said[ui->n_said % MESSAGES_KEPT].text);
    ui->said[ui->n_said % MESSAGES_KEPT] = (UiMessage){0};
}

void
ui_message_touch(SxSession *s)
{
    if (ui_now() - s->ui->said_at >= READABLE_MS)
        s->ui->said_visible = false;
}

/* Milliseconds until the message goes by itself, -1: none is there. */
int
ui_message_left(SxSession *s)
{
    struct Ui *ui = s->ui;
    if (!ui->said_visible)
        return -1;
    uint64_t age = ui_now() - ui->said_at;
    if (age < MESSAGE_MS)
        return (int)(MESSAGE_MS - age);
    ui->said_visible = false;
    return 0;
}

const char *
ui_name(const Tab *tab, char *buf, size_t size)
{
    enum { CELLS = 24 };
    const char *name = sx_document_name(tab->document);
    char printable[512];
    if (!name || !name[0])
        return tab->name ? tab->name : "unnamed";
    sx_text_printable(printable, sizeof printable, sx_bytes(name, strlen(name)), SX_PRINTABLE_UTF8);
    return sx_text_middle(buf, size, printable, CELLS);
}

/* --- what a command prints -------------------------------------------------------------------------------------------- */

void
ui_result(SxSession *s, const char *line)
{
    struct Ui *ui = s->ui;
    if (ui->n_results++ > 0)
        sx_string_add(&ui->results, "\n");
    sx_string_add(&ui->results, line);
}

static void
tabs_to_blanks(char *text)
{
    for (; *text; text++) {
        if (*text == '\t')
            *text = ' ';
    }
}

/* One line is a message, more are a list. */
void
ui_results_show(SxSession *s)
{
    struct Ui *ui = s->ui;
    if (ui->n_results == 1 && ui->results.data) {
        tabs_to_blanks(ui->results.data);
        ui_say(s, false, ui->results.data);
    } else if (ui->n_results > 1) {
        ui_list_text(s, "results", sx_string(&ui->results));
    }
    sx_string_clear(&ui->results);
    ui->n_results = 0;
}

/* --- the line ----------------------------------------------------------------------------------------------------------- */

static void
prompt_line(SxSession *s, SxLine *out)
{
    Prompt *p = &s->ui->prompt;
    p->kind->describe(s, p);
    *out = (SxLine){.kind = SX_LINE_PROMPT,
                    .label = p->label,
                    .text = line_text(&p->line),
                    .cursor = p->line.cursor,
                    .right = p->right[0] ? p->right : NULL,
                    .right_bad = p->right_bad};
}

static const char *
await_text(const UiInput *in)
{
    switch (in->await) {
    case AWAIT_COMMAND: return strncmp(in->line, "mark", 4) == 0 ? "mark: a letter names it" : "go to mark: its letter";
    case AWAIT_REGISTER: return "register: a letter, then y d p P";
    case AWAIT_LITERAL: return "literal: the next key as it is";
    case AWAIT_BYTE: return "replace: two digits, or a character in the text column";
    case AWAIT_FILL: return "fill: two digits, or a character in the text column";
    case AWAIT_NONE:
    case AWAIT_DROP:
    case AWAIT_TORN: break;
    }
    return "";
}

/* "count 75 (R types over bytes, i inserts)", "3g", "r 7_" */
static bool
input_line(SxSession *s, char *buf, size_t size)
{
    const UiInput *in = &s->ui->input;
    char keys[64] = "";
    if (in->await != AWAIT_NONE) {
        if (in->has_nibble)
            snprintf(buf, size, "%s: %x_", in->await == AWAIT_FILL ? "fill" : "replace", in->nibble);
        else
            snprintf(buf, size, "%s", await_text(in));
        return buf[0] != '\0';
    }
    if (in->pending.count > 0)
        sequence_print(keys, sizeof keys, &in->pending);
    if (in->has_count && !keys[0])
        snprintf(buf, size, "count %llu (R types over bytes, i inserts)", (unsigned long long)in->count);
    else if (in->has_count)
        snprintf(buf, size, "%llu%s", (unsigned long long)in->count, keys);
    else if (keys[0])
        snprintf(buf, size, "%s", keys);
    return in->has_count || keys[0];
}

static const char *
mode_line(SxSession *s, char *buf, size_t size)
{
    const Tab *tab = session_tab(s);
    const struct UiTab *u = tab->ui;
    if (s->ui->options.speak)
        return "";
    switch (u->mode) {
    case SX_MODE_OVERWRITE:
    case SX_MODE_INSERT:
        if (!s->ui->options.hints)
            return "";
        snprintf(buf, size, "%s: %s, Esc ends. %s", u->mode == SX_MODE_INSERT ? "INSERT" : "OVERWRITE",
                 u->text.on ? "characters, Enter: a line end" : "two digits a byte, Tab: text",
                 sx_document_access(tab->document) == SX_ACCESS_WRITE ? "The file changes at once"
                                                                      : "File untouched until :w");
        return buf;
    case SX_MODE_SELECT:
    case SX_MODE_BROWSE: break;
    }
    if (!tab->has_selection || tab->selection.len == 0)
        return "";
    snprintf(buf, size, "sel 0x%llx:0x%llx, %llu byte%s. y copy  d cut  r fill  ; note  v keep  Esc drop",
             (unsigned long long)tab->selection.at, (unsigned long long)sx_span_end(tab->selection),
             (unsigned long long)tab->selection.len, tab->selection.len == 1 ? "" : "s");
    return buf;
}

static const char *
hint_line(SxSession *s)
{
    if (s->ui->list || !s->ui->options.hints || s->ui->options.speak || s->ui->commands_used >= HINTS_UNTIL)
        return "";
    SxDocument *d = session_document(s);
    if (ui_tab(s)->text.piped && sx_document_length(d) == 0)
        return ui_pour_on(s) ? "" : "stdin is empty. :e NAME opens a file, i types, q leaves";
    if (!sx_document_path(d) && sx_document_length(d) == 0)
        return "No file. :e NAME opens one, i types, :w NAME writes";
    return "Arrows look  / find  R type over  u undo  :w write  q leave  F1 help";
}

/* What runs in the background. */
static bool
job_line(SxSession *s, char *buf, size_t size)
{
    char status[64];
    return ui_save_progress(s, status, sizeof status, buf, size) || ui_find_progress(s, status, sizeof status, buf, size) ||
           ui_filter_progress(s, status, sizeof status, buf, size);
}

/* What nobody asked for leaves the answer to what the user did on the line until it could be read. */
static bool
question_waits(SxSession *s)
{
    const struct Ui *ui = s->ui;
    return ui->question.lightly && ui->said_visible && ui_now() - ui->said_at < READABLE_MS;
}

void
ui_line(SxSession *s, SxLine *out)
{
    struct Ui *ui = s->ui;
    static const SxLineKind kinds[] = {SX_LINE_MESSAGE, SX_LINE_BAD};
    const UiMessage *newest = ui->n_said ? &ui->said[(ui->n_said - 1) % MESSAGES_KEPT] : NULL;
    char *buf = ui->line_buf;
    size_t size = sizeof ui->line_buf;
    *out = (SxLine){.kind = SX_LINE_MESSAGE};
    buf[0] = '\0';
    ui->question.armed = ui_question_on(s) && !question_waits(s);
    if (ui->question.armed) {
        *out = (SxLine){.kind = SX_LINE_QUESTION, .text = ui_question_text(s)};
    } else if (ui_prompt_on(s)) {
        prompt_line(s, out);
    } else if (input_line(s, buf, size)) {
        out->text = buf;
    } else if (ui->said_visible && newest) {
        *out = (SxLine){.kind = kinds[newest->bad], .text = newest->text};
    } else if (job_line(s, buf, size)) {
        out->text = buf;
    } else {
        out->text = mode_line(s, buf, size);
        if (!out->text[0])
            *out = (SxLine){.kind = SX_LINE_HINT, .text = hint_line(s)};
    }
}
