/*
 * pattern.c - patterns as the public calls make, hold and describe them.
 */
#include "search/pattern.h"

#include "search/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
destroy(SxPattern *p)
{
    fixed_clear(&p->fixed);
    regex_clear(&p->regex);
    free(p->text);
    free(p);
}

/* What matches look at beside themselves, and what is looked for first. */
static void
complete(SxPattern *p)
{
    for (size_t i = 0; i < p->fixed.rows; i++)
        if (p->fixed.row[i].word != WORD_NONE)
            p->behind = p->ahead = 2;
    if (p->how == MATCH_FIXED && p->fixed.rows > 1 && !p->negate)
        hunt_rows(&p->hunt, &p->fixed);
    if (p->how == MATCH_NUMBER)
        hunt_number(&p->hunt, &p->number);
}

static bool
make(SxPattern **out, Lexer *x, SxPatternKind kind, unsigned flags)
{
    SxPattern *p = calloc(1, sizeof *p);
    if (!p)
        return sx_fail(x->err, SX_ERR_NOMEM, "no memory for this pattern");
    atomic_init(&p->count, 1);
    if (!language_parse(x, p, kind, flags)) {
        destroy(p);
        return false;
    }
    complete(p);
    *out = p;
    return true;
}

static void
too_much(const Lexer *x, const SxPattern *p)
{
    char sign[16], shown[32];
    SxBytes word = lex_word(x);
    if (word.len > 0 && word.len < sizeof shown - 2)
        snprintf(shown, sizeof shown, "\"%.*s\"", (int)word.len, (const char *)word.data);
    else
        snprintf(shown, sizeof shown, "%s", lex_sign(x, x->at, sign));
    lex_fail(x, x->at, "%s is too much; %s", shown,
             p->kind == SX_PATTERN_TEXT ? "put text with spaces into quotes: \"two words\"" : "align=4 may stand here");
}

bool
sx_pattern_new(SxPattern **out, SxBytes text, SxPatternKind kind, unsigned flags, SxError *err)
{
    Lexer x = {.text = text, .err = err, .what = "pattern"};
    SxPattern *p;
    if (!make(&p, &x, kind, flags))
        return false;
    lex_spaces(&x);
    if (x.at < text.len) {
        too_much(&x, p);
        destroy(p);
        return false;
    }
    *out = p;
    return true;
}

bool
sx_pattern_parse(SxPattern **out, SxBytes text, size_t *used, SxError *err)
{
    Lexer x = {.text = text, .err = err, .what = "pattern"};
    if (!make(out, &x, SX_PATTERN_ANY, 0))
        return false;
    *used = x.at;
    return true;
}

static const char *
print_bytes(SxBytes bytes)
{
    SxString s = {0};
    sx_string_add(&s, "{");
    for (size_t i = 0; i < bytes.len; i++)
        sx_string_addf(&s, " %02x", bytes.data[i]);
    sx_string_add(&s, " }");
    if (s.failed)
        sx_string_clear(&s);
    return s.data;
}

bool
sx_pattern_literal(SxPattern **out, SxBytes bytes, SxError *err)
{
    SxPattern *p = calloc(1, sizeof *p);
    if (!p || !fixed_from_bytes(&p->fixed, bytes) || !(p->text = (char *)print_bytes(bytes))) {
        if (p)
            destroy(p);
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a pattern of %zu bytes", bytes.len);
    }
    atomic_init(&p->count, 1);
    p->kind = SX_PATTERN_HEX;
    p->how = MATCH_FIXED;
    p->align = 1;
    p->min = p->max = bytes.len;
    complete(p);
    *out = p;
    return true;
}

SxPattern *
sx_pattern_retain(SxPattern *p)
{
    atomic_fetch_add(&p->count, 1);
    return p;
}

void
sx_pattern_release(SxPattern *p)
{
    if (p && atomic_fetch_sub(&p->count, 1) == 1)
        destroy(p);
}

SxPatternKind
sx_pattern_kind(const SxPattern *p)
{
    return p->kind;
}

const char *
sx_pattern_text(const SxPattern *p)
{
    return p->text;
}

size_t
sx_pattern_groups(const SxPattern *p)
{
    return p->how == MATCH_REGEX ? p->regex.groups : 0;
}

bool
sx_pattern_group_named(const SxPattern *p, const char *name, size_t *index)
{
    int n = p->how == MATCH_REGEX ? pcre2_substring_number_from_name(p->regex.code, (PCRE2_SPTR)name) : -1;
    if (n <= 0)
        return false;
    *index = (size_t)n;
    return true;
}

uint64_t
sx_pattern_reach(const SxPattern *p, bool *bounded)
{
    if (bounded)
        *bounded = p->max != LENGTH_MAX;
    return p->max != LENGTH_MAX ? p->max : 0;
}

bool
sx_pattern_in_line(const SxPattern *p)
{
    return p->in_line;
}

bool
sx_pattern_value(const SxPattern *p, SxBytes bytes, char *buf, size_t size)
{
    if (p->how != MATCH_NUMBER || bytes.len < p->number.width)
        return false;
    number_print(&p->number, bytes.data, buf, size);
    return true;
}

bool
sx_pattern_matches_empty(const SxPattern *p)
{
    if (p->how != MATCH_REGEX)
        return p->min == 0;
    uint32_t empty = 0;
    pcre2_pattern_info(p->regex.code, PCRE2_INFO_MATCHEMPTY, &empty);
    return empty;
}

bool
sx_pattern_bytes(const SxPattern *p, SxBytes *out)
{
    const Row *r = p->fixed.row;
    if (p->how != MATCH_FIXED || p->negate || p->align != 1 || p->fixed.rows != 1 || r->mask || r->set ||
        r->word != WORD_NONE)
        return false;
    *out = sx_bytes(r->value, r->len);
    return true;
}
