/*
 * ui_busy.c - commands that may last run in a worker, while the screen shows their progress and C-c cancels them.
 *
 * The session belongs to one thread at a time: while the worker has it, the screen's thread touches nothing of it but
 * its job, the last frame and what stands here. Most commands are done before anybody could see that.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/scaled.h"
#include "command/ui.h"

enum { BLINK_MS = 30, STUCK_MS = 1000 };

typedef struct Run {
    SxSession *session;
    char *line;
    SxExit exit;
} Run;

static void
run_free(void *p)
{
    Run *r = p;
    free(r->line);
    free(r);
}

static void
run(void *p, SxJob *job)
{
    Run *r = p;
    SxError err = {0};
    (void)job; /* the command makes its own, which sx_session_cancel reaches */
    r->exit = session_run(r->session, r->line, false, &err);
}

bool
ui_busy(const SxSession *s)
{
    return s->ui && s->ui->busy.task;
}

/* What reads or writes more than a few bytes, or asks the file system. */
static bool
may_last(const Command *c)
{
    static CommandRun *const lasting[] = {
        cmd_next, cmd_previous, cmd_findall, cmd_count, cmd_replace, cmd_narrow, cmd_mark_matches,
        cmd_follow_pointer, cmd_assign, cmd_insert, cmd_fill, cmd_xor, cmd_and, cmd_or, cmd_add, cmd_rotate, cmd_not,
        cmd_reverse, cmd_swap, cmd_move, cmd_resize, cmd_delete, cmd_put, cmd_paste, cmd_cut, cmd_copy, cmd_slice,
        cmd_dump, cmd_read, cmd_readline, cmd_write_range, cmd_write_changes, cmd_flush, cmd_advise, cmd_reload, cmd_differences, cmd_access, cmd_reread, cmd_revert, cmd_export, cmd_import, cmd_undo,
        cmd_redo, cmd_earlier, cmd_later, cmd_repeat, cmd_source, cmd_try, cmd_edit, cmd_info, cmd_print, cmd_byte,
    };
    for (size_t i = 0; c && i < sizeof lasting / sizeof *lasting; i++) {
        if (lasting[i] == c->run)
            return true;
    }
    return false;
}

bool
ui_may_last(const char *line)
{
    size_t hits;
    size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz-");
    return name > 0 && may_last(command_begins(line, name, &hits));
}

static SxExit
done(SxSession *s)
{
    Busy busy = s->ui->busy;
    SxExit exit = ((Run *)busy.run)->exit;
    s->ui->busy = (Busy){0};
    task_drop(busy.task);
    sx_snapshot_release(busy.frame);
    ui_ran(s);
    for (size_t i = 0; i < busy.n_ahead; i++) {
        SxEvent event = {.kind = SX_EVENT_KEY, .key = busy.ahead[i]};
        sx_session_event(s, &event);
    }
    return exit;
}

static SxExit
start(SxSession *s, const char *line)
{
    Busy *busy = &s->ui->busy;
    const struct UiTab *u = ui_tab(s);
    Run *r = calloc(1, sizeof *r);
    SxError err;
    if (r)
        *r = (Run){.session = s, .line = strdup(line)};
    if (!r || !r->line) {
        free(r);
        ui_badf(s, "no memory for a worker");
        return SX_EXIT_FAILED;
    }
    snprintf(busy->name, sizeof busy->name, "%.*s", (int)strcspn(line, " "), line);
    busy->began = ui_now();
    busy->run = r;
    busy->frame = u->frame ? sx_snapshot_retain(u->frame) : NULL;
    if (!task_start(&busy->task, run, r, run_free, s->options.wake, s->options.data, &err)) {
        sx_snapshot_release(busy->frame);
        *busy = (Busy){0};
        ui_say(s, true, err.text);
        return SX_EXIT_FAILED;
    }
    if (task_wait(busy->task, BLINK_MS))
        return done(s);
    return SX_EXIT_DONE;
}

/* Run the line in a worker; inside a blink its result is there when this returns. */
SxExit
ui_busy_run(SxSession *s, const char *line)
{
    return start(s, line);
}

void
ui_busy_unasked(SxSession *s, const char *line)
{
    start(s, line);
    s->ui->busy.unasked = ui_busy(s);
}

bool
ui_busy_tick(SxSession *s)
{
    Busy *busy = &s->ui->busy;
    if (!busy->task)
        return false;
    if (!task_done(busy->task))
        return true;
    done(s);
    return false;
}

bool
ui_abandoned(SxSession *s)
{
    enum { LAST_MS = 2000 };
    Busy *busy = &s->ui->busy;
    if (!busy->task)
        return false;
    sx_session_cancel(s);
    if (busy->abandoned || !task_wait(busy->task, LAST_MS))
        return true;
    done(s);
    return false;
}

/* Other keys wait until it has ended: none is lost, and a question that comes then throws them away. C-c and Esc cancel,
 * and with it what was typed ahead. Where that does not help, because a read hangs in a disk, q leaves all the same. */
void
ui_busy_event(SxSession *s, const SxEvent *event)
{
    Busy *busy = &s->ui->busy;
    if (event->kind != SX_EVENT_KEY)
        return;
    SxKey k = event->key;
    bool stuck = busy->cancelled && ui_now() - busy->cancelled > STUCK_MS;
    bool stops = sx_key_is(k, 'c', SX_MOD_CTRL) || sx_key_is(k, SX_KEY_ESC, 0);
    if (stops && (!busy->unasked || ui_now() - busy->began > STUCK_MS)) {
        sx_session_cancel(s);
        busy->cancelled = busy->cancelled ? busy->cancelled : ui_now();
        busy->n_ahead = 0;
    } else if (stuck && (sx_key_is(k, 'q', 0) || sx_key_is(k, SX_KEY_F1 + 9, 0))) {
        busy->abandoned = true;
    } else if (busy->n_ahead < BUSY_AHEAD) {
        busy->ahead[busy->n_ahead++] = k;
    }
}

/* The last frame with a new bottom line. */
const SxScreen *
ui_busy_screen(SxSession *s, unsigned width, unsigned height)
{
    struct Ui *ui = s->ui;
    Busy *busy = &ui->busy;
    SxProgress p = {0};
    char what[64], size[24];
    bool known = sx_session_progress(s, what, sizeof what, &p);
    busy->screen = ui->screen;
    busy->screen.popup = NULL; /* the worker may open and close lists */
    busy->screen.width = width ? width : 1;
    busy->screen.height = height ? height : 1;
    if (busy->cancelled && ui_now() - busy->cancelled > STUCK_MS)
        snprintf(busy->line, sizeof busy->line, "%s: waits for a read that does not come back. q leaves", busy->name);
    else if (busy->cancelled)
        snprintf(busy->line, sizeof busy->line, "%s: stopping ...", busy->name);
    else if (busy->unasked)
        snprintf(busy->line, sizeof busy->line, "writing what was typed into the file ...");
    else if (known && !p.total && p.done)
        snprintf(busy->line, sizeof busy->line, "%s %s (C-c stops)", busy->name,
                 sx_text_size(size, sizeof size, p.done));
    else if (known && p.total)
        snprintf(busy->line, sizeof busy->line, "%s %u%% (C-c stops)", busy->name, per_cent(p.done, p.total));
    else
        snprintf(busy->line, sizeof busy->line, "%s ... (C-c stops)", busy->name);
    busy->screen.line = (SxLine){.kind = SX_LINE_MESSAGE, .text = busy->line};
    return &busy->screen;
}
