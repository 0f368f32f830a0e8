/* session.c - the session's life, its documents, and what names mean in expressions. */
#include <stdlib.h>
#include <string.h>

#include "command/session_private.h"

/* --- documents ------------------------------------------------------------------------------------------------- */

Tab *
session_tab(SxSession *s)
{
    return s->tabs[s->active];
}

SxDocument *
session_document(SxSession *s)
{
    return session_tab(s)->document;
}

static uint64_t
shifted(uint64_t at, const SxChange *c)
{
    if (at >= c->at + c->removed)
        return at - c->removed + c->inserted;
    return at > c->at ? c->at : at;
}

static SxSpan
shifted_span(SxSpan span, const SxChange *c)
{
    return sx_span(shifted(span.at, c), shifted(sx_span_end(span), c));
}

/* Keeps what the tab remembers on the bytes that it meant. A change that keeps the length moves nothing. */
static void
follow_change(void *data, const SxChange *c)
{
    Tab *tab = data;
    if (tab->results)
        found_edit(tab->results, c);
    if (c->removed == c->inserted)
        return;
    for (size_t i = 0; i < tab->jumps.count; i++)
        tab->jumps.at[i] = shifted(tab->jumps.at[i], c);
    tab->selection = shifted_span(tab->selection, c);
    tab->match = shifted_span(tab->match, c);
}

static char *
printable(const char *name)
{
    SxString text = {0};
    sx_string_add_printable(&text, sx_bytes(name, strlen(name)), SX_PRINTABLE_UTF8);
    if (text.failed || !text.data) {
        sx_string_clear(&text);
        return strdup("");
    }
    return text.data;
}

void
tab_rename(Tab *tab, char *name)
{
    free(tab->name);
    tab->name = name;
}

static void
tab_free(Tab *tab, bool keep_journal)
{
    if (!tab)
        return;
    if (!tab->stuck)
        sx_document_free(tab->document, keep_journal);
    found_free(tab->results);
    free(tab->name);
    free(tab);
}

static Tab *
tab_new(SxDocument *document, const char *name, SxError *err)
{
    Tab *tab = calloc(1, sizeof *tab);
    char *shown = printable(name);
    bool ok = tab && shown;
    if (!ok)
        (void)sx_fail(err, SX_ERR_NOMEM, "no memory to open '%s'", name);
    if (!ok || !sx_document_listen(document, follow_change, tab, err)) {
        free(tab);
        free(shown);
        return NULL;
    }
    tab->document = document;
    tab->name = shown;
    tab->searched = SX_SPAN_ALL;
    return tab;
}

/* The empty document that stands where no file was given, as long as nobody typed into it. */
static bool
is_placeholder(const Tab *tab)
{
    const SxDocument *d = tab->document;
    return !sx_document_path(d) && sx_document_length(d) == 0 && sx_document_step_count(d) == 0;
}

/* On the screen discarded changes stay in the journal for a while; a script meant what it did. */
static void
tab_close(SxSession *s, Tab *tab)
{
    if (s->hooks && s->hooks->tab_closing)
        s->hooks->tab_closing(s, tab);
    tab_free(tab, !s->options.batch);
}

bool
session_add(SxSession *s, SxDocument *document, const char *name, SxError *err)
{
    if (!sx_grow(&s->tabs, &s->cap_tabs, s->n_tabs + 1, sizeof *s->tabs))
        return sx_fail(err, SX_ERR_NOMEM, "no memory to open '%s'", name);
    Tab *tab = tab_new(document, name, err);
    if (!tab)
        return false;
    if (s->n_tabs == 1 && is_placeholder(s->tabs[0])) {
        tab_close(s, s->tabs[0]);
        s->n_tabs = 0;
    }
    s->active = s->n_tabs;
    s->tabs[s->n_tabs++] = tab;
    if (s->hooks && s->hooks->tab_opened)
        s->hooks->tab_opened(s, tab);
    return true;
}

