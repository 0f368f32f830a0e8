/*
 * digest.c - multiply, rotate, mix; lanes so that the multiplications overlap.
 */
#include "document/digest.h"

#include <string.h>

static const uint64_t odd1 = UINT64_C(0x9fb21c651e98df25);
static const uint64_t odd2 = UINT64_C(0xd6e8feb86659fd93);
static const uint64_t odd3 = UINT64_C(0xa0761d6478bd642f);

static uint64_t
rotate(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

static uint64_t
word(const uint8_t *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

/* Every bit of x reaches every bit of the result. */
static uint64_t
mix(uint64_t x)
{
    x = (x ^ x >> 32) * odd1;
    x = (x ^ x >> 29) * odd2;
    return x ^ x >> 32;
}

uint64_t
digest(uint64_t seed, SxBytes bytes)
{
    const uint8_t *p = bytes.data;
    size_t left = bytes.len;
    uint64_t lane[4] = {seed + odd1, seed ^ odd2, seed - odd3, seed};
    for (; left >= 32; p += 32, left -= 32)
        for (unsigned i = 0; i < 4; i++)
            lane[i] = rotate((lane[i] ^ word(p + 8 * i)) * odd1, 29) + odd2;
    uint64_t h = 0;
    for (unsigned i = 0; i < 4; i++)
        h = mix(h ^ lane[i]) + odd3;
    for (; left > 0; p++, left--)
        h = rotate((h ^ *p) * odd3, 23);
    return mix(h ^ (uint64_t)bytes.len * odd2);
}
