/* args.c - the text behind a command's name, part by part, as the spec says. Columns are those of that text. */
#include "command/args.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "command/spec.h"
#include "command/words.h"

typedef struct Reader {
    const char *name; /* of the command, for messages */
    const char *spec;
    SxBytes text;
    size_t at; /* what comes next */
    const SxScope *scope;
} Reader;

static const char *const colours[] = {"red", "orange", "yellow", "green", "cyan", "blue", "magenta", "grey"};

static void
skip_blanks(Reader *r)
{
    while (r->at < r->text.len && blank(r->text.data[r->at]))
        r->at++;
}

static SxBytes
rest(const Reader *r)
{
    return sx_bytes(r->text.data + r->at, r->text.len - r->at);
}

/* An argument ends at a space: what an expression leaves behind is said, not dropped. */
static bool
ends_well(const Reader *r, size_t used, SxError *err)
{
    SxBytes text = rest(r);
    if (used == text.len || blank(text.data[used]))
        return true;
    size_t n = word_length(sx_bytes(text.data + used, text.len - used));
    return sx_fail_at(err, r->at + used + 1, "\"%.*s\" is not understood behind \"%.*s\"", (int)n,
                      (const char *)text.data + used, (int)used, (const char *)text.data);
}

static char *
copy_text(SxBytes text)
{
    char *copy = malloc(text.len + 1);
    if (!copy)
        return NULL;
    if (text.len)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return copy;
}

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory for the command");
}

/* "quoted \"word\"" at the beginning of `text`; without the quotes and escapes. */
static bool
read_quoted(SxBytes text, Arg *out, size_t *used, SxError *err)
{
    size_t end = closing_quote(text);
    if (end >= text.len)
        return sx_fail_at(err, 1, "the quote is never closed");
    SxBytes inner = sx_bytes(text.data + 1, end - 1);
    size_t len = inner.len;
    char *word = malloc(inner.len + 1);
    if (!word)
        return no_memory(err);
    if (!sx_text_unescape((uint8_t *)word, &len, inner, err)) {
        free(word);
        return false;
    }
    word[len] = '\0';
    if (memchr(word, '\0', len)) {
        free(word);
        return sx_fail_at(err, 1, "a name cannot hold \\0");
    }
    out->word = word;
    *used = end + 1;
    return true;
}

static bool
read_word(SxBytes text, Arg *out, size_t *used, SxError *err)
{
    if (text.data[0] == '"')
        return read_quoted(text, out, used, err);
    *used = word_length(text);
    out->word = copy_text(sx_bytes(text.data, *used));
    return out->word || no_memory(err);
}

static bool
read_text(SxBytes text, Arg *out, size_t *used, SxError *err)
{
    *used = text.len;
    out->word = copy_text(text);
    return out->word || no_memory(err);
}

static bool
read_colour(SxBytes text, Arg *out, size_t *used, SxError *err)
{
    size_t len = word_length(text);
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (strlen(colours[i]) == len && memcmp(colours[i], text.data, len) == 0)
            return read_word(text, out, used, err);
    return sx_fail_at(err, 1, "\"%.*s\" is no colour; red orange yellow green cyan blue magenta grey", (int)len,
                      (const char *)text.data);
}

static bool
read_form(SxBytes text, Arg *out, size_t *used, SxError *err)
{
    *used = word_length(text);
    if (form_find((const char *)text.data, *used, &out->form))
        return true;
    return sx_fail_at(err, 1, "\"%.*s\" is no form; text hex raw base64 c python dump", (int)*used,
                      (const char *)text.data);
}

static bool
read_length(SxBytes text, const SxScope *scope, Arg *out, size_t *used, SxError *err)
{
    SxValue v;
    if (!sx_expression(text, scope, &v, used, err))
        return false;
    if (v.negative && v.magnitude)
        return sx_fail_at(err, 1, "\"%.*s\" is negative; a length is not", (int)*used, (const char *)text.data);
    out->offset = v.magnitude;
    return true;
}

