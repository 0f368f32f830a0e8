/*
 * overlay.c - a radix tree over page numbers, 6 bits a level, as high as the highest page asks.
 */
#include "map/overlay.h"

#include <sextant/source.h>

#include <stdlib.h>
#include <string.h>

enum { BITS = 6, FANOUT = 1 << BITS, WORDS = OVERLAY_PAGE / 64 };

typedef struct Node {
    uint64_t used; /* bit i: slot[i] is set */
    void *slot[FANOUT];
} Node;

typedef struct Page {
    uint64_t ours[WORDS]; /* bit per byte */
    uint8_t bytes[OVERLAY_PAGE];
} Page;

/* --- the tree ------------------------------------------------------------------------------------------- */

static unsigned
shift_at(unsigned height)
{
    return (height - 1) * BITS;
}

static bool
reaches(const Overlay *o, uint64_t page)
{
    return o->root && (o->height * BITS >= 64 || page >> (o->height * BITS) == 0);
}

static bool
raise_to(Overlay *o, uint64_t page)
{
    while (!reaches(o, page)) {
        Node *top = calloc(1, sizeof *top);
        if (!top)
            return false;
        if (o->root) {
            top->slot[0] = o->root;
            top->used = 1;
        }
        o->root = top;
        o->height++;
    }
    return true;
}

static Page *
make_page(Overlay *o, uint64_t page)
{
    if (!raise_to(o, page))
        return NULL;
    Node *node = o->root;
    for (unsigned height = o->height;; height--) {
        unsigned i = (page >> shift_at(height)) % FANOUT;
        if (!node->slot[i]) {
            node->slot[i] = calloc(1, height == 1 ? sizeof(Page) : sizeof(Node));
            if (!node->slot[i])
                return NULL;
            node->used |= UINT64_C(1) << i;
            if (height == 1)
                atomic_fetch_add(&o->pages, 1);
        }
        if (height == 1)
            return node->slot[i];
        node = node->slot[i];
    }
}

/* The first page numbered *number or higher; sets *number. */
static Page *
page_from(const Node *node, unsigned height, uint64_t *number)
{
    unsigned shift = shift_at(height);
    unsigned i = (*number >> shift) % FANOUT;
    for (uint64_t left = node->used >> i << i; left; left &= left - 1) {
        unsigned slot = (unsigned)__builtin_ctzll(left);
        if (slot > i) { /* beyond the path that was asked for: from the slot's first page */
            uint64_t above = shift + BITS >= 64 ? 0 : *number >> (shift + BITS) << (shift + BITS);
            *number = above | (uint64_t)slot << shift;
        }
        if (height == 1)
            return node->slot[slot];
        Page *page = page_from(node->slot[slot], height - 1, number);
        if (page)
            return page;
    }
    return NULL;
}

static Page *
next_page(const Overlay *o, uint64_t *number)
{
    return reaches(o, *number) ? page_from(o->root, o->height, number) : NULL;
}

static void
free_node(Node *node, unsigned height)
{
    for (uint64_t left = node->used; left; left &= left - 1) {
        void *child = node->slot[__builtin_ctzll(left)];
        if (height > 1)
            free_node(child, height - 1);
        else
            free(child);
    }
    free(node);
}

/* --- bytes of a page ------------------------------------------------------------------------------------ */

/* First byte from `from` on whose bit is `set`; OVERLAY_PAGE when there is none. */
static size_t
next_bit(const Page *p, size_t from, bool set)
{
    for (size_t word = from / 64; word < WORDS; word++) {
        uint64_t bits = set ? p->ours[word] : ~p->ours[word];
        if (word == from / 64)
            bits = bits >> (from % 64) << (from % 64);
        if (bits)
            return word * 64 + (size_t)__builtin_ctzll(bits);
    }
    return OVERLAY_PAGE;
}

static void
set_bits(Page *p, size_t from, size_t len)
{
    for (size_t i = from; i < from + len;) {
        size_t in = i % 64, n = 64 - in < from + len - i ? 64 - in : from + len - i;
        p->ours[i / 64] |= (n == 64 ? ~UINT64_C(0) : ((UINT64_C(1) << n) - 1)) << in;
        i += n;
    }
}

