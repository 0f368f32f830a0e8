/* test_source.c - sources over memory and ranges, and what the shared calls make of a fake that changes and loses. */
#include <sextant/source.h>

#include "support/tap.h"

/* A fake of 4 MiB: byte i is (uint8_t)(i * 7); some lost runs; stale for the next `stale` times; counts its pins. */
enum { SIZE = 4 << 20, RUNS = 40 };

typedef struct Fake {
    SxSource source;
    uint8_t *bytes;
    int count;
    int pinned;
    int pins;
    int stale;
    size_t runs;
    SxSpan lost[RUNS];
    bool fails;
} Fake;

static void
fake_retain(SxSource *s)
{
    ((Fake *)s)->count++;
}

static void
fake_release(SxSource *s)
{
    ((Fake *)s)->count--;
}

static uint64_t
fake_size(SxSource *s)
{
    (void)s;
    return SIZE;
}

static bool
fake_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Fake *f = (Fake *)s;
    if (f->fails)
        return sx_fail(err, SX_ERR_IO, "it fails");
    f->pinned++;
    f->pins++;
    *out = (SxPin){.data = f->bytes + span.at, .span = span, .owner = f, .ticket = (uint64_t)use + 1};
    return true;
}

static void
fake_unpin(SxSource *s, SxPin *pin)
{
    Fake *f = (Fake *)s;
    bool mine = pin->owner == f && pin->ticket && pin->data == f->bytes + pin->span.at;
    f->pinned -= mine ? 1 : 1000;
}

static bool
fake_stale(SxSource *s, const SxPin *pin)
{
    Fake *f = (Fake *)s;
    if (pin->owner != f || pin->data != f->bytes + pin->span.at)
        return false;
    return f->stale > 0 && f->stale-- > 0;
}

static size_t
fake_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    Fake *f = (Fake *)s;
    size_t count = 0;
    for (size_t i = 0; i < f->runs; i++) {
        uint64_t a = f->lost[i].at > span.at ? f->lost[i].at : span.at;
        uint64_t b = sx_span_end(f->lost[i]) < sx_span_end(span) ? sx_span_end(f->lost[i]) : sx_span_end(span);
        if (a >= b)
            continue;
        if (count < max)
            out[count] = sx_span(a, b);
        count++;
    }
    return count;
}

static bool
fake_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    (void)s;
    (void)err;
    /* 1 MiB runs, data and holes in turn */
    uint64_t run = at >> 20;
    *out = (SxExtent){.span = {run << 20, 1 << 20}, .kind = run % 2 ? SX_EXTENT_HOLE : SX_EXTENT_DATA, .direct = true};
    return true;
}

static const SxSourceOps fake_ops = {
    .retain = fake_retain,
    .release = fake_release,
    .size = fake_size,
    .pin = fake_pin,
    .unpin = fake_unpin,
    .stale = fake_stale,
    .lost = fake_lost,
    .extent = fake_extent,
};

static Fake
fake(void)
{
    Fake f = {.source.ops = &fake_ops, .count = 1, .bytes = malloc(SIZE)};
    for (uint64_t i = 0; i < SIZE; i++)
        f.bytes[i] = (uint8_t)(i * 7);
    return f;
}

static void
memory(void)
{
    char text[] = "0123456789";
    SxSource *kept = sx_source_memory(sx_bytes(text, 10), true);
    SxSource *shown = sx_source_memory(sx_bytes(text, 10), false);
    text[3] = 'x';
    char buf[16] = "";
    SxError err;
    ok(sx_source_size(kept) == 10 && sx_source_size(shown) == 10, "sizes");
    ok(sx_source_read(kept, (SxSpan){2, 4}, buf, &err) && memcmp(buf, "2345", 4) == 0, "a copy is a copy");
    ok(sx_source_read(shown, (SxSpan){2, 4}, buf, &err) && memcmp(buf, "2x45", 4) == 0, "without, it is the same bytes");
    SxPin pin;
    ok(sx_source_pin(shown, (SxSpan){0, 10}, SX_PIN_SCAN, &pin, &err) && pin.data == (uint8_t *)text, "a pin copies nothing");
    ok(!sx_source_stale(shown, &pin) && sx_source_lost(shown, SX_SPAN_ALL, NULL, 0) == 0, "never stale, nothing lost");
    sx_source_unpin(shown, &pin);
    ok(!pin.data && pin.span.len == 0, "unpin clears the pin");
    SxExtent extent;
    ok(sx_source_extent(kept, 9, &extent, &err) && extent.kind == SX_EXTENT_DATA && extent.span.len == 10 && extent.direct,
       "one extent");
    ok(!sx_source_extent(kept, 10, &extent, &err) && err.code == SX_ERR_RANGE, "none at the end: %s", err.text);
    uint8_t bytes[4], states[4];
    sx_source_peek(kept, (SxSpan){6, 4}, bytes, states);
    ok(memcmp(bytes, "6789", 4) == 0 && states[0] == SX_BYTE_HERE && states[3] == SX_BYTE_HERE, "peek");
    sx_source_retain(kept);
    sx_source_release(kept);
    ok(sx_source_size(kept) == 10, "counted");
    sx_source_release(kept);
    sx_source_release(shown);
    sx_source_release(NULL);
    SxSource *empty = sx_source_memory((SxBytes){NULL, 0}, true);
    ok(empty && sx_source_size(empty) == 0 && sx_source_read(empty, (SxSpan){0, 0}, buf, &err), "nothing is fine, too");
    ok(sx_source_pin(empty, (SxSpan){0, 0}, SX_PIN_VIEW, &pin, &err) && pin.data, "a pin of nothing has a place");
    sx_source_unpin(empty, &pin);
    sx_source_release(empty);
}

