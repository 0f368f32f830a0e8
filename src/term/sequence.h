/* sequence.h - escape sequences as keys. Private to term/. */
#pragma once

#include "term/caps.h"

enum { SEQUENCE_MAX = 64 };

/*
 * One whole sequence, Esc included: "\033[1;5A", "\033OP". Asks the terminal's own list first, then what xterm, rxvt,
 * the Linux console, screen and the kitty protocol send. UNKNOWN when nobody knows it.
 */
SxKey sequence_key(const Caps *c, const char *bytes, size_t len);

/* "\033[<0;12;3M": the mouse; NONE for buttons and wheels that mean nothing here. */
bool sequence_mouse(const char *bytes, size_t len, SxEvent *out);
/* The three bytes of the old protocol, behind "\033[M". */
bool sequence_mouse_old(const uint8_t bytes[3], SxEvent *out);
