/* extents.c - windows of extents, read forward, handed out backward. */
#include "command/extents.h"

#include <string.h>

static const uint64_t first_window = UINT64_C(64) << 20;

static void
keep(ExtentsBack *b, const SxExtent *e)
{
    if (b->n == EXTENTS_KEPT)
        memmove(b->kept, b->kept + 1, --b->n * sizeof *b->kept);
    b->kept[b->n++] = *e;
}

/* List [at - window, at); where there are too many, only the last of them. */
static bool
fill(ExtentsBack *b, SxError *err)
{
    SxExtent e;
    b->window = b->window ? b->window : first_window;
    uint64_t place = b->at > b->window ? b->at - b->window : 0;
    b->window = b->window > UINT64_MAX / 8 ? UINT64_MAX : b->window * 8;
    while (place < b->at) {
        if (!sx_source_extent(b->source, place, &e, err))
            return false;
        uint64_t end = sx_span_end(e.span);
        e.span = sx_span(place, end < b->at ? end : b->at);
        keep(b, &e);
        place = sx_span_end(e.span);
    }
    return true;
}

bool
extents_previous(ExtentsBack *b, SxExtent *out, SxError *err)
{
    if (b->n == 0 && !fill(b, err))
        return false;
    *out = b->kept[--b->n];
    b->at = out->span.at;
    return true;
}
