/*
 * ui_regex.h - a regular expression as one types it over lines of text: it means characters of the document's encoding,
 * and its lines.
 */
#pragma once

#include <sextant/encoding.h>
#include <sextant/search.h>
#include <sextant/session.h>
#include <sextant/text.h>

/* Whether bytes of the shown document's encoding can say a regex at all: not those of UTF-16 and EBCDIC. */
bool ui_regex_fits(SxSession *s);
/*
 * What is typed as PCRE2 wants it for the bytes of the shown document, added to `out`: characters that its encoding
 * writes otherwise as those bytes. `flags` gains what the pattern needs. errors: SX_ERR_SYNTAX where bytes cannot say it
 * (UTF-16, EBCDIC), SX_ERR_NOMEM.
 */
bool ui_regex_text(SxSession *s, const char *text, SxString *out, unsigned *flags, SxError *err);
/* The pattern of it. errors: with the column in `text`. */
bool ui_regex(SxSession *s, const char *text, unsigned flags, SxPattern **out, SxError *err);
/* Whether the option `letters` makes it ignore case. */
bool ui_case_ignored(const SxSession *s, const char *text);
/* The words of `text` as an encoding writes them: "text" enc=NAME nocase fullword. */
bool ui_words_in(const SxEncoding *e, const char *text, bool nocase, bool word, SxPattern **out, SxError *err);
