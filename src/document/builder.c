/*
 * builder.c - a tree out of a stream of pieces, from the leaves up.
 *
 * Each level gathers up to twice a node's fill and lays down one node when it is full, so that what is left at the
 * end, split evenly, is never less than half a node. Leaves are packed when all their pieces are short and of one
 * epoch, and more so where one thing took the place of many; they take exactly the memory they need.
 */
#include "document/node.h"

#include <stdlib.h>
#include <string.h>

enum { STITCH_LEAST = 4 }; /* pieces: two parts, and two times what is put */

typedef struct Level {
    Entry *entries; /* 2 * fill */
    size_t count;
} Level;

struct Builder {
    unsigned fanout;
    size_t fill; /* parts of a node: 7/8 of the fan-out */
    Reaper *reaper;
    Piece *pieces; /* 2 * fill, and one that may still grow */
    size_t count;
    Level levels[TREE_HEIGHT]; /* of the nodes that wait for a parent, leaves first */
    unsigned height;
};

Builder *
builder_new(unsigned fanout, Reaper *reaper)
{
    Builder *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->fanout = fanout;
    b->fill = fanout - fanout / 8;
    b->reaper = reaper_retain(reaper);
    b->pieces = malloc((2 * b->fill + 1) * sizeof *b->pieces);
    if (!b->pieces) {
        builder_free(b);
        return NULL;
    }
    return b;
}

void
builder_free(Builder *b)
{
    if (!b)
        return;
    for (unsigned l = 0; l < b->height; l++) {
        for (size_t i = 0; i < b->levels[l].count; i++)
            node_release(b->levels[l].entries[i].child, b->reaper);
        free(b->levels[l].entries);
    }
    free(b->pieces);
    reaper_release(b->reaper);
    free(b);
}

/* --- nodes ----------------------------------------------------------------------------------------------------------- */

static bool
packable(const Piece *pieces, size_t count, uint32_t *epoch)
{
    *epoch = EPOCH_LIVE;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].len > UINT32_MAX)
            return false;
        if (pieces[i].kind != PIECE_FILE || piece_live(&pieces[i]))
            continue;
        if (*epoch != EPOCH_LIVE && *epoch != pieces[i].epoch)
            return false;
        *epoch = pieces[i].epoch;
    }
    return true;
}

static Node *
new_node(unsigned level, size_t count, size_t bytes)
{
    Node *n = malloc(sizeof *n + bytes);
    if (!n)
        return NULL;
    *n = (Node){.level = (uint8_t)level, .count = (uint16_t)count};
    atomic_init(&n->refs, 1);
    return n;
}

/* Whether the pieces are by turns parts of one file, equally far from each other, and one that is put between them. */
static bool
stitchable(const Piece *pieces, size_t count)
{
    size_t put_first = pieces[0].kind == PIECE_ADD;
    if (count < STITCH_LEAST)
        return false;
    const Piece *part = &pieces[put_first], *put = &pieces[1 - put_first];
    uint64_t removed = part[2].offset - part->offset - part->len;
    bool good = part->kind == PIECE_FILE && put->kind == PIECE_ADD && put->len <= UINT32_MAX && removed <= UINT32_MAX;
    for (size_t i = put_first + 2; i < count && good; i += 2)
        good = pieces[i].kind == PIECE_FILE && pieces[i].epoch == part->epoch && pieces[i].source == part->source &&
               pieces[i].offset == pieces[i - 2].offset + pieces[i - 2].len + removed;
    for (size_t i = 3 - put_first; i < count && good; i += 2)
        good = piece_same(&pieces[i], put);
    const Piece *last = &pieces[(count - 1 - put_first) / 2 * 2 + put_first];
    return good && last->offset + last->len + removed - part->offset <= UINT32_MAX;
}

static Node *
new_stitched(const Piece *pieces, size_t count)
{
    size_t put_first = pieces[0].kind == PIECE_ADD, parts = (count + 1 - put_first) / 2;
    const Piece *part = &pieces[put_first], *put = &pieces[1 - put_first];
    Node *n = new_node(0, count, sizeof(Stitch) + (parts + 1) * sizeof(uint32_t));
    if (!n)
        return NULL;
    n->form = NODE_STITCHED;
    n->epoch = part->epoch;
    *node_stitch(n) = (Stitch){
        .at = part->offset,
        .put = put->offset,
        .put_len = (uint32_t)put->len,
        .removed = (uint32_t)(part[2].offset - part->offset - part->len),
        .source = part->source,
        .parts = (uint16_t)parts,
        .live = piece_live(part),
        .put_first = (uint8_t)put_first,
        .put_source = put->source,
    };
    uint32_t *start = stitch_starts(node_stitch(n));
    for (size_t i = 0; i < parts; i++)
        start[i] = (uint32_t)(part[2 * i].offset - part->offset);
    start[parts] = start[parts - 1] + (uint32_t)part[2 * (parts - 1)].len + node_stitch(n)->removed;
    return n;
}

