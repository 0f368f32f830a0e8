/*
 * ui_find.h - searching on the screen: the jump to the next match, and the set of all of them, each in the background.
 *
 * A jump looks from the cursor on, over a snapshot, in a Task; the set (SxMatchSet) is filled from the start of the
 * range meanwhile and gives count, ordinals, list and highlight. Counting that nobody asked for ends after COUNT_BYTES
 * or COUNT_MS. A set belongs to a generation: after an edit nothing of it is shown, the highlight comes from the bytes
 * on the screen, and the set is begun anew when the typing pauses.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/search.h>
#include <sextant/session.h>
#include <sextant/snapshot.h>

#include "command/task.h"

struct Tab;

typedef struct Jump Jump;

typedef enum FindWay { FIND_FORWARD, FIND_BACKWARD } FindWay;

/* What a jump is for: to go there and say so; to show it while a prompt is typed, silently; to ask what is to be done
 * with it, without a wrap (ui_replace.h). */
typedef enum FindFor { FIND_TO_GO, FIND_TO_SHOW, FIND_TO_REPLACE } FindFor;

typedef struct Find {
    SxPattern *pattern; /* that is highlighted; NULL: none */
    SxSpan range;       /* where: SX_SPAN_ALL, or a selection */
    SxMatchSet *set;
    SxJob *set_job;
    SxSnapshot *set_of;
    uint64_t generation; /* that the set belongs to */
    SxChange edited;     /* all edits since, as one; none when removed and inserted are 0 */
    uint64_t began;      /* when the set did */
    uint64_t restart_at; /* when to begin it anew, 0: not */
    bool asked;          /* counting was asked for: no limit */
    bool capped;         /* it ended at the limit */
    bool cancelled;
    bool hidden;         /* zh, noh: nothing is highlighted */
    Task *task;          /* a jump is under way */
    Jump *jump;          /* its data, the task's until it is done */
    uint64_t jump_began;
    SxSpan current;      /* the match where the cursor was put */
    bool has_current;
    bool wrapped;        /* how the last jump got there */
    FindWay way;
    uint64_t took;       /* nanoseconds */
} Find;

/* Highlight `pattern` and look for its next match from `from` on. */
void ui_find_start(SxSession *s, SxPattern *pattern, SxSpan range, uint64_t from, FindWay way, FindFor purpose);
void ui_find_again(SxSession *s, FindWay way); /* n, N */
void ui_find_stop(Find *f);                    /* the jump */
void ui_find_clear(Find *f);                   /* all of it */
bool ui_find_tick(SxSession *s);               /* results that have come */
bool ui_find_running(SxSession *s);
bool ui_find_cancel(SxSession *s, bool quiet); /* C-c, Esc: false: nothing ran */
void ui_find_changed(SxSession *s);            /* the document did: the set follows, or begins anew */
void ui_find_moved(SxSession *s);            /* the cursor may have left the current match */
void ui_find_count(SxSession *s);              /* count on without a limit */
/* The matches that overlap `view`, ascending. */
size_t ui_find_visible(SxSession *s, SxSpan view, SxSpan *out, size_t max);
/* "3 of 192", "1 of 78+"; NULL when there is nothing to say. */
const char *ui_find_ordinal(SxSession *s, char *buf, size_t size);
/* "find 41% 9 s" for the status line, "finding ..." (M23) for the message line. */
bool ui_find_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size);
bool ui_find_any(SxSession *s, SxSpan span); /* whether a known match begins there */
void ui_find_wait_count(SxSession *s);       /* a few milliseconds, for a small file's count */
bool ui_find_settle(SxSession *s, SxPattern *pattern);
void ui_find_restore(SxSession *s, SxPattern *pattern, SxSpan range);
uint64_t ui_find_known(SxSession *s);
uint64_t ui_find_index(SxSession *s, uint64_t at); /* of the first known match that begins there or behind */
/* How many there are, "192", "78+" while that is not known. */
const char *ui_find_number(SxSession *s, char *buf, size_t size);
void ui_find_shift(Find *f, const SxChange *change); /* an edit */
bool ui_find_nth(SxSession *s, uint64_t index, SxSpan *out);
void ui_find_arrived(SxSession *s, SxSpan match);
void ui_find_open(SxSession *s, FindWay way); /* the prompt */
void ui_find_prompt_missed(SxSession *s);
/* "192 matches, next at 0x8c" */
void ui_find_told(SxSession *s, char *buf, size_t size);
/* `"GNU" as text`, cut to fit a message. */
void ui_typed(const char *text, char *buf, size_t size); /* without its controls */
void ui_pattern_name(const SxPattern *p, char *buf, size_t size);
int ui_find_due(SxSession *s); /* milliseconds until ui_find_tick has something to do, -1: when woken */
