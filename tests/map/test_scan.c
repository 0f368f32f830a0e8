/* test_scan.c - the byte string search against the simplest one, and scans that leave the cache as they
 * found it. */
#include "map/page.h"
#include "map/region.h"
#include "map/scan.h"
#include "support.h"

#include <sys/mman.h>

static size_t
naive_first(SxBytes hay, SxBytes needle)
{
    for (size_t i = 0; i + needle.len <= hay.len; i++)
        if (memcmp(hay.data + i, needle.data, needle.len) == 0)
            return i;
    return SIZE_MAX;
}

static size_t
naive_last(SxBytes hay, SxBytes needle)
{
    for (size_t i = hay.len + 1 - needle.len; needle.len <= hay.len && i-- > 0;)
        if (memcmp(hay.data + i, needle.data, needle.len) == 0)
            return i;
    return SIZE_MAX;
}

/* Short alphabets, so that there are near misses; blocks that end where memory ends, so that a read too
 * far shows. */
static void
test_random(uint64_t seed)
{
    enum { ROUNDS = 20000, MOST = 200 };
    size_t page = (size_t)page_size();
    uint8_t *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + page, page, PROT_NONE) != 0)
        abort();
    bool same = true;
    for (int i = 0; i < ROUNDS && same; i++) {
        size_t len = tap_random(&seed) % MOST, needle_len = 1 + tap_random(&seed) % (i % 3 ? 4 : 80);
        uint64_t letters = 1 + tap_random(&seed) % 3;
        uint8_t *hay = memory + page - len, needle[80];
        for (size_t k = 0; k < len; k++)
            hay[k] = (uint8_t)('a' + tap_random(&seed) % letters);
        for (size_t k = 0; k < needle_len; k++)
            needle[k] = (uint8_t)('a' + tap_random(&seed) % letters);
        SxBytes h = sx_bytes(hay, len), n = sx_bytes(needle, needle_len);
        same &= scan_first(h, n) == naive_first(h, n) && scan_last(h, n) == naive_last(h, n);
        if (!same)
            diag("'%.*s' in '%.*s'", (int)needle_len, (const char *)needle, (int)len, (const char *)hay);
    }
    ok(same, "first and last place of random byte strings");
    munmap(memory, 2 * page);
}

/* How many pages of the file are in the cache; without touching them. */
static size_t
cached_pages(int fd, size_t len)
{
    size_t pages = len / page_size(), count = 0;
    unsigned char *there = calloc(pages, 1);
    void *data = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED || !there || mincore(data, len, there) != 0)
        abort();
    for (size_t i = 0; i < pages; i++)
        count += there[i] & 1;
    munmap(data, len);
    free(there);
    return count;
}

enum { SIZE = 16 << 20, WARM = 4 << 20 };

typedef struct Counts {
    size_t before, during, after; /* pages in the cache */
} Counts;

/* One scan of a file whose beginning alone is in the cache. */
static Counts
scan_once(File *file, int fd, Damage *damage, uint64_t keep)
{
    static char warm[WARM];
    Counts c = {0};
    Region *r;
    if (posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0 || pread(fd, warm, WARM, 0) != WARM)
        abort();
    c.before = cached_pages(fd, SIZE);
    if (!region_map(&r, file, (SxSpan){0, SIZE}, damage, NULL))
        abort();
    region_scan(r, SIZE, keep);
    unsigned sum = 0;
    for (size_t i = 0; i < SIZE; i += 4096)
        sum += ((volatile uint8_t *)r->data)[i];
    c.during = sum > 0 ? cached_pages(fd, SIZE) : 0;
    region_release(r);
    c.after = cached_pages(fd, SIZE);
    return c;
}

/*
 * What `good` says of one scan in ten: the cache belongs to the whole machine, which may take pages at any time or
 * hold on to them for a moment. A scan that never gave back what it brought, or always threw out what was there,
 * fails all ten.
 */
static Counts
scan_until(bool good(Counts), File *file, int fd, Damage *damage, uint64_t keep)
{
    Counts c = scan_once(file, fd, damage, keep);
    for (int tries = 1; !good(c) && tries < 10; tries++)
        c = scan_once(file, fd, damage, keep);
    return c;
}

static bool
all_came(Counts c)
{
    return c.during == SIZE / page_size();
}

/* A block of pages that the kernel read in one go is dropped only as a whole: hence some more. */
static bool
warm_stay(Counts c)
{
    return all_came(c) && c.after >= c.before && c.after <= c.before + c.before / 8;
}

static bool
all_stay(Counts c)
{
    return all_came(c) && c.after == c.during;
}

static void
test_cache(const char *path)
{
    write_known(path, SIZE);
    int fd = open(path, O_RDWR);
    File *file;
    SxAccess access = SX_ACCESS_READ;
    bool made;
    Damage damage = {0};
    damage_init(&damage);
    /* RANDOM: nothing is read ahead here, so what is warm is known */
    if (fdatasync(fd) != 0 || posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM) != 0 ||
        posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0 || !file_open(&file, path, &access, 0, &made, NULL))
        abort();
    if (cached_pages(fd, SIZE) > 0) {
        ok(true, "a scan leaves the cache as it was # SKIP pages cannot be dropped here");
    } else {
        Counts c = scan_until(warm_stay, file, fd, &damage, 0);
        ok(all_came(c), "a scan brings pages into the cache: %zu", c.during);
        ok(warm_stay(c), "of a large file only those stay that were there before: %zu of %zu", c.after, c.before);
        c = scan_until(all_stay, file, fd, &damage, SIZE);
        ok(all_stay(c), "those of a small one stay: %zu of %zu", c.after, c.during);
    }
    file_release(file);
    close(fd);
}

int
main(void)
{
    const char *folder = make_folder();
    char path[160];
    snprintf(path, sizeof path, "%s", in_folder(folder, "file"));
    test_random(tap_seed());
    test_cache(path);
    drop_folder(folder);
    return done_testing();
}
