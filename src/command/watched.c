/* watched.c - blocks of a source, each with the states and the glow of its bytes, the least used one given up first. */
#include "command/watched.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4096, BLOCKS = 64 };

typedef struct Block {
    uint64_t at;
    size_t len;     /* 0: holds nothing */
    uint64_t asked; /* the turn in which somebody looked at it last */
    uint8_t bytes[BLOCK], states[BLOCK], glow[BLOCK];
} Block;

struct Watched {
    SxSource source;
    atomic_uint refs;
    SxSource *of;
    pthread_mutex_t lock; /* all below */
    uint64_t turn;
    Block blocks[BLOCKS];
};

/* --- reading, without the lock ------------------------------------------------------------------------------------------ */

/* What a pin shows; what peek says of it then tells holes and lost bytes from others. */
static bool
read_block(SxSource *of, uint64_t at, Block *out)
{
    SxPin pin;
    SxSpan span = sx_span_clip((SxSpan){at, BLOCK}, sx_source_size(of));
    uint8_t now[BLOCK];
    if (span.len == 0 || !sx_source_pin(of, span, SX_PIN_VIEW, &pin, NULL))
        return false;
    out->at = at;
    out->len = (size_t)span.len;
    memset(out->glow, 0, sizeof out->glow);
    memcpy(out->bytes, pin.data, out->len);
    sx_source_unpin(of, &pin);
    sx_source_peek(of, span, now, out->states);
    for (size_t i = 0; i < out->len; i++) {
        if (out->states[i] == SX_BYTE_PENDING)
            out->states[i] = SX_BYTE_HERE;
        else if (out->states[i] == SX_BYTE_LOST)
            out->bytes[i] = 0;
    }
    return true;
}

/* --- blocks, with the lock ------------------------------------------------------------------------------------------------ */

static Block *
held(Watched *w, uint64_t at)
{
    for (size_t i = 0; i < BLOCKS; i++)
        if (w->blocks[i].len > 0 && w->blocks[i].at == at)
            return &w->blocks[i];
    return NULL;
}

static Block *
place(Watched *w)
{
    Block *oldest = &w->blocks[0];
    for (size_t i = 0; i < BLOCKS; i++) {
        if (w->blocks[i].len == 0)
            return &w->blocks[i];
        if (w->blocks[i].asked < oldest->asked)
            oldest = &w->blocks[i];
    }
    return oldest;
}

static void
keep(Watched *w, const Block *read, uint64_t asked)
{
    Block *b = held(w, read->at);
    b = b ? b : place(w);
    *b = *read;
    b->asked = asked;
}

static uint8_t
glow_after(const Block *old, const Block *now, size_t i)
{
    bool known = old->states[i] <= SX_BYTE_HOLE && now->states[i] <= SX_BYTE_HOLE;
    if (known && old->bytes[i] != now->bytes[i])
        return SX_GLOW_MAX;
    return old->glow[i] ? (uint8_t)(old->glow[i] - 1) : 0;
}

/* --- what workers do ------------------------------------------------------------------------------------------------------ */

static bool
is_held(Watched *w, uint64_t at)
{
    pthread_mutex_lock(&w->lock);
    bool is = held(w, at) != NULL;
    pthread_mutex_unlock(&w->lock);
    return is;
}

void
watched_fill(Watched *w, SxSpan span, SxJob *job)
{
    Block *read = malloc(sizeof *read);
    uint64_t at = span.at / BLOCK * BLOCK;
    for (unsigned n = 0; read && n < BLOCKS && at < sx_span_end(span) && !sx_job_cancelled(job); n++, at += BLOCK) {
        if (is_held(w, at) || !read_block(w->of, at, read))
            continue;
        pthread_mutex_lock(&w->lock);
        keep(w, read, w->turn);
        pthread_mutex_unlock(&w->lock);
    }
    free(read);
}

/* The next block that was looked at since the last turn; the others are let go. */
static bool
next_asked(Watched *w, size_t *i, uint64_t *at)
{
    bool found = false;
    pthread_mutex_lock(&w->lock);
    for (; *i < BLOCKS && !found; ++*i) {
        Block *b = &w->blocks[*i];
        found = b->len > 0 && b->asked + 1 >= w->turn;
        b->len = found ? b->len : 0;
        *at = b->at;
    }
    pthread_mutex_unlock(&w->lock);
    return found;
}

static void
renew(Watched *w, Block *read)
{
    pthread_mutex_lock(&w->lock);
    const Block *old = held(w, read->at);
    if (old) {
        for (size_t i = 0; i < read->len && i < old->len; i++)
            read->glow[i] = glow_after(old, read, i);
        keep(w, read, old->asked);
    }
    pthread_mutex_unlock(&w->lock);
}

