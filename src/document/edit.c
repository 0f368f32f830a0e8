/*
 * edit.c - the edits: each becomes one splice of pieces, at offsets of the document.
 */
#include "document/core.h"
#include "document/witness.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- one splice ---------------------------------------------------------------------------------------------------------------------- */

bool
document_may_edit(SxDocument *d, SxError *err)
{
    if (d->look)
        return sx_fail(err, SX_ERR_READONLY, "%s: only to be looked at; :recover takes it up", sx_document_name(d));
    if (d->access == SX_ACCESS_READ)
        return sx_fail(err, SX_ERR_READONLY, "%s is READ, nothing changed. :access copy edits in memory",
                       d->path ? sx_document_name(d) : "this document");
    return document_protect(d, err);
}

/* A byte typed beside the last one was there in that one's epoch already, unless it was changed in between: then both
 * are one piece of the history. */
static void
join_epochs(SxDocument *d, Pieces *removed)
{
    const History *h = &d->history;
    const Splice *last = h->open ? steps_whole(h->steps, h->open)->last : NULL;
    if (!last || last->n_removed == 0 || removed->count == 0 || removed->data[0].kind != PIECE_FILE)
        return;
    Piece *p = &removed->data[0];
    const Piece *q = &last->pieces[last->n_removed - 1];
    Piece as_q = *p;
    as_q.epoch = q->epoch;
    if (p->epoch > q->epoch && piece_joins(q, &as_q) && !store_changed(d->store, &as_q))
        p->epoch = q->epoch;
}

/* An edit made ready: what it removes and inserts as the history keeps it, and its record. */
typedef struct Plan {
    Pieces removed; /* empty when there are too many */
    Pieces inserted;
    Record record;
} Plan;

static void
plan_clear(Plan *p)
{
    pieces_clear(&p->removed);
    pieces_clear(&p->inserted);
}

static bool
resolve_all(const Reading *v, const Piece *pieces, size_t count, Pieces *out)
{
    for (size_t i = 0; i < count; i++) {
        Piece p = reading_resolve(v, &pieces[i]);
        if (!pieces_add(out, &p))
            return false;
    }
    return true;
}

/* The pieces of both sides, and a splice of them; `splice` stays NULL when too many are removed. */
static bool
plan_pieces(SxDocument *d, Plan *p, SxSpan span, const Piece *pieces, size_t count, Splice **splice)
{
    Reading v = document_reading(d);
    Pieces there = {0};
    *splice = NULL;
    bool all = tree_pieces(d->tree.root, span, &there, SPLICE_PIECES);
    bool many = !all && there.count == SPLICE_PIECES;
    bool done = (all || many) && resolve_all(&v, pieces, count, &p->inserted) &&
                (many || resolve_all(&v, there.data, there.count, &p->removed));
    pieces_clear(&there);
    if (!done || many)
        return done;
    join_epochs(d, &p->removed);
    *splice = splice_new(span.at, &p->removed, p->inserted.data, p->inserted.count);
    return *splice;
}

static bool
plan_make(SxDocument *d, Plan *p, SxStepKind kind, SxSpan span, const Piece *pieces, size_t count)
{
    Splice *s;
    uint32_t epoch = store_file(d->store, d->file)->epoch;
    if (!plan_pieces(d, p, span, pieces, count, &s) ||
        !history_prepare(&d->history, &p->record, s, d->tree.root, epoch, d->file))
        return false;
    p->record.facts = (Facts){kind, span.at, span.len, pieces_len(pieces, count)};
    p->record.time = time(NULL);
    if (tree_reserve(&d->tree, count))
        return true;
    history_abort(&d->history, &p->record);
    return false;
}

/* The record becomes a step, or a part of the open one; `swap` is not NULL when it replaced the whole tree. */
static void
commit(SxDocument *d, Record *r, const Swap *swap)
{
    History *h = &d->history;
    SxChange change = {r->facts.at, r->facts.removed, r->facts.inserted};
    uint32_t epoch = store_file(d->store, d->file)->epoch;
    if (!h->open && h->depth == 0)
        marks_begin(&d->marks);
    uint32_t number = history_commit(h, r, d->tree.root, epoch);
    document_changed(d);
    if (swap)
        document_tell_swap(d, swap, false);
    else
        document_tell(d, &change);
    if (h->depth == 0)
        document_note_marks(d, number);
    document_spare(d);
}

/* A step that would have been a new one was none; in one that is open already the edit is taken back. */
static void
log_outcome(SxDocument *d, const Plan *p, bool done)
{
    if (!done && !d->history.open) {
        document_log_cancelled(d);
        return;
    }
    if (!done) {
        document_log_failed(d, &p->record, &p->removed);
        document_log_places(d); /* there and back again moves marks that were never moved here */
    }
    document_log_edited(d);
}

