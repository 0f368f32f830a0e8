/*
 * test_document.c - edits, history, groups, marks, hunks, bulk: what the calls promise, case by case.
 */
#include "document/files.h"

#include <sys/stat.h>

static char path[] = "/tmp/sextant-document-XXXXXX";
static const char text[] = "0123456789abcdefghij";

static SxDocument *
fresh(void)
{
    unlink(path);
    strcpy(path, "/tmp/sextant-document-XXXXXX");
    file_make(path, text, strlen(text));
    return document_of(path, &(SxDocumentOptions){.fanout = 4, .chunk = 64});
}

static SxCode
code_of(bool done, const SxError *err)
{
    return done ? SX_OK : err->code;
}

/* --- opening ------------------------------------------------------------------------------------------------------------ */

static void
opening(void)
{
    SxError err;
    SxDocument *d = fresh();
    is(sx_document_access(d), SX_ACCESS_COPY, "a file opens in COPY");
    is(sx_document_kind(d), SX_KIND_FILE, "it is a file");
    is(sx_document_length(d), 20, "as long as the file");
    is(sx_document_file_size(d), 20, "whose size is told");
    is_text(sx_document_name(d), strrchr(path, '/') + 1, "named by its last part");
    ok(!sx_document_modified(d) && sx_document_writable(d), "not modified, writable");
    sx_document_free(d, false);

    d = document_of(path, &(SxDocumentOptions){.offset = 5, .length = 4});
    ok(document_is(d, "5678"), "a part of a file");
    is(sx_document_file_size(d), 20, "of a file that is larger");
    sx_document_free(d, false);

    ok(truncate(path, 0) == 0, "emptied");
    d = document_of(path, NULL);
    ok(document_is(d, "") && !sx_document_modified(d), "an empty file is an empty document");
    ok(sx_document_insert(d, 0, TEXT("x"), &err) && sx_document_modified(d), "that can be typed into");
    sx_document_free(d, false);

    unlink(path);
    is(code_of(sx_document_open(&d, path, NULL, &err), &err), SX_ERR_MISSING, "a missing file is missing");
    d = document_of(path, &(SxDocumentOptions){.create = true});
    ok(document_is(d, "") && access(path, F_OK) != 0, "or a new document, and no file yet");
    is(code_of(sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_REFUSE, &err), &err), SX_ERR_MISSING,
       "which cannot be written through");
    sx_document_free(d, false);

    is(code_of(sx_document_open(&d, "/", NULL, &err), &err), SX_ERR_KIND, "a directory is refused");
    ok(sx_document_new(&d, 5, NULL, &err), "a new document");
    uint8_t byte = 9;
    ok(sx_document_get(d, -1, &byte, &err) && byte == 0 && !sx_document_modified(d), "of zeros, not modified");
    is(sx_document_kind(d), SX_KIND_MEMORY, "of no file");
    sx_document_free(d, false);
    sx_document_free(NULL, false);

    int ends[2];
    ok(pipe(ends) == 0 && write(ends[1], "piped", 5) == 5 && close(ends[1]) == 0, "a pipe");
    ok(sx_document_open_stream(&d, ends[0], "stdin", NULL, NULL, &err), "is read to its end");
    ok(document_is(d, "piped") && sx_document_kind(d) == SX_KIND_STREAM, "and shown");
    ok(!sx_document_path(d), "it has no path");
    ok(sx_document_insert(d, 0, TEXT("un"), &err) && document_is(d, "unpiped"), "and can be edited");
    sx_document_free(d, false);
    close(ends[0]);
}

/* --- edits ---------------------------------------------------------------------------------------------------------------- */

