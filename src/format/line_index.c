/* line_index.c - blocks and their counts: following edits, and answering by sums and one block of bytes. */
#include "format/line_index.h"

#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

enum { BLOCK = 256 << 10, PEEK = 64 << 10, PEEK_MOST = 4 * BLOCK };

SxLineFeed
sx_line_feed(const SxEncoding *e, SxLineEnd end)
{
    SxLineFeed feed = {.len = 1};
    feed.len = (unsigned)sx_encoding_encode(e, sx_line_end_sign(e, end), feed.bytes);
    return feed;
}

/* --- sums ------------------------------------------------------------------------------------------------------------------ */

static void
group_add(LineGroup *g, uint64_t len, uint64_t count)
{
    g->len += len;
    if (count == LINES_UNKNOWN)
        return;
    g->known += len;
    g->count += count;
}

static void
group_sum(SxLineIndex *ix, size_t group)
{
    size_t end = (group + 1) * LINE_GROUP < ix->count ? (group + 1) * LINE_GROUP : ix->count;
    LineGroup *g = &ix->groups[group];
    *g = (LineGroup){0};
    for (size_t i = group * LINE_GROUP; i < end; i++)
        group_add(g, ix->blocks[i].len, ix->blocks[i].count);
}

static void
sum_all(SxLineIndex *ix)
{
    ix->all = (LineGroup){0};
    for (size_t i = 0; i < ix->n_groups; i++) {
        ix->all.len += ix->groups[i].len;
        ix->all.known += ix->groups[i].known;
        ix->all.count += ix->groups[i].count;
    }
}

bool
line_index_sum(SxLineIndex *ix, size_t from)
{
    ix->n_groups = (ix->count + LINE_GROUP - 1) / LINE_GROUP;
    if (!sx_grow(&ix->groups, &ix->cap_groups, ix->n_groups, sizeof *ix->groups))
        return false;
    for (size_t i = from / LINE_GROUP; i < ix->n_groups; i++)
        group_sum(ix, i);
    sum_all(ix);
    return true;
}

/* --- life ------------------------------------------------------------------------------------------------------------------- */

/* `n` unknown blocks for `length` bytes from block `at` on, in place of `old` ones. */
static bool
blocks_put(SxLineIndex *ix, size_t at, size_t old, uint64_t length)
{
    uint64_t n = length ? (length - 1) / ix->block + 1 : 1;
    size_t behind = ix->count - at - old;
    if (n > LINE_BLOCKS_MAX || !sx_grow(&ix->blocks, &ix->cap, at + (size_t)n + behind, sizeof *ix->blocks))
        return false;
    memmove(ix->blocks + at + n, ix->blocks + at + old, behind * sizeof *ix->blocks);
    for (size_t i = 0; i < n; i++) {
        uint64_t begin = i * ix->block;
        uint64_t len = length - begin < ix->block ? length - begin : ix->block;
        ix->blocks[at + i] = (LineBlock){len, len ? LINES_UNKNOWN : 0};
    }
    ix->count = at + (size_t)n + behind;
    return true;
}

/* The usual size, or what makes few enough of a large document. */
static uint64_t
block_size(uint64_t length)
{
    uint64_t size = BLOCK;
    while (length / size >= LINE_BLOCKS_MAX / 2)
        size *= 2;
    return size;
}

bool
sx_line_index_new(SxLineIndex **out, uint64_t length, SxLineFeed feed, uint64_t block, SxError *err)
{
    SxLineIndex *ix = calloc(1, sizeof *ix);
    if (!ix)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to count lines");
    ix->feed = feed;
    ix->length = length;
    ix->block = block ? block : block_size(length);
    if (!blocks_put(ix, 0, 0, length) || !line_index_sum(ix, 0)) {
        sx_line_index_free(ix);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to count lines");
    }
    *out = ix;
    return true;
}

void
sx_line_index_free(SxLineIndex *ix)
{
    if (!ix)
        return;
    free(ix->blocks);
    free(ix->groups);
    free(ix);
}

SxLineFeed
sx_line_index_feed(const SxLineIndex *ix)
{
    return ix->feed;
}

uint64_t
sx_line_index_length(const SxLineIndex *ix)
{
    return ix->length;
}

bool
sx_line_index_complete(const SxLineIndex *ix)
{
    return ix->all.known == ix->all.len;
}

/* --- finding a block ---------------------------------------------------------------------------------------------------------- */

/* A block and what lies before it. */
typedef struct Found {
    size_t index;
    LineGroup before;
} Found;

/* The block that holds `at`; the last one, when `at` is the length. */
static Found
block_of(const SxLineIndex *ix, uint64_t at)
{
    Found f = {0};
    size_t group = 0;
    for (; group + 1 < ix->n_groups && f.before.len + ix->groups[group].len <= at; group++) {
        const LineGroup *g = &ix->groups[group];
        f.before.len += g->len;
        f.before.known += g->known;
        f.before.count += g->count;
    }
    for (f.index = group * LINE_GROUP; f.index + 1 < ix->count; f.index++) {
        const LineBlock *b = &ix->blocks[f.index];
        if (f.before.len + b->len > at)
            break;
        group_add(&f.before, b->len, b->count);
    }
    return f;
}

