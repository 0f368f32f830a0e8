/*
 * test_snapshot.c - a snapshot as a source: pins with and without a copy, stale, lost, peek, extents, over pieces of every kind.
 */
#include "document/files.h"

static char path[] = "/tmp/sextant-snapshot-XXXXXX";

enum { HOLE = 1 << 20, PART = 64 << 10 };

/* PART bytes of 'd', a hole of 1 MiB, PART bytes of 'e'. */
static SxDocument *
sparse(const SxDocumentOptions *o)
{
    static uint8_t bytes[PART];
    unlink(path);
    strcpy(path, "/tmp/sextant-snapshot-XXXXXX");
    memset(bytes, 'd', sizeof bytes);
    file_make(path, bytes, sizeof bytes);
    memset(bytes, 'e', sizeof bytes);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (pwrite(fd, bytes, sizeof bytes, PART + HOLE) != sizeof bytes)
        printf("Bail out! cannot write %s\n", path);
    close(fd);
    return document_of(path, o);
}

static bool
extent_is(SxSnapshot *s, uint64_t at, SxExtentKind kind, uint64_t end)
{
    SxExtent e = {0};
    SxError err;
    bool right = sx_source_extent(sx_snapshot_source(s), at, &e, &err) && e.kind == kind && sx_span_end(e.span) == end;
    if (!right)
        diag("extent at %" PRIu64 ": kind %d to %" PRIu64, at, e.kind, sx_span_end(e.span));
    return right;
}

static void
extents(void)
{
    SxError err;
    SxDocument *d = sparse(NULL);
    (void)!sx_document_insert(d, 10, TEXT("added"), &err);
    (void)!sx_document_fill(d, (SxSpan){100, 50}, TEXT("f"), &err);
    SxSnapshot *s = sx_document_snapshot(d);
    ok(extent_is(s, 0, SX_EXTENT_DATA, 10), "data of the file");
    ok(extent_is(s, 10, SX_EXTENT_DATA, 15), "data that was added");
    ok(extent_is(s, 15, SX_EXTENT_DATA, 100), "of the file again");
    ok(extent_is(s, 120, SX_EXTENT_FILL, 150), "a fill, from the middle");
    ok(extent_is(s, 150, SX_EXTENT_DATA, PART + 5), "to the hole");
    ok(extent_is(s, PART + 5, SX_EXTENT_HOLE, PART + HOLE + 5), "the hole");
    ok(extent_is(s, PART + HOLE + 5, SX_EXTENT_DATA, 2 * PART + HOLE + 5), "and the rest");
    SxExtent e;
    ok(!sx_source_extent(sx_snapshot_source(s), 2 * PART + HOLE + 5, &e, &err) && err.code == SX_ERR_RANGE, "no further");
    uint8_t bytes[20];
    uint8_t states[20];
    sx_source_peek(sx_snapshot_source(s), (SxSpan){PART, 10}, bytes, states);
    ok(bytes[4] == 'd' && states[5] == SX_BYTE_HOLE && bytes[5] == 0, "peek knows the hole, too");
    sx_snapshot_release(s);
    sx_document_free(d, false);
}

static void
pins(void)
{
    SxError err;
    SxPin a;
    SxPin b;
    SxDocument *d = sparse(&(SxDocumentOptions){.access = SX_ACCESS_WRITE});
    SxSnapshot *s = sx_document_snapshot(d);
    SxSource *source = sx_snapshot_source(s);
    ok(sx_source_pin(source, (SxSpan){100, 50}, SX_PIN_VIEW, &a, &err) &&
           sx_source_pin(source, (SxSpan){110, 50}, SX_PIN_VIEW, &b, &err),
       "two pins");
    ok(a.data + 10 == b.data, "into the file, without a copy");
    sx_source_unpin(source, &b);
    ok(!sx_source_stale(source, &a), "not stale");
    (void)!sx_document_overwrite(d, 200, TEXT("x"), &err);
    ok(!sx_source_stale(source, &a), "nor when another byte is written");
    (void)!sx_document_overwrite(d, 120, TEXT("x"), &err);
    ok(sx_source_stale(source, &a), "but when one of its own is");
    sx_source_unpin(source, &a);
    ok(sx_source_pin(source, (SxSpan){100, 50}, SX_PIN_SCAN, &a, &err) && a.data[20] == 'd', "pinned again: as it was");
    ok(!sx_source_stale(source, &a), "and never stale again");
    (void)!sx_document_overwrite(d, 121, TEXT("x"), &err);
    ok(!sx_source_stale(source, &a) && a.data[21] == 'd', "whatever is written");
    sx_source_unpin(source, &a);
    ok(!sx_source_pin(source, (SxSpan){2 * PART + HOLE, 1}, SX_PIN_VIEW, &a, &err) && err.code == SX_ERR_RANGE,
       "nothing outside");
    sx_snapshot_release(s);
    s = sx_document_snapshot(d);
    source = sx_snapshot_source(s);
    ok(sx_source_pin(source, (SxSpan){110, 20}, SX_PIN_VIEW, &a, &err) && memcmp(a.data + 9, "dxxd", 4) == 0,
       "a new snapshot has the new bytes");
    sx_source_unpin(source, &a);
    SxSource *range = sx_source_range(source, (SxSpan){119, 4});
    sx_snapshot_release(s);
    sx_document_free(d, false);
    char bytes[5] = "";
    ok(range && sx_source_read(range, (SxSpan){0, 4}, bytes, &err), "a range of it outlives both");
    is_text(bytes, "dxxd", "and reads");
    sx_source_release(range);
}

