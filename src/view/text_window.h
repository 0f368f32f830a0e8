/* text_window.h - the inside of an SxText: the bytes around where somebody looks, and the items of one row. */
#pragma once

#include <sextant/text_rows.h>

/* What the making of a row leaves beside its items. */
typedef struct Made {
    uint64_t end;
    bool ends; /* with a line end */
    bool last; /* of its segment */
} Made;

/* Where rows end that were made since the source was looked at, by where they begin; a newer one takes the place of another. */
enum { ROWS_KNOWN = 128 };
typedef struct KnownRow {
    uint64_t row;
    uint64_t look; /* `looks` by then */
    Made made;
} KnownRow;

struct SxText {
    SxSource *source; /* borrowed; NULL: nothing to read */
    uint64_t size;
    SxTextShape shape;
    uint64_t bound;
    uint8_t feed[SX_ENCODING_MOST], carriage[SX_ENCODING_MOST]; /* the sign that ends lines, and CR */
    size_t feed_len;
    uint32_t end_sign; /* the same as a character */
    SxSpan span; /* what is in the window */
    uint8_t *bytes, *states; /* states: SxByteState */
    size_t room;
    uint64_t segment;   /* whose rows begin at `starts`; n_starts 0: none is known */
    uint64_t *starts;
    size_t n_starts, cap_starts;
    SxTextOwn own;      /* what the text said of its looks up to the item that comes next */
    bool plain;         /* printable ASCII stands for itself */
    uint64_t looks;     /* how often a source was looked at */
    KnownRow known[ROWS_KNOWN];
    KnownRow last;      /* the row that was made last, */
    SxTextItem *items;  /* and what is in it */
    size_t count, cap;
};

/* The bytes [from, to), which lie inside the source and are at most 4 * bound; valid until the next call. Bytes that are
 * not here are 0. */
const uint8_t *text_window_bytes(SxText *t, uint64_t from, uint64_t to);
/* The item at `at`, which is less than the size, as it stands at cell x. */
void text_window_item(SxText *t, uint64_t at, unsigned x, SxTextItem *out);
/* Only its first character, without what combines with it. */
void text_window_unmark(SxTextItem *item);
/* Begin to make the items from `at` on, which lies in the segment at `segment`. */
void text_window_begin(SxText *t, uint64_t segment, uint64_t at);
/* The same item, its bytes for what they are and not for their looks. */
void text_window_plain(SxText *t, SxTextItem *item);
/* `len` bytes of the item at its place that are no character. */
void text_window_invalid(SxText *t, SxTextItem *item, unsigned len);
/* false: no memory for so many items in a row. */
bool text_window_push(SxText *t, const SxTextItem *item);
