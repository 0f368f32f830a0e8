/*
 * range.c - a part of a source as a source of its own. Offsets of the part are "here", of the whole "there".
 */
#include <sextant/source.h>

#include <stdatomic.h>
#include <stdlib.h>

typedef struct Range {
    SxSource source;
    atomic_size_t count;
    SxSource *of;
    SxSpan span; /* there */
} Range;

static SxSpan
there(const Range *r, SxSpan here)
{
    return (SxSpan){r->span.at + here.at, here.len};
}

static SxSpan
here(const Range *r, SxSpan there)
{
    return (SxSpan){there.at - r->span.at, there.len};
}

static void
range_retain(SxSource *s)
{
    atomic_fetch_add_explicit(&((Range *)s)->count, 1, memory_order_relaxed);
}

static void
range_release(SxSource *s)
{
    Range *r = (Range *)s;
    if (atomic_fetch_sub_explicit(&r->count, 1, memory_order_acq_rel) != 1)
        return;
    sx_source_release(r->of);
    free(r);
}

static uint64_t
range_size(SxSource *s)
{
    return ((Range *)s)->span.len;
}

static bool
range_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    const Range *r = (Range *)s;
    if (!sx_source_pin(r->of, there(r, span), use, out, err))
        return false;
    out->span = span;
    return true;
}

static void
range_unpin(SxSource *s, SxPin *pin)
{
    const Range *r = (Range *)s;
    pin->span = there(r, pin->span);
    sx_source_unpin(r->of, pin);
}

static bool
range_stale(SxSource *s, const SxPin *pin)
{
    const Range *r = (Range *)s;
    SxPin inner = *pin;
    inner.span = there(r, pin->span);
    return sx_source_stale(r->of, &inner);
}

static size_t
range_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    const Range *r = (Range *)s;
    size_t count = sx_source_lost(r->of, there(r, span), out, max);
    for (size_t i = 0; i < count && i < max; i++)
        out[i] = here(r, out[i]);
    return count;
}

static void
range_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    const Range *r = (Range *)s;
    sx_source_peek(r->of, there(r, span), bytes, states);
}

static bool
range_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    const Range *r = (Range *)s;
    SxExtent found;
    if (!sx_source_extent(r->of, r->span.at + at, &found, err))
        return false;
    uint64_t start = found.span.at > r->span.at ? found.span.at : r->span.at;
    uint64_t end = sx_span_end(found.span);
    if (end > sx_span_end(r->span))
        end = sx_span_end(r->span);
    found.span = here(r, sx_span(start, end));
    *out = found;
    return true;
}

static void
range_look(SxSource *s, SxSpan span)
{
    const Range *r = (Range *)s;
    sx_source_look(r->of, there(r, span));
}

static const SxSourceOps range_ops = {
    .retain = range_retain,
    .release = range_release,
    .size = range_size,
    .pin = range_pin,
    .unpin = range_unpin,
    .stale = range_stale,
    .lost = range_lost,
    .peek = range_peek,
    .extent = range_extent,
    .look = range_look,
};

SxSource *
sx_source_range(SxSource *of, SxSpan span)
{
    Range *r = malloc(sizeof *r);
    if (!r)
        return NULL;
    r->source.ops = &range_ops;
    atomic_init(&r->count, 1);
    r->of = sx_source_retain(of);
    r->span = sx_span_clip(span, sx_source_size(of));
    return &r->source;
}