static void
lost(void)
{
    SxError err = {0};
    SxSpan spans[4];
    uint8_t bytes[2 * PART];
    uint8_t states[100];
    SxDocument *d = sparse(NULL);
    (void)!sx_document_insert(d, 2 * PART + HOLE - 10, TEXT("kept"), &err);
    (void)!sx_document_overwrite(d, 0, TEXT("kept"), &err);
    ok(truncate(path, PART) == 0, "the file is cut under it");
    SxSnapshot *s = sx_document_snapshot(d);
    SxSource *source = sx_snapshot_source(s);
    uint64_t end = 2 * PART + HOLE + 4;
    ok(sx_source_read(source, (SxSpan){0, PART}, bytes, &err) && memcmp(bytes, "keptd", 5) == 0, "what is left reads");
    SxPin pin;
    ok(sx_source_pin(source, (SxSpan){end - 100, 100}, SX_PIN_VIEW, &pin, &err), "what is lost can be pinned, without a signal");
    ok(memcmp(pin.data + 86, "kept", 4) == 0 && pin.data[0] == 0, "zeros, and what was typed");
    sx_source_unpin(source, &pin);
    size_t n = sx_source_lost(source, (SxSpan){end - 100, 100}, spans, 4);
    ok(n == 2 && spans[0].at == end - 100 && spans[0].len == 86 && spans[1].at == end - 10 && spans[1].len == 10,
       "and what is lost is told: %zu ranges", n);
    ok(!sx_source_read(source, (SxSpan){end - 100, 100}, bytes, &err) && err.code == SX_ERR_LOST, "a read says so: %s",
       err.text);
    sx_source_peek(source, (SxSpan){end - 100, 100}, bytes, states);
    ok(states[0] == SX_BYTE_LOST && states[87] == SX_BYTE_HERE && states[99] == SX_BYTE_LOST, "and a peek");
    uint64_t at;
    uint8_t byte;
    ok(sx_document_find(d, sx_bytes("\0\0\0", 3), PART, SX_TO_END, NULL, &at, &err) == SX_ABSENT, "lost bytes match nothing");
    ok(sx_document_find(d, TEXT("kept"), PART, SX_TO_END, NULL, &at, &err) == SX_FOUND && at == end - 14, "typed ones do");
    ok(!sx_document_get(d, -1, &byte, &err) && err.code == SX_ERR_LOST, "the last byte cannot be got");
    sx_snapshot_release(s);
    sx_document_free(d, false);
}

/* Parts of another file, put in where they ascend and where they do not, some of them behind what is cut off. */
static void
lost_by_piece(void)
{
    enum { LEN = 3 << 20 /* smaller parts are copied */, CUT = LEN / 3, PIECES = 4 };
    static const uint64_t from[PIECES] = {LEN / 2, 0, 5, LEN - 9}; /* each to the end of the other file */
    char other[] = "/tmp/sextant-snapshot-other-XXXXXX";
    SxSpan spans[PIECES + 1];
    SxError err = {0};
    SxDocument *d = sparse(NULL);
    file_make(other, "", 0);
    bool made = truncate(other, LEN) == 0;
    uint64_t at = 10, want[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        made = made && sx_document_insert_file(d, at, other, sx_span(from[i], LEN), &err);
        want[i] = from[i] < CUT ? at + CUT - from[i] : at;
        at += LEN - from[i] + 1;
    }
    SxSnapshot *s = sx_document_snapshot(d);
    SxSpan all = {0, sx_document_length(d)};
    ok(made && sx_source_lost(sx_snapshot_source(s), all, spans, PIECES + 1) == 0, "parts of another file: %s", err.text);
    ok(truncate(other, CUT) == 0 && sx_source_lost(sx_snapshot_source(s), all, spans, PIECES + 1) == PIECES - 1, "it is cut");
    ok(spans[0].at == want[0] && spans[1].at == want[1] && spans[2].at == want[2] && spans[2].len == LEN - CUT, "and told by part");
    ok(sx_source_lost(sx_snapshot_source(s), sx_span(0, want[0]), spans, 1) == 0, "nothing before is lost");
    sx_snapshot_release(s);
    sx_document_free(d, false);
    unlink(other);
}

/* What is larger than any file, and what has no size. */
static void
memory_of_a_process(void)
{
    SxError err = {0};
    SxDocument *d;
    static const char here[] = "a needle in this very process";
    char bytes[30] = "";
    size_t got = 0;
    if (!sx_document_open(&d, "/proc/self/mem", NULL, &err)) {
        ok(false, "/proc/self/mem: %s", err.text);
        return;
    }
    is(sx_document_access(d), SX_ACCESS_READ, "process memory opens READ");
    ok(sx_document_peek(d, (uint64_t)(uintptr_t)here, bytes, 29, &got, &err), "our own bytes: %s", err.text);
    is_text(bytes, here, "are there");
    ok(!sx_document_overwrite(d, 0, TEXT("x"), &err) && err.code == SX_ERR_READONLY, "not to be changed");
    ok(sx_document_set_access(d, SX_ACCESS_COPY, SX_PENDING_REFUSE, &err), "but in COPY");
    ok(sx_document_overwrite(d, (uint64_t)(uintptr_t)here, TEXT("A NEEDLE"), &err) &&
           sx_document_peek(d, (uint64_t)(uintptr_t)here, bytes, 29, &got, &err),
       "in memory");
    ok(memcmp(bytes, "A NEEDLE in", 11) == 0 && here[0] == 'a', "where the process is not");
    sx_document_free(d, false);
}

int
main(void)
{
    extents();
    pins();
    lost();
    lost_by_piece();
    memory_of_a_process();
    unlink(path);
    return done_testing();
}
