/*
 * rebase.c - the file as others have made it becomes the base; changes of ours stay at their bytes, where those are what
 * they were. What is in conflict is taken back behind that, as a step of the history, so that nothing of it is lost.
 */
#include "document/compare.h"
#include "document/foreign.h"
#include "document/witness.h"

/* What there is of a span of the file. */
static SxSpan
there(SxSpan span, uint64_t size)
{
    return span.at < size ? sx_span_clip(span, size) : (SxSpan){size, 0};
}

/* Where the conflicts stand behind the reload: the clean bytes that a shorter file has lost are gone from between them. */
static void
follow_lost(SxDifferences *x, uint64_t size)
{
    uint64_t lost = 0, behind = size;
    for (size_t i = 0; i < x->count; i++) {
        SxDifference *one = &x->data[i];
        if (one->span.at > behind)
            lost += one->span.at - behind;
        if (sx_span_end(one->span) > behind)
            behind = sx_span_end(one->span);
        one->at = one->hunk.at - lost;
    }
}

/* From the last to the first, so that offsets stay what they are. */
static bool
revert_all(SxDocument *d, const SxDifferences *x, SxError *err)
{
    for (size_t i = x->count; i-- > 0;) {
        const SxDifference *one = &x->data[i];
        SxSpan theirs = there(one->span, d->file_size);
        Piece piece = {theirs.at, theirs.len, EPOCH_LIVE, d->file, PIECE_FILE};
        SxSpan ours = {one->at, one->hunk.inserted};
        if ((ours.len > 0 || theirs.len > 0) && !document_edit(d, SX_STEP_REPLACE, ours, &piece, theirs.len > 0, err))
            return false;
    }
    return true;
}

static bool
take_back(SxDocument *d, const SxDifferences *x, SxError *err)
{
    SxAccess access = d->access;
    if (!sx_document_begin(d, err))
        return false;
    d->access = SX_ACCESS_COPY; /* whatever the user may do: this is no edit of his */
    bool done = revert_all(d, x, err);
    if (done)
        sx_document_end(d);
    else
        sx_document_cancel(d);
    d->access = access;
    return done;
}

/* Where each conflict stands when all of them are taken back. */
static void
place_conflicts(const SxDocument *d, SxDifferences *x)
{
    uint64_t grown = 0, length = document_length(d);
    for (size_t i = 0; i < x->count; i++) {
        SxDifference *one = &x->data[i];
        one->at -= grown;
        grown += one->hunk.inserted - there(one->span, d->file_size).len;
        one->at = one->at < length ? one->at : length;
    }
}

/* What stays is held against these bytes from now on. */
static void
witness_again(SxDocument *d)
{
    SxHunk h;
    Reading v = document_reading(d);
    for (uint64_t from = 0; reading_hunk_next(&v, from, &h); from = h.at + h.inserted + (h.inserted == 0))
        document_witness_file(d, (SxSpan){h.file_at, h.removed});
}

/* When it ends half-way, what of ours meets theirs is not known any more: the next one takes all of that for a conflict,
 * and so does a save. */
static bool
rebase(SxDocument *d, SxDifferences *x, SxError *err)
{
    SxMap *map;
    if (!foreign_open(d, &map, err))
        return false;
    bool taken = foreign_take(d, map, err);
    follow_lost(x, d->file_size);
    if (!taken || (x->count > 0 && !take_back(d, x, err))) {
        d->foreign = SX_FOREIGN_WRITTEN;
        return false;
    }
    place_conflicts(d, x);
    witness_again(d);
    return true;
}

bool
sx_document_rebase(SxDocument *d, SxDifferences **conflicts, SxJob *job, SxError *err)
{
    SxDifferences *x;
    *conflicts = NULL;
    if (!document_release(d, err) || !foreign_may_reload(d, err) || !compare_begin(d, &x, err))
        return false;
    bool done = compare_conflicts(x, d, job, err) && rebase(d, x, err);
    if (done && x->count > 0)
        *conflicts = x;
    else
        sx_differences_free(x);
    return done;
}
