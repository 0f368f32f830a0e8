/*
 * ui_find.h - searching on the screen: the jump to the next match, and the matches of the whole range, each in the
 * background.
 *
 * A jump looks from the cursor on, over a snapshot, in a Task. The matches (found.h) are searched from the start of the
 * range meanwhile and give count, ordinals, list and highlight; counting that nobody asked for ends after COUNT_BYTES or
 * COUNT_MS. They follow edits; where they cannot, they are searched anew when the typing pauses.
 *
 * When a search is complete, the bytes of its matches are kept (keep.h), so that `narrow` can tell later which of them
 * changed. What narrow leaves (Tab.narrowed) is shown instead of the matches until the next search.
 */
#pragma once

#include <sextant/document.h>
#include <sextant/search.h>
#include <sextant/session.h>
#include <sextant/snapshot.h>

#include "command/found.h"
#include "command/task.h"

struct Tab;
struct Keeping;

typedef struct Jump Jump;

typedef enum FindWay { FIND_FORWARD, FIND_BACKWARD } FindWay;

/* What a jump is for: to go there and say so, without a wrap where it is TO_GO_ON; to show it while a prompt is typed,
 * silently; to ask what is to be done with it, without a wrap (ui_replace.h). */
typedef enum FindFor { FIND_TO_GO, FIND_TO_GO_ON, FIND_TO_SHOW, FIND_TO_REPLACE } FindFor;

typedef struct Find {
    SxPattern *pattern; /* that is highlighted; NULL: none */
    SxSpan range;       /* where: SX_SPAN_ALL, or a selection */
    Found *found;       /* NULL: not begun, or given up after an edit */
    uint64_t began;     /* when `found` did */
    uint64_t restart_at; /* when to begin it anew, 0: not */
    bool later;         /* an edit waits for the scan to be mended */
    bool asked;         /* counting was asked for: no limit */
    bool capped;        /* it ended at the limit */
    bool absent;        /* a jump has looked everywhere: there is nothing to count */
    bool told;          /* that it did not come to the end */
    bool hidden;        /* zh, noh: nothing is highlighted */
    Task *task;         /* a jump is under way */
    Jump *jump;         /* its data, the task's until it is done */
    uint64_t jump_began, jump_from;
    SxSpan current;     /* the match where the cursor was put */
    bool has_current;
    uint64_t ordinal;   /* of it, where nothing is counted; 0: unknown */
    bool wrapped;       /* how the last jump got there */
    FindWay way;
    uint64_t took;      /* nanoseconds */
    size_t said;        /* number of the message that waits for the count, 0: none does */
    struct Keeping *keeping; /* under way */
    uint64_t keep_at;   /* when to keep the bytes of what was found, 0: they are, or cannot be */
} Find;

static inline bool
find_everywhere(const Find *f)
{
    return f->range.at == 0 && f->range.len == UINT64_MAX;
}

/* --- ui_find.c: jumps ------------------------------------------------------------------------------------------------ */

/* Highlight `pattern` and look for its next match from `from` on. */
void ui_find_start(SxSession *s, SxPattern *pattern, SxSpan range, uint64_t from, FindWay way, FindFor purpose);
void ui_find_again(SxSession *s, FindWay way); /* n, N */
void ui_find_stop(Find *f);                    /* the jump */
void ui_find_clear(SxSession *s, struct Tab *tab); /* all of it */
void ui_find_adopt(SxSession *s); /* show what a command has searched without the screen, if one has */
bool ui_find_tick(SxSession *s);               /* results that have come */
int ui_find_due(SxSession *s); /* milliseconds until ui_find_tick has something to do, -1: when woken */
bool ui_find_running(SxSession *s);
bool ui_find_going(const Find *f); /* a jump runs that the user waits for */
bool ui_find_cancel(SxSession *s, bool quiet); /* C-c, Esc: false: nothing ran */
void ui_find_moved(SxSession *s);              /* the cursor may have left the current match */
bool ui_find_settle(SxSession *s, SxPattern *pattern);
void ui_find_arrived(SxSession *s, SxSpan match);
void ui_find_preview(SxSession *s, SxSpan match); /* the same without a settling: the list shows it */
void ui_find_progress_of(SxSession *s, SxProgress *out); /* of what runs */
void ui_find_open(SxSession *s, FindWay way); /* the prompt */
void ui_find_prompt_missed(SxSession *s);

