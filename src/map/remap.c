/*
 * remap.c - calls after which a map shows through another backing: resize, refresh, another access.
 *
 * The old backing lives on under its sources and pins. The new one is made before anything changes, so a
 * failure leaves the map as it was.
 */
#include "map/handle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- resize --------------------------------------------------------------------------------------------- */

static bool
may_resize(const SxMap *m, uint64_t length, SxError *err)
{
    uint64_t end;
    if (!map_usable(m, err))
        return false;
    if (m->access != SX_ACCESS_WRITE)
        return sx_fail(err, SX_ERR_READONLY, "'%s' is not mapped for writing: its length stays", map_name(m));
    if (m->kind != SX_KIND_FILE && m->kind != SX_KIND_MEMORY)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "'%s' is a device: its length stays", map_name(m));
    if (length == 0)
        return sx_fail(err, SX_ERR_EMPTY, "a map has at least 1 byte");
    if (__builtin_add_overflow(m->view.backing->base, length, &end) || end > INT64_MAX)
        return sx_fail(err, SX_ERR_RANGE, "no file has %" PRIu64 " bytes", length);
    return true;
}

/* Private memory has no file to grow: a new block, and what was there. Pages never touched stay untouched. */
static bool
resize_private(SxMap *m, uint64_t length, SxError *err)
{
    enum { BLOCK = 4096 };
    static const uint8_t zeros[BLOCK];
    Backing *fresh;
    if (!backing_private(&fresh, length, err))
        return false;
    uint64_t keep = map_length(m) < length ? map_length(m) : length;
    for (uint64_t at = 0; at < keep; at += BLOCK) {
        size_t len = keep - at < BLOCK ? (size_t)(keep - at) : BLOCK;
        if (memcmp(m->bytes + at, zeros, len) != 0)
            (void)fresh->ops->store(fresh, at, sx_bytes(m->bytes + at, len), NULL);
    }
    map_show(m, fresh);
    return true;
}

bool
sx_map_resize(SxMap *m, uint64_t length, SxError *err)
{
    if (!may_resize(m, length, err))
        return false;
    Backing *old = m->view.backing, *fresh;
    if (!old->file)
        return resize_private(m, length, err);
    if (!backing_open(&fresh, old->file, old->base, length, m->window, err))
        return false;
    if (!file_resize(old->file, old->base + length, err)) {
        backing_release(fresh);
        return false;
    }
    map_show(m, fresh);
    return true;
}

/* --- refresh -------------------------------------------------------------------------------------------- */

/* A /proc file whose content was read: read again. */
static bool
refresh_content(SxMap *m, bool *changed, SxError *err)
{
    SxMap *again;
    SxMapOptions o = {.access = SX_ACCESS_READ, .window = m->window};
    const File *file = m->view.backing->file;
    if (!file->by_path || !m->whole)
        return true;
    if (!sx_map_open(&again, file->name, &o, err))
        return false;
    *changed = map_length(again) != map_length(m);
    map_show(m, backing_retain(again->view.backing));
    sx_map_free(again);
    return true;
}

bool
sx_map_refresh(SxMap *m, bool *changed, SxError *err)
{
    bool ignored;
    changed = changed ? changed : &ignored;
    if (!map_usable(m, err))
        return false;
    *changed = false;
    Backing *old = m->view.backing, *fresh;
    File *file = old->file;
    if (m->kind == SX_KIND_PROC && file->memory)
        return refresh_content(m, changed, err);
    if (!file || file->memory || m->kind == SX_KIND_CHAR || file->process)
        return true;
    uint64_t size, length = old->size;
    if (!file_size(file, &size, err))
        return false;
    if (m->whole)
        length = size > old->base ? size - old->base : 0;
    bool hurt =
        m->hot ? atomic_load(&m->hot->hurt) : old->ops->lost(old, (SxSpan){0, old->size}, NULL, 0) > 0;
    if (length == old->size && !hurt)
        return true;
    if (!backing_open(&fresh, file, old->base, length, m->window, err))
        return false;
    *changed = length != old->size;
    map_show(m, fresh);
    return true;
}

bool
sx_map_reread(SxMap *m, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    Backing *old = m->view.backing, *fresh;
    if (!old->file || old->file->memory)
        return true;
    if (!backing_open(&fresh, old->file, old->base, old->size, m->window, err))
        return false;
    map_show(m, fresh);
    return true;
}

/* --- access --------------------------------------------------------------------------------------------- */

