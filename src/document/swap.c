/*
 * swap.c - big steps: the tree before or behind them, as it may stand today.
 */
#include "document/core.h"
#include "document/diff.h"

/* The pieces of `span` of a tree of an old epoch, as they may stand in the place `here` of ours. */
static bool
old_pieces(const SxDocument *d, const Reading *old, SxSpan span, SxSpan here, uint64_t *floor, Pieces *out)
{
    Pieces pieces = {0};
    bool done = tree_pieces(old->root, span, &pieces, SIZE_MAX);
    for (size_t i = 0; i < pieces.count; i++)
        pieces.data[i] = reading_resolve(old, &pieces.data[i]);
    done = done && document_revive(d, here, floor, pieces.data, pieces.count, out);
    pieces_clear(&pieces);
    return done;
}

typedef struct Progress {
    uint64_t done;  /* bytes of our tree */
    uint64_t floor; /* file offset behind the last piece that became live */
} Progress;

static bool
add_difference(const SxDocument *d, Builder *b, const Reading *to, const Difference *x, Progress *at)
{
    Pieces pieces = {0};
    bool added = builder_add_tree(b, d->tree.root, sx_span(at->done, x->a_at)) &&
                 old_pieces(d, to, (SxSpan){x->b_at, x->b_len}, (SxSpan){x->a_at, x->a_len}, &at->floor, &pieces);
    for (size_t i = 0; added && i < pieces.count; i++)
        added = builder_add(b, &pieces.data[i]);
    pieces_clear(&pieces);
    at->done = x->a_at + x->a_len;
    return added;
}

bool
document_swap(SxDocument *d, const Swap *swap, bool back)
{
    File *file = store_file(d->store, swap->file);
    Side before = {swap->before, swap->before_epoch};
    Side behind = {swap->behind, swap->behind_epoch};
    Side to = back ? before : behind;
    if (swap->file == d->file && to.epoch == file->epoch && !d->saving) {
        tree_take(&d->tree, node_retain((Node *)(uintptr_t)to.root));
        return true;
    }
    Reading old = {.root = (Node *)(uintptr_t)to.root, .epoch = to.epoch, .file = swap->file};
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    if (!b)
        return false;
    Diff diff;
    Difference x;
    Progress at = {0};
    bool added = true;
    diff_begin(&diff, back ? behind : before, to, file);
    while (added && diff_next(&diff, &x))
        added = add_difference(d, b, &old, &x, &at);
    added = added && builder_add_tree(b, d->tree.root, sx_span(at.done, document_length(d)));
    Node *root;
    if (!added) {
        builder_free(b);
        return false;
    }
    if (!builder_finish(b, &root))
        return false;
    tree_take(&d->tree, root);
    return true;
}
