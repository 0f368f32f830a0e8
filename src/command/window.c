/* window.c - reads a block ahead. */
#include "command/window.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 16 };

static bool
holds(const Window *w, SxSpan span)
{
    return span.at >= w->block.at && sx_span_end(span) <= sx_span_end(w->block);
}

/* Keep the block that begins where `span` does, when all of it is there. */
static bool
load(Window *w, SxSpan span)
{
    SxExtent e;
    w->block.len = 0;
    if (span.len > BLOCK || !sx_source_extent(w->of, span.at, &e, NULL) || e.kind != SX_EXTENT_DATA)
        return false;
    uint64_t end = sx_span_end(e.span) < w->end ? sx_span_end(e.span) : w->end;
    SxSpan block = sx_span(span.at, end);
    if (block.len > BLOCK)
        block.len = BLOCK;
    if (block.len < span.len || !sx_source_read(w->of, block, w->bytes, NULL) ||
        sx_source_lost(w->of, block, NULL, 0) > 0)
        return false;
    w->block = block;
    return true;
}

static bool
kept(Window *w, SxSpan span)
{
    return span.len > 0 && (holds(w, span) || load(w, span));
}

static void
window_count(SxSource *s)
{
    (void)s;
}

static uint64_t
window_size(SxSource *s)
{
    return ((const Window *)s)->end;
}

static bool
window_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Window *w = (Window *)s;
    if (!kept(w, span))
        return sx_source_pin(w->of, span, use, out, err);
    *out = (SxPin){.data = w->bytes + (span.at - w->block.at), .span = span, .owner = w};
    return true;
}

static void
window_unpin(SxSource *s, SxPin *pin)
{
    Window *w = (Window *)s;
    if (pin->owner != w)
        sx_source_unpin(w->of, pin);
}

static bool
window_stale(SxSource *s, const SxPin *pin)
{
    const Window *w = (const Window *)s;
    return pin->owner != w && sx_source_stale(w->of, pin);
}

static size_t
window_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    const Window *w = (const Window *)s;
    return holds(w, span) ? 0 : sx_source_lost(w->of, span, out, max);
}

static void
window_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    Window *w = (Window *)s;
    if (!kept(w, span)) {
        sx_source_peek(w->of, span, bytes, states);
        return;
    }
    memcpy(bytes, w->bytes + (span.at - w->block.at), (size_t)span.len);
    memset(states, SX_BYTE_HERE, (size_t)span.len);
}

static bool
window_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    const Window *w = (const Window *)s;
    if (!sx_source_extent(w->of, at, out, err))
        return false;
    uint64_t end = sx_span_end(out->span);
    out->span = sx_span(out->span.at, end < w->end ? end : w->end);
    return true;
}

static void
window_look(SxSource *s, SxSpan span)
{
    const Window *w = (const Window *)s;
    sx_source_look(w->of, span);
}

static const SxSourceOps window_ops = {
    .retain = window_count,
    .release = window_count,
    .size = window_size,
    .pin = window_pin,
    .unpin = window_unpin,
    .stale = window_stale,
    .lost = window_lost,
    .peek = window_peek,
    .extent = window_extent,
    .look = window_look,
};

bool
window_init(Window *w, SxSource *of, uint64_t end, SxError *err)
{
    *w = (Window){.source = {&window_ops}, .of = of, .end = end, .bytes = malloc(BLOCK)};
    return w->bytes || sx_fail(err, SX_ERR_NOMEM, "no memory to read a block");
}

void
window_clear(Window *w)
{
    free(w->bytes);
}
