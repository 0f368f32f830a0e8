/*
 * before.c - images in sorted runs; a new run swallows its elders while they are not much larger, so that there are
 * about log n of them and each holds the images of neighbouring epochs.
 */
#include "document/before.h"

#include <stdlib.h>
#include <string.h>

typedef struct Run {
    Image *images;  /* by offset, then epoch */
    uint64_t *ends; /* the furthest end of images[0..i] */
    size_t count;
    uint32_t oldest; /* epoch */
    uint32_t newest;
} Run;

void
before_init(Before *b)
{
    *b = (Before){0};
    pthread_mutex_init(&b->lock, NULL);
}

static void
run_clear(Run *r)
{
    free(r->images);
    free(r->ends);
}

void
before_clear(Before *b)
{
    for (size_t i = 0; i < b->count; i++)
        run_clear(&b->runs[i]);
    free(b->runs);
    pthread_mutex_destroy(&b->lock);
}

static bool
run_init(Run *r, size_t count)
{
    *r = (Run){.images = malloc(count * sizeof *r->images), .ends = malloc(count * sizeof *r->ends), .count = count};
    if (r->images && r->ends)
        return true;
    run_clear(r);
    return false;
}

static void
run_close(Run *r)
{
    uint64_t end = 0;
    r->oldest = UINT32_MAX;
    for (size_t i = 0; i < r->count; i++) {
        const Image *m = &r->images[i];
        end = m->at + m->len > end ? m->at + m->len : end;
        r->ends[i] = end;
        r->newest = m->epoch > r->newest ? m->epoch : r->newest;
        r->oldest = m->epoch < r->oldest ? m->epoch : r->oldest;
    }
}

/* The elder's come first among equals. */
static void
run_merge(const Run *a, const Run *b, Run *out)
{
    size_t i = 0;
    size_t k = 0;
    for (size_t n = 0; n < out->count; n++) {
        bool first = k == b->count || (i < a->count && a->images[i].at <= b->images[k].at);
        out->images[n] = first ? a->images[i++] : b->images[k++];
    }
    run_close(out);
}

/* No memory to merge with only makes looks slower. */
static void
settle(Before *b)
{
    while (b->count > 1) {
        Run *elder = &b->runs[b->count - 2];
        Run *younger = &b->runs[b->count - 1];
        Run both;
        if (elder->count > 2 * younger->count || !run_init(&both, elder->count + younger->count))
            return;
        run_merge(elder, younger, &both);
        run_clear(elder);
        run_clear(younger);
        *elder = both;
        b->count--;
    }
}

static bool
make_room(Before *b)
{
    if (b->count < b->room)
        return true;
    size_t room = b->room ? 2 * b->room : 8;
    Run *runs = realloc(b->runs, room * sizeof *runs);
    if (!runs)
        return false;
    b->runs = runs;
    b->room = room;
    return true;
}

bool
before_add(Before *b, const Image *images, size_t count)
{
    if (count == 0)
        return true;
    Run run;
    if (!run_init(&run, count))
        return false;
    memcpy(run.images, images, count * sizeof *images);
    run_close(&run);
    uint32_t next = run.newest + 1;
    pthread_mutex_lock(&b->lock);
    bool entered = make_room(b);
    if (entered) {
        b->runs[b->count++] = run;
        settle(b);
        for (size_t i = 0; i < count; i++)
            if (image_lost(&images[i]))
                atomic_store(&b->lost, true);
        /* before the file is written: who sees new bytes of it must see the images */
        atomic_exchange(&b->next, next);
    }
    pthread_mutex_unlock(&b->lock);
    if (!entered)
        run_clear(&run);
    return entered;
}

/* --- looking --------------------------------------------------------------------------------------------------------- */

static bool
nothing_since(Before *b, uint32_t epoch)
{
    /* not a load: that could come before the bytes of the file that were read for it */
    return atomic_fetch_add(&b->next, 0) <= epoch;
}

