/* run.c - a command line: its name, its arguments, what it may do now, and what is said when it fails. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "command/session_private.h"
#include "command/words.h"

enum { DEPTH_MAX = 16 };

/* --- outcomes -------------------------------------------------------------------------------------------------- */

SxExit
outcome(bool ok, const SxError *err)
{
    if (ok)
        return SX_EXIT_DONE;
    switch (err->code) {
    case SX_ERR_SYNTAX:
    case SX_ERR_UNKNOWN:
        return SX_EXIT_USAGE;
    case SX_ERR_CANCELLED:
    case SX_ERR_LIMIT:
        return SX_EXIT_STOPPED;
    default:
        return SX_EXIT_FAILED;
    }
}

/* --- jobs ---------------------------------------------------------------------------------------------------------- */

SxJob *
session_job_begin(SxSession *s, const char *name)
{
    SxJob *job = sx_job_new();
    pthread_mutex_lock(&s->lock);
    s->job = job;
    s->job_name = name;
    if (s->cancelled)
        sx_job_cancel(job);
    pthread_mutex_unlock(&s->lock);
    return job;
}

void
session_job_end(SxSession *s)
{
    pthread_mutex_lock(&s->lock);
    SxJob *job = s->job;
    s->job = NULL;
    pthread_mutex_unlock(&s->lock);
    sx_job_free(job);
}

void
sx_session_cancel(SxSession *s)
{
    pthread_mutex_lock(&s->lock);
    s->cancelled = true;
    if (s->job)
        sx_job_cancel(s->job);
    pthread_mutex_unlock(&s->lock);
}

bool
sx_session_progress(SxSession *s, char *what, size_t size, SxProgress *out)
{
    pthread_mutex_lock(&s->lock);
    bool running = s->job != NULL;
    if (running) {
        *out = sx_job_progress(s->job);
        sx_text_printable(what, size, sx_bytes(s->job_name, strlen(s->job_name)), 0);
    }
    pthread_mutex_unlock(&s->lock);
    return running;
}

static bool
was_cancelled(SxSession *s)
{
    pthread_mutex_lock(&s->lock);
    bool cancelled = s->cancelled;
    if (s->hooks) /* on the screen C-c means the command that runs; in batch the whole run */
        s->cancelled = false;
    pthread_mutex_unlock(&s->lock);
    return cancelled && !s->hooks;
}

/* --- reading the name ---------------------------------------------------------------------------------------------- */

typedef struct Line {
    const Command *command;
    bool force;
    SxBytes name; /* as typed */
    SxBytes args;
    char *owned; /* what `args` points to where it is not the line itself */
} Line;

static size_t
name_length(SxBytes text)
{
    size_t n = 0;
    while (n < text.len && (isalnum(text.data[n]) || text.data[n] == '-'))
        n++;
    return n && isalpha(text.data[0]) ? n : 0;
}

static bool
ambiguous(SxBytes name, SxError *err)
{
    SxString names = {0};
    for (size_t i = 0; i < n_commands && names.len < 120; i++)
        if (strncmp(commands[i].name, (const char *)name.data, name.len) == 0)
            sx_string_addf(&names, " %s", commands[i].name);
    (void)sx_fail(err, SX_ERR_UNKNOWN, ":%.*s: may be any of%s", (int)name.len, (const char *)name.data,
                  sx_string(&names));
    sx_string_clear(&names);
    return false;
}

/* M31 */
static bool
unknown(SxBytes name, size_t hits, SxError *err)
{
    if (hits > 1)
        return ambiguous(name, err);
    const char *near = command_near((const char *)name.data, name.len);
    return sx_fail(err, SX_ERR_UNKNOWN, ":%.*s: no such command; %s%s", (int)name.len, (const char *)name.data,
                   near ? near : "help lists them", near ? "?" : "");
}

/* A line that is no command may be an expression, an offset to go to: what begins with no letter always is. */
static bool
is_offset(SxSession *s, SxBytes text, bool script)
{
    SxScope scope = session_scope(s, script);
    SxError why;
    SxValue value;
    return name_length(text) == 0 || sx_expression(text, &scope, &value, NULL, &why) || why.code == SX_ERR_RANGE;
}

static bool
read_name(SxSession *s, SxBytes text, bool script, Line *out, SxError *err)
{
    size_t n = name_length(text), hits = 0;
    const char *name = (const char *)text.data;
    out->name = sx_bytes(name, n ? n : word_length(text));
    if (n)
        out->command = script ? command_find(name, n) : command_begins(name, n, &hits);
    size_t bang = n < text.len && text.data[n] == '!';
    bool whole = n + bang == text.len || blank(text.data[n + bang]);
    if (out->command && whole) {
        out->force = bang;
        out->args = from(text, n + bang);
        return true;
    }
    if (is_offset(s, text, script)) {
        out->command = command_find("goto", 4);
        out->name = sx_bytes("goto", 4);
        out->args = text;
        return true;
    }
    if (n && !whole && out->command)
        return sx_fail_at(err, n + 1, ":%.*s: its arguments begin behind a space", (int)n, name);
    return unknown(out->name, hits, err);
}

/* "?a/b?i" as "/a\\/b/i", yours to free(). */
static char *
with_slashes(SxBytes text)
{
    char *out = malloc(2 * text.len + 2);
    size_t n = 0, i = 1;
    if (!out)
        return NULL;
    out[n++] = '/';
    for (; i < text.len && text.data[i] != '?'; i++) {
        if (text.data[i] == '/')
            out[n++] = '\\';
        if (text.data[i] == '\\' && i + 1 < text.len)
            out[n++] = (char)text.data[i++];
        out[n++] = (char)text.data[i];
    }
    out[n++] = '/';
    for (i++; i < text.len; i++)
        out[n++] = (char)text.data[i];
    out[n] = '\0';
    return out;
}

