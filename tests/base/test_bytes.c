/* test_bytes.c - spans at the borders of 64 bits. */
#include <sextant/bytes.h>

#include "support/tap.h"

static void
clips(void)
{
    static const struct {
        SxSpan in;
        uint64_t size;
        SxSpan want;
    } cases[] = {
        {{0, 10}, 10, {0, 10}},
        {{0, 10}, 5, {0, 5}},
        {{3, 10}, 5, {3, 2}},
        {{5, 10}, 5, {5, 0}},
        {{9, 10}, 5, {5, 0}},
        {{3, 0}, 5, {3, 0}},
        {{7, 0}, 5, {5, 0}},
        {{0, UINT64_MAX}, 0, {0, 0}},
        {{0, UINT64_MAX}, UINT64_MAX, {0, UINT64_MAX}},
        {{2, UINT64_MAX}, 7, {2, 5}},
        {{UINT64_MAX, UINT64_MAX}, UINT64_MAX, {UINT64_MAX, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxSpan got = sx_span_clip(cases[i].in, cases[i].size);
        ok(got.at == cases[i].want.at && got.len == cases[i].want.len, "clip %zu: %" PRIu64 " +%" PRIu64, i, got.at,
           got.len);
    }
    is(sx_span_end((SxSpan){UINT64_MAX - 1, 5}), UINT64_MAX, "the end saturates");
    is(sx_span_end((SxSpan){5, 7}), 12, "the end");
    ok(sx_span(5, 3).at == 5 && sx_span(5, 3).len == 0 && sx_span(3, 5).len == 2, "from two ends");
    is(sx_span_clip(SX_SPAN_ALL, 99).len, 99, "all is everything");
}

/* Against the definition: some offset lies in both. */
static void
overlaps(void)
{
    bool same = true;
    for (uint64_t a = 0; a < 6; a++)
        for (uint64_t b = 0; b < 6; b++)
            for (uint64_t n = 0; n < 5; n++)
                for (uint64_t m = 0; m < 5; m++) {
                    bool want = false;
                    for (uint64_t at = 0; at < 12; at++)
                        want = want || (at >= a && at < a + n && at >= b && at < b + m);
                    same = same && sx_span_overlaps((SxSpan){a, n}, (SxSpan){b, m}) == want;
                }
    ok(same, "overlaps");
}

int
main(void)
{
    clips();
    overlaps();
    return done_testing();
}
