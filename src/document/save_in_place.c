/*
 * save_in_place.c - new bytes into the file as it is.
 *
 *     1  what is there now is read, held against what the document knows, and kept: in the add buffer, in the journal,
 *        and for readers in the file's table of images
 *     2  the journal is put on the disk, unless all is in one sector, which no power cut can tear
 *     3  the new bytes are written, the end is cut or added
 *     4  the file is put on the disk
 *
 * Until 3 nothing has happened. In 3 and 4 a failure or a cancel writes the old bytes back; a crash leaves a journal
 * that can. Offsets are those of the document, which in the file lie `base` further.
 */
#include "document/save.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/disk.h"
#include "document/metadata.h"
#include "document/witness.h"

enum {
    PART = 1 << 20, /* bytes read or written between two looks at the job */
    SECTOR = 512,
};

/* The old bytes, ascending by offset. */
typedef struct Images {
    Image *data;
    size_t count;
    size_t room;
} Images;

typedef struct InPlace {
    SxSave *save;
    SxJob *job;
    const Reading *reading;
    uint32_t epoch;
    Images images;
    uint8_t *part;   /* PART bytes */
    uint64_t old_end; /* length before */
    uint64_t new_end;
    bool grown;      /* the file may be longer than old_end */
    bool cut;        /* it may be shorter */
} InPlace;

static bool
cancelled(const InPlace *p, SxError *err)
{
    return sx_job_cancelled(p->job) &&
           !sx_fail(err, SX_ERR_CANCELLED, "%s: stopped, not written. Old file whole", save_name(p->save));
}

/* --- 1: what is there ---------------------------------------------------------------------------------------------- */

static bool
images_add(Images *list, Image image, SxError *err)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 64;
        Image *data = realloc(list->data, room * sizeof *data);
        if (!data)
            return sx_fail(err, SX_ERR_NOMEM, "no memory for %zu places", room);
        list->data = data;
        list->room = room;
    }
    list->data[list->count++] = image;
    return true;
}

static bool
conflict(const InPlace *p, uint64_t at, SxError *err)
{
    return sx_fail(err, SX_ERR_CONFLICT, "%s: not written, 0x%" PRIx64 " was changed by somebody else",
                   save_name(p->save), at);
}

/* Whether the bytes in p->part, of `span`, are those that the document took them for. Where nobody knows, the times of
 * the file decide. */
static bool
is_as_known(const InPlace *p, Testimony t, uint64_t where, SxError *err)
{
    const SxSave *s = p->save;
    if ((s->flags & SX_SAVE_FORCE) || t == WITNESS_AGREES || (t == WITNESS_SILENT && !s->changed))
        return true;
    return conflict(p, where, err);
}

/* The bytes in p->part go to the add buffer, unless a witness has them there already. */
static bool
keep_bytes(const InPlace *p, SxSpan span, Testimony t, uint64_t *add_at, SxError *err)
{
    Store *store = p->save->store;
    return (t == WITNESS_AGREES && witness_holds(store, p->reading->file, p->epoch, span, add_at)) ||
           add_append(store->add, sx_bytes(p->part, (size_t)span.len), add_at, err);
}

/* What is to be written over a bad sector needs no old bytes: that they are lost is kept. */
static bool
keep_lost(InPlace *p, SxSpan span, SxError *err)
{
    const SxSave *s = p->save;
    Image lost = {.at = span.at, .len = span.len, .add_at = IMAGE_LOST, .epoch = p->epoch};
    Image *last = p->images.count > 0 ? &p->images.data[p->images.count - 1] : NULL;
    journal_lost_image(s->journal, s->base + span.at, span.len, p->epoch, NULL);
    if (!last || !image_lost(last) || last->at + last->len != span.at)
        return images_add(&p->images, lost, err);
    last->len += span.len;
    return true;
}

static bool keep_part(InPlace *p, SxSpan span, SxError *err);

