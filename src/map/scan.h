/*
 * scan.h - a byte string in a block of memory, from either side, as fast as the machine reads.
 */
#pragma once

#include <sextant/bytes.h>

/* The first or last offset of `needle` in `hay`; SIZE_MAX when there is none. needle.len >= 1. */
size_t scan_first(SxBytes hay, SxBytes needle);
size_t scan_last(SxBytes hay, SxBytes needle);
