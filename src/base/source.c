/*
 * source.c - the calls of source.h: what every implementation shares, checked once here.
 */
#include <sextant/source.h>

#include <inttypes.h>
#include <string.h>

/* 1 GiB of a scan's window and what a match may reach beyond it. */
#define PIN_MAX ((UINT64_C(1) << 30) + (UINT64_C(64) << 20))

SxSource *
sx_source_retain(SxSource *s)
{
    if (s)
        s->ops->retain(s);
    return s;
}

void
sx_source_release(SxSource *s)
{
    if (s)
        s->ops->release(s);
}

uint64_t
sx_source_size(SxSource *s)
{
    return s->ops->size(s);
}

static bool
inside(SxSource *s, SxSpan span, SxError *err)
{
    uint64_t size = s->ops->size(s);
    if (span.at <= size && span.len <= size - span.at)
        return true;
    return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%" PRIu64 " is outside the %" PRIu64 " bytes there are", span.at,
                   span.len, size);
}

bool
sx_source_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    if (!inside(s, span, err))
        return false;
    if (span.len > PIN_MAX)
        return sx_fail(err, SX_ERR_LIMIT, "%" PRIu64 " bytes at once are more than can be shown in one piece",
                       span.len);
    if (span.len == 0) {
        *out = (SxPin){.data = (const uint8_t *)"", .span = span};
        return true;
    }
    return s->ops->pin(s, span, use, out, err);
}

void
sx_source_unpin(SxSource *s, SxPin *pin)
{
    if (pin->span.len > 0)
        s->ops->unpin(s, pin);
    *pin = (SxPin){0};
}

bool
sx_source_stale(SxSource *s, const SxPin *pin)
{
    return s->ops->stale && pin->span.len > 0 && s->ops->stale(s, pin);
}

size_t
sx_source_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    span = sx_span_clip(span, s->ops->size(s));
    return s->ops->lost && span.len > 0 ? s->ops->lost(s, span, out, max) : 0;
}

/* Where bytes are lost, nothing is known of them. */
static void
mark_lost(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    enum { AT_ONCE = 16 };
    SxSpan lost[AT_ONCE];
    size_t count;
    do {
        count = sx_source_lost(s, span, lost, AT_ONCE);
        for (size_t i = 0; i < count && i < AT_ONCE; i++) {
            size_t at = (size_t)(lost[i].at - span.at);
            memset(bytes + at, 0, lost[i].len);
            memset(states + at, SX_BYTE_LOST, lost[i].len);
        }
        if (count > AT_ONCE) {
            uint64_t seen = sx_span_end(lost[AT_ONCE - 1]) - span.at;
            span = (SxSpan){span.at + seen, span.len - seen};
            bytes += seen;
            states += seen;
        }
    } while (count > AT_ONCE);
}

void
sx_source_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    if (span.len == 0)
        return;
    if (s->ops->peek) {
        s->ops->peek(s, span, bytes, states);
        return;
    }
    SxPin pin;
    if (!sx_source_pin(s, span, SX_PIN_VIEW, &pin, NULL)) {
        memset(bytes, 0, span.len);
        memset(states, SX_BYTE_LOST, span.len);
        return;
    }
    memcpy(bytes, pin.data, span.len);
    memset(states, SX_BYTE_HERE, span.len);
    sx_source_unpin(s, &pin);
    mark_lost(s, span, bytes, states);
}

void
sx_source_look(SxSource *s, SxSpan span)
{
    span = sx_span_clip(span, s->ops->size(s));
    if (s->ops->look && span.len > 0)
        s->ops->look(s, span);
}

bool
sx_source_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    uint64_t size = s->ops->size(s);
    if (at >= size)
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " is outside the %" PRIu64 " bytes there are", at, size);
    return s->ops->extent(s, at, out, err);
}

/* One block; *again when somebody wrote into it meanwhile. */
static bool
read_block(SxSource *s, SxSpan block, uint8_t *to, bool *again, SxError *err)
{
    SxPin pin;
    SxSpan lost;
    if (!sx_source_pin(s, block, SX_PIN_VIEW, &pin, err))
        return false;
    memcpy(to, pin.data, block.len);
    *again = sx_source_stale(s, &pin);
    sx_source_unpin(s, &pin);
    if (*again || sx_source_lost(s, block, &lost, 1) == 0)
        return true;
    return sx_fail(err, SX_ERR_LOST, "0x%" PRIx64 ":0x%" PRIx64 " cannot be read", lost.at, sx_span_end(lost));
}

bool
sx_source_read(SxSource *s, SxSpan span, void *buf, SxError *err)
{
    enum { BLOCK = 1 << 20 };
    uint8_t *to = buf;
    if (!inside(s, span, err))
        return false;
    for (uint64_t done = 0; done < span.len;) {
        SxSpan block = {span.at + done, span.len - done < BLOCK ? span.len - done : BLOCK};
        bool again;
        if (!read_block(s, block, to + done, &again, err))
            return false;
        if (!again)
            done += block.len;
    }
    return true;
}
