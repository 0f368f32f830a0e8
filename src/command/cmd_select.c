/* cmd_select.c - the selection, copy, cut, paste, registers. What is copied is kept as a range of a snapshot: no bytes move. */
#include <stdlib.h>
#include <string.h>

#include "command/lines.h"
#include "command/look.h"
#include "command/unform.h"

enum { BLOCK = 1 << 20, FORMED_MAX = 64 << 20, SHOWN = 32 };

/* --- selection ------------------------------------------------------------------------------------------------- */

static bool
line_here(SxSession *s, SxSpan *out, SxError *err)
{
    Look look;
    if (!look_begin(s, &look, "select", err))
        return false;
    bool ok = line_around(look.source, look.cursor, out, look.job, err);
    look_end(s, &look);
    return ok;
}

static bool
chosen(SxSession *s, const Arg *a, SxSpan *out, SxError *err)
{
    *out = a->range;
    if (!a->by_choice)
        return true;
    if (!strcmp(a->word, "line"))
        return line_here(s, out, err);
    bool all = !strcmp(a->word, "all");
    *out = sx_span(0, all ? sx_document_length(session_document(s)) : 0);
    return true;
}

SxExit
cmd_select(SxSession *s, const Args *a, SxError *err)
{
    SxSpan span;
    Tab *tab = session_tab(s);
    if (!chosen(s, &a->arg[0], &span, err))
        return outcome(false, err);
    bool none = a->arg[0].by_choice && !strcmp(a->arg[0].word, "none");
    if (span.len == 0 && !none)
        return outcome(sx_fail(err, SX_ERR_RANGE, "%.*s holds no bytes, nothing selected", (int)a->arg[0].text.len,
                               (const char *)a->arg[0].text.data),
                       err);
    tab->selection = span;
    tab->has_selection = !none;
    return outcome(none || session_goto(s, sx_span_end(span) - 1, err), err);
}

static bool
need_selection(SxSession *s, SxSpan *out, SxError *err)
{
    Tab *tab = session_tab(s);
    *out = sx_span_clip(tab->selection, sx_document_length(tab->document));
    if (tab->has_selection && out->len)
        return true;
    return sx_fail(err, SX_ERR_RANGE, "nothing is selected: select RANGE");
}

/* --- registers -------------------------------------------------------------------------------------------------------- */

static Register *
register_find(SxSession *s, char name)
{
    for (size_t i = 0; i < s->n_registers; i++)
        if (s->registers[i].name == name)
            return &s->registers[i];
    return NULL;
}

static char
register_name(SxSession *s)
{
    return s->register_chosen ? s->register_chosen : '"';
}

SxSource *
register_get(SxSession *s)
{
    Register *r = register_find(s, register_name(s));
    return r ? r->bytes : NULL;
}

bool
register_set(SxSession *s, SxSource *bytes, SxError *err)
{
    char name = register_name(s);
    Register *r = register_find(s, name);
    if (!r && s->n_registers == sizeof s->registers / sizeof *s->registers) {
        sx_source_release(bytes);
        return sx_fail(err, SX_ERR_LIMIT, "all registers are in use");
    }
    if (!r) {
        r = &s->registers[s->n_registers++];
        *r = (Register){.name = name};
    }
    sx_source_release(r->bytes);
    r->bytes = bytes;
    return true;
}

/* --- copy and cut ------------------------------------------------------------------------------------------------------ */

static void
gather(void *data, SxBytes bytes)
{
    SxString *text = data;
    if (text->len + bytes.len > FORMED_MAX)
        text->failed = true;
    else
        sx_string_add_bytes(text, bytes);
}

/* The selection as text of a form, which is new bytes. */
static SxSource *
formed(SxSource *source, SxSpan span, Form form, SxJob *job, SxError *err)
{
    SxString text = {0};
    FormOut out = {.data = &text, .emit = gather, .bare = true};
    SxSource *made = NULL;
    if (form_print(form, source, span, &out, job, err)) {
        if (text.failed)
            (void)sx_fail(err, SX_ERR_LIMIT, "too much to copy as %s", form_name(form));
        else if (!(made = sx_source_memory(sx_bytes(text.data, text.len), true)))
            (void)sx_fail(err, SX_ERR_NOMEM, "no memory to copy");
    }
    sx_string_clear(&text);
    return made;
}

static SxSource *
as_it_is(SxSource *source, SxSpan span, SxError *err)
{
    SxSource *range = sx_source_range(source, span);
    if (!range)
        (void)sx_fail(err, SX_ERR_NOMEM, "no memory to copy");
    return range;
}

