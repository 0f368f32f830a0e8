/*
 * scan.c - the loop that meets every byte of a file. Places are those of the subject.
 *
 * A block of 32 places is asked at once whether one of the probes holds somewhere in it: two loads, two ands, two
 * comparisons a probe. The vectors are the compiler's own, so the same lines serve every machine; on x86-64 there is a
 * version for AVX2, too.
 */
#include "search/scan.h"

#include <string.h>

#include <sextant/machine.h>

#include "search/rarity.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = SCAN_BLOCK, LOOK_AT = 128 }; /* LOOK_AT: places of a row among which the probes are chosen */

typedef uint8_t Vector __attribute__((vector_size(BLOCK)));

/* --- which bytes ---------------------------------------------------------------------------------------------------- */

/* How often the place holds what the row asks for; UINT32_MAX: not by a mask. */
static unsigned
place_frequency(const Row *r, size_t i)
{
    if (r->set && r->set[i])
        return UINT32_MAX;
    uint8_t mask = r->mask ? r->mask[i] : 0xff;
    unsigned sum = 0;
    for (unsigned b = 0; b < 256; b++)
        if ((b & mask) == r->value[i])
            sum += byte_often((uint8_t)b);
    return sum;
}

static void
set_probe(Probe *p, size_t which, const Row *r, size_t i)
{
    p->at[which] = i;
    p->mask[which] = r->mask ? r->mask[i] : 0xff;
    p->value[which] = r->value[i];
}

/* false: the row has no place that a mask describes */
static bool
choose(Probe *p, const Row *r)
{
    unsigned best[2] = {UINT32_MAX, UINT32_MAX};
    size_t n = r->len < LOOK_AT ? r->len : LOOK_AT;
    for (size_t i = 0; i < n; i++) {
        unsigned f = place_frequency(r, i);
        if (f < best[0]) {
            best[1] = best[0];
            p->at[1] = p->at[0];
            best[0] = f;
            p->at[0] = i;
        } else if (f < best[1]) {
            best[1] = f;
            p->at[1] = i;
        }
    }
    if (best[0] == UINT32_MAX)
        return false;
    set_probe(p, 0, r, p->at[0]);
    set_probe(p, 1, r, best[1] == UINT32_MAX ? p->at[0] : p->at[1]);
    return true;
}

void
scan_prepare(Scan *scan, const Fixed *f)
{
    *scan = (Scan){0};
    for (size_t i = 0; i < f->rows; i++) {
        Probe *p = &scan->probe[i];
        if (f->row[i].len == 0 || !choose(p, &f->row[i])) {
            scan->probes = 0;
            return;
        }
        size_t far = p->at[0] > p->at[1] ? p->at[0] : p->at[1];
        scan->reach = far > scan->reach ? far : scan->reach;
        scan->probes = i + 1;
    }
}

/* --- the loop --------------------------------------------------------------------------------------------------------- */

static bool
holds_at(const Probe *p, const uint8_t *data)
{
    return (data[p->at[0]] & p->mask[0]) == p->value[0] && (data[p->at[1]] & p->mask[1]) == p->value[1];
}

static bool
worth(const Scan *scan, const uint8_t *data)
{
    for (size_t i = 0; i < scan->probes; i++)
        if (holds_at(&scan->probe[i], data))
            return true;
    return false;
}

__attribute__((always_inline)) static inline bool
any(const Vector *v)
{
    uint64_t words[BLOCK / sizeof(uint64_t)];
    memcpy(words, v, sizeof words);
    return (words[0] | words[1] | words[2] | words[3]) != 0;
}

/* Adds to `hits` the places of the block where the probe holds, by its bytes at `a` and `b`. By pointers: vectors have no
 * ABI that all share. */
__attribute__((always_inline)) static inline void
block_holds(const Probe *p, const uint8_t *a, const uint8_t *b, Vector *hits)
{
    Vector x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    *hits |= (Vector)((x & p->mask[0]) == p->value[0]) & (Vector)((y & p->mask[1]) == p->value[1]);
}

