/*
 * save.c - begin, run, finish; and what makes other files of a document.
 */
#include "document/save.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "document/core.h"
#include "document/disk.h"
#include "document/foreign.h"
#include "document/witness.h"

/* --- making one ------------------------------------------------------------------------------------------------------ */

static void
save_free(SxSave *s)
{
    if (!s)
        return;
    if (s->account)
        node_release(s->account, s->reaper);
    sx_snapshot_release(s->snapshot);
    target_close(&s->target);
    tree_drop(&s->live);
    sx_source_release(s->source);
    sx_map_free(s->map);
    if (s->fd >= 0)
        close(s->fd);
    free(s->given);
    free(s);
}

static bool
has_place(const SxDocument *d, const char *path, SxError *err)
{
    if (path || sx_document_path(d))
        return true;
    return sx_fail(err, SX_ERR_MISSING, "there is no file to write to; write under a name");
}

/* The descriptor that the document reads its file by; -1 where it has none. */
static bool
take_descriptor(SxSave *s, const SxDocument *d, SxError *err)
{
    int fd = d->map ? sx_map_fd(d->map) : -1;
    struct stat st;
    if (fd < 0)
        return true;
    s->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (s->fd < 0 || fstat(s->fd, &st) != 0)
        return sx_fail_errno(err, errno, "cannot read %s", sx_document_name(d));
    s->regular = S_ISREG(st.st_mode) && d->kind == SX_KIND_FILE;
    return true;
}

/* Whether the target is the file that the document is of. */
static bool
is_own(const SxSave *s, const SxDocument *d)
{
    const Target *t = &s->target;
    if (!t->exists || !d->known)
        return false;
    return t->st.st_dev == d->identity.device && t->st.st_ino == d->identity.inode;
}

/* All that a plan needs; nothing is changed by it. */
static bool
save_make(SxDocument *d, SavePurpose purpose, SxSpan span, const char *path, unsigned flags, SxSave **out, SxError *err)
{
    if (!has_place(d, path, err))
        return false;
    SxSave *s = calloc(1, sizeof *s);
    if (!s)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to save");
    s->purpose = purpose;
    s->flags = flags;
    s->span = span;
    s->fd = -1;
    s->base = (uint64_t)d->offset;
    s->part = d->part;
    s->fresh = !sx_document_path(d);
    s->target.dir = -1;
    s->store = d->store;
    s->journal = d->journal;
    s->known = d->identity;
    s->step = d->history.current;
    s->snapshot = sx_document_snapshot(d);
    s->given = path ? strdup(path) : NULL;
    if (!s->snapshot || (path && !s->given))
        sx_fail(err, SX_ERR_NOMEM, "no memory to save");
    else if (target_open(&s->target, path ? path : sx_document_path(d), err) && take_descriptor(s, d, err)) {
        s->own = is_own(s, d);
        if (!s->regular && s->fd < 0)
            s->regular = s->own && S_ISREG(s->target.st.st_mode); /* an empty file has no map */
        save_plan(s);
        *out = s;
        return true;
    }
    save_free(s);
    return false;
}

/* --- somebody else's changes -------------------------------------------------------------------------------------------- */

static void
time_of_day(time_t t, char text[16])
{
    struct tm tm;
    if (!localtime_r(&t, &tm) || strftime(text, 16, "%H:%M", &tm) == 0)
        text[0] = 0;
}

static bool
changed_by_others(const SxSave *s, SxForeign foreign, SxError *err)
{
    char when[16] = "";
    if (s->target.exists)
        time_of_day(s->target.st.st_mtime, when);
    if (foreign == SX_FOREIGN_DELETED)
        return sx_fail(err, SX_ERR_CONFLICT, "%s: not written, it was deleted; force makes it again", save_name(s));
    return sx_fail(err, SX_ERR_CONFLICT, "%s: not written, it was %s by somebody else at %s; reload, force, or write "
                   "under another name", save_name(s), foreign == SX_FOREIGN_REPLACED ? "replaced" : "changed", when);
}