static void
edits(void)
{
    SxError err;
    SxDocument *d = fresh();
    ok(sx_document_insert(d, 10, TEXT("--"), &err) && document_is(d, "0123456789--abcdefghij"), "insert");
    ok(sx_document_overwrite(d, 0, TEXT("zz"), &err) && document_is(d, "zz23456789--abcdefghij"), "overwrite");
    ok(sx_document_delete(d, (SxSpan){2, 8}, &err) && document_is(d, "zz--abcdefghij"), "delete");
    ok(sx_document_replace(d, (SxSpan){2, 2}, TEXT("+++"), &err) && document_is(d, "zz+++abcdefghij"), "replace");
    ok(sx_document_fill(d, (SxSpan){5, 3}, TEXT("."), &err) && document_is(d, "zz+++...defghij"), "fill by a byte");
    ok(sx_document_fill(d, (SxSpan){5, 5}, TEXT("xy"), &err) && document_is(d, "zz+++xyxyxfghij"), "fill by a pattern");
    ok(sx_document_move(d, 0, 5, 6, &err) && document_is(d, "xyxyxfyxyxfghij"), "move, overlapping");
    ok(sx_document_resize(d, 4, &err) && document_is(d, "xyxy"), "resize cuts");
    ok(sx_document_resize(d, 6, &err) && sx_document_length(d) == 6, "resize appends");
    is(code_of(sx_document_insert(d, 7, TEXT("x"), &err), &err), SX_ERR_RANGE, "insert behind the end");
    is(code_of(sx_document_overwrite(d, 5, TEXT("xx"), &err), &err), SX_ERR_RANGE, "overwrite over the end");
    is(code_of(sx_document_delete(d, (SxSpan){1, UINT64_MAX - 1}, &err), &err), SX_ERR_RANGE, "delete over the end");
    is(code_of(sx_document_resize(d, 0, &err), &err), SX_ERR_EMPTY, "resize to nothing");
    is(code_of(sx_document_fill(d, (SxSpan){0, 1}, TEXT(""), &err), &err), SX_ERR_LENGTH, "fill with nothing");
    is(code_of(sx_document_fill(d, (SxSpan){0, 6}, TEXT("q"), &err), &err), SX_OK, "and still alive");
    uint64_t steps = sx_document_step_count(d);
    ok(sx_document_insert(d, 3, TEXT(""), &err) && sx_document_step_count(d) == steps, "inserting nothing is no step");
    ok(sx_document_resize(d, UINT64_C(1) << 62, &err), "resize to 4 EiB");
    ok(sx_document_overwrite(d, (UINT64_C(1) << 62) - 1, TEXT("!"), &err), "and overwrite its last byte");
    uint64_t at = 0;
    ok(sx_document_find(d, TEXT("!"), 0, SX_TO_END, NULL, &at, &err) == SX_FOUND && at == (UINT64_C(1) << 62) - 1,
       "which find finds");
    ok(sx_document_rfind(d, TEXT("q"), 0, SX_TO_END, NULL, &at, &err) == SX_FOUND && at == 5, "and rfind the last q");
    is(code_of(sx_document_fill(d, (SxSpan){0, 1}, TEXT("q"), &err), &err), SX_OK, "and fill");
    while (sx_document_undo(d, NULL, &err))
        ;
    ok(document_is(d, text) && !sx_document_modified(d), "all undone: the file again");
    sx_document_free(d, false);
}

static void
read_only(void)
{
    SxError err;
    SxDocument *d = fresh();
    ok(sx_document_set_access(d, SX_ACCESS_READ, SX_PENDING_REFUSE, &err), "READ");
    is(code_of(sx_document_insert(d, 0, TEXT("x"), &err), &err), SX_ERR_READONLY, "insert is refused");
    char want[400];
    snprintf(want, sizeof want, "%s is READ, nothing changed. :access copy edits in memory", sx_document_name(d));
    is_text(err.text, want, "in words that say how to go on");
    is(code_of(sx_document_undo(d, NULL, &err), &err), SX_OK, "there is nothing to undo");
    ok(document_is(d, text), "nothing changed");
    sx_document_free(d, false);
}

