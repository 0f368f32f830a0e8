/* cmd_mark.c - the handlers of commands_mark.def. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command/session_private.h"

/* What 'NAME can name in an expression. */
bool
mark_name_good(const char *name, SxError *err)
{
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            return sx_fail(err, SX_ERR_SYNTAX, "\"%s\": the name of a mark is made of letters, digits and _", name);
    return *name || sx_fail(err, SX_ERR_SYNTAX, "a mark needs a name");
}

static SxSpan
here(SxSession *s)
{
    const Tab *tab = session_tab(s);
    if (tab->has_selection)
        return tab->selection;
    return (SxSpan){sx_document_tell(tab->document), 0};
}

SxExit
cmd_mark(SxSession *s, const Args *a, SxError *err)
{
    const Arg *range = &a->arg[1], *colour = &a->arg[2], *note = &a->arg[3];
    SxMark mark = {
        .name = a->arg[0].word,
        .span = range->given ? range->range : here(s),
        .colour = colour->given ? colour->word : "",
        .note = note->given ? note->word : "",
    };
    return outcome(mark_name_good(mark.name, err) && sx_document_mark_set(session_document(s), &mark, err), err);
}

SxExit
cmd_unmark(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    if (sx_document_mark_remove(session_document(s), a->arg[0].word))
        return SX_EXIT_DONE;
    session_warn(s, "no mark %s", a->arg[0].word);
    return SX_EXIT_ABSENT;
}

static void
row_text_or_dash(SxSession *s, const char *field, const char *text)
{
    if (*text)
        row_bytes(s, field, sx_bytes(text, strlen(text)));
    else
        row_word(s, field, "-");
}

SxExit
cmd_marks(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    SxMark mark;
    for (size_t i = 0; sx_document_mark_at(session_document(s), i, &mark); i++) {
        row_bytes(s, "name", sx_bytes(mark.name, strlen(mark.name)));
        row_offset(s, "offset", mark.span.at);
        row_count(s, "length", mark.span.len);
        row_text_or_dash(s, "colour", mark.colour);
        row_text_or_dash(s, "note", mark.note);
        row_end(s);
    }
    return SX_EXIT_DONE;
}

/* --- notes: marks with names of their own ------------------------------------------------------------------------ */

/* The mark that lies exactly at `span`. */
static bool
mark_there(SxDocument *d, SxSpan span, SxMark *out)
{
    for (size_t i = 0; sx_document_mark_at(d, i, out); i++)
        if (out->span.at == span.at && out->span.len == span.len)
            return true;
    return false;
}

static void
free_name(SxDocument *d, char *name, size_t size)
{
    SxMark taken;
    unsigned n = 1;
    do
        (void)snprintf(name, size, "note%u", n++);
    while (sx_document_mark_find(d, name, &taken));
}

SxExit
cmd_note(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    SxSpan span = here(s);
    char name[64], colour[32] = "";
    SxMark old;
    if (span.len == 0)
        span.len = span.at < sx_document_length(d);
    if (mark_there(d, span, &old)) {
        (void)snprintf(name, sizeof name, "%s", old.name);
        (void)snprintf(colour, sizeof colour, "%s", old.colour);
    } else {
        free_name(d, name, sizeof name);
    }
    SxMark mark = {.name = name, .span = span, .colour = colour, .note = a->arg[0].word};
    return outcome(sx_document_mark_set(d, &mark, err), err);
}
