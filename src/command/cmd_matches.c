/*
 * cmd_matches.c - what can be done with all matches at once: write them to a file, keep them as marks.
 *
 * CSV and JSON bear the same fields as findall: offset, length, text, then the groups by number. Of what narrow left those
 * are unset where the pattern that was searched does not match any more.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/matches_out.h"
#include "command/text_file.h"
#include "command/window.h"

enum { CHUNK = 1024, TEXT_MAX = 1 << 20 };

/* --- each of them -------------------------------------------------------------------------------------------------------- */

/* The groups of what was searched, where that still matches there, as long as it was. */
static SxMatch
with_groups(const SxPattern *p, const Look *look, SxSpan span)
{
    SxMatch m = {.groups = 0};
    SxError ignored;
    bool same = sx_search_match_at(p, look->source, span.at, &m, &ignored) == SX_FOUND && m.span.at == span.at &&
                m.span.len == span.len;
    return same ? m : (SxMatch){.span = span};
}

/* `p`: NULL where groups do not matter. */
static bool
each_listed(Found *list, const SxPattern *p, const Look *look, SxSpan range, SxMatchSink *sink, void *data, SxError *err)
{
    SxSpan chunk[CHUNK];
    uint64_t next = range.at;
    for (size_t got; (got = found_from(list, next, chunk, CHUNK)) > 0; next = chunk[got - 1].at + 1) {
        if (sx_job_cancelled(look->job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled");
        for (size_t i = 0; i < got; i++) {
            SxMatch m = p ? with_groups(p, look, chunk[i]) : (SxMatch){.span = chunk[i]};
            if (m.span.at >= sx_span_end(range) || !sink(data, &m))
                return true;
        }
    }
    return true;
}

bool
matches_each(SxSession *s, const Look *look, SxSpan range, bool groups, SxMatchSink *sink, void *data, SxError *err)
{
    uint64_t gave_up = UINT64_MAX;
    const Tab *tab = session_tab(s);
    if (tab->narrowed)
        return each_listed(tab->results, groups ? s->pattern : NULL, look, range, sink, data, err);
    if (!s->pattern)
        return sx_fail(err, SX_ERR_MISSING, "nothing was searched yet");
    SxFound found = sx_search_each(s->pattern, look->source, range, groups, NULL, look->job, sink, data, &gave_up, err);
    if (found == SX_STOPPED && gave_up != UINT64_MAX)
        return sx_fail(err, SX_ERR_LIMIT, "gave up at 0x%" PRIx64 ": pattern too costly there; rest unknown", gave_up);
    return found == SX_STOPPED ? sx_fail(err, SX_ERR_CANCELLED, "cancelled at %u%%", look_percent(look)) : found != SX_FAILED;
}

/* --- to a file -------------------------------------------------------------------------------------------------------------- */

typedef enum Layout { LAYOUT_OFFSETS, LAYOUT_CSV, LAYOUT_JSON } Layout;
static const char *const layouts[] = {"matches-offsets", "matches-csv", "matches-json"};

typedef struct Writer {
    TextFile file;
    Layout layout;
    Window window;
    size_t groups;
    SxString line;
    uint64_t count;
    bool failed;
    SxError *err;
} Writer;

static bool
layout_of(const char *word, Layout *out)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        *out = (Layout)i;
        if (strcmp(layouts[i], word) == 0)
            return true;
    }
    return false;
}

bool
matches_format(const char *word)
{
    Layout ignored;
    return layout_of(word, &ignored);
}

/* Printable text between quotes: CSV doubles them, JSON escapes them and the backslash. */
static void
add_quoted(Writer *w, const char *printable)
{
    sx_string_add(&w->line, "\"");
    for (const char *c = printable; *c; c++) {
        bool escape = *c == '"' || (*c == '\\' && w->layout == LAYOUT_JSON);
        if (escape)
            sx_string_add(&w->line, w->layout == LAYOUT_JSON ? "\\" : "\"");
        sx_string_add_bytes(&w->line, sx_bytes(c, 1));
    }
    sx_string_add(&w->line, "\"");
}

static bool
add_text(Writer *w, SxSpan span)
{
    SxPin pin;
    SxString printable = {0};
    if (span.len > TEXT_MAX)
        return sx_fail(w->err, SX_ERR_LIMIT, "0x%" PRIx64 ": a match of over 1 MiB; matches-offsets has no text", span.at);
    if (span.len > 0) {
        if (!sx_source_pin(&w->window.source, span, SX_PIN_VIEW, &pin, w->err))
            return false;
        sx_string_add_printable(&printable, sx_bytes(pin.data, (size_t)span.len), 0);
        bool lost = sx_source_lost(&w->window.source, span, NULL, 0) > 0;
        sx_source_unpin(&w->window.source, &pin);
        if (lost) {
            sx_string_clear(&printable);
            return sx_fail(w->err, SX_ERR_LOST, "0x%" PRIx64 " cannot be read any more", span.at);
        }
    }
    add_quoted(w, sx_string(&printable));
    w->line.failed |= printable.failed;
    sx_string_clear(&printable);
    return true;
}

