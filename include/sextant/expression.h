/*
 * expression.h - wherever a number is asked: 0x40, +16, end-4, 50%, ., 'a, sel, u32le(.), 4K, (a + b) * 2.
 *
 * grammar (loosest first; spaces are allowed inside parentheses, and everywhere when `spaces` is set)
 *     value    a | b    a ^ b    a & b    a << b  a >> b    a + b  a - b    a * b  a / b  a mod b
 *     unary    -a  +a  ~a
 *     atom     number  .  end  sel  selend  sellen  'mark  (value)
 *              u8(x) i8(x) u16le(x) ... u64be(x) i64be(x): the value that stands at x
 *     number   123  0x7f  0b101  0o17, digits grouped by _: 1_000
 *              4K 1M 2G 3T 1P, KiB ... EiB: 1024s;  kB MB GB TB PB: 1000s;  capitals do not count
 *              50%  12.5%: of the length, rounded down
 *     a leading + or - makes the whole relative to the cursor where the caller allows that
 *
 * zeros    "0000008c", as copied from the offset column, is hex in prompts (`leading_zeros` tells) and refused in scripts,
 *          where a leading zero may have been meant as anything
 * values   exact, from -(2^64-1) to 2^64-1: what does not fit is SX_ERR_RANGE, nothing wraps. / rounds down and mod has
 *          the sign of its right side, as in Python; ~ complements 64 bits, so that .&~0xfff aligns; >> rounds down
 * errors   SX_ERR_SYNTAX; SX_ERR_RANGE for a value too large, a division by zero, a read outside the file, a mark or a
 *          selection that is not there; what `read` says, SX_ERR_LOST. All with the 1-based column, in bytes, of what is
 *          wrong, and words that say what to write instead
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
    bool hex;     /* plain digits are hex (radix=hex): ff, 400; 0b1 too. Per cent stays decimal */
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

/*
 * Evaluate the expression at the beginning of `text`.
 *
 * used     set to the bytes it took: it ends at a space, or before what cannot belong to it, such as ":" or ","; the
 *          caller looks at what follows. NULL: all of the text must be the expression, with spaces around it at most
 * out      untouched on failure
 */
bool sx_expression(SxBytes text, const SxScope *scope, SxValue *out, size_t *used, SxError *err);

/* The same as an offset in [0, length]: relative values are added to the cursor, plain negatives, "(-4)", count from the
 * end. SX_ERR_RANGE names the offset and the length when it lies outside. */
bool sx_expression_offset(SxBytes text, const SxScope *scope, uint64_t *out, size_t *used, SxError *err);

/*
 * RANGE: A:B (sides optional, negative from the end), "A +N" (the plus behind a space and against its number), sel, all,
 * 'a (a mark that has a span). Clipped to the length as Python's slices are; B before A is empty at A.
 * A side is never relative: ".+16:" says it; a leading + is refused, as it may have been meant as a length.
 */
bool sx_expression_range(SxBytes text, const SxScope *scope, SxSpan *out, size_t *used, SxError *err);

SX_END
