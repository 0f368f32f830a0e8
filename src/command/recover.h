/*
 * recover.h - journals that wait, in the words of the messages: what the part without a screen and the one with it share.
 */
#pragma once

#include <sextant/recovery.h>

#include "command/session_private.h"

/* The newest journal of the document that has something to offer: unsaved changes, a write that was cut off; also those
 * that were discarded, when they are asked for. *out is yours to clear. False: there is none. */
bool waiting_find(SxSession *s, SxDocument *d, bool discarded, SxJournalInfo *out);
void waiting_clear(SxJournalInfo *info);

/* "14:02" of today, else "20 Nov". buf of 16 is enough. Returns buf. */
const char *waiting_time(int64_t time, char *buf, size_t size);
/* "3 unsaved changes of 14:02". Returns buf. */
const char *waiting_words(const SxJournalInfo *info, char *buf, size_t size);
