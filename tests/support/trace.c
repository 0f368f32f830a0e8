/*
 * trace.c - preloaded: what the program does to files, in order, as lines of JSON on the descriptor TRACE. What it
 * prints is in the same order among them.
 *
 *     {"op":"write","path":"/d/f","at":0,"data":"6162", and inode and time (of change, ns) behind it}
 *                                                            also truncate (at), mode (at), sync, create, mkdir, rmdir,
 *     {"op":"rename","path":"/d/f","to":"/d/g"}              unlink, link (to), say (data)
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) (__extension__(__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* --- telling ---------------------------------------------------------------------------------------------------- */

static void
path_of_fd(int fd, char path[PATH_MAX])
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = 0;
}

static void
path_at(int dir, const char *name, char path[PATH_MAX])
{
    char base[PATH_MAX];
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return;
    }
    if (dir == AT_FDCWD)
        snprintf(base, sizeof base, "%s", getcwd(path, PATH_MAX) ? path : "");
    else
        path_of_fd(dir, base);
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX)
        abort();
}

/* Paths here have no character that JSON would mind. */
static void
tell(const char *op, const char *path, const char *to, unsigned long long at, const void *data, size_t len)
{
    const char *fd = getenv("TRACE");
    int saved = errno;
    struct stat st = {0};
    char *line = malloc(2 * len + 3 * PATH_MAX);
    if (stat(*to ? to : path, &st) != 0)
        st.st_ino = 0;
    if (!fd || !line)
        abort();
    int n = sprintf(line, "{\"op\":\"%s\",\"path\":\"%s\",\"to\":\"%s\",\"at\":%llu,\"inode\":%lu,\"time\":%lld,\"data\":\"",
                    op, path, to, at, (unsigned long)st.st_ino,
                    (long long)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
    for (size_t i = 0; i < len; i++)
        n += sprintf(line + n, "%02x", ((const unsigned char *)data)[i]);
    n += sprintf(line + n, "\"}\n");
    if (REAL(write)(atoi(fd), line, (size_t)n) != n)
        abort();
    free(line);
    errno = saved;
}

static void
tell_fd(const char *op, int fd, unsigned long long at, const void *data, size_t len)
{
    char path[PATH_MAX];
    path_of_fd(fd, path);
    tell(op, path, "", at, data, len);
}

/* --- what is done to bytes -------------------------------------------------------------------------------------------- */

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    pthread_mutex_lock(&lock);
    ssize_t n = REAL(pwrite64)(fd, bytes, len, at);
    if (n > 0)
        tell_fd("write", fd, (unsigned long long)at, bytes, (size_t)n);
    pthread_mutex_unlock(&lock);
    return n;
}

/* A write of what is there then. */
ssize_t
copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t len, unsigned flags)
{
    pthread_mutex_lock(&lock);
    unsigned long long at = (unsigned long long)(to_at ? *to_at : lseek64(to, 0, SEEK_CUR));
    ssize_t n = REAL(copy_file_range)(from, from_at, to, to_at, len, flags);
    void *bytes = n > 0 ? malloc((size_t)n) : NULL;
    if (n > 0 && (!bytes || pread64(to, bytes, (size_t)n, (off64_t)at) != n))
        abort();
    if (n > 0)
        tell_fd("write", to, at, bytes, (size_t)n);
    free(bytes);
    pthread_mutex_unlock(&lock);
    return n;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
    pthread_mutex_lock(&lock);
    if (fd == STDOUT_FILENO)
        tell_fd("say", fd, 0, bytes, len);
    ssize_t n = REAL(write)(fd, bytes, len);
    pthread_mutex_unlock(&lock);
    return n;
}

/* Told before, since it counts from the moment it returns; what comes meanwhile is not synced by it. */
#define SYNC(name)                                                                                                     \
    int name(int fd)                                                                                                   \
    {                                                                                                                  \
        pthread_mutex_lock(&lock);                                                                                     \
        int done = REAL(name)(fd);                                                                                     \
        if (done == 0)                                                                                                 \
            tell_fd("sync", fd, 0, NULL, 0);                                                                           \
        pthread_mutex_unlock(&lock);                                                                                   \
        return done;                                                                                                   \
    }
