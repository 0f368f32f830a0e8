/*
 * tree.h - what a pattern demands of the bytes, as a tree: the common form of text, hex and (approximately) regular
 * expressions. Lengths, the bytes that may stand at each place, and the scan that finds candidates are read off it.
 *
 *     SET      one byte out of a set
 *     BYTES    these bytes
 *     CAT ALT  children in order; the first of the children that leads to a match
 *     REPEAT   the child min..max times; lazy prefers fewer
 *     LOOK     no bytes: an assertion, which may look `ahead` bytes beyond its place
 *     ANY      min..max bytes that nothing is known of, looking `ahead` beyond them
 *
 * A tree is an arena: nodes live as long as it does.
 */
#pragma once

#include "search/byteset.h"

#include <sextant/error.h>

typedef enum NodeKind { NODE_SET, NODE_BYTES, NODE_CAT, NODE_ALT, NODE_REPEAT, NODE_LOOK, NODE_ANY } NodeKind;

#define LENGTH_MAX UINT64_MAX /* of a length: not bounded */

typedef struct Node {
    NodeKind kind;
    bool lazy;          /* REPEAT */
    ByteSet set;        /* SET */
    SxBytes bytes;      /* BYTES, in the arena */
    uint64_t min, max;  /* REPEAT: times; ANY: bytes */
    uint64_t ahead;     /* LOOK, ANY */
    struct Node *child; /* first; CAT, ALT, REPEAT */
    struct Node *last;  /* and last */
    struct Node *next;  /* sibling */
} Node;

typedef struct Tree {
    struct Chunk *chunks;
    bool failed; /* memory ran out: whatever was built is not whole */
} Tree;

void tree_clear(Tree *t);
void *tree_alloc(Tree *t, size_t size); /* zeroed; never NULL: on failure a shared scratch node, and `failed` */
Node *tree_node(Tree *t, NodeKind kind);
Node *tree_set(Tree *t, ByteSet set);
Node *tree_bytes(Tree *t, const void *data, size_t len); /* copied */
Node *tree_repeat(Tree *t, Node *child, uint64_t min, uint64_t max, bool lazy);
void node_append(Node *parent, Node *child);

/* Shortest and longest match, LENGTH_MAX when unbounded; `ahead`: how far beyond its end a match may look. */
typedef struct Lengths {
    uint64_t min, max, ahead;
} Lengths;
Lengths node_lengths(const Node *n);
