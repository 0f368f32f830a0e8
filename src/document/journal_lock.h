/*
 * journal_lock.h - one editor a file: taken with the journal, at the first edit; whoever comes second is told who has it.
 *
 * A file `NAME.lock` in the state directory, NAME being the digest of the real path, locked (flock) as long as its
 * owner lives; its content is for the message only. The last one takes the file away.
 */
#pragma once

#include <sextant/error.h>

/* All zero is none. */
typedef struct JournalLock {
    char *path;
    int fd;
} JournalLock;

/* name: in state_dir, without ".lock"; file: for the message.
 * errors   SX_ERR_BUSY: somebody has it, text says who; SX_ERR_IO and others: it cannot be made */
bool journal_lock_take(JournalLock *lock, const char *state_dir, const char *name, const char *file, SxError *err);
void journal_lock_drop(JournalLock *lock);
