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

/* Lines with a match of a regex, or those without. */
typedef struct FilterTerm {
    char *typed; /* as it is shown */
    char *regex; /* as the bytes of the document have it */
    unsigned flags;
    bool without;
} FilterTerm;

enum { FILTER_TERMS_MAX = 8 };

/* What lines must fulfil, all of it; n 0: nothing of this kind. */
typedef struct FilterTerms {
    FilterTerm term[FILTER_TERMS_MAX];
    size_t n;
} FilterTerms;

/* How a new term and those that hold already go together. */
typedef struct FilterWay {
    bool without;
    bool also; /* the others hold on */
} FilterWay;

typedef struct TabFilter {
    FilterTerms terms; /* what the pattern was made of; n 0: it was given as a whole */
    SxPattern *pattern; /* NULL: all lines are shown */
    Found *found;       /* follows edits; NULL: it could not be searched */
    uint64_t generation; /* of the document that it is right for */
    bool told; /* how it ended */
    FilterReader reader;
} TabFilter;

bool ui_filter_on(SxSession *s);

/* --- ui_filter_terms.c ------------------------------------------------------------------------------------------------ */

/* One more line of the regex kind; what was there stays when it fails. errors: see ui_regex_text; too many. */
bool filter_terms_add(SxSession *s, FilterTerms *t, const char *text, bool without, SxError *err);
void filter_terms_clear(FilterTerms *t);
/* A pattern that matches once, from its beginning on, in each line that fulfils all terms; of a single term its matches. */
bool filter_terms_pattern(SxSession *s, const FilterTerms *t, SxPattern **out, SxError *err);
/* "with /a/, without /b/" */
void filter_terms_name(const FilterTerms *t, char *buf, size_t size);
/* Whether each match is a line. */
bool filter_terms_by_line(const FilterTerms *t);

/* --- ui_filter.c ------------------------------------------------------------------------------------------------------ */

/* Show only lines with a match of `pattern` (retained), or with NULL all lines again. */
void ui_filter_set(SxSession *s, SxPattern *pattern);
/* Show only lines with a match of the regex, or without. errors: as filter_terms_add; then nothing changed. */
bool ui_filter_lines(SxSession *s, const char *regex, FilterWay way, SxError *err);
void ui_filter_open(SxSession *s); /* & */
void ui_filter_clear(TabFilter *f);
void ui_filter_tick(SxSession *s);
bool ui_filter_running(SxSession *s);
bool ui_filter_cancel(SxSession *s); /* C-c, Esc: what was found stays; false: nothing ran */
/* As ui_find_progress: "filter 41% 9 s". */
bool ui_filter_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size);
void ui_filter_edit(TabFilter *f, const SxChange *change);
void ui_filter_changed(SxSession *s); /* after edits: what they touched is searched again, or everything */
/* The shown segment at or behind `at`, else the last one before; `at` itself where none is known, or all are shown. */
uint64_t ui_filter_nearest(SxSession *s, uint64_t at);
/* Cursor and top go to lines that are shown. */
void ui_filter_settle(SxSession *s);
/* A filter for rows of `source` in this shape; NULL when all lines are shown. `r` is kept by the caller. */
SxTextFilter *ui_filter_reader(SxSession *s, FilterReader *r, SxSource *source, const SxTextShape *shape);
void ui_filter_reader_clear(FilterReader *r);
