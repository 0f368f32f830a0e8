/*
 * test_sessions.c - what one session leaves to the next: steps that were written, also beside changes that were let go.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <sextant/recovery.h>

#include "document/files.h"
#include "document/model.h"

enum { LENGTH = 3 << 20, UNSEEN = 1200000 /* in no sample, beyond the first MiB of the step */ };

static char top[64];
static char file[96];
static char state[96];

static void
make_file(void)
{
    uint8_t *bytes = malloc(LENGTH);
    for (size_t i = 0; i < LENGTH; i++)
        bytes[i] = (uint8_t)('a' + i % 23);
    FILE *f = fopen(file, "w");
    if (!f || fwrite(bytes, 1, LENGTH, f) != LENGTH || fclose(f) != 0)
        exit(EXIT_FAILURE);
    free(bytes);
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", state);
    if (system(command) != 0)
        exit(EXIT_FAILURE);
}

static SxDocument *
open_session(void)
{
    return document_of(file, &(SxDocumentOptions){.state_dir = state, .keep_history = true, .history = 1});
}

static bool
saved(SxDocument *d)
{
    SxError err = {0};
    bool done = sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err);
    if (!done)
        diag("not saved: %s", err.text);
    return done;
}

static bool
has(SxDocument *d, uint64_t at, const char *text)
{
    char got[64] = "";
    size_t n = 0;
    SxError err = {0};
    bool same = sx_document_peek(d, at, got, strlen(text), &n, &err) && strcmp(got, text) == 0;
    if (!same)
        diag("0x%" PRIx64 " has \"%s\", want \"%s\" %s", at, got, text, err.text);
    return same;
}

/* Bytes of the file become others, and its times are what they were. */
static void
change_behind(uint64_t at, const char *text)
{
    struct stat st;
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || pwrite(fd, text, strlen(text), (off_t)at) < 0)
        exit(EXIT_FAILURE);
    futimens(fd, (const struct timespec[]){st.st_atim, st.st_mtim});
    close(fd);
}

/* --- steps find what they left, all of it ------------------------------------------------------------------------------------- */

typedef bool Edit(SxDocument *d);

static bool
overwrite(SxDocument *d)
{
    uint8_t *bytes = malloc(LENGTH / 2);
    memset(bytes, 'N', LENGTH / 2);
    bool done = sx_document_overwrite(d, 100, sx_bytes(bytes, LENGTH / 2), NULL);
    free(bytes);
    return done;
}

static bool
fill(SxDocument *d)
{
    return sx_document_fill(d, (SxSpan){100, LENGTH / 2}, TEXT("N"), NULL);
}

static bool
replace_all(SxDocument *d)
{
    SxBulk *b;
    bool done = sx_document_bulk_begin(d, &b, NULL);
    for (uint64_t at = 100; done && at < LENGTH / 2 + 100; at += 10)
        done = sx_bulk_replace(b, (SxSpan){at, 1}, TEXT("N"), NULL);
    return done && sx_bulk_commit(b, NULL);
}

/* A byte of the step, a byte that is none of it. */
static void
found_again(const char *what, Edit *edit, uint64_t at)
{
    SxError err = {0};
    make_file();
    SxDocument *d = open_session();
    ok(edit(d) && saved(d), "%s, saved", what);
    sx_document_free(d, true);

    d = open_session();
    ok(sx_document_recall(d, NULL) && sx_document_undo_earlier(d, NULL), "the next session could take it back");
    SxJob *job = sx_job_new();
    sx_job_cancel(job);
    sx_document_set_job(d, job);
    ok(!sx_document_undo(d, NULL, &err) && err.code == SX_ERR_CANCELLED, "which can be cancelled: %s", err.text);
    is(sx_document_step_current(d), 1, "and nothing has happened");
    ok(!sx_document_modified(d), "to no byte");
    sx_document_set_job(d, NULL);
    sx_job_free(job);
    ok(sx_document_undo(d, NULL, &err) && sx_document_step_current(d) == 0, "it is taken back %s", err.text);
    ok(has(d, at, (char[]){(char)('a' + at % 23), 0}), "and the old bytes show");
    ok(sx_document_redo(d, NULL, &err) && !sx_document_modified(d), "and done again");
    sx_document_free(d, true);

    change_behind(at, "X");
    d = open_session();
    ok(sx_document_recall(d, NULL) && !sx_document_undo(d, NULL, &err), "not so where somebody changed a byte of it");
    is(err.code, SX_ERR_CONFLICT, "which is said: %s", err.text);
    is(sx_document_step_current(d), 1, "and nothing has happened");
    change_behind(at, "N");
    change_behind(2000000, "Y");
    ok(sx_document_undo(d, NULL, &err), "what is none of it does not matter %s", err.text);
    sx_document_free(d, true);
}

