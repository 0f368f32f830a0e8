/*
 * rarity.h - how often bytes are met in files of all kinds, for choosing what to look for first.
 */
#pragma once

#include "search/byteset.h"

enum { OFTEN_ALL = 7000 }; /* what the numbers of all 256 values add up to, about */

/* More is more often; roughly, in executables, images and text together. */
unsigned byte_often(uint8_t b);
unsigned set_often(const ByteSet *s);
