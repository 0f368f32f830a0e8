/* ui_filter.c - which segments a filter shows: those in which a match begins, and `context` to both sides. */
#include "command/ui_filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/ui.h"

/* --- what the rows ask --------------------------------------------------------------------------------------------------- */

static uint64_t
segment_behind(const FilterReader *r, uint64_t segment)
{
    SxTextRow row;
    sx_text_load(r->look, segment, &row); /* unwrapped: one row is all of it */
    return row.end;
}

/* The segment in which the first match at or behind `at` begins. */
static bool
match_behind(const FilterReader *r, uint64_t at, uint64_t *segment)
{
    SxSpan match;
    if (!sx_match_set_get(r->set, sx_match_set_index(r->set, at), &match))
        return false;
    *segment = sx_text_segment(r->look, match.at);
    return true;
}

static bool
match_before(const FilterReader *r, uint64_t at, uint64_t *segment)
{
    SxSpan match;
    uint64_t index = sx_match_set_index(r->set, at);
    if (index == 0 || !sx_match_set_get(r->set, index - 1, &match))
        return false;
    *segment = sx_text_segment(r->look, match.at);
    return true;
}

/* `context` segments further down, but not beyond `limit`. */
static uint64_t
context_below(const FilterReader *r, uint64_t segment, uint64_t limit)
{
    for (unsigned n = r->context; n > 0 && segment < limit; n--) {
        uint64_t next = segment_behind(r, segment);
        if (next == segment || next > limit)
            break;
        segment = next;
    }
    return segment;
}

static uint64_t
context_above(const FilterReader *r, uint64_t segment, uint64_t limit)
{
    for (unsigned n = r->context; n > 0 && segment > limit; n--)
        segment = sx_text_segment(r->look, segment - 1);
    return segment > limit ? segment : limit;
}

static bool
shown_from(void *data, uint64_t from, uint64_t *out)
{
    const FilterReader *r = data;
    uint64_t before, behind;
    if (r->context && match_before(r, from, &before) && context_below(r, before, from) == from)
        return *out = from, true;
    if (!match_behind(r, from, &behind))
        return false;
    *out = context_above(r, behind, from);
    return true;
}

static bool
shown_before(void *data, uint64_t segment, uint64_t *out)
{
    const FilterReader *r = data;
    uint64_t above, behind, last = segment ? sx_text_segment(r->look, segment - 1) : 0;
    if (segment == 0)
        return false;
    if (r->context && match_behind(r, segment, &behind) && context_above(r, behind, last) == last)
        return *out = last, true;
    if (!match_before(r, segment, &above))
        return false;
    *out = context_below(r, above, last);
    return true;
}

SxTextFilter *
ui_filter_reader(SxSession *s, FilterReader *r, SxSource *source, const SxTextShape *shape)
{
    const TabFilter *f = &ui_tab(s)->filter;
    SxTextShape whole = *shape;
    if (!f->set || !ui_text_on(s))
        return NULL;
    if (!r->look)
        r->look = sx_text_new();
    if (!r->look)
        return NULL;
    whole.wrap = SX_WRAP_NONE;
    whole.filter = NULL;
    sx_text_look(r->look, source, &whole);
    r->set = f->set;
    r->context = (unsigned)s->ui->options.context;
    r->filter = (SxTextFilter){r, shown_from, shown_before};
    return &r->filter;
}

void
ui_filter_reader_clear(FilterReader *r)
{
    sx_text_free(r->look);
    *r = (FilterReader){0};
}

/* --- searching ------------------------------------------------------------------------------------------------------------- */

static void
set_drop(TabFilter *f)
{
    if (f->job)
        sx_job_cancel(f->job);
    if (f->set)
        sx_match_set_free(f->set);
    sx_job_free(f->job);
    sx_snapshot_release(f->of);
    f->set = NULL;
    f->job = NULL;
    f->of = NULL;
}

static void
set_start(SxSession *s)
{
    TabFilter *f = &ui_tab(s)->filter;
    SxError err = {0};
    s->ui->text_stale = true;
    set_drop(f);
    f->of = sx_document_snapshot(session_document(s));
    f->job = sx_job_new();
    f->generation = sx_document_generation(session_document(s));
    f->told = false;
    if (f->of && sx_match_set_start(&f->set, f->pattern, sx_snapshot_source(f->of), SX_SPAN_ALL, NULL, f->job,
                                    s->options.wake, s->options.data, &err))
        return;
    f->set = NULL;
    ui_say(s, true, err.text);
    ui_filter_clear(f);
}

