/*
 * copied.c - a backing read by pread: /proc/PID/mem, character devices, files that cannot be mapped, and
 * every file when the host program declined the SIGBUS handler.
 *
 * A pin is a copy. What could not be read is remembered, since readers ask for it after reading. Devices may
 * keep one waiting, so peek shows what the last pins read, for a second.
 */
#include "map/backing.h"
#include "map/page.h"
#include "map/peek.h"
#include "map/proc.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 4096, BLOCKS = 64 };
#define SECOND UINT64_C(1000000000)

typedef struct Block {
    uint64_t at;   /* multiple of BLOCK */
    uint64_t when; /* nanoseconds, 0: empty */
    uint8_t bytes[BLOCK];
} Block;

typedef struct Copied {
    Backing backing;
    pthread_mutex_t lock; /* all below, and the position of a descriptor that must seek */
    Spans lost;
    Spans regions; /* of a process, ascending */
    uint64_t regions_read;
    bool regions_known;
    Block *blocks; /* BLOCKS of them, or NULL until a device is read */
    size_t next_block;
    atomic_bool waits; /* preadv2 does not work here */
} Copied;

static uint64_t
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

/* --- regions of a process ------------------------------------------------------------------------------- */

static void
refresh_regions(Copied *c)
{
    uint64_t when = now();
    if (!c->backing.file->process || (c->regions_read && when - c->regions_read < SECOND / 4))
        return;
    spans_clear(&c->regions);
    c->regions_read = when;
    c->regions_known = proc_regions(c->backing.file, &c->regions, NULL);
}

/* The first region that ends behind `at` of the file; NULL when there is none. */
static const SxSpan *
region_reaching(const Copied *c, uint64_t at)
{
    size_t low = 0, high = c->regions.count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (sx_span_end(c->regions.span[mid]) <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low < c->regions.count ? &c->regions.span[low] : NULL;
}

/* How many bytes from `at` of the backing cannot be read, as far as the regions tell. */
static uint64_t
unmapped_from(const Copied *c, uint64_t at)
{
    if (!c->regions_known)
        return 0;
    uint64_t place = c->backing.base + at, end = c->backing.size - at;
    const SxSpan *next = region_reaching(c, place);
    uint64_t gap = !next ? end : next->at > place ? next->at - place : 0;
    return gap < end ? gap : end;
}

/* --- reading -------------------------------------------------------------------------------------------- */

/* Fill `to` with the bytes of `span`; zeros, and an entry in `gone`, where they are lost. */
static void
read_bytes(const Copied *c, SxSpan span, uint8_t *to, Spans *gone)
{
    const Backing *b = &c->backing;
    for (uint64_t done = 0; done < span.len;) {
        uint64_t at = span.at + done, left = span.len - done;
        uint64_t gap = unmapped_from(c, at);
        if (gap == 0) {
            ssize_t n = file_read_at(b->file, b->base + at, to + done, (size_t)left);
            uint64_t page = page_up(b->base + at + 1) - (b->base + at);
            gap = n > 0 ? 0 : n == 0 ? left : page;
            done += n > 0 ? (uint64_t)n : 0;
        }
        gap = gap < left ? gap : left;
        if (gap > 0) {
            memset(to + done, 0, gap);
            spans_add(gone, (SxSpan){at, gap});
        }
        done += gap;
    }
}

/* A device may take its time: the lock, for which peek waits, is held over the reading only where it is
 * needed. */
static void
read_span(Copied *c, SxSpan span, uint8_t *to)
{
    Spans gone = {0};
    bool process = c->backing.file->process;
    if (!process)
        read_bytes(c, span, to, &gone);
    pthread_mutex_lock(&c->lock);
    if (process) {
        refresh_regions(c);
        read_bytes(c, span, to, &gone);
    }
    spans_remove(&c->lost, span);
    for (size_t i = 0; i < gone.count; i++)
        spans_add(&c->lost, gone.span[i]);
    pthread_mutex_unlock(&c->lock);
    spans_clear(&gone);
}

static void
remember(Copied *c, SxSpan span, const uint8_t *bytes)
{
    if (c->backing.file->process || span.len > BLOCK * (BLOCKS / 2))
        return;
    pthread_mutex_lock(&c->lock);
    if (!c->blocks)
        c->blocks = calloc(BLOCKS, sizeof *c->blocks);
    uint64_t when = now();
    for (uint64_t done = 0; c->blocks && done < span.len; done += BLOCK) {
        Block *block = &c->blocks[c->next_block++ % BLOCKS];
        uint64_t left = span.len - done;
        block->at = span.at + done;
        block->when = when;
        memcpy(block->bytes, bytes + done, left < BLOCK ? left : BLOCK);
    }
    pthread_mutex_unlock(&c->lock);
}

/* Whole blocks around a small span, so that peek finds what was read for it. */
static SxSpan
with_blocks(const Copied *c, SxSpan span)
{
    uint64_t at = span.at / BLOCK * BLOCK, end = (sx_span_end(span) + BLOCK - 1) / BLOCK * BLOCK;
    return sx_span_clip(sx_span(at, end), c->backing.size);
}

static bool
copied_pin(Backing *b, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Copied *c = (Copied *)b;
    SxSpan whole = use == SX_PIN_VIEW && !b->file->process ? with_blocks(c, span) : span;
    uint8_t *bytes = malloc(whole.len);
    if (!bytes)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read %zu bytes of '%s'", (size_t)span.len,
                       b->file->name);
    read_span(c, whole, bytes);
    if (use == SX_PIN_VIEW)
        remember(c, whole, bytes);
    *out = (SxPin){.data = bytes + (span.at - whole.at), .span = span, .owner = bytes};
    return true;
}