/* Sector by sector, where not all of them can be read. */
static bool
keep_sectors(InPlace *p, SxSpan span, SxError *err)
{
    uint64_t base = p->save->base;
    while (span.len > 0) {
        uint64_t end = ((base + span.at) / SECTOR + 1) * SECTOR - base;
        SxSpan part = sx_span(span.at, end < sx_span_end(span) ? end : sx_span_end(span));
        if (cancelled(p, err) || !keep_part(p, part, err))
            return false;
        span = sx_span(sx_span_end(part), sx_span_end(span));
    }
    return true;
}

static bool
keep_part(InPlace *p, SxSpan span, SxError *err)
{
    SxSave *s = p->save;
    if (!read_all(s->fd, p->part, (size_t)span.len, s->base + span.at)) {
        bool one = (s->base + span.at) / SECTOR == (s->base + sx_span_end(span) - 1) / SECTOR;
        if (errno == EIO)
            return one ? keep_lost(p, span, err) : keep_sectors(p, span, err);
        return sx_fail_errno(err, errno, "%s: not written, 0x%" PRIx64 " cannot be read", save_name(s), span.at);
    }
    uint64_t where = span.at;
    SxBytes bytes = sx_bytes(p->part, (size_t)span.len);
    Testimony t = witness_ask(s->store, p->reading->file, p->epoch, span.at, bytes, &where);
    Image image = {.at = span.at, .len = span.len, .epoch = p->epoch};
    if (!is_as_known(p, t, where, err) || !keep_bytes(p, span, t, &image.add_at, err) ||
        !images_add(&p->images, image, err))
        return false;
    /* a journal that has failed says so itself; the bytes are in the add buffer all the same */
    journal_before_image(s->journal, s->base + span.at, span.len, image.add_at, p->epoch, false, NULL);
    return true;
}

/* Of what lies behind the old end there is no old byte. */
static bool
keep_span(InPlace *p, SxSpan span, SxError *err)
{
    span = sx_span_clip(span, p->old_end);
    for (uint64_t at = span.at; at < sx_span_end(span);) {
        uint64_t left = sx_span_end(span) - at;
        SxSpan part = {at, left < PART ? left : PART};
        if (cancelled(p, err) || !keep_part(p, part, err))
            return false;
        sx_job_advance(p->job, part.len);
        at += part.len;
    }
    return true;
}

static bool
keep_all(InPlace *p, SxError *err)
{
    uint64_t at = 0;
    SxSpan span;
    while (save_dirty_next(p->reading, &at, &span))
        if (!keep_span(p, span, err))
            return false;
    if (p->new_end < p->old_end && !keep_span(p, sx_span(p->new_end, p->old_end), err))
        return false;
    if (p->new_end != p->old_end)
        journal_resize(p->save->journal, p->old_end, p->new_end, p->epoch, false, NULL);
    return true;
}

/* --- 3: the new bytes ------------------------------------------------------------------------------------------------ */

static bool
not_written(const InPlace *p, uint64_t at, SxError *err)
{
    return sx_fail_errno(err, errno, "%s: not written, stopped at 0x%" PRIx64, save_name(p->save), at);
}

/* A full disk is found before the first byte is changed. Where the file system cannot say, writing will. */
static bool
reserve_tail(InPlace *p, SxError *err)
{
    p->grown = true;
    if (fallocate(p->save->fd, FALLOC_FL_KEEP_SIZE, (off_t)p->old_end, (off_t)(p->new_end - p->old_end)) == 0)
        return true;
    return (errno != ENOSPC && errno != EDQUOT && errno != EFBIG) || not_written(p, p->old_end, err);
}

/* Longer before anything is written, so that what lacks then is found while the old bytes are all there. */
static bool
grow(InPlace *p, SxError *err)
{
    SxSave *s = p->save;
    if (p->new_end <= p->old_end)
        return true;
    if (!reserve_tail(p, err))
        return false;
    if (ftruncate(s->fd, (off_t)p->new_end) != 0)
        return not_written(p, p->old_end, err);
    return save_map_result(s, s->fd, err);
}

