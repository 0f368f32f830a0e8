/*
 * map.c - what a map is: its length, position, access, and what it hands to the layers above.
 */
#include "map/handle.h"

#include <inttypes.h>

bool
map_usable(const SxMap *m, SxError *err)
{
    return (m && !m->closed) || sx_fail(err, SX_ERR_CLOSED, "the map is closed");
}

bool
map_writable(const SxMap *m, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    return m->access != SX_ACCESS_READ ||
           sx_fail(err, SX_ERR_READONLY, "'%s' is mapped for reading: nothing can be changed", map_name(m));
}

const char *
map_name(const SxMap *m)
{
    return m->view.backing->file ? m->view.backing->file->name : "memory";
}

bool
sx_map_length(const SxMap *m, uint64_t *out, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    *out = map_length(m);
    return true;
}

bool
sx_map_size(const SxMap *m, uint64_t *out, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    const Backing *b = m->view.backing;
    if (b->file && m->kind != SX_KIND_MEMORY && !b->file->endless)
        return file_size(b->file, out, err);
    *out = b->base + b->size;
    return true;
}

uint64_t
sx_map_stored(const SxMap *m)
{
    const Backing *b = sx_map_closed(m) ? NULL : m->view.backing;
    return b && b->file ? atomic_load_explicit(&b->file->known.stored, memory_order_relaxed) : UINT64_MAX;
}

bool
sx_map_tell(const SxMap *m, uint64_t *out, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    *out = m->pos;
    return true;
}

bool
sx_map_seek_to(SxMap *m, uint64_t offset, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    if (offset > map_length(m))
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " is past the end, 0x%" PRIx64, offset, map_length(m));
    m->pos = offset;
    return true;
}

bool
sx_map_seek(SxMap *m, int64_t offset, SxWhence whence, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    uint64_t from = whence == SX_SEEK_START ? 0 : whence == SX_SEEK_HERE ? m->pos : map_length(m), to;
    if (whence != SX_SEEK_START && whence != SX_SEEK_HERE && whence != SX_SEEK_END)
        return sx_fail(err, SX_ERR_UNKNOWN, "seek from where: %d is neither start, here nor end",
                       (int)whence);
    bool out = offset < 0 ? __builtin_sub_overflow(from, UINT64_C(0) - (uint64_t)offset, &to)
                          : __builtin_add_overflow(from, (uint64_t)offset, &to);
    if (out || to > map_length(m))
        return sx_fail(err, SX_ERR_RANGE,
                       "%+" PRId64 " from 0x%" PRIx64 " is outside the %" PRIu64 " bytes there are", offset,
                       from, map_length(m));
    m->pos = to;
    return true;
}

SxAccess
sx_map_access(const SxMap *m)
{
    return m ? m->access : SX_ACCESS_READ;
}

SxMapKind
sx_map_kind(const SxMap *m)
{
    return m ? m->kind : SX_KIND_MEMORY;
}

int
sx_map_fd(const SxMap *m)
{
    if (!map_usable(m, NULL) || !m->view.backing->file || m->kind == SX_KIND_MEMORY)
        return -1;
    return m->view.backing->file->fd;
}

bool
sx_map_lost(const SxMap *m, SxSpan range)
{
    if (!map_usable(m, NULL))
        return false;
    range = sx_span_clip(range, map_length(m));
    return range.len > 0 && view_lost(m->view, range, NULL, 0) > 0;
}

SxSource *
sx_map_source(SxMap *m)
{
    return map_usable(m, NULL) ? view_source(m->view) : NULL;
}

/* Negative counts from the end, then both are clipped; as Python does it. */
SxSpan
sx_slice(uint64_t length, int64_t a, int64_t b)
{
    uint64_t from = a >= 0 ? (uint64_t)a : UINT64_C(0) - (uint64_t)a;
    uint64_t to = b >= 0 ? (uint64_t)b : UINT64_C(0) - (uint64_t)b;
    if (a < 0)
        from = from > length ? 0 : length - from;
    if (b < 0)
        to = to > length ? 0 : length - to;
    else if (b == SX_TO_END)
        to = length;
    from = from < length ? from : length;
    to = to < length ? to : length;
    return sx_span(from, to);
}
