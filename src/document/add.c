/*
 * add.c - chunks that double in size, each a mapped file or anonymous memory; the table of them never moves, so
 * readers need no lock. Offsets are those of the add buffer.
 *
 * Bytes become visible to other threads with whatever published their offset (the tree's root); `base` and `used` are
 * atomic besides, so that a reader may probe offsets that nobody gave it.
 */
#include "document/add.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/disk.h"

enum {
    CHUNK_DEFAULT = 64 << 10,
    CHUNKS = 64,
};

typedef struct Chunk {
    _Atomic(uint8_t *) base; /* NULL: not there */
    _Atomic uint64_t used;   /* bytes appended */
    uint64_t capacity;       /* bytes of address space behind base */
    int fd;                  /* -1: memory; set before base, later only changed under both locks */
    uint64_t synced;         /* bytes known to be on the disk; as fd */
} Chunk;

struct Add {
    atomic_uint count;
    size_t chunk;           /* capacity of chunk 0 */
    unsigned current;       /* the chunk that is appended to */
    Patience patience;      /* with the disk */
    bool files;             /* appends go to files in `dir` */
    int dir;                /* -1: none; changes under both locks */
    atomic_uint names;      /* files made in dir */
    unsigned names_synced;  /* of these, known to be on the disk; under sync_lock */
    _Atomic uint64_t size;  /* offset behind the last append */
    pthread_mutex_t lock;   /* appending; never held while a disk is waited for, but by the append itself */
    pthread_mutex_t sync_lock; /* syncing; taken after `lock` where both are */
    atomic_bool unprotected;
    uint64_t limit; /* bytes in files, 0: none */
    SxError why; /* written before `unprotected` is set, once */
    Chunk chunks[CHUNKS];
};

/* --- where a chunk lies ------------------------------------------------------------------------------------------ */

static unsigned
index_of(const Add *a, uint64_t at)
{
    return 63u - (unsigned)__builtin_clzll(at / a->chunk + 1);
}

static uint64_t
begin_of(const Add *a, unsigned k)
{
    return a->chunk * ((UINT64_C(1) << k) - 1);
}

/* false: no offset reaches so far */
static bool
capacity_of(const Add *a, unsigned k, uint64_t *capacity)
{
    uint64_t end;
    return k < CHUNKS - 1 && !__builtin_mul_overflow((uint64_t)a->chunk, UINT64_C(1) << k, capacity) &&
           !__builtin_mul_overflow((uint64_t)a->chunk, (UINT64_C(1) << (k + 1)) - 1, &end) &&
           *capacity <= SIZE_MAX / 2;
}

/* --- files --------------------------------------------------------------------------------------------------------- */

static void
chunk_name(char name[32], unsigned k)
{
    snprintf(name, 32, "data.%u", k);
}

/* From now on in memory. The first reason is the one that is told. */
static void
unprotect(Add *a, int errnum, const char *what)
{
    a->files = false;
    if (atomic_load(&a->unprotected))
        return;
    if (errnum)
        sx_fail_errno(&a->why, errnum, "%s", what);
    else
        sx_fail(&a->why, SX_ERR_IO, "%s", what);
    atomic_store(&a->unprotected, true);
}

/* Make data.k and show it in memory, at `where` unless that is NULL. */
static bool
chunk_file(Add *a, unsigned k, uint64_t capacity, void *where, int *fd, void **base)
{
    char name[32];
    chunk_name(name, k);
    *fd = openat(a->dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd < 0)
        return false;
    *base = mmap(where, capacity, PROT_READ, MAP_SHARED | (where ? MAP_FIXED : 0), *fd, 0);
    if (*base != MAP_FAILED)
        return true;
    int saved = errno;
    close(*fd);
    unlinkat(a->dir, name, 0);
    errno = saved;
    return false;
}

static bool
chunk_memory(uint64_t capacity, int *fd, void **base)
{
    *fd = -1;
    *base = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return *base != MAP_FAILED;
}

/* --- life ---------------------------------------------------------------------------------------------------------- */

static Add *
add_blank(size_t chunk)
{
    Add *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    atomic_init(&a->count, 1);
    a->chunk = chunk ? chunk : CHUNK_DEFAULT;
    a->dir = -1;
    pthread_mutex_init(&a->lock, NULL);
    pthread_mutex_init(&a->sync_lock, NULL);
    for (unsigned k = 0; k < CHUNKS; k++)
        a->chunks[k].fd = -1;
    return a;
}

