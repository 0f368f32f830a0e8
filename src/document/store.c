/*
 * store.c - the table of files, and reading pieces out of what they name.
 *
 * A piece of a file is read from the file as it is now; then the images of its epoch and later are laid over. Bytes
 * behind the end of a file that became shorter are lost unless an image has them.
 */
#include "document/store.h"

#include <stdlib.h>
#include <string.h>

bool
store_new(Store **out, size_t chunk, SxError *err)
{
    Store *s = calloc(1, sizeof *s);
    if (!s)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a document");
    atomic_init(&s->refs, 1);
    pthread_rwlock_init(&s->lock, NULL);
    if (!add_new(&s->add, NULL, chunk, err)) {
        store_release(s);
        return false;
    }
    *out = s;
    return true;
}

Store *
store_retain(Store *s)
{
    atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void
store_release(Store *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < s->count; i++) {
        sx_source_release(s->files[i]->source);
        before_clear(&s->files[i]->before);
        before_clear(&s->files[i]->seen);
        free(s->files[i]);
    }
    free(s->files);
    add_release(s->add);
    pthread_rwlock_destroy(&s->lock);
    free(s);
}

bool
store_add_file(Store *s, SxSource *source, uint64_t zeros, uint16_t *number, SxError *err)
{
    if (s->count > UINT16_MAX)
        return sx_fail(err, SX_ERR_LIMIT, "more than %d files in one session", UINT16_MAX);
    File *f = calloc(1, sizeof *f);
    File **files = malloc((s->count + 1) * sizeof *files);
    if (!f || !files) {
        free(f);
        free(files);
        return sx_fail(err, SX_ERR_NOMEM, "no memory for another file");
    }
    *f = (File){.source = source, .zeros = zeros};
    before_init(&f->before);
    before_init(&f->seen);
    pthread_rwlock_wrlock(&s->lock);
    File **old = s->files;
    if (old)
        memcpy(files, old, s->count * sizeof *files);
    files[s->count] = f;
    s->files = files;
    *number = (uint16_t)s->count++;
    pthread_rwlock_unlock(&s->lock);
    free(old);
    return true;
}

void
store_renew_file(Store *s, uint16_t number, SxSource *source)
{
    pthread_rwlock_wrlock(&s->lock);
    SxSource *old = s->files[number]->source;
    s->files[number]->source = source;
    s->files[number]->zeros = 0;
    s->files[number]->data = (SxExtent){0};
    pthread_rwlock_unlock(&s->lock);
    sx_source_release(old);
}

File *
store_file(Store *s, uint16_t number)
{
    pthread_rwlock_rdlock(&s->lock);
    File *f = s->files[number];
    pthread_rwlock_unlock(&s->lock);
    return f;
}

/* The file of a piece and its source, with a count; the source is NULL for zeros. */
static File *
open_file(Store *s, uint16_t number, SxSource **source, uint64_t *size)
{
    pthread_rwlock_rdlock(&s->lock);
    File *f = s->files[number];
    *source = sx_source_retain(f->source);
    *size = f->source ? sx_source_size(f->source) : f->zeros;
    pthread_rwlock_unlock(&s->lock);
    return f;
}

uint64_t
store_file_size(Store *s, uint16_t number)
{
    SxSource *source;
    uint64_t size;
    open_file(s, number, &source, &size);
    sx_source_release(source);
    return size;
}

static SxSpan
file_span(const Piece *p)
{
    return (SxSpan){p->offset, p->len};
}

/* --- copying ---------------------------------------------------------------------------------------------------------- */

static void
copy_added(const Add *add, uint64_t at, uint8_t *to, uint64_t len)
{
    while (len > 0) {
        SxBytes run = add_at(add, at);
        size_t n = run.len < len ? run.len : (size_t)len;
        memcpy(to, run.data, n);
        at += n;
        to += n;
        len -= n;
    }
}

