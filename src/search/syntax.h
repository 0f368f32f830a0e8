/*
 * syntax.h - reading a regular expression as PCRE2 does, as far as it tells what its matches are made of.
 *
 * The tree is a superset: every string that matches fits it, and look-around fits its `ahead`. What is not understood
 * (conditions, names that came later than this) makes the whole unknown, never wrong. The expression has been compiled
 * before, so it has no mistakes.
 */
#pragma once

#include "search/tree.h"

enum { SYNTAX_STARTS_MAX = 16 };

typedef struct Syntax {
    const Node *root;   /* NULL: unknown */
    uint64_t behind;    /* bytes that nested look-behind may go back, LENGTH_MAX unknown */
    bool keeps;         /* \K */
    size_t start[SYNTAX_STARTS_MAX]; /* where each \G stands */
    size_t starts;
    size_t verb;        /* where a verb stands that reaches beyond its own attempt, SIZE_MAX: none */
    bool lost_track;    /* \G may stand where nobody saw it */
    bool odd_start;     /* (?>...) (...)*+ (?=...): there start optimizations of PCRE2 10.42 go wrong */
    struct Sticky { size_t open, plus; } sticky[SYNTAX_STARTS_MAX]; /* where each (...)*+ has its ( and its + */
    size_t stickies;
    bool stale_groups;  /* there are some that nobody saw, or too many */
    bool recurses;      /* a group is called from elsewhere: (?R), (?1), (?&name) */
} Syntax;

/* `text` is what PCRE2 got, `flags` the SxPatternFlags; nodes live in `t`. */
void syntax_read(Syntax *out, Tree *t, SxBytes text, unsigned flags);
