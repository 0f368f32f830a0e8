/*
 * test_save.c - every way to save on every kind of file: what is in the file, what is kept of it, what is left behind,
 * and that the document goes on.
 */
#include "document/save_kit.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sys/xattr.h>

static struct stat
stat_of(const char *path)
{
    struct stat st = {0};
    if (lstat(path, &st) != 0)
        diag("no %s: %s", path, strerror(errno));
    return st;
}

/* Saved as the model says, nothing pending, nothing left beside it. */
static bool
is_saved(SxDocument *d, const char *path, const Model *m)
{
    SxError err = {0};
    bool good = kit_file_is(path, m->bytes, m->len) && kit_document_is(d, m->bytes, m->len) &&
                !sx_document_modified(d) && sx_document_foreign(d, NULL) == SX_FOREIGN_NONE && kit_no_litter() &&
                sx_document_check(d, &err);
    if (!good)
        diag("file %d document %d modified %d foreign %d %s", kit_file_is(path, m->bytes, m->len),
             kit_document_is(d, m->bytes, m->len), sx_document_modified(d), sx_document_foreign(d, NULL), err.text);
    return good;
}

static bool
is_not_saved(SxDocument *d, const char *path, const Model *old, const Model *m)
{
    return kit_file_is(path, old->bytes, old->len) && kit_document_is(d, m->bytes, m->len) &&
           sx_document_modified(d) && kit_no_litter();
}

/* --- ways -------------------------------------------------------------------------------------------------------------- */

static void
test_in_place(void)
{
    const char *path = kit_file("plain", 100000);
    struct stat before = stat_of(path);
    Model m = model_new(100000);
    Model old = model_new(100000);
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 10, 5, "hello");
    both_replace(d, &m, 99999, 1, "!");
    SxSavePlan plan;
    SxSaved saved = {0};
    SxError err = {0};
    ok(sx_document_save_plan(d, &plan, &err) && plan.way == SX_SAVE_IN_PLACE && plan.places == 2 && plan.write == 6,
       "planned in place: %s", plan.why);
    ok(sx_document_save(d, 0, NULL, &saved, &err) && saved.way == SX_SAVE_IN_PLACE && saved.bytes == 6 &&
           saved.places == 2,
       "overwritten bytes are saved in place %s", err.text);
    ok(is_saved(d, path, &m) && stat_of(path).st_ino == before.st_ino, "in the same inode");
    ok(sx_document_save(d, 0, NULL, &saved, &err) && saved.way == SX_SAVE_NONE, "nothing is left to write");
    ok(sx_document_undo(d, NULL, &err) && sx_document_undo(d, NULL, &err) &&
           kit_document_is(d, old.bytes, old.len) && sx_document_modified(d),
       "undo works after it %s", err.text);
    ok(kit_file_is(path, m.bytes, m.len), "and does not touch the file");
    ok(sx_document_save(d, 0, NULL, &saved, &err) && is_saved(d, path, &old), "the undone state is saved");
    ok(sx_document_redo(d, NULL, &err) && sx_document_redo(d, NULL, &err) && kit_document_is(d, m.bytes, m.len),
       "redo works after that");
    sx_document_free(d, false);
    ok(kit_file_is(path, old.bytes, old.len), "unsaved changes are not in the file");
}

static void
test_copy(size_t len)
{
    const char *path = kit_file("longer", len);
    Model m = model_new(len);
    Model old = model_new(len);
    SxDocument *d = kit_open(path);
    SxSaved saved = {0};
    SxError err = {0};
    both_replace(d, &m, 0, 0, "at the front");
    both_replace(d, &m, m.len / 2, 5, "");
    both_replace(d, &m, m.len, 0, "at the end");
    uint64_t places = sx_document_changes(d).hunks;
    SxSavePlan plan;
    ok(sx_document_save_plan(d, &plan, &err) && plan.way == SX_SAVE_COPY && plan.places == places &&
           (len < 5000 || (plan.copy == len - 5 && plan.space_needed == m.len)) && plan.space_free > 0,
       "%zu bytes, planned by copy: %s", len, plan.why);
    ok(sx_document_save(d, 0, NULL, &saved, &err) && saved.way == SX_SAVE_COPY && saved.places == places, "saved by copy %s", err.text);
    ok(is_saved(d, path, &m), "the file is what the document was");
    ok(sx_document_undo(d, NULL, &err) && sx_document_undo(d, NULL, &err) && sx_document_undo(d, NULL, &err) &&
           kit_document_is(d, old.bytes, old.len),
       "undo works after it %s", err.text);
    ok(sx_document_save(d, 0, NULL, &saved, &err) && is_saved(d, path, &old), "and is saved again %s", err.text);
    ok(sx_document_redo(d, NULL, &err) && sx_document_redo(d, NULL, &err) && sx_document_redo(d, NULL, &err) &&
           kit_document_is(d, m.bytes, m.len) && sx_document_save(d, 0, NULL, &saved, &err) && is_saved(d, path, &m),
       "and redone, and saved %s", err.text);
    sx_document_free(d, false);
}

