/*
 * journal.h - the record half of the journal: what was done, so that kill -9 loses nothing.
 *
 * A journal is a directory under the state directory, named by a hash of the real path and the process:
 *     head     who and what: format version, path, device, inode, size, times, hashes of samples, process, tty
 *     log      records {length, type, sequence, payload, checksum}, appended before an edit is shown
 *     data.N   the chunks of the add buffer (add.h); records refer to it by offset
 * The format is final: numbers little-endian, fixed widths, version 1; unknown types are skipped by length.
 */
#pragma once

#include <sextant/bytes.h>
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
    JOURNAL_SAVE_END,   /* number: 1 committed, 0 given up */
    JOURNAL_ACCESS,     /* number: SxAccess */
    JOURNAL_CURSOR,     /* number: the offset */
} JournalMark;

/* What the head says of the file. */
typedef struct JournalFile {
    const char *path; /* real path, NULL: none */
    int fd;           /* -1: none; sampled for the hashes */
    uint64_t size;
} JournalFile;

/* Make the directory, the head and the log, and attach the add buffer. state_dir is made when missing. */
bool journal_open(Journal **out, const char *state_dir, const JournalFile *file, Add *add, SxError *err);
/* `keep`: leave the files for recovery; else remove them. NULL is fine. */
void journal_close(Journal *j, bool keep);

bool journal_splice(Journal *j, const JournalSplice *splice, SxError *err);
bool journal_mark(Journal *j, JournalMark mark, uint64_t number, SxError *err);
/* A range of the file is about to be overwritten: its old bytes are in the add buffer at add_at. Must be durable before
 * the file is touched when `sync`. new_len 0: the file ends at file_at afterwards. */
bool journal_before_image(Journal *j, uint64_t file_at, uint64_t len, uint64_t add_at, uint32_t epoch, bool sync,
                          SxError *err);
bool journal_other_file(Journal *j, uint16_t source, const char *path, SxError *err);
bool journal_sync(Journal *j, SxError *err); /* add buffer, then log */
bool journal_unprotected(const Journal *j, SxError *why);
