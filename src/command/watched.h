/*
 * watched.h - a source as a worker read it last: what watch mode shows, and what a pause keeps on the screen.
 *
 * Some blocks of the source are held. Peek shows those and calls all else pending, so who draws from here never reads a
 * device or the memory of a process himself. `fill` reads blocks for the first time, `again` all those that somebody has
 * looked at since it was called last, and lets go of the others. A byte that has become another one glows for a few calls
 * of `again`.
 *
 * units      offsets of the source, bytes
 * memory     less than 1 MiB
 * threads    peek and glow: one; fill and again: workers, which may wait for the disk
 */
#pragma once

#include <sextant/job.h>
#include <sextant/source.h>
#include <sextant/view.h>

typedef struct Watched Watched;

/* Holds nothing yet; retains `of`. NULL: no memory. */
Watched *watched_new(SxSource *of);
SxSource *watched_source(Watched *w); /* borrowed; pins of it are copies */
Watched *watched_retain(Watched *w);
void watched_release(Watched *w); /* NULL is fine */

/* Read what of `span` is not held; no more than is ever held, from its beginning. */
void watched_fill(Watched *w, SxSpan span, SxJob *job);
void watched_again(Watched *w, SxJob *job);
/* How each byte of `span` glows: 0 not at all, SX_GLOW_MAX: it has just changed. */
void watched_glow(Watched *w, SxSpan span, uint8_t *glow);