bool
add_new(Add **out, const char *dir, size_t chunk, SxError *err)
{
    Add *a = add_blank(chunk);
    if (!a)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for new bytes");
    if (dir && !add_attach(a, dir, err)) {
        add_release(a);
        return false;
    }
    *out = a;
    return true;
}

Add *
add_retain(Add *a)
{
    if (a)
        atomic_fetch_add(&a->count, 1);
    return a;
}

void
add_release(Add *a)
{
    if (!a || atomic_fetch_sub(&a->count, 1) != 1)
        return;
    for (unsigned k = 0; k < CHUNKS; k++) {
        Chunk *c = &a->chunks[k];
        if (c->base)
            munmap(c->base, c->capacity);
        if (c->fd >= 0)
            close(c->fd);
    }
    if (a->dir >= 0)
        close(a->dir);
    pthread_mutex_destroy(&a->lock);
    pthread_mutex_destroy(&a->sync_lock);
    free(a);
}

/* --- moving between memory and files ----------------------------------------------------------------------------------- */

/* Write chunk k to its file in the new directory and put the file's pages where the bytes were: readers keep their
 * pointers and the memory is given back. */
static bool
chunk_to_file(Add *a, unsigned k)
{
    Chunk *c = &a->chunks[k];
    char name[32];
    chunk_name(name, k);
    int fd = openat(a->dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    void *base = MAP_FAILED;
    if (write_all(fd, sx_bytes(c->base, c->used), 0))
        base = mmap(c->base, c->capacity, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
    if (base == MAP_FAILED) {
        int saved = errno;
        close(fd);
        errno = saved;
        return false;
    }
    if (c->fd >= 0)
        close(c->fd);
    c->fd = fd;
    c->synced = 0;
    return true;
}

/* Chunks that stand in their new files already stay there when a later one fails: what is read is the same. */
static bool
chunks_to_files(Add *a)
{
    for (unsigned k = 0; k < CHUNKS; k++)
        if (a->chunks[k].base && a->chunks[k].used > 0 && !chunk_to_file(a, k))
            return false;
    return true;
}

/* The chunk that is appended to may be one of memory that nothing was written to: it cannot become a file later. */
static void
drop_unused(Add *a)
{
    for (unsigned k = 0; k < CHUNKS; k++) {
        Chunk *c = &a->chunks[k];
        if (!c->base || c->used > 0)
            continue;
        munmap(c->base, c->capacity);
        if (c->fd >= 0)
            close(c->fd);
        c->fd = -1;
        c->base = NULL;
    }
}

bool
add_attach(Add *a, const char *dir, SxError *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return sx_fail_errno(err, errno, "cannot keep new bytes in '%s'", dir);
    pthread_mutex_lock(&a->lock);
    pthread_mutex_lock(&a->sync_lock);
    if (a->dir >= 0)
        close(a->dir);
    a->dir = fd;
    drop_unused(a);
    bool done = chunks_to_files(a);
    if (done) {
        a->files = true;
        atomic_fetch_add(&a->names, 1);
        a->patience = (Patience){0};
        atomic_store(&a->unprotected, false);
    } else {
        int errnum = errno;
        sx_fail_errno(err, errnum, "cannot keep new bytes in '%s'", dir);
        unprotect(a, errnum, "cannot write new bytes");
    }
    pthread_mutex_unlock(&a->sync_lock);
    pthread_mutex_unlock(&a->lock);
    return done;
}

void
add_detach(Add *a)
{
    pthread_mutex_lock(&a->lock);
    pthread_mutex_lock(&a->sync_lock);
    drop_unused(a);
    a->files = false;
    atomic_store(&a->unprotected, false);
    pthread_mutex_unlock(&a->sync_lock);
    pthread_mutex_unlock(&a->lock);
}

/* --- appending --------------------------------------------------------------------------------------------------------- */

/* A chunk is appended to when it is of the kind that appends go to now. */
static bool
chunk_takes(const Add *a, unsigned k, uint64_t len)
{
    const Chunk *c = &a->chunks[k];
    return c->base && (c->fd >= 0) == a->files && len <= c->capacity - c->used;
}

/* Make chunk k, as a file where files are written, else in memory. false: errno */
static bool
chunk_make(Add *a, unsigned k, uint64_t capacity)
{
    Chunk *c = &a->chunks[k];
    int fd = -1;
    void *base = NULL;
    if (a->files && !chunk_file(a, k, capacity, NULL, &fd, &base))
        unprotect(a, errno, "cannot make a file for new bytes");
    if (!a->files && !chunk_memory(capacity, &fd, &base))
        return false;
    c->capacity = capacity;
    c->fd = fd;
    c->synced = 0;
    if (fd >= 0)
        atomic_fetch_add(&a->names, 1);
    atomic_store_explicit(&c->base, base, memory_order_release);
    return true;
}

/* The chunk that the next `len` bytes go to; makes it. false: no memory, or no offsets left */
static bool
chunk_for(Add *a, uint64_t len, unsigned *out)
{
    unsigned k = a->current;
    while (!chunk_takes(a, k, len)) {
        uint64_t capacity;
        if (!capacity_of(a, k, &capacity)) {
            errno = ENOMEM;
            return false;
        }
        if (!a->chunks[k].base && capacity >= len) {
            if (!chunk_make(a, k, capacity))
                return false;
            break;
        }
        k++;
    }
    *out = k;
    return true;
}

/* false: the chunk is a file that did not take them; appends go to memory now */
static bool
chunk_store(Add *a, unsigned k, SxBytes bytes)
{
    Chunk *c = &a->chunks[k];
    if (c->fd < 0) {
        memcpy(c->base + c->used, bytes.data, bytes.len);
    } else {
        uint64_t began = patience_clock();
        if (!write_all(c->fd, bytes, c->used)) {
            unprotect(a, errno, "cannot write new bytes");
            return false;
        }
        if (patience_lost(&a->patience, patience_clock() - began, bytes.len))
            unprotect(a, 0, "the disk of the journal is too slow");
    }
    atomic_store_explicit(&c->used, c->used + bytes.len, memory_order_release);
    a->current = k;
    return true;
}

bool
add_append(Add *a, SxBytes bytes, uint64_t *at, SxError *err)
{
    pthread_mutex_lock(&a->lock);
    unsigned k = a->current;
    bool stored = bytes.len == 0;
    uint64_t offset = atomic_load(&a->size);
    if (a->files && a->limit > 0 && offset + bytes.len > a->limit)
        unprotect(a, 0, "the journal is as large as it may be");
    while (!stored && chunk_for(a, bytes.len, &k)) {
        offset = begin_of(a, k) + a->chunks[k].used;
        stored = chunk_store(a, k, bytes);
    }
    if (stored) {
        atomic_store(&a->size, offset + bytes.len);
        *at = offset;
    }
    pthread_mutex_unlock(&a->lock);
    return stored || sx_fail(err, SX_ERR_NOMEM, "no memory for %zu new bytes", bytes.len);
}

void
add_limit(Add *a, uint64_t bytes)
{
    pthread_mutex_lock(&a->lock);
    a->limit = bytes;
    pthread_mutex_unlock(&a->lock);
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

uint64_t
add_size(const Add *a)
{
    return atomic_load(&a->size);
}

size_t
add_chunk(const Add *a)
{
    return a->chunk;
}

SxBytes
add_at(const Add *a, uint64_t at)
{
    unsigned k = index_of(a, at);
    const Chunk *c = &a->chunks[k];
    uint64_t within = at - begin_of(a, k);
    uint64_t used = atomic_load_explicit(&c->used, memory_order_acquire);
    SX_BUG_ON(within >= used);
    return sx_bytes(atomic_load_explicit(&c->base, memory_order_acquire) + within, used - within);
}

bool
add_holds(const Add *a, uint64_t at, uint64_t len)
{
    if (len > UINT64_MAX - at || at / a->chunk >= UINT64_MAX / 2)
        return false;
    for (unsigned k = index_of(a, at); k < CHUNKS - 1; k++) {
        const Chunk *c = &a->chunks[k];
        uint64_t within = at - begin_of(a, k);
        uint64_t used = atomic_load_explicit(&c->used, memory_order_acquire);
        if (within > used)
            return false;
        if (len <= used - within)
            return true;
        if (used != c->capacity)
            return false;
        at += used - within;
        len -= used - within;
    }
    return false;
}

void
add_copy(const Add *a, uint64_t at, void *to, size_t len)
{
    for (uint8_t *p = to; len > 0;) {
        SxBytes run = add_at(a, at);
        size_t n = run.len < len ? run.len : len;
        memcpy(p, run.data, n);
        p += n;
        at += n;
        len -= n;
    }
}

bool
add_walk(const Add *a, uint64_t *at, SxBytes *bytes)
{
    for (unsigned k = index_of(a, *at); k < CHUNKS - 1; k++) {
        const Chunk *c = &a->chunks[k];
        uint64_t begin = begin_of(a, k);
        uint64_t within = *at > begin ? *at - begin : 0;
        const uint8_t *base = atomic_load_explicit(&c->base, memory_order_acquire);
        uint64_t used = atomic_load_explicit(&c->used, memory_order_acquire);
        if (!base || within >= used)
            continue;
        *at = begin + within;
        *bytes = sx_bytes(base + within, used - within);
        return true;
    }
    return false;
}

/* --- keeping ----------------------------------------------------------------------------------------------------------- */

/* Under sync_lock. `used` is read before the sync, so what comes meanwhile is left for the next time. */
static bool
chunk_sync(Chunk *c)
{
    if (!atomic_load_explicit(&c->base, memory_order_acquire))
        return true;
    uint64_t used = atomic_load_explicit(&c->used, memory_order_acquire);
    if (c->fd < 0 || c->synced == used)
        return true;
    if (fdatasync(c->fd) != 0)
        return false;
    c->synced = used;
    return true;
}

bool
add_sync(Add *a, SxError *err)
{
    pthread_mutex_lock(&a->sync_lock);
    bool done = true;
    unsigned names = atomic_load(&a->names);
    for (unsigned k = 0; k < CHUNKS && done; k++)
        done = chunk_sync(&a->chunks[k]);
    if (done && names != a->names_synced) {
        /* Some file systems cannot sync a directory, and need not. */
        done = fsync(a->dir) == 0 || errno == EINVAL;
        if (done)
            a->names_synced = names;
    }
    int errnum = errno;
    pthread_mutex_unlock(&a->sync_lock);
    return done || sx_fail_errno(err, errnum, "cannot put new bytes on the disk");
}

bool
add_unprotected(const Add *a, SxError *why)
{
    if (!atomic_load(&a->unprotected))
        return false;
    if (why)
        *why = a->why;
    return true;
}

/* --- after a crash ------------------------------------------------------------------------------------------------------- */

static bool
chunk_recover(Add *a, unsigned k, SxError *err)
{
    char name[32];
    chunk_name(name, k);
    Chunk *c = &a->chunks[k];
    if (!capacity_of(a, k, &c->capacity))
        return true;
    c->fd = openat(a->dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (c->fd < 0)
        return sx_fail_errno(err, errno, "cannot read '%s' of the journal", name);
    off_t end = lseek(c->fd, 0, SEEK_END);
    if (end < 0 || (uint64_t)end > c->capacity)
        return sx_fail(err, SX_ERR_IO, "'%s' of the journal is longer than it can be", name);
    void *base = mmap(NULL, c->capacity, PROT_READ, MAP_SHARED, c->fd, 0);
    if (base == MAP_FAILED)
        return sx_fail_errno(err, errno, "cannot read '%s' of the journal", name);
    atomic_store(&c->base, base);
    atomic_store(&c->used, (uint64_t)end);
    atomic_store(&a->size, begin_of(a, k) + (uint64_t)end);
    a->current = k;
    return true;
}

/* The chunks that there are, by the names of their files. */
static uint64_t
chunks_in(int dir)
{
    uint64_t found = 0;
    int fd = dup(dir);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        unsigned k;
        char rest;
        if (sscanf(e->d_name, "data.%2u%c", &k, &rest) == 1 && k < CHUNKS)
            found |= UINT64_C(1) << k;
    }
    if (d)
        closedir(d);
    else if (fd >= 0)
        close(fd);
    return found;
}

bool
add_recover(Add **out, const char *dir, size_t chunk, SxError *err)
{
    Add *a = add_blank(chunk);
    if (!a)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    a->files = true;
    a->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = a->dir >= 0 || sx_fail_errno(err, errno, "cannot open the journal '%s'", dir);
    uint64_t found = done ? chunks_in(a->dir) : 0;
    for (unsigned k = 0; k < CHUNKS && done; k++)
        done = !(found >> k & 1) || chunk_recover(a, k, err);
    if (!done) {
        add_release(a);
        return false;
    }
    *out = a;
    return true;
}
