/*
 * region.c - mapping, unmapping, and repairing a mapping whose file went away.
 */
#include "map/region.h"

#include "map/page.h"
#include "map/registry.h"
#include "map/residency.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static Region *
region_new(SxError *err)
{
    Region *r = calloc(1, sizeof *r);
    if (!r) {
        sx_fail(err, SX_ERR_NOMEM, "no memory for a mapping");
        return NULL;
    }
    atomic_init(&r->refs, 1);
    return r;
}

bool
region_map(Region **out, File *file, SxSpan span, Damage *damage, SxError *err)
{
    uint64_t at = page_down(span.at), len = page_up(sx_span_end(span)) - at;
    if (len > SIZE_MAX / 2)
        return sx_fail(err, SX_ERR_NOMEM, "%" PRIu64 " bytes do not fit into the address space", len);
    Region *r = region_new(err);
    if (!r)
        return false;
    void *data = mmap(NULL, (size_t)len, PROT_READ, MAP_SHARED, file->fd, (off_t)at);
    if (data == MAP_FAILED) {
        int why = errno;
        free(r);
        return sx_fail_errno(err, why, "cannot map '%s'", file->name);
    }
    r->data = data;
    r->len = (size_t)len;
    r->at = at;
    r->file = file_retain(file);
    r->damage = damage;
    if (!registry_add(r)) {
        region_release(r);
        return sx_fail(err, SX_ERR_NOMEM, "no memory for another mapping");
    }
    *out = r;
    return true;
}

bool
region_private(Region **out, uint64_t len, SxError *err)
{
    if (len > SIZE_MAX / 2)
        return sx_fail(err, SX_ERR_NOMEM, "%" PRIu64 " bytes do not fit into the address space", len);
    Region *r = region_new(err);
    if (!r)
        return false;
    r->len = (size_t)page_up(len);
    void *data =
        mmap(NULL, r->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (data == MAP_FAILED) {
        int why = errno;
        free(r);
        return sx_fail_errno(err, why, "cannot have %" PRIu64 " bytes of memory", len);
    }
    r->data = data;
    *out = r;
    return true;
}

Region *
region_memory(File *file, SxSpan span)
{
    Region *r = calloc(1, sizeof *r + (size_t)span.len);
    if (!r)
        return NULL;
    atomic_init(&r->refs, 1);
    r->heap = true;
    r->data = (uint8_t *)(r + 1);
    r->len = (size_t)span.len;
    r->at = span.at;
    r->file = file_retain(file);
    return r;
}

Region *
region_retain(Region *r)
{
    if (r)
        atomic_fetch_add_explicit(&r->refs, 1, memory_order_relaxed);
    return r;
}

void
region_release(Region *r)
{
    if (!r || atomic_fetch_sub_explicit(&r->refs, 1, memory_order_acq_rel) != 1)
        return;
    registry_remove(r);
    if (!r->heap)
        munmap(r->data, r->len);
    if (r->cold)
        residency_drop(r->file->fd, r->at, r->cold, r->len / page_size());
    free(r->cold);
    file_release(r->file);
    free(r);
}

void
region_scan(Region *r, uint64_t file_len, uint64_t keep)
{
    bool keeps = file_len <= keep || (r->file && r->file->memory); /* what is brought into the cache may stay there */
    if (!r->file || (keeps ? residency_likely(r->data, r->len) : residency_warm(r->file->fd, r->at, r->data, r->len)))
        return;
    (void)madvise(r->data, r->len, MADV_SEQUENTIAL);
    if (keeps)
        return;
    r->cold = malloc(r->len / page_size());
    if (r->cold && mincore(r->data, r->len, r->cold) != 0) {
        free(r->cold);
        r->cold = NULL;
    }
}

/* --- repair: async-signal-safe from here on ------------------------------------------------------------- */

/* System calls themselves: what libc and sanitizers put around mmap is not made for signal handlers. */
#ifdef SYS_mmap2
#define MAP_CALL SYS_mmap2
#else
#define MAP_CALL SYS_mmap
#endif

static bool
zero_from(Region *r, size_t from, size_t len)
{
    return syscall(MAP_CALL, r->data + from, len, PROT_READ,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) != -1;
}

/*
 * A page inside the file may fault although it can be read: the file was short for a moment, or a full tmpfs
 * has no page for a hole. Then its bytes as pread sees them go there; the backing maps anew for the next
 * reader.
 */
static ssize_t
copy_in(Region *r, size_t from)
{
    size_t len = (size_t)page_size();
    long page = syscall(MAP_CALL, NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == -1)
        return -1;
    ssize_t n = pread(r->file->fd, (void *)page, len, (off_t)(r->at + from));
    /* in one step: other threads may be looking at this page */
    if (n > 0 && (syscall(SYS_mprotect, page, len, PROT_READ) != 0 ||
                  syscall(SYS_mremap, page, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, r->data + from) == -1))
        n = -1;
    if (n <= 0)
        syscall(SYS_munmap, page, len);
    else
        atomic_store(&r->copied, true);
    return n;
}

/* The kernel counts mappings: where no single page can be replaced any more, all behind it can. */
static bool
lose(Region *r, size_t from, size_t len)
{
    if (!zero_from(r, from, len)) {
        len = r->len - from;
        if (!zero_from(r, from, len))
            return false;
    }
    damage_range(r->damage, (SxSpan){r->at + from, len});
    atomic_store(&r->hurt, true);
    return true;
}

static bool
lose_tail(Region *r, uint64_t size)
{
    uint64_t end = page_up(size);
    size_t from = end > r->at ? (size_t)(end - r->at) : 0;
    if (!zero_from(r, from, r->len - from))
        return false;
    damage_tail(r->damage, size);
    atomic_store(&r->hurt, true);
    return true;
}

bool
region_repair(Region *r, uintptr_t address)
{
    size_t from = (size_t)page_down(address - (uintptr_t)r->data);
    uint64_t size;
    bool sized = file_size_in_signal(r->file, &size);
    if (sized && r->at + from >= size)
        return lose_tail(r, size);
    ssize_t n = copy_in(r, from);
    if (n == 0)
        return lose_tail(r, r->at + from);
    return n > 0 || lose(r, from, (size_t)page_size());
}
