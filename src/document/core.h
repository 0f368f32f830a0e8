/*
 * core.h - what a document is made of; for the files of this layer.
 *
 *     path -> map -> source -> store: file number `file`, epoch  ->  tree: live pieces of it, and what was edited
 *
 * Every change goes one way: document_apply changes the tree (and, in WRITE, the file behind it), then marks, position
 * and listeners learn of it. Edits make a splice of it first and put it into the history; undo and redo take theirs
 * from there. Nothing that can fail comes behind the first thing that can be seen.
 */
#pragma once

#include <sextant/document.h>

#include "document/diff.h"
#include "document/history.h"
#include "document/identity.h"
#include "document/marks.h"
#include "document/reading.h"

typedef struct Listener {
    SxListener *call;
    void *data;
} Listener;

struct SxDocument {
    /* of what */
    char *path;       /* as given; NULL: none */
    SxMapKind kind;
    SxMap *map;       /* of the file as it is; NULL: empty, missing or no file */
    bool missing;     /* path names a file that the first save makes */
    bool held;        /* the open file counts, whatever its name means: see sx_document_hold */
    int64_t offset;   /* a part of the file: where it begins */
    bool part;        /* only a part: its length stays */
    SxAccess access;
    uint64_t tail_limit;
    size_t window;

    /* the bytes */
    Store *store;
    Reaper *reaper;
    Tree tree;          /* against the file as it is */
    Tree written;       /* the file as it is against what it was when the session began; pieces are never read */
    uint64_t opened_size; /* of the file then */
    bool written_lost;    /* no memory for it: nothing is known */
    uint16_t file;      /* which file of the store the document is of */
    uint64_t file_size; /* as we know it */
    uint64_t generation;
    uint64_t pos;
    SxSnapshot *now; /* of this generation, or NULL */

    /* what was done */
    History history;
    struct SwapAway *away; /* a big step that is being put away, NULL: none */
    SxJob *job;            /* what lasts in undo and redo tells it; NULL: nobody */
    bool tended;           /* somebody calls sx_document_tend: long work waits for that */
    Marks marks;
    Listener *listeners;
    size_t n_listeners;

    /* the journal: data in store->add, records here */
    char *state_dir; /* NULL: none wanted */
    Journal *journal; /* NULL: none yet */
    bool journal_tried;
    uint64_t journal_limit; /* bytes of the add buffer, 0: none */
    SxError journal_error; /* why there is none */

    uint32_t saved_step; /* what the file holds: the document behind this step, in that file and epoch */
    uint32_t saved_epoch;
    uint16_t saved_file;
    Identity identity;  /* the file as we knew it last, see foreign.h */
    bool known;         /* there is one */
    SxForeign foreign;  /* what was found when we wrote into it ourselves, and nobody was told of yet */

    bool torn;   /* a save was cut off and could not be taken back: the journal has the old bytes and stays */
    bool saving; /* a save runs: what undo puts back must not become live */
    bool replaying; /* out of a journal: the files are not there yet and must not be looked at */
    bool look;      /* only to be looked at: what a journal would bring back */
    bool keeps_history; /* the journal stays when the session ends in order */
    bool recalled;      /* earlier sessions were looked for */
    bool wrote_through; /* since the journal noted the file's identity */
    bool remarked;      /* the user set or removed marks in this session */
    bool gathering;     /* WRITE: typing before a long tail waits to be written at once */
    bool discarded;     /* unsaved changes are meant to be lost */
    bool waived;        /* edited although somebody else does */
    uint32_t inherited; /* steps up to this number are of an earlier session, and were written */
    uint32_t recalled_steps; /* and all that are */
};

/* What the document is now; borrowed until the next change. */
Reading document_reading(const SxDocument *d);
uint64_t document_length(const SxDocument *d);
/* A snapshot of now, borrowed until the next change; NULL: no memory. */
SxSnapshot *document_now(SxDocument *d);
/* Behind every change of the tree or the file: a new generation, the snapshot of before let go. */
void document_changed(SxDocument *d);

/* A document of nothing yet, named `path` (may be NULL). On failure *out may be what there is, to be freed. */
bool document_make(SxDocument **out, const char *path, const SxDocumentOptions *o, SxError *err);

/* --- edits (edit.c) ------------------------------------------------------------------------------------------------- */

/* Whether anything may change: READ, and the first edit opens the journal. */
bool document_may_edit(SxDocument *d, SxError *err);
/* Replace [at, at + len) by pieces, as a step of the history or a part of the open one. */
bool document_edit(SxDocument *d, SxStepKind kind, SxSpan span, const Piece *pieces, size_t count, SxError *err);
bool document_insert_pieces(SxDocument *d, uint64_t at, uint64_t len, const Pieces *pieces, SxError *err);
/* Make `root` (taken) the tree, as one big step that changed `change`; the journal has it already. */
bool document_take(SxDocument *d, Node *root, const SxChange *change, SxError *err);
/* The bytes of the file in the place of a hunk of now. */
bool document_revert_hunk(SxDocument *d, const SxHunk *h, SxError *err);
/* Back to `step` from the one behind it, which took changes back while others were written. */
bool document_come_again(SxDocument *d, uint32_t step, SxError *err);
/* Keep bytes in the add buffer as pieces. */
bool document_keep(SxDocument *d, SxBytes bytes, Pieces *out, SxError *err);
/* The next place of a bulk replacement, made of a piece that is kept already; len 0: only removed. */
bool document_bulk_put(SxBulk *b, SxSpan span, const Piece *piece, SxError *err);

