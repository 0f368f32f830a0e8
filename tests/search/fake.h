/*
 * fake.h - a source in pieces for tests: data, holes, fills, lost ranges, each where the test wants it.
 *
 * Every pin is its own memory that ends at a page nobody may touch, so that a byte too far is a crash, also in code
 * made by JIT; a pin of lost bytes shows zeros, as real ones do. `stale` makes so many pins claim that they are torn, with wrong bytes in them.
 */
#pragma once

#include <sextant/source.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FAKE_PAGE = 4096, FAKE_PADDING = 16 };

enum { FAKE_PIECES = 4096 };

typedef struct Fake {
    SxSource source;
    uint8_t *data; /* what a reader should see; lost bytes as zeros */
    uint64_t size;
    SxExtent piece[FAKE_PIECES];
    size_t pieces;
    atomic_int count;
    atomic_int stale;
    atomic_int fail; /* so many pins succeed, then all fail; negative: never */
    atomic_int pins; /* held now */
    atomic_uint_fast64_t copied;
} Fake;

static void
fake_retain(SxSource *s)
{
    atomic_fetch_add(&((Fake *)s)->count, 1);
}

static void
fake_release(SxSource *s)
{
    atomic_fetch_sub(&((Fake *)s)->count, 1);
}

static uint64_t
fake_size(SxSource *s)
{
    return ((Fake *)s)->size;
}

static const SxExtent *
fake_piece(const Fake *f, uint64_t at)
{
    size_t low = 0, high = f->pieces;
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (f->piece[mid].span.at <= at)
            low = mid;
        else
            high = mid;
    }
    return &f->piece[low];
}

static bool
fake_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Fake *f = (Fake *)s;
    (void)use;
    if (atomic_load(&f->fail) >= 0 && atomic_fetch_sub(&f->fail, 1) <= 0) {
        atomic_store(&f->fail, 0);
        return sx_fail(err, SX_ERR_IO, "the fake fails");
    }
    size_t room = (span.len + FAKE_PAGE - 1) / FAKE_PAGE * FAKE_PAGE;
    uint8_t *base = mmap(NULL, room + FAKE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a pin");
    mprotect(base + room, FAKE_PAGE, PROT_NONE);
    uint8_t *copy = base + room - span.len;
    memcpy(copy, f->data + span.at, span.len);
    *out = (SxPin){.data = copy, .span = span, .owner = base};
    if (atomic_load(&f->stale) > 0 && atomic_fetch_sub(&f->stale, 1) > 0) {
        out->ticket = 1;
        memset(copy, 'a', span.len);
    }
    const SxExtent *e = fake_piece(f, span.at);
    if (sx_span_end(span) > sx_span_end(e->span))
        atomic_fetch_add(&f->copied, span.len);
    atomic_fetch_add(&f->pins, 1);
    return true;
}

static void
fake_unpin(SxSource *s, SxPin *pin)
{
    atomic_fetch_sub(&((Fake *)s)->pins, 1);
    munmap(pin->owner, (pin->span.len + FAKE_PAGE - 1) / FAKE_PAGE * FAKE_PAGE + FAKE_PAGE);
}

static bool
fake_stale(SxSource *s, const SxPin *pin)
{
    (void)s;
    return pin->ticket;
}

static size_t
fake_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    Fake *f = (Fake *)s;
    size_t n = 0;
    for (size_t i = 0; i < f->pieces; i++) {
        const SxExtent *e = &f->piece[i];
        if (e->kind != SX_EXTENT_LOST || !sx_span_overlaps(e->span, span))
            continue;
        uint64_t at = e->span.at > span.at ? e->span.at : span.at;
        uint64_t end = sx_span_end(e->span) < sx_span_end(span) ? sx_span_end(e->span) : sx_span_end(span);
        if (n < max)
            out[n] = sx_span(at, end);
        n++;
    }
    return n;
}

static void
fake_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    Fake *f = (Fake *)s;
    memcpy(bytes, f->data + span.at, span.len);
    for (uint64_t i = 0; i < span.len; i++)
        states[i] = fake_piece(f, span.at + i)->kind == SX_EXTENT_LOST ? SX_BYTE_LOST : SX_BYTE_HERE;
}

static bool
fake_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    (void)err;
    *out = *fake_piece((Fake *)s, at);
    return true;
}

static const SxSourceOps fake_ops = {fake_retain, fake_release, fake_size, fake_pin,   fake_unpin,
                                     fake_stale,  fake_lost,    fake_peek, fake_extent, NULL};

static inline void
fake_init(Fake *f)
{
    memset(f, 0, sizeof *f);
    f->source.ops = &fake_ops;
    atomic_init(&f->count, 1);
    atomic_init(&f->fail, -1);
}

/* Appends a piece; `bytes` for DATA only. */
static inline void
fake_add(Fake *f, SxExtentKind kind, const void *bytes, uint64_t len, uint8_t fill)
{
    if (len == 0 || f->pieces == FAKE_PIECES)
        return;
    f->data = realloc(f->data, f->size + len + FAKE_PADDING);
    memset(f->data + f->size + len, 0, FAKE_PADDING);
    if (kind == SX_EXTENT_DATA)
        memcpy(f->data + f->size, bytes, len);
    else
        memset(f->data + f->size, kind == SX_EXTENT_FILL ? fill : 0, len);
    f->piece[f->pieces++] = (SxExtent){{f->size, len}, kind, kind == SX_EXTENT_FILL ? fill : 0, kind == SX_EXTENT_DATA};
    f->size += len;
}

static inline void
fake_clear(Fake *f)
{
    free(f->data);
    f->data = NULL;
}
