/*
 * diff.c - a walk along two trees at once, in the order of the file, since live pieces ascend in both.
 */
#include "document/diff.h"

void
diff_begin(Diff *d, Side a, Side b, File *file)
{
    d->before = &file->before;
    d->changed = (Epochs){a.epoch < b.epoch ? a.epoch : b.epoch, a.epoch < b.epoch ? b.epoch : a.epoch};
    d->a_more = cursor_at(&d->a, a.root, 0);
    d->b_more = cursor_at(&d->b, b.root, 0);
    d->a_length = sum_of(a.root).len;
    d->b_length = sum_of(b.root).len;
    d->a_done = d->b_done = d->file_done = 0;
}

static bool
to_live(Cursor *c, bool more)
{
    while (more && !piece_live(&c->piece))
        more = cursor_next(c);
    return more;
}

/* What lies between what was compared and the places given is a difference, unless there is nothing. */
static bool
difference(Diff *d, uint64_t a_at, uint64_t b_at, Difference *out)
{
    *out = (Difference){d->a_done, a_at - d->a_done, d->b_done, b_at - d->b_done};
    d->a_done = a_at;
    d->b_done = b_at;
    return out->a_len > 0 || out->b_len > 0;
}

/* The next run of bytes that both pieces at hand have alike; empty: none, and `file_done` tells how far that holds. */
static SxSpan
common(Diff *d)
{
    const Piece *a = &d->a.piece;
    const Piece *b = &d->b.piece;
    uint64_t from = a->offset > b->offset ? a->offset : b->offset;
    uint64_t to = a->offset + a->len < b->offset + b->len ? a->offset + a->len : b->offset + b->len;
    SxSpan span = sx_span(from > d->file_done ? from : d->file_done, to);
    bool covered = false;
    uint64_t n = span.len;
    if (n > 0 && d->changed.from < d->changed.to)
        n = before_stretch(d->before, span, d->changed, &covered);
    d->file_done = span.at + n;
    return (SxSpan){span.at, covered ? 0 : n};
}

bool
diff_next(Diff *d, Difference *out)
{
    for (;;) {
        d->a_more = to_live(&d->a, d->a_more);
        d->b_more = to_live(&d->b, d->b_more);
        if (!d->a_more || !d->b_more)
            return difference(d, d->a_length, d->b_length, out);
        uint64_t a_end = d->a.piece.offset + d->a.piece.len;
        uint64_t b_end = d->b.piece.offset + d->b.piece.len;
        if (d->file_done >= a_end || a_end <= d->b.piece.offset) {
            d->a_more = cursor_next(&d->a);
            continue;
        }
        if (d->file_done >= b_end || b_end <= d->a.piece.offset) {
            d->b_more = cursor_next(&d->b);
            continue;
        }
        SxSpan same = common(d);
        if (same.len == 0)
            continue;
        bool differs = difference(d, d->a.begins + (same.at - d->a.piece.offset),
                                  d->b.begins + (same.at - d->b.piece.offset), out);
        d->a_done += same.len;
        d->b_done += same.len;
        if (differs)
            return true;
    }
}

SxChange
diff_range(Side a, Side b, File *file)
{
    Diff diff;
    Difference x;
    SxChange all = {0};
    diff_begin(&diff, a, b, file);
    for (bool first = true; diff_next(&diff, &x); first = false) {
        if (first)
            all.at = x.b_at;
        all.removed = x.a_at + x.a_len - all.at;
        all.inserted = x.b_at + x.b_len - all.at;
    }
    return all;
}
