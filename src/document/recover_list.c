/*
 * recover_list.c - the journals in a state directory: which there are, what they hold, and away with them.
 *
 * Directories there whose name begins with 16 hex digits are journals; what else lies there is not ours to look at.
 */
#include "document/recover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sextant/text.h>

#include "document/journal_dir.h"

enum { DIGITS = JOURNAL_NAME_LEN - 1 };

static bool
is_journal(const char *name, const char *wanted)
{
    if (strspn(name, "0123456789abcdef") != DIGITS || name[DIGITS] != '.' || strcmp(name + DIGITS, ".lock") == 0)
        return false;
    return !wanted || strncmp(name, wanted, DIGITS) == 0;
}

typedef bool Found(void *data, const char *dir);

/* Call for each journal (of `path`, or all: NULL) until it says false. */
static bool
each_journal(const char *state_dir, const char *path, Found *found, void *data)
{
    char name[JOURNAL_NAME_LEN];
    DIR *d = opendir(state_dir);
    bool more = true;
    if (path)
        journal_name(path, name);
    for (struct dirent *e = d ? readdir(d) : NULL; e && more; e = readdir(d)) {
        char *dir;
        if (!is_journal(e->d_name, path ? name : NULL))
            continue;
        if (asprintf(&dir, "%s/%s", state_dir, e->d_name) < 0) {
            more = false;
            break;
        }
        more = found(data, dir);
        free(dir);
    }
    if (d)
        closedir(d);
    return more;
}

/* --- one ------------------------------------------------------------------------------------------------------------------ */

static void
info_clear(SxJournalInfo *info)
{
    free(info->dir);
    free(info->path);
}

/* A crash: what it left is known only when it is played. */
static void
tell_crashed(SxJournalInfo *info, const char *dir)
{
    Recovery r = {0};
    if (recovery_begin(&r, dir, &(SxDocumentOptions){0}, &info->why) && recovery_settle(&r, &info->why)) {
        info->changes = sx_document_changes(r.d).hunks;
        info->relation = r.relation;
        info->why = r.damage;
        info->state = r.torn ? SX_JOURNAL_TORN : info->changes ? SX_JOURNAL_UNSAVED : SX_JOURNAL_HISTORY;
    } else {
        info->state = SX_JOURNAL_BROKEN;
    }
    recovery_clear(&r);
}

/* What a session that runs has written so far: its lock is not ours. */
static void
tell_live(SxJournalInfo *info, const JournalHead *head, const char *dir)
{
    Recovery r = {0};
    info->state = SX_JOURNAL_LIVE;
    info->process = head->process;
    snprintf(info->tty, sizeof info->tty, "%s", strncmp(head->tty, "/dev/", 5) == 0 ? head->tty + 5 : head->tty);
    if (recovery_begin(&r, dir, &(SxDocumentOptions){0}, NULL) && recovery_settle(&r, NULL))
        info->changes = sx_document_changes(r.d).hunks;
    recovery_clear(&r);
}

static void
tell(SxJournalInfo *info, const char *dir)
{
    JournalReader *reader;
    bool discarded;
    if (!journal_reader_open(&reader, dir, &info->why)) {
        info->state = SX_JOURNAL_BROKEN;
        return;
    }
    const JournalHead *head = journal_reader_head(reader);
    free(info->path);
    info->path = strdup(head->has_file ? head->path : "");
    info->time = journal_reader_time(reader).tv_sec;
    info->nanoseconds = (uint32_t)journal_reader_time(reader).tv_nsec;
    bool closed = journal_reader_closed(reader, &info->changes, &discarded);
    if (head->live)
        tell_live(info, head, dir);
    else if (closed)
        info->state = discarded ? SX_JOURNAL_DISCARDED : SX_JOURNAL_HISTORY;
    journal_reader_close(reader);
    if (info->state == SX_JOURNAL_UNSAVED)
        tell_crashed(info, dir);
}

/* --- all -------------------------------------------------------------------------------------------------------------------- */

typedef struct Listing {
    SxJournalInfo *list;
    size_t count;
    size_t room;
    const char *path; /* NULL: all */
} Listing;

static bool
add_info(void *data, const char *dir)
{
    Listing *l = data;
    SxJournalInfo info = {.dir = strdup(dir), .path = strdup("")};
    if (!info.dir || !info.path || !sx_grow(&l->list, &l->room, l->count + 1, sizeof *l->list)) {
        info_clear(&info);
        return false;
    }
    tell(&info, dir);
    if (info.why.code == SX_ERR_MISSING) { /* removed, or a name that leads to none */
        info_clear(&info);
        return true;
    }
    /* names are digests: another file may have the same */
    bool other = l->path && info.path && info.path[0] && strcmp(info.path, l->path) != 0;
    if (!info.path || other)
        info_clear(&info);
    else
        l->list[l->count++] = info;
    return true;
}

static int
newest_first(const void *a, const void *b)
{
    const SxJournalInfo *x = a;
    const SxJournalInfo *y = b;
    if (x->time != y->time)
        return x->time < y->time ? 1 : -1;
    return x->nanoseconds < y->nanoseconds ? 1 : x->nanoseconds > y->nanoseconds ? -1 : strcmp(x->dir, y->dir);
}

bool
sx_journal_list(const char *state_dir, const char *path, SxJournalInfo **out, size_t *count, SxError *err)
{
    Listing l = {.path = path};
    if (!each_journal(state_dir, path, add_info, &l)) {
        sx_journal_list_free(l.list, l.count);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to look for journals");
    }
    if (l.count > 1)
        qsort(l.list, l.count, sizeof *l.list, newest_first);
    *out = l.list;
    *count = l.count;
    return true;
}

void
sx_journal_list_free(SxJournalInfo *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        info_clear(&list[i]);
    free(list);
}

static bool
stop(void *data, const char *dir)
{
    (void)data, (void)dir;
    return false;
}

bool
sx_journal_any(const char *state_dir, const char *path)
{
    return !each_journal(state_dir, path, stop, NULL);
}

/* --- away ---------------------------------------------------------------------------------------------------------------------- */

bool
sx_journal_remove(const char *dir, SxError *err)
{
    JournalReader *reader = NULL;
    SxError why = {0};
    bool read = journal_reader_open(&reader, dir, &why);
    bool live = read && journal_reader_head(reader)->live;
    uint32_t process = live ? journal_reader_head(reader)->process : 0;
    journal_reader_close(reader);
    if (live)
        return sx_fail(err, SX_ERR_BUSY, "the journal is in use by Sextant %u", process);
    JournalDir gone = {.path = strdup(dir)};
    if (!gone.path)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to remove a journal");
    journal_dir_remove(&gone);
    journal_dir_close(&gone);
    struct stat st;
    return stat(dir, &st) != 0 || sx_fail(err, SX_ERR_IO, "the journal in '%s' cannot be removed", dir);
}

static bool
expire(void *data, const char *dir)
{
    int64_t before = *(const int64_t *)data;
    JournalReader *reader;
    uint64_t unsaved;
    bool discarded;
    if (!journal_reader_open(&reader, dir, NULL))
        return true;
    bool old = journal_reader_time(reader).tv_sec < before && !journal_reader_head(reader)->live &&
               journal_reader_closed(reader, &unsaved, &discarded);
    journal_reader_close(reader);
    if (old)
        sx_journal_remove(dir, NULL);
    return true;
}

void
sx_journal_expire(const char *state_dir, int64_t before)
{
    each_journal(state_dir, NULL, expire, &before);
}