static void
borders(void)
{
    static const SxSpan outside[] = {{0, SIZE + 1}, {SIZE, 1}, {SIZE + 1, 0}, {UINT64_MAX, 1}, {5, UINT64_MAX}, {1, SIZE}};
    Fake f = fake();
    uint8_t byte = 77;
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        SxPin pin = {.ticket = 5};
        SxError err = {0};
        bool pinned = sx_source_pin(&f.source, outside[i], SX_PIN_VIEW, &pin, &err);
        ok(!pinned && err.code == SX_ERR_RANGE && pin.ticket == 5, "pin %zu outside: %s", i, err.text);
        ok(!sx_source_read(&f.source, outside[i], &byte, &err) && err.code == SX_ERR_RANGE && byte == 77,
           "read %zu outside touches nothing", i);
    }
    ok(f.pins == 0, "the implementation is not asked");
    ok(sx_source_read(&f.source, (SxSpan){SIZE, 0}, NULL, NULL), "nothing at the end is no failure");
    free(f.bytes);
}

static void
too_large(void)
{
    SxError err;
    SxPin pin;
    static const uint8_t one[1];
    /* Never touched: only its size is looked at. */
    SxSource *huge = sx_source_memory(sx_bytes(one, SIZE_MAX), false);
    ok(!sx_source_pin(huge, (SxSpan){0, UINT64_C(2) << 30}, SX_PIN_SCAN, &pin, &err) && err.code == SX_ERR_LIMIT,
       "2 GiB at once: %s", err.text);
    ok(sx_source_pin(huge, (SxSpan){0, (UINT64_C(1) << 30) + (UINT64_C(64) << 20)}, SX_PIN_SCAN, &pin, &err),
       "1 GiB and what a match may reach is allowed");
    sx_source_unpin(huge, &pin);
    sx_source_release(huge);
}

static void
stale_and_lost(void)
{
    Fake f = fake();
    uint8_t *buf = malloc(SIZE);
    SxError err = {0};
    f.stale = 3;
    ok(sx_source_read(&f.source, (SxSpan){100, 3 << 20}, buf, &err) && memcmp(buf, f.bytes + 100, 3 << 20) == 0,
       "stale blocks are read again");
    is(f.pins, 3 + 3, "each as often as needed");
    is(f.pinned, 0, "and unpinned each time");
    f.runs = 1;
    f.lost[0] = (SxSpan){2 << 20, 10};
    ok(!sx_source_read(&f.source, (SxSpan){0, SIZE}, buf, &err) && err.code == SX_ERR_LOST, "lost: %s", err.text);
    is_text(err.text, "0x200000:0x20000a cannot be read", "named");
    ok(sx_source_read(&f.source, (SxSpan){0, 2 << 20}, buf, &err), "before it all is well");
    f.fails = true;
    ok(!sx_source_read(&f.source, (SxSpan){0, 10}, buf, &err) && err.code == SX_ERR_IO, "failures come through");
    uint8_t states[16];
    sx_source_peek(&f.source, (SxSpan){0, 16}, buf, states);
    ok(states[0] == SX_BYTE_LOST && states[15] == SX_BYTE_LOST && buf[15] == 0, "peek cannot fail: the bytes are lost");
    is(f.pinned, 0, "nothing stays pinned");
    free(buf);
    free(f.bytes);
}

