/*
 * tree.h - the document's pieces as a persistent B+tree.
 *
 *     inner   [ child, sum | child, sum | ... ]        sum: bytes below, and what there is of changes against the file
 *     leaf    [ piece | piece | ... ]                  or packed, 16 or 5 bytes a piece, as the builder makes them
 *
 * Nodes are counted; a node is changed in place only when every count from the root down to it is 1, else copied, so
 * whoever holds a root keeps what it saw, for the price of one count. All leaves lie at one depth; nodes but the root
 * are at least half full. In one tree no two neighbouring pieces could be one, and live pieces ascend in their file.
 *
 * units      offsets are bytes of the document, but `first` and `last` of a Sum, which are of the file
 * threads    a Tree belongs to one thread; nodes reached from a counted root may be read by any
 */
#pragma once

#include <stdatomic.h>

#include "document/pieces.h"

typedef struct Node Node;

#define SUM_NONE UINT64_MAX

/* What is below, enough to count hunks where two runs meet. "Clean" is a live piece, the others are dirty. */
typedef struct Sum {
    uint64_t len;   /* bytes */
    uint64_t first; /* file offset of the first clean byte, SUM_NONE: there is none */
    uint64_t last;  /* file offset behind the last clean byte */
    uint64_t head;  /* dirty bytes before the first clean piece; all of them when there is none */
    uint64_t tail;  /* dirty bytes behind the last clean piece */
    uint64_t hunks; /* between the first and the last clean piece */
    uint64_t bytes; /* of those hunks: the larger of removed and inserted */
} Sum;

Sum sum_of(const Node *root); /* NULL is the empty tree */
/* Hunks and their bytes against a whole file of `file_size` bytes. */
void sum_changes(const Sum *s, uint64_t file_size, uint64_t *hunks, uint64_t *bytes);

enum {
    FANOUT_MIN = 4,
    FANOUT_MAX = 64,
    FANOUT = 32,
    TREE_HEIGHT = 40, /* more than any tree of half full nodes can need */
};

/* --- nodes ----------------------------------------------------------------------------------------------------- */

/* Dead inner nodes wait here until somebody has time to free what is below them. */
typedef struct Reaper Reaper;
Reaper *reaper_new(void);
Reaper *reaper_retain(Reaper *r);
void reaper_release(Reaper *r); /* the last one frees what waits */
/* Free at most `nodes` nodes; false: nothing waits any more. */
bool reaper_work(Reaper *r, size_t nodes);

Node *node_retain(Node *root);             /* NULL is fine */
void node_release(Node *root, Reaper *r);  /* O(1): big trees wait in the reaper */

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* A place in a tree, on a piece. Valid while the root is held. */
typedef struct Cursor {
    const Node *node[TREE_HEIGHT]; /* from the root down to the leaf */
    uint16_t index[TREE_HEIGHT];
    unsigned depth; /* of the leaf */
    uint64_t begins; /* document offset of the piece */
    Piece piece;
} Cursor;

/* On the piece that holds `at`; false: at lies behind the end. */
bool cursor_at(Cursor *c, const Node *root, uint64_t at);
bool cursor_next(Cursor *c);

/* File offset behind the last clean byte before document offset `at`, 0 when there is none, and where in the document
 * that byte ends. */
uint64_t clean_before(const Node *root, uint64_t at, uint64_t *ends);
/* File offset of the first clean byte at or behind `at`, `otherwise` when there is none, and where it is (the length). */
uint64_t clean_behind(const Node *root, uint64_t at, uint64_t otherwise, uint64_t *begins);
/* The first place at or behind `at`, which is a place between two pieces, where the clean bytes do not go on at file
 * offset `expected`; false: they do to the end. */
bool clean_ends(const Node *root, uint64_t at, uint64_t expected, uint64_t *where, uint64_t *reached);
/* The same backwards: the last place at or before `at`, where clean bytes before it do not end at `expected`. */
bool clean_begins(const Node *root, uint64_t at, uint64_t expected, uint64_t *where, uint64_t *reached);

/* Append the pieces of `span` to `out`; false: no memory, or more than `most` of them. */
bool tree_pieces(const Node *root, SxSpan span, Pieces *out, size_t most);

/* --- changing --------------------------------------------------------------------------------------------------- */

typedef struct Tree {
    Node *root; /* NULL: empty */
    Reaper *reaper;
    unsigned fanout;
    struct Reserve *reserve;
} Tree;

bool tree_init(Tree *t, unsigned fanout, Reaper *reaper); /* retains the reaper; 0: the default fan-out */
void tree_drop(Tree *t); /* all zero is fine */

/* Make sure that a splice of `count` pieces, at most, needs no more memory. False: no memory. */
bool tree_reserve(Tree *t, size_t count);
/* Replace [at, at + len), inside the tree, by pieces; cannot fail behind a reserve of as many. O(log n + count). */
void tree_splice(Tree *t, uint64_t at, uint64_t len, const Piece *pieces, size_t count);
/* Both; false: no memory, nothing changed. */
bool tree_replace(Tree *t, uint64_t at, uint64_t len, const Piece *pieces, size_t count);
/* Take another root (its count becomes ours), release the old one. */
void tree_take(Tree *t, Node *root);

/* --- building ---------------------------------------------------------------------------------------------------- */

/* A tree from pieces in order, nodes 7/8 full, packed where possible; memory is what the tree takes. */
typedef struct Builder Builder;
Builder *builder_new(unsigned fanout, Reaper *reaper);
bool builder_add(Builder *b, const Piece *piece);
/* All pieces of `span` of another tree. Whole leaves are not shared, so as to keep nodes full. */
bool builder_add_tree(Builder *b, const Node *root, SxSpan span);
bool builder_finish(Builder *b, Node **root); /* frees b in any case */
void builder_free(Builder *b);                /* NULL is fine */

/* --- checking ---------------------------------------------------------------------------------------------------- */

/* Whether all that the head of this file promises holds. */
bool tree_check(const Node *root, unsigned fanout, SxError *err);
