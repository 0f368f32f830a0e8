/* test_source.c - the map as a source: pins of any span, their life, extents, peek, stale, and changes of
 * COPY. */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SIZE = 300000 };

static bool
shows_known(const SxPin *pin)
{
    for (uint64_t i = 0; i < pin->span.len; i++)
        if (pin->data[i] != known_byte(pin->span.at + i))
            return false;
    return true;
}

/* Spans at, around and across pages and windows. */
static void
test_pins(const char *path, size_t window)
{
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_READ, window);
    SxSource *s = sx_map_source(m);
    is(sx_source_size(s), SIZE, "size");
    static const uint64_t places[] = {0, 1, 4095, 4096, 4097, 8191, 8192, 65535, SIZE - 4097, SIZE - 1, SIZE};
    static const uint64_t lengths[] = {0, 1, 2, 4095, 4096, 4097, 12288, 100000, SIZE};
    bool all = true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            if (places[i] + lengths[k] > SIZE)
                continue;
            SxPin view, scan;
            SxSpan span = {places[i], lengths[k]};
            all &= sx_source_pin(s, span, SX_PIN_VIEW, &view, NULL) &&
                   sx_source_pin(s, span, SX_PIN_SCAN, &scan, NULL) && shows_known(&view) &&
                   shows_known(&scan);
            sx_source_unpin(s, &view);
            sx_source_unpin(s, &scan);
        }
    }
    ok(all, "every span is shown in one piece (window %zu)", window);
    SxPin pin;
    fails(sx_source_pin(s, (SxSpan){SIZE, 1}, SX_PIN_VIEW, &pin, err), SX_ERR_RANGE);
    fails(sx_source_pin(s, (SxSpan){1, UINT64_MAX}, SX_PIN_VIEW, &pin, err), SX_ERR_RANGE);
    sx_map_free(m);
    works(sx_source_pin(s, (SxSpan){100, 5000}, SX_PIN_VIEW, &pin, err));
    ok(shows_known(&pin), "the source outlives the map");
    sx_source_unpin(s, &pin);
    sx_source_release(s);
}

/* More windows than are kept, all pinned at once. */
static void
test_many_pins(const char *path)
{
    enum { PINS = 40 };
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_READ, (size_t)sysconf(_SC_PAGESIZE));
    SxSource *s = sx_map_source(m);
    SxPin pins[PINS];
    for (uint64_t i = 0; i < PINS; i++)
        if (!sx_source_pin(s, (SxSpan){i * 7000, 3000}, SX_PIN_VIEW, &pins[i], NULL))
            abort();
    bool all = true;
    for (size_t i = 0; i < PINS; i++)
        all &= shows_known(&pins[i]);
    ok(all, "windows that were pushed out live while they are pinned");
    for (size_t i = 0; i < PINS; i++)
        sx_source_unpin(s, &pins[i]);
    sx_source_release(s);
    sx_map_free(m);
}

static void
test_life(const char *path)
{
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_WRITE, 0);
    SxSource *s = sx_map_source(m);
    SxPin pin;
    works(sx_source_pin(s, (SxSpan){0, SIZE}, SX_PIN_VIEW, &pin, err));
    works(sx_map_resize(m, 2 * SIZE, err));
    ok(shows_known(&pin), "a pin outlives resize");
    is(sx_source_size(s), SIZE, "its source keeps its size");
    works(sx_map_store(m, 10, text_bytes("new"), err));
    ok(memcmp(pin.data + 10, "new", 3) == 0, "WRITE shows through to older pins");
    ok(sx_source_stale(s, &pin), "which are stale then");
    sx_map_close(m);
    ok(pin.data[9] == known_byte(9), "a pin outlives close");
    sx_source_unpin(s, &pin);
    works(sx_source_pin(s, (SxSpan){0, 10}, SX_PIN_VIEW, &pin, err));
    ok(!sx_source_stale(s, &pin), "a new pin is not stale");
    sx_source_unpin(s, &pin);
    sx_source_release(s);
    sx_map_free(m);
}

