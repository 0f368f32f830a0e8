/*
 * regex.c - compiling and running regular expressions. Offsets are those of the subject.
 */
#include "search/regex.h"

#include <string.h>

enum {
    MATCH_LIMIT = 2000000,      /* steps from one place; ours, because the default of ten million takes 130 ms */
    JIT_STACK_FIRST = 64 << 10, /* bytes */
    JIT_STACK_MAX = 64 << 20,
};

/* What to do about the mistakes that people make; all else is told in the library's words. */
static const struct {
    int code;
    const char *advice;
} advices[] = {
    {101, "a \\ at the end stands for nothing; write \\\\ for the sign itself"},
    {103, "\\ before this letter means nothing; leave the \\ out for the letter itself"},
    {104, "the numbers in {} are out of order; write the smaller first"},
    {105, "the number in {} is larger than 65535"},
    {106, "\"[\" is never closed; close it with ], or \\[ for the sign itself"},
    {107, "this escape does not work in [...]; leave the \\ out"},
    {108, "the range in [...] is out of order; write the smaller first"},
    {109, "nothing stands before this that could be repeated; write \\ before it for the sign itself"},
    {112, "[:names:] of classes stand inside another [ ], as in [[:digit:]]"},
    {113, "this name of a class in [: :] is not known; digit, alpha, space, xdigit are"},
    {114, "\"(\" is never closed; close it, or \\( for the sign itself"},
    {115, "there is no group with this number or name"},
    {122, "\")\" closes nothing; write \\) for the sign itself"},
    {125, "look-behind needs a fixed length; write (?<=a|bc) as alternatives, without * + ?"},
    {134, "this character is larger than a byte; write u behind the last slash for UTF-8 text"},
    {143, "two groups have this name"},
    {147, "this property is not known; \\p{L}, \\p{Lu}, \\p{Greek} are"},
};

static bool
compile_failed(const Lexer *x, int code, size_t at)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].code == code)
            return lex_fail(x, at, "%s", advices[i].advice);
    PCRE2_UCHAR text[160] = "";
    pcre2_get_error_message(code, text, sizeof text);
    return lex_fail(x, at, "%s", (const char *)text);
}

static uint32_t
compile_options(unsigned flags)
{
    uint32_t o = PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
    if (flags & SX_PATTERN_NOCASE)
        o |= PCRE2_CASELESS;
    if (flags & SX_PATTERN_DOTALL)
        o |= PCRE2_DOTALL;
    if (flags & SX_PATTERN_MULTILINE)
        o |= PCRE2_MULTILINE;
    if (flags & SX_PATTERN_EXTENDED)
        o |= PCRE2_EXTENDED;
    /* Without UCP the JIT compiler of 10.42 misses \D \W \S on every character beyond ASCII. */
    if (flags & SX_PATTERN_UTF)
        return o | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_UCP;
    return o | PCRE2_NEVER_UTF;
}

static uint32_t
info(const pcre2_code *code, uint32_t what)
{
    uint32_t v = 0;
    pcre2_pattern_info(code, what, &v);
    return v;
}

