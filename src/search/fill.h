/*
 * fill.h - long runs of one byte, walked by arithmetic: every place deep inside them answers the same.
 */
#pragma once

#include "search/walk.h"

/*
 * The window is a FILL. Either its inner places are done, with what matches there appended as one run, or the window
 * is dropped: these places must be looked at one by one.
 */
Progress fill_step(Walk *w, uint64_t stop, Batch *out, SxError *err);
