/*
 * foreign.c - what others do to the file: noticed by stat alone; taken as the new base on request.
 *
 * Bytes that changed where they are need no edit: the document shows the file. A file that became longer or shorter
 * is a step of the history, so that places of older steps keep their meaning.
 */
#include "document/foreign.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
document_after_write(SxDocument *d)
{
    struct stat st;
    int fd = d->map ? sx_map_fd(d->map) : -1;
    const char *path = sx_document_path(d);
    d->known = fd >= 0 ? fstat(fd, &st) == 0 : path && !d->missing && stat(path, &st) == 0;
    if (d->known)
        d->identity = identity_of_stat(&st);
}

void
document_know_file(SxDocument *d)
{
    d->foreign = SX_FOREIGN_NONE;
    document_after_write(d);
}

/* What was found now, against what we knew. */
static SxForeign
compare(const SxDocument *d, const struct stat *st)
{
    IdentityMatch match = identity_compare(&d->identity, st);
    uint64_t size = (uint64_t)st->st_size;
    if (match == IDENTITY_OTHER)
        return SX_FOREIGN_REPLACED;
    if (match == IDENTITY_SAME || d->kind != SX_KIND_FILE)
        return SX_FOREIGN_NONE;
    if (size == d->identity.size)
        return SX_FOREIGN_WRITTEN;
    return size < d->identity.size ? SX_FOREIGN_SHORTER : SX_FOREIGN_LONGER;
}

void
document_before_write(SxDocument *d)
{
    struct stat st;
    int fd = d->map ? sx_map_fd(d->map) : -1;
    if (d->foreign == SX_FOREIGN_NONE && d->known && fd >= 0 && fstat(fd, &st) == 0)
        d->foreign = compare(d, &st);
}

void
sx_file_stat(const char *path, SxFileStat *out)
{
    *out = (SxFileStat){0};
    if (stat(path, &out->st) != 0)
        out->error = errno;
}

SxForeign
sx_document_foreign_by(SxDocument *d, const SxFileStat *look, uint64_t *size)
{
    if (!d->known || d->saving)
        return SX_FOREIGN_NONE;
    if (look->error)
        return look->error == ENOENT || look->error == ENOTDIR ? SX_FOREIGN_DELETED : d->foreign;
    if (size && S_ISREG(look->st.st_mode))
        *size = (uint64_t)look->st.st_size;
    SxForeign now = compare(d, &look->st);
    return now == SX_FOREIGN_NONE ? d->foreign : now;
}

const char *
sx_document_look_path(const SxDocument *d, char *buf, size_t size)
{
    int fd = d->held && d->map ? sx_map_fd(d->map) : -1;
    if (fd < 0)
        return sx_document_path(d);
    snprintf(buf, size, "/proc/self/fd/%d", fd);
    return buf;
}

SxForeign
sx_document_foreign(SxDocument *d, uint64_t *size)
{
    SxFileStat look;
    char held[32];
    const char *path = sx_document_look_path(d, held, sizeof held);
    if (!path)
        return SX_FOREIGN_NONE;
    sx_file_stat(path, &look);
    return sx_document_foreign_by(d, &look, size);
}

void
sx_document_hold(SxDocument *d, bool on)
{
    d->held = on;
}

/* --- reload ------------------------------------------------------------------------------------------------------------ */

bool
foreign_open(const SxDocument *d, SxMap **out, SxError *err)
{
    SxMapOptions o = {.access = SX_ACCESS_READ, .offset = d->offset, .window = d->window};
    SxError why = {0};
    if (d->part)
        o.length = d->file_size;
    *out = NULL;
    if (d->access == SX_ACCESS_WRITE)
        o.access = SX_ACCESS_WRITE;
    char held[32];
    if (sx_map_open(out, sx_document_look_path(d, held, sizeof held), &o, &why) || why.code == SX_ERR_EMPTY)
        return true;
    if (err)
        *err = why;
    return false;
}

