/*
 * line_count.c - line ends in bytes, a vector at a time.
 *
 * The vectors are the compiler's own. A lane counts at most 255 of them before it is emptied into the sum.
 */
#include <sextant/line_index.h>

#include <string.h>

#include <sextant/machine.h>

enum { LANES = 32, LANE_MOST = 255 };

typedef uint8_t Vector __attribute__((vector_size(LANES)));

__attribute__((always_inline)) static inline uint64_t
lanes_sum(const Vector *v)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < LANES; i++)
        sum += (*v)[i];
    return sum;
}

__attribute__((always_inline)) static inline uint64_t
add_lanes(const uint8_t *bytes, size_t len, uint8_t value)
{
    const Vector wanted = value - (Vector){0};
    uint64_t sum = 0;
    size_t i = 0;
    while (len - i >= LANES) {
        size_t vectors = (len - i) / LANES;
        Vector lanes = {0};
        for (size_t n = vectors < LANE_MOST ? vectors : LANE_MOST; n > 0; n--, i += LANES) {
            Vector here;
            memcpy(&here, bytes + i, sizeof here);
            lanes -= (Vector)(here == wanted);
        }
        sum += lanes_sum(&lanes);
    }
    for (; i < len; i++)
        sum += bytes[i] == value;
    return sum;
}

FOR_AVX2 static uint64_t
count_avx2(const uint8_t *bytes, size_t len, uint8_t value)
{
    return add_lanes(bytes, len, value);
}

static uint64_t
count_bytes(const uint8_t *bytes, size_t len, uint8_t value)
{
    return machine_has_avx2() ? count_avx2(bytes, len, value) : add_lanes(bytes, len, value);
}

uint64_t
sx_line_count(SxBytes bytes, const SxLineFeed *feed)
{
    uint64_t n = 0;
    if (feed->len == 1)
        return count_bytes(bytes.data, bytes.len, feed->bytes[0]);
    for (size_t i = 0; i + feed->len <= bytes.len; i += feed->len)
        n += memcmp(bytes.data + i, feed->bytes, feed->len) == 0;
    return n;
}

/* Blocks of lines are counted first, so that only the last one is walked. */
size_t
sx_line_nth(SxBytes bytes, const SxLineFeed *feed, uint64_t n)
{
    enum { STEP = 4096 };
    size_t i = 0;
    while (bytes.len - i > STEP) {
        uint64_t here = sx_line_count(sx_bytes(bytes.data + i, STEP), feed);
        if (here >= n)
            break;
        n -= here;
        i += STEP;
    }
    for (; i + feed->len <= bytes.len; i += feed->len)
        if (memcmp(bytes.data + i, feed->bytes, feed->len) == 0 && --n == 0)
            return i + feed->len;
    return bytes.len;
}