/* /PATTERN/ and ?PATTERN? */
static bool
read_search(SxBytes text, Line *out)
{
    if (text.data[0] != '/' && text.data[0] != '?')
        return false;
    bool back = text.data[0] == '?';
    const char *name = back ? "search-back" : "search";
    out->command = command_find(name, strlen(name));
    out->name = sx_bytes(name, strlen(name));
    out->args = text;
    out->owned = back ? with_slashes(text) : NULL;
    if (out->owned)
        out->args = sx_bytes(out->owned, strlen(out->owned));
    return true;
}

static SxBytes
trimmed(const char *line)
{
    SxBytes text = sx_bytes(line, strcspn(line, "\r\n"));
    size_t skip = blanks(text, 0);
    if (skip < text.len && text.data[skip] == ':')
        skip += 1 + blanks(text, skip + 1);
    text = from(text, skip);
    while (text.len && blank(text.data[text.len - 1]))
        text.len--;
    return text;
}

/* --- running -------------------------------------------------------------------------------------------------------- */

static bool
allowed(SxSession *s, const Line *line, SxError *err)
{
    const Command *c = line->command;
    if (line->force && !(c->flags & CMD_BANG))
        return sx_fail(err, SX_ERR_SYNTAX, "%s! means nothing more than %s: it never asks", c->name, c->name);
    if ((c->flags & CMD_SCREEN) && !s->hooks)
        return sx_fail(err, SX_ERR_UNKNOWN, "%s needs a screen", c->name);
    Tab *tab = session_tab(s);
    if ((c->flags & CMD_EDITS) && sx_document_access(tab->document) == SX_ACCESS_READ)
        return sx_fail(err, SX_ERR_READONLY, "%s is READ, nothing changed. :access copy edits in memory",
                       *tab->name ? tab->name : "it");
    return true;
}

static SxExit
dispatch(SxSession *s, const Command *c, const Args *args, SxError *err)
{
    SxExit exit;
    if (s->hooks && s->hooks->run && s->hooks->run(s, c, args, &exit, err))
        return exit;
    return c->run(s, args, err);
}

static void
remember(SxSession *s, const Line *line, const char *text)
{
    if (!(line->command->flags & CMD_REPEATS) || s->depth > 1)
        return;
    free(s->repeat);
    s->repeat = strdup(text);
}

/* Whatever a command cut off, the cursor stays in the document. */
static void
clip_cursor(SxDocument *d)
{
    uint64_t length = sx_document_length(d);
    if (sx_document_tell(d) > length)
        (void)sx_document_seek_to(d, length, NULL);
}

static SxExit
run_command(SxSession *s, const Line *line, const char *text, bool script, SxError *err)
{
    Args args;
    SxScope scope = session_scope(s, script);
    const Command *c = line->command;
    if (!allowed(s, line, err) || !args_parse(&args, c->name, c->args, line->args, &scope, err))
        return outcome(false, err);
    args.force = line->force;
    SxDocument *document = session_document(s);
    uint64_t before = scope.cursor;
    SxExit exit = dispatch(s, c, &args, err);
    args_clear(&args);
    clip_cursor(session_document(s));
    bool moved = document == session_document(s) && sx_document_tell(document) != before;
    if ((c->flags & CMD_JUMPS) && moved)
        jumps_add(&session_tab(s)->jumps, before);
    if (exit == SX_EXIT_DONE)
        remember(s, line, text);
    return exit;
}

static SxExit
run_line(SxSession *s, SxBytes text, const char *whole, bool script, SxError *err)
{
    Line line = {0};
    char name[32];
    s->said = false;
    bool read = read_search(text, &line) || read_name(s, text, script, &line, err);
    const char *outer = s->running;
    (void)sx_text_printable(name, sizeof name, line.name, SX_PRINTABLE_UTF8);
    s->running = read ? line.command->name : name;
    SxExit exit = read ? run_command(s, &line, whole, script, err) : outcome(false, err);
    if (exit != SX_EXIT_DONE && err->code != SX_OK && !s->said) {
        session_complain(s, err->text);
        s->said = true; /* not again by the `try` or the script around it */
    }
    s->running = outer;
    free(line.owned);
    return exit;
}

SxExit
session_run(SxSession *s, const char *line, bool script, SxError *err)
{
    SxBytes text = trimmed(line);
    if (text.len == 0 || text.data[0] == '#')
        return SX_EXIT_DONE;
    if (was_cancelled(s)) {
        (void)sx_fail(err, SX_ERR_CANCELLED, "cancelled");
        return SX_EXIT_STOPPED;
    }
    if (s->depth == DEPTH_MAX) {
        (void)sx_fail(err, SX_ERR_LIMIT, "scripts and `try` go %d deep at most", DEPTH_MAX);
        return SX_EXIT_STOPPED;
    }
    if (s->depth++ == 0)
        s->screen_rows = 0;
    SxExit exit = run_line(s, text, line, script, err);
    s->depth--;
    return exit;
}

SxExit
sx_session_run(SxSession *s, const char *line, bool script, SxError *err)
{
    SxError own = {0};
    err = err ? err : &own;
    *err = (SxError){0};
    if (ui_busy(s))
        return outcome(sx_fail(err, SX_ERR_BUSY, "another command runs"), err);
    s->said = false;
    SxExit exit = session_run(s, line, script, err);
    if (exit != SX_EXIT_DONE && err->code != SX_OK && !s->said)
        session_complain(s, err->text);
    return exit;
}
