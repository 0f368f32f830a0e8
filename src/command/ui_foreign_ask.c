/*
 * ui_foreign_ask.c - what has become of the files of all tabs: asked for by workers, told once.
 *
 * A tab that is not shown is told of in few words, and asks its question when the user comes to it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

/* Milliseconds. A file that is written all the time is not looked at more often than NOTICED_MS. What nobody tells of
 * (another machine, a mapping) is looked for often while somebody types, and less when nobody has for RESTING_MS. */
enum { NOTICED_MS = 20, LOOK_MS = 250, LOOK_RESTING_MS = 1000, HIDDEN_MS = 2000, RESTING_MS = 10000 };

static Seen *
seen_of(const Tab *tab)
{
    return &tab->ui->seen;
}

static bool
is_shown(SxSession *s, const Tab *tab)
{
    return tab == session_tab(s);
}

/* --- M21 ------------------------------------------------------------------------------------------------------------- */

static const char *
foreign_words(const Seen *seen, char *buf, size_t size, uint64_t was)
{
    char amount[24];
    uint64_t now = seen->said_size;
    sx_text_size(amount, sizeof amount, was > now ? was - now : now - was);
    buf[0] = '\0';
    switch (seen->said) {
    case SX_FOREIGN_SHORTER: snprintf(buf, size, "%s shorter, lost part ??", amount); break;
    case SX_FOREIGN_LONGER: snprintf(buf, size, "%s longer", amount); break;
    case SX_FOREIGN_REPLACED: snprintf(buf, size, "replaced by another file"); break;
    case SX_FOREIGN_DELETED: snprintf(buf, size, "deleted"); break;
    case SX_FOREIGN_WRITTEN:
        if (seen->n_fresh > 0)
            snprintf(buf, size, "%" PRIu64 " byte%s changed from 0x%" PRIx64 " on", seen->n_bytes,
                     seen->n_bytes == 1 ? "" : "s", seen->fresh[0].at);
        else
            snprintf(buf, size, "written by another program");
        break;
    case SX_FOREIGN_NONE: break;
    }
    return buf;
}

static void
foreign_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'd')
        ui_run(s, "differences");
    else if (key == 'r')
        ui_run(s, "reload");
}

static void
say_gone(SxSession *s, const Tab *tab, const char *name)
{
    switch (sx_document_kind(tab->document)) {
    case SX_KIND_BLOCK:
    case SX_KIND_CHAR:
        ui_badf(s, "%s: the device is gone. Changes stay; :w NAME saves what can be read", name);
        break;
    case SX_KIND_PROC:
        ui_badf(s, "%s: the process has ended. Changes stay; its memory is ??", name);
        break;
    case SX_KIND_FILE:
    case SX_KIND_MEMORY:
    case SX_KIND_STREAM:
        ui_badf(s, "%s on disk: deleted. What is here stays; :w makes it again", name);
        break;
    }
}

/* Of the tab that is shown. */
static void
say(SxSession *s, const Seen *seen)
{
    const Tab *tab = session_tab(s);
    char name[64], words[96];
    ui_name(tab, name, sizeof name);
    foreign_words(seen, words, sizeof words, sx_document_file_size(tab->document));
    bool follows = seen->said == SX_FOREIGN_WRITTEN && sx_document_access(tab->document) == SX_ACCESS_WRITE;
    if (seen->said == SX_FOREIGN_DELETED)
        say_gone(s, tab, name);
    else if (follows)
        ui_badf(s, "%s on disk: %s", name, words);
    else if (ui_at_rest(s) && (!ui_question_on(s) || s->ui->question.lightly))
        ui_ask_lightly(s, foreign_answered, "%s on disk: %s. [d]ifferences [r]eload Esc", name, words);
    else
        ui_badf(s, "%s on disk: %s. :differences :reload", name, words);
}

