/*
 * test_leak.c - documents come and go, and memory is what it was.
 *
 *     test_leak [DOCUMENTS]     of 1000 random steps each
 */
#include "document/model.h"

#include <malloc.h>
#include <unistd.h>

enum { STEPS = 1000 };

static bool
one(uint64_t seed, const char *path)
{
    static const SxDocumentOptions tiny = {.fanout = 4, .chunk = 256, .history = 1};
    Model *m = malloc(sizeof *m);
    bool right = true;
    model_open(m, path, 400, &tiny, seed);
    for (size_t i = 0; right && i < STEPS; i++)
        right = model_agrees(m, model_step(m));
    model_close(m);
    free(m);
    return right;
}

/* Blocks that a thread keeps for itself count as used: start again without them. */
static void
without_caches(char **argv)
{
    if (getenv("GLIBC_TUNABLES"))
        return;
    setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
    execv("/proc/self/exe", argv);
}

int
main(int argc, char **argv)
{
    without_caches(argv);
    size_t documents = argc > 1 ? strtoul(argv[1], NULL, 0) : 4;
    uint64_t seed = tap_seed();
    char path[64];
    snprintf(path, sizeof path, "%s/sextant-leak-XXXXXX", model_folder());
    close(mkstemp(path));
    bool right = one(tap_random(&seed), path);
    size_t before = mallinfo2().uordblks;
    size_t behind = before;
    for (size_t i = 0; right && behind == before && i < documents; i++) {
        right = one(tap_random(&seed), i % 3 ? path : NULL);
        behind = mallinfo2().uordblks;
    }
    ok(right, "%zu documents of %d steps", documents, STEPS);
    is(behind, before, "bytes in use are what they were");
    unlink(path);
    return done_testing();
}