bool
document_edit(SxDocument *d, SxStepKind kind, SxSpan span, const Piece *pieces, size_t count, SxError *err)
{
    if (span.len == 0 && count == 0)
        return true;
    if (!document_may_edit(d, err) || !document_gather(d, span, pieces_len(pieces, count), err))
        return false;
    Plan p = {0};
    if (!plan_make(d, &p, kind, span, pieces, count)) {
        plan_clear(&p);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to change 0x%" PRIx64, span.at);
    }
    Node *old = d->access == SX_ACCESS_WRITE ? node_retain(d->tree.root) : NULL;
    document_witness(d, span);
    document_log_edit(d, &p.record, &p.inserted);
    tree_splice(&d->tree, span.at, span.len, pieces, count);
    bool done = document_through(d, old, err);
    log_outcome(d, &p, done);
    if (done)
        commit(d, &p.record, NULL);
    else
        history_abort(&d->history, &p.record);
    plan_clear(&p);
    return done;
}

bool
document_take(SxDocument *d, Node *root, const SxChange *change, SxError *err)
{
    Record r;
    uint32_t epoch = store_file(d->store, d->file)->epoch;
    if (!history_prepare(&d->history, &r, NULL, d->tree.root, epoch, d->file)) {
        node_release(root, d->reaper);
        document_log_cancelled(d);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to replace");
    }
    r.facts = (Facts){SX_STEP_MANY, change->at, change->removed, change->inserted};
    r.time = time(NULL);
    Swap now = {.before = d->tree.root, .behind = root, .before_epoch = epoch, .behind_epoch = epoch, .file = d->file};
    now.all = *change;
    node_retain(now.before);
    node_retain(now.behind);
    Node *old = d->access == SX_ACCESS_WRITE ? node_retain(d->tree.root) : NULL;
    tree_take(&d->tree, root);
    bool done = document_through(d, old, err);
    if (done) {
        document_log_edited(d);
        commit(d, &r, &now);
        document_log_places(d);
    } else {
        document_log_cancelled(d);
        history_abort(&d->history, &r);
    }
    node_release(now.before, d->reaper);
    node_release(now.behind, d->reaper);
    return done;
}

/* --- the edits ------------------------------------------------------------------------------------------------------------------------- */

bool
document_keep(SxDocument *d, SxBytes bytes, Pieces *out, SxError *err)
{
    uint64_t at;
    if (bytes.len == 0)
        return true;
    if (!add_append(d->store->add, bytes, &at, err))
        return false;
    Piece p = {at, bytes.len, 0, 0, PIECE_ADD};
    return pieces_add(out, &p) || sx_fail(err, SX_ERR_NOMEM, "no memory to keep %zu bytes", bytes.len);
}

static bool
inside(const SxDocument *d, SxSpan span, SxError *err)
{
    uint64_t length = document_length(d);
    if (span.at <= length && span.len <= length - span.at)
        return true;
    return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%" PRIu64 " is outside the %" PRIu64 " bytes there are", span.at,
                   span.len, length);
}

/* Whether `inserted` more bytes in the place of `removed` can be counted. */
static bool
fits(const SxDocument *d, uint64_t removed, uint64_t inserted, SxError *err)
{
    if (inserted <= UINT64_MAX - 1 - (document_length(d) - removed))
        return true;
    return sx_fail(err, SX_ERR_LENGTH, "%" PRIu64 " bytes more are beyond what offsets can count", inserted);
}

/* Replace `span` by `bytes`, checked. */
static bool
put(SxDocument *d, SxStepKind kind, SxSpan span, SxBytes bytes, SxError *err)
{
    Pieces pieces = {0};
    bool done = document_may_edit(d, err) && inside(d, span, err) && fits(d, span.len, bytes.len, err) &&
                document_keep(d, bytes, &pieces, err) &&
                document_edit(d, kind, span, pieces.data, pieces.count, err);
    pieces_clear(&pieces);
    return done;
}

bool
document_insert_pieces(SxDocument *d, uint64_t at, uint64_t len, const Pieces *pieces, SxError *err)
{
    return inside(d, (SxSpan){at, 0}, err) && fits(d, 0, len, err) &&
           document_edit(d, SX_STEP_INSERT, (SxSpan){at, 0}, pieces->data, pieces->count, err);
}

bool
sx_document_insert(SxDocument *d, uint64_t at, SxBytes bytes, SxError *err)
{
    return put(d, SX_STEP_INSERT, (SxSpan){at, 0}, bytes, err);
}

