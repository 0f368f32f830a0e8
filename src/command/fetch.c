/* fetch.c - a pin may show pages that nobody has read yet: they come when they are looked at. */
#include "command/fetch.h"

enum { BLOCK = 1 << 20, STEP = 512 };

static bool
look_at(SxSource *source, SxSpan block)
{
    SxPin pin;
    if (!sx_source_pin(source, block, SX_PIN_VIEW, &pin, NULL))
        return false;
    const volatile uint8_t *bytes = pin.data;
    for (uint64_t i = 0; i < pin.span.len; i += STEP)
        (void)bytes[i];
    (void)bytes[pin.span.len - 1]; /* a short block may end in a page in which it does not begin */
    sx_source_unpin(source, &pin);
    return true;
}

void
fetch(SxSource *source, SxSpan span, SxJob *job)
{
    SxExtent extent;
    for (uint64_t at = span.at, end = sx_span_end(span), next; at < end && !sx_job_cancelled(job); at = next) {
        if (!sx_source_extent(source, at, &extent, NULL))
            return;
        next = sx_span_end(extent.span) < end ? sx_span_end(extent.span) : end;
        if (extent.kind == SX_EXTENT_DATA) {
            next = next - at < BLOCK ? next : at + BLOCK;
            if (!look_at(source, sx_span(at, next)))
                return;
        }
        sx_job_advance(job, next - at);
    }
}
