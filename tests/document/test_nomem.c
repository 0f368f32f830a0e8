/*
 * test_nomem.c - the n-th allocation fails, for every n, in every call: the document is unchanged, and the same call works
 * when there is memory again.
 */
#include <sextant/document.h>

#include <fcntl.h>
#include <unistd.h>

#include "support/tap.h"

/* --- allocations that fail -------------------------------------------------------------------------------------------------- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t each);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t each);
void *__wrap_realloc(void *p, size_t n);

static unsigned long countdown; /* 0: never; 1: the next fails */
static bool failed;

static bool
fails(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    failed = true;
    return true;
}

void *
__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t each)
{
    return fails() ? NULL : __real_calloc(n, each);
}

void *
__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

/* --- a document with a past ---------------------------------------------------------------------------------------------------- */

enum { SIZE = 400, STEPS = 70 };

static const SxDocumentOptions tiny = {.fanout = 4, .chunk = 4096, .history = 1};

static void
make_file(const char *path)
{
    uint8_t bytes[SIZE];
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, SIZE) != SIZE)
        printf("Bail out! cannot make %s\n", path);
    close(fd);
}

static SxDocument *
make_with(const char *path, const SxDocumentOptions *o)
{
    SxDocument *d = NULL;
    SxError err;
    make_file(path);
    if (!sx_document_open(&d, path, o, &err)) {
        printf("Bail out! %s\n", err.text);
        exit(1);
    }
    for (uint64_t i = 0; i < STEPS; i++) /* more than a page of them, so that the first are put away */
        (void)!sx_document_insert(d, i % 20 * 19, sx_bytes("abc", 3), NULL);
    (void)!sx_document_mark_set(d, &(SxMark){"m", {40, 10}, "red", ""}, NULL);
    (void)!sx_document_undo(d, NULL, NULL);
    (void)!sx_document_undo(d, NULL, NULL);
    return d;
}

static SxDocument *
make(const char *path)
{
    return make_with(path, &tiny);
}

/* --- what is tried --------------------------------------------------------------------------------------------------------------- */

static bool
try_insert(SxDocument *d, SxError *err)
{
    return sx_document_insert(d, 33, sx_bytes("hello", 5), err);
}

static bool
try_delete(SxDocument *d, SxError *err)
{
    return sx_document_delete(d, (SxSpan){3, 150}, err);
}

static bool
try_fill(SxDocument *d, SxError *err)
{
    return sx_document_fill(d, (SxSpan){5, 100}, sx_bytes("xy", 2), err);
}

static bool
try_move(SxDocument *d, SxError *err)
{
    return sx_document_move(d, 5, 100, 200, err);
}

static bool
try_resize(SxDocument *d, SxError *err)
{
    return sx_document_resize(d, 1000, err);
}

static bool
try_undo(SxDocument *d, SxError *err)
{
    return sx_document_undo(d, NULL, err);
}

static bool
try_redo(SxDocument *d, SxError *err)
{
    return sx_document_redo(d, NULL, err);
}

static bool
try_goto(SxDocument *d, SxError *err)
{
    return sx_document_goto_step(d, 2, err);
}

static bool
try_revert(SxDocument *d, SxError *err)
{
    return sx_document_revert(d, NULL, err);
}

static bool
try_bulk_of(SxDocument *d, uint64_t step, SxError *err)
{
    SxBulk *b;
    if (!sx_document_bulk_begin(d, &b, err))
        return false;
    for (uint64_t at = 0; at + 1 < sx_document_length(d); at += step) {
        if (!sx_bulk_replace(b, (SxSpan){at, 1}, sx_bytes("#", at % 3), err)) {
            sx_bulk_cancel(b);
            return false;
        }
    }
    return sx_bulk_commit(b, err);
}

static bool
try_few(SxDocument *d, SxError *err)
{
    return try_bulk_of(d, 40, err);
}

