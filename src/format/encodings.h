/* encodings.h - the encodings there are, for their table. */
#pragma once

#include <sextant/encoding.h>

extern const SxEncoding encoding_ascii;
extern const SxEncoding encoding_utf8;
extern const SxEncoding encoding_latin1;
