/* ui_load.c - see ui_load.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/fetch.h"
#include "command/ui.h"

typedef struct Load {
    SxSnapshot *snapshot;
    Watched *watched; /* read for it; NULL: only have it in memory */
    SxSpan span;
} Load;

static void
load_free(void *p)
{
    Load *l = p;
    watched_release(l->watched);
    sx_snapshot_release(l->snapshot);
    free(l);
}

static void
load_run(void *p, SxJob *job)
{
    Load *l = p;
    if (l->watched)
        watched_fill(l->watched, l->span, job);
    else
        fetch(sx_snapshot_source(l->snapshot), l->span, job);
}

static Loading *
place_for(Loader *loader, SxSpan span, const SxDocument *of, bool *running)
{
    Loading *empty = NULL;
    for (size_t i = 0; i < LOADERS; i++) {
        Loading *l = &loader->loading[i];
        if (!l->task) {
            empty = l;
            continue;
        }
        *running |= l->of == of && l->span.at == span.at && l->span.len == span.len;
    }
    return empty;
}

void
ui_load(SxSession *s, SxSnapshot *snapshot, SxSpan span, unsigned patience)
{
    bool running = false;
    SxDocument *of = session_document(s);
    Loading *place = place_for(&s->ui->loader, span, of, &running);
    Load *l = place && !running ? calloc(1, sizeof *l) : NULL;
    if (!l)
        return;
    Watched *watched = ui_watched(s, snapshot);
    *l = (Load){sx_snapshot_retain(snapshot), watched ? watched_retain(watched) : NULL, span};
    Task *task;
    if (!task_start(&task, load_run, l, load_free, s->options.wake, s->options.data, NULL))
        return;
    *place = (Loading){.task = task, .span = span, .of = of};
    if (task_wait(task, patience))
        ui_load_tick(s);
}

void
ui_load_tick(SxSession *s)
{
    for (size_t i = 0; i < LOADERS; i++) {
        Loading *l = &s->ui->loader.loading[i];
        if (!l->task || !task_done(l->task))
            continue;
        task_drop(l->task);
        l->task = NULL;
    }
}

void
ui_load_clear(SxSession *s)
{
    for (size_t i = 0; i < LOADERS; i++) {
        task_drop(s->ui->loader.loading[i].task);
        s->ui->loader.loading[i].task = NULL;
    }
}
