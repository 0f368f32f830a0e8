/*
 * ui_text.h - the text view of a document: its shape, and the geometry that ui_view.c asks for while it is shown.
 *
 * Cursor, selection and top are the document's and the tab's, as in the hex view; only rows are others. Encoding and
 * line ends are guessed once from the beginning, unless the user names an encoding.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/encoding.h>
#include <sextant/key.h>
#include <sextant/session.h>
#include <sextant/text.h>
#include <sextant/text_rows.h>

/* What a tab keeps for it. */
typedef struct TextTab {
    bool on;       /* the text view is shown, not the hex view */
    bool piped;    /* it came out of a pipe */
    bool undecided; /* it is shown when the first bytes have come, if they look like text */
    bool guessed;  /* what follows is known */
    bool replaced; /* all that it was known from: by a conversion, its undoing, another file */
    const SxEncoding *before; /* the chosen encoding was another one before a conversion; NULL: there was none */
    uint64_t length[2];       /* of the document on the two sides of it: undo and redo are known by them */
    bool crossed;             /* from one side to the other */
    bool is_text;
    const SxEncoding *guess;
    bool certain;  /* of it */
    uint64_t head; /* bytes that were looked at for it */
    SxLineEnd ends;
    const SxEncoding *ends_in; /* read in this encoding; NULL: not known yet */
    unsigned left; /* without wrapping: cells scrolled away */
    unsigned goal; /* the cell that vertical motions keep ... */
    uint64_t goal_at; /* ... while the cursor stands here */
    bool has_goal;
    SxString covered; /* by what was typed over in this run, for Backspace */
    unsigned digits; /* of line numbers; only grows, so that the text does not move */
} TextTab;

void ui_text_change(TextTab *t, const SxChange *change);
/* All of the document, `length` bytes, was `from` and is `to` now; taking that back is noticed. */
void ui_text_converted(SxSession *s, const SxEncoding *from, const SxEncoding *to, uint64_t length);
void ui_text_open(SxSession *s, TextTab *t); /* a document was opened: which view to begin with */
void ui_text_decide(SxSession *s, SxSnapshot *snapshot);
bool ui_text_on(SxSession *s);
void ui_text_show(SxSession *s, bool on);
const SxEncoding *ui_text_encoding(SxSession *s); /* chosen or guessed */
const SxEncoding *ui_column_encoding(SxSession *s); /* of the hex view's text column: only when chosen; NULL: ASCII */
const SxEncoding *ui_shown_encoding(SxSession *s); /* of what is shown, in either view; never NULL */
SxLineEnd ui_text_ends(SxSession *s);
/* How sure that is: "chosen", "certain", "assumed" of what is ASCII so far, "guessed". */
const char *ui_text_certainty(SxSession *s);
/* Sequences of terminals and overstrike are shown as what they mean, not as what they are; never where one types. */
bool ui_text_formatted(SxSession *s);
/* "utf-8 CRLF", "latin-1 guessed LF" for the title. */
const char *ui_text_title(SxSession *s, char *buf, size_t size);

/* "2:70" for the status line: the line of the cursor, and the character in it, unless the line is long; NULL: hex. */
const char *ui_text_where(SxSession *s, char *buf, size_t size);

/* Rows of the shown document as it is now; good until the next call. */
SxText *ui_text(SxSession *s);
SxTextShape ui_text_shape(SxSession *s);
unsigned ui_text_digits(SxSession *s); /* of line numbers */
/* Have what lies around the window read, when it is not in memory. */
void ui_text_fetch(SxSession *s, SxSnapshot *snapshot);
SxSpan ui_text_window(SxSession *s); /* the bytes that are shown */
void ui_text_show_column(SxSession *s); /* scroll sideways so that the cursor is seen */

/* The cell of `at` in its row, or the one that vertical motions keep; and what stands there in another row. */
unsigned ui_text_column(SxSession *s, uint64_t at);
uint64_t ui_text_place(SxSession *s, uint64_t row, unsigned column);
/* `n` characters further, or back. */
uint64_t ui_text_step(SxSession *s, uint64_t at, int64_t n);

/* --- typing ------------------------------------------------------------------------------------------------------- */

bool ui_types_text(SxSession *s);              /* characters are typed, not digits */
void ui_text_type(SxSession *s, SxKey key);    /* a printing key, Enter, Backspace or Del in OVERWRITE or INSERT */
void ui_text_replace(SxSession *s, SxKey key); /* r */
/* A character in the encoding that is chosen or guessed; false: it has none, and that was said. */
bool ui_text_encoded(SxSession *s, uint32_t code, uint8_t out[SX_ENCODING_MOST], size_t *n);
/* Pasted UTF-8 as the document's encoding and line ends have it; false: it cannot, and that was said. */
bool ui_text_convert(SxSession *s, SxBytes text, SxString *out);

/* From the character at `a` to the one at `b`, both included; or all of their lines. */
SxSpan ui_text_selected(SxSession *s, uint64_t a, uint64_t b, bool lines);
uint64_t ui_text_paragraph(SxSession *s, uint64_t at, bool down); /* the next empty line behind or before one */
SxExit ui_text_bracket(SxSession *s, SxError *err);                /* % */
uint64_t ui_text_row_end(SxSession *s, uint64_t at);