static bool
write_part(InPlace *p, SxSpan part, SxError *err)
{
    SxSave *s = p->save;
    if (!sx_source_read(sx_snapshot_source(s->snapshot), part, p->part, err))
        return false;
    if (!write_all(s->fd, sx_bytes(p->part, (size_t)part.len), s->base + part.at))
        return not_written(p, part.at, err);
    s->saved.bytes += part.len;
    return true;
}

static bool
write_span(InPlace *p, SxSpan span, SxError *err)
{
    for (uint64_t at = span.at; at < sx_span_end(span);) {
        uint64_t left = sx_span_end(span) - at;
        SxSpan part = {at, left < PART ? left : PART};
        if (cancelled(p, err) || !write_part(p, part, err))
            return false;
        sx_job_advance(p->job, part.len);
        at += part.len;
    }
    p->save->saved.places++;
    sx_job_found(p->job, 1);
    return true;
}

static bool
write_all_dirty(InPlace *p, SxError *err)
{
    uint64_t at = 0;
    SxSpan span;
    while (save_dirty_next(p->reading, &at, &span))
        if (!write_span(p, span, err))
            return false;
    if (p->new_end >= p->old_end)
        return true;
    p->cut = true;
    return ftruncate(p->save->fd, (off_t)p->new_end) == 0 || not_written(p, p->new_end, err);
}

/* --- 4: on the disk ------------------------------------------------------------------------------------------------------- */

/* Devices and /proc may have nothing to sync. */
static bool
sync_file(const SxSave *s, SxError *err)
{
    if (fdatasync(s->fd) == 0 || (!s->regular && (errno == EINVAL || errno == ENOTSUP || errno == EROFS)))
        return true;
    return sx_fail_errno(err, errno, "%s: not written, the disk did not take it", save_name(s));
}

/* --- going back --------------------------------------------------------------------------------------------------------------- */

/* What could not be written may never have been changed. */
static bool
put_part_back(const InPlace *p, SxBytes old, uint64_t at)
{
    const SxSave *s = p->save;
    if (write_all(s->fd, old, s->base + at))
        return true;
    int errnum = errno;
    uint8_t *now = malloc(old.len);
    bool same = now && read_all(s->fd, now, old.len, s->base + at) && memcmp(now, old.data, old.len) == 0;
    free(now);
    errno = errnum;
    return same;
}

static bool
put_back(InPlace *p)
{
    const SxSave *s = p->save;
    bool done = true;
    for (size_t i = p->images.count; i-- > 0;) {
        const Image *m = &p->images.data[i]; /* at most PART bytes */
        sx_job_advance(p->job, m->len);
        if (image_lost(m))
            continue;
        add_copy(s->store->add, m->add_at, p->part, (size_t)m->len);
        done = put_part_back(p, sx_bytes(p->part, (size_t)m->len), m->at) && done;
    }
    if (p->grown || p->cut)
        done = ftruncate(s->fd, (off_t)p->old_end) == 0 && done;
    return sync_file(s, NULL) && done;
}

/* It may last as long as what was done so far, and cannot be cancelled. */
static void
announce_going_back(const InPlace *p)
{
    SxProgress done = sx_job_progress(p->job);
    uint64_t bytes = 0;
    for (size_t i = 0; i < p->images.count; i++)
        bytes += p->images.data[i].len;
    atomic_store(&p->save->phase, SX_SAVE_GOING_BACK);
    sx_job_total(p->job, done.done + bytes);
}

static void
go_back(InPlace *p, SxError *err)
{
    SxSave *s = p->save;
    announce_going_back(p);
    if (put_back(p)) {
        metadata_restore_mode(s->fd, &s->before);
        return;
    }
    s->torn = true;
    sx_fail(err, SX_ERR_IO, "%s: half written, and the old bytes could not be put back (%s). They are in %s",
            save_name(s), strerror(errno), s->guard ? s->guard : s->journal ? journal_dir(s->journal) : "memory");
}

/* --- all of it ---------------------------------------------------------------------------------------------------------------- */

