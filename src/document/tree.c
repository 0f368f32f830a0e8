/*
 * tree.c - replacing a range of the tree by pieces.
 *
 * A node is opened: its parts go into a list, its memory into the reserve when nobody else holds it. The list is
 * changed and laid into nodes again. Every level does so, from the leaves up; memory for all of it was put into the
 * reserve before, so that nothing fails half-way.
 */
#include "document/node.h"

#include <stdlib.h>
#include <string.h>

/* Memory for one splice: blocks for nodes, linked by their first word behind the head, and lists. */
typedef struct Reserve {
    Node *inner;
    Node *leaves;
    size_t n_inner;
    size_t n_leaves;
    Entry *entries; /* a stack, for all levels */
    size_t entries_room;
    size_t entries_used;
    Piece *pieces; /* one list, of a leaf or two */
    size_t pieces_room;
    Piece *given; /* the pieces of a splice, joined with their neighbours */
    size_t given_room;
} Reserve;

/* --- the reserve -------------------------------------------------------------------------------------------------- */

static Node **
next_block(Node *n)
{
    return (Node **)(uintptr_t)(n + 1);
}

static void
push_block(Node **list, size_t *count, Node *n)
{
    *next_block(n) = *list;
    *list = n;
    ++*count;
}

static Node *
pop_block(Node **list, size_t *count)
{
    Node *n = *list;
    SX_BUG_ON(!n);
    *list = *next_block(n);
    --*count;
    return n;
}

static bool
fill_blocks(Node **list, size_t *count, size_t want, size_t bytes)
{
    while (*count < want) {
        Node *n = malloc(bytes);
        if (!n)
            return false;
        push_block(list, count, n);
    }
    while (*count > 4 * want)
        free(pop_block(list, count));
    return true;
}

static bool
fill_list(void **list, size_t *room, size_t want, size_t each)
{
    if (*room >= want)
        return true;
    void *bigger = realloc(*list, want * each);
    if (!bigger)
        return false;
    *list = bigger;
    *room = want;
    return true;
}

/* The most nodes that one level hands up when `count` pieces come in at a leaf. */
static size_t
most_nodes(const Tree *t, size_t count)
{
    return count / t->fanout + 4;
}

/* As long as nothing much was edited: a file that was just opened asks for little. */
static bool
stays_one_leaf(const Tree *t, size_t count)
{
    size_t there = t->root ? t->root->count : 0;
    return (!t->root || t->root->level == 0) && count < t->fanout && there + count + 2 <= t->fanout;
}

bool
tree_reserve(Tree *t, size_t count)
{
    Reserve *r = t->reserve;
    size_t fanout = t->fanout;
    size_t most = most_nodes(t, count + 2);
    size_t height = t->root ? t->root->level : 0;
    size_t levels = height + 2;
    for (size_t n = most; n > 1; n /= 2)
        levels++;
    size_t leaf_bytes = sizeof(Node) + fanout * sizeof(Piece);
    size_t inner_bytes = sizeof(Node) + fanout * sizeof(Entry);
    size_t inner = height * (most / fanout + 8) + (count < fanout ? 2 : most);
    bool one = stays_one_leaf(t, count);
    return fill_blocks(&r->leaves, &r->n_leaves, one ? 1 : most + 4, leaf_bytes) &&
           fill_blocks(&r->inner, &r->n_inner, one ? 0 : inner, inner_bytes) &&
           fill_list((void **)&r->entries, &r->entries_room, (levels + 1) * 2 * (2 * fanout + 2 * most), sizeof(Entry)) &&
           fill_list((void **)&r->pieces, &r->pieces_room, 3 * fanout + count + 4, sizeof(Piece)) &&
           fill_list((void **)&r->given, &r->given_room, count + 2, sizeof(Piece));
}

static Entry *
take_entries(Tree *t, size_t count)
{
    Reserve *r = t->reserve;
    SX_BUG_ON(r->entries_room - r->entries_used < count);
    r->entries_used += count;
    return r->entries + r->entries_used - count;
}

