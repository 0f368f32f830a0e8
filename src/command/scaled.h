/* scaled.h - a * b / c without overflow on the way, for rows of the map and per cents. */
#pragma once

#include <stdint.h>

__extension__ typedef unsigned __int128 Wide;

/* c > 0; the result must fit, which it does where b <= c. */
static inline uint64_t
scaled(uint64_t a, uint64_t b, uint64_t c)
{
    return (uint64_t)((Wide)a * b / c);
}

/* How much of `total` is `done`; 0 of 0 is 0. */
static inline unsigned
per_cent(uint64_t done, uint64_t total)
{
    return total ? (unsigned)scaled(100, done < total ? done : total, total) : 0;
}
