/*
 * journal_lock.c - a lock file that is removed by its owner: whoever gets the lock must see that the name still leads to
 * what he has locked.
 */
#include "document/journal_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 100, OWNER_LEN = 96 };

static bool
is_there(const JournalLock *lock)
{
    struct stat mine, named;
    return fstat(lock->fd, &mine) == 0 && stat(lock->path, &named) == 0 && mine.st_ino == named.st_ino &&
           mine.st_dev == named.st_dev;
}

/* Who we are, for those who come second. */
static void
write_owner(int fd)
{
    char owner[OWNER_LEN] = "";
    char tty[64] = "";
    if (ttyname_r(STDIN_FILENO, tty, sizeof tty) != 0)
        tty[0] = 0;
    snprintf(owner, sizeof owner, "Sextant %d%s%s", (int)getpid(), tty[0] ? " on " : "",
             strncmp(tty, "/dev/", 5) == 0 ? tty + 5 : tty);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, owner, strlen(owner), 0) < 0)
        return; /* nobody is named then */
}

static bool
busy(int fd, const char *file, SxError *err)
{
    char owner[OWNER_LEN] = "";
    ssize_t n = pread(fd, owner, sizeof owner - 1, 0);
    owner[n > 0 ? n : 0] = 0;
    const char *slash = strrchr(file, '/');
    return sx_fail(err, SX_ERR_BUSY, "%s: edited by %s. READ here", slash ? slash + 1 : file,
                   owner[0] ? owner : "another Sextant");
}

/* 1: it is ours, 0: it vanished under us, -1: see err */
static int
try_once(JournalLock *lock, const char *file, SxError *err)
{
    lock->fd = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock->fd < 0) {
        sx_fail_errno(err, errno, "cannot make '%s'", lock->path);
        return -1;
    }
    int result = 1;
    if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        busy(lock->fd, file, err);
        result = -1;
    } else if (!is_there(lock)) {
        result = 0;
    }
    if (result != 1)
        close(lock->fd);
    return result;
}

bool
journal_lock_take(JournalLock *lock, const char *state_dir, const char *name, const char *file, SxError *err)
{
    *lock = (JournalLock){0};
    if (asprintf(&lock->path, "%s/%s.lock", state_dir, name) < 0) {
        lock->path = NULL;
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    }
    int result = 0;
    for (unsigned i = 0; i < TRIES && result == 0; i++)
        result = try_once(lock, file, err);
    if (result == 1) {
        write_owner(lock->fd);
        return true;
    }
    if (result == 0)
        sx_fail(err, SX_ERR_IO, "cannot lock '%s'", lock->path);
    free(lock->path);
    *lock = (JournalLock){0};
    return false;
}

void
journal_lock_drop(JournalLock *lock)
{
    if (!lock->path)
        return;
    unlink(lock->path);
    close(lock->fd);
    free(lock->path);
    *lock = (JournalLock){0};
}
