/*
 * journal_dir.h - the directory of a journal: made with its head and its lock, removed when nothing is left to keep.
 */
#pragma once

#include "document/journal.h"
#include "document/journal_lock.h"

/* All zero is none. */
typedef struct JournalDir {
    char *path;
    int head;      /* descriptor, locked; 0: not open */
    int log;       /* descriptor; 0: not open */
    uint64_t salt; /* of this journal, in its head and its log */
    unsigned parents_made; /* directories above it that are new */
    JournalLock lock; /* of the file; none where there is no file */
} JournalDir;

enum { JOURNAL_NAME_LEN = 17 };
/* What the names of journals and of the lock of a file begin with; path NULL: of documents without a file. */
void journal_name(const char *path, char name[JOURNAL_NAME_LEN]);

/* chunk: of the add buffer. On failure nothing is left. SX_ERR_BUSY: somebody else edits the file. */
bool journal_dir_make(JournalDir *dir, const char *state_dir, const JournalFile *file, size_t chunk, SxError *err);
/* One that was left behind in `path`, its log cut to `end` bytes. subject: the file it is about, NULL: none. SX_ERR_BUSY:
 * somebody has it, or edits the file. */
bool journal_dir_take(JournalDir *dir, const char *path, const char *subject, uint64_t end, SxError *err);
/* The head, and the directory's own name in the state directory, on the disk. */
bool journal_dir_sync(const JournalDir *dir, SxError *err);
void journal_dir_remove(JournalDir *dir); /* the files; the head first */
void journal_dir_close(JournalDir *dir);
