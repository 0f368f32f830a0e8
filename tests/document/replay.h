/*
 * replay.h - a journal replayed on plain arrays, with nothing but the file as it is: what recovery must come to.
 */
#pragma once

#include "document/journal_read.h"

typedef struct ReplayState {
    uint8_t *bytes; /* NULL: no such step */
    size_t len;
} ReplayState;

typedef struct Replay {
    ReplayState now;
    uint64_t current;   /* step */
    ReplayState *steps; /* by number; 0 is the beginning */
    size_t n_steps;
    uint64_t records;
    struct Tape *tape;
} Replay;

/* file: what the file is now, NULL where there is none. false: `why` says what the journal lacks. */
bool replay(Replay *r, const char *dir, const char *file, char why[200]);
void replay_clear(Replay *r);