/* --- changes that were let go ----------------------------------------------------------------------------------------------------- */

/* One step written, one not. */
static SxDocument *
one_of_two(void)
{
    make_file();
    SxDocument *d = open_session();
    ok(sx_document_overwrite(d, 50000, TEXT("written"), NULL) && saved(d) &&
       sx_document_insert(d, 60000, TEXT("let go"), NULL), "one step is written, one is not");
    return d;
}

static void
still_there(const char *how, SxJournalState want)
{
    SxJournalInfo *list;
    size_t count = 0;
    SxDocument *d = open_session();
    ok(sx_document_recall(d, NULL), "%s: the history is asked for", how);
    is(sx_document_step_count(d), 2, "both steps are there");
    is(sx_document_step_current(d), 1, "the document is at the one that was written");
    ok(!sx_document_modified(d) && has(d, 50000, "written"), "as the file is");
    ok(sx_document_redo_earlier(d, NULL) && sx_document_redo(d, NULL, NULL) && has(d, 60000, "let go"),
       "what was let go can be done again");
    ok(sx_document_undo(d, NULL, NULL) && sx_document_undo(d, NULL, NULL) && has(d, 50000, "vwab") &&
       sx_document_redo(d, NULL, NULL) && !sx_document_modified(d), "and what was written taken back");
    ok(sx_document_overwrite(d, 70000, TEXT("more"), NULL) && saved(d), "it goes on from there");
    sx_document_free(d, true);
    ok(sx_journal_list(state, file, &list, &count, NULL) && count == 2, "the old journal stays beside the new one");
    for (size_t i = 0; i < count; i++)
        ok(list[i].state == SX_JOURNAL_HISTORY || list[i].state == want, "as what it was");
    sx_journal_list_free(list, count);

    d = open_session();
    ok(sx_document_recall(d, NULL) && sx_document_step_count(d) == 3 && sx_document_step_current(d) == 3,
       "the session after that has all three");
    ok(sx_document_goto_step(d, 2, NULL) && has(d, 60000, "let go") && sx_document_goto_step(d, 0, NULL) &&
       has(d, 50000, "vwab") && sx_document_goto_step(d, 3, NULL) && !sx_document_modified(d) && has(d, 70000, "more"),
       "and each of them can be gone to");
    sx_document_free(d, true);
}

static void
let_go(void)
{
    SxDocument *d = one_of_two();
    sx_document_discard(d);
    sx_document_free(d, true);
    still_there("discarded", SX_JOURNAL_DISCARDED);
}

/* A crash, and the question at the next start was answered with "ignore". */
static void
ignored(void)
{
    SxDocument *d = one_of_two();
    sx_document_free(d, true);
    still_there("ignored", SX_JOURNAL_UNSAVED);
}

/* Let go twice in a row: what was written first is still there. */
static void
let_go_again(void)
{
    SxDocument *d = one_of_two();
    sx_document_discard(d);
    sx_document_free(d, true);
    d = open_session();
    ok(sx_document_overwrite(d, 80000, TEXT("again"), NULL), "another session changes something");
    sx_document_discard(d);
    sx_document_free(d, true);
    d = open_session();
    ok(sx_document_recall(d, NULL) && sx_document_step_count(d) == 3 && sx_document_step_current(d) == 1 &&
       !sx_document_modified(d), "and lets it go: the document is at what was written");
    ok(sx_document_undo(d, NULL, NULL) && has(d, 50000, "vwab"), "which can be taken back");
    sx_document_free(d, true);
}

/* --- marks ------------------------------------------------------------------------------------------------------------------------ */

static bool
mark(SxDocument *d, const char *name, uint64_t at, uint64_t len)
{
    return sx_document_mark_set(d, &(SxMark){name, {at, len}, "red", "a note"}, NULL);
}

