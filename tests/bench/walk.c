/*
 * walk.c - small steps through a file: by the mapping, and by lseek and read.
 *
 *     walk [FILE]                 a file of at least 16 MiB; without one it makes its own
 *
 * From the position seek +64, process 64 bytes, seek -32, process 64 bytes, until more than 10 MB are processed. Both
 * walks add up the same bytes. Prints nanoseconds a step of each, the median of 9 interleaved runs, and their ratio.
 */
#include <sextant/map.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 64, ENOUGH = 10 * 1000 * 1000, RUNS = 9, SIZE = 16 << 20 };

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* What is done with the bytes; the same for both. */
static uint64_t
process(const uint8_t *bytes)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < PIECE; i += sizeof sum) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        sum += word;
    }
    return sum;
}

static uint64_t
walk_map(SxMap *m)
{
    uint64_t sum = 0, at = 0;
    uint8_t piece[PIECE];
    size_t got;
    sx_map_seek(m, 0, SX_SEEK_START, NULL);
    for (uint64_t done = 0; done <= ENOUGH; done += 2 * PIECE) {
        sx_map_seek(m, 64, SX_SEEK_HERE, NULL);
        sx_map_tell(m, &at, NULL);
        sx_map_peek(m, at, piece, PIECE, &got, NULL);
        sum += process(piece);
        sx_map_seek(m, -32, SX_SEEK_HERE, NULL);
        sx_map_tell(m, &at, NULL);
        sx_map_peek(m, at, piece, PIECE, &got, NULL);
        sum += process(piece);
    }
    return sum;
}

/* Reading moves the position, so that seeking goes from behind what was read. */
static uint64_t
walk_read(int fd)
{
    uint64_t sum = 0;
    uint8_t piece[PIECE];
    lseek(fd, 0, SEEK_SET);
    for (uint64_t done = 0, first = 1; done <= ENOUGH; done += 2 * PIECE, first = 0) {
        lseek(fd, first ? 64 : 64 - PIECE, SEEK_CUR);
        if (read(fd, piece, PIECE) != PIECE)
            abort();
        sum += process(piece);
        lseek(fd, -32 - PIECE, SEEK_CUR);
        if (read(fd, piece, PIECE) != PIECE)
            abort();
        sum += process(piece);
    }
    return sum;
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A file of text, so that most of its pieces end in a byte that is not 0. */
static const char *
make_file(void)
{
    static char path[] = "/tmp/sextant-walk-XXXXXX";
    static char text[SIZE];
    int fd = mkstemp(path);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = (char)('a' + i % 23);
    if (fd < 0 || write(fd, text, SIZE) != SIZE)
        abort();
    close(fd);
    return path;
}

int
main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : make_file();
    double maps[RUNS], reads[RUNS], steps = 2.0 * (ENOUGH / (2 * PIECE) + 1);
    uint64_t sum_map = 0, sum_read = 0;
    SxMap *m;
    SxError err;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || !sx_map_open(&m, path, &(SxMapOptions){.access = SX_ACCESS_READ}, &err)) {
        fprintf(stderr, "walk: %s\n", fd < 0 ? "cannot open" : err.text);
        return 1;
    }
    for (int i = 0; i < RUNS; i++) {
        double began = now();
        sum_map = walk_map(m);
        double between = now();
        sum_read = walk_read(fd);
        maps[i] = (between - began) / steps;
        reads[i] = (now() - between) / steps;
    }
    qsort(maps, RUNS, sizeof *maps, by_size);
    qsort(reads, RUNS, sizeof *reads, by_size);
    printf("map %.1f ns, lseek and read %.1f ns a step; ratio %.1f%s\n", maps[RUNS / 2], reads[RUNS / 2],
           reads[RUNS / 2] / maps[RUNS / 2], sum_map == sum_read ? "" : "; THE SUMS DIFFER");
    sx_map_free(m);
    close(fd);
    if (argc < 2)
        unlink(path);
    return sum_map == sum_read ? 0 : 1;
}