static bool
try_bulk(SxDocument *d, SxError *err)
{
    return try_bulk_of(d, 1, err);
}

static void
many_places(SxDocument *d)
{
    SxError err;
    (void)!try_bulk(d, &err);
}

static bool
try_group(SxDocument *d, SxError *err)
{
    if (!sx_document_begin(d, err))
        return false;
    if (!sx_document_insert(d, 0, sx_bytes("1", 1), err) || !sx_document_delete(d, (SxSpan){200, 9}, err)) {
        sx_document_cancel(d);
        return false;
    }
    sx_document_end(d);
    return true;
}

static bool
try_typing(SxDocument *d, SxError *err)
{
    sx_document_typing(d, true);
    bool done = sx_document_overwrite(d, 9, sx_bytes("1", 1), err);
    sx_document_typing(d, false);
    return done;
}

static bool
try_mark(SxDocument *d, SxError *err)
{
    return sx_document_mark_set(d, &(SxMark){"n", {1, 2}, "", "note"}, err);
}

static bool
try_slice(SxDocument *d, SxError *err)
{
    uint8_t *bytes;
    size_t len;
    if (!sx_document_slice(d, 10, 300, &bytes, &len, err))
        return false;
    free(bytes);
    return true;
}

static bool
try_find(SxDocument *d, SxError *err)
{
    uint64_t at;
    return sx_document_find(d, sx_bytes("abcabc", 6), 0, SX_TO_END, NULL, &at, err) != SX_FAILED;
}

static bool
try_snapshot(SxDocument *d, SxError *err)
{
    SxSnapshot *s = sx_document_snapshot(d);
    sx_snapshot_release(s);
    return s || sx_fail(err, SX_ERR_NOMEM, "no snapshot");
}

static bool
try_write(SxDocument *d, SxError *err)
{
    return sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_WRITE, err);
}

static bool
try_discard(SxDocument *d, SxError *err)
{
    return sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_DISCARD, err);
}

static bool
try_insert_self(SxDocument *d, SxError *err)
{
    return sx_document_insert_file(d, 7, sx_document_path(d), SX_SPAN_ALL, err);
}

/* Nothing pending but bytes in the place of bytes. */
static void
only_overwritten(SxDocument *d)
{
    (void)!sx_document_goto_step(d, 0, NULL);
    (void)!sx_document_overwrite(d, 33, sx_bytes("hello", 5), NULL);
}

/* Two places, of which somebody else has changed one. */
static void
met_by_others(SxDocument *d)
{
    only_overwritten(d);
    (void)!sx_document_overwrite(d, 200, sx_bytes("world", 5), NULL);
    int fd = open(sx_document_path(d), O_WRONLY | O_CLOEXEC);
    (void)!(pwrite(fd, "theirs", 6, 30) == 6 && ftruncate(fd, SIZE - 50) == 0);
    close(fd);
}

/* What is in conflict is taken back, whatever fails on the way: ours never stands over theirs. */
static bool
try_rebase(SxDocument *d, SxError *err)
{
    SxDifferences *x = NULL;
    uint8_t now[6] = {0};
    size_t got;
    if (!sx_document_rebase(d, &x, NULL, err))
        return false;
    sx_differences_free(x);
    return sx_document_peek(d, 30, now, 6, &got, err) &&
           (memcmp(now, "theirs", 6) == 0 || sx_fail(err, SX_ERR_CONFLICT, "ours stands over theirs"));
}

static bool
try_differences(SxDocument *d, SxError *err)
{
    SxDifferences *x;
    if (!sx_document_differences(d, &x, NULL, err))
        return false;
    for (size_t i = 0; i < sx_differences_count(x, NULL); i++) {
        sx_source_release(sx_differences_base(x, i));
        sx_source_release(sx_differences_theirs(x, i));
        sx_source_release(sx_differences_ours(x, i));
    }
    sx_differences_free(x);
    return true;
}

