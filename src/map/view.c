/*
 * view.c - the backing with the changes laid over it, as a source.
 *
 * Where nothing was changed a pin is the backing's own, without a copy; otherwise it is a copy with the
 * changes in it.
 */
#include "map/view.h"

#include "map/spans.h"

#include <stdlib.h>
#include <string.h>

typedef struct MapSource {
    SxSource source;
    atomic_uint refs;
    View view;
} MapSource;

View
view_retain(View v)
{
    return (View){backing_retain(v.backing), overlay_retain(v.overlay)};
}

void
view_release(View v)
{
    backing_release(v.backing);
    overlay_release(v.overlay);
}

static bool
changed(View v, SxSpan span, SxSpan *run)
{
    return overlay_used(v.overlay) && overlay_next(v.overlay, span, run);
}

/* Copies are told from the backing's pins by the lowest bit of the owner, which no pointer has set. */
static void *
as_copy(uint8_t *bytes)
{
    return bytes + 1;
}

static bool
is_copy(const SxPin *pin)
{
    return (uintptr_t)pin->owner & 1;
}

bool
view_pin(View v, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    SxSpan run;
    if (!changed(v, span, &run))
        return v.backing->ops->pin(v.backing, span, use, out, err);
    uint8_t *bytes = malloc(span.len);
    SxPin below;
    if (!bytes)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a block of %zu bytes", (size_t)span.len);
    do {
        if (!v.backing->ops->pin(v.backing, span, use, &below, err)) {
            free(bytes);
            return false;
        }
        memcpy(bytes, below.data, span.len);
        v.backing->ops->unpin(v.backing, &below);
    } while (v.backing->ops->stale(v.backing, &below));
    overlay_apply(v.overlay, span, bytes, NULL);
    *out = (SxPin){.data = bytes, .span = span, .owner = as_copy(bytes)};
    return true;
}

void
view_unpin(View v, SxPin *pin)
{
    if (is_copy(pin))
        free((uint8_t *)pin->owner - 1);
    else
        v.backing->ops->unpin(v.backing, pin);
}

bool
view_stale(View v, const SxPin *pin)
{
    return !is_copy(pin) && v.backing->ops->stale(v.backing, pin);
}

/* --- lost ----------------------------------------------------------------------------------------------- */

/* Emit the parts of `lost` that were not changed: a change is kept whatever happens below it. */
static size_t
emit_unchanged(View v, SxSpan lost, SxSpan *out, size_t max, size_t count, uint64_t *end)
{
    SxSpan run;
    while (lost.len > 0 && changed(v, lost, &run)) {
        count = spans_emit(out, max, count, sx_span(lost.at, run.at), end);
        lost = sx_span(sx_span_end(run), sx_span_end(lost));
    }
    return spans_emit(out, max, count, lost, end);
}

size_t
view_lost(View v, SxSpan span, SxSpan *out, size_t max)
{
    SxSpan run;
    if (!changed(v, span, &run))
        return v.backing->ops->lost(v.backing, span, out, max);
    size_t count = 0;
    uint64_t end = 0;
    /* one at a time: how many there are is not known, and there are few */
    for (SxSpan left = span, lost; left.len > 0 && v.backing->ops->lost(v.backing, left, &lost, 1) > 0;) {
        count = emit_unchanged(v, lost, out, max, count, &end);
        left = sx_span(sx_span_end(lost), sx_span_end(left));
    }
    return count;
}

void
view_peek(View v, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    v.backing->ops->peek(v.backing, span, bytes, states);
    if (overlay_used(v.overlay))
        overlay_apply(v.overlay, span, bytes, states);
}

/* --- extents -------------------------------------------------------------------------------------------- */

/* The run of changed bytes at the start of `in`, across pages. */
static SxSpan
whole_run(View v, SxSpan in)
{
    SxSpan run = {in.at, 0}, more;
    while (changed(v, sx_span(sx_span_end(run), sx_span_end(in)), &more) && more.at == sx_span_end(run))
        run.len += more.len;
    return run;
}

bool
view_extent(View v, uint64_t at, SxExtent *out, SxError *err)
{
    SxExtent below;
    SxSpan run;
    if (!v.backing->ops->extent(v.backing, at, &below, err))
        return false;
    *out = below;
    if (!changed(v, below.span, &run))
        return true;
    if (run.at > at)
        out->span = sx_span(at, run.at);
    else
        *out = (SxExtent){.span = whole_run(v, sx_span(at, v.backing->size)), .kind = SX_EXTENT_DATA};
    return true;
}

uint64_t
view_data_from(View v, uint64_t at)
{
    SxSpan run;
    uint64_t data = v.backing->ops->data_from(v.backing, at);
    return changed(v, sx_span(at, data), &run) ? run.at : data;
}

bool
view_copies(View v, SxSpan span)
{
    SxSpan run;
    return v.backing->copies || changed(v, span, &run);
}

/* --- as a source ---------------------------------------------------------------------------------------- */

static View
view_of(SxSource *s)
{
    return ((MapSource *)s)->view;
}

static void
source_retain(SxSource *s)
{
    atomic_fetch_add_explicit(&((MapSource *)s)->refs, 1, memory_order_relaxed);
}

static void
source_release(SxSource *s)
{
    MapSource *m = (MapSource *)s;
    if (atomic_fetch_sub_explicit(&m->refs, 1, memory_order_acq_rel) != 1)
        return;
    view_release(m->view);
    free(m);
}

static uint64_t
source_size(SxSource *s)
{
    return view_of(s).backing->size;
}

static bool
source_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    return view_pin(view_of(s), span, use, out, err);
}

static void
source_unpin(SxSource *s, SxPin *pin)
{
    view_unpin(view_of(s), pin);
}

static bool
source_stale(SxSource *s, const SxPin *pin)
{
    return view_stale(view_of(s), pin);
}

static size_t
source_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    return view_lost(view_of(s), span, out, max);
}

static void
source_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    view_peek(view_of(s), span, bytes, states);
}

static bool
source_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    return view_extent(view_of(s), at, out, err);
}

static void
source_look(SxSource *s, SxSpan span)
{
    backing_look(view_of(s).backing, span);
}

static const SxSourceOps source_ops = {
    .retain = source_retain,
    .release = source_release,
    .size = source_size,
    .pin = source_pin,
    .unpin = source_unpin,
    .stale = source_stale,
    .lost = source_lost,
    .peek = source_peek,
    .extent = source_extent,
    .look = source_look,
};

SxSource *
view_source(View v)
{
    MapSource *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->source.ops = &source_ops;
    atomic_init(&m->refs, 1);
    m->view = view_retain(v);
    return &m->source;
}
