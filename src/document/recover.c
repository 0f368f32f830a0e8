/*
 * recover.c - a journal that was left behind becomes a document, and that takes the place of one that has no changes.
 */
#include "document/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/disk.h"
#include "document/foreign.h"
#include "document/target.h"

/* --- making one ------------------------------------------------------------------------------------------------------- */

static bool
own_add(Recovery *r)
{
    Store *s = r->d->store;
    add_release(s->add);
    s->add = add_retain(journal_reader_add(r->reader));
    return true;
}

/* The file as the head has it, whole and live. */
static bool
begin_file(Recovery *r, SxError *err)
{
    SxDocument *d = r->d;
    const JournalHead *head = r->head;
    uint64_t size = head->length ? head->length : head->identity.size;
    Piece all = {0, size, EPOCH_LIVE, 0, PIECE_FILE};
    r->files = calloc(1, sizeof *r->files);
    if (!r->files || !(r->files[0].path = strdup(head->path)))
        return sx_fail(err, SX_ERR_NOMEM, "no memory to recover");
    r->n_files = 1;
    r->files[0].named = true;
    r->files[0].identity = head->identity;
    r->file_len = head->identity.size;
    d->kind = head->kind <= SX_KIND_MEMORY ? (SxMapKind)head->kind : SX_KIND_FILE;
    d->offset = (int64_t)head->offset;
    d->part = head->offset != 0 || head->length != 0;
    d->file_size = size;
    return store_add_file(d->store, NULL, size, &d->file, err) &&
           (tree_replace(&d->tree, 0, 0, &all, size > 0) || sx_fail(err, SX_ERR_NOMEM, "no memory to recover"));
}

static bool
head_sound(const JournalHead *head, SxError *err)
{
    bool sound = head->identity.size < UINT64_MAX / 2 && head->offset < UINT64_MAX / 2 && head->length < UINT64_MAX / 2;
    return sound || sx_fail(err, SX_ERR_SYNTAX, "the head of the journal is damaged");
}

/* Record by record, as far as they are sound. */
static void
play_all(Recovery *r)
{
    JournalEntry e;
    r->end = journal_reader_end(r->reader);
    while (journal_reader_next(r->reader, &e) && recovery_play(r, &e))
        r->end = journal_reader_end(r->reader);
    recovery_play_end(r);
}

bool
recovery_begin(Recovery *r, const char *dir, const SxDocumentOptions *o, SxError *err)
{
    *r = (Recovery){.dir = dir};
    if (!journal_reader_open(&r->reader, dir, err))
        return false;
    r->head = journal_reader_head(r->reader);
    r->time = r->head->created;
    SxDocumentOptions options = *o;
    options.state_dir = NULL;
    options.chunk = (size_t)r->head->chunk;
    if (!head_sound(r->head, err) ||
        !document_make(&r->d, r->head->has_file ? r->head->path : NULL, &options, err) || !own_add(r) ||
        !begin_file(r, err))
        return false;
    r->d->access = r->access = SX_ACCESS_COPY;
    r->d->replaying = true;
    play_all(r);
    if (r->error.code == SX_OK)
        return true;
    if (err)
        *err = r->error;
    return false;
}

void
recovery_clear(Recovery *r)
{
    if (r->d)
        recovery_unsaved(r);
    sx_document_free(r->d, false);
    journal_reader_close(r->reader);
    for (size_t i = 0; i < r->n_files; i++) {
        free(r->files[i].path);
        free(r->files[i].moved);
    }
    free(r->files);
    free(r->backup);
    free(r->pending.list);
    free(r->back.list);
    *r = (Recovery){0};
}

/* --- taking its place --------------------------------------------------------------------------------------------------- */

/* What belongs to whoever holds the document, and not to what it shows. Marks that the journal knows of are where it left
 * them; else they are those of now. */
static void
keep_outside(SxDocument *to, SxDocument *from, bool noted)
{
    char *path = to->path;
    char *state_dir = to->state_dir;
    Marks marks = noted ? from->marks : to->marks;
    to->path = from->path;
    to->state_dir = from->state_dir;
    to->marks = noted ? to->marks : from->marks;
    free(to->listeners); /* those of the playing, which is over */
    to->listeners = from->listeners;
    to->n_listeners = from->n_listeners;
    to->keeps_history = from->keeps_history;
    to->tail_limit = from->tail_limit;
    to->generation = from->generation;
    from->path = path;
    from->state_dir = state_dir;
    from->marks = marks;
    from->listeners = NULL;
    from->n_listeners = 0;
}

