/*
 * file_store.c - reading and writing at absolute offsets of a file, and undoing a write that was cut short.
 */
#include "map/file.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/* Of pread and pwrite Linux refuses offsets beyond 2^63, also for /proc/PID/mem where they are addresses. */
static bool
seek_unsigned(const File *f, uint64_t at)
{
    errno = 0;
    return lseek(f->fd, (off_t)at, SEEK_SET) != -1 || errno == 0;
}

static size_t
at_once(size_t len)
{
    enum { MOST = 1 << 30 };
    return len < MOST ? len : MOST;
}

ssize_t
file_read_at(const File *f, uint64_t at, void *buf, size_t len)
{
    for (;;) {
        ssize_t n;
        if (at <= INT64_MAX)
            n = pread(f->fd, buf, at_once(len), (off_t)at);
        else
            n = seek_unsigned(f, at) ? read(f->fd, buf, at_once(len)) : -1;
        if (n >= 0 || errno != EINTR)
            return n;
    }
}

ssize_t
file_write_at(const File *f, uint64_t at, const void *buf, size_t len)
{
    for (;;) {
        ssize_t n;
        if (at <= INT64_MAX)
            n = pwrite(f->fd, buf, at_once(len), (off_t)at);
        else
            n = seek_unsigned(f, at) ? write(f->fd, buf, at_once(len)) : -1;
        if (n >= 0 || errno != EINTR)
            return n;
    }
}

/* How many bytes went out before the failure; errno tells why when it is fewer than asked. */
static size_t
write_all(const File *f, uint64_t at, SxBytes bytes)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t n = file_write_at(f, at + done, bytes.data + done, bytes.len - done);
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            break;
        }
        done += (size_t)n;
    }
    return done;
}

bool
file_store(File *f, uint64_t at, SxBytes bytes, const uint8_t *old, SxError *err)
{
    SxSpan span = {at, bytes.len};
    writes_note(&f->writes, span);
    size_t done = write_all(f, at, bytes);
    int why = errno;
    known_data(&f->known, span);
    size_t back = done < bytes.len && old ? write_all(f, at, sx_bytes(old, done)) : 0;
    writes_note(&f->writes, span);
    if (done == bytes.len)
        return true;
    if (back < done)
        return sx_fail_errno(err, why,
                             "cannot write to '%s', and %zu bytes at 0x%" PRIx64
                             " could not be put back as they were",
                             f->name, done - back, at + back);
    return sx_fail_errno(err, why,
                         done ? "cannot write to '%s'; the bytes written so far were put back as they were"
                              : "cannot write to '%s'",
                         f->name);
}

void
writes_note(Writes *w, SxSpan span)
{
    /* One writer at a time per map; two maps that share a File would only mix up whose store was older. */
    unsigned i = atomic_load(&w->count);
    atomic_store(&w->last[i % WRITES_KEPT].at, span.at);
    atomic_store(&w->last[i % WRITES_KEPT].end, sx_span_end(span));
    atomic_store(&w->count, i + 1);
}

bool
writes_crossed(const Writes *w, unsigned since, SxSpan span)
{
    unsigned now = atomic_load(&w->count);
    if (now - since >= WRITES_KEPT)
        return now != since;
    for (unsigned i = since; i != now; i++) {
        uint64_t at = atomic_load(&w->last[i % WRITES_KEPT].at);
        uint64_t end = atomic_load(&w->last[i % WRITES_KEPT].end);
        if (at < sx_span_end(span) && span.at < end)
            return true;
    }
    return false;
}
