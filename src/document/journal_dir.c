/*
 * journal_dir.c - making and removing a journal's directory, and what stands in its head.
 */
#include "document/journal_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "document/digest.h"
#include "document/disk.h"
#include "document/identity.h"
#include "document/journal_format.h"

enum {
    NAMES = 1000, /* journals of one file by one process */
};

/* What cannot be made may be there all the same; errno stays that of the making. */
static bool
is_there(const char *path)
{
    int errnum = errno;
    bool there = access(path, F_OK) == 0;
    errno = errnum;
    return there;
}

/* Like mkdir -p; what is made is for the owner alone. *made: how many directories at the end of the path are new. */
static bool
make_parents(const char *path, unsigned *made, SxError *err)
{
    char *part = strdup(path);
    if (!part)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    bool done = true;
    for (char *slash = strchr(part + 1, '/'); done; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = 0;
        if (mkdir(part, 0700) == 0)
            ++*made;
        else if (errno != EEXIST)
            done = is_there(part);
        if (!slash)
            break;
        *slash = '/';
    }
    int errnum = errno;
    free(part);
    return done || sx_fail_errno(err, errnum, "cannot make '%s'", path);
}

void
journal_name(const char *path, char name[JOURNAL_NAME_LEN])
{
    uint64_t sum = path ? digest(0, sx_bytes(path, strlen(path))) : 0;
    snprintf(name, JOURNAL_NAME_LEN, "%016llx", (unsigned long long)sum);
}

/* One editor a file. */
static bool
lock_file(JournalDir *dir, const char *state_dir, const char *path, SxError *err)
{
    char name[JOURNAL_NAME_LEN];
    journal_name(path, name);
    return !path || journal_lock_take(&dir->lock, state_dir, name, path, err);
}

