/*
 * scene.h - from the arguments of a public call to what its threads share.
 */
#pragma once

#include "search/window.h"

/* `in` is clipped to the source. */
Scene scene_make(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job);

/* Places behind the last one at which a match may begin. */
uint64_t scene_stop(const Scene *scene);