static void
slices(void)
{
    SxError err;
    SxDocument *d = fresh();
    is(code_of(sx_document_assign(d, 0, 5, TEXT("FAILED"), &err), &err), SX_ERR_LENGTH, "a slice keeps its length");
    ok(strstr(err.text, "\"FAILED\" has 6 bytes, \"01234\" 5"), "both lengths are told: %s", err.text);
    ok(sx_document_assign(d, -3, SX_TO_END, TEXT("xyz"), &err) && document_is(d, "0123456789abcdefgxyz"), "from the end");
    ok(sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_DISCARD, &err), "WRITE");
    is(code_of(sx_document_assign(d, 0, 5, TEXT("FAILED"), &err), &err), SX_ERR_LENGTH, "there too");
    is_text(err.text, "\"FAILED\" has 6 bytes, \"01234\" 5; WRITE-THROUGH keeps length. :access copy", "in these words");
    sx_document_free(d, false);
}

/* --- history ----------------------------------------------------------------------------------------------------------------- */

static void
history(void)
{
    SxError err;
    SxStep step;
    SxDocument *d = fresh();
    ok(!sx_document_undo(d, &step, &err) && err.code == SX_OK, "nothing to undo is no failure");
    ok(!sx_document_redo(d, &step, &err) && err.code == SX_OK, "nothing to redo neither");
    (void)!sx_document_overwrite(d, 2, TEXT("AB"), &err);
    (void)!sx_document_insert(d, 5, TEXT("CDE"), &err);
    (void)!sx_document_delete(d, (SxSpan){0, 1}, &err);
    is(sx_document_step_count(d), 3, "three steps");
    ok(sx_document_step(d, 2, &step) && step.number == 2 && step.parent == 1 && step.kind == SX_STEP_INSERT &&
           step.at == 5 && step.removed == 0 && step.inserted == 3 && step.time > 0,
       "the second says what it was");
    ok(!sx_document_step(d, 4, &step) && !sx_document_step(d, 0, &step), "there is no fourth, and 0 is no step");
    ok(sx_document_undo(d, &step, &err) && step.number == 3 && step.kind == SX_STEP_DELETE, "undo says which");
    is(sx_document_undo_count(d), 2, "two to undo");
    is(sx_document_redo_count(d), 1, "one to redo");
    ok(document_is(d, "01AB4CDE56789abcdefghij"), "the document of then");
    (void)!sx_document_overwrite(d, 0, TEXT("?"), &err);
    is(sx_document_step_current(d), 4, "another edit is a branch");
    is(sx_document_redo_count(d), 0, "with nothing behind it");
    ok(sx_document_goto_step(d, 3, &err) && document_is(d, "1AB4CDE56789abcdefghij"), "the other branch is still there");
    ok(sx_document_undo(d, NULL, &err) && sx_document_redo(d, &step, &err) && step.number == 3,
       "redo goes back where undo came from");
    ok(sx_document_goto_step(d, 4, &err) && document_is(d, "?1AB4CDE56789abcdefghij"), "and over to the newer one");
    is(code_of(sx_document_goto_step(d, 9, &err), &err), SX_ERR_RANGE, "no step 9");
    ok(sx_document_goto_step(d, 0, &err) && document_is(d, text) && !sx_document_modified(d), "step 0 is the beginning");
    sx_document_free(d, false);
}

