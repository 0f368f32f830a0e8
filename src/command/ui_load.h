/*
 * ui_load.h - bytes that are not in memory yet, and bytes that change under us.
 *
 * The screen peeks. What is pending is read by a Task that touches it through the source and wakes the loop, which
 * draws again. A task that hangs in a dead disk is left alone, and the next range gets another one, up to a few.
 */
#pragma once

#include <sextant/session.h>
#include <sextant/snapshot.h>

#include "command/task.h"

enum { LOADERS = 4, SEEN_MAX = 16384 };

typedef struct Loading {
    Task *task; /* NULL: this place is free */
    SxSpan span;
    SxDocument *of; /* only compared */
    uint64_t began;
} Loading;

typedef struct Loader {
    Loading loading[LOADERS];
} Loader;

/* What the screen showed last, to see whether somebody else changed it. */
typedef struct Seen {
    SxSpan span;
    uint64_t generation;
    uint8_t *bytes;  /* SEEN_MAX, NULL until the first comparison */
    uint8_t *states;
    uint64_t looked;   /* when */
    uint64_t asked;    /* when the file was asked for its size and times */
    int foreign;       /* the SxForeign that was said */
    uint64_t foreign_size;
    uint64_t lost_end; /* of the lost range that was said, 0: none yet */
} Seen;

/* Have `span` of the snapshot read; waits up to `patience` ms for it, so that a quick disk never shows pending bytes. */
void ui_load(SxSession *s, SxSnapshot *snapshot, SxSpan span, unsigned patience);
void ui_load_tick(SxSession *s);
void ui_load_clear(SxSession *s);
bool ui_load_stuck(SxSession *s); /* a read has not come back for long: ask this file nothing */
void ui_seen_clear(Seen *seen);
void ui_seen_keep(SxSession *s, SxSpan view, const uint8_t *bytes, const uint8_t *states);
/* M28: says what of the visible bytes cannot be read, once for each range. */
void ui_lost_tell(SxSession *s, SxSnapshot *snapshot, SxSpan view, const uint8_t *states);
/* Whether the visible bytes are others than a moment ago; asks the file now and then. Milliseconds until it wants to
 * look again, -1: never. */
int ui_watch(SxSession *s);
