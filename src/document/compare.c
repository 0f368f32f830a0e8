/*
 * compare.c - see compare.h. Offsets are those of the file.
 */
#include "document/compare.h"
#include "document/foreign.h"
#include "document/witness.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 1 << 16,
    SCANNED = 1 << 20,
    MOST = 10000,    /* differences */
    NEAR = 8,        /* equal bytes between two runs that make them one for people */
    BASE_MAX = 1 << 20,
};

/* --- what an edit replaced ----------------------------------------------------------------------------------------------- */

/* Both sources have these bytes, and the same. */
static bool
same_bytes(SxSource *a, SxSpan span, SxBytes b)
{
    SxPin pin;
    if (!a || sx_span_end(span) > sx_source_size(a) || !sx_source_pin(a, span, SX_PIN_VIEW, &pin, NULL))
        return false;
    bool same = memcmp(pin.data, b.data, b.len) == 0 && sx_source_lost(a, span, NULL, 0) == 0;
    sx_source_unpin(a, &pin);
    return same;
}

static Verdict
judge_block(const SxDifferences *x, SxSpan span, SxBytes now, bool foreign)
{
    uint64_t where;
    switch (witness_ask(x->store, x->file, x->epoch, span.at, now, &where)) {
    case WITNESS_AGREES: return VERDICT_SAME;
    case WITNESS_DENIES: return VERDICT_CHANGED;
    case WITNESS_SILENT: break;
    }
    if (!foreign)
        return VERDICT_SAME;
    if (!x->was)
        return VERDICT_UNKNOWN;
    return same_bytes(x->was, span, now) ? VERDICT_SAME : VERDICT_CHANGED;
}

Verdict
compare_hunk(const SxDifferences *x, const SxHunk *h, bool foreign)
{
    uint64_t size = x->theirs ? sx_source_size(x->theirs) : 0;
    SxSpan rest = {h->file_at, h->removed};
    if (sx_span_end(rest) > size)
        return VERDICT_GONE;
    Verdict v = VERDICT_SAME;
    while (rest.len > 0 && v == VERDICT_SAME) {
        SxSpan part = {rest.at, rest.len < BLOCK ? rest.len : BLOCK};
        SxPin pin;
        if (!sx_source_pin(x->theirs, part, SX_PIN_VIEW, &pin, NULL))
            return VERDICT_GONE;
        v = sx_source_lost(x->theirs, part, NULL, 0) > 0
                ? VERDICT_GONE
                : judge_block(x, part, sx_bytes(pin.data, (size_t)part.len), foreign);
        sx_source_unpin(x->theirs, &pin);
        rest = sx_span(sx_span_end(part), sx_span_end(rest));
    }
    return v;
}

/* --- the list -------------------------------------------------------------------------------------------------------------- */

static bool
list_add(SxDifferences *x, const SxDifference *one, SxError *err)
{
    if (x->count == MOST && !one->ours) {
        x->cut = true;
        return true;
    }
    if (x->count == x->room) {
        size_t room = x->room ? 2 * x->room : 16;
        SxDifference *data = realloc(x->data, room * sizeof *data);
        if (!data)
            return sx_fail(err, SX_ERR_NOMEM, "no memory for the differences");
        x->data = data;
        x->room = room;
    }
    x->data[x->count++] = *one;
    return true;
}

