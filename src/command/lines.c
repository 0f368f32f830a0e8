/* lines.c - counting and finding line ends over any source. */
#include "command/lines.h"

#include <string.h>

enum { BLOCK = 1 << 20 };

static bool
stopped(SxJob *job, SxError *err)
{
    return sx_job_cancelled(job) && !sx_fail(err, SX_ERR_CANCELLED, "cancelled");
}

/* Count the line ends in [place->at, end), but stop behind the one that begins line `line`. */
static bool
block_advance(SxSource *source, LinePlace *place, uint64_t end, uint64_t line, SxError *err)
{
    SxPin pin;
    if (!sx_source_pin(source, sx_span(place->at, end), SX_PIN_SCAN, &pin, err))
        return false;
    const uint8_t *at = pin.data, *stop = pin.data + pin.span.len;
    while (place->line < line && at < stop) {
        const uint8_t *found = memchr(at, '\n', (size_t)(stop - at));
        if (!found) {
            at = stop;
            break;
        }
        place->line++;
        at = found + 1;
    }
    place->at = place->line == line ? pin.span.at + (uint64_t)(at - pin.data) : end;
    sx_source_unpin(source, &pin);
    return true;
}

/* Until `line` begins, or `end`. */
static bool
advance(SxSource *source, LinePlace *place, uint64_t end, uint64_t line, SxJob *job, SxError *err)
{
    while (place->at < end && place->line < line) {
        uint64_t left = end - place->at, before = place->at;
        if (stopped(job, err) || !block_advance(source, place, before + (left < BLOCK ? left : BLOCK), line, err))
            return false;
        sx_job_advance(job, place->at - before);
    }
    return true;
}

bool
line_advance(SxSource *source, LinePlace *place, uint64_t at, SxJob *job, SxError *err)
{
    return advance(source, place, at, UINT64_MAX, job, err);
}

bool
line_seek(SxSource *source, LinePlace *place, uint64_t line, SxJob *job, SxError *err)
{
    return advance(source, place, sx_source_size(source), line, job, err);
}

/* The offset behind the last \n before `at`. */
static bool
line_begin(SxSource *source, uint64_t at, uint64_t *out, SxJob *job, SxError *err)
{
    *out = 0;
    while (at > 0) {
        uint64_t start = at > BLOCK ? at - BLOCK : 0;
        SxPin pin;
        if (stopped(job, err) || !sx_source_pin(source, sx_span(start, at), SX_PIN_SCAN, &pin, err))
            return false;
        const uint8_t *found = memrchr(pin.data, '\n', (size_t)pin.span.len);
        if (found)
            *out = start + (uint64_t)(found - pin.data) + 1;
        sx_source_unpin(source, &pin);
        if (found)
            return true;
        at = start;
    }
    return true;
}

bool
line_around(SxSource *source, uint64_t at, SxSpan *out, SxJob *job, SxError *err)
{
    uint64_t start;
    if (!line_begin(source, at, &start, job, err))
        return false;
    LinePlace place = {at, 1};
    if (!line_seek(source, &place, 2, job, err))
        return false;
    *out = sx_span(start, place.at);
    return true;
}
