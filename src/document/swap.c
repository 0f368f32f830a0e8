/*
 * swap.c - big steps: the tree before or behind them, as it may stand today.
 */
#include "document/core.h"
#include "document/swap_walk.h"

typedef struct Progress {
    uint64_t done;  /* bytes of our tree */
    uint64_t floor; /* file offset behind the last piece that became live */
} Progress;

static bool
add_difference(const SxDocument *d, Builder *b, const SwapWalk *w, const Difference *x, Progress *at)
{
    Pieces pieces = {0};
    bool added = builder_add_tree(b, d->tree.root, sx_span(at->done, x->a_at)) &&
                 document_revive(d, (SxSpan){x->a_at, x->a_len}, &at->floor, w->come.data, w->come.count, &pieces);
    for (size_t i = 0; added && i < pieces.count; i++)
        added = builder_add(b, &pieces.data[i]);
    pieces_clear(&pieces);
    at->done = x->a_at + x->a_len;
    return added;
}

/* NULL: no memory, or the step cannot be read. */
static Builder *
build(SxDocument *d, const Swap *swap, bool back, SxError *err)
{
    SwapWalk w;
    Difference x;
    Progress at = {0};
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    bool added = b != NULL;
    swap_walk_begin(&w, d, swap, back, true);
    while (added && swap_walk_next(&w, &x))
        added = !sx_job_cancelled(d->job) && add_difference(d, b, &w, &x, &at);
    if (!swap_walk_end(&w, err)) {
        builder_free(b);
        return NULL;
    }
    if (added && builder_add_tree(b, d->tree.root, sx_span(at.done, document_length(d))))
        return b;
    builder_free(b);
    if (sx_job_cancelled(d->job))
        sx_fail(err, SX_ERR_CANCELLED, "cancelled, that step stays");
    else
        sx_fail(err, SX_ERR_NOMEM, "no memory to undo");
    return NULL;
}

bool
document_swap(SxDocument *d, const Swap *swap, bool back, SxError *err)
{
    File *file = store_file(d->store, swap->file);
    const Node *to = back ? swap->before : swap->behind;
    uint32_t epoch = back ? swap->before_epoch : swap->behind_epoch;
    if (swap->away_len == 0 && swap->file == d->file && epoch == file->epoch && !d->saving) {
        tree_take(&d->tree, node_retain((Node *)(uintptr_t)to));
        return true;
    }
    Node *root;
    Builder *b = build(d, swap, back, err);
    if (!b)
        return false;
    if (!builder_finish(b, &root))
        return sx_fail(err, SX_ERR_NOMEM, "no memory to undo");
    tree_take(&d->tree, root);
    return true;
}
