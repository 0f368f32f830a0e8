/*
 * read.c - bytes out of a map: by offset, slice, index, and from the position.
 *
 * Small reads copy from the standing mapping without a system call. What that costs to be sure of: a page
 * that lies beyond the end of a file that was cut faults, and the handler marks the region; but the last page
 * of such a file only reads as zeros behind its end. So a read that ends in a zero asks for the size.
 */
#include "map/handle.h"
#include "map/page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- the workhorse -------------------------------------------------------------------------------------- */

static bool
fail_lost(const SxMap *m, SxSpan lost, SxError *err)
{
    return sx_fail(err, SX_ERR_LOST, "0x%" PRIx64 ":0x%" PRIx64 " of '%s' cannot be read any more", lost.at,
                   sx_span_end(lost), map_name(m));
}

/* Through pins, block by block; large ones by scanning pins, which leave no page tables behind. */
static bool
copy_pinned(const SxMap *m, SxSpan span, uint8_t *to, SxError *err)
{
    enum { BLOCK = 64 << 20, SCAN = 4 << 20 };
    SxPinUse use = span.len >= SCAN ? SX_PIN_SCAN : SX_PIN_VIEW;
    for (uint64_t done = 0; done < span.len;) {
        SxSpan part = {span.at + done, span.len - done < BLOCK ? span.len - done : BLOCK}, lost;
        SxPin pin;
        if (!view_pin(m->view, part, use, &pin, err))
            return false;
        memcpy(to + done, pin.data, part.len);
        bool again = view_stale(m->view, &pin);
        size_t gone = again ? 0 : view_lost(m->view, part, &lost, 1);
        view_unpin(m->view, &pin);
        if (gone > 0)
            return fail_lost(m, lost, err);
        done += again ? 0 : part.len;
    }
    return true;
}

static bool
cannot_be_cut(const SxMap *m)
{
    return !m->hot->file || m->hot->file->memory;
}

bool
map_copy(const SxMap *m, uint64_t at, void *buf, size_t len, SxError *err)
{
    enum { SMALL = 1 << 20 };
    SxSpan span = {at, len};
    uint8_t *to = buf;
    if (len == 0)
        return true;
    if (!m->hot || len > SMALL || overlay_used(m->view.overlay) || atomic_load(&m->hot->hurt) ||
        atomic_load(&m->hot->copied))
        return copy_pinned(m, span, to, err);
    memcpy(to, m->bytes + at, len);
    bool fine = to[len - 1] != 0 || cannot_be_cut(m) || backing_cut(m->view.backing).at >= sx_span_end(span);
    if (fine && !atomic_load(&m->hot->hurt))
        return true;
    return copy_pinned(m, span, to, err);
}

bool
sx_map_peek(const SxMap *m, uint64_t at, void *buf, size_t max, size_t *got, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    size_t len = (size_t)sx_span_clip((SxSpan){at, max}, map_length(m)).len;
    if (!map_copy(m, at, buf, len, err))
        return false;
    *got = len;
    return true;
}

/* A new block with the bytes of `span`. */
static bool
take(const SxMap *m, SxSpan span, uint8_t **out, size_t *len, SxError *err)
{
    uint8_t *block = span.len < PTRDIFF_MAX ? malloc(span.len ? (size_t)span.len : 1) : NULL;
    if (!block)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for %" PRIu64 " bytes", span.len);
    if (!map_copy(m, span.at, block, (size_t)span.len, err)) {
        free(block);
        return false;
    }
    *out = block;
    *len = (size_t)span.len;
    return true;
}

/* --- by place ------------------------------------------------------------------------------------------- */

/* m[i]: negative counts from the end; outside is an error. */
static bool
resolve_index(const SxMap *m, int64_t index, uint64_t *at, SxError *err)
{
    uint64_t length = map_length(m), back = UINT64_C(0) - (uint64_t)index;
    *at = index >= 0 ? (uint64_t)index : length - back;
    if (index >= 0 ? *at >= length : back > length)
        return sx_fail(err, SX_ERR_RANGE, "index %" PRId64 " is outside the %" PRIu64 " bytes there are",
                       index, length);
    return true;
}

bool
sx_map_get(const SxMap *m, int64_t index, uint8_t *out, SxError *err)
{
    uint64_t at;
    return map_usable(m, err) && resolve_index(m, index, &at, err) && map_copy(m, at, out, 1, err);
}

bool
sx_map_set(SxMap *m, int64_t index, uint8_t byte, SxError *err)
{
    uint64_t at;
    return map_writable(m, err) && resolve_index(m, index, &at, err) &&
           sx_map_store(m, at, sx_bytes(&byte, 1), err);
}

