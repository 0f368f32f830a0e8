/*
 * batch.h - spans of matches in order, packed: two bytes for a match of usual length and distance.
 *
 * A record is the gap from the end of the last match, and the length where it is not that of the last one. A run is
 * one record for many matches at equal distances (zeros in a hole of 100 GiB).
 */
#pragma once

#include <sextant/bytes.h>

/* `count` spans of `len` bytes, the first at `at`, each `stride` behind the one before. */
typedef struct Run {
    uint64_t at, len, stride, count;
} Run;

/* What a record is relative to. */
typedef struct BatchState {
    uint64_t end; /* of the match before */
    uint64_t len; /* of the match before */
} BatchState;

typedef struct Batch {
    uint8_t *data;
    size_t used, cap;
    BatchState state; /* behind the last record */
    uint64_t count;   /* matches */
    uint64_t records;
} Batch;

enum { RECORD_MAX = 48 }; /* bytes */

/* Packs one record behind `state`, which moves on. Returns its bytes. */
size_t record_pack(uint8_t out[RECORD_MAX], BatchState *state, const Run *run);
/* Unpacks the record at `data`. Returns its bytes. */
size_t record_unpack(const uint8_t *data, BatchState *state, Run *run);

bool batch_add(Batch *b, const Run *run); /* false: no memory */
static inline bool
batch_add_span(Batch *b, SxSpan s)
{
    return batch_add(b, &(Run){s.at, s.len, s.len, 1});
}
/* Appends the last `count` matches of `from`, packed from `at` on in so many records. The first of them stands behind a
 * state that is also the one of `b`. */
bool batch_append(Batch *b, const Batch *from, size_t at, uint64_t count, uint64_t records);
void batch_reset(Batch *b, uint64_t at); /* empty, beginning at `at`; keeps its memory */
void batch_clear(Batch *b);

/* Reading in order: {0} begins; false at the end. */
typedef struct BatchCursor {
    size_t at;
    BatchState state;
} BatchCursor;
BatchCursor batch_begin(const Batch *b, uint64_t at); /* `at` as in the last reset */
bool batch_next(const Batch *b, BatchCursor *c, Run *out);