/* As OFFSET, but a leading minus counts from the end, as an index of Python does. */
static bool
read_index(SxBytes text, const SxScope *scope, Arg *out, size_t *used, SxError *err)
{
    SxValue v;
    if (text.data[0] != '-')
        return sx_expression_offset(text, scope, &out->offset, used, err);
    if (!sx_expression(text, scope, &v, used, err))
        return false;
    if (!v.negative || v.magnitude > scope->length)
        return sx_fail(err, SX_ERR_RANGE, "%.*s is outside 0x0:0x%llx", (int)*used, (const char *)text.data,
                       (unsigned long long)scope->length);
    out->offset = scope->length - v.magnitude;
    return true;
}

static bool
read_everything(SxBytes text, const SxScope *scope, Arg *out, size_t *used, SxError *err)
{
    SxScope spaced = *scope;
    spaced.spaces = true;
    *used = text.len;
    return sx_expression(text, &spaced, &out->value, NULL, err);
}

static bool
read_bytes(SxBytes text, const SxScope *scope, Arg *out, size_t *used, SxError *err)
{
    size_t len = 0;
    if (!bytes_parse(text, scope, &out->owned, &len, &out->file, used, err))
        return false;
    out->bytes = sx_bytes(out->owned, len);
    return true;
}

static bool
read_value(ArgType type, SxBytes text, const SxScope *scope, Arg *out, size_t *used, SxError *err)
{
    switch (type) {
    case ARG_OFFSET:
        return sx_expression_offset(text, scope, &out->offset, used, err);
    case ARG_INDEX:
        return read_index(text, scope, out, used, err);
    case ARG_NUMBER:
        return sx_expression(text, scope, &out->value, used, err);
    case ARG_LENGTH:
        return read_length(text, scope, out, used, err);
    case ARG_EXPRESSION:
        return read_everything(text, scope, out, used, err);
    case ARG_RANGE:
        return sx_expression_range(text, scope, &out->range, used, err);
    case ARG_BYTES:
        return read_bytes(text, scope, out, used, err);
    case ARG_PATTERN:
        return sx_pattern_parse(&out->pattern, text, used, err);
    case ARG_REPLACEMENT:
        return template_parse(&out->template, text, scope, used, err);
    case ARG_FORM:
        return read_form(text, out, used, err);
    case ARG_COLOUR:
        return read_colour(text, out, used, err);
    case ARG_FIELDS:
    case ARG_WORD:
        return read_word(text, out, used, err);
    case ARG_TEXT:
        return read_text(text, out, used, err);
    case ARG_NONE:
        break;
    }
    return sx_fail_at(err, 1, "\"%.*s\" is not understood", (int)word_length(text), (const char *)text.data);
}

static void
arg_clear(Arg *arg)
{
    free(arg->word);
    free(arg->owned);
    free(arg->file);
    sx_pattern_release(arg->pattern);
    template_free(arg->template);
    *arg = (Arg){0};
}

/* Read one part at r->at, which is not the end; on failure nothing is kept and r->at stays. */
static bool
read_part(Reader *r, const ArgSpec *spec, Arg *out, SxError *err)
{
    SxBytes text = rest(r);
    size_t used = word_length(text);
    Arg arg = {.given = true, .type = spec->type};
    if (spec->choices[0] && spec_choice(spec->choices, (const char *)text.data, used)) {
        arg.by_choice = true;
        arg.word = copy_text(sx_bytes(text.data, used));
        if (!arg.word)
            return no_memory(err);
    } else if (spec->type == ARG_NONE) {
        return sx_fail_at(err, r->at + 1, "\"%.*s\" is none of %s", (int)used, (const char *)text.data, spec->choices);
    } else if (!read_value(spec->type, text, r->scope, &arg, &used, err) || !ends_well(r, used, err)) {
        arg_clear(&arg);
        return false;
    }
    arg.text = sx_bytes(text.data, used);
    *out = arg;
    r->at += used;
    return true;
}

static bool
missing(const Reader *r, const ArgSpec *spec, SxError *err)
{
    const char *what = spec->name[0] ? spec->name : spec->choices;
    return sx_fail_at(err, r->text.len + 1, "%s is missing: %s %s", what, r->name, r->spec);
}

/* The part that the word at r->at leads in: "max" of [max N], "fold" of [fold]. */
static bool
led_in(const Reader *r, const ArgSpec *spec, size_t *keyword)
{
    SxBytes text = rest(r);
    size_t len = word_length(text);
    const char *word = (const char *)text.data;
    *keyword = 0;
    if (!spec->keyword[0])
        return spec->choices[0] && spec_choice(spec->choices, word, len);
    if (strlen(spec->keyword) != len || memcmp(spec->keyword, word, len) != 0)
        return false;
    *keyword = len;
    return true;
}

