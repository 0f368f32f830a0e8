/*
 * journal.h - the record half of the journal: what was done, so that kill -9 loses nothing.
 *
 * A journal is a directory under the state directory, named by a digest of the real path and the process:
 *     head     who and what: format version, path, device, inode, size, times, samples, process, tty
 *     log      records, appended before an edit is shown
 *     data.N   the chunks of the add buffer (add.h); records refer to it by offset
 *     base     what came by a pipe, whole (journal_base.h)
 *     marks    when the session has ended in order: the marks of the file (marks_kept.h)
 * Beside the directories lie the locks of files that are edited (journal_lock.h). The owner of a journal holds a lock
 * (flock) on its head, too, as long as it lives. Without a head a directory is no journal: the head
 * goes first when one is removed.
 *
 * The format is final: numbers little-endian, fixed widths, version 1; unknown types are skipped by length.
 *
 *     log      "SXLOG\0\0\1" salt:8, then records
 *     record   length:4 type:4 sequence:8 data_end:8 data_digest:8 payload:length digest:8
 *
 * Sequences count from 1 without a gap. data_digest is over the bytes that were appended to the add buffer since the
 * record before, up to data_end: a record whose data did not reach the disk is as torn as one that is cut. The digest
 * behind the payload is over all before it, seeded with the salt of the head: a log of somebody else does not verify.
 * The first record that does not ends the log; everything before it counts.
 *
 * Replay: begin with one piece, the file of the head (or its part) in epoch LIVE. SPLICE replaces; what it removed is
 * what the tree has there. Splices between STEP_BEGIN and STEP_END are one step, a child of the step that was current;
 * a STEP_BEGIN with the number of the current step takes it up again (typing); the last STEP_END may be missing. UNDO and REDO name the step that is
 * current after them, so branches come back. What stands between SAVE_BEGIN and SAVE_END was done meanwhile: the saved
 * state is the one at SAVE_BEGIN, and a FILE record says what the file was after it. A save by copy that did not end
 * has ended all the same when the name leads to the inode of its last TEMP record; then its REBASE holds, else not. BEFORE and RESIZE are changes of
 * the file itself; behind a SAVE_BEGIN without its SAVE_END they take a torn file back. A journal that is opened when
 * there are changes already begins with one splice of the whole document. NOTE is a mark, which moves
 * with what comes behind.
 *
 * threads    splices, steps and marks from one thread; before-images and sync also from another; one more thread
 *            puts it on the disk each second or 200 records, and nobody waits for it
 * errors     a journal that cannot be written stops at its last whole record and says why; NULL is no journal, and
 *            everything succeeds
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/document.h>
#include <sextant/error.h>

#include "document/add.h"

typedef struct Journal Journal;

/* What a piece is made of, in a record and in the tree alike. */
typedef enum PieceKind {
    PIECE_FILE,  /* the document's file, at `offset`, as it was in `epoch` */
    PIECE_ADD,   /* the add buffer, at `offset` */
    PIECE_FILL,  /* the byte `offset & 0xff`, repeated */
    PIECE_OTHER, /* a range of another file, number `source` */
} PieceKind;

/* Epochs count the changes that we ourselves made to the file. LIVE: whatever the file holds now. */
#define EPOCH_LIVE UINT32_MAX

typedef struct Piece {
    uint64_t offset; /* in its source */
    uint64_t len;    /* bytes, > 0 */
    uint32_t epoch;  /* PIECE_FILE: epoch or EPOCH_LIVE */
    uint16_t source; /* PIECE_FILE: which file (an old inode is another one), PIECE_OTHER: which other file */
    uint8_t kind;    /* PieceKind */
} Piece;

static inline bool
piece_of_file(const Piece *p)
{
    return p->kind == PIECE_FILE || p->kind == PIECE_OTHER;
}

/* One splice: at `at`, `removed` pieces were replaced by `inserted` pieces. */
typedef struct JournalSplice {
    uint64_t at;
    const Piece *removed;
    size_t n_removed;
    const Piece *inserted;
    size_t n_inserted;
} JournalSplice;

typedef enum JournalMark {
    JOURNAL_STEP_BEGIN, /* number is the step, of the history */
    JOURNAL_STEP_END,
    JOURNAL_UNDO,       /* number: the step that is current now */
    JOURNAL_REDO,
    JOURNAL_SAVE_BEGIN, /* number: the save way */
    JOURNAL_SAVE_END,   /* number: 1 committed, 0 given up and the file as it was before. Without a save: what recovery
                           found of the last change in WRITE, that the file has it (1) or nothing of it (0) */
    JOURNAL_ACCESS,     /* number: SxAccess */
    JOURNAL_CURSOR,     /* number: the offset */
    JOURNAL_STEP_CANCEL, /* what was done since STEP_BEGIN was taken back */
    JOURNAL_CLOSED,      /* the last record of a session that ended in order: number of unsaved places, detail 1 when the
                            user discarded them */
    JOURNAL_ASIDE,       /* number: the step that is current. The next one takes changes back only for as long as the
                            others are written, and is undone behind that: by recovery, where that did not come to it */
} JournalMark;

/* What the head says of the file. */
typedef struct JournalFile {
    const char *path; /* real path, NULL: none */
    int fd;           /* -1: none; sampled for the digests */
    uint64_t size;    /* of the file; without one, so many zeros are what the document begins with */
    uint64_t offset;  /* FILE@OFFSET+LENGTH: where the document begins in it */
    uint64_t length;  /* and how much it shows; 0: to the end */
    uint32_t kind;    /* SxMapKind */
    bool shared;      /* without the lock of the file: somebody else edits it, too */
} JournalFile;