static void
say_hidden(SxSession *s, size_t index)
{
    const Tab *tab = s->tabs[index];
    char name[64], words[96];
    ui_name(tab, name, sizeof name);
    foreign_words(seen_of(tab), words, sizeof words, sx_document_file_size(tab->document));
    ui_badf(s, "%s on disk: %s. %zugt shows it", name, words, index + 1);
}

/* Told once, until it is another state or more is lost: a log that grows is no news each time. */
static bool
is_news(const Seen *seen, SxForeign kind, uint64_t size)
{
    if (kind == SX_FOREIGN_NONE)
        return false;
    if (kind != seen->said)
        return kind != SX_FOREIGN_WRITTEN || seen->said == SX_FOREIGN_NONE;
    return kind == SX_FOREIGN_SHORTER && size < seen->said_size;
}

static void
tell(SxSession *s, size_t index, SxForeign kind, uint64_t size)
{
    Seen *seen = seen_of(s->tabs[index]);
    seen->foreign = kind;
    if (!is_news(seen, kind, size))
        return;
    seen->said = kind;
    seen->said_size = size;
    seen->untold = !is_shown(s, s->tabs[index]);
    if (seen->untold)
        say_hidden(s, index);
    else
        say(s, seen);
}

void
ui_foreign_greet(SxSession *s)
{
    Seen *seen = seen_of(session_tab(s));
    bool untold = seen->untold && seen->foreign != SX_FOREIGN_NONE;
    seen->untold = false;
    if (untold)
        say(s, seen);
}

/* --- asking ---------------------------------------------------------------------------------------------------------- */

typedef struct FileAnswer {
    char *path;
    SxNotice *notice; /* to be told of the file from now on; NULL: that is so already */
    uint64_t id;
    SxSnapshot *snapshot; /* of which the visible part is looked at, too */
    SxSpan view;
    uint64_t generation;
    uint64_t asked;
    SxFileStat look;
} FileAnswer;

static void
answer_free(void *p)
{
    FileAnswer *a = p;
    sx_snapshot_release(a->snapshot);
    sx_notice_release(a->notice);
    free(a->path);
    free(a);
}

/* First the watch, then the look: what happens between is told. */
static void
answer_run(void *p, SxJob *job)
{
    FileAnswer *a = p;
    (void)job;
    if (a->notice)
        sx_notice_watch(a->notice, a->id, a->path);
    sx_file_stat(a->path, &a->look);
    if (a->snapshot)
        sx_source_look(sx_snapshot_source(a->snapshot), a->view);
}

/* Where something happened, the name may stand for another file by now. */
static SxNotice *
notice_for(SxSession *s, Seen *seen)
{
    struct Ui *ui = s->ui;
    if (seen->notice && !seen->noticed)
        return NULL;
    if (!ui->notice)
        ui->notice = sx_notice_new();
    if (ui->notice && !seen->notice) {
        seen->notice = sx_notice_retain(ui->notice);
        seen->id = ++ui->notices;
    }
    return sx_notice_retain(seen->notice);
}

/* One question at a time: where there is no answer, nobody asks again. */
static void
ask_file(SxSession *s, const Tab *tab, uint64_t now)
{
    FileAnswer *a = calloc(1, sizeof *a);
    Seen *seen = seen_of(tab);
    SxDocument *d = tab->document;
    char held[32];
    seen->asked = now;
    if (!a)
        return;
    *a = (FileAnswer){.path = strdup(sx_document_look_path(d, held, sizeof held)), .notice = notice_for(s, seen), .id = seen->id,
                      .snapshot = is_shown(s, tab) ? sx_document_snapshot(d) : NULL, .view = seen->span,
                      .generation = sx_document_generation(d), .asked = now};
    seen->noticed = false;
    if (!a->path)
        answer_free(a);
    else if (task_start(&seen->look, answer_run, a, answer_free, s->options.wake, s->options.data, NULL))
        seen->answer = a;
}

/* It takes what happens to its file when it is shown again. */
static bool
goes_along(const Tab *tab)
{
    return tab->ui->follow.on || tab->ui->watch.on;
}

