/*
 * hunt.h - what is looked for with vectors before anything slower is asked whether a match begins there.
 *
 * Either the first bytes of matches are rare enough; or something that each match holds further on is, behind a part that
 * is of some length, or made of some bytes only: \w+@, .*error, [0-9]{1,3}\. and so on. Where both may be, the bytes that
 * are searched decide: in a log of "took=1", ERROR is the rarer part of ERROR.*took=1, whatever letters are elsewhere.
 */
#pragma once

#include "search/fixed.h"
#include "search/number.h"
#include "search/regex.h"
#include "search/sieve.h"

typedef struct Hunt {
    Sieve sieve;       /* no points: nothing is known that would help */
    bool inner;        /* the sieve is for what stands behind a part of */
    uint64_t min, max; /* so many bytes, */
    ByteSet before;    /* out of these */
    Sieve prefix;      /* inner: for what matches begin with, in case that is rarer after all; no points: not worth it */
} Hunt;

/* For an expression; `root` may be NULL. */
void hunt_expression(Hunt *h, const Node *root);
/* For alternatives of fixed length. */
void hunt_rows(Hunt *h, const Fixed *f);
void hunt_number(Hunt *h, const Number *n);

static inline bool
hunt_helps(const Hunt *h)
{
    return h->sieve.points > 0;
}

/* What is known of a source that is searched piece by piece, and of the subject at hand. */
typedef struct Trail {
    SxSpan sampled;  /* of the source: here it holds that */
    bool prefix;     /* of two sieves the prefix's lets less through */
    size_t from, at; /* nothing comes through in [from, at) */
    size_t first;    /* from here on a match may reach `at` */
} Trail;

/* The next subject may be another one. */
static inline void
trail_leave(Trail *t)
{
    t->from = t->at = t->first = 0;
}

/* As regex_next; only where hunt_helps, and for expressions that do not match empty. */
Verdict hunt_next(const Hunt *h, RegexRun *run, Trail *trail, const Subject *s, Places in, bool whole, Hit *hit);