static bool
marked(const SxDocument *d, const char *name, uint64_t at, uint64_t len)
{
    SxMark m;
    if (!sx_document_mark_find(d, name, &m)) {
        diag("there is no mark %s", name);
        return false;
    }
    bool same = m.span.at == at && m.span.len == len && strcmp(m.colour, "red") == 0 && strcmp(m.note, "a note") == 0;
    if (!same)
        diag("mark %s is at %" PRIu64 " +%" PRIu64 ", %s, %s", name, m.span.at, m.span.len, m.colour, m.note);
    return same;
}

/* The one journal there is. */
static bool
take_up(SxDocument *d)
{
    SxJournalInfo *list;
    size_t count;
    SxError err = {0};
    if (!sx_journal_list(state, file, &list, &count, NULL))
        return false;
    bool done = count == 1 && sx_document_recover(d, list[0].dir, SX_RECOVER_TAKE, &err);
    if (!done)
        diag("%zu journals, %s", count, err.text);
    sx_journal_list_free(list, count);
    return done;
}

static void
marks_of_a_crash(void)
{
    make_file();
    SxDocument *d = open_session();
    ok(mark(d, "before", 1000, 4) && mark(d, "gone", 10, 1) && sx_document_insert(d, 500, TEXT("12345"), NULL) &&
       mark(d, "behind", 2000, 0) && mark(d, "before2", 600, 3) && sx_document_mark_remove(d, "gone") &&
       sx_document_delete(d, (SxSpan){604, 4}, NULL) && sx_document_undo(d, NULL, NULL), "marks and edits");
    sx_document_free(d, true);
    d = open_session();
    ok(take_up(d), "a crash");
    is(sx_document_mark_count(d), 3, "all marks are there, and none that was removed");
    ok(marked(d, "before", 1005, 4) && marked(d, "behind", 2000, 0) && marked(d, "before2", 600, 3), "where they were");
    ok(sx_document_undo(d, NULL, NULL) && marked(d, "before", 1000, 4) && marked(d, "behind", 1995, 0), "and they move back");
    ok(sx_document_redo(d, NULL, NULL) && mark(d, "later", 7, 7), "another one behind it");
    sx_document_free(d, true);
    d = open_session();
    ok(take_up(d) && marked(d, "later", 7, 7) && marked(d, "before", 1005, 4), "and another crash");
    sx_document_free(d, false);
}

static void
marks_of_an_end(bool edits, bool discards)
{
    make_file();
    SxDocument *d = open_session();
    ok(mark(d, "one", 1000, 4), "a mark%s%s", edits ? ", a step written" : "", discards ? ", one let go" : "");
    if (edits)
        ok(sx_document_insert(d, 500, TEXT("12345"), NULL) && saved(d), "saved");
    uint64_t at = edits ? 1005 : 1000;
    if (discards) {
        ok(sx_document_insert(d, 100, TEXT("abc"), NULL) && marked(d, "one", at + 3, 4), "not saved");
        sx_document_discard(d);
    }
    sx_document_free(d, true);

    d = open_session();
    sx_document_recall_marks(d);
    ok(sx_document_mark_count(d) == 1 && marked(d, "one", at, 4), "it is there in the next session");
    ok(mark(d, "two", 2000, 1) && sx_document_overwrite(d, 3000, TEXT("x"), NULL) && saved(d), "which sets another");
    is(sx_document_step_count(d), 1 + (unsigned)edits + (unsigned)(edits && discards), "and goes on with the history");
    sx_document_free(d, true);

    d = open_session();
    sx_document_recall_marks(d);
    ok(sx_document_mark_count(d) == 2 && marked(d, "one", at, 4) && marked(d, "two", 2000, 1), "both are there");
    ok(sx_document_mark_remove(d, "one") && sx_document_mark_remove(d, "two"), "until they are removed");
    sx_document_free(d, true);
    d = open_session();
    sx_document_recall_marks(d);
    is(sx_document_mark_count(d), 0, "for good");
    sx_document_free(d, true);
}

static void
marks_of_another_file(void)
{
    make_file();
    SxDocument *d = open_session();
    ok(mark(d, "one", 1000, 4), "a mark");
    sx_document_free(d, true);
    int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
    ok(fd >= 0 && write(fd, "more", 4) == 4 && close(fd) == 0, "somebody writes into the file");
    d = open_session();
    sx_document_recall_marks(d);
    is(sx_document_mark_count(d), 0, "and it may be at another byte: it is not shown");
    sx_document_free(d, true);
}