static void
test_new_and_empty(void)
{
    const char *path = kit_path("fresh");
    Model m = model_new(0);
    SxDocument *d = kit_open(path);
    SxSaved saved = {0};
    SxError err = {0};
    both_replace(d, &m, 0, 0, "first bytes");
    mode_t mask = umask(027);
    ok(sx_document_save(d, 0, NULL, &saved, &err) && saved.way == SX_SAVE_NEW && is_saved(d, path, &m),
       "a new file is made %s", err.text);
    umask(mask);
    is((uint64_t)(stat_of(path).st_mode & 0777), 0640, "with the mode that the umask gives");
    both_replace(d, &m, 0, m.len, "");
    ok(sx_document_save(d, 0, NULL, &saved, &err) && is_saved(d, path, &m) && m.len == 0, "emptied %s", err.text);
    both_replace(d, &m, 0, 0, "again");
    ok(sx_document_save(d, 0, NULL, &saved, &err) && is_saved(d, path, &m), "and filled again %s", err.text);
    sx_document_free(d, false);
    d = kit_open(kit_path("late"));
    sx_document_insert(d, 0, sx_bytes("mine", 4), NULL);
    kit_write(kit_path("late"), "theirs", 6);
    ok(!sx_document_save(d, 0, NULL, &saved, &err) && err.code == SX_ERR_CONFLICT &&
           kit_file_is(kit_path("late"), (const uint8_t *)"theirs", 6),
       "made by somebody else meanwhile: %s", err.text);
    sx_document_free(d, false);
}

static void
test_as_and_range(void)
{
    const char *path = kit_file("source", 5000);
    Model m = model_new(5000);
    SxDocument *d = kit_open(path);
    SxSaved saved = {0};
    SxError err = {0};
    both_replace(d, &m, 100, 0, "inserted");
    const char *range = kit_path("range");
    ok(sx_document_write_range(d, (SxSpan){90, 100}, range, NULL, &saved, &err) &&
           kit_file_is(range, m.bytes + 90, 100) && sx_document_modified(d),
       "a range into a new file %s", err.text);
    chmod(range, 0604);
    ok(sx_document_write_range(d, SX_SPAN_ALL, range, NULL, &saved, &err) && kit_file_is(range, m.bytes, m.len) &&
           (stat_of(range).st_mode & 0777) == 0604,
       "all of it over that one, its mode kept %s", err.text);
    ok(!sx_document_write_range(d, SX_SPAN_ALL, path, NULL, &saved, &err), "not into its own file: %s", err.text);
    ok(!sx_document_write_range(d, (SxSpan){5000, 100}, range, NULL, &saved, &err) && err.code == SX_ERR_RANGE,
       "a range that is not there: %s", err.text);
    ok(!sx_document_save_as(d, range, 0, NULL, &saved, &err) && err.code == SX_ERR_ASK, "a name that exists: %s",
       err.text);
    const char *other = kit_path("other");
    ok(sx_document_save_as(d, other, 0, NULL, &saved, &err) && is_saved(d, other, &m) &&
           strcmp(sx_document_path(d), other) == 0,
       "under another name %s", err.text);
    Model old = model_new(5000);
    ok(kit_file_is(path, old.bytes, old.len), "the first file is what it was");
    both_replace(d, &m, 0, 1, "X");
    ok(sx_document_save(d, 0, NULL, &saved, &err) && is_saved(d, other, &m), "saving goes there from then on %s",
       err.text);
    ok(sx_document_save_as(d, range, SX_SAVE_FORCE, NULL, &saved, &err) && is_saved(d, range, &m),
       "by force over one that exists %s", err.text);
    sx_document_free(d, false);
    ok(sx_document_new(&d, 1 << 20, NULL, &err) && !sx_document_save(d, 0, NULL, &saved, &err) &&
           err.code == SX_ERR_MISSING,
       "memory has no file: %s", err.text);
    const char *memory = kit_path("memory");
    ok(sx_document_save_as(d, memory, 0, NULL, &saved, &err) && stat_of(memory).st_size == 1 << 20 &&
           stat_of(memory).st_blocks == 0,
       "a mebibyte of zeros becomes a hole %s", err.text);
    sx_document_free(d, false);
}

/* --- what is kept ---------------------------------------------------------------------------------------------------- */

