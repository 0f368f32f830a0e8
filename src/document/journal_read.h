/*
 * journal_read.h - a journal that was left behind, record by record, each verified before it is believed.
 *
 * The files may be torn, cut, or made by an enemy: what does not verify ends the reading, nothing is trusted beyond
 * that, and no length in them is allocated before it is known to be there.
 *
 * ownership  what an entry points to is the reader's, until the next call
 * threads    one
 */
#pragma once

#include "document/identity.h"
#include "document/journal.h"
#include "document/journal_format.h"

typedef struct JournalHead {
    uint64_t salt;
    uint64_t chunk;    /* of the add buffer */
    int64_t created;   /* seconds since 1970 */
    uint32_t process;
    uint32_t kind;     /* SxMapKind */
    uint64_t offset;   /* the part of the file that the document is; length 0: to its end */
    uint64_t length;
    bool has_file;     /* else path and identity say nothing */
    Identity identity;
    const char *path;
    const char *tty;
    const char *host;
    bool live;         /* its owner still runs */
} JournalHead;

typedef struct JournalEntry {
    JournalType type;
    uint64_t sequence;
    union {
        struct {
            uint32_t mark; /* JournalMark; may be one of a later version */
            uint32_t detail;
            uint64_t number;
            int64_t time; /* nanoseconds since 1970 */
        } mark;
        struct {
            uint64_t at;
            uint64_t removed; /* bytes */
            const Piece *inserted;
            size_t count;
        } splice;
        struct {
            uint8_t flags; /* JOURNAL_BULK_FIRST, _LAST */
            uint64_t start;
            uint64_t count;
            SxBytes places; /* journal_places() */
        } bulk;
        struct {
            SxSpan span; /* of the file */
            uint64_t add_at; /* LOST: IMAGE_LOST */
            uint32_t epoch;
        } before; /* and WITNESS, and LOST */
        struct {
            uint64_t old;
            uint64_t size;
            uint32_t epoch;
        } resize;
        struct {
            uint32_t role; /* JournalRole; OTHER: 0 */
            uint16_t source;
            Identity identity;
            const char *path;
        } file; /* FILE and OTHER */
        struct {
            uint32_t what; /* JournalNote; may be one of a later version */
            SxMark mark;
        } note;
        struct {
            uint16_t source;
            const JournalMoved *moved;
            size_t count;
        } rebase;
    };
} JournalEntry;

typedef struct JournalReader JournalReader;

/* errors   SX_ERR_MISSING: no journal is there; SX_ERR_SYNTAX: its head is not whole or of a later version */
bool journal_reader_open(JournalReader **out, const char *dir, SxError *err);
void journal_reader_close(JournalReader *r); /* NULL is fine */
const JournalHead *journal_reader_head(const JournalReader *r);
Add *journal_reader_add(const JournalReader *r); /* the data; retain it to keep it */

/* The next record that this version knows. false: the end, or no further record verifies. */
bool journal_reader_next(JournalReader *r, JournalEntry *out);
JournalEnd journal_reader_end(const JournalReader *r); /* behind the last record that was given */
/* Whether the log ends with JOURNAL_CLOSED: one small read, nothing else is verified. */
bool journal_reader_closed(const JournalReader *r, uint64_t *unsaved, bool *discarded);
/* When the log was written last. */
struct timespec journal_reader_time(const JournalReader *r);
/* How many bytes of the log were not believed; 0 when it ends with a whole record. */
uint64_t journal_reader_torn(const JournalReader *r);

/* The places of a bulk record, ascending; offsets are of the document as it was before the record. */
typedef struct JournalPlaces {
    Unwire rest;
    uint64_t left;     /* places */
    uint64_t at;       /* end of the last span */
    uint64_t add_last; /* offset of the last ADD piece */
} JournalPlaces;
JournalPlaces journal_places(const JournalEntry *bulk);
/* inserted->len is 0 where bytes are only removed. false: there are no more (journal_reader_next has checked them). */
bool journal_place_next(JournalPlaces *p, SxSpan *span, Piece *inserted);
