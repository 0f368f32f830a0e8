/*
 * save_some.c - chosen changes alone go into the file: the others are taken back for as long as that is written, and
 * come again behind it.
 *
 * The way there is a step of the history on a branch of its own, so that the step that the file then holds can be told
 * from where the document is. The journal knows what that step is for: behind a crash in the middle the others come
 * again, too.
 */
#include "document/core.h"

#include <inttypes.h>

static bool
same_hunk(const SxHunk *a, const SxHunk *b)
{
    return a->at == b->at && a->inserted == b->inserted && a->file_at == b->file_at && a->removed == b->removed;
}

/* Places stay what they are only where no length changes. */
static bool
keeps_length(const SxHunk *h, SxError *err)
{
    return h->removed == h->inserted ||
           sx_fail(err, SX_ERR_LENGTH, "the change at 0x%" PRIx64 " changes the length: it is written with all others only",
                   h->at);
}

/* Whether all that is chosen is there; how many others there are. */
static bool
check_chosen(const Reading *v, const SxHunk *chosen, size_t count, uint64_t *others, SxError *err)
{
    SxHunk h;
    size_t i = 0;
    *others = 0;
    for (uint64_t from = 0; reading_hunk_next(v, from, &h); from = h.at + h.inserted + (h.inserted == 0)) {
        bool is = i < count && same_hunk(&h, &chosen[i]);
        if (is && !keeps_length(&h, err))
            return false;
        i += is;
        *others += !is;
    }
    return i == count || sx_fail(err, SX_ERR_RANGE, "there is no such change at 0x%" PRIx64, chosen[i].at);
}

/* From the last to the first, so that offsets stay what they are. */
static bool
take_others_back(SxDocument *d, const SxHunk *chosen, size_t count, SxError *err)
{
    SxHunk h;
    Reading v = document_reading(d);
    uint64_t before = UINT64_MAX;
    if (!sx_document_begin(d, err))
        return false;
    while (reading_hunk_previous(&v, before, &h)) {
        bool is = count > 0 && same_hunk(&h, &chosen[count - 1]);
        count -= is;
        if (!is && !document_revert_hunk(d, &h, err)) {
            sx_document_cancel(d);
            return false;
        }
        before = h.at;
        v = document_reading(d);
    }
    sx_document_end(d);
    return true;
}

/* Without memory there may be some when what was let go is freed. */
static bool
undo_surely(SxDocument *d, SxError *err)
{
    if (sx_document_undo(d, NULL, NULL))
        return true;
    sx_document_tend(d, UINT64_MAX);
    return sx_document_undo(d, NULL, NULL) ||
           sx_fail(err, SX_ERR_NOMEM, "no memory to bring the other changes again: undo does when there is some");
}

bool
document_come_again(SxDocument *d, uint32_t step, SxError *err)
{
    History *h = &d->history;
    uint32_t aside = h->current;
    if (aside == step)
        return true;
    if (!undo_surely(d, err))
        return false;
    steps_change(h->steps, h->current)->redo = steps_at(h->steps, aside)->elder;
    return true;
}

bool
sx_document_save_some(SxDocument *d, const SxHunk *chosen, size_t count, unsigned flags, SxJob *job, SxSaved *saved,
                      SxError *err)
{
    uint64_t others;
    Reading v = document_reading(d);
    if (!document_may_edit(d, err) || !check_chosen(&v, chosen, count, &others, err))
        return false;
    if (others == 0)
        return sx_document_save(d, flags, job, saved, err);
    uint32_t step = d->history.current;
    document_log(d, JOURNAL_ASIDE, step);
    if (!take_others_back(d, chosen, count, err))
        return false;
    SxError again = {0};
    bool done = sx_document_save(d, flags, job, saved, err);
    bool back = document_come_again(d, step, &again);
    if (!back && err)
        *err = again;
    return done && back;
}
