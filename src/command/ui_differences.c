/*
 * ui_differences.c - reload and differences on the screen: what others changed in the file, and what of ours it meets,
 * with all three sides. The value of a row is its index.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

void
ui_differences_clear(Differences *d)
{
    sx_differences_free(d->x);
    free(d->at);
    free(d->taken);
    *d = (Differences){0};
}

void
ui_differences_shift(Differences *d, const SxChange *change)
{
    size_t n = d->x ? sx_differences_count(d->x, NULL) : 0;
    for (size_t i = 0; i < n; i++)
        ui_shift(&d->at[i], change);
}

/* Takes `x`. */
static bool
differences_set(SxSession *s, SxDifferences *x, bool rebased)
{
    Differences *d = &ui_tab(s)->differences;
    size_t n = sx_differences_count(x, NULL);
    ui_differences_clear(d);
    *d = (Differences){.x = x, .at = calloc(n + 1, sizeof *d->at), .taken = calloc(n + 1, sizeof *d->taken),
                       .rebased = rebased, .generation = sx_document_generation(session_document(s))};
    if (!d->at || !d->taken) {
        ui_differences_clear(d);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        d->at[i] = sx_differences_at(x, i)->at;
    return true;
}

/* --- the list --------------------------------------------------------------------------------------------------------- */

static const char *
kind_word(const SxDifference *one, bool taken)
{
    static const char *const words[] = {"changed", "gone", "added", "unknown"};
    return taken ? "ours" : words[one->kind];
}

static void
add_side(SxSession *s, SxString *row, SxSource *source)
{
    sx_string_add(row, "\t");
    ui_add_hex(s, row, source, (SxSpan){0, source ? sx_source_size(source) : 0}, 3);
    sx_source_release(source);
}

static void
add_row(SxSession *s, List *l, const Differences *d, size_t i)
{
    SxString row = {0};
    const SxDifference *one = sx_differences_at(d->x, i);
    sx_string_addf(&row, "0x%" PRIx64 "\t%s\t%" PRIu64, d->at[i], kind_word(one, d->taken[i]), one->span.len);
    add_side(s, &row, sx_differences_base(d->x, i));
    add_side(s, &row, sx_differences_theirs(d->x, i));
    if (one->ours)
        add_side(s, &row, sx_differences_ours(d->x, i));
    ui_list_add(l, i, sx_string(&row));
    sx_string_clear(&row);
}

static size_t
conflicts(const SxDifferences *x)
{
    size_t n = 0;
    for (size_t i = 0; i < sx_differences_count(x, NULL); i++)
        n += sx_differences_at(x, i)->ours;
    return n;
}

static void
differences_fill(SxSession *s, List *l)
{
    const Differences *d = &ui_tab(s)->differences;
    bool cut = false;
    size_t n = d->x ? sx_differences_count(d->x, &cut) : 0, ours = d->x ? conflicts(d->x) : 0;
    for (size_t i = 0; i < n; i++)
        add_row(s, l, d, i);
    if (d->rebased)
        snprintf(l->title, sizeof l->title, "not applied: %zu    offset, file, bytes, were, are, ours", ours);
    else
        snprintf(l->title, sizeof l->title, "on disk: %zu%s, %zu meet%s ours    offset, file, bytes, were, are, ours", n,
                 cut ? "+" : "", ours, ours == 1 ? "s" : "");
}

static void
differences_enter(SxSession *s, List *l, uint64_t index)
{
    ui_list_goto(s, l, ui_tab(s)->differences.at[index]);
}

/* --- ours after all ----------------------------------------------------------------------------------------------------- */

/* Whether theirs stand where the list says: nothing of it was undone or edited meanwhile. */
static bool
stands_there(SxSession *s, const Differences *d, size_t i, uint64_t len)
{
    enum { COMPARED = 4096 };
    uint8_t theirs[COMPARED], *here;
    SxSpan span = {d->at[i], len < COMPARED ? len : COMPARED};
    if (span.len == 0)
        return d->generation == sx_document_generation(session_document(s));
    SxSource *source = sx_differences_theirs(d->x, i);
    bool same = source && span.at + len <= sx_document_length(session_document(s)) &&
                sx_source_read(source, (SxSpan){0, span.len}, theirs, NULL) && ui_peek(s, span, &here) &&
                memcmp(theirs, here, (size_t)span.len) == 0;
    sx_source_release(source);
    return same;
}

static bool
put_ours(SxSession *s, uint64_t at, uint64_t len, SxSource *ours, SxError *err)
{
    uint64_t size = sx_source_size(ours);
    uint8_t *bytes = size <= (UINT64_C(256) << 20) ? malloc((size_t)size + 1) : NULL;
    bool ok = bytes || sx_fail(err, SX_ERR_NOMEM, "too much to put in one by one; u brings all of ours");
    ok = ok && (size == 0 || sx_source_read(ours, (SxSpan){0, size}, bytes, err)) &&
         sx_document_replace(session_document(s), (SxSpan){at, len}, sx_bytes(bytes, (size_t)size), err);
    free(bytes);
    return ok;
}

static void
take_ours(SxSession *s, size_t i)
{
    Differences *d = &ui_tab(s)->differences;
    SxError err = {0};
    SxSource *theirs = sx_differences_theirs(d->x, i), *ours = sx_differences_ours(d->x, i);
    uint64_t len = theirs ? sx_source_size(theirs) : 0, at = d->at[i];
    if (!d->rebased || !ours || d->taken[i] || !stands_there(s, d, i, len)) {
        ui_badf(s, d->rebased ? "0x%" PRIx64 ": edited since; Enter goes there" : "0x%" PRIx64 ": ours stands there until :reload", at);
    } else if (!put_ours(s, at, len, ours, &err)) {
        ui_say(s, true, err.text);
    } else {
        d->at[i] = at;
        d->taken[i] = true;
        d->generation = sx_document_generation(session_document(s));
        ui_sayf(s, "0x%" PRIx64 ": ours stands over theirs, pending; u takes it back", at);
    }
    sx_source_release(theirs);
    sx_source_release(ours);
    ui_list_refill(s);
}

static bool
differences_key(SxSession *s, List *l, SxKey key, uint64_t index)
{
    (void)l;
    if (key.mods != 0 || (key.code != 'o' && key.code != 'r' && key.code != 'u'))
        return false;
    if (key.code == 'o') {
        take_ours(s, (size_t)index);
        return true;
    }
    ui_list_close(s);
    ui_run(s, key.code == 'u' ? "undo" : "reload");
    return true;
}

const ListKind list_differences = {
    .title = "differences",
    .footer = "Enter goes there  o puts ours over theirs  r reloads  u undoes  q closes",
    .fill = differences_fill,
    .enter = differences_enter,
    .key = differences_key,
};

/* --- the commands ----------------------------------------------------------------------------------------------------------- */

static SxExit
no_memory(SxError *err)
{
    return outcome(sx_fail(err, SX_ERR_NOMEM, "no memory for the differences"), err);
}

static void
say_reloaded(SxSession *s, uint64_t before, uint64_t not_applied)
{
    char name[64];
    const Tab *tab = session_tab(s);
    ui_name(tab, name, sizeof name);
    if (not_applied)
        ui_badf(s, "%s: read anew, %" PRIu64 " of %" PRIu64 " change%s not applied; u brings %s", name, not_applied, before,
                before == 1 ? "" : "s", not_applied == 1 ? "it" : "them");
    else if (before)
        ui_sayf(s, "%s: read anew, %" PRIu64 " change%s kept", name, before, before == 1 ? "" : "s");
    else
        ui_sayf(s, "%s: read anew", name);
}

SxExit
ui_reload(SxSession *s, bool force, SxError *err)
{
    SxDifferences *x = NULL;
    SxDocument *d = session_document(s);
    uint64_t before = sx_document_changes(d).hunks;
    SxJob *job = session_job_begin(s, "reload");
    bool ok = force ? sx_document_reload(d, err) : sx_document_rebase(d, &x, job, err);
    session_job_end(s);
    if (!ok)
        return outcome(false, err);
    Seen *seen = &ui_tab(s)->seen;
    seen->reloaded = true;
    seen->said = seen->foreign = SX_FOREIGN_NONE;
    say_reloaded(s, before, x ? sx_differences_count(x, NULL) : 0);
    ui_differences_clear(&ui_tab(s)->differences);
    if (x && !differences_set(s, x, true))
        return no_memory(err);
    if (x)
        ui_list_open(s, &list_differences, NULL);
    return SX_EXIT_DONE;
}

SxExit
ui_differences(SxSession *s, SxError *err)
{
    SxDifferences *x = NULL;
    char name[64];
    SxJob *job = session_job_begin(s, "compare");
    bool ok = sx_document_differences(session_document(s), &x, job, err);
    session_job_end(s);
    if (!ok)
        return outcome(false, err);
    if (sx_differences_count(x, NULL) == 0) {
        sx_differences_free(x);
        ui_sayf(s, "%s: nothing on disk differs from what is known here", ui_name(session_tab(s), name, sizeof name));
        return SX_EXIT_ABSENT;
    }
    if (!differences_set(s, x, false))
        return no_memory(err);
    ui_list_open(s, &list_differences, NULL);
    return SX_EXIT_DONE;
}
