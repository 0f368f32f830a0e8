/*
 * batch.c - packing and unpacking matches: numbers in groups of seven bits, the lowest first.
 */
#include "search/batch.h"

#include <stdlib.h>
#include <string.h>

enum { SAME_LENGTH = 0, OTHER_LENGTH = 1 }; /* lowest bit of a gap */
enum { SINGLE = 0, REPEATED = 1 };          /* lowest bit of a length */

static size_t
put(uint8_t *out, uint64_t v)
{
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        out[n++] = (uint8_t)(v | 0x80);
    out[n++] = (uint8_t)v;
    return n;
}

static size_t
get(const uint8_t *data, uint64_t *v)
{
    size_t n = 0;
    *v = 0;
    do
        *v |= (uint64_t)(data[n] & 0x7f) << (7 * n);
    while (data[n++] & 0x80);
    return n;
}

/* One bit beside a number of 64: the number's top bit is never set, offsets end below 2^63. */
size_t
record_pack(uint8_t out[RECORD_MAX], BatchState *state, const Run *run)
{
    uint64_t gap = run->at - state->end;
    bool plain = run->count == 1 && run->len == state->len;
    size_t n = put(out, gap << 1 | (plain ? SAME_LENGTH : OTHER_LENGTH));
    if (!plain)
        n += put(out + n, run->len << 1 | (run->count == 1 ? SINGLE : REPEATED));
    if (run->count > 1) {
        n += put(out + n, run->stride);
        n += put(out + n, run->count);
    }
    state->len = run->len;
    state->end = run->at + (run->count - 1) * run->stride + run->len;
    return n;
}

size_t
record_unpack(const uint8_t *data, BatchState *state, Run *run)
{
    uint64_t gap, len;
    size_t n = get(data, &gap);
    *run = (Run){.at = state->end + (gap >> 1), .len = state->len, .stride = 0, .count = 1};
    if (gap & OTHER_LENGTH) {
        n += get(data + n, &len);
        run->len = len >> 1;
        if (len & REPEATED) {
            n += get(data + n, &run->stride);
            n += get(data + n, &run->count);
        }
    }
    state->len = run->len;
    state->end = run->at + (run->count - 1) * run->stride + run->len;
    return n;
}

static bool
make_room(Batch *b, size_t bytes)
{
    if (b->cap - b->used >= bytes)
        return true;
    size_t cap = b->cap + bytes < 2048 ? 4096 : (b->cap + bytes) * 2;
    uint8_t *more = realloc(b->data, cap);
    if (!more)
        return false;
    b->data = more;
    b->cap = cap;
    return true;
}

bool
batch_add(Batch *b, const Run *run)
{
    if (!make_room(b, RECORD_MAX))
        return false;
    b->used += record_pack(b->data + b->used, &b->state, run);
    b->count += run->count;
    b->records++;
    return true;
}

bool
batch_append(Batch *b, const Batch *from, size_t at, uint64_t count, uint64_t records)
{
    size_t bytes = from->used - at;
    if (!make_room(b, bytes))
        return false;
    if (bytes > 0)
        memcpy(b->data + b->used, from->data + at, bytes);
    b->used += bytes;
    b->state = from->state;
    b->count += count;
    b->records += records;
    return true;
}

void
batch_reset(Batch *b, uint64_t at)
{
    b->used = 0;
    b->state = (BatchState){at, 0};
    b->count = b->records = 0;
}

void
batch_clear(Batch *b)
{
    free(b->data);
    *b = (Batch){0};
}

BatchCursor
batch_begin(const Batch *b, uint64_t at)
{
    (void)b;
    return (BatchCursor){0, {at, 0}};
}

bool
batch_next(const Batch *b, BatchCursor *c, Run *out)
{
    if (c->at >= b->used)
        return false;
    c->at += record_unpack(b->data + c->at, &c->state, out);
    return true;
}
