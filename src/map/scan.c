/*
 * scan.c - look for the first and the last byte of the needle at their distance, 32 places at a time, and
 * compare where both are. Two loads a step keep up with memory; text rarely has both bytes by chance.
 */
#include "map/scan.h"

#include <string.h>

#include <sextant/machine.h>

#if defined(__x86_64__)
#include <immintrin.h>

enum { STEP = 32 };

/* Bit i: a candidate at hay + i. */
__attribute__((target("avx2"))) static inline uint32_t
candidates(const uint8_t *hay, size_t last, __m256i first_byte, __m256i last_byte)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)hay);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(hay + last));
    __m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(a, first_byte), _mm256_cmpeq_epi8(b, last_byte));
    return (uint32_t)_mm256_movemask_epi8(both);
}

/* Looks at whole steps only; *at is where to go on when nothing was found. */
__attribute__((target("avx2"))) static bool
first_by_steps(SxBytes hay, SxBytes needle, size_t *at)
{
    size_t last = needle.len - 1, places = hay.len - last, i = 0;
    __m256i first_byte = _mm256_set1_epi8((char)needle.data[0]),
            last_byte = _mm256_set1_epi8((char)needle.data[last]);
    for (; places - i >= STEP; i += STEP) {
        for (uint32_t mask = candidates(hay.data + i, last, first_byte, last_byte); mask; mask &= mask - 1) {
            size_t place = i + (size_t)__builtin_ctz(mask);
            if (memcmp(hay.data + place, needle.data, needle.len) == 0) {
                *at = place;
                return true;
            }
        }
    }
    *at = i;
    return false;
}

/* The same from the end; *at is the number of places left over at the front. */
__attribute__((target("avx2"))) static bool
last_by_steps(SxBytes hay, SxBytes needle, size_t *at)
{
    size_t last = needle.len - 1, left = hay.len - last;
    __m256i first_byte = _mm256_set1_epi8((char)needle.data[0]),
            last_byte = _mm256_set1_epi8((char)needle.data[last]);
    for (; left >= STEP; left -= STEP) {
        uint32_t mask = candidates(hay.data + left - STEP, last, first_byte, last_byte);
        while (mask) {
            unsigned top = 31 - (unsigned)__builtin_clz(mask);
            size_t place = left - STEP + top;
            if (memcmp(hay.data + place, needle.data, needle.len) == 0) {
                *at = place;
                return true;
            }
            mask &= ~(UINT32_C(1) << top);
        }
    }
    *at = left;
    return false;
}

static bool
has_steps(void)
{
    return machine_has_avx2();
}
#else
static bool
first_by_steps(SxBytes hay, SxBytes needle, size_t *at)
{
    (void)hay, (void)needle, (void)at;
    return false;
}

static bool
last_by_steps(SxBytes hay, SxBytes needle, size_t *at)
{
    (void)hay, (void)needle, (void)at;
    return false;
}

static bool
has_steps(void)
{
    return false;
}
#endif

size_t
scan_first(SxBytes hay, SxBytes needle)
{
    size_t from = 0;
    if (needle.len > hay.len)
        return SIZE_MAX;
    if (has_steps() && first_by_steps(hay, needle, &from))
        return from;
    const uint8_t *hit = memmem(hay.data + from, hay.len - from, needle.data, needle.len);
    return hit ? (size_t)(hit - hay.data) : SIZE_MAX;
}

size_t
scan_last(SxBytes hay, SxBytes needle)
{
    if (needle.len > hay.len)
        return SIZE_MAX;
    size_t places = hay.len - needle.len + 1;
    if (has_steps() && last_by_steps(hay, needle, &places))
        return places;
    while (places > 0) {
        const uint8_t *hit = memrchr(hay.data, needle.data[0], places);
        if (!hit)
            return SIZE_MAX;
        if (memcmp(hit, needle.data, needle.len) == 0)
            return (size_t)(hit - hay.data);
        places = (size_t)(hit - hay.data);
    }
    return SIZE_MAX;
}
