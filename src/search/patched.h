/*
 * patched.h - the matches of a store as they lie after edits: some gone, some found again, the others shifted.
 *
 *     parts    | store 0..99 +0 | found 0..2 +0 | store 103..500 -1 | ...      ascending in offsets
 *
 * Whoever asks finds the part by halves, then asks the store: nothing of it is rewritten, however many matches it has.
 */
#pragma once

#include "search/store.h"

/* `count` matches of the store, or of those found again, from number `first` on; offsets are theirs plus `shift`. */
typedef struct Part {
    uint64_t first, count;
    uint64_t shift; /* modulo 2^64 */
    bool found;
} Part;

typedef struct Patched {
    Store *store;
    Part *part; /* none: the store as it is */
    size_t parts, cap;
    SxSpan *found;
    size_t founds, found_cap;
} Patched;

void patched_clear(Patched *p);
uint64_t patched_count(const Patched *p);
bool patched_get(const Patched *p, uint64_t n, SxSpan *out);
uint64_t patched_index(const Patched *p, uint64_t at);
size_t patched_in(const Patched *p, SxSpan view, SxSpan *out, size_t max);

/* Remembers a match for the next patch; offsets as they will be. false: no memory. */
bool patched_find(Patched *p, SxSpan match);
/* Matches [from, to) go, the last `added` remembered ones come in their place, all behind move by `shift`. */
bool patched_replace(Patched *p, uint64_t from, uint64_t to, size_t added, uint64_t shift);
