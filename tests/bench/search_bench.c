/*
 * search_bench.c - what search.py cannot measure from outside.
 *
 *     search_bench sum THREADS FILE           adds up the file through a mapping: the speed of memory
 *     search_bench plain PATTERN FILE         counts matches in the file,
 *     search_bench edited PIECES PATTERN FILE and in a document with so many pieces, the edits not timed
 *
 * Prints seconds and the result.
 */
#include <sextant/document.h>
#include <sextant/map.h>
#include <sextant/search.h>

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 64 };

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
must(bool done, const SxError *err)
{
    if (done)
        return;
    fprintf(stderr, "search_bench: %s\n", err->text);
    exit(1);
}

/* --- memory ------------------------------------------------------------------------------------------------------------- */

typedef struct Part {
    pthread_t thread;
    const uint8_t *data;
    size_t len;
    uint64_t sum;
} Part;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx2", "default")))
#endif
static uint64_t
sum_of(const uint8_t *data, size_t len)
{
    typedef uint64_t Vector __attribute__((vector_size(32)));
    Vector a = {0}, b = {0}, c = {0}, d = {0}, v;
    for (size_t i = 0; i + 128 <= len; i += 128) {
        memcpy(&v, data + i, sizeof v);
        a += v;
        memcpy(&v, data + i + 32, sizeof v);
        b += v;
        memcpy(&v, data + i + 64, sizeof v);
        c += v;
        memcpy(&v, data + i + 96, sizeof v);
        d += v;
    }
    a += b + c + d;
    return a[0] + a[1] + a[2] + a[3];
}

static void *
add_up(void *data)
{
    Part *p = data;
    p->sum = sum_of(p->data, p->len);
    return NULL;
}

static int
sum(size_t threads, const char *path)
{
    struct stat st;
    Part part[THREADS_MAX];
    uint64_t all = 0;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &st) != 0 || threads == 0 || threads > THREADS_MAX) {
        perror(path);
        return 1;
    }
    double begin = now();
    size_t size = (size_t)st.st_size, each = size / threads / 4096 * 4096;
    uint8_t *data = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    for (size_t i = 0; i < threads; i++) {
        part[i] = (Part){.data = data + i * each, .len = i + 1 == threads ? size - i * each : each};
        pthread_create(&part[i].thread, NULL, add_up, &part[i]);
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(part[i].thread, NULL);
        all += part[i].sum;
    }
    munmap(data, size);
    printf("%.4f %" PRIu64 "\n", now() - begin, all);
    return 0;
}

/* --- searches ------------------------------------------------------------------------------------------------------------ */

static void
count(const char *text, SxSource *source)
{
    SxPattern *p;
    SxError err;
    uint64_t n = 0, gave_up;
    must(sx_pattern_new(&p, sx_bytes(text, strlen(text)), SX_PATTERN_ANY, 0, &err), &err);
    double begin = now();
    SxFound found = sx_search_count(p, source, SX_SPAN_ALL, NULL, NULL, &n, &gave_up, &err);
    must(found == SX_FOUND || found == SX_ABSENT, &err);
    printf("%.4f %" PRIu64 "\n", now() - begin, n);
    sx_pattern_release(p);
}

/* One byte inserted at so many places, evenly. */
static int
search_document(uint64_t pieces, const char *pattern, const char *path)
{
    SxDocument *d;
    SxError err;
    must(sx_document_open(&d, path, &(SxDocumentOptions){.access = SX_ACCESS_COPY}, &err), &err);
    uint64_t places = pieces / 2, step = sx_document_length(d) / (places + 1);
    for (uint64_t i = places; i > 0; i--)
        must(sx_document_insert(d, i * step, sx_bytes("\n", 1), &err), &err);
    SxSnapshot *s = sx_document_snapshot(d);
    count(pattern, sx_snapshot_source(s));
    sx_snapshot_release(s);
    sx_document_free(d, false);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "sum") == 0)
        return sum(strtoul(argv[2], NULL, 0), argv[3]);
    if (argc == 4 && strcmp(argv[1], "plain") == 0)
        return search_document(0, argv[2], argv[3]);
    if (argc == 5 && strcmp(argv[1], "edited") == 0)
        return search_document(strtoull(argv[2], NULL, 0), argv[3], argv[4]);
    fprintf(stderr, "usage: search_bench sum THREADS FILE | plain PATTERN FILE | edited PIECES PATTERN FILE\n");
    return 2;
}
