/* ui_filter.c - which segments a filter shows: those in which a match begins, and `context` to both sides. */
#include "command/ui_filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"
#include "command/ui_regex.h"

enum { LASTS_NS = 300000000 }; /* what takes less says no figures on the status line */

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
    bool found = found_get(r->found, found_index(r->found, at), &match);
    uint64_t here = found ? sx_text_segment(r->look, match.at) : UINT64_MAX;
    if (r->types && r->typed >= at && r->typed < here)
        here = r->typed;
    *segment = here == UINT64_MAX ? *segment : here;
    return here != UINT64_MAX;
}

static bool
match_before(const FilterReader *r, uint64_t at, uint64_t *segment)
{
    SxSpan match;
    uint64_t index = found_index(r->found, at);
    bool found = index > 0 && found_get(r->found, index - 1, &match);
    if (found)
        *segment = sx_text_segment(r->look, match.at);
    if (!r->types || r->typed >= at || (found && r->typed <= *segment))
        return found;
    *segment = r->typed;
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
    if (!f->found || !ui_text_on(s))
        return NULL;
    if (!r->look)
        r->look = sx_text_new();
    if (!r->look)
        return NULL;
    whole.wrap = SX_WRAP_NONE;
    whole.filter = NULL;
    sx_text_look(r->look, source, &whole);
    r->found = f->found;
    r->types = ui_tab(s)->mode == SX_MODE_OVERWRITE || ui_tab(s)->mode == SX_MODE_INSERT;
    r->typed = r->types ? sx_text_segment(r->look, sx_document_tell(session_document(s))) : 0;
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
search(SxSession *s)
{
    TabFilter *f = &ui_tab(s)->filter;
    SxError err = {.text = "no memory for a search"};
    SxSnapshot *of = sx_document_snapshot(session_document(s));
    s->ui->text_stale = true;
    ui_pour_more(s);
    found_free(f->found);
    f->found = NULL;
    f->generation = sx_document_generation(session_document(s));
    f->told = false;
    s->ui->said_visible = false; /* the line is for what is searched now */
    bool started = of && found_search(&f->found, f->pattern, of, SX_SPAN_ALL, s->options.wake, s->options.data, &err);
    sx_snapshot_release(of);
    if (started)
        return;
    ui_say(s, true, err.text);
    ui_filter_clear(f);
}

void
ui_filter_edit(TabFilter *f, const SxChange *change)
{
    if (f->found)
        found_edit(f->found, change);
}

void
ui_filter_changed(SxSession *s)
{
    TabFilter *f = &ui_tab(s)->filter;
    uint64_t generation = sx_document_generation(session_document(s));
    if (!f->found || f->generation == generation)
        return;
    SxSnapshot *now = sx_document_snapshot(session_document(s));
    Mended m = now ? found_mend(f->found, now) : FOUND_LATER;
    sx_snapshot_release(now);
    s->ui->text_stale = true;
    if (m == FOUND_MENDED)
        f->generation = generation;
    else if (m == FOUND_BROKEN)
        search(s);
}

bool
ui_filter_on(SxSession *s)
{
    return ui_tab(s)->filter.pattern && ui_text_on(s);
}

void
ui_filter_clear(TabFilter *f)
{
    found_free(f->found);
    sx_pattern_release(f->pattern);
    filter_terms_clear(&f->terms);
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
    search(s);
}

/* What is put together with those that hold has to be of their kind. */
static bool
terms_of(SxSession *s, bool also, FilterTerms *out, SxError *err)
{
    const TabFilter *f = &ui_tab(s)->filter;
    *out = (FilterTerms){0};
    if (also && f->pattern && f->terms.n == 0)
        return sx_fail(err, SX_ERR_KIND, "the filter was given as a whole; &, with regular expressions, can be refined");
    bool ok = true;
    for (size_t i = 0; also && ok && i < f->terms.n; i++)
        ok = filter_terms_add(s, out, f->terms.term[i].typed, f->terms.term[i].without, err);
    return ok;
}

static bool
terms_with(SxSession *s, const char *regex, FilterWay way, FilterTerms *terms, SxPattern **out, SxError *err)
{
    return terms_of(s, way.also, terms, err) && filter_terms_add(s, terms, regex, way.without, err) &&
           filter_terms_pattern(s, terms, out, err);
}

bool
ui_filter_lines(SxSession *s, const char *regex, FilterWay way, SxError *err)
{
    FilterTerms terms = {0};
    SxPattern *pattern;
    bool words = !ui_regex_fits(s) && !way.also && !way.without; /* of another encoding: they stand for themselves */
    unsigned flags = ui_case_ignored(s, regex) ? SX_PATTERN_NOCASE : 0;
    if (!(words ? ui_regex(s, regex, flags, &pattern, err) : terms_with(s, regex, way, &terms, &pattern, err))) {
        filter_terms_clear(&terms);
        return false;
    }
    ui_filter_set(s, pattern);
    sx_pattern_release(pattern);
    ui_tab(s)->filter.terms = terms;
    return true;
}

static void
tell_lines(SxSession *s, const FoundState *state)
{
    char terms[200], name[64];
    filter_terms_name(&ui_tab(s)->filter.terms, terms, sizeof terms);
    sx_text_middle(name, sizeof name, terms, 40);
    if (state->end == SX_END_FAILED || state->end == SX_END_GAVE_UP)
        ui_badf(s, "lines %s: gave up at 0x%" PRIx64 ", the rest is unknown", name, state->scanned);
    else if (state->count == 0)
        ui_sayf(s, "no line %s; & and Enter shows all lines", name);
    else
        ui_sayf(s, "%" PRIu64 " line%s %s; & and Enter shows all", state->count, state->count == 1 ? "" : "s", name);
}

static void
tell(SxSession *s, const FoundState *state)
{
    const TabFilter *f = &ui_tab(s)->filter;
    char name[200];
    if (filter_terms_by_line(&f->terms)) {
        tell_lines(s, state);
        return;
    }
    if (f->terms.n > 0) {
        char typed[64];
        ui_typed(f->terms.term[0].typed, typed, sizeof typed);
        snprintf(name, sizeof name, "/%s/ as regex", typed);
    } else {
        ui_pattern_name(f->pattern, name, sizeof name);
    }
    if (state->end == SX_END_FAILED || state->end == SX_END_GAVE_UP)
        ui_badf(s, "only lines with %s: gave up at 0x%" PRIx64 ", the rest is unknown", name, state->scanned);
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
    ui_filter_changed(s);
    if (!f->found)
        return;
    FoundState state = found_state(f->found);
    if (state.running || f->told)
        return;
    f->told = true;
    tell(s, &state);
}

bool
ui_filter_running(SxSession *s)
{
    const TabFilter *f = &ui_tab(s)->filter;
    return f->found && !f->told && found_state(f->found).running;
}

static SxProgress
progress_of(Found *found)
{
    FoundState state = found_state(found);
    return (SxProgress){.done = state.scanned - state.range.at, .total = state.range.len, .found = state.count,
                        .nanoseconds = state.nanoseconds};
}

bool
ui_filter_cancel(SxSession *s)
{
    TabFilter *f = &ui_tab(s)->filter;
    if (!ui_filter_running(s))
        return false;
    SxProgress p = progress_of(f->found);
    found_cancel(f->found);
    f->told = true;
    ui_say_cancelled(s, &p);
    return true;
}

bool
ui_filter_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size)
{
    const TabFilter *f = &ui_tab(s)->filter;
    char typed[200], name[48];
    if (!ui_filter_running(s))
        return false;
    SxProgress p = progress_of(f->found);
    if (line_size == 0 && p.nanoseconds < LASTS_NS)
        return false;
    if (f->terms.n > 0)
        filter_terms_name(&f->terms, typed, sizeof typed);
    else
        snprintf(typed, sizeof typed, "with %s", sx_pattern_text(f->pattern));
    ui_search_words("filter", sx_text_middle(name, sizeof name, typed, 32), &p, status, status_size, line, line_size);
    return true;
}

