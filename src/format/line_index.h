/* line_index.h - the inside of the line index, for the files that count and keep. */
#pragma once

#include <sextant/line_index.h>

#define LINES_UNKNOWN UINT64_MAX

/* Blocks lie one behind the other; edits make them longer and shorter, also empty. */
typedef struct LineBlock {
    uint64_t len;
    uint64_t count; /* line ends in it, or LINES_UNKNOWN */
} LineBlock;

/* Sums over GROUP blocks, so that a place is found without meeting all of them. */
typedef struct LineGroup {
    uint64_t len;
    uint64_t known;   /* bytes of it that are counted */
    uint64_t count;   /* line ends in those */
} LineGroup;

enum { LINE_GROUP = 512, LINE_BLOCKS_MAX = 1 << 18, LINE_GUESS = 64 /* bytes a line, before anything is known */ };

struct SxLineIndex {
    SxLineFeed feed;
    uint64_t block; /* usual length of one */
    uint64_t length;
    LineBlock *blocks;
    size_t count, cap;
    LineGroup *groups;
    size_t n_groups, cap_groups;
    LineGroup all;
};

/* The sums of all groups from the one of block `from` on. */
bool line_index_sum(SxLineIndex *ix, size_t from);

/* A file of counts for this document as it is. `state` holds what was there when the pass began. */
typedef struct LineKeeper LineKeeper;
LineKeeper *line_keeper_new(const SxLineCache *cache, const SxLineIndex *ix); /* NULL: nothing is kept */
void line_keeper_free(LineKeeper *k);
/* The counts of all `n` blocks, as they were kept; false: there are none that fit. */
bool line_keeper_load(const LineKeeper *k, SxSource *source, uint64_t *counts, size_t n);
void line_keeper_save(const LineKeeper *k, SxSource *source, const uint64_t *counts, size_t n);
