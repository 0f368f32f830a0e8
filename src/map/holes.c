/*
 * holes.c - mincore tells which pages there are; SEEK_DATA whether one that is not there is a hole or swapped out.
 */
#include "map/holes.h"

#include "map/page.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
sparse(const File *f)
{
    struct stat st;
    return f->in_memory && f->own_offset && fstat(f->fd, &st) == 0 && st.st_blocks * 512 < st.st_size;
}

/* The hole that begins at page offset `at` of the region: its length, whole pages, 0 when that page holds data. */
static size_t
hole_at(const Region *r, size_t at)
{
    off_t data = lseek(r->file->fd, (off_t)(r->at + at), SEEK_DATA);
    if (data < 0)
        return errno == ENXIO ? r->len - at : 0;
    uint64_t len = page_down((uint64_t)data) - (r->at + at);
    return len < r->len - at ? (size_t)len : r->len - at;
}

typedef bool OnHole(const Region *r, size_t at, size_t len);

/* Calls for each hole that begins in [from, to) of the region, until the call says stop. */
static bool
each_hole(const Region *r, size_t from, size_t to, OnHole *call)
{
    enum { BATCH = 1024 };
    unsigned char there[BATCH];
    size_t page = (size_t)page_size();
    for (size_t at = from; at < to;) {
        size_t pages = (to - at) / page < BATCH ? (to - at) / page : BATCH, i = 0;
        if (pages == 0 || mincore(r->data + at, pages * page, there) != 0)
            return false;
        while (i < pages && (there[i] & 1))
            i++;
        at += i * page;
        if (i == pages)
            continue;
        size_t len = hole_at(r, at);
        if (len > 0 && call(r, at, len))
            return true;
        at += len > 0 ? len : page;
    }
    return false;
}

static bool
found(const Region *r, size_t at, size_t len)
{
    (void)r, (void)at, (void)len;
    return true;
}

static bool
cover(const Region *r, size_t at, size_t len)
{
    return mmap(r->data + at, len, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) ==
           MAP_FAILED;
}

bool
holes_in(const Region *r, SxSpan file_span)
{
    return r->file && sparse(r->file) && each_hole(r, (size_t)(page_down(file_span.at) - r->at),
                                                   (size_t)(page_up(sx_span_end(file_span)) - r->at), found);
}

void
holes_cover(Region *r)
{
    (void)each_hole(r, 0, r->len, cover);
}
