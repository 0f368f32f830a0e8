/*
 * recover_settle.c - the file comes to the document that was played.
 *
 * A save by copy that did not end has ended all the same when the name leads to the file that it made. A write into the
 * file that is not known to have ended is looked at: all of the new bytes are there, none of them, or some. Only the last
 * is torn.
 */
#include "document/recover.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/disk.h"
#include "document/foreign.h"
#include "document/journal_base.h"
#include "document/save.h"

enum { PART = 64 << 10 }; /* bytes compared at once */

/* --- the file --------------------------------------------------------------------------------------------------------- */

static const char *
path_of(const Recovery *r)
{
    const char *path = r->files[r->d->file].path;
    return path && path[0] == '/' ? path : r->head->path;
}

/* The name that a save's new file was to take: `.name.XXXXXX` without what was put around it. NULL: no memory. */
static char *
name_taken(const char *temp)
{
    char *path = strdup(temp);
    char *slash = path ? strrchr(path, '/') : NULL;
    char *dot = slash ? strrchr(slash, '.') : NULL;
    if (!dot || slash[1] != '.' || dot == slash + 1)
        return path;
    *dot = 0;
    memmove(slash + 1, slash + 2, strlen(slash + 2) + 1);
    return path;
}

static bool
is_file(const Identity *id, const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && id->inode != 0 && st.st_ino == id->inode && (uint64_t)st.st_size == id->size &&
           st.st_mtim.tv_sec == id->mtime.tv_sec && st.st_mtim.tv_nsec == id->mtime.tv_nsec;
}

/* Whether the new file of a save that did not end has the name. */
static bool
settle_copy(Recovery *r)
{
    uint16_t file = r->save.temp;
    KnownFile *f = file ? &r->files[file] : NULL;
    char *name = f && f->path ? name_taken(f->path) : NULL;
    if (!name || !is_file(&f->identity, name)) {
        free(name);
        recovery_unsaved(r);
        r->outcome = OUTCOME_UNSAVED;
        return true;
    }
    free(f->path);
    f->path = name;
    r->outcome = OUTCOME_SAVED;
    return recovery_saved(r, file);
}

static bool
open_map(Recovery *r)
{
    SxDocument *d = r->d;
    SxMapOptions o = {.access = SX_ACCESS_READ, .offset = d->offset, .window = d->window};
    SxError why = {0};
    if (d->part)
        o.length = d->file_size;
    if (sx_map_open(&d->map, path_of(r), &o, &why))
        return true;
    r->relation = why.code == SX_ERR_EMPTY ? SX_RELATION_SAME : SX_RELATION_MISSING;
    return why.code != SX_ERR_NOMEM || sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
}

/* What came by a pipe is beside the journal, or nowhere: then it is lost, not zeros. */
static bool
open_base(Recovery *r)
{
    SxDocument *d = r->d;
    if (r->head->kind != SX_KIND_STREAM)
        return true;
    int fd = journal_base_open(r->dir, r->head->identity.size);
    SxMapOptions o = {.access = SX_ACCESS_READ, .window = d->window};
    SxError why = {0};
    bool opened = fd >= 0 && sx_map_open_fd(&d->map, fd, &o, &why);
    SxSource *source = opened ? sx_map_source(d->map) : NULL;
    if (fd >= 0)
        close(fd);
    if (why.code == SX_ERR_NOMEM || (opened && !source))
        return sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
    store_renew_file(d->store, 0, source);
    d->kind = SX_KIND_STREAM;
    return true;
}

/* The document's file is read by the map; of all others nothing is there, as long as nobody finds them. */
static bool
attach(Recovery *r)
{
    SxDocument *d = r->d;
    if (!r->head->has_file)
        return true;
    SxSource *source = d->map ? sx_map_source(d->map) : NULL;
    if (d->map && !source)
        return sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
    for (size_t i = 0; i < d->store->count; i++)
        store_renew_file(d->store, (uint16_t)i, i == d->file ? source : NULL);
    return true;
}

/* Files of which ranges were inserted, when they are what they were. */
static void
attach_others(Recovery *r)
{
    for (size_t i = 0; i < r->n_files; i++) {
        const KnownFile *f = &r->files[i];
        SxMap *map = NULL;
        if (!f->other || !is_file(&f->identity, f->path) || !sx_map_open(&map, f->path, NULL, NULL))
            continue;
        SxSource *source = sx_map_source(map);
        if (source)
            store_renew_file(r->d->store, (uint16_t)i, source);
        sx_map_free(map);
    }
}

/* --- did the last write arrive? ----------------------------------------------------------------------------------------- */

