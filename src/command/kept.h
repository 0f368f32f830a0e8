/*
 * kept.h - matches in memory: where they are, ascending, and what their bytes were when they were found.
 *
 * ownership  counted; several parts of a Found may show one list
 * memory     16 bytes a match, and the bytes where they are kept
 */
#pragma once

#include <sextant/search.h>

enum { KEPT_MAX = 1000000, KEPT_BYTES_MAX = 32 << 20 };

typedef struct Kept {
    unsigned refs; /* guarded by nothing: one thread at a time */
    SxSpan *at;
    size_t count, cap;
    uint8_t *bytes; /* of all of them in a row; NULL: not kept */
    size_t *begins; /* where in `bytes` each one's are */
    size_t len, cap_bytes, cap_begins;
} Kept;

Kept *kept_new(void); /* NULL: no memory */
Kept *kept_retain(Kept *s);
void kept_release(Kept *s);
bool kept_add(Kept *s, SxSpan span);
/* The same with its bytes, as `source` has them now. errors: SX_ERR_LIMIT when that would be too many. */
bool kept_add_read(Kept *s, SxSpan span, SxSource *source, SxError *err);
/* The index of the first that begins at or behind `at`. */
size_t kept_index(const Kept *s, uint64_t at);
