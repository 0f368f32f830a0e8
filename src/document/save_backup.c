/*
 * save_backup.c - the old content kept under another name before the file changes: as NAME~ when the user wants one, and
 * under a hidden name while a file is rewritten that no journal protects. A copy counts only when it was read again and
 * is the same.
 */
#include "document/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/disk.h"
#include "document/metadata.h"

enum { PART = 1 << 20 }; /* bytes compared at once */

static bool
failed(const SxSave *s, SxError *err)
{
    return sx_fail_errno(err, errno, "%s: not written, it cannot be backed up", save_name(s));
}

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory to save");
}

/* --- a copy ---------------------------------------------------------------------------------------------------------- */

static bool
is_same(const SxSave *s, int from, int to, uint64_t size, SxError *err)
{
    uint8_t *parts = malloc(2 * PART);
    bool same = parts != NULL;
    if (!same)
        return sx_fail(err, SX_ERR_NOMEM, "%s: not written, no memory to look at its backup", save_name(s));
    for (uint64_t at = 0; same && at < size; at += PART) {
        size_t n = size - at < PART ? (size_t)(size - at) : PART;
        same = read_all(from, parts, n, at) && read_all(to, parts + PART, n, at) && memcmp(parts, parts + PART, n) == 0;
    }
    free(parts);
    return same || sx_fail(err, SX_ERR_IO, "%s: not written, its backup is not what it is", save_name(s));
}

static bool
copy_into(SxSave *s, SxJob *job, int from, int to, SxError *err)
{
    struct stat st;
    Out *out;
    if (fstat(from, &st) != 0)
        return failed(s, err);
    sx_job_total(job, sx_job_progress(job).total + (uint64_t)st.st_size);
    if (!out_new(&out, to, save_name(s), (uint64_t)st.st_size, err))
        return false;
    bool done = save_copy_bytes(s, job, out, from, (uint64_t)st.st_size, err) && out_finish(out, err);
    out_free(out);
    return done && metadata_copy(from, to, err) && (fsync(to) == 0 || failed(s, err)) &&
           is_same(s, from, to, (uint64_t)st.st_size, err);
}

/* The content of the target in a new file `name` beside it, on the disk; whether the name is, too, is another matter. */
static bool
copy_old(SxSave *s, const char *name, SxJob *job, SxError *err)
{
    const Target *t = &s->target;
    int from = openat(t->dir, t->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int to = from >= 0 ? target_make(t, name, false, err) : -1;
    bool done = to >= 0 ? copy_into(s, job, from, to, err) : from < 0 ? failed(s, err) : false;
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    if (done)
        return true;
    if (to >= 0)
        unlinkat(t->dir, name, 0);
    return false;
}

/* --- as NAME~ ---------------------------------------------------------------------------------------------------------- */

/* A file whose name another one takes goes on under this one: nothing is copied. */
static bool
link_old(const SxSave *s, const char *name)
{
    const Target *t = &s->target;
    return s->plan.way == SX_SAVE_COPY && linkat(t->dir, t->name, t->dir, name, 0) == 0;
}

/* A backup of before is there until the new one is whole. */
static bool
name_backup(const SxSave *s, const char *name, SxError *err)
{
    const Target *t = &s->target;
    char *backup;
    if (asprintf(&backup, "%s~", t->name) < 0)
        return no_memory(err);
    bool done = renameat(t->dir, name, t->dir, backup) == 0 || failed(s, err);
    free(backup);
    if (!done)
        unlinkat(t->dir, name, 0);
    return done && target_sync_dir(t, err);
}

/* The journal has the name before the file is there: a crash leaves nothing that nobody knows of. */
static bool
tell_journal(const SxSave *s, const char *name, SxError *err)
{
    const Target *t = &s->target;
    char *path;
    if (asprintf(&path, "%.*s%s", (int)(t->name - t->path), t->path, name) < 0)
        return no_memory(err);
    journal_file(s->journal, JOURNAL_ROLE_BACKUP, 0, path, -1, false, NULL);
    free(path);
    return true;
}

bool
save_backup(SxSave *s, SxJob *job, SxError *err)
{
    const Target *t = &s->target;
    if (!(s->flags & SX_SAVE_BACKUP) || !t->exists || !S_ISREG(t->st.st_mode))
        return true;
    char *name = target_temporary_name(t);
    bool done = (name || no_memory(err)) && tell_journal(s, name, err) &&
                (link_old(s, name) || copy_old(s, name, job, err)) && name_backup(s, name, err);
    free(name);
    return done;
}

/* --- while it is rewritten ------------------------------------------------------------------------------------------------ */

bool
save_guard(SxSave *s, SxJob *job, SxError *err)
{
    s->guard = target_temporary_name(&s->target);
    bool made = (s->guard || no_memory(err)) && copy_old(s, s->guard, job, err);
    if (made && target_sync_dir(&s->target, err))
        return true;
    if (made)
        unlinkat(s->target.dir, s->guard, 0);
    free(s->guard);
    s->guard = NULL;
    return false;
}

void
save_unguard(SxSave *s)
{
    if (s->guard && !s->torn)
        unlinkat(s->target.dir, s->guard, 0);
    free(s->guard);
    s->guard = NULL;
}
