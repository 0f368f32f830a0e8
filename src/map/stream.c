/*
 * stream.c - a pipe read to its end into a memory file, which moves to the disk when it becomes large.
 */
#include "map/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum {
    BLOCK = 256 << 10,
    IN_MEMORY = 64 << 20, /* beyond this it goes to the disk */
    ASK = 20,             /* milliseconds between two questions about cancel */
};

typedef struct Spool {
    int from;
    int to;
    uint64_t length;
    bool on_disk;
    const char *name;
    SxJob *job;
    uint8_t *block;
} Spool;

/* A nameless file on a disk: /var/tmp is one more often than /tmp. -1: nowhere. */
static int
disk_file(void)
{
    const char *places[] = {"/var/tmp", getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int fd = places[i] ? open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
        if (fd >= 0)
            return fd;
    }
    return -1;
}

/* Where there is no disk to go to, memory has to do. */
static void
move_to_disk(Spool *s)
{
    s->on_disk = true;
    int disk = disk_file();
    if (disk < 0)
        return;
    off_t at = 0;
    while ((uint64_t)at < s->length)
        if (sendfile(disk, s->to, &at, (size_t)(s->length - (uint64_t)at)) <= 0)
            break;
    if ((uint64_t)at < s->length) {
        close(disk);
        return;
    }
    close(s->to);
    s->to = disk;
}

static bool
keep(Spool *s, size_t len, SxError *err)
{
    if (!s->on_disk && s->length + len > IN_MEMORY)
        move_to_disk(s);
    for (size_t done = 0; done < len;) {
        ssize_t n = pwrite(s->to, s->block + done, len - done, (off_t)(s->length + done));
        if (n < 0 && errno != EINTR)
            return sx_fail_errno(err, errno, "no room to keep what comes from '%s'", s->name);
        done += n > 0 ? (size_t)n : 0;
    }
    s->length += len;
    sx_job_advance(s->job, len);
    return true;
}

/* Until the end, or the cancel, which keeps what came. */
static bool
pour(Spool *s, SxError *err)
{
    while (!sx_job_cancelled(s->job)) {
        struct pollfd ready = {.fd = s->from, .events = POLLIN};
        int count = poll(&ready, 1, s->job ? ASK : -1);
        if (count == 0 || (count < 0 && errno == EINTR))
            continue;
        ssize_t n = read(s->from, s->block, BLOCK);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return sx_fail_errno(err, errno, "cannot read from '%s'", s->name);
        if (n > 0 && !keep(s, (size_t)n, err))
            return false;
    }
    return true;
}

static bool
spool(Spool *s, SxError *err)
{
    s->to = memfd_create("sextant", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    s->block = malloc(BLOCK);
    bool done = s->to < 0   ? sx_fail_errno(err, errno, "cannot make memory for '%s'", s->name)
                : !s->block ? sx_fail(err, SX_ERR_NOMEM, "no memory to read '%s'", s->name)
                            : pour(s, err);
    free(s->block);
    if (done)
        (void)fcntl(s->to, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW); /* a file on disk has no seals */
    else if (s->to >= 0)
        close(s->to);
    return done;
}

bool
sx_map_open_stream(SxMap **out, int fd, const char *name, SxJob *job, SxError *err)
{
    Spool s = {.from = fd, .to = -1, .name = name, .job = job};
    File *file;
    Backing *backing;
    SxMap *m = calloc(1, sizeof *m);
    if (!m)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read '%s'", name);
    if (!spool(&s, err) || !file_spooled(&file, s.to, name, SX_KIND_STREAM, err)) {
        free(m);
        return false;
    }
    bool opened = backing_open(&backing, file, 0, s.length, 0, err);
    file_release(file);
    if (!opened) {
        free(m);
        return false;
    }
    m->access = SX_ACCESS_READ;
    m->kind = SX_KIND_STREAM;
    map_show(m, backing);
    *out = m;
    return true;
}