static void
copied_unpin(Backing *b, SxPin *pin)
{
    (void)b;
    free(pin->owner);
}

static bool
copied_stale(Backing *b, const SxPin *pin)
{
    (void)b;
    (void)pin;
    return false; /* a copy does not change */
}

static size_t
copied_lost(Backing *b, SxSpan span, SxSpan *out, size_t max)
{
    Copied *c = (Copied *)b;
    SxSpan cut = backing_cut(b);
    uint64_t end = 0;
    size_t count = 0;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->lost.count; i++) {
        uint64_t from = c->lost.span[i].at > span.at ? c->lost.span[i].at : span.at;
        uint64_t to = sx_span_end(c->lost.span[i]);
        to = to < cut.at ? to : cut.at;
        count =
            spans_emit(out, max, count, sx_span(from, to < sx_span_end(span) ? to : sx_span_end(span)), &end);
    }
    pthread_mutex_unlock(&c->lock);
    return spans_emit(out, max, count, sx_span(cut.at > span.at ? cut.at : span.at, sx_span_end(span)), &end);
}

/* --- peek ----------------------------------------------------------------------------------------------- */

static const Block *
remembered(const Copied *c, uint64_t at, uint64_t when)
{
    for (size_t i = 0; c->blocks && i < BLOCKS; i++)
        if (c->blocks[i].when && c->blocks[i].at == at && when - c->blocks[i].when < SECOND)
            return &c->blocks[i];
    return NULL;
}

static void
mark_lost(const Copied *c, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    for (size_t i = 0; i < c->lost.count; i++) {
        uint64_t from = c->lost.span[i].at > span.at ? c->lost.span[i].at : span.at;
        uint64_t end = sx_span_end(c->lost.span[i]);
        SxSpan part = sx_span(from, end < sx_span_end(span) ? end : sx_span_end(span));
        if (part.len)
            peek_fill(bytes + (from - span.at), states + (from - span.at), part.len, SX_BYTE_LOST);
    }
}

static void
peek_blocks(const Copied *c, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    uint64_t when = now();
    for (uint64_t done = 0; done < span.len;) {
        uint64_t at = span.at + done, in = at % BLOCK, left = span.len - done;
        uint64_t len = BLOCK - in < left ? BLOCK - in : left;
        const Block *block = remembered(c, at - in, when);
        peek_fill(bytes + done, states + done, len, block ? SX_BYTE_HERE : SX_BYTE_PENDING);
        if (block) {
            memcpy(bytes + done, block->bytes + in, len);
            mark_lost(c, (SxSpan){at, len}, bytes + done, states + done);
        }
        done += len;
    }
}

