/* ui_save.c - see ui_save.h. */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/scaled.h"
#include "command/ui.h"

enum {
    BLINK_MS = 40,
    LEAVE_MS = 2000, /* a write that was cancelled has so long to end */
};
/* A copy of less than this is not worth a question. */
#define ASK_FROM (UINT64_C(256) << 20)

/* What a question about a write remembers. */
typedef struct SaveAsk {
    char *path;
    unsigned flags;
    SaveThen then;
} SaveAsk;

static void
save_ask_free(void *p)
{
    SaveAsk *a = p;
    free(a->path);
    free(a);
}

static SaveAsk *
save_ask(const char *path, unsigned flags, SaveThen then)
{
    SaveAsk *a = calloc(1, sizeof *a);
    if (a)
        *a = (SaveAsk){path ? strdup(path) : NULL, flags, then};
    return a;
}

bool
ui_saving(const SxSession *s, const Tab *tab)
{
    const Saving *saving = &s->ui->saving;
    return saving->task && (!tab || saving->tab == tab);
}

/* --- what is said --------------------------------------------------------------------------------------------------------- */

static void
say_saved(SxSession *s, const Saving *saving, const SxSaved *saved)
{
    char name[64], words[160];
    ui_sayf(s, "%s", saved_words(saved, ui_name(saving->tab, name, sizeof name), words, sizeof words));
}

static const char *
owner_of(const char *path, char *buf, size_t size)
{
    struct stat st;
    if (!path || stat(path, &st) != 0 || st.st_uid == geteuid())
        return NULL;
    struct passwd entry, *found = NULL;
    char room[1024];
    if (getpwuid_r(st.st_uid, &entry, room, sizeof room, &found) == 0 && found)
        snprintf(buf, size, "%s", found->pw_name);
    else
        snprintf(buf, size, "user %u", (unsigned)st.st_uid);
    return buf;
}

/* --- questions a write may raise -------------------------------------------------------------------------------------------- */

static bool
elsewhere(SxSession *s, const char *text)
{
    SxError err = {0};
    ui_save(s, text, 0, SAVE_THEN_STAY, false, &err);
    if (err.code != SX_OK)
        ui_say(s, true, err.text);
    return true;
}

static void
ask_elsewhere(SxSession *s)
{
    ui_prompt_ask(s, "write to: ", "", elsewhere);
}

static void
again(SxSession *s, const SaveAsk *a, unsigned flags)
{
    SxError err = {0};
    ui_save(s, a->path, a->flags | flags, a->then, true, &err);
    if (err.code != SX_OK)
        ui_say(s, true, err.text);
}

/* M8, M11 */
static void
cost_answered(SxSession *s, char key, void *data)
{
    if (key == 'y')
        again(s, data, 0);
    else if (key == 'e')
        ask_elsewhere(s);
    else
        ui_sayf(s, "not written, changes kept");
}

/* M22 */
static void
conflict_answered(SxSession *s, char key, void *data)
{
    if (key == 'o')
        again(s, data, SX_SAVE_FORCE);
    else if (key == 'e')
        ask_elsewhere(s);
    else if (key == 'r')
        ui_run(s, "reload");
    else if (key == 'd')
        ui_run(s, "differences");
    else
        ui_sayf(s, "not written, changes kept");
}

/* "changed on disk 14:07" */
static void
ask_conflict(SxSession *s, const Saving *saving, SaveAsk *a)
{
    struct stat st;
    struct tm tm;
    char name[64], when[16] = "";
    const char *path = sx_document_path(saving->tab->document);
    ui_name(saving->tab, name, sizeof name);
    bool there = path && stat(path, &st) == 0;
    if (there && localtime_r(&st.st_mtime, &tm))
        (void)strftime(when, sizeof when, " %H:%M", &tm);
    if (there)
        ui_ask(s, conflict_answered, a, save_ask_free,
               "%s changed on disk%s. [d]iff [r]ebase [o]verwrite [e]lsewhere Esc", name, when);
    else
        ui_ask(s, conflict_answered, a, save_ask_free, "%s was deleted on disk. [o] makes it again [e]lsewhere Esc", name);
}

static void
over_answered(SxSession *s, char key, void *data)
{
    if (key == 'y')
        again(s, data, SX_SAVE_MAY_COPY_OVER);
    else if (key == 'e')
        ask_elsewhere(s);
    else
        ui_sayf(s, "not written, changes kept");
}

static void
exists_answered(SxSession *s, char key, void *data)
{
    if (key == 'o')
        again(s, data, SX_SAVE_FORCE);
    else
        ui_sayf(s, "not written, changes kept");
}