static void
two_places(SxDocument *d)
{
    only_overwritten(d);
    (void)!sx_document_overwrite(d, 200, sx_bytes("world", 5), NULL);
}

/* The second is written, the first is pending still: both when it is done and when it is not. */
static bool
try_save_some(SxDocument *d, SxError *err)
{
    SxHunk h;
    SxSnapshot *s = sx_document_snapshot(d);
    if (!s)
        return sx_fail(err, SX_ERR_NOMEM, "no snapshot");
    bool found = sx_snapshot_hunk_next(s, 200, &h);
    sx_snapshot_release(s);
    /* at the second time it may be in the file already */
    bool done = !found || sx_document_save_some(d, &h, 1, 0, NULL, NULL, err);
    s = sx_document_snapshot(d);
    bool pending = s && sx_snapshot_hunk_next(s, 0, &h) && h.at == 33;
    sx_snapshot_release(s);
    return !s || pending ? done : sx_fail(err, SX_ERR_LOST, "the other change is gone");
}

typedef struct Trial {
    const char *name;
    bool (*call)(SxDocument *d, SxError *err);
    bool content; /* whether failure and success are told by the bytes */
    void (*prepare)(SxDocument *d);
} Trial;

static const Trial trials[] = {
    {"insert", try_insert, true, NULL},
    {"delete", try_delete, true, NULL},
    {"fill", try_fill, true, NULL},
    {"move", try_move, true, NULL},
    {"resize", try_resize, true, NULL},
    {"undo", try_undo, true, NULL},
    {"redo", try_redo, true, NULL},
    {"goto", try_goto, true, NULL},
    {"revert", try_revert, true, NULL},
    {"few places", try_few, true, NULL},
    {"group", try_group, true, NULL},
    {"typing", try_typing, true, NULL},
    {"mark", try_mark, false, NULL},
    {"slice", try_slice, false, NULL},
    {"find", try_find, false, NULL},
    {"snapshot", try_snapshot, false, NULL},
    {"insert file", try_insert_self, true, NULL},
};

/* --- trying ------------------------------------------------------------------------------------------------------------------------- */

static uint64_t
digest(SxDocument *d)
{
    uint8_t *bytes;
    size_t len;
    uint64_t sum = sx_document_length(d) * 31 + sx_document_step_current(d);
    if (!sx_document_slice(d, 0, SX_TO_END, &bytes, &len, NULL))
        return 0;
    for (size_t i = 0; i < len; i++)
        sum = sum * 1099511628211u + bytes[i];
    free(bytes);
    return sum;
}

static uint64_t
file_digest(const char *path)
{
    uint8_t bytes[8192];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, bytes, sizeof bytes);
    uint64_t sum = (uint64_t)n;
    for (ssize_t i = 0; i < n; i++)
        sum = sum * 1099511628211u + bytes[i];
    close(fd);
    return sum;
}

/* For every n: the n-th allocation of `call` fails, then it is called again. `prepare` is not disturbed. */
static void
sweep(const Trial *t, const char *path, bool write)
{
    unsigned long n = 1;
    bool right = true;
    unsigned long refused = 0;
    for (; right; n++) {
        SxError err = {0};
        SxDocument *d = make(path);
        if (write && !sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_WRITE, &err))
            right = ok(false, "WRITE: %s", err.text);
        if (t->prepare)
            t->prepare(d);
        uint64_t before = digest(d);
        uint64_t file = file_digest(path);
        failed = false;
        countdown = n;
        bool done = t->call(d, &err);
        countdown = 0;
        right = sx_document_check(d, done ? &err : NULL) && (done || err.code == SX_ERR_NOMEM);
        if (right && t->content && !done)
            right = digest(d) == before && (!write || file_digest(path) == file);
        if (right && !done)
            right = ++refused && t->call(d, &err) && sx_document_check(d, &err);
        if (right && t->content)
            right = digest(d) != before;
        if (!right)
            diag("allocation %lu: %s, %s", n, done ? "done" : "refused", err.text);
        bool last = !failed;
        sx_document_free(d, false);
        if (last)
            break;
    }
    ok(right, "%s%s: %lu allocations failed in turn, refused %lu times", write ? "WRITE, " : "", t->name, n - 1, refused);
}