static void
test_stale(const char *path)
{
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_WRITE, 0);
    SxSource *s = sx_map_source(m);
    SxPin pin;
    works(sx_source_pin(s, (SxSpan){1000, 1000}, SX_PIN_VIEW, &pin, err));
    works(sx_map_store(m, 0, text_bytes("x"), err));
    works(sx_map_store(m, 2000, text_bytes("x"), err));
    ok(!sx_source_stale(s, &pin), "stores beside a pin leave it as it is");
    works(sx_map_store(m, 1999, text_bytes("x"), err));
    ok(sx_source_stale(s, &pin), "a store into its last byte does not");
    sx_source_unpin(s, &pin);
    works(sx_source_pin(s, (SxSpan){1000, 1000}, SX_PIN_VIEW, &pin, err));
    for (int i = 0; i < 1000; i++)
        (void)sx_map_store(m, 50000, text_bytes("x"), NULL);
    ok(sx_source_stale(s, &pin), "after very many stores nobody knows: stale");
    sx_source_unpin(s, &pin);
    sx_source_release(s);
    sx_map_free(m);
}

static void
test_extents(const char *path, size_t window)
{
    const uint64_t MIB = 1 << 20;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (ftruncate(fd, (off_t)(8 * MIB)) != 0 || pwrite(fd, "data", 4, (off_t)(4 * MIB)) != 4)
        abort();
    close(fd);
    SxMap *m = must_open(path, SX_ACCESS_READ, window);
    SxSource *s = sx_map_source(m);
    SxExtent e;
    works(sx_source_extent(s, 0, &e, err));
    ok(e.kind == SX_EXTENT_HOLE && e.span.at == 0 && e.span.len == 4 * MIB, "a hole");
    works(sx_source_extent(s, 4 * MIB + 5, &e, err));
    ok(e.kind == SX_EXTENT_DATA && sx_span_end(e.span) > 4 * MIB + 5 && sx_span_end(e.span) < 5 * MIB &&
           e.direct,
       "data");
    works(sx_source_extent(s, sx_span_end(e.span), &e, err));
    ok(e.kind == SX_EXTENT_HOLE && sx_span_end(e.span) == 8 * MIB, "a hole to the end");
    fails(sx_source_extent(s, 8 * MIB, &e, err), SX_ERR_RANGE);
    uint8_t bytes[16], states[16];
    sx_source_peek(s, (SxSpan){4 * MIB - 8, 16}, bytes, states);
    ok(memcmp(bytes, "\0\0\0\0\0\0\0\0data\0\0\0", 16) == 0, "peek gives the bytes");
    ok(states[0] == SX_BYTE_HOLE && states[7] == SX_BYTE_HOLE && states[8] == SX_BYTE_HERE &&
           states[15] == SX_BYTE_HERE,
       "and tells hole from data");
    SxPin pin;
    works(sx_source_pin(s, (SxSpan){0, 8 * MIB}, SX_PIN_SCAN, &pin, err));
    ok(memcmp(pin.data + 4 * MIB, "data", 4) == 0 && pin.data[0] == 0 && pin.data[8 * MIB - 1] == 0,
       "a pin across holes");
    sx_source_unpin(s, &pin);
    struct stat st;
    ok(stat(path, &st) == 0 && st.st_blocks * 512 < (off_t)MIB, "holes stay holes");
    sx_source_release(s);
    sx_map_free(m);
}

/* A base at no page boundary: everything is shifted. */
static void
test_offset(const char *path, size_t window)
{
    write_known(path, SIZE);
    SxMap *m = NULL;
    SxMapOptions o = {.access = SX_ACCESS_WRITE, .offset = 5001, .length = 100001, .window = window};
    works(sx_map_open(&m, path, &o, err));
    SxSource *s = sx_map_source(m);
    bool all = true;
    for (uint64_t at = 0; at < 100001; at += 997) {
        uint8_t byte, state;
        SxPin pin;
        all &= sx_map_get(m, (int64_t)at, &byte, NULL) && byte == known_byte(5001 + at);
        sx_source_peek(s, (SxSpan){at, 1}, &byte, &state);
        all &= byte == known_byte(5001 + at) && state == SX_BYTE_HERE;
        all &= sx_source_pin(s, (SxSpan){at, 1}, SX_PIN_VIEW, &pin, NULL) &&
               pin.data[0] == known_byte(5001 + at);
        sx_source_unpin(s, &pin);
    }
    ok(all, "an offset of 5001 shifts every byte by 5001");
    works(sx_map_store(m, 100000, text_bytes("!"), err));
    works(sx_map_flush(m, (SxSpan){99999, 2}, err));
    int fd = open(path, O_RDONLY);
    char got = 0;
    ok(pread(fd, &got, 1, 105001) == 1 && got == '!', "stores too");
    close(fd);
    uint64_t n;
    works(sx_map_size(m, &n, err));
    is(n, SIZE, "size is that of the file");
    works(sx_map_resize(m, 200, err));
    works(sx_map_size(m, &n, err));
    is(n, 5201, "resize makes the file offset + length long");
    sx_source_release(s);
    sx_map_free(m);
}