static void
give_back_entries(Tree *t, const Entry *entries)
{
    t->reserve->entries_used = (size_t)(entries - t->reserve->entries);
}

static Node *
take_node(Tree *t, unsigned level)
{
    Reserve *r = t->reserve;
    Node *n = level > 0 ? pop_block(&r->inner, &r->n_inner) : pop_block(&r->leaves, &r->n_leaves);
    *n = (Node){.level = (uint8_t)level};
    atomic_init(&n->refs, 1);
    return n;
}

static void
give_back_node(Tree *t, Node *n)
{
    Reserve *r = t->reserve;
    if (n->form != NODE_WHOLE)
        free(n); /* shorter than a leaf that is to be filled */
    else if (n->level > 0)
        push_block(&r->inner, &r->n_inner, n);
    else
        push_block(&r->leaves, &r->n_leaves, n);
}

/* --- opening and closing nodes ------------------------------------------------------------------------------------- */

/* Copy the pieces out and give the node up. */
static size_t
open_leaf(Tree *t, Node *n, Piece *to)
{
    size_t count = n->count;
    for (size_t i = 0; i < count; i++)
        to[i] = node_piece(n, i);
    if (node_ours(n))
        give_back_node(t, n);
    else
        node_release(n, t->reaper);
    return count;
}

/* Copy the entries out, with one count for each child, and give the node up. */
static size_t
open_inner(Tree *t, Node *n, Entry *to)
{
    size_t count = n->count;
    memcpy(to, node_entries(n), count * sizeof *to);
    if (node_ours(n)) {
        give_back_node(t, n);
        return count;
    }
    for (size_t i = 0; i < count; i++)
        node_retain(to[i].child);
    node_release(n, t->reaper);
    return count;
}

static void
close_node(Entry *out, Node *n)
{
    *out = (Entry){n, node_sum(n)};
}

/* Lay `count` pieces evenly into as few leaves as hold them. */
static size_t
close_leaves(Tree *t, const Piece *pieces, size_t count, Entry *out)
{
    size_t nodes = (count + t->fanout - 1) / t->fanout;
    for (size_t i = 0; i < nodes; i++) {
        size_t part = count / nodes + (i < count % nodes);
        Node *n = take_node(t, 0);
        n->count = (uint16_t)part;
        memcpy(node_pieces(n), pieces, part * sizeof *pieces);
        pieces += part;
        close_node(&out[i], n);
    }
    return nodes;
}

static size_t
close_inners(Tree *t, unsigned level, const Entry *entries, size_t count, Entry *out)
{
    size_t nodes = (count + t->fanout - 1) / t->fanout;
    for (size_t i = 0; i < nodes; i++) {
        size_t part = count / nodes + (i < count % nodes);
        Node *n = take_node(t, level);
        n->count = (uint16_t)part;
        memcpy(node_entries(n), entries, part * sizeof *entries);
        entries += part;
        close_node(&out[i], n);
    }
    return nodes;
}

/* --- replacing ------------------------------------------------------------------------------------------------------ */

typedef struct Edit {
    uint64_t at; /* in the node at hand */
    uint64_t len;
    const Piece *pieces;
    size_t count;
} Edit;

static size_t
replace_in_leaf(Tree *t, Node *n, const Edit *e, Entry *out)
{
    Piece old[FANOUT_MAX];
    size_t n_old = open_leaf(t, n, old);
    Piece *list = t->reserve->pieces;
    size_t count = 0;
    uint64_t begin = 0;
    uint64_t end = e->at + e->len;
    size_t i = 0;
    for (; i < n_old && begin < e->at; begin += old[i++].len) {
        uint64_t keep = e->at - begin < old[i].len ? e->at - begin : old[i].len;
        list[count++] = piece_part(&old[i], 0, keep);
        if (keep < old[i].len)
            break;
    }
    for (size_t k = 0; k < e->count; k++)
        list[count++] = e->pieces[k];
    for (; i < n_old; begin += old[i++].len) {
        if (begin + old[i].len <= end)
            continue;
        uint64_t from = begin < end ? end - begin : 0;
        list[count++] = piece_part(&old[i], from, old[i].len - from);
    }
    return close_leaves(t, list, count, out);
}

