/*
 * ui_find_miss.h - what the text that was not found would find, were it read otherwise: looked for in a worker.
 */
#pragma once

#include <sextant/search.h>
#include <sextant/session.h>

/* One other reading, and the keys that lead to it: "Tab: as hex bytes". */
typedef struct MissReading {
    SxPattern *pattern;
    const char *how;
    bool any_case;
} MissReading;

enum { MISS_READINGS = 3 };

typedef struct Miss Miss;

/* Takes the patterns, at most MISS_READINGS; they are tried in order. NULL: no memory. */
Miss *miss_start(SxSession *s, const MissReading *readings, size_t count, SxSpan range);
/* The first that finds something; NULL: none does, or it is not known yet. Borrowed from `m`. */
const MissReading *miss_found(const Miss *m);
/* "Tab: as hex bytes, 1 match", ", at 0x8c" where counting would take long; "" while nothing is found. */
void miss_words(const Miss *m, char *buf, size_t size);
void miss_drop(Miss *m); /* NULL is fine */
