/*
 * test_recover.c - journals that end anywhere: at every record, in the middle of the last ones, with a byte that is
 * another. What comes back is what the records before say, done again on plain arrays; or it is refused with a reason.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <sextant/recovery.h>

#include "document/model.h"
#include "document/replay.h"
#include "document/state_dir.h"

enum { ENDS = 4000, TORN = 3 };

static char top[128];

/* A journal of random edits of a document without a file, left behind in `dir`. */
static bool
leave(uint64_t seed, size_t rounds, char dir[512])
{
    SxDocumentOptions o = {.fanout = 4, .chunk = 64, .history = 1};
    char state[256], copy[256];
    Model *m = malloc(sizeof *m);
    snprintf(state, sizeof state, "%s/state", top);
    snprintf(copy, sizeof copy, "%s/copy", top);
    o.state_dir = state;
    bool done = shell("rm -rf '%s' '%s'", state, copy);
    model_open(m, NULL, 300, &o, seed);
    /* until there is an edit, there is no journal */
    for (size_t i = 0; i < rounds || (i < 1000 && access(state, F_OK) != 0); i++)
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
    if (stat(path, &st) != 0 || st.st_size == 0)
        return true; /* what was kept first did not fit there */
    int fd = open(path, O_RDWR);
    uint8_t byte = 0;
    bool right = fd >= 0;
    off_t at = right ? (off_t)(tap_random(seed) % (uint64_t)st.st_size) : 0;
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

/* --- files ---------------------------------------------------------------------------------------------------------------- */

enum { FILE_LEN = 40000, FIRST = 100, SECOND = 30000, UNSEEN = 10000 /* no sample lies here */ };

static char file[256], state[256];

static bool
make_file(void)
{
    uint8_t bytes[FILE_LEN];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + (i >> 8));
    snprintf(file, sizeof file, "%s/file", top);
    snprintf(state, sizeof state, "%s/sessions", top);
    unlink(file);
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool done = fd >= 0 && pwrite(fd, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes && shell("rm -rf '%s'", state);
    close(fd);
    return done;
}

static bool
put(uint64_t at, const char *text)
{
    int fd = open(file, O_WRONLY);
    bool done = fd >= 0 && pwrite(fd, text, strlen(text), (off_t)at) == (ssize_t)strlen(text);
    close(fd);
    return done;
}

/* What the file, or the document, has at a place. */
static const char *
has(SxDocument *d, uint64_t at, char buf[4])
{
    size_t got = 0;
    memset(buf, 0, 4);
    int fd = d ? -1 : open(file, O_RDONLY);
    if (d)
        (void)!sx_document_peek(d, at, buf, 3, &got, NULL);
    else
        (void)!pread(fd, buf, 3, (off_t)at);
    if (fd >= 0)
        close(fd);
    return buf;
}

static SxDocument *
open_session(void)
{
    SxDocument *d = NULL;
    SxError err = {0};
    if (!sx_document_open(&d, file, &(SxDocumentOptions){.state_dir = state, .keep_history = true}, &err))
        diag("%s", err.text);
    return d;
}

/* --- history over sessions ------------------------------------------------------------------------------------------------- */

typedef struct Past {
    uint8_t *bytes[2000]; /* by step */
    size_t len[2000];
    uint64_t count;       /* of steps */
} Past;

static void
note(Past *p, SxDocument *d)
{
    uint64_t now = sx_document_step_current(d);
    size_t len = (size_t)sx_document_length(d);
    SxSnapshot *s = sx_document_snapshot(d);
    free(p->bytes[now]);
    p->bytes[now] = malloc(len + 1);
    p->len[now] = len;
    (void)!sx_source_read(sx_snapshot_source(s), (SxSpan){0, len}, p->bytes[now], NULL);
    p->count = sx_document_step_count(d);
    sx_snapshot_release(s);
}

static bool
past_right(const Past *p, SxDocument *d)
{
    uint64_t now = sx_document_step_current(d);
    SxError err = {0};
    bool right = sx_document_step_count(d) == p->count;
    if (!right)
        diag("%" PRIu64 " steps for %" PRIu64, sx_document_step_count(d), p->count);
    for (uint64_t i = 0; right && i <= p->count; i++) {
        SxSnapshot *s = NULL;
        uint8_t *bytes = malloc(p->len[i] + 1);
        right = sx_document_goto_step(d, i, &err) && sx_document_length(d) == p->len[i] &&
                (s = sx_document_snapshot(d)) != NULL &&
                sx_source_read(sx_snapshot_source(s), (SxSpan){0, p->len[i]}, bytes, &err) &&
                memcmp(bytes, p->bytes[i], p->len[i]) == 0;
        if (!right)
            diag("step %" PRIu64 " of %" PRIu64 " differs; %s", i, p->count, err.text);
        sx_snapshot_release(s);
        free(bytes);
    }
    return right && sx_document_goto_step(d, now, &err);
}

static void
edit_once(SxDocument *d, uint64_t *seed)
{
    uint8_t bytes[40];
    uint64_t length = sx_document_length(d);
    uint64_t at = tap_random(seed) % length;
    size_t n = 1 + tap_random(seed) % 39;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)tap_random(seed);
    n = n < length - at ? n : (size_t)(length - at);
    switch (tap_random(seed) % 6) {
    case 0: (void)!sx_document_insert(d, at, sx_bytes(bytes, n), NULL); break;
    case 1: (void)!sx_document_delete(d, (SxSpan){at, n < length ? n : n - 1}, NULL); break;
    case 2: (void)!sx_document_undo(d, NULL, NULL); break;
    case 3: (void)!sx_document_redo(d, NULL, NULL); break;
    default: (void)!sx_document_overwrite(d, at, sx_bytes(bytes, n), NULL); break;
    }
}

