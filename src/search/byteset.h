/*
 * byteset.h - a set of byte values, 256 bits.
 */
#pragma once

#include <sextant/bytes.h>

typedef struct ByteSet {
    uint64_t word[4];
} ByteSet;

static inline bool
set_has(const ByteSet *s, uint8_t b)
{
    return s->word[b >> 6] >> (b & 63) & 1;
}

static inline void
set_add(ByteSet *s, uint8_t b)
{
    s->word[b >> 6] |= UINT64_C(1) << (b & 63);
}

static inline void
set_add_range(ByteSet *s, unsigned first, unsigned last)
{
    for (unsigned b = first; b <= last && b < 256; b++)
        set_add(s, (uint8_t)b);
}

static inline void
set_union(ByteSet *s, const ByteSet *of)
{
    for (int i = 0; i < 4; i++)
        s->word[i] |= of->word[i];
}

static inline void
set_invert(ByteSet *s)
{
    for (int i = 0; i < 4; i++)
        s->word[i] = ~s->word[i];
}

static inline bool
set_equal(const ByteSet *a, const ByteSet *b)
{
    return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->word[2] == b->word[2] &&
           a->word[3] == b->word[3];
}

static inline unsigned
set_count(const ByteSet *s)
{
    unsigned n = 0;
    for (int i = 0; i < 4; i++)
        n += (unsigned)__builtin_popcountll(s->word[i]);
    return n;
}

static inline ByteSet
set_all(void)
{
    return (ByteSet){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
}

static inline ByteSet
set_one(uint8_t b)
{
    ByteSet s = {{0}};
    set_add(&s, b);
    return s;
}

/* {b : (b & mask) == value} */
static inline ByteSet
set_masked(uint8_t value, uint8_t mask)
{
    ByteSet s = {{0}};
    for (unsigned b = 0; b < 256; b++)
        if ((b & mask) == (value & mask))
            set_add(&s, (uint8_t)b);
    return s;
}

/* Whether the set is exactly {b : (b & *mask) == *value}. */
static inline bool
set_as_mask(const ByteSet *s, uint8_t *value, uint8_t *mask)
{
    unsigned both = 0xff, any = 0;
    for (unsigned i = 0; i < 4; i++) {
        for (uint64_t rest = s->word[i]; rest; rest &= rest - 1) {
            unsigned b = i * 64 + (unsigned)__builtin_ctzll(rest);
            both &= b;
            any |= b;
        }
    }
    *mask = (uint8_t)~(both ^ any);
    *value = (uint8_t)(both & *mask);
    return set_count(s) == 1u << (8 - __builtin_popcount(*mask));
}
