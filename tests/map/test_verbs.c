/* test_verbs.c - every call on a small file: defaults, clipping, errors, and that a failure changes
 * nothing. */
#include "support.h"

static const char text[] = "zero one two three four five six seven eight nine\nsecond line\nlast";

static uint64_t
tell(const SxMap *m)
{
    uint64_t pos = UINT64_MAX;
    (void)sx_map_tell(m, &pos, NULL);
    return pos;
}

static void
test_slices(void)
{
    static const struct {
        uint64_t length;
        int64_t a, b;
        uint64_t at, len;
    } cases[] = {
        {10, 0, 10, 0, 10},
        {10, 2, 5, 2, 3},
        {10, 5, 2, 5, 0},
        {10, -3, SX_TO_END, 7, 3},
        {10, -30, 4, 0, 4},
        {10, 0, -1, 0, 9},
        {10, 4, -20, 4, 0},
        {10, 20, 30, 10, 0},
        {10, 0, 99, 0, 10},
        {0, 0, 5, 0, 0},
        {0, -1, SX_TO_END, 0, 0},
        {10, INT64_MIN, INT64_MAX, 0, 10},
        {10, 10, 10, 10, 0},
        {10, -1, -1, 9, 0},
        {UINT64_MAX, -1, SX_TO_END, UINT64_MAX - 1, 1},
        {UINT64_MAX, INT64_MAX, SX_TO_END, INT64_MAX, UINT64_MAX - INT64_MAX},
        {UINT64_MAX, INT64_MIN, SX_TO_END, INT64_MAX, UINT64_C(1) << 63},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxSpan got = sx_slice(cases[i].length, cases[i].a, cases[i].b);
        ok(got.at == cases[i].at && got.len == cases[i].len, "[%" PRId64 ":%" PRId64 "] of %" PRIu64,
           cases[i].a, cases[i].b, cases[i].length);
    }
}

static void
test_steps(const char *path, size_t window)
{
    enum { NONE = -99 };
    static const struct {
        int a, b, step;
        const char *want;
    } cases[] = {
        {NONE, NONE, 1, "0123456789"},
        {NONE, NONE, 2, "02468"},
        {1, NONE, 3, "147"},
        {NONE, NONE, -1, "9876543210"},
        {NONE, NONE, -3, "9630"},
        {5, 2, -1, "543"},
        {2, 5, -1, ""},
        {-1, -4, -1, "987"},
        {20, 3, -2, "975"},
        {8, -20, -4, "840"},
        {0, NONE, -1, "0"},
        {-20, NONE, -1, ""},
        {3, 4, 100, "3"},
        {4, 4, 1, ""},
        {NONE, 0, -5, "94"},
        {NONE, -11, -5, "94"},
    };
    write_text(path, "0123456789");
    SxMap *m = must_open(path, SX_ACCESS_READ, window);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t *got = NULL;
        size_t len = 0;
        int64_t a = cases[i].a == NONE ? SX_FROM_POS : cases[i].a,
                b = cases[i].b == NONE ? SX_FROM_POS : cases[i].b;
        bool done = sx_map_slice_step(m, a, b, cases[i].step, &got, &len, NULL);
        ok(done && len == strlen(cases[i].want) && memcmp(got, cases[i].want, len) == 0, "[%d:%d:%d]",
           cases[i].a, cases[i].b, cases[i].step);
        free(got);
    }
    uint8_t *got;
    size_t len;
    fails(sx_map_slice_step(m, 0, 5, 0, &got, &len, err), SX_ERR_RANGE);
    works(sx_map_slice_step(m, SX_FROM_POS, SX_FROM_POS, INT64_MIN, &got, &len, err));
    is(len, 1, "the widest step takes one");
    free(got);
    sx_map_free(m);
}

