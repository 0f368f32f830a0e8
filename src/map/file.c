/*
 * file.c - descriptors: opening without blocking, telling kinds apart, sizes that do not lie.
 */
#include "map/file.h"

#include "map/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef OVERLAYFS_SUPER_MAGIC
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#endif

static File *
file_new(int fd, const char *name, SxError *err)
{
    File *f = calloc(1, sizeof *f);
    char *copy = strdup(name);
    if (!f || !copy) {
        sx_fail(err, SX_ERR_NOMEM, "no memory to open '%s'", name);
        free(f);
        free(copy);
        return NULL;
    }
    atomic_init(&f->refs, 1);
    f->fd = fd;
    f->name = copy;
    known_init(&f->known);
    return f;
}

File *
file_retain(File *f)
{
    if (f)
        atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
    return f;
}

void
file_release(File *f)
{
    if (!f || atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (f->fd >= 0)
        close(f->fd);
    free(f->name);
    known_clear(&f->known);
    free(f);
}

/* --- kinds ---------------------------------------------------------------------------------------------- */

static bool
refuse_kind(mode_t mode, const char *name, SxError *err)
{
    if (S_ISDIR(mode))
        return sx_fail(err, SX_ERR_KIND, "'%s' is a directory, which has no bytes to show", name);
    if (S_ISFIFO(mode))
        return sx_fail(err, SX_ERR_KIND, "'%s' is a pipe: read it as a stream", name);
    if (S_ISSOCK(mode))
        return sx_fail(err, SX_ERR_KIND, "'%s' is a socket, which has no offsets", name);
    return true;
}

static unsigned long
file_system(int fd)
{
    struct statfs fs;
    return fstatfs(fd, &fs) == 0 ? (unsigned long)fs.f_type : 0;
}

static bool
lives_in_memory(unsigned long file_system_type)
{
    return file_system_type == TMPFS_MAGIC || file_system_type == RAMFS_MAGIC;
}

static bool
attach_regular(File *f)
{
    unsigned long type = file_system(f->fd);
    f->kind = SX_KIND_FILE;
    f->overlay = type == OVERLAYFS_SUPER_MAGIC;
    f->in_memory = lives_in_memory(type);
    f->mappable = type != HUGETLBFS_MAGIC;
    return true;
}

static bool
attach_character(File *f, SxError *err)
{
    if (isatty(f->fd))
        return sx_fail(err, SX_ERR_KIND, "'%s' is a terminal: read it as a stream", f->name);
    off_t end = lseek(f->fd, 0, SEEK_CUR) < 0 ? -1 : lseek(f->fd, 0, SEEK_END);
    if (end < 0)
        return sx_fail(err, SX_ERR_KIND, "'%s' is a device without offsets: read it as a stream", f->name);
    f->kind = SX_KIND_CHAR;
    f->endless = end == 0;
    return true;
}

/* What is behind f->fd. */
static bool
attach(File *f, SxError *err)
{
    struct stat st;
    if (fstat(f->fd, &st) < 0)
        return sx_fail_errno(err, errno, "cannot look at '%s'", f->name);
    if (!refuse_kind(st.st_mode, f->name, err))
        return false;
    f->dev = st.st_dev;
    f->ino = st.st_ino;
    known_stat(&f->known, &st);
    if (S_ISCHR(st.st_mode))
        return attach_character(f, err);
    if (S_ISBLK(st.st_mode)) {
        f->kind = SX_KIND_BLOCK;
        f->mappable = true;
        return true;
    }
    if (proc_is_memory(f->fd)) {
        f->kind = SX_KIND_PROC;
        f->process = true;
        return true;
    }
    return attach_regular(f);
}

/* --- opening -------------------------------------------------------------------------------------------- */

enum { OPEN_FLAGS = O_CLOEXEC | O_NOCTTY | O_NONBLOCK };

static bool
reads_only(int errnum)
{
    return errnum == EACCES || errnum == EPERM || errnum == EROFS || errnum == ETXTBSY || errnum == ENXIO;
}

/* Opens for what `access` wants; DEFAULT takes WRITE for files where that is allowed, and READ for
 * devices, where a descriptor opened for writing has effects of its own. */
static int
open_for(const char *path, SxAccess *access, unsigned flags, bool device, bool *made)
{
    *made = false;
    if (*access == SX_ACCESS_READ || *access == SX_ACCESS_COPY || (*access == SX_ACCESS_DEFAULT && device)) {
        if (*access == SX_ACCESS_DEFAULT)
            *access = SX_ACCESS_READ;
        return open(path, O_RDONLY | OPEN_FLAGS);
    }
    if (flags & SX_MAP_CREATE) {
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | OPEN_FLAGS, 0666);
        *made = fd >= 0;
        if (fd >= 0 || errno != EEXIST) {
            *access = SX_ACCESS_WRITE;
            return fd;
        }
    }
    int fd = open(path, O_RDWR | OPEN_FLAGS);
    if (fd >= 0 || *access == SX_ACCESS_WRITE || !reads_only(errno)) {
        *access = SX_ACCESS_WRITE;
        return fd;
    }
    *access = SX_ACCESS_READ;
    return open(path, O_RDONLY | OPEN_FLAGS);
}

