/*
 * residency.h - what of a file is in the page cache, so that a scan can leave the cache as it found it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether nearly all of the mapped range is cached: exact where the kernel can count (6.5), else from
 * samples. */
bool residency_warm(int fd, uint64_t at, const uint8_t *data, size_t len);

/* The same, by a sample of each MiB: counting the pages of a warm file takes a twentieth of the time of searching it. */
bool residency_likely(const uint8_t *data, size_t len);

/* Begin to read mapped bytes that are not in the cache, without waiting: for who walks backwards, where
 * the kernel's own reading ahead goes the wrong way. Little cost where they are cached. */
void residency_fetch(const uint8_t *bytes, size_t len);

/* Drop the pages from the cache whose entry in `cached`, as mincore filled it, says they were not there. */
void residency_drop(int fd, uint64_t at, const uint8_t *cached, size_t pages);

/* Files up to this many bytes may stay in the cache after a scan: half of the machine's memory. */
uint64_t residency_keep(void);
