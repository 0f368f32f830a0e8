/*
 * target.c - following the name by hand, since realpath stops where nothing is yet.
 */
#include "document/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "document/metadata.h"

enum { LINKS_MAX = 40, NAMES_MAX = 100, SUFFIX_LEN = 6 };

#define MARKED ".sextant-" /* before the suffix of a temporary name */

/* --- where the name leads -------------------------------------------------------------------------------------------- */

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory to save");
}

/* dir + "/" + name; a new string. */
static char *
join(const char *dir, const char *name)
{
    char *path;
    return asprintf(&path, "%s%s%s", dir, strcmp(dir, "/") == 0 ? "" : "/", name) < 0 ? NULL : path;
}

/* The directory of `path`, without symbolic links, and the last part (which may be one). */
static bool
split(const char *path, char **dir, char **name, SxError *err)
{
    const char *slash = strrchr(path, '/');
    const char *last = slash ? slash + 1 : path;
    if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return sx_fail(err, SX_ERR_KIND, "'%s' is a directory", path);
    char *parent = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    *name = strdup(last);
    *dir = parent ? realpath(parent, NULL) : NULL;
    int errnum = errno;
    free(parent);
    if (*dir && *name)
        return true;
    free(*name);
    free(*dir);
    return sx_fail_errno(err, errnum, "cannot find the directory of '%s'", path);
}

/* One step along a symbolic link: what it says, seen from its directory. NULL with errno EINVAL: not a link. */
static char *
link_target(const char *dir, const char *path)
{
    char text[PATH_MAX];
    ssize_t n = readlink(path, text, sizeof text - 1);
    if (n < 0)
        return NULL;
    text[n] = 0;
    return text[0] == '/' ? strdup(text) : join(dir, text);
}

/* Sets t->path to the file at the end of all links. */
static bool
follow(Target *t, const char *path, SxError *err)
{
    char *at = strdup(path);
    for (unsigned i = 0; at && i < LINKS_MAX; i++) {
        char *dir = NULL;
        char *name = NULL;
        if (!split(at, &dir, &name, err)) {
            free(at);
            return false;
        }
        free(at);
        t->path = join(dir, name);
        at = t->path ? link_target(dir, t->path) : NULL;
        free(dir);
        free(name);
        if (!at)
            return t->path || no_memory(err);
        free(t->path);
        t->path = NULL;
    }
    free(at);
    return sx_fail_errno(err, ELOOP, "cannot find '%s'", path);
}

static bool
open_dir(Target *t, SxError *err)
{
    char *slash = strrchr(t->path, '/');
    t->name = slash + 1;
    char *dir = strndup(t->path, slash == t->path ? 1 : (size_t)(slash - t->path));
    if (!dir)
        return no_memory(err);
    t->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    t->dir_syncs = t->dir >= 0;
    if (t->dir < 0) /* may be searched and not read */
        t->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int errnum = errno;
    free(dir);
    return t->dir >= 0 || sx_fail_errno(err, errnum, "cannot open the directory of '%s'", t->path);
}

bool
target_open(Target *t, const char *path, SxError *err)
{
    *t = (Target){.dir = -1};
    if (!follow(t, path, err) || !open_dir(t, err)) {
        target_close(t);
        return false;
    }
    t->exists = fstatat(t->dir, t->name, &t->st, AT_SYMLINK_NOFOLLOW) == 0;
    if (!t->exists && errno != ENOENT) {
        sx_fail_errno(err, errno, "cannot look at '%s'", path);
        target_close(t);
        return false;
    }
    if (t->exists && S_ISDIR(t->st.st_mode)) {
        sx_fail(err, SX_ERR_KIND, "'%s' is a directory", path);
        target_close(t);
        return false;
    }
    return true;
}

void
target_close(Target *t)
{
    if (t->path && t->dir >= 0)
        close(t->dir);
    free(t->path);
    *t = (Target){.dir = -1};
}

/* --- what may be done ---------------------------------------------------------------------------------------------------- */

/* In a directory like /tmp only owners may rename. */
static bool
is_kept_by_sticky(const Target *t)
{
    struct stat dir;
    return geteuid() != 0 && fstat(t->dir, &dir) == 0 && (dir.st_mode & S_ISVTX) && dir.st_uid != geteuid() &&
           t->st.st_uid != geteuid();
}

static bool
is_mounted(const Target *t)
{
    struct statx x;
    return statx(t->dir, t->name, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &x) == 0 &&
           (x.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

bool
target_replaceable(const Target *t, char *why, size_t room)
{
    const char *reason = NULL;
    if (faccessat(t->dir, ".", W_OK | X_OK, AT_EACCESS) != 0)
        reason = "its directory cannot be written";
    else if (!t->exists)
        return true;
    else if (t->st.st_nlink > 1)
        reason = "it has other names (hard links)";
    else if (is_mounted(t))
        reason = "it is a mount point";
    else if (is_kept_by_sticky(t))
        reason = "only its owner may replace it here";
    else if (!metadata_owner_possible(&t->st))
        reason = "its owner or group would change";
    if (reason)
        snprintf(why, room, "%s", reason);
    return !reason;
}

uint64_t
target_space(const Target *t)
{
    struct statvfs fs;
    uint64_t bytes;
    if (fstatvfs(t->dir, &fs) != 0 ||
        __builtin_mul_overflow((uint64_t)(geteuid() == 0 ? fs.f_bfree : fs.f_bavail), (uint64_t)fs.f_frsize, &bytes))
        return UINT64_MAX;
    return bytes;
}

/* --- beside it -------------------------------------------------------------------------------------------------------------- */

static void
random_suffix(char suffix[SUFFIX_LEN + 1])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char bytes[SUFFIX_LEN] = {0};
    if (getrandom(bytes, sizeof bytes, GRND_NONBLOCK) != SUFFIX_LEN)
        memset(bytes, getpid() & 0xff, sizeof bytes);
    for (unsigned i = 0; i < SUFFIX_LEN; i++)
        suffix[i] = letters[bytes[i] % (sizeof letters - 1)];
    suffix[SUFFIX_LEN] = 0;
}

char *
target_temporary_name(const Target *t)
{
    size_t ours = sizeof "." MARKED - 1 + SUFFIX_LEN;
    int base = (int)strnlen(t->name, NAME_MAX - ours); /* a long name is cut, not refused */
    char *name = NULL;
    for (unsigned i = 0; i < NAMES_MAX; i++) {
        char suffix[SUFFIX_LEN + 1];
        random_suffix(suffix);
        free(name);
        if (asprintf(&name, ".%.*s" MARKED "%s", base, t->name, suffix) < 0)
            return NULL;
        if (faccessat(t->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
            break;
    }
    return name;
}

bool
target_is_temporary(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t len = strlen(name), ours = sizeof MARKED - 1 + SUFFIX_LEN;
    return len > ours + 1 && name[0] == '.' && strncmp(name + len - ours, MARKED, sizeof MARKED - 1) == 0 &&
           !strpbrk(name + len - SUFFIX_LEN, "./");
}

int
target_make(const Target *t, const char *name, bool fresh, SxError *err)
{
    int fd = openat(t->dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, fresh ? 0666 : 0600);
    if (fd < 0)
        sx_fail_errno(err, errno, "cannot make a file beside '%s'", t->path);
    return fd;
}

bool
target_sync_dir(const Target *t, SxError *err)
{
    return !t->dir_syncs || fsync(t->dir) == 0 || errno == EINVAL || errno == ENOTSUP ||
           sx_fail_errno(err, errno, "cannot put the name '%s' on the disk", t->path);
}
