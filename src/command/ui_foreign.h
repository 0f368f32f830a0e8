/*
 * ui_foreign.h - what others do to the file under the screen: noticed, said, marked, and taken as it is on request.
 *
 * Each frame keeps the bytes that it shows; the next one that shows them otherwise, without an edit between, marks what
 * differs until a key comes. A store through another program's mapping is seen in no other way. Size, times and name are
 * asked for by a worker, so that a server that is gone holds up nothing: when the system tells that something happened,
 * and four times a second of the file that is shown, each two seconds of the others.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/notice.h>
#include <sextant/session.h>

#include "command/task.h"

struct UiTab;

enum { SEEN_MAX = 16384, FRESH_MAX = 256 };

/* What the screen showed last, and what others have made of it. */
typedef struct Seen {
    SxSpan span;
    uint64_t generation;
    uint8_t *bytes; /* SEEN_MAX, NULL until the first frame */
    uint8_t *states;
    Task *look;            /* asks the file for its size and times, NULL: nobody does */
    void *answer;          /* its data */
    uint64_t asked;        /* when it was, last */
    uint64_t answered;     /* when it was asked what it has answered */
    uint64_t lost_at;      /* when lost bytes were seen that nothing was said of, 0: none */
    SxForeign foreign;     /* how the file stands to what we know */
    SxForeign said;        /* the worst of it that was told, NONE: nothing */
    uint64_t said_size;
    bool untold;           /* it was told in few words, while another file was shown */
    SxNotice *notice;      /* tells of the file by `id`; NULL: not asked for yet */
    uint64_t id;
    bool noticed;          /* it has told something since the file was asked */
    uint64_t lost_end;     /* of the lost range that was said, 0: none yet */
    bool reloaded;         /* what differs now came by a reload */
    bool theirs;           /* some of `fresh` did not */
    SxSpan fresh[FRESH_MAX]; /* bytes that others changed; may overlap */
    size_t n_fresh;
    uint64_t n_bytes;      /* of them */
} Seen;

void ui_seen_clear(Seen *seen);
void ui_seen_keep(SxSession *s, SxSpan view, const uint8_t *bytes, const uint8_t *states);
void ui_fresh_clear(SxSession *s); /* a key has come */
/* M28: says what of the visible bytes cannot be read, once for each range. */
void ui_lost_tell(SxSession *s, SxSnapshot *snapshot, SxSpan view, const uint8_t *states);

/* --- ui_foreign_ask.c -------------------------------------------------------------------------------------------------- */

/* Asks the files now and then. Milliseconds until it wants to look again, -1: never. */
int ui_foreign_tick(SxSession *s);
/* What became of the file that is shown is told now, when it was not shown then. */
void ui_foreign_greet(SxSession *s);

/* --- ui_differences.c ---------------------------------------------------------------------------------------------- */

/* What a reload has found, for the list. */
typedef struct Differences {
    SxDifferences *x; /* NULL: none */
    uint64_t *at;     /* where in the document each stands now */
    bool *taken;      /* ours was put over theirs */
    bool rebased;     /* they are conflicts, which were not applied */
    uint64_t generation;
} Differences;

void ui_differences_clear(Differences *d);
void ui_differences_shift(Differences *d, const SxChange *change);
/* The commands, with a list for what is found. */
SxExit ui_reload(SxSession *s, bool force, SxError *err);
SxExit ui_differences(SxSession *s, SxError *err);
