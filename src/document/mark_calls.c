/*
 * mark_calls.c - the document's marks, as the contract has them.
 */
#include "document/core.h"

static SxMark
shown(const Mark *m)
{
    return (SxMark){m->name, m->span, m->colour, m->note};
}

void
document_log_marks(SxDocument *d)
{
    journal_note(d->journal, JOURNAL_NOTE_CLEAR, &(SxMark){0}, d->marks.count > 0, NULL);
    for (size_t i = 0; i < d->marks.count; i++) {
        SxMark mark = shown(&d->marks.list[i]);
        journal_note(d->journal, JOURNAL_NOTE_SET, &mark, i + 1 < d->marks.count, NULL);
    }
}

void
document_log_places(SxDocument *d)
{
    enum { MOST = 256 }; /* more are not worth it after each undo */
    for (size_t i = 0; d->marks.count <= MOST && i < d->marks.count; i++) {
        const Mark *m = &d->marks.list[i];
        journal_note(d->journal, JOURNAL_NOTE_PLACE, &(SxMark){.name = m->name, .span = m->span},
                     i + 1 < d->marks.count, NULL);
    }
}

bool
sx_document_mark_set(SxDocument *d, const SxMark *mark, SxError *err)
{
    uint64_t length = document_length(d);
    if (!mark->name || !*mark->name)
        return sx_fail(err, SX_ERR_SYNTAX, "a mark needs a name");
    if (mark->span.at > length || mark->span.len > length - mark->span.at)
        return sx_fail(err, SX_ERR_RANGE, "mark %s: outside the document", mark->name);
    if (!marks_set(&d->marks, mark))
        return sx_fail(err, SX_ERR_NOMEM, "no memory for mark %s", mark->name);
    journal_note(d->journal, JOURNAL_NOTE_SET, mark, false, NULL);
    d->remarked = true;
    return true;
}

bool
sx_document_mark_remove(SxDocument *d, const char *name)
{
    if (!marks_remove(&d->marks, name))
        return false;
    journal_note(d->journal, JOURNAL_NOTE_GONE, &(SxMark){.name = name}, false, NULL);
    d->remarked = true;
    return true;
}

bool
sx_document_mark_find(const SxDocument *d, const char *name, SxMark *out)
{
    const Mark *m = marks_find(&d->marks, name);
    if (m)
        *out = shown(m);
    return m;
}

size_t
sx_document_mark_count(const SxDocument *d)
{
    return d->marks.count;
}

bool
sx_document_mark_at(const SxDocument *d, size_t index, SxMark *out)
{
    if (index >= d->marks.count)
        return false;
    *out = shown(&d->marks.list[index]);
    return true;
}
