/*
 * safe.h - the one place that decides which bytes may reach a terminal as they are.
 */
#pragma once

#include <sextant/bytes.h>

enum {
    SAFE_UTF8 = 1 << 0,      /* visible characters beyond ASCII stay */
    SAFE_QUOTE = 1 << 1,     /* \" for a quote */
    SAFE_BACKSLASH = 1 << 2, /* \\ for a backslash, and \t \n \r; without it controls are \xNN and a backslash stays */
};

/* A character, or its escape; no NUL. */
typedef struct SafeUnit {
    char text[4];
    size_t len;  /* bytes of text */
    size_t used; /* bytes of the input */
    bool shown;  /* a visible character as it is, which a combining one may follow */
} SafeUnit;

/* The unit that `in` (not empty) begins with. `after_shown`: the unit before it was shown. */
SafeUnit safe_unit(SxBytes in, unsigned flags, bool after_shown);
