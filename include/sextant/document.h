/*
 * document.h - a file that can be changed anywhere, at any size, and taken back.
 *
 * A persistent tree of pieces over immutable sources: the file, the add buffer (which is the journal), fill runs,
 * ranges of other files. Insert, delete and overwrite cost O(log n) whatever the size; a snapshot O(1). The verbs are
 * those of map.h, with the same names and rules; `pos` is the cursor of the screen.
 *
 * access     COPY, the default: the file is untouched until sx_document_save. WRITE: an overwrite is in the file at
 *            once, its old bytes in the journal before; a change of length moves the tail, up to a limit. READ: nothing
 *            can change
 * units      offsets and lengths are bytes of the document
 * errors     bool + SxError; on failure the document is unchanged
 * threads    one thread edits; snapshots go to any thread
 * journal    every edit is appended to files in the state directory before the call returns; when that fails the
 *            document says so (sx_document_unprotected) and edits go on in memory
 * power      a kill loses nothing, a power cut the last second of edits. A save that was said is on the disk; one that
 *            was cut off can be taken back or finished. In WRITE overwrites are on the disk behind sx_document_flush,
 *            changes of length when they return
 */
#pragma once

#include <sys/stat.h>

#include <sextant/bytes.h>
#include <sextant/error.h>
#include <sextant/job.h>
#include <sextant/map.h>
#include <sextant/snapshot.h>
#include <sextant/source.h>

SX_BEGIN

typedef struct SxDocument SxDocument;

typedef struct SxDocumentOptions {
    SxAccess access;       /* DEFAULT means COPY for files, READ for devices and process memory */
    int64_t offset;        /* FILE@OFFSET+LENGTH: only this part; length-changing saves are then refused */
    uint64_t length;       /* 0: to the end */
    const char *state_dir; /* where journals live, NULL: none (edits are in memory only) */
    bool keep_history;     /* the journal outlives the session, so that its steps can be taken back in the next one */
    uint64_t journal_limit; /* bytes of new and old data that a journal may keep; 0: no limit */
    bool create;           /* a missing file is a new, empty document; the first save makes it */
    uint64_t tail_limit;   /* bytes that a length change in WRITE may move; 0: 64 MiB */
    unsigned fanout;       /* for tests: children per node, 4..64; 0: 32 */
    size_t chunk;          /* for tests: bytes per chunk of the add buffer; 0: the default */
    size_t window;         /* for tests: see SxMapOptions */
    size_t history;        /* for tests: bytes of memory that steps of the history may take; 0: the default */
} SxDocumentOptions;

/* --- life ------------------------------------------------------------------------------------------------------ */

/* Open a file, device, /proc file. An empty file is an empty document. errors as sx_map_open. O(1). */
SX_API bool sx_document_open(SxDocument **out, const char *path, const SxDocumentOptions *o, SxError *err) SX_MUST_USE;
/* A pipe, read to its end (or to the cancel). `name` is shown. */
/* What has come by a pipe so far; READ until somebody gives it another access. */
SX_API bool sx_document_open_flow(SxDocument **out, SxStream *stream, const char *name, const SxDocumentOptions *o,
                                  SxError *err) SX_MUST_USE;
/* And what has come since, behind it; refused (SX_ERR_BUSY) once something was changed. */
SX_API bool sx_document_grow(SxDocument *d, SxStream *stream, SxError *err);
SX_API bool sx_document_open_stream(SxDocument **out, int fd, const char *name, const SxDocumentOptions *o, SxJob *job,
                                    SxError *err) SX_MUST_USE;
/* `length` zero bytes that belong to no file; 0 is an empty document. */
SX_API bool sx_document_new(SxDocument **out, uint64_t length, const SxDocumentOptions *o, SxError *err) SX_MUST_USE;
/* Ends. `keep_journal` leaves the journal for recovery although there are unsaved changes; without any it is removed
 * unless the document keeps its history. */