/* Compare what two backings show: the ends, and places spread over all of it. */
static bool
same_bytes(Backing *a, Backing *b)
{
    enum { SAMPLES = 64, SAMPLE = 4096 };
    for (uint64_t i = 0; i <= SAMPLES; i++) {
        uint64_t last = a->size > SAMPLE ? a->size - SAMPLE : 0, at = last / SAMPLES * i;
        SxSpan span = sx_span_clip((SxSpan){i == SAMPLES ? last : at, SAMPLE}, a->size);
        SxPin pa, pb;
        if (!a->ops->pin(a, span, SX_PIN_VIEW, &pa, NULL))
            return false;
        bool same = b->ops->pin(b, span, SX_PIN_VIEW, &pb, NULL);
        if (same) {
            same = memcmp(pa.data, pb.data, span.len) == 0;
            b->ops->unpin(b, &pb);
        }
        a->ops->unpin(a, &pa);
        if (!same)
            return false;
    }
    return true;
}

/*
 * On overlay file systems the first opening for writing copies the file up: the old mapping shows the lower
 * file for ever, whoever changes the upper one. Mapping from the new descriptor shows what is written; that
 * both agree now is checked, so that nothing is overwritten that was never shown.
 */
static bool
become_writable(SxMap *m, SxError *err)
{
    File *file;
    Backing *old = m->view.backing, *fresh;
    if (old->file->memory && m->kind != SX_KIND_MEMORY)
        return sx_fail(err, SX_ERR_READONLY, "'%s' was read to its end: there is nothing to write to",
                       map_name(m));
    if (!file_writable(&file, old->file, err))
        return false;
    bool other = file->dev != old->file->dev || file->ino != old->file->ino;
    bool opened = backing_open(&fresh, file, old->base, old->size, m->window, err);
    file_release(file);
    if (!opened)
        return false;
    if ((other || old->file->overlay) && (backing_cut(fresh).len > 0 || !same_bytes(old, fresh))) {
        sx_fail(err, SX_ERR_CONFLICT, "'%s' has other bytes by now than those shown", map_name(m));
        backing_release(fresh);
        return false;
    }
    map_show(m, fresh);
    return true;
}

static bool
pending(const SxMap *m)
{
    SxSpan run;
    return overlay_used(m->view.overlay) && overlay_next(m->view.overlay, SX_SPAN_ALL, &run);
}

static bool
become_copy(SxMap *m, SxError *err)
{
    if (!m->view.overlay && !(m->view.overlay = overlay_new()))
        return sx_fail(err, SX_ERR_NOMEM, "no memory for changes");
    m->access = SX_ACCESS_COPY;
    return true;
}

static void
leave_copy(SxMap *m)
{
    overlay_release(m->view.overlay);
    m->view.overlay = NULL;
}

bool
sx_map_set_access(SxMap *m, SxAccess access, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    if (access == m->access)
        return true;
    if (access == SX_ACCESS_COPY)
        return become_copy(m, err);
    if (m->access == SX_ACCESS_COPY && pending(m))
        return sx_fail(err, SX_ERR_ASK,
                       "'%s' has changes in memory: write them through or discard them first", map_name(m));
    const File *file = m->view.backing->file;
    bool writes = access != SX_ACCESS_READ && !(file && (!file->writable || m->kind == SX_KIND_STREAM ||
                                                         (m->kind == SX_KIND_PROC && file->memory)));
    if (access != SX_ACCESS_READ && !writes) {
        SxError why;
        writes = become_writable(m, &why);
        if (!writes && access == SX_ACCESS_WRITE) {
            if (err)
                *err = why;
            return false;
        }
    }
    leave_copy(m);
    m->access = writes ? SX_ACCESS_WRITE : SX_ACCESS_READ;
    return true;
}

/* --- the changes of COPY -------------------------------------------------------------------------------- */

static bool
write_runs(SxMap *m, SxError *err)
{
    enum { BLOCK = OVERLAY_PAGE };
    uint8_t block[BLOCK];
    SxSpan left = {0, map_length(m)}, run;
    while (overlay_next(m->view.overlay, left, &run)) {
        overlay_apply(m->view.overlay, run, block, NULL);
        if (!m->view.backing->ops->store(m->view.backing, run.at, sx_bytes(block, run.len), err))
            return false;
        left = sx_span(sx_span_end(run), map_length(m));
    }
    return true;
}

bool
sx_map_write_through(SxMap *m, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    if (!pending(m))
        return true;
    const File *file = m->view.backing->file;
    if (file && (!file->writable || m->kind == SX_KIND_STREAM || m->kind == SX_KIND_PROC) &&
        !become_writable(m, err))
        return false;
    if (!write_runs(m, err))
        return false;
    overlay_clear(m->view.overlay);
    return true;
}

bool
sx_map_discard(SxMap *m, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    if (m->view.overlay)
        overlay_clear(m->view.overlay);
    return true;
}