/* --- staying on what is shown ------------------------------------------------------------------------------------------------- */

uint64_t
ui_filter_nearest(SxSession *s, uint64_t at)
{
    FilterReader *r = &ui_tab(s)->filter.reader;
    SxText *t = ui_text(s);
    uint64_t shown;
    if (!ui_filter_on(s) || !ui_tab(s)->filter.found || !r->look)
        return at;
    uint64_t segment = sx_text_segment(t, at);
    bool known = shown_from(r, segment, &shown) || shown_before(r, segment, &shown);
    return known && shown != segment ? shown : at;
}

void
ui_filter_settle(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    SxDocument *d = session_document(s);
    sx_document_seek_to(d, ui_filter_nearest(s, sx_document_tell(d)), NULL);
    u->top = ui_filter_nearest(s, u->top);
}

/* --- commands -------------------------------------------------------------------------------------------------------------------- */

SxExit
cmd_filter(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    ui_filter_set(s, a->arg[0].given ? a->arg[0].pattern : NULL);
    return SX_EXIT_DONE;
}

SxExit
cmd_filter_out(SxSession *s, const Args *a, SxError *err)
{
    return outcome(ui_filter_lines(s, a->arg[0].word, (FilterWay){.without = true}, err), err);
}

SxExit
cmd_refine(SxSession *s, const Args *a, SxError *err)
{
    FilterWay way = {.without = strcmp(a->arg[0].word, "without") == 0, .also = true};
    return outcome(ui_filter_lines(s, a->arg[1].word, way, err), err);
}

