/*
 * line_index.h - how many lines end in each block of a document, so that line numbers cost no reading.
 *
 * The index knows for each block (256 KiB or more, at most 2^18 of them) how many lines end in it, or that nobody has
 * counted yet. A pass counts the unknown ones over an immutable source, in workers, at the speed of memory; what it found
 * is taken over whenever somebody looks. An edit moves the blocks behind it and makes those it touches unknown, so after
 * it little is counted anew.
 *
 * units      offsets and lengths in bytes; lines are counted from 1; a line ends with its line end
 * memory     16 bytes a block, 4 MiB at most, whatever the document
 * ownership  a pass retains its source and outlives the index; it is counted
 * threads    the index: one. A pass: run in any thread, take in the index's, at the same time
 */
#pragma once

#include <sextant/encoding.h>
#include <sextant/error.h>
#include <sextant/job.h>
#include <sextant/source.h>

SX_BEGIN

typedef struct SxLineIndex SxLineIndex;
typedef struct SxLinePass SxLinePass;

/* The sign that ends lines, as it is stored. */
typedef struct SxLineFeed {
    uint8_t bytes[SX_ENCODING_MOST];
    unsigned len; /* 1, 2 or 4; stands at multiples of it */
} SxLineFeed;
SxLineFeed sx_line_feed(const SxEncoding *e, SxLineEnd end);

/* `block`: 0 for the usual size; else, for tests, at least 4 and a multiple of the feed. */
bool sx_line_index_new(SxLineIndex **out, uint64_t length, SxLineFeed feed, uint64_t block, SxError *err) SX_MUST_USE;
void sx_line_index_free(SxLineIndex *ix); /* NULL is fine */
SxLineFeed sx_line_index_feed(const SxLineIndex *ix);
uint64_t sx_line_index_length(const SxLineIndex *ix); /* of the document, in bytes */

/* An edit: `removed` bytes at `at` became `inserted` ones. false: no memory; the index is of no use then. */
bool sx_line_index_change(SxLineIndex *ix, uint64_t at, uint64_t removed, uint64_t inserted);

/* --- counting ----------------------------------------------------------------------------------------------------- */

/* Where counts outlive the program: a file for each document, valid while size, times and samples of it are the same. */
typedef struct SxLineCache {
    const char *directory; /* made when something is kept */
    const char *path;      /* of the file whose bytes the source shows, unchanged */
} SxLineCache;

/*
 * Make a pass over the blocks that are unknown now; `source` shows the document as it is now.
 *
 * budget   bytes that may be read, holes not counted; 0: all
 * until    stop once line `until` is known to begin before what is counted; 0: no
 * cache    NULL: none
 */
bool sx_line_pass_new(SxLinePass **out, const SxLineIndex *ix, SxSource *source, uint64_t budget, uint64_t until,
                      const SxLineCache *cache, SxError *err) SX_MUST_USE;
SxLinePass *sx_line_pass_retain(SxLinePass *p);
void sx_line_pass_release(SxLinePass *p); /* NULL is fine */
/* Count, with as many threads as there are processors; returns when all is counted, or enough, or cancelled. */
void sx_line_pass_run(SxLinePass *p, SxJob *job);
/* Take over what it has counted so far. The index must not have changed since the pass was made. */
void sx_line_index_take(SxLineIndex *ix, const SxLinePass *p);
/* Count here and now what is in memory of the unknown blocks, when that is at most `most` bytes in all. */
void sx_line_index_settle(SxLineIndex *ix, SxSource *source, uint64_t most);
bool sx_line_index_complete(const SxLineIndex *ix); /* every block is known */

/* --- asking ------------------------------------------------------------------------------------------------------- */

typedef struct SxLineAt {
    uint64_t line; /* or offset */
    bool exact;    /* else an estimate by what is known, or by 64 bytes a line */
} SxLineAt;

/* The line that holds `at`: 1 and the lines that end before it. Bytes come by peek. O(blocks^(1/2) + block). */
SxLineAt sx_line_index_line(const SxLineIndex *ix, SxSource *source, uint64_t at);
/* Where line `line` begins; when there are fewer, exact and the length. `line` of the result is the offset. */
SxLineAt sx_line_index_offset(const SxLineIndex *ix, SxSource *source, uint64_t line);
/* The block in which line `line` begins, or would by the estimate; *first is the line that holds its first byte. Exact
 * when no block up to it is unknown. For those who may read and wait. */
bool sx_line_index_block(const SxLineIndex *ix, uint64_t line, SxSpan *block, uint64_t *first);
/* How many line ends there are. */
SxLineAt sx_line_index_total(const SxLineIndex *ix);

/* How many feeds end in `bytes`, which begin at a multiple of the feed's length. */
uint64_t sx_line_count(SxBytes bytes, const SxLineFeed *feed);
/* Where the n-th feed (from 1) ends in bytes; len when there are fewer. */
size_t sx_line_nth(SxBytes bytes, const SxLineFeed *feed, uint64_t n);

SX_END
