/*
 * journal_append.h - how a record comes into the log: begin, put the payload, end. For the files that know what
 * records say.
 *
 *     Wire *w = journal_record_begin(j);
 *     if (!w)
 *         return journal_refuse(j, err);
 *     wire_put(w, ...);
 *     return journal_record_end(j, JOURNAL_TYPE_..., err);
 */
#pragma once

#include "document/journal_format.h"

/* Take the lock and make room for the head. NULL: the journal has failed, nothing is locked. The wire is borrowed until
 * the end; what fails to be put there fails the end. */
Wire *journal_record_begin(Journal *j);
/* Write the record and let go of the lock. False: the journal has failed, now or before. */
bool journal_record_end(Journal *j, JournalType type, SxError *err);
/* The same; with `waits` the record may wait for the next one that does not. */
bool journal_record_finish(Journal *j, JournalType type, bool waits, SxError *err);

/* Nothing more is written. */
bool journal_failed(const Journal *j);
/* False, and err says why the journal has failed. */
bool journal_refuse(const Journal *j, SxError *err);