/* Many small lost runs, more than are asked for at once. */
static void
peek_lost(void)
{
    enum { SPAN = 400 };
    Fake f = fake();
    uint8_t bytes[SPAN], states[SPAN];
    f.runs = RUNS;
    for (size_t i = 0; i < RUNS; i++)
        f.lost[i] = (SxSpan){1000 + i * 10, 1 + i % 3};
    sx_source_peek(&f.source, (SxSpan){1001, SPAN}, bytes, states);
    bool right = true;
    for (size_t i = 0; i < SPAN; i++) {
        uint64_t at = 1001 + i;
        bool lost = at >= 1000 && (at - 1000) / 10 < RUNS && (at - 1000) % 10 < 1 + (at - 1000) / 10 % 3;
        right = right && states[i] == (lost ? SX_BYTE_LOST : SX_BYTE_HERE) && bytes[i] == (lost ? 0 : (uint8_t)(at * 7));
    }
    ok(right, "peek marks all lost bytes");
    free(f.bytes);
}

static void
ranges(void)
{
    Fake f = fake();
    uint8_t buf[64];
    SxError err;
    SxPin pin;
    SxSource *range = sx_source_range(&f.source, (SxSpan){1000, SIZE});
    is(sx_source_size(range), SIZE - 1000, "clipped to what there is");
    is(f.count, 2, "retains");
    ok(sx_source_read(range, (SxSpan){5, 64}, buf, &err) && memcmp(buf, f.bytes + 1005, 64) == 0, "reads its part");
    ok(!sx_source_read(range, (SxSpan){SIZE - 1000, 1}, buf, &err) && err.code == SX_ERR_RANGE, "and no more");
    ok(sx_source_pin(range, (SxSpan){7, 9}, SX_PIN_SCAN, &pin, &err) && pin.span.at == 7 && pin.data == f.bytes + 1007,
       "pins in its own offsets");
    f.stale = 1;
    ok(sx_source_stale(range, &pin) && !sx_source_stale(range, &pin), "stale goes through");
    sx_source_unpin(range, &pin);
    is(f.pinned, 0, "unpin goes through");

    f.runs = 3;
    f.lost[0] = (SxSpan){990, 20};
    f.lost[1] = (SxSpan){1100, 5};
    f.lost[2] = (SxSpan){1200, 5};
    SxSpan lost[2] = {{9, 9}, {9, 9}};
    is(sx_source_lost(range, (SxSpan){0, 1000}, lost, 2), 3, "lost runs, all counted");
    ok(lost[0].at == 0 && lost[0].len == 10 && lost[1].at == 100 && lost[1].len == 5, "in its own offsets");
    is(sx_source_lost(range, SX_SPAN_ALL, NULL, 0), 3, "only counted");
    uint8_t states[64];
    sx_source_peek(range, (SxSpan){0, 64}, buf, states);
    ok(states[9] == SX_BYTE_LOST && states[10] == SX_BYTE_HERE && buf[10] == f.bytes[1010], "peek goes through");

    SxExtent extent;
    ok(sx_source_extent(range, 0, &extent, &err) && extent.span.at == 0 && extent.span.len == (1 << 20) - 1000,
       "extents are cut at the start");
    ok(sx_source_extent(range, 1 << 20, &extent, &err) && extent.kind == SX_EXTENT_HOLE &&
           extent.span.at == (1 << 20) - 1000,
       "and moved");
    SxSource *inner = sx_source_range(range, (SxSpan){10, 20});
    ok(sx_source_extent(inner, 3, &extent, &err) && extent.span.at == 0 && extent.span.len == 20, "and cut at the end");
    ok(!sx_source_extent(inner, 20, &extent, &err), "none behind it");
    ok(sx_source_read(inner, (SxSpan){0, 20}, buf, &err) && memcmp(buf, f.bytes + 1010, 20) == 0, "a range of a range");
    sx_source_release(range);
    is(f.count, 2, "still held by the inner one");
    sx_source_release(inner);
    is(f.count, 1, "released");

    SxSource *nothing = sx_source_range(&f.source, (SxSpan){UINT64_MAX, 5});
    ok(sx_source_size(nothing) == 0 && sx_source_read(nothing, (SxSpan){0, 0}, buf, &err), "a range behind the end is empty");
    sx_source_release(nothing);
    free(f.bytes);
}

int
main(void)
{
    memory();
    borders();
    too_large();
    stale_and_lost();
    peek_lost();
    ranges();
    return done_testing();
}
