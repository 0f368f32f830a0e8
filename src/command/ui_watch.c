/* ui_watch.c - see ui_watch.h. */
#include "command/ui_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

static TabWatch *
watch_of(SxSession *s)
{
    return &ui_tab(s)->watch;
}

bool
ui_watch_on(SxSession *s)
{
    return watch_of(s)->on;
}

void
ui_watch_clear(TabWatch *w)
{
    task_drop(w->task);
    watched_release(w->watched);
    free(w->glow);
    *w = (TabWatch){0};
}

bool
ui_watch_stop(SxSession *s)
{
    bool was = ui_watch_on(s);
    ui_watch_clear(watch_of(s));
    s->ui->text_stale = true;
    if (was)
        ui_sayf(s, "not watching any more");
    return was;
}

const char *
ui_watch_job(SxSession *s)
{
    const TabWatch *w = watch_of(s);
    return !w->on ? NULL : w->paused ? "watch paused" : "watch";
}

/* What was written where it is shows by itself. */
bool
ui_watch_take(SxSession *s, SxForeign kind)
{
    const TabWatch *w = watch_of(s);
    bool other = kind == SX_FOREIGN_SHORTER || kind == SX_FOREIGN_LONGER || kind == SX_FOREIGN_REPLACED;
    if (!w->on || kind == SX_FOREIGN_DELETED)
        return false;
    if (other && !w->paused && !ui_follow_reload(s, kind, "watching"))
        ui_watch_clear(watch_of(s));
    if (other)
        ui_settle(s);
    return true;
}

/* --- what the screen reads ------------------------------------------------------------------------------------------- */

Watched *
ui_watched(SxSession *s, SxSnapshot *snapshot)
{
    TabWatch *w = watch_of(s);
    if (!w->on)
        return NULL;
    if (w->watched && w->generation == sx_snapshot_generation(snapshot))
        return w->watched;
    task_drop(w->task);
    w->task = NULL;
    watched_release(w->watched);
    w->watched = watched_new(sx_snapshot_source(snapshot));
    w->generation = sx_snapshot_generation(snapshot);
    w->read = ui_now();
    return w->watched;
}

SxSource *
ui_source(SxSession *s, SxSnapshot *snapshot)
{
    Watched *w = ui_watched(s, snapshot);
    return w ? watched_source(w) : sx_snapshot_source(snapshot);
}

const uint8_t *
ui_watch_glow(SxSession *s, SxSpan view)
{
    TabWatch *w = watch_of(s);
    if (!w->watched || view.len == 0)
        return NULL;
    if (!w->glow)
        w->glow = malloc(GLOW_BYTES);
    if (!w->glow || view.len > GLOW_BYTES)
        return NULL;
    watched_glow(w->watched, view, w->glow);
    return w->glow;
}

/* --- reading anew ------------------------------------------------------------------------------------------------------ */

static void
again_run(void *data, SxJob *job)
{
    watched_again(data, job);
}

static void
again_free(void *data)
{
    watched_release(data);
}

/* A reading that takes longer than the interval is waited for: one at a time. */
int
ui_watch_tick(SxSession *s)
{
    enum { LEAST_MS = 20 };
    TabWatch *w = watch_of(s);
    uint64_t now = ui_now(), interval = s->ui->options.interval;
    interval = interval > LEAST_MS ? interval : LEAST_MS;
    if (w->task && task_done(w->task)) {
        task_drop(w->task);
        w->task = NULL;
    }
    if (!w->watched || w->paused || w->task)
        return -1;
    if (now - w->read < interval)
        return (int)(interval - (now - w->read));
    w->read = now;
    if (!task_start(&w->task, again_run, watched_retain(w->watched), again_free, s->options.wake, s->options.data, NULL))
        w->task = NULL;
    return (int)interval;
}

/* --- the command --------------------------------------------------------------------------------------------------------- */

static void
begin(SxSession *s)
{
    TabWatch *w = watch_of(s);
    char name[64], every[24];
    w->on = true;
    w->paused = false;
    s->ui->text_stale = true;
    ui_fresh_clear(s);
    ui_tab(s)->seen.span = (SxSpan){0}; /* what is seen meanwhile is no news afterwards */
    ui_name(session_tab(s), name, sizeof name);
    uint64_t ms = s->ui->options.interval;
    snprintf(every, sizeof every, "%llu.%llu s", (unsigned long long)(ms / 1000), (unsigned long long)(ms % 1000 / 100));
    ui_sayf(s, "%s: read anew every %s (:set interval); gw pauses, Esc ends", name, every);
}

static void
pause(SxSession *s, bool on)
{
    watch_of(s)->paused = on;
    ui_sayf(s, on ? "paused: what is shown stays as it was read; gw goes on, Esc ends" : "watching goes on");
}

SxExit
cmd_watch(SxSession *s, const Args *a, SxError *err)
{
    const char *word = a->arg[0].given ? a->arg[0].word : "";
    bool was = ui_watch_on(s);
    bool pausing = strcmp(word, "pause") == 0 || (word[0] == '\0' && was && !watch_of(s)->paused);
    if (!sx_document_path(session_document(s)))
        return outcome(sx_fail(err, SX_ERR_KIND, "there is no file to watch: nobody else changes these bytes"), err);
    if (strcmp(word, "off") == 0) {
        if (!ui_watch_stop(s))
            ui_sayf(s, "nothing is watched; gw begins");
        return SX_EXIT_DONE;
    }
    if (!was)
        begin(s);
    if (was || pausing)
        pause(s, pausing);
    return SX_EXIT_DONE;
}
