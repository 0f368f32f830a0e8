/*
 * through.c - WRITE: after an edit of the tree, the file is made to be what the tree says.
 *
 * First the old bytes of every range that will change go to the add buffer, the journal and the table of before-images.
 * From then on the tree, old or new, can be read as of its epoch whatever has been written so far, so that ranges may be
 * written in any order, and a failure in the middle can be taken back. At the end the epoch rises and the tree is one
 * live piece. Offsets of the document are those of the file here: what stands elsewhere is what must be written.
 */
#include "document/core.h"
#include "document/foreign.h"

#include <sextant/text.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 20 };

typedef struct Through {
    SxDocument *d;
    Reading reading;       /* the new tree, in the epoch before */
    uint64_t old_size;
    SxSpan *ranges;  /* of the document and the file, ascending, to be written */
    size_t count;
    size_t room;
    uint64_t moves;  /* bytes that are only in another place */
    uint64_t moved_at; /* the change before the first of them */
    Image *images;
    size_t n_images;
    size_t images_room;
} Through;

/* --- what is to be written ----------------------------------------------------------------------------------------------------------- */

static bool
add_range(Through *t, SxSpan span)
{
    if (span.len == 0)
        return true;
    if (t->count > 0 && sx_span_end(t->ranges[t->count - 1]) == span.at) {
        t->ranges[t->count - 1].len += span.len;
        return true;
    }
    if (t->count == t->room) {
        size_t room = t->room ? 2 * t->room : 8;
        SxSpan *ranges = realloc(t->ranges, room * sizeof *ranges);
        if (!ranges)
            return false;
        t->ranges = ranges;
        t->room = room;
    }
    t->ranges[t->count++] = span;
    return true;
}

/* Hunks, and the clean bytes between them that no longer stand at their own offset. */
static bool
find_ranges(Through *t)
{
    SxHunk h;
    SxHunk last = {0};
    bool more = true;
    uint64_t at = 0;
    while (more) {
        more = reading_hunk_next(&t->reading, at, &h) && (h.at >= at);
        uint64_t to = more ? h.at : t->reading.length;
        uint64_t from = last.at + last.inserted;
        if (from != last.file_at + last.removed && to > from) {
            t->moved_at = t->moves ? t->moved_at : last.at;
            t->moves += to - from;
            if (!add_range(t, sx_span(from, to)))
                return false;
        }
        if (!more || !add_range(t, (SxSpan){h.at, h.inserted}))
            return !more;
        last = h;
        if (h.at + h.inserted == t->reading.length)
            return true;
        /* a hunk without bytes would be found again at its own offset */
        at = h.at + (h.inserted ? h.inserted : 1);
    }
    return true;
}

static bool
allowed(const Through *t, SxError *err)
{
    const SxDocument *d = t->d;
    char size[32];
    bool length = t->reading.length != t->old_size;
    if (t->moves > d->tail_limit)
        return sx_fail(err, SX_ERR_LENGTH, "0x%" PRIx64 ": would move %s in the file: refused. :access copy inserts in memory",
                       t->moved_at, sx_text_size(size, sizeof size, t->moves));
    if (length && (d->part || d->kind != SX_KIND_FILE))
        return sx_fail(err, SX_ERR_LENGTH, "the length of %s cannot change: refused. :access copy inserts in memory",
                       sx_document_name(d));
    if (length && t->reading.length == 0)
        return sx_fail(err, SX_ERR_LENGTH, "no byte would be left in the file: refused. :access copy deletes in memory");
    return true;
}

/* --- before-images --------------------------------------------------------------------------------------------------------------------- */

static void
first_lost(void *data, SxSpan span)
{
    SxSpan *first = data;
    if (first->len == 0)
        *first = span;
}

static bool
add_image(Through *t, SxSpan span, uint64_t at, SxError *err)
{
    SxDocument *d = t->d;
    uint64_t file_at = (uint64_t)d->offset + span.at;
    if (!sx_grow(&t->images, &t->images_room, t->n_images + 1, sizeof *t->images))
        return sx_fail(err, SX_ERR_NOMEM, "no memory to keep what is overwritten");
    t->images[t->n_images++] = (Image){span.at, span.len, at, t->reading.epoch};
    if (at == IMAGE_LOST)
        journal_lost_image(d->journal, file_at, span.len, t->reading.epoch, NULL);
    else
        journal_before_image(d->journal, file_at, span.len, at, t->reading.epoch, false, NULL);
    return true;
}

