/*
 * holes.h - looking at holes without filling anything with their zeros.
 *
 * Reading a hole through a mapping makes pages: on tmpfs for good, so that a scan of a large sparse file
 * would eat the memory and turn every hole it touched into data; elsewhere in the cache, with all that the
 * kernel reads ahead, some milliseconds for each hole touched. So pins show holes through pages of their own.
 */
#pragma once

#include "map/region.h"

/* Whether the file has holes at all, as far as is known. */
bool holes_any(File *f);

/* Whether a page of `file_span`, which the region holds, lies in a hole. */
bool holes_in(const Region *r, SxSpan file_span);

/* Begin to read just these bytes of a sparse file, so that a fault does not read megabytes of holes around
 * them. */
void holes_fetch(const File *f, SxSpan file_span);

/* Put zero pages over the holes of a region that nobody else sees. */
void holes_cover(Region *r);

/*
 * A region of its own with a copy of a short span that has holes, without a mapping: of an island in a hole there may be
 * thousands. NULL: there is no hole in it, or it is not so simple; err is not set.
 */
Region *holes_copy(File *f, SxSpan file_span);