/* What a shorter file has lost: places of the document, ascending. */
typedef struct Lost {
    SxSpan *spans;
    size_t count;
    size_t room;
} Lost;

static bool
lost_add(Lost *l, SxSpan span)
{
    if (span.len == 0)
        return true;
    if (l->count > 0 && sx_span_end(l->spans[l->count - 1]) == span.at) {
        l->spans[l->count - 1].len += span.len;
        return true;
    }
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 16;
        SxSpan *spans = realloc(l->spans, room * sizeof *spans);
        if (!spans)
            return false;
        l->spans = spans;
        l->room = room;
    }
    l->spans[l->count++] = span;
    return true;
}

/* One piece over file number `file`, `size` bytes long: live as far as it is now and the file reaches; what is behind
 * that stays what it was. */
static bool
move_piece(Builder *b, const Reading *v, const Cursor *c, uint16_t file, uint64_t size, Lost *lost)
{
    Piece old = reading_resolve(v, &c->piece);
    if (!piece_live(&c->piece))
        return builder_add(b, &old);
    uint64_t there = sx_span_clip((SxSpan){old.offset, old.len}, size).len;
    Piece live = {old.offset, there, EPOCH_LIVE, file, PIECE_FILE};
    Piece rest = piece_part(&old, there, old.len - there);
    return (there == 0 || builder_add(b, &live)) && (rest.len == 0 || builder_add(b, &rest)) &&
           lost_add(lost, (SxSpan){c->begins + there, rest.len});
}

static bool
move_tree(const SxDocument *d, uint16_t file, uint64_t size, Lost *lost, Node **root)
{
    Reading v = document_reading(d);
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    Cursor c;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, v.root, 0); added && more; more = cursor_next(&c))
        added = move_piece(b, &v, &c, file, size, lost);
    if (added)
        return builder_finish(b, root);
    builder_free(b);
    return false;
}

/* As one step of the history: what the file has lost is deleted, what it has won comes behind everything. */
static bool
follow_length(SxDocument *d, const Lost *lost, uint64_t old_size, SxError *err)
{
    if (!sx_document_begin(d, err))
        return false;
    bool done = true;
    for (size_t i = lost->count; done && i-- > 0;)
        done = document_edit(d, SX_STEP_DELETE, lost->spans[i], NULL, 0, err);
    Piece won = {old_size, d->file_size - old_size, EPOCH_LIVE, d->file, PIECE_FILE};
    if (done && d->file_size > old_size)
        done = document_edit(d, SX_STEP_INSERT, (SxSpan){document_length(d), 0}, &won, 1, err);
    sx_document_end(d);
    return done;
}

/* The account of what this session wrote is against a file that is no more. */
static void
forget_written(SxDocument *d)
{
    Piece all = {0, d->file_size, EPOCH_LIVE, 0, PIECE_FILE};
    d->written_lost = !tree_replace(&d->written, 0, sum_of(d->written.root).len, &all, d->file_size > 0);
    d->opened_size = d->file_size;
}

/* Read the file by `map` from now on: the same one, renewed, or another. */
static bool
switch_file(SxDocument *d, SxMap *map, bool same, Lost *lost, SxError *err)
{
    SxSource *source = map ? sx_map_source(map) : NULL;
    uint64_t size = source ? sx_source_size(source) : 0;
    uint16_t number = d->file;
    Node *root = NULL;
    if (map && !source)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to reload");
    if (!same && !store_add_file(d->store, source, 0, &number, err)) {
        sx_source_release(source);
        return false;
    }
    if (!move_tree(d, number, size, lost, &root)) {
        if (same)
            sx_source_release(source);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to reload");
    }
    if (same)
        store_renew_file(d->store, number, source);
    store_file(d->store, number)->epoch++;
    tree_take(&d->tree, root);
    sx_map_free(d->map);
    d->map = map;
    d->file = number;
    bool account_holds = same && size == d->file_size;
    d->file_size = size;
    if (!account_holds)
        forget_written(d);
    return true;
}

