/*
 * ui_filter_terms.c - several regular expressions that lines must have, or must not, as one that the search can look for.
 *
 * It begins where a line does and looks ahead: so each is told by the line alone, and edits, follow and the list of
 * matches need not know of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"
#include "command/ui_filter.h"
#include "command/ui_regex.h"

static bool
is_regex(const char *text, unsigned flags, SxError *err)
{
    SxPattern *pattern;
    if (!sx_pattern_new(&pattern, sx_bytes(text, strlen(text)), SX_PATTERN_REGEX, flags, err))
        return false;
    sx_pattern_release(pattern);
    return true;
}

bool
filter_terms_add(SxSession *s, FilterTerms *t, const char *text, bool without, SxError *err)
{
    FilterTerm term = {.flags = ui_case_ignored(s, text) ? SX_PATTERN_NOCASE : 0, .without = without};
    SxString regex = {0};
    if (t->n == FILTER_TERMS_MAX)
        return sx_fail(err, SX_ERR_RANGE, "a filter takes %d patterns; & and Enter shows all lines", FILTER_TERMS_MAX);
    if (!is_regex(text, term.flags, err))
        return false; /* with the column in what was typed */
    if (!ui_regex_text(s, text, &regex, &term.flags, err)) {
        sx_string_clear(&regex);
        return false;
    }
    term.typed = strdup(text);
    term.regex = regex.data;
    if (!term.typed || !is_regex(term.regex, term.flags, err)) {
        free(term.typed);
        free(term.regex);
        return false;
    }
    t->term[t->n++] = term;
    return true;
}

void
filter_terms_clear(FilterTerms *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->term[i].typed);
        free(t->term[i].regex);
    }
    *t = (FilterTerms){0};
}

bool
filter_terms_by_line(const FilterTerms *t)
{
    return t->n > 1 || (t->n == 1 && t->term[0].without);
}

static const char cr[] = "(*CR)";

static const char *
without_cr(const char *regex)
{
    return strncmp(regex, cr, sizeof cr - 1) == 0 ? regex + sizeof cr - 1 : regex;
}

/* The last of those that lines must have; n: there is none. */
static size_t
last_wanted(const FilterTerms *t)
{
    size_t i = t->n;
    while (i > 0 && t->term[i - 1].without)
        i--;
    return i > 0 ? i - 1 : t->n;
}

static void
add_term(SxString *all, const char *begin, const FilterTerm *term, const char *end)
{
    sx_string_addf(all, "%s.*?(?%s:%s)%s", begin, term->flags & SX_PATTERN_NOCASE ? "i" : "", without_cr(term->regex), end);
}

/* One that is wanted is matched and not only looked ahead for: so the search knows what to look for. */
bool
filter_terms_pattern(SxSession *s, const FilterTerms *t, SxPattern **out, SxError *err)
{
    SxString all = {0};
    unsigned flags = SX_PATTERN_MULTILINE;
    if (!filter_terms_by_line(t))
        return sx_pattern_new(out, sx_bytes(t->term[0].regex, strlen(t->term[0].regex)), SX_PATTERN_REGEX,
                              t->term[0].flags, err);
    sx_string_addf(&all, "%s^", ui_text_ends(s) == SX_LINE_CR ? cr : "");
    size_t wanted = last_wanted(t);
    for (size_t i = 0; i < t->n; i++) {
        flags |= t->term[i].flags & SX_PATTERN_UTF;
        if (i != wanted)
            add_term(&all, t->term[i].without ? "(?!" : "(?=", &t->term[i], ")");
    }
    if (wanted < t->n)
        add_term(&all, "", &t->term[wanted], "");
    bool ok = all.failed ? sx_fail(err, SX_ERR_NOMEM, "no memory for a filter")
                         : sx_pattern_new(out, sx_bytes(all.data, all.len), SX_PATTERN_REGEX, flags, err);
    sx_string_clear(&all);
    return ok;
}

void
filter_terms_name(const FilterTerms *t, char *buf, size_t size)
{
    size_t used = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < t->n && used < size; i++) {
        char shown[48];
        ui_typed(t->term[i].typed, shown, sizeof shown);
        int n = snprintf(buf + used, size - used, "%s%s /%s/", i ? ", " : "", t->term[i].without ? "without" : "with", shown);
        used += n > 0 ? (size_t)n : 0;
    }
}