/* M11: what is missing, by who refuses it. */
static void
ask_no_room(SxSession *s, const Saving *saving, const SxError *err, SaveAsk *a, const char *shown)
{
    char amount[24], free_amount[24];
    bool copies = saving->plan.way != SX_SAVE_IN_PLACE && saving->plan.way != SX_SAVE_COPY_OVER;
    const char *who = copies ? "a copy" : "it";
    sx_text_size(amount, sizeof amount, saving->plan.space_needed);
    sx_text_size(free_amount, sizeof free_amount, saving->plan.space_free);
    if (err->sys == EFBIG)
        ui_ask(s, cost_answered, a, save_ask_free, "%s: too large for one file here, changes kept. [e]lsewhere Esc",
               shown);
    else if (err->sys == EDQUOT)
        ui_ask(s, cost_answered, a, save_ask_free, "%s: %s needs %s, your quota is full. [e]lsewhere Esc", shown, who,
               amount);
    else if (saving->plan.space_needed <= saving->plan.space_free)
        ui_ask(s, cost_answered, a, save_ask_free, "%s: not written, the disk is full, changes kept. [e]lsewhere Esc",
               shown);
    else
        ui_ask(s, cost_answered, a, save_ask_free, "%s: %s needs %s, %s are free. [e]lsewhere Esc", shown, who, amount,
               free_amount);
}

/* "NAME: not written, WHY" says so itself; the name is shown as names are. */
static void
say_reason(SxSession *s, const char *shown, const char *text)
{
    static const char said[] = ": not written";
    const char *why = strstr(text, said);
    if (why)
        ui_badf(s, "%s%s", shown, why);
    else
        ui_badf(s, "%s: not written: %s", shown, text);
}

static void
say_failed(SxSession *s, const Saving *saving, const SxError *err)
{
    char name[64], owner[64];
    const char *shown = ui_name(saving->tab, name, sizeof name);
    SxDocument *d = saving->tab->document;
    uint64_t changes = sx_document_changes(d).hunks;
    const char *belongs = owner_of(saving->path ? saving->path : sx_document_path(d), owner, sizeof owner);
    SaveAsk *a = save_ask(saving->path, 0, saving->then);
    switch (err->code) {
    case SX_ERR_CANCELLED:
        ui_badf(s, "%s: stopped at %u%%, not written. Old file whole, %" PRIu64 " change%s kept", shown,
                saving->stopped_at, changes, changes == 1 ? "" : "s");
        break;
    case SX_ERR_CONFLICT:
        ask_conflict(s, saving, a);
        return;
    case SX_ERR_NOSPACE:
        ask_no_room(s, saving, err, a, shown);
        return;
    case SX_ERR_PERMISSION:
        if (err->sys == EROFS)
            ui_badf(s, "%s: not written, its file system is read-only. Changes kept; :w NAME", shown);
        else if (belongs)
            ui_badf(s, "%s: not written, it belongs to %s. Changes kept; :w NAME", shown, belongs);
        else
            ui_badf(s, "%s: not written, permission denied. Changes kept; :w NAME", shown);
        break;
    case SX_ERR_ASK:
        ui_ask(s, over_answered, a, save_ask_free, "%s: %s. Rewrite? [y]es [e]lsewhere Esc", shown,
               saving->plan.why[0] ? saving->plan.why : err->text);
        return;
    default: say_reason(s, shown, err->text); break;
    }
    if (a)
        save_ask_free(a);
}

/* --- the worker ---------------------------------------------------------------------------------------------------------------- */

typedef struct SaveRun {
    SxSave *save;
} SaveRun;

static void
save_run(void *p, SxJob *job)
{
    sx_save_run(((SaveRun *)p)->save, job);
}

static void
saving_clear(Saving *saving)
{
    task_drop(saving->task);
    free(saving->path);
    *saving = (Saving){0};
}

/* The document is a new file's from now on: its tab bears the name. */
static void
rename_tab(const Saving *saving)
{
    SxString name = {0};
    if (!saving->path)
        return;
    sx_string_add_printable(&name, sx_bytes(saving->path, strlen(saving->path)), SX_PRINTABLE_UTF8);
    if (name.data && !name.failed)
        tab_rename(saving->tab, name.data);
    else
        sx_string_clear(&name);
}

static void
finish(SxSession *s)
{
    Saving saving = s->ui->saving;
    SxSaved saved = {0};
    SxError err = {0};
    s->ui->saving = (Saving){0};
    bool ok = sx_document_save_finish(saving.tab->document, saving.save, &saved, &err);
    if (ok) {
        rename_tab(&saving);
        say_saved(s, &saving, &saved);
        ui_seen_clear(&((struct UiTab *)saving.tab->ui)->seen);
    } else {
        say_failed(s, &saving, &err);
    }
    SaveThen then = saving.then;
    Tab *tab = saving.tab;
    saving_clear(&saving);
    if (ok)
        ui_save_then(s, tab, then);
}

