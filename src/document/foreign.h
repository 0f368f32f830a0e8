/*
 * foreign.h - what we know of the file, so that what others do to it is noticed.
 */
#pragma once

#include "document/core.h"

/* Look at the file and remember how it is: after opening, reloading, saving. */
void document_know_file(SxDocument *d);
/* We are about to write into the file: what others have done up to here is not forgotten behind it. */
void document_before_write(SxDocument *d);
bool foreign_may_reload(const SxDocument *d, SxError *err);
/* A map of the file as it is now, with the access that the document needs; *out NULL: it is empty. */
bool foreign_open(const SxDocument *d, SxMap **out, SxError *err);
/* Whether a map shows the file that we knew. */
bool foreign_is_known(const SxDocument *d, const SxMap *map);
/* Read the file by `map` (taken) from now on. */
bool foreign_take(SxDocument *d, SxMap *map, SxError *err);
/* We have written into the file. */
void document_after_write(SxDocument *d);