/* `d` becomes what was recovered, and r->d what it was. */
void
recovery_become(SxDocument *d, Recovery *r)
{
    uint64_t length = document_length(d);
    SxDocument was = *d;
    *d = *r->d;
    *r->d = was;
    keep_outside(d, r->d, r->noted);
    document_changed(d);
    document_tell_all(d, &(SxChange){0, length, document_length(d)}); /* marks stay where there is a place */
}

/* --- what a journal and a document have to do with each other ------------------------------------------------------------- */

bool
recovery_untouched(const SxDocument *d, SxError *err)
{
    if (d->saving || d->history.depth > 0 || d->journal || sx_document_modified(d))
        return sx_fail(err, SX_ERR_BUSY, "%s has changes of its own; write or discard them first", sx_document_name(d));
    return true;
}

static bool
same_subject(const SxDocument *d, const Recovery *r, SxError *err)
{
    const char *path = sx_document_path(d);
    char *real = path ? realpath(path, NULL) : NULL;
    const char *mine = real ? real : path;
    const char *last = r->files[r->d->file].path;
    bool same = r->head->has_file ? mine && (strcmp(mine, r->head->path) == 0 || strcmp(mine, last) == 0) : !path;
    free(real);
    return same || sx_fail(err, SX_ERR_CONFLICT, "the journal is of another file, %s", r->head->path);
}

static bool
nobody_has(const Recovery *r, SxError *err)
{
    return !r->head->live || sx_fail(err, SX_ERR_BUSY, "the journal is in use by Sextant %u", r->head->process);
}

static bool
may_take(const Recovery *r, SxError *err)
{
    if (r->relation == SX_RELATION_CHANGED || r->relation == SX_RELATION_MISSING)
        return sx_fail(err, SX_ERR_CONFLICT, "%s is not the file that the changes were made in",
                       sx_document_name(r->d));
    return true;
}

/* Ours by its name, wherever it is. */
static void
remove_temporary(const char *path)
{
    struct stat st;
    if (target_is_temporary(path) && lstat(path, &st) == 0 && S_ISREG(st.st_mode))
        unlink(path);
}

/* Files of saves that a crash ended, which nothing else has. */
static void
remove_temporaries(const Recovery *r)
{
    for (size_t i = 1; i < r->n_files; i++)
        if (r->files[i].path && !r->files[i].other && (uint16_t)i != r->d->file)
            remove_temporary(r->files[i].path);
    if (r->backup)
        remove_temporary(r->backup);
}

/* What the file said of the last write, for whoever reads the journal next. Where it is torn the journal waits for mending. */
static void
log_outcome(Recovery *r)
{
    SxDocument *d = r->d;
    bool saved = r->outcome == OUTCOME_SAVED;
    if (saved)
        journal_file(d->journal, JOURNAL_ROLE_CURRENT, d->file, r->files[d->file].path, d->map ? sx_map_fd(d->map) : -1,
                     false, NULL);
    if (r->outcome != OUTCOME_NONE)
        journal_mark(d->journal, JOURNAL_SAVE_END, saved || r->outcome == OUTCOME_ARRIVED, NULL);
    if (r->access != d->access && !r->torn)
        journal_mark(d->journal, JOURNAL_ACCESS, d->access, NULL);
}

/* From here on `r->d` writes into the journal that it came from. */
static bool
take_journal(Recovery *r, const char *dir, SxError *err)
{
    SxDocument *d = r->d;
    Add *add = add_retain(journal_reader_add(r->reader));
    char *path = r->head->has_file ? strdup(r->head->path) : NULL;
    remove_temporaries(r);
    journal_reader_close(r->reader);
    r->reader = NULL;
    r->head = NULL;
    bool done = journal_resume(&d->journal, dir, path, &r->end, add, err);
    add_release(add);
    free(path);
    if (done)
        log_outcome(r);
    return done;
}

/* --- the calls ----------------------------------------------------------------------------------------------------------------- */

static SxDocumentOptions
options_of(const SxDocument *d)
{
    return (SxDocumentOptions){.fanout = d->tree.fanout, .window = d->window, .tail_limit = d->tail_limit,
                               .history = steps_budget(d->history.steps)};
}

bool
recovery_of(Recovery *r, SxDocument *d, const char *dir, SxError *err)
{
    SxDocumentOptions o = options_of(d);
    return recovery_untouched(d, err) && recovery_begin(r, dir, &o, err) && nobody_has(r, err) && recovery_settle(r, err) &&
           same_subject(d, r, err);
}

/* Steps that a save has brought into the file, or WRITE: they are taken back only when that is meant. */
static uint32_t
inherited(const SxDocument *d)
{
    if (!sx_document_modified(d))
        return d->history.current;
    return d->saved_step < d->history.count ? d->saved_step : 0;
}