/* Edits, saves, the end; and everything is there in the next session, and the one after. */
static bool
sessions(uint64_t seed)
{
    static Past past;
    past = (Past){0};
    bool right = make_file();
    for (int i = 0; right && i < 8; i++) {
        SxDocument *d = open_session();
        SxError err = {0};
        right = d && sx_document_recall(d, &err) && (i == 0 || past_right(&past, d));
        if (right && i == 0)
            note(&past, d);
        for (int k = 0; right && k < 12; k++) {
            edit_once(d, &seed);
            note(&past, d);
            if (tap_random(&seed) % 6 == 0)
                right = sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err);
        }
        right = right && sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err);
        if (!right)
            diag("session %d: %s", i, err.text);
        sx_document_free(d, true);
    }
    for (size_t i = 0; i < sizeof past.bytes / sizeof *past.bytes; i++)
        free(past.bytes[i]);
    return right;
}

static void
changed_behind(void)
{
    struct stat st;
    SxError err = {0};
    char buf[4];
    make_file();
    SxDocument *d = open_session();
    ok(sx_document_overwrite(d, UNSEEN, sx_bytes("new", 3), NULL) && sx_document_save(d, 0, NULL, NULL, NULL),
       "a session saves");
    sx_document_free(d, true);
    stat(file, &st);
    put(UNSEEN + 1, "X");
    int fd = open(file, O_WRONLY);
    const struct timespec times[2] = {st.st_atim, st.st_mtim};
    ok(futimens(fd, times) == 0, "somebody changes a byte of it and puts the times back");
    close(fd);
    d = open_session();
    ok(sx_document_seek_to(d, FIRST, NULL) && sx_document_recall(d, NULL) && sx_document_step_count(d) == 1,
       "the history is offered");
    is(sx_document_tell(d), FIRST, "and the cursor stays where it was");
    ok(sx_document_undo_earlier(d, NULL), "as that of an earlier session");
    ok(!sx_document_undo(d, NULL, &err), "but the step does not find what it left");
    is(err.code, SX_ERR_CONFLICT, "it says so");
    is_text(err.text, "0x2711 has 58 77 where 65 77 was left: stopped, nothing undone", "and shows both");
    is_text(has(d, UNSEEN, buf), "nXw", "nothing was undone");
    is(sx_document_step_current(d), 1, "nor is the step");
    sx_document_free(d, true);
}

/* --- a write into the file that was cut off -------------------------------------------------------------------------------- */

