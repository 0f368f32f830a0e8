/* encodings.h - the encodings there are, for their table. */
#pragma once

#include <sextant/encoding.h>

extern const SxEncoding encoding_ascii;
extern const SxEncoding encoding_utf8;
extern const SxEncoding encoding_latin1;
extern const SxEncoding encoding_utf16le;
extern const SxEncoding encoding_utf16be;
extern const SxEncoding encoding_utf32le;
extern const SxEncoding encoding_utf32be;
extern const SxEncoding *const encodings_in_tables[]; /* of encodings.def, NULL behind the last */

/* The encoding of a text that is no UTF-8; never NULL. */
const SxEncoding *guess_legacy(SxBytes head);
/* NULL: it is none. */
const SxEncoding *guess_ebcdic(SxBytes head);
