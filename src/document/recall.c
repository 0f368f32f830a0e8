/*
 * recall.c - the history of earlier sessions, taken up when it is asked for.
 *
 * A session that ended with everything written left its journal to go on with. One whose unsaved changes were let go, or
 * wait to be recovered, keeps its journal as it is: what was written by it is begun again in a journal of our own, and
 * what was not is a branch of the history.
 */
#include "document/recover.h"

#include <stdlib.h>

static bool
whole(const Recovery *r)
{
    return !r->torn && r->damage.code == SX_OK && r->relation == SX_RELATION_SAME && r->d->history.count > 1;
}

/* Only what is ours as a whole: nothing unsaved, the file as it was left. */
static bool
go_on(SxDocument *d, Recovery *r, const char *dir)
{
    return !r->discarded && !r->aside && !sx_document_modified(r->d) && recovery_take(d, r, dir, NULL);
}

/* The document is at the step that the file holds, if any is known to be that. */
static bool
to_saved(SxDocument *d)
{
    History *h = &d->history;
    uint32_t saved = d->saved_step;
    bool reached = saved > 0 && saved < h->count && document_walk(d, h->current, saved, NULL) &&
                   document_settle_saved(d, saved) && !sx_document_modified(d);
    if (reached)
        h->current = saved;
    return reached;
}

/* The first edit begins a journal of our own, which learns all of the history. */
static bool
begin_again(SxDocument *d, Recovery *r)
{
    if (!sx_document_modified(r->d) || !to_saved(r->d))
        return false;
    add_detach(journal_reader_add(r->reader)); /* that journal stays what it is */
    r->d->inherited = r->d->history.current;
    recovery_become(d, r);
    return true;
}

static bool
recall_from(SxDocument *d, const SxJournalInfo *info)
{
    Recovery r = {0};
    uint64_t pos = d->pos; /* the bytes are the same, and so is the place */
    bool known = info->state == SX_JOURNAL_HISTORY || info->state == SX_JOURNAL_DISCARDED || info->state == SX_JOURNAL_UNSAVED;
    bool own = d->marks.count > 0 || d->remarked; /* they are newer */
    bool done = known && recovery_of(&r, d, info->dir, NULL) && whole(&r);
    r.noted = r.noted && !own && info->state == SX_JOURNAL_HISTORY;
    done = done && (info->state == SX_JOURNAL_HISTORY ? go_on(d, &r, info->dir) : begin_again(d, &r));
    if (done) {
        d->recalled_steps = d->history.count - 1;
        d->pos = pos;
    }
    recovery_clear(&r);
    return done;
}

bool
sx_document_recall(SxDocument *d, SxError *err)
{
    const char *path = sx_document_path(d);
    if (d->recalled || !d->keeps_history || !d->state_dir || !path || d->look || !recovery_untouched(d, NULL) ||
        d->history.count > 1)
        return true;
    d->recalled = true;
    SxJournalInfo *list;
    size_t count;
    char *real = realpath(path, NULL);
    bool done = sx_journal_list(d->state_dir, real ? real : path, &list, &count, err);
    bool looked = false; /* each of the others would have to be played whole: the newest is enough */
    for (size_t i = 0; done && i < count; i++) {
        bool history = list[i].state == SX_JOURNAL_HISTORY;
        if ((history || !looked) && recall_from(d, &list[i]))
            break;
        looked |= !history;
    }
    if (done)
        sx_journal_list_free(list, count);
    free(real);
    return done;
}

bool
sx_document_undo_earlier(const SxDocument *d, SxStep *step)
{
    uint32_t current = d->history.current;
    if (current == 0 || current > d->inherited)
        return false;
    return !step || sx_document_step(d, current, step);
}

bool
sx_document_redo_earlier(const SxDocument *d, SxStep *step)
{
    uint32_t next = steps_at(d->history.steps, d->history.current)->redo;
    if (next == 0 || next > d->recalled_steps)
        return false;
    return !step || sx_document_step(d, next, step);
}

