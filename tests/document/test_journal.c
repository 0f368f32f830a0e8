/*
 * test_journal.c - what is written to a journal is read back, record by record; a log that is cut or changed anywhere
 * gives the records before that place and no others; the files come and go as they should.
 */
#include "document/journal_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/tap.h"

static char top[64];

static char *
path_of(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", top, name);
    return path;
}

static size_t
count_entries(const char *dir)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

typedef struct Open {
    Journal *journal;
    Add *add;
    char dir[512];
} Open;

static bool
open_journal(Open *o, const char *file, SxError *err)
{
    *o = (Open){0};
    int fd = file ? open(file, O_RDONLY) : -1;
    JournalFile f = {.path = file, .fd = fd, .size = fd >= 0 ? (uint64_t)lseek(fd, 0, SEEK_END) : 0, .kind = 7};
    bool done = add_new(&o->add, NULL, 64, err) && journal_open(&o->journal, path_of("state/a/b"), &f, o->add, err);
    if (done)
        snprintf(o->dir, sizeof o->dir, "%s", journal_dir(o->journal));
    if (fd >= 0)
        close(fd);
    return done;
}

static void
close_journal(Open *o, bool keep)
{
    journal_close(o->journal, keep);
    add_release(o->add);
}

static void
remove_journal(const char *dir)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        diag("cannot remove %s", dir);
}

/* One record of each type, with data in the add buffer; how many records that is. */
static unsigned
write_all_types(Open *o)
{
    uint64_t at = 0;
    add_append(o->add, sx_bytes("hello", 5), &at, NULL);
    Piece removed[2] = {{.len = 3, .epoch = EPOCH_LIVE}, {.offset = 3, .len = 4, .epoch = EPOCH_LIVE}};
    Piece inserted[2] = {{.kind = PIECE_ADD, .offset = at, .len = 5}, {.kind = PIECE_FILL, .offset = 0xff, .len = 9}};
    bool done = journal_step(o->journal, 1, 3, 1700000000, NULL);
    done &= journal_splice(o->journal, &(JournalSplice){10, removed, 2, inserted, 2}, NULL);
    done &= journal_mark(o->journal, JOURNAL_STEP_END, 1, NULL);
    add_append(o->add, sx_bytes("before", 6), &at, NULL);
    done &= journal_before_image(o->journal, 100, 6, at, 2, true, NULL);
    done &= journal_witness(o->journal, 200, 6, at, 2, NULL);
    done &= journal_resize(o->journal, 1000, 900, 2, false, NULL);
    done &= journal_other_file(o->journal, 4, "/dev/null", NULL);
    done &= journal_file(o->journal, JOURNAL_ROLE_TEMP, 1, "/x/.y.abc", -1, false, NULL);
    JournalMoved moved = {.offset = 77, .epoch = 1, .home = {.kind = PIECE_ADD, .offset = at, .len = 6}};
    done &= journal_rebase(o->journal, 1, &moved, 1, NULL);
    JournalBulk *bulk = NULL;
    done &= journal_bulk_begin(o->journal, &bulk, NULL);
    done &= journal_bulk_place(bulk, (SxSpan){5, 2}, &inserted[0], NULL);
    done &= journal_bulk_place(bulk, (SxSpan){7, 0}, &inserted[1], NULL);
    done &= journal_bulk_place(bulk, (SxSpan){100, 50}, NULL, NULL);
    done &= journal_bulk_end(bulk, NULL);
    SxMark mark = {"a", {3, 4}, "red", "a note"};
    done &= journal_note(o->journal, JOURNAL_NOTE_SET, &mark, false, NULL);
    done &= journal_lost_image(o->journal, 300, 512, 2, NULL);
    ok(done, "a record of each type is written");
    return 12;
}

