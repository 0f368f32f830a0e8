/*
 * fixed.h - patterns that are a few alternatives of fixed length, each a row of byte tests.
 */
#pragma once

#include "search/tree.h"

enum { FIXED_MAX = 32 };

typedef enum WordCheck { WORD_NONE, WORD_ASCII, WORD_WIDE } WordCheck;

typedef struct Row {
    size_t len;
    uint8_t *value;  /* len bytes */
    uint8_t *mask;   /* NULL: all 0xff, so that value is the bytes themselves */
    ByteSet **set;   /* NULL: none needed; else per place, NULL where value and mask say it */
    WordCheck word;  /* no letter, digit or _ may stand beside it */
} Row;

typedef struct Fixed {
    Row *row;
    size_t rows; /* in order of preference */
} Fixed;

/* One row of these bytes. */
bool fixed_from_bytes(Fixed *f, SxBytes bytes);
/* Adds the rows of the tree. false: too many, or not of fixed lengths (then nothing was added), or no memory (`*nomem`). */
bool fixed_add_tree(Fixed *f, const Node *n, WordCheck word, bool *nomem);
void fixed_clear(Fixed *f);

bool row_matches(const Row *r, const uint8_t *data);