/* Make the directory, the head and the log, and attach the add buffer. state_dir is made when missing.
 * errors   SX_ERR_BUSY: somebody else edits the file, and the text says who */
bool journal_open(Journal **out, const char *state_dir, const JournalFile *file, Add *add, SxError *err);
/* `keep`: leave the files for recovery; else remove them. What is appended later stays in memory. NULL is fine. */
void journal_close(Journal *j, bool keep);
/* Another journal has the add buffer now: nothing more is told to this one. */
void journal_give_up(Journal *j);
/* The session ends in order: JOURNAL_CLOSED. */
void journal_closed(Journal *j, uint64_t unsaved, bool discarded);
const char *journal_dir(const Journal *j);

/* Where the last whole record of a journal that was left behind ends. */
typedef struct JournalEnd {
    uint64_t at;       /* in the log */
    uint64_t sequence; /* of that record */
    uint64_t data_end;
    uint64_t salt;
} JournalEnd;

/* The document's bytes came by a pipe, to `fd`: they are kept beside the journal, `limit` of them at most (0: any number).
 * Until they are, changes are unprotected. */
void journal_keep_base(Journal *j, int fd, uint64_t size, uint64_t limit);

/* Go on with a journal that was left behind in `dir`, behind its last whole record. `add`: its add buffer, recovered.
 * path: of the file it is about, NULL: none. errors as journal_open */
bool journal_resume(Journal **out, const char *dir, const char *path, const JournalEnd *end, Add *add, SxError *err);

bool journal_splice(Journal *j, const JournalSplice *splice, SxError *err);
bool journal_mark(Journal *j, JournalMark mark, uint64_t number, SxError *err);
/* STEP_BEGIN with what the step is (SxStepKind) and its time in seconds since 1970. */
bool journal_step(Journal *j, uint64_t number, uint32_t kind, int64_t time, SxError *err);

/*
 * Many replacements in a few bytes each: spans ascending and disjoint, an empty one is an insertion, offsets those
 * before the first of them. Records are written as they fill; replay takes the run only when its end is there, so
 * cancel leaves nothing. Other records may not come between, but before-images may. Without a journal *out is NULL,
 * which the others take.
 */
typedef struct JournalBulk JournalBulk;
bool journal_bulk_begin(Journal *j, JournalBulk **out, SxError *err);
bool journal_bulk_place(JournalBulk *b, SxSpan span, const Piece *inserted, SxError *err); /* NULL: only removed */
bool journal_bulk_end(JournalBulk *b, SxError *err); /* frees b in any case */
void journal_bulk_cancel(JournalBulk *b);

/* What becomes of a mark, with its place in the document as it is then. */
typedef enum JournalNote {
    JOURNAL_NOTE_GONE,  /* the mark of that name */
    JOURNAL_NOTE_SET,   /* one of that name is no more */
    JOURNAL_NOTE_CLEAR, /* there are no marks: what stands in the journal before is told anew */
    JOURNAL_NOTE_PLACE, /* the same mark as before, which is here now */
} JournalNote;
/* more: another one comes behind it, for which it may wait. */
bool journal_note(Journal *j, JournalNote what, const SxMark *mark, bool more, SxError *err);

/* A range of the file is about to be overwritten: its old bytes are in the add buffer at add_at. Durable on return
 * when `sync`. */
bool journal_before_image(Journal *j, uint64_t file_at, uint64_t len, uint64_t add_at, uint32_t epoch, bool sync,
                          SxError *err);
/* The same of bytes that cannot be read. */
bool journal_lost_image(Journal *j, uint64_t file_at, uint64_t len, uint32_t epoch, SxError *err);
/* What the file had where an edit replaces it; the same, and nothing happens to the file. */
bool journal_witness(Journal *j, uint64_t file_at, uint64_t len, uint64_t add_at, uint32_t epoch, SxError *err);
/* The file is about to become `size` long instead of `old` (the bytes it loses are in before-images). */
bool journal_resize(Journal *j, uint64_t old, uint64_t size, uint32_t epoch, bool sync, SxError *err);
bool journal_other_file(Journal *j, uint16_t source, const char *path, SxError *err);

/* What a file is to the document. */
typedef enum JournalRole {
    JOURNAL_ROLE_CURRENT, /* from here on it is the document's file, number `source` */
    JOURNAL_ROLE_TEMP,    /* a save is making it, as number `source`: told before it is there, and again when it is
                             whole, with what it is. Removed when the save did not end and the name does not lead to it */
    JOURNAL_ROLE_BACKUP,  /* a name beside it under which a backup is made, told before it is there. Removed when it still
                             is: the file was not changed yet, or the backup would have its own name */
} JournalRole;
bool journal_file(Journal *j, JournalRole role, uint16_t source, const char *path, int fd, bool sync, SxError *err);

/* Bytes of file `source` that pieces of the tree and the history refer to have another home from here on. */
typedef struct JournalMoved {
    uint64_t offset; /* in the file as those pieces know it */
    uint32_t epoch;
    Piece home;      /* as long as what moved */
} JournalMoved;
bool journal_rebase(Journal *j, uint16_t source, const JournalMoved *moved, size_t count, SxError *err);

bool journal_sync(Journal *j, SxError *err); /* add buffer, then log */
/* Whether changes are not kept although they should be; `why` (may be NULL) is the first reason. */
bool journal_unprotected(const Journal *j, SxError *why);
