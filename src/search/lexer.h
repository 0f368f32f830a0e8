/*
 * lexer.h - a place in the text of a pattern, and failures that name it.
 */
#pragma once

#include <sextant/error.h>

typedef struct Lexer {
    SxBytes text;
    size_t at;        /* next byte */
    const char *what; /* "hex", "regex", ...: what messages begin with */
    SxError *err;
} Lexer;

/* The byte `ahead` places on, -1 behind the end. */
int lex_peek(const Lexer *x, size_t ahead);
bool lex_take(Lexer *x, char c); /* skips `c` when it is next */
void lex_spaces(Lexer *x);
bool lex_space_next(const Lexer *x); /* at a space or at the end */
/* Letters, digits, _ and - from here on; nothing is skipped. */
SxBytes lex_word(const Lexer *x);
bool lex_is(SxBytes word, const char *name);
int hex_digit(int c); /* -1: none */

/* "WHAT, column N: ..." at the byte `at` of the text (0-based). Returns false. */
bool lex_fail(const Lexer *x, size_t at, const char *fmt, ...) SX_PRINTF(3, 4);
/* For messages: the character at `at`, as "x", \xNN or "the end". */
const char *lex_sign(const Lexer *x, size_t at, char buf[16]);

/* 123, 0x7f, 0b101, with _ between digits. */
bool lex_number(Lexer *x, uint64_t *out);

/* Behind a backslash in text: \n \t \r \e \0 \\ \" \xNN. */
bool lex_escape(Lexer *x, uint8_t *out);
