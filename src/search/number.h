/*
 * number.h - typed numbers: `u32le = 5`, `i16be in -3..100`, `f64le ~ 3.14 0.01`.
 *
 * Whatever the type, the values that match are a few intervals of the raw word read as an unsigned number: signed
 * ranges fall into two, and IEEE floats are ordered like sign and magnitude.
 */
#pragma once

#include "search/byteset.h"
#include "search/lexer.h"
#include "search/prefix.h"

#include <sextant/text.h>

typedef struct Interval {
    uint64_t low, high; /* both belong to it */
} Interval;

enum { INTERVALS_MAX = 8 };

typedef struct Number {
    unsigned width; /* bytes, 1..8 */
    bool big;       /* big endian */
    char letter;    /* u, i or f */
    Interval interval[INTERVALS_MAX];
    size_t count;
} Number;

/* Whether a typed number begins here: a type and an operator behind it. `typing`: the type is enough, more may come. The
 * byte order may be missing: reading it says so. */
bool number_begins(const Lexer *x, bool typing);
/* Reads it; `canonical` gets it as it may be typed again. */
bool number_parse(Lexer *x, Number *out, SxString *canonical);
/* A plain value: as u32le, i32le, u64le, i64le or f64le, the first that holds it. */
bool number_parse_plain(Lexer *x, Number *out, SxString *canonical);

/* The value that stands at `data`. */
void number_print(const Number *n, const uint8_t *data, char *buf, size_t size);
bool number_matches(const Number *n, const uint8_t *data);
/* The bytes that can stand at the places 0 .. width - 1, for each interval. Returns their count. */
size_t number_prefixes(const Number *n, Prefix out[INTERVALS_MAX]);