/* In place the bytes that differ are compared one by one, so another time of the file alone is no conflict. */
static bool
no_conflict(SxSave *s, SxDocument *d, SxError *err)
{
    if (s->purpose == SAVE_RANGE || (s->purpose == SAVE_AS && !s->own))
        return true;
    SxForeign foreign = sx_document_foreign(d, NULL);
    if (d->missing && s->target.exists && !(s->flags & SX_SAVE_FORCE))
        return sx_fail(err, SX_ERR_CONFLICT, "%s: not written, somebody else has made it; force, or write under "
                       "another name", save_name(s));
    if (foreign == SX_FOREIGN_NONE)
        return true;
    s->changed = true;
    if (s->flags & SX_SAVE_FORCE)
        return true;
    return (s->plan.way == SX_SAVE_IN_PLACE && foreign == SX_FOREIGN_WRITTEN) || changed_by_others(s, foreign, err);
}

static bool
writes_in_place(const SxSave *s)
{
    return s->plan.way == SX_SAVE_IN_PLACE || s->plan.way == SX_SAVE_COPY_OVER;
}

/* --- following what happens meanwhile -------------------------------------------------------------------------------------- */

static bool
follow_changes(SxSave *s, SxDocument *d, SxError *err)
{
    s->reaper = d->reaper;
    s->fanout = d->tree.fanout;
    if (!meanwhile_begin(&s->meanwhile, d, err))
        return false;
    s->account = d->written.root ? node_retain(d->written.root) : NULL;
    return true;
}

/* What the document will be when nothing is changed meanwhile. */
static bool
prepare_live(SxSave *s, SxDocument *d, SxError *err)
{
    uint64_t length = sx_snapshot_length(s->snapshot);
    if (!writes_in_place(s) && !store_add_file(d->store, NULL, 0, &s->number, err))
        return false;
    Piece all = {0, length, EPOCH_LIVE, writes_in_place(s) ? d->file : s->number, PIECE_FILE};
    return (tree_init(&s->live, d->tree.fanout, d->reaper) && tree_replace(&s->live, 0, 0, &all, length > 0)) ||
           sx_fail(err, SX_ERR_NOMEM, "no memory to save");
}

/* --- begin ------------------------------------------------------------------------------------------------------------------ */

/* The map's own way to a writable descriptor knows file systems that make another inode of it. */
static bool
open_through_map(SxSave *s, SxDocument *d, SxError *err)
{
    document_before_write(d);
    if (d->access != SX_ACCESS_WRITE && !sx_map_set_access(d->map, SX_ACCESS_WRITE, err))
        return false;
    bool renewed = document_renew_source(d, err);
    document_after_write(d);
    if (!renewed)
        return false;
    close(s->fd);
    s->fd = fcntl(sx_map_fd(d->map), F_DUPFD_CLOEXEC, 0);
    return s->fd >= 0;
}

