/*
 * protect.c - what the document tells its journal. A journal that fails says so (sx_document_unprotected), and editing
 * goes on in memory.
 */
#include "document/core.h"
#include "document/marks_kept.h"

#include <sextant/recovery.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file as it lies on the disk, whose part we may show. */
static JournalFile
journal_subject(const SxDocument *d, const char *path)
{
    uint64_t size = d->file_size;
    if (d->map)
        sx_map_size(d->map, &size, NULL);
    return (JournalFile){
        .path = path,
        .fd = d->map ? sx_map_fd(d->map) : -1,
        .size = size,
        .offset = (uint64_t)d->offset,
        .length = d->part ? d->file_size : 0,
        .kind = (uint32_t)d->kind,
        .shared = d->waived,
    };
}

/* The lock knows who it is, his journal what he has done. */
static void
tell_who(SxDocument *d)
{
    SxJournalInfo *list;
    size_t count;
    SxError *err = &d->journal_error;
    char *path = realpath(d->path, NULL);
    if (!path || !sx_journal_list(d->state_dir, path, &list, &count, NULL)) {
        free(path);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (list[i].state == SX_JOURNAL_LIVE)
            sx_fail(err, SX_ERR_BUSY, "%s: edited by Sextant %u%s%s, %" PRIu64 " change%s. READ here; ga changes",
                    sx_document_name(d), list[i].process, list[i].tty[0] ? " on " : "", list[i].tty, list[i].changes,
                    list[i].changes == 1 ? "" : "s");
    sx_journal_list_free(list, count);
    free(path);
}

/* What came by a pipe is nowhere else. */
static void
keep_base(const SxDocument *d, Journal *j)
{
    uint64_t size;
    if (d->kind == SX_KIND_STREAM && d->map && sx_map_size(d->map, &size, NULL))
        journal_keep_base(j, sx_map_fd(d->map), size, d->journal_limit);
}

static void
opened(SxDocument *d)
{
    add_limit(d->store->add, d->journal_limit);
    keep_base(d, d->journal);
    if (d->access == SX_ACCESS_WRITE)
        document_log(d, JOURNAL_ACCESS, d->access);
}

const char *
sx_document_journal(const SxDocument *d)
{
    return d->journal ? journal_dir(d->journal) : NULL;
}

/* The next session looks in its own state directory: there a name leads to the journal. */
static void
leave_word(const SxDocument *d)
{
    const char *dir = journal_dir(d->journal);
    char *real = realpath(dir, NULL);
    char *name;
    if (d->state_dir && real && asprintf(&name, "%s%s", d->state_dir, strrchr(dir, '/')) >= 0) {
        if (symlink(real, name) != 0 && errno == EEXIST && unlink(name) == 0)
            (void)!symlink(real, name); /* there was one of a session before */
        free(name);
    }
    free(real);
}

bool
sx_document_journal_to(SxDocument *d, const char *state_dir, SxError *err)
{
    if (d->saving || d->history.depth > 0)
        return sx_fail(err, SX_ERR_BUSY, "%s: not in the middle of a change", sx_document_name(d));
    if (!document_release(d, err))
        return false;
    char *dir = strdup(state_dir);
    char *path = d->path && d->kind != SX_KIND_STREAM ? realpath(d->path, NULL) : NULL;
    JournalFile file = journal_subject(d, path ? path : sx_document_path(d));
    Journal *old = d->journal;
    Journal *new = NULL;
    bool done = dir != NULL;
    if (!done)
        sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    done = done && journal_open(&new, dir, &file, d->store->add, err);
    free(path);
    if (!done) { /* nothing has changed */
        free(dir);
        return false;
    }
    d->journal = new;
    keep_base(d, new);
    add_limit(d->store->add, d->journal_limit);
    history_close(&d->history);
    done = document_log_history(d, err);
    journal_give_up(old);
    journal_close(old, !done); /* what it has is of use as long as there is nothing better */
    if (done && d->marks.count > 0)
        document_log_marks(d);
    d->journal_tried = !done;
    d->journal_error = done || !err ? (SxError){0} : *err;
    if (done) {
        leave_word(d);
        free(d->state_dir);
        d->state_dir = dir;
    } else {
        journal_close(new, false);
        d->journal = NULL;
        free(dir);
    }
    return done;
}

/* It does not know what was done before, so that nothing can go on from it. */
static void
given_up(SxDocument *d)
{
    journal_close(d->journal, false);
    d->journal = NULL;
    d->journal_tried = true;
}

bool
document_protect(SxDocument *d, SxError *err)
{
    if (!d->state_dir || d->journal || d->journal_tried)
        return true;
    /* what was done before goes on in the same journal, and can be taken back behind this */
    sx_document_recall(d, NULL);
    if (d->journal)
        return true;
    char *path = d->path && d->kind != SX_KIND_STREAM ? realpath(d->path, NULL) : NULL;
    JournalFile file = journal_subject(d, path ? path : sx_document_path(d));
    d->journal_tried = !journal_open(&d->journal, d->state_dir, &file, d->store->add, &d->journal_error);
    free(path);
    if (d->journal)
        opened(d);
    if (d->journal && d->history.count > 1 && !document_log_history(d, &d->journal_error))
        given_up(d);
    if (d->marks.count > 0)
        document_log_marks(d);
    if (!d->journal_tried || d->journal_error.code != SX_ERR_BUSY)
        return true;
    /* somebody else edits this file: whoever comes second is told, and looks */
    tell_who(d);
    d->journal_tried = false;
    d->access = SX_ACCESS_READ;
    if (err)
        *err = d->journal_error;
    return false;
}

void
sx_document_discard(SxDocument *d)
{
    d->discarded = true;
}

/* What it is now, so that the next session knows it again. */
static void
note_file(SxDocument *d)
{
    if (d->wrote_through && d->map && d->path)
        journal_file(d->journal, JOURNAL_ROLE_CURRENT, d->file, d->path, sx_map_fd(d->map), false, NULL);
}

/* The history of the file is one: what went on from an earlier one, or began anew, takes its place. */
static void
forget_older(const SxDocument *d)
{
    SxJournalInfo *list;
    size_t count;
    const char *mine = strrchr(journal_dir(d->journal), '/');
    char *path = realpath(sx_document_path(d), NULL);
    bool listed = path && d->state_dir && sx_journal_list(d->state_dir, path, &list, &count, NULL);
    for (size_t i = 0; listed && i < count; i++)
        if (list[i].state == SX_JOURNAL_HISTORY && strcmp(strrchr(list[i].dir, '/'), mine) != 0)
            sx_journal_remove(list[i].dir, NULL);
    if (listed)
        sx_journal_list_free(list, count);
    free(path);
}

void
document_leave(SxDocument *d, bool keep)
{
    if (!d->discarded)
        document_release(d, NULL);
    bool unsaved = sx_document_modified(d);
    bool lasting = d->keeps_history && sx_document_path(d) && !d->look;
    if (lasting && d->remarked && !d->journal)
        document_protect(d, NULL); /* marks alone are worth a journal, too */
    bool history = lasting && !unsaved && (d->history.count > 1 || d->marks.count > 0 || d->remarked);
    bool stays = d->torn || (keep && unsaved) || history;
    if (d->journal && stays && !d->torn && (!unsaved || d->discarded)) {
        note_file(d);
        if (lasting)
            document_keep_marks(d);
        journal_closed(d->journal, sx_document_changes(d).hunks, unsaved);
    }
    if (history && d->journal)
        forget_older(d);
    journal_close(d->journal, stays);
}

bool
sx_document_unprotected(const SxDocument *d, SxError *why)
{
    if (!d->state_dir)
        return false;
    if (d->journal_tried) {
        if (why)
            *why = d->journal_error;
        return true;
    }
    return d->journal && (journal_unprotected(d->journal, why) || add_unprotected(d->store->add, why));
}

void
document_log(SxDocument *d, JournalMark mark, uint64_t number)
{
    journal_mark(d->journal, mark, number, NULL);
}

static void
log_splice(SxDocument *d, uint64_t at, uint64_t removed, const Pieces *inserted)
{
    Piece gone = {.len = removed, .kind = PIECE_FILL}; /* only its length is told */
    JournalSplice splice = {at, &gone, removed > 0, inserted->data, inserted->count};
    journal_splice(d->journal, &splice, NULL);
}

void
document_log_step(SxDocument *d, SxStepKind kind, int64_t time)
{
    const History *h = &d->history;
    if (h->depth == 0 || !h->open)
        journal_step(d->journal, history_next(h), (uint32_t)kind, time, NULL);
}

void
document_log_cancelled(SxDocument *d)
{
    const History *h = &d->history;
    if (h->depth == 0 || !h->open)
        journal_mark(d->journal, JOURNAL_STEP_CANCEL, history_next(h), NULL);
}

void
document_log_edit(SxDocument *d, const Record *r, const Pieces *inserted)
{
    document_log_step(d, r->facts.kind, r->time);
    log_splice(d, r->facts.at, r->facts.removed, inserted);
}

void
document_log_failed(SxDocument *d, const Record *r, const Pieces *removed)
{
    log_splice(d, r->facts.at, r->facts.inserted, removed);
}

void
document_log_again(SxDocument *d, const Reading *was, const Difference *x)
{
    Pieces pieces = {0};
    Pieces resolved = {0};
    bool done = tree_pieces(was->root, (SxSpan){x->b_at, x->b_len}, &pieces, SIZE_MAX);
    for (size_t i = 0; done && i < pieces.count; i++) {
        Piece p = reading_resolve(was, &pieces.data[i]);
        done = pieces_add(&resolved, &p);
    }
    if (done)
        log_splice(d, x->b_at, x->a_len, &resolved);
    pieces_clear(&pieces);
    pieces_clear(&resolved);
}

void
document_log_edited(SxDocument *d)
{
    if (d->history.depth == 0)
        journal_mark(d->journal, JOURNAL_STEP_END, history_next(&d->history), NULL);
}