static void
check_all_types(JournalReader *r)
{
    JournalEntry e;
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_MARK && e.mark.mark == JOURNAL_STEP_BEGIN &&
           e.mark.detail == 3 && e.mark.number == 1 && e.mark.time == INT64_C(1700000000000000000),
       "step begin");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_SPLICE && e.splice.at == 10 && e.splice.removed == 7 &&
           e.splice.count == 2 && e.splice.inserted[0].kind == PIECE_ADD && e.splice.inserted[1].offset == 0xff,
       "splice");
    SxBytes bytes = add_at(journal_reader_add(r), e.splice.inserted[0].offset);
    ok(bytes.len >= 5 && memcmp(bytes.data, "hello", 5) == 0, "its bytes are in the add buffer");
    ok(journal_reader_next(r, &e) && e.mark.mark == JOURNAL_STEP_END && e.mark.time > 0, "step end");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_BEFORE && e.before.span.at == 100 &&
           e.before.span.len == 6 && e.before.epoch == 2 &&
           memcmp(add_at(journal_reader_add(r), e.before.add_at).data, "before", 6) == 0,
       "before-image");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_WITNESS && e.before.span.at == 200, "witness");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_RESIZE && e.resize.old == 1000 && e.resize.size == 900,
       "resize");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_OTHER && e.file.source == 4 &&
           strcmp(e.file.path, "/dev/null") == 0 && e.file.identity.inode != 0,
       "another file");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_FILE && e.file.role == JOURNAL_ROLE_TEMP &&
           strcmp(e.file.path, "/x/.y.abc") == 0,
       "a file with a role");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_REBASE && e.rebase.count == 1 &&
           e.rebase.moved[0].offset == 77 && e.rebase.moved[0].home.len == 6,
       "rebase");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_BULK && e.bulk.count == 3 &&
           e.bulk.flags == (JOURNAL_BULK_FIRST | JOURNAL_BULK_LAST),
       "bulk");
    JournalPlaces places = journal_places(&e);
    SxSpan span;
    Piece piece;
    ok(journal_place_next(&places, &span, &piece) && span.at == 5 && span.len == 2 && piece.kind == PIECE_ADD &&
           piece.len == 5 && journal_place_next(&places, &span, &piece) && span.at == 7 && span.len == 0 &&
           piece.kind == PIECE_FILL && piece.offset == 0xff && journal_place_next(&places, &span, &piece) &&
           span.at == 100 && span.len == 50 && piece.len == 0 && !journal_place_next(&places, &span, &piece),
       "its places");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_NOTE && e.note.what == JOURNAL_NOTE_SET &&
           strcmp(e.note.mark.name, "a") == 0 && e.note.mark.span.at == 3 && e.note.mark.span.len == 4 &&
           strcmp(e.note.mark.colour, "red") == 0 && strcmp(e.note.mark.note, "a note") == 0,
       "a mark");
    ok(journal_reader_next(r, &e) && e.type == JOURNAL_TYPE_LOST && e.before.span.at == 300 && e.before.span.len == 512 &&
           e.before.epoch == 2,
       "bytes that could not be read");
    ok(!journal_reader_next(r, &e) && journal_reader_torn(r) == 0, "the end, nothing torn");
}

static void
test_round_trip(void)
{
    char *file = path_of("the file");
    int fd = open(file, O_RDWR | O_CREAT, 0600);
    ok(write(fd, "0123456789", 10) == 10, "a file");
    Open o;
    SxError err = {0};
    ok(open_journal(&o, file, &err), "opened, the directories are made %s", err.text);
    unsigned written = write_all_types(&o);
    JournalReader *r = NULL;
    ok(journal_reader_open(&r, o.dir, &err) && journal_reader_head(r)->live, "read while its owner lives");
    journal_reader_close(r);
    ok(!journal_unprotected(o.journal, NULL), "protected");
    close_journal(&o, true);
    if (!ok(journal_reader_open(&r, o.dir, &err), "read after its owner, %u records", written))
        return;
    const JournalHead *h = journal_reader_head(r);
    ok(!h->live && h->has_file && strcmp(h->path, file) == 0 && h->identity.size == 10 && h->kind == 7 &&
           h->process == (uint32_t)getpid() && h->identity.n_samples == 1,
       "the head");
    struct stat st;
    fstat(fd, &st);
    ok(identity_compare(&h->identity, &st) == IDENTITY_SAME && identity_samples_match(&h->identity, fd),
       "the file is the one it speaks of");
    ok(pwrite(fd, "x", 1, 3) == 1 && !identity_samples_match(&h->identity, fd), "and is not when a byte differs");
    check_all_types(r);
    journal_reader_close(r);
    remove_journal(o.dir);
    close(fd);
}