static bool
run_outside(const Run *r, Epochs e)
{
    return r->newest < e.from || r->oldest >= e.to;
}

/* The first image of the run that may reach behind `at`. */
static size_t
run_first(const Run *r, uint64_t at)
{
    size_t low = 0;
    size_t high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->ends[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Step to the next image of these epochs in `r`, from index *i on, that touches `span`. */
static const Image *
run_next(const Run *r, size_t *i, SxSpan span, Epochs e)
{
    for (; *i < r->count && r->images[*i].at < sx_span_end(span); ++*i) {
        const Image *m = &r->images[*i];
        if (m->epoch >= e.from && m->epoch < e.to && m->at + m->len > span.at) {
            ++*i;
            return m;
        }
    }
    return NULL;
}

uint64_t
before_stretch(Before *b, SxSpan span, Epochs epochs, bool *covered)
{
    *covered = false;
    if (nothing_since(b, epochs.from))
        return span.len;
    uint64_t covered_to = span.at;
    uint64_t bare_to = sx_span_end(span);
    pthread_mutex_lock(&b->lock);
    for (size_t k = 0; k < b->count; k++) {
        const Run *r = &b->runs[k];
        if (run_outside(r, epochs))
            continue;
        size_t i = run_first(r, span.at);
        for (const Image *m; (m = run_next(r, &i, span, epochs));) {
            if (m->at > span.at) {
                bare_to = m->at < bare_to ? m->at : bare_to;
                break;
            }
            covered_to = m->at + m->len > covered_to ? m->at + m->len : covered_to;
        }
    }
    pthread_mutex_unlock(&b->lock);
    *covered = covered_to > span.at;
    uint64_t end = *covered ? covered_to : bare_to;
    return (end < sx_span_end(span) ? end : sx_span_end(span)) - span.at;
}

bool
before_any(Before *b, SxSpan span, Epochs epochs)
{
    bool covered;
    return span.len > 0 && (before_stretch(b, span, epochs, &covered) < span.len || covered);
}

static int
newest_first(const void *a, const void *b)
{
    const Image *x = a;
    const Image *y = b;
    return x->epoch < y->epoch ? 1 : x->epoch > y->epoch ? -1 : 0;
}

static size_t
collect(const Before *b, SxSpan span, Epochs epochs, Image *out)
{
    size_t count = 0;
    for (size_t k = 0; k < b->count; k++) {
        const Run *r = &b->runs[k];
        if (run_outside(r, epochs))
            continue;
        size_t i = run_first(r, span.at);
        for (const Image *m; (m = run_next(r, &i, span, epochs)); count++)
            if (out)
                out[count] = *m;
    }
    return count;
}

bool
before_images(Before *b, SxSpan span, uint32_t epoch, Image **out, size_t *count)
{
    *out = NULL;
    *count = 0;
    if (span.len == 0 || nothing_since(b, epoch))
        return true;
    pthread_mutex_lock(&b->lock);
    size_t n = collect(b, span, EPOCHS_SINCE(epoch), NULL);
    Image *images = n > 0 ? malloc(n * sizeof *images) : NULL;
    if (images)
        collect(b, span, EPOCHS_SINCE(epoch), images);
    pthread_mutex_unlock(&b->lock);
    if (n > 0 && !images)
        return false;
    if (images)
        qsort(images, n, sizeof *images, newest_first);
    *out = images;
    *count = n;
    return true;
}

const Image *
image_topmost(const Image *images, size_t count, uint64_t at, uint64_t *len)
{
    const Image *top = NULL;
    for (size_t i = count; i-- > 0 && !top;) {
        const Image *m = &images[i];
        if (at >= m->at && at < m->at + m->len) {
            top = m;
            *len = m->at + m->len - at < *len ? m->at + m->len - at : *len;
        } else if (m->at > at && m->at - at < *len) {
            *len = m->at - at; /* from there on this one lies above */
        }
    }
    return top;
}
