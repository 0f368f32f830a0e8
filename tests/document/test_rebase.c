/*
 * test_rebase.c - others change the file under pending changes, at random: what is kept, what is a conflict, and what the
 * document then shows, beside arrays. And the ways a file can change, one by one.
 */
#include "document/save_kit.h"

enum { EDITS = 8, SIZE = 600 };

typedef struct Edit {
    size_t at, removed, inserted; /* of the file as it was */
    uint8_t bytes[40];
} Edit;

typedef struct Case {
    uint8_t was[SIZE + 1], is[2 * SIZE]; /* the file before and now */
    size_t was_len, is_len;
    Edit edits[EDITS];
    size_t count;
    bool kept[EDITS];
    bool replaced;
} Case;

/* Disjoint edits, with clean bytes between them. */
static void
make_edits(Case *c, uint64_t *seed)
{
    size_t at = tap_random(seed) % 60;
    for (c->count = 0; c->count < EDITS && at < c->was_len; c->count++) {
        Edit *e = &c->edits[c->count];
        size_t room = c->was_len - at;
        *e = (Edit){.at = at, .removed = tap_random(seed) % 3 ? tap_random(seed) % (room < 20 ? room + 1 : 20) : 0};
        e->inserted = e->removed == 0 || tap_random(seed) % 4 ? 1 + tap_random(seed) % 30 : 0;
        for (size_t i = 0; i < e->inserted; i++)
            e->bytes[i] = (uint8_t)(0x80 | tap_random(seed));
        at += e->removed + 1 + tap_random(seed) % 80;
    }
}

/* From the last to the first, so that offsets are those of the file. */
static bool
apply_edits(SxDocument *d, const Case *c)
{
    for (size_t i = c->count; i-- > 0;) {
        const Edit *e = &c->edits[i];
        if (!sx_document_replace(d, (SxSpan){e->at, e->removed}, sx_bytes(e->bytes, e->inserted), NULL))
            return false;
    }
    return true;
}

/* What somebody else makes of the file: a few bytes, another length, or another file altogether. */
static void
change_file(Case *c, uint64_t *seed)
{
    size_t writes = tap_random(seed) % 6;
    memcpy(c->is, c->was, c->was_len);
    c->is_len = c->was_len;
    if (tap_random(seed) % 3 == 0)
        c->is_len = 1 + tap_random(seed) % (c->was_len + 100);
    for (size_t i = c->was_len; i < c->is_len; i++)
        c->is[i] = (uint8_t)(i & 0x7f);
    for (size_t i = 0; i < writes; i++)
        c->is[tap_random(seed) % c->is_len] = (uint8_t)(tap_random(seed) & 0x7f);
    c->replaced = tap_random(seed) % 3 == 0;
}

