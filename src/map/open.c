/*
 * open.c - from a path, a descriptor or nothing to a map, and back.
 */
#include "map/handle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

static const SxMapOptions no_options;

/* --- options -------------------------------------------------------------------------------------------- */

/* Protection and sharing as Python's constructor takes them, instead of an access. */
static bool
access_of_flags(const SxMapOptions *o, SxAccess *access, SxError *err)
{
    enum { PROTECTION = SX_MAP_PROT_READ | SX_MAP_PROT_WRITE };
    *access = o->access;
    if (!(o->flags & (PROTECTION | SX_MAP_SHARED | SX_MAP_PRIVATE)))
        return true;
    if (o->access != SX_ACCESS_DEFAULT)
        return sx_fail(err, SX_ERR_SYNTAX,
                       "access and protection are two ways to say one thing: give one of them");
    if ((o->flags & SX_MAP_SHARED) && (o->flags & SX_MAP_PRIVATE))
        return sx_fail(err, SX_ERR_SYNTAX, "a map is shared or private, not both");
    bool writes = !(o->flags & PROTECTION) || (o->flags & SX_MAP_PROT_WRITE);
    *access = !writes ? SX_ACCESS_READ : o->flags & SX_MAP_PRIVATE ? SX_ACCESS_COPY : SX_ACCESS_WRITE;
    return true;
}

static bool
may_extend(const File *file, SxAccess access, const SxMapOptions *o, SxError *err)
{
    if (!(o->flags & SX_MAP_EXTEND))
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%" PRIu64 " reaches past the end of '%s'",
                       (uint64_t)o->offset, o->length, file->name);
    if (access != SX_ACCESS_WRITE)
        return sx_fail(err, SX_ERR_READONLY, "'%s' can only be extended when it is mapped for writing",
                       file->name);
    if (file->kind != SX_KIND_FILE)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "'%s' cannot become longer", file->name);
    return true;
}

/* The length that is meant, and the one that the file is to be extended to, 0 where it stays as it is. */
static bool
resolve_length(File *file, SxAccess access, const SxMapOptions *o, uint64_t *length, uint64_t *grow,
               SxError *err)
{
    uint64_t size, offset = (uint64_t)o->offset, end;
    if (o->offset < 0)
        return sx_fail(err, SX_ERR_RANGE, "the offset %" PRId64 " is negative", o->offset);
    if (!file_size(file, &size, err))
        return false;
    if (o->length == 0) {
        if (file->endless)
            return sx_fail(err, SX_ERR_KIND, "'%s' has no end: say how many bytes of it", file->name);
        if (size == 0)
            return sx_fail(err, SX_ERR_EMPTY, "'%s' is empty", file->name);
        if (offset >= size)
            return sx_fail(err, SX_ERR_RANGE,
                           "the offset 0x%" PRIx64 " is past the end of '%s', which has %" PRIu64 " bytes",
                           offset, file->name, size);
        *length = size - offset;
        return true;
    }
    if (__builtin_add_overflow(offset, o->length, &end) || (end > INT64_MAX && !file->process))
        return sx_fail(err, SX_ERR_RANGE, "no file has %" PRIu64 " bytes from 0x%" PRIx64, o->length, offset);
    if (end > size && !may_extend(file, access, o, err))
        return false;
    *grow = end > size ? end : 0;
    *length = o->length;
    return true;
}

/* --- making the handle ---------------------------------------------------------------------------------- */

static SxMap *
map_new(SxAccess access, SxError *err)
{
    SxMap *m = calloc(1, sizeof *m);
    Overlay *overlay = m && access == SX_ACCESS_COPY ? overlay_new() : NULL;
    if (!m || (access == SX_ACCESS_COPY && !overlay)) {
        sx_fail(err, SX_ERR_NOMEM, "no memory for a map");
        free(m);
        return NULL;
    }
    m->access = access;
    m->view.overlay = overlay;
    return m;
}

