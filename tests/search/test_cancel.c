/*
 * test_cancel.c - patterns that would run for hours are left at once, from another thread, by JIT and by the interpreter;
 * limits are told as such; the time of a look around a view is kept.
 *
 * usage: test_cancel [TRIALS]
 */
#include "support/tap.h"

#include <sextant/search.h>

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { MIB = 1 << 20 };

static uint64_t
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
nap(uint64_t ns)
{
    struct timespec t = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
    nanosleep(&t, NULL);
}

/* `len` bytes of `with`, and one at the end that stops greedy patterns. */
static SxSource *
monotony(uint8_t with, size_t len, uint8_t **data)
{
    *data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(*data, with, len);
    (*data)[len - 1] = 'b';
    return sx_source_memory(sx_bytes(*data, len), false);
}

typedef struct Search {
    SxPattern *pattern;
    SxSource *source;
    SxJob *job;
    SxFound found;
    uint64_t gave_up, count, ended;
} Search;

static void *
search(void *data)
{
    Search *s = data;
    s->found = sx_search_count(s->pattern, s->source, SX_SPAN_ALL, NULL, s->job, &s->count, &s->gave_up, NULL);
    s->ended = now();
    return NULL;
}

/* Cancelled after a while; nanoseconds until it was over, 0 when it ended by itself. */
static uint64_t
cancelled_in(Search *s, uint64_t after)
{
    pthread_t thread;
    s->job = sx_job_new();
    pthread_create(&thread, NULL, search, s);
    nap(after);
    uint64_t at = now();
    sx_job_cancel(s->job);
    pthread_join(thread, NULL);
    sx_job_free(s->job);
    return s->ended > at && s->found == SX_STOPPED && s->gave_up == UINT64_MAX ? s->ended - at : 0;
}

static SxPattern *
compile(const char *text, unsigned flags)
{
    SxPattern *p = NULL;
    SxError err = {0};
    if (!sx_pattern_new(&p, sx_bytes(text, strlen(text)), SX_PATTERN_REGEX, flags, &err))
        diag("%s: %s", text, err.text);
    return p;
}

/* None of the patterns matches. Each trial ends as cancelled, gave up or absent. */
static void
test_pattern(const char *text, unsigned flags, SxSource *source, const char *where, unsigned trials)
{
    Search s = {.pattern = compile(text, flags), .source = source};
    uint64_t worst = 0;
    unsigned cancelled = 0, gave_up = 0, wrong = 0;
    for (unsigned i = 0; i < trials; i++) {
        uint64_t took = cancelled_in(&s, 1000000 + i % 10 * 2000000);
        worst = took > worst ? took : worst;
        cancelled += took > 0;
        gave_up += s.found == SX_STOPPED && s.gave_up != UINT64_MAX;
        wrong += s.found == SX_FOUND || s.found == SX_FAILED;
    }
    ok(wrong == 0, "/%s/%s on %s: %u of %u cancelled, %u gave up; the worst took %.1f ms", text,
       flags & SX_PATTERN_NO_JIT ? " interpreted" : "", where, cancelled, trials, gave_up, (double)worst / 1e6);
    sx_pattern_release(s.pattern);
}

/* What is known to be endless is ended by the cancel, and only by it. */
static void
test_endless(SxSource *x)
{
    for (unsigned flags = 0; flags <= SX_PATTERN_NO_JIT; flags += SX_PATTERN_NO_JIT) {
        Search s = {.pattern = compile("x*x*x*[yq]", flags), .source = x};
        uint64_t took = cancelled_in(&s, 20000000);
        bool limit = s.found == SX_STOPPED && s.gave_up != UINT64_MAX;
        ok(took > 0 || (flags && limit), "x*x*x*[yq] is left in %.1f ms%s", (double)took / 1e6, limit ? ", or gave up" : "");
        sx_pattern_release(s.pattern);
    }
}

