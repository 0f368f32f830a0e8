/*
 * journal.c - appending records to the log, and the thread that puts them on the disk. Offsets in records are those of
 * the document (splices), of the file (before-images) or of the add buffer, as journal_format.h says.
 */
#include "document/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "document/digest.h"
#include "document/disk.h"
#include "document/identity.h"
#include "document/journal_base.h"
#include "document/journal_dir.h"
#include "document/journal_format.h"

enum {
    SYNC_RECORDS = 200,
    SYNC_SECONDS = 1,
    BULK_RECORD = 1 << 20, /* bytes of places that fill a record */
};

struct Journal {
    JournalDir dir;
    JournalBase base;
    Add *add; /* one count */
    pthread_mutex_t lock; /* what is below; never held while the disk is synced */
    uint64_t at;          /* length of the log */
    uint64_t sequence;    /* of the last record */
    uint64_t data_end;    /* of the add buffer, as the last record has it */
    Wire wire;            /* records that wait to be written, the one that is made last */
    size_t begun;         /* where that one begins */
    Patience patience;
    SxError why;          /* set before `failed`, once */
    atomic_bool failed;
    atomic_bool named;    /* head and name are on the disk */
    pthread_t thread;     /* syncs; started by the first record */
    bool running;
    bool stop;
    unsigned unsynced;    /* records since the thread looked */
    pthread_cond_t wake;
};

/* --- failing ------------------------------------------------------------------------------------------------------- */

/* Under the lock. The log ends at its last whole record; what comes later would have a gap before it. */
static void
give_up(Journal *j, const SxError *why)
{
    if (atomic_load(&j->failed))
        return;
    j->why = *why;
    atomic_store(&j->failed, true);
}

bool
journal_unprotected(const Journal *j, SxError *why)
{
    if (!j)
        return false;
    if (atomic_load(&j->failed)) {
        if (why)
            *why = j->why;
        return true;
    }
    return add_unprotected(j->add, why) || journal_base_unkept(&j->base, why);
}

static bool
refuse(const Journal *j, SxError *err)
{
    if (err && !journal_unprotected(j, err))
        sx_fail(err, SX_ERR_IO, "the journal is closed");
    return false;
}

/* --- syncing --------------------------------------------------------------------------------------------------------- */

static bool log_write(Journal *j, SxError *why);

/* The head and the directory's own name, once. */
static bool
sync_name(Journal *j, SxError *why)
{
    if (atomic_load(&j->named))
        return true;
    if (!journal_dir_sync(&j->dir, why))
        return false;
    atomic_store(&j->named, true);
    return true;
}

bool
journal_sync(Journal *j, SxError *err)
{
    if (!j)
        return true;
    SxError why = {0};
    if (atomic_load(&j->failed))
        return refuse(j, err);
    pthread_mutex_lock(&j->lock);
    bool done = log_write(j, &why);
    pthread_mutex_unlock(&j->lock);
    done = done && add_sync(j->add, &why) && sync_name(j, &why);
    if (done && fdatasync(j->dir.log) != 0)
        done = sx_fail_errno(&why, errno, "cannot put the journal on the disk");
    if (done)
        return true;
    /* Pages that failed to reach the disk may be gone from the cache: nothing later can be relied on. */
    pthread_mutex_lock(&j->lock);
    give_up(j, &why);
    pthread_mutex_unlock(&j->lock);
    return refuse(j, err);
}

/* Under the lock: until there are enough records or the first of them is old enough. */
static void
wait_for_work(Journal *j)
{
    while (!j->stop && j->unsynced == 0)
        pthread_cond_wait(&j->wake, &j->lock);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += SYNC_SECONDS;
    int waited = 0;
    while (!j->stop && j->unsynced < SYNC_RECORDS && waited == 0)
        waited = pthread_cond_timedwait(&j->wake, &j->lock, &until);
}

