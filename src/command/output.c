/* output.c - rows of results (stdout, or the list of the screen) and messages (stderr, or the message line). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command/session_private.h"

/* What is longer than this is for files and pipes, not for a list on the screen. */
enum { SCREEN_LINE_MAX = 1 << 16 /* bytes */, SCREEN_ROWS_MAX = 10000, SCREEN_RANGE_MAX = 1 << 17 /* bytes */ };

/* --- rows ------------------------------------------------------------------------------------------------------ */

static void
json_text(SxString *line, const char *printable)
{
    sx_string_add(line, "\"");
    for (const char *c = printable; *c; c++) {
        if (*c == '"' || *c == '\\')
            sx_string_add(line, "\\");
        sx_string_add_bytes(line, sx_bytes(c, 1));
    }
    sx_string_add(line, "\"");
}

static void
field_begin(SxSession *s, const char *field)
{
    if (s->options.json) {
        sx_string_add(&s->line, s->fields ? "," : "{");
        json_text(&s->line, field);
        sx_string_add(&s->line, ":");
    } else if (s->fields) {
        sx_string_add(&s->line, "\t");
    }
    s->fields++;
}

void
row_word(SxSession *s, const char *field, const char *printable)
{
    field_begin(s, field);
    if (s->options.json)
        json_text(&s->line, printable);
    else
        sx_string_add(&s->line, printable);
}

void
row_offset(SxSession *s, const char *field, uint64_t offset)
{
    char text[32];
    (void)snprintf(text, sizeof text, s->options.offsets_decimal ? "%llu" : "0x%llx", (unsigned long long)offset);
    row_word(s, field, text);
}

void
row_count(SxSession *s, const char *field, uint64_t count)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)count);
    row_word(s, field, text);
}

void
row_bytes(SxSession *s, const char *field, SxBytes bytes)
{
    SxString text = {0};
    sx_string_add_printable(&text, bytes, 0);
    row_word(s, field, sx_string(&text));
    s->line.failed |= text.failed;
    sx_string_clear(&text);
}

void
row_unset(SxSession *s, const char *field)
{
    field_begin(s, field);
    sx_string_add(&s->line, s->options.json ? "null" : "\\N");
}

static void
line_out(SxSession *s, SxBytes line)
{
    if (!s->hooks) {
        if (s->options.out)
            s->options.out(s->options.data, line);
        return;
    }
    while (line.len) {
        const uint8_t *end = memchr(line.data, '\n', line.len);
        size_t n = end ? (size_t)(end - line.data) : line.len;
        if (s->screen_line.len + n <= SCREEN_LINE_MAX)
            sx_string_add_bytes(&s->screen_line, sx_bytes(line.data, n));
        if (end && s->hooks->result && s->screen_rows++ < SCREEN_ROWS_MAX)
            s->hooks->result(s, sx_string(&s->screen_line));
        if (end)
            s->screen_line.len = 0;
        n += end != NULL;
        line = sx_bytes(line.data + n, line.len - n);
    }
}

void
row_end(SxSession *s)
{
    if (s->options.json && s->fields)
        sx_string_add(&s->line, "}");
    sx_string_add(&s->line, "\n");
    if (s->line.failed)
        session_warn(s, "no memory for a line of results");
    else
        line_out(s, sx_bytes(s->line.data, s->line.len));
    sx_string_clear(&s->line);
    s->fields = 0;
}

/* --- streams of bytes --------------------------------------------------------------------------------------------- */

static void
emit_plain(void *data, SxBytes bytes)
{
    line_out(data, bytes);
}

/* Inside a JSON string: what comes is printable form. */
static void
emit_json(void *data, SxBytes bytes)
{
    SxSession *s = data;
    SxString escaped = {0};
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];
        if (c == '"' || c == '\\')
            sx_string_add(&escaped, "\\");
        sx_string_add_bytes(&escaped, c == '\n' ? sx_bytes("\\n", 2) : sx_bytes(&c, 1));
    }
    line_out(s, sx_bytes(escaped.data, escaped.len));
    sx_string_clear(&escaped);
}

static bool
range_json(SxSession *s, SxSource *source, SxSpan span, Form form, SxJob *job, SxError *err)
{
    if (form == FORM_RAW)
        return sx_fail(err, SX_ERR_SYNTAX, "raw bytes do not go into JSON: as base64");
    FormOut out = {.data = s, .emit = emit_json, .bare = true};
    char head[32];
    int n = snprintf(head, sizeof head, "{\"%s\":\"", form_name(form));
    line_out(s, sx_bytes(head, (size_t)n));
    bool ok = form_print(form, source, span, &out, job, err);
    line_out(s, ok ? sx_bytes("\"}\n", 3) : sx_bytes("\n", 1)); /* cut off is no JSON */
    return ok;
}