SX_API void sx_document_free(SxDocument *d, bool keep_journal);
/* The user lets the unsaved changes go: the journal that sx_document_free keeps is not offered unasked. */
SX_API void sx_document_discard(SxDocument *d);

SX_API const char *sx_document_path(const SxDocument *d); /* as given; NULL when it has none */
SX_API const char *sx_document_name(const SxDocument *d); /* last part, raw: show it through sx_text_printable */
SX_API SxMapKind sx_document_kind(const SxDocument *d);
SX_API uint64_t sx_document_length(const SxDocument *d);
SX_API uint64_t sx_document_file_size(const SxDocument *d); /* of the file as we know it; 0 when there is none */
/* What a copy of the file has to copy: without its holes, as far as that is known without asking. */
SX_API uint64_t sx_document_file_data(const SxDocument *d);
SX_API uint64_t sx_document_generation(const SxDocument *d); /* rises with every edit */
SX_API SxAccess sx_document_access(const SxDocument *d);
SX_API bool sx_document_writable(const SxDocument *d); /* whether WRITE or saving in place could be had */
SX_API bool sx_document_unprotected(const SxDocument *d, SxError *why);

/* The directory of its journal, borrowed; NULL: there is none (yet). */
SX_API const char *sx_document_journal(const SxDocument *d);
/* Keep the journal in another state directory from now on, with all that it has of this session. */
SX_API bool sx_document_journal_to(SxDocument *d, const char *state_dir, SxError *err);

/* A snapshot of now; one count is yours. Never NULL but without memory. O(1). */
SX_API SxSnapshot *sx_document_snapshot(SxDocument *d) SX_MUST_USE;
/* Free what other threads handed back and big old trees, and put away what the history has too much of, for about `budget`
 * nanoseconds each; call when idle. */
SX_API void sx_document_tend(SxDocument *d, uint64_t budget);

/* --- the verbs of the mapping; names and rules of map.h ---------------------------------------------------------- */

SX_API uint64_t sx_document_tell(const SxDocument *d);
SX_API bool sx_document_seek(SxDocument *d, int64_t offset, SxWhence whence, SxError *err);
SX_API bool sx_document_seek_to(SxDocument *d, uint64_t offset, SxError *err);
SX_API bool sx_document_get(SxDocument *d, int64_t index, uint8_t *out, SxError *err);
SX_API bool sx_document_peek(SxDocument *d, uint64_t at, void *buf, size_t max, size_t *got, SxError *err);
SX_API bool sx_document_slice(SxDocument *d, int64_t a, int64_t b, uint8_t **out, size_t *len, SxError *err) SX_MUST_USE;
SX_API bool sx_document_read(SxDocument *d, size_t max, uint8_t **out, size_t *len, SxError *err) SX_MUST_USE;
SX_API bool sx_document_read_byte(SxDocument *d, uint8_t *out, SxError *err);
SX_API bool sx_document_readline(SxDocument *d, uint8_t **out, size_t *len, SxError *err) SX_MUST_USE;
SX_API bool sx_document_write(SxDocument *d, SxBytes bytes, SxError *err); /* over, at pos; advances; keeps the length */
SX_API bool sx_document_assign(SxDocument *d, int64_t a, int64_t b, SxBytes bytes, SxError *err);
SX_API SxFound sx_document_find(SxDocument *d, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at,
                                SxError *err);
SX_API SxFound sx_document_rfind(SxDocument *d, SxBytes needle, int64_t start, int64_t end, SxJob *job, uint64_t *at,
                                 SxError *err);
SX_API bool sx_document_move(SxDocument *d, uint64_t dest, uint64_t src, uint64_t count, SxError *err);
SX_API bool sx_document_resize(SxDocument *d, uint64_t length, SxError *err); /* cuts, or appends zeros; 0 refused */
SX_API bool sx_document_flush(SxDocument *d, SxSpan range, SxError *err);
SX_API bool sx_document_advise(SxDocument *d, const char *name, SxSpan range, bool force, SxError *err);