static bool
open_to_write(SxSave *s, SxDocument *d, SxError *err)
{
    const Target *t = &s->target;
    if (d->map && !open_through_map(s, d, err))
        return false;
    if (!d->map)
        s->fd = openat(t->dir, t->name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (s->fd < 0 || fstat(s->fd, &s->before) != 0)
        return sx_fail_errno(err, errno, "%s: not written, it cannot be opened for writing", save_name(s));
    return true;
}

/* A program that runs cannot be written, but another file can take its name. */
static bool
prepare_way(SxSave *s, SxDocument *d, SxError *err)
{
    SxError why = {0};
    if (!writes_in_place(s) || open_to_write(s, d, &why))
        return true;
    if (why.sys == ETXTBSY && save_plan_copy(s))
        return save_allowed(s, err);
    if (err)
        *err = why;
    return false;
}

static bool
may_begin(const SxDocument *d, SavePurpose purpose, SxError *err)
{
    if (d->look && purpose == SAVE_OWN)
        return sx_fail(err, SX_ERR_READONLY, "%s: not written, it is only to be looked at; :recover takes it up",
                       sx_document_name(d));
    if (purpose == SAVE_RANGE || (!d->saving && d->history.depth == 0))
        return true;
    return sx_fail(err, SX_ERR_BUSY, "%s: not written, %s", sx_document_name(d),
                   d->saving ? "it is being written already" : "a change is not finished");
}

static bool
save_start(SxDocument *d, SavePurpose purpose, SxSpan span, const char *path, unsigned flags, SxSave **out,
           SxError *err)
{
    SxSave *s = NULL;
    if (!may_begin(d, purpose, err) || !save_make(d, purpose, span, path, flags, &s, err))
        return false;
    bool nothing = s->plan.way == SX_SAVE_NONE;
    if (!nothing && (!no_conflict(s, d, err) || !save_allowed(s, err) || !prepare_way(s, d, err)))
        goto fail;
    if (purpose != SAVE_RANGE && !nothing) {
        if (!follow_changes(s, d, err) || !prepare_live(s, d, err))
            goto fail;
        history_close(&d->history);
        d->saving = true;
        document_log(d, JOURNAL_SAVE_BEGIN, s->plan.way);
    }
    *out = s;
    return true;
fail:
    meanwhile_end(&s->meanwhile, d);
    save_free(s);
    return false;
}

bool
sx_document_save_begin(SxDocument *d, const char *path, unsigned flags, SxSave **out, SxError *err)
{
    if (!document_release(d, err))
        return false;
    SxSpan all = {0, document_length(d)};
    return save_start(d, path ? SAVE_AS : SAVE_OWN, all, path, flags, out, err);
}

static bool
plan_only(SxDocument *d, SavePurpose purpose, const char *path, SxSavePlan *out, SxError *err)
{
    SxSave *s = NULL;
    if (!save_make(d, purpose, (SxSpan){0, document_length(d)}, path, 0, &s, err))
        return false;
    *out = s->plan;
    save_free(s);
    return true;
}

bool
sx_document_save_plan(SxDocument *d, SxSavePlan *out, SxError *err)
{
    return plan_only(d, SAVE_OWN, NULL, out, err);
}

bool
sx_document_save_as_plan(SxDocument *d, const char *path, SxSavePlan *out, SxError *err)
{
    return plan_only(d, SAVE_AS, path, out, err);
}

/* --- what the session wrote ------------------------------------------------------------------------------------------------ */

enum {
    HUNKS_AT_ONCE = 500,    /* so many are counted in finish */
    HUNKS_COUNTED = 200000, /* and so many at all: the account is a tree, too */
};

static uint64_t
count_hunks(const SxSave *s)
{
    const Reading *r = snapshot_reading(s->snapshot);
    Sum sum = sum_of(r->root);
    uint64_t hunks;
    uint64_t bytes;
    sum_changes(&sum, r->file_size, &hunks, &bytes);
    return hunks;
}

/* In the worker, where finish would take too long. */
static void
count_written(SxSave *s)
{
    uint64_t hunks = count_hunks(s);
    Node *account;
    if (hunks <= HUNKS_AT_ONCE || hunks > HUNKS_COUNTED || s->purpose == SAVE_RANGE)
        return;
    if (!written_build(snapshot_reading(s->snapshot), s->account, s->fanout, s->reaper, &account))
        return;
    if (s->account)
        node_release(s->account, s->reaper);
    s->account = account;
    s->counted = true;
}

static void
note_written(SxSave *s, SxDocument *d)
{
    if (s->counted) {
        tree_take(&d->written, s->account);
        s->account = NULL;
    } else if (count_hunks(s) <= HUNKS_AT_ONCE) {
        document_note_written(d, snapshot_reading(s->snapshot));
    } else {
        d->written_lost = true;
        tree_take(&d->written, NULL);
    }
}

/* --- run ---------------------------------------------------------------------------------------------------------------------- */

SxSavePhase
sx_save_phase(const SxSave *s)
{
    return (SxSavePhase)atomic_load(&s->phase);
}

bool
save_map_result(SxSave *s, int fd, SxError *err)
{
    char path[40];
    SxMapOptions options = {.access = SX_ACCESS_READ};
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    /* one that only reads: a program that is open for writing cannot be run */
    int reader = open(path, O_RDONLY | O_CLOEXEC);
    bool mapped = sx_map_open_fd(&s->map, reader >= 0 ? reader : fd, &options, err);
    if (reader >= 0)
        close(reader);
    s->source = mapped ? sx_map_source(s->map) : NULL;
    return s->source || (mapped && sx_fail(err, SX_ERR_NOMEM, "%s: not written, no memory to read it", save_name(s)));
}

void
sx_save_run(SxSave *s, SxJob *job)
{
    uint64_t began = patience_clock();
    s->saved.way = s->plan.way;
    switch (s->plan.way) {
    case SX_SAVE_NONE:
        /* in WRITE the bytes are there already; asking for them to be written means on the disk */
        s->done = s->fd < 0 || fdatasync(s->fd) == 0 || !s->regular ||
                  sx_fail_errno(&s->error, errno, "%s: the disk did not take it", save_name(s));
        break;
    case SX_SAVE_IN_PLACE:
    case SX_SAVE_COPY_OVER:
        s->done = save_in_place(s, job, &s->error);
        break;
    case SX_SAVE_COPY:
    case SX_SAVE_NEW:
        s->done = save_copy(s, job, &s->error);
        break;
    }
    if (s->done || s->renamed)
        count_written(s);
    s->saved.nanoseconds = patience_clock() - began;
}

/* --- finish -------------------------------------------------------------------------------------------------------------------- */

/* The document, against the file as it was saved; only what was changed meanwhile needs memory. */
static bool
find_root(SxSave *s, SxDocument *d, uint16_t file, Node **root)
{
    if (snapshot_reading(s->snapshot)->root != d->tree.root)
        return meanwhile_rebuild(&s->meanwhile, d, file, root);
    *root = s->live.root ? node_retain(s->live.root) : NULL;
    return true;
}

/* What the document reads its file by from now on. */
static void
take_result(SxSave *s, SxDocument *d, uint16_t file)
{
    store_renew_file(d->store, file, s->source);
    s->source = NULL;
    sx_map_free(d->map);
    d->map = s->map;
    s->map = NULL;
}

static bool
adopt_copy(SxSave *s, SxDocument *d, SxError *err)
{
    Node *root;
    if (!find_root(s, d, s->number, &root))
        return sx_fail(err, SX_ERR_NOMEM, "%s: written, but there is no memory to go on with it", save_name(s));
    note_written(s, d);
    take_result(s, d, s->number);
    tree_take(&d->tree, root);
    d->file = s->number;
    d->kind = SX_KIND_FILE;
    d->missing = false;
    d->offset = 0;
    d->part = false;
    return true;
}

/* Without memory the tree stays: what it takes for live is in the file as it was. */
static void
adopt_in_place(SxSave *s, SxDocument *d)
{
    Node *root;
    bool rebuilt = find_root(s, d, d->file, &root);
    note_written(s, d);
    if (rebuilt)
        tree_take(&d->tree, root);
    if (s->map)
        take_result(s, d, d->file);
    else if (d->map && s->plan.way == SX_SAVE_COPY_OVER)
        sx_map_refresh(d->map, NULL, NULL);
}

/* The name that was given is the document's from now on. */
static void
take_path(SxSave *s, SxDocument *d)
{
    if (s->purpose != SAVE_AS)
        return;
    free(d->path);
    d->path = s->given;
    s->given = NULL;
}

/* A map of another file begins READ; where the document writes through, it must too. */
static void
settle_access(SxSave *s, SxDocument *d)
{
    bool through = d->access == SX_ACCESS_WRITE;
    if (d->map && through && !writes_in_place(s) && !sx_map_set_access(d->map, SX_ACCESS_WRITE, NULL))
        d->access = SX_ACCESS_COPY;
    if (d->map && !through && writes_in_place(s))
        sx_map_set_access(d->map, SX_ACCESS_READ, NULL);
    document_renew_source(d, NULL);
}

static void
mark_saved(SxSave *s, SxDocument *d)
{
    d->torn = false;
    d->file_size = sx_snapshot_length(s->snapshot);
    d->saved_step = s->step;
    d->saved_file = d->file;
    d->saved_epoch = store_file(d->store, d->file)->epoch;
    steps_change(d->history.steps, s->step)->saved = true;
    document_know_file(d);
    d->wrote_through = false;
    journal_file(d->journal, JOURNAL_ROLE_CURRENT, d->file, s->target.path, d->map ? sx_map_fd(d->map) : -1, false,
                 NULL);
}

/* The document goes on from what is in the file now. */
static bool
adopt(SxSave *s, SxDocument *d, SxError *err)
{
    bool in_place = writes_in_place(s);
    if (!in_place && !adopt_copy(s, d, err))
        return false;
    take_path(s, d);
    if (in_place)
        adopt_in_place(s, d);
    if (s->touched) {
        store_file(d->store, d->file)->epoch++;
        document_witness_saved(d, snapshot_reading(s->snapshot));
    }
    settle_access(s, d);
    mark_saved(s, d);
    return true;
}

/* The file is what it was, but readers of the images must not take it for the same epoch. */
static void
abandon(SxSave *s, SxDocument *d)
{
    d->torn = d->torn || s->torn;
    bool was_saved = d->saved_file == d->file && d->saved_epoch == store_file(d->store, d->file)->epoch;
    if (s->touched) {
        uint32_t epoch = ++store_file(d->store, d->file)->epoch;
        if (was_saved && !s->torn)
            d->saved_epoch = epoch;
    }
    if (writes_in_place(s)) {
        settle_access(s, d);
        if (s->touched)
            document_know_file(d);
    }
}

static bool
end(SxSave *s, SxDocument *d, SxError *err)
{
    bool done = s->done;
    d->saving = false;
    if (done || s->renamed)
        done = adopt(s, d, &s->error) && done;
    else
        abandon(s, d);
    meanwhile_end(&s->meanwhile, d);
    if (!s->torn)
        document_log(d, JOURNAL_SAVE_END, s->done || s->renamed);
    document_changed(d);
    if (!done && err)
        *err = s->error;
    return done;
}

bool
sx_document_save_finish(SxDocument *d, SxSave *s, SxSaved *saved, SxError *err)
{
    bool done = s->meanwhile.follows ? end(s, d, err) : s->done;
    if (!done && !s->meanwhile.follows && err)
        *err = s->error;
    if (done && saved)
        *saved = s->saved;
    save_free(s);
    return done;
}

/* --- at once --------------------------------------------------------------------------------------------------------------------- */

static bool
save_now(SxDocument *d, SavePurpose purpose, SxSpan span, const char *path, unsigned flags, SxJob *job, SxSaved *saved,
         SxError *err)
{
    SxSave *s = NULL;
    if (!save_start(d, purpose, span, path, flags, &s, err))
        return false;
    sx_save_run(s, job);
    return sx_document_save_finish(d, s, saved, err);
}

bool
sx_document_save(SxDocument *d, unsigned flags, SxJob *job, SxSaved *saved, SxError *err)
{
    return save_now(d, SAVE_OWN, (SxSpan){0, document_length(d)}, NULL, flags, job, saved, err);
}

bool
sx_document_save_as(SxDocument *d, const char *path, unsigned flags, SxJob *job, SxSaved *saved, SxError *err)
{
    return save_now(d, SAVE_AS, (SxSpan){0, document_length(d)}, path, flags, job, saved, err);
}

bool
sx_document_write_range(SxDocument *d, SxSpan span, const char *path, SxJob *job, SxSaved *saved, SxError *err)
{
    uint64_t length = document_length(d);
    if (span.len == UINT64_MAX)
        span = sx_span_clip(span, length);
    if (span.at > length || span.len > length - span.at)
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%" PRIu64 " is outside the %" PRIu64 " bytes there are",
                       span.at, span.len, length);
    return save_now(d, SAVE_RANGE, span, path, 0, job, saved, err);
}
