/* cmd_file.c - the handlers of commands_file.def but those that write. */
#include <stdlib.h>
#include <string.h>

#include "command/look.h"

static bool
is_open(SxSession *s, const char *path, size_t *index)
{
    for (size_t i = 0; i < s->n_tabs; i++) {
        const char *other = sx_document_path(s->tabs[i]->document);
        if (!other || strcmp(other, path) != 0)
            continue;
        *index = i;
        return true;
    }
    return false;
}

SxExit
cmd_edit(SxSession *s, const Args *a, SxError *err)
{
    size_t index;
    const char *path = a->arg[0].word;
    if (is_open(s, path, &index)) {
        s->active = index;
        return SX_EXIT_DONE;
    }
    return outcome(session_open(s, path, false, err), err);
}

SxExit
cmd_new(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d;
    uint64_t length = a->arg[0].given ? a->arg[0].offset : 0;
    SxDocumentOptions o = session_document_options(s);
    o.access = SX_ACCESS_DEFAULT;
    if (!sx_document_new(&d, length, &o, err))
        return outcome(false, err);
    if (session_add(s, d, "", err))
        return SX_EXIT_DONE;
    sx_document_free(d, false);
    return outcome(false, err);
}

SxExit
cmd_close(SxSession *s, const Args *a, SxError *err)
{
    char words[64];
    SxDocument *d = session_document(s);
    if (sx_document_modified(d) && !a->force)
        return outcome(sx_fail(err, SX_ERR_ASK, "%s unwritten; write, or close! drops them",
                               changes_words(d, words, sizeof words)),
                       err);
    return outcome(session_close(s, s->active, err), err);
}

/* --- access ------------------------------------------------------------------------------------------------------ */

static SxAccess
access_named(const char *word)
{
    if (!strcmp(word, "read"))
        return SX_ACCESS_READ;
    return strcmp(word, "copy") ? SX_ACCESS_WRITE : SX_ACCESS_COPY;
}

SxExit
cmd_access(SxSession *s, const Args *a, SxError *err)
{
    char words[64];
    SxDocument *d = session_document(s);
    SxPending pending = a->force ? SX_PENDING_WRITE : SX_PENDING_REFUSE;
    if (sx_document_set_access(d, access_named(a->arg[0].word), pending, err)) {
        session_say(s, "%s is %s now", session_tab(s)->name, access_word(sx_document_access(d)));
        return SX_EXIT_DONE;
    }
    if (err->code == SX_ERR_ASK) /* M12 */
        (void)sx_fail(err, SX_ERR_ASK, "%s pending; write or revert all first, or access! writes them",
                      changes_words(d, words, sizeof words));
    return outcome(false, err);
}

static SxSpan
range_or_all(const Arg *arg)
{
    return arg->given ? arg->range : SX_SPAN_ALL;
}

SxExit
cmd_flush(SxSession *s, const Args *a, SxError *err)
{
    return outcome(sx_document_flush(session_document(s), range_or_all(&a->arg[0]), err), err);
}

SxExit
cmd_advise(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    return outcome(sx_document_advise(d, a->arg[0].word, range_or_all(&a->arg[1]), a->force, err), err);
}

/* --- changes ----------------------------------------------------------------------------------------------------- */

/* The bytes of a run in hex, cut at `max` with "..."; "-" for none. */
static bool
row_hex(SxSession *s, const char *field, SxSource *source, SxSpan span, uint64_t max, SxError *err)
{
    if (span.len == 0) {
        row_word(s, field, "-");
        return true;
    }
    SxSpan shown = {span.at, span.len < max ? span.len : max};
    return row_cut(s, field, source, shown, shown.len < span.len, err);
}

static bool
print_hunk(SxSession *s, const Look *look, uint64_t number, const SxHunk *h, uint64_t max, SxError *err)
{
    row_count(s, "number", number);
    row_offset(s, "offset", h->at);
    row_count(s, "old-length", h->removed);
    row_count(s, "new-length", h->inserted);
    SxSource *old = sx_snapshot_hunk_old(look->snapshot, h);
    bool ok = old || sx_fail(err, SX_ERR_NOMEM, "no memory to list the changes");
    ok = ok && row_hex(s, "old", old, (SxSpan){0, h->removed}, max, err);
    ok = ok && row_hex(s, "new", look->source, (SxSpan){h->at, h->inserted}, max, err);
    sx_source_release(old);
    row_end(s);
    return ok;
}

static bool
print_hunks(SxSession *s, const Look *look, uint64_t max, SxError *err)
{
    SxHunk h;
    uint64_t from = 0, number = 0;
    while (!results_full(s) && sx_snapshot_hunk_next(look->snapshot, from, &h)) {
        if (sx_job_cancelled(look->job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled");
        if (!print_hunk(s, look, ++number, &h, max, err))
            return false;
        from = look_behind(&h);
    }
    return true;
}

SxExit
cmd_changes(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    if (!look_begin(s, &look, "changes", err))
        return outcome(false, err);
    bool ok = print_hunks(s, &look, a->arg[0].given ? a->arg[0].offset : UINT64_MAX, err);
    look_end(s, &look);
    return outcome(ok, err);
}

/* --- revert ------------------------------------------------------------------------------------------------------- */

static bool
hunk_numbered(const Look *look, uint64_t number, SxHunk *out)
{
    uint64_t from = 0;
    for (; number > 0 && sx_snapshot_hunk_next(look->snapshot, from, out); number--)
        from = look_behind(out);
    return number == 0;
}

static bool
hunk_here(const Look *look, SxHunk *out)
{
    return sx_snapshot_hunk_next(look->snapshot, look->cursor, out) && out->at <= look->cursor;
}

static SxExit
revert_one(SxSession *s, const Look *look, const Arg *n, SxError *err)
{
    SxHunk hunk;
    uint64_t number = n->value.negative ? 0 : n->value.magnitude;
    bool found = n->given ? number && hunk_numbered(look, number, &hunk) : hunk_here(look, &hunk);
    if (found)
        return outcome(sx_document_revert(session_document(s), &hunk, err), err);
    if (n->given)
        session_warn(s, "there is no change %.*s", (int)n->text.len, (const char *)n->text.data);
    else
        session_warn(s, "nothing is changed at 0x%llx", (unsigned long long)look->cursor);
    return SX_EXIT_ABSENT;
}

SxExit
cmd_revert(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    SxDocument *d = session_document(s);
    if (a->arg[0].by_choice)
        return outcome(sx_document_revert(d, NULL, err), err);
    if (!look_begin(s, &look, "revert", err))
        return outcome(false, err);
    SxExit exit = revert_one(s, &look, &a->arg[0], err);
    look_end(s, &look);
    return exit;
}
