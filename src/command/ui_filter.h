/*
 * ui_filter.h - only the lines that match (&): the matches of a pattern, searched in the background, and the lines around.
 *
 * Lines are shown as they are found, and follow edits. What the rows ask (SxTextFilter) is answered out of the matches known so far, with a
 * reader of its own, so nothing waits. A line of any length counts from anchor to anchor: see text_rows.h.
 */
#pragma once

#include <sextant/search.h>
#include <sextant/session.h>
#include <sextant/snapshot.h>
#include <sextant/text_rows.h>

#include "command/found.h"

/* Who asks: one for the commands, one for the frame. */
typedef struct FilterReader {
    SxTextFilter filter;
    SxText *look;
    Found *found;
    unsigned context;  /* lines around each */
    bool types;        /* the segment at `typed` is shown, too: somebody types there, whatever it becomes */
    uint64_t typed;
} FilterReader;

typedef struct TabFilter {
    SxPattern *pattern; /* NULL: all lines are shown */
    Found *found;       /* follows edits; NULL: it could not be searched */
    uint64_t generation; /* of the document that it is right for */
    bool told; /* how it ended */
    FilterReader reader;
} TabFilter;

bool ui_filter_on(SxSession *s);
/* Show only lines with a match of `pattern` (retained), or with NULL all lines again. */
void ui_filter_set(SxSession *s, SxPattern *pattern);
void ui_filter_clear(TabFilter *f);
void ui_filter_tick(SxSession *s);
void ui_filter_edit(TabFilter *f, const SxChange *change);
void ui_filter_changed(SxSession *s); /* after edits: what they touched is searched again, or everything */
/* The shown segment at or behind `at`, else the last one before; `at` itself where none is known, or all are shown. */
uint64_t ui_filter_nearest(SxSession *s, uint64_t at);
/* Cursor and top go to lines that are shown. */
void ui_filter_settle(SxSession *s);
/* A filter for rows of `source` in this shape; NULL when all lines are shown. `r` is kept by the caller. */
SxTextFilter *ui_filter_reader(SxSession *s, FilterReader *r, SxSource *source, const SxTextShape *shape);
void ui_filter_reader_clear(FilterReader *r);