static size_t mend(Tree *t, Entry *list, size_t count, size_t from, size_t to);

/* Make one node, or two that are full enough, of list[i] and list[i + 1]. Returns how many. */
static size_t
join_nodes(Tree *t, Entry *list, size_t i)
{
    Node *a = list[i].child;
    Node *b = list[i + 1].child;
    if (a->level == 0) {
        Piece *pieces = t->reserve->pieces;
        size_t count = open_leaf(t, a, pieces);
        count += open_leaf(t, b, pieces + count);
        return close_leaves(t, pieces, count, list + i);
    }
    unsigned level = a->level;
    Entry *entries = take_entries(t, 2 * t->fanout);
    size_t seam = open_inner(t, a, entries);
    size_t count = seam + open_inner(t, b, entries + seam);
    /* the only child of a node had no neighbour to be joined with */
    count = mend(t, entries, count, seam - 1, seam);
    size_t nodes = close_inners(t, level, entries, count, list + i);
    give_back_entries(t, entries);
    return nodes;
}

/* Nodes of list[from..to] may be less than half full: join them with a neighbour. Returns the new length of the list. */
static size_t
mend(Tree *t, Entry *list, size_t count, size_t from, size_t to)
{
    for (size_t i = from; i < count && i <= to;) {
        if (count == 1 || list[i].child->count >= t->fanout / 2) {
            i++;
            continue;
        }
        size_t left = i > 0 ? i - 1 : 0;
        if (join_nodes(t, list, left) == 2) {
            i = left + 2;
            continue;
        }
        memmove(list + left + 1, list + left + 2, (count - left - 2) * sizeof *list);
        count--;
        i = left;
    }
    return count;
}

static size_t replace_in(Tree *t, Node *n, const Edit *e, Entry *out);

static size_t
replace_in_inner(Tree *t, Node *n, const Edit *e, Entry *out)
{
    unsigned level = n->level;
    Entry *old = take_entries(t, t->fanout);
    Entry *list = take_entries(t, t->fanout + 2 * most_nodes(t, e->count));
    size_t n_old = open_inner(t, n, old);
    size_t count = 0;
    size_t i = 0;
    uint64_t begin = 0;
    uint64_t end = e->at + e->len;

    while (i + 1 < n_old && begin + old[i].sum.len < e->at) {
        begin += old[i].sum.len;
        list[count++] = old[i++];
    }
    size_t touched = count;
    uint64_t size = old[i].sum.len;
    uint64_t cut = (end - begin < size ? end - begin : size) - (e->at - begin);
    if (cut > 0 || e->count > 0)
        count += replace_in(t, old[i].child, &(Edit){e->at - begin, cut, e->pieces, e->count}, list + count);
    else
        list[count++] = old[i];
    begin += size;
    for (i++; i < n_old && begin + old[i].sum.len <= end; i++) {
        begin += old[i].sum.len;
        node_release(old[i].child, t->reaper);
    }
    if (i < n_old && begin < end) {
        count += replace_in(t, old[i].child, &(Edit){0, end - begin, NULL, 0}, list + count);
        i++;
    }
    size_t last = count;
    while (i < n_old)
        list[count++] = old[i++];

    count = mend(t, list, count, touched, last);
    size_t nodes = close_inners(t, level, list, count, out);
    give_back_entries(t, old);
    return nodes;
}

/* Replace below `n`, which is given up; what stands for it, of its level, goes to `out`. Returns how many nodes. */
static size_t
replace_in(Tree *t, Node *n, const Edit *e, Entry *out)
{
    return n->level == 0 ? replace_in_leaf(t, n, e, out) : replace_in_inner(t, n, e, out);
}

