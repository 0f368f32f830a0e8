/*
 * text.h - text as a pattern: its characters in one or more encodings, in one case or in all.
 */
#pragma once

#include "search/fixed.h"
#include "search/lexer.h"

#include <sextant/text.h>

/* What may stand behind a pattern. */
typedef struct Modifiers {
    bool nocase, wide, ascii, fullword;
    char encoding[40]; /* "": UTF-8 as typed */
    size_t encoding_at; /* where its name stands, for messages */
    uint64_t align;    /* 1: anywhere */
} Modifiers;

/* One character of the text, or a byte that stands for itself. */
typedef struct TextUnit {
    uint32_t code; /* UINT32_MAX: `raw` */
    uint8_t raw;
    size_t at; /* where it stands */
} TextUnit;

typedef struct TextUnits {
    TextUnit *unit;
    size_t count, cap;
    bool failed;
} TextUnits;

/* The characters of `bytes` as they are. */
void text_units(TextUnits *u, SxBytes bytes, size_t at);
/* Behind the opening quote up to the closing one, which is skipped; escapes are resolved. */
bool text_parse_quoted(Lexer *x, TextUnits *u);
void text_clear(TextUnits *u);

/* The tree of the text in one encoding: as typed, `wide` (UTF-16LE) or the named one. */
Node *text_tree(const Lexer *x, Tree *t, const TextUnits *u, const Modifiers *m, bool wide);
