/*
 * peek.c - what is in memory is given; the rest is a hole, lost, or pending, as far as is known: nobody is asked here.
 */
#include "map/peek.h"

#include "map/page.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

static uint64_t
to_page_end(const Backing *b, uint64_t at)
{
    return page_up(b->base + at + 1) - (b->base + at);
}

void
peek_fill(uint8_t *bytes, uint8_t *states, uint64_t len, SxByteState state)
{
    memset(bytes, 0, len);
    memset(states, (int)state, len);
}

static uint64_t
smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Of a page that is not in memory: as far as one thing is known of it, but not beyond `len`. */
static size_t
fill_absent(const Backing *b, uint64_t at, size_t len, uint8_t *bytes, uint8_t *states)
{
    uint64_t cut = backing_known_cut(b).at;
    SxSpan hole = backing_known_hole(b, at);
    uint64_t to_next = at >= cut ? len : smaller(cut - at, hole.len > 0 ? hole.len : to_page_end(b, at));
    len = (size_t)smaller(to_next, len);
    peek_fill(bytes, states, len,
              at >= cut      ? SX_BYTE_LOST
              : hole.len > 0 ? SX_BYTE_HOLE
                             : SX_BYTE_PENDING);
    return len;
}

/* Zeros that were read may be those of a hole. */
static void
mark_holes(const Backing *b, SxSpan span, const uint8_t *bytes, uint8_t *states)
{
    for (uint64_t done = 0; done < span.len;) {
        uint64_t page = to_page_end(b, span.at + done);
        size_t len = (size_t)smaller(page, span.len - done);
        bool zeros = bytes[done] == 0 && memcmp(bytes + done, bytes + done + 1, len - 1) == 0;
        if (zeros && backing_known_hole(b, span.at + done).len > 0)
            memset(states + done, SX_BYTE_HOLE, len);
        done += len;
    }
}

bool
peek_file(const Backing *b, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    for (size_t done = 0; done < span.len;) {
        size_t left = span.len - done;
        struct iovec to = {bytes + done, left};
        ssize_t n = preadv2(b->file->fd, &to, 1, (off_t)(b->base + span.at + done), RWF_NOWAIT);
        if (n < 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL))
            return false;
        if (n < 0 && errno == EINTR)
            continue;
        if (n > 0) {
            memset(states + done, SX_BYTE_HERE, (size_t)n);
            mark_holes(b, (SxSpan){span.at + done, (uint64_t)n}, bytes + done, states + done);
            done += (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            done += fill_absent(b, span.at + done, left, bytes + done, states + done);
        } else {
            size_t page = (size_t)(to_page_end(b, span.at + done));
            size_t gone = n == 0 || page > left ? left : page;
            peek_fill(bytes + done, states + done, gone, SX_BYTE_LOST);
            done += gone;
        }
    }
    return true;
}

void
peek_region(const Backing *b, const Region *r, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    uint64_t cut = backing_known_cut(b).at;
    SxSpan here = sx_span(span.at, cut < sx_span_end(span) ? cut : sx_span_end(span));
    peek_fill(bytes + here.len, states + here.len, span.len - here.len, SX_BYTE_LOST);
    for (uint64_t done = 0; done < here.len;) {
        uint64_t offset = b->base + span.at + done, page = to_page_end(b, span.at + done);
        size_t len = (size_t)(page < here.len - done ? page : here.len - done);
        unsigned char cached = 0;
        if (mincore(region_byte(r, page_down(offset)), 1, &cached) == 0 && (cached & 1)) {
            memcpy(bytes + done, region_byte(r, offset), len);
            memset(states + done, SX_BYTE_HERE, len);
        } else {
            len = fill_absent(b, span.at + done, (size_t)(here.len - done), bytes + done, states + done);
        }
        done += len;
    }
}
