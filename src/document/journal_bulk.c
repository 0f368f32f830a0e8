/*
 * journal_bulk.c - a change at very many places as a run of records, a few bytes a place.
 */
#include "document/journal_append.h"

#include <stdlib.h>

enum { BULK_RECORD = 1 << 20 }; /* bytes of places that fill a record */

struct JournalBulk {
    Journal *journal;
    Wire places;       /* of the record that fills */
    uint64_t count;    /* of places in it */
    uint8_t flags;     /* JOURNAL_BULK_FIRST until the first record is written */
    uint64_t start;    /* of the record, in the document with the records before it replayed */
    uint64_t at;       /* end of the last span, offsets before the run */
    uint64_t new_at;   /* the same place with the run replayed so far */
    uint64_t add_last; /* offset of the last ADD piece in the record */
};

bool
journal_bulk_begin(Journal *j, JournalBulk **out, SxError *err)
{
    *out = NULL;
    if (!j)
        return true;
    if (journal_failed(j))
        return journal_refuse(j, err);
    JournalBulk *b = calloc(1, sizeof *b);
    if (!b)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    b->journal = j;
    b->flags = JOURNAL_BULK_FIRST;
    *out = b;
    return true;
}

static bool
bulk_write(JournalBulk *b, uint8_t last, SxError *err)
{
    Wire *w = journal_record_begin(b->journal);
    if (!w)
        return journal_refuse(b->journal, err);
    wire_put(w, b->flags | last, 1);
    wire_put(w, b->start, 8);
    wire_put(w, b->count, 4);
    wire_put_bytes(w, sx_bytes(b->places.data, b->places.len));
    w->failed = w->failed || b->places.failed;
    b->places.len = 0;
    b->count = 0;
    b->flags = 0;
    b->start = b->new_at;
    b->add_last = 0;
    return journal_record_end(b->journal, JOURNAL_TYPE_BULK, err);
}

static uint64_t
zigzag(uint64_t to, uint64_t from)
{
    uint64_t d = to - from;
    return d << 1 ^ (uint64_t)-(d >> 63);
}

static void
put_place_piece(JournalBulk *b, const Piece *p)
{
    Wire *w = &b->places;
    wire_put(w, p->kind, 1);
    if (p->kind == PIECE_ADD) {
        wire_put_short(w, zigzag(p->offset, b->add_last));
        b->add_last = p->offset;
        return;
    }
    wire_put_short(w, p->offset);
    if (p->kind == PIECE_FILE)
        wire_put_short(w, p->epoch);
    if (piece_of_file(p))
        wire_put_short(w, p->source);
}

bool
journal_bulk_place(JournalBulk *b, SxSpan span, const Piece *inserted, SxError *err)
{
    if (!b)
        return true;
    uint64_t len = inserted ? inserted->len : 0;
    wire_put_short(&b->places, span.at - b->at);
    wire_put_short(&b->places, span.len);
    wire_put_short(&b->places, len);
    if (len > 0)
        put_place_piece(b, inserted);
    b->count++;
    b->new_at += span.at - b->at + len;
    b->at = sx_span_end(span);
    return b->places.len < BULK_RECORD || bulk_write(b, 0, err);
}

void
journal_bulk_cancel(JournalBulk *b)
{
    if (!b)
        return;
    free(b->places.data);
    free(b);
}

bool
journal_bulk_end(JournalBulk *b, SxError *err)
{
    if (!b)
        return true;
    bool done = bulk_write(b, JOURNAL_BULK_LAST, err);
    journal_bulk_cancel(b);
    return done;
}