/* O_NONBLOCK was for open alone: a device may answer EAGAIN later, which nobody wants. */
static void
allow_waiting(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0)
        (void)fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

static bool
spool_lying(File **f, SxAccess *access, SxError *err)
{
    File *content;
    if (!proc_read_all(&content, *f, err))
        return false;
    file_release(*f);
    *f = content;
    if (*access != SX_ACCESS_COPY)
        *access = SX_ACCESS_READ;
    return true;
}

bool
file_open(File **out, const char *path, SxAccess *access, unsigned flags, bool *created, SxError *err)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (there && !refuse_kind(st.st_mode, path, err))
        return false;
    SxAccess wanted = *access;
    bool made;
    int fd = open_for(path, &wanted, flags, there && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)), &made);
    if (fd < 0)
        return sx_fail_errno(err, errno,
                             *access == SX_ACCESS_WRITE ? "cannot open '%s' for writing" : "cannot open '%s'",
                             path);
    File *f = file_new(fd, path, err);
    if (!f) {
        close(fd);
        goto fail;
    }
    f->by_path = true;
    f->own_offset = true;
    f->writable = wanted == SX_ACCESS_WRITE;
    if (!attach(f, err) || (proc_size_lies(f) && !spool_lying(&f, &wanted, err)))
        goto fail;
    if (!f->memory)
        allow_waiting(f->fd);
    if (f->process && *access == SX_ACCESS_DEFAULT)
        wanted = SX_ACCESS_READ; /* nobody changes a running program by accident */
    *access = wanted;
    *created = made;
    *out = f;
    return true;
fail:
    if (made)
        unlink(path);
    file_release(f);
    return false;
}

/* A description of our own where the system gives one: the caller's file position then stays where it is,
 * and its O_APPEND or O_DIRECT do not bend our writes. Devices may act on being opened, so they are only
 * duplicated. */
static int
own_descriptor(int fd, const struct stat *st, int mode, bool *own)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (S_ISREG(st->st_mode) && !proc_is_memory(fd)) {
        int fresh = open(path, mode | OPEN_FLAGS);
        *own = fresh >= 0;
        if (fresh >= 0)
            return fresh;
    }
    return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static bool
resolve_access(SxAccess *access, int mode, const char *name, SxError *err)
{
    if (mode == O_WRONLY)
        return sx_fail(err, SX_ERR_PERMISSION, "%s is open for writing only: it cannot be mapped", name);
    if (*access == SX_ACCESS_WRITE && mode != O_RDWR)
        return sx_fail(err, SX_ERR_PERMISSION, "%s is open for reading only", name);
    if (*access == SX_ACCESS_DEFAULT)
        *access = mode == O_RDWR ? SX_ACCESS_WRITE : SX_ACCESS_READ;
    return true;
}

bool
file_adopt(File **out, int fd, SxAccess *access, SxError *err)
{
    char name[32];
    snprintf(name, sizeof name, "descriptor %d", fd);
    struct stat st;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fstat(fd, &st) < 0)
        return sx_fail_errno(err, errno, "cannot use %s", name);
    int mode = flags & O_ACCMODE;
    SxAccess wanted = *access;
    if (!refuse_kind(st.st_mode, name, err) || !resolve_access(&wanted, mode, name, err))
        return false;
    bool own = false;
    int mine = own_descriptor(fd, &st, mode, &own);
    if (mine < 0)
        return sx_fail_errno(err, errno, "cannot duplicate %s", name);
    File *f = file_new(mine, name, err);
    if (!f) {
        close(mine);
        return false;
    }
    f->own_offset = own;
    f->writable = mode == O_RDWR;
    if (f->writable && !own && (flags & O_APPEND)) {
        sx_fail(err, SX_ERR_UNSUPPORTED, "%s appends whatever it writes: it cannot be overwritten", name);
        goto fail;
    }
    if (!attach(f, err) || (proc_size_lies(f) && !spool_lying(&f, &wanted, err)))
        goto fail;
    if (own && !f->memory)
        allow_waiting(f->fd);
    *access = wanted;
    *out = f;
    return true;