/* What is to be written over a bad sector needs no old bytes: that they are lost is kept. Around it they are not. */
static bool
keep_block(Through *t, SxSpan span, uint8_t *bytes, SxError *err)
{
    SxDocument *d = t->d;
    Piece old = {span.at, span.len, t->reading.epoch, d->file, PIECE_FILE};
    SxSpan lost = {0};
    uint64_t at;
    if (!store_copy(d->store, &old, SX_PIN_VIEW, bytes, err))
        return false;
    store_lost(d->store, &old, first_lost, &lost); /* behind the reading: only that finds out */
    uint64_t whole = lost.len > 0 ? lost.at : span.len;
    if (whole > 0 && (!add_append(d->store->add, sx_bytes(bytes, whole), &at, err) ||
                      !add_image(t, (SxSpan){span.at, whole}, at, err)))
        return false;
    SxSpan rest = sx_span(span.at + whole + lost.len, sx_span_end(span));
    return lost.len == 0 || (add_image(t, (SxSpan){span.at + whole, lost.len}, IMAGE_LOST, err) &&
                             (rest.len == 0 || keep_block(t, rest, bytes, err)));
}

static bool
keep_range(Through *t, SxSpan span, uint8_t *bytes, SxError *err)
{
    while (span.len > 0) {
        SxSpan part = {span.at, span.len < BLOCK ? span.len : BLOCK};
        if (!keep_block(t, part, bytes, err))
            return false;
        span = sx_span(sx_span_end(part), sx_span_end(span));
    }
    return true;
}

/* Every byte of the file that will be another, or gone, is kept and entered. */
static bool
keep_old(Through *t, SxError *err)
{
    uint64_t size = t->reading.length;
    SxSpan cut = sx_span(size, t->old_size);
    uint8_t *bytes = malloc(BLOCK);
    bool kept = bytes || sx_fail(err, SX_ERR_NOMEM, "no memory to keep what is overwritten");
    for (size_t i = 0; kept && i < t->count; i++)
        kept = keep_range(t, sx_span_clip(t->ranges[i], t->old_size), bytes, err);
    kept = kept && keep_range(t, cut, bytes, err);
    free(bytes);
    return kept && (before_add(&store_file(t->d->store, t->d->file)->before, t->images, t->n_images) ||
                    sx_fail(err, SX_ERR_NOMEM, "no memory to keep what is overwritten"));
}

/* --- writing ------------------------------------------------------------------------------------------------------------------------------ */

/* Bytes leave their places: what the disk takes of the file before the power goes may have some of them twice and others
 * nowhere. */
static bool
moves_bytes(const Through *t)
{
    return t->moves > 0 || t->reading.length < t->old_size;
}

/* The journal knows what will be done. Where bytes move, it is on the disk first; a journal that cannot be is lasting
 * news on the screen already. */
static void
announce(const Through *t)
{
    Journal *j = t->d->journal;
    uint64_t size = t->reading.length;
    if (size != t->old_size)
        journal_resize(j, t->old_size, size, t->reading.epoch, false, NULL);
    if (moves_bytes(t))
        journal_sync(j, NULL);
}

/* The length of the file, before it is written where it grows, behind where it shrinks. */
static bool
set_size(SxDocument *d, uint64_t to, SxError *err)
{
    if (d->map)
        return sx_map_resize(d->map, to, err);
    SxMapOptions o = {.access = SX_ACCESS_WRITE, .length = to, .flags = SX_MAP_EXTEND, .window = d->window};
    return sx_map_open(&d->map, d->path, &o, err);
}

/* Behind the reading: what undo brings back may have been lost before it was overwritten. */
static bool
can_be_read(const Through *t, SxSpan span, SxError *err)
{
    SxSpan lost;
    return reading_lost(&t->reading, span, &lost, 1) == 0 ||
           sx_fail(err, SX_ERR_LOST, "0x%" PRIx64 " was unreadable before it was overwritten: there is nothing to put back",
                   lost.at);
}