static void
typing(void)
{
    SxError err;
    SxStep step;
    SxDocument *d = fresh();
    sx_document_typing(d, true);
    (void)!sx_document_overwrite(d, 3, TEXT("\x70"), &err);
    (void)!sx_document_overwrite(d, 3, TEXT("\x75"), &err);
    (void)!sx_document_overwrite(d, 4, TEXT("v"), &err);
    (void)!sx_document_overwrite(d, 5, TEXT("w"), &err);
    is(sx_document_step_count(d), 1, "digits and bytes typed on are one step");
    ok(sx_document_step(d, 1, &step) && step.kind == SX_STEP_OVERWRITE && step.at == 3 && step.removed == 3 &&
           step.inserted == 3,
       "of three bytes");
    (void)!sx_document_overwrite(d, 15, TEXT("x"), &err);
    is(sx_document_step_count(d), 2, "elsewhere it is another");
    sx_document_typing(d, true);
    (void)!sx_document_overwrite(d, 16, TEXT("y"), &err);
    is(sx_document_step_count(d), 3, "and after a break, too");
    ok(sx_document_undo(d, NULL, &err) && sx_document_undo(d, NULL, &err) && sx_document_undo(d, NULL, &err), "undone");
    ok(document_is(d, text) && !sx_document_modified(d), "three times: the file");
    (void)!sx_document_insert(d, 2, TEXT("a"), &err);
    (void)!sx_document_insert(d, 3, TEXT("b"), &err);
    (void)!sx_document_delete(d, (SxSpan){3, 1}, &err);
    (void)!sx_document_delete(d, (SxSpan){2, 1}, &err);
    (void)!sx_document_delete(d, (SxSpan){1, 1}, &err);
    ok(sx_document_step(d, 4, &step) && sx_document_step_count(d) == 4, "typed and taken back, further than typed");
    ok(step.kind == SX_STEP_DELETE && step.at == 1 && step.removed == 1, "is one deletion in the end");
    ok(sx_document_undo(d, NULL, &err) && document_is(d, text), "that undo undoes");
    sx_document_typing(d, false);
    sx_document_free(d, false);
}

static void
groups(void)
{
    SxError err;
    SxStep step;
    SxDocument *d = fresh();
    ok(sx_document_begin(d, &err) && sx_document_insert(d, 0, TEXT("<"), &err) &&
           sx_document_insert(d, 21, TEXT(">"), &err),
       "two edits in a group");
    is(code_of(sx_document_undo(d, NULL, &err), &err), SX_ERR_BUSY, "no undo in the middle");
    ok(sx_document_begin(d, &err) && sx_document_delete(d, (SxSpan){5, 10}, &err), "a group in it");
    sx_document_cancel(d);
    ok(document_is(d, "<0123456789abcdefghij>"), "cancelled: what came before stays");
    sx_document_end(d);
    ok(sx_document_step_count(d) == 1 && sx_document_step(d, 1, &step) && step.kind == SX_STEP_INSERT,
       "one step of two insertions");
    ok(sx_document_undo(d, NULL, &err) && document_is(d, text), "undone at once");
    ok(sx_document_begin(d, &err) && sx_document_insert(d, 0, TEXT("x"), &err), "another group");
    sx_document_cancel(d);
    ok(document_is(d, text) && sx_document_step_count(d) == 1 && sx_document_redo_count(d) == 1,
       "cancelled: it never was, and redo is what it was");
    (void)!sx_document_begin(d, &err);
    sx_document_end(d);
    is(sx_document_step_count(d), 1, "an empty group is no step");
    sx_document_free(d, false);
}

/* --- bulk ----------------------------------------------------------------------------------------------------------------------- */

static bool
thousand(SxDocument *d, SxBulk **b)
{
    SxError err;
    if (!sx_document_bulk_begin(d, b, &err))
        return false;
    for (uint64_t i = 0; i < 1000; i++)
        if (!sx_bulk_replace(*b, (SxSpan){10 * i + 2, 5}, TEXT("FAILED"), &err))
            return false;
    return true;
}