static void
test_reading(const char *path, size_t window)
{
    write_text(path, text);
    SxMap *m = must_open(path, SX_ACCESS_READ, window);
    uint8_t *bytes, byte;
    size_t len;
    uint64_t n;
    works(sx_map_length(m, &n, err));
    is(n, strlen(text), "length");
    works(sx_map_size(m, &n, err));
    is(n, strlen(text), "size");
    works(sx_map_read(m, 5, &bytes, &len, err));
    ok(len == 5 && memcmp(bytes, "zero ", 5) == 0 && tell(m) == 5, "read advances");
    free(bytes);
    ok(slice_is(m, 0, 4, "zero") && tell(m) == 5, "a slice does not move");
    works(sx_map_read_byte(m, &byte, err));
    is(byte, 'o', "read_byte");
    works(sx_map_readline(m, &bytes, &len, err));
    ok(len == 44 && bytes[len - 1] == '\n' && tell(m) == 50, "readline to the newline, included");
    free(bytes);
    works(sx_map_seek(m, -4, SX_SEEK_END, err));
    works(sx_map_readline(m, &bytes, &len, err));
    ok(len == 4 && memcmp(bytes, "last", 4) == 0, "the last line has no newline");
    free(bytes);
    works(sx_map_readline(m, &bytes, &len, err));
    is(len, 0, "readline at the end is empty");
    free(bytes);
    works(sx_map_read(m, SIZE_MAX, &bytes, &len, err));
    is(len, 0, "read at the end is empty");
    free(bytes);
    fails(sx_map_read_byte(m, &byte, err), SX_ERR_RANGE);
    uint8_t into[8];
    works(sx_map_peek(m, 62, into, sizeof into, &len, err));
    is(len, 4, "peek is short at the end");
    works(sx_map_peek(m, UINT64_MAX, into, sizeof into, &len, err));
    is(len, 0, "and empty behind it");
    works(sx_map_get(m, -1, &byte, err));
    is(byte, 't', "[-1]");
    works(sx_map_get(m, -(int64_t)strlen(text), &byte, err));
    is(byte, 'z', "[-len]");
    fails(sx_map_get(m, (int64_t)strlen(text), &byte, err), SX_ERR_RANGE);
    fails(sx_map_get(m, -(int64_t)strlen(text) - 1, &byte, err), SX_ERR_RANGE);
    fails(sx_map_get(m, INT64_MIN, &byte, err), SX_ERR_RANGE);
    sx_map_free(m);
}

