/*
 * hex.h - bytes written in hex: `7f 45 4? ?4 ?? [2-4] [-] ( 01 | 02 03 ) ~00 80&c0 "text"`.
 *
 *     7f 4? ?4 ??    a byte, with a nibble or both left open; spaces and commas between bytes are optional, 0x too
 *     ~7f ~4?        any byte but these
 *     80&c0          a byte whose bits in c0 are those of 80
 *     [2-4] [3] [2-] [-]   so many bytes of any value; the fewest that lead to a match
 *     ( a | b )      one or the other
 *     "GNU"          the bytes of a text
 */
#pragma once

#include "search/lexer.h"
#include "search/tree.h"

#include <sextant/text.h>

/* Reads up to `close` ('}', or 0 for the end of the text), which is not skipped. NULL: failed, see x->err. */
Node *hex_parse(Lexer *x, Tree *t, char close, SxString *canonical);
