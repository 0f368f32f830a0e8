/*
 * compare.h - the file as it is now against what we know of what it was: before a reload, to say what others changed and
 * what of ours that meets.
 *
 * Known are the bytes that edits replaced (witness.h), and all of a file whose name another file has taken: we hold it
 * open. Of the rest of a file that was written in place only its length is known.
 */
#pragma once

#include "document/core.h"

struct SxDifferences {
    SxDifference *data; /* ascending by offset in the file */
    size_t count;
    size_t room;
    bool cut; /* there are more */
    SxSnapshot *ours;
    SxMap *map;       /* the file now; NULL: empty */
    SxSource *theirs; /* of map */
    SxSource *was;    /* the file that had the name, NULL: it is the same one */
    Store *store;     /* the bytes of witnesses */
    uint32_t epoch;
    uint16_t file;
    bool same; /* the file is the one we knew */
};

/* Whether what an edit replaced is there still. */
typedef enum Verdict { VERDICT_SAME, VERDICT_CHANGED, VERDICT_GONE, VERDICT_UNKNOWN } Verdict;
Verdict compare_hunk(const SxDifferences *x, const SxHunk *h, bool foreign);

/* Without any difference yet; and those that changes of ours meet. */
bool compare_begin(SxDocument *d, SxDifferences **out, SxError *err);
bool compare_conflicts(SxDifferences *x, SxDocument *d, SxJob *job, SxError *err);
