/*
 * foreign.c - what others do to the file: noticed by stat alone; taken as the new base on request.
 *
 * Bytes that changed where they are need no edit: the document shows the file. A file that became longer or shorter
 * is a step of the history, so that places of older steps keep their meaning.
 */
#include "document/foreign.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
document_know_file(SxDocument *d)
{
    struct stat st;
    int fd = d->map ? sx_map_fd(d->map) : -1;
    const char *path = sx_document_path(d);
    d->known = fd >= 0 ? fstat(fd, &st) == 0 : path && !d->missing && stat(path, &st) == 0;
    if (d->known)
        d->identity = identity_of_stat(&st);
}

SxForeign
sx_document_foreign(SxDocument *d, uint64_t *size)
{
    struct stat st;
    const char *path = sx_document_path(d);
    if (!path || !d->known || d->saving)
        return SX_FOREIGN_NONE;
    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? SX_FOREIGN_DELETED : SX_FOREIGN_NONE;
    IdentityMatch match = identity_compare(&d->identity, &st);
    if (size && S_ISREG(st.st_mode))
        *size = (uint64_t)st.st_size;
    if (match == IDENTITY_OTHER)
        return SX_FOREIGN_REPLACED;
    if (match == IDENTITY_SAME || d->kind != SX_KIND_FILE)
        return SX_FOREIGN_NONE;
    if ((uint64_t)st.st_size == d->identity.size)
        return SX_FOREIGN_WRITTEN;
    return (uint64_t)st.st_size < d->identity.size ? SX_FOREIGN_SHORTER : SX_FOREIGN_LONGER;
}

/* --- reload ------------------------------------------------------------------------------------------------------------ */

/* The file as it is now; NULL when it is empty. */
static bool
open_now(const SxDocument *d, SxMap **out, SxError *err)
{
    SxMapOptions o = {.access = SX_ACCESS_READ, .offset = d->offset, .window = d->window};
    SxError why = {0};
    if (d->part)
        o.length = d->file_size;
    *out = NULL;
    if (d->access == SX_ACCESS_WRITE)
        o.access = SX_ACCESS_WRITE;
    if (sx_map_open(out, d->path, &o, &why) || why.code == SX_ERR_EMPTY)
        return true;
    if (err)
        *err = why;
    return false;
}

/* The tree over file number `file`, `size` bytes long: live where it is live now, but for what is behind that end, which
 * stays what it was. */
static bool
move_tree(const SxDocument *d, uint16_t file, uint64_t size, Node **root)
{
    View v = document_view(d);
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    Cursor c;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, v.root, 0); added && more; more = cursor_next(&c)) {
        Piece old = view_resolve(&v, &c.piece);
        uint64_t there = piece_live(&c.piece) ? sx_span_clip((SxSpan){old.offset, old.len}, size).len : 0;
        Piece live = {old.offset, there, EPOCH_LIVE, file, PIECE_FILE};
        Piece rest = piece_part(&old, there, old.len - there);
        added = (there == 0 || builder_add(b, &live)) && (rest.len == 0 || builder_add(b, &rest));
    }
    if (added)
        return builder_finish(b, root);
    builder_free(b);
    return false;
}

/* The first piece, from `from` on, of file `file` in an epoch before: what the file has lost. */
static bool
next_lost(const SxDocument *d, uint16_t file, uint64_t size, uint64_t from, SxSpan *out)
{
    Cursor c;
    for (bool more = cursor_at(&c, d->tree.root, from); more; more = cursor_next(&c)) {
        if (c.piece.kind == PIECE_FILE && c.piece.source == file && !piece_live(&c.piece) && c.piece.offset >= size) {
            *out = (SxSpan){c.begins, c.piece.len};
            return true;
        }
    }
    return false;
}

/* As steps of the history: what the file has lost is deleted, what it has won comes behind everything. */
static bool
follow_length(SxDocument *d, uint16_t old_file, uint64_t old_size, SxError *err)
{
    SxSpan lost;
    uint64_t from = 0;
    bool done = sx_document_begin(d, err);
    if (!done)
        return false;
    while (done && d->file_size < old_size && next_lost(d, old_file, d->file_size, from, &lost)) {
        done = document_edit(d, SX_STEP_DELETE, lost, NULL, 0, err);
        from = lost.at;
    }
    Piece won = {old_size, d->file_size - old_size, EPOCH_LIVE, d->file, PIECE_FILE};
    if (done && d->file_size > old_size)
        done = document_edit(d, SX_STEP_INSERT, (SxSpan){document_length(d), 0}, &won, 1, err);
    sx_document_end(d);
    return done;
}

/* Read the file by `map` from now on: the same one, renewed, or another. */
static bool
switch_file(SxDocument *d, SxMap *map, bool same, SxError *err)
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
    if (!move_tree(d, number, size, &root)) {
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
    d->file_size = size;
    return true;
}

/* The document shows other bytes at the same places. */
static void
tell_all(SxDocument *d)
{
    uint64_t length = document_length(d);
    document_changed(d);
    document_tell_change(d, &(SxChange){0, length, length});
}

/* The steps that follow the file's length are no edits of the user: what he may do does not matter, and they must not
 * be written into the file. */
static bool
follow_quietly(SxDocument *d, uint16_t old_file, uint64_t old_size, SxError *err)
{
    SxAccess access = d->access;
    if (d->file_size == old_size)
        return true;
    d->access = SX_ACCESS_COPY;
    bool done = follow_length(d, old_file, old_size, err);
    d->access = access;
    return done;
}

bool
sx_document_reload(SxDocument *d, SxError *err)
{
    SxMap *map;
    if (!sx_document_path(d))
        return sx_fail(err, SX_ERR_MISSING, "there is no file to reload");
    if (d->saving || d->history.depth > 0)
        return sx_fail(err, SX_ERR_BUSY, "%s: not reloaded, a change is not finished", sx_document_name(d));
    if (!open_now(d, &map, err))
        return false;
    struct stat st;
    uint16_t old_file = d->file;
    uint64_t old_size = d->file_size;
    bool same = d->known && map && fstat(sx_map_fd(map), &st) == 0 && st.st_dev == d->identity.device &&
                st.st_ino == d->identity.inode;
    if (!switch_file(d, map, same, err)) {
        sx_map_free(map);
        return false;
    }
    d->missing = false;
    history_close(&d->history);
    document_know_file(d);
    journal_file(d->journal, JOURNAL_ROLE_CURRENT, d->file, d->path, map ? sx_map_fd(map) : -1, false, NULL);
    tell_all(d);
    return follow_quietly(d, old_file, old_size, err);
}