/* A process that saves in place and is gone before it says so. */
static bool
save_and_die(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        SxDocument *d = open_session();
        SxSave *save;
        if (!d || !sx_document_overwrite(d, FIRST, sx_bytes("one", 3), NULL) ||
            !sx_document_overwrite(d, SECOND, sx_bytes("two", 3), NULL) ||
            !sx_document_save_begin(d, NULL, 0, &save, NULL))
            _exit(1);
        sx_save_run(save, NULL);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static SxJournalState
state_of(char dir[512])
{
    SxJournalInfo *list;
    size_t count;
    SxJournalState found = SX_JOURNAL_BROKEN;
    if (!sx_journal_list(state, file, &list, &count, NULL))
        return found;
    if (count == 1) {
        found = list[0].state;
        snprintf(dir, 512, "%s", list[0].dir);
    }
    sx_journal_list_free(list, count);
    return found;
}

static void
arrived(void)
{
    char dir[512], buf[4];
    make_file();
    ok(save_and_die(), "a save that nobody said the end of");
    is(state_of(dir), SX_JOURNAL_HISTORY, "is over when the file has all of it");
    SxDocument *d = open_session();
    ok(sx_document_recall(d, NULL) && sx_document_undo(d, NULL, NULL), "and is taken back");
    ok(strcmp(has(d, SECOND, buf), "two") != 0 && strcmp(has(NULL, SECOND, buf), "two") == 0, "in memory");
    sx_document_free(d, false);
}

static void
cut_off(bool finish)
{
    char dir[512], first[4], second[4], buf[4];
    SxError err = {0};
    make_file();
    has(NULL, FIRST, first);
    has(NULL, SECOND, second);
    ok(save_and_die() && put(SECOND, second), "a save of which half is in the file");
    is(state_of(dir), SX_JOURNAL_TORN, "is found");
    SxDocument *d = open_session();
    ok(!sx_document_recover(d, dir, SX_RECOVER_TAKE, &err) && err.code == SX_ERR_ASK, "it is not taken up as it is");
    ok(sx_document_mend(d, dir, finish, &err), "%s: %s", finish ? "finished" : "taken back", err.text);
    is_text(has(NULL, FIRST, buf), finish ? "one" : first, "the first place in the file");
    is_text(has(NULL, SECOND, buf), finish ? "two" : second, "the second");
    is_text(has(d, FIRST, buf), "one", "the first in the document");
    is_text(has(d, SECOND, buf), "two", "the second");
    is(sx_document_changes(d).hunks, finish ? 0 : 2, "pending");
    ok(sx_document_undo(d, NULL, NULL) && strcmp(has(d, SECOND, buf), second) == 0, "undo goes on");
    sx_document_free(d, true);
}

static void
looked_at(void)
{
    char dir[512], first[4], second[4], buf[4];
    make_file();
    has(NULL, FIRST, first);
    has(NULL, SECOND, second);
    ok(save_and_die() && put(SECOND, second) && state_of(dir) == SX_JOURNAL_TORN, "a torn file");
    SxDocument *d = open_session();
    ok(sx_document_recover(d, dir, SX_RECOVER_LOOK, NULL) && sx_document_look(d), "is looked at");
    is(sx_document_access(d), SX_ACCESS_READ, "READ");
    is_text(has(d, FIRST, buf), "one", "with its changes");
    SxSnapshot *s = sx_document_snapshot(d);
    SxHunk h;
    uint8_t old[3];
    ok(sx_snapshot_hunk_next(s, 0, &h) && h.at == FIRST, "which are pending");
    SxSource *was = sx_snapshot_hunk_old(s, &h);
    ok(was && sx_source_read(was, (SxSpan){0, 3}, old, NULL) && memcmp(old, first, 3) == 0, "over the old bytes");
    sx_source_release(was);
    sx_snapshot_release(s);
    ok(!sx_document_set_access(d, SX_ACCESS_COPY, SX_PENDING_REFUSE, NULL), "it stays READ");
    sx_document_free(d, true);
    is(state_of(dir), SX_JOURNAL_TORN, "and torn");
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
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 15;
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
    for (int i = 0; i < 3; i++) {
        uint64_t one = tap_random(&seed);
        ok(sessions(one), "history over sessions, seed %" PRIu64, one);
    }
    changed_behind();
    arrived();
    cut_off(true);
    cut_off(false);
    looked_at();
    listing();
    shell("rm -rf '%s'", top);
    return done_testing();
}
