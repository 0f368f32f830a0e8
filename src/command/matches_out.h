/* matches_out.h - the matches written to a file: offsets, CSV, JSON. */
#pragma once

#include "command/look.h"

/* matches-offsets, matches-csv, matches-json */
bool matches_format(const char *word);
/* All that narrow left, else those of the last search; only what begins in `range`. */
bool matches_export(SxSession *s, const Args *a, const Look *look, SxSpan range, uint64_t *count, SxError *err);
/* The same to a function of one's own. */
bool matches_each(SxSession *s, const Look *look, SxSpan range, bool groups, SxMatchSink *sink, void *data, SxError *err);
