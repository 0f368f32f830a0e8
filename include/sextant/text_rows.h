/*
 * text_rows.h - bytes as rows of text: where a row begins, what stands in it, which row is n further.
 *
 * A row begins where a line does, where a long line is wrapped, and, so that nothing ever looks far for the start of a
 * line, at an anchor: a multiple of `bound` before which, for `bound` bytes, no line ends. So where rows begin depends
 * on the bytes alone, not on where one came from, and looking costs at most 2 * bound bytes, whatever the line.
 *
 * Every byte belongs to exactly one item of one row. Bytes come by peek: nothing waits, what is not in memory is drawn
 * as pending, and rows are right once it has come.
 *
 * units      offsets of the source; x and widths in cells from the start of the row
 * ownership  an SxText holds its scratch; it borrows the source from `look` to the next one
 * threads    one thread at a time
 */
#pragma once

#include <sextant/encoding.h>
#include <sextant/error.h>
#include <sextant/grid.h>
#include <sextant/source.h>

SX_BEGIN

typedef enum SxWrap { SX_WRAP_WINDOW, SX_WRAP_WORDS, SX_WRAP_NONE } SxWrap;

/*
 * Which segments are shown: a segment is a line, or what of a long one lies between anchors. `from` and `before` are
 * where one begins, so is what comes out. false: there is none.
 */
typedef struct SxTextFilter {
    void *data;
    bool (*next)(void *data, uint64_t from, uint64_t *segment);       /* the first one at or behind `from` */
    bool (*previous)(void *data, uint64_t before, uint64_t *segment); /* the last one before `before` */
} SxTextFilter;

typedef struct SxTextShape {
    const SxEncoding *encoding;
    SxLineEnd ends; /* CR: lines end there; CRLF: both bytes are one line end. Else LF ends lines */
    SxWrap wrap;
    unsigned width;       /* cells of a row, at least 1; the last one is kept for the line end */
    unsigned tab;         /* cells from one stop to the next, at least 1 */
    unsigned reach;       /* without wrapping: cells behind which items need not be made; 0: all are */
    bool formatted;       /* sequences of terminals and overstrike are looks, not characters; where ASCII is */
    unsigned bound;       /* a multiple of 8, 16 (formatted 256) to 64 KiB; 0: 16 KiB */
    SxTextFilter *filter; /* borrowed; NULL: all lines */
} SxTextShape;

typedef enum SxTextKind {
    SX_TEXT_CHARACTER, /* also the picture of a control in an encoding that has them (DOS) */
    SX_TEXT_TAB,
    SX_TEXT_CONTROL, /* ^A: code is the letter */
    SX_TEXT_UNSEEN,  /* <200b>: a character that has no shape of its own: code */
    SX_TEXT_INVALID, /* <ff>: a byte that is no character: code is the byte */
    SX_TEXT_END,     /* a line end */
    SX_TEXT_LOST,    /* ?? */
    SX_TEXT_PENDING, /* on its way */
} SxTextKind;

/* What a text says of its own looks; colours are the terminal's 1 to 15, 0: none. */
typedef struct SxTextOwn {
    uint8_t fg, bg;
    bool bold, underline, reverse;
} SxTextOwn;

/*
 * With `formatted` an item begins with the sequences before it where a line does, and ends with those behind it; a
 * character that is struck over another has the bytes of both.
 */
typedef struct SxTextItem {
    uint64_t at;
    uint32_t code;
    unsigned x, cells; /* cells: at least 1 */
    uint8_t len;       /* bytes, at least 1, those of its marks and sequences with them */
    uint8_t kind;      /* SxTextKind */
    uint8_t base;      /* bytes of the character without its marks */
    uint8_t lead, tail; /* bytes of the sequences at its beginning and its end */
    bool struck;       /* over another character */
    SxTextOwn own;
    uint8_t n_marks;   /* CHARACTER: combining characters behind it, drawn on it; what is more than fits is UNSEEN */
    uint32_t marks[SX_MARKS_MAX];
} SxTextItem;

typedef struct SxTextRow {
    uint64_t at, end; /* its bytes: [at, end) */
    bool begins;      /* a line does */
    bool ends;        /* the last item is a line end */
    unsigned cells;   /* of all items */
    const SxTextItem *items; /* borrowed until the next call */
    size_t count;
} SxTextRow;

typedef struct SxText SxText;

SxText *sx_text_new(void) SX_MUST_USE; /* NULL: no memory */
void sx_text_free(SxText *t);

/* Read from `source` in this shape from now on; bytes are looked at anew. */
void sx_text_look(SxText *t, SxSource *source, const SxTextShape *shape);

/* Where the row that holds `at` begins; `at` may be the size: then the last row, or behind a line end an empty one. */
uint64_t sx_text_row(SxText *t, uint64_t at);
/* The row n further (up when negative) than the one at `row`, never behind that of `last`, never before the first. */
uint64_t sx_text_rows(SxText *t, uint64_t row, int64_t n, uint64_t last);
/* How many rows lie between the rows at `row` and, further down, of `at`; at most `max`. */
unsigned sx_text_between(SxText *t, uint64_t row, uint64_t at, unsigned max);
/* What stands in the row at `row`. */
void sx_text_load(SxText *t, uint64_t row, SxTextRow *out);
/* Where the segment begins that holds `at`: its line, or the last anchor before it. Less than 2 * bound before `at`. */
uint64_t sx_text_segment(SxText *t, uint64_t at);

/* The index of the item of a row that holds `at`; count when none does. */
size_t sx_text_item(const SxTextRow *row, uint64_t at);
/* The index of the item at cell x, else the last; 0 in an empty row. */
size_t sx_text_item_x(const SxTextRow *row, unsigned x);
/* What an item shows, printable UTF-8; buf of 24 is enough. Returns buf. */
const char *sx_text_item_shown(const SxTextItem *item, char *buf, size_t size);

/* The bytes of the sequence of a terminal that `in` begins with, as `formatted` has them; 0: it begins with none. */
size_t sx_text_sequence(SxBytes in);

SX_END
