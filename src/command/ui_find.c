/*
 * ui_find.c - see ui_find.h: the jump to the next match. It looks over a snapshot, in a Task; nothing here reads a byte
 * that is not in memory.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "command/ui.h"

enum { QUICK_MS = 10, QUICK_SHOWN_MS = 2 /* a key: the next may be waiting */ };

/* What a jump is asked, and what it found. */
struct Jump {
    SxPattern *pattern;
    SxSnapshot *snapshot;
    SxSpan parts[2]; /* looked through in this order; the second is behind the wrap, len 0: there is none */
    FindWay way;
    FindFor purpose;
    bool late; /* whoever asked has gone on */

    SxFound found;
    SxMatch match;
    bool wrapped;
    uint64_t gave_up;
    uint64_t nanoseconds;
    SxError err;
};

static Find *
find(SxSession *s)
{
    return &ui_tab(s)->find;
}

static void
jump_free(void *p)
{
    Jump *j = p;
    sx_pattern_release(j->pattern);
    sx_snapshot_release(j->snapshot);
    free(j);
}

static void
jump_run(void *p, SxJob *job)
{
    Jump *j = p;
    SxSource *source = sx_snapshot_source(j->snapshot);
    sx_job_total(job, j->parts[0].len + j->parts[1].len);
    j->gave_up = UINT64_MAX;
    for (int part = 0; part < 2; part++) {
        if (part == 1 && j->parts[1].len == 0)
            break;
        j->found = j->way == FIND_FORWARD
                       ? sx_search_find(j->pattern, source, j->parts[part], NULL, job, &j->match, &j->gave_up, &j->err)
                       : sx_search_rfind(j->pattern, source, j->parts[part], NULL, job, &j->match, &j->gave_up, &j->err);
        j->wrapped = part == 1;
        if (j->found != SX_ABSENT)
            break;
    }
    j->nanoseconds = sx_job_progress(job).nanoseconds;
}

void
ui_find_stop(Find *f)
{
    task_drop(f->task);
    f->task = NULL;
    f->jump = NULL;
}

void
ui_find_clear(SxSession *s, Tab *tab)
{
    Find *f = &tab->ui->find;
    (void)s;
    ui_find_stop(f);
    ui_matches_drop(f);
    found_free(tab->results);
    tab->results = NULL;
    tab->narrowed = false;
    sx_pattern_release(f->pattern);
    *f = (Find){.range = SX_SPAN_ALL, .hidden = f->hidden};
}

/* --- arriving ----------------------------------------------------------------------------------------------------------- */

void
ui_find_preview(SxSession *s, SxSpan match)
{
    Find *f = find(s);
    f->current = match;
    f->has_current = true;
    s->ui->said_visible = false; /* it may be of another match */
    session_goto(s, match.at, NULL);
}

static void
arrive(SxSession *s, SxSpan match)
{
    Tab *tab = session_tab(s);
    tab->match = match;
    tab->has_match = true;
    ui_find_preview(s, match);
    ui_settle(s);
}

void
ui_find_arrived(SxSession *s, SxSpan match)
{
    arrive(s, match);
}

/* Steps are counted from a first match that was looked for from the start of the range. */
static void
count_steps(Find *f, const Jump *j)
{
    bool first = j->way == FIND_FORWARD && (j->parts[0].at == f->range.at || j->wrapped);
    if (j->found != SX_FOUND || first)
        f->ordinal = j->found == SX_FOUND;
    else if (f->ordinal)
        f->ordinal = j->way == FIND_FORWARD ? f->ordinal + 1 : j->wrapped ? 0 : f->ordinal - 1;
}

static void
say(SxSession *s, const Jump *j)
{
    if (j->purpose == FIND_TO_SHOW || (j->purpose == FIND_TO_REPLACE && j->found == SX_FOUND))
        return;
    switch (j->found) {
    case SX_FOUND:
        ui_matches_wait(s);
        ui_say_found(s);
        break;
    case SX_ABSENT:
        ui_say_absent(s, j->pattern, j->parts[1].len ? find(s)->range : j->parts[0], j->nanoseconds);
        break;
    case SX_STOPPED:
        if (j->gave_up != UINT64_MAX)
            ui_badf(s, "gave up at 0x%" PRIx64 ": pattern too costly there; rest unknown", j->gave_up);
        break;
    case SX_FAILED:
        ui_say(s, true, j->err.text);
        break;
    }
}

static bool
goes(const Jump *j)
{
    return j->purpose == FIND_TO_GO || j->purpose == FIND_TO_GO_ON;
}

/* It is not done at once. Where the user waits for it, the line belongs to it and not to what was said before. */
static void
linger(SxSession *s, Jump *j)
{
    j->late = true;
    if (goes(j))
        s->ui->said_visible = false;
}

static bool jump_start(SxSession *s, uint64_t from, FindWay way, FindFor purpose);