/* --- saving ------------------------------------------------------------------------------------------------------------------- */

typedef struct SaveTrial {
    const char *name;
    bool longer; /* else of the same length */
    bool linked; /* the file has another name */
    bool as;     /* under another name */
    unsigned flags;
    const char *state; /* of a journal; NULL: none */
} SaveTrial;

static char state[40] = "/dev/shm/sextant-nomem-XXXXXX";

static const SaveTrial save_trials[] = {
    {"save in place", false, false, false, 0, NULL},
    {"save by copy", true, false, false, 0, NULL},
    {"save over", true, true, false, 0, NULL},
    {"save as", true, false, true, 0, NULL},
    {"save in place, with a backup", false, false, false, SX_SAVE_BACKUP, NULL},
    {"save by copy, with a backup", true, false, false, SX_SAVE_BACKUP, NULL},
    {"save over, with a backup", true, true, false, SX_SAVE_BACKUP, NULL},
    {"save in place, with a journal", false, false, false, 0, state},
    {"save by copy, with a journal", true, false, false, SX_SAVE_BACKUP, state},
    {"save over, with a journal", true, true, false, 0, state},
};

static SxDocument *
make_pending(const SaveTrial *t, const char *path, const char *other)
{
    SxDocumentOptions o = tiny;
    o.state_dir = t->state;
    SxDocument *d = make_with(path, &o);
    unlink(other);
    (void)!sx_document_goto_step(d, 0, NULL);
    (void)!sx_document_overwrite(d, 33, sx_bytes("hello", 5), NULL);
    (void)!sx_document_overwrite(d, 300, sx_bytes("hello", 5), NULL);
    if (t->longer)
        (void)!sx_document_insert(d, 10, sx_bytes("longer", 6), NULL);
    if (t->linked && link(path, other) != 0)
        diag("cannot link %s", other);
    return d;
}

static bool
save_once(const SaveTrial *t, SxDocument *d, const char *other, SxError *err)
{
    unsigned flags = SX_SAVE_MAY_COPY_OVER | t->flags;
    return t->as ? sx_document_save_as(d, other, flags, NULL, NULL, err) : sx_document_save(d, flags, NULL, NULL, err);
}

/* The file is the old one or the new one, the document stays what it was, and saving it later works. */
static bool
survives(const SaveTrial *t, unsigned long n, const char *path, const char *other, bool *refused)
{
    SxError err = {0};
    SxDocument *d = make_pending(t, path, other);
    uint64_t want = digest(d);
    uint64_t old = file_digest(path);
    const char *target = t->as ? other : path;
    failed = false;
    countdown = n;
    bool done = save_once(t, d, other, &err);
    countdown = 0;
    bool was_new = access(target, F_OK) != 0 || (file_digest(target) != old && !done);
    bool right = (done || err.code == SX_ERR_NOMEM) && digest(d) == want && sx_document_check(d, &err);
    if (!done && t->as)
        unlink(other);
    SxError again = {0};
    if (right && !done)
        right = save_once(t, d, other, &again);
    SxDocument *there = NULL;
    right = right && !sx_document_modified(d) && sx_document_open(&there, target, NULL, &again) &&
            sx_document_length(there) == sx_document_length(d) && sx_document_undo(d, NULL, &again);
    if (!right)
        diag("%s, allocation %lu: %s %s, then %s%s", t->name, n, done ? "done" : "refused", err.text, again.text,
             was_new ? " (the file was written)" : "");
    *refused = !done;
    sx_document_free(there, false);
    sx_document_free(d, false);
    return right;
}

