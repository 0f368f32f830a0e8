/*
 * window.h - a source for many small reads, one near the other: a block of another source, kept in memory.
 *
 * Only bytes that are stored and readable are kept; holes and lost bytes are asked of the other source each time, so
 * nothing looks different through a window.
 *
 * ownership  lives on the stack of who reads; retain and release do nothing
 * threads    one
 */
#pragma once

#include <sextant/source.h>

typedef struct Window {
    SxSource source;
    SxSource *of;    /* borrowed */
    uint64_t end;    /* size of this source: the other one is cut here */
    SxSpan block;    /* what is kept */
    uint8_t *bytes;
} Window;

bool window_init(Window *w, SxSource *of, uint64_t end, SxError *err);
void window_clear(Window *w);
