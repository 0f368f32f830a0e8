/*
 * test_replay.c - at any moment of a random session the journal and the file, and nothing else, give the document, the
 * step that is current and every step of the history: what a kill at that moment would leave. Replayed on plain arrays,
 * and recovered into a document; twice, since that goes on in the same journal.
 */
#include <fcntl.h>
#include <string.h>

#include <sextant/recovery.h>

#include "document/model.h"
#include "document/replay.h"
#include "document/state_dir.h"

static char top[128];

static bool
same(const ReplayState *got, const State *want)
{
    return got->bytes && got->len == want->len && (want->len == 0 || memcmp(got->bytes, want->bytes, want->len) == 0);
}

static bool
steps_right(const Replay *r, const Model *m)
{
    for (size_t i = 0; i <= sx_document_step_count(m->d); i++) {
        if (i >= r->n_steps || !same(&r->steps[i], &m->steps[i])) {
            diag("step %zu of %llu differs", i, (unsigned long long)sx_document_step_count(m->d));
            return false;
        }
    }
    return true;
}

static bool
agrees(const Model *m, const char *dir, const char *what)
{
    Replay r;
    char why[200] = "";
    bool right = replay(&r, dir, m->path, why);
    if (right && (!same(&r.now, &m->now) || r.current != sx_document_step_current(m->d))) {
        snprintf(why, sizeof why, "the document differs, step %llu of %llu", (unsigned long long)r.current,
                 (unsigned long long)sx_document_step_current(m->d));
        right = false;
        size_t i = 0;
        while (i < r.now.len && i < m->now.len && r.now.bytes[i] == m->now.bytes[i])
            i++;
        diag("%zu bytes for %zu, the first to differ is %zu", r.now.len, m->now.len, i);
    }
    right = right && steps_right(&r, m);
    if (!right)
        diag("after %s, %llu records: %s", what, (unsigned long long)r.records, why);
    replay_clear(&r);
    return right;
}

/* --- recovered ------------------------------------------------------------------------------------------------------ */

static bool
shows(SxDocument *d, const State *want, const char *what, uint64_t number)
{
    uint8_t *bytes = malloc(want->len + 1);
    SxError err = {0};
    bool right = sx_document_check(d, &err) && sx_document_length(d) == want->len;
    SxSnapshot *s = sx_document_snapshot(d);
    if (right)
        right = sx_source_read(sx_snapshot_source(s), (SxSpan){0, want->len}, bytes, &err) &&
                memcmp(bytes, want->bytes, want->len) == 0;
    if (!right)
        diag("%s %" PRIu64 " is not there: %" PRIu64 " bytes for %zu; %s", what, number, sx_document_length(d), want->len,
             err.text);
    sx_snapshot_release(s);
    free(bytes);
    return right;
}

static bool
walks(SxDocument *d, const Model *m)
{
    SxError err = {0};
    for (uint64_t i = 0; i <= sx_document_step_count(m->d); i++) {
        if (!sx_document_goto_step(d, i, &err)) {
            diag("no way to step %" PRIu64 ": %s", i, err.text);
            return false;
        }
        if (!shows(d, &m->steps[i], "step", i))
            return false;
    }
    return sx_document_goto_step(d, sx_document_step_current(m->d), &err) && shows(d, &m->now, "back again", 0);
}

static bool
same_history(const SxDocument *d, const Model *m)
{
    uint64_t count = sx_document_step_count(m->d);
    SxStep was, is;
    bool right = sx_document_step_count(d) == count && sx_document_step_current(d) == sx_document_step_current(m->d);
    if (!right)
        diag("%" PRIu64 " steps for %" PRIu64 ", at %" PRIu64 " for %" PRIu64, sx_document_step_count(d), count,
             sx_document_step_current(d), sx_document_step_current(m->d));
    for (uint64_t i = 1; right && i <= count; i++) {
        right = sx_document_step(m->d, i, &was) && sx_document_step(d, i, &is) && was.parent == is.parent &&
                was.time == is.time;
        if (!right)
            diag("step %" PRIu64 " comes behind %" PRIu64 ", not %" PRIu64, i, is.parent, was.parent);
    }
    return right;
}

/* What the file has already is no change, even where the session had not noticed. */
static bool
pending_right(SxDocument *d, const Model *m)
{
    uint8_t bytes[2 * MODEL_MOST] = {0};
    if (sx_document_changes(d).hunks > 0)
        return sx_document_modified(m->d);
    size_t size = m->path ? 0 : m->steps[0].len;
    int fd = m->path ? open(m->path, O_RDONLY) : -1;
    if (fd >= 0) {
        ssize_t n = pread(fd, bytes, sizeof bytes, 0);
        size = n > 0 ? (size_t)n : 0;
        close(fd);
    }
    return size == m->now.len && memcmp(bytes, m->now.bytes, size) == 0;
}

