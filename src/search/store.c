/*
 * store.c - blocks of packed matches and the table over them.
 */
#include "search/store.h"

#include <sextant/text.h>

#include <stdlib.h>
#include <string.h>

enum { BLOCK_RECORDS = 256, CHUNK_BYTES = 256 << 10, LOCKED_RECORDS = 4096, BLOCK_BYTES = BLOCK_RECORDS * RECORD_MAX };

void
store_init(Store *s, uint64_t at, size_t keep)
{
    *s = (Store){.state = {at, 0}, .used = CHUNK_BYTES, .in_block = BLOCK_RECORDS, .spill = sx_spill_none(), .keep = keep};
    pthread_mutex_init(&s->lock, NULL);
}

void
store_clear(Store *s)
{
    for (size_t i = 0; i < s->chunks; i++)
        free(s->chunk[i]);
    free(s->chunk);
    free(s->block);
    sx_spill_close(&s->spill);
    pthread_mutex_destroy(&s->lock);
}

/* The last chunk is full; where it was put away its memory serves the next one. */
static uint8_t *
put_away(Store *s)
{
    size_t last = s->chunks - 1;
    if (s->chunks <= s->keep || !sx_spill_put(&s->spill, (uint64_t)last * CHUNK_BYTES, s->chunk[last], CHUNK_BYTES))
        return NULL;
    uint8_t *memory = s->chunk[last];
    s->chunk[last] = NULL;
    return memory;
}

static bool
begin_chunk(Store *s)
{
    if (!sx_grow(&s->chunk, &s->chunk_cap, s->chunks + 1, sizeof *s->chunk))
        return false;
    uint8_t *chunk = put_away(s);
    if (!chunk && !(chunk = calloc(1, CHUNK_BYTES)))
        return false;
    s->chunk[s->chunks++] = chunk;
    s->used = 0;
    return true;
}

/* A block lies in one chunk: begin a new one where it might not fit. */
static bool
begin_block(Store *s, uint64_t at)
{
    if (CHUNK_BYTES - s->used < BLOCK_BYTES && !begin_chunk(s))
        return false;
    if (!sx_grow(&s->block, &s->cap, s->blocks + 1, sizeof *s->block))
        return false;
    s->block[s->blocks++] = (Block){(uint32_t)(s->chunks - 1), (uint32_t)s->used, s->state, at, s->count};
    s->in_block = 0;
    return true;
}

static bool
add_run(Store *s, const Run *run)
{
    if (s->in_block == BLOCK_RECORDS && !begin_block(s, run->at))
        return false;
    s->used += record_pack(s->chunk[s->chunks - 1] + s->used, &s->state, run);
    s->in_block++;
    s->count += run->count;
    return true;
}

bool
store_add(Store *s, const Batch *b, uint64_t at)
{
    BatchCursor c = batch_begin(b, at);
    Run run;
    bool more = true, good = true;
    while (more && good) {
        pthread_mutex_lock(&s->lock);
        for (unsigned i = 0; good && i < LOCKED_RECORDS && (more = batch_next(b, &c, &run)); i++)
            good = add_run(s, &run);
        pthread_mutex_unlock(&s->lock);
    }
    return good;
}

uint64_t
store_count(Store *s)
{
    pthread_mutex_lock(&s->lock);
    uint64_t n = s->count;
    pthread_mutex_unlock(&s->lock);
    return n;
}

/* --- looking up; the lock is held --------------------------------------------------------------------------------- */

typedef struct Cursor {
    size_t block;
    size_t record; /* in the block */
    const uint8_t *data;
    BatchState state;
    uint64_t index; /* of the next record's first match */
    uint8_t copy[BLOCK_BYTES]; /* of a block that was put away */
} Cursor;

