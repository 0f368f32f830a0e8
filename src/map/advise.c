/*
 * advise.c - what the kernel shall do with the pages: bring them to the disk, and hints by name.
 */
#include "map/handle.h"
#include "map/page.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- flush ---------------------------------------------------------------------------------------------- */

/* Kinds of file that have nothing to bring to a disk say so in several ways. */
static bool
nothing_to_sync(int errnum)
{
    return errnum == EINVAL || errnum == EROFS || errnum == EOPNOTSUPP || errnum == ENOSYS;
}

/* Through the mapping where there is one, so that only the range is waited for. */
static bool
sync_range(const SxMap *m, SxSpan range)
{
    if (!m->hot || atomic_load(&m->hot->hurt))
        return fdatasync(m->view.backing->file->fd) == 0;
    uintptr_t from = (uintptr_t)m->bytes + range.at, to = from + range.len;
    return msync((void *)page_down(from), page_up(to) - page_down(from), MS_SYNC) == 0;
}

bool
sx_map_flush(SxMap *m, SxSpan range, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    bool all = range.at == 0 && range.len == UINT64_MAX;
    if (!all && (range.at > map_length(m) || range.len > map_length(m) - range.at))
        return sx_fail(err, SX_ERR_RANGE,
                       "0x%" PRIx64 " +%" PRIu64 " is outside the %" PRIu64 " bytes there are", range.at,
                       range.len, map_length(m));
    const File *file = m->view.backing->file;
    range = sx_span_clip(range, map_length(m));
    if (m->access != SX_ACCESS_WRITE || !file || range.len == 0)
        return true;
    if (sync_range(m, range) || nothing_to_sync(errno))
        return true;
    return sx_fail_errno(err, errno, "'%s' could not be brought to the disk", map_name(m));
}

/* --- advice --------------------------------------------------------------------------------------------- */

typedef struct Advice {
    const char *name;
    int value; /* NOWHERE: not on this platform */
    SxAdviceKind kind;
} Advice;

enum { NOWHERE = -1 };

/* clang-format off */
#define HERE(name, kind)   {#name, MADV_##name, kind}
#define ABSENT(name, kind) {#name, NOWHERE, kind}
/* clang-format on */

static const Advice advices[] = {
    HERE(NORMAL, SX_ADVICE_SAFE),
    HERE(RANDOM, SX_ADVICE_SAFE),
    HERE(SEQUENTIAL, SX_ADVICE_SAFE),
    HERE(WILLNEED, SX_ADVICE_SAFE),
    HERE(DONTNEED, SX_ADVICE_SAFE), /* but see destroys() */
    HERE(REMOVE, SX_ADVICE_DESTRUCTIVE),
    HERE(DONTFORK, SX_ADVICE_SAFE),
    HERE(DOFORK, SX_ADVICE_SAFE),
    HERE(HWPOISON, SX_ADVICE_REFUSED),
    HERE(MERGEABLE, SX_ADVICE_SAFE),
    HERE(UNMERGEABLE, SX_ADVICE_SAFE),
#ifdef MADV_SOFT_OFFLINE
    HERE(SOFT_OFFLINE, SX_ADVICE_REFUSED),
#else
    {"SOFT_OFFLINE", 101, SX_ADVICE_REFUSED}, /* known to the kernel, refused anyway */
#endif
    HERE(HUGEPAGE, SX_ADVICE_SAFE),
    HERE(NOHUGEPAGE, SX_ADVICE_SAFE),
    HERE(DONTDUMP, SX_ADVICE_SAFE),
    HERE(DODUMP, SX_ADVICE_SAFE),
    HERE(FREE, SX_ADVICE_DESTRUCTIVE),
    HERE(WIPEONFORK, SX_ADVICE_SAFE),
    HERE(KEEPONFORK, SX_ADVICE_SAFE),
    HERE(COLD, SX_ADVICE_SAFE),
    HERE(PAGEOUT, SX_ADVICE_SAFE),
    HERE(POPULATE_READ, SX_ADVICE_SAFE),
    HERE(POPULATE_WRITE, SX_ADVICE_SAFE),
#ifdef MADV_DONTNEED_LOCKED
    HERE(DONTNEED_LOCKED, SX_ADVICE_SAFE),
#else
    {"DONTNEED_LOCKED", 24, SX_ADVICE_SAFE},
#endif
#ifdef MADV_COLLAPSE
    HERE(COLLAPSE, SX_ADVICE_SAFE),
#else
    {"COLLAPSE", 25, SX_ADVICE_SAFE},
#endif
    {"GUARD_INSTALL", 102, SX_ADVICE_REFUSED}, /* what is read there afterwards is a fatal signal */
    {"GUARD_REMOVE", 103, SX_ADVICE_REFUSED},
    ABSENT(NOSYNC, SX_ADVICE_SAFE), /* FreeBSD's from here on */
    ABSENT(AUTOSYNC, SX_ADVICE_SAFE),
    ABSENT(NOCORE, SX_ADVICE_SAFE),
    ABSENT(CORE, SX_ADVICE_SAFE),
    ABSENT(PROTECT, SX_ADVICE_SAFE),
};

