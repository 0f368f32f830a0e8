/*
 * ui_letters.h - the characters from one place to another, as the view reads bytes: what words and brackets are made of.
 *
 * In the text view the encoding is the chosen or the guessed one; in the hex view the chosen one, else each byte is a
 * character by itself. What a text says of its own looks is no character where it is not shown as one.
 */
#pragma once

#include <sextant/session.h>

typedef struct Letter {
    uint64_t at;
    uint32_t code; /* SX_NO_CHARACTER: bytes that are none */
} Letter;

typedef struct Letters {
    Letter *of;
    size_t count, cap;
    uint64_t end; /* where the last one ends */
} Letters;

/*
 * Those that begin in `span`, instead of what `out` held.
 *
 * begins   one begins at span.at; else the first is looked for
 * returns  false: some bytes are not in memory, or there is no memory
 */
bool ui_letters(SxSession *s, SxSpan span, bool begins, Letters *out);
void ui_letters_clear(Letters *l);
