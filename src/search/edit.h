/*
 * edit.h - matches that follow an edit: those that it can have touched are searched again.
 */
#pragma once

#include "search/patched.h"
#include "search/walk.h"

/* `removed` bytes at `at` became `inserted` ones. */
typedef struct Edit {
    uint64_t at, removed, inserted;
} Edit;

/*
 * `matches` are those of the old source in `scene`; then those of `now`, and scene is changed to it (neither is retained
 * nor released). false: they cannot follow, and nothing was changed.
 */
bool edit_follow(Patched *matches, Scene *scene, const Edit *edit, SxSource *now);
