/*
 * witness.c - taking note of bytes before they are replaced, and asking later. Offsets are those of the file.
 */
#include "document/witness.h"

#include <stdlib.h>
#include <string.h>

enum {
    EDIT_MAX = 64 << 10, /* bytes of one edit */
    SAVED_MAX = 1 << 16, /* places of one save */
};

static Epochs
only(uint32_t epoch)
{
    return (Epochs){epoch, epoch + 1};
}

/* --- taking note ----------------------------------------------------------------------------------------------------- */

/* Bytes of the file that have no witness yet. */
static void
note_bytes(SxDocument *d, File *f, SxSpan span)
{
    uint8_t *buf = malloc((size_t)span.len * 2);
    uint8_t *states = buf ? buf + span.len : NULL;
    Piece piece = {span.at, span.len, f->epoch, d->file, PIECE_FILE};
    Image image = {.at = span.at, .len = span.len, .epoch = f->epoch};
    if (!buf)
        return;
    store_peek(d->store, &piece, buf, states);
    bool here = true;
    for (uint64_t i = 0; i < span.len; i++)
        here = here && (states[i] == SX_BYTE_HERE || states[i] == SX_BYTE_HOLE);
    if (here && add_append(d->store->add, sx_bytes(buf, (size_t)span.len), &image.add_at, NULL) &&
        before_add(&f->seen, &image, 1))
        journal_witness(d->journal, (uint64_t)d->offset + span.at, span.len, image.add_at, f->epoch, NULL);
    free(buf);
}

static void
note_live(SxDocument *d, SxSpan span)
{
    File *f = store_file(d->store, d->file);
    while (span.len > 0) {
        bool covered;
        uint64_t n = before_stretch(&f->seen, span, only(f->epoch), &covered);
        if (!covered)
            note_bytes(d, f, (SxSpan){span.at, n});
        span = (SxSpan){span.at + n, span.len - n};
    }
}

void
document_witness(SxDocument *d, SxSpan span)
{
    Cursor c;
    if (d->access == SX_ACCESS_WRITE || d->saving || d->replaying || span.len == 0 || span.len > EDIT_MAX)
        return;
    bool more = cursor_at(&c, d->tree.root, span.at);
    for (; more && c.begins < sx_span_end(span); more = cursor_next(&c)) {
        uint64_t from = c.begins > span.at ? c.begins : span.at;
        uint64_t end = c.begins + c.piece.len;
        uint64_t to = end < sx_span_end(span) ? end : sx_span_end(span);
        if (piece_live(&c.piece))
            note_live(d, (SxSpan){c.piece.offset + (from - c.begins), to - from});
    }
}

void
document_witness_file(SxDocument *d, SxSpan span)
{
    if (span.len <= EDIT_MAX && d->access != SX_ACCESS_WRITE)
        note_live(d, span);
}

/* Bytes that were written out of the add buffer are there still. */
static size_t
collect_saved(const Reading *saved, uint32_t epoch, Image *images)
{
    Cursor c;
    size_t count = 0;
    bool more = cursor_at(&c, saved->root, 0);
    for (; more && count < SAVED_MAX; more = cursor_next(&c))
        if (c.piece.kind == PIECE_ADD)
            images[count++] = (Image){c.begins, c.piece.len, c.piece.offset, epoch};
    return count;
}

void
document_witness_saved(SxDocument *d, const Reading *saved)
{
    File *f = store_file(d->store, d->file);
    Image *images = malloc(SAVED_MAX * sizeof *images);
    if (images)
        before_add(&f->seen, images, collect_saved(saved, f->epoch, images));
    free(images);
}

/* --- asking -------------------------------------------------------------------------------------------------------------- */

/* The first byte that one witness denies; false: it agrees. Its bytes may lie in several runs. */
static bool
denied(const Store *s, const Image *m, uint64_t at, SxBytes bytes, uint64_t *where)
{
    uint64_t from = m->at > at ? m->at : at;
    uint64_t end = m->at + m->len < at + bytes.len ? m->at + m->len : at + bytes.len;
    while (from < end) {
        SxBytes was = add_at(s->add, m->add_at + (from - m->at));
        const uint8_t *is = bytes.data + (from - at);
        size_t n = was.len < end - from ? was.len : (size_t)(end - from);
        size_t same = 0;
        while (same < n && was.data[same] == is[same])
            same++;
        from += same;
        if (same < n) {
            *where = from;
            return true;
        }
    }
    return false;
}

/* Without memory to ask them they are silent, which nobody takes for a yes. */
static Testimony
any_denies(Store *s, File *f, uint32_t epoch, uint64_t at, SxBytes bytes, uint64_t *where)
{
    Image *images;
    size_t count;
    uint64_t one;
    bool found = false;
    if (!before_images(&f->seen, (SxSpan){at, bytes.len}, epoch, &images, &count)) {
        *where = at;
        return WITNESS_SILENT;
    }
    for (size_t i = 0; i < count; i++) {
        if (images[i].epoch == epoch && denied(s, &images[i], at, bytes, &one)) {
            *where = !found || one < *where ? one : *where;
            found = true;
        }
    }
    free(images);
    return found ? WITNESS_DENIES : WITNESS_AGREES;
}

bool
witness_holds(Store *s, uint16_t file, uint32_t epoch, SxSpan span, uint64_t *add_at)
{
    Image *images;
    size_t count;
    bool found = false;
    if (!before_images(&store_file(s, file)->seen, span, epoch, &images, &count))
        return false;
    for (size_t i = 0; i < count && !found; i++) {
        const Image *m = &images[i];
        found = m->epoch == epoch && m->at <= span.at && m->at + m->len >= sx_span_end(span);
        if (found)
            *add_at = m->add_at + (span.at - m->at);
    }
    free(images);
    return found;
}

Testimony
witness_ask(Store *s, uint16_t file, uint32_t epoch, uint64_t at, SxBytes bytes, uint64_t *where)
{
    File *f = store_file(s, file);
    Testimony said = any_denies(s, f, epoch, at, bytes, where);
    if (said != WITNESS_AGREES)
        return said;
    for (SxSpan rest = {at, bytes.len}; rest.len > 0;) {
        bool covered;
        uint64_t n = before_stretch(&f->seen, rest, only(epoch), &covered);
        if (!covered) {
            *where = rest.at;
            return WITNESS_SILENT;
        }
        rest = (SxSpan){rest.at + n, rest.len - n};
    }
    return WITNESS_AGREES;
}

bool
witness_read(Store *s, uint16_t file, uint32_t epoch, SxSpan span, uint8_t *to)
{
    Image *images;
    size_t count;
    Before *seen = &store_file(s, file)->seen;
    for (SxSpan rest = span; rest.len > 0;) {
        bool covered;
        uint64_t n = before_stretch(seen, rest, only(epoch), &covered);
        if (!covered)
            return false;
        rest = (SxSpan){rest.at + n, rest.len - n};
    }
    if (!before_images(seen, span, epoch, &images, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        const Image *m = &images[i];
        uint64_t from = m->at > span.at ? m->at : span.at;
        uint64_t end = m->at + m->len < sx_span_end(span) ? m->at + m->len : sx_span_end(span);
        if (m->epoch == epoch && from < end)
            add_copy(s->add, m->add_at + (from - m->at), to + (from - span.at), (size_t)(end - from));
    }
    free(images);
    return true;
}
