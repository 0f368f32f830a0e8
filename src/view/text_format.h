/*
 * text_format.h - what a text says of its own looks: the sequences of terminals (ECMA-48: SGR, and those that draw
 * nothing here) and overstrike, as man(1) writes for a pager.
 */
#pragma once

#include <sextant/text_rows.h>

enum { FORMAT_LEAD_MAX = 96, FORMAT_STRUCK_MAX = 48 };

/*
 * The bytes of the sequence that `in` (which may be empty) begins with, and what it makes of `own`; 0: it begins with
 * none, or with none that is whole.
 */
size_t text_format_sequence(SxBytes in, SxTextOwn *own);
/* Of all sequences there, at most FORMAT_LEAD_MAX. */
size_t text_format_sequences(SxBytes in, SxTextOwn *own);
/* `own` behind all of the sequences in `in`, wherever they lie. */
void text_format_skim(SxBytes in, SxTextOwn *own);
/* The styles that stand for it. */
SxStyles text_format_styles(SxTextOwn own);
