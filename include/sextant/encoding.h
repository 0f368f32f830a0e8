/*
 * encoding.h - bytes as characters: what stands at an offset, what a character is as bytes, where the one before began.
 *
 * An encoding is a constant table entry. Whoever adds one fills SxEncoding in a file of src/format/ and names it in the
 * table of encoding.c; views, motions, typing and the option need no change. Whatever bytes a file holds, each belongs
 * to one character or to one that is no character: nothing is skipped, nothing is hidden.
 *
 * units      bytes; code points of Unicode
 * ownership  encodings are static and never freed
 * threads    pure functions
 * see        Unicode 15, sections 3.9 and 3.10
 */
#pragma once

#include <sextant/bytes.h>

SX_BEGIN

enum {
    SX_ENCODING_MOST = 8,      /* bytes of the longest character of any encoding */
    SX_ENCODING_CONTEXT = 512, /* bytes that any encoding may want to see before a place */
    SX_ENCODING_GLYPHS = 128,  /* those with control characters: 00 to 1f, and 7f */
};
#define SX_NO_CHARACTER UINT32_MAX /* what bytes that encode nothing decode to */

typedef struct SxEncoding SxEncoding;
struct SxEncoding {
    const char *name;    /* as it is shown and typed: "utf-8" */
    const char *aliases; /* separated by spaces, "" none */
    const char *converter; /* what iconv(3) calls it */
    unsigned unit;       /* 1, 2 or 4: characters begin at multiples of it from the start of the document */
    unsigned most;       /* bytes of the longest character, at most SX_ENCODING_MOST */
    /*
     * Bytes before a place that `sync` and `back` look at, at most SX_ENCODING_CONTEXT; 0: 4 * most. Where no byte says
     * whether a character begins there (Shift-JIS and its like) they are right when the document begins, or a byte below
     * 30 stands, among them; else they give a place that holds from there on.
     */
    unsigned context;
    /*
     * The character that `in` (not empty) begins with; `in` goes on for at least `most` bytes or to the end of the
     * document. Returns its bytes, 1 to most; bytes that are none give *code = SX_NO_CHARACTER and one unit, or what is
     * left of it at the end.
     */
    size_t (*decode)(const SxEncoding *e, SxBytes in, uint32_t *code);
    /* Its bytes into out; 0 when this encoding cannot hold it. */
    size_t (*encode)(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST]);
    /*
     * The first index at or behind `at`, less than `most` further on, where a character begins. `text` lies around it,
     * `most` bytes behind it and the context before it where the document has them; it begins at a multiple of `unit`.
     * NULL: each unit begins one.
     */
    size_t (*sync)(const SxEncoding *e, SxBytes text, size_t at);
    /*
     * Bytes of the character that ends where `before` (not empty) ends; `before` holds the context where the document
     * has it, and begins at a multiple of `unit`. NULL: one unit.
     */
    size_t (*back)(const SxEncoding *e, SxBytes before);
    const uint16_t *glyphs; /* pictures of the control characters 01 to 1f and 7f (DOS), NULL: it has none */
    const void *data;       /* the encoding's own: a table */
};

/* By name or alias, letter case and the signs - _ aside; NULL: there is none. */
const SxEncoding *sx_encoding_find(const char *name);
/* The i-th, NULL behind the last. The first one is ascii, where each byte stands for itself. */
const SxEncoding *sx_encoding_at(size_t i);

/* As the fields of the same name, with what NULL stands for. */
size_t sx_encoding_decode(const SxEncoding *e, SxBytes in, uint32_t *code);
size_t sx_encoding_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST]);
size_t sx_encoding_sync(const SxEncoding *e, SxBytes text, size_t at);
size_t sx_encoding_back(const SxEncoding *e, SxBytes before);
size_t sx_encoding_context(const SxEncoding *e);

/* What the beginning of a document says about it. */
typedef struct SxEncodingGuess {
    const SxEncoding *encoding; /* never NULL */
    bool text;                  /* it looks like text at all */
    bool certain;               /* it says so itself, or nothing else could be read in it */
} SxEncodingGuess;

/* Look at `head`; `whole`: it is all of the document. */
SxEncodingGuess sx_encoding_guess(SxBytes head, bool whole);

/* How lines end; NEL (U+0085) is EBCDIC's. */
typedef enum SxLineEnd { SX_LINE_LF, SX_LINE_CRLF, SX_LINE_CR, SX_LINE_NEL, SX_LINE_MIXED } SxLineEnd;

/* What `head` has most of; MIXED is LF and CRLF together. Without a line end it is LF. */
SxLineEnd sx_line_end_guess(const SxEncoding *e, SxBytes head);
const char *sx_line_end_name(SxLineEnd end); /* "LF", "CRLF", "CR", "NEL", "mixed" */
/* The character that a line ends with, or both do; never NEL where lines do not end with it. */
uint32_t sx_line_end_sign(const SxEncoding *e, SxLineEnd end);
bool sx_encoding_has_nel(const SxEncoding *e); /* lines may end with NEL in it */

SX_END
