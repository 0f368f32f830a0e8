/*
 * holes.c - where the holes of a mapped file are: by SEEK_HOLE on disks, by mincore in memory.
 */
#include "map/holes.h"

#include "map/page.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file that was found to have none is not asked again before each pin: holes that others punch later are read like data.
 * One that had some may be full by now. */
bool
holes_any(File *f)
{
    uint64_t size;
    return f->own_offset && (f->memory || f->kind == SX_KIND_FILE) && atomic_load(&f->known.sparse) &&
           file_size_now(f, &size) && atomic_load(&f->known.sparse);
}

/* Where in the region the next data, or the next hole, begins; its length when there is none. -1: nobody
 * knows. */
static ssize_t
seek_in(const Region *r, size_t at, int whence)
{
    off_t found = lseek(r->file->fd, (off_t)(r->at + at), whence);
    if (found < 0)
        return errno == ENXIO ? (ssize_t)r->len : -1;
    uint64_t in = (uint64_t)found - r->at;
    return in < r->len ? (ssize_t)in : (ssize_t)r->len;
}

/* SEEK_HOLE in memory looks at every page up to the next hole, however far; pages that are there need no
 * question. */
static size_t
skip_present(const Region *r, size_t at, size_t to)
{
    enum { BATCH = 1024 };
    unsigned char there[BATCH];
    size_t page = (size_t)page_size();
    while (at < to) {
        size_t pages = (to - at + page - 1) / page < BATCH ? (to - at + page - 1) / page : BATCH;
        if (mincore(r->data + at, pages * page, there) != 0)
            return to;
        for (size_t i = 0; i < pages; i++, at += page)
            if (!(there[i] & 1))
                return at;
    }
    return to;
}

/* The first hole of whole pages in [at, to) of the region; empty when there is none. */
static SxSpan
next_hole(const Region *r, size_t at, size_t to)
{
    size_t page = (size_t)page_size();
    while (at < to) {
        if (r->file->in_memory)
            at = skip_present(r, at, to);
        else
            at = (size_t)page_up((uint64_t)seek_in(r, at, SEEK_HOLE));
        if (at >= to)
            break;
        ssize_t data = seek_in(r, at, SEEK_DATA);
        if (data < 0)
            break;
        size_t end = (size_t)data == r->len ? r->len : (size_t)page_down((uint64_t)data);
        if (end > at)
            return sx_span(at, end);
        at += page;
    }
    return (SxSpan){to, 0};
}

bool
holes_in(const Region *r, SxSpan file_span)
{
    size_t from = (size_t)(page_down(file_span.at) - r->at),
           to = (size_t)(page_up(sx_span_end(file_span)) - r->at);
    return next_hole(r, from, to).len > 0;
}

void
holes_fetch(const File *f, SxSpan file_span)
{
    enum { MOST = 4 << 20 };
    if (!f->in_memory && file_span.len <= MOST)
        (void)posix_fadvise(f->fd, (off_t)file_span.at, (off_t)file_span.len, POSIX_FADV_WILLNEED);
}

void
holes_cover(Region *r)
{
    for (SxSpan hole = {0, 0}; (hole = next_hole(r, (size_t)sx_span_end(hole), r->len)).len > 0;)
        if (mmap(r->data + hole.at, hole.len, PROT_READ,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) == MAP_FAILED)
            return; /* no more mappings to be had: the rest is read as it is */
}

/* Reads [from, to) of the file; false also where it ends before by now: a mapping notes what a cut took. */
static bool
read_data(const File *f, uint64_t from, uint64_t to, uint8_t *out)
{
    while (from < to) {
        ssize_t n = file_read_at(f, from, out, (size_t)(to - from));
        if (n <= 0)
            return false;
        out += n;
        from += (uint64_t)n;
    }
    return true;
}

Region *
holes_copy(File *f, SxSpan file_span)
{
    uint64_t at = file_span.at, end = sx_span_end(file_span);
    off_t hole = lseek(f->fd, (off_t)at, SEEK_HOLE);
    if (f->in_memory || hole < 0 || (uint64_t)hole >= end)
        return NULL;
    Region *r = region_memory(f, file_span);
    while (r && at < end) {
        off_t data = lseek(f->fd, (off_t)at, SEEK_DATA);
        if (data < 0 ? errno == ENXIO : (uint64_t)data >= end)
            break;
        off_t to = data < 0 ? -1 : lseek(f->fd, data, SEEK_HOLE);
        uint64_t stop = (uint64_t)to < end ? (uint64_t)to : end;
        if (to < 0 || !read_data(f, (uint64_t)data, stop, region_byte(r, (uint64_t)data))) {
            region_release(r);
            return NULL;
        }
        at = stop;
    }
    return r;
}
