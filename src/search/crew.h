/*
 * crew.h - several threads that search one scene, and what they find in order, as if one had walked alone.
 *
 *     pieces   | 0 taken | 1 front | 2 | 3 | ...      of the places, handed out in order; each is walked by one worker
 *
 * A worker begins at the first place of its piece as if no match reached into it. The one who takes the results knows
 * how the walk really comes there: where a match before reaches into the piece, or an empty one ended at its first place,
 * it walks itself until it stands outside of all matches that the worker found; from there both are the same.
 */
#pragma once

#include "search/walk.h"

typedef struct Crew Crew;

/*
 * Walk from scene->in.at up to `stop`.
 *
 * threads  0 as many as cores; with 1, or where order alone decides (\\G, \\K), or as long as little was searched, the
 *          caller's thread walks
 * match    may be NULL; else each step gives one match at most, described there with its groups
 */
bool crew_open(Crew **out, const Scene *scene, uint64_t stop, unsigned threads, SxMatch *match, SxError *err);
/* Stops the workers. NULL is fine. */
void crew_close(Crew *c);

/*
 * What comes next, as walk_step: waits, and appends to `out`, which was reset to crew_pos. `first`: one record at most.
 * Tells scene->job how far it came.
 */
Progress crew_step(Crew *c, bool first, Batch *out, SxError *err);
uint64_t crew_pos(const Crew *c);
uint64_t crew_gave_up(const Crew *c);