/* --- edits ------------------------------------------------------------------------------------------------------- */

SX_API bool sx_document_insert(SxDocument *d, uint64_t at, SxBytes bytes, SxError *err);
SX_API bool sx_document_delete(SxDocument *d, SxSpan span, SxError *err);
SX_API bool sx_document_overwrite(SxDocument *d, uint64_t at, SxBytes bytes, SxError *err); /* inside the document */
/* Replace `span` by `bytes`, of any length: one step. */
SX_API bool sx_document_replace(SxDocument *d, SxSpan span, SxBytes bytes, SxError *err);
/* Overwrite `span` by `pattern` repeated from its start; a pattern of one byte stores nothing. */
SX_API bool sx_document_fill(SxDocument *d, SxSpan span, SxBytes pattern, SxError *err);
/* Insert `part` of another file (SX_SPAN_ALL: all of it). Small ones are copied, large ones stay in their file. */
SX_API bool sx_document_insert_file(SxDocument *d, uint64_t at, const char *path, SxSpan part, SxError *err);

/*
 * Many edits as one step of the history: begin, edits, end. Nests. `cancel` takes back what was done since begin.
 * A bulk replacement, millions of places ascending: bounded memory, one step.
 */
SX_API bool sx_document_begin(SxDocument *d, SxError *err);
SX_API void sx_document_end(SxDocument *d);
SX_API void sx_document_cancel(SxDocument *d);
typedef struct SxBulk SxBulk;
SX_API bool sx_document_bulk_begin(SxDocument *d, SxBulk **out, SxError *err) SX_MUST_USE;
SX_API bool sx_bulk_replace(SxBulk *b, SxSpan span, SxBytes bytes, SxError *err); /* spans ascending, disjoint */
SX_API bool sx_bulk_commit(SxBulk *b, SxError *err); /* frees b in any case */
SX_API void sx_bulk_cancel(SxBulk *b);

/* Typing: the next edits that continue where the last one ended join its step, until this is called. In WRITE, where each of
 * them would move a long tail, they are gathered: pending, as in COPY, until sx_document_flush or whatever else changes,
 * saves or ends the document; kill-safe all the while. What then cannot be written stays pending, in COPY. */
SX_API void sx_document_typing(SxDocument *d, bool on);
SX_API bool sx_document_gathering(const SxDocument *d); /* something waits for that */

/* --- history ----------------------------------------------------------------------------------------------------- */

typedef enum SxStepKind {
    SX_STEP_INSERT,
    SX_STEP_DELETE,
    SX_STEP_OVERWRITE,
    SX_STEP_REPLACE,
    SX_STEP_FILL,
    SX_STEP_MOVE,
    SX_STEP_RESIZE,
    SX_STEP_MANY, /* several places */
} SxStepKind;

typedef struct SxStep {
    uint64_t number; /* 1 is the first; 0 is the state before it */
    uint64_t parent; /* number of the step before it */
    SxStepKind kind;
    uint64_t at;       /* lowest offset touched */
    uint64_t removed;  /* bytes */
    uint64_t inserted; /* bytes */
    int64_t time;      /* seconds since 1970, UTC */
    bool saved;        /* a save stands right behind this step */
} SxStep;

/* Take one step back or forward. false with SX_OK in err->code: nothing to undo. `step` (may be NULL): what it was.
 * In WRITE the bytes are written back into the file. */
SX_API bool sx_document_undo(SxDocument *d, SxStep *step, SxError *err);
SX_API bool sx_document_redo(SxDocument *d, SxStep *step, SxError *err);
SX_API uint64_t sx_document_undo_count(const SxDocument *d); /* steps that undo could take from here */
SX_API uint64_t sx_document_redo_count(const SxDocument *d); /* along the newest branch */
SX_API uint64_t sx_document_step_count(const SxDocument *d); /* all, branches included */
SX_API uint64_t sx_document_step_current(const SxDocument *d);
SX_API bool sx_document_step(const SxDocument *d, uint64_t number, SxStep *out);
/* What lasts in undo, redo and goto_step is told to `job`, whose cancel leaves the document where it was; NULL: to nobody.
 * Borrowed until it is set anew. Steps of earlier sessions are compared with all that they left first. */
