/*
 * identity.c - asking a file who it is, cheaply enough for the first keystroke.
 */
#include "document/identity.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "document/digest.h"

Identity
identity_of_stat(const struct stat *st)
{
    return (Identity){
        .device = st->st_dev,
        .inode = st->st_ino,
        .size = (uint64_t)st->st_size,
        .mtime = st->st_mtim,
        .ctime = st->st_ctim,
        .mode = st->st_mode,
    };
}

Identity
identity_of_name(const char *path)
{
    struct stat st;
    return path && stat(path, &st) == 0 ? identity_of_stat(&st) : (Identity){0};
}

bool
identity_of(int fd, uint64_t size, Identity *out, SxError *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return sx_fail_errno(err, errno, "cannot look at the file");
    *out = identity_of_stat(&st);
    if (size != IDENTITY_SIZE)
        out->size = size;
    return true;
}

static bool
is_in_memory(int fd)
{
    struct statfs fs;
    return fstatfs(fd, &fs) == 0 && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC);
}

/* Only what is in memory: a file system that cannot tell is asked where it is memory itself. */
static ssize_t
read_now(int fd, uint8_t *buf, size_t len, uint64_t at)
{
    struct iovec iov = {buf, len};
    ssize_t n = preadv2(fd, &iov, 1, (off_t)at, RWF_NOWAIT);
    if (n < 0 && errno == EOPNOTSUPP && is_in_memory(fd))
        return pread(fd, buf, len, (off_t)at);
    return n;
}

void
identity_sample(Identity *id, int fd)
{
    id->n_samples = 0;
    if (!S_ISREG(id->mode))
        return;
    uint64_t last = id->size > SAMPLE_LEN ? id->size - SAMPLE_LEN : 0;
    const uint64_t places[SAMPLES] = {0, last / 2, last};
    for (size_t i = 0; i < SAMPLES; i++) {
        uint8_t buf[SAMPLE_LEN];
        uint64_t len = id->size < SAMPLE_LEN ? id->size : SAMPLE_LEN;
        if (len == 0 || (i > 0 && places[i] == places[i - 1]))
            continue;
        ssize_t n = read_now(fd, buf, len, places[i]);
        if (n == (ssize_t)len)
            id->samples[id->n_samples++] = (Sample){places[i], (uint32_t)len, digest(0, sx_bytes(buf, len))};
    }
}

bool
identity_samples_match(const Identity *id, int fd)
{
    for (unsigned i = 0; i < id->n_samples; i++) {
        uint8_t buf[SAMPLE_LEN];
        const Sample *s = &id->samples[i];
        if (s->len > SAMPLE_LEN || pread(fd, buf, s->len, (off_t)s->at) != (ssize_t)s->len ||
            digest(0, sx_bytes(buf, s->len)) != s->digest)
            return false;
    }
    return true;
}

static bool
same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

IdentityMatch
identity_compare(const Identity *was, const struct stat *is)
{
    if (was->device != is->st_dev || was->inode != is->st_ino)
        return IDENTITY_OTHER;
    /* ctime says nothing: chmod and link move it, and neither changes a byte. */
    if (S_ISREG(is->st_mode) && was->size != (uint64_t)is->st_size)
        return IDENTITY_WRITTEN;
    return same_time(was->mtime, is->st_mtim) ? IDENTITY_SAME : IDENTITY_WRITTEN;
}

static void
put_time(Wire *w, struct timespec t)
{
    wire_put(w, (uint64_t)t.tv_sec, 8);
    wire_put(w, (uint64_t)t.tv_nsec, 4);
}

static struct timespec
get_time(Unwire *u)
{
    struct timespec t;
    t.tv_sec = (time_t)unwire(u, 8);
    t.tv_nsec = (long)unwire(u, 4);
    return t;
}

void
identity_put(Wire *w, const Identity *id)
{
    wire_put(w, id->device, 8);
    wire_put(w, id->inode, 8);
    wire_put(w, id->size, 8);
    put_time(w, id->mtime);
    put_time(w, id->ctime);
    wire_put(w, id->mode, 4);
    wire_put(w, id->n_samples, 4);
    for (unsigned i = 0; i < id->n_samples; i++) {
        wire_put(w, id->samples[i].at, 8);
        wire_put(w, id->samples[i].len, 4);
        wire_put(w, id->samples[i].digest, 8);
    }
}

/* One after the other: the order in an initialiser is nobody's promise. */
static void
get_sample(Unwire *u, Sample *s)
{
    s->at = unwire(u, 8);
    s->len = (uint32_t)unwire(u, 4);
    s->digest = unwire(u, 8);
}

void
identity_get(Unwire *u, Identity *out)
{
    *out = (Identity){0};
    out->device = unwire(u, 8);
    out->inode = unwire(u, 8);
    out->size = unwire(u, 8);
    out->mtime = get_time(u);
    out->ctime = get_time(u);
    out->mode = (uint32_t)unwire(u, 4);
    uint64_t n = unwire(u, 4);
    if (n > SAMPLES)
        u->failed = true;
    for (; !u->failed && out->n_samples < n; out->n_samples++)
        get_sample(u, &out->samples[out->n_samples]);
}