static Node *
new_packed(const Piece *pieces, size_t count, uint32_t epoch)
{
    Node *n = new_node(0, count, count * sizeof(Slot));
    if (!n)
        return NULL;
    n->form = NODE_SLOTS;
    n->epoch = epoch;
    for (size_t i = 0; i < count; i++) {
        const Piece *p = &pieces[i];
        node_slots(n)[i] = (Slot){p->offset, (uint32_t)p->len, p->source, p->kind, piece_live(p)};
    }
    return n;
}

/* A leaf that is not packed may be filled up to the fan-out later, so it takes all that memory. */
static Node *
new_leaf(const Builder *b, const Piece *pieces, size_t count)
{
    uint32_t epoch;
    if (stitchable(pieces, count))
        return new_stitched(pieces, count);
    if (packable(pieces, count, &epoch))
        return new_packed(pieces, count, epoch);
    Node *n = new_node(0, count, b->fanout * sizeof(Piece));
    if (!n)
        return NULL;
    memcpy(node_pieces(n), pieces, count * sizeof *pieces);
    return n;
}

static Node *
new_inner(const Builder *b, unsigned level, const Entry *entries, size_t count)
{
    Node *n = new_node(level, count, b->fanout * sizeof(Entry));
    if (!n)
        return NULL;
    memcpy(node_entries(n), entries, count * sizeof *entries);
    return n;
}

/* --- levels ---------------------------------------------------------------------------------------------------------- */

static bool level_add(Builder *b, unsigned level, Node *n);

/* The first `count` entries of a level become one node of the next. */
static bool
level_lay(Builder *b, unsigned level, size_t count)
{
    Level *l = &b->levels[level];
    Node *n = new_inner(b, level + 1, l->entries, count);
    if (!n)
        return false;
    l->count -= count;
    memmove(l->entries, l->entries + count, l->count * sizeof *l->entries);
    return level_add(b, level + 1, n);
}

/* Takes the node in any case. */
static bool
level_add(Builder *b, unsigned level, Node *n)
{
    Level *l = &b->levels[level];
    if (!l->entries) {
        l->entries = malloc(2 * b->fill * sizeof *l->entries);
        if (!l->entries) {
            node_release(n, b->reaper);
            return false;
        }
        b->height = level + 1;
    }
    l->entries[l->count++] = (Entry){n, node_sum(n)};
    return l->count < 2 * b->fill || level_lay(b, level, b->fill);
}

static bool
leaf_lay(Builder *b, size_t count)
{
    Node *n = new_leaf(b, b->pieces, count);
    if (!n)
        return false;
    b->count -= count;
    memmove(b->pieces, b->pieces + count, b->count * sizeof *b->pieces);
    return level_add(b, 0, n);
}

bool
builder_add(Builder *b, const Piece *piece)
{
    if (piece->len == 0)
        return true;
    if (b->count > 0 && piece_joins(&b->pieces[b->count - 1], piece)) {
        b->pieces[b->count - 1].len += piece->len;
        return true;
    }
    if (b->count == 2 * b->fill && !leaf_lay(b, b->fill))
        return false;
    b->pieces[b->count++] = *piece;
    return true;
}

bool
builder_add_tree(Builder *b, const Node *root, SxSpan span)
{
    Cursor c;
    uint64_t end = sx_span_end(span);
    if (span.len == 0 || !cursor_at(&c, root, span.at))
        return true;
    do {
        uint64_t from = c.begins < span.at ? span.at - c.begins : 0;
        uint64_t to = c.begins + c.piece.len > end ? end - c.begins : c.piece.len;
        Piece part = piece_part(&c.piece, from, to - from);
        if (!builder_add(b, &part))
            return false;
    } while (c.begins + c.piece.len < end && cursor_next(&c));
    return true;
}

/* How many of `count` parts the first of as few nodes as possible takes, when they are split evenly. */
static size_t
even_part(const Builder *b, size_t count)
{
    size_t nodes = (count + b->fanout - 1) / b->fanout;
    return count / nodes + (count % nodes > 0);
}

static bool
lay_rest(Builder *b)
{
    while (b->count > 0)
        if (!leaf_lay(b, even_part(b, b->count)))
            return false;
    for (unsigned l = 0; l < b->height; l++) {
        bool top = l + 1 == b->height;
        while (b->levels[l].count > (top ? 1 : 0))
            if (!level_lay(b, l, even_part(b, b->levels[l].count)))
                return false;
    }
    return true;
}

bool
builder_finish(Builder *b, Node **root)
{
    bool done = lay_rest(b);
    if (done) {
        *root = NULL;
        if (b->height > 0) {
            Level *top = &b->levels[b->height - 1];
            *root = top->entries[0].child;
            top->count = 0;
        }
    }
    builder_free(b);
    return done;
}
