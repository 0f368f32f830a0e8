/*
 * view.h - what a map and its sources read: a backing and, for COPY, the changes over it.
 *
 * spans lie inside [0, size) and are not empty; the calls are those of SxSourceOps
 */
#pragma once

#include "map/backing.h"
#include "map/overlay.h"

typedef struct View {
    Backing *backing;
    Overlay *overlay; /* NULL: no COPY map */
} View;

View view_retain(View v);
void view_release(View v);

bool view_pin(View v, SxSpan span, SxPinUse use, SxPin *out, SxError *err);
void view_unpin(View v, SxPin *pin);
bool view_stale(View v, const SxPin *pin);
size_t view_lost(View v, SxSpan span, SxSpan *out, size_t max);
void view_peek(View v, SxSpan span, uint8_t *bytes, uint8_t *states);
bool view_extent(View v, uint64_t at, SxExtent *out, SxError *err);

/* The first offset >= at that can be read and may hold something; the size when there is none. */
uint64_t view_data_from(View v, uint64_t at);
/* Whether a pin of the span would copy it. */
bool view_copies(View v, SxSpan span);

/* A source of it with one count; takes its own. NULL: no memory. */
SxSource *view_source(View v);
