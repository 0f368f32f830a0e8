/*
 * window.h - the bytes of a source around a place, in one piece, for a matcher.
 *
 * Where the source stores them in one piece they are scanned there; only what lies across the borders of pieces is
 * gathered by a copy. Long runs of one byte (holes, fills) and lost ranges are not shown at all but named.
 */
#pragma once

#include "search/pattern.h"
#include "search/subject.h"

/* What all threads of one search share. */
typedef struct Scene {
    const SxPattern *pattern;
    SxSource *source;
    SxSpan in;     /* matches lie wholly inside; clipped to the source */
    uint64_t size; /* of the source */
    SxJob *job;
    size_t window;     /* bytes pinned at a time, at most */
    size_t piece;      /* a piece of at least so many bytes is scanned in place */
    size_t fill;       /* a run of one byte of at least so many is skipped by arithmetic */
    size_t reach;      /* how far a match and its look-around may go */
    size_t step;       /* places between two looks at the job */
    bool gather;
    _Atomic uint64_t *read; /* bytes looked at, all walks together; may be NULL */
} Scene;

typedef enum WindowKind { WINDOW_NONE, WINDOW_DATA, WINDOW_FILL, WINDOW_LOST } WindowKind;

typedef struct Window {
    WindowKind kind;
    uint64_t begin, limit; /* matches that begin in [begin, limit) may be looked for here */
    uint8_t fill;          /* FILL: the byte; the run goes to `limit` and began at least `behind` before `begin` */
    Subject subject;       /* DATA */
    SxPin pin;
    SxExtent seen; /* the data that was found last, where the next window is likely to begin */
    uint8_t *copy; /* NULL, or what the subject lies in instead of the pin: see pad() */
    bool careful;  /* it was asked what is lost before anything was read, and the subject lies between that */
    size_t lost;   /* lost ranges in the pin by then; 0 where it was not asked */
} Window;

/* Which part of the source is to be shown. */
typedef struct Wanted {
    uint64_t pos;  /* <= size; the first place */
    uint64_t stop; /* places from here on are not asked for */
    size_t want;   /* bytes from `pos` on that must be there, unless the source ends before */
    bool data;     /* never as FILL */
    bool careful;
} Wanted;

bool window_load(Window *w, const Scene *scene, const Wanted *wanted, SxError *err);
void window_drop(Window *w, const Scene *scene);