static void
test_symlinks(void)
{
    kit_file("target", 1000);
    const char *link = kit_path("link");
    ok(symlink("target", link) == 0, "a link");
    Model m = model_new(1000);
    SxDocument *d = kit_open(link);
    SxError err = {0};
    both_replace(d, &m, 0, 0, "more");
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, kit_path("target"), &m) &&
           S_ISLNK(stat_of(link).st_mode),
       "the link stays a link, its file is replaced %s", err.text);
    sx_document_free(d, false);
    const char *dangling = kit_path("dangling");
    ok(symlink("made/later", dangling) == 0 && mkdir(kit_path("made"), 0755) == 0, "a link to nothing");
    d = kit_open(dangling);
    sx_document_insert(d, 0, sx_bytes("new", 3), NULL);
    ok(sx_document_save(d, 0, NULL, NULL, &err) && S_ISLNK(stat_of(dangling).st_mode) &&
           kit_file_is(kit_path("made/later"), (const uint8_t *)"new", 3),
       "the file it names is made %s", err.text);
    sx_document_free(d, false);
}

static void
test_hard_links(size_t removed, const char *text, const char *what)
{
    const char *path = kit_file("first name", 3000);
    const char *second = kit_path("second name");
    unlink(second);
    ok(link(path, second) == 0, "two names");
    Model m = model_new(3000);
    Model old = model_new(3000);
    SxDocument *d = kit_open(path);
    SxError err = {0};
    SxSaved saved = {0};
    both_replace(d, &m, 1000, removed, text);
    ok(!sx_document_save(d, 0, NULL, NULL, &err) && err.code == SX_ERR_ASK && is_not_saved(d, path, &old, &m),
       "%s: asked first: %s", what, err.text);
    ok(sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, &saved, &err) && saved.way == SX_SAVE_COPY_OVER &&
           is_saved(d, path, &m) && kit_file_is(second, m.bytes, m.len) &&
           stat_of(path).st_ino == stat_of(second).st_ino,
       "rewritten in place: both names have it %s", err.text);
    ok(sx_document_undo(d, NULL, &err) && kit_document_is(d, old.bytes, old.len), "undo works after it %s", err.text);
    ok(sx_document_redo(d, NULL, &err) && kit_document_is(d, m.bytes, m.len) && !sx_document_modified(d),
       "and redo comes back to the file");
    sx_document_free(d, false);
}

/* An ACL as the kernel keeps it: user::rw-, user:12345:r--, group::r--, mask::r--, other::--- */
static const uint8_t acl[] = {2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0x39, 0x30, 0, 0, 4, 0,
                              4, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255};

static void
test_metadata(void)
{
    const char *path = kit_file("decorated", 1000);
    SxError err = {0};
    bool root = geteuid() == 0;
    if (root && chown(path, 1234, 1235) != 0)
        diag("cannot chown");
    chmod(path, 06751);
    bool xattr = setxattr(path, "user.note", "kept", 4, 0) == 0;
    bool has_acl = setxattr(path, "system.posix_acl_access", acl, sizeof acl, 0) == 0;
    struct stat before = stat_of(path);
    Model m = model_new(1000);
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 500, 0, "longer");
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "saved by copy %s", err.text);
    struct stat after = stat_of(path);
    is((uint64_t)after.st_mode, (uint64_t)before.st_mode, "the mode is kept, set-user-id too");
    ok(after.st_uid == before.st_uid && after.st_gid == before.st_gid, "owner %u:%u is kept%s", after.st_uid,
       after.st_gid, root ? "" : " SKIP not root");
    char value[8] = "";
    ok(!xattr || (getxattr(path, "user.note", value, 8) == 4 && memcmp(value, "kept", 4) == 0),
       "an attribute is kept%s", xattr ? "" : ", but this file system has none");
    uint8_t got[sizeof acl];
    ok(!has_acl || (getxattr(path, "system.posix_acl_access", got, sizeof got) == sizeof acl &&
                    memcmp(got, acl, sizeof acl) == 0),
       "the access list is kept%s", has_acl ? "" : ", but this file system has none");
    both_replace(d, &m, 0, 1, "Y");
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m) &&
           stat_of(path).st_mode == before.st_mode,
       "in place the mode stays too %s", err.text);
    sx_document_free(d, false);
}

static void
test_sparse(void)
{
    const char *path = kit_path("sparse");
    uint64_t len = UINT64_C(40) << 30;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    ok(ftruncate(fd, (off_t)len) == 0 && pwrite(fd, "island", 6, (off_t)(len / 2)) == 6, "40 GiB with an island");
    SxDocument *d = kit_open(path);
    SxError err = {0};
    SxSaved saved = {0};
    SxSavePlan plan = {0};
    sx_document_insert(d, 0, sx_bytes("x", 1), NULL);
    sx_document_fill(d, (SxSpan){len / 4, 1 << 30}, sx_bytes("\0", 1), NULL);
    bool done = sx_document_save_plan(d, &plan, &err);
    ok(done && plan.space_needed < UINT64_C(2) << 30, "%llu bytes planned", (unsigned long long)plan.space_needed);
    done = sx_document_save(d, 0, NULL, &saved, &err);
    ok(done, "saved in %llu ms %s", (unsigned long long)saved.nanoseconds / 1000000, err.text);
    struct stat st = stat_of(path);
    char island[7] = "";
    int again = open(path, O_RDONLY);
    ok((uint64_t)st.st_size == len + 1 && st.st_blocks * 512 < 1 << 20, "its holes are kept: %lld KiB",
       (long long)st.st_blocks / 2);
    ok(pread(again, island, 6, (off_t)(len / 2 + 1)) == 6 && strcmp(island, "island") == 0, "and the island");
    close(again);
    close(fd);
    sx_document_free(d, false);
    unlink(path);
}

