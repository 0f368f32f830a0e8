/*
 * blame.h - what to tell people about an expression that PCRE2 refused: the place, and what to do.
 */
#pragma once

#include "search/lexer.h"

/* `code` and `where` as PCRE2 gave them for `text`, which stands at `at` of x->text. Returns false. */
bool blame(const Lexer *x, size_t at, SxBytes text, bool extended, int code, size_t where);
