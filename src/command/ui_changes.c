/*
 * ui_changes.c - review before writing: the list of pending changes, old bytes beside new ones. The value of a row is the
 * offset of its hunk, of which there is one at a place.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/look.h"
#include "command/ui.h"

enum { SHOWN_MAX = 16, SHOWN_MIN = 2, LIST_MAX = 100000 };

/* Bytes that fit side by side: " 123  0x00000010  12 to 12" stands before them. */
static unsigned
bytes_shown(const SxSession *s, unsigned times)
{
    enum { BEFORE = 28, CELLS = 3 };
    unsigned width = s->ui->width > BEFORE + times ? s->ui->width - BEFORE - times : 0;
    unsigned n = width / times / CELLS;
    return n < SHOWN_MIN ? SHOWN_MIN : n > SHOWN_MAX ? SHOWN_MAX : n;
}

void
ui_add_hex(SxSession *s, SxString *out, SxSource *source, SxSpan span, unsigned times)
{
    uint8_t bytes[SHOWN_MAX], states[SHOWN_MAX];
    unsigned fit = bytes_shown(s, times);
    bool cut = span.len > fit;
    span.len = cut ? fit - 1 : span.len;
    if (span.len == 0 || !source) {
        sx_string_add(out, source ? "-" : "?");
        return;
    }
    sx_source_peek(source, span, bytes, states);
    for (uint64_t i = 0; i < span.len; i++) {
        const char *gap = i ? " " : "";
        if (states[i] == SX_BYTE_HERE || states[i] == SX_BYTE_HOLE)
            sx_string_addf(out, "%s%02x", gap, bytes[i]);
        else
            sx_string_addf(out, "%s%s", gap, states[i] == SX_BYTE_LOST ? "??" : "..");
    }
    if (cut)
        sx_string_add(out, " ..");
}

static void
add_row(SxSession *s, List *l, SxSnapshot *snapshot, uint64_t number, const SxHunk *h)
{
    SxString row = {0};
    SxSource *old = sx_snapshot_hunk_old(snapshot, h);
    sx_string_addf(&row, "%" PRIu64 "\t0x%" PRIx64 "\t", number, h->at);
    if (h->removed == h->inserted)
        sx_string_addf(&row, "%" PRIu64 "\t", h->inserted);
    else
        sx_string_addf(&row, "%" PRIu64 " to %" PRIu64 "\t", h->removed, h->inserted);
    ui_add_hex(s, &row, old, (SxSpan){0, h->removed}, 2);
    sx_string_add(&row, "\t");
    ui_add_hex(s, &row, sx_snapshot_source(snapshot), (SxSpan){h->at, h->inserted}, 2);
    ui_list_add(l, h->at, sx_string(&row));
    sx_string_clear(&row);
    sx_source_release(old);
}

static void
changes_fill(SxSession *s, List *l)
{
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    SxHunk h;
    uint64_t from = 0, n = 0;
    char words[64];
    if (!snapshot)
        return;
    for (; n < LIST_MAX && sx_snapshot_hunk_next(snapshot, from, &h); from = look_behind(&h))
        add_row(s, l, snapshot, ++n, &h);
    snprintf(l->title, sizeof l->title, "pending: %s%s    number, offset, bytes, old, new",
             changes_words(session_document(s), words, sizeof words), n == LIST_MAX ? ", the first are shown" : "");
    sx_snapshot_release(snapshot);
}

/* --- the chosen ones: those that are marked, else the one here; rows stand in the order of their numbers ------------------ */

static bool
any_marked(const List *l)
{
    for (size_t i = 0; i < l->n_rows; i++)
        if (l->rows[i].marked)
            return true;
    return false;
}

static bool
chosen(const List *l, size_t row, bool any)
{
    return any ? l->rows[row].marked : l->current < l->n_shown && l->shown[l->current] == row;
}

static bool
hunk_at(SxDocument *d, uint64_t at, SxHunk *out)
{
    SxSnapshot *snapshot = sx_document_snapshot(d);
    bool found = snapshot && sx_snapshot_hunk_next(snapshot, at, out) && out->at == at;
    sx_snapshot_release(snapshot);
    return found;
}

/* From the last on, so that the offsets of the others stay. */
static bool
revert_rows(SxSession *s, const List *l, uint64_t *done, SxError *err)
{
    SxHunk h;
    SxDocument *d = session_document(s);
    bool any = any_marked(l);
    for (size_t i = l->n_rows; i-- > 0;) {
        if (!chosen(l, i, any) || !hunk_at(d, l->rows[i].value, &h))
            continue;
        if (!sx_document_revert(d, &h, err))
            return false;
        ++*done;
    }
    return true;
}

static void
revert_chosen(SxSession *s, const List *l)
{
    SxError err = {0};
    uint64_t n = 0;
    SxDocument *d = session_document(s);
    if (!sx_document_begin(d, &err)) {
        ui_say(s, true, err.text);
        return;
    }
    bool ok = revert_rows(s, l, &n, &err);
    sx_document_end(d);
    if (!ok)
        ui_say(s, true, err.text);
    else if (n)
        ui_sayf(s, "%" PRIu64 " change%s taken back; u brings %s again", n, n == 1 ? "" : "s", n == 1 ? "it" : "them");
}

static void
write_chosen(SxSession *s, const List *l)
{
    SxString line = {0};
    bool any = any_marked(l);
    sx_string_add(&line, "write-changes ");
    const char *gap = "";
    for (size_t i = 0; i < l->n_rows; i++) {
        if (!chosen(l, i, any))
            continue;
        sx_string_addf(&line, "%s%zu", gap, i + 1);
        gap = ",";
    }
    if (!line.failed)
        ui_run(s, line.data);
    sx_string_clear(&line);
}

/* --- as a patch ------------------------------------------------------------------------------------------------------------ */

static bool
export_named(SxSession *s, const char *path)
{
    SxString line = {0};
    sx_string_add(&line, "export patch \"");
    sx_string_add_printable(&line, sx_bytes(path, strlen(path)), SX_PRINTABLE_QUOTE);
    sx_string_add(&line, "\"");
    if (path[0] && !line.failed)
        ui_run(s, line.data);
    sx_string_clear(&line);
    return true;
}

/* --- keys ------------------------------------------------------------------------------------------------------------------- */

static bool
changes_key(SxSession *s, List *l, SxKey key, uint64_t value)
{
    (void)value;
    if (key.mods != 0)
        return false;
    switch (key.code) {
    case 'r': case SX_KEY_DEL: revert_chosen(s, l); break;
    case 'w': write_chosen(s, l); break;
    case 'e': ui_prompt_ask(s, "export patch to: ", "", export_named); return true;
    case 'u': ui_run(s, "undo"); break;
    case 'U': ui_run(s, "redo"); break;
    default: return false;
    }
    return true;
}

const ListKind list_changes = {
    .title = "pending changes",
    .footer = "Enter goes  Space marks  r takes back  w writes  e patch  u undoes  q closes",
    .walk = "change",
    .follows = true,
    .fill = changes_fill,
    .enter = ui_list_goto,
    .key = changes_key,
};
