/*
 * save.c - saving beside what a system can do at best, in one run; prints seconds and ratios, asserts nothing.
 *
 *     save [GIB] [DIRECTORY] [ROUNDS]    4, /var/tmp, 3; takes three times as much of the disk
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sextant/document.h>

enum { ROUNDS_MAX = 21 };

static char file[256], copy[300];

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
die(const char *what)
{
    perror(what);
    unlink(file);
    unlink(copy);
    exit(EXIT_FAILURE);
}

/* Bytes that nothing can leave out. */
static void
make_file(uint64_t len)
{
    enum { BLOCK = 1 << 20 };
    uint64_t *block = malloc(BLOCK);
    uint64_t x = 88172645463325252u;
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || !block)
        die(file);
    for (uint64_t at = 0; at < len; at += BLOCK) {
        for (size_t i = 0; i < BLOCK / 8; i++)
            block[i] = x = x * 6364136223846793005u + 1442695040888963407u;
        if (write(fd, block, BLOCK) != BLOCK)
            die(file);
    }
    if (fsync(fd) != 0)
        die(file);
    close(fd);
    free(block);
}

static double
time_pwrite(uint64_t at)
{
    int fd = open(file, O_WRONLY);
    double begin = now();
    if (fd < 0 || pwrite(fd, "x", 1, (off_t)at) != 1 || fsync(fd) != 0)
        die(file);
    double took = now() - begin;
    close(fd);
    return took;
}

static SxDocument *
open_document(const char *state)
{
    SxDocument *d = NULL;
    SxError err;
    if (!sx_document_open(&d, file, &(SxDocumentOptions){.state_dir = state}, &err)) {
        fprintf(stderr, "%s\n", err.text);
        die(file);
    }
    return d;
}

static double
time_save(SxDocument *d, SxSaved *saved)
{
    SxError err;
    double begin = now();
    if (!sx_document_save(d, 0, NULL, saved, &err)) {
        fprintf(stderr, "%s\n", err.text);
        die(file);
    }
    return now() - begin;
}

static double
time_overwrite(const char *state, uint64_t at, SxSaved *saved)
{
    SxDocument *d = open_document(state);
    sx_document_overwrite(d, at, sx_bytes("y", 1), NULL);
    double took = time_save(d, saved);
    sx_document_free(d, false);
    return took;
}

static double
time_insert(const char *state, double *edit)
{
    SxDocument *d = open_document(state);
    SxSaved saved;
    double begin = now();
    sx_document_insert(d, 0, sx_bytes("z", 1), NULL);
    *edit = now() - begin;
    double took = time_save(d, &saved);
    begin = now();
    if (!sx_document_undo(d, NULL, NULL))
        die("undo");
    printf("  undo after it %.6f s\n", now() - begin);
    sx_document_free(d, false);
    return took;
}

static double
time_cp(void)
{
    char command[1200];
    snprintf(command, sizeof command, "cp --reflink=never '%s' '%s' && sync '%s'", file, copy, copy);
    double begin = now();
    if (system(command) != 0)
        die("cp");
    double took = now() - begin;
    unlink(copy);
    sync();
    return took;
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* In turns, since what a sync takes depends on what others do to the disk. */
static void
one_byte(const char *state, uint64_t len)
{
    enum { TURNS = 41 };
    double plain[TURNS], ours[TURNS];
    SxSaved saved = {0};
    for (uint64_t i = 0; i < TURNS; i++) {
        uint64_t at = len / 2 + i * 123457;
        plain[i] = time_pwrite(at);
        ours[i] = time_overwrite(state, at + 5000000, &saved);
    }
    qsort(plain, TURNS, sizeof *plain, by_size);
    qsort(ours, TURNS, sizeof *ours, by_size);
    printf("one byte, medians of %d: save %.4f s, pwrite + fsync %.4f s, ratio %.2f; %llu bytes written\n", TURNS,
           ours[TURNS / 2], plain[TURNS / 2], ours[TURNS / 2] / plain[TURNS / 2], (unsigned long long)saved.bytes);
    fflush(stdout);
}

static void
at_front(const char *state, int rounds)
{
    double plain[ROUNDS_MAX], ours[ROUNDS_MAX];
    for (int i = 0; i < rounds; i++) {
        double edit;
        plain[i] = time_cp();
        ours[i] = time_insert(state, &edit);
        printf("a byte inserted at the front (%.6f s): save %.2f s, cp + sync %.2f s, ratio %.2f\n", edit, ours[i],
               plain[i], ours[i] / plain[i]);
        fflush(stdout);
        sync();
    }
    qsort(plain, (size_t)rounds, sizeof *plain, by_size);
    qsort(ours, (size_t)rounds, sizeof *ours, by_size);
    printf("medians of %d: save %.2f s, cp + sync %.2f s, ratio %.2f\n", rounds, ours[rounds / 2], plain[rounds / 2],
           ours[rounds / 2] / plain[rounds / 2]);
}

int
main(int argc, char **argv)
{
    uint64_t len = (argc > 1 ? strtoull(argv[1], NULL, 10) : 4) << 30;
    const char *dir = argc > 2 ? argv[2] : "/var/tmp";
    int rounds = argc > 3 ? atoi(argv[3]) : 3;
    char state[300], clean[400];
    snprintf(file, sizeof file, "%s/sextant-bench.%d", dir, (int)getpid());
    snprintf(copy, sizeof copy, "%s.copy", file);
    snprintf(state, sizeof state, "%s.state", file);
    make_file(len);
    one_byte(state, len);
    at_front(state, rounds < 1 ? 1 : rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds);
    unlink(file);
    snprintf(clean, sizeof clean, "rm -rf '%s'", state);
    return system(clean) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
