/*
 * ui_matches.c - the matches of the searched range on the screen: begun, limited, carried along with edits, asked for.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "command/keep.h"
#include "command/ui.h"

enum { COUNT_MS = 10000, RESTART_MS = 200, KEEP_MS = 300, VISIBLE_NS = 4000000, QUICK_MS = 4 };
#define COUNT_BYTES (UINT64_C(4) << 30)

static Find *
find(SxSession *s)
{
    return &ui_tab(s)->find;
}

void
ui_matches_drop(Find *f)
{
    keeping_drop(f->keeping);
    found_free(f->found);
    f->keeping = NULL;
    f->found = NULL;
    f->keep_at = 0;
    f->capped = f->later = f->told = false;
}

bool
ui_matches_may_count(SxSession *s)
{
    SxMapKind kind = sx_document_kind(session_document(s));
    return find(s)->asked || kind == SX_KIND_FILE || kind == SX_KIND_MEMORY || kind == SX_KIND_STREAM;
}

void
ui_matches_begin(SxSession *s)
{
    Find *f = find(s);
    f->restart_at = 0;
    f->absent = false;
    if (session_tab(s)->narrowed)
        return;
    ui_matches_drop(f);
    if (!f->pattern || !ui_matches_may_count(s))
        return;
    SxSnapshot *now = sx_document_snapshot(session_document(s));
    f->began = ui_now();
    f->keep_at = session_tab(s)->results ? 0 : f->began;
    if (!now || !found_search(&f->found, f->pattern, now, f->range, s->options.wake, s->options.data, NULL))
        f->found = NULL;
    sx_snapshot_release(now);
}

Found *
ui_matches(SxSession *s, FoundState *state)
{
    Find *f = find(s);
    Found *shown = session_tab(s)->narrowed ? session_tab(s)->results : f->found;
    if (!shown)
        return NULL;
    *state = found_state(shown);
    return state->before ? NULL : shown;
}

void
ui_matches_hold(SxSession *s, bool on)
{
    Find *f = find(s);
    if (f->found)
        found_hold(f->found, on);
}

/* --- time ---------------------------------------------------------------------------------------------------------------- */

static void
limit(SxSession *s)
{
    Find *f = find(s);
    FoundState state;
    if (f->asked || f->capped || session_tab(s)->narrowed || !ui_matches(s, &state) || !state.running)
        return;
    if (ui_now() - f->began < COUNT_MS && state.read < COUNT_BYTES)
        return;
    f->capped = true;
    found_cancel(f->found);
}

/* What ended before its end without having been asked to says so, once. */
static void
tell_end(SxSession *s)
{
    Find *f = find(s);
    FoundState state;
    SxError err = {0};
    bool ended = !f->told && !session_tab(s)->narrowed && ui_matches(s, &state) && !state.running;
    if (!ended || f->task || (state.end != SX_END_GAVE_UP && state.end != SX_END_FAILED))
        return;
    f->told = true;
    found_failure(f->found, &err);
    if (state.end == SX_END_GAVE_UP)
        ui_badf(s, "gave up at 0x%" PRIx64 ": pattern too costly there; rest unknown", state.gave_up);
    else
        ui_say(s, true, err.text);
}

/* When all is found and nobody types, keep what the bytes are. */
static void
keep(SxSession *s)
{
    Find *f = find(s);
    Tab *tab = session_tab(s);
    FoundState state;
    if (!f->keep_at || session_tab(s)->narrowed || f->later || ui_now() < f->keep_at || !ui_matches(s, &state) || state.running)
        return;
    if (!f->keeping && (!state.whole || state.count > KEPT_MAX)) {
        f->keep_at = 0;
        return;
    }
    if (!f->keeping)
        f->keeping = keeping_start(f->found, sx_document_snapshot(tab->document), s->options.wake, s->options.data);
    if (f->keeping && !keeping_ready(f->keeping, f->found))
        return;
    found_free(tab->results);
    tab->results = f->keeping ? keeping_take(f->keeping) : NULL;
    f->keeping = NULL;
    f->keep_at = 0;
}

void
ui_matches_keep_now(SxSession *s)
{
    struct timespec step = {.tv_nsec = 300000};
    Find *f = find(s);
    f->keep_at = session_tab(s)->results ? 0 : 1;
    for (keep(s); f->keep_at && f->keeping; keep(s))
        nanosleep(&step, NULL);
}

void
ui_matches_tick(SxSession *s)
{
    Find *f = find(s);
    if (f->restart_at && ui_now() >= f->restart_at)
        ui_matches_begin(s);
    if (f->later)
        ui_matches_changed(s);
    limit(s);
    ui_say_counted(s);
    tell_end(s);
    keep(s);
}

/* --- edits --------------------------------------------------------------------------------------------------------------- */

static void
shift_range(Find *f, const SxChange *change)
{
    uint64_t end = sx_span_end(f->range);
    ui_shift(&f->range.at, change);
    ui_shift(&end, change);
    f->range.len = end - f->range.at;
}

/* The current match moves with its bytes; touched, it is none any more. */
static void
shift_current(Find *f, const SxChange *change)
{
    uint64_t end = sx_span_end(f->current);
    bool touched = change->at < end && change->at + change->removed > f->current.at;
    bool within = change->removed == 0 && change->at > f->current.at && change->at < end;
    f->has_current = f->has_current && !touched && !within;
    ui_shift(&f->current.at, change);
    ui_shift(&f->jump_from, change);
}

