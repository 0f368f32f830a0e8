/* ui_lists.c - the lists: what their rows say and what Enter does. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/line_help.h"
#include "command/ui.h"

/* --- help, palette, keys: made from the tables ------------------------------------------------------------------------- */

static const char *const groups[] = {"Move", "Find", "Change", "Select", "Mark", "File", "View", "Print", "Program"};

static bool
stands_for(const Keymap *map, const Bound *b, const Command *c, bool bare)
{
    size_t name = strcspn(b->command, " !");
    return (b->command[name] == '\0') == bare && command_find(b->command, name) == c && keymap_stands(map, b, b->modes);
}

/* As many as fit, those first that give the command no arguments. */
void
ui_keys_of(SxSession *s, const Command *c, char *buf, size_t size)
{
    size_t n = 0, used = 0;
    const Keymap *map = ui_keymap(s);
    const Bound *all = map ? keymap_all(map, &n) : NULL;
    buf[0] = '\0';
    for (size_t i = 0; i < 2 * n; i++) {
        const Bound *b = &all[i % n];
        char keys[32];
        if (!stands_for(map, b, c, i < n))
            continue;
        size_t len = sequence_print(keys, sizeof keys, &b->sequence);
        if (used + len + 2 >= size)
            return;
        used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? ", " : "", keys);
    }
}

static void
command_row(SxSession *s, List *l, size_t id)
{
    enum { ROOMY = 100, KEYS = 20, FEW_KEYS = 13 };
    char keys[KEYS];
    ui_keys_of(s, &commands[id], keys, s->ui->width < ROOMY ? FEW_KEYS : KEYS);
    ui_list_addf(l, id, "%s\t%s\t%s", commands[id].name, keys, commands[id].help);
}

static void
help_fill(SxSession *s, List *l)
{
    ui_list_add(l, 0, "\x01 Arrows, PgUp, PgDn look about. / finds. R types over, i inserts, Esc ends that.");
    ui_list_add(l, 0, "\x01 u undoes. :w writes, q leaves. Every key is a command, : takes any by its name.");
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        ui_list_addf(l, 0, "\x01 %s", groups[g]);
        for (size_t i = 0; i < n_commands; i++) {
            if (strcmp(commands[i].group, groups[g]) == 0)
                command_row(s, l, i);
        }
    }
    ui_list_add(l, 0, "\x01 More");
    ui_list_add(l, n_commands, "patterns\t\tWhat PATTERN may be, by examples (:help patterns)");
}

static void
explain(SxSession *s, List *l, uint64_t value)
{
    char line[64];
    (void)l;
    snprintf(line, sizeof line, "help %s", value < n_commands ? commands[value].name : "patterns");
    ui_run(s, line);
}

const ListKind list_help = {
    .title = "help: every command, its keys and what it does",
    .footer = "Enter explains  / filters  j k PgDn PgUp move  q closes",
    .fill = help_fill,
    .enter = explain,
};

static void
palette_fill(SxSession *s, List *l)
{
    for (size_t i = 0; i < n_commands; i++)
        command_row(s, l, i);
}

/* A command that needs arguments goes to the `:` line with its name. */
static void
palette_enter(SxSession *s, List *l, uint64_t value)
{
    const Command *c = &commands[value];
    char line[64];
    (void)l;
    bool needs = c->args && c->args[0] != '[';
    snprintf(line, sizeof line, "%s%s", c->name, needs ? " " : "");
    if (needs)
        ui_prompt_open(s, &prompt_command, line, NULL, NULL);
    else
        ui_run(s, line);
}

const ListKind list_palette = {
    .title = "palette: type to search, Enter runs",
    .footer = "arrows choose  Enter runs  Esc closes",
    .typing = true,
    .fill = palette_fill,
    .enter = palette_enter,
};

static void
keys_fill(SxSession *s, List *l)
{
    size_t n;
    const Keymap *map = ui_keymap(s);
    const Bound *all = map ? keymap_all(map, &n) : NULL;
    for (size_t i = 0; all && i < n; i++) {
        const Bound *b = &all[i];
        char keys[64], help[LINE_HELP];
        if (!b->command[0] || !keymap_stands(map, b, b->modes))
            continue;
        const Command *c = command_of_line(b->command);
        sequence_print(keys, sizeof keys, &b->sequence);
        ui_list_addf(l, c ? (uint64_t)(c - commands) : 0, "%s\t%s\t%s", keys, b->command,
                     line_help(c, b->command, help, sizeof help));
    }
}

const ListKind list_keys = {
    .title = "keys of this preset",
    .footer = "Enter explains  / filters  q closes",
    .fill = keys_fill,
    .enter = explain,
};

