/*
 * dense.h - all matches of one row of bytes in a subject at once: where they are many, what is done for each of them counts.
 */
#pragma once

#include "search/batch.h"
#include "search/matcher.h"

/* Whether the pattern is one row, of which the bytes alone decide. */
bool dense_suits(const SxPattern *p);

/*
 * Append the matches that begin in [from, limit); matches that touch each other are one run.
 *
 * limit    each place before it is followed by as many bytes as the row has
 * behind   set to the end of the last match, or `limit` when that lies further on
 * returns  false: no memory
 */
bool dense_collect(const Matcher *m, const Subject *s, size_t from, size_t limit, Batch *out, size_t *behind);
