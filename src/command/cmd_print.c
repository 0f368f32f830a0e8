/* cmd_print.c - the handlers of commands_print.def but info and history. */
#include <stdio.h>
#include <string.h>

#include "command/lines.h"
#include "command/look.h"

static Form
form_or_text(const Arg *arg)
{
    return arg->given ? arg->form : FORM_TEXT;
}

static SxExit
print_range(SxSession *s, const char *name, SxSpan span, Form form, SxError *err)
{
    Look look;
    if (!look_begin(s, &look, name, err))
        return outcome(false, err);
    bool ok = result_range(s, look.source, span, form, look.job, err);
    look_end(s, &look);
    return outcome(ok, err);
}

/* Print a range that begins at the cursor and move behind it. */
static SxExit
print_and_move(SxSession *s, const char *name, SxSpan span, Form form, SxError *err)
{
    SxExit exit = print_range(s, name, span, form, err);
    if (exit != SX_EXIT_DONE)
        return exit;
    return outcome(session_goto(s, sx_span_end(span), err), err);
}

SxExit
cmd_read(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    const Arg *n = &a->arg[0];
    bool all = !n->given || n->value.negative;
    SxSpan span = {sx_document_tell(d), all ? UINT64_MAX : n->value.magnitude};
    span = sx_span_clip(span, sx_document_length(d));
    return print_and_move(s, "read", span, form_or_text(&a->arg[1]), err);
}

SxExit
cmd_readline(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    if (!look_begin(s, &look, "readline", err))
        return outcome(false, err);
    LinePlace place = {look.cursor, 1};
    bool ok = line_seek(look.source, &place, 2, look.job, err);
    look_end(s, &look);
    if (!ok)
        return outcome(false, err);
    return print_and_move(s, "readline", sx_span(look.cursor, place.at), form_or_text(&a->arg[0]), err);
}

SxExit
cmd_slice(SxSession *s, const Args *a, SxError *err)
{
    return print_range(s, "slice", a->arg[0].range, form_or_text(&a->arg[1]), err);
}

SxExit
cmd_dump(SxSession *s, const Args *a, SxError *err)
{
    SxSpan all = sx_span(0, sx_document_length(session_document(s)));
    return print_range(s, "dump", a->arg[0].given ? a->arg[0].range : all, FORM_DUMP, err);
}

SxExit
cmd_byte(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    uint64_t at = a->arg[0].offset, length = sx_document_length(d);
    uint8_t byte;
    size_t got = 0;
    if (at < length && !sx_document_peek(d, at, &byte, 1, &got, err))
        return outcome(false, err);
    if (got == 0)
        return outcome(sx_fail(err, SX_ERR_RANGE, "no byte at 0x%llx, the length is 0x%llx", (unsigned long long)at,
                               (unsigned long long)length),
                       err);
    row_count(s, "byte", byte);
    row_end(s);
    return SX_EXIT_DONE;
}

SxExit
cmd_print(SxSession *s, const Args *a, SxError *err)
{
    char text[32];
    SxValue v = a->arg[0].value;
    (void)err;
    (void)snprintf(text, sizeof text, "%s%llu", v.negative && v.magnitude ? "-" : "", (unsigned long long)v.magnitude);
    row_word(s, "value", text);
    row_end(s);
    return SX_EXIT_DONE;
}

static SxExit
print_number(SxSession *s, const char *field, uint64_t number)
{
    row_count(s, field, number);
    row_end(s);
    return SX_EXIT_DONE;
}

SxExit
cmd_size(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    return print_number(s, "size", sx_document_file_size(session_document(s)));
}

SxExit
cmd_length(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    return print_number(s, "length", sx_document_length(session_document(s)));
}

SxExit
cmd_echo(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    const char *text = a->arg[0].given ? a->arg[0].word : "";
    row_bytes(s, "text", sx_bytes(text, strlen(text)));
    row_end(s);
    return SX_EXIT_DONE;
}
