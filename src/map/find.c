/*
 * find.c - find and rfind over a view: block by block, holes and lost ranges skipped, cancel asked at every
 * step.
 *
 * Places are offsets where the needle could begin: those in [in.at, last]. A block of places is pinned
 * together with the needle.len - 1 bytes behind it, so a match across the border of two blocks belongs to the
 * first. Needles too long to be pinned beside a block are looked for by their front, and the rest is compared
 * in pieces.
 */
#include "map/handle.h"
#include "map/residency.h"
#include "map/scan.h"

#include <string.h>

enum {
    FRONT = 64 << 10,        /* what of a needle is scanned for */
    NEAR_PLACES = 32 << 10,  /* the first pin: most matches are near, and a large pin costs 20 microseconds */
    STEP_PLACES = 4 << 20,   /* between two questions about cancel: under a millisecond where it is cached */
    BLOCK_PLACES = 64 << 20, /* one pin */
    AHEAD_PLACES = 16 << 20, /* how far reading runs ahead of looking backwards */
    COPY_PLACES = 1 << 20,   /* where a pin is a copy */
    SPARSE_PLACES = 1 << 20, /* the shortest reach backwards among holes */
    RUNS = 256,              /* of data, remembered while looking backwards */
};

typedef struct Hunt {
    const SxMap *map;
    SxBytes needle;
    SxBytes front; /* of the needle */
    uint64_t last; /* the last place */
    SxJob *job;
    SxError *err;
    uint64_t block; /* places in the next pin */
    bool zeros;     /* the needle is all zeros: it is found in holes */
    bool sparse;    /* there may be holes, or lost ranges */
} Hunt;

static uint64_t
min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static bool
all_zero(SxBytes bytes)
{
    return bytes.data[0] == 0 && memcmp(bytes.data, bytes.data + 1, bytes.len - 1) == 0;
}

/* Whether a needle longer than its front goes on matching at `at`. */
static SxFound
rest_matches(const Hunt *h, uint64_t at)
{
    for (size_t done = h->front.len; done < h->needle.len;) {
        size_t len = h->needle.len - done < STEP_PLACES ? h->needle.len - done : STEP_PLACES;
        SxPin pin;
        if (sx_job_cancelled(h->job))
            return SX_STOPPED;
        if (!view_pin(h->map->view, (SxSpan){at + done, len}, SX_PIN_VIEW, &pin, h->err))
            return SX_FAILED;
        bool same = memcmp(pin.data, h->needle.data + done, len) == 0;
        view_unpin(h->map->view, &pin);
        if (!same)
            return SX_ABSENT;
        done += len;
    }
    return SX_FOUND;
}

/* A match is one only if none of its bytes is lost; *lost is then what is in the way. */
static SxFound
confirm(const Hunt *h, uint64_t at, SxSpan *lost)
{
    SxFound found = rest_matches(h, at);
    if (found == SX_FOUND && view_lost(h->map->view, (SxSpan){at, h->needle.len}, lost, 1) > 0)
        return SX_ABSENT;
    *lost = found == SX_ABSENT ? (SxSpan){0, 0} : *lost;
    return found;
}

/* The first place of `places` in the pinned bytes of them. */
static SxFound
first_in_block(const Hunt *h, SxSpan places, const uint8_t *bytes, uint64_t *at)
{
    for (uint64_t from = 0; from < places.len;) {
        uint64_t step = places.len - from < STEP_PLACES ? places.len - from : STEP_PLACES;
        if (sx_job_cancelled(h->job))
            return SX_STOPPED;
        size_t hit = scan_first(sx_bytes(bytes + from, step + h->front.len - 1), h->front);
        if (hit == SIZE_MAX) {
            sx_job_advance(h->job, step);
            from += step;
            continue;
        }
        SxSpan lost = {0, 0};
        uint64_t place = places.at + from + hit;
        SxFound found = confirm(h, place, &lost);
        if (found == SX_FOUND)
            *at = place;
        if (found != SX_ABSENT)
            return found;
        /* behind what is lost, or one further */
        uint64_t next = lost.len > 0 && sx_span_end(lost) > place ? sx_span_end(lost) : place + 1;
        from = next - places.at;
    }
    return SX_ABSENT;
}

/* The end of the places, at least `low`, from which a needle ends before the lost range that holds `at`. */
static uint64_t
place_before(const Hunt *h, uint64_t low, uint64_t at)
{
    enum { RANGES = 16 };
    SxSpan lost[RANGES];
    size_t count = view_lost(h->map->view, sx_span(low, at + 1), lost, RANGES);
    uint64_t start = count > 0 && count <= RANGES ? lost[count - 1].at : at;
    return start + 1 > low + h->needle.len ? start + 1 - h->needle.len : low;
}

