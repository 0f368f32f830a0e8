/*
 * view.h - what the user sees: the screen as a plain description, and the drawing of it into a grid.
 *
 * The command layer fills an SxScreen for each frame; sx_screen_draw turns it into cells, exactly as the documentation
 * of the screen lays out rows and columns. Layout and mouse hit test come from the same function, so they cannot
 * disagree. Nothing here waits for a disk: bytes come by sx_source_peek, and what is not in memory is drawn as pending.
 *
 * ownership  everything in the description is borrowed for the call
 * cost       O(cells); a few hundred microseconds for 120x40
 */
#pragma once

#include <sextant/grid.h>
#include <sextant/snapshot.h>
#include <sextant/source.h>
#include <sextant/text_rows.h>

SX_BEGIN

typedef enum SxMode { SX_MODE_BROWSE, SX_MODE_SELECT, SX_MODE_OVERWRITE, SX_MODE_INSERT } SxMode;
typedef enum SxBadge { SX_BADGE_COPY, SX_BADGE_READ, SX_BADGE_THROUGH } SxBadge;

/*
 * How the hex view is laid out for a window and a document. All x are columns of the screen, or -1 when not shown.
 *
 *     00000080  04 00 00 00 10 00 00 00  05 00 00 00[47 4e 55]00  ............GNU.   |
 *             ^ ^                      ^^                         ^                  ^
 *        sign_x hex_x                 1 + gap                     text_x             map_x
 */
typedef struct SxHexLayout {
    unsigned columns;  /* bytes a row, at least 1 */
    unsigned rows;     /* rows of bytes */
    unsigned digits;   /* of an offset; 0: offsets are not shown */
    int y;             /* first row of bytes */
    int title_y, ruler_y, status_y, message_y; /* -1: not shown; status_y == message_y: they share */
    unsigned x;        /* where offsets, or line numbers, begin */
    int sign_x, hex_x, text_x, map_x, side_x;
    unsigned gap;      /* cells between eights of bytes, beyond the one between bytes */
    unsigned group;    /* bytes without a blank between them, at least 1 */
    unsigned side_width;
} SxHexLayout;

/* What the user chose; 0 is the default everywhere. */
typedef struct SxHexOptions {
    unsigned columns;  /* 0: by the width of the window: 16, 8, 4, 2, 1 */
    unsigned shift;    /* bytes that the first row is shorter */
    bool no_classes;   /* zc: no class colours */
    bool capitals;     /* zu */
    bool decimal;      /* zr: offsets in decimal */
    unsigned group;    /* zg: bytes a group without blanks between them, 0 = 1 */
    bool no_map;       /* zm */
    bool side;         /* zi: the side pane, where there is room */
    bool ascii;        /* no characters beyond ASCII */
    uint64_t base;     /* added to shown offsets */
    bool speak;        /* for a voice: no title, ruler, status line, map or pane; one line is rewritten */
    bool only_hex;     /* no text column */
    bool only_text;    /* no hex column */
} SxHexOptions;

void sx_hex_layout(SxHexLayout *out, unsigned width, unsigned height, uint64_t length, const SxHexOptions *o);
/* The first byte of the row that holds `at`; rows begin at multiples of columns, less the shift. */
uint64_t sx_hex_row(const SxHexLayout *l, const SxHexOptions *o, uint64_t at);

/*
 * The text view in the same window: `columns` are the cells of a row from text_x on, there is no ruler, and where there
 * is room the map stands in the last column. `digits` are those of line numbers, with the sign of an estimate; 0: none.
 */
void sx_text_layout(SxHexLayout *out, unsigned width, unsigned height, unsigned digits, const SxHexOptions *o);

/*
 * Both beside each other: the bytes at the left, without a text column, the lines at the right, as many rows of each.
 * false: there is no room for it, or it is for a voice.
 */
bool sx_beside_layout(SxHexLayout *hex, SxHexLayout *text, unsigned width, unsigned height, uint64_t length, unsigned digits,
                      const SxHexOptions *o);

typedef enum SxHitKind { SX_HIT_NONE, SX_HIT_HEX, SX_HIT_TEXT, SX_HIT_OFFSET, SX_HIT_MAP, SX_HIT_TITLE, SX_HIT_STATUS, SX_HIT_MESSAGE, SX_HIT_POPUP } SxHitKind;
typedef struct SxHit {
    SxHitKind kind;
    uint64_t at;  /* HEX, TEXT: offset; MAP: offset of the cell's beginning */
    unsigned row; /* POPUP: index of the item; TITLE: tab */
} SxHit;

/* One byte that is being typed: drawn as "7_". */
typedef struct SxHalf {
    bool on;
    uint64_t at;
    bool insert; /* it stands before the byte at `at` and pushes it on */
    uint8_t nibble;
} SxHalf;

/* In how many steps what has changed fades away in watch mode. */
enum { SX_GLOW_MAX = 3 };

