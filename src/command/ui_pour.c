/* ui_pour.c - see ui_pour.h. */
#include "command/ui_pour.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "command/ui.h"

enum { BLINK_MS = 60, LOOK_MS = 50 };

typedef struct Run {
    SxStream *stream;
    bool whole;
    SxError err;
} Run;

static void
run_free(void *p)
{
    Run *r = p;
    sx_stream_release(r->stream);
    free(r);
}

static void
run(void *p, SxJob *job)
{
    Run *r = p;
    r->whole = sx_stream_pour(r->stream, job, &r->err);
}

void
ui_pour_clear(SxSession *s)
{
    Pour *p = &s->ui->pour;
    task_drop(p->task);
    sx_stream_release(p->stream);
    free(p->position);
    *p = (Pour){0};
}

bool
ui_pour_on(SxSession *s)
{
    return s->ui->pour.task && s->ui->pour.of == session_document(s);
}

bool
ui_pour_later(SxSession *s, const char *position)
{
    Pour *p = &s->ui->pour;
    if (!ui_pour_on(s))
        return false;
    free(p->position);
    p->position = strdup(position);
    return true;
}

bool
ui_pour_cancel(SxSession *s)
{
    if (!ui_pour_on(s))
        return false;
    sx_job_cancel(task_job(s->ui->pour.task));
    return true;
}

const char *
ui_pour_job(SxSession *s, char *buf, size_t size)
{
    char amount[24];
    snprintf(buf, size, "%s %s", s->ui->pour.waits ? "waits at" : "reading", sx_text_size(amount, sizeof amount, sx_stream_length(s->ui->pour.stream)));
    return buf;
}

/* --- what has come -------------------------------------------------------------------------------------------------------- */

static const Tab *
tab_of(const SxSession *s, const SxDocument *d)
{
    size_t i = 0;
    while (s->tabs[i]->document != d)
        i++;
    return s->tabs[i];
}

static void
grow(SxSession *s)
{
    Pour *p = &s->ui->pour;
    SxError err = {0};
    if (sx_stream_length(p->stream) <= sx_document_file_size(p->of))
        return;
    bool stay = p->of == session_document(s) && ui_follow_at_end(s);
    if (!sx_document_grow(p->of, p->stream, &err)) {
        ui_badf(s, "%s", err.text);
        sx_job_cancel(task_job(p->task));
    } else if (stay) {
        ui_follow_to_end(s);
    }
}

void
ui_pour_more(SxSession *s)
{
    Pour *p = &s->ui->pour;
    if (!ui_pour_on(s))
        return;
    p->limit = sx_stream_length(p->stream) + s->ui->options.ahead;
    p->waits = false;
    sx_stream_limit(p->stream, p->limit);
}

/* Who stands at the end of what has come wants the rest, and so does who follows or waits for a place in it. */
static bool
is_wanted(SxSession *s)
{
    return s->ui->pour.position || ui_follow_on(s) || sx_document_tell(session_document(s)) >= ui_last(s);
}

static void
wait_or_go_on(SxSession *s)
{
    Pour *p = &s->ui->pour;
    char name[64], size[24];
    if (!ui_pour_on(s) || sx_stream_length(p->stream) < p->limit)
        return;
    if (is_wanted(s)) {
        ui_pour_more(s);
    } else if (!p->waits) {
        p->waits = true;
        sx_text_size(size, sizeof size, sx_stream_length(p->stream));
        ui_sayf(s, "%s: %s have come, the rest waits; G reads on, C-c ends", ui_name(session_tab(s), name, sizeof name), size);
    }
}

static void
end(SxSession *s)
{
    Pour *p = &s->ui->pour;
    const Run *r = p->run;
    char name[64], size[24], *position = p->position;
    bool shown = ui_pour_on(s), cancelled = sx_job_cancelled(task_job(p->task));
    ui_name(tab_of(s, p->of), name, sizeof name);
    sx_text_size(size, sizeof size, sx_document_length(p->of));
    if (!r->whole)
        ui_badf(s, "%s: %s; %s have come", name, r->err.text, size);
    else if (cancelled)
        ui_sayf(s, "%s: stopped; %s have come", name, size);
    if (sx_document_access(p->of) == SX_ACCESS_READ && s->options.access != SX_ACCESS_READ)
        (void)sx_document_set_access(p->of, SX_ACCESS_COPY, SX_PENDING_REFUSE, NULL);
    p->position = NULL;
    ui_pour_clear(s);
    if (position && shown)
        sx_session_begin_at(s, position);
    free(position);
}

int
ui_pour_tick(SxSession *s)
{
    Pour *p = &s->ui->pour;
    if (!p->task)
        return -1;
    bool over = task_done(p->task);
    grow(s);
    if (over)
        end(s);
    else
        wait_or_go_on(s);
    ui_settle(s);
    return over ? -1 : LOOK_MS;
}

/* --- the beginning -------------------------------------------------------------------------------------------------------- */

static bool
pour(SxSession *s, int fd, const char *name, SxError *err)
{
    Pour *p = &s->ui->pour;
    Run *r = calloc(1, sizeof *r);
    if (!r)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read '%s'", name);
    if (!sx_stream_new(&p->stream, fd, name, err)) {
        free(r);
        return false;
    }
    r->stream = sx_stream_retain(p->stream);
    p->limit = s->ui->options.ahead;
    sx_stream_limit(p->stream, p->limit);
    p->run = r;
    if (!task_start(&p->task, run, r, run_free, s->options.wake, s->options.data, err))
        return false;
    task_wait(p->task, BLINK_MS); /* most pipes are whole by then */
    return true;
}

bool
ui_open_stream(SxSession *s, int fd, const char *name, SxError *err)
{
    Pour *p = &s->ui->pour;
    SxDocumentOptions o = session_document_options(s);
    SxDocument *d = NULL;
    char shown[64];
    if (p->task)
        return sx_fail(err, SX_ERR_BUSY, "one pipe is read at a time");
    bool ok = pour(s, fd, name, err) && sx_document_open_flow(&d, p->stream, name, &o, err);
    if (ok && !session_add(s, d, name, err)) {
        sx_document_free(d, false);
        ok = false;
    }
    if (!ok) {
        ui_pour_clear(s);
        return false;
    }
    p->of = d;
    ui_tab(s)->text.piped = true;
    if (task_done(p->task))
        (void)ui_pour_tick(s);
    else
        ui_sayf(s, "reading %s: what comes is shown, C-c stops", ui_name(session_tab(s), shown, sizeof shown));
    return true;
}