bool
sx_map_slice(const SxMap *m, int64_t a, int64_t b, uint8_t **out, size_t *len, SxError *err)
{
    return map_usable(m, err) && take(m, sx_slice(map_length(m), a, b), out, len, err);
}

/* How often a walk from `from` by `step` stays short of `to`. */
static uint64_t
count_steps(uint64_t distance, uint64_t step)
{
    return distance == 0 ? 0 : (distance - 1) / step + 1;
}

/* Python's clipping for a negative step: ends are one lower, and "before the first byte" is `none`. */
static uint64_t
backward_bound(uint64_t length, int64_t i, uint64_t left_out)
{
    uint64_t back = UINT64_C(0) - (uint64_t)i;
    if (i == SX_FROM_POS)
        return left_out;
    if (i < 0)
        return back > length ? 0 : length - back + 1;
    return (uint64_t)i >= length ? length : (uint64_t)i + 1;
}

bool
sx_map_slice_step(const SxMap *m, int64_t a, int64_t b, int64_t step, uint8_t **out, size_t *len,
                  SxError *err)
{
    if (!map_usable(m, err))
        return false;
    if (step == 0)
        return sx_fail(err, SX_ERR_RANGE, "a step of 0 goes nowhere");
    uint64_t length = map_length(m), first, count, stride;
    if (step > 0) {
        SxSpan span = sx_slice(length, a == SX_FROM_POS ? 0 : a, b == SX_FROM_POS ? SX_TO_END : b);
        stride = (uint64_t)step;
        first = span.at;
        count = count_steps(span.len, stride);
    } else {
        /* bounds are one too high, so that none of them is negative */
        uint64_t from = backward_bound(length, a, length), to = backward_bound(length, b, 0);
        stride = UINT64_C(0) - (uint64_t)step;
        count = count_steps(from > to ? from - to : 0, stride);
        first = from > 0 ? from - 1 : 0;
    }
    if (stride == 1 && step > 0)
        return take(m, (SxSpan){first, count}, out, len, err);
    uint8_t *block = count < PTRDIFF_MAX ? malloc(count ? (size_t)count : 1) : NULL;
    if (!block)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for %" PRIu64 " bytes", count);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = step > 0 ? first + i * stride : first - i * stride;
        if (!map_copy(m, at, block + i, 1, err)) {
            free(block);
            return false;
        }
    }
    *out = block;
    *len = (size_t)count;
    return true;
}

/* --- from the position ---------------------------------------------------------------------------------- */

/* What lies behind the position: nothing when a resize left it past the end. */
static SxSpan
ahead(const SxMap *m, uint64_t max)
{
    return sx_span_clip((SxSpan){m->pos, max}, map_length(m));
}

bool
sx_map_read(SxMap *m, size_t max, uint8_t **out, size_t *len, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    SxSpan span = ahead(m, max == SIZE_MAX ? UINT64_MAX : max);
    if (!take(m, span, out, len, err))
        return false;
    m->pos += span.len;
    return true;
}

bool
sx_map_read_into(SxMap *m, void *buf, size_t max, size_t *got, SxError *err)
{
    if (!sx_map_peek(m, m ? m->pos : 0, buf, max, got, err))
        return false;
    m->pos += *got;
    return true;
}

bool
sx_map_read_byte(SxMap *m, uint8_t *out, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    if (m->pos >= map_length(m))
        return sx_fail(err, SX_ERR_RANGE, "no byte at the end, 0x%" PRIx64, map_length(m));
    if (!map_copy(m, m->pos, out, 1, err))
        return false;
    m->pos++;
    return true;
}

/* Of the line that `rest` begins with. Lines are short: most newlines are found in the standing mapping. */
static bool
line_length(const SxMap *m, SxSpan rest, uint64_t *len, SxError *err)
{
    enum { SHORT = 4096 };
    *len = rest.len;
    if (rest.len == 0)
        return true;
    if (m->hot && !overlay_used(m->view.overlay) && !atomic_load(&m->hot->hurt)) {
        const uint8_t *from = m->bytes + rest.at;
        const uint8_t *newline = memchr(from, '\n', rest.len < SHORT ? (size_t)rest.len : SHORT);
        if (newline) {
            *len = (uint64_t)(newline - from) + 1;
            return true;
        }
    }
    uint64_t at;
    SxFound found = map_find(m, sx_bytes("\n", 1), rest, NULL, &at, err);
    if (found == SX_FOUND)
        *len = at + 1 - rest.at;
    return found != SX_FAILED;
}

bool
sx_map_readline(SxMap *m, uint8_t **out, size_t *len, SxError *err)
{
    if (!map_usable(m, err))
        return false;
    SxSpan line = ahead(m, UINT64_MAX);
    if (!line_length(m, line, &line.len, err) || !take(m, line, out, len, err))
        return false;
    m->pos += line.len;
    return true;
}