static void
tell(SxDocument *d, const SxChange *change)
{
    document_changed(d);
    for (size_t i = 0; i < d->n_listeners; i++)
        d->listeners[i].call(d->listeners[i].data, change);
}

/* The document shows other bytes at the same places: marks stay where they are. */
static void
tell_all(SxDocument *d)
{
    uint64_t length = document_length(d);
    tell(d, &(SxChange){0, length, length});
}

/* Steps that follow the file's length are no edits of the user: what he may do does not matter, and they must not be
 * written into the file. */
static bool
follow_quietly(SxDocument *d, const Lost *lost, uint64_t old_size, SxError *err)
{
    SxAccess access = d->access;
    if (d->file_size == old_size)
        return true;
    d->access = SX_ACCESS_COPY;
    bool done = follow_length(d, lost, old_size, err);
    d->access = access;
    return done;
}

bool
foreign_is_known(const SxDocument *d, const SxMap *map)
{
    struct stat st;
    return d->known && map && fstat(sx_map_fd(map), &st) == 0 && st.st_dev == d->identity.device &&
           st.st_ino == d->identity.inode;
}

bool
foreign_take(SxDocument *d, SxMap *map, SxError *err)
{
    uint64_t old_size = d->file_size;
    Lost lost = {0};
    bool done = switch_file(d, map, foreign_is_known(d, map), &lost, err);
    if (done) {
        d->missing = false;
        history_close(&d->history);
        document_know_file(d);
        journal_file(d->journal, JOURNAL_ROLE_CURRENT, d->file, d->path, map ? sx_map_fd(map) : -1, false, NULL);
        tell_all(d);
        done = follow_quietly(d, &lost, old_size, err);
    } else {
        sx_map_free(map);
    }
    free(lost.spans);
    return done;
}

bool
sx_document_grow(SxDocument *d, SxStream *stream, SxError *err)
{
    uint64_t old_size = d->file_size;
    Lost lost = {0};
    SxMap *map;
    if (d->saving || d->history.count > 1)
        return sx_fail(err, SX_ERR_BUSY, "%s: what still comes is not taken, there are changes", sx_document_name(d));
    if (!sx_stream_map(stream, &map, err))
        return false;
    bool same = old_size > 0 && foreign_is_known(d, map);
    if (!switch_file(d, map, same, &lost, err)) {
        sx_map_free(map);
        return false;
    }
    free(lost.spans);
    document_know_file(d);
    Piece won = {old_size, d->file_size - old_size, EPOCH_LIVE, d->file, PIECE_FILE};
    SxChange change = {old_size, 0, won.len};
    bool done = won.len == 0 || tree_replace(&d->tree, old_size, 0, &won, 1);
    tell(d, done ? &change : &(SxChange){old_size, 0, 0});
    return done || sx_fail(err, SX_ERR_NOMEM, "no memory for what has come");
}

bool
foreign_may_reload(const SxDocument *d, SxError *err)
{
    if (!sx_document_path(d))
        return sx_fail(err, SX_ERR_MISSING, "there is no file to reload");
    return (!d->saving && d->history.depth == 0) ||
           sx_fail(err, SX_ERR_BUSY, "%s: not reloaded, a change is not finished", sx_document_name(d));
}

bool
sx_document_reload(SxDocument *d, SxError *err)
{
    SxMap *map;
    return document_release(d, err) && foreign_may_reload(d, err) && foreign_open(d, &map, err) && foreign_take(d, map, err);
}

bool
sx_document_reread(SxDocument *d, SxError *err)
{
    if (d->saving)
        return sx_fail(err, SX_ERR_BUSY, "%s: not read anew, it is being written", sx_document_name(d));
    if (!d->map)
        return true;
    if (!sx_map_reread(d->map, err))
        return false;
    SxSource *source = sx_map_source(d->map);
    if (!source)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read it anew");
    store_renew_file(d->store, d->file, source);
    tell_all(d);
    return true;
}
