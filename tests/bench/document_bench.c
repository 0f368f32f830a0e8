/*
 * document_bench.c - what edits, snapshots, bulk replacements and undo cost: prints, never fails on a time.
 *
 *     document_bench [PLACES] [DIRECTORY]     default 10000000 places, 20 million pieces
 */
#include <sextant/document.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/memory.h"

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double
anonymous_mib(void)
{
    return (double)anonymous_kib() / 1024;
}

static void
must(bool done, const SxError *err)
{
    if (done)
        return;
    fprintf(stderr, "document_bench: %s\n", err->text);
    exit(1);
}

static SxDocument *
sparse(const char *directory, uint64_t size, char *path, size_t room)
{
    SxError err;
    SxDocument *d;
    snprintf(path, room, "%s/sextant-bench-XXXXXX", directory);
    int fd = mkstemp(path);
    if (fd < 0 || ftruncate(fd, (off_t)size) != 0 || pwrite(fd, "sparse", 6, 0) != 6) {
        perror(path);
        exit(1);
    }
    close(fd);
    must(sx_document_open(&d, path, NULL, &err), &err);
    unlink(path);
    return d;
}

static void
front_insert(const char *directory)
{
    enum { TIMES = 1000 };
    char path[256];
    SxError err;
    SxDocument *d = sparse(directory, UINT64_C(5) << 30, path, sizeof path);
    double begin = now();
    must(sx_document_insert(d, 0, sx_bytes("x", 1), &err), &err);
    double inserted = now();
    must(sx_document_undo(d, NULL, &err), &err);
    double undone = now();
    printf("insert one byte at 0 of 5 GiB    %8.1f us, undo %.1f us\n", (inserted - begin) * 1e6, (undone - inserted) * 1e6);
    begin = now();
    for (int i = 0; i < TIMES; i++) {
        must(sx_document_insert(d, 0, sx_bytes("x", 1), &err), &err);
        must(sx_document_undo(d, NULL, &err), &err);
    }
    printf("the same, %d times             %8.2f us for both\n", TIMES, (now() - begin) * 1e6 / TIMES);
    sx_document_free(d, false);
}

static uint64_t
random64(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void
random_edits(const char *directory, bool keep)
{
    enum { EDITS = 200000 };
    char path[256];
    SxError err;
    uint64_t state = 88172645463325252u;
    SxDocument *d = sparse(directory, UINT64_C(1) << 40, path, sizeof path);
    SxSnapshot *s = NULL;
    double begin = now();
    for (int i = 0; i < EDITS; i++) {
        must(sx_document_insert(d, random64(&state) % (UINT64_C(1) << 40), sx_bytes("y", 1), &err), &err);
        if (keep) {
            sx_snapshot_release(s);
            s = sx_document_snapshot(d);
        }
    }
    double edited = now();
    printf("%d random inserts%s      %8.2f us each, %.0f MiB\n", EDITS, keep ? ", snapshot of each" : "                  ",
           (edited - begin) * 1e6 / EDITS, anonymous_mib());
    SxChangeCount c = sx_document_changes(d);
    begin = now();
    for (int i = 0; i < 1000; i++)
        must(sx_document_overwrite(d, random64(&state) % (UINT64_C(1) << 40), sx_bytes("z", 1), &err), &err);
    printf("a key press among %" PRIu64 " hunks     %8.2f us\n", c.hunks, (now() - begin) * 1e3);
    begin = now();
    SxSnapshot *t = sx_document_snapshot(d);
    SxHunk h;
    for (int i = 0; i < 100000; i++)
        sx_snapshot_hunk_next(t, random64(&state) % (UINT64_C(1) << 40), &h);
    printf("next hunk                        %8.2f us\n", (now() - begin) * 10);
    sx_snapshot_release(t);
    begin = now();
    while (sx_document_undo(d, NULL, &err))
        ;
    printf("undo of all                      %8.2f us each; modified: %d\n", (now() - begin) * 1e6 / (EDITS + 1000),
           sx_document_modified(d));
    sx_snapshot_release(s);
    sx_document_free(d, false);
}

static void
bulk(const char *directory, uint64_t places)
{
    char path[256];
    SxError err;
    SxBulk *b;
    SxDocument *d = sparse(directory, places * 200, path, sizeof path);
    double memory = anonymous_mib();
    double begin = now();
    must(sx_document_bulk_begin(d, &b, &err), &err);
    for (uint64_t i = 0; i < places; i++)
        must(sx_bulk_replace(b, (SxSpan){i * 200 + 7, 5}, sx_bytes("FAILED", 6), &err), &err);
    must(sx_bulk_commit(b, &err), &err);
    double built = now();
    printf("replace %" PRIu64 " places        %8.0f ms, %.0f MiB\n", places, (built - begin) * 1e3, anonymous_mib() - memory);
    built = now();
    must(sx_document_insert(d, 100, sx_bytes("x", 1), &err), &err);
    double typed = now();
    SxSnapshot *s = sx_document_snapshot(d);
    uint64_t n = 0;
    SxExtent e;
    for (uint64_t at = 0; at < sx_snapshot_length(s); at = sx_span_end(e.span), n++)
        must(sx_source_extent(sx_snapshot_source(s), at, &e, &err), &err);
    double walked = now();
    sx_snapshot_release(s);
    must(sx_document_undo(d, NULL, &err), &err);
    must(sx_document_undo(d, NULL, &err), &err);
    double undone = now();
    must(sx_document_redo(d, NULL, &err), &err);
    double redone = now();
    printf("one key then                     %8.1f us\n", (typed - built) * 1e6);
    printf("walk of %" PRIu64 " extents       %8.0f ms\n", n, (walked - typed) * 1e3);
    printf("undo, redo of it                 %8.1f us, %.1f us\n", (undone - walked) * 1e6, (redone - undone) * 1e6);
    begin = now();
    sx_document_free(d, false);
    printf("free                             %8.0f ms\n", (now() - begin) * 1e3);
}

int
main(int argc, char **argv)
{
    uint64_t places = argc > 1 ? strtoull(argv[1], NULL, 0) : 10000000;
    const char *directory = argc > 2 ? argv[2] : "/dev/shm";
    bulk(directory, places);
    front_insert(directory);
    random_edits(directory, false);
    random_edits(directory, true);
    return 0;
}
