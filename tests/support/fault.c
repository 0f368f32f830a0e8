/*
 * fault.c - preloaded: the N-th system call that changes files fails, is cut short, waits, or is the last one.
 *
 *     FAULT=KIND:N    KIND is kill (before the call), torn (half of a write, then killed), short (half of a write is
 *                     done and said so), or the name of an errno: ENOSPC, EIO, EDQUOT, EFBIG, EROFS
 *                     or slow: this one and all after it take 25 ms
 *                     or hold: it waits until the file FAULT_GATE is there
 *     FAULT_CALLS=A,B only calls of these names count; in "pwrite64>1000000" only those of more bytes
 *     FAULT_LOG=FD    at the end the number of calls is written there
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static unsigned long calls;

typedef enum Verdict { GO_ON, FAIL, HALF, HALF_AND_DIE } Verdict;

static int
errno_named(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } names[] = {{"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EFBIG", EFBIG}, {"EROFS", EROFS}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i].name) == 0)
            return names[i].number;
    return EIO;
}

/* Whether this call is one of those that count. */
static int
counts(const char *call, size_t len)
{
    const char *list = getenv("FAULT_CALLS");
    size_t n = strlen(call);
    for (const char *at = list; at && *at; at = *at ? at + 1 : at) {
        size_t word = strcspn(at, ",>");
        unsigned long least = at[word] == '>' ? strtoul(at + word + 1, NULL, 10) : 0;
        if (word == n && strncmp(at, call, n) == 0 && (least == 0 || len > least))
            return 1;
        at += strcspn(at, ",");
    }
    return !list;
}

static void
wait_for_gate(void)
{
    const char *gate = getenv("FAULT_GATE");
    while (gate && access(gate, F_OK) != 0)
        usleep(2000);
}

/* `len` is 0 for what is no write. */
static Verdict
judge(const char *call, size_t len)
{
    const char *fault = getenv("FAULT");
    char kind[16] = "";
    unsigned long at = 0;
    if (!fault || sscanf(fault, "%15[^:]:%lu", kind, &at) != 2 || !counts(call, len))
        return GO_ON;
    unsigned long n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (strcmp(kind, "slow") == 0 && n >= at && len > 0)
        usleep(25000);
    if (strcmp(kind, "hold") == 0 && n == at)
        wait_for_gate();
    if (n != at || strcmp(kind, "slow") == 0 || strcmp(kind, "hold") == 0)
        return GO_ON;
    if (strcmp(kind, "kill") == 0 || (strcmp(kind, "torn") == 0 && len == 0))
        raise(SIGKILL);
    if (strcmp(kind, "torn") == 0)
        return HALF_AND_DIE;
    if (strcmp(kind, "short") == 0)
        return len > 0 ? HALF : GO_ON;
    errno = errno_named(kind);
    return FAIL;
}

__attribute__((destructor)) static void
report(void)
{
    const char *fd = getenv("FAULT_LOG");
    if (fd)
        dprintf(atoi(fd), "%lu\n", calls);
}

#define REAL(name) (__extension__(__typeof__(&name))dlsym(RTLD_NEXT, #name))

static ssize_t
write_at(int fd, const void *bytes, size_t len, off_t at)
{
    switch (judge("pwrite64", len)) {
    case FAIL:
        return -1;
    case HALF:
        return REAL(pwrite64)(fd, bytes, len > 1 ? len / 2 : len, at);
    case HALF_AND_DIE:
        if (REAL(pwrite64)(fd, bytes, len / 2, at) >= 0)
            raise(SIGKILL);
        return -1;
    case GO_ON:
        break;
    }
    return REAL(pwrite64)(fd, bytes, len, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    return write_at(fd, bytes, len, at);
}

#define PASS(name, ...) return judge(#name, 0) == FAIL ? -1 : REAL(name)(__VA_ARGS__)

ssize_t
copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t len, unsigned flags)
{
    PASS(copy_file_range, from, from_at, to, to_at, len, flags);
}

int
fsync(int fd)
{
    PASS(fsync, fd);
}

int
fdatasync(int fd)
{
    PASS(fdatasync, fd);
}

int
ftruncate64(int fd, off64_t len)
{
    PASS(ftruncate64, fd, len);
}

int
fallocate64(int fd, int mode, off64_t at, off64_t len)
{
    PASS(fallocate64, fd, mode, at, len);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    PASS(renameat, from_dir, from, to_dir, to);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    PASS(renameat2, from_dir, from, to_dir, to, flags);
}

int
linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
    PASS(linkat, from_dir, from, to_dir, to, flags);
}

int
fchmod(int fd, mode_t mode)
{
    PASS(fchmod, fd, mode);
}

int
fchown(int fd, uid_t uid, gid_t gid)
{
    PASS(fchown, fd, uid, gid);
}

int
mkdir(const char *path, mode_t mode)
{
    PASS(mkdir, path, mode);
}

int
openat64(int dir, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    PASS(openat64, dir, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
    va_end(args);
    PASS(open64, path, flags, mode);
}

/* Removing is swept by kills and held alone: nobody can do much about a name that stays. */
int
unlinkat(int dir, const char *path, int flags)
{
    const char *fault = getenv("FAULT");
    if (fault && (strncmp(fault, "kill", 4) == 0 || strncmp(fault, "torn", 4) == 0 || strncmp(fault, "hold", 4) == 0))
        judge("unlinkat", 0);
    return REAL(unlinkat)(dir, path, flags);
}
