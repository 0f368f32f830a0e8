/*
 * recovery.h - what a session left behind: journals in the state directory, told, looked at, taken up again.
 *
 * Every edit is in a journal before it is shown. A session that ended in order removes it, or keeps it as the history of
 * its file (SxDocumentOptions.keep_history); one that crashed leaves unsaved changes in it. Nothing here changes the
 * user's file but sx_document_mend, which is asked for by name.
 *
 * units      times are seconds since 1970, UTC
 * errors     bool + SxError; a journal that cannot be read is told of with the reason, never trusted
 * threads    one
 */
#pragma once

#include <sextant/document.h>

SX_BEGIN

typedef enum SxJournalState {
    SX_JOURNAL_UNSAVED,   /* a crash left unsaved changes */
    SX_JOURNAL_TORN,      /* and a write into the file was cut off: sx_document_mend */
    SX_JOURNAL_DISCARDED, /* unsaved changes that the user let go */
    SX_JOURNAL_HISTORY,   /* nothing unsaved: steps that can be taken back */
    SX_JOURNAL_LIVE,      /* of a session that runs */
    SX_JOURNAL_BROKEN,    /* `why` says what is wrong with it */
} SxJournalState;

/* The file that a journal is about, as it is now. */
typedef enum SxRelation {
    SX_RELATION_SAME,    /* as the journal knew it last, by size, time and samples */
    SX_RELATION_CHANGED, /* somebody has written to it since, or another file has its name */
    SX_RELATION_MISSING, /* there is none */
    SX_RELATION_NONE,    /* the journal is of a document without a file */
} SxRelation;

typedef struct SxJournalInfo {
    char *dir;      /* the journal itself */
    char *path;     /* real path of its file, "" where it has none */
    SxJournalState state;
    SxRelation relation; /* of UNSAVED and TORN */
    int64_t time;   /* when it was written last, seconds since 1970 */
    uint32_t nanoseconds; /* and beyond */
    uint64_t changes; /* unsaved places */
    uint32_t process; /* LIVE: whose */
    char tty[64];     /* LIVE: where, "": nobody knows */
    SxError why;      /* BROKEN; else code is SX_OK, or the end of the journal made no sense and was left out */
} SxJournalInfo;

/*
 * The journals of one file (a real path), or all of them (NULL), newest first. A journal of a session that ended in order
 * costs one small read, one of a crash is played whole.
 *
 * errors   only memory: a state directory that is not there holds no journals
 */
SX_API bool sx_journal_list(const char *state_dir, const char *path, SxJournalInfo **out, size_t *count, SxError *err)
    SX_MUST_USE;
SX_API void sx_journal_list_free(SxJournalInfo *list, size_t count);
/* Whether `sx_journal_list` of that path could find anything: a look at names only. */
SX_API bool sx_journal_any(const char *state_dir, const char *path);
/* Remove one that nobody has. */
SX_API bool sx_journal_remove(const char *dir, SxError *err);
/* Remove those that ended in order and were written last before `before`. */
SX_API void sx_journal_expire(const char *state_dir, int64_t before);

typedef enum SxRecover {
    SX_RECOVER_LOOK, /* READ, the journal is left alone, nothing may change it */
    SX_RECOVER_TAKE, /* the document goes on where the journal ends, and in the same journal */
} SxRecover;

/*
 * Bring back what the journal in `dir` holds into `d`, which must be of the same file and unchanged: bytes, cursor, history.
 * In memory only. Journals of no file are brought back into a document of no file.
 *
 * errors   SX_ERR_CONFLICT: the file is not what it was; only LOOK is possible. SX_ERR_BUSY: somebody has the journal, or
 *          `d` has changes. SX_ERR_SYNTAX: not a journal, or damaged. SX_ERR_ASK: a write was cut off, mend or look
 */
SX_API bool sx_document_recover(SxDocument *d, const char *dir, SxRecover how, SxError *err);

/* Take up the history of earlier sessions, where there is one and the file is as they left it. Without one nothing
 * happens. False only when memory is short; d is then as it was. */
SX_API bool sx_document_recall(SxDocument *d, SxError *err);
/* The marks that the last session left, where the file is as that left it and this one has none. */
SX_API void sx_document_recall_marks(SxDocument *d);
/* Whether the next undo would take back a step of an earlier session; `step` (may be NULL) is that step. */
SX_API bool sx_document_undo_earlier(const SxDocument *d, SxStep *step);

/* The same of redo. */
SX_API bool sx_document_redo_earlier(const SxDocument *d, SxStep *step);

/* A write into the file was cut off: make the file what it was to become (finish), or what it was before. The document
 * holds then what `dir` does, as with SX_RECOVER_TAKE. */
SX_API bool sx_document_mend(SxDocument *d, const char *dir, bool finish, SxError *err);

/* Only to be looked at: what a journal would bring back. */
SX_API bool sx_document_look(const SxDocument *d);

SX_END