/* Read the part `spec`, whose keyword has been recognised. */
static bool
read_led(Reader *r, const ArgSpec *spec, size_t keyword, Arg *out, SxError *err)
{
    r->at += keyword;
    skip_blanks(r);
    if (r->at == r->text.len)
        return missing(r, spec, err);
    return read_part(r, spec, out, err);
}

static bool
too_much(const Reader *r, SxError *err)
{
    SxBytes text = rest(r);
    return sx_fail_at(err, r->at + 1, "\"%.*s\" is too much: %s%s%s", (int)word_length(text),
                      (const char *)text.data, r->name, r->spec ? " " : "", r->spec ? r->spec : "");
}

/* What `word` at r->at may have been meant for: a part that was said already, or one of a choice. */
static bool
misplaced(const Reader *r, const ArgSpec *specs, const Args *out, size_t first, SxError *err)
{
    size_t keyword;
    SxBytes text = rest(r);
    int len = (int)word_length(text);
    for (size_t i = first; i < out->count; i++)
        if (out->arg[i].given && led_in(r, &specs[i], &keyword))
            return sx_fail_at(err, r->at + 1, "\"%.*s\" is said twice", len, (const char *)text.data);
    for (size_t i = first; i < out->count; i++)
        if (!out->arg[i].given && !specs[i].keyword[0] && specs[i].type == ARG_NONE && strchr(specs[i].choices, '/') &&
            isalpha(text.data[0]))
            return sx_fail_at(err, r->at + 1, "\"%.*s\" is none of %s", len, (const char *)text.data,
                              specs[i].choices);
    return true;
}

/* By value: the first open part whose type the text is. */
static bool
read_typed(Reader *r, const ArgSpec *specs, Args *out, size_t first, SxError *err)
{
    SxError why = {0};
    for (size_t i = first; i < out->count; i++) {
        if (out->arg[i].given || specs[i].keyword[0] || specs[i].type == ARG_NONE)
            continue;
        SxError one;
        if (read_part(r, &specs[i], &out->arg[i], &one))
            return true;
        if (why.code == SX_OK || one.code != SX_ERR_SYNTAX)
            why = one;
        if (one.code != SX_ERR_SYNTAX)
            break;
    }
    if (!misplaced(r, specs, out, first, err))
        return false;
    if (why.code == SX_OK)
        return too_much(r, err);
    if (err)
        *err = why;
    return false;
}

/* One of the optional parts that are still open, in any order: led in by a word first, then by what parses. */
static bool
read_optional(Reader *r, const ArgSpec *specs, Args *out, size_t first, SxError *err)
{
    for (size_t i = first; i < out->count; i++) {
        size_t keyword;
        if (!out->arg[i].given && led_in(r, &specs[i], &keyword))
            return read_led(r, &specs[i], keyword, &out->arg[i], err);
    }
    return read_typed(r, specs, out, first, err);
}

static bool
read_all(Reader *r, const ArgSpec *specs, Args *out, SxError *err)
{
    size_t i = 0;
    skip_blanks(r);
    for (; i < out->count && !specs[i].optional; i++) {
        if (r->at == r->text.len)
            return missing(r, &specs[i], err);
        if (!read_part(r, &specs[i], &out->arg[i], err))
            return false;
        skip_blanks(r);
    }
    while (r->at < r->text.len) {
        if (!read_optional(r, specs, out, i, err))
            return false;
        skip_blanks(r);
    }
    return true;
}

bool
args_parse(Args *out, const char *name, const char *spec, SxBytes text, const SxScope *scope, SxError *err)
{
    ArgSpec specs[ARGS_MAX];
    *out = (Args){.name = name};
    bool sound = args_spec(spec, specs, &out->count);
    SX_BUG_ON(!sound);
    out->line = copy_text(text);
    if (!out->line)
        return no_memory(err);
    Reader r = {name, spec, sx_bytes(out->line, text.len), 0, scope};
    if (read_all(&r, specs, out, err))
        return true;
    args_clear(out);
    return false;
}

void
args_clear(Args *a)
{
    for (size_t i = 0; i < ARGS_MAX; i++)
        arg_clear(&a->arg[i]);
    free(a->line);
    *a = (Args){0};
}