/* --- pipes ------------------------------------------------------------------------------------------------------------------------ */

/* A document of what a process writes into a pipe: the bytes of the file. */
static SxDocument *
open_pipe(uint64_t limit)
{
    SxDocument *d = NULL;
    SxDocumentOptions o = {.state_dir = state, .keep_history = true, .journal_limit = limit};
    char command[160];
    snprintf(command, sizeof command, "cat '%s'", file);
    FILE *f = popen(command, "r");
    if (!f || !sx_document_open_stream(&d, fileno(f), "stdin", &o, NULL, NULL))
        exit(EXIT_FAILURE);
    pclose(f);
    return d;
}

static SxDocument *
pipe_again(SxRecover how)
{
    SxJournalInfo *list;
    size_t count;
    SxError err = {0};
    SxDocument *d = NULL;
    if (!sx_document_new(&d, 0, &(SxDocumentOptions){.state_dir = state}, NULL) ||
        !sx_journal_list(state, NULL, &list, &count, NULL))
        exit(EXIT_FAILURE);
    ok(count == 1 && list[0].state == SX_JOURNAL_UNSAVED && list[0].relation == SX_RELATION_NONE, "its journal waits");
    ok(count == 1 && sx_document_recover(d, list[0].dir, how, &err), "and is recovered %s", err.text);
    sx_journal_list_free(list, count);
    return d;
}

static bool
all_of_file(SxDocument *d)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    bool same = sx_document_slice(d, 0, SX_TO_END, &bytes, &len, NULL) && len == LENGTH;
    for (size_t i = 0; same && i < LENGTH; i++)
        same = bytes[i] == (uint8_t)('a' + i % 23);
    free(bytes);
    return same;
}

static void
pipe_of_a_crash(void)
{
    SxError why = {0};
    make_file();
    SxDocument *d = open_pipe(0);
    ok(sx_document_insert(d, 1000, TEXT("12345"), NULL), "what came by a pipe is changed");
    for (int i = 0; i < 1000 && sx_document_unprotected(d, &why); i++)
        usleep(10000);
    ok(!sx_document_unprotected(d, &why), "and soon protected");
    sx_document_free(d, true);
    for (int i = 0; i < 2; i++) {
        d = pipe_again(SX_RECOVER_TAKE);
        is(sx_document_length(d), LENGTH + 5 + (unsigned)i, "all of it is there");
        ok(has(d, 1000, "12345") &&
           has(d, sx_document_length(d) - 2, (char[]){(char)('a' + (LENGTH - 2) % 23), (char)('a' + (LENGTH - 1) % 23), 0}), "with the change and what was before and behind it");
        ok(sx_document_insert(d, 2000, TEXT("6"), NULL), "one more change, one more crash");
        sx_document_free(d, true);
    }
    d = pipe_again(SX_RECOVER_TAKE);
    ok(sx_document_goto_step(d, 0, NULL) && all_of_file(d), "undone, it is what came by the pipe");
    sx_document_free(d, false);
    ok(!sx_journal_any(state, NULL), "nothing stays of a session without changes");
}

static void
pipe_too_long(void)
{
    SxError why = {0};
    uint8_t byte;
    make_file();
    SxDocument *d = open_pipe(LENGTH - 1);
    ok(sx_document_insert(d, 1000, TEXT("12345"), NULL) && sx_document_unprotected(d, &why), "more than a journal may keep");
    is_text(why.text, "the pipe's 3.0 MiB are not kept, the journal's limit is 3.0 MiB", "is said");
    sx_document_free(d, true);
    d = pipe_again(SX_RECOVER_LOOK);
    ok(has(d, 1000, "12345") && sx_document_length(d) == LENGTH + 5, "what was typed is there");
    ok(!sx_document_get(d, 999, &byte, &why) && why.code == SX_ERR_LOST, "and the rest not zeros, but lost: %s", why.text);
    sx_document_free(d, false);
}

/* --- how much is kept, and how long ---------------------------------------------------------------------------------------------------- */