void
ui_save_tick(SxSession *s)
{
    if (s->ui->saving.task && task_done(s->ui->saving.task))
        finish(s);
}

static SxExit
start(SxSession *s, const char *path, unsigned flags, SaveThen then, const SxSavePlan *plan, SxError *err)
{
    Saving *saving = &s->ui->saving;
    Tab *tab = session_tab(s);
    SaveRun *run = calloc(1, sizeof *run);
    if (!run)
        return outcome(sx_fail(err, SX_ERR_NOMEM, "no memory to write"), err);
    *saving = (Saving){.tab = tab, .plan = *plan, .then = then, .path = path ? strdup(path) : NULL};
    if (s->ui->options.backup)
        flags |= SX_SAVE_BACKUP;
    if (!sx_document_save_begin(tab->document, path, flags, &run->save, err)) {
        Saving failed = *saving;
        SxError why = *err;
        *saving = (Saving){0};
        free(run);
        say_failed(s, &failed, &why);
        free(failed.path);
        err->code = SX_OK; /* it has been said */
        return SX_EXIT_FAILED;
    }
    saving->save = run->save;
    SxSave *save = run->save;
    if (!task_start(&saving->task, save_run, run, free, s->options.wake, s->options.data, err)) {
        sx_save_run(save, NULL);
        sx_document_save_finish(tab->document, save, NULL, NULL);
        free(saving->path);
        *saving = (Saving){0};
        return outcome(false, err);
    }
    if (task_wait(saving->task, BLINK_MS))
        finish(s);
    return SX_EXIT_DONE;
}

/* Another file that is there is replaced after a question. */
static bool
asks_about_file(SxSession *s, const char *path, unsigned flags, SaveThen then)
{
    struct stat st;
    char name[64], printable[512], size[24];
    if (!path || (flags & SX_SAVE_FORCE) || stat(path, &st) != 0)
        return false;
    sx_text_printable(printable, sizeof printable, sx_bytes(path, strlen(path)), SX_PRINTABLE_UTF8);
    sx_text_middle(name, sizeof name, printable, 32);
    ui_ask(s, exists_answered, save_ask(path, flags, then), save_ask_free, "%s exists, %s. [o]verwrite Esc", name,
           sx_text_size(size, sizeof size, (uint64_t)st.st_size));
    return true;
}

static bool
asks_about_cost(SxSession *s, const char *path, unsigned flags, SaveThen then, const SxSavePlan *plan)
{
    char name[64], copy[24], free_size[24], time[32], words[64];
    const Tab *tab = session_tab(s);
    const char *shown = ui_name(tab, name, sizeof name);
    sx_text_size(copy, sizeof copy, plan->copy);
    sx_text_size(free_size, sizeof free_size, plan->space_free);
    bool copies = plan->way != SX_SAVE_NONE && plan->way != SX_SAVE_IN_PLACE;
    if (copies && plan->space_needed > plan->space_free) {
        sx_text_size(copy, sizeof copy, plan->space_needed);
        ui_ask(s, cost_answered, save_ask(path, flags, then), save_ask_free,
               "%s: a copy needs %s, %s are free. [e]lsewhere Esc", shown, copy, free_size);
        return true;
    }
    if (!copies || plan->copy < ASK_FROM)
        return false;
    (void)changes_words(tab->document, words, sizeof words);
    sx_text_duration(time, sizeof time, (uint64_t)(plan->seconds * 1e9));
    ui_ask(s, cost_answered, save_ask(path, flags, then), save_ask_free,
           "%s +%" PRIu64 ": copies %s, %s; %s free. [y]es [e]lsewhere Esc", shown,
           sx_document_changes(tab->document).hunks, copy, time, free_size);
    return true;
}

SxExit
ui_save(SxSession *s, const char *path, unsigned flags, SaveThen then, bool asked, SxError *err)
{
    Tab *tab = session_tab(s);
    SxSavePlan plan = {0};
    ui_half_drop(s, true);
    if (ui_saving(s, NULL))
        return outcome(sx_fail(err, SX_ERR_BUSY, "a write is running; C-c stops it"), err);
    if (!path && !sx_document_path(tab->document)) {
        ui_prompt_ask(s, "write to: ", "", elsewhere);
        return SX_EXIT_DONE;
    }
    if (!asked && asks_about_file(s, path, flags, then))
        return SX_EXIT_DONE;
    if (!(path ? sx_document_save_as_plan(tab->document, path, &plan, err)
               : sx_document_save_plan(tab->document, &plan, err)))
        return outcome(false, err);
    if (!asked && asks_about_cost(s, path, flags, then, &plan))
        return SX_EXIT_DONE;
    return start(s, path, flags, then, &plan, err);
}