static void
test_clean_close(void)
{
    Open o;
    open_journal(&o, NULL, NULL);
    write_all_types(&o);
    ok(count_entries(path_of("state/a/b")) == 1, "one journal");
    Open second;
    ok(open_journal(&second, NULL, NULL) && strcmp(second.dir, o.dir) != 0, "a second one of the same file");
    journal_close(second.journal, false);
    journal_close(o.journal, false);
    ok(count_entries(path_of("state/a/b")) == 0, "a clean close leaves nothing");
    uint64_t at;
    ok(add_append(o.add, sx_bytes("later", 5), &at, NULL) && !add_unprotected(o.add, NULL) &&
           memcmp(add_at(o.add, 0).data, "hello", 5) == 0,
       "the add buffer goes on in memory and keeps what it had");
    add_release(o.add);
    add_release(second.add);
}

/* --- damage ---------------------------------------------------------------------------------------------------------- */

static uint8_t *
slurp(const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY);
    *len = (size_t)lseek(fd, 0, SEEK_END);
    uint8_t *bytes = malloc(*len + 1);
    if (pread(fd, bytes, *len, 0) != (ssize_t)*len)
        *len = 0;
    close(fd);
    return bytes;
}

static void
spill(const char *path, const uint8_t *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (write(fd, bytes, len) != (ssize_t)len)
        diag("cannot write %s", path);
    close(fd);
}

/* How many records are believed; -1: the journal as a whole is refused. */
static int
believed(const char *dir)
{
    JournalReader *r = NULL;
    if (!journal_reader_open(&r, dir, NULL))
        return -1;
    JournalEntry e;
    int n = 0;
    while (journal_reader_next(r, &e))
        n++;
    journal_reader_close(r);
    return n;
}

/* ends[i]: length of the log with i records. */
static unsigned
record_ends(const char *dir, uint64_t ends[], unsigned max)
{
    JournalReader *r = NULL;
    unsigned n = 0;
    JournalEntry e;
    if (!journal_reader_open(&r, dir, NULL))
        return 0;
    uint64_t len = JOURNAL_LOG_START + journal_reader_torn(r);
    ends[0] = JOURNAL_LOG_START;
    len = journal_reader_torn(r) + JOURNAL_LOG_START;
    while (n + 1 < max && journal_reader_next(r, &e))
        ends[++n] = len - journal_reader_torn(r);
    journal_reader_close(r);
    return n;
}

static void
test_damage(void)
{
    Open o;
    open_journal(&o, NULL, NULL);
    write_all_types(&o);
    close_journal(&o, true);
    char log[600];
    snprintf(log, sizeof log, "%s/log", o.dir);
    size_t len;
    uint8_t *bytes = slurp(log, &len);
    uint64_t ends[32];
    unsigned n = record_ends(o.dir, ends, 32);
    ok(n == 12 && ends[n] == len, "%u records in %zu bytes", n, len);
    unsigned wrong = 0;
    for (size_t cut = 0; cut < len; cut++) {
        unsigned whole = 0;
        while (whole < n && ends[whole + 1] <= cut)
            whole++;
        spill(log, bytes, cut);
        wrong += believed(o.dir) != (int)whole;
    }
    ok(wrong == 0, "cut anywhere: the whole records before that");
    for (size_t at = 0; at < len; at++) {
        unsigned before = 0;
        while (before < n && ends[before + 1] <= at)
            before++;
        bytes[at] ^= (uint8_t)(1u << at % 8);
        spill(log, bytes, len);
        bytes[at] ^= (uint8_t)(1u << at % 8);
        int got = believed(o.dir);
        wrong += got != (at < JOURNAL_LOG_START ? -1 : (int)before);
    }
    ok(wrong == 0, "a bit flipped anywhere: the records before that");
    spill(log, bytes, len);
    char data[600];
    snprintf(data, sizeof data, "%s/data.0", o.dir);
    size_t data_len;
    uint8_t *kept = slurp(data, &data_len);
    ok(data_len == 11 && truncate(data, 4) == 0 && believed(o.dir) == 0, "data that was not kept: no record that came with it");
    kept[7] ^= 1;
    spill(data, kept, data_len);
    ok(believed(o.dir) == 3, "data that differs: the records before it");
    ok(unlink(data) == 0 && symlink("/etc/passwd", data) == 0 && believed(o.dir) == -1, "a link in its place");
    remove_journal(o.dir);
    free(bytes);
    free(kept);
}

