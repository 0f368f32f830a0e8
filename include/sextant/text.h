/*
 * text.h - text that comes from files and goes to people: printable form, UTF-8, sizes, numbers.
 *
 * Nothing raw from a file, a name or an error reaches a terminal: it passes sx_text_printable.
 * Printable form: 20-7e as they are but for \\, then \t \n \r, else \xNN; so a line is always one record.
 *
 * columns    of errors are 1-based and count bytes
 * threads    pure functions; a string belongs to one thread at a time
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

SX_BEGIN

enum {
    SX_PRINTABLE_UTF8 = 1 << 0,  /* valid, visible UTF-8 stays as it is (for screens); bidi and C1 controls never */
    SX_PRINTABLE_QUOTE = 1 << 1, /* also \" */
};

/*
 * Write the printable form of `in` into buf, NUL-terminated, cut at a whole unit when it does not fit.
 *
 * buf      may be NULL when size is 0
 * flags    with SX_PRINTABLE_UTF8, characters that take a cell stay, and accents behind one; never controls, bidi
 *          controls, unassigned or zero-width format characters
 * returns  the length it needs without the NUL, as snprintf does
 */
size_t sx_text_printable(char *buf, size_t size, SxBytes in, unsigned flags);

/*
 * The reverse, for patterns and BYTES arguments: \n \t \r \e \0 \xNN \" \\. Whatever bytes printable was given, come back.
 *
 * out      in.len bytes of room; may be in.data itself
 * len      set on success to the bytes written, never more than in.len
 * errors   SX_ERR_SYNTAX with the column of the backslash; \0 before a digit is refused, it is no octal here
 */
bool sx_text_unescape(uint8_t *out, size_t *len, SxBytes in, SxError *err);

/* Decode one character. Returns bytes used (1 for an invalid byte, with *code = UINT32_MAX), 0 at the end.
 * Unicode 15, table 3-7: no surrogates, no overlong forms. */
size_t sx_utf8_decode(SxBytes in, uint32_t *code);
size_t sx_utf8_encode(char out[4], uint32_t code); /* bytes written; 0 for what is no character, surrogates too */

/*
 * Cells on a terminal: 0, 1, 2; -1 for controls, bidi controls, unassigned: draw a substitute.
 *
 * What glibc's wcwidth says in a UTF-8 locale (Unicode 14), from a table: the answer does not depend on the locale,
 * so it holds in tests and in programs that set none. 0 are accents, which are drawn on the character before them,
 * and zero-width format characters. Where a terminal library knows less than this, it draws a substitute too.
 */
int sx_text_width(uint32_t code);
bool sx_text_combines(uint32_t code); /* an accent: of width 0, and seen on the character before it */

/* "18.6 GiB", "64.0 MiB", "737 bytes", "1 byte": rounded to the nearest tenth; buf of 16 is enough. Returns buf. */
const char *sx_text_size(char *buf, size_t size, uint64_t bytes);
/* Cut a name in the middle to `cells`: "firm…ware.bin"; escapes and accents stay whole. `name` is printable already.
 * Returns buf. */
const char *sx_text_middle(char *buf, size_t size, const char *name, size_t cells);
/* "0.3 ms", "4 ms", "1.2 s", "14 s", "3 min 20 s", "2 h 5 min"; a zero second part goes; buf of 24. Returns buf. */
const char *sx_text_duration(char *buf, size_t size, uint64_t nanoseconds);

/*
 * A growing, always NUL-terminated string. {0} is empty. A failed growth sets `failed` and keeps what there is; adds
 * behind it do nothing, so that a string never has a hole: ask once, at the end.
 */
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
/* Room for `need` items of `size` bytes in the array of *cap items that *array_pointer points to (NULL at first); at
 * least doubles when it must grow. false: no memory, or more than memory can be; the array is unchanged. */
bool sx_grow(void *array_pointer, size_t *cap, size_t need, size_t size);

SX_END