/* Lay the images of the piece's epoch and later over `to`, and name those bytes as being here. */
static bool
lay_images(Store *s, File *f, const Piece *p, uint8_t *to, uint8_t *states)
{
    Image *images;
    size_t count;
    if (!before_images(&f->before, file_span(p), p->epoch, &images, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        const Image *m = &images[i];
        uint64_t begin = m->at > p->offset ? m->at : p->offset;
        uint64_t end = m->at + m->len < p->offset + p->len ? m->at + m->len : p->offset + p->len;
        if (image_lost(m))
            memset(to + (begin - p->offset), 0, end - begin);
        else
            copy_added(s->add, m->add_at + (begin - m->at), to + (begin - p->offset), end - begin);
        if (states)
            memset(states + (begin - p->offset), image_lost(m) ? SX_BYTE_LOST : SX_BYTE_HERE, end - begin);
    }
    free(images);
    return true;
}

static bool
copy_source(SxSource *source, SxSpan span, SxPinUse use, uint8_t *to, SxError *err)
{
    enum { BLOCK = 1 << 20 };
    while (span.len > 0) {
        SxSpan part = {span.at, span.len < BLOCK ? span.len : BLOCK};
        SxPin pin;
        if (!sx_source_pin(source, part, use, &pin, err))
            return false;
        memcpy(to, pin.data, part.len);
        sx_source_unpin(source, &pin);
        to += part.len;
        span.at += part.len;
        span.len -= part.len;
    }
    return true;
}

static bool
copy_file(Store *s, const Piece *p, SxPinUse use, uint8_t *to, SxError *err)
{
    SxSource *source;
    uint64_t size;
    File *f = open_file(s, p->source, &source, &size);
    SxSpan there = sx_span_clip(file_span(p), size);
    bool copied = true;
    if (source)
        copied = copy_source(source, there, use, to, err);
    else
        memset(to, 0, there.len);
    memset(to + there.len, 0, p->len - there.len);
    sx_source_release(source);
    if (!copied)
        return false;
    return p->kind == PIECE_OTHER || lay_images(s, f, p, to, NULL) || sx_fail(err, SX_ERR_NOMEM, "no memory to read");
}

bool
store_copy(Store *s, const Piece *p, SxPinUse use, uint8_t *to, SxError *err)
{
    if (piece_of_file(p))
        return copy_file(s, p, use, to, err);
    if (p->kind == PIECE_ADD)
        copy_added(s->add, p->offset, to, p->len);
    else
        memset(to, (int)(p->offset & 0xff), p->len);
    return true;
}

void
store_peek(Store *s, const Piece *p, uint8_t *bytes, uint8_t *states)
{
    if (!piece_of_file(p)) {
        store_copy(s, p, SX_PIN_VIEW, bytes, NULL);
        memset(states, SX_BYTE_HERE, p->len);
        return;
    }
    SxSource *source;
    uint64_t size;
    File *f = open_file(s, p->source, &source, &size);
    SxSpan there = sx_span_clip(file_span(p), size);
    if (source) {
        sx_source_peek(source, there, bytes, states);
    } else {
        memset(bytes, 0, there.len);
        memset(states, SX_BYTE_HOLE, there.len);
    }
    memset(bytes + there.len, 0, p->len - there.len);
    memset(states + there.len, SX_BYTE_LOST, p->len - there.len);
    sx_source_release(source);
    if (p->kind == PIECE_FILE && !lay_images(s, f, p, bytes, states))
        memset(states, SX_BYTE_PENDING, p->len); /* no memory now: asked again later */
}

void
store_look(Store *s, const Piece *p)
{
    SxSource *source;
    uint64_t size;
    if (!piece_of_file(p))
        return;
    open_file(s, p->source, &source, &size);
    if (source)
        sx_source_look(source, sx_span_clip(file_span(p), size));
    sx_source_release(source);
}

/* --- without a copy ---------------------------------------------------------------------------------------------------- */

static bool
direct_file(Store *s, const Piece *p, SxPinUse use, Direct *out)
{
    SxSource *source;
    uint64_t size;
    File *f = open_file(s, p->source, &source, &size);
    if (!source || p->offset + p->len > size || !sx_source_pin(source, file_span(p), use, &out->pin, NULL)) {
        sx_source_release(source);
        return false;
    }
    if (p->kind == PIECE_FILE && before_any(&f->before, file_span(p), EPOCHS_SINCE(p->epoch))) {
        sx_source_unpin(source, &out->pin);
        sx_source_release(source);
        return false;
    }
    out->source = source;
    out->data = out->pin.data;
    return true;
}

bool
store_direct(Store *s, const Piece *p, SxPinUse use, Direct *out)
{
    *out = (Direct){0};
    if (piece_of_file(p))
        return direct_file(s, p, use, out);
    if (p->kind != PIECE_ADD)
        return false;
    SxBytes run = add_at(s->add, p->offset);
    out->data = run.data;
    return run.len >= p->len;
}

void
store_direct_end(Direct *d)
{
    if (d->source) {
        sx_source_unpin(d->source, &d->pin);
        sx_source_release(d->source);
    }
    *d = (Direct){0};
}

bool
store_changed(Store *s, const Piece *p)
{
    return p->kind == PIECE_FILE && before_any(&store_file(s, p->source)->before, file_span(p), EPOCHS_SINCE(p->epoch));
}

/* --- extents and what is lost -------------------------------------------------------------------------------------------- */

/* Where data was found before is data still, or it does no harm to read it. A hole is asked for each time: somebody
 * may have written there. */
static bool
source_extent(Store *s, File *f, SxSource *source, uint64_t at, SxExtent *out, SxError *err)
{
    pthread_rwlock_rdlock(&s->lock);
    *out = f->data;
    pthread_rwlock_unlock(&s->lock);
    if (at >= out->span.at && at < sx_span_end(out->span))
        return true;
    if (!sx_source_extent(source, at, out, err))
        return false;
    if (out->kind == SX_EXTENT_DATA) {
        pthread_rwlock_wrlock(&s->lock);
        f->data = *out;
        pthread_rwlock_unlock(&s->lock);
    }
    return true;
}

static bool
extent_of_file(Store *s, const Piece *p, SxExtent *out, SxError *err)
{
    SxSource *source;
    uint64_t size;
    File *f = open_file(s, p->source, &source, &size);
    bool covered = false;
    uint64_t stretch = p->len;
    if (p->kind == PIECE_FILE)
        stretch = before_stretch(&f->before, file_span(p), EPOCHS_SINCE(p->epoch), &covered);
    bool found = true;
    if (covered) {
        *out = (SxExtent){.kind = SX_EXTENT_DATA};
    } else if (p->offset >= size) {
        *out = (SxExtent){.kind = SX_EXTENT_LOST};
    } else if (!source) {
        *out = (SxExtent){.kind = SX_EXTENT_HOLE};
        stretch = size - p->offset < stretch ? size - p->offset : stretch;
    } else {
        found = source_extent(s, f, source, p->offset, out, err);
        uint64_t rest = found ? sx_span_end(out->span) - p->offset : 0;
        stretch = rest < stretch ? rest : stretch;
    }
    out->span = (SxSpan){0, stretch};
    sx_source_release(source);
    return found;
}

bool
store_extent(Store *s, const Piece *p, SxExtent *out, SxError *err)
{
    if (piece_of_file(p))
        return extent_of_file(s, p, out, err);
    if (p->kind == PIECE_FILL) {
        *out = (SxExtent){{0, p->len}, SX_EXTENT_FILL, (uint8_t)p->offset, false};
        return true;
    }
    size_t run = add_at(s->add, p->offset).len;
    *out = (SxExtent){{0, run < p->len ? run : p->len}, SX_EXTENT_DATA, 0, true};
    return true;
}

/* Bytes of `span`, all of it covered by images, that were lost when they were overwritten. */
static void
report_lost_images(File *f, const Piece *p, SxSpan span, LostFound *found, void *data)
{
    Image *images;
    size_t count;
    if (!before_images(&f->before, span, p->epoch, &images, &count)) {
        found(data, (SxSpan){span.at - p->offset, span.len}); /* no memory to know better */
        return;
    }
    while (span.len > 0) {
        uint64_t len = span.len;
        const Image *m = image_topmost(images, count, span.at, &len);
        if (m && image_lost(m))
            found(data, (SxSpan){span.at - p->offset, len});
        span = (SxSpan){span.at + len, span.len - len};
    }
    free(images);
}

/* Report what of `lost`, a span of the file, no image has. */
static void
report_lost(File *f, const Piece *p, SxSpan lost, LostFound *found, void *data)
{
    while (lost.len > 0) {
        bool covered = false;
        uint64_t n = lost.len;
        if (p->kind == PIECE_FILE)
            n = before_stretch(&f->before, lost, EPOCHS_SINCE(p->epoch), &covered);
        if (!covered)
            found(data, (SxSpan){lost.at - p->offset, n});
        lost.at += n;
        lost.len -= n;
    }
}

static void
lost_of_source(File *f, SxSource *source, const Piece *p, SxSpan there, LostFound *found, void *data)
{
    enum { SOME = 32 };
    while (source && there.len > 0) {
        SxSpan lost[SOME];
        size_t count = sx_source_lost(source, there, lost, SOME);
        for (size_t i = 0; i < count && i < SOME; i++)
            report_lost(f, p, lost[i], found, data);
        uint64_t next = count > SOME ? sx_span_end(lost[SOME - 1]) : sx_span_end(there);
        there = sx_span(next, sx_span_end(there));
    }
}

/* In order, where some images are of lost bytes, too. */
static void
lost_by_stretch(File *f, SxSource *source, const Piece *p, SxSpan there, LostFound *found, void *data)
{
    while (there.len > 0) {
        bool covered;
        uint64_t n = before_stretch(&f->before, there, EPOCHS_SINCE(p->epoch), &covered);
        if (covered)
            report_lost_images(f, p, (SxSpan){there.at, n}, found, data);
        else
            lost_of_source(f, source, p, (SxSpan){there.at, n}, found, data);
        there = (SxSpan){there.at + n, there.len - n};
    }
}

bool
store_whole(Store *s, uint16_t number, SxSpan span)
{
    SxSource *source;
    uint64_t size;
    File *f = open_file(s, number, &source, &size);
    bool whole = sx_span_end(span) <= size && !atomic_load(&f->before.lost) &&
                 (!source || sx_source_lost(source, span, NULL, 0) == 0);
    sx_source_release(source);
    return whole;
}

void
store_lost(Store *s, const Piece *p, LostFound *found, void *data)
{
    if (!piece_of_file(p))
        return;
    SxSource *source;
    uint64_t size;
    File *f = open_file(s, p->source, &source, &size);
    SxSpan there = sx_span_clip(file_span(p), size);
    uint64_t end = p->offset + p->len;
    if (p->kind == PIECE_FILE && atomic_load(&f->before.lost))
        lost_by_stretch(f, source, p, there, found, data);
    else
        lost_of_source(f, source, p, there, found, data);
    sx_source_release(source);
    if (end > size)
        report_lost(f, p, sx_span(p->offset > size ? p->offset : size, end), found, data);
}
