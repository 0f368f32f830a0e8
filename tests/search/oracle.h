/*
 * oracle.h - what a test compares searches with: random numbers, random sources, the set of matches by definition.
 */
#pragma once

#include "fake.h"
#include "support/tap.h"

#include <sextant/search.h>

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static uint64_t random_state;

__attribute__((unused)) static uint64_t
rnd(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return below ? (random_state >> 11) % below : 0;
}

__attribute__((unused)) static uint64_t
seed_random(void)
{
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 1000 + (uint64_t)clock() % 1000;
    diag("SEED=%" PRIu64, seed);
    random_state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    for (int i = 0; i < 10; i++)
        rnd(1);
    return seed;
}

enum { SPANS_MAX = 1 << 16 };

typedef struct Spans {
    SxSpan *span;
    size_t count;
} Spans;

__attribute__((unused)) static void
spans_add(Spans *s, uint64_t at, uint64_t end)
{
    if (!s->span)
        s->span = malloc(SPANS_MAX * sizeof *s->span);
    if (s->count < SPANS_MAX)
        s->span[s->count++] = sx_span(at, end);
}

__attribute__((unused)) static bool
spans_equal(const Spans *a, const Spans *b)
{
    return a->count == b->count && (a->count == 0 || memcmp(a->span, b->span, a->count * sizeof *a->span) == 0);
}

__attribute__((unused)) static bool
spans_sink(void *data, const SxMatch *m)
{
    Spans *s = data;
    spans_add(s, m->span.at, sx_span_end(m->span));
    return s->count < SPANS_MAX;
}

__attribute__((unused)) static void
spans_show(const char *name, const Spans *s)
{
    char line[600] = "";
    size_t n = 0;
    for (size_t i = 0; i < s->count && n < 500; i++)
        n += (size_t)snprintf(line + n, sizeof line - n, " %" PRIu64 "+%" PRIu64, s->span[i].at, s->span[i].len);
    diag("%s:%s (%zu)", name, line, s->count);
}

/* From a little before the first difference on. */
__attribute__((unused)) static void
spans_difference(const Spans *want, const Spans *got)
{
    size_t i = 0;
    while (i < want->count && i < got->count && memcmp(&want->span[i], &got->span[i], sizeof *want->span) == 0)
        i++;
    diag("%zu and %zu spans, the first %zu are the same", want->count, got->count, i);
    i -= i < 3 ? i : 3;
    Spans a = {want->span + i, want->count - i}, b = {got->span + i, got->count - i};
    a.count = a.count < 8 ? a.count : 8;
    b.count = b.count < 8 ? b.count : 8;
    spans_show("want", &a);
    spans_show("got", &b);
}

__attribute__((unused)) static void
bytes_show(const char *name, const uint8_t *data, uint64_t len)
{
    char line[1200] = "";
    size_t n = 0;
    for (uint64_t i = 0; i < len && n < 1100; i++)
        n += (size_t)snprintf(line + n, sizeof line - n, data[i] > ' ' && data[i] < 0x7f && data[i] != '\\' ? "%c" : "\\x%02x",
                              data[i]);
    diag("%s: %s", name, line);
}

__attribute__((unused)) static void
options_show(const SxSearchOptions *o)
{
    diag("window %zu, reach %zu, threads %u, gather %d", o->window, o->reach, o->threads, o->gather);
}

/* Bytes out of few, so that patterns match often. */
__attribute__((unused)) static void
random_bytes(uint8_t *data, uint64_t len, unsigned kind)
{
    static const char *const sets[] = {"ab", "ab\n", "abc .\n", "aAbB_ 1", "\n\r\na", "ab"};
    static const char *const units[] = {"a", "b", "\xc3\xa9", "\xc3\x89", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff", "\xc3", "\xe2\x82", "\n", "\xa9"};
    for (uint64_t i = 0; i < len;) {
        if (kind < 5) {
            data[i++] = (uint8_t)sets[kind][rnd(strlen(sets[kind]))];
        } else if (kind == 5) {
            data[i++] = (uint8_t)(rnd(3) ? rnd(4) : rnd(256));
        } else {
            const char *u = units[rnd(kind == 6 ? sizeof units / sizeof *units : 6)];
            if (kind == 7 && strlen(u) > len - i) /* 7: valid throughout */
                u = "a";
            for (; *u && i < len; u++)
                data[i++] = (uint8_t)*u;
        }
    }
}

/* A source of random pieces; `lost` allows lost ones. Small numbers of long runs of one byte among them. */
__attribute__((unused)) static void
random_fake(Fake *f, unsigned kind, bool lost)
{
    fake_init(f);
    size_t pieces = rnd(8);
    for (size_t i = 0; i < pieces; i++) {
        uint8_t data[512];
        uint64_t len = rnd(4) ? 1 + rnd(40) : 1 + rnd(sizeof data);
        switch (rnd(lost ? 6 : 5)) {
        case 0:
            fake_add(f, SX_EXTENT_HOLE, NULL, 1 + rnd(400), 0);
            break;
        case 1:
            random_bytes(data, 1, kind);
            fake_add(f, SX_EXTENT_FILL, NULL, 1 + rnd(400), data[0]);
            break;
        case 5:
            fake_add(f, SX_EXTENT_LOST, NULL, 1 + rnd(10), 0);
            break;
        default:
            random_bytes(data, len, kind);
            fake_add(f, SX_EXTENT_DATA, data, len, 0);
        }
    }
    if (!f->data)
        f->data = calloc(1, FAKE_PADDING);
}

__attribute__((unused)) static SxSearchOptions
random_options(void)
{
    return (SxSearchOptions){
        .window = rnd(5) ? 8 + rnd(57) : 0,
        .threads = (unsigned)rnd(3) + 1,
        .gather = rnd(3) == 0,
    };
}

__attribute__((unused)) static SxSpan
random_range(uint64_t size)
{
    if (rnd(2))
        return SX_SPAN_ALL;
    uint64_t at = rnd(size + 1);
    return (SxSpan){at, rnd(size - at + 1)};
}