/* Marks are where they were, all of them and no others: but not behind a walk through all steps, see marks_right. */
static bool
same_marks(const SxDocument *d, const SxDocument *was)
{
    SxMark a, b;
    bool same = sx_document_mark_count(d) == sx_document_mark_count(was);
    for (size_t i = 0; same && sx_document_mark_at(was, i, &a); i++) {
        same = sx_document_mark_find(d, a.name, &b) && a.span.at == b.span.at && a.span.len == b.span.len;
        if (!same)
            diag("mark %s was at 0x%" PRIx64 " +%" PRIu64, a.name, a.span.at, a.span.len);
    }
    return same;
}

static bool
recovers(const Model *m, const char *dir, SxRecover how, bool walked)
{
    SxDocument *d;
    SxError err = {0};
    SxDocumentOptions o = m->options;
    o.state_dir = NULL;
    o.keep_history = true;
    bool opened = m->path ? sx_document_open(&d, m->path, &o, &err) : sx_document_new(&d, 0, &o, &err);
    bool right = opened && sx_document_recover(d, dir, how, &err);
    if (!right)
        diag("not recovered: %s", err.text);
    right = right && shows(d, &m->now, "what was there", 0) && same_history(d, m) && (walked || same_marks(d, m->d));
    if (right && !pending_right(d, m)) {
        diag("%s changes", sx_document_modified(d) ? "has" : "has no");
        right = false;
    }
    right = right && (how == SX_RECOVER_LOOK || walks(d, m));
    if (opened)
        sx_document_free(d, true);
    return right;
}

/* Look at a copy: the owner goes on. */
static bool
crash_here(const Model *m, const char *state, const char *what)
{
    char copy[256];
    char dir[512];
    snprintf(copy, sizeof copy, "%s/copy", top);
    if (access(state, F_OK) != 0)
        return true; /* no edit yet */
    if (!shell("rm -rf '%s' && cp -a '%s' '%s'", copy, state, copy))
        return false;
    if (!find_journal(copy, dir))
        return true;
    bool right = agrees(m, dir, what) && recovers(m, dir, SX_RECOVER_LOOK, false) &&
                 recovers(m, dir, SX_RECOVER_TAKE, false);
    /* of a document without a file and without changes nothing stays */
    if (right && find_journal(copy, dir))
        right = recovers(m, dir, SX_RECOVER_TAKE, true);
    if (!right)
        diag("after %s", what);
    return right;
}

static bool
run(uint64_t seed, const char *path, size_t length, SxDocumentOptions o, size_t rounds)
{
    Model *m = malloc(sizeof *m);
    char state[256];
    snprintf(state, sizeof state, "%s/state", top);
    o.state_dir = state;
    bool right = shell("rm -rf '%s'", state);
    model_open(m, path, length, &o, seed);
    for (size_t i = 0; right && i < rounds; i++) {
        const char *what = model_step(m);
        SxError why;
        if (sx_document_unprotected(m->d, &why)) {
            diag("unprotected: %s", why.text);
            break;
        }
        if (getenv("EACH") || i % 20 == 19 || i + 1 == rounds)
            right = crash_here(m, state, what);
    }
    model_close(m);
    free(m);
    return right;
}

int
main(int argc, char **argv)
{
    static const SxDocumentOptions tiny = {.fanout = 4, .chunk = 64, .history = 1};
    static const SxDocumentOptions small = {.fanout = 5, .chunk = 4096};
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 100;
    uint64_t seed = tap_seed();
    char path[200];
    snprintf(top, sizeof top, "%s/sextant-replay-XXXXXX", model_folder());
    if (!mkdtemp(top))
        return EXIT_FAILURE;
    snprintf(path, sizeof path, "%s/file", top);
    /* saved empty, then written through: the file that is not mapped has an identity */
    ok(run(4385061396442512416U, path, 1, tiny, 100), "a file that was saved empty");
    /* in these an edit that WRITE refuses was a step for the journal */
    ok(run(8080947360842071423u, path, 1, tiny, 100), "refused edits are no steps");
    ok(run(12975774956290328480u, path, 1, tiny, 100), "and undo goes on from the step before");
    /* marks on what WRITE refuses to delete stay where they are */
    ok(run(5723417432702433024u, path, 1, tiny, 100), "refused edits within a step move no marks");
    /* empty when its journal began, then written through: it has an inode all the same */
    ok(run(5294072826436540672u, path, 1, tiny, 100), "an empty file is a file");
    for (int i = 0; i < 5; i++) {
        uint64_t one = tap_random(&seed);
        ok(run(one, NULL, 300, small, rounds), "a new document of 300 bytes, seed %" PRIu64, one);
        ok(run(one, path, 1, tiny, rounds), "a file of one byte, seed %" PRIu64, one);
        ok(run(one, path, 700, tiny, rounds), "a file of 700 bytes, seed %" PRIu64, one);
    }
    shell("rm -rf '%s'", top);
    return done_testing();
}