static void *
sync_thread(void *data)
{
    Journal *j = data;
    pthread_mutex_lock(&j->lock);
    for (;;) {
        wait_for_work(j);
        if (j->stop)
            break;
        j->unsynced = 0;
        pthread_mutex_unlock(&j->lock);
        journal_sync(j, NULL);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

/* Under the lock. Signals are for the threads that know them. Without a thread the data is safe from kill -9 all the
 * same, and close syncs. */
static void
start_thread(Journal *j)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    j->running = pthread_create(&j->thread, NULL, sync_thread, j) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void
stop_thread(Journal *j)
{
    pthread_mutex_lock(&j->lock);
    j->stop = true;
    bool running = j->running;
    pthread_cond_signal(&j->wake);
    pthread_mutex_unlock(&j->lock);
    if (running)
        pthread_join(j->thread, NULL);
}

/* --- records ----------------------------------------------------------------------------------------------------------- */

/* Take the lock and make room for the head. NULL: the journal has failed (or there is none), nothing is locked. */
static Wire *
record_begin(Journal *j)
{
    if (atomic_load(&j->failed))
        return NULL;
    pthread_mutex_lock(&j->lock);
    j->begun = j->wire.len;
    wire_space(&j->wire, JOURNAL_RECORD_HEAD);
    return &j->wire;
}

/* Over all that was appended since the last record, whoever did it. */
static uint64_t
data_digest(const Journal *j, uint64_t end)
{
    uint64_t sum = j->dir.salt;
    uint64_t at = j->data_end;
    SxBytes bytes;
    while (at < end && add_walk(j->add, &at, &bytes) && at < end) {
        if (bytes.len > end - at)
            bytes.len = (size_t)(end - at);
        sum = digest(sum, bytes);
        at += bytes.len;
    }
    return sum;
}

static void
fill_head(Journal *j, JournalType type, uint64_t end)
{
    Wire *w = &j->wire;
    size_t behind = w->len;
    w->len = j->begun;
    wire_put(w, behind - j->begun - JOURNAL_RECORD_HEAD, 4);
    wire_put(w, type, 4);
    wire_put(w, j->sequence + 1, 8);
    wire_put(w, end, 8);
    wire_put(w, data_digest(j, end), 8);
    w->len = behind;
    wire_put(w, digest(j->dir.salt, sx_bytes(w->data + j->begun, behind - j->begun)), 8);
}

/* Under the lock. */
static bool
record_seal(Journal *j, JournalType type, SxError *why)
{
    uint64_t end = add_size(j->add);
    /* Asked after the size: what is counted is then in files. */
    if (add_unprotected(j->add, why))
        return false;
    if (!j->wire.failed)
        fill_head(j, type, end);
    if (j->wire.failed)
        return sx_fail(why, SX_ERR_NOMEM, "no memory for the journal");
    if (j->wire.len - j->begun > JOURNAL_PAYLOAD_MAX)
        return sx_fail(why, SX_ERR_LIMIT, "a change of too many pieces for the journal");
    j->sequence++;
    j->data_end = end;
    return true;
}

static void
wake_thread(Journal *j)
{
    j->unsynced++;
    if (!j->running)
        start_thread(j);
    else if (j->unsynced == 1 || j->unsynced == SYNC_RECORDS)
        pthread_cond_signal(&j->wake);
}

/* Under the lock: all that waits. */
static bool
log_write(Journal *j, SxError *why)
{
    size_t len = j->wire.len;
    uint64_t began = patience_clock();
    if (len == 0)
        return true;
    if (!write_all(j->dir.log, sx_bytes(j->wire.data, len), j->at))
        return sx_fail_errno(why, errno, "cannot write the journal");
    if (patience_lost(&j->patience, patience_clock() - began, len))
        return sx_fail(why, SX_ERR_IO, "the disk of the journal is too slow");
    j->at += len;
    j->wire.len = 0;
    wake_thread(j);
    return true;
}

/* What says nothing without its neighbour waits for it: the beginning of a step for its splice, the end for whatever
 * comes behind. */
static bool
may_wait(JournalMark mark)
{
    return mark == JOURNAL_STEP_BEGIN || mark == JOURNAL_STEP_END || mark == JOURNAL_CURSOR;
}

/* Write the record, or let it wait, and let go of the lock. */
static bool
record_finish(Journal *j, JournalType type, bool waits, SxError *err)
{
    SxError why;
    bool done = record_seal(j, type, &why) && (waits || log_write(j, &why));
    if (!done)
        give_up(j, &why);
    pthread_mutex_unlock(&j->lock);
    return done || refuse(j, err);
}

static bool
record_end(Journal *j, JournalType type, SxError *err)
{
    return record_finish(j, type, false, err);
}

static bool
put_mark(Journal *j, JournalMark mark, uint32_t detail, uint64_t number, int64_t ns, SxError *err)
{
    if (!j)
        return true;
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    wire_put(w, mark, 4);
    wire_put(w, detail, 4);
    wire_put(w, number, 8);
    wire_put(w, (uint64_t)ns, 8);
    return record_finish(j, JOURNAL_TYPE_MARK, may_wait(mark), err);
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
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    uint64_t removed = 0;
    for (size_t i = 0; i < splice->n_removed; i++)
        removed += splice->removed[i].len;
    wire_put(w, splice->at, 8);
    wire_put(w, removed, 8);
    wire_put(w, splice->n_inserted, 4);
    for (size_t i = 0; i < splice->n_inserted; i++)
        put_piece(w, &splice->inserted[i]);
    return record_end(j, JOURNAL_TYPE_SPLICE, err);
}

bool
journal_note(Journal *j, JournalNote what, const SxMark *mark, bool more, SxError *err)
{
    if (!j)
        return true;
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    wire_put(w, what, 1);
    wire_put(w, mark->span.at, 8);
    wire_put(w, mark->span.len, 8);
    wire_put_text(w, mark->name);
    wire_put_text(w, mark->colour);
    wire_put_text(w, mark->note);
    return record_finish(j, JOURNAL_TYPE_NOTE, more, err);
}

static bool
put_image(Journal *j, JournalType type, const uint64_t numbers[3], uint32_t epoch, SxError *err)
{
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    for (unsigned i = 0; i < 3; i++)
        wire_put(w, numbers[i], 8);
    wire_put(w, epoch, 4);
    return record_finish(j, type, type == JOURNAL_TYPE_WITNESS, err);
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
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    wire_put(w, file_at, 8);
    wire_put(w, len, 8);
    wire_put(w, epoch, 4);
    return record_end(j, JOURNAL_TYPE_LOST, err);
}

bool
journal_resize(Journal *j, uint64_t old, uint64_t size, uint32_t epoch, bool sync, SxError *err)
{
    if (!j)
        return true;
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    wire_put(w, old, 8);
    wire_put(w, size, 8);
    wire_put(w, epoch, 4);
    return record_end(j, JOURNAL_TYPE_RESIZE, err) && (!sync || journal_sync(j, err));
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
    struct stat st;
    Identity id = {0};
    if (stat(path, &st) == 0)
        id = identity_of_stat(&st);
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    wire_put(w, source, 2);
    identity_put(w, &id);
    put_path(w, path);
    return record_end(j, JOURNAL_TYPE_OTHER, err);
}

bool
journal_file(Journal *j, JournalRole role, uint16_t source, const char *path, int fd, bool sync, SxError *err)
{
    if (!j)
        return true;
    Identity id = {0};
    struct stat st;
    if (fd >= 0 && !identity_of(fd, IDENTITY_SIZE, &id, err))
        return false;
    if (fd >= 0 && role == JOURNAL_ROLE_CURRENT)
        identity_sample(&id, fd);
    else if (role == JOURNAL_ROLE_CURRENT && path && stat(path, &st) == 0)
        id = identity_of_stat(&st); /* an empty file is not mapped, and is one nevertheless */
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    wire_put(w, role, 4);
    wire_put(w, source, 2);
    identity_put(w, &id);
    put_path(w, path);
    return record_end(j, JOURNAL_TYPE_FILE, err) && (!sync || journal_sync(j, err));
}

bool
journal_rebase(Journal *j, uint16_t source, const JournalMoved *moved, size_t count, SxError *err)
{
    if (!j)
        return true;
    Wire *w = record_begin(j);
    if (!w)
        return refuse(j, err);
    wire_put(w, source, 2);
    wire_put(w, count, 4);
    for (size_t i = 0; i < count; i++) {
        wire_put(w, moved[i].offset, 8);
        wire_put(w, moved[i].epoch, 4);
        put_piece(w, &moved[i].home);
    }
    return record_end(j, JOURNAL_TYPE_REBASE, err);
}

/* --- many places ------------------------------------------------------------------------------------------------------- */

struct JournalBulk {
    Journal *journal;
    Wire places;       /* of the record that fills */
    uint64_t count;    /* of places in it */
    uint8_t flags;     /* JOURNAL_BULK_FIRST until the first record is written */
    uint64_t start;    /* of the record, in the document with the records before it replayed */
    uint64_t at;       /* end of the last span, offsets before the run */
    uint64_t new_at;   /* the same place with the run replayed so far */
    uint64_t add_last; /* offset of the last ADD piece in the record */
};

bool
journal_bulk_begin(Journal *j, JournalBulk **out, SxError *err)
{
    *out = NULL;
    if (!j)
        return true;
    if (atomic_load(&j->failed))
        return refuse(j, err);
    JournalBulk *b = calloc(1, sizeof *b);
    if (!b)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    b->journal = j;
    b->flags = JOURNAL_BULK_FIRST;
    *out = b;
    return true;
}

static bool
bulk_write(JournalBulk *b, uint8_t last, SxError *err)
{
    Wire *w = record_begin(b->journal);
    if (!w)
        return refuse(b->journal, err);
    wire_put(w, b->flags | last, 1);
    wire_put(w, b->start, 8);
    wire_put(w, b->count, 4);
    wire_put_bytes(w, sx_bytes(b->places.data, b->places.len));
    w->failed = w->failed || b->places.failed;
    b->places.len = 0;
    b->count = 0;
    b->flags = 0;
    b->start = b->new_at;
    b->add_last = 0;
    return record_end(b->journal, JOURNAL_TYPE_BULK, err);
}

static uint64_t
zigzag(uint64_t to, uint64_t from)
{
    uint64_t d = to - from;
    return d << 1 ^ (uint64_t)-(d >> 63);
}

static void
put_place_piece(JournalBulk *b, const Piece *p)
{
    Wire *w = &b->places;
    wire_put(w, p->kind, 1);
    if (p->kind == PIECE_ADD) {
        wire_put_short(w, zigzag(p->offset, b->add_last));
        b->add_last = p->offset;
        return;
    }
    wire_put_short(w, p->offset);
    if (p->kind == PIECE_FILE)
        wire_put_short(w, p->epoch);
    if (p->kind == PIECE_FILE || p->kind == PIECE_OTHER)
        wire_put_short(w, p->source);
}

bool
journal_bulk_place(JournalBulk *b, SxSpan span, const Piece *inserted, SxError *err)
{
    if (!b)
        return true;
    uint64_t len = inserted ? inserted->len : 0;
    wire_put_short(&b->places, span.at - b->at);
    wire_put_short(&b->places, span.len);
    wire_put_short(&b->places, len);
    if (len > 0)
        put_place_piece(b, inserted);
    b->count++;
    b->new_at += span.at - b->at + len;
    b->at = sx_span_end(span);
    return b->places.len < BULK_RECORD || bulk_write(b, 0, err);
}

void
journal_bulk_cancel(JournalBulk *b)
{
    if (!b)
        return;
    free(b->places.data);
    free(b);
}

bool
journal_bulk_end(JournalBulk *b, SxError *err)
{
    if (!b)
        return true;
    bool done = bulk_write(b, JOURNAL_BULK_LAST, err);
    journal_bulk_cancel(b);
    return done;
}

/* --- life ---------------------------------------------------------------------------------------------------------------- */

static void
init_lock(Journal *j)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&j->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&j->lock, NULL);
}