/* What a look before our own edit said is not to be held against what we know now. */
static void
take_answer(SxSession *s, size_t index)
{
    const Tab *tab = s->tabs[index];
    Seen *seen = seen_of(tab);
    const FileAnswer *a = seen->answer;
    uint64_t size = 0;
    bool shown = is_shown(s, tab);
    bool stale = a->generation != sx_document_generation(tab->document) || ui_saving(s, tab) ||
                 (!shown && goes_along(tab));
    SxForeign kind = stale ? SX_FOREIGN_NONE : sx_document_foreign_by(tab->document, &a->look, &size);
    seen->answered = stale ? seen->answered : a->asked;
    task_drop(seen->look);
    seen->look = NULL;
    seen->answer = NULL;
    if (stale || (shown && (ui_follow_take(s, kind) || ui_watch_take(s, kind))))
        return;
    if (kind == SX_FOREIGN_NONE && seen->theirs && sx_document_access(tab->document) != SX_ACCESS_WRITE)
        kind = SX_FOREIGN_WRITTEN; /* through a mapping, which changes no time */
    tell(s, index, kind, size);
}

/* --- when ------------------------------------------------------------------------------------------------------------ */

static uint64_t
patience(SxSession *s, const Tab *tab)
{
    if (seen_of(tab)->noticed)
        return NOTICED_MS;
    if (!is_shown(s, tab))
        return HIDDEN_MS;
    return ui_now() - s->ui->event_at < RESTING_MS ? LOOK_MS : LOOK_RESTING_MS;
}

/* A tab that was not shown is asked about after its time, not while the program starts. */
static bool
is_due(SxSession *s, const Tab *tab, uint64_t now)
{
    Seen *seen = seen_of(tab);
    if (seen->asked == 0 && !is_shown(s, tab))
        seen->asked = now;
    return now - seen->asked >= patience(s, tab);
}

static void
watch_tab(SxSession *s, size_t index, uint64_t now)
{
    const Tab *tab = s->tabs[index];
    Seen *seen = seen_of(tab);
    if (seen->look && task_done(seen->look))
        take_answer(s, index);
    if (is_due(s, tab, now) && !seen->look)
        ask_file(s, tab, now);
}

static bool
is_watched(const Tab *tab)
{
    return sx_document_path(tab->document) && !tab->stuck;
}

static void
take_notices(SxSession *s, uint64_t now)
{
    struct Ui *ui = s->ui;
    uint64_t id;
    if (!ui->notice || now - ui->noticed_at < NOTICED_MS)
        return;
    while (sx_notice_next(ui->notice, &id)) {
        ui->noticed_at = now;
        for (size_t i = 0; i < s->n_tabs; i++)
            seen_of(s->tabs[i])->noticed |= id != 0 && seen_of(s->tabs[i])->id == id;
    }
}

int
sx_session_fd(const SxSession *s)
{
    const struct Ui *ui = s->ui;
    return ui_busy(s) || !ui->notice || ui_now() - ui->noticed_at < NOTICED_MS ? -1 : sx_notice_fd(ui->notice);
}

/* The loop draws after each tick; the frame peeks anew, so looking again at what is shown is all it takes. */
int
ui_foreign_tick(SxSession *s)
{
    uint64_t now = ui_now();
    uint64_t wait = UINT64_MAX;
    take_notices(s, now);
    ui_foreign_greet(s); /* by a click there comes no key */
    for (size_t i = 0; i < s->n_tabs; i++) {
        if (!is_watched(s->tabs[i]))
            continue;
        watch_tab(s, i, now);
        uint64_t own = patience(s, s->tabs[i]);
        wait = own < wait ? own : wait;
    }
    if (s->ui->notice && now - s->ui->noticed_at < NOTICED_MS && wait > NOTICED_MS)
        wait = NOTICED_MS;
    return wait == UINT64_MAX ? -1 : (int)wait;
}
