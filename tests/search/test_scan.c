/* test_scan.c - hex patterns with wildcards and alternatives against a loop over every place, at every block border. */
#include <sextant/search.h>
#include <stdio.h>
#include <string.h>

#include "support/tap.h"

enum { ROUNDS = 4000, DATA_MAX = 300, ROW_MAX = 40 };

typedef struct Model {
    uint8_t value[2][ROW_MAX], mask[2][ROW_MAX];
    size_t len[2], rows;
} Model;

typedef struct Found {
    SxSpan at[DATA_MAX];
    size_t n;
} Found;

static bool
keep(void *data, const SxMatch *match)
{
    Found *f = data;
    f->at[f->n++] = match->span;
    return true;
}

static bool
row_at(const Model *m, size_t r, const uint8_t *data, size_t left)
{
    for (size_t i = 0; i < m->len[r]; i++)
        if (i >= left || (data[i] & m->mask[r][i]) != m->value[r][i])
            return false;
    return true;
}

static void
expect(const Model *m, const uint8_t *data, size_t len, Found *f)
{
    f->n = 0;
    for (size_t at = 0; at < len;) {
        size_t r = 0;
        while (r < m->rows && !row_at(m, r, data + at, len - at))
            r++;
        if (r < m->rows)
            f->at[f->n++] = (SxSpan){at, m->len[r]};
        at += r < m->rows ? m->len[r] : 1;
    }
}

/* A few byte values only, so that much matches and more nearly does. */
static uint8_t
some_byte(uint64_t *seed)
{
    static const uint8_t bytes[] = {0x00, 0x41, 0x61, 0x42, 0xff};
    return bytes[tap_random(seed) % sizeof bytes];
}

/* In every second round in long runs, whose matches touch each other. */
static void
random_data(uint8_t *data, size_t len, bool runs, uint64_t *seed)
{
    for (size_t i = 0; i < len; i++)
        data[i] = runs && i > 0 && tap_random(seed) % 40 ? data[i - 1] : some_byte(seed);
}

static void
random_model(Model *m, char *text, size_t size, uint64_t *seed)
{
    size_t used = (size_t)snprintf(text, size, "{ (");
    m->rows = 1 + tap_random(seed) % 2;
    for (size_t r = 0; r < m->rows; r++) {
        if (r > 0)
            used += (size_t)snprintf(text + used, size - used, " |");
        m->len[r] = 1 + tap_random(seed) % (tap_random(seed) % 8 ? 4 : ROW_MAX);
        for (size_t i = 0; i < m->len[r]; i++) {
            uint8_t mask = (uint8_t[]){0xff, 0xff, 0xff, 0xf0, 0x0f}[tap_random(seed) % 5];
            uint8_t value = some_byte(seed) & mask;
            m->mask[r][i] = mask;
            m->value[r][i] = value;
            char high[2] = {"0123456789abcdef"[value >> 4], 0}, low[2] = {"0123456789abcdef"[value & 15], 0};
            used += (size_t)snprintf(text + used, size - used, " %s%s", mask & 0xf0 ? high : "?", mask & 15 ? low : "?");
        }
    }
    snprintf(text + used, size - used, " ) }");
}

static bool
same(const Found *a, const Found *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n * sizeof *a->at) == 0);
}

int
main(void)
{
    uint64_t seed = tap_seed();
    size_t wrong = 0;
    for (int round = 0; round < ROUNDS && wrong == 0; round++) {
        Model m;
        char text[1024];
        uint8_t data[DATA_MAX + ROW_MAX]; /* behind the source matches would go on */
        size_t len = tap_random(&seed) % DATA_MAX;
        SxPattern *p;
        SxError err = {0};
        Found want, got = {.n = 0};
        random_model(&m, text, sizeof text, &seed);
        random_data(data, len + ROW_MAX, round % 2, &seed);
        if (!sx_pattern_new(&p, sx_bytes(text, strlen(text)), SX_PATTERN_ANY, 0, &err)) {
            ok(false, "%s: %s", text, err.text);
            wrong++;
            break;
        }
        SxSource *source = sx_source_memory(sx_bytes(data, len), false);
        expect(&m, data, len, &want);
        sx_search_each(p, source, SX_SPAN_ALL, false, NULL, NULL, keep, &got, NULL, &err);
        if (!same(&want, &got)) {
            ok(false, "round %d: %s in %zu bytes: %zu matches, not %zu", round, text, len, got.n, want.n);
            wrong++;
        }
        sx_source_release(source);
        sx_pattern_release(p);
    }
    ok(wrong == 0, "%d random patterns as a loop over every place finds them", ROUNDS);
    return done_testing();
}
