/*
 * before.h - the bytes that a file held before we ourselves changed them.
 *
 * Each change of the file is one epoch: the images of what it overwrites are entered here under the file's epoch, then
 * the file is written, then the epoch rises. Whoever wants the file as it was in epoch E reads the file first and then
 * lays the images of E and later over what he read, the earliest topmost. Images are never taken out.
 *
 * threads    one writer; any number of readers
 * cost       O(log^2 n) a look, O(1) when nothing was changed since the epoch asked for
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include <sextant/bytes.h>
#include <sextant/error.h>

typedef struct Image {
    uint64_t at;     /* in the file */
    uint64_t len;    /* bytes, > 0 */
    uint64_t add_at; /* in the add buffer, or IMAGE_LOST */
    uint32_t epoch;
} Image;

/* Bytes that could not be read when they were overwritten: whoever wants them back learns that they are lost. */
#define IMAGE_LOST UINT64_MAX

static inline bool
image_lost(const Image *m)
{
    return m->add_at == IMAGE_LOST;
}

/* The image that shows at `at`: of the earliest epoch, the last of a list as before_images gives it. Narrows *len to where
 * it is so. NULL: none does. */
const Image *image_topmost(const Image *images, size_t count, uint64_t at, uint64_t *len);

typedef struct Before {
    pthread_mutex_t lock; /* runs */
    struct Run *runs;     /* oldest first, each sorted by offset */
    size_t count;
    size_t room;
    atomic_bool lost; /* there is an image of lost bytes */
    atomic_uint next; /* one more than the newest epoch with an image, 0: none */
} Before;

void before_init(Before *b);
void before_clear(Before *b);

/* Enter images of one epoch, not older than the newest, ascending and disjoint. False: no memory, nothing entered. */
bool before_add(Before *b, const Image *images, size_t count);

/* Epochs from `from` on, before `to`. */
typedef struct Epochs {
    uint32_t from;
    uint32_t to;
} Epochs;
#define EPOCHS_SINCE(e) ((Epochs){(e), UINT32_MAX})
#define EPOCHS_UNTIL(e) ((Epochs){0, (e)})

/* Whether images of these epochs touch `span`. To be asked behind the reading of the bytes. */
bool before_any(Before *b, SxSpan span, Epochs epochs);

/* How far the state of span.at reaches, at most to the end of `span`: covered by such an image or not. Returns bytes. */
uint64_t before_stretch(Before *b, SxSpan span, Epochs epochs, bool *covered);

/* Images of `epoch` and later that touch `span`, the newest first: laid down in this order the earliest comes out
 * topmost. A new block, yours to free; NULL with *count 0 when there are none. False: no memory. */
bool before_images(Before *b, SxSpan span, uint32_t epoch, Image **out, size_t *count);
