/* things.c - next and previous change, mark, hole, data, zeros, value, string, lost. */
#include "command/things.h"

#include <string.h>

#include "command/extents.h"

enum { ZEROS_MIN = 4, STRING_MIN = 4 };

/* --- what the document knows ------------------------------------------------------------------------------------- */

static SxFound
change_forward(const ThingSearch *t, uint64_t *at)
{
    SxHunk hunk;
    uint64_t from = t->cursor;
    while (sx_snapshot_hunk_next(t->snapshot, from, &hunk)) {
        if (hunk.at > t->cursor) {
            *at = hunk.at;
            return SX_FOUND;
        }
        uint64_t end = hunk.at + hunk.inserted;
        from = end > from ? end : from + 1;
    }
    return SX_ABSENT;
}

static SxFound
change_find(const ThingSearch *t, uint64_t *at)
{
    SxHunk hunk;
    if (!t->backward)
        return change_forward(t, at);
    if (!sx_snapshot_hunk_previous(t->snapshot, t->cursor, &hunk))
        return SX_ABSENT;
    *at = hunk.at;
    return SX_FOUND;
}

static SxFound
mark_find(const ThingSearch *t, uint64_t *at)
{
    SxMark mark;
    SxFound found = SX_ABSENT;
    for (size_t i = 0; sx_document_mark_at(t->document, i, &mark); i++) {
        bool wanted = t->backward ? mark.span.at < t->cursor : mark.span.at > t->cursor;
        if (!wanted)
            continue;
        *at = mark.span.at;
        found = SX_FOUND;
        if (!t->backward)
            break;
    }
    return found;
}

static SxFound
lost_find(const ThingSearch *t, uint64_t *at)
{
    uint64_t size = sx_source_size(t->source);
    SxSpan one;
    if (!t->backward) {
        if (sx_source_lost(t->source, sx_span(t->cursor + 1, size), &one, 1) == 0)
            return SX_ABSENT;
        *at = one.at;
        return SX_FOUND;
    }
    SxSpan many[64];
    uint64_t from = 0;
    SxFound found = SX_ABSENT;
    for (;;) {
        size_t n = sx_source_lost(t->source, sx_span(from, t->cursor), many, 64);
        n = n < 64 ? n : 64;
        if (n == 0)
            return found;
        *at = many[n - 1].at;
        from = sx_span_end(many[n - 1]);
        found = SX_FOUND;
    }
}

/* --- extents --------------------------------------------------------------------------------------------------------- */

static bool
is_hole(const SxExtent *e)
{
    return e->kind == SX_EXTENT_HOLE;
}

static bool
stopped(SxJob *job, SxError *err)
{
    return sx_job_cancelled(job) && !sx_fail(err, SX_ERR_CANCELLED, "cancelled");
}

static SxFound
extent_forward(const ThingSearch *t, bool hole, uint64_t *at, SxError *err)
{
    SxExtent e;
    bool inside = true; /* what the cursor stands in does not count */
    for (uint64_t place = t->cursor; place < sx_source_size(t->source); place = sx_span_end(e.span)) {
        if (stopped(t->job, err))
            return SX_STOPPED;
        if (!sx_source_extent(t->source, place, &e, err))
            return SX_FAILED;
        bool wanted = is_hole(&e) == hole;
        if (wanted && !inside) {
            *at = place;
            return SX_FOUND;
        }
        inside = wanted;
    }
    return SX_ABSENT;
}

/* The start of the nearest run of wanted extents that begins before the cursor. */
static SxFound
extent_backward(const ThingSearch *t, bool hole, uint64_t *at, SxError *err)
{
    SxExtent e;
    SxFound found = SX_ABSENT;
    ExtentsBack back = {.source = t->source, .at = t->cursor};
    while (back.at > 0) {
        if (stopped(t->job, err))
            return SX_STOPPED;
        if (!extents_previous(&back, &e, err))
            return SX_FAILED;
        bool wanted = is_hole(&e) == hole;
        if (wanted) {
            *at = e.span.at;
            found = SX_FOUND;
        } else if (found == SX_FOUND) {
            break;
        }
    }
    return found;
}

static SxFound
extent_find(const ThingSearch *t, bool hole, uint64_t *at, SxError *err)
{
    return t->backward ? extent_backward(t, hole, at, err) : extent_forward(t, hole, at, err);
}

/* --- bytes ------------------------------------------------------------------------------------------------------------- */

static SxFound
zero_find(const ThingSearch *t, uint64_t *at, SxError *err)
{
    bool class[256] = {[0] = true};
    return run_find(t, class, ZEROS_MIN, at, err);
}

static SxFound
string_find(const ThingSearch *t, uint64_t *at, SxError *err)
{
    bool class[256] = {['\t'] = true};
    memset(class + ' ', true, '~' - ' ' + 1);
    return run_find(t, class, STRING_MIN, at, err);
}

static SxFound
value_forward(const ThingSearch *t, uint8_t here, uint64_t *at, SxError *err)
{
    bool class[256];
    memset(class, true, sizeof class);
    class[here] = false;
    return run_find(t, class, 1, at, err);
}

/* Leave the run of equal bytes that ends at the cursor: what lies just before it differs. */
static SxFound
value_backward(const ThingSearch *t, uint8_t here, uint64_t *at, SxError *err)
{
    uint8_t before;
    bool class[256] = {false};
    class[here] = true;
    if (!sx_source_read(t->source, (SxSpan){t->cursor - 1, 1}, &before, err))
        return SX_FAILED;
    uint64_t start = t->cursor;
    SxFound found = before == here ? run_find(t, class, 1, &start, err) : SX_FOUND;
    if (found != SX_FOUND)
        return found;
    if (start == 0)
        return SX_ABSENT;
    *at = start - 1;
    return SX_FOUND;
}

/* The nearest byte that differs from the one at the cursor. */
static SxFound
value_find(const ThingSearch *t, uint64_t *at, SxError *err)
{
    uint8_t here;
    if (t->cursor >= sx_source_size(t->source) || (t->backward && t->cursor == 0))
        return SX_ABSENT;
    if (!sx_source_read(t->source, (SxSpan){t->cursor, 1}, &here, err))
        return SX_FAILED;
    return t->backward ? value_backward(t, here, at, err) : value_forward(t, here, at, err);
}

SxFound
thing_find(const ThingSearch *t, const char *thing, uint64_t *at, SxError *err)
{
    if (!strcmp(thing, "change"))
        return change_find(t, at);
    if (!strcmp(thing, "mark"))
        return mark_find(t, at);
    if (!strcmp(thing, "lost"))
        return lost_find(t, at);
    if (!strcmp(thing, "hole") || !strcmp(thing, "data"))
        return extent_find(t, thing[0] == 'h', at, err);
    if (!strcmp(thing, "zero"))
        return zero_find(t, at, err);
    if (!strcmp(thing, "string"))
        return string_find(t, at, err);
    return value_find(t, at, err);
}