SX_API void sx_document_set_job(SxDocument *d, SxJob *job);
/* Go to any step of the tree, undoing and redoing what lies between. */
SX_API bool sx_document_goto_step(SxDocument *d, uint64_t number, SxError *err);

/* --- changes against the file -------------------------------------------------------------------------------------- */

typedef struct SxChangeCount {
    uint64_t hunks;    /* places; what "+2" on the status line says */
    uint64_t bytes;    /* inserted or changed, plus removed beyond that */
    uint64_t written;  /* WRITE: places changed in the file in this session, "w2" */
    bool length_changed;
} SxChangeCount;
SX_API SxChangeCount sx_document_changes(SxDocument *d); /* cached per generation */
SX_API bool sx_document_modified(const SxDocument *d);   /* differs from the file: would a quit lose something */
/* Put the bytes of the file back in one hunk, or everywhere (NULL): one step. */
SX_API bool sx_document_revert(SxDocument *d, const SxHunk *hunk, SxError *err);

/* What an edit did; listeners keep marks, match sets, views right. */
typedef struct SxChange {
    uint64_t at;
    uint64_t removed;
    uint64_t inserted;
} SxChange;
typedef void SxListener(void *data, const SxChange *change);
SX_API bool sx_document_listen(SxDocument *d, SxListener *listener, void *data, SxError *err);
SX_API void sx_document_unlisten(SxDocument *d, SxListener *listener, void *data);

/* --- marks: they stick to their byte --------------------------------------------------------------------------------- */

typedef struct SxMark {
    const char *name;   /* borrowed until the next call that changes marks */
    SxSpan span;        /* len 0: a place */
    const char *colour; /* style colour name or "" */
    const char *note;   /* UTF-8 or "" */
} SxMark;
SX_API bool sx_document_mark_set(SxDocument *d, const SxMark *mark, SxError *err); /* same name: moved */
SX_API bool sx_document_mark_remove(SxDocument *d, const char *name);
SX_API bool sx_document_mark_find(const SxDocument *d, const char *name, SxMark *out);
SX_API size_t sx_document_mark_count(const SxDocument *d);
SX_API bool sx_document_mark_at(const SxDocument *d, size_t index, SxMark *out); /* ordered by offset */

/* --- access and saving --------------------------------------------------------------------------------------------- */

typedef enum SxPending { SX_PENDING_REFUSE, SX_PENDING_WRITE, SX_PENDING_DISCARD } SxPending;
/* COPY to WRITE with changes pending: what becomes of them. REFUSE answers SX_ERR_ASK. */
SX_API bool sx_document_set_access(SxDocument *d, SxAccess access, SxPending pending, SxError *err);

typedef enum SxSaveWay {
    SX_SAVE_NONE,      /* the file has what the document has */
    SX_SAVE_IN_PLACE,  /* only the dirty ranges, before-images first */
    SX_SAVE_COPY,      /* a temporary file beside it, then rename */
    SX_SAVE_COPY_OVER, /* hard links, unwritable directory: rewritten in place after a backup */
    SX_SAVE_NEW,       /* the file does not exist yet */
} SxSaveWay;

typedef struct SxSavePlan {
    SxSaveWay way;
    char why[160];         /* a sentence */
    uint64_t places;       /* where the result differs from the file; in place: dirty ranges */
    uint64_t write;        /* bytes that differ there; all of them for a range, or where there is no file yet */
    uint64_t copy;         /* bytes copied from the old file */
    uint64_t space_needed; /* bytes */
    uint64_t space_free;   /* bytes */
    double seconds;        /* estimate */
} SxSavePlan;
SX_API bool sx_document_save_plan(SxDocument *d, SxSavePlan *out, SxError *err);
/* The same for a save under another name. */
SX_API bool sx_document_save_as_plan(SxDocument *d, const char *path, SxSavePlan *out, SxError *err);

