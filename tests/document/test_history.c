/*
 * test_history.c - very many steps: memory stays what it was, each is listed where it was made and can be taken back.
 *
 *     test_history [STEPS]
 */
#include "document/files.h"
#include "document/model.h"
#include "support/memory.h"

#include <malloc.h>

enum { SIZE = 4096, ALLOWED = 1 << 10 /* KiB that memory may vary by */ };

/* A sanitizer keeps what is freed: there is nothing to be measured then. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEASURED false
#else
#define MEASURED true
#endif

typedef struct Typed {
    SxDocument *d;
    size_t count;    /* of steps: overwrites of one byte each */
    uint16_t *where;
    uint8_t *byte;
    uint8_t *was;
    uint8_t now[SIZE];
} Typed;

static uint64_t
kib_now(void)
{
    malloc_trim(0); /* what is free, is */
    return anonymous_kib();
}

static bool
type_to(Typed *t, size_t count)
{
    bool done = true;
    for (; done && t->count < count; t->count++) {
        size_t i = t->count;
        t->was[i] = t->now[t->where[i]];
        t->now[t->where[i]] = t->byte[i];
        done = sx_document_overwrite(t->d, t->where[i], sx_bytes(&t->byte[i], 1), NULL);
    }
    return done;
}

static bool
shows(const Typed *t)
{
    uint8_t bytes[SIZE];
    size_t got = 0;
    return sx_document_peek(t->d, 0, bytes, SIZE, &got, NULL) && got == SIZE && memcmp(bytes, t->now, SIZE) == 0;
}

/* To another step at once: the bytes are those of then. */
static bool
jumps(Typed *t, size_t to)
{
    for (; t->count > to; t->count--)
        t->now[t->where[t->count - 1]] = t->was[t->count - 1];
    for (; t->count < to; t->count++)
        t->now[t->where[t->count]] = t->byte[t->count];
    return sx_document_goto_step(t->d, to, NULL) && sx_document_step_current(t->d) == to && shows(t);
}

static bool
back_one_by_one(Typed *t)
{
    for (; t->count > 0; t->count--) {
        t->now[t->where[t->count - 1]] = t->was[t->count - 1];
        if (!sx_document_undo(t->d, NULL, NULL) || (t->count % 997 == 0 && !shows(t)))
            return false;
    }
    return shows(t) && !sx_document_modified(t->d);
}

static bool
listed(const Typed *t)
{
    SxStep step;
    for (size_t i = 0; i < t->count; i++)
        if (!sx_document_step(t->d, i + 1, &step) || step.at != t->where[i] || step.parent != i)
            return false;
    return sx_document_step_count(t->d) == t->count;
}

static void
make_up(Typed *t, size_t steps)
{
    uint64_t seed = tap_seed();
    t->where = calloc(steps, sizeof *t->where);
    t->byte = calloc(steps, 1);
    t->was = calloc(steps, 1);
    for (size_t i = 0; i < steps; i++) {
        t->where[i] = (uint16_t)(tap_random(&seed) % SIZE);
        t->byte[i] = (uint8_t)tap_random(&seed);
        t->was[i] = 1; /* all of it is there before anything is measured */
    }
}

/* --- big steps --------------------------------------------------------------------------------------------------------- */

enum { PLACES = 20000, BIG_STEPS = 24 };

/* Every third byte becomes another, two bytes from time to time. */
static bool
replace_all(SxDocument *d, unsigned round)
{
    SxBulk *b;
    char text[3] = {(char)('a' + round % 26), '!', 0};
    if (!sx_document_bulk_begin(d, &b, NULL))
        return false;
    for (uint64_t at = round % 3; at < 3 * PLACES; at += 3)
        if (!sx_bulk_replace(b, (SxSpan){at, 1}, sx_bytes(text, at % 1000 == 0 && round % 2 ? 2 : 1), NULL))
            return false;
    return sx_bulk_commit(b, NULL);
}

