/*
 * test_recover.c - journals that end anywhere: at every record, in the middle of the last ones, with a byte that is
 * another. What comes back is what the records before say, done again on plain arrays; or it is refused with a reason.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <sextant/recovery.h>

#include "document/model.h"
#include "document/replay.h"

enum { ENDS = 4000, TORN = 3 };

static char top[128];

__attribute__((format(printf, 1, 2))) static bool
shell(const char *fmt, ...)
{
    char command[900];
    va_list args;
    va_start(args, fmt);
    vsnprintf(command, sizeof command, fmt, args);
    va_end(args);
    return system(command) == 0;
}

/* The one journal in `state`. */
static bool
find_journal(const char *state, char dir[512])
{
    DIR *d = opendir(state);
    bool found = false;
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (e->d_name[0] != '.' && !strstr(e->d_name, ".lock")) {
            snprintf(dir, 512, "%s/%s", state, e->d_name);
            found = true;
        }
    if (d)
        closedir(d);
    return found;
}

/* A journal of random edits of a document without a file, left behind in `dir`. */
static bool
leave(uint64_t seed, size_t rounds, char dir[512])
{
    SxDocumentOptions o = {.fanout = 4, .chunk = 64};
    char state[256], copy[256];
    Model *m = malloc(sizeof *m);
    snprintf(state, sizeof state, "%s/state", top);
    snprintf(copy, sizeof copy, "%s/copy", top);
    o.state_dir = state;
    bool done = shell("rm -rf '%s' '%s'", state, copy);
    model_open(m, NULL, 300, &o, seed);
    for (size_t i = 0; i < rounds; i++)
        model_step(m);
    done = done && shell("cp -a '%s' '%s'", state, copy) && find_journal(copy, dir);
    model_close(m);
    free(m);
    return done;
}

/* Where the records end. */
static size_t
record_ends(const char *dir, uint64_t *ends)
{
    JournalReader *r;
    JournalEntry e;
    size_t count = 0;
    if (!journal_reader_open(&r, dir, NULL))
        return 0;
    ends[count++] = journal_reader_end(r).at;
    while (count < ENDS && journal_reader_next(r, &e))
        ends[count++] = journal_reader_end(r).at;
    journal_reader_close(r);
    return count;
}

/* A step that began, and of which nothing else is there, is none. */
static bool
same_step(const SxDocument *d, const Replay *r)
{
    return sx_document_step_current(d) == r->current || sx_document_step_count(d) + 1 == r->current;
}

static bool
same(SxDocument *d, const Replay *r)
{
    uint8_t *bytes = malloc(r->now.len + 1);
    SxSnapshot *s = sx_document_snapshot(d);
    bool right = sx_snapshot_length(s) == r->now.len && sx_document_check(d, NULL) &&
                 same_step(d, r) &&
                 sx_source_read(sx_snapshot_source(s), (SxSpan){0, r->now.len}, bytes, NULL) &&
                 memcmp(bytes, r->now.bytes, r->now.len) == 0;
    sx_snapshot_release(s);
    free(bytes);
    return right;
}

/* What recovery makes of it is what the plain arrays say, or both refuse. */
static bool
agrees(const char *dir)
{
    Replay r;
    SxDocument *d;
    SxError err = {0};
    char why[200] = "";
    bool played = replay(&r, dir, NULL, why);
    if (!sx_document_new(&d, 0, NULL, NULL))
        return false;
    bool recovered = sx_document_recover(d, dir, SX_RECOVER_LOOK, &err);
    bool right = played == recovered && (recovered ? same(d, &r) : err.text[0] != '\0');
    if (!right)
        diag("%s: played %d (%s), recovered %d (%s), %" PRIu64 " bytes for %zu, step %" PRIu64 " for %" PRIu64, dir, played,
             why, recovered, err.text, sx_document_length(d), r.now.len, sx_document_step_current(d), r.current);
    sx_document_free(d, false);
    replay_clear(&r);
    return right;
}

static bool
cut_at(const char *dir, uint64_t end)
{
    char log[600];
    snprintf(log, sizeof log, "%s/log", dir);
    return truncate(log, (off_t)end) == 0 && agrees(dir);
}

