/*
 * tree_check.c - whether a tree holds what tree.h promises; walks all of it.
 */
#include "document/node.h"

#include <inttypes.h>
#include <string.h>

typedef struct Check {
    unsigned fanout;
    Piece last; /* the piece before, len 0: none */
    uint64_t live; /* file offset behind the last live piece */
    SxError *err;
} Check;

static bool
check_piece(Check *c, const Piece *p)
{
    if (p->len == 0)
        return sx_fail(c->err, SX_ERR_RANGE, "an empty piece");
    if (c->last.len > 0 && piece_joins(&c->last, p))
        return sx_fail(c->err, SX_ERR_RANGE, "two pieces that could be one, at 0x%" PRIx64 " of their source", p->offset);
    if (p->kind != PIECE_FILE && p->epoch != 0)
        return sx_fail(c->err, SX_ERR_RANGE, "an epoch on a piece that is of no file");
    if (piece_live(p)) {
        if (p->offset < c->live)
            return sx_fail(c->err, SX_ERR_RANGE, "live piece at 0x%" PRIx64 " behind 0x%" PRIx64, p->offset, c->live);
        c->live = p->offset + p->len;
    }
    c->last = *p;
    return true;
}

static bool
check_node(Check *c, const Node *n, bool root)
{
    size_t least = root ? (n->level > 0 ? 2 : 1) : c->fanout / 2;
    if (n->count < least || n->count > c->fanout)
        return sx_fail(c->err, SX_ERR_RANGE, "a node of level %u with %u parts", n->level, n->count);
    if (atomic_load(&((Node *)(uintptr_t)n)->refs) == 0)
        return sx_fail(c->err, SX_ERR_RANGE, "a node without a count");
    for (size_t i = 0; i < n->count; i++) {
        if (n->level == 0) {
            Piece p = node_piece(n, i);
            if (!check_piece(c, &p))
                return false;
            continue;
        }
        const Entry *e = &node_entries(n)[i];
        Sum sum = node_sum_by_parts(e->child);
        if (e->child->level + 1 != n->level)
            return sx_fail(c->err, SX_ERR_RANGE, "a leaf at another depth");
        if (memcmp(&sum, &e->sum, sizeof sum) != 0)
            return sx_fail(c->err, SX_ERR_RANGE, "a sum that is not what is below, level %u", n->level);
        if (!check_node(c, e->child, false))
            return false;
    }
    return true;
}

bool
tree_check(const Node *root, unsigned fanout, SxError *err)
{
    Check c = {.fanout = fanout, .err = err};
    return !root || check_node(&c, root, true);
}
