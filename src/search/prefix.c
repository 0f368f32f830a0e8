/*
 * prefix.c - spelling out the first few bytes of all ways through a tree.
 */
#include "search/prefix.h"

#include <string.h>

/* Ways that are still open, and those that are long enough or of which no more is known. */
typedef struct Ways {
    Prefix way[PREFIXES_MAX];
    size_t count;
    bool too_many;
} Ways;

typedef struct Speller {
    Ways done;
    size_t len;
    unsigned depth;
} Speller;

enum { DEPTH_MAX = 24 }; /* beyond this nothing is looked at: ways are large, and lie on the stack */

static bool
same_way(const Prefix *a, const Prefix *b)
{
    return a->len == b->len && memcmp(a->set, b->set, a->len * sizeof *a->set) == 0;
}

static void
add_way(Ways *ways, const Prefix *way)
{
    for (size_t i = 0; i < ways->count; i++)
        if (same_way(&ways->way[i], way))
            return;
    if (ways->count == PREFIXES_MAX)
        ways->too_many = true;
    else
        ways->way[ways->count++] = *way;
}

static void
add_ways(Ways *ways, const Ways *more)
{
    for (size_t i = 0; i < more->count; i++)
        add_way(ways, &more->way[i]);
    ways->too_many = ways->too_many || more->too_many;
}

/* All open ways go on with a byte of the set. */
static void
spell_set(Speller *s, const ByteSet *set, Ways *open)
{
    size_t kept = 0;
    for (size_t i = 0; i < open->count; i++) {
        Prefix way = open->way[i];
        way.set[way.len++] = *set;
        if (way.len == s->len)
            add_way(&s->done, &way);
        else
            open->way[kept++] = way;
    }
    open->count = kept;
}

static void spell(Speller *s, const Node *n, Ways *open);

static void
spell_alternatives(Speller *s, const Node *n, Ways *open)
{
    Ways before = *open;
    *open = (Ways){.too_many = before.too_many};
    for (const Node *c = n->child; c; c = c->next) {
        Ways mine = before;
        spell(s, c, &mine);
        add_ways(open, &mine);
    }
}

static void
spell_repeat(Speller *s, const Node *n, Ways *open)
{
    Ways behind = {.count = 0};
    bool empty = node_lengths(n->child).max == 0; /* rounds that change nothing */
    for (uint64_t i = 0; open->count > 0 && !open->too_many; i++) {
        if (i > PREFIX_MAX && i < n->min)
            i = n->min; /* a way that is still open did not change for long */
        if (i >= n->min)
            add_ways(&behind, open);
        if (i == n->max || (empty && i >= n->min) || i > n->min + PREFIX_MAX)
            break;
        spell(s, n->child, open);
    }
    behind.too_many = behind.too_many || open->too_many;
    *open = behind;
}

static void
spell_anything(Speller *s, const Node *n, Ways *open)
{
    ByteSet all = set_all();
    for (uint64_t i = 0; i < n->min && open->count > 0; i++)
        spell_set(s, &all, open);
    if (n->max == n->min)
        return;
    add_ways(&s->done, open);
    open->count = 0;
}

static void
spell_node(Speller *s, const Node *n, Ways *open)
{
    switch (n->kind) {
    case NODE_SET:
        spell_set(s, &n->set, open);
        return;
    case NODE_BYTES:
        for (size_t i = 0; i < n->bytes.len && open->count > 0; i++) {
            ByteSet one = set_one(n->bytes.data[i]);
            spell_set(s, &one, open);
        }
        return;
    case NODE_CAT:
        for (const Node *c = n->child; c && open->count > 0 && !open->too_many; c = c->next)
            spell(s, c, open);
        return;
    case NODE_ALT:
        spell_alternatives(s, n, open);
        return;
    case NODE_REPEAT:
        spell_repeat(s, n, open);
        return;
    case NODE_LOOK:
        return;
    case NODE_ANY:
        break;
    }
    spell_anything(s, n, open);
}

static void
spell(Speller *s, const Node *n, Ways *open)
{
    open->too_many = open->too_many || s->depth == DEPTH_MAX;
    s->depth++;
    if (!open->too_many)
        spell_node(s, n, open);
    s->depth--;
}

size_t
prefixes_of(const Node *first, size_t len, Prefix out[PREFIXES_MAX])
{
    Speller s = {.len = len};
    Ways open = {.count = 1};
    for (const Node *n = first; n && open.count > 0 && !open.too_many; n = n->next)
        spell(&s, n, &open);
    add_ways(&s.done, &open);
    if (s.done.too_many)
        return 0;
    for (size_t i = 0; i < s.done.count; i++)
        if (s.done.way[i].len == 0)
            return 0;
    memcpy(out, s.done.way, s.done.count * sizeof *out);
    return s.done.count;
}

static void
add_bytes_of(const Node *n, ByteSet *set)
{
    switch (n->kind) {
    case NODE_SET:
        set_union(set, &n->set);
        return;
    case NODE_BYTES:
        for (size_t i = 0; i < n->bytes.len; i++)
            set_add(set, n->bytes.data[i]);
        return;
    case NODE_LOOK:
        return;
    case NODE_ANY:
        *set = set_all();
        return;
    case NODE_CAT:
    case NODE_ALT:
    case NODE_REPEAT:
        break;
    }
    for (const Node *c = n->child; c; c = c->next)
        add_bytes_of(c, set);
}

ByteSet
bytes_of(const Node *first, const Node *end)
{
    ByteSet set = {{0}};
    for (const Node *n = first; n && n != end; n = n->next)
        add_bytes_of(n, &set);
    return set;
}
