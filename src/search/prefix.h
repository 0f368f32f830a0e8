/*
 * prefix.h - the bytes that a match can begin with, or must hold further on: what a sieve is made of.
 */
#pragma once

#include "search/tree.h"

enum { PREFIX_MAX = 8, PREFIXES_MAX = 64 };

/* Every match, or part of one, that takes this way has a byte of set[i] at place i. */
typedef struct Prefix {
    ByteSet set[PREFIX_MAX];
    size_t len; /* at least 1 */
} Prefix;

/*
 * The prefixes of what the nodes from `first` on, one behind the other, can match; of at most `len` places each. Returns
 * how many there are, 0 when one of them would be empty or they are more than PREFIXES_MAX.
 */
size_t prefixes_of(const Node *first, size_t len, Prefix out[PREFIXES_MAX]);

/* All bytes that can stand in what the nodes from `first` up to `end` (not included) match. */
ByteSet bytes_of(const Node *first, const Node *end);
