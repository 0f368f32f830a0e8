/*
 * snapshot.c - a counted reading that is a source.
 */
#include "document/reading.h"

#include <stdlib.h>
#include <string.h>

struct SxSnapshot {
    SxSource source; /* first: the snapshot is its source */
    atomic_uint refs;
    Reading reading;
    Reading written; /* the file against what it was when the session began; a NULL root: nothing is known */
    uint64_t generation;
    Reaper *reaper;
};

static SxSnapshot *
of_source(SxSource *s)
{
    return (SxSnapshot *)s;
}

static void
source_retain(SxSource *s)
{
    sx_snapshot_retain(of_source(s));
}

static void
source_release(SxSource *s)
{
    sx_snapshot_release(of_source(s));
}

static uint64_t
source_size(SxSource *s)
{
    return of_source(s)->reading.length;
}

static bool
source_pin(SxSource *s, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    return reading_pin(&of_source(s)->reading, span, use, out, err);
}

static void
source_unpin(SxSource *s, SxPin *pin)
{
    (void)s;
    reading_unpin(pin);
}

static bool
source_stale(SxSource *s, const SxPin *pin)
{
    return reading_stale(&of_source(s)->reading, pin);
}

static size_t
source_lost(SxSource *s, SxSpan span, SxSpan *out, size_t max)
{
    return reading_lost(&of_source(s)->reading, span, out, max);
}

static void
source_peek(SxSource *s, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    reading_peek(&of_source(s)->reading, span, bytes, states);
}

static bool
source_extent(SxSource *s, uint64_t at, SxExtent *out, SxError *err)
{
    return reading_extent(&of_source(s)->reading, at, out, err);
}

static void
source_look(SxSource *s, SxSpan span)
{
    reading_look(&of_source(s)->reading, span);
}

static const SxSourceOps snapshot_ops = {
    .retain = source_retain,
    .release = source_release,
    .size = source_size,
    .pin = source_pin,
    .unpin = source_unpin,
    .stale = source_stale,
    .lost = source_lost,
    .peek = source_peek,
    .extent = source_extent,
    .look = source_look,
};

SxSnapshot *
snapshot_new(const Reading *reading, uint64_t generation, Node *written, uint64_t opened_size, Reaper *reaper)
{
    SxSnapshot *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->source.ops = &snapshot_ops;
    atomic_init(&s->refs, 1);
    s->reading = *reading;
    s->generation = generation;
    s->reaper = reaper_retain(reaper);
    s->written = (Reading){.root = node_retain(written), .length = sum_of(written).len, .file_size = opened_size};
    node_retain(reading->root);
    store_retain(reading->store);
    return s;
}

const Reading *
snapshot_reading(const SxSnapshot *s)
{
    return &s->reading;
}

SxSnapshot *
sx_snapshot_retain(SxSnapshot *s)
{
    if (s)
        atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void
sx_snapshot_release(SxSnapshot *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
        return;
    node_release(s->reading.root, s->reaper);
    node_release(s->written.root, s->reaper);
    store_release(s->reading.store);
    reaper_release(s->reaper);
    free(s);
}

uint64_t
sx_snapshot_length(const SxSnapshot *s)
{
    return s->reading.length;
}

uint64_t
sx_snapshot_generation(const SxSnapshot *s)
{
    return s->generation;
}

SxSource *
sx_snapshot_source(SxSnapshot *s)
{
    return &s->source;
}

void
sx_snapshot_origin(SxSnapshot *s, SxSpan span, uint8_t *flags, bool *gap_at_end)
{
    reading_origin(&s->reading, &s->written, span, flags, gap_at_end);
}

bool
sx_snapshot_hunk_next(SxSnapshot *s, uint64_t from, SxHunk *out)
{
    return reading_hunk_next(&s->reading, from, out);
}

bool
sx_snapshot_hunk_previous(SxSnapshot *s, uint64_t before, SxHunk *out)
{
    return reading_hunk_previous(&s->reading, before, out);
}

/* --- what the file had in place of a hunk --------------------------------------------------------------------------------- */

SxSource *
sx_snapshot_hunk_old(SxSnapshot *s, const SxHunk *hunk)
{
    Reading old = s->reading;
    Tree tree;
    if (!tree_init(&tree, 0, s->reaper))
        return NULL;
    Piece piece = {hunk->file_at, hunk->removed, EPOCH_LIVE, s->reading.file, PIECE_FILE};
    SxSnapshot *shown = NULL;
    if (hunk->removed == 0 || tree_replace(&tree, 0, 0, &piece, 1)) {
        old.root = tree.root;
        old.length = hunk->removed;
        shown = snapshot_new(&old, s->generation, NULL, 0, s->reaper);
    }
    tree_drop(&tree);
    return shown ? &shown->source : NULL;
}
