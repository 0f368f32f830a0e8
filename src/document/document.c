/*
 * document.c - the life of a document, and what it says of itself.
 */
#include "document/core.h"
#include "document/foreign.h"
#include "document/swap_walk.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TAIL_LIMIT = 64 << 20 };

/* --- making ------------------------------------------------------------------------------------------------------------------- */

static bool
set_options(SxDocument *d, const SxDocumentOptions *o, SxError *err)
{
    d->tail_limit = o->tail_limit ? o->tail_limit : TAIL_LIMIT;
    d->window = o->window;
    d->access = o->access;
    d->keeps_history = o->keep_history;
    d->journal_limit = o->journal_limit;
    if (o->state_dir && !(d->state_dir = strdup(o->state_dir)))
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a document");
    return true;
}

bool
document_make(SxDocument **out, const char *path, const SxDocumentOptions *o, SxError *err)
{
    static const SxDocumentOptions defaults;
    if (!o)
        o = &defaults;
    SxDocument *d = calloc(1, sizeof *d);
    if (!d)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a document");
    *out = d;
    d->kind = SX_KIND_FILE;
    d->reaper = reaper_new();
    if (!d->reaper || !tree_init(&d->tree, o->fanout, d->reaper) || !tree_init(&d->written, o->fanout, d->reaper) ||
        !history_init(&d->history, d->reaper, o->history) || (path && !(d->path = strdup(path))))
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a document");
    return set_options(d, o, err) && store_new(&d->store, o->chunk, err);
}

/* The document is all of the file that is number 0 of the store, live. */
static bool
document_begin_with(SxDocument *d, SxSource *source, uint64_t zeros, SxError *err)
{
    uint64_t size = source ? sx_source_size(source) : zeros;
    if (!store_add_file(d->store, source, zeros, &d->file, err)) {
        sx_source_release(source);
        return false;
    }
    d->file_size = d->opened_size = size;
    Piece all = {0, size, EPOCH_LIVE, d->file, PIECE_FILE};
    size_t count = size > 0;
    return (tree_replace(&d->tree, 0, 0, &all, count) && tree_replace(&d->written, 0, 0, &all, count)) ||
           sx_fail(err, SX_ERR_NOMEM, "no memory for a document");
}

static SxAccess
default_access(SxMapKind kind)
{
    return kind == SX_KIND_BLOCK || kind == SX_KIND_CHAR || kind == SX_KIND_PROC ? SX_ACCESS_READ : SX_ACCESS_COPY;
}

static bool
document_attach(SxDocument *d, SxError *err)
{
    SxSource *source = sx_map_source(d->map);
    if (!source)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a document");
    d->kind = sx_map_kind(d->map);
    return document_begin_with(d, source, 0, err);
}

/* Map the file; an empty one, and a missing one that is to be made, have no map. */
static bool
open_map(SxDocument *d, const SxDocumentOptions *o, SxError *err)
{
    SxMapOptions map = {.access = SX_ACCESS_READ, .offset = o->offset, .length = o->length, .window = o->window};
    SxError why = {0};
    if (sx_map_open(&d->map, d->path, &map, &why))
        return document_attach(d, err);
    d->missing = why.code == SX_ERR_MISSING && o->create;
    bool empty = why.code == SX_ERR_EMPTY && o->offset == 0 && o->length == 0;
    if (d->missing || empty)
        return document_begin_with(d, NULL, 0, err);
    if (err)
        *err = why;
    return false;
}

bool
sx_document_open(SxDocument **out, const char *path, const SxDocumentOptions *options, SxError *err)
{
    SxDocumentOptions o = options ? *options : (SxDocumentOptions){0};
    SxDocument *d = NULL;
    if (!document_make(&d, path, &o, err))
        goto fail;
    d->offset = o.offset;
    d->part = o.offset != 0 || o.length != 0;
    if (!open_map(d, &o, err))
        goto fail;
    document_know_file(d);
    d->access = default_access(d->kind);
    if (o.access != SX_ACCESS_DEFAULT && !sx_document_set_access(d, o.access, SX_PENDING_REFUSE, err))
        goto fail;
    *out = d;
    return true;
fail:
    sx_document_free(d, false);
    return false;
}

/* Its bytes are those of `d->map`, which may have none. */
static bool
begin_stream(SxDocument *d, SxError *err)
{
    uint64_t length = 0;
    d->kind = SX_KIND_STREAM;
    return sx_map_length(d->map, &length, err) &&
           (length > 0 ? document_attach(d, err) : document_begin_with(d, NULL, 0, err));
}

bool
sx_document_open_stream(SxDocument **out, int fd, const char *name, const SxDocumentOptions *o, SxJob *job, SxError *err)
{
    SxDocument *d = NULL;
    if (!document_make(&d, name, o, err) || !sx_map_open_stream(&d->map, fd, name, job, err) || !begin_stream(d, err)) {
        sx_document_free(d, false);
        return false;
    }
    d->access = d->access == SX_ACCESS_READ ? SX_ACCESS_READ : SX_ACCESS_COPY;
    *out = d;
    return true;
}

bool
sx_document_open_flow(SxDocument **out, SxStream *stream, const char *name, const SxDocumentOptions *o, SxError *err)
{
    SxDocument *d = NULL;
    if (!document_make(&d, name, o, err) || !sx_stream_map(stream, &d->map, err) || !begin_stream(d, err)) {
        sx_document_free(d, false);
        return false;
    }
    document_know_file(d);
    d->access = SX_ACCESS_READ;
    *out = d;
    return true;
}