void
map_show(SxMap *m, Backing *backing)
{
    Region *hot = backing->ops->standing(backing);
    region_release(m->hot);
    backing_release(m->view.backing);
    m->view.backing = backing;
    m->hot = hot;
    m->bytes = hot ? region_byte(hot, backing->base) : NULL;
}

/* Takes over `file`. */
static bool
open_file(SxMap **out, File *file, SxAccess access, const SxMapOptions *o, SxError *err)
{
    uint64_t length = 0, grow = 0;
    Backing *backing = NULL;
    SxMap *m = map_new(access, err);
    /* the file grows last: whatever fails before leaves it as it was */
    if (!m || !resolve_length(file, access, o, &length, &grow, err) ||
        !backing_open(&backing, file, (uint64_t)o->offset, length, o->window, err) ||
        (grow > 0 && !file_resize(file, grow, err))) {
        backing_release(backing);
        file_release(file);
        sx_map_free(m);
        return false;
    }
    m->kind = file->kind;
    m->window = o->window;
    m->whole = o->length == 0;
    file_release(file);
    map_show(m, backing);
    *out = m;
    return true;
}

bool
sx_map_open(SxMap **out, const char *path, const SxMapOptions *options, SxError *err)
{
    const SxMapOptions *o = options ? options : &no_options;
    File *file;
    SxAccess access;
    bool made = false;
    if (!access_of_flags(o, &access, err) || !file_open(&file, path, &access, o->flags, &made, err))
        return false;
    if (open_file(out, file, access, o, err))
        return true;
    if (made)
        unlink(path);
    return false;
}

static bool
open_memory(SxMap **out, SxAccess access, const SxMapOptions *o, SxError *err)
{
    if (o->length == 0)
        return sx_fail(err, SX_ERR_EMPTY, "memory needs a length of at least 1");
    Backing *backing;
    SxMap *m = map_new(access, err);
    if (!m)
        return false;
    if (o->flags & SX_MAP_PRIVATE) {
        if (!backing_private(&backing, o->length, err))
            goto fail;
    } else {
        File *file;
        if (!file_memory(&file, o->length, "memory", err))
            goto fail;
        bool opened = backing_open(&backing, file, 0, o->length, o->window, err);
        file_release(file);
        if (!opened)
            goto fail;
    }
    m->kind = SX_KIND_MEMORY;
    m->window = o->window;
    map_show(m, backing);
    *out = m;
    return true;
fail:
    sx_map_free(m);
    return false;
}

bool
sx_map_open_fd(SxMap **out, int fd, const SxMapOptions *options, SxError *err)
{
    const SxMapOptions *o = options ? options : &no_options;
    SxAccess access;
    if (fd == -1) {
        bool writes = !(o->flags & SX_MAP_PROT_READ) || (o->flags & SX_MAP_PROT_WRITE);
        access = o->access != SX_ACCESS_DEFAULT ? o->access : writes ? SX_ACCESS_WRITE : SX_ACCESS_READ;
        return open_memory(out, access, o, err);
    }
    File *file;
    return access_of_flags(o, &access, err) && file_adopt(&file, fd, &access, err) &&
           open_file(out, file, access, o, err);
}

bool
sx_map_open_anonymous(SxMap **out, uint64_t length, unsigned flags, SxError *err)
{
    SxMapOptions o = {.access = SX_ACCESS_WRITE, .length = length, .flags = flags};
    return open_memory(out, SX_ACCESS_WRITE, &o, err);
}

/* --- the end -------------------------------------------------------------------------------------------- */

void
sx_map_close(SxMap *m)
{
    if (!m || m->closed)
        return;
    region_release(m->hot);
    view_release(m->view);
    m->hot = NULL;
    m->bytes = NULL;
    m->view = (View){0};
    m->closed = true;
}

bool
sx_map_closed(const SxMap *m)
{
    return !m || m->closed;
}

void
sx_map_free(SxMap *m)
{
    sx_map_close(m);
    free(m);
}
