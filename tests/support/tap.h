/*
 * tap.h - test results as TAP lines: ok(condition, "what %s", ...), diag(...), done_testing().
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    unsigned run;
    unsigned failed;
} tap;

__attribute__((format(printf, 3, 4), unused)) static bool
tap_ok(bool condition, int line, const char *fmt, ...)
{
    va_list args;
    printf("%sok %u - ", condition ? "" : "not ", ++tap.run);
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    printf("\n");
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
    va_list args;
    printf("# ");
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
}

__attribute__((unused)) static int
done_testing(void)
{
    printf("1..%u\n", tap.run);
    return tap.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
