/*
 * node.h - how a node of the tree lies in memory; for the files that make up the tree alone.
 */
#pragma once

#include "document/tree.h"

typedef struct Entry {
    Node *child;
    Sum sum; /* of the child */
} Entry;

typedef enum NodeForm {
    NODE_WHOLE,    /* entries, or pieces */
    NODE_SLOTS,    /* a leaf of slots */
    NODE_STITCHED, /* a leaf as a replacement of many places leaves it: see Stitch */
} NodeForm;

/* A piece of a leaf of slots: shorter than 4 GiB, its epoch LIVE or the leaf's. */
typedef struct Slot {
    uint64_t offset;
    uint32_t len;
    uint16_t source;
    uint8_t kind;
    uint8_t live;
} Slot;

/*
 * Parts of one file, between which the same number of bytes each time gave way to one and the same piece:
 *
 *     file at `at`   |start[0]   |~removed~|start[1]    |~removed~|start[2] = behind all and what would be removed next
 *     document       |   part    |   put   |    part    |   put   |
 *
 * 5 bytes a piece in place of 16. What is put may come first, too.
 */
typedef struct Stitch {
    uint64_t at;     /* offset in the file */
    uint64_t put;    /* offset of what was put in; an added piece */
    uint32_t put_len, removed;
    uint16_t source; /* of the file */
    uint16_t parts;  /* of the file; behind it parts + 1 starts, relative to `at` */
    uint8_t live, put_first;
    uint16_t put_source;
} Stitch;

struct Node {
    atomic_uint refs;
    uint32_t epoch; /* SLOTS, STITCHED: of pieces of a file that are not live */
    uint16_t count; /* entries, pieces or slots, which follow; STITCHED: pieces */
    uint8_t level;  /* 0: leaf */
    uint8_t form;   /* NodeForm */
    uint32_t unused;
};

static inline Entry *
node_entries(const Node *n)
{
    return (Entry *)(uintptr_t)(n + 1);
}

static inline Piece *
node_pieces(const Node *n)
{
    return (Piece *)(uintptr_t)(n + 1);
}

static inline Slot *
node_slots(const Node *n)
{
    return (Slot *)(uintptr_t)(n + 1);
}

static inline Stitch *
node_stitch(const Node *n)
{
    return (Stitch *)(uintptr_t)(n + 1);
}

static inline uint32_t *
stitch_starts(const Stitch *s)
{
    return (uint32_t *)(uintptr_t)(s + 1);
}

static inline bool
stitch_is_put(const Stitch *s, size_t i)
{
    return (i % 2 == 0) == (s->put_first != 0);
}

/* The bytes of the i-th piece, which is a part of the file. */
static inline uint32_t
stitch_part_len(const Stitch *s, size_t i)
{
    const uint32_t *start = stitch_starts(s) + i / 2;
    return start[1] - start[0] - s->removed;
}

static inline Piece
node_piece(const Node *n, size_t i)
{
    if (n->form == NODE_WHOLE)
        return node_pieces(n)[i];
    if (n->form == NODE_SLOTS) {
        const Slot *s = &node_slots(n)[i];
        uint32_t epoch = s->kind != PIECE_FILE ? 0 : s->live ? EPOCH_LIVE : n->epoch;
        return (Piece){s->offset, s->len, epoch, s->source, s->kind};
    }
    const Stitch *s = node_stitch(n);
    if (stitch_is_put(s, i))
        return (Piece){s->put, s->put_len, 0, s->put_source, PIECE_ADD};
    uint32_t epoch = s->live ? EPOCH_LIVE : n->epoch;
    return (Piece){s->at + stitch_starts(s)[i / 2], stitch_part_len(s, i), epoch, s->source, PIECE_FILE};
}

static inline uint64_t
node_piece_len(const Node *n, size_t i)
{
    if (n->form == NODE_WHOLE)
        return node_pieces(n)[i].len;
    if (n->form == NODE_SLOTS)
        return node_slots(n)[i].len;
    const Stitch *s = node_stitch(n);
    return stitch_is_put(s, i) ? s->put_len : stitch_part_len(s, i);
}

Sum sum_piece(const Piece *p);
Sum sum_join(const Sum *a, const Sum *b);
Sum node_sum(const Node *n);
Sum node_sum_by_parts(const Node *n); /* the same, one by one: for a stitched leaf there is a shorter way */

static inline bool
node_ours(const Node *n)
{
    return atomic_load_explicit(&n->refs, memory_order_acquire) == 1;
}
