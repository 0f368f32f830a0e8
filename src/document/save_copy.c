/*
 * save_copy.c - a new file beside the target, which then takes its name: until the rename the old file is whole, after
 * it the new one is.
 *
 * Runs of the document that lie in its file in one piece are taken from there, shared where blocks can be shared, holes
 * left as holes; all else, and what is small, is read through the snapshot. Offsets are those of the snapshot, in the
 * new file they begin at 0, in the document's file `base` further.
 */
#include "document/save.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/disk.h"
#include "document/metadata.h"

enum {
    LONG_RUN = 256 << 10, /* bytes; shorter runs are read with their neighbours */
    MIXED = 4 << 20,      /* bytes of neighbours read at once */
    PART = 1 << 20,       /* bytes between two looks at the job */
};

typedef struct Copy {
    SxSave *save;
    SxJob *job;
    const Reading *view;
    Out *out;
    int from;   /* the document's file */
    int fd;     /* the new file */
    char *name; /* its name in the directory, NULL: it has taken the target's */
    char *path; /* of that name */
} Copy;

static bool
go_on(const Copy *c, SxError *err)
{
    return !sx_job_cancelled(c->job) ||
           sx_fail(err, SX_ERR_CANCELLED, "%s: stopped, not written. Old file whole", save_name(c->save));
}

/* --- bytes ------------------------------------------------------------------------------------------------------------ */

/* Through the snapshot: whatever they are made of. */
static bool
copy_mixed(Copy *c, SxSpan span, SxError *err)
{
    SxSource *source = sx_snapshot_source(c->save->snapshot);
    while (span.len > 0) {
        size_t room;
        uint8_t *to = out_room(c->out, &room, err);
        if (!to || !go_on(c, err))
            return false;
        size_t n = span.len < room ? (size_t)span.len : room;
        if (!sx_source_read(source, (SxSpan){span.at, n}, to, err))
            return false;
        out_put(c->out, n);
        sx_job_advance(c->job, n);
        span = (SxSpan){span.at + n, span.len - n};
    }
    return true;
}

static bool
read_failed(const Copy *c, uint64_t at, int errnum, SxError *err)
{
    if (errnum == 0)
        return sx_fail(err, SX_ERR_CONFLICT, "%s: not written, it became shorter while it was copied",
                       save_name(c->save));
    return sx_fail_errno(err, errnum, "%s: not written, 0x%" PRIx64 " cannot be read", save_name(c->save), at);
}