/* A block that cannot be read any more has no matches, which is all that can be said. */
static void
cursor_go(const Store *s, Cursor *c, size_t block)
{
    const Block *b = &s->block[block];
    c->block = block;
    c->record = 0;
    c->state = b->before;
    c->index = b->index;
    if (s->chunk[b->chunk]) {
        c->data = s->chunk[b->chunk] + b->offset;
        return;
    }
    size_t rest = CHUNK_BYTES - b->offset, n = rest < BLOCK_BYTES ? rest : BLOCK_BYTES;
    c->data = c->copy;
    if (!sx_spill_get(&s->spill, (uint64_t)b->chunk * CHUNK_BYTES + b->offset, c->copy, n))
        c->record = BLOCK_RECORDS;
}

static bool
cursor_next(const Store *s, Cursor *c, Run *run)
{
    size_t records = c->block + 1 == s->blocks ? s->in_block : BLOCK_RECORDS;
    if (c->record == records) {
        if (c->block + 1 >= s->blocks)
            return false;
        cursor_go(s, c, c->block + 1);
        if (c->record == BLOCK_RECORDS)
            return false;
    }
    c->data += record_unpack(c->data, &c->state, run);
    c->record++;
    c->index += run->count;
    return true;
}

/* The last block whose `key` is at most `value`; 0 when there is none. */
static size_t
block_by_index(const Store *s, uint64_t n)
{
    size_t low = 0, high = s->blocks;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (s->block[mid].index <= n)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* The last block that begins before `at`: matches that begin at or behind `at` lie in it or behind it. */
static size_t
block_before(const Store *s, uint64_t at)
{
    size_t low = 0, high = s->blocks;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (s->block[mid].at < at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

bool
store_get(Store *s, uint64_t n, SxSpan *out)
{
    bool found = false;
    pthread_mutex_lock(&s->lock);
    if (n < s->count) {
        Cursor c;
        cursor_go(s, &c, block_by_index(s, n));
        Run run;
        uint64_t first = c.index;
        while ((found = cursor_next(s, &c, &run)) && c.index <= n)
            first = c.index;
        if (found)
            *out = (SxSpan){run.at + (n - first) * run.stride, run.len};
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

/* How many matches of the run begin before `at`. */
static uint64_t
run_before(const Run *run, uint64_t at)
{
    if (at <= run->at)
        return 0;
    if (run->count == 1)
        return 1;
    uint64_t n = (at - run->at - 1) / run->stride + 1;
    return n < run->count ? n : run->count;
}

static uint64_t
index_of(const Store *s, uint64_t at)
{
    if (s->blocks == 0)
        return 0;
    Cursor c;
    cursor_go(s, &c, block_before(s, at));
    Run run;
    while (cursor_next(s, &c, &run)) {
        uint64_t before = run_before(&run, at);
        if (before < run.count)
            return c.index - run.count + before;
    }
    return s->count;
}

uint64_t
store_index(Store *s, uint64_t at)
{
    pthread_mutex_lock(&s->lock);
    uint64_t n = index_of(s, at);
    pthread_mutex_unlock(&s->lock);
    return n;
}

static void
add_overlapping(const Run *run, SxSpan view, SxSpan *out, size_t max, size_t *n)
{
    uint64_t i = run_before(run, view.at);
    i -= i > 0; /* the one before may reach into the view */
    for (; i < run->count && *n < max; i++) {
        SxSpan span = {run->at + i * run->stride, run->len};
        if (span.at >= sx_span_end(view))
            return;
        if (sx_span_end(span) > view.at)
            out[(*n)++] = span;
    }
}

size_t
store_in(Store *s, SxSpan view, SxSpan *out, size_t max)
{
    size_t n = 0;
    pthread_mutex_lock(&s->lock);
    if (s->blocks > 0) {
        uint64_t first = index_of(s, view.at);
        Cursor c;
        cursor_go(s, &c, block_by_index(s, first > 0 ? first - 1 : 0));
        Run run;
        while (n < max && cursor_next(s, &c, &run) && run.at < sx_span_end(view))
            add_overlapping(&run, view, out, max, &n);
    }
    pthread_mutex_unlock(&s->lock);
    return n;
}