static bool
copy_selection(SxSession *s, const Arg *form, SxSpan *span, SxError *err)
{
    Look look;
    if (!need_selection(s, span, err) || !look_begin(s, &look, "copy", err))
        return false;
    SxSource *bytes = form && form->given ? formed(look.source, *span, form->form, look.job, err)
                                          : as_it_is(look.source, *span, err);
    look_end(s, &look);
    return bytes && register_set(s, bytes, err);
}

SxExit
cmd_copy(SxSession *s, const Args *a, SxError *err)
{
    SxSpan span;
    if (!copy_selection(s, &a->arg[0], &span, err))
        return outcome(false, err);
    session_say(s, "%llu byte%s copied", (unsigned long long)span.len, span.len == 1 ? "" : "s");
    return SX_EXIT_DONE;
}

SxExit
cmd_cut(SxSession *s, const Args *a, SxError *err)
{
    SxSpan span;
    (void)a;
    Tab *tab = session_tab(s);
    if (!copy_selection(s, NULL, &span, err) || !sx_document_delete(tab->document, span, err))
        return outcome(false, err);
    tab->has_selection = false;
    session_say(s, "%llu byte%s cut", (unsigned long long)span.len, span.len == 1 ? "" : "s");
    return outcome(session_goto(s, span.at, err), err);
}

/* --- paste ------------------------------------------------------------------------------------------------------------- */

static bool
paste_block(SxDocument *d, SxSource *bytes, SxSpan block, uint64_t at, bool insert, SxError *err)
{
    SxPin pin;
    if (!sx_source_pin(bytes, block, SX_PIN_SCAN, &pin, err))
        return false;
    SxBytes run = sx_bytes(pin.data, (size_t)pin.span.len);
    bool ok = insert ? sx_document_insert(d, at, run, err) : sx_document_overwrite(d, at, run, err);
    sx_source_unpin(bytes, &pin);
    return ok;
}

static bool
paste_blocks(SxDocument *d, SxSource *bytes, uint64_t at, bool insert, SxJob *job, SxError *err)
{
    uint64_t len = sx_source_size(bytes);
    for (uint64_t done = 0; done < len;) {
        SxSpan block = {done, len - done < BLOCK ? len - done : BLOCK};
        if (sx_job_cancelled(job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled, nothing pasted");
        if (!paste_block(d, bytes, block, at + done, insert, err))
            return false;
        done += block.len;
    }
    return true;
}

static bool
paste(SxSession *s, SxSource *bytes, bool insert, SxError *err)
{
    SxDocument *d = session_document(s);
    uint64_t at = sx_document_tell(d), length = sx_document_length(d), len = sx_source_size(bytes);
    if (!insert && len > length - at)
        return sx_fail(err, SX_ERR_RANGE, "%llu bytes from 0x%llx reach past the end; paste insert", (unsigned long long)len,
                       (unsigned long long)at);
    if (!sx_document_begin(d, err))
        return false;
    bool ok = paste_blocks(d, bytes, at, insert, session_job_begin(s, "paste"), err);
    session_job_end(s);
    if (!ok) {
        sx_document_cancel(d);
        return false;
    }
    sx_document_end(d);
    return sx_document_seek_to(d, at + len, err);
}

SxExit
cmd_paste(SxSession *s, const Args *a, SxError *err)
{
    SxSource *bytes = register_get(s);
    bool insert = a->arg[0].given && !strcmp(a->arg[0].word, "insert");
    if (!bytes)
        return outcome(sx_fail(err, SX_ERR_RANGE, "nothing was copied yet"), err);
    if (a->arg[1].given)
        bytes = unformed(bytes, a->arg[1].form, err);
    else
        sx_source_retain(bytes);
    bool ok = bytes && paste(s, bytes, insert, err);
    sx_source_release(bytes);
    return outcome(ok, err);
}

SxExit
cmd_registers(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    for (size_t i = 0; i < s->n_registers; i++) {
        const Register *r = &s->registers[i];
        uint64_t len = sx_source_size(r->bytes);
        row_bytes(s, "name", sx_bytes(&r->name, 1));
        row_count(s, "length", len);
        bool ok = row_range(s, "text", r->bytes, (SxSpan){0, len < SHOWN ? len : SHOWN}, FORM_TEXT, false, err);
        row_end(s);
        if (!ok)
            return outcome(false, err);
    }
    return SX_EXIT_DONE;
}