/* --- what is refused ----------------------------------------------------------------------------------------------------- */

static void
test_conflicts(void)
{
    const char *path = kit_file("shared", 5000);
    Model m = model_new(5000);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 100, 3, "abc");
    int fd = open(path, O_WRONLY);
    ok(pwrite(fd, "zz", 2, 4000) == 2, "somebody writes elsewhere");
    memcpy(m.bytes + 4000, "zz", 2);
    ok(sx_document_foreign(d, NULL) == SX_FOREIGN_WRITTEN, "which is noticed");
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "in place that is no conflict %s", err.text);
    both_replace(d, &m, 200, 3, "def");
    ok(pwrite(fd, "##", 2, 201) == 2, "somebody writes at the same place");
    ok(!sx_document_save(d, 0, NULL, NULL, &err) && err.code == SX_ERR_CONFLICT && strstr(err.text, "0xc9") != NULL,
       "that is: %s", err.text);
    ok(sx_document_modified(d) && kit_document_is(d, m.bytes, m.len), "the changes are kept");
    ok(sx_document_save(d, SX_SAVE_FORCE, NULL, NULL, &err) && is_saved(d, path, &m), "force overrides %s", err.text);
    both_replace(d, &m, 0, 0, "longer");
    ok(pwrite(fd, "??", 2, 4500) == 2 && !sx_document_save(d, 0, NULL, NULL, &err) && err.code == SX_ERR_CONFLICT,
       "by copy every change is: %s", err.text);
    close(fd);
    kit_write(kit_path("usurper"), "other", 5);
    ok(rename(kit_path("usurper"), path) == 0 && sx_document_foreign(d, NULL) == SX_FOREIGN_REPLACED &&
           !sx_document_save(d, 0, NULL, NULL, &err) && err.code == SX_ERR_CONFLICT,
       "replaced: %s", err.text);
    ok(unlink(path) == 0 && sx_document_foreign(d, NULL) == SX_FOREIGN_DELETED &&
           !sx_document_save(d, 0, NULL, NULL, &err) && err.code == SX_ERR_CONFLICT,
       "deleted: %s", err.text);
    memcpy(m.bytes + 4506, "??", 2);
    ok(sx_document_save(d, SX_SAVE_FORCE, NULL, NULL, &err) && is_saved(d, path, &m), "force makes it again %s",
       err.text);
    sx_document_free(d, false);
}

/* As somebody who is not root. */
static int
in_child(int (*work)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(99);
        _exit(work());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int
save_longer(const char *path, const char *state, unsigned flags, SxCode *code, char text[SX_ERROR_TEXT])
{
    SxDocument *d = NULL;
    SxError err = {0};
    SxDocumentOptions o = {.state_dir = state};
    if (!sx_document_open(&d, path, &o, &err))
        return 1;
    sx_document_insert(d, 0, sx_bytes("x", 1), NULL);
    bool done = sx_document_save(d, flags, NULL, NULL, &err);
    *code = done ? SX_OK : err.code;
    memcpy(text, err.text, SX_ERROR_TEXT);
    sx_document_free(d, false);
    return 0;
}

static int
work_directory(void)
{
    SxCode code = SX_OK;
    char text[SX_ERROR_TEXT];
    const char *path = kit_path("locked/file");
    const char *state = kit_path("open");
    unsigned over = SX_SAVE_MAY_COPY_OVER;
    if (save_longer(path, state, 0, &code, text) != 0 || code != SX_ERR_ASK)
        return 2;
    if (save_longer(path, state, over, &code, text) != 0 || code != SX_OK)
        return 3;
    /* without a journal there is no place for the old bytes */
    if (save_longer(path, NULL, over, &code, text) != 0 || code != SX_ERR_PERMISSION || !strstr(text, "no backup"))
        return 4;
    return save_longer(path, NULL, over | SX_SAVE_FORCE, &code, text) != 0 || code != SX_OK ? 5 : 0;
}

static int
work_forbidden(void)
{
    SxCode code = SX_OK;
    char text[SX_ERROR_TEXT];
    if (save_longer(kit_path("theirs"), NULL, 0, &code, text) != 0 || code != SX_ERR_PERMISSION)
        return 2;
    return strstr(text, "theirs") == NULL;
}

static void
test_permissions(void)
{
    mkdir(kit_path("locked"), 0755);
    const char *path = kit_file("locked/file", 100);
    if (geteuid() == 0 && chown(path, 65534, 65534) != 0)
        diag("cannot chown");
    chmod(kit_path("locked"), 0555);
    mkdir(kit_path("open"), 0700);
    chmod(kit_path("open"), 0777);
    is((uint64_t)in_child(work_directory), 0, "a directory that cannot be written: asked, then in place, behind a backup");
    chmod(kit_path("locked"), 0755);
    kit_file("theirs", 100);
    chmod(kit_path("theirs"), 0444);
    is((uint64_t)in_child(work_forbidden), 0, "a file that may not be written: refused");
    struct stat st = stat_of(kit_path("theirs"));
    ok(st.st_size == 100, "and whole");
}

/* --- backups -------------------------------------------------------------------------------------------------------------------- */

static void
test_backup(bool linked, size_t removed, const char *text, const char *what)
{
    enum { SIZE = 300000 };
    const char *path = kit_file("kept", SIZE);
    unlink(kit_path("kept too"));
    unlink(kit_path("kept~"));
    if (linked && link(path, kit_path("kept too")) != 0)
        diag("cannot link");
    chmod(path, 0640);
    Model m = model_new(SIZE);
    Model old = model_new(SIZE);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 1000, removed, text);
    ok(sx_document_save(d, SX_SAVE_BACKUP | SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err) && is_saved(d, path, &m),
       "%s with a backup %s", what, err.text);
    ok(kit_file_is(kit_path("kept~"), old.bytes, old.len) && (stat_of(kit_path("kept~")).st_mode & 07777) == 0640,
       "which is what the file was, mode included");
    Model first = model_new(0);
    model_replace(&first, 0, 0, m.bytes, m.len);
    both_replace(d, &m, 5, 1, "!");
    ok(sx_document_save(d, SX_SAVE_BACKUP, NULL, NULL, &err) && kit_file_is(kit_path("kept~"), first.bytes, first.len),
       "the next one takes its place %s", err.text);
    ok(sx_document_undo(d, NULL, &err) && sx_document_undo(d, NULL, &err) && kit_document_is(d, old.bytes, old.len),
       "undo works as ever %s", err.text);
    sx_document_free(d, false);
}

