/*
 * left.c - whether the document still has what a step of an earlier session left there: the file may have changed between
 * two sessions although its size and times say that it has not.
 *
 * All of it is looked at, in parts, so that it can be cancelled. What the file had all along is not compared with itself.
 */
#include "document/swap_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PART = 64 << 10 };

static bool
other_bytes(uint64_t at, SxBytes is, SxBytes left, SxError *err)
{
    enum { SHOWN = 6 };
    char shown[2][3 * SHOWN + 1];
    size_t from = 0;
    while (is.data[from] == left.data[from])
        from++;
    for (unsigned k = 0; k < 2; k++) {
        const uint8_t *bytes = k ? left.data : is.data;
        size_t n = is.len - from < SHOWN ? is.len - from : SHOWN;
        for (size_t i = 0; i < n; i++)
            snprintf(shown[k] + 3 * i, 4, "%02x ", bytes[from + i]);
        shown[k][3 * n - 1] = 0;
    }
    return sx_fail(err, SX_ERR_CONFLICT, "0x%" PRIx64 " has %s where %s was left: stopped, nothing undone", at + from,
                   shown[0], shown[1]);
}

/* What cannot be read is not what was left. */
static bool
part_there(const SxDocument *d, const Reading *now, const Piece *part, uint64_t at, SxError *err)
{
    uint8_t left[PART];
    SxSpan lost;
    SxPin pin;
    if (!store_copy(d->store, part, SX_PIN_SCAN, left, err) || !reading_pin(now, (SxSpan){at, part->len}, SX_PIN_SCAN, &pin, err))
        return false;
    bool same = memcmp(pin.data, left, part->len) == 0 ||
                other_bytes(at, sx_bytes(pin.data, part->len), sx_bytes(left, part->len), err);
    reading_unpin(&pin);
    if (same && reading_lost(now, (SxSpan){at, part->len}, &lost, 1) > 0)
        return sx_fail(err, SX_ERR_CONFLICT, "0x%" PRIx64 " cannot be read: stopped, nothing undone", lost.at);
    return same;
}

static bool
piece_there(const SxDocument *d, const Piece *p, uint64_t at, SxError *err)
{
    Reading now = document_reading(d);
    if (p->kind == PIECE_OTHER || (p->kind == PIECE_FILE && !store_changed(d->store, p)))
        return true;
    for (uint64_t done = 0; done < p->len; done += PART) {
        Piece part = piece_part(p, done, p->len - done < PART ? p->len - done : PART);
        if (sx_job_cancelled(d->job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled, that step stays");
        if (!part_there(d, &now, &part, at + done, err))
            return false;
        sx_job_advance(d->job, part.len);
    }
    return true;
}

static bool
pieces_there(const SxDocument *d, const Piece *pieces, size_t count, uint64_t at, SxError *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!piece_there(d, &pieces[i], at, err))
            return false;
        at += pieces[i].len;
    }
    return true;
}

/* A file that a save replaced, of which too much changed to be kept beyond the session. */
static bool
comes_back(const SxDocument *d, const Piece *pieces, size_t count, SxError *err)
{
    for (size_t i = 0; i < count; i++) {
        const Piece *p = &pieces[i];
        if (p->kind == PIECE_FILE && p->source != d->file && !store_file(d->store, p->source)->source)
            return sx_fail(err, SX_ERR_CONFLICT, "too many bytes of before that save to be kept: nothing undone");
    }
    return true;
}

bool
document_left_splice(const SxDocument *d, const Splice *s, bool back, SxError *err)
{
    if (!comes_back(d, back ? s->pieces : splice_inserted(s), back ? s->n_removed : s->n_inserted, err))
        return false;
    return pieces_there(d, back ? splice_inserted(s) : s->pieces, back ? s->n_inserted : s->n_removed, s->at, err);
}

bool
document_left_swap(const SxDocument *d, const Swap *swap, bool back, SxError *err)
{
    SwapWalk w;
    Difference x;
    bool there = true;
    swap_walk_begin(&w, d, swap, back, true);
    while (there && swap_walk_next(&w, &x))
        there = comes_back(d, w.come.data, w.come.count, err) && pieces_there(d, w.gone.data, w.gone.count, x.a_at, err);
    return swap_walk_end(&w, err) && there;
}
