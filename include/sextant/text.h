/*
 * text.h - text that comes from files and goes to people: printable form, UTF-8, sizes, numbers.
 *
 * Nothing raw from a file, a name or an error reaches a terminal: it passes sx_text_printable.
 * Printable form: 20-7e as they are but for \\, then \t \n \r, else \xNN; so a line is always one record.
 *
 * threads    pure functions
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

SX_BEGIN

enum {
    SX_PRINTABLE_UTF8 = 1 << 0,  /* valid, visible UTF-8 stays as it is (for screens); bidi and C1 controls never */
    SX_PRINTABLE_QUOTE = 1 << 1, /* also \" */
};

/* Write the printable form of `in` into buf (NUL-terminated, cut at a whole unit when it does not fit). Returns the
 * length it needs without the NUL, as snprintf does. */
size_t sx_text_printable(char *buf, size_t size, SxBytes in, unsigned flags);

/* The reverse, for patterns and BYTES arguments: \n \t \r \\ \" \0 \xNN \e. In place or into out; SX_ERR_SYNTAX with
 * the column. *len is set to the bytes written, never more than in.len. */
bool sx_text_unescape(uint8_t *out, size_t *len, SxBytes in, SxError *err);

/* Decode one character. Returns bytes used (1 for an invalid byte, with *code = UINT32_MAX), 0 at the end.
 * Unicode 15, table 3-7: no surrogates, no overlong forms. */
size_t sx_utf8_decode(SxBytes in, uint32_t *code);
size_t sx_utf8_encode(char out[4], uint32_t code); /* 0 for what is no character */
/* Cells on a terminal: 0, 1, 2; -1 for controls, bidi controls, unassigned: draw a substitute. */
int sx_text_width(uint32_t code);

/* "18.6 GiB", "64.0 MiB", "737 bytes"; buf of 16 is enough. Returns buf. */
const char *sx_text_size(char *buf, size_t size, uint64_t bytes);
/* Cut a name in the middle to `cells`: "firm…ware.bin". Input is printable already. Returns buf. */
const char *sx_text_middle(char *buf, size_t size, const char *name, size_t cells);
/* "4 ms", "1.2 s", "3 min 20 s"; buf of 24. */
const char *sx_text_duration(char *buf, size_t size, uint64_t nanoseconds);

/* A growing, always NUL-terminated string; a failed growth sets `failed` and keeps what there is. {0} is empty. */
typedef struct SxString {
    char *data; /* may be NULL when empty */
    size_t len;
    size_t cap;
    bool failed;
} SxString;
void sx_string_add(SxString *s, const char *text);
void sx_string_add_bytes(SxString *s, SxBytes bytes);
void sx_string_addf(SxString *s, const char *fmt, ...) SX_PRINTF(2, 3);
void sx_string_add_printable(SxString *s, SxBytes bytes, unsigned flags);
void sx_string_clear(SxString *s); /* frees; {0} again */
const char *sx_string(const SxString *s); /* never NULL */

/* Sizes that cannot overflow: false, and *out untouched, when they would. */
static inline bool
sx_size_add(size_t a, size_t b, size_t *out)
{
    size_t r;
    return !__builtin_add_overflow(a, b, &r) && (*out = r, true);
}
static inline bool
sx_size_mul(size_t a, size_t b, size_t *out)
{
    size_t r;
    return !__builtin_mul_overflow(a, b, &r) && (*out = r, true);
}
/* Room for one more item of `size` in an array of *cap; doubles. false: no memory, array unchanged. */
bool sx_grow(void *array_pointer, size_t *cap, size_t need, size_t size);

SX_END
