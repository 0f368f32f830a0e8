/*
 * test_replay.c - at any moment of a random session the journal and the file, and nothing else, give the document, the
 * step that is current and every step of the history: what a kill at that moment would leave.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "document/model.h"
#include "document/replay.h"

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
    return !find_journal(copy, dir) || agrees(m, dir, what);
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
    static const SxDocumentOptions tiny = {.fanout = 4, .chunk = 64};
    static const SxDocumentOptions small = {.fanout = 5, .chunk = 4096};
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 100;
    uint64_t seed = tap_seed();
    char path[200];
    snprintf(top, sizeof top, "%s/sextant-replay-XXXXXX", model_folder());
    if (!mkdtemp(top))
        return EXIT_FAILURE;
    snprintf(path, sizeof path, "%s/file", top);
    for (int i = 0; i < 5; i++) {
        uint64_t one = tap_random(&seed);
        ok(run(one, NULL, 300, small, rounds), "a new document of 300 bytes, seed %" PRIu64, one);
        ok(run(one, path, 1, tiny, rounds), "a file of one byte, seed %" PRIu64, one);
        ok(run(one, path, 700, tiny, rounds), "a file of 700 bytes, seed %" PRIu64, one);
    }
    shell("rm -rf '%s'", top);
    return done_testing();
}