static pcre2_code *
compile_one(SxBytes text, uint32_t options, int *code, size_t *at)
{
    pcre2_compile_context *c = pcre2_compile_context_create(NULL);
    if (!c)
        return NULL;
    pcre2_set_newline(c, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(c, PCRE2_BSR_UNICODE);
    pcre2_code *out = pcre2_compile(text.data, text.len, options, code, at, c);
    pcre2_compile_context_free(c);
    return out;
}

bool
regex_compile(Regex *r, const Lexer *x, size_t at, SxBytes text, unsigned flags)
{
    Regex out = {.utf = flags & SX_PATTERN_UTF};
    int code = 121; /* out of memory, should the context fail */
    size_t where = 0;
    uint32_t options = compile_options(flags);
    out.code = compile_one(text, options, &code, &where);
    if (!out.code)
        return compile_failed(x, code, at + where);
    out.anchored = compile_one(text, options | PCRE2_ANCHORED, &code, &where);
    if (!out.anchored) {
        regex_clear(&out);
        return sx_fail(x->err, SX_ERR_NOMEM, "no memory for this pattern");
    }
    const uint32_t jit = PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD;
    out.jit = !(flags & SX_PATTERN_NO_JIT) && pcre2_jit_compile(out.code, jit) == 0 &&
              pcre2_jit_compile(out.anchored, jit) == 0;
    out.groups = info(out.code, PCRE2_INFO_CAPTURECOUNT);
    out.keeps = memmem(text.data, text.len, "\\K", 2);
    out.begins = info(out.code, PCRE2_INFO_ALLOPTIONS) & PCRE2_ANCHORED;
    out.behind = (info(out.code, PCRE2_INFO_MAXLOOKBEHIND) + 2) * (out.utf ? 4 : 1) + 2;
    *r = out;
    return true;
}

void
regex_clear(Regex *r)
{
    pcre2_code_free(r->code);
    pcre2_code_free(r->anchored);
    *r = (Regex){0};
}

bool
regex_run_open(RegexRun *run, const Regex *r, SxJob *job, SxError *err)
{
    RegexRun out = {.regex = r, .job = job};
    out.data = pcre2_match_data_create_from_pattern(r->code, NULL);
    out.context = pcre2_match_context_create(NULL);
    if (r->jit)
        out.stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
    *run = out;
    if (!out.data || !out.context || (r->jit && !out.stack)) {
        regex_run_close(run);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to run a regex");
    }
    pcre2_set_match_limit(out.context, MATCH_LIMIT);
    if (r->jit)
        pcre2_jit_stack_assign(out.context, NULL, out.stack);
    return true;
}

void
regex_run_close(RegexRun *run)
{
    pcre2_match_data_free(run->data);
    pcre2_match_context_free(run->context);
    pcre2_jit_stack_free(run->stack);
    *run = (RegexRun){0};
}

static int
run_match(RegexRun *run, const Subject *s, size_t from, size_t limit, uint32_t options, bool only)
{
    const pcre2_code *code = only ? run->regex->anchored : run->regex->code;
    pcre2_set_offset_limit(run->context, limit - 1);
    if (run->regex->jit)
        return pcre2_jit_match(code, s->data, s->len, from, options, run->data, run->context);
    return pcre2_match(code, s->data, s->len, from, options, run->data, run->context);
}

/* The library does not say where it gave up: narrow the places down until one is left. */
static size_t
find_limit(RegexRun *run, const Subject *s, size_t from, size_t limit, uint32_t options, bool only)
{
    size_t low = from, high = limit; /* it gives up in [low, high) */
    for (size_t step = 1; high - low > 1 && !sx_job_cancelled(run->job); step *= 8) {
        size_t mid = step < high - low ? low + step : low + (high - low) / 2;
        int rc = run_match(run, s, low, mid, options, only);
        if (rc == PCRE2_ERROR_NOMATCH) {
            low = mid;
        } else {
            high = mid;
            step = 1;
        }
    }
    return low;
}

/* In UTF-8 a match cannot begin inside a character. */
static size_t
character_start(const Subject *s, size_t from)
{
    size_t lead = from;
    while (lead > 0 && from - lead < 3 && lead < s->len && (s->data[lead] & 0xc0) == 0x80)
        lead--;
    if (lead == from || lead >= s->len || s->data[lead] < 0xc2 || s->data[lead] > 0xf4)
        return from;
    size_t n = s->data[lead] < 0xe0 ? 2 : s->data[lead] < 0xf0 ? 3 : 4;
    if (n <= from - lead || lead + n > s->len)
        return from;
    for (size_t i = 1; i < n; i++)
        if ((s->data[lead + i] & 0xc0) != 0x80)
            return from;
    return lead + n;
}

Verdict
regex_next(RegexRun *run, const Subject *s, size_t from, size_t limit, bool nonempty, bool only, bool whole, Hit *hit)
{
    uint32_t options = (s->first ? 0 : PCRE2_NOTBOL) | (s->last && s->cut ? PCRE2_NOTEOL : 0) |
                       (s->last || whole ? 0 : PCRE2_PARTIAL_HARD) | (nonempty ? PCRE2_NOTEMPTY_ATSTART : 0);
    if (run->regex->utf) {
        size_t start = character_start(s, from);
        if (start != from && only)
            return VERDICT_MISS;
        from = start;
    }
    while (from < limit) {
        int rc = run_match(run, s, from, limit, options, only);
        if (rc == PCRE2_ERROR_NOMATCH)
            return VERDICT_MISS;
        size_t start = rc >= 0 || rc == PCRE2_ERROR_PARTIAL ? pcre2_get_startchar(run->data) : from;
        if (rc == PCRE2_ERROR_PARTIAL) {
            *hit = (Hit){start, start, start};
            return VERDICT_SHORT;
        }
        if (rc < 0) {
            start = find_limit(run, s, from, limit, options, only);
            *hit = (Hit){start, start, start};
            return sx_job_cancelled(run->job) ? VERDICT_CANCELLED : VERDICT_LIMIT;
        }
        const size_t *v = pcre2_get_ovector_pointer(run->data);
        *hit = (Hit){start, v[0], v[1]};
        if (v[0] <= v[1])
            return VERDICT_HIT;
        from = start + 1;
    }
    return VERDICT_MISS;
}

void
regex_groups(const RegexRun *run, const Subject *s, SxMatch *out)
{
    const size_t *v = pcre2_get_ovector_pointer(run->data);
    size_t n = (size_t)run->regex->groups + 1;
    out->groups = n < SX_GROUPS_MAX ? n : SX_GROUPS_MAX;
    for (size_t i = 0; i < out->groups; i++)
        out->group[i] = v[2 * i] == PCRE2_UNSET || v[2 * i + 1] < v[2 * i]
                            ? (SxSpan){UINT64_MAX, 0}
                            : (SxSpan){s->at + v[2 * i], v[2 * i + 1] - v[2 * i]};
}