static void
copied_peek(Backing *b, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    Copied *c = (Copied *)b;
    if (b->file->process) { /* memory: reading it does not wait */
        read_span(c, span, bytes);
        memset(states, SX_BYTE_HERE, span.len);
    }
    bool there = b->file->process || (!atomic_load(&c->waits) && peek_file(b, span, bytes, states));
    pthread_mutex_lock(&c->lock);
    if (there) {
        mark_lost(c, span, bytes, states);
    } else {
        atomic_store(&c->waits, true);
        peek_blocks(c, span, bytes, states);
    }
    pthread_mutex_unlock(&c->lock);
}

/* --- the rest ------------------------------------------------------------------------------------------- */

static bool
copied_extent(Backing *b, uint64_t at, SxExtent *out, SxError *err)
{
    (void)err;
    Copied *c = (Copied *)b;
    if (!b->file->process) {
        backing_extent(b, at, false, out);
        return true;
    }
    pthread_mutex_lock(&c->lock);
    refresh_regions(c);
    uint64_t gap = unmapped_from(c, at);
    const SxSpan *region = region_reaching(c, b->base + at);
    if (gap == 0 && !region) /* the process is gone, and nobody knows its regions any more */
        gap = b->size - at;
    if (gap > 0)
        *out = (SxExtent){.span = {at, gap}, .kind = SX_EXTENT_LOST};
    else
        *out = (SxExtent){.span = sx_span_clip(sx_span(at, sx_span_end(*region) - b->base), b->size),
                          .kind = SX_EXTENT_DATA};
    pthread_mutex_unlock(&c->lock);
    return true;
}

static uint64_t
copied_data_from(Backing *b, uint64_t at)
{
    Copied *c = (Copied *)b;
    if (!b->file->process)
        return backing_data_from(b, at);
    pthread_mutex_lock(&c->lock);
    refresh_regions(c);
    uint64_t gap = unmapped_from(c, at);
    pthread_mutex_unlock(&c->lock);
    return at + gap;
}

static bool
copied_sparse(Backing *b)
{
    return b->file->process || backing_sparse(b);
}

static bool
copied_store(Backing *b, uint64_t at, SxBytes bytes, SxError *err)
{
    Copied *c = (Copied *)b;
    if (b->file->process)
        pthread_mutex_lock(&c->lock);
    bool done = backing_store(b, at, bytes, err);
    if (!b->file->process)
        pthread_mutex_lock(&c->lock);
    for (size_t i = 0; c->blocks && i < BLOCKS; i++)
        c->blocks[i].when = 0;
    pthread_mutex_unlock(&c->lock);
    return done;
}

static Region *
copied_standing(Backing *b)
{
    (void)b;
    return NULL;
}

static void
copied_destroy(Backing *b)
{
    Copied *c = (Copied *)b;
    spans_clear(&c->lost);
    spans_clear(&c->regions);
    free(c->blocks);
    pthread_mutex_destroy(&c->lock);
    file_release(b->file);
    free(c);
}

static const BackingOps copied_ops = {
    .pin = copied_pin,
    .unpin = copied_unpin,
    .stale = copied_stale,
    .lost = copied_lost,
    .peek = copied_peek,
    .extent = copied_extent,
    .data_from = copied_data_from,
    .sparse = copied_sparse,
    .store = copied_store,
    .standing = copied_standing,
    .destroy = copied_destroy,
};

bool
copied_open(Backing **out, File *file, uint64_t base, uint64_t size, SxError *err)
{
    Copied *c = calloc(1, sizeof *c);
    if (!c)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for '%s'", file->name);
    c->backing = (Backing){
        .ops = &copied_ops, .refs = 1, .file = file_retain(file), .base = base, .size = size, .copies = true};
    pthread_mutex_init(&c->lock, NULL);
    *out = &c->backing;
    return true;
}
