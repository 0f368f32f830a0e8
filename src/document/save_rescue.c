/*
 * save_rescue.c - before another file takes the name: where the bytes of the old one are from then on.
 *
 * While the session lasts the history reads the old file, whose inode stays open. A crash closes it, and the steps that
 * the journal has must be read from what is left: what was saved is in the new file, and what was not is kept in the add
 * buffer here. Above a limit it is not, and after a crash there is no way back beyond this save.
 */
#include "document/save.h"

#include <stdlib.h>

enum {
    RESCUE_MAX = 64 << 20, /* bytes */
    MOVED_MAX = 1 << 20,   /* runs */
    PART = 1 << 20,
};

typedef struct Rescue {
    SxSave *save;
    uint32_t epoch;
    JournalMoved *moved;
    size_t count;
    size_t room;
    uint64_t bytes; /* rescued */
    uint8_t *part;  /* PART bytes */
} Rescue;

static bool
add_moved(Rescue *r, uint64_t offset, const Piece *home)
{
    if (home->len == 0)
        return true;
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 64;
        JournalMoved *moved = room <= MOVED_MAX ? realloc(r->moved, room * sizeof *moved) : NULL;
        if (!moved)
            return false;
        r->moved = moved;
        r->room = room;
    }
    r->moved[r->count++] = (JournalMoved){offset, r->epoch, *home};
    return true;
}

/* Bytes of the old file that the new one does not have. */
static bool
rescue_hunk(Rescue *r, const SxHunk *h)
{
    SxSource *old = sx_snapshot_hunk_old(r->save->snapshot, h);
    bool kept = old != NULL;
    r->bytes += h->removed;
    for (uint64_t at = 0; kept && at < h->removed; at += PART) {
        uint64_t len = h->removed - at < PART ? h->removed - at : PART;
        Piece home = {.len = len, .kind = PIECE_ADD};
        kept = sx_source_read(old, (SxSpan){at, len}, r->part, NULL) &&
               add_append(r->save->store->add, sx_bytes(r->part, (size_t)len), &home.offset, NULL) &&
               add_moved(r, h->file_at + at, &home);
    }
    sx_source_release(old);
    return kept;
}

/* Bytes [from, to) of the old file are in the new one at `at`. */
static bool
note_kept(Rescue *r, uint64_t from, uint64_t to, uint64_t at)
{
    Piece home = {.offset = at, .len = to - from, .source = r->save->number, .kind = PIECE_FILE};
    return add_moved(r, from, &home);
}

static bool
rescue_all(Rescue *r)
{
    const Reading *reading = snapshot_reading(r->save->snapshot);
    uint64_t file_at = 0; /* told of so far */
    uint64_t at = 0;
    SxHunk h;
    bool done = true;
    for (bool more = reading_hunk_next(reading, 0, &h); done && more;) {
        done = note_kept(r, file_at, h.file_at, at) && r->bytes + h.removed <= RESCUE_MAX && rescue_hunk(r, &h);
        file_at = h.file_at + h.removed;
        at = h.at + h.inserted;
        uint64_t from = h.at + (h.inserted ? h.inserted : 1);
        more = at < reading->length && reading_hunk_next(reading, from, &h);
    }
    return done && note_kept(r, file_at, reading->file_size, at);
}

void
save_rescue(SxSave *s)
{
    const Reading *reading = snapshot_reading(s->snapshot);
    Rescue r = {.save = s, .epoch = reading->epoch, .part = malloc(PART)};
    if (s->journal && s->purpose != SAVE_RANGE && r.part && rescue_all(&r))
        journal_rebase(s->journal, reading->file, r.moved, r.count, NULL);
    free(r.moved);
    free(r.part);
}
