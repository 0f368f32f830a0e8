/*
 * recover_meaning.c - pieces of files that a save replaced, put into pieces that can still be read: where the journal
 * kept their bytes, or where the new file has them.
 */
#include "document/recover.h"

#include <stdlib.h>

/* All of `p` is covered by images of its epoch and later. */
static bool
add_images(Recovery *r, Piece p, Pieces *out)
{
    Image *images;
    size_t count;
    bool done = before_images(&store_file(r->d->store, p.source)->before, (SxSpan){p.offset, p.len}, p.epoch, &images, &count);
    while (done && p.len > 0) {
        uint64_t len = p.len;
        const Image *m = image_topmost(images, count, p.offset, &len);
        Piece kept = {.len = len, .kind = PIECE_ADD};
        if (m && !image_lost(m))
            kept.offset = m->add_at + (p.offset - m->at);
        else
            kept = piece_part(&p, 0, len);
        done = pieces_add(out, &kept);
        p = piece_part(&p, len, p.len - len);
    }
    free(images);
    return done;
}

static bool meaning(void *data, const Piece *piece, Pieces *out);

/* The home that holds `at`, or the first one behind it; count: none. */
static size_t
find_home(const KnownFile *f, uint64_t at)
{
    size_t low = 0;
    size_t high = f->n_moved;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->moved[middle].offset + f->moved[middle].home.len > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* None of `p` is covered. What has no home stays a piece of a file that nobody can read. */
static bool
add_homes(Recovery *r, Piece p, Pieces *out)
{
    const KnownFile *f = &r->files[p.source];
    for (size_t i = find_home(f, p.offset); p.len > 0; i++) {
        const JournalMoved *m = i < f->n_moved ? &f->moved[i] : NULL;
        uint64_t bare = m ? (m->offset > p.offset ? m->offset - p.offset : 0) : p.len;
        Piece lost = piece_part(&p, 0, bare < p.len ? bare : p.len);
        if (lost.len > 0 && !pieces_add(out, &lost))
            return false;
        p = piece_part(&p, lost.len, p.len - lost.len);
        if (p.len == 0)
            return true;
        uint64_t within = p.offset - m->offset;
        uint64_t there = m->home.len - within;
        Piece home = piece_part(&m->home, within, there < p.len ? there : p.len);
        /* a home is of a newer file, or kept: this ends */
        bool newer = home.kind != PIECE_FILE || home.source > p.source;
        if (newer ? !meaning(r, &home, out) : !pieces_add(out, &home))
            return false;
        p = piece_part(&p, home.len, p.len - home.len);
    }
    return true;
}

static bool
meaning(void *data, const Piece *piece, Pieces *out)
{
    Recovery *r = data;
    Piece p = *piece;
    if (p.kind != PIECE_FILE || p.source == r->d->file || p.source >= r->n_files)
        return pieces_add(out, &p);
    Before *before = &store_file(r->d->store, p.source)->before;
    while (p.len > 0) {
        bool covered;
        uint64_t n = before_stretch(before, (SxSpan){p.offset, p.len}, EPOCHS_SINCE(p.epoch), &covered);
        Piece part = piece_part(&p, 0, n);
        if (!(covered ? add_images(r, part, out) : add_homes(r, part, out)))
            return false;
        p = piece_part(&p, n, p.len - n);
    }
    return true;
}

/* A tree whose live pieces are those of `file` in `epoch`. What is live of our own file stays so. */
static bool
translate_tree(Recovery *r, Node **root, uint16_t file, uint32_t epoch)
{
    SxDocument *d = r->d;
    Reading v = {.root = *root, .epoch = epoch, .file = file};
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    Cursor c;
    Node *made;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, *root, 0); added && more; more = cursor_next(&c)) {
        Pieces pieces = {0};
        Piece p = file == d->file ? c.piece : reading_resolve(&v, &c.piece);
        added = meaning(r, &p, &pieces);
        for (size_t i = 0; added && i < pieces.count; i++)
            added = builder_add(b, &pieces.data[i]);
        pieces_clear(&pieces);
    }
    if (!added) {
        builder_free(b);
        return false;
    }
    if (!builder_finish(b, &made))
        return false;
    node_release(*root, d->reaper);
    *root = made;
    return true;
}

static bool
swap_meaning(void *data, Swap *s)
{
    Recovery *r = data;
    if (!translate_tree(r, &s->before, s->file, s->before_epoch) ||
        !translate_tree(r, &s->behind, s->file, s->behind_epoch))
        return false;
    if (s->file != r->d->file)
        s->before_epoch = s->behind_epoch = 0;
    s->file = r->d->file;
    return true;
}

bool
recovery_translate(Recovery *r)
{
    SxDocument *d = r->d;
    uint32_t epoch = store_file(d->store, d->file)->epoch;
    bool done = d->file == 0 || /* there never was another */
                (translate_tree(r, &d->tree.root, d->file, epoch) &&
                 (!r->save.runs || translate_tree(r, &r->save.root, r->save.file, r->save.epoch)) &&
                 history_translate(&d->history, meaning, swap_meaning, r));
    return done || sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
}
