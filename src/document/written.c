/*
 * written.c - what this session has written: the file as it is against what it was when the session began.
 *
 * That is a tree like the document's, never read, only asked for its hunks. A piece of the first file of an epoch in which
 * nobody had changed it yet is what the session began with: written back, it is clean again.
 */
#include "document/core.h"

/* Add what one resolved piece means here, in parts: `room` is where clean bytes may be. */
static bool
add_meaning(SxDocument *d, Piece p, SxSpan *room, Pieces *out)
{
    Before *before = &store_file(d->store, 0)->before;
    while (p.len > 0) {
        bool changed = true;
        uint64_t n = p.len;
        if (p.kind == PIECE_FILE && p.source == 0)
            n = before_stretch(before, (SxSpan){p.offset, p.len}, EPOCHS_UNTIL(p.epoch), &changed);
        bool clean = !changed && p.offset >= room->at && p.offset + n <= sx_span_end(*room);
        Piece part = clean ? (Piece){p.offset, n, EPOCH_LIVE, 0, PIECE_FILE} : (Piece){0, n, 0, 0, PIECE_FILL};
        if (clean)
            *room = sx_span(p.offset + n, sx_span_end(*room));
        if (!pieces_add(out, &part))
            return false;
        p = piece_part(&p, n, p.len - n);
    }
    return true;
}

static bool
note_hunk(SxDocument *d, const Reading *saved, const SxHunk *h)
{
    Pieces there = {0};
    Pieces meaning = {0};
    uint64_t place;
    uint64_t from = clean_before(d->written.root, h->file_at, &place);
    uint64_t to = clean_behind(d->written.root, h->file_at + h->removed, d->opened_size, &place);
    SxSpan room = sx_span(from, to);
    bool done = tree_pieces(saved->root, (SxSpan){h->at, h->inserted}, &there, SIZE_MAX);
    for (size_t i = 0; done && i < there.count; i++)
        done = add_meaning(d, reading_resolve(saved, &there.data[i]), &room, &meaning);
    done = done && tree_replace(&d->written, h->file_at, h->removed, meaning.data, meaning.count);
    pieces_clear(&there);
    pieces_clear(&meaning);
    return done;
}

void
document_note_written(SxDocument *d, const Reading *saved)
{
    SxHunk h;
    uint64_t before = UINT64_MAX;
    while (!d->written_lost && reading_hunk_previous(saved, before, &h)) {
        if (!note_hunk(d, saved, &h)) {
            d->written_lost = true;
            tree_take(&d->written, NULL);
        }
        if (h.at == 0)
            break;
        before = h.at;
    }
}

bool
written_build(const Reading *saved, const Node *written, unsigned fanout, Reaper *reaper, Node **out)
{
    Builder *b = builder_new(fanout, reaper);
    Cursor c;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, saved->root, 0); added && more; more = cursor_next(&c)) {
        Piece changed = {0, c.piece.len, 0, 0, PIECE_FILL};
        added = piece_live(&c.piece) ? builder_add_tree(b, written, (SxSpan){c.piece.offset, c.piece.len})
                                     : builder_add(b, &changed);
    }
    if (added)
        return builder_finish(b, out);
    builder_free(b);
    return false;
}