static void
test_limit(SxSource *a)
{
    SxPattern *p = compile("(a+)+$", 0);
    uint64_t count, gave_up = UINT64_MAX;
    ok(sx_search_count(p, a, SX_SPAN_ALL, NULL, NULL, &count, &gave_up, NULL) == SX_STOPPED && gave_up == 0 && count == 0,
       "(a+)+$ gives up at %" PRIu64, gave_up);
    sx_pattern_release(p);
}

/* The screen asks for what is visible: in its time, whatever the pattern. */
static void
test_visible(SxSource *x)
{
    SxSpan out[16];
    for (unsigned flags = 0; flags <= SX_PATTERN_NO_JIT; flags += SX_PATTERN_NO_JIT) {
        SxPattern *p = compile("x*x*x*[yq]", flags), *plain = compile("x{5}", flags);
        size_t n = sx_search_visible(p, x, (SxSpan){500000, 1000}, 2000000, out, 16);
        ok(n == 0, "a look around ends without an answer");
        n = sx_search_visible(plain, x, (SxSpan){500000, 1000}, 2000000000, out, 16);
        ok(n == 16, "and the next one has its own time");
        sx_pattern_release(p);
        sx_pattern_release(plain);
    }
}

/* --- what takes the matches ------------------------------------------------------------------------------------------ */

typedef struct Sink {
    SxJob *job;
    uint64_t given;
} Sink;

static bool
cancel_at_first(void *data, const SxMatch *match)
{
    Sink *s = data;
    (void)match;
    s->given++;
    sx_job_cancel(s->job);
    return true;
}

/* Matches come by the block, many thousands of them; how they lie must not matter. */
static void
test_sink(const char *text, unsigned flags)
{
    enum { FEW = 4096 };
    uint8_t *bytes = malloc(MIB);
    uint32_t random = 1;
    for (size_t i = 0; bytes && i < MIB; i++) {
        random = random * 1664525 + 1013904223;
        bytes[i] = random >> 31 ? 'x' : 'y';
    }
    SxSource *source = sx_source_memory(sx_bytes(bytes, MIB), false);
    SxPattern *p = compile(text, flags);
    for (int groups = 0; groups < 2; groups++) {
        Sink sink = {.job = sx_job_new()};
        uint64_t gave_up;
        SxFound found = sx_search_each(p, source, SX_SPAN_ALL, groups, NULL, sink.job, cancel_at_first, &sink, &gave_up, NULL);
        ok(found == SX_STOPPED && gave_up == UINT64_MAX && sink.given <= FEW, "%s: %" PRIu64 " matches after a cancel%s", text,
           sink.given, groups ? ", with groups" : "");
        sx_job_free(sink.job);
    }
    sx_pattern_release(p);
    sx_source_release(source);
    free(bytes);
}

/* A host that uses the signal itself goes on getting it. */
static volatile sig_atomic_t seen;

static void
on_urgent(int number)
{
    seen = number;
}

int
main(int argc, char **argv)
{
    static const char *const patterns[] = {"(a+)+$", "x*x*[yq]", "(.*)*z", "(?:a|x|(?R))*[yq]", "(a|x(?1)?)*[yq]"};
    unsigned trials = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 10;
    uint8_t *a_data, *x_data;
    SxSource *a = monotony('a', MIB, &a_data), *x = monotony('x', MIB, &x_data);
    signal(SIGURG, on_urgent);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        for (unsigned flags = 0; flags <= SX_PATTERN_NO_JIT; flags += SX_PATTERN_NO_JIT) {
            test_pattern(patterns[i], flags, a, "1 MiB of a", trials);
            test_pattern(patterns[i], flags, x, "1 MiB of x", trials);
        }
    }
    test_endless(x);
    test_limit(a);
    test_visible(x);
    test_sink("x", 0);
    test_sink("x(.)", 0);
    test_sink("x", SX_PATTERN_NOCASE);
    raise(SIGURG);
    ok(seen == SIGURG, "SIGURG comes through to who had it before");
    sx_source_release(a);
    sx_source_release(x);
    munmap(a_data, MIB);
    munmap(x_data, MIB);
    return done_testing();
}