/* --- telling (tell.c) ------------------------------------------------------------------------------------------------ */

/* Tell marks and listeners of a change of the tree; of all that a big step did; of a step that was taken back or done
 * again. */
void document_tell(SxDocument *d, const SxChange *change);
/* Anything may be another byte. */
void document_tell_all(SxDocument *d, const SxChange *all);
void document_tell_swap(SxDocument *d, const Swap *swap, bool back);
void document_tell_step(SxDocument *d, uint32_t step, bool back);
/* Behind a step: what the history has too much of is put away. Trees wait for sx_document_tend, when there is somebody who
 * calls it. */
void document_spare(SxDocument *d);
/* All marks, to a journal that knows none of them or of others. */
void document_log_marks(SxDocument *d);
/* Where marks are behind a change that they may have followed otherwise when it is replayed. */
void document_log_places(SxDocument *d);
/* A step is what it is: keep what undo must know of marks. */
void document_note_marks(SxDocument *d, uint32_t step);

/* --- undo (undo.c) -------------------------------------------------------------------------------------------------- */

/* Pieces of the history as they may stand in the tree in the place of `span`: those of the file become live where it
 * still has them and their place is right: behind file offset *floor, which then follows (NULL: 0), and between the
 * live pieces around the span. False: no memory. */
bool document_revive(const SxDocument *d, SxSpan span, uint64_t *floor, const Piece *pieces, size_t count, Pieces *out);
/* Where the file has what `span` shows, in its place, `span` is live again. False: no memory. */
bool document_settle(SxDocument *d, SxSpan span);
/* sx_document_begin, to go on with the current step: its edits so far are a part of it. */
bool document_begin_again(SxDocument *d, SxError *err);
/* Make the tree what a big step has before (or behind) it, when it is what the step has on the other side. */
bool document_swap(SxDocument *d, const Swap *swap, bool back, SxError *err);
/* Whether the document has what a step of an earlier session left (left.c): behind it, or before it for redo. */
bool document_left_splice(const SxDocument *d, const Splice *s, bool back, SxError *err);
bool document_left_swap(const SxDocument *d, const Swap *swap, bool back, SxError *err);
/* At the step that was saved last the document is the file, whole. False: no memory. */
bool document_settle_saved(SxDocument *d, uint32_t step);
/* Walk the history to a step without a word to anybody: only the tree follows. False: no memory, or a step of an earlier
 * session does not find what it left; the tree is then somewhere between. */
bool document_walk(SxDocument *d, uint32_t from, uint32_t to, SxError *err);

/* --- WRITE (through.c) ------------------------------------------------------------------------------------------------ */

/* In WRITE, bring the file to what the tree says; the tree is then all live. Nothing to do in COPY. On failure the tree
 * is `old` (whose count is taken in any case), and shows what it showed. */
bool document_through(SxDocument *d, Node *old, SxError *err);

/* Before an edit in WRITE: typing that would move a long tail at each key is gathered; any other edit finds the file as
 * it should be. */
bool document_gather(SxDocument *d, SxSpan span, uint64_t inserted, SxError *err);
/* What was gathered goes into the file. False: it could not, and waits in COPY. */
bool document_release(SxDocument *d, SxError *err);

/* Read the file through the map as it is now: of another access or length. */
bool document_renew_source(SxDocument *d, SxError *err);
/* The file now holds what `saved`, a tree against the file of before, shows: keep account of what this session wrote. */
void document_note_written(SxDocument *d, const Reading *saved);
/* The same for very many places, on any thread: the account as it will be, out of `written` as it is. What is put back to
 * what it was counts as written here. False: no memory. */
bool written_build(const Reading *saved, const Node *written, unsigned fanout, Reaper *reaper, Node **out);

/* --- the journal (protect.c) ------------------------------------------------------------------------------------------- */

/* Open the journal, at the first edit. False only when somebody else edits the file. */
bool document_protect(SxDocument *d, SxError *err);
/* The session ends: the journal is removed, or stays for recovery or as history. */
void document_leave(SxDocument *d, bool keep);
/* An edit is about to be made; it failed and `removed` is there again; it is done with. */
void document_log_edit(SxDocument *d, const Record *r, const Pieces *inserted);
void document_log_failed(SxDocument *d, const Record *r, const Pieces *removed);
void document_log_edited(SxDocument *d);
/* The range is again what it was in `was`. Differences come ascending, at offsets of what is there when they come. */
void document_log_again(SxDocument *d, const Reading *was, const Difference *x);
/* A journal that was opened behind the first step learns all there is (journal_move.c). */
bool document_log_history(SxDocument *d, SxError *err);
/* The step of the next edit begins, unless it is open; nothing came of it. */
void document_log_step(SxDocument *d, SxStepKind kind, int64_t time);
void document_log_cancelled(SxDocument *d);
void document_log(SxDocument *d, JournalMark mark, uint64_t number);
