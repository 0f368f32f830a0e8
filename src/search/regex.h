/*
 * regex.h - regular expressions: the only home of PCRE2.
 */
#pragma once

#include "search/lexer.h"
#include "search/subject.h"

#include <sextant/job.h>
#include <sextant/search.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

typedef struct Regex {
    pcre2_code *code;     /* NULL: the pattern is none. Tries every place */
    pcre2_code *anchored; /* tries the first place only */
    bool jit;
    bool utf;
    bool keeps;  /* \K: a match may be said to begin later than where it was looked for */
    bool begins; /* can match at the place where the search begins only */
    uint32_t groups; /* without group 0 */
    uint32_t behind; /* bytes that look-behind may need */
} Regex;

/*
 * text    the expression without slashes; `at` is where it stands in x->text, for the columns of messages
 * flags   SxPatternFlags
 * raw     made by ourselves out of a tree: bytes, dot matches everything
 */
bool regex_compile(Regex *r, const Lexer *x, size_t at, SxBytes text, unsigned flags);
void regex_clear(Regex *r);

/* What one thread needs to run one. */
typedef struct RegexRun {
    const Regex *regex;
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    SxJob *job;
} RegexRun;

bool regex_run_open(RegexRun *run, const Regex *r, SxJob *job, SxError *err);
void regex_run_close(RegexRun *run);

/*
 * The first match that begins in [from, limit) of the subject.
 *
 * nonempty   at `from` an empty match does not count
 * only       try `from` alone
 * whole      the subject holds all that any of these places can look at
 */
Verdict regex_next(RegexRun *run, const Subject *s, size_t from, size_t limit, bool nonempty, bool only, bool whole,
                   Hit *hit);
/* The groups of the last hit, as offsets in the source. */
void regex_groups(const RegexRun *run, const Subject *s, SxMatch *out);