static void
sweep_save(const SaveTrial *t, const char *path)
{
    char other[300];
    unsigned long n = 1;
    unsigned long refusals = 0;
    bool right = true;
    snprintf(other, sizeof other, "%s-other", path);
    for (bool last = false; right && !last; n++) {
        bool refused;
        right = survives(t, n, path, other, &refused);
        last = !failed;
        refusals += refused;
    }
    unlink(other);
    snprintf(other, sizeof other, "%s~", path);
    ok((access(other, F_OK) == 0) == (t->flags == SX_SAVE_BACKUP), "%s: a backup only where one was asked for", t->name);
    unlink(other);
    ok(right, "%s: %lu allocations failed in turn, refused %lu times", t->name, n - 1, refusals);
}

/* A range goes out whole or not at all; the document does not change. */
static void
sweep_range(const char *path)
{
    char other[300];
    unsigned long n = 1, refusals = 0;
    bool right = true;
    snprintf(other, sizeof other, "%s-other", path);
    for (bool last = false; right && !last; n++) {
        SxError err = {0};
        SxDocument *d = make(path);
        uint64_t want = digest(d), old = file_digest(path);
        failed = false;
        countdown = n;
        bool done = sx_document_write_range(d, (SxSpan){20, 300}, other, NULL, NULL, &err);
        countdown = 0;
        last = !failed;
        refusals += !done;
        struct stat st;
        bool there = stat(other, &st) == 0;
        right = (done ? there && st.st_size == 300 : err.code == SX_ERR_NOMEM && !there) && digest(d) == want &&
                file_digest(path) == old && sx_document_check(d, &err);
        if (!right)
            diag("allocation %lu: %s, %s", n, done ? "done" : "refused", err.text);
        unlink(other);
        sx_document_free(d, false);
    }
    ok(right, "write a range: %lu allocations failed in turn, refused %lu times", n - 1, refusals);
}

static void
sweep_open(const char *path)
{
    unsigned long n = 1;
    bool right = true;
    for (bool last = false; right && !last; n++) {
        SxDocument *d = NULL;
        SxError err = {0};
        failed = false;
        countdown = n;
        bool done = sx_document_open(&d, path, &tiny, &err);
        countdown = 0;
        last = !failed;
        right = done || (!last && err.code == SX_ERR_NOMEM && !d);
        if (done)
            sx_document_free(d, false);
    }
    ok(right, "open: %lu allocations failed in turn", n - 1);
}

int
main(void)
{
    char path[40] = "/dev/shm/sextant-nomem-XXXXXX"; /* where nothing waits for a disk */
    int fd = mkstemp(path);
    if (fd < 0) {
        snprintf(path, sizeof path, "/tmp/sextant-nomem-XXXXXX");
        snprintf(state, sizeof state, "/tmp/sextant-nomem-XXXXXX");
        fd = mkstemp(path);
    }
    close(fd);
    make_file(path);
    if (!mkdtemp(state))
        printf("Bail out! no folder\n");
    sweep_open(path);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        sweep(&trials[i], path, false);
    sweep(&(Trial){"many places", try_bulk, true, NULL}, path, false);
    sweep(&(Trial){"undo of many places", try_undo, true, many_places}, path, false);
    sweep(&(Trial){"rebase", try_rebase, false, met_by_others}, path, false);
    sweep(&(Trial){"differences", try_differences, false, met_by_others}, path, false);
    sweep(&(Trial){"save some", try_save_some, false, two_places}, path, false);
    sweep(&(Trial){"to WRITE, written", try_write, false, only_overwritten}, path, false);
    sweep(&(Trial){"to WRITE, discarded", try_discard, false, NULL}, path, false);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        if (trials[i].call != try_revert)
            sweep(&trials[i], path, true);
    for (size_t i = 0; i < sizeof save_trials / sizeof *save_trials; i++)
        sweep_save(&save_trials[i], path);
    sweep_range(path);
    unlink(path);
    rmdir(state); /* with nothing in it: what was saved leaves no journal */
    return done_testing();
}
