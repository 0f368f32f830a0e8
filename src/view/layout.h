/* layout.h - where things stand on the screen; drawing and hit test both ask here. Private to view/. */
#pragma once

#include <sextant/view.h>

enum { COLUMNS_MAX = 512 }; /* bytes a row */

/* The options of the screen, never NULL, with what the screen itself says about speaking. */
SxHexOptions screen_options(const SxScreen *s);
void screen_layout(SxHexLayout *out, const SxScreen *s); /* of two views the one that has the cursor */
/* Those of both; false: only one is shown. */
bool screen_layouts(SxHexLayout *hex, SxHexLayout *text, const SxScreen *s);

/* Screen columns of byte `i` of a row; its two digits stand there and behind. */
unsigned layout_hex_x(const SxHexLayout *l, unsigned i);
unsigned layout_text_x(const SxHexLayout *l, unsigned i);
/* Bytes that fit into the row that begins at `at`: the first one is shorter by the shift. */
unsigned layout_row_bytes(const SxHexLayout *l, const SxHexOptions *o, uint64_t at);
/* The bytes of a text or the digits of `value`, in this notation. */
unsigned digits_of(uint64_t value, bool decimal);

/*
 * While a byte is being typed in INSERT it stands on the screen but not yet in the document: from it on, places on the
 * screen ("shown") are one further than offsets.
 */
uint64_t shown_of(const SxHexModel *m, uint64_t at);
uint64_t shown_length(const SxHexModel *m);
uint64_t shown_cursor(const SxHexModel *m);
bool shown_is_half(const SxHexModel *m, uint64_t shown);
uint64_t offset_of_shown(const SxHexModel *m, uint64_t shown);

/* value * part / whole, rounded down; part <= whole, whole > 0. */
uint64_t scale(uint64_t value, uint64_t part, uint64_t whole);

/* The cell of the file map, of `rows`, that holds `at`, and the first offset of a cell. */
unsigned map_row(uint64_t at, uint64_t length, unsigned rows);
uint64_t map_offset(unsigned row, uint64_t length, unsigned rows);

/* The tabs of the title: false behind the last one that is shown. */
typedef struct TabPlace {
    size_t index;
    unsigned x, width;
} TabPlace;
bool title_tab(const SxScreen *s, size_t n, TabPlace *out);

/* The popup's area, and in it the rows of its list. */
typedef struct PopupPlace {
    SxRect all;
    int title_y, footer_y; /* -1: none */
    unsigned rows_y, rows;
} PopupPlace;
bool popup_place(const SxScreen *s, PopupPlace *out);