/* No journal, and a file with two names: a copy beside it while it is rewritten. */
static void
test_guard(void)
{
    const char *path = kit_file("guarded", 50000);
    SxDocument *d = NULL;
    SxError err = {0};
    Model m = model_new(50000);
    unlink(kit_path("guarded too"));
    bool made = link(path, kit_path("guarded too")) == 0 && sx_document_open(&d, path, NULL, &err);
    both_replace(d, &m, 0, 0, "longer");
    ok(made && sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err) && is_saved(d, path, &m) && kit_no_litter(),
       "rewritten without a journal, and nothing is left beside it %s", err.text);
    sx_document_free(d, false);
}

/* No byte behind 50000 can be written. */
static void
test_no_room(size_t at, size_t removed, const char *what)
{
    const char *path = kit_file("no room", 100000);
    Model m = model_new(100000);
    Model old = model_new(100000);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 10, 1, "y");
    both_replace(d, &m, at, removed, "x");
    struct rlimit was, small;
    getrlimit(RLIMIT_FSIZE, &was);
    small = was;
    small.rlim_cur = 50000;
    setrlimit(RLIMIT_FSIZE, &small);
    bool done = sx_document_save(d, 0, NULL, NULL, &err);
    setrlimit(RLIMIT_FSIZE, &was);
    ok(!done && err.code == SX_ERR_NOSPACE && is_not_saved(d, path, &old, &m), "a limit of file sizes, %s: %s",
       what, err.text);
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "without it saving works %s", err.text);
    sx_document_free(d, false);
}

/* In place, behind the end of the file: nothing of it may be left. */
static void
test_no_room_over(void)
{
    const char *path = kit_file("linked", 40000);
    unlink(kit_path("linked too"));
    ok(link(path, kit_path("linked too")) == 0, "two names");
    Model m = model_new(40000);
    Model old = model_new(40000);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    char *text = malloc(30001);
    memset(text, 'n', 30000);
    text[30000] = 0;
    both_replace(d, &m, 100, 0, text);
    free(text);
    struct rlimit was, small;
    getrlimit(RLIMIT_FSIZE, &was);
    small = was;
    small.rlim_cur = 50000;
    setrlimit(RLIMIT_FSIZE, &small);
    bool done = sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err);
    setrlimit(RLIMIT_FSIZE, &was);
    ok(!done && err.code == SX_ERR_NOSPACE && is_not_saved(d, path, &old, &m), "no room to rewrite it: %s", err.text);
    ok(sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err) && is_saved(d, path, &m), "later it works %s",
       err.text);
    sx_document_free(d, false);
}

