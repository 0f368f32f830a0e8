/*
 * disk.c - loops around pread and pwrite, and the clock beside them.
 */
#include "document/disk.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

enum {
    PART = 1 << 30, /* Linux moves at most 2 GiB - 4 KiB at once */
    SLOW_TIMES = 3,
    SLOW_NS = 16000000,   /* the screen's budget */
    SLOW_PER_KIB = 16000, /* what a long write may take beyond it: 64 MB/s */
    HUNG_NS = 1000000000,
};

bool
write_all(int fd, SxBytes bytes, uint64_t at)
{
    for (size_t done = 0; done < bytes.len;) {
        size_t part = bytes.len - done < PART ? bytes.len - done : PART;
        ssize_t n = pwrite(fd, bytes.data + done, part, (off_t)(at + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        done += (size_t)n;
    }
    return true;
}

bool
read_all(int fd, void *buf, size_t len, uint64_t at)
{
    for (size_t done = 0; done < len;) {
        size_t part = len - done < PART ? len - done : PART;
        ssize_t n = pread(fd, (uint8_t *)buf + done, part, (off_t)(at + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        done += (size_t)n;
    }
    return true;
}

uint64_t
patience_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

bool
patience_lost(Patience *p, uint64_t took, uint64_t len)
{
    uint64_t allowed = SLOW_NS + len / 1024 * SLOW_PER_KIB;
    if (took <= allowed) {
        p->slow = 0;
        return false;
    }
    return ++p->slow >= SLOW_TIMES || took > allowed + HUNG_NS;
}