bool
ui_filter_on(SxSession *s)
{
    return ui_tab(s)->filter.pattern && ui_text_on(s);
}

void
ui_filter_clear(TabFilter *f)
{
    set_drop(f);
    sx_pattern_release(f->pattern);
    ui_filter_reader_clear(&f->reader);
    *f = (TabFilter){0};
}

void
ui_filter_set(SxSession *s, SxPattern *pattern)
{
    TabFilter *f = &ui_tab(s)->filter;
    bool was = f->pattern != NULL;
    s->ui->text_stale = true;
    ui_filter_clear(f);
    if (!pattern) {
        ui_sayf(s, was ? "all lines are shown" : "all lines are shown already; & shows only those that match");
        return;
    }
    f->pattern = sx_pattern_retain(pattern);
    if (!ui_text_on(s))
        ui_text_show(s, true);
    set_start(s);
}

static void
tell(SxSession *s, const SxMatchSetState *state)
{
    char name[64];
    ui_pattern_name(ui_tab(s)->filter.pattern, name, sizeof name);
    if (state->end == SX_END_FAILED || state->end == SX_END_GAVE_UP)
        ui_badf(s, "only lines with %s: gave up at 0x%" PRIx64 ", the rest is unknown", name, state->scanned);
    else if (state->end == SX_END_CANCELLED)
        ui_sayf(s, "only lines with %s: cancelled, the rest is unknown", name);
    else if (state->count == 0)
        ui_sayf(s, "no line has %s; & and Enter shows all lines", name);
    else
        ui_sayf(s, "only lines with %s: %" PRIu64 " match%s; & and Enter shows all", name, state->count,
                state->count == 1 ? "" : "es");
}

void
ui_filter_tick(SxSession *s)
{
    TabFilter *f = &ui_tab(s)->filter;
    if (!f->pattern || !f->set)
        return;
    if (f->generation != sx_document_generation(session_document(s)))
        set_start(s);
    SxMatchSetState state = sx_match_set_state(f->set, NULL);
    if (state.running || f->told)
        return;
    f->told = true;
    tell(s, &state);
}

/* --- staying on what is shown ------------------------------------------------------------------------------------------------- */

/* The shown segment at or behind `at`, else the last one before; false: none is known. */
static bool
nearest(SxSession *s, SxText *t, uint64_t at, uint64_t *out)
{
    FilterReader *r = &ui_tab(s)->filter.reader;
    uint64_t segment = sx_text_segment(t, at);
    return shown_from(r, segment, out) || shown_before(r, segment, out);
}

void
ui_filter_settle(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    SxDocument *d = session_document(s);
    uint64_t shown, cursor = sx_document_tell(d);
    SxText *t = ui_text(s);
    if (!ui_filter_on(s) || !u->filter.set || !u->filter.reader.look)
        return;
    if (nearest(s, t, cursor, &shown) && shown != sx_text_segment(t, cursor))
        sx_document_seek_to(d, shown, NULL);
    if (nearest(s, t, u->top, &shown) && shown != sx_text_segment(t, u->top))
        u->top = shown;
}

/* --- commands -------------------------------------------------------------------------------------------------------------------- */

SxExit
cmd_filter(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    ui_filter_set(s, a->arg[0].given ? a->arg[0].pattern : NULL);
    return SX_EXIT_DONE;
}

static void
describe(SxSession *s, Prompt *p)
{
    snprintf(p->label, sizeof p->label, "only lines with regex: ");
    snprintf(p->right, sizeof p->right, "%s", ui_filter_on(s) ? "empty: all lines" : "");
}

/* What is typed at & is a regular expression, as in less; nothing means all lines. */
static bool
accept(SxSession *s, Prompt *p, const char *text)
{
    SxPattern *pattern = NULL;
    SxError err = {0};
    (void)p;
    if (text[0] && !sx_pattern_new(&pattern, sx_bytes(text, strlen(text)), SX_PATTERN_REGEX, 0, &err)) {
        ui_say(s, true, err.text);
        return false;
    }
    ui_filter_set(s, pattern);
    sx_pattern_release(pattern);
    return true;
}

const PromptKind prompt_only = {.history = "filter", .describe = describe, .accept = accept};
