/* ui_foreign.c - see ui_foreign.h. */
#include "command/ui_foreign.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

enum { LOOK_MS = 250 };

void
ui_seen_clear(Seen *seen)
{
    task_drop(seen->look);
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

/* --- M21 ------------------------------------------------------------------------------------------------------------------ */

static const char *
foreign_words(const Seen *seen, SxForeign kind, char *buf, size_t size, uint64_t was, uint64_t now)
{
    char amount[24];
    sx_text_size(amount, sizeof amount, was > now ? was - now : now - was);
    buf[0] = '\0';
    switch (kind) {
    case SX_FOREIGN_SHORTER: snprintf(buf, size, "%s shorter, lost part ??", amount); break;
    case SX_FOREIGN_LONGER: snprintf(buf, size, "%s longer", amount); break;
    case SX_FOREIGN_REPLACED: snprintf(buf, size, "replaced by another file"); break;
    case SX_FOREIGN_DELETED: snprintf(buf, size, "deleted"); break;
    case SX_FOREIGN_WRITTEN:
        if (seen->n_fresh > 0)
            snprintf(buf, size, "%" PRIu64 " byte%s changed from 0x%" PRIx64 " on", seen->n_bytes,
                     seen->n_bytes == 1 ? "" : "s", seen->fresh[0].at);
        else
            snprintf(buf, size, "written by another program");
        break;
    case SX_FOREIGN_NONE: break;
    }
    return buf;
}

static void
foreign_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'd')
        ui_run(s, "differences");
    else if (key == 'r')
        ui_run(s, "reload");
}

static void
foreign_say(SxSession *s, const Seen *seen, SxForeign kind, uint64_t size)
{
    const Tab *tab = session_tab(s);
    char name[64], words[96];
    ui_name(tab, name, sizeof name);
    foreign_words(seen, kind, words, sizeof words, sx_document_file_size(tab->document), size);
    bool follows = kind == SX_FOREIGN_WRITTEN && sx_document_access(tab->document) == SX_ACCESS_WRITE;
    if (kind == SX_FOREIGN_DELETED)
        ui_badf(s, "%s on disk: deleted. What is here stays; :w makes it again", name);
    else if (follows)
        ui_badf(s, "%s on disk: %s", name, words);
    else if (ui_at_rest(s) && (!ui_question_on(s) || s->ui->question.lightly))
        ui_ask_lightly(s, foreign_answered, "%s on disk: %s. [d]ifferences [r]eload Esc", name, words);
    else
        ui_badf(s, "%s on disk: %s. :differences :reload", name, words);
}

/* Told once, until it is another state or more is lost: a log that grows is no news each time. */
static bool
is_news(const Seen *seen, SxForeign kind, uint64_t size)
{
    if (kind == SX_FOREIGN_NONE)
        return false;
    if (kind != seen->said)
        return kind != SX_FOREIGN_WRITTEN || seen->said == SX_FOREIGN_NONE;
    return kind == SX_FOREIGN_SHORTER && size < seen->said_size;
}

typedef struct FileAnswer {
    char *path;
    SxSnapshot *snapshot; /* of which the visible part is looked at, too */
    SxSpan view;
    uint64_t generation;
    uint64_t asked;
    SxFileStat look;
} FileAnswer;

static void
answer_free(void *p)
{
    FileAnswer *a = p;
    sx_snapshot_release(a->snapshot);
    free(a->path);
    free(a);
}

static void
answer_run(void *p, SxJob *job)
{
    FileAnswer *a = p;
    (void)job;
    sx_file_stat(a->path, &a->look);
    if (a->snapshot)
        sx_source_look(sx_snapshot_source(a->snapshot), a->view);
}

/* One question at a time: where there is no answer, nobody asks again. */
static void
ask_file(SxSession *s, Seen *seen, uint64_t now)
{
    FileAnswer *a = calloc(1, sizeof *a);
    SxDocument *d = session_document(s);
    char held[32];
    seen->asked = now;
    if (!a)
        return;
    *a = (FileAnswer){.path = strdup(sx_document_look_path(d, held, sizeof held)), .snapshot = sx_document_snapshot(d),
                      .view = seen->span, .generation = sx_document_generation(d), .asked = now};
    if (!a->path)
        answer_free(a);
    else if (task_start(&seen->look, answer_run, a, answer_free, s->options.wake, s->options.data, NULL))
        seen->answer = a;
}

/* What a look before our own edit said is not to be held against what we know now. */
static void
take_answer(SxSession *s, Seen *seen)
{
    const Tab *tab = session_tab(s);
    const FileAnswer *a = seen->answer;
    uint64_t size = 0;
    bool stale = a->generation != sx_document_generation(tab->document) || ui_saving(s, tab);
    SxForeign kind = stale ? SX_FOREIGN_NONE : sx_document_foreign_by(tab->document, &a->look, &size);
    seen->answered = stale ? seen->answered : a->asked;
    task_drop(seen->look);
    seen->look = NULL;
    seen->answer = NULL;
    if (stale || ui_follow_take(s, kind) || ui_watch_take(s, kind))
        return;
    if (kind == SX_FOREIGN_NONE && seen->theirs && sx_document_access(tab->document) != SX_ACCESS_WRITE)
        kind = SX_FOREIGN_WRITTEN; /* through a mapping, which changes no time */
    seen->foreign = kind;
    if (is_news(seen, kind, size)) {
        seen->said = kind;
        seen->said_size = size;
        foreign_say(s, seen, kind, size);
    }
}

int
ui_foreign_tick(SxSession *s)
{
    Seen *seen = &ui_tab(s)->seen;
    if (!sx_document_path(session_document(s)))
        return -1;
    uint64_t now = ui_now();
    if (seen->look && task_done(seen->look))
        take_answer(s, seen);
    if (now - seen->asked >= LOOK_MS && !seen->look)
        ask_file(s, seen, now);
    /* the loop draws after each tick; the frame peeks anew, so looking again is all it takes */
    return LOOK_MS;
}