static SxFound
last_in_block(const Hunt *h, SxSpan places, const uint8_t *bytes, uint64_t *at)
{
    uint64_t fetched = places.len; /* from here on the bytes are here or on their way */
    for (uint64_t to = places.len; to > 0;) {
        uint64_t step = to < STEP_PLACES ? to : STEP_PLACES;
        if (sx_job_cancelled(h->job))
            return SX_STOPPED;
        for (; fetched > 0 && fetched + AHEAD_PLACES > to; fetched -= min(fetched, STEP_PLACES))
            residency_fetch(bytes + fetched - min(fetched, STEP_PLACES), min(fetched, STEP_PLACES));
        size_t hit = scan_last(sx_bytes(bytes + to - step, step + h->front.len - 1), h->front);
        if (hit == SIZE_MAX) {
            to -= step;
            continue;
        }
        SxSpan lost = {0, 0};
        uint64_t place = places.at + to - step + hit;
        SxFound found = confirm(h, place, &lost);
        if (found == SX_FOUND)
            *at = place;
        if (found != SX_ABSENT)
            return found;
        uint64_t clear = lost.len > 0 ? place_before(h, places.at, lost.at) : place;
        to = (clear < place ? clear : place) - places.at;
    }
    return SX_ABSENT;
}

typedef SxFound InBlock(const Hunt *h, SxSpan places, const uint8_t *bytes, uint64_t *at);

/* Pins the places with what a front reaches beyond them, as often as somebody writes under it. */
static SxFound
look_in(const Hunt *h, SxSpan places, InBlock *in_block, uint64_t *at)
{
    SxSpan span = {places.at, places.len + h->front.len - 1};
    for (;;) {
        SxPin pin;
        if (!view_pin(h->map->view, span, SX_PIN_SCAN, &pin, h->err))
            return SX_FAILED;
        SxFound found = in_block(h, places, pin.data, at);
        bool again = view_stale(h->map->view, &pin);
        view_unpin(h->map->view, &pin);
        if (!again || found == SX_STOPPED || found == SX_FAILED)
            return found;
    }
}

/* --- which places to look at ---------------------------------------------------------------------------- */

/* How many places in one pin, of those in `in`; more from pin to pin. */
static uint64_t
block_places(Hunt *h, SxSpan in)
{
    uint64_t window = h->map->window ? h->map->window : BLOCK_PLACES;
    uint64_t len = min(in.len, min(window, h->block));
    h->block = min(16 * h->block, BLOCK_PLACES);
    return view_copies(h->map->view, (SxSpan){in.at, len + h->front.len - 1}) ? min(len, COPY_PLACES) : len;
}

/*
 * The next places in [from, to) where a match could touch a byte that is stored: those of a run of data and
 * the few that reach into it. Empty at `to` when there are none. Needles of zeros match in holes too.
 */
static bool
next_run(const Hunt *h, uint64_t from, uint64_t to, SxSpan *places)
{
    uint64_t back = h->needle.len - 1, data;
    SxExtent extent;
    *places = sx_span(from, to);
    if (!h->sparse)
        return true;
    if (h->zeros) {
        data = from; /* only what is lost can be passed over */
    } else {
        data = view_data_from(h->map->view, from);
        if (data - from >= back && data - back >= to) {
            *places = (SxSpan){to, 0};
            return true;
        }
        places->at = data - from > back ? data - back : from;
        if (data >= map_length(h->map))
            return true;
    }
    if (!view_extent(h->map->view, data, &extent, h->err))
        return false;
    if (extent.kind == SX_EXTENT_LOST)
        places->at = min(sx_span_end(extent.span), to);
    else if (!h->zeros)
        to = min(to, sx_span_end(extent.span));
    *places = sx_span(places->at, to);
    return true;
}

static bool
begin(Hunt *h, SxSpan in)
{
    if (h->needle.len > in.len)
        return false;
    h->front = sx_bytes(h->needle.data, min(h->needle.len, FRONT));
    h->zeros = all_zero(h->needle);
    h->sparse = h->map->view.backing->ops->sparse(h->map->view.backing);
    h->last = sx_span_end(in) - h->needle.len;
    h->block = NEAR_PLACES;
    return true;
}

/* All places of a run, block by block, from its start. */
static SxFound
first_in_run(Hunt *h, SxSpan run, uint64_t *at)
{
    while (run.len > 0) {
        SxSpan places = {run.at, block_places(h, run)};
        SxFound found = look_in(h, places, first_in_block, at);
        if (found != SX_ABSENT)
            return found;
        run = sx_span(run.at + places.len, sx_span_end(run));
    }
    return SX_ABSENT;
}