static void
bulk(void)
{
    SxError err;
    SxBulk *b;
    SxDocument *d;
    uint8_t byte = 0;
    ok(sx_document_new(&d, 10000, &(SxDocumentOptions){.fanout = 5}, &err), "10000 zeros");
    ok(sx_document_mark_set(d, &(SxMark){"m", {5009, 4}, "", ""}, &err), "a mark");
    ok(thousand(d, &b), "a thousand places");
    is(code_of(sx_bulk_replace(b, (SxSpan){9000, 1}, TEXT("x"), &err), &err), SX_ERR_RANGE, "one before the last is refused");
    is(sx_document_length(d), 10000, "nothing has changed yet");
    ok(sx_bulk_commit(b, &err) && sx_document_length(d) == 11000, "committed");
    ok(sx_document_check(d, &err), "the tree is sound: %s", err.text);
    is(sx_document_step_count(d), 1, "one step");
    is(sx_document_changes(d).hunks, 1000, "a thousand hunks");
    ok(sx_document_get(d, 11 * 999 + 2, &byte, &err) && byte == 'F', "the last place is right");
    SxMark m;
    ok(sx_document_mark_find(d, "m", &m) && m.span.at == 5009 + 501 && m.span.len == 4, "the mark moved by 501");
    ok(sx_document_undo(d, NULL, &err) && sx_document_length(d) == 10000 && !sx_document_modified(d), "undone");
    ok(sx_document_mark_find(d, "m", &m) && m.span.at == 5009 && m.span.len == 4, "the mark is back");
    ok(sx_document_redo(d, NULL, &err) && sx_document_changes(d).hunks == 1000, "done again");
    ok(sx_document_undo(d, NULL, &err) && thousand(d, &b), "once more");
    sx_bulk_cancel(b);
    ok(sx_document_length(d) == 10000 && !sx_document_modified(d) && sx_document_step_count(d) == 1, "cancelled");
    ok(sx_document_bulk_begin(d, &b, &err) && sx_bulk_commit(b, &err) && sx_document_step_count(d) == 1,
       "no place, no step");
    sx_document_free(d, false);
}

/* --- marks ----------------------------------------------------------------------------------------------------------------------- */

static bool
mark_is(SxDocument *d, const char *name, uint64_t at, uint64_t len)
{
    SxMark m = {0};
    bool same = sx_document_mark_find(d, name, &m) && m.span.at == at && m.span.len == len;
    if (!same)
        diag("mark %s is at %" PRIu64 " +%" PRIu64, name, m.span.at, m.span.len);
    return same;
}

static void
marks(void)
{
    SxError err;
    SxMark m;
    SxDocument *d = fresh();
    ok(sx_document_mark_set(d, &(SxMark){"b", {10, 5}, "red", "a note"}, &err), "a mark of five bytes");
    ok(sx_document_mark_set(d, &(SxMark){"a", {12, 0}, "", ""}, &err), "a place");
    is(code_of(sx_document_mark_set(d, &(SxMark){"x", {19, 2}, "", ""}, &err), &err), SX_ERR_RANGE, "not over the end");
    is(sx_document_mark_count(d), 2, "two marks");
    ok(sx_document_mark_at(d, 0, &m) && strcmp(m.name, "b") == 0 && strcmp(m.note, "a note") == 0, "ordered by offset");
    (void)!sx_document_insert(d, 10, TEXT("++"), &err);
    ok(mark_is(d, "b", 12, 5) && mark_is(d, "a", 14, 0), "an insertion before moves both");
    (void)!sx_document_insert(d, 13, TEXT("++"), &err);
    ok(mark_is(d, "b", 12, 7) && mark_is(d, "a", 16, 0), "one inside makes it longer");
    (void)!sx_document_insert(d, 19, TEXT("++"), &err);
    ok(mark_is(d, "b", 12, 7), "one at its end does not");
    (void)!sx_document_overwrite(d, 12, TEXT("xxxxxxx"), &err);
    ok(mark_is(d, "b", 12, 7) && mark_is(d, "a", 16, 0), "bytes overwritten keep their marks");
    (void)!sx_document_delete(d, (SxSpan){0, 15}, &err);
    ok(mark_is(d, "b", 0, 4) && mark_is(d, "a", 1, 0), "its beginning deleted");
    (void)!sx_document_delete(d, (SxSpan){0, 8}, &err);
    ok(mark_is(d, "b", 0, 0) && mark_is(d, "a", 0, 0), "all deleted, they collapse");
    (void)!sx_document_undo(d, NULL, &err);
    ok(mark_is(d, "b", 0, 4) && mark_is(d, "a", 1, 0), "undo restores them");
    (void)!sx_document_undo(d, NULL, &err);
    ok(mark_is(d, "b", 12, 7) && mark_is(d, "a", 16, 0), "and again");
    ok(sx_document_goto_step(d, 0, &err) && mark_is(d, "b", 10, 5) && mark_is(d, "a", 12, 0), "back at the beginning");
    ok(sx_document_mark_set(d, &(SxMark){"b", {3, 1}, "", ""}, &err) && sx_document_mark_count(d) == 2 &&
           mark_is(d, "b", 3, 1),
       "set again it moves");
    ok(sx_document_goto_step(d, 5, &err) && sx_document_goto_step(d, 0, &err) && mark_is(d, "b", 3, 1),
       "and a mark set anew is not put where its elder was");
    ok(sx_document_mark_remove(d, "b") && !sx_document_mark_remove(d, "b") && !sx_document_mark_find(d, "b", &m),
       "removed once");
    sx_document_free(d, false);
}

