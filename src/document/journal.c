/*
 * journal.c - the log that records are appended to, and the thread that puts it on the disk.
 */
#include "document/journal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "document/digest.h"
#include "document/disk.h"
#include "document/journal_append.h"
#include "document/journal_base.h"
#include "document/journal_dir.h"

enum {
    SYNC_RECORDS = 200,
    SYNC_SECONDS = 1,
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

bool
journal_failed(const Journal *j)
{
    return atomic_load(&j->failed);
}

bool
journal_refuse(const Journal *j, SxError *err)
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
        return journal_refuse(j, err);
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
    return journal_refuse(j, err);
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

Wire *
journal_record_begin(Journal *j)
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

bool
journal_record_finish(Journal *j, JournalType type, bool waits, SxError *err)
{
    SxError why;
    bool done = record_seal(j, type, &why) && (waits || log_write(j, &why));
    if (!done)
        give_up(j, &why);
    pthread_mutex_unlock(&j->lock);
    return done || journal_refuse(j, err);
}

bool
journal_record_end(Journal *j, JournalType type, SxError *err)
{
    return journal_record_finish(j, type, false, err);
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
