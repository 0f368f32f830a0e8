/* runs.c - runs of bytes of a class (zeros, printable characters, anything but one value) over any source. */
#include "command/extents.h"
#include "command/things.h"

enum { BLOCK = 1 << 20 };

typedef struct Run {
    const bool *class;
    uint64_t min;
    uint64_t len;   /* of the run so far, bytes */
    uint64_t start; /* forward: where it began; backward: where it was when last extended */
    uint64_t cursor;
    bool spoiled; /* forward: it began at or before the cursor */
    bool found;
} Run;

static bool
stopped(SxJob *job, SxError *err)
{
    return sx_job_cancelled(job) && !sx_fail(err, SX_ERR_CANCELLED, "cancelled");
}

/* The run ends here: backward this is when its start is known. */
static void
broken(Run *run, bool backward)
{
    if (backward && run->len >= run->min && run->start < run->cursor)
        run->found = true;
    else
        run->len = 0;
    run->spoiled = false;
}

/* `count` bytes of one value from `at` on (backward: up to and including `at`). */
static void
extend(Run *run, uint8_t byte, uint64_t at, uint64_t count, bool backward)
{
    if (!run->class[byte]) {
        broken(run, backward);
        return;
    }
    if (backward)
        run->start = at - (count - 1);
    else if (run->len == 0)
        run->start = at;
    run->len += count;
    if (!backward && !run->spoiled && run->len >= run->min)
        run->found = true;
}

static bool
scan_block(SxSource *source, Run *run, SxSpan block, bool backward, SxError *err)
{
    SxPin pin;
    if (!sx_source_pin(source, block, SX_PIN_SCAN, &pin, err))
        return false;
    for (uint64_t i = 0; i < block.len && !run->found; i++) {
        uint64_t at = backward ? block.len - 1 - i : i;
        extend(run, pin.data[at], block.at + at, 1, backward);
    }
    sx_source_unpin(source, &pin);
    return true;
}

static bool
scan_data(SxSource *source, Run *run, SxSpan span, bool backward, SxJob *job, SxError *err)
{
    while (span.len && !run->found) {
        SxSpan block = {span.at, span.len < BLOCK ? span.len : BLOCK};
        if (backward)
            block.at = sx_span_end(span) - block.len;
        if (stopped(job, err) || !scan_block(source, run, block, backward, err))
            return false;
        sx_job_advance(job, block.len);
        span.len -= block.len;
        span.at += backward ? 0 : block.len;
    }
    return true;
}

static bool
scan_part(SxSource *source, Run *run, const SxExtent *part, bool backward, SxJob *job, SxError *err)
{
    SxSpan span = part->span;
    switch (part->kind) {
    case SX_EXTENT_DATA:
        return scan_data(source, run, span, backward, job, err);
    case SX_EXTENT_HOLE:
    case SX_EXTENT_FILL:
        extend(run, part->fill, backward ? sx_span_end(span) - 1 : span.at, span.len, backward);
        return true;
    case SX_EXTENT_LOST:
        broken(run, backward);
    }
    return true;
}

/* What the bytes at the cursor say of the run that reaches over it. */
static bool
run_at_cursor(const ThingSearch *t, Run *run, SxError *err)
{
    uint8_t here[64];
    uint64_t left = sx_source_size(t->source) - t->cursor;
    uint64_t len = run->min < left ? run->min : left;
    if (len > sizeof here)
        len = sizeof here;
    if (!sx_source_read(t->source, (SxSpan){t->cursor, len}, here, err))
        return false;
    uint64_t n = 0;
    while (n < len && run->class[here[n]])
        n++;
    run->len = t->backward ? n : n > 0;
    run->spoiled = !t->backward && n > 0;
    run->start = t->cursor;
    return true;
}

static bool
scan_forward(const ThingSearch *t, Run *run, SxError *err)
{
    SxExtent part;
    uint64_t size = sx_source_size(t->source);
    for (uint64_t at = t->cursor + 1; at < size && !run->found; at = sx_span_end(part.span)) {
        if (stopped(t->job, err) || !sx_source_extent(t->source, at, &part, err))
            return false;
        part.span = sx_span(at, sx_span_end(part.span));
        if (!scan_part(t->source, run, &part, false, t->job, err))
            return false;
    }
    return true;
}

static bool
scan_backward(const ThingSearch *t, Run *run, SxError *err)
{
    SxExtent part;
    ExtentsBack back = {.source = t->source, .at = t->cursor};
    while (back.at > 0 && !run->found)
        if (stopped(t->job, err) || !extents_previous(&back, &part, err) ||
            !scan_part(t->source, run, &part, true, t->job, err))
            return false;
    return true;
}

SxFound
run_find(const ThingSearch *t, const bool class[256], uint64_t min, uint64_t *at, SxError *err)
{
    SxError own = {0};
    Run run = {.class = class, .min = min, .cursor = t->cursor};
    err = err ? err : &own;
    if (t->cursor < sx_source_size(t->source) && !run_at_cursor(t, &run, err))
        return SX_FAILED;
    if (!(t->backward ? scan_backward(t, &run, err) : scan_forward(t, &run, err)))
        return err->code == SX_ERR_CANCELLED ? SX_STOPPED : SX_FAILED;
    bool at_start = t->backward && !run.found && run.len >= min && run.start < t->cursor;
    if (!run.found && !at_start)
        return SX_ABSENT;
    *at = run.start;
    return SX_FOUND;
}
