/*
 * revert.c - bytes of the file put back in the place of what was edited: one hunk, or all, as one step.
 */
#include "document/core.h"

#include <inttypes.h>
#include <time.h>

enum { FEW = 64 }; /* hunks that are put back one by one */

bool
document_revert_hunk(SxDocument *d, const SxHunk *h, SxError *err)
{
    Piece old = {h->file_at, h->removed, EPOCH_LIVE, d->file, PIECE_FILE};
    return document_edit(d, SX_STEP_REPLACE, (SxSpan){h->at, h->inserted}, &old, h->removed > 0, err);
}

/* From the last to the first, so that offsets stay what they are. */
static bool
revert_each(SxDocument *d, SxError *err)
{
    SxHunk h;
    Reading v = document_reading(d);
    if (!sx_document_begin(d, err))
        return false;
    while (reading_hunk_previous(&v, UINT64_MAX, &h)) {
        if (!document_revert_hunk(d, &h, err)) {
            sx_document_cancel(d);
            return false;
        }
        v = document_reading(d);
    }
    sx_document_end(d);
    return true;
}

/* The file as it is becomes the document. */
static bool
revert_whole(SxDocument *d, SxError *err)
{
    SxHunk first;
    SxHunk last;
    Reading v = document_reading(d);
    reading_hunk_next(&v, 0, &first);
    reading_hunk_previous(&v, UINT64_MAX, &last);
    SxChange all = {first.at, last.at + last.inserted - first.at, last.file_at + last.removed - first.file_at};
    Piece file = {0, d->file_size, EPOCH_LIVE, d->file, PIECE_FILE};
    Tree live;
    bool made = tree_init(&live, d->tree.fanout, d->reaper) && tree_replace(&live, 0, 0, &file, d->file_size > 0);
    Node *root = made ? node_retain(live.root) : NULL;
    tree_drop(&live);
    if (!made)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to revert");
    v.root = root;
    if (d->history.depth == 0)
        history_close(&d->history);
    document_log_step(d, SX_STEP_MANY, time(NULL));
    document_log_again(d, &v, &(Difference){0, v.length, 0, d->file_size});
    return document_take(d, root, &all, err);
}

/* A hunk of an older snapshot may be one no more: bytes of the file come back only where they belong. */
static bool
is_hunk(const SxDocument *d, const SxHunk *h)
{
    uint64_t length = document_length(d);
    uint64_t place;
    if (h->at > length || h->inserted > length - h->at || h->file_at > d->file_size ||
        h->removed > d->file_size - h->file_at)
        return false;
    return clean_before(d->tree.root, h->at, &place) <= h->file_at &&
           clean_behind(d->tree.root, h->at + h->inserted, d->file_size, &place) >= h->file_at + h->removed;
}

bool
sx_document_revert(SxDocument *d, const SxHunk *hunk, SxError *err)
{
    if (!document_may_edit(d, err))
        return false;
    if (hunk)
        return is_hunk(d, hunk) ? document_revert_hunk(d, hunk, err)
                                : sx_fail(err, SX_ERR_RANGE, "there is no such change at 0x%" PRIx64, hunk->at);
    uint64_t hunks = sx_document_changes(d).hunks;
    return hunks == 0 || (hunks <= FEW ? revert_each(d, err) : revert_whole(d, err));
}
