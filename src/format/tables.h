/* tables.h - what gen/encodings.c writes: characters by their bytes, and for lead bytes the way back. */
#pragma once

#include "format/encodings.h"

enum {
    TABLE_NONE = 0xffff, /* no character; U+FFFF is none either */
    TABLE_BEYOND = 0xd800, /* the first of the few characters beyond the first plane; no surrogates */
};

/* SINGLE and DOS: the character of each byte. */
typedef struct SingleTable {
    uint16_t code[256];
} SingleTable;

/* The bytes of a character: two, or three whose first is `prefix`, said by a second byte below 80. */
typedef struct BackEntry {
    uint16_t code; /* ascending */
    uint16_t bytes;
} BackEntry;

/* Four bytes in GB 18030 are a number; runs of numbers are runs of characters. */
typedef struct NumberRun {
    uint16_t number; /* ascending; the run goes on to the next entry */
    uint16_t code;   /* of its first, TABLE_NONE: none */
} NumberRun;

/*
 * MULTI: rows[0] has the characters of one byte; lead byte b has row[b], and behind `prefix` row3[b].
 */
typedef struct MultiTable {
    uint8_t row[256];  /* 0: no lead byte */
    uint8_t row3[256]; /* behind the prefix; 0: no lead byte */
    uint8_t prefix;    /* first byte of three, 0: there are none */
    const uint16_t (*rows)[256];
    const BackEntry *back;
    size_t n_back;
    const uint32_t *beyond; /* what TABLE_BEYOND and the entries after it stand for */
    size_t n_beyond;
    const NumberRun *runs; /* NULL: no characters of four bytes */
    size_t n_runs;
} MultiTable;

/* What the generated entries point to. */
size_t single_decode(const SxEncoding *e, SxBytes in, uint32_t *code);
size_t single_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST]);
size_t multi_decode(const SxEncoding *e, SxBytes in, uint32_t *code);
size_t multi_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST]);
size_t multi_sync(const SxEncoding *e, SxBytes text, size_t at);
size_t multi_back(const SxEncoding *e, SxBytes before);
extern const uint16_t dos_glyphs[SX_ENCODING_GLYPHS];