/* --- hunks ------------------------------------------------------------------------------------------------------------------------- */

static void
hunks(void)
{
    SxError err;
    SxHunk h;
    SxDocument *d = fresh();
    (void)!sx_document_overwrite(d, 2, TEXT("XY"), &err);
    (void)!sx_document_delete(d, (SxSpan){6, 3}, &err);
    (void)!sx_document_insert(d, 10, TEXT("++"), &err);
    ok(document_is(d, "01XY459abc++defghij"), "three changes");
    SxChangeCount c = sx_document_changes(d);
    ok(c.hunks == 3 && c.bytes == 7 && c.length_changed && c.written == 0, "counted: 3 places, 7 bytes");
    SxSnapshot *s = sx_document_snapshot(d);
    ok(sx_snapshot_hunk_next(s, 0, &h) && h.at == 2 && h.inserted == 2 && h.file_at == 2 && h.removed == 2, "the first");
    ok(sx_snapshot_hunk_next(s, 4, &h) && h.at == 6 && h.inserted == 0 && h.file_at == 6 && h.removed == 3, "the second");
    SxSource *old = sx_snapshot_hunk_old(s, &h);
    char bytes[4] = "";
    ok(old && sx_source_size(old) == 3 && sx_source_read(old, (SxSpan){0, 3}, bytes, &err), "has old bytes");
    is_text(bytes, "678", "these");
    sx_source_release(old);
    ok(sx_snapshot_hunk_next(s, 7, &h) && h.at == 10 && h.inserted == 2 && h.removed == 0, "the third");
    ok(!sx_snapshot_hunk_next(s, 12, &h), "no fourth");
    ok(sx_snapshot_hunk_previous(s, 10, &h) && h.at == 6, "backwards");
    ok(sx_snapshot_hunk_previous(s, 6, &h) && h.at == 2 && !sx_snapshot_hunk_previous(s, 2, &h), "to the first");
    uint8_t flags[19];
    bool gap = true;
    sx_snapshot_origin(s, (SxSpan){0, 19}, flags, &gap);
    ok(flags[1] == 0 && flags[2] == SX_ORIGIN_CHANGED && flags[6] == SX_ORIGIN_GAP && flags[10] == SX_ORIGIN_INSERTED &&
           flags[12] == 0 && !gap,
       "each byte says how it came to be");
    sx_snapshot_release(s);
    h = (SxHunk){6, 0, 6, 3};
    ok(sx_document_revert(d, &h, &err) && document_is(d, "01XY456789abc++defghij"), "one hunk taken back");
    ok(sx_document_changes(d).hunks == 2, "two are left");
    ok(sx_document_revert(d, NULL, &err) && document_is(d, text) && !sx_document_modified(d), "all of them");
    ok(sx_document_undo(d, NULL, &err) && sx_document_changes(d).hunks == 2, "which undo undoes");
    (void)!sx_document_goto_step(d, 0, &err);
    (void)!sx_document_delete(d, (SxSpan){15, 5}, &err);
    s = sx_document_snapshot(d);
    sx_snapshot_origin(s, (SxSpan){10, 5}, flags, &gap);
    ok(gap && sx_snapshot_hunk_next(s, 15, &h) && h.at == 15 && h.removed == 5, "a gap behind the last byte");
    sx_snapshot_release(s);
    sx_document_free(d, false);
}