static void
test_copy(const char *path, size_t window)
{
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_COPY, window);
    SxSource *s = sx_map_source(m);
    works(sx_map_store(m, 4090, text_bytes("across a page"), err));
    works(sx_map_store(m, SIZE - 1, text_bytes("E"), err));
    SxPin pin;
    works(sx_source_pin(s, (SxSpan){4000, 200}, SX_PIN_SCAN, &pin, err));
    ok(memcmp(pin.data + 90, "across a page", 13) == 0 && pin.data[89] == known_byte(4089) &&
           pin.data[103] == known_byte(4103),
       "changes show in a source");
    sx_source_unpin(s, &pin);
    uint8_t bytes[20], states[20];
    sx_source_peek(s, (SxSpan){4085, 20}, bytes, states);
    ok(memcmp(bytes + 5, "across a page", 13) == 0 && bytes[4] == known_byte(4089) &&
           bytes[18] == known_byte(4103),
       "and in peek");
    SxExtent e;
    works(sx_source_extent(s, 0, &e, err));
    ok(e.direct && sx_span_end(e.span) == 4090, "the extent before a change ends at it");
    works(sx_source_extent(s, 4090, &e, err));
    ok(!e.direct && e.kind == SX_EXTENT_DATA && e.span.len == 13, "the change is one");
    uint64_t at = 0;
    is(sx_map_find(m, text_bytes("ss a p"), 0, SX_TO_END, NULL, &at, NULL), SX_FOUND, "find sees changes");
    is(at, 4094, "across a page");
    is(sx_map_rfind(m, text_bytes("E"), -1, SX_TO_END, NULL, &at, NULL), SX_FOUND, "rfind too");
    if (truncate(path, 4096) != 0)
        abort();
    ok(slice_is(m, 4090, 4103, "across a page"), "changes survive a cut");
    SxSpan lost[4];
    is(sx_source_lost(s, SX_SPAN_ALL, lost, 4), 1, "what was not changed is lost");
    ok(lost[0].at == 4103 && sx_span_end(lost[0]) == SIZE - 1, "between the changes");
    fails(sx_map_peek(m, 4096, bytes, 20, &(size_t){0}, err), SX_ERR_LOST);
    fails(sx_map_write_through(m, err), SX_ERR_LOST);
    ok(slice_is(m, 4090, 4103, "across a page"), "a write-through that fails loses nothing");
    sx_source_release(s);
    sx_map_free(m);
    write_text(path, "0123456789");
    m = must_open(path, SX_ACCESS_COPY, window);
    works(sx_map_store(m, 3, text_bytes("abc"), err));
    fails(sx_map_set_access(m, SX_ACCESS_WRITE, err), SX_ERR_ASK);
    works(sx_map_write_through(m, err));
    is_text(file_text(path), "012abc6789", "write-through brings the changes into the file");
    works(sx_map_store(m, 0, text_bytes("gone"), err));
    works(sx_map_discard(m, err));
    ok(slice_is(m, 0, SX_TO_END, "012abc6789"), "discard drops them");
    works(sx_map_set_access(m, SX_ACCESS_WRITE, err));
    works(sx_map_store(m, 0, text_bytes("W"), err));
    is_text(file_text(path), "W12abc6789", "WRITE after COPY");
    sx_map_free(m);
}

/* A map may be read by any number of threads through its source while one stores. */
typedef struct Reader {
    SxSource *source;
    atomic_bool *stop;
    uint64_t bad;
} Reader;

