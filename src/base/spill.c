/*
 * spill.c - a temporary file, gone when the process is. By pwrite and pread: a full disk is an error, not a signal.
 */
#include <sextant/spill.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
open_in(const char *directory)
{
    char path[4096];
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return fd;
    if (snprintf(path, sizeof path, "%s/sextant-XXXXXX", directory) >= (int)sizeof path)
        return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

/* /var/tmp before /tmp, which may be memory again. */
static int
open_somewhere(void)
{
    const char *wanted = getenv("TMPDIR");
    int fd = wanted && *wanted == '/' ? open_in(wanted) : -1;
    if (fd < 0)
        fd = open_in("/var/tmp");
    return fd >= 0 ? fd : open_in("/tmp");
}

bool
sx_spill_put(SxSpill *s, uint64_t at, const void *data, size_t len)
{
    if (s->fd < 0 && !s->failed)
        s->fd = open_somewhere();
    s->failed = s->failed || s->fd < 0;
    for (size_t done = 0; done < len && !s->failed;) {
        ssize_t n = pwrite(s->fd, (const char *)data + done, len - done, (off_t)(at + done));
        if (n < 0 && errno == EINTR)
            continue;
        s->failed = n <= 0;
        done += n > 0 ? (size_t)n : 0;
    }
    return !s->failed;
}

bool
sx_spill_get(const SxSpill *s, uint64_t at, void *out, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = pread(s->fd, (char *)out + done, len - done, (off_t)(at + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

void
sx_spill_close(SxSpill *s)
{
    if (s->fd >= 0)
        close(s->fd);
    *s = sx_spill_none();
}