typedef struct SxHexModel {
    SxSource *source;      /* what is shown */
    SxSnapshot *snapshot;  /* for changed bytes; NULL: none */
    const SxEncoding *encoding; /* of the text column; NULL: each byte by itself, ASCII */
    uint64_t length;
    uint64_t top;          /* first byte of the first row */
    uint64_t cursor;       /* may be length: behind the last byte */
    bool text_column;      /* the cursor types in the text column */
    bool second_digit;     /* the cursor stands on the second digit of its byte */
    SxMode mode;
    SxSpan selection;      /* len 0: none */
    SxSpan rectangle;      /* columns [at, at + len) of each row of the selection; len 0: not rectangular */
    const SxSpan *matches; /* ascending, those that overlap the screen, also when they begin or end outside */
    size_t n_matches;
    const SxSpan *groups;  /* of the matches */
    size_t n_groups;
    SxSpan current;        /* current match, len 0: none */
    bool has_current;
    const SxSpan *marks;
    size_t n_marks;
    const SxSpan *fresh;   /* bytes that others have just changed; any order */
    size_t n_fresh;
    const uint8_t *glow;   /* watch mode: of each byte of glow_span, 0 to SX_GLOW_MAX: just changed; NULL: none */
    SxSpan glow_span;
    SxHalf half;
    /* The file map: one kind per row of the window, filled by the caller from what is known without reading. */
    const char *map;       /* ' ' hole, '|' data, '*' match, '+' change, '\'' mark, '!' lost; rows characters, or NULL */
} SxHexModel;

/* What the text view needs beside the SxHexModel of the same bytes. */
typedef struct SxTextModel {
    SxText *text;      /* scratch */
    uint64_t top;      /* where its first row begins */
    bool twin;         /* the hex view beside it has the cursor */
    SxTextShape shape;
    unsigned left;     /* NONE: cells that are scrolled away at the left */
    unsigned digits;   /* see sx_text_layout */
    uint64_t line;     /* number of the line that holds `top` */
    bool estimated;    /* so it is not the true one */
    const uint64_t *lines; /* with a filter: for each row of the window the line that begins there; NULL: they follow */
} SxTextModel;

typedef struct SxTab {
    const char *name; /* printable */
    uint64_t changes; /* "+2" */
    bool foreign;     /* "~": others have changed the file */
} SxTab;

typedef struct SxStatus {
    SxMode mode;
    SxBadge badge;
    uint64_t changes;      /* +2 */
    uint64_t written;      /* w2 */
    bool unprotected;
    uint64_t cursor;
    uint64_t length;
    const char *job;       /* "find 41% 9 s", "" or NULL */
    uint64_t selected;     /* bytes, 0: none */
    const char *match;     /* "3 of 192", "1 of 78+", "? of 78+" or NULL */
    bool has_value;        /* the byte under the cursor is known */
    uint8_t value;
    bool lost;             /* the byte under the cursor is lost: "??" */
    SxHalf half;           /* shown as "7_" */
    uint64_t base;
    const char *line;      /* text: "2:70", the line and the character in it, "~812" where it is estimated; else NULL */
} SxStatus;

typedef enum SxLineKind { SX_LINE_MESSAGE, SX_LINE_BAD, SX_LINE_QUESTION, SX_LINE_PROMPT, SX_LINE_HINT } SxLineKind;

/* The message line. In a QUESTION letters in [brackets] are the keys. */
typedef struct SxLine {
    SxLineKind kind;
    const char *label;  /* PROMPT: "find text: " */
    const char *text;   /* printable UTF-8; PROMPT: what is typed so far */
    size_t cursor;      /* PROMPT: byte index into text */
    const char *right;  /* said at the right where there is room */
    bool right_bad;     /* the text at the right is a complaint */
} SxLine;

/* A list over the view: help, matches, changes, history, completions. */
typedef struct SxPopup {
    const char *title;
    const char *const *rows; /* printable; TAB separates fields, which are aligned; a leading \x01 makes a heading */
    size_t count;
    const bool *marked; /* of each row: drawn as `*` before it; NULL: none is */
    size_t top;
    size_t current;     /* SIZE_MAX: none */
    const char *footer; /* keys */
    bool strip;         /* a few rows above the status line, not the whole window: hints and completions */
} SxPopup;

typedef struct SxScreen {
    unsigned width, height;
    const SxTab *tabs;
    size_t n_tabs;
    size_t active;
    const char *encoding;   /* "ascii" */
    uint64_t file_size;     /* for "(+3)" */
    const SxHexModel *hex;  /* NULL: nothing is open */
    const SxTextModel *text; /* NULL: the hex view; else the text view of the same, or */
    bool beside;            /* both, where there is room: see sx_beside_layout */
    const SxHexOptions *options;
    SxStatus status;
    SxLine line;
    const SxPopup *popup;   /* NULL: none */
    const char *const *side; /* lines of the side pane, the first is its heading; TAB begins a second field at the right */
    size_t n_side;
    bool speak;             /* as options->speak, which layout and paging need */
    const char *spoken;     /* with speak: on the message line while nothing else is said there */
} SxScreen;

/* Draw all of it; `grid` has the size of the screen. */
void sx_screen_draw(SxGrid *grid, const SxScreen *screen);
/* What lies at a cell of the same screen. */
SxHit sx_screen_hit(const SxScreen *screen, unsigned x, unsigned y);
/* The area of the popup's rows on this screen (how many fit), for paging in lists. */
unsigned sx_popup_rows(const SxScreen *screen);

/* The dump of a range as the screen shows it, a line at a time, for `dump`; with `theme` in colour (SGR). */
struct SxTheme;
void sx_hex_dump_line(char *buf, size_t size, SxSource *source, uint64_t at, unsigned columns, unsigned digits,
                      const struct SxTheme *theme, int depth);

SX_END
