/*
 * regex.h - regular expressions: the only home of PCRE2.
 */
#pragma once

#include "search/interrupt.h"
#include "search/lexer.h"
#include "search/subject.h"
#include "search/syntax.h"

#include <sextant/job.h>
#include <sextant/search.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

typedef struct Regex {
    pcre2_code *code;     /* NULL: the pattern is none. Tries every place */
    pcre2_code *anchored; /* tries the first place only */
    pcre2_code *head;     /* NULL: there is no \G; else tries the head, where \G holds. In the others it never does */
    bool jit;
    bool utf;
    bool begins; /* tries the head alone: \A or ^ leads, or \G */
    bool keeps;  /* \K: a match may be said to begin later than where it was looked for */
    uint32_t groups; /* without group 0 */
    uint64_t behind; /* bytes that look-behind may need */
} Regex;

/*
 * Compile an expression without its slashes; `at` is where it stands in x->text, for the columns of messages.
 *
 * flags    SxPatternFlags
 * syntax   what is known of its matches, in nodes of `t`
 */
bool regex_compile(Regex *r, const Lexer *x, size_t at, SxBytes text, unsigned flags, Tree *t, Syntax *syntax);
void regex_clear(Regex *r);

/* What the interpreter's callouts watch: see regex.c. */
typedef struct RegexWatch {
    SxJob *job;
    const Interrupt *interrupt;
    size_t limit;   /* attempts from here on are not wanted */
    size_t edge;    /* from here on an attempt looks beyond what is known; SIZE_MAX: never */
    bool cancelled;
    size_t start;   /* of the attempt that came to the edge, SIZE_MAX: none did */
    uint32_t calls;
} RegexWatch;

/* What one thread needs to run one. It must not move while it is open. */
typedef struct RegexRun {
    const Regex *regex;
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    RegexWatch watch;
    Interrupt interrupt; /* whoever calls what is below asks interrupt_caught first: then it was cancelled */
} RegexRun;

bool regex_run_open(RegexRun *run, const Regex *r, SxJob *job, SxError *err);
void regex_run_close(RegexRun *run);
/* It is to end after so long, and take little memory: somebody waits for the next screen. */
void regex_hurry(RegexRun *run, uint64_t nanoseconds);

/* The first match that begins in these places. `whole`: the subject holds all that any of them can look at. */
Verdict regex_next(RegexRun *run, const Subject *s, Places in, bool whole, Hit *hit);
/* The match that begins at in.from, if any. */
Verdict regex_at(RegexRun *run, const Subject *s, Places in, bool whole, Hit *hit);
/* The groups of the last hit, as offsets in the source. */
void regex_groups(const RegexRun *run, const Subject *s, SxMatch *out);
