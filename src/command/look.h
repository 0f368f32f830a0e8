/* look.h - a command that looks through the document: its snapshot, its job, and how misses are told. */
#pragma once

#include "command/session_private.h"

typedef struct Look {
    SxSnapshot *snapshot;
    SxSource *source; /* of the snapshot */
    SxJob *job;
    uint64_t cursor;
    uint64_t length;
} Look;

/* Takes a snapshot and begins a job; end it in any case once it has begun. */
bool look_begin(SxSession *s, Look *look, const char *name, SxError *err);
void look_end(SxSession *s, Look *look);

/* Bytes of `span` that could not be read, and so were not searched. The gaps of a process do not count: nothing is there. */
uint64_t look_unread(SxSession *s, SxSource *source, SxSpan span);
/* For what goes through all of `span` and has told its results: fails with LOST when some of it could not be read. */
SxExit look_all_read(SxSession *s, const Look *look, SxSpan span, SxExit exit, SxError *err);
/* The words for what did not come out FOUND (M24): a miss is told and is ABSENT, but FAILED where some could not be read;
 * STOPPED and FAILED fill err. `span` was searched, `count` were found till then, `gave_up` is an offset or UINT64_MAX. */
SxExit look_missed(SxSession *s, const Look *look, const SxPattern *pattern, SxSpan span, SxFound found,
                   uint64_t count, uint64_t gave_up, SxError *err);

unsigned look_percent(const Look *look); /* of its job */
/* Where to look for the hunk behind `h`; two may lie at one place, an empty one first. */
uint64_t look_behind(const SxHunk *h);
/* The last part of a path as people read it; buf of 64 is enough. Returns buf. */
const char *look_file_name(const char *path, char *buf, size_t size);

/* Search the last pattern again from the cursor and go there; prints nothing. */
SxExit search_again(SxSession *s, bool backward, SxError *err);
