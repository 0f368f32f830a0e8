/*
 * foreign.h - what we know of the file, so that what others do to it is noticed.
 */
#pragma once

#include "document/core.h"

/* Look at the file and remember how it is: after opening, after every change of ours. */
void document_know_file(SxDocument *d);
