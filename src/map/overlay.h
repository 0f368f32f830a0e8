/*
 * overlay.h - the bytes of a COPY map that were changed, and nothing else.
 *
 * A radix tree of pages by number, each with a bit for every byte that is ours. So an edit survives whatever
 * happens to the file below, and bytes beside it still follow the file.
 *
 *      height 2:   [ 64 slots ] -> [ 64 slots ] -> Page { which bytes are ours, the bytes }
 *
 * threads    one writer, any number of readers, at the same time
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

#include <pthread.h>
#include <stdatomic.h>

enum { OVERLAY_PAGE = 4096 };

typedef struct Overlay {
    atomic_uint refs;
    pthread_rwlock_t lock;
    struct Node *root; /* NULL: no change yet */
    unsigned height;   /* levels of nodes */
    _Atomic uint64_t pages;
} Overlay;

Overlay *overlay_new(void); /* NULL: no memory */
Overlay *overlay_retain(Overlay *o);
void overlay_release(Overlay *o);

/* Whether any byte was ever changed; cheap. */
static inline bool
overlay_used(const Overlay *o)
{
    return o && atomic_load_explicit(&o->pages, memory_order_acquire) > 0;
}

/* All or nothing: SX_ERR_NOMEM. */
bool overlay_store(Overlay *o, uint64_t at, SxBytes bytes, SxError *err);

/* The first run of changed bytes inside `in`; runs end at a page at the latest. False: there is none. */
bool overlay_next(Overlay *o, SxSpan in, SxSpan *run);

/* Put the changed bytes of `span` into buf, which shows span; with `states`, also mark them SX_BYTE_HERE. */
void overlay_apply(Overlay *o, SxSpan span, uint8_t *buf, uint8_t *states);

/* Forget every change. */
void overlay_clear(Overlay *o);