/* Beyond the cap edits go on in memory, which is said; a crash brings what came before. */
static void
cap(void)
{
    enum { BLOCK = 1000, BLOCKS = 100 };
    uint8_t block[BLOCK];
    unsigned protected = 0;
    SxError why = {0};
    make_file();
    SxDocument *d = document_of(file, &(SxDocumentOptions){.state_dir = state, .keep_history = true, .chunk = 4096,
                                                           .journal_limit = 64 << 10});
    bool right = true;
    for (unsigned i = 0; right && i < BLOCKS; i++) {
        memset(block, (int)('A' + i % 26), BLOCK);
        right = sx_document_insert(d, 0, sx_bytes(block, BLOCK), NULL);
        protected += !sx_document_unprotected(d, &why);
    }
    ok(right && protected > 20 && protected < 70, "%u of %d edits are under the cap", protected, BLOCKS);
    ok(sx_document_unprotected(d, &why), "then it is said: %s", why.text);
    ok(sx_document_length(d) == LENGTH + BLOCK * BLOCKS && sx_document_undo(d, NULL, NULL) && sx_document_redo(d, NULL, NULL),
       "editing and undo go on");
    sx_document_free(d, true);
    d = open_session();
    ok(take_up(d) && sx_document_length(d) == LENGTH + (uint64_t)BLOCK * protected, "a crash brings back what was kept");
    is(sx_document_step_count(d), protected, "step by step");
    sx_document_free(d, false);
}

static size_t
journals(SxJournalState want)
{
    SxJournalInfo *list;
    size_t count = 0;
    size_t found = 0;
    if (!sx_journal_list(state, NULL, &list, &count, NULL))
        return 0;
    for (size_t i = 0; i < count; i++)
        found += list[i].state == want;
    sx_journal_list_free(list, count);
    return found;
}

static void
expiry(void)
{
    SxDocument *d = one_of_two();
    sx_document_discard(d);
    sx_document_free(d, true);
    d = open_session();
    ok(sx_document_overwrite(d, 7, TEXT("x"), NULL) && saved(d), "what was let go, and what was written");
    sx_document_free(d, true);
    sx_journal_expire(state, 1);
    ok(journals(SX_JOURNAL_DISCARDED) == 1 && journals(SX_JOURNAL_HISTORY) == 1, "are kept as long as they are young");
    d = open_session();
    ok(sx_document_overwrite(d, 8, TEXT("y"), NULL), "a session that runs");
    sx_journal_expire(state, INT64_MAX);
    ok(journals(SX_JOURNAL_DISCARDED) == 0 && journals(SX_JOURNAL_LIVE) == 1, "is not old, the others are gone");
    sx_document_free(d, true);
    sx_journal_expire(state, INT64_MAX);
    ok(journals(SX_JOURNAL_UNSAVED) == 1, "and what is unsaved never expires");
}

/* --- typing before a long tail in WRITE -------------------------------------------------------------------------------------------- */