SxDocumentOptions
session_document_options(const SxSession *s)
{
    return (SxDocumentOptions){
        .access = s->options.access,
        .state_dir = s->no_journal ? NULL : s->options.state_dir,
        .keep_history = s->hooks != NULL,
        .journal_limit = s->journal_limit,
    };
}

static bool
add_empty(SxSession *s, SxError *err)
{
    SxDocument *document;
    SxDocumentOptions o = session_document_options(s);
    o.access = SX_ACCESS_DEFAULT;
    if (!sx_document_new(&document, 0, &o, err))
        return false;
    if (session_add(s, document, "", err))
        return true;
    sx_document_free(document, false);
    return false;
}

bool
session_close(SxSession *s, size_t index, SxError *err)
{
    if (s->n_tabs == 1 && is_placeholder(s->tabs[0]))
        return true;
    if (s->n_tabs == 1 && !add_empty(s, err))
        return false;
    sx_document_discard(s->tabs[index]->document);
    tab_close(s, s->tabs[index]);
    s->n_tabs--;
    memmove(&s->tabs[index], &s->tabs[index + 1], (s->n_tabs - index) * sizeof *s->tabs);
    if (s->active > index || s->active == s->n_tabs)
        s->active--;
    return true;
}

/* --- the cursor --------------------------------------------------------------------------------------------------- */

bool
session_goto(SxSession *s, uint64_t at, SxError *err)
{
    return sx_document_seek_to(session_document(s), at, err);
}

/* --- names in expressions ------------------------------------------------------------------------------------------- */

static bool
scope_mark(void *data, const char *name, uint64_t *out)
{
    SxMark mark;
    if (!sx_document_mark_find(session_document(data), name, &mark))
        return false;
    *out = mark.span.at;
    return true;
}

static bool
scope_mark_span(void *data, const char *name, SxSpan *out)
{
    SxMark mark;
    if (!sx_document_mark_find(session_document(data), name, &mark))
        return false;
    *out = mark.span;
    return mark.span.len > 0;
}

static bool
scope_read(void *data, uint64_t at, uint8_t *buf, size_t len, SxError *err)
{
    size_t got;
    if (!sx_document_peek(session_document(data), at, buf, len, &got, err))
        return false;
    if (got == len)
        return true;
    return sx_fail(err, SX_ERR_RANGE, "%zu bytes at 0x%llx reach past the end", len, (unsigned long long)at);
}

SxScope
session_scope(SxSession *s, bool script)
{
    const Tab *tab = session_tab(s);
    return (SxScope){
        .data = s,
        .cursor = sx_document_tell(tab->document),
        .length = sx_document_length(tab->document),
        .selection = tab->selection,
        .has_selection = tab->has_selection,
        .script = script,
        .mark = scope_mark,
        .mark_span = scope_mark_span,
        .read = scope_read,
    };
}

/* --- life ---------------------------------------------------------------------------------------------------------- */

bool
sx_session_new(SxSession **out, const SxSessionOptions *o, SxError *err)
{
    SxSession *s = calloc(1, sizeof *s);
    if (!s)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a session");
    s->options = *o;
    pthread_mutex_init(&s->lock, NULL);
    if (!add_empty(s, err) || (!o->batch && !ui_new(s, err))) {
        sx_session_free(s);
        return false;
    }
    *out = s;
    return true;
}

void
sx_session_free(SxSession *s)
{
    if (!s)
        return;
    /* a worker that hangs in a dead disk has the session: it goes with the process */
    if (s->ui && ui_abandoned(s))
        return;
    ui_free(s);
    for (size_t i = 0; i < s->n_tabs; i++) {
        if (s->ended) /* by the user, who was asked; not by a signal */
            sx_document_discard(s->tabs[i]->document);
        tab_close(s, s->tabs[i]);
    }
    for (size_t i = 0; i < s->n_registers; i++)
        sx_source_release(s->registers[i].bytes);
    sx_pattern_release(s->pattern);
    sx_string_clear(&s->line);
    sx_string_clear(&s->screen_line);
    pthread_mutex_destroy(&s->lock);
    free(s->tabs);
    free(s->repeat);
    free(s);
}
