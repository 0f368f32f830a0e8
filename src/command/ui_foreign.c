/* ui_foreign.c - what the screen showed a moment ago, and what of it is otherwise now; see ui_foreign.h. */
#include "command/ui_foreign.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

void
ui_seen_clear(Seen *seen)
{
    task_drop(seen->look);
    if (seen->notice && seen->id)
        sx_notice_unwatch(seen->notice, seen->id);
    sx_notice_release(seen->notice);
    free(seen->bytes);
    free(seen->states);
    *seen = (Seen){0};
}

/* --- bytes that are others than a moment ago -------------------------------------------------------------------------- */

static bool
is_known(uint8_t state)
{
    return state == SX_BYTE_HERE || state == SX_BYTE_HOLE;
}

static bool
add_fresh(Seen *seen, uint64_t at)
{
    SxSpan *last = seen->n_fresh ? &seen->fresh[seen->n_fresh - 1] : NULL;
    if (last && sx_span_end(*last) == at) {
        last->len++;
        return true;
    }
    if (seen->n_fresh == FRESH_MAX)
        return false;
    seen->fresh[seen->n_fresh++] = (SxSpan){at, 1};
    return true;
}

/* Marks of before are marks still. */
static void
merge_fresh(Seen *seen, const Seen *old)
{
    for (size_t i = 0; i < old->n_fresh; i++)
        for (uint64_t at = old->fresh[i].at; at < sx_span_end(old->fresh[i]); at++)
            if (!add_fresh(seen, at))
                return;
}

static uint64_t
compare(Seen *seen, SxSpan view, const uint8_t *bytes, const uint8_t *states)
{
    uint64_t from = view.at > seen->span.at ? view.at : seen->span.at, n = 0;
    uint64_t end = sx_span_end(view) < sx_span_end(seen->span) ? sx_span_end(view) : sx_span_end(seen->span);
    for (uint64_t at = from; at < end; at++) {
        size_t was = (size_t)(at - seen->span.at), is = (size_t)(at - view.at);
        if (is_known(seen->states[was]) && is_known(states[is]) && seen->bytes[was] != bytes[is])
            n += add_fresh(seen, at);
    }
    return n;
}

void
ui_fresh_clear(SxSession *s)
{
    Seen *seen = &ui_tab(s)->seen;
    seen->n_fresh = 0;
    seen->n_bytes = 0;
    seen->theirs = false;
}

/* Bytes that changed without an edit of ours; an edit ends the marks. */
static void
mark_fresh(SxSession *s, Seen *seen, SxSpan view, const uint8_t *bytes, const uint8_t *states)
{
    bool edited = seen->generation != sx_document_generation(session_document(s)) && !seen->reloaded;
    Seen old = *seen;
    if (edited) {
        ui_fresh_clear(s);
        return;
    }
    seen->n_fresh = 0;
    uint64_t n = compare(seen, view, bytes, states);
    if (n == 0) {
        seen->n_fresh = old.n_fresh;
        return;
    }
    seen->n_bytes += n;
    seen->theirs = !seen->reloaded;
    if (!seen->theirs)
        return;
    seen->asked = 0; /* it is time to say something */
    merge_fresh(seen, &old);
}

static bool
has_zeros(const uint8_t *bytes, size_t len)
{
    static const uint8_t zeros[64];
    return memmem(bytes, len, zeros, sizeof zeros) != NULL;
}

void
ui_seen_keep(SxSession *s, SxSpan view, const uint8_t *bytes, const uint8_t *states)
{
    Seen *seen = &ui_tab(s)->seen;
    if (view.len > SEEN_MAX || !sx_document_path(session_document(s)) || ui_watch_on(s))
        return;
    if (!seen->bytes) {
        seen->bytes = malloc(SEEN_MAX);
        seen->states = malloc(SEEN_MAX);
    } else if (seen->states) {
        mark_fresh(s, seen, view, bytes, states);
    }
    if (!seen->bytes || !seen->states) {
        ui_seen_clear(seen);
        return;
    }
    if (!(view.at == seen->span.at && view.len == seen->span.len) && has_zeros(bytes, (size_t)view.len))
        seen->asked = 0; /* whether they are a hole */
    memcpy(seen->bytes, bytes, (size_t)view.len);
    memcpy(seen->states, states, (size_t)view.len);
    seen->span = view;
    seen->generation = sx_document_generation(session_document(s));
    seen->reloaded = false;
}

/* --- lost bytes --------------------------------------------------------------------------------------------------------- */

/* What a cut file has lost is another message's matter: whether it is one says a look at it since. */
static bool
not_cut(Seen *seen)
{
    if (!seen->lost_at)
        seen->lost_at = ui_now();
    return seen->answered >= seen->lost_at && seen->foreign != SX_FOREIGN_SHORTER;
}

void
ui_lost_tell(SxSession *s, SxSnapshot *snapshot, SxSpan view, const uint8_t *states)
{
    Seen *seen = &ui_tab(s)->seen;
    const uint8_t *first = memchr(states, SX_BYTE_LOST, (size_t)view.len);
    SxSpan lost, rest = sx_span(first ? view.at + (uint64_t)(first - states) : 0, sx_snapshot_length(snapshot));
    bool process = sx_document_kind(session_document(s)) == SX_KIND_PROC; /* full of gaps, which are nobody's fault */
    if (!first || process || ui_busy(s) || !not_cut(seen))
        return;
    seen->lost_at = 0;
    if (sx_source_lost(sx_snapshot_source(snapshot), rest, &lost, 1) == 0 || sx_span_end(lost) == seen->lost_end)
        return;
    seen->lost_end = sx_span_end(lost);
    ui_badf(s, "0x%" PRIx64 ":0x%" PRIx64 " unreadable (input/output error), shown as ??. :reread", lost.at,
            sx_span_end(lost));
}