static bool
looked_everywhere(const Find *f, const Jump *j)
{
    SxSpan all = sx_span_clip(f->range, sx_snapshot_length(j->snapshot));
    return j->parts[1].len > 0 || (j->parts[0].at == all.at && j->parts[0].len == all.len);
}

static void
jump_done(SxSession *s)
{
    Find *f = find(s);
    Jump *j = f->jump;
    Task *task = f->task;
    f->task = NULL;
    f->jump = NULL;
    if (sx_snapshot_generation(j->snapshot) != sx_document_generation(session_document(s))) {
        jump_start(s, f->jump_from, j->way, j->purpose); /* somebody typed meanwhile */
        task_drop(task);
        return;
    }
    f->wrapped = j->wrapped;
    f->way = j->way;
    f->took = j->nanoseconds;
    count_steps(f, j);
    if (j->found == SX_FOUND && j->late && goes(j))
        jumps_add(&session_tab(s)->jumps, sx_document_tell(session_document(s)));
    if (j->found == SX_FOUND)
        arrive(s, j->match.span);
    else
        f->has_current = false;
    if (j->found == SX_ABSENT && j->purpose == FIND_TO_SHOW)
        ui_find_prompt_missed(s);
    f->absent = j->found == SX_ABSENT && looked_everywhere(f, j);
    if (!f->found && !f->restart_at && !f->absent)
        ui_matches_begin(s);
    say(s, j);
    if (j->purpose == FIND_TO_REPLACE)
        ui_replace_found(s, j->found, &j->match);
    task_drop(task);
}

/* --- starting ----------------------------------------------------------------------------------------------------------- */

/* Behind the wrap the whole range again: matches across the place where it began count. */
static void
divide(Jump *j, SxSpan range, uint64_t from)
{
    SxSpan all = sx_span_clip(range, sx_snapshot_length(j->snapshot));
    uint64_t end = sx_span_end(all);
    uint64_t cut = from < all.at ? all.at : from > end ? end : from;
    j->parts[0] = j->way == FIND_FORWARD ? sx_span(cut, end) : sx_span(all.at, cut);
    j->parts[1] = all;
    bool once = j->purpose == FIND_TO_REPLACE || j->purpose == FIND_TO_GO_ON;
    if (once || (cut == all.at && j->way == FIND_FORWARD))
        j->parts[1].len = 0;
}

static bool
jump_start(SxSession *s, uint64_t from, FindWay way, FindFor purpose)
{
    Find *f = find(s);
    Jump *j = calloc(1, sizeof *j);
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    SxError err;
    ui_find_stop(f);
    if (!j || !snapshot) {
        free(j);
        sx_snapshot_release(snapshot);
        return false;
    }
    *j = (Jump){.pattern = sx_pattern_retain(f->pattern), .snapshot = snapshot, .way = way, .purpose = purpose};
    divide(j, f->range, from);
    if (!task_start(&f->task, jump_run, j, jump_free, s->options.wake, s->options.data, &err)) {
        f->task = NULL;
        ui_say(s, true, err.text);
        return false;
    }
    f->jump = j;
    f->jump_began = ui_now();
    f->jump_from = from;
    /* what is found within a blink is there in the same frame */
    if (task_wait(f->task, purpose == FIND_TO_SHOW ? QUICK_SHOWN_MS : QUICK_MS))
        jump_done(s);
    else
        linger(s, j);
    return true;
}

void
ui_find_start(SxSession *s, SxPattern *pattern, SxSpan range, uint64_t from, FindWay way, FindFor purpose)
{
    Find *f = find(s);
    bool same = f->pattern == pattern && f->range.at == range.at && f->range.len == range.len && !session_tab(s)->narrowed;
    f->hidden = false;
    ui_pour_more(s);
    s->ui->options.highlight = 1;
    if (!same) {
        sx_pattern_retain(pattern);
        ui_find_clear(s, session_tab(s));
        f->pattern = pattern;
        f->range = range;
    }
    if (purpose != FIND_TO_REPLACE)
        ui_replace_clear(s);
    jump_start(s, from, way, purpose);
}

void
ui_find_adopt(SxSession *s)
{
    Tab *tab = session_tab(s);
    Find *f = find(s);
    if (!s->fresh)
        return;
    s->fresh = false;
    s->ui->walk = NULL;
    ui_find_clear(s, tab);
    f->pattern = sx_pattern_retain(s->pattern);
    f->current = tab->match;
    f->has_current = tab->has_match && tab->match.at == sx_document_tell(tab->document);
    ui_matches_begin(s);
}

/* --- again --------------------------------------------------------------------------------------------------------------- */