enum { ADVICES = sizeof advices / sizeof *advices };

static const Advice *
find_advice(const char *name)
{
    static const char prefix[] = "MADV_";
    if (strncasecmp(name, prefix, sizeof prefix - 1) == 0)
        name += sizeof prefix - 1;
    for (size_t i = 0; i < ADVICES; i++)
        if (strcasecmp(name, advices[i].name) == 0)
            return &advices[i];
    return NULL;
}

const char *
sx_map_advice_name(size_t i)
{
    for (size_t k = 0; k < ADVICES; k++)
        if (advices[k].value != NOWHERE && i-- == 0)
            return advices[k].name;
    return NULL;
}

/* DONTNEED empties private memory, and would, in other programs, undo the changes of COPY. */
static bool
destroys(const SxMap *m, const Advice *advice, SxSpan range)
{
    SxSpan run;
    if (advice->value != MADV_DONTNEED && strcmp(advice->name, "DONTNEED_LOCKED") != 0)
        return advice->kind == SX_ADVICE_DESTRUCTIVE;
    return !m->view.backing->file ||
           (overlay_used(m->view.overlay) && overlay_next(m->view.overlay, range, &run));
}

/* Pages of our file mappings cannot be written to, so the kernel would refuse; this is what it does for
 * REMOVE. */
static bool
punch_hole(SxMap *m, SxSpan range, SxError *err)
{
    const Backing *b = m->view.backing;
    if (!map_writable(m, err))
        return false;
    if (m->access != SX_ACCESS_WRITE)
        return sx_fail(err, SX_ERR_READONLY, "'%s' is mapped as a copy: its file stays as it is",
                       map_name(m));
    writes_note(&b->file->writes, (SxSpan){b->base + range.at, range.len});
    if (fallocate(b->file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(b->base + range.at),
                  (off_t)range.len) != 0)
        return sx_fail_errno(err, errno, "cannot remove bytes from '%s'", map_name(m));
    writes_note(&b->file->writes, (SxSpan){b->base + range.at, range.len});
    return true;
}

static bool
advise_pages(const SxMap *m, const Advice *advice, const uint8_t *bytes, uint64_t len, SxError *err)
{
    uintptr_t from = page_down((uintptr_t)bytes), to = page_up((uintptr_t)bytes + len);
    if (madvise((void *)from, to - from, advice->value) == 0)
        return true;
    if (errno == EINVAL || errno == ENOSYS)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "this system cannot do %s with '%s'", advice->name,
                       map_name(m));
    return sx_fail_errno(err, errno, "%s for '%s'", advice->name, map_name(m));
}

/* Without a standing mapping: what lasts beyond the call, by a mapping for the call. */
static bool
advise_pinned(const SxMap *m, const Advice *advice, SxSpan range, SxError *err)
{
    enum { BLOCK = 1 << 30 };
    Backing *b = m->view.backing;
    if (b->copies || range.len > BLOCK)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "%s needs '%s' mapped, and it is read piece by piece",
                       advice->name, map_name(m));
    SxPin pin;
    if (!b->ops->pin(b, range, SX_PIN_VIEW, &pin, err))
        return false;
    bool done = advise_pages(m, advice, pin.data, range.len, err);
    b->ops->unpin(b, &pin);
    return done;
}

bool
sx_map_advise(SxMap *m, const char *name, SxSpan range, bool force, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    const Advice *advice = find_advice(name);
    if (!advice)
        return sx_fail(err, SX_ERR_UNKNOWN, "no advice is called '%s'", name);
    if (advice->value == NOWHERE)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "%s is not of this platform", advice->name);
    if (advice->kind == SX_ADVICE_REFUSED)
        return sx_fail(err, SX_ERR_PERMISSION, "%s is refused: it breaks memory on purpose", advice->name);
    if (range.at >= map_length(m))
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " is outside the %" PRIu64 " bytes there are",
                       range.at, map_length(m));
    range = sx_span_clip(range, map_length(m));
    if (range.len == 0)
        return true;
    if (destroys(m, advice, range) && !force)
        return sx_fail(err, SX_ERR_FORCE, "%s destroys bytes of '%s': it must be forced", advice->name,
                       map_name(m));
    if (advice->value == MADV_REMOVE && m->view.backing->file)
        return punch_hole(m, range, err);
    return m->hot ? advise_pages(m, advice, m->bytes + range.at, range.len, err)
                  : advise_pinned(m, advice, range, err);
}
