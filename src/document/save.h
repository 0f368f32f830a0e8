/*
 * save.h - one save, from its plan to its end; for the files of this layer.
 *
 *     begin   on the document's thread: where to, which way, a snapshot; from here on changes are listened to
 *     run     on any thread: the file is written, the document knows nothing of it
 *     finish  on the document's thread: what was saved becomes live, what was changed meanwhile stays pending
 *
 * Two ways lead to the disk. In place (save_in_place.c): the old bytes of what differs go to the journal, then the new
 * ones into the file, and the tail is cut or added; that also is what "copy over" means. By copy (save_copy.c): a new
 * file beside it takes the name.
 */
#pragma once

#include <sextant/document.h>

#include <stdatomic.h>

#include "document/before.h"
#include "document/identity.h"
#include "document/out.h"
#include "document/meanwhile.h"
#include "document/target.h"
#include "document/reading.h"

typedef enum SavePurpose {
    SAVE_OWN,   /* the document's own file */
    SAVE_AS,    /* another one, which the document's file will be */
    SAVE_RANGE, /* another one, and the document stays what it is */
} SavePurpose;

struct SxSave {
    SavePurpose purpose;
    unsigned flags;
    SxSavePlan plan;
    SxSnapshot *snapshot;
    SxSpan span;        /* of the snapshot: what is written */
    Target target;
    bool own;           /* the target is the document's file, the same inode */
    char *given;        /* the path as it was given, NULL: its own file */
    int fd;             /* the document's file: read by copy, written in place; -1: none */
    uint64_t base;      /* where the document begins in it */
    bool part;          /* the document is only a part of it */
    bool fresh;         /* the bytes are in no file yet: made here, or out of a pipe */
    bool regular;       /* it is a plain file */
    uint16_t number;    /* by copy: of the new file, in the store */
    bool changed;       /* somebody else has written to it since we looked */
    Identity known;     /* it, when we looked last */
    struct stat before; /* it, in place, at begin */
    Store *store;       /* the snapshot's */
    Journal *journal;   /* NULL: none */

    atomic_uint phase; /* SxSavePhase, run's */

    /* what run leaves */
    bool done;
    bool touched; /* in place: images were entered, the epoch is over */
    bool torn;    /* in place: cut off and not put back; the journal must stay */
    char *guard;  /* in place: name of a copy of the old file, when no journal has its bytes */
    bool renamed; /* by copy: the new file has the name, whatever failed then */
    SxError error;
    SxSaved saved;
    SxMap *map;   /* the file that was made, or became longer; NULL when it is empty, or as it was */
    SxSource *source; /* of it */

    Node *account; /* of what the session wrote: before, at begin; as it will be, behind run. NULL: empty or not made */
    bool counted;  /* it is the one as it will be */

    /* what finish needs, so that lack of memory is found before the file is written */
    Tree live;       /* all that is saved, as one piece of the file */
    uint32_t step;   /* that was current at begin */
    Meanwhile meanwhile; /* follows from begin to finish */
    Reaper *reaper;
    unsigned fanout;
};

/* The name to say to the user. */
const char *save_name(const SxSave *s);

/* --- plan (save_plan.c) ------------------------------------------------------------------------------------------- */

/* Choose the way and count what it takes. */
void save_plan(SxSave *s);
/* By copy although in place was planned; false: it cannot be. */
bool save_plan_copy(SxSave *s);
/* Whether what is planned may be done: permission, room, and what must be asked first. */
bool save_allowed(const SxSave *s, SxError *err);

/* The next range of the snapshot, from *at on, that in place must be written; *at moves behind it. Neighbours are one.
 * false: there is none. */
bool save_dirty_next(const Reading *v, uint64_t *at, SxSpan *out);

/* --- run ------------------------------------------------------------------------------------------------------------ */

bool save_in_place(SxSave *s, SxJob *job, SxError *err);
/* Sets map and source to the file `fd` as it is, so that finish needs no memory for them. */
bool save_map_result(SxSave *s, int fd, SxError *err);
bool save_copy(SxSave *s, SxJob *job, SxError *err);
/* The first `len` bytes of a plain file, shared where that can be, holes left as holes. */
bool save_copy_bytes(SxSave *s, SxJob *job, Out *out, int from, uint64_t len, SxError *err);
/* With SX_SAVE_BACKUP: the target's content under NAME~, before it changes. */
bool save_backup(SxSave *s, SxJob *job, SxError *err);
/* The same under a name that goes at the end, unless the file is torn then. */
bool save_guard(SxSave *s, SxJob *job, SxError *err);
void save_unguard(SxSave *s);
/* Tell the journal where the bytes of the old file will be; what cannot be told is only lost to a crash. */
void save_rescue(SxSave *s);
