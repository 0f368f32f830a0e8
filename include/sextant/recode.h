/*
 * recode.h - the characters of some bytes written in another encoding, and line ends as others.
 *
 * units      bytes
 * threads    pure functions
 */
#pragma once

#include <sextant/encoding.h>

SX_BEGIN

/* Why recoding stopped. */
typedef struct SxRecodeStop {
    size_t at;     /* in the input */
    uint32_t code; /* the character that `to` does not have; SX_NO_CHARACTER: no character of `from` stands there */
} SxRecodeStop;

/*
 * Write the characters of `in` as `to` has them.
 *
 * last     nothing comes behind `in`; else a character that its end may cut is left for the next call
 * out      room for SX_ENCODING_MOST bytes for each byte of `in`
 * used     bytes of `in` that were recoded
 * made     bytes in `out`
 * returns  false when something cannot be written: *stop says what, *used and *made what was done before it
 * cost     a look into a table for each character
 */
bool sx_recode(const SxEncoding *from, const SxEncoding *to, SxBytes in, bool last, uint8_t *out, size_t *used,
               size_t *made, SxRecodeStop *stop);

/*
 * The first line end at or behind `from` that is not `end`: LF, CR, both together, and NEL in EBCDIC.
 *
 * in       begins with a whole character; goes on to `room` bytes that may be looked at
 * last     nothing comes behind `in`; else a CR at its end is left for the next call
 * at, len  set when one is found; else *at is where to go on
 */
bool sx_line_end_other(const SxEncoding *e, SxLineEnd end, SxBytes in, size_t from, bool last, size_t *at, size_t *len);

SX_END
