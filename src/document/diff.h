/*
 * diff.h - where two trees over one file differ: between the live bytes that both have.
 */
#pragma once

#include <sextant/document.h>

#include "document/store.h"
#include "document/tree.h"

/* A tree with the epoch of its live pieces. */
typedef struct Side {
    const Node *root;
    uint32_t epoch;
} Side;

/* [a_at, a_at + a_len) of one is [b_at, b_at + b_len) of the other. */
typedef struct Difference {
    uint64_t a_at;
    uint64_t a_len;
    uint64_t b_at;
    uint64_t b_len;
} Difference;

typedef struct Diff {
    Before *before; /* of the file: bytes that changed between the epochs are not the same */
    Epochs changed;
    Cursor a;
    Cursor b;
    bool a_more;
    bool b_more;
    uint64_t a_length;
    uint64_t b_length;
    uint64_t a_done; /* compared so far */
    uint64_t b_done;
    uint64_t file_done;
} Diff;

void diff_begin(Diff *d, Side a, Side b, File *file);
bool diff_next(Diff *d, Difference *out); /* ascending; false: no more. O(pieces) in all */
/* The one range that all differences lie in. */
SxChange diff_range(Side a, Side b, File *file);
