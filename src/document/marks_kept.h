/*
 * marks_kept.h - the marks of a file between two sessions: beside the journal, for the next one to have at once, whether
 * or not it takes up the history.
 */
#pragma once

#include "document/core.h"

/* The session ends in order: marks as they are in the file go into the journal's directory. Where the file is not what the
 * document was at some step, there are none. */
void document_keep_marks(SxDocument *d);
