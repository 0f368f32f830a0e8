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
#define SX_API          __attribute__((visibility("default")))
#define SX_MUST_USE     __attribute__((warn_unused_result))
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

/* The half-open range of offsets [at, at + len); at + len does not wrap. */
typedef struct SxSpan {
    uint64_t at;  /* first offset */
    uint64_t len; /* bytes */
} SxSpan;

/* Longer than any file: everything, where a function clips what it is given. */
#ifdef __cplusplus
#define SX_SPAN_ALL (SxSpan{0, UINT64_MAX})
#else
#define SX_SPAN_ALL ((SxSpan){0, UINT64_MAX})
#endif

/* The offset just behind the span; saturates at UINT64_MAX. */
static inline uint64_t
sx_span_end(SxSpan s)
{
    return s.len > UINT64_MAX - s.at ? UINT64_MAX : s.at + s.len;
}

/* The span [a, b); b < a gives an empty span at a. */
static inline SxSpan
sx_span(uint64_t a, uint64_t b)
{
    SxSpan s = {a, b > a ? b - a : 0};
    return s;
}

/* The part of `s` that lies inside [0, size). Empty spans come back at min(s.at, size). */
static inline SxSpan
sx_span_clip(SxSpan s, uint64_t size)
{
    uint64_t end = sx_span_end(s);
    return sx_span(s.at < size ? s.at : size, end < size ? end : size);
}

/* Whether some offset lies in both; so never with an empty span. */
static inline bool
sx_span_overlaps(SxSpan a, SxSpan b)
{
    return a.len > 0 && b.len > 0 && a.at < sx_span_end(b) && b.at < sx_span_end(a);
}

static inline SxBytes
sx_bytes(const void *data, size_t len)
{
    SxBytes bytes = {(const uint8_t *)data, len};
    return bytes;
}