static bool
write_range(Through *t, SxSpan span, SxError *err)
{
    while (span.len > 0) {
        SxSpan part = {span.at, span.len < BLOCK ? span.len : BLOCK};
        SxPin pin;
        if (!reading_pin(&t->reading, part, SX_PIN_VIEW, &pin, err))
            return false;
        bool written = can_be_read(t, part, err) && sx_map_store(t->d->map, part.at, sx_bytes(pin.data, part.len), err);
        reading_unpin(&pin);
        if (!written)
            return false;
        span = sx_span(sx_span_end(part), sx_span_end(span));
    }
    return true;
}

/* Before the journal says that it is done: recovery looks at the last change only. */
static bool
sync_file(const Through *t, SxError *err)
{
    return fdatasync(sx_map_fd(t->d->map)) == 0 ||
           sx_fail_errno(err, errno, "%s: the disk did not take it", sx_document_name(t->d));
}

static bool
write_all(Through *t, SxError *err)
{
    uint64_t size = t->reading.length;
    announce(t);
    if (size > t->old_size && !set_size(t->d, size, err))
        return false;
    for (size_t i = 0; i < t->count; i++)
        if (!write_range(t, t->ranges[i], err))
            return false;
    return (size >= t->old_size || set_size(t->d, size, err)) && (!moves_bytes(t) || sync_file(t, err));
}

/* The file was empty, and has no map when it is so. */
static bool
empty_again(SxDocument *d)
{
    bool done = !d->map || ftruncate(sx_map_fd(d->map), 0) == 0;
    sx_map_free(d->map);
    d->map = NULL;
    store_renew_file(d->store, d->file, NULL);
    return done;
}

/* Old bytes into the file again, unless they are there still. */
static bool
put_image_back(SxDocument *d, const Image *m)
{
    if (image_lost(m))
        return true;
    SxBytes old = {add_at(d->store->add, m->add_at).data, m->len};
    if (sx_map_store(d->map, m->at, old, NULL))
        return true;
    uint8_t *now = malloc(old.len);
    size_t got = 0;
    bool same = now && sx_map_peek(d->map, m->at, now, old.len, &got, NULL) && got == old.len &&
                memcmp(now, old.data, old.len) == 0;
    free(now);
    return same;
}

/* After a failure. False: not all of the file could be made what it was. */
static bool
take_back(Through *t)
{
    SxDocument *d = t->d;
    if (t->old_size == 0)
        return empty_again(d);
    uint64_t length = t->old_size;
    sx_map_length(d->map, &length, NULL);
    bool resized = length != t->old_size;
    if (resized)
        journal_resize(d->journal, length, t->old_size, t->reading.epoch, false, NULL);
    bool done = !resized || set_size(d, t->old_size, NULL);
    for (size_t i = 0; i < t->n_images; i++)
        done = put_image_back(d, &t->images[i]) && done;
    return document_renew_source(d, NULL) && done;
}

/* --- the tree behind it ---------------------------------------------------------------------------------------------------------------------- */

/* The file is not what it was and could not be made so again: what the document shows of it comes from the images. */
static void
show_images(Through *t, Node *old)
{
    SxDocument *d = t->d;
    Reading was = {.root = old, .epoch = t->reading.epoch, .file = d->file};
    Pieces pieces = {0};
    Pieces revived = {0};
    uint64_t length = sum_of(old).len;
    bool done = tree_pieces(old, SX_SPAN_ALL, &pieces, SIZE_MAX);
    for (size_t i = 0; i < pieces.count; i++)
        pieces.data[i] = reading_resolve(&was, &pieces.data[i]);
    done = done && document_revive(d, (SxSpan){0, length}, NULL, pieces.data, pieces.count, &revived);
    if (done)
        tree_replace(&d->tree, 0, length, revived.data, revived.count);
    pieces_clear(&pieces);
    pieces_clear(&revived);
}

bool
document_renew_source(SxDocument *d, SxError *err)
{
    SxSource *source = d->map ? sx_map_source(d->map) : NULL;
    if (source)
        store_renew_file(d->store, d->file, source);
    return source || !d->map || sx_fail(err, SX_ERR_NOMEM, "no memory to read %s", sx_document_name(d));
}

static void
through_clear(Through *t)
{
    free(t->ranges);
    free(t->images);
}

