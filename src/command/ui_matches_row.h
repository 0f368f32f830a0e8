/*
 * ui_matches_row.h - what a row of a list says of a match: the bytes around it, its groups, the number that stands there.
 *
 * The list shows these words and its filter looks in the same: a row never passes for what cannot be seen in it.
 */
#pragma once

#include <sextant/encoding.h>
#include <sextant/search.h>
#include <sextant/session.h>
#include <sextant/text.h>

typedef struct MatchRow {
    SxPattern *pattern;         /* borrowed */
    const SxEncoding *encoding; /* of the scene; NULL: digits, as for scene_text */
    bool groups;                /* show those of the pattern */
    unsigned cells;             /* of the scene */
} MatchRow;

/* Rows for the matches that are shown now, in a window as wide as it is. */
MatchRow match_row(SxSession *s);
/* The encoding that a scene of its matches is told in: that of the view, or digits for hex and numbers. */
const SxEncoding *match_encoding(SxSession *s, const SxPattern *p);

/* "\t1=worker 2=7", "\t95", or nothing. Reads through `source`: in the screen's thread only where the match is in memory. */
void match_row_add_value(const MatchRow *r, SxSource *source, SxSpan match, SxString *out);
