/*
 * recover_play.c - the records of a journal done again, each checked against what came before.
 *
 * The document that is played on mirrors the one that was: live pieces, epochs, steps. Images are held back until their
 * change is known to have happened, since a save that was given up leaves the file as it was.
 */
#include "document/recover_play.h"

#include <inttypes.h>

bool
play_contradicts(Recovery *r, const char *what)
{
    return sx_fail(&r->damage, SX_ERR_SYNTAX, "the journal contradicts itself at record %" PRIu64 ": %s", r->sequence,
                   what);
}

bool
play_no_memory(Recovery *r)
{
    return sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
}

bool
play_edit_failed(Recovery *r, const SxError *why)
{
    if (why->code == SX_ERR_NOMEM)
        return play_no_memory(r);
    return play_contradicts(r, why->text);
}

bool
play_built(Recovery *r, Builder *b, bool added)
{
    Node *root;
    if (!added)
        builder_free(b);
    if (!added || !builder_finish(b, &root))
        return play_no_memory(r);
    tree_take(&r->d->tree, root);
    document_changed(r->d);
    return true;
}

static bool
play_note(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    const SxMark *mark = &e->note.mark;
    uint64_t length = document_length(r->d);
    bool inside = mark->span.at <= length && mark->span.len <= length - mark->span.at;
    r->noted = true;
    if (!inside)
        return play_contradicts(r, "a mark outside the document");
    if (e->note.what == JOURNAL_NOTE_PLACE)
        marks_place(&r->d->marks, mark->name, mark->span);
    else if (e->note.what == JOURNAL_NOTE_CLEAR)
        marks_clear(&r->d->marks);
    else if (e->note.what == JOURNAL_NOTE_GONE)
        sx_document_mark_remove(r->d, mark->name);
    else if (e->note.what == JOURNAL_NOTE_SET && !sx_document_mark_set(r->d, mark, &why))
        return play_edit_failed(r, &why);
    return true;
}

static bool
play_mark(Recovery *r, const JournalEntry *e)
{
    r->closed = e->mark.mark == JOURNAL_CLOSED;
    r->discarded = r->closed && e->mark.detail != 0;
    r->time = e->mark.time / 1000000000;
    switch ((JournalMark)e->mark.mark) {
    case JOURNAL_STEP_BEGIN:
        return play_step_begin(r, e);
    case JOURNAL_STEP_END:
        play_step_end(r);
        return recovery_arrived(r);
    case JOURNAL_STEP_CANCEL:
        r->aside = false;
        return play_step_cancel(r);
    case JOURNAL_UNDO:
    case JOURNAL_REDO:
        r->aside = false;
        return play_walk(r, e->mark.number);
    case JOURNAL_ASIDE:
        r->aside = true;
        r->aside_of = e->mark.number;
        return true;
    case JOURNAL_SAVE_BEGIN:
        return play_save_begin(r, e);
    case JOURNAL_SAVE_END:
        play_step_end(r);
        return play_save_end(r, e->mark.number == 1);
    case JOURNAL_ACCESS:
        play_step_end(r);
        r->access = (SxAccess)e->mark.number;
        return recovery_arrived(r);
    case JOURNAL_CURSOR:
    case JOURNAL_CLOSED:
        return true;
    }
    return true;
}

bool
recovery_play(Recovery *r, const JournalEntry *e)
{
    r->sequence = e->sequence;
    if (r->bulk && e->type != JOURNAL_TYPE_BULK && e->type != JOURNAL_TYPE_BEFORE && e->type != JOURNAL_TYPE_LOST &&
        e->type != JOURNAL_TYPE_MARK)
        return play_contradicts(r, "something in the middle of a long change");
    switch (e->type) {
    case JOURNAL_TYPE_MARK:
        return play_mark(r, e);
    case JOURNAL_TYPE_SPLICE:
        return play_splice(r, e);
    case JOURNAL_TYPE_BULK:
        return play_bulk(r, e);
    case JOURNAL_TYPE_BEFORE:
    case JOURNAL_TYPE_LOST:
        return play_before(r, e);
    case JOURNAL_TYPE_WITNESS:
        return play_witness(r, e);
    case JOURNAL_TYPE_RESIZE:
        r->touched = true;
        return true;
    case JOURNAL_TYPE_OTHER:
        return play_name(r, e);
    case JOURNAL_TYPE_FILE:
        return play_file(r, e);
    case JOURNAL_TYPE_REBASE:
        return play_rebase(r, e);
    case JOURNAL_TYPE_NOTE:
        return play_note(r, e);
    case JOURNAL_TYPES:
        break;
    }
    return true;
}

void
recovery_play_end(Recovery *r)
{
    play_step_end(r);
}