static uint64_t
sum_of_all(SxDocument *d)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    uint64_t sum = 0;
    if (!sx_document_slice(d, 0, SX_TO_END, &bytes, &len, NULL))
        return 0;
    for (size_t i = 0; i < len; i++)
        sum = sum * 31 + bytes[i];
    free(bytes);
    return sum;
}

static void
big_steps(const char *state, bool tend)
{
    SxDocumentOptions o = {.state_dir = state, .history = 64 << 10};
    SxDocument *d = NULL;
    uint64_t sums[BIG_STEPS + 1] = {0};
    uint64_t kib[BIG_STEPS + 1] = {0};
    bool right = sx_document_new(&d, 4 * PLACES, &o, NULL);
    sums[0] = sum_of_all(d);
    for (unsigned i = 1; right && i <= BIG_STEPS; i++) {
        right = replace_all(d, i);
        for (unsigned k = 0; tend && k < 200; k++)
            sx_document_tend(d, 200000);
        sums[i] = sum_of_all(d);
        kib[i] = kib_now();
    }
    ok(right, "%d replacements of %d places%s", BIG_STEPS, PLACES, tend ? ", put away when idle" : "");
    diag("%" PRIu64 " KiB anonymous after 4, %" PRIu64 " after %d", kib[4], kib[BIG_STEPS], BIG_STEPS);
    ok(!MEASURED || kib[BIG_STEPS] < kib[4] + 2 * ALLOWED, "in memory that does not grow with them");
    for (unsigned i = BIG_STEPS; right && i-- > 0;)
        right = sx_document_undo(d, NULL, NULL) && sum_of_all(d) == sums[i] && sx_document_check(d, NULL);
    ok(right && !sx_document_modified(d), "each is taken back");
    for (unsigned i = 1; right && i <= BIG_STEPS; i++)
        right = sx_document_redo(d, NULL, NULL) && sum_of_all(d) == sums[i];
    ok(right && sx_document_goto_step(d, 3, NULL) && sum_of_all(d) == sums[3] && sx_document_check(d, NULL),
       "and done again");
    sx_document_free(d, false);
}

int
main(int argc, char **argv)
{
    size_t steps = argc > 1 ? strtoul(argv[1], NULL, 0) : 40000;
    char path[64];
    char state[64];
    snprintf(path, sizeof path, "%s/sextant-history-XXXXXX", model_folder());
    snprintf(state, sizeof state, "%s/sextant-history-XXXXXX", model_folder());
    Typed t = {0};
    file_make(path, t.now, SIZE);
    if (!mkdtemp(state))
        return 1;
    SxDocumentOptions o = {.state_dir = state, .history = argc > 1 ? 0 : 256 << 10};
    make_up(&t, steps);
    t.d = document_of(path, &o);

    ok(type_to(&t, steps / 2), "%zu steps", steps / 2);
    uint64_t before = kib_now();
    ok(type_to(&t, steps) && shows(&t), "%zu steps", steps);
    uint64_t behind = kib_now();
    diag("%" PRIu64 " KiB anonymous, then %" PRIu64, before, behind);
    /* of a page of 64 steps that is away, where it is is kept: less than a byte a step */
    ok(!MEASURED || behind < before + ALLOWED + steps / 1024, "in memory that grows by less than a byte a step");
    ok(listed(&t), "each is listed where it was made");
    ok(jumps(&t, steps / 3) && jumps(&t, steps) && jumps(&t, 0) && jumps(&t, steps), "to and fro at once");
    ok(back_one_by_one(&t), "each is taken back");
    ok(jumps(&t, steps / 2) && sx_document_insert(t.d, 0, TEXT("!"), NULL) && sx_document_undo(t.d, NULL, NULL) &&
       jumps(&t, steps) && jumps(&t, 1), "and the other branch is there");
    behind = kib_now();
    diag("%" PRIu64 " KiB anonymous in the end", behind);
    ok(!MEASURED || behind < before + ALLOWED + steps / 64, "in the same memory, but for the way of a jump");

    sx_document_free(t.d, false);
    big_steps(state, false);
    big_steps(state, true);
    free(t.where);
    free(t.byte);
    free(t.was);
    unlink(path);
    rmdir(state);
    return done_testing();
}