static void
test_full_disk(void)
{
    const char *mount = kit_path("full");
    mkdir(mount, 0755);
    if (geteuid() != 0 || !shell("mount -t tmpfs -o size=4m tmpfs '%s' 2>/dev/null", mount)) {
        ok(true, "a full disk # SKIP cannot mount");
        return;
    }
    const char *path = kit_file("full/file", 3 << 20);
    Model m = model_new(3 << 20);
    Model old = model_new(3 << 20);
    SxError err = {0};
    SxSavePlan plan = {0};
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 0, 0, "x");
    bool done = sx_document_save_plan(d, &plan, &err);
    ok(done && plan.space_needed > plan.space_free, "planned: %llu of %llu bytes",
       (unsigned long long)plan.space_needed, (unsigned long long)plan.space_free);
    ok(!sx_document_save(d, 0, NULL, NULL, &err) && err.code == SX_ERR_NOSPACE && is_not_saved(d, path, &old, &m),
       "no room: %s", err.text);
    ok(sx_document_undo(d, NULL, &err) && !sx_document_modified(d), "undone");
    model_replace(&m, 0, 1, "", 0);
    both_replace(d, &m, 7, 2, "yy");
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "in place there is room %s", err.text);
    sx_document_free(d, false);
    shell("umount '%s'", mount);
}

/* --- meanwhile ---------------------------------------------------------------------------------------------------------------- */

static void
test_meanwhile(size_t removed, const char *text, const char *what)
{
    const char *path = kit_file("busy", 20000);
    Model m = model_new(20000);
    Model old = model_new(20000);
    SxError err = {0};
    SxSave *save = NULL;
    SxSaved saved = {0};
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 1000, removed, text);
    both_replace(d, &m, 15000, 4, "four");
    Model begun = model_new(0);
    model_replace(&begun, 0, 0, m.bytes, m.len);
    ok(sx_document_save_begin(d, NULL, 0, &save, &err), "%s: begun %s", what, err.text);
    SxSave *second = NULL;
    ok(!sx_document_save_begin(d, NULL, 0, &second, &err) && err.code == SX_ERR_BUSY, "not twice: %s", err.text);
    both_replace(d, &m, 1001, 2, "while it is written");
    both_replace(d, &m, 0, 0, "front");
    sx_document_undo(d, NULL, NULL);
    model_replace(&m, 0, 5, "", 0);
    sx_save_run(save, NULL);
    both_replace(d, &m, 18000, 500, "");
    ok(kit_document_is(d, m.bytes, m.len), "edits go on");
    ok(sx_document_save_finish(d, save, &saved, &err), "finished %s", err.text);
    ok(kit_file_is(path, begun.bytes, begun.len), "the file has what was there at the beginning");
    ok(kit_document_is(d, m.bytes, m.len) && sx_document_modified(d) && sx_document_check(d, &err),
       "what came later is pending %s", err.text);
    is(sx_document_changes(d).hunks, 2, "at two places");
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "and is saved by the next %s", err.text);
    while (sx_document_undo(d, NULL, NULL))
        ;
    ok(kit_document_is(d, old.bytes, old.len), "undo goes back to the beginning");
    sx_document_free(d, false);
}

static void *
run_save(void *data)
{
    sx_save_run(data, NULL);
    return NULL;
}

/* The worker in a thread of its own, edits and readers beside it. */
static void
test_worker(bool longer)
{
    const char *path = kit_file("worker", 600000);
    Model m = model_new(600000);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    unsigned wrong = 0;
    for (unsigned round = 0; round < 5; round++) {
        SxSave *save = NULL;
        pthread_t thread;
        for (unsigned i = 0; i < 50; i++)
            both_replace(d, &m, i * 10007 % m.len, longer ? 0 : 5, "plain");
        size_t len = m.len;
        uint8_t *begun = malloc(len);
        memcpy(begun, m.bytes, len);
        if (!sx_document_save_begin(d, NULL, 0, &save, &err) ||
            pthread_create(&thread, NULL, run_save, save) != 0) {
            wrong++;
            break;
        }
        for (unsigned i = 0; i < 50; i++) {
            both_replace(d, &m, i * 7919 % m.len, i % 3, "typed");
            wrong += i % 10 == 0 && !kit_document_is(d, m.bytes, m.len);
        }
        pthread_join(thread, NULL);
        wrong += !sx_document_save_finish(d, save, NULL, &err) || !kit_file_is(path, begun, len) ||
                 !kit_document_is(d, m.bytes, m.len) || !sx_document_check(d, &err);
        free(begun);
    }
    ok(wrong == 0, "%s, in a thread beside edits %s", longer ? "by copy" : "in place", err.text);
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "then all is saved %s", err.text);
    sx_document_free(d, false);
}

/* What the session wrote is known for few places and for many. */
static void
test_written(unsigned places, size_t inserted)
{
    size_t len = 100000;
    const char *path = kit_file("counted", len);
    Model m = model_new(len);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    for (unsigned i = places; i-- > 0;)
        both_replace(d, &m, i * (len / places), 1, inserted ? "\1\2" : "\1");
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "%u places %s", places, err.text);
    is(sx_document_changes(d).written, places, "are known to be written");
    SxSnapshot *s = sx_document_snapshot(d);
    uint8_t *flags = malloc(m.len);
    unsigned wrong = 0;
    sx_snapshot_origin(s, (SxSpan){0, m.len}, flags, NULL);
    for (unsigned i = 0; i < places; i++)
        wrong += !(flags[i * (len / places + inserted)] & SX_ORIGIN_WRITTEN);
    ok(wrong == 0, "and which ones");
    free(flags);
    sx_snapshot_release(s);
    sx_document_free(d, false);
}