/* --- offsets -------------------------------------------------------------------------------------------------------------- */

void
ui_list_goto(SxSession *s, List *l, uint64_t at)
{
    char line[48];
    (void)l;
    snprintf(line, sizeof line, "goto 0x%" PRIx64, at);
    ui_run(s, line);
}

/* --- history ----------------------------------------------------------------------------------------------------------------- */

enum { LIST_MAX = 100000 };

static const char *
step_name(SxStepKind kind)
{
    static const char *const names[] = {"insert", "delete", "overwrite", "replace", "fill", "move", "resize", "many"};
    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "change";
}

static void
history_fill(SxSession *s, List *l)
{
    SxDocument *d = session_document(s);
    uint64_t count = sx_document_step_count(d), current = sx_document_step_current(d);
    ui_list_addf(l, 0, "0\t\t%s\t\t\t%s", "as it was opened", current == 0 ? "here" : "");
    uint64_t first = count > LIST_MAX ? count - LIST_MAX : 0;
    if (first > 0)
        ui_list_addf(l, first, "%" PRIu64 "\t\tthis and those before it: by :earlier and a number", first);
    for (uint64_t n = first + 1; n <= count; n++) {
        SxStep step;
        char when[32] = "";
        struct tm tm;
        if (!sx_document_step(d, n, &step))
            continue;
        time_t t = (time_t)step.time;
        if (localtime_r(&t, &tm))
            strftime(when, sizeof when, "%d %b %H:%M:%S", &tm);
        ui_list_addf(l, step.number, "%" PRIu64 "\t%s\t%s\t0x%" PRIx64 "\t%" PRIu64 " to %" PRIu64 "\t%s%s", step.number,
                     when, step_name(step.kind), step.at, step.removed, step.inserted, step.saved ? "saved  " : "",
                     step.number == current ? "here" : "");
    }
    for (size_t i = 0; i < l->n_rows; i++) {
        if (l->rows[i].value == current)
            l->current = i;
    }
}

static void
history_enter(SxSession *s, List *l, uint64_t number)
{
    char line[48];
    uint64_t now = sx_document_step_current(session_document(s));
    (void)l;
    if (number == now)
        ui_sayf(s, "state %" PRIu64 " is where you are; gu goes to any other", number);
    else
        snprintf(line, sizeof line, "%s %" PRIu64, number < now ? "earlier" : "later", number < now ? now - number : number - now);
    if (number != now)
        ui_run(s, line);
}

const ListKind list_history = {
    .follows = true,
    .title = "history: number, time, kind, offset, bytes",
    .footer = "Enter goes to that state  q closes",
    .fill = history_fill,
    .enter = history_enter,
};

/* --- marks, messages ----------------------------------------------------------------------------------------------------------- */

static void
marks_fill(SxSession *s, List *l)
{
    SxDocument *d = session_document(s);
    for (size_t i = 0; i < sx_document_mark_count(d); i++) {
        SxMark mark;
        if (!sx_document_mark_at(d, i, &mark))
            continue;
        char name[64], note[256];
        sx_text_printable(name, sizeof name, sx_bytes(mark.name, strlen(mark.name)), SX_PRINTABLE_UTF8);
        sx_text_printable(note, sizeof note, sx_bytes(mark.note, strlen(mark.note)), SX_PRINTABLE_UTF8);
        ui_list_addf(l, mark.span.at, "%s\t0x%" PRIx64 "\t%" PRIu64 "\t%s\t%s", name, mark.span.at, mark.span.len,
                     mark.colour, note);
    }
    if (l->n_rows == 0)
        ui_list_add(l, 0, "\x01 no marks yet: m and a letter marks the byte here");
}

const ListKind list_marks = {
    .title = "marks: name, offset, length, colour, note",
    .footer = "Enter goes there, n N walk on  / filters  q closes",
    .walk = "mark",
    .fill = marks_fill,
    .enter = ui_list_goto,
};

static void
messages_fill(SxSession *s, List *l)
{
    const struct Ui *ui = s->ui;
    size_t n = ui->n_said < MESSAGES_KEPT ? ui->n_said : MESSAGES_KEPT;
    for (size_t i = ui->n_said - n; i < ui->n_said; i++)
        ui_list_addf(l, 0, "%s", ui->said[i % MESSAGES_KEPT].text);
    if (n == 0)
        ui_list_add(l, 0, "\x01 nothing was said yet");
    else
        l->current = n - 1;
}

const ListKind list_messages = {
    .title = "messages, the newest last",
    .footer = "/ filters  q closes",
    .fill = messages_fill,
};
