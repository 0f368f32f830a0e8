/*
 * test_threads.c - snapshots read in threads, while the document is edited, undone, and in WRITE its file written, always
 * show what they showed. To be run under TSan, too.
 *
 *     test_threads [ROUNDS]
 */
#include "document/model.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { READERS = 2 };

/* What the editing thread hands to the reading ones. */
typedef struct Shared {
    pthread_mutex_t lock;
    SxSnapshot *snapshot;
    uint8_t bytes[MODEL_MOST];
    size_t len;
    atomic_bool stop;
    atomic_uint wrong;
    atomic_ullong reads;
    atomic_ullong again;
} Shared;

static void
hand_over(Shared *s, const Model *m)
{
    SxSnapshot *snapshot = sx_document_snapshot(m->d);
    pthread_mutex_lock(&s->lock);
    SxSnapshot *old = s->snapshot;
    s->snapshot = snapshot;
    s->len = m->now.len;
    memcpy(s->bytes, m->now.bytes, m->now.len);
    pthread_mutex_unlock(&s->lock);
    sx_snapshot_release(old);
}

static bool
read_by_pin(Shared *s, SxSource *source, SxSpan span, uint8_t *to)
{
    for (;;) {
        SxPin pin;
        if (!sx_source_pin(source, span, SX_PIN_VIEW, &pin, NULL))
            return false;
        memcpy(to, pin.data, span.len);
        bool again = sx_source_stale(source, &pin);
        sx_source_unpin(source, &pin);
        if (!again)
            return true;
        atomic_fetch_add(&s->again, 1);
    }
}

/* What is not here now is not wrong. */
static void
read_by_peek(SxSource *source, SxSpan span, const uint8_t *want, uint8_t *to)
{
    uint8_t states[MODEL_MOST];
    sx_source_peek(source, span, to, states);
    for (size_t i = 0; i < span.len; i++)
        if (states[i] == SX_BYTE_PENDING)
            to[i] = want[span.at + i];
}

static bool
read_some(Shared *s, SxSource *source, const uint8_t *want, size_t len, uint64_t *seed)
{
    uint8_t got[MODEL_MOST];
    SxSpan span = {tap_random(seed) % (len + 1), 0};
    span.len = tap_random(seed) % (len - span.at + 1);
    switch (tap_random(seed) % 3) {
    case 0:
        if (!sx_source_read(source, span, got, NULL))
            return false;
        break;
    case 1:
        if (!read_by_pin(s, source, span, got))
            return false;
        break;
    default:
        read_by_peek(source, span, want, got);
    }
    atomic_fetch_add(&s->reads, 1);
    return memcmp(got, want + span.at, span.len) == 0;
}

static void *
reader(void *data)
{
    Shared *s = data;
    uint64_t seed = (uint64_t)(uintptr_t)&seed;
    uint8_t want[MODEL_MOST];
    while (!atomic_load(&s->stop)) {
        pthread_mutex_lock(&s->lock);
        SxSnapshot *snapshot = sx_snapshot_retain(s->snapshot);
        size_t len = s->len;
        memcpy(want, s->bytes, len);
        pthread_mutex_unlock(&s->lock);
        for (int i = 0; i < 20; i++)
            if (!read_some(s, sx_snapshot_source(snapshot), want, len, &seed))
                atomic_fetch_add(&s->wrong, 1);
        sx_snapshot_release(snapshot);
    }
    return NULL;
}

static void
run(uint64_t seed, const char *path, SxAccess access, size_t rounds, const char *what)
{
    static const SxDocumentOptions o = {.fanout = 4, .chunk = 256};
    Model *m = malloc(sizeof *m);
    Shared *s = calloc(1, sizeof *s);
    pthread_t threads[READERS];
    bool right = true;
    model_open(m, path, 600, &o, seed);
    m->stays = true;
    pthread_mutex_init(&s->lock, NULL);
    hand_over(s, m);
    for (size_t i = 0; i < READERS; i++)
        pthread_create(&threads[i], NULL, reader, s);
    for (size_t i = 0; right && i < rounds; i++) {
        if (access != SX_ACCESS_DEFAULT)
            (void)!sx_document_set_access(m->d, access, SX_PENDING_WRITE, NULL);
        right = model_agrees(m, model_step(m));
        if (model_random(m, 3) == 0)
            hand_over(s, m);
        sx_document_tend(m->d, 1000);
    }
    atomic_store(&s->stop, true);
    for (size_t i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    sx_snapshot_release(s->snapshot);
    model_close(m);
    ok(right && atomic_load(&s->wrong) == 0, "%s, seed %" PRIu64, what, seed);
    diag("%llu reads, %llu of them again", atomic_load(&s->reads), atomic_load(&s->again));
    pthread_mutex_destroy(&s->lock);
    free(s);
    free(m);
}

int
main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 300;
    uint64_t seed = tap_seed();
    char path[64];
    snprintf(path, sizeof path, "%s/sextant-threads-XXXXXX", model_folder());
    close(mkstemp(path));
    run(tap_random(&seed), path, SX_ACCESS_COPY, rounds, "COPY");
    run(tap_random(&seed), path, SX_ACCESS_WRITE, rounds, "WRITE");
    run(tap_random(&seed), path, SX_ACCESS_DEFAULT, rounds, "all accesses");
    run(tap_random(&seed), NULL, SX_ACCESS_COPY, rounds, "no file");
    unlink(path);
    return done_testing();
}
