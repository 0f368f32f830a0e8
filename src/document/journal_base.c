/*
 * journal_base.c - copied under another name first, so that what bears the right one is whole.
 */
#include "document/journal_base.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sextant/text.h>

#include "document/disk.h"

enum { AT_ONCE = 1 << 20, PART = 1 << 20 };

static bool
copy_parts(const JournalBase *b, int to)
{
    uint8_t *part = malloc(PART);
    bool done = part != NULL;
    for (uint64_t at = 0; done && at < b->size; at += PART) {
        size_t n = b->size - at < PART ? (size_t)(b->size - at) : PART;
        errno = ECANCELED;
        done = !atomic_load(&b->stop) && read_all(b->from, part, n, at) && write_all(to, sx_bytes(part, n), at);
    }
    int errnum = part ? errno : ENOMEM;
    free(part);
    errno = errnum;
    return done;
}

static bool
copy_in(const JournalBase *b, int dir)
{
    int to = openat(dir, "base.part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0)
        return false;
    bool done = copy_parts(b, to) && fdatasync(to) == 0 && renameat(dir, "base.part", dir, "base") == 0;
    int errnum = errno;
    close(to);
    if (!done)
        unlinkat(dir, "base.part", 0);
    errno = errnum;
    return done && (fsync(dir) == 0 || errno == EINVAL);
}

static void *
copy(void *data)
{
    JournalBase *b = data;
    int dir = open(b->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = dir >= 0 && copy_in(b, dir);
    if (!done)
        sx_fail_errno(&b->why, errno, "what came by the pipe is not kept");
    if (dir >= 0)
        close(dir);
    atomic_store(done ? &b->kept : &b->failed, true);
    return NULL;
}

/* Signals are for the threads that know them. */
static void
start(JournalBase *b)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    b->running = pthread_create(&b->thread, NULL, copy, b) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!b->running)
        copy(b);
}

void
journal_base_begin(JournalBase *b, const char *dir, int fd, uint64_t size, uint64_t limit)
{
    char wanted[24];
    char most[24];
    b->size = size;
    b->dir = strdup(dir);
    b->from = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (limit > 0 && size > limit)
        sx_fail(&b->why, SX_ERR_LIMIT, "the pipe's %s are not kept, the journal's limit is %s",
                sx_text_size(wanted, sizeof wanted, size), sx_text_size(most, sizeof most, limit));
    else if (!b->dir || b->from < 0)
        sx_fail(&b->why, SX_ERR_NOMEM, "no memory to keep what came by the pipe");
    if (b->why.code != SX_OK)
        atomic_store(&b->failed, true);
    else if (size <= AT_ONCE)
        copy(b);
    else
        start(b);
}

bool
journal_base_unkept(const JournalBase *b, SxError *why)
{
    if (!b->dir || atomic_load(&b->kept))
        return false;
    if (atomic_load(&b->failed)) {
        if (why)
            *why = b->why;
        return true;
    }
    sx_fail(why, SX_ERR_BUSY, "what came by the pipe is still being kept");
    return true;
}

void
journal_base_end(JournalBase *b, bool wait)
{
    if (!b->dir)
        return;
    atomic_store(&b->stop, !wait);
    if (b->running)
        pthread_join(b->thread, NULL);
    if (b->from >= 0)
        close(b->from);
    free(b->dir);
    b->dir = NULL;
}

int
journal_base_open(const char *dir, uint64_t size)
{
    char *path;
    struct stat st;
    if (asprintf(&path, "%s/base", dir) < 0)
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    free(path);
    if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == size))
        return fd;
    close(fd);
    return -1;
}