/* As look_at_blocks: four at a time, where one probe is all there is, so that memory is what it waits for. */
__attribute__((always_inline)) static inline size_t
look_at_fours(const Probe *p, const uint8_t *data, size_t at, size_t limit)
{
    const uint8_t *a = data + p->at[0], *b = data + p->at[1];
    for (; at < limit && limit - at > 3 * BLOCK; at += 4 * BLOCK) {
        Vector hits = {0};
        block_holds(p, a + at, b + at, &hits);
        block_holds(p, a + at + BLOCK, b + at + BLOCK, &hits);
        block_holds(p, a + at + 2 * BLOCK, b + at + 2 * BLOCK, &hits);
        block_holds(p, a + at + 3 * BLOCK, b + at + 3 * BLOCK, &hits);
        if (any(&hits))
            break;
    }
    return at;
}

/* The places of a block where a probe holds. */
__attribute__((always_inline)) static inline void
block_hits(const Scan *scan, const uint8_t *data, Vector *hits)
{
    *hits = (Vector){0};
    for (size_t i = 0; i < scan->probes; i++) {
        const Probe *p = &scan->probe[i];
        block_holds(p, data + p->at[0], data + p->at[1], hits);
    }
}

/* The first block in [at, limit) with a place worth a test; `limit` must leave a whole block and the reach behind it. */
__attribute__((always_inline)) static inline size_t
look_at_blocks(const Scan *scan, const uint8_t *data, size_t at, size_t limit)
{
    if (scan->probes == 1)
        at = look_at_fours(&scan->probe[0], data, at, limit);
    for (; at < limit; at += BLOCK) {
        Vector hits;
        block_hits(scan, data + at, &hits);
        if (any(&hits))
            break;
    }
    return at;
}

/* The places of the first `n` of a block that are worth a test, or cannot be asked: the data ends before. */
static uint32_t
marks_of(const Scan *scan, const uint8_t *data, size_t len, size_t at, size_t n)
{
    uint32_t marks = 0;
    for (size_t i = 0; i < n; i++)
        if (at + i + scan->reach >= len || worth(scan, data + at + i))
            marks |= UINT32_C(1) << i;
    return marks;
}

#if defined(__x86_64__)
FOR_AVX2 static size_t
next_block_avx2(const Scan *scan, const uint8_t *data, size_t at, size_t limit, uint32_t *marks)
{
    at = look_at_blocks(scan, data, at, limit);
    if (at < limit) {
        Vector hits;
        block_hits(scan, data + at, &hits);
        *marks = (uint32_t)_mm256_movemask_epi8((__m256i)hits);
    }
    return at;
}
#else
#define next_block_avx2 next_block_anywhere
#endif

static size_t
next_block_anywhere(const Scan *scan, const uint8_t *data, size_t at, size_t limit, uint32_t *marks)
{
    at = look_at_blocks(scan, data, at, limit);
    if (at < limit)
        *marks = marks_of(scan, data, SIZE_MAX, at, BLOCK);
    return at;
}

size_t
scan_marks(const Scan *scan, const uint8_t *data, size_t len, size_t at, size_t limit, uint32_t *marks)
{
    size_t blocks = len >= scan->reach + BLOCK ? len - scan->reach - BLOCK + 1 : 0; /* a block may begin before this */
    size_t end = blocks < limit ? blocks : limit;
    bool asks = scan->probes > 0;
    if (asks && at < end)
        at = machine_has_avx2() ? next_block_avx2(scan, data, at, end, marks)
                                : next_block_anywhere(scan, data, at, end, marks);
    bool known = asks && at < end;
    for (; at < limit; at += BLOCK, known = false) {
        size_t n = limit - at < BLOCK ? limit - at : BLOCK;
        uint32_t before = n < BLOCK ? (UINT32_C(1) << n) - 1 : UINT32_MAX;
        if (!known)
            *marks = asks ? marks_of(scan, data, len, at, n) : UINT32_MAX;
        *marks &= before;
        if (*marks)
            return at;
    }
    return limit;
}

size_t
scan_next(const Scan *scan, const uint8_t *data, size_t len, size_t at, size_t limit)
{
    uint32_t marks = 0;
    at = scan_marks(scan, data, len, at, limit, &marks);
    return at < limit ? at + (size_t)__builtin_ctz(marks) : limit;
}