/* From the end on, so that one file serves for all. */
static bool
every_record(uint64_t seed, size_t rounds, size_t *count)
{
    static uint64_t ends[ENDS];
    char dir[512];
    bool right = leave(seed, rounds, dir);
    size_t n = right ? record_ends(dir, ends) : 0;
    *count = n;
    for (size_t i = n; right && i-- > 0;) {
        right = cut_at(dir, ends[i]);
        if (!right)
            diag("cut behind record %zu of %zu", i, n);
    }
    return right && n > 1;
}

static bool
every_byte(uint64_t seed, size_t rounds)
{
    static uint64_t ends[ENDS];
    char dir[512];
    bool right = leave(seed, rounds, dir);
    size_t n = right ? record_ends(dir, ends) : 0;
    uint64_t from = n > TORN ? ends[n - 1 - TORN] : 0;
    for (uint64_t at = n ? ends[n - 1] : 0; right && at-- > from;) {
        right = cut_at(dir, at);
        if (!right)
            diag("cut at %" PRIu64 " of %" PRIu64, at, ends[n - 1]);
    }
    return right && n > 1;
}

/* One byte of one of its files is another. */
static bool
flipped(const char *dir, const char *name, uint64_t *seed)
{
    char path[600];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_RDWR);
    uint8_t byte = 0;
    bool right = fd >= 0 && fstat(fd, &st) == 0;
    off_t at = right && st.st_size > 0 ? (off_t)(tap_random(seed) % (uint64_t)st.st_size) : 0;
    uint8_t with = (uint8_t)(1 + tap_random(seed) % 255);
    right = right && pread(fd, &byte, 1, at) == 1;
    byte ^= with;
    right = right && pwrite(fd, &byte, 1, at) == 1 && agrees(dir);
    byte ^= with;
    if (!right)
        diag("%s at %lld", name, (long long)at);
    right = right && pwrite(fd, &byte, 1, at) == 1;
    close(fd);
    return right;
}

static bool
every_damage(uint64_t seed, size_t rounds)
{
    static const char *const names[] = {"log", "log", "head", "data.0"};
    char dir[512];
    bool right = leave(seed, rounds, dir);
    for (size_t i = 0; right && i < 100; i++)
        right = flipped(dir, names[i % 4], &seed);
    return right;
}

/* --- what there is, and away with it ------------------------------------------------------------------------------------ */

static void
listing(void)
{
    char dir[512], copy[256];
    SxJournalInfo *list;
    size_t count;
    snprintf(copy, sizeof copy, "%s/copy", top);
    ok(!sx_journal_any("/nonexistent", NULL), "no state directory, no journals");
    ok(sx_journal_list("/nonexistent", NULL, &list, &count, NULL) && count == 0, "and none are listed");
    if (!ok(leave(7, 20, dir), "a journal is left"))
        return;
    if (ok(sx_journal_list(copy, NULL, &list, &count, NULL) && count == 1, "it is listed")) {
        is(list[0].state, SX_JOURNAL_UNSAVED, "as unsaved");
        is(list[0].relation, SX_RELATION_NONE, "of no file");
        is_text(list[0].path, "", "which has no name");
        sx_journal_list_free(list, count);
    }
    sx_journal_expire(copy, INT64_MAX);
    ok(sx_journal_any(copy, NULL), "unsaved changes do not expire");
    ok(sx_journal_remove(dir, NULL) && !sx_journal_any(copy, NULL), "but are removed when that is asked for");
}

int
main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 60;
    uint64_t seed = tap_seed();
    size_t count = 0;
    snprintf(top, sizeof top, "%s/sextant-recover-XXXXXX", model_folder());
    if (!mkdtemp(top))
        return EXIT_FAILURE;
    for (int i = 0; i < 3; i++) {
        uint64_t one = tap_random(&seed);
        ok(every_record(one, rounds, &count), "at every record, seed %" PRIu64, one);
        diag("%zu places", count);
        ok(every_byte(one, rounds), "at every byte of the last records, seed %" PRIu64, one);
        ok(every_damage(one, rounds), "with a byte that is another, seed %" PRIu64, one);
    }
    listing();
    shell("rm -rf '%s'", top);
    return done_testing();
}
