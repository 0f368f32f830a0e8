/*
 * out.c - a ring of aligned blocks between the one who fills them and the one who writes them.
 *
 * Reading into an aligned block and writing it with O_DIRECT costs one copy, where copying through the cache costs two
 * and evicts what others had in it. Blocks begin and end at multiples of ALIGN in the file; what a hole leaves of one
 * is padded with zeros, and the length is set at the end.
 */
#include "document/out.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "document/disk.h"

enum {
    ALIGN = 4096,
    BLOCKS = 3,
    BLOCK_LEN = 4 << 20,
    SMALL_LEN = 64 << 10,   /* block of a file that goes through the cache */
    DIRECT_FROM = 32 << 20, /* bytes; shorter files are wanted in the cache soon */
    HOLE_FROM = 64 << 10,   /* bytes; shorter runs of zeros are written */
    COPY_PART = 64 << 20,   /* bytes that the system copies at once: between two looks for a cancel */
    RESERVE_FROM = 1 << 20, /* bytes; less finds room or not as it is written */
};

typedef struct Block {
    uint8_t *data;
    size_t len;  /* bytes to write */
    uint64_t at; /* in the file */
} Block;

struct Out {
    int fd;
    const char *name;
    bool direct;      /* the writer's; cleared where the file system refuses */
    uint64_t at;      /* of the next byte */
    size_t block_len;
    unsigned blocks;
    Block ring[BLOCKS];
    unsigned filling; /* the block that is filled: starts at a multiple of ALIGN */
    size_t fill;      /* bytes in it */
    bool shares;      /* until the file system refuses */
    bool copies;      /* the system may: what is not written past the cache anyway */

    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock; /* what is below */
    pthread_cond_t turn;
    unsigned full;        /* blocks that wait to be written, the first is `writing` */
    unsigned writing;
    bool stop;
    int errnum; /* of the first write that failed */
};

/* --- writing ------------------------------------------------------------------------------------------------------- */

/* Some file systems take the flag and refuse the writes. */
static bool
write_block(Out *o, const Block *b)
{
    if (write_all(o->fd, sx_bytes(b->data, b->len), b->at))
        return true;
    if (errno != EINVAL || !o->direct)
        return false;
    o->direct = false;
    return fcntl(o->fd, F_SETFL, fcntl(o->fd, F_GETFL) & ~O_DIRECT) == 0 &&
           write_all(o->fd, sx_bytes(b->data, b->len), b->at);
}

static void *
writer(void *data)
{
    Out *o = data;
    pthread_mutex_lock(&o->lock);
    for (;;) {
        while (o->full == 0 && !o->stop)
            pthread_cond_wait(&o->turn, &o->lock);
        if (o->full == 0)
            break;
        Block b = o->ring[o->writing];
        bool skip = o->errnum != 0;
        pthread_mutex_unlock(&o->lock);
        bool written = skip || write_block(o, &b);
        int errnum = errno;
        pthread_mutex_lock(&o->lock);
        if (!written)
            o->errnum = errnum;
        o->writing = (o->writing + 1) % o->blocks;
        o->full--;
        pthread_cond_broadcast(&o->turn);
    }
    pthread_mutex_unlock(&o->lock);
    return NULL;
}

static bool
failed(Out *o, SxError *err)
{
    return sx_fail_errno(err, o->errnum, "%s: not written, stopped at %llu bytes", o->name,
                         (unsigned long long)o->at);
}

/* Wait until at most `most` blocks wait to be written. false: a write has failed */
static bool
wait_for(Out *o, unsigned most, SxError *err)
{
    pthread_mutex_lock(&o->lock);
    while (o->full > most && o->threaded)
        pthread_cond_wait(&o->turn, &o->lock);
    bool done = o->errnum == 0;
    pthread_mutex_unlock(&o->lock);
    return done || failed(o, err);
}

/* Hand the block over, padded; the next one begins where it ends. */
static bool
flush(Out *o, SxError *err)
{
    if (o->fill == 0)
        return true;
    Block *b = &o->ring[o->filling];
    b->len = (o->fill + ALIGN - 1) / ALIGN * ALIGN;
    b->at = o->at - o->fill;
    memset(b->data + o->fill, 0, b->len - o->fill);
    o->fill = 0;
    if (!o->threaded) {
        if (!write_block(o, b))
            o->errnum = errno;
        return o->errnum == 0 || failed(o, err);
    }
    pthread_mutex_lock(&o->lock);
    o->full++;
    pthread_cond_broadcast(&o->turn);
    pthread_mutex_unlock(&o->lock);
    o->filling = (o->filling + 1) % o->blocks;
    return wait_for(o, o->blocks - 1, err);
}

/* --- life ------------------------------------------------------------------------------------------------------------ */

static void
start_writer(Out *o)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    o->threaded = pthread_create(&o->thread, NULL, writer, o) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* A file system whose server copies between its files, so that no byte need come here and go back. */
static bool
is_served(int fd)
{
    static const unsigned types[] = {0x6969 /* NFS */, 0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */,
                                     0x00c36400 /* Ceph */, 0x65735546 /* FUSE */};
    struct statfs fs;
    bool served = false;
    for (size_t i = 0; fstatfs(fd, &fs) == 0 && !served && i < sizeof types / sizeof *types; i++)
        served = (unsigned)fs.f_type == types[i];
    return served;
}

