/*
 * recover.h - a document made of the journal that was left behind; for the files of this layer.
 *
 *     play      record by record on a document that has no file yet: pieces are only moved about, never read
 *     settle    the file comes in: did the last write arrive, is it still the file we knew, what of it is live
 *     meaning   pieces of files that a save replaced: where their bytes are now
 *
 * A record that contradicts what came before ends the playing like one that is torn; `damage` says so.
 */
#pragma once

#include "document/core.h"
#include "document/journal_read.h"
#include "document/meanwhile.h"

#include <sextant/recovery.h>

/* What the journal says of a file, by its number in the store. */
typedef struct KnownFile {
    bool named;
    bool other;      /* ranges of it were inserted */
    Identity identity;
    char *path;
    JournalMoved *moved; /* where its bytes are, now that it is no more: ascending */
    size_t n_moved;
} KnownFile;

/* Old bytes of the file. */
typedef struct Images {
    Image *list;
    size_t count;
    size_t room;
} Images;

typedef enum Outcome {
    OUTCOME_NONE,
    OUTCOME_SAVED,   /* a save that is over: the file has it */
    OUTCOME_UNSAVED, /* or nothing of it */
    OUTCOME_ARRIVED, /* the last change in WRITE is in the file */
    OUTCOME_ABSENT,  /* or nothing of it */
} Outcome;

/* A save that began and did not end yet. */
typedef struct PlayedSave {
    bool runs;
    SxSaveWay way;
    uint32_t step;    /* current when it began */
    Node *root;       /* what is saved, live pieces as of `epoch` */
    uint32_t epoch;
    uint64_t length;
    uint16_t file;    /* that was the document's */
    Meanwhile meanwhile;
    uint16_t temp;    /* by copy: the new file, 0: not named yet */
    uint16_t rebased; /* the file that `moved` is of */
    JournalMoved *moved;
    size_t n_moved;
} PlayedSave;

typedef struct Recovery {
    SxDocument *d;
    JournalReader *reader;
    const char *dir;  /* of the journal, borrowed */
    const JournalHead *head;
    KnownFile *files;
    size_t n_files;
    char *backup;     /* the hidden name under which the last one was made; NULL: none was */
    SxAccess access;  /* as the journal has it; the document itself is COPY */

    /* the step that is being made */
    bool stepping;
    bool aside;        /* it takes changes back for a while only: the document is that of step `aside_of` */
    uint64_t aside_of;
    bool again;       /* it was there already */
    SxStepKind kind;
    int64_t began;    /* seconds since 1970 */
    uint32_t count;   /* of steps before it */
    SxBulk *bulk;
    uint64_t bulk_shift; /* what the records of the run so far moved what is behind them by */

    PlayedSave save;
    Images pending;   /* in the order of the records: of a change that is not known to be over */
    bool through;     /* WRITE: what was done last may not be in the file */
    uint64_t file_len; /* the whole file, as long as it must be */
    bool touched;     /* we wrote into the file since its identity was noted */
    bool noted;       /* it knows of marks */
    bool closed;      /* the session ended in order */
    bool discarded;   /* and the user let the changes go */
    int64_t time;     /* of the last mark, seconds */

    JournalEnd end;   /* behind the last sound record */
    SxRelation relation;
    Images back;      /* TORN: the old bytes, and how long the file was */
    uint64_t back_len;
    bool torn;        /* a write into the file was cut off: part of it is there */
    Outcome outcome;  /* of what the journal does not know the end of */
    uint64_t sequence; /* of the record that is played */
    SxError damage;
    SxError error;    /* memory, the file: nothing can be said about the journal */
} Recovery;

/* Play the journal in `dir` to its last sound record. What is not in r->error is worth having. False: see err. */
bool recovery_begin(Recovery *r, const char *dir, const SxDocumentOptions *o, SxError *err);
void recovery_clear(Recovery *r);
/* The same with the file, for `d`, which must have nothing of its own: what becomes of it is up to the caller. */
bool recovery_of(Recovery *r, SxDocument *d, const char *dir, SxError *err);
bool recovery_untouched(const SxDocument *d, SxError *err);
/* `d` becomes what was recovered, and r->d what it was; with the journal, or without any. */
bool recovery_take(SxDocument *d, Recovery *r, const char *dir, SxError *err);
void recovery_become(SxDocument *d, Recovery *r);
bool recovery_play(Recovery *r, const JournalEntry *e);
void recovery_play_end(Recovery *r); /* there are no more records */

/* Enter the pending images: the change they are of happened, in whole or in part. Live pieces stay what they showed. */
bool recovery_images(Recovery *r);
/* The save came to its end, or what was written through. */
bool recovery_saved(Recovery *r, uint16_t file);
bool recovery_arrived(Recovery *r);
/* The file is number `file` and `size` bytes long: what is live stays so as far as it reaches. */
bool recovery_reload(Recovery *r, uint16_t file, uint64_t size);
void recovery_unsaved(Recovery *r);
/* Files up to this number are in the store. */
bool recovery_file_room(Recovery *r, uint16_t number);

/* The file at the journal's path becomes the document's. False: no memory, or see err. */
bool recovery_settle(Recovery *r, SxError *err);
/* Pieces of files that are no more lead to where their bytes are. False: no memory. */
bool recovery_translate(Recovery *r);
