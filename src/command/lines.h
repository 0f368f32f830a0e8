/* lines.h - lines of a source: they end at \n and are counted from 1. Reads a block at a time. */
#pragma once

#include <sextant/error.h>
#include <sextant/job.h>
#include <sextant/source.h>

/* A place whose line is known, for counting on from there. {0, 1} is the start. */
typedef struct LinePlace {
    uint64_t at;
    uint64_t line;
} LinePlace;

/* Go on to `at`, which lies not before place->at. */
bool line_advance(SxSource *source, LinePlace *place, uint64_t at, SxJob *job, SxError *err);
/* Go on to the start of line `line`; at the end of the source place->line is the last line. */
bool line_seek(SxSource *source, LinePlace *place, uint64_t line, SxJob *job, SxError *err);
/* The line that holds `at`, with its \n. */
bool line_around(SxSource *source, uint64_t at, SxSpan *out, SxJob *job, SxError *err);