bool
out_new(Out **out, int fd, const char *name, uint64_t length, SxError *err)
{
    Out *o = calloc(1, sizeof *o);
    if (!o)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to write");
    bool large = length >= DIRECT_FROM;
    o->fd = fd;
    o->name = name;
    o->shares = true;
    o->blocks = large ? BLOCKS : 1;
    o->block_len = large ? BLOCK_LEN : SMALL_LEN;
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->turn, NULL);
    for (unsigned i = 0; i < o->blocks; i++) {
        o->ring[i].data = aligned_alloc(ALIGN, o->block_len);
        if (!o->ring[i].data) {
            out_free(o);
            return sx_fail(err, SX_ERR_NOMEM, "no memory to write");
        }
    }
    o->copies = !large || is_served(fd);
    if (large && !o->copies) {
        o->direct = fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_DIRECT) == 0;
    }
    if (large)
        start_writer(o);
    *out = o;
    return true;
}

void
out_free(Out *o)
{
    if (!o)
        return;
    if (o->threaded) {
        pthread_mutex_lock(&o->lock);
        o->stop = true;
        pthread_cond_broadcast(&o->turn);
        pthread_mutex_unlock(&o->lock);
        pthread_join(o->thread, NULL);
    }
    for (unsigned i = 0; i < o->blocks; i++)
        free(o->ring[i].data);
    pthread_mutex_destroy(&o->lock);
    pthread_cond_destroy(&o->turn);
    free(o);
}

/* --- filling ----------------------------------------------------------------------------------------------------------- */

uint64_t
out_at(const Out *o)
{
    return o->at;
}

/* A block begins at a multiple of ALIGN: what is before `at` there is zeros of a hole. */
static void
begin_block(Out *o)
{
    o->fill = (size_t)(o->at % ALIGN);
    memset(o->ring[o->filling].data, 0, o->fill);
}

uint8_t *
out_room(Out *o, size_t *room, SxError *err)
{
    if (o->fill == o->block_len && !flush(o, err))
        return NULL;
    if (o->fill == 0)
        begin_block(o);
    *room = o->block_len - o->fill;
    return o->ring[o->filling].data + o->fill;
}

void
out_put(Out *o, size_t len)
{
    o->fill += len;
    o->at += len;
}

bool
out_bytes(Out *o, SxBytes bytes, SxError *err)
{
    for (size_t done = 0; done < bytes.len;) {
        size_t room;
        uint8_t *to = out_room(o, &room, err);
        if (!to)
            return false;
        size_t n = bytes.len - done < room ? bytes.len - done : room;
        memcpy(to, bytes.data + done, n);
        out_put(o, n);
        done += n;
    }
    return true;
}

static bool
write_zeros(Out *o, uint64_t len, SxError *err)
{
    while (len > 0) {
        size_t room;
        uint8_t *to = out_room(o, &room, err);
        if (!to)
            return false;
        size_t n = len < room ? (size_t)len : room;
        memset(to, 0, n);
        out_put(o, n);
        len -= n;
    }
    return true;
}

uint64_t
out_to_boundary(const Out *o)
{
    return (ALIGN - o->at % ALIGN) % ALIGN;
}

bool
out_zeros(Out *o, uint64_t len, SxError *err)
{
    if (len < HOLE_FROM)
        return write_zeros(o, len, err);
    uint64_t head = out_to_boundary(o);
    uint64_t tail = (o->at + len) % ALIGN;
    if (!write_zeros(o, head, err) || !flush(o, err))
        return false;
    o->at += len - head - tail;
    return write_zeros(o, tail, err);
}

/* The same blocks for both files. */
static uint64_t
clone_range(Out *o, int fd, uint64_t at, uint64_t len)
{
    struct file_clone_range range = {.src_fd = fd, .src_offset = at, .src_length = len, .dest_offset = o->at};
    if (!o->shares || at % ALIGN != 0)
        return 0;
    o->shares = ioctl(o->fd, FICLONERANGE, &range) == 0;
    return o->shares ? len : 0;
}

/* By the system, or by the server that has both files. What it does not do is for the one who writes blocks. */
static uint64_t
copy_range(Out *o, int fd, uint64_t at, uint64_t len)
{
    uint64_t done = 0;
    while (o->copies && done < len) {
        off_t from = (off_t)(at + done), to = (off_t)(o->at + done);
        size_t part = len - done < COPY_PART ? (size_t)(len - done) : COPY_PART;
        ssize_t n = copy_file_range(fd, &from, o->fd, &to, part, 0);
        o->copies = n > 0 || (n < 0 && errno == EINTR);
        done += n > 0 ? (uint64_t)n : 0;
    }
    return done / ALIGN * ALIGN;
}

void
out_share(Out *o, int fd, uint64_t at, uint64_t len, uint64_t *done)
{
    *done = 0;
    len = len / ALIGN * ALIGN;
    if ((!o->shares && !o->copies) || o->at % ALIGN != 0 || len == 0 || !flush(o, NULL) || !wait_for(o, 0, NULL))
        return;
    *done = clone_range(o, fd, at, len);
    if (*done == 0)
        *done = copy_range(o, fd, at, len < COPY_PART ? len : COPY_PART);
    o->at += *done;
}

bool
out_reserve(Out *o, uint64_t len, SxError *err)
{
    if (len < RESERVE_FROM || fallocate(o->fd, FALLOC_FL_KEEP_SIZE, (off_t)o->at, (off_t)len) == 0)
        return true;
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
        return true;
    return sx_fail_errno(err, errno, "%s: not written", o->name);
}

bool
out_finish(Out *o, SxError *err)
{
    uint64_t length = o->at;
    if (!flush(o, err) || !wait_for(o, 0, err))
        return false;
    if (ftruncate(o->fd, (off_t)length) != 0)
        return sx_fail_errno(err, errno, "%s: not written, it cannot be %llu bytes long", o->name,
                             (unsigned long long)length);
    if (o->direct && fcntl(o->fd, F_SETFL, fcntl(o->fd, F_GETFL) & ~O_DIRECT) != 0)
        return sx_fail_errno(err, errno, "%s: not written", o->name);
    return true;
}
