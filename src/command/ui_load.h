/*
 * ui_load.h - bytes that are not in memory yet.
 *
 * The screen peeks. What is pending is read by a Task that touches it through the source and wakes the loop, which
 * draws again. A task that hangs in a dead disk is left alone, and the next range gets another one, up to a few.
 */
#pragma once

#include <sextant/session.h>
#include <sextant/snapshot.h>

#include "command/task.h"

enum { LOADERS = 4 };

typedef struct Loading {
    Task *task; /* NULL: this place is free */
    SxSpan span;
    SxDocument *of; /* only compared */
} Loading;

typedef struct Loader {
    Loading loading[LOADERS];
} Loader;

/* Have `span` of the snapshot read; waits up to `patience` ms for it, so that a quick disk never shows pending bytes. */
void ui_load(SxSession *s, SxSnapshot *snapshot, SxSpan span, unsigned patience);
void ui_load_tick(SxSession *s);
void ui_load_clear(SxSession *s);
