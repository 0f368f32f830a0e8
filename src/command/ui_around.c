/*
 * ui_around.c - behind the first frames: what earlier sessions left of files that are not open. To say what a journal
 * has it is played, and it may be long, or lie on a disk that does not answer: a worker looks.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/recover.h"
#include "command/ui.h"

/* What the worker is asked, and what it found. */
typedef struct Around {
    char *state_dir;
    int64_t oldest; /* what was left before goes; seconds since 1970 */
    SxJournalInfo *list;
    size_t count;
} Around;

static void
around_free(void *data)
{
    Around *a = data;
    sx_journal_list_free(a->list, a->count);
    free(a->state_dir);
    free(a);
}

static void
around_run(void *data, SxJob *job)
{
    Around *a = data;
    (void)job;
    sx_journal_expire(a->state_dir, a->oldest);
    if (!sx_journal_list(a->state_dir, NULL, &a->list, &a->count, NULL))
        a->count = 0;
}

static void
around_start(SxSession *s)
{
    struct Ui *ui = s->ui;
    Around *a = calloc(1, sizeof *a);
    if (a)
        *a = (Around){.state_dir = strdup(s->options.state_dir),
                      .oldest = (int64_t)time(NULL) - (int64_t)ui->options.journaldays * 86400};
    if (!a || !a->state_dir) {
        free(a);
        return;
    }
    ui->around = a;
    if (!task_start(&ui->looking, around_run, a, around_free, s->options.wake, s->options.data, NULL))
        ui->looking = NULL;
}

static void
tell_torn(SxSession *s, const SxJournalInfo *info)
{
    char when[16], name[48], printable[512];
    const char *slash = strrchr(info->path, '/');
    const char *base = slash ? slash + 1 : info->path;
    for (size_t i = 0; i < s->n_tabs; i++)
        if (s->tabs[i]->offered && sx_document_look(s->tabs[i]->document))
            return; /* it is being looked at */
    sx_text_printable(printable, sizeof printable, sx_bytes(base, strlen(base)), SX_PRINTABLE_UTF8);
    ui_badf(s, "%s: a write stopped half-way at %s; open it to finish or go back",
            sx_text_middle(name, sizeof name, printable, 24), waiting_time(info->time, when, sizeof when));
}

static void
around_tell(SxSession *s)
{
    const Around *a = s->ui->around;
    for (size_t i = 0; i < a->count && !ui_question_on(s); i++)
        if (a->list[i].state == SX_JOURNAL_TORN)
            tell_torn(s, &a->list[i]);
}

void
ui_around_clear(SxSession *s)
{
    task_drop(s->ui->looking);
    s->ui->looking = NULL;
    s->ui->around = NULL;
}

int
ui_around_tick(SxSession *s)
{
    enum { QUIET = 700 };
    struct Ui *ui = s->ui;
    if (ui->looking && task_done(ui->looking)) {
        around_tell(s);
        ui_around_clear(s);
    }
    if (ui->looked_around || !s->options.state_dir)
        return -1;
    uint64_t now = ui_now();
    ui->look_at = ui->look_at ? ui->look_at : now + QUIET;
    if (now < ui->look_at)
        return (int)(ui->look_at - now);
    ui->looked_around = true;
    around_start(s);
    return -1;
}