/* --- other files ---------------------------------------------------------------------------------------------------------------------- */

static void
other_files(void)
{
    SxError err;
    char other[] = "/tmp/sextant-other-XXXXXX";
    SxDocument *d = fresh();
    uint8_t *large = calloc(1, 3 << 20);
    memcpy(large + (2 << 20), "needle", 6);
    file_make(other, large, 3 << 20);
    free(large);
    ok(sx_document_insert_file(d, 3, other, (SxSpan){(2 << 20) + 1, 4}, &err) && document_is(d, "012eedl3456789abcdefghij"),
       "a small part is copied");
    ok(sx_document_undo(d, NULL, &err), "undone");
    ok(sx_document_insert_file(d, 20, other, SX_SPAN_ALL, &err) && sx_document_length(d) == 20 + (3 << 20), "all of it");
    uint64_t at = 0;
    unlink(other);
    ok(sx_document_find(d, TEXT("needle"), 0, SX_TO_END, NULL, &at, &err) == SX_FOUND && at == 20 + (2 << 20),
       "is read where it is, also without its name");
    is(code_of(sx_document_insert_file(d, 0, other, SX_SPAN_ALL, &err), &err), SX_ERR_MISSING, "a missing one is missing");
    is(code_of(sx_document_insert_file(d, 0, path, (SxSpan){15, 6}, &err), &err), SX_ERR_RANGE, "not more than there is");
    ok(sx_document_insert_file(d, 0, path, SX_SPAN_ALL, &err) && sx_document_check(d, &err), "the file itself");
    sx_document_free(d, false);
}

/* --- listeners and snapshots -------------------------------------------------------------------------------------------------------------- */

static void
count_changes(void *data, const SxChange *c)
{
    (void)c;
    ++*(int *)data;
}

static void
snapshots(void)
{
    SxError err;
    SxDocument *d = fresh();
    int heard = 0;
    char bytes[32] = "";
    ok(sx_document_listen(d, count_changes, &heard, &err), "a listener");
    SxSnapshot *s = sx_document_snapshot(d);
    uint64_t generation = sx_document_generation(d);
    is(sx_snapshot_generation(s), generation, "a snapshot of this generation");
    (void)!sx_document_delete(d, (SxSpan){0, 19}, &err);
    ok(sx_document_generation(d) > generation && heard == 1, "an edit raises it, and is heard");
    sx_document_unlisten(d, count_changes, &heard);
    (void)!sx_document_delete(d, (SxSpan){0, 1}, &err);
    is(heard, 1, "no more then");
    ok(document_is(d, ""), "the document is empty");
    sx_document_free(d, false);
    ok(sx_snapshot_length(s) == 20 && sx_source_read(sx_snapshot_source(s), (SxSpan){0, 20}, bytes, &err),
       "a snapshot outlives its document");
    is_text(bytes, text, "and shows what it showed");
    sx_snapshot_release(s);
}

int
main(void)
{
    opening();
    edits();
    read_only();
    slices();
    history();
    typing();
    groups();
    bulk();
    marks();
    hunks();
    other_files();
    snapshots();
    unlink(path);
    return done_testing();
}
