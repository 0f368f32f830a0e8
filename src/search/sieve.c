/*
 * sieve.c - choosing the points of a sieve, and the loop over every byte. Places are those of the subject.
 */
#include "search/sieve.h"

#include <string.h>

#include <sextant/machine.h>

#include "search/rarity.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BUCKETS = 8, STEP = 32 };

/* --- choosing ------------------------------------------------------------------------------------------------------------ */

/* What the prefixes of each bucket may have at each place; beyond the end of a prefix that is anything. */
typedef struct Buckets {
    ByteSet set[BUCKETS][PREFIX_MAX];
    size_t count, len;
} Buckets;

static Buckets
fill_buckets(const Prefix *prefix, size_t count)
{
    Buckets b = {.count = count < BUCKETS ? count : BUCKETS};
    ByteSet all = set_all();
    for (size_t i = 0; i < count; i++) {
        /* neighbours are alike: they share a bucket */
        size_t bucket = i * b.count / count;
        b.len = prefix[i].len > b.len ? prefix[i].len : b.len;
        for (size_t k = 0; k < PREFIX_MAX; k++)
            set_union(&b.set[bucket][k], k < prefix[i].len ? &prefix[i].set[k] : &all);
    }
    return b;
}

/* The part of places that comes through when `taken` points are looked at: bit i is place i. */
static double
rate_of(double part[BUCKETS][PREFIX_MAX], const Buckets *b, unsigned taken)
{
    double sum = 0;
    for (size_t i = 0; i < b->count; i++) {
        double one = 1;
        for (size_t k = 0; k < b->len; k++)
            one *= taken >> k & 1 ? part[i][k] : 1;
        sum += one;
    }
    return sum;
}

static const double USELESS = 1.0 / 12, ENOUGH = 1.0 / 20000, WORTH_A_POINT = 0.6;

/* Point after point, each time the one that lets the least through. */
static unsigned
choose_points(const Buckets *b, double *rate)
{
    double part[BUCKETS][PREFIX_MAX];
    unsigned taken = 0;
    *rate = 1;
    for (size_t i = 0; i < b->count; i++)
        for (size_t k = 0; k < PREFIX_MAX; k++)
            part[i][k] = (double)set_often(&b->set[i][k]) / OFTEN_ALL;
    for (size_t n = 0; n < SIEVE_POINTS && *rate > ENOUGH; n++) {
        double best = 1e9;
        unsigned with = taken;
        for (size_t k = 0; k < b->len; k++) {
            double r = taken >> k & 1 ? 1e9 : rate_of(part, b, taken | 1u << k);
            with = r < best ? taken | 1u << k : with;
            best = r < best ? r : best;
        }
        if (best > *rate * WORTH_A_POINT)
            break;
        *rate = best;
        taken = with;
    }
    return taken;
}

static void
fill_tables(Sieve *s, const Buckets *b, size_t point)
{
    for (size_t i = 0; i < b->count; i++) {
        for (unsigned v = 0; v < 256; v++) {
            if (!set_has(&b->set[i][s->at[point]], (uint8_t)v))
                continue;
            uint8_t bit = (uint8_t)(1u << i);
            s->low[point][v & 15] |= bit;
            s->high[point][v >> 4] |= bit;
            s->whole[point][v] |= bit;
        }
    }
}

void
sieve_prepare(Sieve *s, const Prefix *prefix, size_t count)
{
    *s = (Sieve){.rate = 1};
    if (count == 0)
        return;
    Buckets b = fill_buckets(prefix, count);
    unsigned taken = choose_points(&b, &s->rate);
    if (s->rate > USELESS)
        return;
    for (size_t k = 0; k < b.len; k++) {
        if (!(taken >> k & 1))
            continue;
        s->at[s->points] = s->reach = k;
        fill_tables(s, &b, s->points++);
    }
}