/* What the worker cannot be stopped at any more is said, and nothing else happens. */
static bool
says_too_late(SxSession *s, const Saving *saving)
{
    char name[64];
    SxSavePhase phase = sx_save_phase(saving->save);
    if (phase == SX_SAVE_WRITING)
        return false;
    const char *shown = ui_name(saving->tab, name, sizeof name);
    if (phase == SX_SAVE_GOING_BACK)
        ui_badf(s, "%s: stopping already, the old bytes are put back first", shown);
    else
        ui_badf(s, "%s: too late to stop, all is written and goes to the disk", shown);
    return true;
}

bool
ui_save_cancel(SxSession *s)
{
    Saving *saving = &s->ui->saving;
    if (!saving->task || task_done(saving->task))
        return false;
    SxJob *job = task_job(saving->task);
    SxProgress p = sx_job_progress(job);
    if (says_too_late(s, saving) || p.cancelled)
        return true;
    saving->stopped_at = per_cent(p.done, p.total);
    sx_job_cancel(job);
    saving->then = SAVE_THEN_STAY;
    ui_sayf(s, "stopping the write ...");
    return true;
}

/* writing firmware.bin 41%, 7.6 of 18.6 GiB, 1.3 GiB/s, 9 s. C-c: old file stays */
static void
describe_writing(const Saving *saving, const SxProgress *p, char *line, size_t size)
{
    char name[64], done[24], total[24], speed[24];
    double seconds = (double)p->nanoseconds / 1e9, rate = seconds > 0 ? (double)p->done / seconds : 0;
    uint64_t left = rate > 0 && p->total > p->done ? (uint64_t)((double)(p->total - p->done) / rate) : 0;
    sx_text_size(total, sizeof total, p->total);
    sx_text_size(done, sizeof done, p->done);
    char *unit = strchr(done, ' ');
    if (unit && strchr(total, ' ') && strcmp(unit, strchr(total, ' ')) == 0)
        *unit = 0; /* said once */
    sx_text_size(speed, sizeof speed, (uint64_t)rate);
    snprintf(line, size, "writing %s %u%%, %s of %s, %s/s, %" PRIu64 " s. C-c: old file stays",
             ui_name(saving->tab, name, sizeof name), per_cent(p->done, p->total), done, total, speed, left);
}

bool
ui_save_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size)
{
    const Saving *saving = &s->ui->saving;
    char name[64];
    if (!saving->task)
        return false;
    SxProgress p = sx_job_progress(task_job(saving->task));
    const char *shown = ui_name(saving->tab, name, sizeof name);
    unsigned percent = per_cent(p.done, p.total);
    snprintf(status, status_size, "write %u%%", percent);
    switch (sx_save_phase(saving->save)) {
    case SX_SAVE_WRITING:
        describe_writing(saving, &p, line, line_size);
        break;
    case SX_SAVE_GOING_BACK:
        snprintf(line, line_size, "%s: stopped at %u%%, putting the old bytes back, %u%%", shown, saving->stopped_at,
                 percent);
        break;
    case SX_SAVE_SEALING:
        snprintf(line, line_size, "%s: all is written and goes to the disk; too late to stop", shown);
        break;
    }
    return true;
}

/* What a dead disk still holds is left to it: the document stays in memory for the worker, and its journal on the disk
 * for the next start. */
void
ui_save_clear(SxSession *s)
{
    Saving *saving = &s->ui->saving;
    if (!saving->task)
        return;
    sx_job_cancel(task_job(saving->task));
    if (task_wait(saving->task, LEAVE_MS))
        sx_document_save_finish(saving->tab->document, saving->save, NULL, NULL);
    else
        saving->tab->stuck = true;
    saving_clear(saving);
}

/* --- C-s ------------------------------------------------------------------------------------------------------------------------ */

static void
write_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'y')
        ui_run(s, "write");
    else if (key == 'r')
        ui_list_open(s, &list_changes, NULL);
    else
        ui_sayf(s, "not written, changes kept");
}

SxExit
cmd_write_ask(SxSession *s, const Args *a, SxError *err)
{
    char name[64], words[64];
    const Tab *tab = session_tab(s);
    (void)a, (void)err;
    ui_half_drop(s, true);
    const char *shown = ui_name(tab, name, sizeof name);
    if (!sx_document_modified(tab->document))
        ui_sayf(s, "%s: nothing to write, the file has what you see", shown);
    else
        ui_ask(s, write_answered, NULL, NULL, "Write %s, to %s? [y]es [r]eview Esc",
               changes_words(tab->document, words, sizeof words), shown);
    return SX_EXIT_DONE;
}
