/*
 * recover_play.h - the parts of playing a journal: each plays records of some kinds, and false ends the playing, with
 * the reason in r->damage or r->error.
 *
 *     recover_images   old bytes of the file           recover_saves    saves, and the files that there are
 *     recover_steps    edits                           recover_play     which of them a record is for
 */
#pragma once

#include "document/recover.h"

/* All three return false. */
bool play_contradicts(Recovery *r, const char *what);
bool play_no_memory(Recovery *r);
bool play_edit_failed(Recovery *r, const SxError *why); /* for want of memory, or because it could not be */

/* The document becomes what was built, when all of it was `added`; `b` is gone in any case. False: no memory. */
bool play_built(Recovery *r, Builder *b, bool added);

/* The document's file, as the records so far have it. */
File *recovery_file(const Recovery *r);
/* A number that is greater than the file's epoch means the file as it is now: what was to be written is there. */
bool play_epoch_reached(Recovery *r, uint32_t epoch);
/* Of a file that was named. */
bool play_piece_known(Recovery *r, const Piece *p);

bool play_before(Recovery *r, const JournalEntry *e);
bool play_witness(Recovery *r, const JournalEntry *e);

bool play_step_begin(Recovery *r, const JournalEntry *e);
void play_step_end(Recovery *r); /* nothing where none has begun */
bool play_step_cancel(Recovery *r);
bool play_walk(Recovery *r, uint64_t number);
bool play_splice(Recovery *r, const JournalEntry *e);
bool play_bulk(Recovery *r, const JournalEntry *e);

bool play_name(Recovery *r, const JournalEntry *e);
bool play_file(Recovery *r, const JournalEntry *e);
bool play_save_begin(Recovery *r, const JournalEntry *e);
bool play_save_end(Recovery *r, bool done);
bool play_rebase(Recovery *r, const JournalEntry *e);
