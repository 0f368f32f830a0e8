/*
 * intern.h - small ids for values that come again and again: equal values have equal ids.
 *
 * A value is `size` bytes without padding, the same for the whole table; id 0 is the value of zeros and is always there.
 *
 * limits     32,768 values beside it; what has no room, or no memory, has id 0
 * ownership  {.size = n} is empty; sx_intern_free when done
 * threads    one at a time
 * cost       O(1)
 */
#pragma once

#include <sextant/bytes.h>

SX_BEGIN

enum { SX_INTERN_SIZE_MAX = 16 };

typedef struct SxIntern {
    size_t size; /* of a value: 1..SX_INTERN_SIZE_MAX */
    uint8_t *items;
    uint16_t *slots; /* ids by hash, 0: free */
    size_t count, room, n_slots; /* count and room leave out id 0 */
} SxIntern;

uint16_t sx_intern(SxIntern *t, const void *value);
/* The value of an id, borrowed until the next sx_intern; zeros for an id that is not there. */
const void *sx_intern_at(const SxIntern *t, uint16_t id);
/* Forget all values; the memory stays. */
void sx_intern_reset(SxIntern *t);
void sx_intern_free(SxIntern *t);

SX_END
