/*
 * tap.h - test results as TAP lines.
 *
 *     ok(n == 3, "count of '%s'", text);       true when it holds, so that a loop can stop
 *     is(got, want, "...")                     numbers; is_text for strings: a failure shows both
 *     diag("...")                              a comment
 *     uint64_t seed = tap_seed();              from SEED, else the clock; printed
 *     uint64_t n = tap_random(&seed);
 *     return done_testing();
 *
 * '#' and line ends in a name would be read as TAP: they are printed as '.'.
 */
#pragma once

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct {
    unsigned run;
    unsigned failed;
} tap;

__attribute__((format(printf, 3, 4), unused)) static bool
tap_ok(bool condition, int line, const char *fmt, ...)
{
    char name[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(name, sizeof name, fmt, args);
    va_end(args);
    for (char *c = name; *c; c++)
        if (*c == '#' || (unsigned char)*c < 0x20)
            *c = '.';
    printf("%sok %u - %s\n", condition ? "" : "not ", ++tap.run, name);
    if (!condition) {
        tap.failed++;
        printf("# line %d\n", line);
    }
    fflush(stdout);
    return condition;
}

#define ok(condition, ...) tap_ok((condition), __LINE__, __VA_ARGS__)

__attribute__((format(printf, 1, 2), unused)) static void
diag(const char *fmt, ...)
{
    char text[4096];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    printf("# ");
    for (const char *c = text; *c; c++)
        fputs((char[]){*c, 0}, stdout), *c == '\n' ? fputs("# ", stdout) : 0;
    printf("\n");
    fflush(stdout);
}

#define is(got, want, ...)                                                                                             \
    do {                                                                                                               \
        uint64_t got_ = (uint64_t)(got), want_ = (uint64_t)(want);                                                     \
        if (!ok(got_ == want_, __VA_ARGS__))                                                                           \
            diag("got 0x%" PRIx64 " (%" PRIu64 "), want 0x%" PRIx64 " (%" PRIu64 ")", got_, got_, want_, want_);       \
    } while (0)

#define is_text(got, want, ...)                                                                                        \
    do {                                                                                                               \
        const char *got_ = (got), *want_ = (want);                                                                     \
        if (!ok(strcmp(got_, want_) == 0, __VA_ARGS__))                                                                \
            diag("got  [%s]\nwant [%s]", got_, want_);                                                                 \
    } while (0)

/* The next of a random sequence; the state may begin with anything. */
__attribute__((unused)) static uint64_t
tap_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15)); /* splitmix64 */
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

__attribute__((unused)) static uint64_t
tap_seed(void)
{
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    diag("SEED=%" PRIu64, seed);
    return seed;
}

__attribute__((unused)) static int
done_testing(void)
{
    printf("1..%u\n", tap.run);
    return tap.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