/* --- edits ---------------------------------------------------------------------------------------------------------------------- */

/* Take `removed` bytes out of the blocks from `first` on, of which `skip` bytes stay before them. Returns the last
 * block that was touched. */
static size_t
cut(SxLineIndex *ix, size_t first, uint64_t skip, uint64_t removed)
{
    size_t i = first;
    for (;; i++, skip = 0) {
        LineBlock *b = &ix->blocks[i];
        uint64_t here = b->len - skip < removed ? b->len - skip : removed;
        b->len -= here;
        b->count = b->len ? LINES_UNKNOWN : 0;
        removed -= here;
        if (removed == 0 || i + 1 == ix->count)
            return i;
    }
}

/* Empty blocks go once there are many of them. */
static void
compact(SxLineIndex *ix, size_t first, size_t last)
{
    size_t to = first + 1;
    for (size_t i = first + 1; i <= last; i++)
        if (ix->blocks[i].len > 0)
            ix->blocks[to++] = ix->blocks[i];
    memmove(ix->blocks + to, ix->blocks + last + 1, (ix->count - last - 1) * sizeof *ix->blocks);
    ix->count -= last + 1 - to;
}

/* Signs of several bytes stand at multiples of their length: an edit is as wide as they are. */
static void
widen(const SxLineIndex *ix, uint64_t *at, uint64_t *removed, uint64_t *inserted)
{
    uint64_t unit = ix->feed.len, lead = *at % unit, more = *inserted - *removed, wide;
    *at -= lead;
    wide = (*removed + lead + unit - 1) / unit * unit;
    *removed = wide < ix->length - *at ? wide : ix->length - *at;
    *inserted = *removed + more;
}

/* From block `first` on nothing is known any more; there are `length` bytes. */
static bool
begin_anew(SxLineIndex *ix, size_t first, uint64_t length)
{
    return blocks_put(ix, first, ix->count - first, length) && line_index_sum(ix, first);
}

bool
sx_line_index_change(SxLineIndex *ix, uint64_t at, uint64_t removed, uint64_t inserted)
{
    widen(ix, &at, &removed, &inserted);
    Found f = block_of(ix, at);
    ix->length += inserted - removed;
    /* signs stand elsewhere behind bytes that come or go */
    if ((inserted - removed) % ix->feed.len)
        return begin_anew(ix, f.index, ix->length - f.before.len);
    compact(ix, f.index, cut(ix, f.index, at - f.before.len, removed));
    LineBlock *b = &ix->blocks[f.index];
    b->len += inserted;
    b->count = b->len ? LINES_UNKNOWN : 0;
    /* when there are too many, or no memory, one long block is as right */
    if (b->len > 4 * ix->block)
        (void)blocks_put(ix, f.index, 1, b->len);
    return line_index_sum(ix, f.index);
}

/* --- asking ---------------------------------------------------------------------------------------------------------------------- */

/* Line ends for bytes that nobody has counted, by the density of those that were. */
static uint64_t
estimate(const SxLineIndex *ix, uint64_t bytes)
{
    if (!ix->all.known || !ix->all.count)
        return ix->all.known ? 0 : bytes / LINE_GUESS;
    double density = (double)ix->all.count / (double)ix->all.known;
    return (uint64_t)((double)bytes * density);
}

static bool
all_here(const uint8_t *states, size_t n)
{
    return !memchr(states, SX_BYTE_PENDING, n);
}

/* What is stored nowhere from `at` on: its end, and the line ends in it. false: there are bytes. */
static bool
in_hole(const SxLineIndex *ix, SxSource *source, uint64_t at, uint64_t *end, uint64_t *count)
{
    SxExtent e;
    if (ix->feed.len > 1 || !sx_source_extent(source, at, &e, NULL) || e.kind == SX_EXTENT_DATA)
        return false;
    *end = sx_span_end(e.span) < *end ? sx_span_end(e.span) : *end;
    *count += e.fill == ix->feed.bytes[0] ? *end - at : 0;
    return true;
}

/* Line ends in [from, to) by peek; false: not all of it is in memory, or it is more than a frame has time for. */
static bool
peek_count(const SxLineIndex *ix, SxSource *source, uint64_t from, uint64_t to, uint64_t *out)
{
    uint8_t *bytes = malloc(2 * (size_t)PEEK), *states = bytes ? bytes + PEEK : NULL;
    bool here = bytes != NULL;
    uint64_t left = PEEK_MOST;
    *out = 0;
    for (uint64_t at = from, end = to; at < to && here; at = end, end = to) {
        if (to - from > PEEK && in_hole(ix, source, at, &end, out))
            continue;
        end = to - at < PEEK ? to : at + PEEK;
        SxSpan span = sx_span(at, end);
        here = span.len <= left;
        if (!here)
            break;
        left -= span.len;
        sx_source_peek(source, span, bytes, states);
        here = all_here(states, (size_t)span.len);
        *out += sx_line_count(sx_bytes(bytes, (size_t)span.len), &ix->feed);
    }
    free(bytes);
    return here;
}

