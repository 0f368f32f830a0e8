/*
 * node.h - how a node of the tree lies in memory; for the files that make up the tree alone.
 */
#pragma once

#include "document/tree.h"

typedef struct Entry {
    Node *child;
    Sum sum; /* of the child */
} Entry;

/* A piece of a packed leaf: shorter than 4 GiB, its epoch LIVE or the leaf's. */
typedef struct Slot {
    uint64_t offset;
    uint32_t len;
    uint16_t source;
    uint8_t kind;
    uint8_t live;
} Slot;

struct Node {
    atomic_uint refs;
    uint32_t epoch; /* packed: of pieces of a file that are not live */
    uint16_t count; /* entries, pieces or slots, which follow */
    uint8_t level;  /* 0: leaf */
    bool packed;
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

static inline Piece
node_piece(const Node *n, size_t i)
{
    if (!n->packed)
        return node_pieces(n)[i];
    const Slot *s = &node_slots(n)[i];
    uint32_t epoch = s->kind != PIECE_FILE ? 0 : s->live ? EPOCH_LIVE : n->epoch;
    return (Piece){s->offset, s->len, epoch, s->source, s->kind};
}

static inline uint64_t
node_piece_len(const Node *n, size_t i)
{
    return n->packed ? node_slots(n)[i].len : node_pieces(n)[i].len;
}

Sum sum_piece(const Piece *p);
Sum sum_join(const Sum *a, const Sum *b);
Sum node_sum(const Node *n);

static inline bool
node_ours(const Node *n)
{
    return atomic_load_explicit(&n->refs, memory_order_acquire) == 1;
}