void
watched_again(Watched *w, SxJob *job)
{
    Block *read = malloc(sizeof *read);
    uint64_t at;
    pthread_mutex_lock(&w->lock);
    w->turn++;
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; read && !sx_job_cancelled(job) && next_asked(w, &i, &at);)
        if (read_block(w->of, at, read))
            renew(w, read);
    free(read);
}

/* --- looking ---------------------------------------------------------------------------------------------------------------- */

typedef void Each(const Block *b, size_t from, size_t len, size_t to, void *data);

/* The held parts of `span`, block by block; who looks asks for them. */
static void
each_held(Watched *w, SxSpan span, Each *each, void *data)
{
    pthread_mutex_lock(&w->lock);
    for (uint64_t at = span.at, next; at < sx_span_end(span); at = next) {
        Block *b = held(w, at / BLOCK * BLOCK);
        next = at / BLOCK * BLOCK + BLOCK;
        size_t from = (size_t)(at % BLOCK), to = (size_t)(at - span.at);
        size_t len = (size_t)((next < sx_span_end(span) ? next : sx_span_end(span)) - at);
        if (!b || b->len <= from)
            continue;
        b->asked = w->turn;
        each(b, from, b->len - from < len ? b->len - from : len, to, data);
    }
    pthread_mutex_unlock(&w->lock);
}

typedef struct Shown {
    uint8_t *bytes, *states; /* states: NULL */
} Shown;

static void
show(const Block *b, size_t from, size_t len, size_t to, void *data)
{
    const Shown *s = data;
    memcpy(s->bytes + to, b->bytes + from, len);
    if (s->states)
        memcpy(s->states + to, b->states + from, len);
}

static void
show_glow(const Block *b, size_t from, size_t len, size_t to, void *data)
{
    memcpy((uint8_t *)data + to, b->glow + from, len);
}

void
watched_glow(Watched *w, SxSpan span, uint8_t *glow)
{
    memset(glow, 0, (size_t)span.len);
    each_held(w, span, show_glow, glow);
}

/* --- as a source ------------------------------------------------------------------------------------------------------------ */

static Watched *
self(SxSource *s)
{
    return (Watched *)s;
}

static void
source_retain(SxSource *s)
{
    watched_retain(self(s));
}

static void
source_release(SxSource *s)
{
    watched_release(self(s));
}

static uint64_t
source_size(SxSource *s)
{
    return sx_source_size(self(s)->of);
}

static bool
source_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    SxPin below;
    uint8_t *bytes = malloc((size_t)span.len);
    if (!bytes)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a block of %zu bytes", (size_t)span.len);
    if (!sx_source_pin(self(s)->of, span, use, &below, err)) {
        free(bytes);
        return false;
    }
    memcpy(bytes, below.data, (size_t)span.len);
    sx_source_unpin(self(s)->of, &below);
    each_held(self(s), span, show, &(Shown){bytes, NULL});
    *out = (SxPin){.data = bytes, .span = span, .owner = bytes};
    return true;
}

static void
source_unpin(SxSource *s, SxPin *pin)
{
    (void)s;
    free(pin->owner);
}

static size_t
source_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    return sx_source_lost(self(s)->of, span, out, max);
}

static void
source_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    memset(bytes, 0, (size_t)span.len);
    memset(states, SX_BYTE_PENDING, (size_t)span.len);
    each_held(self(s), span, show, &(Shown){bytes, states});
}

static bool
source_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    return sx_source_extent(self(s)->of, at, out, err);
}

static const SxSourceOps source_ops = {
    .retain = source_retain,
    .release = source_release,
    .size = source_size,
    .pin = source_pin,
    .unpin = source_unpin,
    .lost = source_lost,
    .peek = source_peek,
    .extent = source_extent,
};

/* --- life --------------------------------------------------------------------------------------------------------------------- */

Watched *
watched_new(SxSource *of)
{
    Watched *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->source.ops = &source_ops;
    atomic_init(&w->refs, 1);
    pthread_mutex_init(&w->lock, NULL);
    w->of = sx_source_retain(of);
    return w;
}

SxSource *
watched_source(Watched *w)
{
    return &w->source;
}

Watched *
watched_retain(Watched *w)
{
    atomic_fetch_add_explicit(&w->refs, 1, memory_order_relaxed);
    return w;
}

void
watched_release(Watched *w)
{
    if (!w || atomic_fetch_sub_explicit(&w->refs, 1, memory_order_acq_rel) != 1)
        return;
    sx_source_release(w->of);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