static SxFound
last_in_run(Hunt *h, SxSpan run, uint64_t *at)
{
    while (run.len > 0) {
        uint64_t len = block_places(h, run);
        SxFound found = look_in(h, (SxSpan){sx_span_end(run) - len, len}, last_in_block, at);
        if (found != SX_ABSENT)
            return found;
        run.len -= len;
    }
    return SX_ABSENT;
}

SxFound
map_find(const SxMap *m, SxBytes needle, SxSpan in, SxJob *job, uint64_t *at, SxError *err)
{
    Hunt h = {.map = m, .needle = needle, .job = job, .err = err};
    if (needle.len == 0) {
        *at = in.at;
        return SX_FOUND;
    }
    if (!begin(&h, in))
        return SX_ABSENT;
    for (uint64_t from = in.at; from <= h.last;) {
        SxSpan run;
        if (sx_job_cancelled(job))
            return SX_STOPPED;
        if (!next_run(&h, from, h.last + 1, &run))
            return SX_FAILED;
        sx_job_advance(job, run.at - from);
        SxFound found = first_in_run(&h, run, at);
        if (found != SX_ABSENT)
            return found;
        from = sx_span_end(run);
    }
    return SX_ABSENT;
}

/* The runs in [low, to), ascending; more than RUNS of them is RUNS + 1, with what they hold unknown. */
static bool
collect_runs(const Hunt *h, uint64_t low, uint64_t to, SxSpan *runs, size_t *count)
{
    *count = 0;
    for (uint64_t from = low; from < to && *count <= RUNS;) {
        SxSpan run;
        if (!next_run(h, from, to, &run))
            return false;
        if (run.len > 0 && *count < RUNS)
            runs[*count] = run;
        *count += run.len > 0;
        from = sx_span_end(run);
    }
    return true;
}

/*
 * Backwards nobody tells where a hole begins, only, from any place, where data comes next. So it collects the
 * runs of the block before; reaches back twice as far with every block that turns out to be empty, and comes
 * nearer where it jumped over more than it can remember.
 */
SxFound
map_rfind(const SxMap *m, SxBytes needle, SxSpan in, SxJob *job, uint64_t *at, SxError *err)
{
    Hunt h = {.map = m, .needle = needle, .job = job, .err = err};
    SxSpan runs[RUNS];
    if (needle.len == 0) {
        *at = sx_span_end(in);
        return SX_FOUND;
    }
    if (!begin(&h, in))
        return SX_ABSENT;
    uint64_t reach = BLOCK_PLACES;
    for (uint64_t to = h.last + 1; to > in.at;) {
        uint64_t low = to - in.at > reach ? to - reach : in.at;
        size_t count;
        if (sx_job_cancelled(job))
            return SX_STOPPED;
        if (!collect_runs(&h, low, to, runs, &count))
            return SX_FAILED;
        if (count > RUNS && reach > SPARSE_PLACES) {
            reach /= 8;
            continue;
        }
        if (count > RUNS) {
            runs[0] = sx_span(low, to);
            count = 1;
        }
        reach = count == 0 && reach <= UINT64_MAX / 2 ? 2 * reach : reach;
        for (; count > 0; count--) {
            SxFound found = last_in_run(&h, runs[count - 1], at);
            if (found != SX_ABSENT)
                return found;
        }
        sx_job_advance(job, to - low);
        to = low;
    }
    return SX_ABSENT;
}

/* --- the calls ------------------------------------------------------------------------------------------ */

/* Python's rules: start left out is the position, both count from the end when negative, both are clipped. */
static bool
resolve(const SxMap *m, int64_t start, int64_t end, SxSpan *in)
{
    uint64_t length = map_length(m);
    uint64_t from = start == SX_FROM_POS ? min(m->pos, length) : sx_slice(length, start, SX_TO_END).at;
    uint64_t to = sx_span_end(sx_slice(length, 0, end));
    *in = sx_span(from, to);
    return from <= to;
}

SxFound
sx_map_find(const SxMap *m, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at,
            SxError *err)
{
    SxSpan in;
    if (!map_usable(m, err))
        return SX_FAILED;
    return resolve(m, start, end, &in) ? map_find(m, needle, in, job, at, err) : SX_ABSENT;
}

SxFound
sx_map_rfind(const SxMap *m, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at,
             SxError *err)
{
    SxSpan in;
    if (!map_usable(m, err))
        return SX_FAILED;
    return resolve(m, start, end, &in) ? map_rfind(m, needle, in, job, at, err) : SX_ABSENT;
}

SxFound
sx_map_contains(const SxMap *m, SxBytes needle, SxError *err)
{
    uint64_t at;
    return sx_map_find(m, needle, 0, SX_TO_END, NULL, &at, err);
}
