/* words.h - blanks and words of a command line; a line holds no line end. */
#pragma once

#include <string.h>

#include <sextant/bytes.h>

static inline bool
blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Bytes up to the next blank or the end. */
static inline size_t
word_length(SxBytes text)
{
    size_t n = 0;
    while (n < text.len && !blank(text.data[n]))
        n++;
    return n;
}

/* How many blanks stand at `at`. */
static inline size_t
blanks(SxBytes text, size_t at)
{
    size_t n = at;
    while (n < text.len && blank(text.data[n]))
        n++;
    return n - at;
}

/* What begins at `at`. */
static inline SxBytes
from(SxBytes text, size_t at)
{
    return sx_bytes(text.data + at, text.len - at);
}

static inline bool
bytes_are(SxBytes text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

/* Whether the word at `at` is `word`. */
static inline bool
word_is(SxBytes text, size_t at, const char *word)
{
    SxBytes here = from(text, at);
    return bytes_are(sx_bytes(here.data, word_length(here)), word);
}

/* Offset of the quote that closes the one at the beginning; text.len or more when there is none. */
static inline size_t
closing_quote(SxBytes text)
{
    size_t end = 1;
    while (end < text.len && text.data[end] != '"')
        end += text.data[end] == '\\' ? 2 : 1;
    return end;
}