SxLineAt
sx_line_index_line(const SxLineIndex *ix, SxSource *source, uint64_t at)
{
    Found f = block_of(ix, at);
    uint64_t inside = at - f.before.len, here = 0;
    bool exact = f.before.known == f.before.len;
    inside -= inside % ix->feed.len; /* in the middle of a character, what is before it */
    if (!peek_count(ix, source, f.before.len, f.before.len + inside, &here)) {
        here = estimate(ix, inside);
        exact = false;
    }
    return (SxLineAt){1 + f.before.count + estimate(ix, f.before.len - f.before.known) + here, exact};
}

/* Where the n-th line end of a block ends, by peek. */
static bool
peek_nth(const SxLineIndex *ix, SxSource *source, uint64_t from, uint64_t to, uint64_t n, uint64_t *out)
{
    uint8_t *bytes = malloc(2 * (size_t)PEEK), *states = bytes ? bytes + PEEK : NULL;
    bool here = bytes != NULL;
    for (uint64_t at = from; at < to && here; at += PEEK) {
        SxSpan span = sx_span(at, to - at < PEEK ? to : at + PEEK);
        sx_source_peek(source, span, bytes, states);
        here = all_here(states, (size_t)span.len);
        SxBytes all = sx_bytes(bytes, (size_t)span.len);
        uint64_t count = sx_line_count(all, &ix->feed);
        if (here && count >= n) {
            *out = at + sx_line_nth(all, &ix->feed, n);
            free(bytes);
            return true;
        }
        n -= count;
    }
    free(bytes);
    return false;
}

/* Line ends of a block, counted or not. */
static uint64_t
count_or_guess(const SxLineIndex *ix, const LineBlock *b)
{
    return b->count != LINES_UNKNOWN ? b->count : estimate(ix, b->len);
}

/* The block in which the n-th line end lies, n counted from 1. */
static Found
block_of_line(const SxLineIndex *ix, uint64_t *n)
{
    Found f = {0};
    size_t group = 0;
    for (; group + 1 < ix->n_groups; group++) {
        const LineGroup *g = &ix->groups[group];
        uint64_t here = g->count + estimate(ix, g->len - g->known);
        if (here >= *n)
            break;
        *n -= here;
        f.before.len += g->len;
        f.before.known += g->known;
    }
    for (f.index = group * LINE_GROUP; f.index + 1 < ix->count; f.index++) {
        const LineBlock *b = &ix->blocks[f.index];
        uint64_t here = count_or_guess(ix, b);
        if (here >= *n)
            break;
        *n -= here;
        group_add(&f.before, b->len, b->count);
    }
    return f;
}

bool
sx_line_index_block(const SxLineIndex *ix, uint64_t line, SxSpan *block, uint64_t *first)
{
    uint64_t n = line > 0 ? line - 1 : 0, left = n;
    Found f = {0};
    if (n > 0)
        f = block_of_line(ix, &left);
    *block = (SxSpan){f.before.len, ix->blocks[f.index].len};
    *first = 1 + n - left;
    return f.before.known == f.before.len && ix->blocks[f.index].count != LINES_UNKNOWN;
}

SxLineAt
sx_line_index_offset(const SxLineIndex *ix, SxSource *source, uint64_t line)
{
    uint64_t n = line > 0 ? line - 1 : 0, at;
    if (n == 0)
        return (SxLineAt){0, true};
    Found f = block_of_line(ix, &n);
    const LineBlock *b = &ix->blocks[f.index];
    uint64_t end = f.before.len + b->len;
    bool exact = f.before.known == f.before.len && b->count != LINES_UNKNOWN;
    if (exact && n > b->count)
        return (SxLineAt){ix->length, true};
    if (exact && peek_nth(ix, source, f.before.len, end, n, &at))
        return (SxLineAt){at, true};
    uint64_t here = count_or_guess(ix, b);
    at = f.before.len + (here ? (uint64_t)((double)b->len * (double)(n < here ? n : here) / (double)here) : 0);
    return (SxLineAt){at < ix->length ? at : ix->length, false};
}

SxLineAt
sx_line_index_total(const SxLineIndex *ix)
{
    return (SxLineAt){ix->all.count + estimate(ix, ix->all.len - ix->all.known), sx_line_index_complete(ix)};
}

void
sx_line_index_settle(SxLineIndex *ix, SxSource *source, uint64_t most)
{
    uint64_t unknown = ix->all.len - ix->all.known, at = 0;
    if (unknown == 0 || unknown > most)
        return;
    for (size_t i = 0; i < ix->count; at += ix->blocks[i++].len) {
        uint64_t count;
        LineBlock *b = &ix->blocks[i];
        if (b->count == LINES_UNKNOWN && peek_count(ix, source, at, at + b->len, &count))
            b->count = count;
    }
    line_index_sum(ix, 0);
}
