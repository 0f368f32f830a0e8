/*
 * pattern.h - what a pattern is inside the layer: its words, how it is matched, and what is known of its matches.
 */
#pragma once

#include "search/fixed.h"
#include "search/hunt.h"
#include "search/number.h"
#include "search/regex.h"

#include <sextant/search.h>

#include <stdatomic.h>

typedef enum MatchHow {
    MATCH_FIXED,  /* a few alternatives of fixed length */
    MATCH_NUMBER, /* a value read at each place */
    MATCH_REGEX,  /* PCRE2 */
} MatchHow;

struct SxPattern {
    atomic_uint count;
    SxPatternKind kind;
    MatchHow how;
    char *text;     /* canonical */
    uint64_t align; /* matches begin at multiples of it */
    bool no_jit;    /* regexes by the interpreter */
    bool negate;    /* FIXED, of one length: where none of the alternatives matches */
    Fixed fixed;
    Number number;
    Regex regex;
    Hunt hunt;       /* how the next place is found that is worth a test */
    uint64_t min;    /* shortest match */
    uint64_t max;    /* longest, LENGTH_MAX when unbounded */
    uint64_t ahead;  /* bytes a match may look at beyond its end */
    uint64_t behind; /* and before its start */
    bool in_line;    /* no match holds a line feed */
};

/* The bytes from a start that decide whether it matches, LENGTH_MAX when there is no bound. */
static inline uint64_t
pattern_span(const SxPattern *p)
{
    return p->max > LENGTH_MAX - p->ahead ? LENGTH_MAX : p->max + p->ahead;
}