static bool
add_group(Writer *w, const SxMatch *m, size_t group)
{
    bool set = group < m->groups && m->group[group].at != UINT64_MAX;
    if (w->layout == LAYOUT_JSON)
        sx_string_addf(&w->line, ", \"%zu\": ", group);
    else
        sx_string_add(&w->line, ",");
    if (set)
        return add_text(w, m->group[group]);
    sx_string_add(&w->line, w->layout == LAYOUT_JSON ? "null" : "");
    return true;
}

static bool
add_match(Writer *w, const SxMatch *m)
{
    switch (w->layout) {
    case LAYOUT_OFFSETS: sx_string_addf(&w->line, "0x%" PRIx64 "\n", m->span.at); return true;
    case LAYOUT_CSV: sx_string_addf(&w->line, "0x%" PRIx64 ",%" PRIu64 ",", m->span.at, m->span.len); break;
    case LAYOUT_JSON:
        sx_string_addf(&w->line, "{\"offset\": \"0x%" PRIx64 "\", \"length\": \"%" PRIu64 "\", \"text\": ", m->span.at, m->span.len);
        break;
    }
    if (!add_text(w, m->span))
        return false;
    for (size_t g = 1; g <= w->groups; g++) {
        if (!add_group(w, m, g))
            return false;
    }
    sx_string_add(&w->line, w->layout == LAYOUT_JSON ? "}\n" : "\n");
    return true;
}

static bool
flush(Writer *w)
{
    bool ok = !w->line.failed || sx_fail(w->err, SX_ERR_NOMEM, "no memory for a line");
    ok = ok && text_file_write(&w->file, sx_bytes(w->line.data, w->line.len), w->err);
    w->line.len = 0;
    return ok;
}

static bool
write_match(void *data, const SxMatch *m)
{
    enum { ENOUGH = 1 << 16 };
    Writer *w = data;
    w->count++;
    w->failed = !add_match(w, m) || (w->line.len > ENOUGH && !flush(w));
    return !w->failed;
}

static void
add_head(Writer *w)
{
    if (w->layout != LAYOUT_CSV)
        return;
    sx_string_add(&w->line, "offset,length,text");
    for (size_t g = 1; g <= w->groups; g++)
        sx_string_addf(&w->line, ",%zu", g);
    sx_string_add(&w->line, "\n");
}

bool
matches_export(SxSession *s, const Args *a, const Look *look, SxSpan range, uint64_t *count, SxError *err)
{
    Writer w = {.err = err};
    if (!s->pattern)
        return sx_fail(err, SX_ERR_MISSING, "nothing was searched yet");
    if (!layout_of(a->arg[0].word, &w.layout) || !window_init(&w.window, look->source, look->length, err))
        return false;
    w.groups = w.layout == LAYOUT_OFFSETS ? 0 : sx_pattern_groups(s->pattern);
    bool open = text_file_open(&w.file, a->arg[1].word, "export", a->force, err), ok = open;
    if (open) {
        add_head(&w);
        ok = matches_each(s, look, range, w.groups > 0, write_match, &w, err) && !w.failed && flush(&w);
        ok = text_file_close(&w.file, ok, err) && ok;
    }
    sx_string_clear(&w.line);
    window_clear(&w.window);
    *count = w.count;
    return ok;
}

/* --- as marks ----------------------------------------------------------------------------------------------------------------- */

typedef struct Marker {
    SxDocument *document;
    const char *name, *colour;
    uint64_t count;
    bool failed;
    SxError *err;
} Marker;

enum { MARKED_MAX = 1000 };

static bool
count_one(void *data, const SxMatch *m)
{
    (void)m;
    return ++*(uint64_t *)data <= MARKED_MAX;
}

static bool
mark_one(void *data, const SxMatch *m)
{
    Marker *k = data;
    char name[80];
    snprintf(name, sizeof name, "%s%" PRIu64, k->name, ++k->count);
    SxMark mark = {.name = name, .span = m->span, .colour = k->colour, .note = ""};
    k->failed = !sx_document_mark_set(k->document, &mark, k->err);
    return !k->failed;
}

static bool
mark_all(SxSession *s, const Look *look, Marker *k)
{
    uint64_t count = 0;
    SxSpan in = session_tab(s)->searched;
    if (!matches_each(s, look, in, false, count_one, &count, k->err))
        return false;
    if (count > MARKED_MAX)
        return sx_fail(k->err, SX_ERR_LIMIT, "more than %d matches are too many for marks; narrow first", MARKED_MAX);
    return matches_each(s, look, in, false, mark_one, k, k->err) && !k->failed;
}

SxExit
cmd_mark_matches(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    Marker k = {.document = session_document(s), .name = a->arg[0].word, .err = err};
    k.colour = a->arg[1].given ? a->arg[1].word : "";
    if (!mark_name_good(k.name, err) || !look_begin(s, &look, "mark-matches", err))
        return outcome(false, err);
    bool ok = mark_all(s, &look, &k);
    look_end(s, &look);
    if (!ok)
        return outcome(false, err);
    if (s->hooks)
        session_say(s, "%" PRIu64 " mark%s, from %s1 on; gm lists them", k.count, k.count == 1 ? "" : "s", k.name);
    else {
        row_count(s, "count", k.count);
        row_end(s);
    }
    return k.count ? SX_EXIT_DONE : SX_EXIT_ABSENT;
}
