/*
 * extents.h - the extents of a source from the end towards the start.
 *
 * File systems tell where data and holes begin only forward. So a window before the place is listed forward and handed
 * out backward; windows grow, so that a large hole costs little.
 */
#pragma once

#include <sextant/source.h>

enum { EXTENTS_KEPT = 64 };

typedef struct ExtentsBack {
    SxSource *source;
    uint64_t at;     /* all before it is still to come */
    uint64_t window; /* bytes of the next one, 0: the first */
    SxExtent kept[EXTENTS_KEPT];
    size_t n;
} ExtentsBack;

/* The extent that ends at b->at, which is not 0, as far as the window shows it; b->at is then its beginning. */
bool extents_previous(ExtentsBack *b, SxExtent *out, SxError *err);
