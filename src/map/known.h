/*
 * known.h - what fstat and lseek last said of a file, for those who must not ask: a server that is gone does not answer.
 *
 * Whoever asks writes here what it was told, so the newest answer of all is known. Offsets are those of the file.
 *
 * threads    every call from any thread; known_stat under `asking`
 */
#pragma once

#include <sextant/bytes.h>

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

enum { HOLES_KNOWN = 64 };

typedef struct Known {
    pthread_mutex_t asking; /* from the question to its answer: an older one never comes last */
    _Atomic uint64_t size; /* bytes, UINT64_MAX: nobody has asked */
    _Atomic uint64_t stored; /* bytes that have blocks on the disk, UINT64_MAX: nobody has asked, or it is no such file */
    atomic_bool sparse;    /* fewer of them than bytes: there may be holes */
    pthread_mutex_t lock;
    SxSpan hole[HOLES_KNOWN]; /* where holes were found; len 0: none. Under lock, as `next` is */
    unsigned next;            /* the slot that has its turn */
} Known;

void known_init(Known *k);
void known_clear(Known *k);

void known_stat(Known *k, const struct stat *st);
void known_hole(Known *k, SxSpan span);
void known_data(Known *k, SxSpan span);

/* The part from `at` on of the known hole that holds it; empty when none does. */
SxSpan known_hole_at(Known *k, uint64_t at);
