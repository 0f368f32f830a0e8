/*
 * prompt_line.h - one line of text that is being typed: editing keys, nothing else. UTF-8, cursor by character.
 *
 * ownership  {0} is empty; line_clear frees
 */
#pragma once

#include <sextant/key.h>
#include <sextant/text.h>

typedef struct PromptLine {
    char *text;    /* NUL-terminated, NULL when nothing was ever typed */
    size_t len;    /* bytes */
    size_t cap;
    size_t cursor; /* byte index, at a character */
} PromptLine;

void line_clear(PromptLine *l);
const char *line_text(const PromptLine *l); /* never NULL */
void line_go(PromptLine *l, size_t at); /* the cursor to a character's first byte */
bool line_set(PromptLine *l, const char *text, size_t len); /* the cursor goes behind it */
bool line_insert(PromptLine *l, const char *text, size_t len);

typedef enum LineAnswer { LINE_NOT_MINE, LINE_MOVED, LINE_CHANGED } LineAnswer;
/* Left Right Home End C-a C-e C-b C-f BS Del C-w C-u C-k, and printing characters. */
LineAnswer line_key(PromptLine *l, SxKey key);
