/* cmd_write.c - write, write-range, save-plan, write-quit. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command/session_private.h"

static const char *
way_word(SxSaveWay way)
{
    switch (way) {
    case SX_SAVE_NONE:
        return "none";
    case SX_SAVE_IN_PLACE:
        return "in-place";
    case SX_SAVE_COPY_OVER:
        return "copy-over";
    default:
        return "copy";
    }
}

const char *
changes_words(SxDocument *d, char *buf, size_t size)
{
    SxChangeCount c = sx_document_changes(d);
    (void)snprintf(buf, size, "%llu change%s, %llu byte%s", (unsigned long long)c.hunks, c.hunks == 1 ? "" : "s",
                   (unsigned long long)c.bytes, c.bytes == 1 ? "" : "s");
    return buf;
}

void
session_print_saved(SxSession *s, const SxSaved *saved)
{
    row_word(s, "way", way_word(saved->way));
    row_count(s, "bytes", saved->bytes);
    row_count(s, "places", saved->places);
    row_end(s);
}

/* M4 */
const char *
saved_words(const SxSaved *saved, const char *name, char *buf, size_t size)
{
    char time[32];
    sx_text_duration(time, sizeof time, saved->nanoseconds);
    if (saved->way == SX_SAVE_NONE)
        (void)snprintf(buf, size, "%s: nothing to write, the file has what you see", name);
    else if (saved->places == 0)
        (void)snprintf(buf, size, "%s: written, a copy without changes, %s", name, time);
    else
        (void)snprintf(buf, size, "%s: wrote %llu byte%s at %llu place%s, %s. u still undoes", name,
                       (unsigned long long)saved->bytes, saved->bytes == 1 ? "" : "s",
                       (unsigned long long)saved->places, saved->places == 1 ? "" : "s", time);
    return buf;
}

static void
say_saved(SxSession *s, const SxSaved *saved)
{
    char words[160];
    session_say(s, "%s", saved_words(saved, session_tab(s)->name, words, sizeof words));
}

static bool
names_file(const SxDocument *d, const char *path)
{
    struct stat a, b;
    const char *own = sx_document_path(d);
    return own && stat(own, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool
session_spares(SxSession *s, const char *path, SxError *err)
{
    for (size_t i = 0; i < s->n_tabs; i++) {
        if (names_file(s->tabs[i]->document, path))
            return sx_fail(err, SX_ERR_BUSY, "%s is open here and stays what it is; choose another name", path);
    }
    return true;
}

/* Another file that is there is replaced on demand only. */
static bool
may_replace(const char *name, const char *path, bool force, SxError *err)
{
    struct stat st;
    if (force || stat(path, &st) != 0)
        return true;
    return sx_fail(err, SX_ERR_ASK, "%s exists; %s! replaces it", path, name);
}

static bool
rename_tab(SxSession *s, const char *path, SxError *err)
{
    SxString name = {0};
    sx_string_add_printable(&name, sx_bytes(path, strlen(path)), SX_PRINTABLE_UTF8);
    char *shown = name.failed ? NULL : strdup(sx_string(&name));
    sx_string_clear(&name);
    if (!shown)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the name");
    tab_rename(session_tab(s), shown);
    return true;
}

static bool
save_as(SxSession *s, const char *path, bool force, unsigned flags, SxJob *job, SxSaved *saved, SxError *err)
{
    return may_replace("write", path, force, err) &&
           sx_document_save_as(session_document(s), path, flags, job, saved, err) && rename_tab(s, path, err);
}

static bool
save_own(SxSession *s, unsigned flags, SxJob *job, SxSaved *saved, SxError *err)
{
    SxDocument *d = session_document(s);
    if (!sx_document_path(d))
        return sx_fail(err, SX_ERR_MISSING, "it has no name yet: write FILE");
    return sx_document_save(d, flags, job, saved, err);
}

static SxExit
save(SxSession *s, const char *path, bool force, SxError *err)
{
    SxSaved saved = {0};
    unsigned flags = force ? SX_SAVE_FORCE | SX_SAVE_MAY_COPY_OVER : 0;
    if (path && names_file(session_document(s), path))
        path = NULL;
    SxJob *job = session_job_begin(s, "write");
    bool ok = path ? save_as(s, path, force, flags, job, &saved, err) : save_own(s, flags, job, &saved, err);
    session_job_end(s);
    if (!ok && !path && err->code == SX_ERR_ASK)
        sx_fail(err, SX_ERR_ASK, "%s; write! rewrites it", err->text);
    if (!ok)
        return outcome(false, err);
    session_print_saved(s, &saved);
    say_saved(s, &saved);
    return SX_EXIT_DONE;
}

SxExit
cmd_write(SxSession *s, const Args *a, SxError *err)
{
    return save(s, a->arg[0].given ? a->arg[0].word : NULL, a->force, err);
}

SxExit
cmd_write_range(SxSession *s, const Args *a, SxError *err)
{
    SxSaved saved = {0};
    const char *path = a->arg[1].word;
    if (!session_spares(s, path, err) || !may_replace("write-range", path, a->force, err))
        return outcome(false, err);
    SxJob *job = session_job_begin(s, "write-range");
    bool ok = sx_document_write_range(session_document(s), a->arg[0].range, path, job, &saved, err);
    session_job_end(s);
    if (ok)
        session_print_saved(s, &saved);
    return outcome(ok, err);
}

/* --- save-plan ------------------------------------------------------------------------------------------------------ */

static void
plan_word(SxSession *s, const char *key, const char *value)
{
    row_word(s, "key", key);
    row_bytes(s, "value", sx_bytes(value, strlen(value)));
    row_end(s);
}

static void
plan_count(SxSession *s, const char *key, uint64_t count)
{
    row_word(s, "key", key);
    row_count(s, "value", count);
    row_end(s);
}

SxExit
cmd_save_plan(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    SxSavePlan plan;
    char seconds[32];
    if (!sx_document_save_plan(session_document(s), &plan, err))
        return outcome(false, err);
    plan_word(s, "way", way_word(plan.way));
    plan_word(s, "why", plan.why);
    plan_count(s, "places", plan.places);
    plan_count(s, "write", plan.write);
    plan_count(s, "copy", plan.copy);
    plan_count(s, "space-needed", plan.space_needed);
    plan_count(s, "space-free", plan.space_free);
    (void)snprintf(seconds, sizeof seconds, "%.1f", plan.seconds);
    plan_word(s, "seconds", seconds);
    return SX_EXIT_DONE;
}

/* --- leaving ---------------------------------------------------------------------------------------------------------- */

SxExit
cmd_quit(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    s->ended = true;
    s->drop = a->force;
    return SX_EXIT_DONE;
}

SxExit
cmd_write_quit(SxSession *s, const Args *a, SxError *err)
{
    SxExit exit = SX_EXIT_DONE;
    for (size_t i = 0; i < s->n_tabs && exit == SX_EXIT_DONE; i++) {
        s->active = i;
        if (sx_document_modified(session_document(s)))
            exit = save(s, NULL, a->force, err);
    }
    s->ended = exit == SX_EXIT_DONE;
    return exit;
}
