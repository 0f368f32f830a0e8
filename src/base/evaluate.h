/*
 * evaluate.h - the grammar of expression.h over a text, from a place in it.
 */
#pragma once

#include <sextant/expression.h>

#include "base/literal.h"

typedef struct Evaluation {
    SxBytes text;
    size_t at; /* what comes next */
    const SxScope *scope;
    SxError *err;
    unsigned depth;     /* of parentheses; inside them spaces end nothing */
    unsigned signs;     /* of - + ~ around what is being read */
    bool stop_at_plus;  /* " +N" is a length, not a sum */
    bool leading_zeros; /* a literal was read as hex because of them */
} Evaluation;

/* The value of the longest expression at e->at, which is moved behind it. */
bool evaluate(Evaluation *e, Wide *out);
void skip_spaces(Evaluation *e);
/* Whether a value can begin at e->at. */
bool value_begins(const Evaluation *e);
/* Nothing but spaces may be left; says what is wrong with what is. */
bool nothing_left(Evaluation *e);
/* The name of the mark at e->at, a quote; moves behind it. */
enum { MARK_NAME = 64 };
bool mark_name(Evaluation *e, char name[MARK_NAME]);
/* The place where the selection begins, or a failure that says that there is none. */
bool need_selection(const Evaluation *e, size_t at);
