/*
 * test_out.c - a file written from start to end against a plain array: bytes, holes, shared blocks, small and large,
 * through the cache and past it, and a disk that is full.
 */
#include "document/out.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/tap.h"

static int
make_file(void)
{
    char name[] = "/var/tmp/sextant-out.XXXXXX";
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

static bool
same(int fd, const uint8_t *model, size_t len)
{
    uint8_t *got = malloc(len + 1);
    struct stat st;
    bool equal = fstat(fd, &st) == 0 && (size_t)st.st_size == len && pread(fd, got, len, 0) == (ssize_t)len &&
                 memcmp(got, model, len) == 0;
    free(got);
    return equal;
}

/* Runs of bytes and of zeros, of lengths around every border. */
static bool
write_random(Out *o, uint8_t *model, size_t len, uint64_t *seed)
{
    static const size_t lengths[] = {1, 7, 4095, 4096, 4097, 65535, 65536, 70001, 300000, 4 << 20, (4 << 20) + 1};
    size_t at = 0;
    while (at < len) {
        size_t n = lengths[tap_random(seed) % (sizeof lengths / sizeof *lengths)];
        if (n > len - at)
            n = len - at;
        bool zeros = tap_random(seed) % 3 == 0;
        for (size_t i = 0; i < n; i++)
            model[at + i] = zeros ? 0 : (uint8_t)(tap_random(seed) | 1);
        if (!(zeros ? out_zeros(o, n, NULL) : out_bytes(o, sx_bytes(model + at, n), NULL)))
            return false;
        at += n;
        if (out_at(o) != at)
            return false;
    }
    return true;
}

static void
test_random(size_t len, uint64_t seed)
{
    uint8_t *model = malloc(len + 1);
    int fd = make_file();
    Out *o = NULL;
    bool done = out_new(&o, fd, "test", len, NULL) && write_random(o, model, len, &seed) && out_finish(o, NULL);
    out_free(o);
    ok(done && same(fd, model, len), "%zu bytes", len);
    close(fd);
    free(model);
}

static void
test_holes(void)
{
    int fd = make_file();
    Out *o = NULL;
    SxError err = {0};
    uint64_t len = UINT64_C(3) << 40;
    bool done = out_new(&o, fd, "test", len, &err) && out_bytes(o, sx_bytes("begin", 5), &err) &&
                out_zeros(o, len - 8, &err) && out_bytes(o, sx_bytes("end", 3), &err) && out_finish(o, &err);
    out_free(o);
    struct stat st;
    char end[4] = "";
    fstat(fd, &st);
    ok(done && (uint64_t)st.st_size == len && st.st_blocks * 512 < 1 << 20, "3 TiB of zeros take %lld KiB %s",
       (long long)st.st_blocks / 2, err.text);
    ok(pread(fd, end, 3, (off_t)(len - 3)) == 3 && strcmp(end, "end") == 0, "with what stands around them");
    close(fd);
}

static void
test_full(size_t len)
{
    int fd = make_file();
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 20 << 20;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    Out *o = NULL;
    SxError err = {0};
    uint8_t *block = calloc(1, 1 << 20);
    memset(block, 'x', 1 << 20);
    bool done = out_new(&o, fd, "test", len, &err);
    for (size_t at = 0; done && at < len; at += 1 << 20)
        done = out_bytes(o, sx_bytes(block, 1 << 20), &err);
    done = done && out_finish(o, &err);
    out_free(o);
    setrlimit(RLIMIT_FSIZE, &old);
    ok(!done && err.code == SX_ERR_NOSPACE, "no room for %zu bytes: %s", len, err.text);
    free(block);
    close(fd);
}

/* Where blocks can be shared they are, and where not nothing is claimed. */
static void
test_share(void)
{
    int from = make_file();
    int fd = make_file();
    uint8_t *bytes = malloc(1 << 20);
    memset(bytes, 'y', 1 << 20);
    ok(write(from, bytes, 1 << 20) == 1 << 20, "a file to share with");
    Out *o = NULL;
    uint64_t shared = 1;
    bool done = out_new(&o, fd, "test", 1 << 20, NULL);
    out_share(o, from, 0, 1 << 20, &shared);
    done = done && (shared == 0 || shared == 1 << 20) && out_at(o) == shared &&
           out_bytes(o, sx_bytes(bytes + shared, (1 << 20) - shared), NULL) && out_finish(o, NULL);
    out_free(o);
    ok(done && same(fd, bytes, 1 << 20), "%llu bytes shared", (unsigned long long)shared);
    free(bytes);
    close(from);
    close(fd);
}

int
main(void)
{
    uint64_t seed = tap_seed();
    static const size_t lengths[] = {0, 1, 4095, 4096, 4097, 65536, 1000001, 31 << 20, (32 << 20) + 1, (45 << 20) + 4095};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        test_random(lengths[i], seed + i);
    test_holes();
    test_full(30 << 20);
    test_full(64 << 20);
    test_share();
    return done_testing();
}
