/*
 * test_lines.c - the line index beside counting by hand: blocks of a few bytes, random edits, passes that are taken over
 * in the middle, records that are kept and checked.
 */
#include <sextant/line_index.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/tap.h"

enum { SIZE = 600 };

typedef struct Model {
    uint8_t bytes[4 * SIZE];
    size_t len;
    SxLineFeed feed;
} Model;

static bool
ends_at(const Model *m, size_t at)
{
    size_t n = m->feed.len;
    return at >= n && at % n == 0 && memcmp(m->bytes + at - n, m->feed.bytes, n) == 0;
}

static void
model_random(Model *m, uint64_t *seed)
{
    m->len = (size_t)(tap_random(seed) % SIZE);
    unsigned often = 1 + (unsigned)(tap_random(seed) % 20);
    for (size_t i = 0; i < m->len; i++)
        m->bytes[i] = tap_random(seed) % often == 0 ? '\n' : (uint8_t)(tap_random(seed) % 2 ? 0 : 'a');
}

static void
model_change(Model *m, size_t at, size_t removed, size_t inserted, uint64_t *seed)
{
    memmove(m->bytes + at + inserted, m->bytes + at + removed, m->len - at - removed);
    m->len = m->len - removed + inserted;
    for (size_t i = 0; i < inserted; i++)
        m->bytes[at + i] = tap_random(seed) % 4 ? 'b' : '\n';
}

/* Lines and offsets of a complete index, every one of them. */
static bool
agrees(const SxLineIndex *ix, SxSource *source, const Model *m)
{
    uint64_t line = 1;
    for (size_t at = 0; at <= m->len; at++) {
        if (ends_at(m, at)) {
            SxLineAt start = sx_line_index_offset(ix, source, ++line);
            if (!start.exact || start.line != at) {
                diag("line %" PRIu64 " begins at %" PRIu64 ", not %zu", line, start.line, at);
                return false;
            }
        }
        SxLineAt got = sx_line_index_line(ix, source, at);
        if (!got.exact || got.line != line) {
            diag("%zu is in line %" PRIu64 ", not %" PRIu64, at, got.line, line);
            return false;
        }
    }
    SxLineAt total = sx_line_index_total(ix), behind = sx_line_index_offset(ix, source, line + 1);
    return total.exact && total.line == line - 1 && behind.exact && behind.line == m->len;
}

/* What is not exact is not beyond the ends either. */
static bool
sane(const SxLineIndex *ix, SxSource *source, const Model *m, uint64_t *seed)
{
    uint64_t at = tap_random(seed) % (m->len + 1), line = 1 + tap_random(seed) % 50;
    SxLineAt got = sx_line_index_line(ix, source, at), begins = sx_line_index_offset(ix, source, line);
    return got.line >= 1 && begins.line <= m->len;
}

static bool
pass(SxLineIndex *ix, SxSource *source, uint64_t *seed)
{
    SxLinePass *p;
    uint64_t some = tap_random(seed) % 3 ? 0 : 1 + tap_random(seed) % 64;
    if (!sx_line_pass_new(&p, ix, source, some, 0, NULL, NULL))
        return false;
    if (tap_random(seed) % 8 == 0)
        sx_line_index_take(ix, p);
    sx_line_pass_run(p, NULL);
    sx_line_index_take(ix, p);
    sx_line_pass_release(p);
    return some || sx_line_index_complete(ix);
}

static bool
one_round(Model *m, uint64_t *seed)
{
    SxLineIndex *ix;
    static const char *const encodings[] = {"utf-8", "utf-16le", "utf-32be"};
    const SxEncoding *e = sx_encoding_find(encodings[tap_random(seed) % 3]);
    m->feed = sx_line_feed(e, SX_LINE_LF);
    model_random(m, seed);
    uint64_t block = m->feed.len * (4 + tap_random(seed) % 30);
    bool holds = sx_line_index_new(&ix, m->len, m->feed, block, NULL);
    for (int edit = 0; edit < 30 && holds; edit++) {
        SxSource *source = sx_source_memory(sx_bytes(m->bytes, m->len), true);
        holds = sane(ix, source, m, seed) && pass(ix, source, seed);
        if (tap_random(seed) % 2)
            sx_line_index_settle(ix, source, SIZE * 4);
        if (holds && sx_line_index_complete(ix))
            holds = agrees(ix, source, m);
        sx_source_release(source);
        size_t at = (size_t)(tap_random(seed) % (m->len + 1)), most = m->len - at;
        size_t removed = tap_random(seed) % 2 ? 0 : (size_t)(tap_random(seed) % (most + 1));
        size_t inserted = (size_t)(tap_random(seed) % (tap_random(seed) % 8 ? 8 : SIZE));
        if (m->len - removed + inserted > sizeof m->bytes)
            inserted = 0;
        model_change(m, at, removed, inserted, seed);
        holds = holds && sx_line_index_change(ix, at, removed, inserted);
    }
    sx_line_index_free(ix);
    return holds;
}