/* The last look at the job: who asks from here on is told that it is too late. */
static bool
seal(const InPlace *p, SxError *err)
{
    atomic_store(&p->save->phase, SX_SAVE_SEALING);
    return !cancelled(p, err);
}

/* Steps 3 and 4; the images are there. */
static bool
change_file(InPlace *p, SxError *err)
{
    if (grow(p, err) && write_all_dirty(p, err) && seal(p, err) && sync_file(p->save, err)) {
        metadata_restore_mode(p->save->fd, &p->save->before);
        return true;
    }
    go_back(p, err);
    return false;
}

/* A disk writes a sector whole or not at all: what changes in only one is old or new whatever happens, and waiting for
 * the journal would take longer than writing it. */
static bool
is_one_sector(const InPlace *p)
{
    uint64_t at = 0;
    SxSpan span;
    if (p->new_end != p->old_end || !save_dirty_next(p->reading, &at, &span))
        return false;
    uint64_t first = p->save->base + span.at;
    return first / SECTOR == (first + span.len - 1) / SECTOR && !save_dirty_next(p->reading, &at, &span);
}

/* Whether the journal holds what the file has, read again. */
static bool
is_kept(const InPlace *p)
{
    const SxSave *s = p->save;
    bool same = true;
    for (size_t i = 0; same && i < p->images.count; i++) {
        const Image *m = &p->images.data[i]; /* at most PART bytes */
        if (image_lost(m))
            continue;
        uint8_t *kept = malloc((size_t)m->len);
        same = kept && read_all(s->fd, p->part, (size_t)m->len, s->base + m->at);
        if (same)
            add_copy(s->store->add, m->add_at, kept, (size_t)m->len);
        same = same && memcmp(kept, p->part, (size_t)m->len) == 0;
        free(kept);
    }
    return same;
}

/* Step 2. A file that is rewritten from some place to its end is guarded by a copy that was looked at, in the journal or
 * beside it. Where only bytes in their places change, a journal that fails is lasting news on the screen already. */
static bool
guard_old(InPlace *p, SxError *err)
{
    SxSave *s = p->save;
    bool synced = is_one_sector(p);
    if (!synced && s->journal && !journal_unprotected(s->journal, NULL))
        synced = journal_sync(s->journal, NULL);
    if (s->plan.way != SX_SAVE_COPY_OVER || (synced && is_kept(p)))
        return true;
    SxError why = {0};
    if (save_guard(s, p->job, &why) || (s->flags & SX_SAVE_FORCE))
        return true;
    if (why.code == SX_ERR_NOMEM || why.code == SX_ERR_CANCELLED || why.code == SX_ERR_NOSPACE)
        return err ? (*err = why, false) : false;
    return sx_fail(err, SX_ERR_PERMISSION, "%s: not written, no journal has its old bytes and no backup can be made "
                   "beside it; write under another name", save_name(s));
}

/* Steps 1 and 2. Readers are told of the images before the file changes: who reads new bytes finds the old ones. */
static bool
keep_old(InPlace *p, SxError *err)
{
    SxSave *s = p->save;
    if (!keep_all(p, err))
        return false;
    if (!guard_old(p, err))
        return false;
    if (!before_add(&store_file(s->store, p->reading->file)->before, p->images.data, p->images.count))
        return sx_fail(err, SX_ERR_NOMEM, "no memory for %zu places", p->images.count);
    s->touched = true;
    return true;
}

bool
save_in_place(SxSave *s, SxJob *job, SxError *err)
{
    InPlace p = {
        .save = s,
        .job = job,
        .reading = snapshot_reading(s->snapshot),
        .part = malloc(PART),
    };
    if (!p.part)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to save");
    p.epoch = p.reading->epoch;
    p.old_end = p.reading->file_size;
    p.new_end = p.reading->length;
    sx_job_total(job, 2 * s->plan.write);
    bool done = save_backup(s, job, err) && keep_old(&p, err) && change_file(&p, err);
    save_unguard(s);
    free(p.images.data);
    free(p.part);
    return done;
}
