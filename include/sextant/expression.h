/*
 * expression.h - wherever a number is asked: 0x40, +16, end-4, 50%, ., 'a, sel, u32le(.), 4K, (a + b) * 2.
 *
 * grammar (loosest first; spaces allowed inside parentheses, and everywhere when `spaces` is set)
 *     value    a | b    a ^ b    a & b    a << b >> b    a + b - b    a * b / b mod b
 *     unary    -a  ~a
 *     atom     123  0x7f  0b101  0o17  1_000  'a'-less mark: 'a   .   end   sel   selend   sellen   (value)
 *              4K 1M 2G 3T 1P (1024s; KiB MiB too; kB MB: 1000s)   50% (of the length)
 *              u8(x) i8(x) u16le(x) ... u64be(x) i64be(x): the value there
 *     a leading + or - makes the whole relative to the cursor where the caller allows that
 *
 * errors   SX_ERR_SYNTAX with the 1-based column; SX_ERR_RANGE for overflow, division by zero, a read past the end;
 *          messages name the part that is wrong
 * cost     O(length), no allocation; nesting is limited to 64
 * threads  as the scope's callbacks
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

SX_BEGIN

/* What names mean. Callbacks may be NULL: then the name is unknown. */
typedef struct SxScope {
    void *data;
    uint64_t cursor;
    uint64_t length;
    SxSpan selection; /* meaningful when has_selection */
    bool has_selection;
    bool hex;     /* plain digits are hexadecimal (radix=hex) */
    bool script;  /* refuse leading zeros as ambiguous instead of reading them as hex */
    bool spaces;  /* spaces end nothing: the whole text is the expression */
    bool (*mark)(void *data, const char *name, uint64_t *out); /* 'name; '' asks for the name "'" */
    bool (*read)(void *data, uint64_t at, uint8_t *buf, size_t len, SxError *err);
    bool (*mark_span)(void *data, const char *name, SxSpan *out); /* false: the mark is a place, or unknown */
} SxScope;

typedef struct SxValue {
    uint64_t magnitude;
    bool negative;
    bool relative;      /* began with + or -: from the cursor */
    bool leading_zeros; /* was read as hex because of them: say so */
} SxValue;

/* Evaluate the expression at the beginning of `text`; `used` (may be NULL: all of it must be used) says how far. */
bool sx_expression(SxBytes text, const SxScope *scope, SxValue *out, size_t *used, SxError *err);

/* The same as an offset in [0, length]: relative values are added to the cursor, plain negatives count from the end.
 * SX_ERR_RANGE names the offset and the length when it lies outside. */
bool sx_expression_offset(SxBytes text, const SxScope *scope, uint64_t *out, size_t *used, SxError *err);

/* RANGE: A:B (sides optional, negative from the end), "A +N", sel, all, 'a (marks with a span). Clipped as slices are. */
bool sx_expression_range(SxBytes text, const SxScope *scope, SxSpan *out, size_t *used, SxError *err);

SX_END