/* A name that was not there: digest of the path, process, and a number where one process has several. */
static bool
make_directory(JournalDir *dir, const char *state_dir, const char *path, SxError *err)
{
    char name[JOURNAL_NAME_LEN];
    journal_name(path, name);
    for (unsigned i = 0; i < NAMES; i++) {
        char suffix[16] = "";
        if (i > 0)
            snprintf(suffix, sizeof suffix, ".%u", i);
        free(dir->path);
        if (asprintf(&dir->path, "%s/%s.%d%s", state_dir, name, (int)getpid(), suffix) < 0) {
            dir->path = NULL;
            return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
        }
        if (mkdir(dir->path, 0700) == 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    sx_fail_errno(err, errno, "cannot make a journal in '%s'", state_dir);
    free(dir->path);
    dir->path = NULL;
    return false;
}

static int
make_file(const JournalDir *dir, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", dir->path, name) < 0)
        return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    free(path);
    return fd;
}

static uint64_t
make_salt(void)
{
    uint64_t salt;
    if (getrandom(&salt, sizeof salt, GRND_NONBLOCK) != (ssize_t)sizeof salt)
        salt = patience_clock() * 2654435761u + (uint64_t)getpid();
    return salt;
}

/* Who has it, so that somebody who comes second can be told. */
static void
put_owner(Wire *w)
{
    char tty[64] = "";
    char host[65] = "";
    if (ttyname_r(STDIN_FILENO, tty, sizeof tty) != 0)
        tty[0] = 0;
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = 0;
    wire_put_text(w, tty);
    wire_put_text(w, host);
}

static bool
put_head(Wire *w, const JournalDir *dir, const JournalFile *file, size_t chunk, SxError *err)
{
    Identity id = identity_of_name(file->path);
    id.size = file->size;
    if (file->fd >= 0) {
        if (!identity_of(file->fd, file->size, &id, err))
            return false;
        identity_sample(&id, file->fd);
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    wire_put_bytes(w, sx_bytes(JOURNAL_HEAD_MAGIC, JOURNAL_MAGIC_LEN));
    wire_put(w, dir->salt, 8);
    wire_put(w, chunk, 8);
    wire_put(w, (uint64_t)now.tv_sec, 8);
    wire_put(w, (uint64_t)getpid(), 4);
    wire_put(w, file->kind, 4);
    wire_put(w, file->offset, 8);
    wire_put(w, file->length, 8);
    wire_put(w, file->path != NULL, 1);
    identity_put(w, &id);
    wire_put_text(w, file->path);
    put_owner(w);
    wire_put(w, digest(0, sx_bytes(w->data, w->failed ? 0 : w->len)), 8);
    return !w->failed || sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
}

static bool
write_head(JournalDir *dir, const JournalFile *file, size_t chunk, SxError *err)
{
    Wire w = {0};
    bool done = put_head(&w, dir, file, chunk, err);
    if (done && !write_all(dir->head, sx_bytes(w.data, w.len), 0))
        done = sx_fail_errno(err, errno, "cannot write the journal in '%s'", dir->path);
    free(w.data);
    return done;
}

static bool
write_log_start(JournalDir *dir, SxError *err)
{
    Wire w = {0};
    wire_put_bytes(&w, sx_bytes(JOURNAL_LOG_MAGIC, JOURNAL_MAGIC_LEN));
    wire_put(&w, dir->salt, 8);
    bool done = !w.failed && write_all(dir->log, sx_bytes(w.data, w.len), 0);
    int errnum = w.failed ? ENOMEM : errno;
    free(w.data);
    return done || sx_fail_errno(err, errnum, "cannot write the journal in '%s'", dir->path);
}

bool
journal_dir_make(JournalDir *dir, const char *state_dir, const JournalFile *file, size_t chunk, SxError *err)
{
    *dir = (JournalDir){.salt = make_salt()};
    if (!make_parents(state_dir, &dir->parents_made, err) || (!file->shared && !lock_file(dir, state_dir, file->path, err)) ||
        !make_directory(dir, state_dir, file->path, err)) {
        journal_dir_close(dir);
        return false;
    }
    dir->log = make_file(dir, "log");
    dir->head = dir->log >= 0 ? make_file(dir, "head") : -1;
    if (dir->log < 0 || dir->head < 0)
        sx_fail_errno(err, errno, "cannot write the journal in '%s'", dir->path);
    /* Locked before it says anything: whoever can read it whole finds it held. */
    else if (flock(dir->head, LOCK_EX | LOCK_NB), write_log_start(dir, err) && write_head(dir, file, chunk, err))
        return true;
    journal_dir_remove(dir);
    journal_dir_close(dir);
    return false;
}

static int
open_file(const JournalDir *dir, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", dir->path, name) < 0)
        return -1;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    free(path);
    return fd;
}

/* The lock of the file, in the state directory that the journal lies in. */
static bool
lock_subject(JournalDir *dir, const char *subject, SxError *err)
{
    char *state_dir = strdup(dir->path);
    char *slash = state_dir ? strrchr(state_dir, '/') : NULL;
    if (slash)
        *slash = 0;
    bool done = slash ? lock_file(dir, state_dir, subject, err) : sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    free(state_dir);
    return done;
}

/* Whoever only looks at it has it for a moment. */
static bool
lock_head(int fd)
{
    enum { TRIES = 50 };
    const struct timespec moment = {0, 4000000};
    for (unsigned i = 0; i < TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        nanosleep(&moment, NULL);
    }
    return false;
}

bool
journal_dir_take(JournalDir *dir, const char *path, const char *subject, uint64_t end, SxError *err)
{
    *dir = (JournalDir){.path = strdup(path)};
    bool done = dir->path ? lock_subject(dir, subject, err) : sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    if (done) {
        dir->head = open_file(dir, "head");
        dir->log = dir->head >= 0 ? open_file(dir, "log") : -1;
        if (dir->log < 0)
            done = sx_fail_errno(err, errno, "cannot go on with the journal in '%s'", path);
        else if (!lock_head(dir->head))
            done = sx_fail(err, SX_ERR_BUSY, "somebody else has the journal in '%s'", path);
        else if (ftruncate(dir->log, (off_t)end) != 0)
            done = sx_fail_errno(err, errno, "cannot go on with the journal in '%s'", path);
    }
    if (!done)
        journal_dir_close(dir);
    return done;
}

/* Some file systems cannot sync a directory, and need not; one that may be written and not read cannot be opened. */
static bool
sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 ? fsync(fd) == 0 || errno == EINVAL : errno == EACCES;
    int errnum = errno;
    if (fd >= 0)
        close(fd);
    errno = errnum;
    return done;
}

/* The names of the journal's directory and of those above it that were made with it. */
static bool
sync_parents(const JournalDir *dir, char *path)
{
    for (unsigned i = 0; i <= dir->parents_made; i++) {
        char *slash = strrchr(path, '/');
        if (slash)
            *slash = 0;
        if (!sync_directory(!slash ? "." : *path ? path : "/"))
            return false;
        if (!slash)
            break;
    }
    return true;
}

bool
journal_dir_sync(const JournalDir *dir, SxError *err)
{
    char *path = strdup(dir->path);
    if (!path)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    bool done = fdatasync(dir->head) == 0 && sync_parents(dir, path);
    int errnum = errno;
    free(path);
    return done || sx_fail_errno(err, errnum, "cannot put the journal on the disk");
}

static bool
is_ours(const char *name)
{
    return strcmp(name, "head") == 0 || strcmp(name, "log") == 0 || strcmp(name, "marks") == 0 ||
           strcmp(name, "base") == 0 || strcmp(name, "base.part") == 0 ||
           strncmp(name, "data.", 5) == 0;
}

void
journal_dir_remove(JournalDir *dir)
{
    DIR *d = dir->path ? opendir(dir->path) : NULL;
    if (!d)
        return;
    unlinkat(dirfd(d), "head", 0);
    for (struct dirent *e = readdir(d); e; e = readdir(d))
        if (is_ours(e->d_name))
            unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    rmdir(dir->path);
}

void
journal_dir_close(JournalDir *dir)
{
    if (dir->head > 0)
        close(dir->head);
    if (dir->log > 0)
        close(dir->log);
    journal_lock_drop(&dir->lock);
    free(dir->path);
    *dir = (JournalDir){0};
}
