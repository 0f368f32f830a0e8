/*
 * foreign.h - what we know of the file, so that what others do to it is noticed.
 */
#pragma once

#include "document/core.h"

/* Look at the file and remember how it is: after opening, reloading, saving. */
void document_know_file(SxDocument *d);
/* We are about to write into the file: what others have done up to here is not forgotten behind it. */
void document_before_write(SxDocument *d);
/* We have written into the file. */
void document_after_write(SxDocument *d);