void
sieve_for(Sieve *s, const Node *first)
{
    Prefix prefix[PREFIXES_MAX];
    *s = (Sieve){.rate = 1};
    for (size_t len = PREFIX_MAX; len > 0; len -= len > 4 ? 2 : 1) {
        Sieve one;
        sieve_prepare(&one, prefix, prefixes_of(first, len, prefix));
        if (one.points > 0 && one.rate < s->rate * WORTH_A_POINT)
            *s = one;
    }
}

/* --- the loop ------------------------------------------------------------------------------------------------------------ */

static inline bool
comes_through(const Sieve *s, const uint8_t *data)
{
    unsigned m = s->whole[0][data[s->at[0]]];
    for (size_t i = 1; i < s->points && m; i++)
        m &= s->whole[i][data[s->at[i]]];
    return m != 0;
}

#if defined(__x86_64__)
static inline __attribute__((target("avx2"), always_inline)) __m256i
load_table(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

static inline __attribute__((target("avx2"), always_inline)) __m256i
ask_point(const uint8_t *data, __m256i low, __m256i high)
{
    __m256i half = _mm256_set1_epi8(15), v = _mm256_loadu_si256((const __m256i *)(const void *)data);
    __m256i a = _mm256_shuffle_epi8(low, _mm256_and_si256(v, half));
    __m256i b = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(v, 4), half));
    return _mm256_and_si256(a, b);
}

/* With a number of points that is known when it is compiled, all tables stay in registers. */
static inline __attribute__((target("avx2"), always_inline)) size_t
next_by_steps(const Sieve *s, const uint8_t *data, size_t at, size_t limit, const size_t points, uint32_t *hits)
{
    __m256i low[SIEVE_POINTS], high[SIEVE_POINTS];
    const uint8_t *from[SIEVE_POINTS];
    for (size_t i = 0; i < points; i++) {
        low[i] = load_table(s->low[i]);
        high[i] = load_table(s->high[i]);
        from[i] = data + s->at[i];
    }
    for (; at < limit; at += STEP) {
        __m256i m = ask_point(from[0] + at, low[0], high[0]);
        for (size_t i = 1; i < points; i++)
            m = _mm256_and_si256(m, ask_point(from[i] + at, low[i], high[i]));
        if (!_mm256_testz_si256(m, m)) {
            *hits = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(m, _mm256_setzero_si256()));
            return at;
        }
    }
    return at;
}

/* The first step in [at, limit) with a place worth a look, marked in `hits`; each must leave a step and the reach. */
static __attribute__((target("avx2"))) size_t
next_step(const Sieve *s, const uint8_t *data, size_t at, size_t limit, uint32_t *hits)
{
    switch (s->points) {
    case 1:
        return next_by_steps(s, data, at, limit, 1, hits);
    case 2:
        return next_by_steps(s, data, at, limit, 2, hits);
    case 3:
        return next_by_steps(s, data, at, limit, 3, hits);
    default:
        return next_by_steps(s, data, at, limit, 4, hits);
    }
}

static bool
has_steps(void)
{
    return machine_has_avx2();
}
#else
static size_t
next_step(const Sieve *s, const uint8_t *data, size_t at, size_t limit, uint32_t *hits)
{
    (void)s, (void)data, (void)limit;
    *hits = UINT32_MAX;
    return at;
}

static bool
has_steps(void)
{
    return false;
}
#endif

size_t
sieve_next(const Sieve *s, const uint8_t *data, size_t len, size_t at, size_t limit)
{
    size_t room = len > s->reach ? len - s->reach : 0; /* places before this can be asked */
    size_t end = room < limit ? room : limit;
    if (has_steps()) {
        while (at < end && end - at >= STEP) {
            uint32_t hits = 0;
            size_t step = next_step(s, data, at, end - STEP + 1, &hits);
            for (; hits; hits &= hits - 1) {
                size_t place = step + (size_t)__builtin_ctz(hits);
                if (comes_through(s, data + place))
                    return place;
            }
            at = step < end - STEP + 1 ? step + STEP : step;
        }
    }
    while (at < end && !comes_through(s, data + at))
        at++;
    return at < limit ? at : limit;
}