/* The others of a save of chosen changes. */
static bool
come_again(const Recovery *r, SxDocument *d, SxError *err)
{
    if (!r->aside || r->aside_of >= d->history.count)
        return true;
    d->access = SX_ACCESS_COPY;
    if (!document_come_again(d, (uint32_t)r->aside_of, err))
        return false;
    d->inherited = inherited(d);
    return true;
}

static bool
look(SxDocument *d, Recovery *r, SxError *err)
{
    if (!come_again(r, r->d, err))
        return false;
    add_detach(journal_reader_add(r->reader));
    r->d->look = true;
    r->d->access = SX_ACCESS_READ;
    if (r->torn && r->back.count > 0) /* the file as it was before the write */
        store_file(r->d->store, r->d->file)->epoch = r->back.list[0].epoch;
    recovery_become(d, r);
    return true;
}

bool
recovery_take(SxDocument *d, Recovery *r, const char *dir, SxError *err)
{
    SxAccess access = d->access;
    bool write = access == SX_ACCESS_WRITE && !sx_document_modified(r->d) && !r->aside;
    if (!may_take(r, err) || !take_journal(r, dir, err))
        return false;
    r->d->inherited = inherited(r->d);
    if (write && !sx_document_set_access(r->d, access, SX_PENDING_REFUSE, err))
        return false;
    if (access == SX_ACCESS_READ)
        r->d->access = sx_document_modified(r->d) ? SX_ACCESS_COPY : access;
    recovery_become(d, r);
    if (!r->noted && d->marks.count > 0)
        document_log_marks(d);
    return true;
}

bool
sx_document_recover(SxDocument *d, const char *dir, SxRecover how, SxError *err)
{
    Recovery r = {0};
    bool done = recovery_of(&r, d, dir, err);
    if (done && how == SX_RECOVER_LOOK)
        done = look(d, &r, err);
    else if (done && r.torn)
        done = sx_fail(err, SX_ERR_ASK, "%s: a write stopped half-way", sx_document_name(d));
    else if (done)
        done = recovery_take(d, &r, dir, err) && come_again(&r, d, err);
    recovery_clear(&r);
    return done;
}

bool
sx_document_look(const SxDocument *d)
{
    return d->look;
}

/* --- a write that was cut off ------------------------------------------------------------------------------------------------------- */

static bool
put_back(Recovery *r, int fd, SxError *err)
{
    enum { PART = 64 << 10 };
    uint8_t bytes[PART];
    for (size_t i = 0; i < r->back.count; i++) {
        const Image *m = &r->back.list[i];
        for (uint64_t done = 0; done < m->len && !image_lost(m);) { /* of those there is nothing to put */
            size_t n = m->len - done < PART ? (size_t)(m->len - done) : PART;
            add_copy(r->d->store->add, m->add_at + done, bytes, n);
            if (!write_all(fd, sx_bytes(bytes, n), (uint64_t)r->d->offset + m->at + done))
                return sx_fail_errno(err, errno, "%s: not put back, it cannot be written", sx_document_name(r->d));
            done += n;
        }
    }
    bool sized = r->d->part || r->d->kind != SX_KIND_FILE || ftruncate(fd, (off_t)r->back_len) == 0;
    return (sized && fsync(fd) == 0) || sx_fail_errno(err, errno, "%s: not put back", sx_document_name(r->d));
}

/* The file is what it was before the write; the document keeps the changes, pending. */
static bool
mend_back(Recovery *r, SxError *err)
{
    const char *path = r->files[r->d->file].path;
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    bool done = fd >= 0 || sx_fail_errno(err, errno, "%s: not put back", sx_document_name(r->d));
    done = done && put_back(r, fd, err);
    if (fd >= 0)
        close(fd);
    return done;
}

bool
sx_document_mend(SxDocument *d, const char *dir, bool finish, SxError *err)
{
    Recovery r = {0};
    bool done = recovery_of(&r, d, dir, err) &&
                (r.torn || sx_fail(err, SX_ERR_KIND, "%s: no write was cut off", sx_document_name(d))) && may_take(&r, err);
    if (done && !finish) {
        done = mend_back(&r, err);
        recovery_clear(&r);
        return done && sx_document_recover(d, dir, SX_RECOVER_TAKE, err);
    }
    done = done && recovery_take(d, &r, dir, err) &&
           sx_document_save(d, SX_SAVE_FORCE | SX_SAVE_MAY_COPY_OVER, NULL, NULL, err) && come_again(&r, d, err);
    recovery_clear(&r);
    return done;
}