/* The next match out of those that are known, when they are as far as it matters. */
static bool
again_by_matches(SxSession *s, FindWay way, SxSpan *out, bool *wrapped)
{
    FoundState state;
    Found *found = ui_matches(s, &state);
    if (!found)
        return false;
    uint64_t cursor = sx_document_tell(session_document(s));
    uint64_t index = found_index(found, way == FIND_FORWARD ? cursor + 1 : cursor);
    *wrapped = false;
    if (way == FIND_FORWARD && index < state.count && found_get(found, index, out) && out->at < state.scanned)
        return true;
    if (way == FIND_BACKWARD && index > 0 && cursor <= state.scanned)
        return found_get(found, index - 1, out);
    if (!state.whole || state.count == 0)
        return false;
    *wrapped = true;
    return found_get(found, way == FIND_FORWARD ? 0 : state.count - 1, out);
}

/* After narrow, n goes through what it left, and nowhere else. */
static bool
nothing_left(SxSession *s)
{
    if (!session_tab(s)->narrowed)
        return false;
    ui_sayf(s, "narrow left nothing; / searches anew");
    return true;
}

/* Whether a search from `from` is under way: to begin it anew would throw away how far it has come. */
static bool
runs_already(const Find *f, FindWay way, uint64_t from)
{
    bool here = f->jump_from == from || (way == FIND_FORWARD && f->jump_from + 1 == from);
    return ui_find_going(f) && f->jump->way == way && here;
}

void
ui_find_again(SxSession *s, FindWay way)
{
    Find *f = find(s);
    SxSpan match;
    bool wrapped;
    if (!f->pattern && s->pattern) {
        f->pattern = sx_pattern_retain(s->pattern);
        f->range = SX_SPAN_ALL;
    }
    if (!f->pattern) {
        ui_sayf(s, "nothing was searched yet: / finds");
        return;
    }
    f->hidden = false;
    s->ui->options.highlight = 1;
    if (again_by_matches(s, way, &match, &wrapped)) {
        arrive(s, match);
        ui_say_again(s, wrapped, way);
        return;
    }
    uint64_t cursor = sx_document_tell(session_document(s)), from = way == FIND_FORWARD ? cursor + 1 : cursor;
    if (!nothing_left(s) && !runs_already(f, way, from))
        jump_start(s, from, way, FIND_TO_GO);
}

/* --- time and events ------------------------------------------------------------------------------------------------------- */

bool
ui_find_tick(SxSession *s)
{
    Find *f = find(s);
    bool done = f->task && task_done(f->task);
    if (done)
        jump_done(s);
    ui_matches_tick(s);
    return done;
}

static int
until(uint64_t when, int or_sooner)
{
    uint64_t now = ui_now();
    int left = when <= now ? 0 : (int)(when - now);
    return or_sooner >= 0 && or_sooner < left ? or_sooner : left;
}

int
ui_find_due(SxSession *s)
{
    const Find *f = find(s);
    FoundState state;
    int wait = f->restart_at ? until(f->restart_at, -1) : -1;
    bool keeps = f->keep_at && !f->keeping && ui_matches(s, &state) && state.whole;
    return keeps ? until(f->keep_at, wait) : wait;
}

static bool
counting(SxSession *s)
{
    FoundState state;
    return ui_matches(s, &state) && state.running;
}

bool
ui_find_running(SxSession *s)
{
    return find(s)->task || counting(s);
}

bool
ui_find_going(const Find *f)
{
    return f->task && goes(f->jump);
}

void
ui_find_moved(SxSession *s)
{
    Find *f = find(s);
    uint64_t cursor = sx_document_tell(session_document(s));
    bool inside = cursor == f->current.at || (cursor > f->current.at && cursor < sx_span_end(f->current));
    f->has_current = f->has_current && inside;
}

void
ui_find_progress_of(SxSession *s, SxProgress *out)
{
    Find *f = find(s);
    FoundState state;
    bool known = ui_matches(s, &state);
    if (f->task)
        *out = sx_job_progress(task_job(f->task));
    else if (known)
        *out = (SxProgress){state.scanned - state.range.at, state.range.len, 0, false, state.nanoseconds};
    out->found = known ? state.count : 0;
}

bool
ui_find_cancel(SxSession *s, bool quiet)
{
    Find *f = find(s);
    SxProgress p = {0};
    if (!f->task && !counting(s))
        return false;
    ui_find_progress_of(s, &p);
    ui_find_stop(f);
    if (f->found)
        found_cancel(f->found);
    ui_replace_clear(s);
    if (!quiet)
        ui_say_cancelled(s, &p);
    return true;
}

/* Enter in the prompt: what was looked for while typing is what is wanted. false: nothing was. */
bool
ui_find_settle(SxSession *s, SxPattern *pattern)
{
    Find *f = find(s);
    if (f->pattern != pattern)
        return false;
    if (f->task) {
        f->jump->purpose = FIND_TO_GO;
        linger(s, f->jump);
        return true;
    }
    if (!f->has_current)
        return false;
    ui_matches_wait(s);
    ui_say_found(s);
    return true;
}
