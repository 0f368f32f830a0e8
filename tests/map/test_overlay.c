/* test_overlay.c - the changes of COPY, sets of spans, and what a handler found lost, against plain
 * arrays. */
#include "map/damage.h"
#include "map/overlay.h"
#include "map/spans.h"
#include "support.h"

enum { SIZE = 40000, ROUNDS = 400 };

/* Random stores near the start of the address range and at very high pages, which raise the tree. */
static void
test_store(uint64_t base, uint64_t seed)
{
    static uint8_t model[SIZE], changed[SIZE], got[SIZE];
    Overlay *o = overlay_new();
    memset(changed, 0, sizeof changed);
    memset(model, 0, sizeof model);
    bool same = true;
    for (int i = 0; i < ROUNDS && same; i++) {
        uint8_t bytes[9000];
        size_t len = tap_random(&seed) % (i % 10 ? 20 : sizeof bytes), at = tap_random(&seed) % (SIZE - len);
        for (size_t k = 0; k < len; k++)
            bytes[k] = (uint8_t)tap_random(&seed);
        same &= overlay_store(o, base + at, sx_bytes(bytes, len), NULL);
        memcpy(model + at, bytes, len);
        memset(changed + at, 1, len);
        memset(got, 0, sizeof got);
        overlay_apply(o, (SxSpan){base, SIZE}, got, NULL);
        for (size_t k = 0; k < SIZE; k++)
            same &= got[k] == (changed[k] ? model[k] : 0);
    }
    ok(same, "changes at 0x%" PRIx64 " are kept byte by byte", base);
    SxSpan run;
    uint64_t at = base;
    for (; overlay_next(o, sx_span(at, base + SIZE), &run); at = sx_span_end(run)) {
        for (uint64_t k = at; k < sx_span_end(run); k++)
            same &= changed[k - base] == (k >= run.at);
        same &= run.len > 0;
    }
    for (; at < base + SIZE; at++)
        same &= !changed[at - base];
    ok(same, "runs are the changed bytes");
    overlay_clear(o);
    ok(!overlay_used(o) && !overlay_next(o, SX_SPAN_ALL, &run), "cleared");
    overlay_release(o);
}

static void
test_far(void)
{
    Overlay *o = overlay_new();
    static const uint64_t places[] = {5, UINT64_C(1) << 20, UINT64_C(1) << 40, (UINT64_C(7) << 60) + 4095,
                                      UINT64_MAX - 5000};
    for (size_t i = 0; i < 5; i++)
        works(overlay_store(o, places[i], text_bytes("xy"), err));
    uint64_t at = 0;
    SxSpan run;
    for (size_t i = 0; i < 5; i++) {
        ok(overlay_next(o, sx_span(at, UINT64_MAX), &run) && run.at == places[i],
           "change %zu is found at once", i);
        at = places[i] + 2;
    }
    ok(!overlay_next(o, sx_span(at, UINT64_MAX), &run), "and no more");
    overlay_release(o);
}

static void
test_spans(uint64_t seed)
{
    enum { N = 300 };
    bool model[N] = {false}, same = true;
    Spans s = {0};
    for (int i = 0; i < 3000; i++) {
        uint64_t at = tap_random(&seed) % N, len = tap_random(&seed) % (i % 7 ? 9 : N - at);
        bool add = tap_random(&seed) % 2;
        len = len < N - at ? len : N - at;
        if (add)
            spans_add(&s, (SxSpan){at, len});
        else
            spans_remove(&s, (SxSpan){at, len});
        for (uint64_t k = at; k < at + len; k++)
            model[k] = add;
        bool seen[N] = {false};
        for (size_t k = 0; k < s.count; k++) {
            same &= s.span[k].len > 0 && (k == 0 || sx_span_end(s.span[k - 1]) < s.span[k].at);
            for (uint64_t b = s.span[k].at; b < sx_span_end(s.span[k]); b++)
                seen[b] = true;
        }
        same &= memcmp(seen, model, sizeof model) == 0;
    }
    ok(same, "a set of spans is the set of their members, joined");
    spans_clear(&s);
}

/* In the order in which a handler meets it. */
static void
test_damage(uint64_t seed)
{
    static Damage d;
    SxSpan list[DAMAGE_RANGES + 1];
    damage_init(&d);
    ok(!damage_any(&d) && damage_list(&d, list) == 0, "nothing is lost at first");
    for (uint64_t page = 10; page < 20; page++)
        damage_range(&d, (SxSpan){page * 4096, 4096});
    damage_range(&d, (SxSpan){4096, 4096});
    is(damage_list(&d, list), 2, "a run of bad pages is one range");
    ok(list[0].at == 4096 && list[1].at == 40960 && list[1].len == 40960, "in order");
    damage_tail(&d, 50000);
    damage_tail(&d, 90000);
    is(damage_list(&d, list), 3, "the tail too");
    ok(list[2].at == 50000 && damage_any(&d), "from its lowest place on");
    damage_tail_back(&d);
    ok(damage_list(&d, list) == 2 && atomic_load(&d.generation) == 1, "until it is back");
    bool covered = true;
    static bool bad[4096];
    for (int i = 0; i < 1000; i++) {
        uint64_t page = 100 + tap_random(&seed) % 3900;
        bad[page] = true;
        damage_range(&d, (SxSpan){page * 4096, 4096});
    }
    size_t count = damage_list(&d, list);
    for (uint64_t page = 0; page < 4096; page++) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found |= list[i].at <= page * 4096 && page * 4096 < sx_span_end(list[i]);
        covered &= found || !bad[page];
    }
    ok(count <= DAMAGE_RANGES && covered,
       "more ranges than there is room for: too much is lost, never too little");
}

int
main(void)
{
    uint64_t seed = tap_seed();
    test_store(0, seed);
    test_store(4096 * 63 - 100, seed);
    test_store((UINT64_C(1) << 45) - 20000, seed);
    test_far();
    test_spans(seed);
    test_damage(seed);
    return done_testing();
}