static void
test_lock(void)
{
    char *file = path_of("locked");
    close(open(file, O_WRONLY | O_CREAT, 0600));
    Open first, second;
    SxError err = {0};
    ok(open_journal(&first, file, &err), "a journal of a file %s", err.text);
    ok(!open_journal(&second, file, &err) && err.code == SX_ERR_BUSY && strstr(err.text, "locked: edited by Sextant"),
       "nobody else gets one: %s", err.text);
    add_release(second.add);
    close_journal(&first, false);
    ok(open_journal(&second, file, &err), "until it is closed %s", err.text);
    close_journal(&second, false);
    ok(count_entries(path_of("state/a/b")) == 0, "nothing is left");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        open_journal(&first, file, NULL);
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
    ok(open_journal(&second, file, &err), "one who was killed has it no longer %s", err.text);
    close_journal(&second, false);
}

static void
test_unwritable(void)
{
    char *blocked = path_of("blocked");
    close(open(blocked, O_WRONLY | O_CREAT, 0600));
    Add *add = NULL;
    Journal *j = NULL;
    SxError err = {0};
    add_new(&add, NULL, 0, NULL);
    ok(!journal_open(&j, path_of("blocked/state"), &(JournalFile){.fd = -1}, add, &err),
       "no directory to be had: %s", err.text);
    add_release(add);
    JournalReader *r = NULL;
    ok(!journal_reader_open(&r, path_of("nowhere"), &err) && err.code == SX_ERR_MISSING, "no journal: %s", err.text);
    ok(journal_mark(NULL, JOURNAL_CURSOR, 1, NULL) && journal_sync(NULL, NULL), "no journal is no failure");
}

/* --- kill, threads, many ------------------------------------------------------------------------------------------------- */

static void
test_kill(void)
{
    int pipes[2];
    if (pipe(pipes) != 0)
        return;
    pid_t child = fork();
    if (child == 0) {
        Open o;
        if (!open_journal(&o, NULL, NULL) || write(pipes[1], o.dir, sizeof o.dir) < 0)
            _exit(1);
        for (uint64_t i = 1;; i++) {
            uint64_t at;
            add_append(o.add, sx_bytes("some bytes", 1 + i % 10), &at, NULL);
            Piece p = {.kind = PIECE_ADD, .offset = at, .len = 1 + i % 10};
            journal_splice(o.journal, &(JournalSplice){i, NULL, 0, &p, 1}, NULL);
            if (write(pipes[1], &i, sizeof i) < 0)
                _exit(1);
        }
    }
    close(pipes[1]);
    char dir[512];
    uint64_t seen = 0;
    uint64_t i;
    if (read(pipes[0], dir, sizeof dir) != (ssize_t)sizeof dir)
        return;
    while (seen < 3000 && read(pipes[0], &i, sizeof i) == (ssize_t)sizeof i)
        seen = i;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(pipes[0], &i, sizeof i) == (ssize_t)sizeof i)
        seen = i;
    close(pipes[0]);
    int n = believed(dir);
    ok(seen >= 3000 && n >= 0 && (uint64_t)n >= seen, "killed after %llu edits that were shown: %d are there",
       (unsigned long long)seen, n);
    remove_journal(dir);
}

