/*
 * test_extents.c - a source may begin an extent at the offset that it was asked for: a search must go on in large windows
 * all the same, and find what lies across them.
 */
#include <sextant/search.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "support/tap.h"

enum { SIZE = 4 << 20, EVERY = 1000 };

typedef struct Fake {
    SxSource source; /* first */
    uint8_t *bytes;
    atomic_uint pins; /* workers pin, too */
} Fake;

static void
stay(SxSource *s)
{
    (void)s;
}

static uint64_t
size(SxSource *s)
{
    (void)s;
    return SIZE;
}

static bool
pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    (void)use, (void)err;
    Fake *f = (Fake *)s;
    f->pins++;
    *out = (SxPin){.data = f->bytes + span.at, .span = span};
    return true;
}

static void
unpin(SxSource *s, SxPin *p)
{
    (void)s, (void)p;
}

static bool
extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    (void)s, (void)err;
    *out = (SxExtent){.span = {at, SIZE - at}, .kind = SX_EXTENT_DATA, .direct = true};
    return true;
}

static const SxSourceOps ops = {.retain = stay, .release = stay, .size = size, .pin = pin, .unpin = unpin, .extent = extent};

int
main(void)
{
    Fake fake = {.source = {&ops}, .bytes = calloc(SIZE, 1)};
    if (!fake.bytes)
        return 1;
    for (size_t at = 0; at + 8 <= SIZE; at += EVERY)
        memcpy(fake.bytes + at, "ERROR 17", 8);
    SxSearchOptions o = {.window = 64 << 10};
    const char *const patterns[] = {"\"ERROR 17\"", "/ERR[A-Z]+ [0-9]+/", "/(?<=E)RROR/", "{45 52 ?? 4f}"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        SxPattern *p;
        SxError err = {0};
        uint64_t count = 0;
        fake.pins = 0;
        if (!ok(sx_pattern_new(&p, sx_bytes(patterns[i], strlen(patterns[i])), SX_PATTERN_ANY, 0, &err), "%s: %s", patterns[i],
                err.text))
            continue;
        sx_search_count(p, &fake.source, SX_SPAN_ALL, &o, NULL, &count, NULL, &err);
        is(count, (SIZE + EVERY - 1) / EVERY, "%s is found everywhere", patterns[i]);
        ok(fake.pins < 500, "%s: %u windows for 64", patterns[i], fake.pins);
        sx_pattern_release(p);
    }
    free(fake.bytes);
    return done_testing();
}