static void *
read_on(void *data)
{
    Reader *r = data;
    uint64_t seed = (uintptr_t)r;
    while (!atomic_load(r->stop)) {
        uint64_t at = tap_random(&seed) % (SIZE - 5000);
        SxPin pin;
        if (!sx_source_pin(r->source, (SxSpan){at, 5000}, at & 1 ? SX_PIN_SCAN : SX_PIN_VIEW, &pin, NULL))
            abort();
        uint8_t copy[5000];
        memcpy(copy, pin.data, sizeof copy);
        bool stale = sx_source_stale(r->source, &pin);
        for (size_t i = 0; i < sizeof copy && !stale; i++)
            r->bad += copy[i] != known_byte(at + i) && copy[i] != known_byte(at + i) + 1;
        sx_source_unpin(r->source, &pin);
    }
    return NULL;
}

static void
test_threads(const char *path, SxAccess access, size_t window)
{
    write_known(path, SIZE);
    SxMap *m = must_open(path, access, window);
    atomic_bool stop = false;
    Reader readers[2] = {{.source = sx_map_source(m), .stop = &stop},
                         {.source = sx_map_source(m), .stop = &stop}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, read_on, &readers[i]);
    uint64_t seed = 1;
    for (int i = 0; i < 3000; i++) {
        uint64_t at = tap_random(&seed) % SIZE;
        uint8_t byte = (uint8_t)(known_byte(at) + (i & 1));
        if (!sx_map_store(m, at, sx_bytes(&byte, 1), NULL))
            abort();
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        is(readers[i].bad, 0, "a reader saw old or new bytes only");
        sx_source_release(readers[i].source);
    }
    sx_map_free(m);
}

/* Beyond 4 GiB, and as much in one piece as a pin may show. */
static void
test_large(const char *path)
{
    const uint64_t GIB = UINT64_C(1) << 30;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (ftruncate(fd, (off_t)(5 * GIB)) != 0 || pwrite(fd, "mark", 4, (off_t)(4 * GIB + 17)) != 4)
        abort();
    close(fd);
    SxMap *m = must_open(path, SX_ACCESS_WRITE, 0);
    SxSource *s = sx_map_source(m);
    SxPin pin;
    works(sx_source_pin(s, (SxSpan){4 * GIB - 8192, GIB / 2}, SX_PIN_SCAN, &pin, err));
    ok(memcmp(pin.data + 8192 + 17, "mark", 4) == 0, "bytes beyond 4 GiB");
    sx_source_unpin(s, &pin);
    works(sx_source_pin(s, (SxSpan){3 * GIB, GIB + (64 << 20)}, SX_PIN_VIEW, &pin, err));
    ok(memcmp(pin.data + GIB + 17, "mark", 4) == 0, "1 GiB and 64 MiB in one piece");
    sx_source_unpin(s, &pin);
    fails(sx_source_pin(s, (SxSpan){0, GIB + (64 << 20) + 1}, SX_PIN_SCAN, &pin, err), SX_ERR_LIMIT);
    uint64_t at = 0;
    is(sx_map_find(m, text_bytes("mark"), 0, SX_TO_END, NULL, &at, NULL), SX_FOUND, "find skips the hole");
    is(at, 4 * GIB + 17, "to the place");
    works(sx_map_store(m, 5 * GIB - 4, text_bytes("last"), err));
    is(sx_map_rfind(m, text_bytes("mark"), 0, SX_TO_END, NULL, &at, NULL), SX_FOUND, "rfind too");
    is(at, 4 * GIB + 17, "from the other side");
    ok(slice_is(m, -4, SX_TO_END, "last"), "a slice from the end");
    sx_source_release(s);
    sx_map_free(m);
    unlink(path);
}

int
main(void)
{
    const char *folder = make_folder();
    char path[160];
    snprintf(path, sizeof path, "%s", in_folder(folder, "file"));
    size_t page = (size_t)sysconf(_SC_PAGESIZE), windows[] = {0, page, 4 * page};
    for (size_t i = 0; i < 3; i++) {
        test_pins(path, windows[i]);
        test_extents(path, windows[i]);
        test_offset(path, windows[i]);
        test_copy(path, windows[i]);
        test_threads(path, SX_ACCESS_WRITE, windows[i]);
    }
    test_threads(path, SX_ACCESS_COPY, 0);
    test_many_pins(path);
    test_life(path);
    test_stale(path);
    test_large(path);
    drop_folder(folder);
    return done_testing();
}