bool
results_full(const SxSession *s)
{
    return s->hooks && s->screen_rows >= SCREEN_ROWS_MAX;
}

bool
result_range(SxSession *s, SxSource *source, SxSpan span, Form form, SxJob *job, SxError *err)
{
    if (s->hooks && span.len > SCREEN_RANGE_MAX) {
        span.len = SCREEN_RANGE_MAX;
        session_say(s, "the first %d bytes; write-range puts all of them into a file", SCREEN_RANGE_MAX);
    }
    if (s->options.json)
        return range_json(s, source, span, form, job, err);
    FormOut out = {.data = s, .emit = emit_plain, .colour = s->options.colour};
    return form_print(form, source, span, &out, job, err);
}

/* One field of a row, streamed: a match may be as long as the file. `tail` is put behind it. */
static bool
stream_field(SxSession *s, const char *field, SxSource *source, SxSpan span, Form form, bool fold, const char *tail,
             SxError *err)
{
    bool json = s->options.json;
    FormOut out = {.data = s, .emit = json ? emit_json : emit_plain, .fold = fold, .bare = true};
    field_begin(s, field);
    sx_string_add(&s->line, json ? "\"" : "");
    line_out(s, sx_bytes(s->line.data, s->line.len));
    s->line.len = 0;
    bool ok = form_print(form, source, span, &out, NULL, err);
    sx_string_addf(&s->line, "%s%s", tail, json ? "\"" : "");
    return ok;
}

bool
row_range(SxSession *s, const char *field, SxSource *source, SxSpan span, Form form, bool fold, SxError *err)
{
    return stream_field(s, field, source, span, form, fold, "", err);
}

bool
row_cut(SxSession *s, const char *field, SxSource *source, SxSpan span, bool cut, SxError *err)
{
    return stream_field(s, field, source, span, FORM_HEX, false, cut ? "..." : "", err);
}

/* --- messages ------------------------------------------------------------------------------------------------------ */

/* `text` behind "NAME: ", when it begins so. */
static const char *
behind_name(const char *text, const char *name)
{
    size_t n = name ? strlen(name) : 0;
    return n && strncmp(text, name, n) == 0 && strncmp(text + n, ": ", 2) == 0 ? text + n + 2 : text;
}

/* Drops what the line says already: "NAME: " of the file, ":COMMAND: ". */
static const char *
without_prefix(SxSession *s, const char *text)
{
    const Tab *tab = session_tab(s);
    text = behind_name(text, tab->name);
    text = behind_name(text, sx_document_name(tab->document));
    const char *bare = text[0] == ':' ? behind_name(text + 1, s->running) : text;
    return bare == text + 1 ? text : bare;
}

/* "FILE: COMMAND: TEXT" */
static void
to_stderr(SxSession *s, const char *text)
{
    SxString line = {0};
    const char *name = session_tab(s)->name;
    if (*name)
        sx_string_addf(&line, "%s: ", name);
    if (s->running)
        sx_string_addf(&line, "%s: ", s->running);
    sx_string_add(&line, without_prefix(s, text));
    if (s->options.message)
        s->options.message(s->options.data, line.failed ? "no memory for a message" : sx_string(&line));
    sx_string_clear(&line);
}

void
session_complain(SxSession *s, const char *text)
{
    if (!s->hooks)
        to_stderr(s, text);
    else if (s->hooks->say)
        s->hooks->say(s, true, text);
}

/* Words of commands go into it: sx_fail shows their control characters. */
__attribute__((format(printf, 2, 0))) static void
words(SxError *out, const char *fmt, va_list ap)
{
    char text[SX_ERROR_TEXT];
    (void)vsnprintf(text, sizeof text, fmt, ap);
    (void)sx_fail(out, SX_OK, "%s", text);
}

void
session_say(SxSession *s, const char *fmt, ...)
{
    SxError said;
    va_list ap;
    if (!s->hooks || !s->hooks->say)
        return;
    va_start(ap, fmt);
    words(&said, fmt, ap);
    va_end(ap);
    s->hooks->say(s, false, said.text);
}

void
session_warn(SxSession *s, const char *fmt, ...)
{
    SxError said;
    va_list ap;
    va_start(ap, fmt);
    words(&said, fmt, ap);
    va_end(ap);
    session_complain(s, said.text);
}