/* What was remembered of the matches speaks of the document before the edit, unless the file was read anew. */
static void
forget_results(Tab *tab, const SxChange *change)
{
    Find *f = &tab->ui->find;
    bool reloaded = change->at == 0 && change->inserted == sx_document_length(tab->document);
    if (tab->narrowed || reloaded)
        return;
    keeping_drop(f->keeping);
    found_free(tab->results);
    f->keeping = NULL;
    tab->results = NULL;
    f->keep_at = ui_now() + KEEP_MS;
}

void
ui_matches_edit(Tab *tab, const SxChange *change)
{
    Find *f = &tab->ui->find;
    f->absent = false;
    if (!find_everywhere(f))
        shift_range(f, change);
    shift_current(f, change);
    forget_results(tab, change);
    if (f->found)
        found_edit(f->found, change);
}

void
ui_matches_changed(SxSession *s)
{
    Find *f = find(s);
    if (!f->pattern || session_tab(s)->narrowed)
        return;
    SxSnapshot *now = sx_document_snapshot(session_document(s));
    Mended m = f->found && now ? found_mend(f->found, now) : FOUND_BROKEN;
    sx_snapshot_release(now);
    f->later = m == FOUND_LATER;
    if (m != FOUND_BROKEN)
        return;
    if (f->found)
        found_cancel(f->found);
    f->restart_at = ui_now() + RESTART_MS;
}

/* --- asked for --------------------------------------------------------------------------------------------------------------- */

void
ui_matches_count(SxSession *s)
{
    Find *f = find(s);
    FoundState state;
    f->asked = true;
    if (f->pattern && !(ui_matches(s, &state) && (state.running || state.whole) && !f->capped))
        ui_matches_begin(s);
}

/* A small file is counted before the message is made: "match 1 of 192", not "of 0+". */
void
ui_matches_wait(SxSession *s)
{
    struct timespec step = {.tv_nsec = 300000};
    FoundState state;
    for (int i = 0; i < 3 * QUICK_MS && ui_matches(s, &state) && state.running; i++)
        nanosleep(&step, NULL);
}

void
ui_matches_restore(SxSession *s, SxPattern *pattern, SxSpan range)
{
    Find *f = find(s);
    f->pattern = sx_pattern_retain(pattern);
    f->range = range;
    ui_matches_begin(s);
}

void
ui_matches_narrowed(SxSession *s)
{
    SxSpan here;
    Find *f = find(s);
    Found *left = session_tab(s)->results;
    ui_matches_drop(f);
    session_tab(s)->narrowed = true;
    f->has_current = f->has_current && found_get(left, found_index(left, f->current.at), &here) && here.at == f->current.at;
    f->restart_at = 0;
    f->hidden = false;
}

size_t
ui_find_visible(SxSession *s, SxSpan view, SxSpan *out, size_t max)
{
    Find *f = find(s);
    FoundState state;
    if (!f->pattern || f->hidden || f->absent || view.len == 0)
        return 0;
    Found *found = ui_matches(s, &state);
    if (found && state.scanned >= sx_span_end(sx_span_clip(view, sx_span_end(state.range))))
        return found_in(found, view, out, max);
    SxSnapshot *frame = ui_tab(s)->frame;
    if (!frame)
        return 0;
    return sx_search_visible(f->pattern, sx_snapshot_source(frame), view, VISIBLE_NS, out, max);
}

static size_t
groups_of(const SxPattern *p, SxSource *source, SxSpan match, SxSpan *out, size_t max)
{
    SxMatch m;
    size_t n = 0;
    if (sx_search_match_at(p, source, match.at, &m, NULL) != SX_FOUND)
        return 0;
    for (size_t g = 1; g < m.groups && n < max; g++) {
        if (m.group[g].at != UINT64_MAX && m.group[g].len > 0)
            out[n++] = m.group[g];
    }
    return n;
}

size_t
ui_find_groups(SxSession *s, const SxSpan *matches, size_t n, SxSpan *out, size_t max)
{
    enum { MATCHES = 64, LONG = 4096 };
    const Find *f = find(s);
    SxSnapshot *frame = ui_tab(s)->frame;
    uint8_t *bytes;
    size_t used = 0;
    if (!f->pattern || !frame || session_tab(s)->narrowed || sx_pattern_groups(f->pattern) == 0)
        return 0;
    for (size_t i = 0; i < n && i < MATCHES && used < max; i++) {
        if (matches[i].len < LONG && ui_peek(s, matches[i], &bytes))
            used += groups_of(f->pattern, sx_snapshot_source(frame), matches[i], out + used, max - used);
    }
    return used;
}

bool
ui_find_any(SxSession *s, SxSpan span)
{
    Find *f = find(s);
    FoundState state;
    SxSpan at;
    Found *found = f->pattern && !f->hidden ? ui_matches(s, &state) : NULL;
    return found && found_get(found, found_index(found, span.at), &at) && at.at < sx_span_end(span);
}

uint64_t
ui_find_known(SxSession *s)
{
    FoundState state;
    return ui_matches(s, &state) ? state.count : 0;
}

uint64_t
ui_find_index(SxSession *s, uint64_t at)
{
    FoundState state;
    Found *found = ui_matches(s, &state);
    return found ? found_index(found, at) : 0;
}

bool
ui_find_nth(SxSession *s, uint64_t index, SxSpan *out)
{
    FoundState state;
    Found *found = ui_matches(s, &state);
    return found && found_get(found, index, out);
}