bool
sx_document_delete(SxDocument *d, SxSpan span, SxError *err)
{
    return document_may_edit(d, err) && inside(d, span, err) &&
           document_edit(d, SX_STEP_DELETE, span, NULL, 0, err);
}

bool
sx_document_overwrite(SxDocument *d, uint64_t at, SxBytes bytes, SxError *err)
{
    return put(d, SX_STEP_OVERWRITE, (SxSpan){at, bytes.len}, bytes, err);
}

bool
sx_document_replace(SxDocument *d, SxSpan span, SxBytes bytes, SxError *err)
{
    return put(d, SX_STEP_REPLACE, span, bytes, err);
}

/* --- fills -------------------------------------------------------------------------------------------------------------------------------- */

/* A block of whole patterns is kept once, and as many pieces show it as are needed. */
static bool
fill_pieces(SxDocument *d, uint64_t len, SxBytes pattern, Pieces *out, SxError *err)
{
    enum { BLOCK = 1 << 20, PIECES = 1 << 20 };
    size_t whole = BLOCK / pattern.len > 1 ? BLOCK / pattern.len * pattern.len : pattern.len;
    size_t block = len < whole ? (size_t)len : whole;
    if (len / whole > PIECES)
        return sx_fail(err, SX_ERR_LIMIT, "%" PRIu64 " bytes are more than a pattern can fill; one byte can", len);
    uint8_t *bytes = malloc(block);
    if (!bytes)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to fill");
    for (size_t i = 0; i < block; i++)
        bytes[i] = pattern.data[i % pattern.len];
    uint64_t at = 0;
    bool done = add_append(d->store->add, sx_bytes(bytes, block), &at, err);
    free(bytes);
    for (uint64_t n = 0; done && n < len; n += block) {
        Piece p = {at, len - n < block ? len - n : block, 0, 0, PIECE_ADD};
        done = pieces_add(out, &p) || sx_fail(err, SX_ERR_NOMEM, "no memory to fill");
    }
    return done;
}

bool
sx_document_fill(SxDocument *d, SxSpan span, SxBytes pattern, SxError *err)
{
    if (!document_may_edit(d, err) || !inside(d, span, err))
        return false;
    if (pattern.len == 0)
        return sx_fail(err, SX_ERR_LENGTH, "nothing to fill with");
    Piece one = {pattern.data[0], span.len, 0, 0, PIECE_FILL};
    Pieces pieces = {0};
    bool same = pattern.len == 1 || span.len == 1;
    bool done = same ? pieces_add(&pieces, &one) || sx_fail(err, SX_ERR_NOMEM, "no memory to fill")
                     : fill_pieces(d, span.len, pattern, &pieces, err);
    done = done && document_edit(d, SX_STEP_FILL, span, pieces.data, pieces.count, err);
    pieces_clear(&pieces);
    return done;
}

/* --- moving and resizing --------------------------------------------------------------------------------------------------------------- */

/* The pieces of a range of the document as they may stand elsewhere: in no place of the file, so not live. */
static bool
pieces_to_move(SxDocument *d, SxSpan span, Pieces *out)
{
    Reading v = document_reading(d);
    Pieces there = {0};
    bool done = tree_pieces(d->tree.root, span, &there, SIZE_MAX) && resolve_all(&v, there.data, there.count, out);
    pieces_clear(&there);
    return done;
}

bool
sx_document_move(SxDocument *d, uint64_t dest, uint64_t src, uint64_t count, SxError *err)
{
    if (!document_may_edit(d, err) || !inside(d, (SxSpan){src, count}, err) || !inside(d, (SxSpan){dest, count}, err))
        return false;
    if (dest == src)
        return true;
    Pieces pieces = {0};
    bool done = pieces_to_move(d, (SxSpan){src, count}, &pieces) || sx_fail(err, SX_ERR_NOMEM, "no memory to move");
    done = done && document_edit(d, SX_STEP_MOVE, (SxSpan){dest, count}, pieces.data, pieces.count, err);
    pieces_clear(&pieces);
    return done;
}

bool
sx_document_resize(SxDocument *d, uint64_t length, SxError *err)
{
    uint64_t now = document_length(d);
    if (!document_may_edit(d, err))
        return false;
    if (length == 0)
        return sx_fail(err, SX_ERR_EMPTY, "a length of 0 is refused");
    if (length == UINT64_MAX)
        return sx_fail(err, SX_ERR_LENGTH, "%" PRIu64 " bytes are beyond what offsets can count", length);
    Piece zeros = {0, length > now ? length - now : 0, 0, 0, PIECE_FILL};
    return document_edit(d, SX_STEP_RESIZE, sx_span(length < now ? length : now, now), &zeros, zeros.len > 0, err);
}