SYNC(fsync)
SYNC(fdatasync)

/* The file that is mapped at an address. */
static void
path_of_address(const void *address, char path[PATH_MAX])
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[PATH_MAX + 100];
    path[0] = 0;
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx %*s %*s %*s %*s %4095[^\n]", &from, &to, path) == 3 &&
            from <= (unsigned long)address && (unsigned long)address < to)
            break;
        path[0] = 0;
    }
    if (maps)
        fclose(maps);
}

int
msync(void *address, size_t len, int flags)
{
    char path[PATH_MAX];
    pthread_mutex_lock(&lock);
    int done = REAL(msync)(address, len, flags);
    path_of_address(address, path);
    if (done == 0)
        tell("sync", path, "", 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int
ftruncate64(int fd, off64_t len)
{
    pthread_mutex_lock(&lock);
    int done = REAL(ftruncate64)(fd, len);
    if (done == 0)
        tell_fd("truncate", fd, (unsigned long long)len, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int
fchmod(int fd, mode_t mode)
{
    pthread_mutex_lock(&lock);
    int done = REAL(fchmod)(fd, mode);
    if (done == 0)
        tell_fd("mode", fd, mode, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

/* --- what is done to names ------------------------------------------------------------------------------------------------ */

static int
make(int dir, const char *name, int flags, mode_t mode)
{
    char path[PATH_MAX];
    pthread_mutex_lock(&lock);
    path_at(dir, name, path);
    int missing = (flags & O_CREAT) && access(path, F_OK) != 0;
    int fd = REAL(openat64)(dir, name, flags, mode);
    if (fd >= 0 && missing)
        tell("create", path, "", mode & 0777, NULL, 0);
    else if (fd >= 0 && (flags & O_TRUNC))
        tell("truncate", path, "", 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return fd;
}

int
openat64(int dir, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return make(dir, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    return make(AT_FDCWD, path, flags, mode);
}

/* `call` is done on `name` in `dir`, and made `to_name` (NULL: nothing) in `to_dir`. */
#define NAMED(op, dir, name, to_dir, to_name, call)                                                                    \
    char path[PATH_MAX];                                                                                               \
    char to[PATH_MAX] = "";                                                                                            \
    const char *new_name = to_name;                                                                                    \
    pthread_mutex_lock(&lock);                                                                                         \
    path_at(dir, name, path);                                                                                          \
    if (new_name)                                                                                                      \
        path_at(to_dir, new_name, to);                                                                                 \
    int done = call;                                                                                                   \
    if (done == 0)                                                                                                     \
        tell(op, path, to, 0, NULL, 0);                                                                                \
    pthread_mutex_unlock(&lock);                                                                                       \
    return done

int
renameat(int dir, const char *name, int to_dir, const char *to_name)
{
    NAMED("rename", dir, name, to_dir, to_name, REAL(renameat)(dir, name, to_dir, to_name));
}

int
renameat2(int dir, const char *name, int to_dir, const char *to_name, unsigned flags)
{
    NAMED("rename", dir, name, to_dir, to_name, REAL(renameat2)(dir, name, to_dir, to_name, flags));
}

int
linkat(int dir, const char *name, int to_dir, const char *to_name, int flags)
{
    NAMED("link", dir, name, to_dir, to_name, REAL(linkat)(dir, name, to_dir, to_name, flags));
}

int
unlinkat(int dir, const char *name, int flags)
{
    NAMED(flags & AT_REMOVEDIR ? "rmdir" : "unlink", dir, name, 0, NULL, REAL(unlinkat)(dir, name, flags));
}

int
unlink(const char *name)
{
    NAMED("unlink", AT_FDCWD, name, 0, NULL, REAL(unlink)(name));
}

int
rmdir(const char *name)
{
    NAMED("rmdir", AT_FDCWD, name, 0, NULL, REAL(rmdir)(name));
}

int
mkdir(const char *name, mode_t mode)
{
    NAMED("mkdir", AT_FDCWD, name, 0, NULL, REAL(mkdir)(name, mode));
}
