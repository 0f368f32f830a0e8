/*
 * region.h - one mapping in the address space, known to the SIGBUS handler.
 *
 *      file      |....base............................base + size....|
 *      region        [at ................................ at + len)        whole pages
 *      memory        data                                 data + len
 *
 * Counted: a backing holds those it shows, a pin those it shows, so a mapping is removed when nobody looks
 * any more.
 */
#pragma once

#include "map/damage.h"
#include "map/file.h"

typedef struct Region {
    atomic_uint refs;
    uint8_t *data;
    size_t len;         /* bytes, whole pages */
    uint64_t at;        /* offset in the file of data[0] */
    File *file;         /* NULL: private memory, which nobody can take away */
    Damage *damage;     /* of the backing */
    atomic_bool hurt;   /* zeros stand in some of its pages */
    atomic_bool copied; /* copies, which do not follow the file, stand in some */
    bool heap;          /* the bytes stand behind the struct: there is no mapping */
    struct Slot *slot;
    uint8_t *cold; /* while a file too large for the cache is scanned: mincore of each page before it */
} Region;

/* Map [at, at + len) of the file, rounded out to pages, for reading. Installs the SIGBUS handler when it
 * is first. */
bool region_map(Region **out, File *file, SxSpan span, Damage *damage, SxError *err);
/* `len` zero bytes that only this process sees, readable and writable. */
bool region_private(Region **out, uint64_t len, SxError *err);
/* Zero bytes of the heap in place of a span of the file. NULL: no memory. */
Region *region_memory(File *file, SxSpan span);
Region *region_retain(Region *r);
void region_release(Region *r);

static inline bool
region_holds(const Region *r, SxSpan file_span)
{
    return file_span.at >= r->at && file_span.len <= r->len && file_span.at - r->at <= r->len - file_span.len;
}

static inline uint8_t *
region_byte(const Region *r, uint64_t file_offset)
{
    return r->data + (file_offset - r->at);
}

/*
 * From the handler: put zero pages where the byte at `address` is lost, and record it. False when that fails.
 */
bool region_repair(Region *r, uintptr_t address);

/* Before a long scan of this region: read ahead where it is cold, and, when the file is larger than `keep`
 * bytes, remember what was cached so that region_release can drop what was not. */
void region_scan(Region *r, uint64_t file_len, uint64_t keep);
