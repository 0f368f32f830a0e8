/*
 * scan.h - skipping to the next place where a fixed pattern may begin, by two rare bytes of each of its rows.
 */
#pragma once

#include "search/fixed.h"

/* Two places of a row and what must stand there under a mask. */
typedef struct Probe {
    size_t at[2];
    uint8_t mask[2];
    uint8_t value[2];
} Probe;

typedef struct Scan {
    Probe probe[FIXED_MAX];
    size_t probes; /* 0: every place must be looked at */
    size_t reach;  /* the furthest byte that a probe looks at */
} Scan;

/* Choose the probes by how rare bytes are in files of all kinds. O(rows). */
void scan_prepare(Scan *scan, const Fixed *f);

enum { SCAN_BLOCK = 32 };

/*
 * The first block of places, from `at` on, with one that is worth a test and lies before `limit`: bit i of `marks` is the
 * i-th of it. Returns `limit` when there is none. Reads data[0..len) only.
 */
size_t scan_marks(const Scan *scan, const uint8_t *data, size_t len, size_t at, size_t limit, uint32_t *marks);
/* The first place in [at, limit) that is worth a test, or `limit`. */
size_t scan_next(const Scan *scan, const uint8_t *data, size_t len, size_t at, size_t limit);