typedef struct SxSaved {
    SxSaveWay way;
    uint64_t bytes;  /* as `write` and `places` of the plan */
    uint64_t places;
    uint64_t nanoseconds;
} SxSaved;

typedef enum SxSaveFlags {
    SX_SAVE_FORCE = 1 << 0,      /* over a foreign change (SX_ERR_CONFLICT else) */
    SX_SAVE_MAY_COPY_OVER = 1 << 1,
    SX_SAVE_BACKUP = 1 << 2, /* the old content is kept beside it as NAME~; devices have none */
} SxSaveFlags;

/*
 * Write the document to its file. The history goes on: undo works after it.
 *
 * job      progress and cancel; a cancelled save leaves the old file whole and the changes pending
 * errors   SX_ERR_CONFLICT: the file was changed by somebody else where we changed it (in place) or at all (copy);
 *          SX_ERR_NOSPACE: text says how much is needed and free; SX_ERR_ASK: only COPY_OVER is possible and not allowed
 */
SX_API bool sx_document_save(SxDocument *d, unsigned flags, SxJob *job, SxSaved *saved, SxError *err);

/*
 * The same in three parts, so that a worker can do the long one while editing goes on: begin on the editing thread,
 * run on any thread, finish on the editing thread (which frees it and returns run's result).
 */
typedef struct SxSave SxSave;
SX_API bool sx_document_save_begin(SxDocument *d, const char *path, unsigned flags, SxSave **out, SxError *err)
    SX_MUST_USE; /* path NULL: its own file */
SX_API void sx_save_run(SxSave *save, SxJob *job);
SX_API bool sx_document_save_finish(SxDocument *d, SxSave *save, SxSaved *saved, SxError *err);


/* How far run is, from any thread. Behind WRITING a cancel changes nothing any more. */
typedef enum SxSavePhase {
    SX_SAVE_WRITING,    /* a cancel leaves the old file whole */
    SX_SAVE_GOING_BACK, /* in place, after a cancel or a failure: the old bytes are put back, and progress counts them */
    SX_SAVE_SEALING,    /* everything is written: the disk is waited for, or the new file takes the name */
} SxSavePhase;
SX_API SxSavePhase sx_save_phase(const SxSave *save);

/*
 * Write only these changes to the file; the others stay pending.
 *
 * chosen   hunks of now, ascending, each as long as what it replaces (SX_ERR_LENGTH else)
 * errors   as sx_document_save, after which everything is as before
 */
SX_API bool sx_document_save_some(SxDocument *d, const SxHunk *chosen, size_t count, unsigned flags, SxJob *job,
                                  SxSaved *saved, SxError *err);


/* Write a range of the document to another file (made or replaced with its metadata kept); the document stays what it is. */
SX_API bool sx_document_write_range(SxDocument *d, SxSpan span, const char *path, SxJob *job, SxSaved *saved, SxError *err);
/* Save under another name: from then on the document is that file's. */
SX_API bool sx_document_save_as(SxDocument *d, const char *path, unsigned flags, SxJob *job, SxSaved *saved, SxError *err);

/* --- the file changes under us --------------------------------------------------------------------------------------- */

typedef enum SxForeign {
    SX_FOREIGN_NONE,
    SX_FOREIGN_SHORTER,
    SX_FOREIGN_LONGER,
    SX_FOREIGN_WRITTEN,  /* same size, other times */
    SX_FOREIGN_REPLACED, /* the name is another file now */
    SX_FOREIGN_DELETED,
} SxForeign;
/* fstat and stat, no reading: what has happened to the file since we opened or saved it. `size` may be NULL. */
SX_API SxForeign sx_document_foreign(SxDocument *d, uint64_t *size);
/* The two halves of it. A file system may be asked from any thread, and may not answer; what it said is of use as long as
 * the generation of the document stays. */
