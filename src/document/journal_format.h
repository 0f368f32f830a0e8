/*
 * journal_format.h - the numbers of the format, for the writer and the reader.
 */
#pragma once

#include "document/journal.h"
#include "document/wire.h"

#define JOURNAL_HEAD_MAGIC "SXHEAD\0\1"
#define JOURNAL_LOG_MAGIC  "SXLOG\0\0\1"

enum {
    JOURNAL_MAGIC_LEN = 8,
    JOURNAL_LOG_START = 16,           /* where the first record begins */
    JOURNAL_RECORD_HEAD = 32,         /* bytes before the payload */
    JOURNAL_RECORD_TAIL = 8,          /* and behind it */
    JOURNAL_PAYLOAD_MAX = 1 << 26,    /* more is no record */
    JOURNAL_HEAD_MAX = 64 << 10,      /* more is no head */
    JOURNAL_PIECE_LEN = 24,
};

/* Final: new kinds get new numbers. */
typedef enum JournalType {
    JOURNAL_TYPE_MARK = 1, /* mark:4 detail:4 number:8 time:8 (nanoseconds since 1970) */
    JOURNAL_TYPE_SPLICE,   /* at:8 removed:8 count:4 pieces */
    JOURNAL_TYPE_BULK,     /* flags:1 start:8 count:4, count places. start: offset in the document where the gaps begin
                              to count, with the records of the run before this one replayed */
    JOURNAL_TYPE_BEFORE,   /* file_at:8 len:8 add_at:8 epoch:4 */
    JOURNAL_TYPE_RESIZE,   /* old:8 size:8 epoch:4 */
    JOURNAL_TYPE_OTHER,    /* source:2 identity path */
    JOURNAL_TYPE_FILE,     /* role:4 source:2 identity path */
    JOURNAL_TYPE_REBASE,   /* source:2 count:4, count times offset:8 epoch:4 piece */
    JOURNAL_TYPE_WITNESS,  /* as BEFORE: bytes that an edit replaces; nothing is done to the file */
    JOURNAL_TYPE_NOTE,     /* what:1 at:8 len:8 name colour note: a mark of the user */
    JOURNAL_TYPE_LOST,     /* file_at:8 len:8 epoch:4: as BEFORE, of bytes that nobody could read */
    JOURNAL_TYPES,         /* one more than the last */
} JournalType;

/* Flags of BULK. A run counts when its last record is there. */
enum { JOURNAL_BULK_FIRST = 1, JOURNAL_BULK_LAST = 2 };

/*
 * A place of BULK, all numbers short: gap removed inserted, and unless inserted is 0: kind:1 and
 *     ADD    offset, as the difference (zigzag) from that of the ADD place before in the record
 *     FILL   offset
 *     FILE   offset epoch source
 *     OTHER  offset source
 */

static inline void
put_piece(Wire *w, const Piece *p)
{
    wire_put(w, p->offset, 8);
    wire_put(w, p->len, 8);
    wire_put(w, p->epoch, 4);
    wire_put(w, p->source, 2);
    wire_put(w, p->kind, 1);
    wire_put(w, 0, 1);
}

/* A piece that cannot be is a failure. */
static inline Piece
get_piece(Unwire *u)
{
    Piece p = {0};
    p.offset = unwire(u, 8);
    p.len = unwire(u, 8);
    p.epoch = (uint32_t)unwire(u, 4);
    p.source = (uint16_t)unwire(u, 2);
    p.kind = (uint8_t)unwire(u, 1);
    unwire(u, 1);
    if (p.kind > PIECE_OTHER || p.len == 0 || (p.kind != PIECE_FILL && p.len > UINT64_MAX - p.offset))
        u->failed = true;
    return p;
}