bool
sx_document_new(SxDocument **out, uint64_t length, const SxDocumentOptions *o, SxError *err)
{
    SxDocument *d = NULL;
    if (!document_make(&d, NULL, o, err) || !document_begin_with(d, NULL, length, err)) {
        sx_document_free(d, false);
        return false;
    }
    d->kind = SX_KIND_MEMORY;
    d->access = d->access == SX_ACCESS_READ ? SX_ACCESS_READ : SX_ACCESS_COPY;
    *out = d;
    return true;
}

void
sx_document_free(SxDocument *d, bool keep_journal)
{
    if (!d)
        return;
    document_leave(d, keep_journal);
    swaps_leave(d);
    sx_snapshot_release(d->now);
    history_clear(&d->history);
    marks_clear(&d->marks);
    tree_drop(&d->tree);
    tree_drop(&d->written);
    reaper_release(d->reaper);
    store_release(d->store);
    sx_map_free(d->map);
    free(d->listeners);
    free(d->state_dir);
    free(d->path);
    free(d);
}

/* --- facts ---------------------------------------------------------------------------------------------------------------------- */

const char *
sx_document_path(const SxDocument *d)
{
    return d->kind == SX_KIND_STREAM ? NULL : d->path;
}

const char *
sx_document_name(const SxDocument *d)
{
    if (!d->path)
        return "";
    const char *slash = strrchr(d->path, '/');
    return slash && slash[1] ? slash + 1 : d->path;
}

SxMapKind
sx_document_kind(const SxDocument *d)
{
    return d->kind;
}

uint64_t
document_length(const SxDocument *d)
{
    return sum_of(d->tree.root).len;
}

uint64_t
sx_document_length(const SxDocument *d)
{
    return document_length(d);
}

uint64_t
sx_document_file_size(const SxDocument *d)
{
    uint64_t size = d->kind == SX_KIND_MEMORY ? 0 : d->file_size;
    if (d->part && d->map)
        sx_map_size(d->map, &size, NULL);
    return size;
}

uint64_t
sx_document_file_data(const SxDocument *d)
{
    uint64_t size = sx_document_file_size(d), stored = d->map ? sx_map_stored(d->map) : UINT64_MAX;
    return stored < size ? stored : size;
}

uint64_t
sx_document_generation(const SxDocument *d)
{
    return d->generation;
}

SxAccess
sx_document_access(const SxDocument *d)
{
    return d->access;
}

bool
sx_document_writable(const SxDocument *d)
{
    if (!d->path || d->kind == SX_KIND_STREAM)
        return false;
    return !d->missing && eaccess(d->path, W_OK) == 0;
}

bool
sx_document_modified(const SxDocument *d)
{
    if (d->look)
        return false; /* the journal has it all */
    uint64_t hunks;
    uint64_t bytes;
    Sum sum = sum_of(d->tree.root);
    sum_changes(&sum, d->file_size, &hunks, &bytes);
    return hunks > 0;
}

SxChangeCount
sx_document_changes(SxDocument *d)
{
    SxChangeCount c = {0};
    uint64_t bytes;
    Sum sum = sum_of(d->tree.root);
    Sum written = sum_of(d->written.root);
    sum_changes(&sum, d->file_size, &c.hunks, &c.bytes);
    if (!d->written_lost)
        sum_changes(&written, d->opened_size, &c.written, &bytes);
    c.length_changed = sum.len != d->file_size;
    return c;
}

/* --- snapshots -------------------------------------------------------------------------------------------------------------------- */

Reading
document_reading(const SxDocument *d)
{
    return (Reading){
        .root = d->tree.root,
        .store = d->store,
        .length = document_length(d),
        .file_size = d->file_size,
        .epoch = store_file(d->store, d->file)->epoch,
        .file = d->file,
    };
}

SxSnapshot *
document_now(SxDocument *d)
{
    if (!d->now) {
        Reading v = document_reading(d);
        d->now = snapshot_new(&v, d->generation, d->written.root, d->opened_size, d->reaper);
    }
    return d->now;
}

SxSnapshot *
sx_document_snapshot(SxDocument *d)
{
    return sx_snapshot_retain(document_now(d));
}

void
document_changed(SxDocument *d)
{
    enum { NODES = 64 };
    d->generation++;
    sx_snapshot_release(d->now);
    d->now = NULL;
    /* also without anybody who tends: more than one edit can leave behind, less than one would feel */
    reaper_work(d->reaper, NODES);
}

void
sx_document_tend(SxDocument *d, uint64_t budget)
{
    enum { NODES = 512 };
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    uint64_t begin = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
    uint64_t now = begin;
    d->tended = true;
    swaps_put_away(d, budget);
    while (now - begin < budget && reaper_work(d->reaper, NODES)) {
        clock_gettime(CLOCK_MONOTONIC, &t);
        now = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
    }
}

bool
sx_document_listen(SxDocument *d, SxListener *listener, void *data, SxError *err)
{
    Listener *list = realloc(d->listeners, (d->n_listeners + 1) * sizeof *list);
    if (!list)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to listen");
    d->listeners = list;
    d->listeners[d->n_listeners++] = (Listener){listener, data};
    return true;
}

void
sx_document_unlisten(SxDocument *d, SxListener *listener, void *data)
{
    for (size_t i = 0; i < d->n_listeners; i++) {
        if (d->listeners[i].call == listener && d->listeners[i].data == data) {
            d->n_listeners--;
            memmove(d->listeners + i, d->listeners + i + 1, (d->n_listeners - i) * sizeof *d->listeners);
            return;
        }
    }
}
