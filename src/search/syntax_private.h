/*
 * syntax_private.h - what the two files that read regular expressions share.
 */
#pragma once

#include "search/lexer.h"
#include "search/syntax.h"

typedef struct Reader {
    Lexer x;
    Tree *tree;
    Syntax *out;
    bool nocase, dotall, extended, utf; /* as set at this place */
    bool unknown;                       /* something was not understood: give up */
    unsigned depth;
    bool quoted; /* inside \Q...\E */
} Reader;

/* One character with its other case. */
Node *read_character(Reader *r, uint32_t code);
/* Behind a backslash: a character or a class. */
Node *read_escape(Reader *r);
/* Behind "[". */
Node *read_class(Reader *r);
/* "." */
Node *read_dot(Reader *r);

static inline Node *
give_up(Reader *r)
{
    r->unknown = true;
    return NULL;
}