typedef struct SxFileStat {
    int error; /* errno, 0: st is what there is */
    struct stat st;
} SxFileStat;
SX_API void sx_file_stat(const char *path, SxFileStat *out);
SX_API SxForeign sx_document_foreign_by(SxDocument *d, const SxFileStat *look, uint64_t *size);

typedef enum SxDifferenceKind {
    SX_DIFFERENCE_CHANGED, /* other bytes are there now */
    SX_DIFFERENCE_GONE,    /* the file ends before them */
    SX_DIFFERENCE_ADDED,   /* it ended here */
    SX_DIFFERENCE_UNKNOWN, /* a change of ours replaced bytes that nobody took note of: they may be others */
} SxDifferenceKind;

/* What others did to the file in one place. */
typedef struct SxDifference {
    SxDifferenceKind kind;
    SxSpan span; /* of the file; of an insertion len 0 */
    uint64_t at; /* in the document; behind sx_document_rebase, in the one that came of it */
    bool ours;   /* a pending change of ours replaces these bytes: a conflict */
    SxHunk hunk; /* that, as it was when this was made */
} SxDifference;

/*
 * What is different in the file as it is now from what we know of what it was, and where that meets changes of ours.
 * Of a file written in place we know the bytes that our changes replaced, and its length; of one that was replaced by
 * another file all, since we hold it open.
 *
 * out      ascending; free it. It holds the bytes as they were and as they are, whatever is done to the document later
 * errors   SX_ERR_MISSING: there is no file
 * cost     O(changes), and of a replaced file one scan of both; at most 10000 differences, then it is cut
 */
typedef struct SxDifferences SxDifferences;
SX_API bool sx_document_differences(SxDocument *d, SxDifferences **out, SxJob *job, SxError *err) SX_MUST_USE;
SX_API size_t sx_differences_count(const SxDifferences *x, bool *cut); /* cut may be NULL */
SX_API const SxDifference *sx_differences_at(const SxDifferences *x, size_t index);
/* The bytes as they were, where we hold them, else NULL; as they are; as we have changed them, NULL where we did not.
 * One count is yours. */
SX_API SxSource *sx_differences_base(const SxDifferences *x, size_t index) SX_MUST_USE;
SX_API SxSource *sx_differences_theirs(const SxDifferences *x, size_t index) SX_MUST_USE;
SX_API SxSource *sx_differences_ours(const SxDifferences *x, size_t index) SX_MUST_USE;
SX_API void sx_differences_free(SxDifferences *x); /* NULL is fine */

/* From now on the file is the one that is open, whatever its name means (a log that was rotated); or its name again. */
SX_API void sx_document_hold(SxDocument *d, bool on);
/* By which path to look at that file, in `buf` or borrowed; NULL: it has none. */
SX_API const char *sx_document_look_path(const SxDocument *d, char *buf, size_t size);
/* Take the file as it is now as the base; pending changes are kept where they were, whatever they replace now. */
SX_API bool sx_document_reload(SxDocument *d, SxError *err);
/* Forget which bytes of the file were lost: they are read anew when somebody asks for them. Told as a change of all bytes
 * that leaves them where they are. */
SX_API bool sx_document_reread(SxDocument *d, SxError *err);
/*
 * The same, but a change stays only where the bytes that it replaced are what they were. Where they are others, or gone,
 * or nobody knows, the file's bytes show, and `conflicts` has what was taken back: one step, which undo brings again.
 *
 * conflicts  yours to free; NULL when there are none, and on failure
 */
SX_API bool sx_document_rebase(SxDocument *d, SxDifferences **conflicts, SxJob *job, SxError *err);

/* For tests: whether the tree and the history hold what they must; SX_BUG_ON-style text in err when not. */
SX_API bool sx_document_check(SxDocument *d, SxError *err);

SX_END