/* One root over `count` nodes of one level. */
static Node *
make_root(Tree *t, Entry *nodes, size_t count)
{
    if (count == 0)
        return NULL;
    while (count > 1) {
        Entry *above = take_entries(t, count / 2 + 1);
        count = close_inners(t, nodes[0].child->level + 1u, nodes, count, above);
        nodes = above;
    }
    Node *root = nodes[0].child;
    while (root->level > 0 && root->count == 1) {
        Node *child = node_retain(node_entries(root)[0].child);
        node_release(root, t->reaper);
        root = child;
    }
    return root;
}

/* Widen the edit over neighbours that could be one piece with its first or last: no two such remain apart. */
static void
widen(Tree *t, Edit *e)
{
    Piece *given = t->reserve->given;
    size_t count = e->count;
    Cursor c;
    Piece left = {0};
    Piece right = {0};
    if (count > 0)
        memcpy(given, e->pieces, count * sizeof *given);
    e->pieces = given;
    if (e->at > 0 && cursor_at(&c, t->root, e->at - 1))
        left = piece_part(&c.piece, 0, e->at - c.begins);
    if (cursor_at(&c, t->root, e->at + e->len)) {
        uint64_t from = e->at + e->len - c.begins;
        right = piece_part(&c.piece, from, c.piece.len - from);
    }
    if (count == 0) {
        if (left.len == 0 || right.len == 0 || !piece_joins(&left, &right))
            return;
        given[0] = left;
        e->count = count = 1;
        e->at -= left.len;
        e->len += left.len;
    } else if (left.len > 0 && piece_joins(&left, &given[0])) {
        left.len += given[0].len;
        e->at -= left.len - given[0].len;
        e->len += left.len - given[0].len;
        given[0] = left;
    }
    if (right.len > 0 && piece_joins(&given[count - 1], &right)) {
        given[count - 1].len += right.len;
        e->len += right.len;
    }
}

void
tree_splice(Tree *t, uint64_t at, uint64_t len, const Piece *pieces, size_t count)
{
    if (len == 0 && count == 0)
        return;
    Edit e = {at, len, pieces, count};
    widen(t, &e);
    t->reserve->entries_used = 0;
    Entry *out = take_entries(t, most_nodes(t, e.count));
    size_t nodes = t->root ? replace_in(t, t->root, &e, out) : close_leaves(t, e.pieces, e.count, out);
    t->root = make_root(t, out, nodes);
}

bool
tree_replace(Tree *t, uint64_t at, uint64_t len, const Piece *pieces, size_t count)
{
    if (!tree_reserve(t, count))
        return false;
    tree_splice(t, at, len, pieces, count);
    return true;
}

void
tree_take(Tree *t, Node *root)
{
    Node *old = t->root;
    t->root = root;
    node_release(old, t->reaper);
}

bool
tree_init(Tree *t, unsigned fanout, Reaper *reaper)
{
    *t = (Tree){0};
    Reserve *r = calloc(1, sizeof *r);
    if (!r)
        return false;
    *t = (Tree){.fanout = fanout ? fanout : FANOUT, .reaper = reaper_retain(reaper), .reserve = r};
    if (t->fanout < FANOUT_MIN)
        t->fanout = FANOUT_MIN;
    if (t->fanout > FANOUT_MAX)
        t->fanout = FANOUT_MAX;
    return true;
}

void
tree_drop(Tree *t)
{
    tree_take(t, NULL);
    Reserve *r = t->reserve;
    if (r) {
        while (r->inner)
            free(pop_block(&r->inner, &r->n_inner));
        while (r->leaves)
            free(pop_block(&r->leaves, &r->n_leaves));
        free(r->entries);
        free(r->pieces);
        free(r->given);
        free(r);
    }
    reaper_release(t->reaper);
    *t = (Tree){0};
}