static void
test_seeking(const char *path)
{
    write_text(path, "0123456789");
    SxMap *m = must_open(path, SX_ACCESS_READ, 0);
    static const struct {
        int64_t offset;
        SxWhence whence;
        int64_t want; /* -1: an error, and the position stays at 4 */
    } cases[] = {
        {0, SX_SEEK_START, 0},        {10, SX_SEEK_START, 10},       {11, SX_SEEK_START, -1},
        {-1, SX_SEEK_START, -1},      {-4, SX_SEEK_HERE, 0},         {6, SX_SEEK_HERE, 10},
        {7, SX_SEEK_HERE, -1},        {-5, SX_SEEK_HERE, -1},        {0, SX_SEEK_END, 10},
        {-10, SX_SEEK_END, 0},        {-11, SX_SEEK_END, -1},        {1, SX_SEEK_END, -1},
        {INT64_MAX, SX_SEEK_END, -1}, {INT64_MIN, SX_SEEK_HERE, -1}, {INT64_MAX, SX_SEEK_HERE, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxError err = {0};
        (void)sx_map_seek(m, 4, SX_SEEK_START, NULL);
        bool done = sx_map_seek(m, cases[i].offset, cases[i].whence, &err);
        uint64_t want = cases[i].want < 0 ? 4 : (uint64_t)cases[i].want;
        ok(done == (cases[i].want >= 0) && tell(m) == want && (done || err.code == SX_ERR_RANGE),
           "seek %" PRId64 " from %d", cases[i].offset, (int)cases[i].whence);
    }
    fails(sx_map_seek(m, 0, (SxWhence)7, err), SX_ERR_UNKNOWN);
    fails(sx_map_seek_to(m, 11, err), SX_ERR_RANGE);
    works(sx_map_seek_to(m, 10, err));
    sx_map_free(m);
}

static void
test_finding(const char *path, size_t window)
{
    enum { POS = -77, END = -78 };
    static const struct {
        const char *needle;
        int start, end, first, last;
    } cases[] = {
        {"ab", 0, END, 0, 8},
        {"ab", 1, END, 4, 8},
        {"ab", POS, END, 4, 8},
        {"ab", 0, 9, 0, 4},
        {"ab", -2, END, 8, 8},
        {"ab", 0, -2, 0, 4},
        {"b", 1, 2, 1, 1},
        {"b", 2, 2, -1, -1},
        {"", 3, END, 3, 10},
        {"", POS, END, 3, 10},
        {"", 5, 5, 5, 5},
        {"", 6, 5, -1, -1},
        {"ab", 99, END, -1, -1},
        {"", 99, END, 10, 10},
        {"abx", 0, END, -1, -1},
        {"abcxabcxab", 0, END, 0, 0},
        {"abcxabcxabc", 0, END, -1, -1},
        {"cxab", 0, END, 2, 6},
        {"ab", -99, 99, 0, 8},
        {"", 0, -99, 0, 0},
    };
    write_text(path, "abcxabcxab");
    SxMap *m = must_open(path, SX_ACCESS_READ, window);
    (void)sx_map_seek(m, 3, SX_SEEK_START, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t start = cases[i].start == POS ? SX_FROM_POS : cases[i].start;
        int64_t end = cases[i].end == END ? SX_TO_END : cases[i].end;
        SxBytes needle = text_bytes(cases[i].needle);
        uint64_t at = 777;
        SxFound found = sx_map_find(m, needle, start, end, NULL, &at, NULL);
        bool want = cases[i].first >= 0;
        ok(found == (want ? SX_FOUND : SX_ABSENT) && at == (want ? (uint64_t)cases[i].first : 777),
           "find '%s' %d %d", cases[i].needle, cases[i].start, cases[i].end);
        at = 777;
        found = sx_map_rfind(m, needle, start, end, NULL, &at, NULL);
        ok(found == (want ? SX_FOUND : SX_ABSENT) && at == (want ? (uint64_t)cases[i].last : 777),
           "rfind '%s' %d %d", cases[i].needle, cases[i].start, cases[i].end);
    }
    ok(tell(m) == 3, "looking does not move");
    is(sx_map_contains(m, text_bytes("cxa"), NULL), SX_FOUND, "contains a byte string");
    is(sx_map_contains(m, text_bytes("cxx"), NULL), SX_ABSENT, "and not another");
    SxJob *job = sx_job_new();
    sx_job_cancel(job);
    uint64_t at;
    is(sx_map_find(m, text_bytes("b"), 0, SX_TO_END, job, &at, NULL), SX_STOPPED,
       "a cancelled find is stopped");
    is(sx_map_rfind(m, text_bytes("b"), 0, SX_TO_END, job, &at, NULL), SX_STOPPED, "a cancelled rfind too");
    sx_job_free(job);
    sx_map_free(m);
}

static void
test_refusal(const char *path)
{
    write_text(path, text);
    SxMap *m = must_open(path, SX_ACCESS_READ, 0);
    fails(sx_map_set(m, 0, 'x', err), SX_ERR_READONLY);
    fails(sx_map_assign(m, 0, 1, text_bytes("x"), err), SX_ERR_READONLY);
    fails(sx_map_assign(m, 0, 0, text_bytes(""), err), SX_ERR_READONLY);
    fails(sx_map_store(m, 0, text_bytes("x"), err), SX_ERR_READONLY);
    fails(sx_map_write(m, text_bytes("x"), err), SX_ERR_READONLY);
    fails(sx_map_write_byte(m, 'x', err), SX_ERR_READONLY);
    fails(sx_map_move(m, 0, 1, 1, err), SX_ERR_READONLY);
    fails(sx_map_resize(m, 5, err), SX_ERR_READONLY);
    fails(sx_map_advise(m, "REMOVE", SX_SPAN_ALL, true, err), SX_ERR_READONLY);
    works(sx_map_flush(m, SX_SPAN_ALL, err));
    fails(sx_map_flush(m, (SxSpan){60, 60}, err), SX_ERR_RANGE);
    is_text(file_text(path), text, "the file is as it was");
    sx_map_free(m);
}

static void
test_writing(const char *path, SxAccess access, size_t window)
{
    write_text(path, "0123456789");
    SxMap *m = must_open(path, access, window);
    works(sx_map_write(m, text_bytes("ab"), err));
    works(sx_map_write_byte(m, 'c', err));
    is(tell(m), 3, "write advances");
    works(sx_map_set(m, -1, 'z', err));
    works(sx_map_assign(m, 4, 6, text_bytes("XY"), err));
    works(sx_map_assign(m, 6, 6, text_bytes(""), err));
    works(sx_map_store(m, 6, text_bytes("-"), err));
    works(sx_map_store(m, 10, text_bytes(""), err));
    ok(slice_is(m, 0, SX_TO_END, "abc3XY-78z"), "what was written is there");
    is_text(file_text(path), access == SX_ACCESS_WRITE ? "abc3XY-78z" : "0123456789",
            "and in the file only by WRITE");
    fails(sx_map_assign(m, 0, 3, text_bytes("four"), err), SX_ERR_LENGTH);
    fails(sx_map_assign(m, 0, 3, text_bytes("ab"), err), SX_ERR_LENGTH);
    SxError why;
    ok(!sx_map_assign(m, 0, 5, text_bytes("sixsix"), &why) && strchr(why.text, '5') && strchr(why.text, '6'),
       "the message says both lengths: %s", why.text);
    fails(sx_map_set(m, 10, 'x', err), SX_ERR_RANGE);
    fails(sx_map_store(m, 9, text_bytes("xx"), err), SX_ERR_RANGE);
    fails(sx_map_store(m, UINT64_MAX, text_bytes("xx"), err), SX_ERR_RANGE);
    works(sx_map_seek(m, 9, SX_SEEK_START, err));
    fails(sx_map_write(m, text_bytes("xx"), err), SX_ERR_RANGE);
    is(tell(m), 9, "a write that does not fit does not move");
    works(sx_map_seek(m, 0, SX_SEEK_END, err));
    fails(sx_map_write_byte(m, 'x', err), SX_ERR_RANGE);
    works(sx_map_write(m, text_bytes(""), err));
    works(sx_map_move(m, 2, 0, 5, err));
    ok(slice_is(m, 0, SX_TO_END, "ababc3X78z"), "move up, overlapping");
    works(sx_map_move(m, 0, 2, 5, err));
    ok(slice_is(m, 0, SX_TO_END, "abc3X3X78z"), "move down, overlapping");
    works(sx_map_move(m, 10, 10, 0, err));
    fails(sx_map_move(m, 8, 0, 3, err), SX_ERR_RANGE);
    fails(sx_map_move(m, 0, 8, 3, err), SX_ERR_RANGE);
    fails(sx_map_move(m, 1, 0, UINT64_MAX, err), SX_ERR_RANGE);
    ok(slice_is(m, 0, SX_TO_END, "abc3X3X78z"), "what failed changed nothing");
    works(sx_map_flush(m, SX_SPAN_ALL, err));
    works(sx_map_flush(m, (SxSpan){3, 2}, err));
    fails(sx_map_flush(m, (SxSpan){3, 8}, err), SX_ERR_RANGE);
    sx_map_free(m);
}

static void
test_resizing(const char *path, size_t window)
{
    write_text(path, "0123456789");
    SxMap *m = must_open(path, SX_ACCESS_WRITE, window);
    uint64_t n;
    works(sx_map_resize(m, 10000, err));
    works(sx_map_length(m, &n, err));
    is(n, 10000, "longer");
    works(sx_map_size(m, &n, err));
    is(n, 10000, "and so is the file");
    ok(slice_is(m, 8, 10, "89"), "what was there is there");
    works(sx_map_store(m, 9998, text_bytes("zz"), err));
    works(sx_map_seek(m, 0, SX_SEEK_END, err));
    works(sx_map_resize(m, 4, err));
    is(tell(m), 10000, "the position may lie past the end");
    is_text(file_text(path), "0123", "shorter");
    uint8_t *bytes;
    size_t len;
    works(sx_map_read(m, 5, &bytes, &len, err));
    is(len, 0, "reads there are empty");
    free(bytes);
    works(sx_map_readline(m, &bytes, &len, err));
    is(len, 0, "lines too");
    free(bytes);
    fails(sx_map_write(m, text_bytes("x"), err), SX_ERR_RANGE);
    fails(sx_map_write(m, text_bytes(""), err), SX_ERR_RANGE);
    uint64_t at;
    is(sx_map_find(m, text_bytes(""), SX_FROM_POS, SX_TO_END, NULL, &at, NULL), SX_FOUND, "find from there");
    is(at, 4, "is at the end");
    fails(sx_map_resize(m, 0, err), SX_ERR_EMPTY);
    fails(sx_map_resize(m, UINT64_MAX, err), SX_ERR_RANGE);
    is_text(file_text(path), "0123", "a refused resize truncates nothing");
    sx_map_free(m);
    m = must_open(path, SX_ACCESS_COPY, window);
    fails(sx_map_resize(m, 5, err), SX_ERR_READONLY);
    sx_map_free(m);
}

static void
test_advice(const char *path)
{
    write_known(path, 20000);
    SxMap *m = must_open(path, SX_ACCESS_WRITE, 0);
    works(sx_map_advise(m, "WILLNEED", SX_SPAN_ALL, false, err));
    works(sx_map_advise(m, "madv_sequential", (SxSpan){100, 50}, false, err));
    works(sx_map_advise(m, "Random", (SxSpan){19999, UINT64_MAX}, false, err));
    works(sx_map_advise(m, "DONTNEED", SX_SPAN_ALL, false, err));
    fails(sx_map_advise(m, "NOSUCH", SX_SPAN_ALL, true, err), SX_ERR_UNKNOWN);
    fails(sx_map_advise(m, "", SX_SPAN_ALL, true, err), SX_ERR_UNKNOWN);
    fails(sx_map_advise(m, "MADV_PROTECT", SX_SPAN_ALL, true, err), SX_ERR_UNSUPPORTED);
    fails(sx_map_advise(m, "AUTOSYNC", SX_SPAN_ALL, true, err), SX_ERR_UNSUPPORTED);
    fails(sx_map_advise(m, "HWPOISON", SX_SPAN_ALL, true, err), SX_ERR_PERMISSION);
    fails(sx_map_advise(m, "SOFT_OFFLINE", SX_SPAN_ALL, true, err), SX_ERR_PERMISSION);
    fails(sx_map_advise(m, "WILLNEED", (SxSpan){20000, 1}, false, err), SX_ERR_RANGE);
    fails(sx_map_advise(m, "REMOVE", (SxSpan){0, 4096}, false, err), SX_ERR_FORCE);
    fails(sx_map_advise(m, "FREE", (SxSpan){0, 4096}, false, err), SX_ERR_FORCE);
    uint8_t byte;
    works(sx_map_get(m, 4095, &byte, err));
    is(byte, known_byte(4095), "what was not forced destroyed nothing");
    works(sx_map_advise(m, "REMOVE", (SxSpan){0, 4096}, true, err));
    works(sx_map_get(m, 4095, &byte, err));
    is(byte, 0, "REMOVE by force makes a hole");
    works(sx_map_get(m, 4096, &byte, err));
    is(byte, known_byte(4096), "and no more than that");
    sx_map_free(m);
    m = must_open(path, SX_ACCESS_COPY, 0);
    works(sx_map_advise(m, "DONTNEED", SX_SPAN_ALL, false, err));
    works(sx_map_store(m, 5000, text_bytes("edit"), err));
    works(sx_map_advise(m, "DONTNEED", (SxSpan){8192, 4096}, false, err));
    fails(sx_map_advise(m, "DONTNEED", SX_SPAN_ALL, false, err), SX_ERR_FORCE);
    works(sx_map_advise(m, "DONTNEED", SX_SPAN_ALL, true, err));
    ok(slice_is(m, 5000, 5004, "edit"), "COPY keeps its edits when they are advised away");
    fails(sx_map_advise(m, "REMOVE", SX_SPAN_ALL, true, err), SX_ERR_READONLY);
    sx_map_free(m);
    size_t count = 0;
    bool normal = false;
    for (const char *name; (name = sx_map_advice_name(count)); count++)
        normal |= strcmp(name, "NORMAL") == 0;
    ok(count > 15 && normal, "%zu advices have names", count);
}

static void
test_memory(unsigned flags)
{
    SxMap *m = NULL;
    uint64_t n;
    fails(sx_map_open_anonymous(&m, 0, flags, err), SX_ERR_EMPTY);
    works(sx_map_open_anonymous(&m, 10000, flags, err));
    is(sx_map_access(m), SX_ACCESS_WRITE, "memory can be written");
    is(sx_map_kind(m), SX_KIND_MEMORY, "is memory");
    is(sx_map_fd(m), (uint64_t)-1, "has no descriptor");
    works(sx_map_size(m, &n, err));
    is(n, 10000, "its size is its length");
    ok(slice_is(m, 5000, 5000, ""), "slices");
    works(sx_map_store(m, 9996, text_bytes("tail"), err));
    works(sx_map_flush(m, SX_SPAN_ALL, err));
    works(sx_map_resize(m, 5000000, err));
    ok(slice_is(m, 9996, 10000, "tail"), "growing keeps what was there");
    works(sx_map_store(m, 4999999, text_bytes("x"), err));
    uint64_t at = 0;
    is(sx_map_rfind(m, text_bytes("tail"), 0, SX_TO_END, NULL, &at, NULL), SX_FOUND, "rfind in memory");
    is(at, 9996, "finds it");
    works(sx_map_resize(m, 9998, err));
    works(sx_map_resize(m, 20000, err));
    ok(slice_is(m, 9996, 9998, "ta"), "shrinking cuts");
    uint8_t byte;
    works(sx_map_get(m, 9998, &byte, err));
    is(byte, 0, "what was cut does not come back");
    works(sx_map_set_access(m, SX_ACCESS_READ, err));
    fails(sx_map_set(m, 0, 1, err), SX_ERR_READONLY);
    works(sx_map_set_access(m, SX_ACCESS_WRITE, err));
    works(sx_map_set(m, 0, 1, err));
    sx_map_free(m);
}

static void
test_closed(const char *path)
{
    write_text(path, text);
    SxMap *m = must_open(path, SX_ACCESS_WRITE, 0), *null = NULL;
    uint8_t byte, *bytes;
    size_t len;
    uint64_t n;
    ok(!sx_map_closed(m), "open");
    sx_map_close(m);
    sx_map_close(m);
    ok(sx_map_closed(m) && sx_map_closed(null), "closed; closing twice is fine");
    fails(sx_map_length(m, &n, err), SX_ERR_CLOSED);
    fails(sx_map_size(m, &n, err), SX_ERR_CLOSED);
    fails(sx_map_tell(m, &n, err), SX_ERR_CLOSED);
    fails(sx_map_seek(m, 0, SX_SEEK_START, err), SX_ERR_CLOSED);
    fails(sx_map_seek_to(m, 0, err), SX_ERR_CLOSED);
    fails(sx_map_get(m, 0, &byte, err), SX_ERR_CLOSED);
    fails(sx_map_set(m, 0, 0, err), SX_ERR_CLOSED);
    fails(sx_map_slice(m, 0, 1, &bytes, &len, err), SX_ERR_CLOSED);
    fails(sx_map_slice_step(m, 0, 1, 1, &bytes, &len, err), SX_ERR_CLOSED);
    fails(sx_map_peek(m, 0, &byte, 1, &len, err), SX_ERR_CLOSED);
    fails(sx_map_assign(m, 0, 0, text_bytes(""), err), SX_ERR_CLOSED);
    fails(sx_map_store(m, 0, text_bytes(""), err), SX_ERR_CLOSED);
    fails(sx_map_read(m, 1, &bytes, &len, err), SX_ERR_CLOSED);
    fails(sx_map_read_into(m, &byte, 1, &len, err), SX_ERR_CLOSED);
    fails(sx_map_read_byte(m, &byte, err), SX_ERR_CLOSED);
    fails(sx_map_readline(m, &bytes, &len, err), SX_ERR_CLOSED);
    fails(sx_map_write(m, text_bytes(""), err), SX_ERR_CLOSED);
    fails(sx_map_write_byte(m, 0, err), SX_ERR_CLOSED);
    fails(sx_map_resize(m, 1, err), SX_ERR_CLOSED);
    fails(sx_map_move(m, 0, 0, 0, err), SX_ERR_CLOSED);
    fails(sx_map_flush(m, SX_SPAN_ALL, err), SX_ERR_CLOSED);
    fails(sx_map_advise(m, "NORMAL", SX_SPAN_ALL, false, err), SX_ERR_CLOSED);
    fails(sx_map_set_access(m, SX_ACCESS_READ, err), SX_ERR_CLOSED);
    fails(sx_map_write_through(m, err), SX_ERR_CLOSED);
    fails(sx_map_discard(m, err), SX_ERR_CLOSED);
    fails(sx_map_refresh(m, NULL, err), SX_ERR_CLOSED);
    SxError why;
    ok(sx_map_find(m, text_bytes("a"), 0, 1, NULL, &n, &why) == SX_FAILED && why.code == SX_ERR_CLOSED,
       "find");
    ok(sx_map_rfind(m, text_bytes("a"), 0, 1, NULL, &n, &why) == SX_FAILED && why.code == SX_ERR_CLOSED,
       "rfind");
    ok(sx_map_contains(m, text_bytes("a"), &why) == SX_FAILED && why.code == SX_ERR_CLOSED, "contains");
    ok(sx_map_source(m) == NULL && sx_map_fd(m) == -1 && !sx_map_lost(m, SX_SPAN_ALL), "source, fd, lost");
    fails(sx_map_tell(null, &n, err), SX_ERR_CLOSED);
    sx_map_free(m);
    sx_map_free(null);
}

int
main(void)
{
    const char *folder = make_folder(), *path = in_folder(folder, "file");
    char keep[160];
    snprintf(keep, sizeof keep, "%s", path);
    size_t windows[] = {0, (size_t)sysconf(_SC_PAGESIZE)};
    test_slices();
    for (size_t i = 0; i < 2; i++) {
        test_steps(keep, windows[i]);
        test_reading(keep, windows[i]);
        test_finding(keep, windows[i]);
        test_writing(keep, SX_ACCESS_WRITE, windows[i]);
        test_writing(keep, SX_ACCESS_COPY, windows[i]);
        test_resizing(keep, windows[i]);
    }
    test_seeking(keep);
    test_refusal(keep);
    test_advice(keep);
    test_memory(0);
    test_memory(SX_MAP_PRIVATE);
    test_closed(keep);
    drop_folder(folder);
    return done_testing();
}
