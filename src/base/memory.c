/*
 * memory.c - a source over bytes that are already here.
 */
#include <sextant/source.h>
#include <sextant/text.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct Memory {
    SxSource source;
    atomic_size_t count;
    SxBytes bytes; /* in `copy`, or borrowed */
    uint8_t copy[];
} Memory;

static void
memory_retain(SxSource *s)
{
    atomic_fetch_add_explicit(&((Memory *)s)->count, 1, memory_order_relaxed);
}

static void
memory_release(SxSource *s)
{
    if (atomic_fetch_sub_explicit(&((Memory *)s)->count, 1, memory_order_acq_rel) == 1)
        free(s);
}

static uint64_t
memory_size(SxSource *s)
{
    return ((Memory *)s)->bytes.len;
}

static bool
memory_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    (void)use;
    (void)err;
    *out = (SxPin){.data = ((Memory *)s)->bytes.data + span.at, .span = span};
    return true;
}

static void
memory_unpin(SxSource *s, SxPin *pin)
{
    (void)s;
    (void)pin;
}

static bool
memory_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    (void)at;
    (void)err;
    *out = (SxExtent){.span = {0, memory_size(s)}, .kind = SX_EXTENT_DATA, .direct = true};
    return true;
}

static const SxSourceOps memory_ops = {
    .retain = memory_retain,
    .release = memory_release,
    .size = memory_size,
    .pin = memory_pin,
    .unpin = memory_unpin,
    .extent = memory_extent,
};

SxSource *
sx_source_memory(SxBytes bytes, bool copy)
{
    Memory *m = NULL;
    size_t size;
    if (sx_size_add(sizeof *m, copy ? bytes.len : 0, &size))
        m = malloc(size);
    if (!m)
        return NULL;
    m->source.ops = &memory_ops;
    atomic_init(&m->count, 1);
    m->bytes = bytes;
    if (copy && bytes.len > 0)
        m->bytes.data = memcpy(m->copy, bytes.data, bytes.len);
    return &m->source;
}
