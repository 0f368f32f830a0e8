/* row.h - one row of bytes with all that is to be said of each, before it is drawn. Private to view/. */
#pragma once

#include "view/layout.h"

/* Bytes around the screen, read at once without waiting. */
enum { WINDOW_BYTES = 8192 };
typedef struct Window {
    SxSpan span;   /* what is loaded */
    size_t most;   /* bytes to load at once, at most WINDOW_BYTES: what the screen shows */
    uint8_t bytes[WINDOW_BYTES];
    uint8_t states[WINDOW_BYTES];  /* SxByteState */
    uint8_t origins[WINDOW_BYTES]; /* SxOrigin */
    bool gap_at_end;
} Window;

/* What stands in the text column. */
typedef enum RowPart {
    PART_BYTE,  /* the byte, as ASCII */
    PART_FIRST, /* the character that begins here: code */
    PART_WIDE,  /* its right half */
    PART_REST,  /* the mark of a later byte: code */
} RowPart;

typedef struct RowByte {
    uint8_t value;
    uint8_t state;  /* SxByteState */
    uint8_t origin; /* SxOrigin */
    uint8_t part;   /* RowPart */
    uint32_t code;
    bool half;      /* is being typed: "7_" */
    bool inserting; /* such a byte, not in the document */
    bool marked;
    bool fresh;
    SxStyles styles;           /* beyond its class */
    SxStyles join;             /* what the gap behind it shares with it */
    char before, behind;       /* bracket, or 0 */
    SxStyles before_styles, behind_styles;
} RowByte;

typedef struct Row {
    uint64_t shown;  /* place of the first byte */
    unsigned count;  /* bytes that there are */
    RowByte bytes[COLUMNS_MAX];
} Row;

/* Fill `row` with what stands from `shown` on, at most `room` bytes. */
void row_load(Row *row, Window *w, const SxHexModel *m, uint64_t shown, unsigned room);
/* Say of each byte of a loaded row what the text column shows in the model's encoding. */
void row_characters(Row *row, const Window *w, const SxHexModel *m);
/* '!', '~', '*', '\'', '-' or ' '. */
char row_sign(const Row *row);
