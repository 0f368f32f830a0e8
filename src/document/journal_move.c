/*
 * journal_move.c - a session's journal begun again in another directory: what the first step found, then each step, in the
 * order they were made, and where the document is now.
 *
 * The new journal knows the file as it is now and nothing of earlier epochs: what pieces of those show is kept as bytes.
 */
#include "document/swap_walk.h"

#include <stdlib.h>

enum { PART = 64 << 10 };

typedef struct Move {
    SxDocument *d;
    uint8_t *part; /* PART bytes */
    SxError *err;
} Move;

/* Bytes that only this process can still read. */
static bool
keep(Move *m, Piece p, Pieces *out)
{
    while (p.len > 0) {
        Piece some = piece_part(&p, 0, p.len < PART ? p.len : PART);
        Piece kept = {.len = some.len, .kind = PIECE_ADD};
        if (!store_copy(m->d->store, &some, SX_PIN_VIEW, m->part, m->err) ||
            !add_append(m->d->store->add, sx_bytes(m->part, (size_t)some.len), &kept.offset, m->err) ||
            !pieces_add(out, &kept))
            return false;
        p = piece_part(&p, some.len, p.len - some.len);
    }
    return true;
}

/* A piece of the file that shows what is there now stays one. */
static bool
add_piece(Move *m, Piece p, Pieces *out)
{
    File *file = store_file(m->d->store, m->d->file);
    if (p.kind != PIECE_FILE)
        return pieces_add(out, &p);
    if (p.source != m->d->file)
        return keep(m, p, out);
    while (p.len > 0) {
        bool covered;
        uint64_t n = before_stretch(&file->before, (SxSpan){p.offset, p.len}, EPOCHS_SINCE(p.epoch), &covered);
        Piece part = piece_part(&p, 0, n);
        part.epoch = covered ? p.epoch : file->epoch;
        if (!(covered ? keep(m, part, out) : pieces_add(out, &part)))
            return false;
        p = piece_part(&p, n, p.len - n);
    }
    return true;
}

static bool
log_pieces(Move *m, uint64_t at, uint64_t removed, const Piece *pieces, size_t count)
{
    Pieces kept = {0};
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = add_piece(m, pieces[i], &kept);
    Piece gone = {.len = removed, .kind = PIECE_FILL};
    JournalSplice splice = {at, &gone, removed > 0, kept.data, kept.count};
    done = done && journal_splice(m->d->journal, &splice, m->err);
    pieces_clear(&kept);
    return done;
}

/* `span` of a tree takes the place of `removed` bytes at `at`. */
static bool
log_range(Move *m, const Reading *v, SxSpan span, uint64_t at, uint64_t removed)
{
    Pieces pieces = {0};
    bool done = tree_pieces(v->root, span, &pieces, SIZE_MAX);
    for (size_t i = 0; i < pieces.count; i++)
        pieces.data[i] = reading_resolve(v, &pieces.data[i]);
    done = done && log_pieces(m, at, removed, pieces.data, pieces.count);
    pieces_clear(&pieces);
    return done;
}

/* From the first to the last, each at the place where it is when those before it are made. */
static bool
log_swap(Move *m, const Swap *s)
{
    SwapWalk w;
    Difference x;
    bool done = true;
    swap_walk_begin(&w, m->d, s, false, true);
    while (done && swap_walk_next(&w, &x))
        done = log_pieces(m, x.b_at, x.a_len, w.come.data, w.come.count);
    return swap_walk_end(&w, m->err) && done;
}

static bool
log_step(Move *m, uint32_t number, uint32_t *current)
{
    Journal *j = m->d->journal;
    const Step *step = steps_whole(m->d->history.steps, number);
    bool done = step->parent == *current || journal_mark(j, JOURNAL_UNDO, step->parent, m->err);
    done = done && journal_step(j, number, (uint32_t)step->facts.kind, step->time, m->err) &&
           (!step->swap || log_swap(m, step->swap));
    for (const Splice *s = step->first; done && s; s = s->next)
        done = log_pieces(m, s->at, s->removed, splice_inserted(s), s->n_inserted);
    *current = number;
    return done && journal_mark(j, JOURNAL_STEP_END, number, m->err);
}

/* The file holds what the document is here. */
static bool
log_saved(Move *m)
{
    Journal *j = m->d->journal;
    return journal_mark(j, JOURNAL_SAVE_BEGIN, SX_SAVE_IN_PLACE, m->err) && journal_mark(j, JOURNAL_SAVE_END, 1, m->err);
}

/* What the document was before the first step. */
static bool
log_beginning(Move *m)
{
    SxDocument *d = m->d;
    Node *now = node_retain(d->tree.root);
    bool done = document_walk(d, d->history.current, 0, m->err);
    Reading v = document_reading(d);
    done = done && log_range(m, &v, (SxSpan){0, v.length}, 0, d->file_size);
    tree_take(&d->tree, now);
    return done;
}

static bool
log_all(Move *m)
{
    SxDocument *d = m->d;
    const History *h = &d->history;
    uint32_t current = 0;
    int fd = d->map ? sx_map_fd(d->map) : -1;
    bool done = journal_file(d->journal, JOURNAL_ROLE_CURRENT, d->file, sx_document_path(d), fd, false, m->err) &&
                log_beginning(m);
    bool known = d->saved_step < h->count && d->file == d->saved_file && store_file(d->store, d->file)->epoch == d->saved_epoch;
    if (known && d->saved_step == 0)
        done = done && log_saved(m);
    for (uint32_t i = 1; done && i < h->count; i++) {
        done = log_step(m, i, &current) && !steps_failed(h->steps, m->err) && (!known || i != d->saved_step || log_saved(m));
        history_trim(h);
    }
    if (done && current != h->current)
        done = journal_mark(d->journal, JOURNAL_UNDO, h->current, m->err);
    return done && journal_mark(d->journal, JOURNAL_ACCESS, d->access, m->err) && journal_sync(d->journal, m->err);
}

bool
document_log_history(SxDocument *d, SxError *err)
{
    Move m = {.d = d, .part = malloc(PART), .err = err};
    bool done = m.part ? log_all(&m) : sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    free(m.part);
    return done;
}
