/*
 * back.h - the last place where a pattern matches, whether or not matches overlap: by several threads, from the end.
 *
 *     pieces   | ... | 3 | 2 | 1 | 0 |      of the places, handed out from the end
 *
 * The answer is that of the piece nearest to the end that has one: a match, a place where a limit was reached, a failure.
 * A piece that lies in one long run of a byte may be of any size, for it is searched by arithmetic.
 */
#pragma once

#include "search/walk.h"

/*
 * block    places of the first piece; 0: the default
 * threads  0: as many as cores; as long as little was searched, the caller's thread works alone
 * found    set with DONE; then `out` is the match with its groups
 * gave_up  set with LIMIT
 */
Progress back_find(const Scene *scene, uint64_t block, unsigned threads, bool *found, SxMatch *out, uint64_t *gave_up,
                   SxError *err);