static void *
saver(void *data)
{
    Open *o = data;
    for (uint64_t i = 0; i < 500; i++) {
        uint64_t at;
        add_append(o->add, sx_bytes("before", 6), &at, NULL);
        journal_before_image(o->journal, i * 10, 6, at, 1, i % 100 == 99, NULL);
    }
    return NULL;
}

static void
test_threads(void)
{
    Open o;
    open_journal(&o, NULL, NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, saver, &o);
    for (uint64_t i = 0; i < 2000; i++) {
        uint64_t at;
        add_append(o.add, sx_bytes("new", 3), &at, NULL);
        Piece p = {.kind = PIECE_ADD, .offset = at, .len = 3};
        journal_splice(o.journal, &(JournalSplice){i, NULL, 0, &p, 1}, NULL);
    }
    pthread_join(thread, NULL);
    ok(!journal_unprotected(o.journal, NULL), "an editor and a saver at once");
    close_journal(&o, true);
    ok(believed(o.dir) == 2500, "all their records are there");
    remove_journal(o.dir);
}

/* Fills *span and *piece with the i-th place; deterministic. */
static void
random_place(uint64_t *state, uint64_t *at, SxSpan *span, Piece *piece)
{
    *span = (SxSpan){*at + tap_random(state) % 300, tap_random(state) % 20};
    *at = sx_span_end(*span);
    *piece = (Piece){.kind = PIECE_ADD, .offset = tap_random(state) % 50, .len = tap_random(state) % 10};
    if (tap_random(state) % 4 == 0)
        *piece = (Piece){.kind = PIECE_FILE, .offset = tap_random(state), .len = 5, .epoch = EPOCH_LIVE, .source = 3};
}

static void
test_bulk(uint64_t seed)
{
    enum { PLACES = 300000 };
    Open o;
    open_journal(&o, NULL, NULL);
    uint8_t bytes[64] = {0};
    uint64_t at = 0;
    add_append(o.add, sx_bytes(bytes, 64), &at, NULL);
    JournalBulk *b = NULL;
    journal_bulk_begin(o.journal, &b, NULL);
    uint64_t state = seed;
    bool done = true;
    SxSpan span;
    Piece piece;
    for (unsigned i = 0; i < PLACES; i++) {
        random_place(&state, &at, &span, &piece);
        done &= journal_bulk_place(b, span, piece.len ? &piece : NULL, NULL);
    }
    ok(journal_bulk_end(b, NULL) && done, "%d places", PLACES);
    close_journal(&o, true);
    JournalReader *r = NULL;
    JournalEntry e = {0};
    journal_reader_open(&r, o.dir, NULL);
    state = seed;
    at = 0;
    unsigned records = 0;
    unsigned wrong = 0;
    uint64_t shift = 0; /* offsets before the record, minus those before the run */
    while (journal_reader_next(r, &e)) {
        records++;
        JournalPlaces places = journal_places(&e);
        SxSpan got;
        Piece got_piece;
        uint64_t grown = 0;
        while (journal_place_next(&places, &got, &got_piece)) {
            random_place(&state, &at, &span, &piece);
            wrong += got.at != span.at + shift || got.len != span.len || got_piece.len != piece.len ||
                     (piece.len > 0 && (got_piece.offset != piece.offset || got_piece.kind != piece.kind ||
                                        got_piece.epoch != piece.epoch || got_piece.source != piece.source));
            grown += got_piece.len - got.len;
        }
        shift += grown;
    }
    ok(wrong == 0 && records > 1 && (e.bulk.flags & JOURNAL_BULK_LAST), "come back out of %u records", records);
    journal_reader_close(r);
    remove_journal(o.dir);
}

int
main(void)
{
    uint64_t seed = tap_seed();
    snprintf(top, sizeof top, "%s/sextant-journal.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(top))
        return EXIT_FAILURE;
    test_round_trip();
    test_clean_close();
    test_damage();
    test_lock();
    test_unwritable();
    test_kill();
    test_threads();
    test_bulk(seed);
    remove_journal(top);
    return done_testing();
}
