/*
 * journal_records.c - what is written down, record by record, as journal_format.h has it.
 */
#include "document/journal_append.h"

#include <stdlib.h>
#include <time.h>

#include "document/identity.h"

/* What says nothing without its neighbour waits for it: the beginning of a step for its splice, the end for whatever
 * comes behind. */
static bool
may_wait(JournalMark mark)
{
    return mark == JOURNAL_STEP_BEGIN || mark == JOURNAL_STEP_END || mark == JOURNAL_CURSOR;
}

static bool
put_mark(Journal *j, JournalMark mark, uint32_t detail, uint64_t number, int64_t ns, SxError *err)
{
    if (!j)
        return true;
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    wire_put(w, mark, 4);
    wire_put(w, detail, 4);
    wire_put(w, number, 8);
    wire_put(w, (uint64_t)ns, 8);
    return journal_record_finish(j, JOURNAL_TYPE_MARK, may_wait(mark), err);
}

bool
journal_mark(Journal *j, JournalMark mark, uint64_t number, SxError *err)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return put_mark(j, mark, 0, number, (int64_t)t.tv_sec * 1000000000 + t.tv_nsec, err);
}

bool
journal_step(Journal *j, uint64_t number, uint32_t kind, int64_t time, SxError *err)
{
    return put_mark(j, JOURNAL_STEP_BEGIN, kind, number, time * 1000000000, err);
}

bool
journal_splice(Journal *j, const JournalSplice *splice, SxError *err)
{
    if (!j)
        return true;
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    uint64_t removed = 0;
    for (size_t i = 0; i < splice->n_removed; i++)
        removed += splice->removed[i].len;
    wire_put(w, splice->at, 8);
    wire_put(w, removed, 8);
    wire_put(w, splice->n_inserted, 4);
    for (size_t i = 0; i < splice->n_inserted; i++)
        put_piece(w, &splice->inserted[i]);
    return journal_record_end(j, JOURNAL_TYPE_SPLICE, err);
}

bool
journal_note(Journal *j, JournalNote what, const SxMark *mark, bool more, SxError *err)
{
    if (!j)
        return true;
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    wire_put(w, what, 1);
    wire_put(w, mark->span.at, 8);
    wire_put(w, mark->span.len, 8);
    wire_put_text(w, mark->name);
    wire_put_text(w, mark->colour);
    wire_put_text(w, mark->note);
    return journal_record_finish(j, JOURNAL_TYPE_NOTE, more, err);
}

static bool
put_image(Journal *j, JournalType type, const uint64_t numbers[3], uint32_t epoch, SxError *err)
{
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    for (unsigned i = 0; i < 3; i++)
        wire_put(w, numbers[i], 8);
    wire_put(w, epoch, 4);
    return journal_record_finish(j, type, type == JOURNAL_TYPE_WITNESS, err);
}

bool
journal_witness(Journal *j, uint64_t file_at, uint64_t len, uint64_t add_at, uint32_t epoch, SxError *err)
{
    const uint64_t numbers[3] = {file_at, len, add_at};
    return !j || put_image(j, JOURNAL_TYPE_WITNESS, numbers, epoch, err);
}

bool
journal_before_image(Journal *j, uint64_t file_at, uint64_t len, uint64_t add_at, uint32_t epoch, bool sync,
                     SxError *err)
{
    const uint64_t numbers[3] = {file_at, len, add_at};
    return !j || (put_image(j, JOURNAL_TYPE_BEFORE, numbers, epoch, err) && (!sync || journal_sync(j, err)));
}

bool
journal_lost_image(Journal *j, uint64_t file_at, uint64_t len, uint32_t epoch, SxError *err)
{
    if (!j)
        return true;
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    wire_put(w, file_at, 8);
    wire_put(w, len, 8);
    wire_put(w, epoch, 4);
    return journal_record_end(j, JOURNAL_TYPE_LOST, err);
}

bool
journal_resize(Journal *j, uint64_t old, uint64_t size, uint32_t epoch, bool sync, SxError *err)
{
    if (!j)
        return true;
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    wire_put(w, old, 8);
    wire_put(w, size, 8);
    wire_put(w, epoch, 4);
    return journal_record_end(j, JOURNAL_TYPE_RESIZE, err) && (!sync || journal_sync(j, err));
}

/* Whoever reads it may stand in another directory. */
static void
put_path(Wire *w, const char *path)
{
    char *real = path && path[0] != '/' ? realpath(path, NULL) : NULL;
    wire_put_text(w, real ? real : path);
    free(real);
}

bool
journal_other_file(Journal *j, uint16_t source, const char *path, SxError *err)
{
    if (!j)
        return true;
    Identity id = identity_of_name(path);
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    wire_put(w, source, 2);
    identity_put(w, &id);
    put_path(w, path);
    return journal_record_end(j, JOURNAL_TYPE_OTHER, err);
}

bool
journal_file(Journal *j, JournalRole role, uint16_t source, const char *path, int fd, bool sync, SxError *err)
{
    if (!j)
        return true;
    Identity id = {0};
    if (fd >= 0 && !identity_of(fd, IDENTITY_SIZE, &id, err))
        return false;
    if (fd >= 0 && role == JOURNAL_ROLE_CURRENT)
        identity_sample(&id, fd);
    else if (role == JOURNAL_ROLE_CURRENT)
        id = identity_of_name(path);
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    wire_put(w, role, 4);
    wire_put(w, source, 2);
    identity_put(w, &id);
    put_path(w, path);
    return journal_record_end(j, JOURNAL_TYPE_FILE, err) && (!sync || journal_sync(j, err));
}

bool
journal_rebase(Journal *j, uint16_t source, const JournalMoved *moved, size_t count, SxError *err)
{
    if (!j)
        return true;
    Wire *w = journal_record_begin(j);
    if (!w)
        return journal_refuse(j, err);
    wire_put(w, source, 2);
    wire_put(w, count, 4);
    for (size_t i = 0; i < count; i++) {
        wire_put(w, moved[i].offset, 8);
        wire_put(w, moved[i].epoch, 4);
        put_piece(w, &moved[i].home);
    }
    return journal_record_end(j, JOURNAL_TYPE_REBASE, err);
}

void
journal_closed(Journal *j, uint64_t unsaved, bool discarded)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    put_mark(j, JOURNAL_CLOSED, discarded, unsaved, (int64_t)t.tv_sec * 1000000000 + t.tv_nsec, NULL);
}
