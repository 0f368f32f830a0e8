/*
 * language.h - the pattern language: which kind a text is, what may stand behind it.
 */
#pragma once

#include "search/lexer.h"
#include "search/pattern.h"
#include "search/text.h"

/* Reads one pattern at x->at into `p`, which is zeroed but for its count. On failure `p` is half built. */
bool language_parse(Lexer *x, SxPattern *p, SxPatternKind kind, unsigned flags);

/* Modifiers up to the first word that is none, which is left. Which ones fit is the caller's business. */
bool modifiers_parse(Lexer *x, Modifiers *m);
/* Appends them in their canonical order. */
void modifiers_print(const Modifiers *m, SxString *out);