static void
put_file(const Case *c, const char *path)
{
    if (c->replaced) {
        kit_write(kit_path("new"), c->is, c->is_len);
        if (rename(kit_path("new"), path) != 0)
            diag("rename: %s", strerror(errno));
        return;
    }
    int fd = open(path, O_WRONLY);
    if (fd < 0 || ftruncate(fd, (off_t)c->is_len) != 0 || pwrite(fd, c->is, c->is_len, 0) != (ssize_t)c->is_len)
        diag("cannot change %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
}

/* An edit stays when the bytes that it replaced are what they were. */
static bool
stays(const Case *c, const Edit *e)
{
    return e->at + e->removed <= c->is_len && memcmp(c->was + e->at, c->is + e->at, e->removed) == 0;
}

/* The file now with those edits that are kept; all of them when `all`. */
static size_t
expected(const Case *c, bool all, uint8_t *out)
{
    size_t len = 0, from = 0;
    for (size_t i = 0; i < c->count; i++) {
        const Edit *e = &c->edits[i];
        if (!all && !c->kept[i])
            continue;
        memcpy(out + len, c->is + from, e->at - from);
        len += e->at - from;
        memcpy(out + len, e->bytes, e->inserted);
        len += e->inserted;
        from = e->at + e->removed;
    }
    memcpy(out + len, c->is + from, c->is_len - from);
    return len + c->is_len - from;
}

static bool
source_is(SxSource *s, const uint8_t *bytes, size_t len)
{
    uint8_t got[2 * SIZE];
    bool same = s && sx_source_size(s) == len && (len == 0 || sx_source_read(s, (SxSpan){0, len}, got, NULL)) &&
                memcmp(got, bytes, len) == 0;
    sx_source_release(s);
    return same;
}

/* Each conflict has the three sides, and says where in the document theirs stand. */
static bool
conflicts_are(SxDocument *d, const Case *c, const SxDifferences *x)
{
    size_t n = 0, count = x ? sx_differences_count(x, NULL) : 0;
    for (size_t i = 0; i < c->count; i++) {
        const Edit *e = &c->edits[i];
        if (c->kept[i])
            continue;
        if (n == count)
            return false;
        const SxDifference *one = sx_differences_at(x, n);
        bool gone = e->at + e->removed > c->is_len;
        size_t there = e->at > c->is_len ? 0 : gone ? c->is_len - e->at : e->removed;
        if (one->kind != (gone ? SX_DIFFERENCE_GONE : SX_DIFFERENCE_CHANGED) || !one->ours || one->span.at != e->at ||
            one->span.len != e->removed || one->at > sx_document_length(d) ||
            !source_is(sx_differences_base(x, n), c->was + e->at, e->removed) ||
            !source_is(sx_differences_theirs(x, n), c->is + e->at, there) ||
            !source_is(sx_differences_ours(x, n), e->bytes, e->inserted))
            return false;
        uint8_t at[40];
        size_t got = 0;
        if (there > 0 && (!sx_document_peek(d, one->at, at, there, &got, NULL) || memcmp(at, c->is + e->at, there) != 0))
            return false;
        n++;
    }
    return n == count;
}

static bool
rebased(SxDocument *d, Case *c, SxError *err)
{
    SxDifferences *x = NULL;
    uint8_t want[4 * SIZE];
    bool any = false;
    for (size_t i = 0; i < c->count; i++) {
        c->kept[i] = stays(c, &c->edits[i]);
        any = any || !c->kept[i];
    }
    bool ok = sx_document_rebase(d, &x, NULL, err) && conflicts_are(d, c, x) && sx_document_check(d, err) &&
              kit_document_is(d, want, expected(c, false, want)) &&
              sx_document_foreign(d, NULL) == SX_FOREIGN_NONE;
    if (ok && any && c->is_len == c->was_len) {
        ok = sx_document_undo(d, NULL, err) && kit_document_is(d, want, expected(c, true, want)) &&
             sx_document_redo(d, NULL, err) && kit_document_is(d, want, expected(c, false, want));
    }
    sx_differences_free(x);
    return ok;
}

/* What was kept is written without a question, and is a conflict again when somebody changes it now. */
static bool
saved(SxDocument *d, const Case *c, const char *path, uint64_t *seed, SxError *err)
{
    uint8_t want[4 * SIZE];
    size_t len = expected(c, false, want), pick = tap_random(seed) % (c->count + 1);
    const Edit *e = &c->edits[pick < c->count ? pick : 0];
    if (pick < c->count && c->kept[pick] && e->removed > 0) {
        int fd = open(path, O_RDWR);
        uint8_t byte = (uint8_t)(c->is[e->at] ^ 1), back = c->is[e->at];
        bool refused = pwrite(fd, &byte, 1, (off_t)e->at) == 1 && !sx_document_save(d, 0, NULL, NULL, err) &&
                       err->code == SX_ERR_CONFLICT && pwrite(fd, &back, 1, (off_t)e->at) == 1;
        close(fd);
        SxDifferences *x = NULL;
        if (!refused || !sx_document_rebase(d, &x, NULL, err) || x)
            return false;
    }
    return sx_document_save(d, 0, NULL, NULL, err) && kit_file_is(path, want, len) && sx_document_check(d, err);
}

static bool
random_case(uint64_t *seed)
{
    Case c = {.was_len = 100 + tap_random(seed) % (SIZE - 100)};
    SxError err = {0};
    for (size_t i = 0; i < c.was_len; i++)
        c.was[i] = (uint8_t)(tap_random(seed) & 0x7f);
    const char *path = kit_path("rebased");
    kit_write(path, c.was, c.was_len);
    SxDocument *d = kit_open(path);
    make_edits(&c, seed);
    bool good = apply_edits(d, &c);
    change_file(&c, seed);
    put_file(&c, path);
    bool done = good && rebased(d, &c, &err);
    if (!done || !saved(d, &c, path, seed, &err)) {
        diag("%s: %s, %zu to %zu bytes, %zu edits, %s", done ? "saved" : "rebased", c.replaced ? "replaced" : "written",
             c.was_len, c.is_len, c.count, err.text);
        for (size_t i = 0; i < c.count; i++)
            diag("edit at %zu: %zu to %zu, %s", c.edits[i].at, c.edits[i].removed, c.edits[i].inserted,
                 c.kept[i] ? "kept" : "a conflict");
        good = false;
    }
    sx_document_free(d, false);
    return good;
}

/* --- one by one --------------------------------------------------------------------------------------------------------- */

static void
write_at(const char *path, const char *text, off_t at)
{
    int fd = open(path, O_WRONLY);
    if (pwrite(fd, text, strlen(text), at) != (ssize_t)strlen(text))
        diag("cannot write %s", path);
    close(fd);
}

static void
test_differences(void)
{
    const char *path = kit_file("compared", 5000);
    Model m = model_new(5000);
    SxDifferences *x = NULL;
    SxError err = {0};
    SxDocument *d = kit_open(path);
    ok(sx_document_differences(d, &x, NULL, &err) && sx_differences_count(x, NULL) == 0, "nothing differs %s", err.text);
    sx_differences_free(x);
    both_replace(d, &m, 100, 0, "four");
    both_replace(d, &m, 1000, 3, "abc");
    write_at(path, "###", 995);
    if (truncate(path, 4000) != 0)
        diag("truncate: %s", strerror(errno));
    ok(sx_document_differences(d, &x, NULL, &err) && sx_differences_count(x, NULL) == 2, "cut and written: %s", err.text);
    const SxDifference *one = sx_differences_at(x, 0), *two = sx_differences_at(x, 1);
    ok(one->kind == SX_DIFFERENCE_CHANGED && one->ours && one->span.at == 996 && one->at == 1000, "ours in 0x3e8 meets theirs");
    ok(two->kind == SX_DIFFERENCE_GONE && !two->ours && two->span.at == 4000 && two->span.len == 1000 && two->at == 4004,
       "and 1000 bytes are gone");
    sx_differences_free(x);
    kit_write(kit_path("other"), m.bytes, 4500);
    x = NULL;
    bool told = rename(kit_path("other"), path) == 0 && sx_document_differences(d, &x, NULL, &err);
    size_t count = told ? sx_differences_count(x, NULL) : 0;
    ok(count > 2, "replaced: %zu differences %s", count, err.text);
    sx_differences_free(x);
    sx_document_free(d, false);
}

/* Of a change of more bytes than are taken note of nobody knows what it replaced. */
static void
test_unknown(void)
{
    const char *path = kit_file("unknown", 300000);
    SxDifferences *x = NULL;
    SxError err = {0};
    SxDocument *d = kit_open(path);
    ok(sx_document_fill(d, (SxSpan){1000, 200000}, sx_bytes("\0", 1), &err), "many bytes are filled %s", err.text);
    ok(sx_document_rebase(d, &x, NULL, &err) && !x && sx_document_changes(d).hunks == 1, "reloaded, nobody else was there");
    write_at(path, "theirs", 290000);
    ok(sx_document_rebase(d, &x, NULL, &err) && x && sx_differences_count(x, NULL) == 1 &&
           sx_differences_at(x, 0)->kind == SX_DIFFERENCE_UNKNOWN && !sx_document_modified(d),
       "written elsewhere: not known, so taken back %s", err.text);
    sx_differences_free(x);
    ok(sx_document_undo(d, NULL, &err) && sx_document_changes(d).bytes == 200000, "undo brings it %s", err.text);
    shell("cp '%s' '%s.new' && mv '%s.new' '%s'", path, path, path, path);
    ok(sx_document_rebase(d, &x, NULL, &err) && !x && sx_document_changes(d).bytes == 200000,
       "replaced by a copy of it: both are held, and it stays %s", err.text);
    sx_document_free(d, false);
}

static void
test_refused(void)
{
    const char *path = kit_file("refused", 100);
    SxDifferences *x = NULL;
    SxError err = {0};
    SxDocument *d = kit_open(path);
    sx_document_insert(d, 10, sx_bytes("mine", 4), NULL);
    unlink(path);
    ok(!sx_document_rebase(d, &x, NULL, &err) && err.code == SX_ERR_MISSING && sx_document_changes(d).hunks == 1,
       "deleted: %s", err.text);
    ok(!sx_document_differences(d, &x, NULL, &err) && err.code == SX_ERR_MISSING, "nothing to compare with");
    SxJob *job = sx_job_new();
    sx_job_cancel(job);
    kit_file("refused", 100);
    ok(!sx_document_rebase(d, &x, job, &err) && err.code == SX_ERR_CANCELLED && sx_document_changes(d).hunks == 1,
       "cancelled: %s", err.text);
    sx_job_free(job);
    kit_write(path, "", 0);
    ok(sx_document_rebase(d, &x, NULL, &err) && x && sx_document_length(d) == 0, "emptied: ours is a conflict %s", err.text);
    sx_differences_free(x);
    ok(sx_document_check(d, &err), "whole %s", err.text);
    sx_document_free(d, false);
}

int
main(int argc, char **argv)
{
    uint64_t seed = tap_seed(), rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 60, i = 0;
    kit_begin(NULL);
    test_differences();
    test_unknown();
    test_refused();
    while (i < rounds && random_case(&seed))
        i++;
    ok(i == rounds, "%" PRIu64 " of %" PRIu64 " random rebases", i, rounds);
    kit_end();
    return done_testing();
}
