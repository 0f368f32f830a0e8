/*
 * things.h - the next and the previous thing of a kind: change, mark, hole, run of zeros, string.
 *
 * Strictly behind or before `cursor`, never round the end. FAILED and STOPPED fill err.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/job.h>

typedef struct ThingSearch {
    SxDocument *document;
    SxSnapshot *snapshot;
    SxSource *source; /* of the snapshot */
    uint64_t cursor;
    bool backward;
    SxJob *job;
} ThingSearch;

/* `thing` is a word of the table but "match". */
SxFound thing_find(const ThingSearch *t, const char *thing, uint64_t *at, SxError *err);

/* A run of at least `min` bytes of a class, skipping what is not stored without reading it. */
SxFound run_find(const ThingSearch *t, const bool class[256], uint64_t min, uint64_t *at, SxError *err);
