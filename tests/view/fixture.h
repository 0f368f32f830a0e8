/*
 * fixture.h - a document that is only what a test says of each byte, and a picture of the screen to compare with.
 *
 * The fake snapshot stands in for document/: views ask it for the origin of bytes, nothing else.
 */
#pragma once

#include <sextant/view.h>

#include "support/tap.h"

struct SxSnapshot {
    uint64_t length;
    const uint8_t *origins;
    size_t known;
    bool gap_at_end;
};

/* Bytes, states and origins of the first `known` offsets; behind them bytes are here and 00. */
typedef struct Fixture {
    SxSource source;
    SxSnapshot snapshot;
    uint64_t length;
    size_t known;
    uint8_t bytes[4096];
    uint8_t states[4096];
    uint8_t origins[4096];
} Fixture;

uint64_t
sx_snapshot_length(const SxSnapshot *s)
{
    return s->length;
}

void
sx_snapshot_origin(SxSnapshot *s, SxSpan span, uint8_t *flags, bool *gap_at_end)
{
    for (uint64_t i = 0; i < span.len; i++)
        flags[i] = span.at + i < s->known ? s->origins[span.at + i] : 0;
    if (gap_at_end)
        *gap_at_end = s->gap_at_end;
}

static void
fixture_count(SxSource *s)
{
    (void)s;
}

static uint64_t
fixture_size(SxSource *s)
{
    return ((Fixture *)(void *)s)->length;
}

static void
fixture_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    const Fixture *f = (Fixture *)(void *)s;
    if (span.len > f->length || span.at > f->length - span.len)
        abort(); /* peeked outside */
    for (uint64_t i = 0; i < span.len; i++) {
        bool known = span.at + i < f->known;
        bytes[i] = known ? f->bytes[span.at + i] : 0;
        states[i] = known ? f->states[span.at + i] : SX_BYTE_HERE;
    }
}

static const SxSourceOps fixture_ops = {
    .retain = fixture_count, .release = fixture_count, .size = fixture_size, .peek = fixture_peek};

static inline void
fixture_init(Fixture *f, uint64_t length)
{
    memset(f, 0, sizeof *f);
    f->source.ops = &fixture_ops;
    f->length = length;
    f->known = sizeof f->bytes;
    f->snapshot = (SxSnapshot){length, f->origins, sizeof f->origins, false};
}

/* Draw into a new grid, which is yours; the grid beside the screen proves that nothing is written outside. */
static inline SxGrid *
fixture_draw(const SxScreen *s)
{
    SxGrid *g = sx_grid_new(s->width, s->height);
    if (!g)
        abort();
    sx_screen_draw(g, s);
    return g;
}

/* Row `y` without trailing blanks, in buf. */
static inline const char *
fixture_line(const SxGrid *g, unsigned y, char *buf, size_t size)
{
    char *all = sx_grid_dump(g, false);
    char *line = all;
    while (y-- > 0 && line)
        line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
    snprintf(buf, size, "%.*s", line ? (int)strcspn(line, "\n") : 0, line ? line : "");
    free(all);
    return buf;
}

static inline SxStyles
fixture_styles(const SxGrid *g, unsigned x, unsigned y)
{
    return sx_grid_styles(g, x, y);
}