/* --- the prompt ------------------------------------------------------------------------------------------------------------------ */

typedef struct Filtering {
    FilterWay way;
    char wrong[128]; /* why it was not taken */
} Filtering;

static void
describe(SxSession *s, Prompt *p)
{
    const Filtering *f = p->data;
    const FilterWay *way = &f->way;
    bool on = ui_filter_on(s);
    snprintf(p->label, sizeof p->label, "%s lines with%s regex: ", way->also ? "of these only" : "only", way->without ? "out" : "");
    p->right_bad = f->wrong[0] != '\0';
    if (p->right_bad)
        snprintf(p->right, sizeof p->right, "%s", f->wrong);
    else
        snprintf(p->right, sizeof p->right, "%sTab: %s", on && !way->also ? "empty: all lines  " : "",
                 !way->without ? "without" : on && !way->also ? "of these" : "with");
}

static void
changed(SxSession *s, Prompt *p)
{
    Filtering *f = p->data;
    (void)s;
    f->wrong[0] = '\0';
}

/* Tab goes through the ways; ! in front is without, as in less. */
static bool
key(SxSession *s, Prompt *p, SxKey k)
{
    FilterWay *way = &((Filtering *)p->data)->way;
    bool tab = sx_key_is(k, SX_KEY_TAB, 0) || sx_key_is(k, 't', SX_MOD_CTRL);
    if (!tab && !(sx_key_is(k, '!', 0) && line_text(&p->line)[0] == '\0'))
        return false;
    if (tab && way->without && ui_filter_on(s))
        way->also = !way->also;
    way->without = !way->without;
    return true;
}

/* What is typed at & is a regular expression, as in less; nothing means all lines. */
static bool
accept(SxSession *s, Prompt *p, const char *text)
{
    Filtering *f = p->data;
    SxError err = {0};
    if (text[0] == '\0') {
        ui_filter_set(s, NULL);
        return true;
    }
    if (ui_filter_lines(s, text, f->way, &err))
        return true;
    ui_prompt_complaint("regex", &err, f->wrong, sizeof f->wrong);
    return false;
}

const PromptKind prompt_only = {.history = "filter", .describe = describe, .changed = changed, .key = key, .accept = accept};

void
ui_filter_open(SxSession *s)
{
    Filtering *f = calloc(1, sizeof *f);
    if (f)
        ui_prompt_open(s, &prompt_only, "", f, free);
}
