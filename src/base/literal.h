/*
 * literal.h - the numbers of an expression: 123, 0x7f, 0b101, 0o17, 1_000, 4K, 2MiB, 12.5%.
 */
#pragma once

#include <sextant/expression.h>

/* Wide enough for any sum, difference or product of two values before it is checked. */
__extension__ typedef __int128 Wide;

typedef struct Literal {
    Wide value;
    size_t used;        /* bytes */
    bool leading_zeros; /* read as hex because of them */
} Literal;

/* Letters, digits and `_` at text[at]: what belongs to one name or number. */
size_t word_span(SxBytes text, size_t at);
/* Whether the word at text[at] is meant as a number. */
bool literal_begins(SxBytes text, size_t at, const SxScope *scope);
/* Read it; columns of errors are those of `text`. */
bool literal_read(SxBytes text, size_t at, const SxScope *scope, Literal *out, SxError *err);
/* A failure of SX_ERR_RANGE with a place: `return range_at(err, at, sx_fail(err, SX_ERR_RANGE, ...))`. */
bool range_at(SxError *err, size_t at, bool failed);
