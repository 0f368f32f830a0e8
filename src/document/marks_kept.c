/*
 * marks_kept.c - the file `marks` of a journal: "SXMARKS\1", whose identity, how many, each as in a record; a digest over
 * all of it.
 */
#include "document/marks_kept.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sextant/recovery.h>

#include "document/digest.h"
#include "document/disk.h"

#define MAGIC "SXMARKS\1"

enum { MAGIC_LEN = 8, DIGEST_LEN = 8, FILE_MAX = 1 << 26 };

static int
open_marks(const char *dir, int flags)
{
    char *path;
    if (asprintf(&path, "%s/marks", dir) < 0)
        return -1;
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    free(path);
    return fd;
}

/* --- keeping ------------------------------------------------------------------------------------------------------------ */

/* Marks go along to the step that the file holds, without the document. */
static bool
to_saved(SxDocument *d)
{
    const History *h = &d->history;
    uint32_t *way;
    size_t count;
    uint32_t common = history_common(h, h->current, d->saved_step);
    if (!history_way(h, common, d->saved_step, &way, &count, NULL))
        return false;
    d->n_listeners = 0;
    for (uint32_t i = h->current; i > common; i = steps_at(h->steps, i)->parent)
        document_tell_step(d, i, true);
    for (size_t i = 0; i < count; i++)
        document_tell_step(d, way[i], false);
    free(way);
    return !steps_failed(h->steps, NULL);
}

static bool
in_file(SxDocument *d)
{
    if (!sx_document_modified(d))
        return true;
    return d->saved_step < d->history.count && d->saved_file == d->file &&
           d->saved_epoch == store_file(d->store, d->file)->epoch && to_saved(d);
}

static bool
put_marks(Wire *w, SxDocument *d)
{
    Identity id;
    if (!d->map || !identity_of(sx_map_fd(d->map), IDENTITY_SIZE, &id, NULL))
        return false;
    identity_sample(&id, sx_map_fd(d->map));
    wire_put_bytes(w, sx_bytes(MAGIC, MAGIC_LEN));
    identity_put(w, &id);
    wire_put(w, d->marks.count, 4);
    for (size_t i = 0; i < d->marks.count; i++) {
        const Mark *m = &d->marks.list[i];
        wire_put(w, m->span.at, 8);
        wire_put(w, m->span.len, 8);
        wire_put_text(w, m->name);
        wire_put_text(w, m->colour);
        wire_put_text(w, m->note);
    }
    wire_put(w, digest(0, sx_bytes(w->data, w->len)), DIGEST_LEN);
    return !w->failed;
}

void
document_keep_marks(SxDocument *d)
{
    Wire w = {0};
    int fd = in_file(d) && put_marks(&w, d) ? open_marks(journal_dir(d->journal), O_WRONLY | O_CREAT | O_TRUNC) : -1;
    if (fd >= 0) {
        (void)!write_all(fd, sx_bytes(w.data, w.len), 0); /* torn, its digest says so */
        close(fd);
    }
    free(w.data);
}

/* --- bringing them back ------------------------------------------------------------------------------------------------------ */

static bool
is_of_file(const SxDocument *d, const Identity *id)
{
    struct stat st;
    int fd = d->map ? sx_map_fd(d->map) : -1;
    if (fd < 0 || fstat(fd, &st) != 0)
        return false;
    bool same = !S_ISREG(st.st_mode) || ((uint64_t)st.st_size == id->size && st.st_mtim.tv_sec == id->mtime.tv_sec &&
                                         st.st_mtim.tv_nsec == id->mtime.tv_nsec);
    return same && identity_samples_match(id, fd);
}

/* A word that may lie anywhere: it ends where its length says. NULL: no memory. */
static char *
word_of(Unwire *u)
{
    SxBytes b = unwire_text(u);
    return u->failed ? NULL : strndup((const char *)b.data, b.len);
}

static bool
take_mark(SxDocument *d, Unwire *u)
{
    SxMark m = {.span = {.at = unwire(u, 8)}};
    m.span.len = unwire(u, 8);
    char *name = word_of(u);
    char *colour = word_of(u);
    char *note = word_of(u);
    m.name = name;
    m.colour = colour;
    m.note = note;
    bool set = name && colour && note && sx_document_mark_set(d, &m, NULL);
    free(name);
    free(colour);
    free(note);
    return set;
}

static bool
take_marks(SxDocument *d, SxBytes bytes)
{
    Identity id;
    Unwire u = {.rest = bytes};
    SxBytes magic = unwire_bytes(&u, MAGIC_LEN);
    identity_get(&u, &id);
    uint64_t count = unwire(&u, 4);
    if (u.failed || memcmp(magic.data, MAGIC, MAGIC_LEN) != 0 || !is_of_file(d, &id))
        return false;
    for (uint64_t i = 0; i < count && !u.failed; i++)
        take_mark(d, &u);
    d->remarked = false;
    return true;
}

static bool
read_marks(SxDocument *d, const char *dir)
{
    struct stat st;
    int fd = open_marks(dir, O_RDONLY);
    bool sized = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > MAGIC_LEN + DIGEST_LEN && st.st_size < FILE_MAX;
    size_t len = sized ? (size_t)st.st_size - DIGEST_LEN : 0;
    uint8_t *bytes = sized ? malloc(len + DIGEST_LEN) : NULL;
    bool done = bytes && read_all(fd, bytes, len + DIGEST_LEN, 0);
    if (done) {
        Unwire tail = {.rest = {bytes + len, DIGEST_LEN}};
        done = unwire(&tail, DIGEST_LEN) == digest(0, sx_bytes(bytes, len)) && take_marks(d, sx_bytes(bytes, len));
    }
    free(bytes);
    if (fd >= 0)
        close(fd);
    return done;
}

void
sx_document_recall_marks(SxDocument *d)
{
    SxJournalInfo *list;
    size_t count;
    const char *path = sx_document_path(d);
    if (!d->keeps_history || !d->state_dir || !path || d->marks.count > 0 || d->remarked)
        return;
    char *real = realpath(path, NULL);
    bool any = real && sx_journal_any(d->state_dir, real) && sx_journal_list(d->state_dir, real, &list, &count, NULL);
    bool done = false;
    for (size_t i = 0; any && !done && i < count; i++)
        done = (list[i].state == SX_JOURNAL_HISTORY || list[i].state == SX_JOURNAL_DISCARDED) && read_marks(d, list[i].dir);
    if (any)
        sx_journal_list_free(list, count);
    free(real);
}
