/*
 * ui_find.c - see ui_find.h. Two workers: the jump, which is a Task and looks from the cursor on, and the match set,
 * which search/ runs by itself. Both have snapshots; nothing here reads a byte that is not in memory.
 */
#include "command/ui_find.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/look.h"
#include "command/scaled.h"
#include "command/ui.h"

enum { COUNT_MS = 10000, RESTART_MS = 200, VISIBLE_NS = 4000000, QUICK_MS = 12 };
#define COUNT_BYTES (UINT64_C(4) << 30)

/* What a jump is asked, and what it found. */
struct Jump {
    SxPattern *pattern;
    SxSnapshot *snapshot;
    SxSpan parts[2]; /* looked through in this order; the second is behind the wrap, len 0: there is none */
    FindWay way;
    FindFor purpose;

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

/* --- the set ------------------------------------------------------------------------------------------------------------ */

/* A set whose worker still runs is freed by a task: freeing waits for the worker, and that may hang in a dead disk. */
typedef struct OldSet {
    SxMatchSet *set;
    SxJob *job;
    SxSnapshot *of;
} OldSet;

static void
old_set_run(void *p, SxJob *job)
{
    OldSet *old = p;
    (void)job;
    sx_match_set_free(old->set);
    sx_job_free(old->job);
    sx_snapshot_release(old->of);
    old->set = NULL;
}

static void
old_set_free(void *p)
{
    free(p);
}

static void
set_drop(OldSet old)
{
    OldSet *copy = NULL;
    Task *task;
    if (sx_match_set_state(old.set, NULL).running)
        copy = malloc(sizeof *copy);
    if (!copy) {
        old_set_run(&old, NULL);
        return;
    }
    *copy = old;
    sx_job_cancel(old.job);
    if (task_start(&task, old_set_run, copy, old_set_free, NULL, NULL, NULL))
        task_drop(task);
}

static void
set_clear(Find *f)
{
    if (f->set)
        set_drop((OldSet){f->set, f->set_job, f->set_of});
    else {
        sx_job_free(f->set_job);
        sx_snapshot_release(f->set_of);
    }
    f->set = NULL;
    f->set_job = NULL;
    f->set_of = NULL;
    f->capped = f->cancelled = false;
}

/* A device is not counted through unless somebody asked. */
static bool
may_count(SxSession *s)
{
    SxDocument *d = session_document(s);
    SxMapKind kind = sx_document_kind(d);
    return find(s)->asked || kind == SX_KIND_FILE || kind == SX_KIND_MEMORY || kind == SX_KIND_STREAM;
}

static void
set_begin(SxSession *s)
{
    Find *f = find(s);
    set_clear(f);
    f->restart_at = 0;
    if (!f->pattern || !may_count(s))
        return;
    SxDocument *d = session_document(s);
    SxError err;
    f->set_of = sx_document_snapshot(d);
    f->set_job = sx_job_new();
    f->generation = sx_document_generation(d);
    f->edited = (SxChange){0};
    f->began = ui_now();
    if (!f->set_of || !sx_match_set_start(&f->set, f->pattern, sx_snapshot_source(f->set_of), f->range, NULL,
                                          f->set_job, s->options.wake, s->options.data, &err)) {
        f->set = NULL;
        set_clear(f);
    }
}

/* The set, when it speaks of the document as it is. */
static SxMatchSet *
set_now(SxSession *s, SxMatchSetState *state)
{
    Find *f = find(s);
    if (!f->set || f->generation != sx_document_generation(session_document(s)))
        return NULL;
    *state = sx_match_set_state(f->set, NULL);
    return f->set;
}

static void
set_limit(SxSession *s)
{
    Find *f = find(s);
    SxMatchSetState state;
    if (f->asked || f->capped || !set_now(s, &state) || !state.running)
        return;
    uint64_t done = state.scanned - state.range.at;
    if (ui_now() - f->began < COUNT_MS && done < COUNT_BYTES)
        return;
    f->capped = true;
    sx_job_cancel(f->set_job);
}

/* --- what is said ----------------------------------------------------------------------------------------------------- */

static const char *
kind_name(SxPatternKind kind)
{
    switch (kind) {
    case SX_PATTERN_HEX: return "hex";
    case SX_PATTERN_REGEX: return "regex";
    case SX_PATTERN_NUMBER: return "number";
    case SX_PATTERN_TEXT:
    case SX_PATTERN_ANY: break;
    }
    return "text";
}

/* Backslashes stay single: people read what they typed. Only what is not plain ASCII is made printable. */
void
ui_typed(const char *text, char *buf, size_t size)
{
    for (const char *c = text; *c; c++) {
        if (*c < ' ' || *c > '~') {
            sx_text_printable(buf, size, sx_bytes(text, strlen(text)), SX_PRINTABLE_UTF8);
            return;
        }
    }
    snprintf(buf, size, "%s", text);
}

void
ui_pattern_name(const SxPattern *p, char *buf, size_t size)
{
    enum { CELLS = 28 };
    char typed[256], cut[128];
    ui_typed(sx_pattern_text(p), typed, sizeof typed);
    sx_text_middle(cut, sizeof cut, typed, CELLS);
    snprintf(buf, size, "%s as %s", cut, kind_name(sx_pattern_kind(p)));
}

static void
range_name(SxSpan range, uint64_t length, char *buf, size_t size)
{
    SxSpan r = sx_span_clip(range, length);
    if (r.at == 0 && r.len == length)
        snprintf(buf, size, "whole file");
    else
        snprintf(buf, size, "0x%" PRIx64 ":0x%" PRIx64, r.at, sx_span_end(r));
}

/* "3 of 192", "1 of 78+", "? of 78+", "1 of ?" */
const char *
ui_find_ordinal(SxSession *s, char *buf, size_t size)
{
    Find *f = find(s);
    SxMatchSetState state;
    if (!f->pattern || f->hidden)
        return NULL;
    if (!set_now(s, &state)) {
        if (f->restart_at || may_count(s) || !f->has_current)
            return NULL;
        snprintf(buf, size, "? of ?");
        return buf;
    }
    const char *more = state.running || state.end != SX_END_DONE ? "+" : "";
    uint64_t index = f->has_current ? sx_match_set_index(f->set, f->current.at) : 0;
    SxSpan at;
    bool known = f->has_current && f->current.at < state.scanned && sx_match_set_get(f->set, index, &at) &&
                 at.at == f->current.at;
    if (state.count == 0 && *more == '\0' && !f->has_current)
        return NULL;
    if (known)
        snprintf(buf, size, "%" PRIu64 " of %" PRIu64 "%s", index + 1, state.count, more);
    else if (f->has_current)
        snprintf(buf, size, "? of %" PRIu64 "%s", state.count, more);
    else
        snprintf(buf, size, "%" PRIu64 "%s match%s", state.count, more, state.count == 1 && !*more ? "" : "es");
    return buf;
}

/* match 1 of 192 at 0x8c: "GNU" as text, whole file, 21 ms */
static void
say_found(SxSession *s, const Jump *j)
{
    Find *f = find(s);
    char ordinal[48], name[160], where[64], time[32];
    ui_pattern_name(f->pattern, name, sizeof name);
    range_name(f->range, sx_snapshot_length(j->snapshot), where, sizeof where);
    sx_text_duration(time, sizeof time, j->nanoseconds);
    const char *known = ui_find_ordinal(s, ordinal, sizeof ordinal);
    const char *wrapped = "";
    if (j->wrapped)
        wrapped = j->way == FIND_FORWARD ? ", past the end, from 0x0" : ", past the start, from the end";
    if (j->wrapped)
        ui_sayf(s, "match%s%s at 0x%" PRIx64 "%s", known ? " " : "", known ? known : "", f->current.at, wrapped);
    else
        ui_sayf(s, "match%s%s at 0x%" PRIx64 ": %s, %s, %s", known ? " " : "", known ? known : "", f->current.at, name,
                where, time);
}

/* "GNU" as text: not in 0x0:0x4000000 (64.0 MiB, 21 ms). Tab: hex */
static void
say_absent(SxSession *s, const Jump *j)
{
    char name[160], amount[24], time[32];
    SxSpan range = sx_span_clip(find(s)->range, sx_snapshot_length(j->snapshot));
    ui_pattern_name(j->pattern, name, sizeof name);
    uint64_t unread = look_unread(s, sx_snapshot_source(j->snapshot), range);
    sx_text_size(amount, sizeof amount, unread ? unread : range.len);
    if (unread) {
        ui_badf(s, "%s: not found, but %s of 0x%" PRIx64 ":0x%" PRIx64 " cannot be read", name, amount, range.at,
                sx_span_end(range));
        return;
    }
    sx_text_duration(time, sizeof time, j->nanoseconds);
    ui_badf(s, "%s: not in 0x%" PRIx64 ":0x%" PRIx64 " (%s, %s)", name, range.at, sx_span_end(range), amount, time);
}

static void
say_stopped(SxSession *s, const Jump *j)
{
    if (j->gave_up != UINT64_MAX)
        ui_badf(s, "gave up at 0x%" PRIx64 ": pattern too costly there; rest unknown", j->gave_up);
}

/* --- the jump ------------------------------------------------------------------------------------------------------------ */

void
ui_find_stop(Find *f)
{
    task_drop(f->task);
    f->task = NULL;
    f->jump = NULL;
}

void
ui_find_clear(Find *f)
{
    ui_find_stop(f);
    set_clear(f);
    sx_pattern_release(f->pattern);
    *f = (Find){.range = SX_SPAN_ALL, .hidden = f->hidden};
}

static void
arrive(SxSession *s, SxSpan match)
{
    Find *f = find(s);
    f->current = match;
    f->has_current = true;
    Tab *tab = session_tab(s);
    tab->match = match;
    tab->has_match = true;
    session_goto(s, match.at, NULL);
    ui_settle(s);
}

static void
jump_done(SxSession *s)
{
    Find *f = find(s);
    Jump *j = f->jump;
    Task *task = f->task;
    f->task = NULL;
    f->jump = NULL;
    f->wrapped = j->wrapped;
    f->way = j->way;
    f->took = j->nanoseconds;
    if (j->found == SX_FOUND)
        arrive(s, j->match.span);
    else
        f->has_current = false;
    if (j->found == SX_ABSENT && j->purpose == FIND_TO_SHOW)
        ui_find_prompt_missed(s);
    if (!f->set || f->generation != sx_document_generation(session_document(s)))
        set_begin(s);
    if (j->purpose != FIND_TO_SHOW && (j->purpose == FIND_TO_GO || j->found != SX_FOUND)) {
        switch (j->found) {
        case SX_FOUND: ui_find_wait_count(s); say_found(s, j); break;
        case SX_ABSENT: say_absent(s, j); break;
        case SX_STOPPED: say_stopped(s, j); break;
        case SX_FAILED: ui_say(s, true, j->err.text); break;
        }
    }
    if (j->purpose == FIND_TO_REPLACE)
        ui_replace_found(s, j->found, &j->match);
    task_drop(task);
}

/* A small file is counted before the message is made: "match 1 of 192", not "of 0+". */
void
ui_find_wait_count(SxSession *s)
{
    Find *f = find(s);
    struct timespec step = {.tv_nsec = 300000};
    SxMatchSetState state;
    for (int i = 0; i < 3 * QUICK_MS && set_now(s, &state) && state.running; i++)
        nanosleep(&step, NULL);
    (void)f;
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
    SxSpan all = sx_span_clip(f->range, sx_snapshot_length(snapshot));
    uint64_t end = sx_span_end(all);
    uint64_t cut = from < all.at ? all.at : from > end ? end : from;
    *j = (Jump){.pattern = sx_pattern_retain(f->pattern), .snapshot = snapshot, .way = way, .purpose = purpose};
    j->parts[0] = way == FIND_FORWARD ? sx_span(cut, end) : sx_span(all.at, cut);
    /* behind the wrap the whole range again, but for what has been looked through: matches across the cut count */
    j->parts[1] = way == FIND_FORWARD ? sx_span(all.at, end) : sx_span(all.at, end);
    if (purpose == FIND_TO_REPLACE || (cut == all.at && way == FIND_FORWARD))
        j->parts[1].len = 0;
    if (!task_start(&f->task, jump_run, j, jump_free, s->options.wake, s->options.data, &err)) {
        f->task = NULL;
        ui_say(s, true, err.text);
        return false;
    }
    f->jump = j;
    f->jump_began = ui_now();
    /* what is found within a blink is there in the same frame */
    if (task_wait(f->task, QUICK_MS))
        jump_done(s);
    return true;
}

void
ui_find_start(SxSession *s, SxPattern *pattern, SxSpan range, uint64_t from, FindWay way, FindFor purpose)
{
    Find *f = find(s);
    bool same = f->pattern == pattern && f->range.at == range.at && f->range.len == range.len;
    f->hidden = false;
    s->ui->options.highlight = 1;
    if (!same) {
        sx_pattern_retain(pattern);
        ui_find_clear(f);
        f->pattern = pattern;
        f->range = range;
    }
    if (purpose != FIND_TO_REPLACE)
        ui_replace_clear(s);
    jump_start(s, from, way, purpose);
}

/* --- again --------------------------------------------------------------------------------------------------------------- */

/* The next match out of the set, when the set is known as far as it matters. */
static bool
again_by_set(SxSession *s, FindWay way, SxSpan *out, bool *wrapped)
{
    Find *f = find(s);
    SxMatchSetState state;
    if (!set_now(s, &state))
        return false;
    bool complete = !state.running && state.end == SX_END_DONE;
    uint64_t cursor = sx_document_tell(session_document(s));
    uint64_t index = sx_match_set_index(f->set, way == FIND_FORWARD ? cursor + 1 : cursor);
    *wrapped = false;
    if (way == FIND_FORWARD && index < state.count)
        return sx_match_set_get(f->set, index, out);
    if (way == FIND_BACKWARD && index > 0 && (complete || cursor <= state.scanned))
        return sx_match_set_get(f->set, index - 1, out);
    if (!complete || state.count == 0)
        return false;
    *wrapped = true;
    return sx_match_set_get(f->set, way == FIND_FORWARD ? 0 : state.count - 1, out);
}

static void
say_again(SxSession *s, bool wrapped, FindWay way)
{
    char ordinal[48];
    const char *known = ui_find_ordinal(s, ordinal, sizeof ordinal);
    const char *past = way == FIND_FORWARD ? ", past the end, from 0x0" : ", past the start, from the end";
    ui_sayf(s, "match %s at 0x%" PRIx64 "%s", known ? known : "", find(s)->current.at, wrapped ? past : "");
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
    if (again_by_set(s, way, &match, &wrapped)) {
        arrive(s, match);
        say_again(s, wrapped, way);
        return;
    }
    uint64_t cursor = sx_document_tell(session_document(s));
    jump_start(s, way == FIND_FORWARD ? cursor + 1 : cursor, way, FIND_TO_GO);
}

/* --- time and events ------------------------------------------------------------------------------------------------------- */

bool
ui_find_tick(SxSession *s)
{
    Find *f = find(s);
    bool done = f->task && task_done(f->task);
    if (done)
        jump_done(s);
    if (f->restart_at && ui_now() >= f->restart_at)
        set_begin(s);
    set_limit(s);
    return done;
}

int
ui_find_due(SxSession *s)
{
    const Find *f = find(s);
    if (!f->restart_at)
        return -1;
    uint64_t now = ui_now();
    return now >= f->restart_at ? 0 : (int)(f->restart_at - now);
}

static bool
counting(SxSession *s)
{
    SxMatchSetState state;
    return set_now(s, &state) && state.running;
}

bool
ui_find_running(SxSession *s)
{
    return find(s)->task || counting(s);
}

/* The set as it is after the edits, where they can have touched few matches. */
static bool
set_follows(SxSession *s)
{
    Find *f = find(s);
    SxDocument *d = session_document(s);
    SxSnapshot *now = f->set && (f->edited.removed || f->edited.inserted) ? sx_document_snapshot(d) : NULL;
    bool follows = now && sx_match_set_edit(f->set, f->edited.at, f->edited.removed, f->edited.inserted,
                                            sx_snapshot_source(now));
    f->edited = (SxChange){0};
    if (!follows) {
        sx_snapshot_release(now);
        return false;
    }
    sx_snapshot_release(f->set_of);
    f->set_of = now;
    f->generation = sx_document_generation(d);
    return true;
}

void
ui_find_changed(SxSession *s)
{
    Find *f = find(s);
    f->has_current = false;
    if (!f->pattern || set_follows(s))
        return;
    if (f->set_job)
        sx_job_cancel(f->set_job);
    f->restart_at = ui_now() + RESTART_MS;
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
ui_find_count(SxSession *s)
{
    Find *f = find(s);
    SxMatchSetState state;
    f->asked = true;
    bool whole = set_now(s, &state) && (state.running || state.end == SX_END_DONE) && !f->capped;
    if (f->pattern && !whole)
        set_begin(s);
}

/* "cancelled at 41%, 12 found, rest unknown" */
bool
ui_find_cancel(SxSession *s, bool quiet)
{
    Find *f = find(s);
    SxMatchSetState state = {0};
    bool jumping = f->task != NULL, was_counting = counting(s);
    if (!jumping && !was_counting)
        return false;
    unsigned percent = 0;
    if (set_now(s, &state) && state.range.len)
        percent = per_cent(state.scanned - state.range.at, state.range.len);
    else if (jumping) {
        SxProgress p = sx_job_progress(task_job(f->task));
        percent = per_cent(p.done, p.total);
    }
    ui_find_stop(f);
    if (f->set_job)
        sx_job_cancel(f->set_job);
    f->cancelled = true;
    ui_replace_clear(s);
    if (!quiet)
        ui_sayf(s, "cancelled at %u%%, %" PRIu64 " found, rest unknown", percent, state.count);
    return true;
}

/* --- what is seen ------------------------------------------------------------------------------------------------------------ */

size_t
ui_find_visible(SxSession *s, SxSpan view, SxSpan *out, size_t max)
{
    Find *f = find(s);
    SxMatchSetState state;
    if (!f->pattern || f->hidden || view.len == 0)
        return 0;
    if (set_now(s, &state) && state.scanned >= sx_span_end(sx_span_clip(view, sx_span_end(state.range))))
        return sx_match_set_in(f->set, view, out, max);
    SxSnapshot *frame = ui_tab(s)->frame;
    if (!frame)
        return 0;
    return sx_search_visible(f->pattern, sx_snapshot_source(frame), view, VISIBLE_NS, out, max);
}

bool
ui_find_any(SxSession *s, SxSpan span)
{
    Find *f = find(s);
    SxMatchSetState state;
    SxSpan at;
    if (!f->pattern || f->hidden || !set_now(s, &state))
        return false;
    uint64_t index = sx_match_set_index(f->set, span.at);
    return index < state.count && sx_match_set_get(f->set, index, &at) && at.at < sx_span_end(span);
}

static void
progress_of(SxSession *s, uint64_t *done, uint64_t *total, uint64_t *count, uint64_t *ns)
{
    Find *f = find(s);
    SxMatchSetState state;
    if (f->task) {
        SxProgress p = sx_job_progress(task_job(f->task));
        *done = p.done;
        *total = p.total;
        *ns = p.nanoseconds;
        *count = 0;
    } else if (set_now(s, &state)) {
        *done = state.scanned - state.range.at;
        *total = state.range.len;
        *ns = state.nanoseconds;
        *count = state.count;
    }
}

/* finding "GNU" 41% 3.1 GB/s 9 s, 12 so far (C-c stops) */
bool
ui_find_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size)
{
    Find *f = find(s);
    uint64_t done = 0, total = 0, count = 0, ns = 0;
    if (!ui_find_running(s) || ui_now() - (f->task ? f->jump_began : f->began) < 300)
        return false;
    progress_of(s, &done, &total, &count, &ns);
    unsigned percent = per_cent(done, total);
    double seconds = (double)ns / 1e9, speed = seconds > 0 ? (double)done / seconds : 0;
    uint64_t left = speed > 0 && total > done ? (uint64_t)((double)(total - done) / speed) : 0;
    snprintf(status, status_size, "find %u%% %" PRIu64 " s", percent, left);
    char name[160];
    ui_pattern_name(f->pattern, name, sizeof name);
    snprintf(line, line_size, "finding %s %u%% %.1f GB/s %" PRIu64 " s, %" PRIu64 " so far (C-c stops)", name, percent,
             speed / 1e9, left, count);
    return true;
}

void
ui_find_told(SxSession *s, char *buf, size_t size)
{
    Find *f = find(s);
    SxMatchSetState state;
    size_t used = 0;
    buf[0] = '\0';
    if (set_now(s, &state)) {
        const char *more = state.running || state.end != SX_END_DONE ? "+" : "";
        used = (size_t)snprintf(buf, size, "%" PRIu64 "%s match%s", state.count, more,
                                state.count == 1 && !*more ? "" : "es");
    }
    if (f->has_current && used < size)
        snprintf(buf + used, size - used, "%snext at 0x%" PRIx64, used ? ", " : "", f->current.at);
    else if (f->task && !used)
        snprintf(buf, size, "looking ...");
}

/* --- for prompt and list ----------------------------------------------------------------------------------------------------- */

/* Enter in the prompt: what was looked for while typing is what is wanted. false: nothing was. */
bool
ui_find_settle(SxSession *s, SxPattern *pattern)
{
    Find *f = find(s);
    if (f->pattern != pattern)
        return false;
    if (f->task) {
        f->jump->purpose = FIND_TO_GO;
        return true;
    }
    if (!f->has_current)
        return false;
    ui_find_wait_count(s);
    Jump said = {.pattern = pattern, .snapshot = ui_tab(s)->frame, .wrapped = f->wrapped, .way = f->way,
                 .nanoseconds = f->took};
    if (said.snapshot)
        say_found(s, &said);
    return true;
}

void
ui_find_restore(SxSession *s, SxPattern *pattern, SxSpan range)
{
    Find *f = find(s);
    f->pattern = sx_pattern_retain(pattern);
    f->range = range;
    set_begin(s);
}

uint64_t
ui_find_known(SxSession *s)
{
    SxMatchSetState state;
    return set_now(s, &state) ? state.count : 0;
}

uint64_t
ui_find_index(SxSession *s, uint64_t at)
{
    SxMatchSetState state;
    return set_now(s, &state) ? sx_match_set_index(find(s)->set, at) : 0;
}

const char *
ui_find_number(SxSession *s, char *buf, size_t size)
{
    SxMatchSetState state = {.running = true};
    (void)set_now(s, &state);
    snprintf(buf, size, "%" PRIu64 "%s", state.count, state.running || state.end != SX_END_DONE ? "+" : "");
    return buf;
}

/* Two edits, one after the other, as one that covers both. */
static void
add_change(SxChange *all, const SxChange *c)
{
    if (all->removed == 0 && all->inserted == 0) {
        *all = *c;
        return;
    }
    uint64_t at = all->at < c->at ? all->at : c->at; /* between them, in offsets behind the first and before the second */
    uint64_t first = all->at + all->inserted, second = c->at + c->removed, end = first > second ? first : second;
    *all = (SxChange){at, end - all->inserted + all->removed - at, end - c->removed + c->inserted - at};
}

void
ui_find_shift(Find *f, const SxChange *change)
{
    add_change(&f->edited, change);
    if (f->range.at == 0 && f->range.len == UINT64_MAX)
        return;
    uint64_t end = sx_span_end(f->range);
    ui_shift(&f->range.at, change);
    ui_shift(&end, change);
    f->range.len = end - f->range.at;
}

bool
ui_find_nth(SxSession *s, uint64_t index, SxSpan *out)
{
    SxMatchSetState state;
    return set_now(s, &state) && sx_match_set_get(find(s)->set, index, out);
}

void
ui_find_arrived(SxSession *s, SxSpan match)
{
    arrive(s, match);
}