/* Every start of a vector, every length around one. */
static void
counting(uint64_t *seed)
{
    uint8_t bytes[20000];
    SxLineFeed feed = sx_line_feed(sx_encoding_find("utf-8"), SX_LINE_LF);
    bool counts = true, finds = true;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = tap_random(seed) % 3 ? '\n' : 'x';
    for (size_t from = 0; from < 70; from++) {
        for (size_t len = 0; len < sizeof bytes - from; len = len < 100 ? len + 1 : len * 3) {
            uint64_t want = 0;
            for (size_t i = 0; i < len; i++)
                want += bytes[from + i] == '\n';
            SxBytes part = sx_bytes(bytes + from, len);
            counts = counts && sx_line_count(part, &feed) == want;
            size_t end = want ? sx_line_nth(part, &feed, want) : len;
            finds = finds && (want == 0 || (bytes[from + end - 1] == '\n' && sx_line_count(sx_bytes(bytes + from, end), &feed) == want));
            finds = finds && sx_line_nth(part, &feed, want + 1) == len;
        }
    }
    ok(counts, "line ends counted as by hand");
    ok(finds, "the n-th one");
}

/* Stops early where the line that is wanted is known to be before. */
static void
until(void)
{
    enum { LEN = 1 << 26 };
    uint8_t *bytes = malloc(LEN);
    memset(bytes, '\n', LEN);
    SxSource *source = sx_source_memory(sx_bytes(bytes, LEN), false);
    SxLineIndex *ix;
    SxLinePass *p;
    bool made = sx_line_index_new(&ix, LEN, sx_line_feed(sx_encoding_find("utf-8"), SX_LINE_LF), 0, NULL) &&
                sx_line_pass_new(&p, ix, source, 0, 1000, NULL, NULL);
    if (ok(made, "a pass for line 1000 of 64 Mi")) {
        sx_line_pass_run(p, NULL);
        sx_line_index_take(ix, p);
        sx_line_pass_release(p);
        SxLineAt at = sx_line_index_offset(ix, source, 1000);
        ok(at.exact && at.line == 999, "finds it");
        is(sx_line_index_complete(ix), 0, "and does not count them all");
        sx_line_index_free(ix);
    }
    sx_source_release(source);
    free(bytes);
}

/* --- kept ----------------------------------------------------------------------------------------------------------------- */

typedef struct Kept {
    char directory[64], file[96];
    uint8_t *bytes;
    size_t len;
    SxLineFeed feed;
} Kept;

static void
touch(const Kept *k, long ago)
{
    struct timespec times[2] = {{.tv_sec = time(NULL) - ago}, {.tv_sec = time(NULL) - ago}};
    utimensat(AT_FDCWD, k->file, times, 0);
}

/* The time of the status cannot be put back: it has to become old. */
static void
settle(const Kept *k)
{
    struct stat st;
    while (stat(k->file, &st) == 0 && time(NULL) - st.st_ctim.tv_sec <= 2)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

static bool
kept_write(const Kept *k)
{
    FILE *f = fopen(k->file, "w");
    bool good = f && fwrite(k->bytes, 1, k->len, f) == k->len;
    return f && fclose(f) == 0 && good;
}

/* The line ends that a pass over `bytes` finds with the records in the directory. */
static uint64_t
kept_count(const Kept *k, uint8_t *bytes)
{
    SxLineCache cache = {k->directory, k->file};
    SxSource *source = sx_source_memory(sx_bytes(bytes, k->len), false);
    SxLineIndex *ix;
    SxLinePass *p;
    if (!sx_line_index_new(&ix, k->len, k->feed, 0, NULL) || !sx_line_pass_new(&p, ix, source, 0, 0, &cache, NULL))
        return UINT64_MAX;
    sx_line_pass_run(p, NULL);
    sx_line_index_take(ix, p);
    sx_line_pass_release(p);
    uint64_t total = sx_line_index_total(ix).line;
    sx_line_index_free(ix);
    sx_source_release(source);
    return total;
}

/* What was kept is told from what is counted by bytes that the samples do not meet. */
static void
records(void)
{
    Kept k = {.len = 33 << 20, .feed = sx_line_feed(sx_encoding_find("utf-8"), SX_LINE_LF)};
    snprintf(k.directory, sizeof k.directory, "/tmp/sextant-lines-%d", (int)getpid());
    snprintf(k.file, sizeof k.file, "%s.data", k.directory);
    k.bytes = calloc(1, k.len);
    uint8_t *other = calloc(1, k.len);
    k.bytes[100] = '\n';
    bool made = kept_write(&k);
    touch(&k, 100);
    ok(made && kept_count(&k, k.bytes) == 1 && kept_count(&k, other) == 0, "a file written just now: nothing is kept");
    settle(&k);
    is(kept_count(&k, k.bytes), 1, "counted");
    is(kept_count(&k, other), 1, "and kept: the record answers, not the bytes");
    other[0] = 'x';
    is(kept_count(&k, other), 0, "a sample that differs: counted anew");
    char command[256];
    snprintf(command, sizeof command, "for f in %s/lines/*; do printf x | dd of=$f bs=1 seek=200 conv=notrunc 2>/dev/null; done",
             k.directory);
    other[100] = other[200] = '\n';
    is(system(command), 0, "a record is damaged");
    is(kept_count(&k, other), 2, "counted anew");
    other[300] = '\n';
    is(kept_count(&k, other), 2, "and kept again");
    touch(&k, 100);
    is(kept_count(&k, other), 3, "another time: counted anew");
    snprintf(command, sizeof command, "rm -rf %s %s", k.directory, k.file);
    is(system(command), 0, "cleaned up");
    free(k.bytes);
    free(other);
}

int
main(int argc, char **argv)
{
    uint64_t seed = tap_seed();
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 60, done = 0;
    static Model m;
    counting(&seed);
    until();
    records();
    while (done < rounds && one_round(&m, &seed))
        done++;
    ok(done == rounds, "%u of %u random documents", done, rounds);
    return done_testing();
}