bool
compare_conflicts(SxDifferences *x, SxDocument *d, SxJob *job, SxError *err)
{
    static const SxDifferenceKind kinds[] = {
        [VERDICT_CHANGED] = SX_DIFFERENCE_CHANGED, [VERDICT_GONE] = SX_DIFFERENCE_GONE,
        [VERDICT_UNKNOWN] = SX_DIFFERENCE_UNKNOWN};
    SxHunk h;
    Reading v = document_reading(d);
    bool foreign = sx_document_foreign(d, NULL) != SX_FOREIGN_NONE;
    for (uint64_t from = 0; reading_hunk_next(&v, from, &h); from = h.at + h.inserted + (h.inserted == 0)) {
        if (sx_job_cancelled(job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled");
        Verdict verdict = compare_hunk(x, &h, foreign);
        SxDifference one = {kinds[verdict], {h.file_at, h.removed}, h.at, true, h};
        if (verdict != VERDICT_SAME && !list_add(x, &one, err))
            return false;
    }
    return true;
}

/* --- a file that another one has replaced ------------------------------------------------------------------------------------- */

/* Runs of bytes that differ, those close to each other as one. */
static bool
add_runs(SxDifferences *x, uint64_t at, const uint8_t *was, const uint8_t *is, size_t len, SxSpan *open, SxError *err)
{
    for (size_t i = 0; i < len; i++) {
        if (was[i] == is[i])
            continue;
        uint64_t here = at + i;
        if (open->len > 0 && here - sx_span_end(*open) <= NEAR) {
            *open = sx_span(open->at, here + 1);
            continue;
        }
        SxDifference one = {.kind = SX_DIFFERENCE_CHANGED, .span = *open};
        if (open->len > 0 && !list_add(x, &one, err))
            return false;
        *open = (SxSpan){here, 1};
    }
    return true;
}

static bool
scan_block(SxDifferences *x, SxSpan span, SxSpan *open, SxError *err)
{
    SxPin was, is;
    if (!sx_source_pin(x->was, span, SX_PIN_SCAN, &was, err))
        return false;
    bool ok = sx_source_pin(x->theirs, span, SX_PIN_SCAN, &is, err);
    if (ok) {
        if (memcmp(was.data, is.data, (size_t)span.len) != 0)
            ok = add_runs(x, span.at, was.data, is.data, (size_t)span.len, open, err);
        sx_source_unpin(x->theirs, &is);
    }
    sx_source_unpin(x->was, &was);
    return ok;
}

/* What from `at` on is a hole in both, or the next block. */
static bool
next_block(const SxDifferences *x, uint64_t at, uint64_t end, SxSpan *block, bool *holes, SxError *err)
{
    SxExtent was, is;
    if (!sx_source_extent(x->was, at, &was, err) || !sx_source_extent(x->theirs, at, &is, err))
        return false;
    uint64_t to = sx_span_end(was.span) < sx_span_end(is.span) ? sx_span_end(was.span) : sx_span_end(is.span);
    *holes = was.kind == SX_EXTENT_HOLE && is.kind == SX_EXTENT_HOLE;
    to = to < end ? to : end;
    *block = sx_span(at, *holes || to - at < SCANNED ? to : at + SCANNED);
    return true;
}

static bool
add_replaced(SxDifferences *x, SxJob *job, SxError *err)
{
    uint64_t a = sx_source_size(x->was), b = x->theirs ? sx_source_size(x->theirs) : 0, end = a < b ? a : b;
    SxSpan open = {0}, block;
    bool holes;
    sx_job_total(job, end);
    for (uint64_t at = 0; at < end && !x->cut; at = sx_span_end(block)) {
        if (sx_job_cancelled(job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled");
        if (!next_block(x, at, end, &block, &holes, err) || (!holes && !scan_block(x, block, &open, err)))
            return false;
        sx_job_advance(job, block.len);
    }
    SxDifference last = {.kind = SX_DIFFERENCE_CHANGED, .span = open};
    return open.len == 0 || list_add(x, &last, err);
}

/* --- all of it ------------------------------------------------------------------------------------------------------------------ */

static bool
add_length(SxDifferences *x, uint64_t was, SxError *err)
{
    uint64_t is = x->theirs ? sx_source_size(x->theirs) : 0;
    SxDifference one = {.kind = is < was ? SX_DIFFERENCE_GONE : SX_DIFFERENCE_ADDED,
                        .span = is < was ? sx_span(is, was) : sx_span(was, is)};
    return is == was || list_add(x, &one, err);
}

static int
by_place(const void *a, const void *b)
{
    const SxDifference *x = a, *y = b;
    if (x->span.at != y->span.at)
        return x->span.at < y->span.at ? -1 : 1;
    return (int)y->ours - (int)x->ours;
}

/* What lies wholly in the place of a change of ours is told once, with it. */
static void
settle(SxDifferences *x)
{
    size_t kept = 0;
    SxSpan ours = {0};
    if (x->count > 1)
        qsort(x->data, x->count, sizeof *x->data, by_place);
    for (size_t i = 0; i < x->count; i++) {
        const SxDifference *one = &x->data[i];
        if (!one->ours && one->span.at >= ours.at && sx_span_end(one->span) <= sx_span_end(ours))
            continue;
        if (one->ours)
            ours = one->span;
        x->data[kept++] = *one;
    }
    x->count = kept;
}

/* Where in the document those stand that no change of ours meets. */
static void
place(SxDifferences *x, const Reading *v)
{
    SxHunk h;
    uint64_t shift = 0;
    bool more = reading_hunk_next(v, 0, &h);
    for (size_t i = 0; i < x->count; i++) {
        SxDifference *one = &x->data[i];
        while (more && h.file_at + h.removed <= one->span.at) {
            shift += h.inserted - h.removed;
            more = reading_hunk_next(v, h.at + h.inserted + (h.inserted == 0), &h);
        }
        uint64_t at = one->ours ? one->hunk.at : one->span.at + shift;
        one->at = at < v->length ? at : v->length;
    }
}

bool
compare_begin(SxDocument *d, SxDifferences **out, SxError *err)
{
    SxDifferences *x = calloc(1, sizeof *x);
    if (!x)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the differences");
    const File *f = store_file(d->store, d->file);
    x->store = store_retain(d->store);
    x->file = d->file;
    x->epoch = f->epoch;
    x->ours = sx_document_snapshot(d);
    if (!x->ours || !foreign_open(d, &x->map, err))
        goto fail;
    x->theirs = x->map ? sx_map_source(x->map) : NULL;
    if (x->map && !x->theirs)
        goto fail;
    x->same = foreign_is_known(d, x->map);
    if (!x->same && f->source)
        x->was = sx_source_retain(f->source);
    *out = x;
    return true;
fail:
    if (err && err->code == SX_OK)
        sx_fail(err, SX_ERR_NOMEM, "no memory for the differences");
    sx_differences_free(x);
    return false;
}

bool
sx_document_differences(SxDocument *d, SxDifferences **out, SxJob *job, SxError *err)
{
    SxDifferences *x;
    if (!foreign_may_reload(d, err) || !compare_begin(d, &x, err))
        return false;
    if (!compare_conflicts(x, d, job, err) || !add_length(x, d->file_size, err) ||
        (x->was && !add_replaced(x, job, err))) {
        sx_differences_free(x);
        return false;
    }
    settle(x);
    Reading v = document_reading(d);
    place(x, &v);
    *out = x;
    return true;
}

void
sx_differences_free(SxDifferences *x)
{
    if (!x)
        return;
    sx_source_release(x->theirs);
    sx_source_release(x->was);
    sx_map_free(x->map);
    sx_snapshot_release(x->ours);
    store_release(x->store);
    free(x->data);
    free(x);
}

/* --- looking ---------------------------------------------------------------------------------------------------------------------- */

size_t
sx_differences_count(const SxDifferences *x, bool *cut)
{
    if (cut)
        *cut = x->cut;
    return x->count;
}

const SxDifference *
sx_differences_at(const SxDifferences *x, size_t index)
{
    return &x->data[index];
}

static SxSource *
witnessed(const SxDifferences *x, SxSpan span)
{
    uint8_t *bytes = span.len <= BASE_MAX ? malloc((size_t)span.len + 1) : NULL;
    SxSource *source = NULL;
    if (bytes && witness_read(x->store, x->file, x->epoch, span, bytes))
        source = sx_source_memory(sx_bytes(bytes, (size_t)span.len), true);
    free(bytes);
    return source;
}

SxSource *
sx_differences_base(const SxDifferences *x, size_t index)
{
    const SxDifference *one = &x->data[index];
    if (one->kind == SX_DIFFERENCE_ADDED || one->span.len == 0)
        return sx_source_memory((SxBytes){0}, true);
    SxSource *source = witnessed(x, one->span);
    return source || !x->was ? source : sx_source_range(x->was, one->span);
}

SxSource *
sx_differences_theirs(const SxDifferences *x, size_t index)
{
    if (!x->theirs)
        return sx_source_memory((SxBytes){0}, true);
    return sx_source_range(x->theirs, x->data[index].span);
}

SxSource *
sx_differences_ours(const SxDifferences *x, size_t index)
{
    const SxDifference *one = &x->data[index];
    return one->ours ? sx_source_range(sx_snapshot_source(x->ours), (SxSpan){one->hunk.at, one->hunk.inserted}) : NULL;
}