/* Undo, while the save runs, of what it saves. */
static void
test_undone_meanwhile(void)
{
    const char *path = kit_file("undone", 20000);
    Model m = model_new(20000);
    Model old = model_new(20000);
    SxError err = {0};
    SxSave *save = NULL;
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 5000, 5, "hello");
    ok(sx_document_save_begin(d, NULL, 0, &save, &err) && sx_document_undo(d, NULL, &err), "undone meanwhile");
    sx_save_run(save, NULL);
    ok(kit_document_is(d, old.bytes, old.len), "the document has the old bytes, the file the new");
    ok(sx_document_save_finish(d, save, NULL, &err) && kit_file_is(path, m.bytes, m.len) &&
           kit_document_is(d, old.bytes, old.len) && sx_document_modified(d),
       "also behind the end of it %s", err.text);
    ok(sx_document_redo(d, NULL, &err) && kit_document_is(d, m.bytes, m.len) && !sx_document_modified(d),
       "redo comes back to what is saved");
    sx_document_free(d, false);
}

static void
test_cancel(size_t removed, const char *text, const char *what)
{
    const char *path = kit_file("cancelled", 3 << 20);
    Model m = model_new(3 << 20);
    Model old = model_new(3 << 20);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 1000, removed, text);
    SxJob *job = sx_job_new();
    sx_job_cancel(job);
    ok(!sx_document_save(d, 0, job, NULL, &err) && err.code == SX_ERR_CANCELLED && is_not_saved(d, path, &old, &m),
       "%s, cancelled: %s", what, err.text);
    sx_job_free(job);
    ok(sx_document_save(d, 0, NULL, NULL, &err) && is_saved(d, path, &m), "later it is saved %s", err.text);
    sx_document_free(d, false);
}

static void
test_reload(void)
{
    const char *path = kit_file("reloaded", 10000);
    Model m = model_new(10000);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    both_replace(d, &m, 100, 0, "inserted");
    both_replace(d, &m, 9000, 4, "over");
    int fd = open(path, O_RDWR);
    ok(pwrite(fd, "theirs", 6, 500) == 6 && sx_document_reload(d, &err), "written by somebody else %s", err.text);
    memcpy(m.bytes + 508, "theirs", 6);
    ok(kit_document_is(d, m.bytes, m.len) && sx_document_changes(d).hunks == 2 && sx_document_check(d, &err) &&
           sx_document_foreign(d, NULL) == SX_FOREIGN_NONE,
       "seen, and ours is still pending %s", err.text);
    ok(pwrite(fd, "tail", 4, 10000) == 4 && sx_document_foreign(d, NULL) == SX_FOREIGN_LONGER &&
           sx_document_reload(d, &err),
       "it became longer %s", err.text);
    model_replace(&m, m.len, 0, "tail", 4);
    ok(kit_document_is(d, m.bytes, m.len) && sx_document_changes(d).hunks == 2 && sx_document_check(d, &err),
       "its tail is there %s", err.text);
    ok(ftruncate(fd, 5000) == 0 && sx_document_foreign(d, NULL) == SX_FOREIGN_SHORTER && sx_document_reload(d, &err),
       "it became shorter %s", err.text);
    model_replace(&m, 5008, m.len - 5008, "over", 4);
    ok(kit_document_is(d, m.bytes, m.len) && sx_document_changes(d).hunks == 2 && sx_document_check(d, &err),
       "what is ours stays %s", err.text);
    close(fd);
    kit_write(kit_path("successor"), m.bytes, 5000);
    ok(rename(kit_path("successor"), path) == 0 && sx_document_foreign(d, NULL) == SX_FOREIGN_REPLACED &&
           sx_document_reload(d, &err) && sx_document_foreign(d, NULL) == SX_FOREIGN_NONE,
       "it was replaced %s", err.text);
    ok(sx_document_check(d, &err) && sx_document_length(d) == 5012, "and is read from the new file %s", err.text);
    while (sx_document_undo(d, NULL, &err))
        ;
    ok(sx_document_check(d, &err), "undo goes all the way %s", err.text);
    while (sx_document_redo(d, NULL, &err))
        ;
    ok(sx_document_length(d) == 5012 && sx_document_check(d, &err), "and redo %s", err.text);
    ok(sx_document_save(d, 0, NULL, NULL, &err), "and it is saved %s", err.text);
    sx_document_free(d, false);
}

