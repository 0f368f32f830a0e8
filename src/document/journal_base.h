/*
 * journal_base.h - the bytes that came by a pipe: they are nowhere else, so the journal keeps them, as its file `base`.
 *
 * A few are copied at once, more by a thread of its own; until all of them are on the disk, under that name, a crash loses
 * them, and `unkept` says so.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include <sextant/bytes.h>
#include <sextant/error.h>

typedef struct JournalBase {
    char *dir;
    int from;       /* a descriptor of its own */
    uint64_t size;
    pthread_t thread;
    bool running;
    atomic_bool stop;
    atomic_bool kept;
    atomic_bool failed;
    SxError why;    /* set before `failed` */
} JournalBase;

/* All zero is a journal that needs none. `limit`: bytes that may be kept, 0: any number. */
void journal_base_begin(JournalBase *b, const char *dir, int fd, uint64_t size, uint64_t limit);
bool journal_base_unkept(const JournalBase *b, SxError *why); /* why may be NULL */
/* `wait`: until they are kept; else what is not whole is given up. */
void journal_base_end(JournalBase *b, bool wait);

/* The one that was left in `dir`, open for reading; -1: there is none of that size. */
int journal_base_open(const char *dir, uint64_t size);
