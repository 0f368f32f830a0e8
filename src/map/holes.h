/*
 * holes.h - looking at holes of files that live in memory, without filling them.
 *
 * On tmpfs, reading a hole through a mapping allocates its pages: a scan of a large sparse file would eat the memory,
 * and turn every hole it touched into data. So mappings of such files show holes through pages of their own.
 */
#pragma once

#include "map/region.h"

/* Whether any page of `file_span`, which the region holds, is in a hole that reading would fill. Cheap for files that are
 * not sparse. */
bool holes_in(const Region *r, SxSpan file_span);

/* Put zero pages over the holes of a region that nobody else sees. */
void holes_cover(Region *r);
