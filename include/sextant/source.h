/*
 * source.h - what everything that only reads takes: bytes at offsets, wherever they come from.
 *
 * Search, formats and views work on an SxSource and so on a map, a document's snapshot, a range of one, or a test's
 * fake. Reading is pin, use, check, unpin:
 *
 *     SxPin pin;
 *     if (!sx_source_pin(src, (SxSpan){at, len}, SX_PIN_VIEW, &pin, err))
 *         return false;
 *     use(pin.data, pin.span.len);
 *     bool again = sx_source_stale(src, &pin);             // somebody wrote under us: repeat this block
 *     size_t n = sx_source_lost(src, pin.span, lost, 8);   // asked after the reading: it may have been lost during it
 *     sx_source_unpin(src, &pin);
 *
 * units      offsets from the start of the source, bytes
 * ownership  sources are counted: retain and release; a pin holds what it shows until unpin
 * threads    every call, from any thread, at the same time
 * hazard     bytes may be lost while they are read (a file cut short, an I/O error): they read as zeros, without a
 *            signal, and sx_source_lost names them. Never show or match a lost byte as if it were a zero.
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

SX_BEGIN

typedef struct SxSource SxSource;

typedef enum SxExtentKind {
    SX_EXTENT_DATA, /* bytes that must be read */
    SX_EXTENT_HOLE, /* reads as zeros, nothing stored */
    SX_EXTENT_FILL, /* `fill` repeated, nothing stored */
    SX_EXTENT_LOST, /* known to be unreadable */
} SxExtentKind;

/* A maximal run of one kind that lies in one piece: pinning a part of it copies nothing (where `direct`). */
typedef struct SxExtent {
    SxSpan span;
    SxExtentKind kind;
    uint8_t fill; /* the byte of a FILL, 0 for a HOLE */
    bool direct;  /* pin within this extent shows the stored bytes without a copy */
} SxExtent;

typedef enum SxPinUse {
    SX_PIN_VIEW, /* a few KiB for the screen or a verb: from the standing mapping */
    SX_PIN_SCAN, /* a block of a long scan, up to 1 GiB: its own window, page tables released by unpin, and pages that
                    the scan alone brought into the cache may be dropped again */
} SxPinUse;

typedef struct SxPin {
    const uint8_t *data; /* span.len bytes, valid until unpin */
    SxSpan span;
    void *owner;     /* the source's own */
    uint64_t ticket; /* the source's own */
} SxPin;

/* What peek says of each byte. */
typedef enum SxByteState {
    SX_BYTE_HERE,    /* the value is given */
    SX_BYTE_HOLE,    /* in a hole; the value is given: 0 */
    SX_BYTE_PENDING, /* not in memory: a worker must read it */
    SX_BYTE_LOST,    /* cannot be read */
} SxByteState;

/*
 * What an implementation provides. The calls below check their arguments once for all, so that an implementation sees
 * only spans that are not empty and lie inside its size.
 *
 * peek     NULL: pin never waits, so what it shows is here
 * stale    NULL: the bytes never change
 * lost     NULL: nothing is ever lost; else ascending, clipped to the span, and its spans do not touch each other
 * extent   with `at` < size
 * look     NULL: peek knows all there is to know
 */
typedef struct SxSourceOps {
    void (*retain)(SxSource *s);
    void (*release)(SxSource *s);
    uint64_t (*size)(SxSource *s);
    bool (*pin)(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err);
    void (*unpin)(SxSource *s, SxPin *pin);
    bool (*stale)(SxSource *s, const SxPin *pin);
    size_t (*lost)(SxSource *s, SxSpan span, SxSpan *out, size_t max);
    void (*peek)(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states);
    bool (*extent)(SxSource *s, uint64_t at, SxExtent *out, SxError *err);
    void (*look)(SxSource *s, SxSpan span);
} SxSourceOps;

/* Embed as the first member. */
struct SxSource {
    const SxSourceOps *ops;
};

SX_API SxSource *sx_source_retain(SxSource *s);
SX_API void sx_source_release(SxSource *s); /* NULL is fine */
SX_API uint64_t sx_source_size(SxSource *s);

/*
 * Show the bytes of `span` in one piece.
 *
 * span     inside [0, size), else SX_ERR_RANGE; len at most 1 GiB + 64 MiB, else SX_ERR_LIMIT
 * out      set on success; unpin it, also when nothing was read
 * cost     O(1) where the bytes lie in one piece, O(len) copy where they do not; may wait for a disk
 */
SX_API bool sx_source_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err) SX_MUST_USE;
SX_API void sx_source_unpin(SxSource *s, SxPin *pin);

/* Whether somebody changed bytes of the pin since it was made, so that what was read may be torn. Then pin again. */
SX_API bool sx_source_stale(SxSource *s, const SxPin *pin);

/* The lost parts of `span`, ascending, at most `max` of them (out may be NULL when max is 0). Returns how many there
 * are in all. */
SX_API size_t sx_source_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max);

/*
 * Fill bytes[0..len) and states[0..len) (SxByteState) for `span` without ever waiting for a disk or a server. So how
 * long the file is and where it has holes is what somebody was told last: by a pin, an extent, or a look.
 *
 * span     inside [0, size); len at most 1 MiB. bytes that are not HERE or HOLE are 0
 * cost     O(len), a few microseconds for a screen
 */
SX_API void sx_source_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states);

/* Ask the file system anew for that, as far as `span` shows it. Reads no data; may wait, as long as a server likes. */
SX_API void sx_source_look(SxSource *s, SxSpan span);

/* The extent that holds offset `at` < size. May ask the file system (SEEK_DATA, SEEK_HOLE), never reads data. */
SX_API bool sx_source_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err) SX_MUST_USE;

/*
 * Copy `span` into buf, which holds span.len bytes; repeats a block of 1 MiB that was stale.
 *
 * errors   SX_ERR_RANGE before anything is read; SX_ERR_LOST when a byte of it is lost (buf is then unspecified)
 */
SX_API bool sx_source_read(SxSource *s, SxSpan span, void *buf, SxError *err) SX_MUST_USE;

/* A source over memory. With `copy` the bytes are copied, else they must outlive the source. Starts with one count;
 * NULL when there is no memory. */
SX_API SxSource *sx_source_memory(SxBytes bytes, bool copy) SX_MUST_USE;

/* A source that shows [span.at, span.at + span.len) of `of`, clipped to what there is now, as offsets from 0. Retains
 * `of`. NULL: no memory. Its messages give offsets of the part. */
SX_API SxSource *sx_source_range(SxSource *of, SxSpan span) SX_MUST_USE;

SX_END
