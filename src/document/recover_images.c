/*
 * recover_images.c - old bytes of the file, held back until the change that they are of is known to have happened.
 * Pieces that showed the file then stay what they were; the others go on showing what it holds now.
 */
#include "document/recover_play.h"

#include <stdlib.h>

#include <sextant/text.h>

static int
image_order(const void *a, const void *b)
{
    const Image *x = a;
    const Image *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->add_at < y->add_at ? -1 : x->add_at > y->add_at;
}

/* Ascending and disjoint: of two that overlap, both of one epoch, each has the same old bytes. */
static void
order_images(Images *p)
{
    size_t kept = 0;
    uint64_t end = 0;
    qsort(p->list, p->count, sizeof *p->list, image_order);
    for (size_t i = 0; i < p->count; i++) {
        Image m = p->list[i];
        uint64_t cut = m.at < end ? end - m.at : 0;
        if (cut >= m.len)
            continue;
        m.at += cut;
        m.add_at += image_lost(&m) ? 0 : cut;
        m.len -= cut;
        end = m.at + m.len;
        p->list[kept++] = m;
    }
    p->count = kept;
}

/* A live piece that was changed in the file shows what was there before. */
static bool
add_split(Builder *b, Before *before, Piece p, uint32_t epoch)
{
    while (p.len > 0) {
        bool covered;
        uint64_t n = before_stretch(before, (SxSpan){p.offset, p.len}, EPOCHS_SINCE(epoch), &covered);
        Piece part = piece_part(&p, 0, n);
        part.epoch = covered ? epoch : EPOCH_LIVE;
        if (!builder_add(b, &part))
            return false;
        p = piece_part(&p, n, p.len - n);
    }
    return true;
}

static bool
split_live(Recovery *r, uint32_t epoch)
{
    SxDocument *d = r->d;
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    Cursor c;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, d->tree.root, 0); added && more; more = cursor_next(&c))
        added = piece_live(&c.piece) ? add_split(b, &recovery_file(r)->before, c.piece, epoch) : builder_add(b, &c.piece);
    return play_built(r, b, added);
}

bool
recovery_images(Recovery *r)
{
    Images *p = &r->pending;
    if (p->count == 0)
        return true;
    uint32_t epoch = p->list[0].epoch;
    order_images(p);
    if (!before_add(&recovery_file(r)->before, p->list, p->count) || !split_live(r, epoch))
        return play_no_memory(r);
    recovery_file(r)->epoch = epoch + 1;
    p->count = 0;
    r->touched = true;
    return true;
}

/* The offset in the file as the document counts it. */
static bool
file_place(Recovery *r, uint64_t file_at, uint64_t *at)
{
    uint64_t base = (uint64_t)r->d->offset;
    *at = file_at - base;
    return file_at >= base || play_contradicts(r, "bytes before the part of the file that it is about");
}

bool
play_epoch_reached(Recovery *r, uint32_t epoch)
{
    if (epoch <= recovery_file(r)->epoch)
        return true;
    if (!recovery_images(r))
        return false;
    if (recovery_file(r)->epoch < epoch)
        recovery_file(r)->epoch = epoch;
    return true;
}

bool
play_before(Recovery *r, const JournalEntry *e)
{
    Images *p = &r->pending;
    Image m = {.len = e->before.span.len, .add_at = e->before.add_at, .epoch = e->before.epoch};
    if (m.len == 0)
        return true;
    if (m.epoch < recovery_file(r)->epoch || m.epoch > EPOCH_LIVE / 2)
        return play_contradicts(r, "old bytes of a time that is over");
    if (!file_place(r, e->before.span.at, &m.at))
        return false;
    if (!play_epoch_reached(r, m.epoch))
        return false;
    if (!sx_grow(&p->list, &p->room, p->count + 1, sizeof *p->list))
        return play_no_memory(r);
    p->list[p->count++] = m;
    return true;
}

bool
play_witness(Recovery *r, const JournalEntry *e)
{
    Image m = {.len = e->before.span.len, .add_at = e->before.add_at, .epoch = e->before.epoch};
    if (m.len == 0)
        return true;
    return file_place(r, e->before.span.at, &m.at) &&
           (before_add(&recovery_file(r)->seen, &m, 1) || play_no_memory(r));
}

/* The document is the file again, whole. */
static bool
all_live(Recovery *r)
{
    SxDocument *d = r->d;
    uint64_t length = document_length(d);
    Piece all = {0, length, EPOCH_LIVE, d->file, PIECE_FILE};
    if (!tree_replace(&d->tree, 0, length, &all, length > 0))
        return play_no_memory(r);
    d->file_size = length;
    d->saved_step = UINT32_MAX; /* the file is not what the last save made it */
    recovery_file(r)->zeros = length;
    if (!d->part)
        r->file_len = length;
    document_changed(d);
    return true;
}

bool
recovery_arrived(Recovery *r)
{
    if (!r->through)
        return true;
    r->through = false;
    return recovery_images(r) && all_live(r);
}