bool
journal_open(Journal **out, const char *state_dir, const JournalFile *file, Add *add, SxError *err)
{
    Journal *j = calloc(1, sizeof *j);
    if (!j)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    init_lock(j);
    j->at = JOURNAL_LOG_START;
    if (!journal_dir_make(&j->dir, state_dir, file, add_chunk(add), err))
        goto fail;
    /* one that was attached elsewhere and fails here keeps its bytes in memory, and says so */
    if (!add_attach(add, j->dir.path, err))
        goto fail;
    j->add = add_retain(add);
    *out = j;
    return true;
fail:
    journal_close(j, false);
    return false;
}

bool
journal_resume(Journal **out, const char *dir, const char *path, const JournalEnd *end, Add *add, SxError *err)
{
    Journal *j = calloc(1, sizeof *j);
    if (!j)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    init_lock(j);
    if (!journal_dir_take(&j->dir, dir, path, end->at, err)) {
        journal_close(j, true);
        return false;
    }
    j->dir.salt = end->salt;
    j->at = end->at;
    j->sequence = end->sequence;
    j->data_end = end->data_end;
    j->add = add_retain(add);
    *out = j;
    return true;
}

void
journal_keep_base(Journal *j, int fd, uint64_t size, uint64_t limit)
{
    journal_base_begin(&j->base, j->dir.path, fd, size, limit);
}

void
journal_give_up(Journal *j)
{
    if (!j)
        return;
    stop_thread(j);
    journal_base_end(&j->base, false);
    j->running = false;
    add_release(j->add);
    j->add = NULL;
}

void
journal_closed(Journal *j, uint64_t unsaved, bool discarded)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    put_mark(j, JOURNAL_CLOSED, discarded, unsaved, (int64_t)t.tv_sec * 1000000000 + t.tv_nsec, NULL);
}

void
journal_close(Journal *j, bool keep)
{
    if (!j)
        return;
    stop_thread(j);
    journal_base_end(&j->base, keep);
    if (keep && j->add)
        journal_sync(j, NULL);
    else if (!keep)
        journal_dir_remove(&j->dir);
    journal_dir_close(&j->dir);
    if (j->add)
        add_detach(j->add);
    add_release(j->add);
    free(j->wire.data);
    pthread_cond_destroy(&j->wake);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

const char *
journal_dir(const Journal *j)
{
    return j->dir.path;
}