static uint64_t
file_size(void)
{
    struct stat st;
    return stat(file, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static bool
in_file(uint64_t at, const char *text)
{
    char got[32] = "";
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool same = fd >= 0 && pread(fd, got, strlen(text), (off_t)at) == (ssize_t)strlen(text) && strcmp(got, text) == 0;
    if (fd >= 0)
        close(fd);
    return same;
}

static SxDocument *
open_through(void)
{
    make_file();
    return document_of(file, &(SxDocumentOptions){.state_dir = state, .keep_history = true, .access = SX_ACCESS_WRITE});
}

static bool
type_five(SxDocument *d)
{
    bool done = true;
    sx_document_typing(d, true);
    for (uint64_t i = 0; done && i < 5; i++)
        done = sx_document_insert(d, 1000 + i, sx_bytes(&"12345"[i], 1), NULL);
    return done && has(d, 1000, "12345") && sx_document_gathering(d);
}

static void
gathered(void)
{
    SxError err = {0};
    SxDocument *d = open_through();
    ok(type_five(d) && file_size() == LENGTH, "what is typed before a long tail waits");
    is(sx_document_changes(d).hunks, 1, "as a change that is pending");
    is(sx_document_step_count(d), 1, "of one step");
    ok(sx_document_overwrite(d, 1002, TEXT("x"), NULL) && sx_document_gathering(d), "so does what is typed over it");
    ok(sx_document_flush(d, SX_SPAN_ALL, &err) && file_size() == LENGTH + 5 && in_file(1000, "12x45"), "flush writes it %s", err.text);
    ok(!sx_document_modified(d) && !sx_document_gathering(d) && sx_document_check(d, NULL), "and nothing waits");
    is(sx_document_changes(d).written, 1, "one place was written");
    ok(sx_document_insert(d, 1005, TEXT("6"), NULL) && sx_document_gathering(d), "typing goes on");
    sx_document_typing(d, false);
    ok(sx_document_overwrite(d, 0, TEXT("Z"), NULL) && in_file(0, "Z") && in_file(1000, "12x456"), "until another edit writes both");
    ok(sx_document_undo(d, NULL, NULL) && sx_document_goto_step(d, 0, NULL) && file_size() == LENGTH && in_file(0, "abc") &&
       !sx_document_modified(d), "undo puts everything back into the file");
    is(sx_document_changes(d).written, 0, "so that nothing is written");
    ok(type_five(d) && sx_document_undo(d, NULL, NULL) && file_size() == LENGTH, "what waits can be taken back");
    ok(type_five(d) && sx_document_set_access(d, SX_ACCESS_COPY, SX_PENDING_REFUSE, NULL) && in_file(1000, "12345"),
       "and is in the file when COPY begins");
    sx_document_free(d, true);

    d = open_through();
    ok(type_five(d), "what waits");
    sx_document_free(d, true);
    ok(in_file(1000, "12345") && file_size() == LENGTH + 5, "is in the file when the session ends");

    d = document_of(file, &(SxDocumentOptions){.state_dir = state, .access = SX_ACCESS_WRITE, .tail_limit = 1 << 20});
    sx_document_typing(d, true);
    ok(!sx_document_insert(d, 1000, TEXT("no"), &err) && err.code == SX_ERR_LENGTH, "beyond the limit it is refused at once");
    ok(sx_document_insert(d, sx_document_length(d) - (1 << 19), TEXT("yes"), &err) && sx_document_gathering(d) &&
       sx_document_flush(d, SX_SPAN_ALL, &err) && file_size() == LENGTH + 8, "and not below it");
    sx_document_free(d, false);
}

/* Killed while something waits, and behind that. */
static void
gathered_and_killed(bool flushed)
{
    int status = -1;
    make_file();
    pid_t child = fork();
    if (child == 0) {
        SxDocument *d = open_through();
        bool done = type_five(d) && (!flushed || (sx_document_flush(d, SX_SPAN_ALL, NULL) &&
                                                  sx_document_insert(d, 1005, TEXT("6"), NULL)));
        _exit(done ? 0 : 1);
    }
    ok(child > 0 && waitpid(child, &status, 0) == child && status == 0, "killed while typing waits%s", flushed ? " again" : "");
    is(file_size(), LENGTH + (flushed ? 5 : 0), "the file has what was flushed");
    SxDocument *d = document_of(file, &(SxDocumentOptions){.state_dir = state, .keep_history = true});
    ok(take_up(d) && sx_document_modified(d) && has(d, 1000, flushed ? "123456" : "12345"), "the rest is recovered, pending");
    is(sx_document_step_count(d), 1, "as one step");
    ok(sx_document_undo(d, NULL, NULL) && sx_document_length(d) == LENGTH && has(d, 1000, "lmno"), "which is taken back whole");
    ok(sx_document_redo(d, NULL, NULL) && saved(d) && in_file(1000, "12345"), "done again and saved");
    sx_document_free(d, false);
}

int
main(void)
{
    snprintf(top, sizeof top, "%s/sextant-sessions-XXXXXX", model_folder());
    if (!mkdtemp(top))
        return EXIT_FAILURE;
    snprintf(file, sizeof file, "%s/file", top);
    snprintf(state, sizeof state, "%s/state", top);
    found_again("a long overwrite", overwrite, UNSEEN);
    found_again("a fill", fill, UNSEEN);
    found_again("a replacement of many places", replace_all, UNSEEN);
    let_go();
    ignored();
    let_go_again();
    marks_of_a_crash();
    marks_of_an_end(false, false);
    marks_of_an_end(true, false);
    marks_of_an_end(true, true);
    marks_of_an_end(false, true);
    marks_of_another_file();
    cap();
    expiry();
    gathered();
    gathered_and_killed(false);
    gathered_and_killed(true);
    pipe_of_a_crash();
    pipe_too_long();
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", top);
    return system(command) == 0 ? done_testing() : EXIT_FAILURE;
}
