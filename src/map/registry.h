/*
 * registry.h - which addresses are ours: looked up by the SIGBUS handler while other threads map and unmap.
 *
 * The one place of the layer with global state, because a signal handler can be told nothing: a list of slots
 * that only grows, the action that was installed before ours, and whether the host declined. Looking up takes
 * no lock.
 */
#pragma once

#include "map/region.h"

/* Make the region known, and install the handler when it is the first. False: no memory for a slot. */
bool registry_add(Region *r);
void registry_remove(Region *r);

/* Whether the host program declined the handler, so that files must be read by pread instead of mapped. */
bool registry_declined(void);
