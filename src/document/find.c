/*
 * find.c - find and rfind, the verbs: by start offset, block by block. Holes and fills are stepped over, lost bytes match
 * nothing.
 */
#include "document/core.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4 << 20 };

typedef struct Hunt {
    SxSource *source;
    SxBytes needle;
    SxJob *job;
    bool last; /* rfind */
    uint64_t at; /* the answer */
} Hunt;

/* Start and end as Python clips them. */
static uint64_t
clip(int64_t value, uint64_t length)
{
    if (value < 0)
        return -(uint64_t)value < length ? length - -(uint64_t)value : 0;
    return (uint64_t)value < length ? (uint64_t)value : length;
}

static SxSpan
hunting_ground(const SxDocument *d, int64_t start, int64_t end, bool *crossed)
{
    uint64_t length = document_length(d);
    uint64_t pos = d->pos < length ? d->pos : length;
    uint64_t a = start == SX_FROM_POS ? pos : clip(start, length);
    uint64_t b = clip(end, length);
    *crossed = a > b;
    return sx_span(a, b);
}

static const uint8_t *
last_in(SxBytes hay, SxBytes needle)
{
    size_t from = hay.len - needle.len + 1; /* of places to begin at */
    while (from > 0) {
        const uint8_t *p = memrchr(hay.data, needle.data[0], from);
        if (!p || memcmp(p, needle.data, needle.len) == 0)
            return p;
        from = (size_t)(p - hay.data);
    }
    return NULL;
}

static const uint8_t *
next_in(const Hunt *h, SxBytes hay)
{
    if (hay.len < h->needle.len)
        return NULL;
    return h->last ? last_in(hay, h->needle) : memmem(hay.data, hay.len, h->needle.data, h->needle.len);
}

/* The hit in a block none of whose bytes is lost. */
static const uint8_t *
hit_in(const Hunt *h, SxBytes hay, SxSpan span)
{
    const uint8_t *hit;
    while ((hit = next_in(h, hay))) {
        SxSpan at = {span.at + (uint64_t)(hit - hay.data), h->needle.len};
        if (sx_source_lost(h->source, at, NULL, 0) == 0)
            break;
        if (h->last) {
            hay.len = (size_t)(hit - hay.data) + h->needle.len - 1;
        } else {
            size_t skip = (size_t)(hit - hay.data) + 1;
            hay = sx_bytes(hay.data + skip, hay.len - skip);
            span.at += skip;
        }
    }
    return hit;
}

static SxFound
hunt_block(Hunt *h, SxSpan span, SxError *err)
{
    for (;;) {
        SxPin pin;
        if (!sx_source_pin(h->source, span, SX_PIN_VIEW, &pin, err))
            return SX_FAILED;
        const uint8_t *hit = hit_in(h, sx_bytes(pin.data, span.len), span);
        uint64_t at = hit ? span.at + (uint64_t)(hit - pin.data) : 0;
        bool again = sx_source_stale(h->source, &pin);
        sx_source_unpin(h->source, &pin);
        if (again)
            continue;
        if (hit)
            h->at = at;
        return hit ? SX_FOUND : SX_ABSENT;
    }
}

/* Whether the needle can lie in a run of this extent: no byte else. */
static bool
all_of(SxBytes needle, uint8_t byte)
{
    for (size_t i = 0; i < needle.len; i++)
        if (needle.data[i] != byte)
            return false;
    return true;
}

/* How far from `at` on nothing can begin, by the extent there: 0 where it must be looked at. */
static bool
barren(const Hunt *h, uint64_t at, uint64_t *until, SxError *err)
{
    SxExtent e;
    *until = at;
    if (!sx_source_extent(h->source, at, &e, err))
        return false;
    uint64_t end = sx_span_end(e.span);
    if (e.kind == SX_EXTENT_LOST)
        *until = end;
    if ((e.kind == SX_EXTENT_HOLE || e.kind == SX_EXTENT_FILL) && !all_of(h->needle, e.fill) &&
        end - at > h->needle.len)
        *until = end - h->needle.len + 1;
    return true;
}

static SxFound
hunt_forward(Hunt *h, SxSpan in, SxError *err)
{
    uint64_t end = sx_span_end(in);
    for (uint64_t at = in.at; end - at >= h->needle.len;) {
        if (sx_job_cancelled(h->job))
            return SX_STOPPED;
        uint64_t until;
        if (!barren(h, at, &until, err))
            return SX_FAILED;
        if (until > at) {
            at = until < end ? until : end;
            continue;
        }
        uint64_t len = end - at < BLOCK + h->needle.len - 1 ? end - at : BLOCK + h->needle.len - 1;
        SxFound found = hunt_block(h, (SxSpan){at, len}, err);
        if (found != SX_ABSENT)
            return found;
        at += len - h->needle.len + 1;
        sx_job_advance(h->job, len - h->needle.len + 1);
    }
    return SX_ABSENT;
}

/* Backwards nobody tells where a hole begins: ever longer steps probe for it. */
static SxFound
hunt_backward(Hunt *h, SxSpan in, SxError *err)
{
    uint64_t end = sx_span_end(in); /* hits end there or before */
    uint64_t step = BLOCK;
    while (end - in.at >= h->needle.len) {
        if (sx_job_cancelled(h->job))
            return SX_STOPPED;
        uint64_t most = step + h->needle.len - 1;
        uint64_t begin = end - in.at > most ? end - most : in.at;
        uint64_t until;
        if (!barren(h, begin, &until, err))
            return SX_FAILED;
        bool nothing = until + h->needle.len - 1 >= end && until > begin;
        if (!nothing && step > BLOCK) {
            step = BLOCK;
            continue;
        }
        SxFound found = nothing ? SX_ABSENT : hunt_block(h, sx_span(begin, end), err);
        if (found != SX_ABSENT || begin == in.at)
            return found;
        sx_job_advance(h->job, end - begin);
        step = nothing && step < UINT64_MAX / 4 ? 2 * step : BLOCK;
        end = begin + h->needle.len - 1;
    }
    return SX_ABSENT;
}

static SxFound
hunt(SxDocument *d, SxBytes needle, int64_t start, int64_t end, SxJob *job, bool last, uint64_t *at, SxError *err)
{
    bool crossed;
    SxSpan in = hunting_ground(d, start, end, &crossed);
    SxSnapshot *now = document_now(d);
    if (!now)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to search"), SX_FAILED;
    if (crossed)
        return SX_ABSENT;
    Hunt h = {.source = sx_snapshot_source(now), .needle = needle, .job = job, .last = last};
    SxFound found = SX_FOUND;
    if (needle.len == 0)
        h.at = last ? sx_span_end(in) : in.at;
    else
        found = last ? hunt_backward(&h, in, err) : hunt_forward(&h, in, err);
    if (found == SX_FOUND)
        *at = h.at;
    return found;
}

SxFound
sx_document_find(SxDocument *d, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at, SxError *err)
{
    return hunt(d, needle, start, end, job, false, at, err);
}

SxFound
sx_document_rfind(SxDocument *d, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at, SxError *err)
{
    return hunt(d, needle, start, end, job, true, at, err);
}