/* Room for the one piece that the tree will be, so that nothing fails once the file is written. */
static bool
make_live(SxDocument *d, Tree *live, uint64_t size)
{
    Piece all = {0, size, EPOCH_LIVE, d->file, PIECE_FILE};
    return tree_init(live, d->tree.fanout, d->reaper) && tree_replace(live, 0, 0, &all, size > 0);
}

static bool
write_through(SxDocument *d, Node *old, SxError *err)
{
    File *file = store_file(d->store, d->file);
    Through t = {.d = d, .reading = document_reading(d), .old_size = d->file_size};
    Tree live = {0};
    bool ready = make_live(d, &live, t.reading.length) && find_ranges(&t);
    if (!ready)
        sx_fail(err, SX_ERR_NOMEM, "no memory to write into %s", sx_document_name(d));
    document_before_write(d);
    bool kept = ready && allowed(&t, err) && keep_old(&t, err);
    bool written = kept && write_all(&t, err) && document_renew_source(d, err);
    bool restored = written || !kept || take_back(&t);
    if (kept)
        file->epoch++;
    d->wrote_through = d->wrote_through || kept;
    if (written) {
        d->file_size = t.reading.length;
        document_note_written(d, &t.reading);
        tree_take(&d->tree, node_retain(live.root));
        node_release(old, d->reaper);
    } else {
        tree_take(&d->tree, old);
        if (!restored)
            show_images(&t, old);
    }
    if (kept)
        document_after_write(d);
    tree_drop(&live);
    through_clear(&t);
    return written;
}

/* --- what typing gathers ------------------------------------------------------------------------------------------------------------------- */

/* Whether what waits could be written when its time comes: else the edit is refused now. */
static bool
may_wait(SxDocument *d, Node *old, SxError *err)
{
    Through t = {.d = d, .reading = document_reading(d), .old_size = d->file_size};
    bool found = find_ranges(&t) || sx_fail(err, SX_ERR_NOMEM, "no memory to write into %s", sx_document_name(d));
    bool may = found && allowed(&t, err);
    through_clear(&t);
    if (may)
        node_release(old, d->reaper);
    else
        tree_take(&d->tree, old);
    return may;
}

bool
document_through(SxDocument *d, Node *old, SxError *err)
{
    if (d->access == SX_ACCESS_WRITE)
        return d->gathering ? may_wait(d, old, err) : write_through(d, old, err);
    node_release(old, d->reaper);
    return true;
}

bool
document_gather(SxDocument *d, SxSpan span, uint64_t inserted, SxError *err)
{
    enum { LONG_TAIL = 256 << 10 }; /* bytes that may move at each key */
    bool typing = d->history.typing && d->history.depth == 0 && !d->replaying;
    bool moves = inserted != span.len && document_length(d) - sx_span_end(span) > LONG_TAIL;
    if (d->access != SX_ACCESS_WRITE)
        return true;
    if (!typing || (!moves && !d->gathering))
        return document_release(d, err);
    if (!d->gathering)
        document_log(d, JOURNAL_ACCESS, SX_ACCESS_COPY); /* until it is in the file it is as in COPY */
    d->gathering = true;
    return true;
}

/* The file stays what it was, the changes wait in memory: as COPY, and it must be seen. */
static void
fall_back(SxDocument *d)
{
    document_log(d, JOURNAL_SAVE_END, 0);
    document_log(d, JOURNAL_ACCESS, SX_ACCESS_COPY);
    d->access = SX_ACCESS_COPY;
    if (d->map && sx_map_set_access(d->map, SX_ACCESS_READ, NULL))
        document_renew_source(d, NULL);
}

bool
document_release(SxDocument *d, SxError *err)
{
    if (!d->gathering)
        return true;
    d->gathering = false;
    document_log(d, JOURNAL_ACCESS, SX_ACCESS_WRITE);
    if (!sx_document_modified(d))
        return true;
    document_log(d, JOURNAL_REDO, d->history.current); /* it may be in the file from here on */
    bool done = write_through(d, node_retain(d->tree.root), err);
    if (!done)
        fall_back(d);
    document_changed(d);
    return done;
}

bool
sx_document_gathering(const SxDocument *d)
{
    return d->gathering;
}
