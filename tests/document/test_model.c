/*
 * test_model.c - random edits, groups, undo, bulk, access, on documents with tiny nodes and chunks, against arrays.
 *
 *     test_model [ROUNDS]
 */
#include "document/model.h"

#include <unistd.h>

/* A snapshot and what it must show for ever. */
typedef struct Kept {
    SxSnapshot *snapshot;
    uint8_t *bytes;
    size_t len;
} Kept;

enum { KEPT = 4 };

static bool
kept_right(const Kept *k)
{
    uint8_t bytes[MODEL_MOST];
    return sx_snapshot_length(k->snapshot) == k->len &&
           sx_source_read(sx_snapshot_source(k->snapshot), (SxSpan){0, k->len}, bytes, NULL) &&
           memcmp(bytes, k->bytes, k->len) == 0;
}

static void
drop(Kept *k)
{
    sx_snapshot_release(k->snapshot);
    free(k->bytes);
    *k = (Kept){0};
}

static void
drop_all(Kept *kept)
{
    for (size_t i = 0; i < KEPT; i++)
        drop(&kept[i]);
}

static void
keep(Kept *k, const Model *m)
{
    drop(k);
    *k = (Kept){sx_document_snapshot(m->d), malloc(m->now.len + 1), m->now.len};
    memcpy(k->bytes, m->now.bytes, m->now.len);
}

static bool
run(uint64_t seed, const char *path, size_t length, const SxDocumentOptions *o, size_t rounds, size_t *saves)
{
    Model *m = malloc(sizeof *m);
    Kept kept[KEPT] = {0};
    bool right = true;
    model_open(m, path, length, o, seed);
    for (size_t i = 0; right && i < rounds; i++) {
        size_t reopened = m->reopened;
        const char *what = model_step(m);
        right = model_agrees(m, what);
        if (m->reopened > reopened)
            drop_all(kept);
        Kept *k = &kept[model_random(m, KEPT)];
        if (right && k->snapshot && !kept_right(k)) {
            diag("a snapshot changed by %s in round %zu", what, i);
            right = false;
        }
        if (model_random(m, 10) == 0)
            keep(k, m);
        if (model_random(m, 50) == 0)
            sx_document_tend(m->d, 1000);
    }
    drop_all(kept);
    *saves += m->saves;
    model_close(m);
    free(m);
    return right;
}

int
main(int argc, char **argv)
{
    static const SxDocumentOptions tiny = {.fanout = 4, .chunk = 64, .history = 1};
    static const SxDocumentOptions small = {.fanout = 5, .chunk = 4096, .window = 4096};
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 400;
    uint64_t seed = tap_seed();
    size_t saves = 0;
    char path[64];
    snprintf(path, sizeof path, "%s/sextant-model-XXXXXX", model_folder());
    int fd = mkstemp(path);
    close(fd);
    for (int i = 0; i < 4; i++) {
        uint64_t one = tap_random(&seed);
        ok(run(one, NULL, 0, &tiny, rounds, &saves), "an empty document, seed %" PRIu64, one);
        ok(run(one, NULL, 300, &small, rounds, &saves), "a new document of 300 bytes, seed %" PRIu64, one);
        ok(run(one, path, 1, &tiny, rounds, &saves), "a file of one byte, seed %" PRIu64, one);
        ok(run(one, path, 700, &tiny, rounds, &saves), "a file of 700 bytes, seed %" PRIu64, one);
        ok(run(one, path, 500, &small, rounds, &saves), "a file of 500 bytes, seed %" PRIu64, one);
    }
    diag("%zu saves", saves);
    unlink(path);
    return done_testing();
}
