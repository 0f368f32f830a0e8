/*
 * proc.c - /proc and /sys. Nothing here keeps state; the region list is read when asked for.
 */
#include "map/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { CONTENT_MAX = 64 << 20 };

static bool
path_of(int fd, char *path, size_t room)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, room - 1);
    if (n < 0)
        return false;
    path[n] = 0;
    return true;
}

static unsigned long
file_system(int fd)
{
    struct statfs fs;
    return fstatfs(fd, &fs) == 0 ? (unsigned long)fs.f_type : 0;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

bool
proc_is_memory(int fd)
{
    char path[PATH_MAX];
    return file_system(fd) == PROC_SUPER_MAGIC && path_of(fd, path, sizeof path) &&
           strncmp(path, "/proc/", 6) == 0 && ends_with(path, "/mem");
}

bool
proc_size_lies(const File *f)
{
    static const unsigned long ours[] = {SYSFS_MAGIC,      DEBUGFS_MAGIC,      TRACEFS_MAGIC,
                                         SECURITYFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
                                         SELINUX_MAGIC};
    struct stat st;
    if (f->kind != SX_KIND_FILE || fstat(f->fd, &st) < 0)
        return false;
    unsigned long type = file_system(f->fd);
    if (type == PROC_SUPER_MAGIC)
        return st.st_size == 0;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (type == ours[i])
            return st.st_size <= CONTENT_MAX;
    return false;
}

/* EAGAIN ends it too: /proc/kmsg and trace pipes have no end, and the descriptor does not block. */
static bool
pour(int from, int to, const char *name, SxError *err)
{
    enum { BLOCK = 64 << 10 };
    char *block = malloc(BLOCK);
    if (!block)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read '%s'", name);
    bool good = true;
    for (size_t total = 0; good; total += BLOCK) {
        ssize_t n = read(from, block, BLOCK);
        if (n == 0 || (n < 0 && errno == EAGAIN))
            break;
        if (n < 0)
            good = errno == EINTR || sx_fail_errno(err, errno, "cannot read '%s'", name);
        else if (write(to, block, (size_t)n) != n)
            good = sx_fail_errno(err, errno, "no memory for '%s'", name);
        else if (total >= CONTENT_MAX)
            good = sx_fail(err, SX_ERR_LIMIT, "'%s' has no size, and no end within %d MiB", name,
                           CONTENT_MAX >> 20);
    }
    free(block);
    return good;
}

bool
proc_read_all(File **out, const File *f, SxError *err)
{
    int fd = memfd_create("sextant", MFD_CLOEXEC);
    if (fd < 0)
        return sx_fail_errno(err, errno, "cannot make memory for '%s'", f->name);
    if (!pour(f->fd, fd, f->name, err)) {
        close(fd);
        return false;
    }
    File *content;
    if (!file_spooled(&content, fd, f->name, SX_KIND_PROC, err))
        return false;
    content->by_path = f->by_path;
    *out = content;
    return true;
}

bool
proc_regions(const File *f, Spans *out, SxError *err)
{
    char path[PATH_MAX + 8];
    if (!path_of(f->fd, path, PATH_MAX))
        return sx_fail_errno(err, errno, "cannot find the process of '%s'", f->name);
    memcpy(path + strlen(path) - 3, "maps", 5);
    FILE *maps = fopen(path, "re");
    if (!maps)
        return sx_fail_errno(err, errno, "cannot read '%s'", path);
    char line[512];
    bool begins = true; /* a long path goes on in the next piece, and may look like anything */
    while (fgets(line, sizeof line, maps)) {
        uint64_t at, end;
        char mode;
        if (begins && sscanf(line, "%" SCNx64 "-%" SCNx64 " %c", &at, &end, &mode) == 3 && mode == 'r')
            spans_add(out, sx_span(at, end));
        begins = strchr(line, '\n') != NULL;
    }
    fclose(maps);
    return true;
}
