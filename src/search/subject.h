/*
 * subject.h - bytes in memory that a matcher works on, and what it answers.
 */
#pragma once

#include <sextant/bytes.h>

typedef struct Subject {
    const uint8_t *data;
    size_t len;
    uint64_t at;    /* offset of data[0] in the source */
    bool first;     /* nothing lies before data[0]: the source begins there */
    bool last;      /* nothing lies behind: what a match needs and does not find here is not there at all */
    bool cut;       /* with `last`: only because bytes behind are lost or out of bounds; $ does not match there */
} Subject;

/* Where a match may begin: [from, limit); limit is at most len + 1. */
typedef struct Places {
    size_t from, limit;
    bool nonempty; /* at `from` an empty match does not count */
    bool head;     /* the search begins at `from`, or a match ended there: \G */
} Places;

typedef enum Verdict {
    VERDICT_HIT,
    VERDICT_MISS,      /* no match begins in the places that were asked for */
    VERDICT_SHORT,     /* none before hit->start; there the bytes behind the subject are needed to know */
    VERDICT_LIMIT,     /* gave up at hit->start */
    VERDICT_CANCELLED,
    VERDICT_FAILED,
} Verdict;

typedef struct Hit {
    size_t start; /* where the attempt began: what orders matches */
    size_t at;    /* where the match is said to begin: `start`, but for \K */
    size_t end;
} Hit;
