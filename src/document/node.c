/*
 * node.c - sums over nodes, counts, and the reaper that frees big trees in slices.
 *
 * A dead inner node keeps its children until the reaper comes; it waits in a list that runs through the length of
 * its first entry, so that dropping a tree of any size allocates nothing.
 */
#include "document/node.h"

#include <pthread.h>
#include <stdlib.h>

/* --- sums ------------------------------------------------------------------------------------------------------ */

Sum
sum_piece(const Piece *p)
{
    if (piece_live(p))
        return (Sum){.len = p->len, .first = p->offset, .last = p->offset + p->len};
    return (Sum){.len = p->len, .first = SUM_NONE, .head = p->len};
}

/* Between clean bytes that end at file offset `from` and such that begin at `to` lie `inserted` dirty bytes. */
static void
count_gap(uint64_t from, uint64_t to, uint64_t inserted, uint64_t *hunks, uint64_t *bytes)
{
    uint64_t removed = to > from ? to - from : 0;
    uint64_t larger = removed > inserted ? removed : inserted;
    *hunks += larger > 0;
    *bytes += larger;
}

Sum
sum_join(const Sum *a, const Sum *b)
{
    Sum s = *a;
    s.len += b->len;
    if (b->first == SUM_NONE) {
        if (a->first == SUM_NONE)
            s.head += b->len;
        else
            s.tail += b->len;
        return s;
    }
    s.last = b->last;
    s.tail = b->tail;
    s.hunks += b->hunks;
    s.bytes += b->bytes;
    if (a->first == SUM_NONE) {
        s.first = b->first;
        s.head += b->head;
    } else {
        count_gap(a->last, b->first, a->tail + b->head, &s.hunks, &s.bytes);
    }
    return s;
}

Sum
node_sum_by_parts(const Node *n)
{
    Sum sum = {.first = SUM_NONE};
    for (size_t i = 0; i < n->count; i++) {
        if (n->level > 0) {
            sum = sum_join(&sum, &node_entries(n)[i].sum);
        } else {
            Piece p = node_piece(n, i);
            Sum one = sum_piece(&p);
            sum = sum_join(&sum, &one);
        }
    }
    return sum;
}

static Sum
stitched_sum(const Node *n)
{
    const Stitch *s = node_stitch(n);
    uint64_t puts = n->count - s->parts, ends = stitch_starts(s)[s->parts];
    Sum sum = {.len = ends - (uint64_t)s->parts * s->removed + puts * s->put_len, .first = SUM_NONE};
    if (!s->live) {
        sum.head = sum.len;
        return sum;
    }
    sum.first = s->at;
    sum.last = s->at + ends - s->removed;
    sum.head = s->put_first ? s->put_len : 0;
    sum.tail = stitch_is_put(s, n->count - 1u) ? s->put_len : 0;
    sum.hunks = s->parts - 1u;
    sum.bytes = sum.hunks * (s->removed > s->put_len ? s->removed : s->put_len);
    return sum;
}

Sum
node_sum(const Node *n)
{
    return n->form == NODE_STITCHED ? stitched_sum(n) : node_sum_by_parts(n);
}

Sum
sum_of(const Node *root)
{
    return root ? node_sum(root) : (Sum){.first = SUM_NONE};
}

void
sum_changes(const Sum *s, uint64_t file_size, uint64_t *hunks, uint64_t *bytes)
{
    *hunks = s->hunks;
    *bytes = s->bytes;
    if (s->first == SUM_NONE) {
        count_gap(0, file_size, s->len, hunks, bytes);
        return;
    }
    count_gap(0, s->first, s->head, hunks, bytes);
    count_gap(s->last, file_size, s->tail, hunks, bytes);
}

/* --- counts and the reaper --------------------------------------------------------------------------------------- */

struct Reaper {
    atomic_uint refs;
    pthread_mutex_t lock; /* dead */
    Node *dead;           /* inner nodes without a count */
};

Reaper *
reaper_new(void)
{
    Reaper *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    atomic_init(&r->refs, 1);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

Reaper *
reaper_retain(Reaper *r)
{
    atomic_fetch_add_explicit(&r->refs, 1, memory_order_relaxed);
    return r;
}

void
reaper_release(Reaper *r)
{
    if (!r || atomic_fetch_sub_explicit(&r->refs, 1, memory_order_acq_rel) != 1)
        return;
    while (reaper_work(r, SIZE_MAX))
        ;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static void
reaper_give(Reaper *r, Node *n)
{
    pthread_mutex_lock(&r->lock);
    node_entries(n)[0].sum.len = (uint64_t)(uintptr_t)r->dead;
    r->dead = n;
    pthread_mutex_unlock(&r->lock);
}

static Node *
reaper_pop(Reaper *r)
{
    pthread_mutex_lock(&r->lock);
    Node *n = r->dead;
    if (n)
        r->dead = (Node *)(uintptr_t)node_entries(n)[0].sum.len;
    pthread_mutex_unlock(&r->lock);
    return n;
}

bool
reaper_work(Reaper *r, size_t nodes)
{
    while (nodes > 0) {
        Node *n = reaper_pop(r);
        if (!n)
            return false;
        nodes -= n->count < nodes ? n->count : nodes;
        for (size_t i = 0; i < n->count; i++)
            node_release(node_entries(n)[i].child, r);
        free(n);
    }
    return true;
}

Node *
node_retain(Node *n)
{
    if (n)
        atomic_fetch_add_explicit(&n->refs, 1, memory_order_relaxed);
    return n;
}

void
node_release(Node *n, Reaper *r)
{
    if (!n || atomic_fetch_sub_explicit(&n->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (n->level == 0)
        free(n);
    else
        reaper_give(r, n);
}
