/*
 * meanwhile.c - a tree of the offsets that were saved, spliced along with the document.
 */
#include "document/meanwhile.h"

static void
note_change(void *data, const SxChange *change)
{
    Meanwhile *m = data;
    Piece changed = {0, change->inserted, 0, 0, PIECE_FILL};
    if (!m->lost && !tree_replace(&m->tree, change->at, change->removed, &changed, change->inserted > 0))
        m->lost = true;
}

bool
meanwhile_begin(Meanwhile *m, SxDocument *d, SxError *err)
{
    Piece all = {0, document_length(d), EPOCH_LIVE, 0, PIECE_FILE};
    *m = (Meanwhile){0};
    if (!tree_init(&m->tree, d->tree.fanout, d->reaper) || !tree_replace(&m->tree, 0, 0, &all, all.len > 0)) {
        tree_drop(&m->tree);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to save");
    }
    m->follows = sx_document_listen(d, note_change, m, err);
    if (!m->follows)
        tree_drop(&m->tree);
    return m->follows;
}

void
meanwhile_end(Meanwhile *m, SxDocument *d)
{
    if (!m->follows)
        return;
    sx_document_unlisten(d, note_change, m);
    tree_drop(&m->tree);
    *m = (Meanwhile){0};
}

/* What was changed since begin, of the tree as it is, in no epoch that could be taken for the new one. */
static bool
add_changed(Builder *b, const Reading *v, SxSpan span)
{
    Pieces pieces = {0};
    bool added = tree_pieces(v->root, span, &pieces, SIZE_MAX);
    for (size_t i = 0; added && i < pieces.count; i++) {
        Piece p = reading_resolve(v, &pieces.data[i]);
        added = builder_add(b, &p);
    }
    pieces_clear(&pieces);
    return added;
}

bool
meanwhile_rebuild(const Meanwhile *m, const SxDocument *d, uint16_t file, Node **root)
{
    Reading v = document_reading(d);
    Builder *b = m->lost ? NULL : builder_new(d->tree.fanout, d->reaper);
    Cursor c;
    bool added = b != NULL;
    bool more = cursor_at(&c, m->tree.root, 0);
    for (; added && more; more = cursor_next(&c)) {
        Piece saved = {c.piece.offset, c.piece.len, EPOCH_LIVE, file, PIECE_FILE};
        added = piece_live(&c.piece) ? builder_add(b, &saved) : add_changed(b, &v, (SxSpan){c.begins, c.piece.len});
    }
    if (added)
        return builder_finish(b, root);
    builder_free(b);
    return false;
}
