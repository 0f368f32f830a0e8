/*
 * cursor.c - reading the tree: to a piece, along the pieces, and over runs of clean bytes without walking them.
 */
#include "document/node.h"

/* Of a child or a piece of a node, alike. */
static uint64_t
part_len(const Node *n, size_t i)
{
    return n->level > 0 ? node_entries(n)[i].sum.len : node_piece_len(n, i);
}

/* Go down from level `depth`, whose node and index are set, to a leaf: always the first child, or always the last. */
static void
cursor_down(Cursor *c, unsigned depth, bool last)
{
    while (c->node[depth]->level > 0) {
        const Node *child = node_entries(c->node[depth])[c->index[depth]].child;
        depth++;
        c->node[depth] = child;
        c->index[depth] = (uint16_t)(last ? child->count - 1 : 0);
    }
    c->depth = depth;
    c->piece = node_piece(c->node[depth], c->index[depth]);
}

bool
cursor_at(Cursor *c, const Node *root, uint64_t at)
{
    if (!root)
        return false;
    uint64_t begins = 0;
    const Node *n = root;
    for (c->depth = 0;; c->depth++) {
        uint16_t i = 0;
        for (; i < n->count; i++) {
            uint64_t len = part_len(n, i);
            if (at - begins < len)
                break;
            begins += len;
        }
        if (i == n->count)
            return false;
        c->node[c->depth] = n;
        c->index[c->depth] = i;
        if (n->level == 0)
            break;
        n = node_entries(n)[i].child;
    }
    c->begins = begins;
    c->piece = node_piece(n, c->index[c->depth]);
    return true;
}

bool
cursor_next(Cursor *c)
{
    for (unsigned depth = c->depth;; depth--) {
        if (c->index[depth] + 1u < c->node[depth]->count) {
            c->index[depth]++;
            c->begins += c->piece.len;
            cursor_down(c, depth, false);
            return true;
        }
        if (depth == 0)
            return false;
    }
}

/* --- clean bytes -------------------------------------------------------------------------------------------------- */

static Sum
part_sum(const Node *n, size_t i)
{
    if (n->level > 0)
        return node_entries(n)[i].sum;
    Piece p = node_piece(n, i);
    return sum_piece(&p);
}

/* `n` begins at document offset `base`; look at what lies before `at`. */
static bool
before_in(const Node *n, uint64_t base, uint64_t at, uint64_t *last, uint64_t *ends)
{
    uint64_t begin[FANOUT_MAX];
    size_t count = 0;
    for (; count < n->count && base < at; count++) {
        begin[count] = base;
        base += part_len(n, count);
    }
    for (size_t i = count; i-- > 0;) {
        Sum s = part_sum(n, i);
        if (s.first == SUM_NONE)
            continue;
        if (begin[i] + s.len <= at) {
            *last = s.last;
            *ends = begin[i] + s.len - s.tail;
            return true;
        }
        if (n->level == 0) {
            *last = s.first + (at - begin[i]);
            *ends = at;
            return true;
        }
        if (before_in(node_entries(n)[i].child, begin[i], at, last, ends))
            return true;
    }
    return false;
}

uint64_t
clean_before(const Node *root, uint64_t at, uint64_t *ends)
{
    uint64_t last = 0;
    *ends = 0;
    if (root)
        before_in(root, 0, at, &last, ends);
    return last;
}

static bool
behind_in(const Node *n, uint64_t base, uint64_t at, uint64_t *first, uint64_t *begins)
{
    for (size_t i = 0; i < n->count; i++) {
        Sum s = part_sum(n, i);
        uint64_t begin = base;
        base += s.len;
        if (base <= at || s.first == SUM_NONE)
            continue;
        if (begin >= at) {
            *first = s.first;
            *begins = begin + s.head;
            return true;
        }
        if (n->level == 0) {
            *first = s.first + (at - begin);
            *begins = at;
            return true;
        }
        if (behind_in(node_entries(n)[i].child, begin, at, first, begins))
            return true;
    }
    return false;
}

uint64_t
clean_behind(const Node *root, uint64_t at, uint64_t otherwise, uint64_t *begins)
{
    uint64_t first = otherwise;
    *begins = sum_of(root).len;
    if (root)
        behind_in(root, 0, at, &first, begins);
    return first;
}

static bool
all_clean(const Sum *s)
{
    return s->first != SUM_NONE && s->head == 0 && s->tail == 0 && s->hunks == 0;
}

static bool
ends_in(const Node *n, uint64_t base, uint64_t at, uint64_t *expected, uint64_t *where)
{
    for (size_t i = 0; i < n->count; i++) {
        Sum s = part_sum(n, i);
        uint64_t begin = base;
        base += s.len;
        if (base <= at)
            continue;
        uint64_t skipped = begin < at ? at - begin : 0;
        bool whole = skipped == 0 || n->level == 0;
        if (whole && all_clean(&s) && s.first + skipped == *expected) {
            *expected = s.last;
            continue;
        }
        if (n->level == 0) {
            *where = begin + skipped;
            return true;
        }
        if (ends_in(node_entries(n)[i].child, begin, at, expected, where))
            return true;
    }
    return false;
}

bool
clean_ends(const Node *root, uint64_t at, uint64_t expected, uint64_t *where, uint64_t *reached)
{
    bool found = root && ends_in(root, 0, at, &expected, where);
    *reached = expected;
    return found;
}

static bool
begins_in(const Node *n, uint64_t base, uint64_t at, uint64_t *expected, uint64_t *where)
{
    uint64_t begin[FANOUT_MAX];
    size_t count = 0;
    for (; count < n->count && base < at; count++) {
        begin[count] = base;
        base += part_len(n, count);
    }
    for (size_t i = count; i-- > 0;) {
        Sum s = part_sum(n, i);
        uint64_t end = begin[i] + s.len;
        uint64_t skipped = end > at ? end - at : 0;
        bool whole = skipped == 0 || n->level == 0;
        if (whole && all_clean(&s) && s.last - skipped == *expected) {
            *expected = s.first;
            continue;
        }
        if (n->level == 0) {
            *where = end - skipped;
            return true;
        }
        if (begins_in(node_entries(n)[i].child, begin[i], at, expected, where))
            return true;
    }
    return false;
}

bool
clean_begins(const Node *root, uint64_t at, uint64_t expected, uint64_t *where, uint64_t *reached)
{
    bool found = root && begins_in(root, 0, at, &expected, where);
    *reached = expected;
    return found;
}

bool
tree_pieces(const Node *root, SxSpan span, Pieces *out, size_t most)
{
    Cursor c;
    uint64_t end = sx_span_end(span);
    if (span.len == 0 || !cursor_at(&c, root, span.at))
        return true;
    do {
        uint64_t from = c.begins < span.at ? span.at - c.begins : 0;
        uint64_t to = c.begins + c.piece.len > end ? end - c.begins : c.piece.len;
        Piece part = piece_part(&c.piece, from, to - from);
        if (out->count == most || !pieces_add(out, &part))
            return false;
    } while (c.begins + c.piece.len < end && cursor_next(&c));
    return true;
}
