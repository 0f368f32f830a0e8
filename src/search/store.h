/*
 * store.h - the matches of a set: appended by one thread, looked up by any.
 *
 *     blocks   | 256 records | 256 records | ...      packed as in batch.h, in chunks
 *     table    one entry a block: where it begins in offsets, in matches, in chunks
 *
 * The first chunks stay in memory; later ones, once full, are put away in a file. 100 million matches need 16 MiB of table
 * and 16 MiB of chunks in memory.
 */
#pragma once

#include <sextant/spill.h>

#include "search/batch.h"

#include <pthread.h>

typedef struct Block {
    uint32_t chunk, offset; /* where its records are */
    BatchState before; /* what its first record is relative to */
    uint64_t at;       /* where its first match begins */
    uint64_t index;    /* of its first match */
} Block;

typedef struct Store {
    pthread_mutex_t lock; /* everything below */
    Block *block;
    size_t blocks, cap;
    unsigned in_block; /* records in the last block */
    uint8_t **chunk; /* NULL: put away */
    size_t chunks, chunk_cap;
    SxSpill spill;
    size_t used; /* of the last chunk */
    BatchState state;
    uint64_t count;
    size_t keep; /* chunks that stay in memory */
} Store;

enum { STORE_KEEP = 64 }; /* chunks of 256 KiB */

/* `keep`: as in Store; STORE_KEEP but in tests. */
void store_init(Store *s, uint64_t at, size_t keep);
void store_clear(Store *s);
/* Appends the records of `b`, which begin at `at` as in its reset. false: no memory. */
bool store_add(Store *s, const Batch *b, uint64_t at);

uint64_t store_count(Store *s);
bool store_get(Store *s, uint64_t n, SxSpan *out);
uint64_t store_index(Store *s, uint64_t at);
size_t store_in(Store *s, SxSpan view, SxSpan *out, size_t max);