static uint64_t
size_now(const Recovery *r)
{
    struct stat st;
    return r->d->map && fstat(sx_map_fd(r->d->map), &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : r->file_len;
}

/* Whether the file has these bytes at a place of the document. */
static bool
file_has(const Recovery *r, uint64_t at, SxBytes bytes)
{
    uint8_t buf[PART];
    return r->d->map && bytes.len <= sizeof buf &&
           read_all(sx_map_fd(r->d->map), buf, bytes.len, (uint64_t)r->d->offset + at) &&
           memcmp(buf, bytes.data, bytes.len) == 0;
}

static bool
image_there(const Recovery *r, const Image *m)
{
    uint8_t was[PART];
    for (uint64_t done = 0; done < m->len && !image_lost(m);) { /* of those nobody can say */
        size_t n = m->len - done < PART ? (size_t)(m->len - done) : PART;
        add_copy(r->d->store->add, m->add_at + done, was, n);
        if (!file_has(r, m->at + done, sx_bytes(was, n)))
            return false;
        done += n;
    }
    return true;
}

static bool
old_there(const Recovery *r)
{
    for (size_t i = 0; i < r->back.count; i++)
        if (!image_there(r, &r->back.list[i]))
            return false;
    return size_now(r) == r->back_len;
}

static bool
span_there(const Recovery *r, const Reading *v, SxSpan span)
{
    while (span.len > 0) {
        SxSpan part = {span.at, span.len < PART ? span.len : PART};
        SxPin pin;
        if (!reading_pin(v, part, SX_PIN_VIEW, &pin, NULL))
            return false;
        bool same = file_has(r, part.at, sx_bytes(pin.data, part.len));
        reading_unpin(&pin);
        if (!same)
            return false;
        span = sx_span(sx_span_end(part), sx_span_end(span));
    }
    return true;
}

static bool
new_there(const Recovery *r, const Reading *v)
{
    uint64_t at = 0;
    SxSpan span;
    if (!r->d->part && size_now(r) != (uint64_t)r->d->offset + v->length)
        return false;
    while (save_dirty_next(v, &at, &span))
        if (!span_there(r, v, span))
            return false;
    return true;
}

static bool
copy_images(Recovery *r)
{
    Images *b = &r->back;
    b->list = malloc((r->pending.count + 1) * sizeof *b->list);
    if (!b->list)
        return sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
    memcpy(b->list, r->pending.list, r->pending.count * sizeof *b->list);
    b->count = r->pending.count;
    r->back_len = r->file_len;
    return true;
}

/* Nothing of it is in the file: that is what it was before. */
static void
settle_old(Recovery *r)
{
    r->outcome = r->save.runs ? OUTCOME_UNSAVED : OUTCOME_ABSENT;
    if (r->save.runs)
        recovery_unsaved(r);
    r->pending.count = 0;
    r->through = false;
}

static bool
settle_new(Recovery *r)
{
    r->outcome = r->save.runs ? OUTCOME_SAVED : OUTCOME_ARRIVED;
    return r->save.runs ? recovery_saved(r, r->d->file) : recovery_arrived(r);
}

static bool
settle_torn(Recovery *r)
{
    r->torn = true;
    r->through = false;
    if (r->save.runs)
        recovery_unsaved(r);
    return true;
}

/* A save in place, or what was written through. The images are entered before the new bytes are looked for: what of the
 * document is bytes of the file must be read as it was. */
static bool
settle_write(Recovery *r)
{
    SxDocument *d = r->d;
    bool saves = r->save.runs;
    Reading v = document_reading(d);
    if (!r->save.runs && !r->through)
        return true;
    if (!d->map || !copy_images(r)) {
        settle_old(r);
        return d->map == NULL;
    }
    r->touched = true;
    v.root = node_retain(saves ? r->save.root : d->tree.root);
    v.epoch = saves ? r->save.epoch : v.epoch;
    v.length = saves ? r->save.length : v.length;
    bool old = old_there(r);
    bool done = old || recovery_images(r);
    bool arrived = done && new_there(r, &v);
    node_release(v.root, d->reaper);
    if (old && !arrived)
        settle_old(r);
    return done && (arrived ? settle_new(r) : old || settle_torn(r));
}

/* --- is it the file we knew? ------------------------------------------------------------------------------------------------ */

/* Our own writes gave it another time; nobody has written to it since we wrote to the journal last. */
static bool
is_ours(const Recovery *r, const struct stat *st)
{
    enum { SLACK = 2 }; /* seconds: clocks of file systems */
    const Identity *id = &r->files[r->d->file].identity;
    bool long_enough = r->torn || (uint64_t)st->st_size == r->file_len;
    return long_enough && st->st_ino == id->inode && st->st_mtim.tv_sec <= journal_reader_time(r->reader).tv_sec + SLACK;
}

static bool
is_same(const Recovery *r, int fd)
{
    const Identity *id = &r->files[r->d->file].identity;
    struct stat st;
    if (fstat(fd, &st) != 0)
        return false;
    if (!S_ISREG(st.st_mode))
        return r->d->file_size == store_file_size(r->d->store, r->d->file);
    if (r->touched)
        return is_ours(r, &st);
    return (uint64_t)st.st_size == id->size && st.st_mtim.tv_sec == id->mtime.tv_sec &&
           st.st_mtim.tv_nsec == id->mtime.tv_nsec && identity_samples_match(id, fd);
}

/* A file that was not there yet is still not there, or is empty. */
static SxRelation
relation(Recovery *r)
{
    SxDocument *d = r->d;
    bool was_missing = r->files[d->file].identity.inode == 0;
    if (!r->head->has_file)
        return SX_RELATION_NONE;
    if (d->map)
        return is_same(r, sx_map_fd(d->map)) ? SX_RELATION_SAME : SX_RELATION_CHANGED;
    if (r->relation == SX_RELATION_MISSING) {
        d->missing = was_missing;
        return was_missing ? SX_RELATION_SAME : SX_RELATION_MISSING;
    }
    return d->file_size == 0 ? SX_RELATION_SAME : SX_RELATION_CHANGED;
}

/* --- what is live ------------------------------------------------------------------------------------------------------------- */

/* Places that were taken back, or that a save had brought into the file, are the file's own. */
static bool
settle_each(SxDocument *d)
{
    enum { LOOKED = 4096 }; /* places */
    SxHunk h = {.at = UINT64_MAX};
    Reading v = document_reading(d);
    for (unsigned i = 0; i < LOOKED && h.at > 0 && reading_hunk_previous(&v, h.at, &h); i++) {
        if (h.inserted > 0 && !document_settle(d, (SxSpan){h.at, h.inserted}))
            return false;
        v = document_reading(d);
    }
    return true;
}

/* The same of all of them together: bytes that look alike may have been taken for each other. */
static bool
settle_together(SxDocument *d)
{
    SxHunk first;
    SxHunk last;
    Reading v = document_reading(d);
    if (!reading_hunk_next(&v, 0, &first) || !reading_hunk_previous(&v, UINT64_MAX, &last))
        return true;
    return document_settle(d, sx_span(first.at, last.at + last.inserted));
}

/* What this session writes is against the file as it is now. */
static bool
begin_account(SxDocument *d)
{
    Piece all = {0, d->file_size, EPOCH_LIVE, 0, PIECE_FILE};
    d->opened_size = d->file_size;
    return tree_replace(&d->written, 0, sum_of(d->written.root).len, &all, d->file_size > 0);
}

/* Where the user was when he changed something last. */
static void
set_cursor(SxDocument *d)
{
    const History *h = &d->history;
    const Facts *f = &steps_at(h->steps, h->current)->facts;
    uint64_t at = h->current ? f->at + f->inserted : 0;
    uint64_t length = document_length(d);
    d->pos = at < length ? at : length;
}

/* The trees of big steps that were of another file have no epoch, and must not be taken for the tree of today. */
static void
keep_apart(SxDocument *d)
{
    File *now = store_file(d->store, d->file);
    if (d->file == 0 || now->epoch > 0)
        return;
    now->epoch = 1;
    d->saved_epoch += d->saved_file == d->file;
}

static bool
settle_tree(Recovery *r)
{
    SxDocument *d = r->d;
    uint64_t size = r->head->has_file ? store_file_size(d->store, d->file) : d->file_size;
    if (size != d->file_size && !recovery_reload(r, d->file, size))
        return false;
    keep_apart(d);
    d->replaying = false;
    bool saved = r->relation == SX_RELATION_SAME && !r->torn;
    if ((saved && !document_settle_saved(d, d->history.current)) || !begin_account(d))
        return sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
    return r->torn || (settle_each(d) && settle_together(d)) || sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
}

bool
recovery_settle(Recovery *r, SxError *err)
{
    SxDocument *d = r->d;
    bool copy = r->save.runs && r->save.way != SX_SAVE_IN_PLACE && r->save.way != SX_SAVE_COPY_OVER;
    bool done = (!copy || settle_copy(r)) && recovery_translate(r) && (r->head->has_file ? open_map(r) : open_base(r)) &&
                attach(r) && settle_write(r);
    if (done) {
        attach_others(r);
        r->relation = relation(r);
        done = settle_tree(r);
    }
    if (!done) {
        if (err)
            *err = r->error.code != SX_OK ? r->error : r->damage;
        return false;
    }
    document_know_file(d);
    set_cursor(d);
    document_changed(d);
    return true;
}