fail:
    file_release(f);
    return false;
}

bool
file_spooled(File **out, int fd, const char *name, SxMapKind kind, SxError *err)
{
    File *f = file_new(fd, name, err);
    if (!f) {
        close(fd);
        return false;
    }
    f->kind = kind;
    f->memory = true;
    f->in_memory = lives_in_memory(file_system(fd));
    f->writable = true;
    f->own_offset = true;
    f->mappable = true;
    *out = f;
    return true;
}

bool
file_memory(File **out, uint64_t length, const char *name, SxError *err)
{
    if (length > INT64_MAX)
        return sx_fail(err, SX_ERR_RANGE, "%" PRIu64 " bytes of memory are more than there can be", length);
    int fd = memfd_create("sextant", MFD_CLOEXEC);
    if (fd < 0)
        return sx_fail_errno(err, errno, "cannot make memory");
    if (ftruncate(fd, (off_t)length) < 0) {
        sx_fail_errno(err, errno, "cannot make %" PRIu64 " bytes of memory", length);
        close(fd);
        return false;
    }
    return file_spooled(out, fd, name, SX_KIND_MEMORY, err);
}

static bool
same_inode(int fd, const File *of)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_dev == of->dev && st.st_ino == of->ino;
}

bool
file_writable(File **out, const File *of, SxError *err)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", of->fd);
    int fd = open(link, O_RDWR | OPEN_FLAGS);
    if (fd < 0 && errno == ENOENT && of->by_path) {
        fd = open(of->name, O_RDWR | OPEN_FLAGS);
        if (fd >= 0 && !same_inode(fd, of)) {
            close(fd);
            return sx_fail(err, SX_ERR_CONFLICT, "'%s' is another file by now", of->name);
        }
    }
    if (fd < 0)
        return sx_fail_errno(err, errno, "cannot open '%s' for writing", of->name);
    allow_waiting(fd);
    File *f = file_new(fd, of->name, err);
    if (!f) {
        close(fd);
        return false;
    }
    f->by_path = of->by_path;
    f->own_offset = true;
    f->writable = true;
    if (!attach(f, err)) {
        file_release(f);
        return false;
    }
    *out = f;
    return true;
}

/* --- sizes ---------------------------------------------------------------------------------------------- */

static bool
ask(const File *f, struct stat *st, uint64_t *out)
{
    *st = (struct stat){0};
    if (f->kind == SX_KIND_BLOCK)
        return ioctl(f->fd, BLKGETSIZE64, out) == 0; /* st_size is 0 for block devices */
    if (f->process || f->kind == SX_KIND_CHAR || fstat(f->fd, st) < 0)
        return false;
    *out = (uint64_t)st->st_size;
    return true;
}

bool
file_size_in_signal(const File *f, uint64_t *out)
{
    struct stat st;
    return ask(f, &st, out);
}

bool
file_size_now(File *f, uint64_t *out)
{
    struct stat st;
    pthread_mutex_lock(&f->known.asking);
    bool told = ask(f, &st, out);
    if (told && f->kind != SX_KIND_BLOCK)
        known_stat(&f->known, &st);
    pthread_mutex_unlock(&f->known.asking);
    return told;
}

bool
file_size(File *f, uint64_t *out, SxError *err)
{
    if (f->process) {
        *out = PROC_MEMORY_SIZE;
        return true;
    }
    if (f->kind == SX_KIND_CHAR) {
        off_t end = f->endless ? 0 : lseek(f->fd, 0, SEEK_END);
        *out = f->endless || end < 0 ? (uint64_t)INT64_MAX : (uint64_t)end;
        return true;
    }
    if (!file_size_now(f, out))
        return sx_fail_errno(err, errno, "cannot ask the size of '%s'", f->name);
    return true;
}

bool
file_resize(File *f, uint64_t size, SxError *err)
{
    if (size > INT64_MAX)
        return sx_fail(err, SX_ERR_RANGE, "no file has %" PRIu64 " bytes", size);
    if (ftruncate(f->fd, (off_t)size) != 0)
        return sx_fail_errno(err, errno, "cannot make '%s' %" PRIu64 " bytes long", f->name, size);
    uint64_t now;
    known_data(&f->known, sx_span(size, UINT64_MAX));
    (void)file_size_now(f, &now);
    return true;
}
