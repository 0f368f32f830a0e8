/*
 * stream.c - a pipe read into a memory file, which moves to the disk when it becomes large. What has come may be mapped
 * while the rest is on its way: a map shows what there was when it was made.
 */
#include "map/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum {
    BLOCK = 256 << 10,
    IN_MEMORY = 64 << 20, /* beyond this it goes to the disk */
    ASK = 20,             /* milliseconds between two questions about cancel */
};

struct SxStream {
    atomic_uint refs;
    int from;
    pthread_mutex_t lock;    /* over `to`, which may become another file */
    int to;
    _Atomic uint64_t length; /* written by the one who pours */
    _Atomic uint64_t limit;  /* where pouring waits */
    bool on_disk;
    char *name;
    SxJob *job;
    uint8_t *block;
};

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
move_to_disk(SxStream *s)
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
    pthread_mutex_lock(&s->lock);
    close(s->to);
    s->to = disk;
    pthread_mutex_unlock(&s->lock);
}

static bool
keep(SxStream *s, size_t len, SxError *err)
{
    if (!s->on_disk && s->length + len > IN_MEMORY)
        move_to_disk(s);
    for (size_t done = 0; done < len;) {
        ssize_t n = pwrite(s->to, s->block + done, len - done, (off_t)(s->length + done));
        if (n < 0 && errno != EINTR)
            return sx_fail_errno(err, errno, "no room to keep what comes from '%s'", s->name);
        done += n > 0 ? (size_t)n : 0;
    }
    atomic_store(&s->length, s->length + len);
    sx_job_advance(s->job, len);
    return true;
}

/* Until the end, or the cancel, which keeps what came. */
static bool
pour(SxStream *s, SxError *err)
{
    while (!sx_job_cancelled(s->job)) {
        if (s->length >= atomic_load(&s->limit)) {
            poll(NULL, 0, ASK);
            continue;
        }
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

bool
sx_stream_pour(SxStream *s, SxJob *job, SxError *err)
{
    s->job = job;
    bool done = pour(s, err);
    s->job = NULL;
    if (done)
        (void)fcntl(s->to, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW); /* a file on disk has no seals */
    return done;
}

void
sx_stream_limit(SxStream *s, uint64_t bytes)
{
    atomic_store(&s->limit, bytes);
}

uint64_t
sx_stream_length(SxStream *s)
{
    return atomic_load(&s->length);
}

bool
sx_stream_new(SxStream **out, int fd, const char *name, SxError *err)
{
    SxStream *s = calloc(1, sizeof *s);
    if (!s)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read '%s'", name);
    atomic_init(&s->refs, 1);
    atomic_init(&s->limit, UINT64_MAX);
    pthread_mutex_init(&s->lock, NULL);
    s->from = fd;
    s->name = strdup(name);
    s->block = malloc(BLOCK);
    s->to = memfd_create("sextant", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    bool done = s->to < 0                ? sx_fail_errno(err, errno, "cannot make memory for '%s'", name)
                : !s->block || !s->name ? sx_fail(err, SX_ERR_NOMEM, "no memory to read '%s'", name)
                                        : true;
    if (done)
        *out = s;
    else
        sx_stream_release(s);
    return done;
}

SxStream *
sx_stream_retain(SxStream *s)
{
    atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void
sx_stream_release(SxStream *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (s->to >= 0)
        close(s->to);
    pthread_mutex_destroy(&s->lock);
    free(s->block);
    free(s->name);
    free(s);
}

/* The spool as a file of the map's own. */
static bool
spooled(SxStream *s, File **out, uint64_t *length, SxError *err)
{
    pthread_mutex_lock(&s->lock);
    *length = sx_stream_length(s);
    int fd = fcntl(s->to, F_DUPFD_CLOEXEC, 3);
    int errnum = errno;
    pthread_mutex_unlock(&s->lock);
    return fd < 0 ? sx_fail_errno(err, errnum, "cannot read '%s'", s->name)
                  : file_spooled(out, fd, s->name, SX_KIND_STREAM, err);
}

bool
sx_stream_map(SxStream *s, SxMap **out, SxError *err)
{
    File *file;
    Backing *backing;
    uint64_t length;
    SxMap *m = calloc(1, sizeof *m);
    if (!m)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read '%s'", s->name);
    if (!spooled(s, &file, &length, err)) {
        free(m);
        return false;
    }
    bool opened = backing_open(&backing, file, 0, length, 0, err);
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

bool
sx_map_open_stream(SxMap **out, int fd, const char *name, SxJob *job, SxError *err)
{
    SxStream *s;
    if (!sx_stream_new(&s, fd, name, err))
        return false;
    bool done = sx_stream_pour(s, job, err) && sx_stream_map(s, out, err);
    sx_stream_release(s);
    return done;
}
