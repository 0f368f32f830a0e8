/*
 * backing.h - where the unedited bytes of a map come from: [base, base + size) of a file, or private memory.
 *
 * Two kinds: mapped (mapped.c), for whatever mmap takes, and copied (copied.c), read by pread. A backing
 * never changes its size: resizing and reloading make another one, and the old one lives until its last
 * source and pin go.
 *
 * units      offsets from the start of the backing, spans inside [0, size), never empty
 * threads    everything but store, which has one caller at a time, from any thread
 */
#pragma once

#include "map/file.h"
#include "map/region.h"

#include <sextant/source.h>

typedef struct Backing Backing;

typedef struct BackingOps {
    bool (*pin)(Backing *b, SxSpan span, SxPinUse use, SxPin *out, SxError *err);
    void (*unpin)(Backing *b, SxPin *pin);
    bool (*stale)(Backing *b, const SxPin *pin);
    size_t (*lost)(Backing *b, SxSpan span, SxSpan *out, size_t max);
    void (*peek)(Backing *b, SxSpan span, uint8_t *bytes, uint8_t *states);
    bool (*extent)(Backing *b, uint64_t at, SxExtent *out, SxError *err);
    /* the first offset >= at that can be read and may hold something; size when there is none */
    uint64_t (*data_from)(Backing *b, uint64_t at);
    bool (*sparse)(Backing *b); /* whether there may be holes, or ranges that cannot be read */
    bool (*store)(Backing *b, uint64_t at, SxBytes bytes, SxError *err);
    Region *(*standing)(Backing *b); /* the mapping of all of it, retained; NULL when there is none */
    void (*destroy)(Backing *b);
} BackingOps;

struct Backing {
    const BackingOps *ops;
    atomic_uint refs;
    File *file;    /* NULL: private memory */
    uint64_t base; /* offset in the file of byte 0 */
    uint64_t size; /* bytes */
    bool copies;   /* pins are copies */
};

/* The backing that fits `file` best. `window` is the largest stretch to map at once, 0 for the default. */
bool backing_open(Backing **out, File *file, uint64_t base, uint64_t size, uint64_t window, SxError *err);
/* `size` zero bytes that a child process gets a copy of. */
bool backing_private(Backing **out, uint64_t size, SxError *err);
Backing *backing_retain(Backing *b);
void backing_release(Backing *b);

/* Shared by both kinds. */
bool mapped_open(Backing **out, File *file, uint64_t base, uint64_t size, uint64_t window, SxError *err);
bool copied_open(Backing **out, File *file, uint64_t base, uint64_t size, SxError *err);
/* Store by pwrite, with the old bytes at hand; SX_ERR_LOST where the file has become too short to
 * overwrite. */
bool backing_store(Backing *b, uint64_t at, SxBytes bytes, SxError *err);
/* The extent by SEEK_DATA and SEEK_HOLE; what lies behind the end of the file is LOST. */
void backing_extent(const Backing *b, uint64_t at, bool direct, SxExtent *out);
/* data_from by SEEK_DATA. */
uint64_t backing_data_from(const Backing *b, uint64_t at);
bool backing_sparse(const Backing *b);
/* [at, end) of the backing that a cut file no longer has; empty when it has all. */
SxSpan backing_cut(const Backing *b);
/* The same, and the hole that begins at or goes on behind `at` (empty: none), as far as is known, without asking. */
SxSpan backing_known_cut(const Backing *b);
SxSpan backing_known_hole(const Backing *b, uint64_t at);
/* Ask for all of that anew: the size, and the holes of `span`. */
void backing_look(Backing *b, SxSpan span);
