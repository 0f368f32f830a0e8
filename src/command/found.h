/*
 * found.h - the matches of one search as they are now: those of a snapshot, carried along with every edit since.
 *
 * The searched range is a row of parts. A part shows a stretch of the snapshot's matches, shifted by what was inserted
 * and removed before it; or matches of its own; or an edit touched it and nothing is known of it until found_mend has
 * looked there again:
 *
 *     set 0..1000 | touched 3 | set 1002..8000          after typing three bytes over two
 *     set 0..980  | list 40   | set 1018..8000          mended: looked through again from where a match could begin
 *
 * A list of matches (what narrow leaves) follows edits, too, but is never searched again.
 *
 * units      offsets of the document as it is now, unless they are called `base`
 * threads    one at a time; the worker that fills the set is its own
 */
#pragma once

#include <sextant/document.h>
#include <sextant/search.h>

#include "command/kept.h"

typedef struct Found Found;

typedef struct FoundState {
    uint64_t count;
    uint64_t scanned; /* complete up to here */
    uint64_t read;    /* bytes looked at for it: holes cost nothing */
    SxSpan range;
    SxSearchEnd end;  /* meaningful when !running */
    uint64_t gave_up;
    bool running;
    bool whole;       /* all of the range is known */
    bool before;      /* edits could not be followed: count is the one before them, and nothing else can be asked */
    uint64_t nanoseconds;
} FoundState;

/* Search `range` of the snapshot in the background. */
bool found_search(Found **out, SxPattern *p, SxSnapshot *of, SxSpan range, SxWake *wake, void *data, SxError *err);
/* A list; takes a count of it. `length` of the document. NULL: no memory. */
Found *found_list(Kept *spans, uint64_t length);
void found_free(Found *f); /* never waits: a worker that hangs in a dead disk is left to itself; NULL is fine */
void found_cancel(Found *f);
FoundState found_state(Found *f);
/* While a frame is made one look at the set is enough: each takes a lock that its worker may hold. */
void found_hold(Found *f, bool on);
void found_failure(Found *f, SxError *err); /* why it FAILED */

/* The document has changed. */
void found_edit(Found *f, const SxChange *change);

typedef enum Mended { FOUND_MENDED, FOUND_LATER, FOUND_BROKEN } Mended;
/*
 * Look again where edits touched.
 *
 * now      the document as it is
 * returns  MENDED; LATER: the scan has not come there yet; BROKEN: it takes a new search, since the pattern reaches too
 *          far, too much was touched, or bytes are not in memory
 * cost     a few KiB searched per place, in this thread
 */
Mended found_mend(Found *f, SxSnapshot *now);

bool found_get(Found *f, uint64_t n, SxSpan *out);    /* the n-th, from 0 */
uint64_t found_index(Found *f, uint64_t at);          /* of the first that begins at or behind `at` */
size_t found_in(Found *f, SxSpan view, SxSpan *out, size_t max); /* those that overlap `view`, ascending */
/* Those that begin at or behind `from`, ascending: to go through all of them. */
size_t found_from(Found *f, uint64_t from, SxSpan *out, size_t max);
/* What the bytes of the n-th were when it was found; false: not kept. */
bool found_bytes(Found *f, uint64_t n, SxBytes *out);
