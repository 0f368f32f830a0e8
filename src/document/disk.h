/*
 * disk.h - writing whole blocks at offsets, and how long one waits for it.
 */
#pragma once

#include <sextant/bytes.h>

/* All of it or false with errno; short writes go on, a write of nothing is EIO. */
bool write_all(int fd, SxBytes bytes, uint64_t at);
/* All of it or false with errno; the end of the file before that is EIO. */
bool read_all(int fd, void *buf, size_t len, uint64_t at);

/* Patience with a disk that edits wait for: one slow write is a hiccup of a busy machine, three in a row, or one that
 * hangs, are a slow disk. */
typedef struct Patience {
    unsigned slow; /* slow writes in a row */
} Patience;

uint64_t patience_clock(void); /* nanoseconds */
/* Whether a write of `len` bytes that took `took` nanoseconds was one too many. */
bool patience_lost(Patience *p, uint64_t took, uint64_t len);