/* --- calls ---------------------------------------------------------------------------------------------- */

Overlay *
overlay_new(void)
{
    Overlay *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    atomic_init(&o->refs, 1);
    pthread_rwlock_init(&o->lock, NULL);
    return o;
}

Overlay *
overlay_retain(Overlay *o)
{
    if (o)
        atomic_fetch_add_explicit(&o->refs, 1, memory_order_relaxed);
    return o;
}

void
overlay_release(Overlay *o)
{
    if (!o || atomic_fetch_sub_explicit(&o->refs, 1, memory_order_acq_rel) != 1)
        return;
    overlay_clear(o);
    pthread_rwlock_destroy(&o->lock);
    free(o);
}

void
overlay_clear(Overlay *o)
{
    pthread_rwlock_wrlock(&o->lock);
    if (o->root)
        free_node(o->root, o->height);
    o->root = NULL;
    o->height = 0;
    atomic_store(&o->pages, 0);
    pthread_rwlock_unlock(&o->lock);
}

/* Pages are made before any byte changes; those left over after a failure hold no byte and change nothing. */
bool
overlay_store(Overlay *o, uint64_t at, SxBytes bytes, SxError *err)
{
    if (bytes.len == 0)
        return true;
    uint64_t last = (at + bytes.len - 1) / OVERLAY_PAGE;
    bool made = true;
    pthread_rwlock_wrlock(&o->lock);
    for (uint64_t page = at / OVERLAY_PAGE; made && page <= last; page++)
        made = make_page(o, page) != NULL;
    for (size_t done = 0; made && done < bytes.len;) {
        size_t in = (at + done) % OVERLAY_PAGE;
        size_t len = OVERLAY_PAGE - in < bytes.len - done ? OVERLAY_PAGE - in : bytes.len - done;
        uint64_t number = (at + done) / OVERLAY_PAGE;
        Page *page = next_page(o, &number);
        memcpy(page->bytes + in, bytes.data + done, len);
        set_bits(page, in, len);
        done += len;
    }
    pthread_rwlock_unlock(&o->lock);
    return made || sx_fail(err, SX_ERR_NOMEM, "no memory to keep %zu changed bytes", bytes.len);
}

/* The first run inside `in`, and where its bytes are. Under lock. */
static const uint8_t *
find_run(const Overlay *o, SxSpan in, SxSpan *run)
{
    uint64_t end = sx_span_end(in);
    for (uint64_t at = in.at; at < end;) {
        uint64_t number = at / OVERLAY_PAGE;
        const Page *page = next_page(o, &number);
        if (!page || number * OVERLAY_PAGE >= end)
            return NULL;
        uint64_t start = number * OVERLAY_PAGE;
        size_t from = next_bit(page, at > start ? (size_t)(at - start) : 0, true);
        if (from == OVERLAY_PAGE) {
            at = start + OVERLAY_PAGE;
            continue;
        }
        if (start + from >= end)
            return NULL;
        uint64_t to = start + next_bit(page, from, false);
        *run = sx_span(start + from, to < end ? to : end);
        return page->bytes + from;
    }
    return NULL;
}

bool
overlay_next(Overlay *o, SxSpan in, SxSpan *run)
{
    pthread_rwlock_rdlock(&o->lock);
    bool found = find_run(o, in, run) != NULL;
    pthread_rwlock_unlock(&o->lock);
    return found;
}

void
overlay_apply(Overlay *o, SxSpan span, uint8_t *buf, uint8_t *states)
{
    SxSpan left = span, run;
    pthread_rwlock_rdlock(&o->lock);
    for (const uint8_t *bytes; (bytes = find_run(o, left, &run));) {
        memcpy(buf + (run.at - span.at), bytes, run.len);
        if (states)
            memset(states + (run.at - span.at), SX_BYTE_HERE, run.len);
        left = sx_span(sx_span_end(run), sx_span_end(span));
    }
    pthread_rwlock_unlock(&o->lock);
}
