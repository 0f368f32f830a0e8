/*
 * bytes.h - the words that every other header uses: a run of bytes, a span of offsets, attributes.
 *
 * units    offsets and lengths are bytes in uint64_t, memory sizes size_t; nothing is narrower, ever
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define SX_BEGIN extern "C" {
#define SX_END }
#else
#define SX_BEGIN
#define SX_END
#endif

#if defined(__GNUC__)
#define SX_API         __attribute__((visibility("default")))
#define SX_MUST_USE    __attribute__((warn_unused_result))
#define SX_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define SX_API
#define SX_MUST_USE
#define SX_PRINTF(f, a)
#endif

/* A run of bytes in memory, borrowed unless a function says otherwise. `data` may be NULL when `len` is 0. */
typedef struct SxBytes {
    const uint8_t *data;
    size_t len; /* bytes */
} SxBytes;

/* The half-open range of offsets [at, at + len). at + len never wraps, but for SX_SPAN_ALL, which is clipped. */
typedef struct SxSpan {
    uint64_t at;  /* first offset */
    uint64_t len; /* bytes */
} SxSpan;

#define SX_SPAN_ALL ((SxSpan){0, UINT64_MAX})

/* The offset just behind the span; saturates at UINT64_MAX. */
static inline uint64_t
sx_span_end(SxSpan s)
{
    return s.len > UINT64_MAX - s.at ? UINT64_MAX : s.at + s.len;
}

/* The part of `s` that lies inside [0, size). Empty spans come back at min(s.at, size). */
static inline SxSpan
sx_span_clip(SxSpan s, uint64_t size)
{
    uint64_t end = sx_span_end(s);
    uint64_t at = s.at < size ? s.at : size;
    if (end > size)
        end = size;
    return (SxSpan){at, end > at ? end - at : 0};
}

static inline bool
sx_span_overlaps(SxSpan a, SxSpan b)
{
    return a.at < sx_span_end(b) && b.at < sx_span_end(a);
}

static inline SxBytes
sx_bytes(const void *data, size_t len)
{
    return (SxBytes){(const uint8_t *)data, len};
}

/* The span [a, b); b < a gives an empty span at a. */
static inline SxSpan
sx_span(uint64_t a, uint64_t b)
{
    return (SxSpan){a, b > a ? b - a : 0};
}
