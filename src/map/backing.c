/*
 * backing.c - choosing a kind, counting, and what both kinds share.
 */
#include "map/backing.h"

#include "map/holes.h"
#include "map/registry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
open_kind(Backing **out, File *file, uint64_t base, uint64_t size, uint64_t window, SxError *err)
{
    if (!file->mappable || size == 0 || registry_declined())
        return copied_open(out, file, base, size, err);
    SxError why = {0};
    if (mapped_open(out, file, base, size, window, &why))
        return true;
    /* FUSE, /proc and the like have files that cannot be mapped */
    if (why.sys == ENODEV || why.sys == EACCES || why.sys == EPERM || why.sys == EOPNOTSUPP || why.sys == EIO)
        return copied_open(out, file, base, size, err);
    if (err)
        *err = why;
    return false;
}

bool
backing_open(Backing **out, File *file, uint64_t base, uint64_t size, uint64_t window, SxError *err)
{
    enum { FIRST = 64 << 10 };
    if (!open_kind(out, file, base, size, window, err))
        return false;
    /* so that the first screen need not wait to learn that it is a hole */
    if (size > 0 && atomic_load_explicit(&file->known.sparse, memory_order_relaxed))
        backing_look(*out, sx_span_clip((SxSpan){0, FIRST}, size));
    return true;
}

Backing *
backing_retain(Backing *b)
{
    if (b)
        atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
    return b;
}

void
backing_release(Backing *b)
{
    if (b && atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) == 1)
        b->ops->destroy(b);
}

/* What lies behind the first `size` bytes of the file. */
static SxSpan
behind(const Backing *b, uint64_t size)
{
    if (size >= b->base + b->size)
        return (SxSpan){b->size, 0};
    return sx_span(size > b->base ? size - b->base : 0, b->size);
}

SxSpan
backing_cut(const Backing *b)
{
    uint64_t size;
    if (!b->file || b->file->memory || !file_size_now(b->file, &size))
        return (SxSpan){b->size, 0};
    return behind(b, size);
}

SxSpan
backing_known_cut(const Backing *b)
{
    if (!b->file || b->file->memory)
        return (SxSpan){b->size, 0};
    return behind(b, atomic_load_explicit(&b->file->known.size, memory_order_relaxed));
}

SxSpan
backing_known_hole(const Backing *b, uint64_t at)
{
    if (!b->file || !atomic_load_explicit(&b->file->known.sparse, memory_order_relaxed))
        return (SxSpan){at, 0};
    SxSpan hole = known_hole_at(&b->file->known, b->base + at);
    return sx_span_clip((SxSpan){at, hole.len}, b->size);
}

void
backing_look(Backing *b, SxSpan span)
{
    enum { MOST = 64 }; /* of a file full of holes the first ones do */
    SxExtent e = {.span = span};
    uint64_t at = span.at;
    if (!b->file || backing_cut(b).at <= at || !holes_any(b->file))
        return;
    for (int i = 0; i < MOST && at < sx_span_end(span); i++, at = sx_span_end(e.span))
        backing_extent(b, at, true, &e);
}

/* --- storing -------------------------------------------------------------------------------------------- */

static bool
read_old(Backing *b, uint64_t at, uint8_t *old, size_t len, SxError *err)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = file_read_at(b->file, b->base + at + done, old + done, len - done);
        if (n < 0)
            return sx_fail_errno(err, errno, "cannot read '%s' at 0x%" PRIx64, b->file->name, at + done);
        if (n == 0)
            return sx_fail(err, SX_ERR_LOST, "'%s' ends before 0x%" PRIx64 " by now", b->file->name,
                           at + len);
        done += (size_t)n;
    }
    return true;
}

bool
backing_store(Backing *b, uint64_t at, SxBytes bytes, SxError *err)
{
    enum { SMALL = 4096 };
    uint8_t small[SMALL], *old = small;
    SxSpan cut = backing_cut(b);
    if (sx_span_overlaps(cut, (SxSpan){at, bytes.len}))
        return sx_fail(err, SX_ERR_LOST, "'%s' ends at 0x%" PRIx64 " by now", b->file->name,
                       b->base + cut.at);
    if (bytes.len > SMALL)
        old = malloc(bytes.len);
    if (!old)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to keep %zu old bytes while they are overwritten",
                       bytes.len);
    /* an endless device has no old bytes to put back, nor has a sector that cannot be read */
    SxError why = {0};
    bool none = b->file->endless;
    bool read = none || read_old(b, at, old, bytes.len, &why);
    none = none || (!read && why.sys == EIO);
    if (!read && !none && err)
        *err = why;
    bool done = (read || none) && file_store(b->file, b->base + at, bytes, none ? NULL : old, err);
    if (old != small)
        free(old);
    return done;
}

/* --- extents -------------------------------------------------------------------------------------------- */

/* SEEK_DATA or SEEK_HOLE, as an offset of the backing clipped to `end`; `end` where there is none. */
static uint64_t
seek_extent(const Backing *b, uint64_t at, int whence, uint64_t end)
{
    off_t found = lseek(b->file->fd, (off_t)(b->base + at), whence);
    uint64_t to = found < 0 ? end : (uint64_t)found - b->base;
    return to < end ? to : end;
}

static bool
knows_holes(const Backing *b)
{
    return b->file && b->file->own_offset && (b->file->memory || b->file->kind == SX_KIND_FILE);
}

void
backing_extent(const Backing *b, uint64_t at, bool direct, SxExtent *out)
{
    SxSpan cut = backing_cut(b);
    uint64_t end = cut.at;
    if (cut.len > 0 && at >= end) {
        *out = (SxExtent){.span = cut, .kind = SX_EXTENT_LOST};
        return;
    }
    *out = (SxExtent){.span = sx_span(at, end), .kind = SX_EXTENT_DATA, .direct = direct};
    if (!knows_holes(b))
        return;
    errno = 0;
    uint64_t data = seek_extent(b, at, SEEK_DATA, end);
    if (errno && errno != ENXIO) /* the file system does not know */
        return;
    if (data > at) {
        *out = (SxExtent){.span = sx_span(at, data), .kind = SX_EXTENT_HOLE, .direct = direct};
        known_hole(&b->file->known, sx_span(b->base + at, b->base + data));
    } else {
        out->span = sx_span(at, seek_extent(b, at, SEEK_HOLE, end));
        known_data(&b->file->known, sx_span(b->base + at, b->base + sx_span_end(out->span)));
    }
}

uint64_t
backing_data_from(const Backing *b, uint64_t at)
{
    SxSpan cut = backing_cut(b);
    if (cut.len > 0 && at >= cut.at)
        return b->size;
    if (!knows_holes(b))
        return at;
    off_t found = lseek(b->file->fd, (off_t)(b->base + at), SEEK_DATA);
    if (found < 0)
        return errno == ENXIO ? b->size : at;
    uint64_t data = (uint64_t)found - b->base;
    return data < b->size ? data : b->size;
}

bool
backing_sparse(const Backing *b)
{
    return backing_cut(b).len > 0 || (b->file && holes_any(b->file));
}