/* In WRITE what we do ourselves is no change by others, and what others do is not hidden by it. */
static void
test_write_through(void)
{
    const char *path = kit_file("through", 5000);
    Model m = model_new(5000);
    SxError err = {0};
    SxDocument *d = kit_open(path);
    ok(sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_REFUSE, &err) && both_replace(d, &m, 10, 3, "abc") &&
           both_replace(d, &m, 4000, 0, "longer") && kit_file_is(path, m.bytes, m.len),
       "in the file at once %s", err.text);
    ok(sx_document_foreign(d, NULL) == SX_FOREIGN_NONE, "by ourselves");
    int fd = open(path, O_RDWR);
    ok(pwrite(fd, "theirs", 6, 2000) == 6, "somebody else writes");
    memcpy(m.bytes + 2000, "theirs", 6);
    both_replace(d, &m, 20, 3, "xyz");
    ok(sx_document_foreign(d, NULL) == SX_FOREIGN_WRITTEN, "which is noticed although we write then");
    ok(sx_document_reload(d, &err) && sx_document_foreign(d, NULL) == SX_FOREIGN_NONE &&
           kit_document_is(d, m.bytes, m.len) && sx_document_check(d, &err),
       "reloaded %s", err.text);
    SxSaved saved = {0};
    ok(sx_document_save(d, 0, NULL, &saved, &err) && saved.way == SX_SAVE_NONE, "nothing is left to save %s", err.text);
    ok(ftruncate(fd, 3000) == 0 && sx_document_reload(d, &err) && sx_document_length(d) == 3000 &&
           sx_document_check(d, &err),
       "cut by somebody else %s", err.text);
    ok(both_replace(d, &m, 100, 1, "Q") && kit_file_is(path, m.bytes, 3000), "and written on %s", err.text);
    close(fd);
    sx_document_free(d, false);
}

static void
test_part(void)
{
    const char *path = kit_file("whole", 10000);
    Model m = model_new(10000);
    SxError err = {0};
    SxDocument *d = NULL;
    SxDocumentOptions o = {.offset = 1000, .length = 500};
    ok(sx_document_open(&d, path, &o, &err) && sx_document_overwrite(d, 10, sx_bytes("part", 4), &err), "a part");
    memcpy(m.bytes + 1010, "part", 4);
    ok(sx_document_save(d, 0, NULL, NULL, &err) && kit_file_is(path, m.bytes, m.len) && !sx_document_modified(d),
       "is saved where it is %s", err.text);
    sx_document_insert(d, 0, sx_bytes("x", 1), &err);
    ok(!sx_document_save(d, 0, NULL, NULL, &err) && err.code == SX_ERR_LENGTH, "its length stays: %s", err.text);
    sx_document_free(d, false);
}

static void
test_running(void)
{
    const char *path = kit_path("program");
    if (!shell("cp /bin/sleep '%s'", path)) {
        ok(true, "a program # SKIP no /bin/sleep");
        return;
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execl(path, path, "30", (char *)NULL);
        _exit(1);
    }
    usleep(100000);
    size_t len = 0;
    uint8_t *bytes = kit_read(path, &len);
    bytes[len - 1] ^= 1;
    SxError err = {0};
    SxSaved saved = {0};
    SxDocument *d = kit_open(path);
    ok(sx_document_overwrite(d, len - 1, sx_bytes(bytes + len - 1, 1), &err) &&
           sx_document_save(d, 0, NULL, &saved, &err) && saved.way == SX_SAVE_COPY && kit_file_is(path, bytes, len),
       "a program that runs is replaced %s", err.text);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    free(bytes);
    sx_document_free(d, false);
}

int
main(int argc, char **argv)
{
    kit_begin(argc > 1 ? argv[1] : NULL);
    signal(SIGXFSZ, SIG_IGN);
    test_in_place();
    test_copy(0);
    test_copy(1);
    test_copy(5000);
    test_copy(3 << 20);
    test_copy(40 << 20);
    test_new_and_empty();
    test_as_and_range();
    test_symlinks();
    test_hard_links(0, "longer by this", "longer");
    test_hard_links(1500, "", "shorter");
    test_metadata();
    test_sparse();
    test_conflicts();
    test_permissions();
    test_no_room(0, 0, "by copy");
    test_no_room(90000, 1, "in place");
    test_no_room_over();
    test_backup(false, 5, "hello", "in place");
    test_backup(false, 0, "hello", "by copy");
    test_backup(true, 0, "hello", "over");
    test_guard();
    test_full_disk();
    test_meanwhile(5, "hello", "in place");
    test_meanwhile(0, "hello", "by copy");
    test_written(20, 0);
    test_written(1000, 0);
    test_written(20, 1);
    test_written(1000, 1);
    test_worker(false);
    test_worker(true);
    test_undone_meanwhile();
    test_cancel(5, "hello", "in place");
    test_cancel(0, "hello", "by copy");
    test_reload();
    test_write_through();
    test_part();
    test_running();
    kit_end();
    return done_testing();
}
