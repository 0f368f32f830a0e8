/* mounts.h - what hangs on a device, before somebody writes to it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Where the block device at `path` is mounted: itself, a partition of it, or what is built upon it (a volume, a raid).
 *
 * buf      set to the place of the first, in printable form
 * returns  false: nowhere, or nobody can tell
 */
bool mounted_on(const char *path, char *buf, size_t size);
