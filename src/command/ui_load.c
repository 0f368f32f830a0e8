/* ui_load.c - see ui_load.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/fetch.h"
#include "command/ui.h"

enum { STUCK_MS = 150, LOOK_MS = 250, ASK_MS = 1000 };

typedef struct Load {
    SxSnapshot *snapshot;
    SxSpan span;
} Load;

static void
load_free(void *p)
{
    Load *l = p;
    sx_snapshot_release(l->snapshot);
    free(l);
}

static void
load_run(void *p, SxJob *job)
{
    Load *l = p;
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
    *l = (Load){sx_snapshot_retain(snapshot), span};
    Task *task;
    if (!task_start(&task, load_run, l, load_free, s->options.wake, s->options.data, NULL))
        return;
    *place = (Loading){.task = task, .span = span, .of = of, .began = ui_now()};
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

bool
ui_load_stuck(SxSession *s)
{
    for (size_t i = 0; i < LOADERS; i++) {
        const Loading *l = &s->ui->loader.loading[i];
        if (l->task && l->of == session_document(s) && ui_now() - l->began > STUCK_MS)
            return true;
    }
    return false;
}

/* --- others change the file --------------------------------------------------------------------------------------------- */

void
ui_seen_clear(Seen *seen)
{
    free(seen->bytes);
    free(seen->states);
    *seen = (Seen){0};
}

void
ui_seen_keep(SxSession *s, SxSpan view, const uint8_t *bytes, const uint8_t *states)
{
    Seen *seen = &ui_tab(s)->seen;
    if (view.len > SEEN_MAX || !sx_document_path(session_document(s)))
        return;
    if (!seen->bytes) {
        seen->bytes = malloc(SEEN_MAX);
        seen->states = malloc(SEEN_MAX);
        seen->asked = ui_now();
    }
    if (!seen->bytes || !seen->states) {
        ui_seen_clear(seen);
        return;
    }
    memcpy(seen->bytes, bytes, (size_t)view.len);
    memcpy(seen->states, states, (size_t)view.len);
    seen->span = view;
    seen->generation = sx_document_generation(session_document(s));
    seen->looked = ui_now();
}

/* What a cut file has lost is another message's matter. */
static bool
cut_short(SxSession *s)
{
    return sx_document_foreign(session_document(s), NULL) == SX_FOREIGN_SHORTER;
}

void
ui_lost_tell(SxSession *s, SxSnapshot *snapshot, SxSpan view, const uint8_t *states)
{
    Seen *seen = &ui_tab(s)->seen;
    const uint8_t *first = memchr(states, SX_BYTE_LOST, (size_t)view.len);
    SxSpan lost, rest = sx_span(first ? view.at + (uint64_t)(first - states) : 0, sx_snapshot_length(snapshot));
    if (!first || ui_busy(s) || sx_source_lost(sx_snapshot_source(snapshot), rest, &lost, 1) == 0 ||
        sx_span_end(lost) == seen->lost_end || ui_load_stuck(s) || cut_short(s))
        return;
    seen->lost_end = sx_span_end(lost);
    ui_badf(s, "0x%" PRIx64 ":0x%" PRIx64 " unreadable (%s), shown as ??. :reread", lost.at, sx_span_end(lost),
            sx_document_kind(session_document(s)) == SX_KIND_PROC ? "not mapped" : "input/output error");
}

static const char *
foreign_words(SxForeign kind, char *buf, size_t size, uint64_t was, uint64_t now)
{
    char amount[24];
    sx_text_size(amount, sizeof amount, was > now ? was - now : now - was);
    switch (kind) {
    case SX_FOREIGN_SHORTER: snprintf(buf, size, "%s shorter, lost part ??", amount); break;
    case SX_FOREIGN_LONGER: snprintf(buf, size, "%s longer", amount); break;
    case SX_FOREIGN_WRITTEN: snprintf(buf, size, "written by another program"); break;
    case SX_FOREIGN_REPLACED: snprintf(buf, size, "replaced by another file"); break;
    case SX_FOREIGN_DELETED: snprintf(buf, size, "deleted"); break;
    case SX_FOREIGN_NONE: break;
    }
    return buf;
}

/* M21, each time it is another state. In WRITE-THROUGH others may write as we do: then the screen just follows. */
static void
foreign_ask(SxSession *s, Seen *seen)
{
    const Tab *tab = session_tab(s);
    uint64_t size = 0;
    if (ui_load_stuck(s) || ui_saving(s, tab))
        return;
    SxForeign kind = sx_document_foreign(tab->document, &size);
    if ((int)kind == seen->foreign && size == seen->foreign_size)
        return;
    seen->foreign = (int)kind;
    seen->foreign_size = size;
    bool quiet = kind == SX_FOREIGN_NONE ||
                 (kind == SX_FOREIGN_WRITTEN && sx_document_access(tab->document) == SX_ACCESS_WRITE);
    if (quiet)
        return;
    char name[64], words[96];
    foreign_words(kind, words, sizeof words, sx_document_file_size(tab->document), size);
    ui_badf(s, "%s on disk: %s. :reload takes it as it is", ui_name(tab, name, sizeof name), words);
}

int
ui_watch(SxSession *s)
{
    Seen *seen = &ui_tab(s)->seen;
    const Tab *tab = session_tab(s);
    if (!sx_document_path(tab->document))
        return -1;
    uint64_t now = ui_now();
    if (seen->asked == 0)
        seen->asked = now;
    if (now - seen->asked >= ASK_MS) {
        seen->asked = now;
        foreign_ask(s, seen);
    }
    /* the loop draws after each tick; the frame peeks anew, so looking again is all it takes */
    return LOOK_MS;
}
