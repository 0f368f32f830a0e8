/*
 * spill.h - blocks of memory put away in a file that has no name, for when there is much of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Spill {
    int fd;      /* -1: none yet */
    bool failed; /* there is none to be had, or it is full: keep the rest in memory */
} Spill;

static inline Spill
spill_none(void)
{
    return (Spill){.fd = -1};
}

/* Writes at `at`; false: nothing was put away. */
bool spill_put(Spill *s, uint64_t at, const void *data, size_t len);
/* Reads what was put there; false: it cannot be read. */
bool spill_get(const Spill *s, uint64_t at, void *out, size_t len);
void spill_close(Spill *s);
