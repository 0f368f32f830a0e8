/*
 * tree.c - building pattern trees in an arena and reading lengths and places off them.
 */
#include "search/tree.h"

#include <stdlib.h>
#include <string.h>

typedef struct Chunk {
    struct Chunk *next;
    size_t used, size;
    max_align_t data[];
} Chunk;

enum { CHUNK_BYTES = 16 << 10 };

void
tree_clear(Tree *t)
{
    while (t->chunks) {
        Chunk *c = t->chunks;
        t->chunks = c->next;
        free(c);
    }
}

void *
tree_alloc(Tree *t, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!t->chunks || t->chunks->size - t->chunks->used < size) {
        size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        Chunk *c = calloc(1, sizeof *c + room);
        if (!c) {
            t->failed = true;
            return NULL;
        }
        c->size = room;
        c->next = t->chunks;
        t->chunks = c;
    }
    void *p = (char *)t->chunks->data + t->chunks->used;
    t->chunks->used += size;
    return p;
}

Node *
tree_node(Tree *t, NodeKind kind)
{
    Node *n = tree_alloc(t, sizeof *n);
    if (n)
        n->kind = kind;
    return n;
}

Node *
tree_set(Tree *t, ByteSet set)
{
    Node *n = tree_node(t, NODE_SET);
    if (n)
        n->set = set;
    return n;
}

Node *
tree_bytes(Tree *t, const void *data, size_t len)
{
    Node *n = tree_node(t, NODE_BYTES);
    uint8_t *copy = n ? tree_alloc(t, len + 1) : NULL;
    if (!copy)
        return NULL;
    memcpy(copy, data, len);
    n->bytes = sx_bytes(copy, len);
    return n;
}

Node *
tree_repeat(Tree *t, Node *child, uint64_t min, uint64_t max, bool lazy)
{
    Node *n = tree_node(t, NODE_REPEAT);
    if (n) {
        n->child = n->last = child;
        n->min = min;
        n->max = max;
        n->lazy = lazy;
    }
    return n;
}

void
node_append(Node *parent, Node *child)
{
    if (!parent || !child)
        return;
    *(parent->child ? &parent->last->next : &parent->child) = child;
    parent->last = child;
}

static uint64_t
add(uint64_t a, uint64_t b)
{
    return b > LENGTH_MAX - a ? LENGTH_MAX : a + b;
}

static uint64_t
times(uint64_t a, uint64_t b)
{
    uint64_t r;
    return __builtin_mul_overflow(a, b, &r) ? LENGTH_MAX : r;
}

/* What lies behind a child may be looked at by it: its reach ahead counts only as far as it goes beyond the rest. */
static Lengths
lengths_cat(const Node *n)
{
    Lengths l = {0, 0, 0};
    for (const Node *c = n->child; c; c = c->next) {
        Lengths k = node_lengths(c);
        l.min = add(l.min, k.min);
        l.max = add(l.max, k.max);
        if (k.ahead > l.ahead)
            l.ahead = k.ahead;
    }
    return l;
}

static Lengths
lengths_alt(const Node *n)
{
    Lengths l = {LENGTH_MAX, 0, 0};
    for (const Node *c = n->child; c; c = c->next) {
        Lengths k = node_lengths(c);
        l.min = k.min < l.min ? k.min : l.min;
        l.max = k.max > l.max ? k.max : l.max;
        l.ahead = k.ahead > l.ahead ? k.ahead : l.ahead;
    }
    return n->child ? l : (Lengths){0, 0, 0};
}

Lengths
node_lengths(const Node *n)
{
    switch (n->kind) {
    case NODE_SET:
        return (Lengths){1, 1, 0};
    case NODE_BYTES:
        return (Lengths){n->bytes.len, n->bytes.len, 0};
    case NODE_CAT:
        return lengths_cat(n);
    case NODE_ALT:
        return lengths_alt(n);
    case NODE_REPEAT: {
        Lengths k = node_lengths(n->child);
        return (Lengths){times(k.min, n->min), k.max == 0 ? 0 : times(k.max, n->max), k.ahead};
    }
    case NODE_LOOK:
        return (Lengths){0, 0, n->ahead};
    case NODE_ANY:
        break;
    }
    return (Lengths){n->min, n->max, n->ahead};
}