/* Bytes [at, at + len) of the document's file. */
static bool
copy_data(Copy *c, uint64_t at, uint64_t len, SxError *err)
{
    while (len > 0) {
        size_t room;
        uint8_t *to = out_room(c->out, &room, err);
        if (!to || !go_on(c, err))
            return false;
        size_t n = len < room ? (size_t)len : room;
        ssize_t got = pread(c->from, to, n < PART ? n : PART, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return read_failed(c, at, got < 0 ? errno : 0, err);
        out_put(c->out, (size_t)got);
        sx_job_advance(c->job, (uint64_t)got);
        at += (uint64_t)got;
        len -= (uint64_t)got;
    }
    return true;
}

/* How far from `at` on the file has data, or none. A file system that cannot tell has data everywhere. */
static uint64_t
extent_of(const Copy *c, uint64_t at, uint64_t len, bool *hole)
{
    *hole = false;
    off_t data = lseek(c->from, (off_t)at, SEEK_DATA);
    if (data < 0 && errno == ENXIO) { /* a hole to the end, or the end came nearer: reading will tell */
        struct stat st;
        *hole = fstat(c->from, &st) == 0 && (uint64_t)st.st_size >= at + len;
        return len;
    }
    if (data < 0)
        return len;
    *hole = (uint64_t)data > at;
    off_t end = *hole ? data : lseek(c->from, (off_t)at, SEEK_HOLE);
    return end > (off_t)at && (uint64_t)end - at < len ? (uint64_t)end - at : len;
}

/* Data of the file at `at`: what can be shared or copied by the system, or else all of it. *len: so much it was. */
static bool
copy_extent(Copy *c, uint64_t at, uint64_t *len, SxError *err)
{
    uint64_t head = out_to_boundary(c->out);
    uint64_t shared;
    if (head > 0 && head < *len)
        *len = head; /* blocks are shared from their start only */
    out_share(c->out, c->from, at, *len, &shared);
    if (shared == 0)
        return out_reserve(c->out, *len, err) && copy_data(c, at, *len, err);
    *len = shared;
    sx_job_advance(c->job, shared);
    return true;
}

/* A long run of the document's file. */
static bool
copy_live(Copy *c, uint64_t at, uint64_t len, SxError *err)
{
    while (len > 0) {
        bool hole;
        uint64_t n = extent_of(c, at, len, &hole);
        if (hole ? !out_zeros(c->out, n, err) : !copy_extent(c, at, &n, err))
            return false;
        if (hole)
            sx_job_advance(c->job, n);
        if (!go_on(c, err))
            return false;
        at += n;
        len -= n;
    }
    return true;
}

bool
save_copy_bytes(SxSave *s, SxJob *job, Out *out, int from, uint64_t len, SxError *err)
{
    Copy c = {.save = s, .job = job, .out = out, .from = from, .fd = -1};
    return copy_live(&c, 0, len, err);
}

/* Zeros that are stored nowhere: a fill, or a document of memory. */
static bool
is_zeros(const Copy *c, const Piece *p)
{
    return p->kind == PIECE_FILL ? (p->offset & 0xff) == 0 : piece_live(p) && c->save->fd < 0;
}

/* Worth its own way, by itself. */
static bool
is_long(const Copy *c, const Piece *p, uint64_t len)
{
    return len >= LONG_RUN && (is_zeros(c, p) || (piece_live(p) && c->save->regular));
}

/* From `at` on, how many bytes are in pieces that are not long; at most MIXED and a piece. */
static uint64_t
mixed_len(const Copy *c, uint64_t at, uint64_t end)
{
    Cursor cursor;
    uint64_t to = at;
    bool more = cursor_at(&cursor, c->view->root, at);
    while (more && to < end && to - at < MIXED && !is_long(c, &cursor.piece, cursor.begins + cursor.piece.len - to)) {
        to = cursor.begins + cursor.piece.len;
        more = cursor_next(&cursor);
    }
    return (to < end ? to : end) - at;
}

static bool
copy_next(Copy *c, uint64_t *at, uint64_t end, SxError *err)
{
    Cursor cursor;
    SX_BUG_ON(!cursor_at(&cursor, c->view->root, *at));
    uint64_t within = *at - cursor.begins;
    uint64_t len = cursor.piece.len - within;
    if (len > end - *at)
        len = end - *at;
    bool done;
    if (!is_long(c, &cursor.piece, len)) {
        len = mixed_len(c, *at, end);
        if (len == 0)
            len = end - *at < LONG_RUN ? end - *at : LONG_RUN;
        done = copy_mixed(c, (SxSpan){*at, len}, err);
    } else if (is_zeros(c, &cursor.piece)) {
        done = out_zeros(c->out, len, err);
        sx_job_advance(c->job, len);
    } else {
        done = copy_live(c, c->save->base + cursor.piece.offset + within, len, err);
    }
    *at += len;
    return done;
}

static bool
copy_content(Copy *c, SxError *err)
{
    SxSpan span = c->save->span;
    if (!out_new(&c->out, c->fd, save_name(c->save), span.len, err))
        return false;
    bool done = true;
    for (uint64_t at = span.at; done && at < sx_span_end(span);)
        done = go_on(c, err) && copy_next(c, &at, sx_span_end(span), err);
    done = done && out_finish(c->out, err);
    out_free(c->out);
    c->out = NULL;
    return done;
}

/* --- the file around them ----------------------------------------------------------------------------------------------- */

/* What the target is: the descriptor of the file that is replaced. */
static bool
keep_metadata(Copy *c, SxError *err)
{
    const Target *t = &c->save->target;
    if (!t->exists)
        return true;
    SxError why = {0};
    int fd = openat(t->dir, t->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool done = fd >= 0 ? metadata_copy(fd, c->fd, &why) : sx_fail_errno(&why, errno, "cannot look at it");
    if (fd >= 0)
        close(fd);
    SxCode code = why.code == SX_ERR_NOMEM ? SX_ERR_NOMEM : SX_ERR_ASK;
    return done || sx_fail(err, code, "%s: not written, %s", save_name(c->save), why.text);
}

/* The name leads where it led, and nobody has written to the file since. */
static bool
is_unchanged(const Copy *c, SxError *err)
{
    const SxSave *s = c->save;
    const Target *t = &s->target;
    struct stat st;
    bool exists = fstatat(t->dir, t->name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    Identity known = s->own ? s->known : identity_of_stat(&t->st);
    if ((s->flags & SX_SAVE_FORCE) || (!exists && !t->exists))
        return true;
    if (exists && t->exists && identity_compare(&known, &st) == IDENTITY_SAME)
        return true;
    return sx_fail(err, SX_ERR_CONFLICT, "%s: not written, somebody else changed it meanwhile", save_name(s));
}

static bool
failed(const Copy *c, const char *what, SxError *err)
{
    return sx_fail_errno(err, errno, "%s: not written, %s", save_name(c->save), what);
}

/* The last look at the job: who asks from here on is told that it is too late. */
static bool
seal(const Copy *c, SxError *err)
{
    atomic_store(&c->save->phase, SX_SAVE_SEALING);
    if (go_on(c, err))
        return true;
    atomic_store(&c->save->phase, SX_SAVE_WRITING);
    return false;
}

/* A file that was not there must not be there now either, where that can be asked for. */
static bool
take_name(Copy *c, SxError *err)
{
    const Target *t = &c->save->target;
    bool fresh = !t->exists && !(c->save->flags & SX_SAVE_FORCE);
    int moved = fresh ? renameat2(t->dir, c->name, t->dir, t->name, RENAME_NOREPLACE) : -1;
    if (fresh && moved != 0 && errno == EEXIST)
        return sx_fail(err, SX_ERR_CONFLICT, "%s: not written, somebody else has made it meanwhile", save_name(c->save));
    if (!fresh || (moved != 0 && (errno == EINVAL || errno == ENOSYS)))
        moved = renameat(t->dir, c->name, t->dir, t->name);
    if (moved != 0)
        return failed(c, "it cannot be replaced", err);
    free(c->name);
    c->name = NULL;
    return true;
}

/* Before it takes the name, so that nothing can be missing behind that. */
static bool
open_result(Copy *c, SxError *err)
{
    SxSave *s = c->save;
    return s->purpose == SAVE_RANGE || s->span.len == 0 || save_map_result(s, c->fd, err);
}

/* The file, and the journal that knows it: behind a rename it tells that this is the file that was saved. */
static bool
on_disk(Copy *c, SxError *err)
{
    SxSave *s = c->save;
    if (fsync(c->fd) != 0)
        return failed(c, "the disk did not take it", err);
    save_rescue(s);
    journal_file(s->journal, JOURNAL_ROLE_TEMP, s->number, c->path, c->fd, s->purpose != SAVE_RANGE, NULL);
    return true;
}

/* The journal has the name before the file is there: a crash leaves nothing that nobody knows of. */
static bool
make_file(Copy *c, SxError *err)
{
    SxSave *s = c->save;
    char *name = target_temporary_name(&s->target);
    if (!name || asprintf(&c->path, "%.*s%s", (int)(s->target.name - s->target.path), s->target.path, name) < 0) {
        free(name);
        c->path = NULL;
        return sx_fail(err, SX_ERR_NOMEM, "no memory to save");
    }
    journal_file(s->journal, JOURNAL_ROLE_TEMP, s->number, c->path, -1, false, NULL);
    c->fd = target_make(&s->target, name, !s->target.exists, err);
    if (c->fd >= 0)
        c->name = name;
    else
        free(name);
    return c->fd >= 0;
}

/* Words for the one who must find room: what it would have taken, and what there is. */
static void
explain(const Copy *c, SxError *err)
{
    const SxSave *s = c->save;
    uint64_t needed = s->plan.space_needed;
    int errnum = err ? err->sys : 0;
    if (!err || err->code != SX_ERR_NOSPACE)
        return;
    if (errnum == EFBIG)
        sx_fail(err, SX_ERR_NOSPACE, "%s: not written, %" PRIu64 " bytes are more than one file may have here; write "
                "elsewhere", save_name(s), s->span.len);
    else if (errnum == EDQUOT)
        sx_fail(err, SX_ERR_NOSPACE, "%s: not written, a copy needs %" PRIu64 " bytes, more than your quota; write "
                "elsewhere", save_name(s), needed);
    else
        sx_fail(err, SX_ERR_NOSPACE, "%s: not written, a copy needs %" PRIu64 " bytes, %" PRIu64 " are free; write "
                "elsewhere", save_name(s), needed, target_space(&s->target));
    err->sys = errnum;
}

static void
count(Copy *c)
{
    SxSave *s = c->save;
    s->saved.bytes = s->plan.write;
    s->saved.places = s->plan.places;
}

bool
save_copy(SxSave *s, SxJob *job, SxError *err)
{
    Copy c = {.save = s, .job = job, .view = snapshot_reading(s->snapshot), .from = s->fd, .fd = -1};
    sx_job_total(job, s->span.len);
    bool done = make_file(&c, err) && copy_content(&c, err) && keep_metadata(&c, err) && on_disk(&c, err) &&
                open_result(&c, err) && is_unchanged(&c, err) && save_backup(s, job, err) && seal(&c, err) && take_name(&c, err);
    /* from here on the new file is the file: nothing is taken back */
    bool named = done;
    done = done && target_sync_dir(&s->target, err);
    if (done)
        count(&c);
    if (c.name)
        unlinkat(s->target.dir, c.name, 0);
    free(c.name);
    free(c.path);
    if (!done)
        explain(&c, err);
    if (c.fd >= 0 && close(c.fd) != 0 && done && errno != EINTR)
        done = failed(&c, "the disk did not take it", err);
    s->renamed = named;
    return done;
}
