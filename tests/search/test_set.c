/*
 * test_set.c - sets of matches that fill in the background: what they hold, how much memory they take, how they follow
 * edits.
 *
 * usage: test_set [MATCHES]
 */
#include "oracle.h"
#include "support/memory.h"

static SxPattern *
compile(const char *text)
{
    SxPattern *p = NULL;
    SxError err = {0};
    ok(sx_pattern_new(&p, sx_bytes(text, strlen(text)), SX_PATTERN_ANY, 0, &err), "%s %s", text, err.text);
    return p;
}

static void
wait_for(const SxMatchSet *set)
{
    while (sx_match_set_state(set, NULL).running)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
}

/* --- very many matches ----------------------------------------------------------------------------------------------------- */

/* A source that repeats a block without end: x at irregular but known places. */
typedef struct Loop {
    SxSource source;
    uint64_t size;
    uint8_t *data; /* twice the block */
} Loop;

enum { LOOP = 1 << 20 };

static void
loop_count(SxSource *s)
{
    (void)s;
}

static uint64_t
loop_size(SxSource *s)
{
    return ((Loop *)s)->size;
}

static bool
loop_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Loop *l = (Loop *)s;
    (void)use, (void)err;
    uint8_t *copy = NULL;
    const uint8_t *data = l->data + span.at % LOOP;
    if (span.len > LOOP) { /* whole blocks more than the memory holds */
        copy = malloc(span.len);
        for (uint64_t i = 0, n; i < span.len; i += n) {
            n = span.len - i < LOOP ? span.len - i : LOOP;
            memcpy(copy + i, l->data + (span.at + i) % LOOP, n);
        }
        data = copy;
    }
    *out = (SxPin){.data = data, .span = span, .owner = copy};
    return true;
}

static void
loop_unpin(SxSource *s, SxPin *pin)
{
    (void)s;
    free(pin->owner);
}

static bool
loop_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    (void)at, (void)err;
    *out = (SxExtent){.span = {0, ((Loop *)s)->size}, .kind = SX_EXTENT_DATA, .direct = true};
    return true;
}

static const SxSourceOps loop_ops = {.retain = loop_count, .release = loop_count, .size = loop_size, .pin = loop_pin,
                                     .unpin = loop_unpin, .extent = loop_extent};

/* One match each ten bytes, its place in them known from its number. */
static uint64_t
place_of(uint64_t n)
{
    uint64_t in_block = n % (LOOP / 10), block = n / (LOOP / 10);
    return block * LOOP + in_block * 10 + in_block * 7 % 9;
}

static void
test_many(uint64_t matches)
{
    uint64_t each = LOOP / 10, blocks = (matches + each - 1) / each, before = anonymous_kib();
    Loop l = {.source.ops = &loop_ops, .size = blocks * LOOP, .data = malloc(2 * LOOP)};
    memset(l.data, '.', 2 * LOOP);
    for (uint64_t i = 0; i < each; i++)
        l.data[place_of(i)] = l.data[LOOP + place_of(i)] = 'x';
    SxPattern *p = compile("x");
    SxMatchSet *set = NULL;
    SxError err = {0};
    ok(sx_match_set_start(&set, p, &l.source, SX_SPAN_ALL, NULL, NULL, NULL, NULL, &err), "a set%s", err.text);
    wait_for(set);
    SxMatchSetState state = sx_match_set_state(set, &err);
    uint64_t kib = anonymous_kib(), limit = 16384 + matches / 256 * 100 / 1024 + 131072;
    ok(state.end == SX_END_DONE && state.count == blocks * each, "%" PRIu64 " matches %s", state.count, err.text);
    ok(kib - before < limit, "%" PRIu64 " MiB of anonymous memory for them, less than %" PRIu64, (kib - before) >> 10,
       limit >> 10);
    unsigned wrong = 0;
    for (unsigned i = 0; i < 2000; i++) {
        uint64_t n = rnd(state.count);
        SxSpan got = {0}, in[3];
        bool known = sx_match_set_get(set, n, &got);
        wrong += !known || got.at != place_of(n) || got.len != 1 || sx_match_set_index(set, got.at) != n;
        size_t k = sx_match_set_in(set, (SxSpan){got.at, 21}, in, 3);
        wrong += k < 1 + (n + 1 < state.count) || in[0].at != got.at || (n + 1 < state.count && in[1].at != place_of(n + 1));
    }
    ok(wrong == 0, "all of them are where they should be, by number and by place (%u are not)", wrong);
    sx_match_set_free(set);
    sx_pattern_release(p);
    free(l.data);
}

int
main(int argc, char **argv)
{
    uint64_t matches = argc > 1 ? strtoull(argv[1], NULL, 0) : 3000000;
    seed_random();
    test_many(matches);
    return done_testing();
}
