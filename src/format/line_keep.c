/*
 * line_keep.c - counts that outlive the program: LINES/HASH.lines in the cache directory, one for each file.
 *
 * A record is used only while the file has the size and times it had (that of its status too, which nobody can put
 * back), and the samples of its bytes are the same. It is written only when the times did not move while it was counted,
 * and lie far enough back that another write would show.
 */
#include "format/line_index.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SAMPLES = 32, SAMPLE = 64, SETTLED_S = 2, EXPIRES_S = 60 * 24 * 3600 };
#define WORTH (UINT64_C(32) << 20) /* bytes: smaller files are counted before anybody asks */

typedef struct Record {
    char magic[8];
    uint64_t device, inode, size, block, blocks;
    int64_t seconds, nanoseconds;               /* when its bytes changed last */
    int64_t status_seconds, status_nanoseconds; /* when anything of it did */
    uint64_t feed_len;
    uint8_t feed[SX_ENCODING_MOST];
    uint64_t samples;
    uint64_t sum; /* of the counts */
} Record;

struct LineKeeper {
    char *directory, *path;
    Record state; /* of the file when the pass began */
};

static uint64_t
mix(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static bool
state_of(const char *path, Record *out)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    memcpy(out->magic, "SXLINES2", sizeof out->magic);
    out->device = (uint64_t)st.st_dev;
    out->inode = (uint64_t)st.st_ino;
    out->size = (uint64_t)st.st_size;
    out->seconds = (int64_t)st.st_mtim.tv_sec;
    out->nanoseconds = (int64_t)st.st_mtim.tv_nsec;
    out->status_seconds = (int64_t)st.st_ctim.tv_sec;
    out->status_nanoseconds = (int64_t)st.st_ctim.tv_nsec;
    return true;
}

LineKeeper *
line_keeper_new(const SxLineCache *cache, const SxLineIndex *ix)
{
    LineKeeper *k = calloc(1, sizeof *k);
    if (!k || !cache->directory || !cache->path || ix->length < WORTH || !state_of(cache->path, &k->state) ||
        k->state.size != ix->length) {
        free(k);
        return NULL;
    }
    k->state.block = ix->block;
    k->state.blocks = ix->count;
    k->state.feed_len = ix->feed.len;
    memcpy(k->state.feed, ix->feed.bytes, sizeof k->state.feed);
    k->directory = strdup(cache->directory);
    k->path = strdup(cache->path);
    if (k->directory && k->path)
        return k;
    line_keeper_free(k);
    return NULL;
}

void
line_keeper_free(LineKeeper *k)
{
    if (!k)
        return;
    free(k->directory);
    free(k->path);
    free(k);
}

/* A few bytes from everywhere, so that a file with its old times and other bytes is found out. */
static bool
sample(SxSource *source, uint64_t size, uint64_t *out)
{
    uint8_t bytes[SAMPLE];
    *out = UINT64_C(0xcbf29ce484222325);
    for (uint64_t i = 0; i < SAMPLES; i++) {
        uint64_t at = (size - SAMPLE) / (SAMPLES - 1) * i;
        if (!sx_source_read(source, (SxSpan){at, SAMPLE}, bytes, NULL))
            return false;
        *out = mix(*out, bytes, sizeof bytes);
    }
    return true;
}

static bool
record_path(const LineKeeper *k, const char *end, char *buf, size_t size)
{
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), &k->state.device, 2 * sizeof k->state.device);
    hash = mix(hash, k->state.feed, sizeof k->state.feed);
    int n = snprintf(buf, size, "%s/lines/%016llx.%s", k->directory, (unsigned long long)hash, end);
    return n > 0 && (size_t)n < size;
}

/* --- reading ---------------------------------------------------------------------------------------------------------------- */

static bool
same_state(const Record *a, const Record *b)
{
    return memcmp(a, b, offsetof(Record, samples)) == 0;
}

static bool
read_whole(int fd, void *buf, size_t len)
{
    for (size_t got = 0; got < len;) {
        ssize_t n = read(fd, (char *)buf + got, len - got);
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

bool
line_keeper_load(const LineKeeper *k, SxSource *source, uint64_t *counts, size_t n)
{
    char path[PATH_SIZE];
    Record r;
    uint64_t samples;
    int fd = record_path(k, "lines", path, sizeof path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return false;
    bool good = read_whole(fd, &r, sizeof r) && same_state(&r, &k->state) && r.blocks == n &&
                read_whole(fd, counts, n * sizeof *counts) && mix(0, counts, n * sizeof *counts) == r.sum;
    close(fd);
    return good && sample(source, k->state.size, &samples) && samples == r.samples;
}

/* --- writing ---------------------------------------------------------------------------------------------------------------- */

/* The times have stood still, and would move if somebody wrote now. */
static bool
still_same(const LineKeeper *k)
{
    Record now = k->state;
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    return state_of(k->path, &now) && same_state(&now, &k->state) && clock.tv_sec - k->state.status_seconds > SETTLED_S;
}

static bool
write_whole(const char *path, const Record *r, const uint64_t *counts, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write(fd, r, sizeof *r) == (ssize_t)sizeof *r &&
                write(fd, counts, n * sizeof *counts) == (ssize_t)(n * sizeof *counts);
    return close(fd) == 0 && good;
}

/* Records that nobody has used for long. */
static void
expire(const char *directory)
{
    char path[PATH_SIZE];
    DIR *d = opendir(directory);
    time_t now = time(NULL);
    for (const struct dirent *e; d && (e = readdir(d));) {
        struct stat st;
        int n = snprintf(path, sizeof path, "%s/%s", directory, e->d_name);
        if (n > 0 && (size_t)n < sizeof path && lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            now - st.st_mtim.tv_sec > EXPIRES_S)
            unlink(path);
    }
    if (d)
        closedir(d);
}

static bool
make_directory(const LineKeeper *k)
{
    char path[PATH_SIZE];
    int n = snprintf(path, sizeof path, "%s/lines", k->directory);
    if (n <= 0 || (size_t)n >= sizeof path)
        return false;
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return false;
    expire(path);
    return true;
}

void
line_keeper_save(const LineKeeper *k, SxSource *source, const uint64_t *counts, size_t n)
{
    char path[PATH_SIZE], temporary[PATH_SIZE];
    Record r = k->state;
    r.sum = mix(0, counts, n * sizeof *counts);
    if (!still_same(k) || !sample(source, k->state.size, &r.samples) || !make_directory(k) ||
        !record_path(k, "lines", path, sizeof path) || !record_path(k, "new", temporary, sizeof temporary))
        return;
    if (!write_whole(temporary, &r, counts, n) || rename(temporary, path) != 0)
        unlink(temporary);
}
