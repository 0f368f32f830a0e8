/*
 * found_parts.h - the row of parts behind a Found, for the files that make it: found.c keeps it, found_mend.c mends it.
 */
#pragma once

#include "command/found.h"

typedef enum PartKind { PART_SET, PART_LIST, PART_TOUCHED } PartKind;

typedef struct Part {
    PartKind kind;
    uint64_t len;
    uint64_t base; /* SET, LIST: where it begins in what it shows */
    Kept *spans;  /* LIST */
    /* made by found_sums */
    uint64_t at;          /* where it begins now */
    uint64_t first, count; /* index of its first match, and how many begin in it */
    uint64_t skip;        /* how many of what it shows lie before it */
} Part;

struct Found {
    SxPattern *pattern; /* NULL: a list */
    SxMatchSet *set;    /* NULL: a list */
    SxJob *job;
    SxSnapshot *of;
    SxSpan range; /* as it was asked for */
    uint64_t at;  /* where the first part begins */
    Part *parts;
    size_t count, cap;
    bool broken;        /* edits could not be followed */
    bool held;          /* `seen` is what is told of the set */
    SxMatchSetState seen;
    bool fresh;         /* the sums hold, for this many of the set */
    uint64_t fresh_for;
};

SxMatchSetState found_set(Found *f); /* how far the set is */
void found_sums(Found *f); /* have the sums of the parts hold */
/* The rest with sums that hold: */
uint64_t found_end(const Found *f);
/* The last part that begins at or before `at`, so that of those of no length the last one. */
size_t found_part_at(const Found *f, uint64_t at);
/* In the place of `span` one part; false: there is no room, and the row is what it was or broken. */
bool found_put(Found *f, SxSpan span, Part part);