/* --- ui_find_offer.c: a key after a miss ----------------------------------------------------------------------------- */

/* The prompt opened again with the same text, read otherwise. */
typedef struct FindOffer {
    SxPattern *pattern; /* that must have been missed */
    SxKey key;          /* Tab: as `kind`; M-c: in the other case */
    SxPatternKind kind;
    bool other_case;
    FindWay way;
    const char *text;
} FindOffer;

void ui_find_offer_make(SxSession *s, const FindOffer *offer); /* copied */
/* ". Tab: hex", what the key would do after a miss of `pattern`; "": it does not come from the prompt. */
const char *ui_find_offer(SxSession *s, const SxPattern *pattern, char *buf, size_t size);
void ui_find_offer_clear(SxSession *s);
void ui_find_open_as(SxSession *s, const FindOffer *o); /* the prompt */
bool ui_find_take_offer(SxSession *s, SxKey key); /* any key comes by here; true: it was the one offered */

/* --- ui_matches.c: the matches of the range ---------------------------------------------------------------------------- */

/* Those to be shown, when they speak of the document as it is; NULL: there are none yet. */
Found *ui_matches(SxSession *s, FoundState *state);
void ui_matches_begin(SxSession *s);
void ui_matches_drop(Find *f);
void ui_matches_hold(SxSession *s, bool on); /* while a frame is made */
bool ui_matches_may_count(SxSession *s); /* a device is not read through unless somebody asked */
void ui_matches_tick(SxSession *s);
void ui_matches_edit(struct Tab *tab, const SxChange *change); /* an edit was made */
void ui_matches_changed(SxSession *s);                         /* after one or several of them */
void ui_matches_count(SxSession *s);      /* count on without a limit */
void ui_matches_wait(SxSession *s);       /* a few milliseconds, for a small file's count */
void ui_matches_restore(SxSession *s, SxPattern *pattern, SxSpan range);
void ui_matches_keep_now(SxSession *s);   /* in a worker that has the session */
void ui_matches_narrowed(SxSession *s);   /* the tab's results are others now: show them */
size_t ui_find_visible(SxSession *s, SxSpan view, SxSpan *out, size_t max); /* that overlap `view`, ascending */
/* The capture groups in those matches, whose bytes are in memory. */
size_t ui_find_groups(SxSession *s, const SxSpan *matches, size_t n, SxSpan *out, size_t max);
bool ui_find_any(SxSession *s, SxSpan span); /* whether a known match begins there */
uint64_t ui_find_known(SxSession *s);
uint64_t ui_find_index(SxSession *s, uint64_t at); /* of the first known match that begins there or behind */
bool ui_find_nth(SxSession *s, uint64_t index, SxSpan *out);

/* --- ui_find_say.c: the words ------------------------------------------------------------------------------------------- */

/* "3 of 192", "1 of 78+"; NULL when there is nothing to say. */
const char *ui_find_ordinal(SxSession *s, char *buf, size_t size);
/* How many there are, "192", "78+" while that is not known. */
const char *ui_find_number(SxSession *s, char *buf, size_t size);
/* "find 41% 9 s" for the status line, "finding ..." (M23) for the message line. */
bool ui_find_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size);
/* The same for any search: "find 41% 9 s", and `finding "GNU" 41% 3.1 GB/s 9 s, 12 so far (C-c stops)`. */
void ui_search_words(const char *verb, const char *name, const SxProgress *p, char *status, size_t status_size,
                     char *line, size_t line_size);
void ui_say_cancelled(SxSession *s, const SxProgress *p); /* "cancelled at 41%, 12 found, rest unknown" */
/* "192 matches, next at 0x8c" */
void ui_find_told(SxSession *s, char *buf, size_t size);
const char *ui_kind_name(SxPatternKind kind); /* "hex" */
/* `"GNU" as text`, cut to fit a message. */
void ui_pattern_name(const SxPattern *p, char *buf, size_t size);
void ui_typed(const char *text, char *buf, size_t size); /* without its controls */
void ui_say_found(SxSession *s); /* how the last jump got there */
void ui_say_counted(SxSession *s); /* the same with the whole count, when that has come while it can be read */
void ui_say_again(SxSession *s, bool wrapped, FindWay way);
void ui_say_absent(SxSession *s, const SxPattern *pattern, SxSpan range, uint64_t nanoseconds);
