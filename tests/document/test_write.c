/*
 * test_write.c - WRITE: the file follows each edit, undo puts its bytes back, failures leave it as it was.
 */
#include "document/files.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char path[] = "/tmp/sextant-write-XXXXXX";
static const char text[] = "0123456789abcdefghij";

static SxDocument *
fresh(const SxDocumentOptions *o)
{
    SxDocumentOptions write = o ? *o : (SxDocumentOptions){.fanout = 4, .chunk = 64};
    write.access = SX_ACCESS_WRITE;
    unlink(path);
    strcpy(path, "/tmp/sextant-write-XXXXXX");
    file_make(path, text, strlen(text));
    return document_of(path, &write);
}

static SxCode
code_of(bool done, const SxError *err)
{
    return done ? SX_OK : err->code;
}

static bool
both_are(SxDocument *d, const char *want)
{
    return document_is(d, want) && file_is(path, want) && !sx_document_modified(d);
}

static void
edits(void)
{
    SxError err;
    SxDocument *d = fresh(NULL);
    SxSnapshot *s = sx_document_snapshot(d);
    ok(sx_document_overwrite(d, 3, TEXT("XYZ"), &err) && both_are(d, "012XYZ6789abcdefghij"), "overwrite");
    ok(sx_document_insert(d, 10, TEXT("++"), &err) && both_are(d, "012XYZ6789++abcdefghij"), "insert moves the tail");
    ok(sx_document_delete(d, (SxSpan){0, 3}, &err) && both_are(d, "XYZ6789++abcdefghij"), "delete, too");
    ok(sx_document_move(d, 0, 7, 5, &err) && both_are(d, "++abc89++abcdefghij"), "move");
    ok(sx_document_fill(d, (SxSpan){5, 4}, TEXT("-"), &err) && both_are(d, "++abc----abcdefghij"), "fill");
    ok(sx_document_resize(d, 7, &err) && both_are(d, "++abc--"), "resize");
    char bytes[32] = "";
    ok(sx_source_read(sx_snapshot_source(s), (SxSpan){0, 20}, bytes, &err), "a snapshot of before can be read");
    is_text(bytes, text, "and shows the bytes of before");
    sx_snapshot_release(s);
    ok(sx_document_goto_step(d, 3, &err) && both_are(d, "XYZ6789++abcdefghij"), "undo writes the bytes back");
    ok(sx_document_goto_step(d, 0, &err) && both_are(d, text), "all of them");
    ok(sx_document_goto_step(d, 6, &err) && both_are(d, "++abc--"), "redo again");
    sx_document_free(d, false);
    ok(file_is(path, "++abc--"), "and so it stays");
}

static void
counts(void)
{
    SxError err;
    uint8_t flags[20];
    SxDocument *d = fresh(NULL);
    (void)!sx_document_overwrite(d, 3, TEXT("X"), &err);
    (void)!sx_document_overwrite(d, 4, TEXT("Y"), &err);
    (void)!sx_document_insert(d, 15, TEXT("++"), &err);
    SxChangeCount c = sx_document_changes(d);
    ok(c.written == 2 && c.hunks == 0, "two places written, none pending");
    SxSnapshot *s = sx_document_snapshot(d);
    sx_snapshot_origin(s, (SxSpan){0, 20}, flags, NULL);
    ok(flags[2] == 0 && flags[3] == SX_ORIGIN_WRITTEN && flags[4] == SX_ORIGIN_WRITTEN && flags[5] == 0 &&
           flags[15] == SX_ORIGIN_WRITTEN && flags[17] == 0,
       "and their bytes say so");
    sx_snapshot_release(s);
    (void)!sx_document_undo(d, NULL, &err);
    is(sx_document_changes(d).written, 1, "undone, one");
    (void)!sx_document_undo(d, NULL, &err);
    is(sx_document_changes(d).written, 1, "still one");
    (void)!sx_document_undo(d, NULL, &err);
    is(sx_document_changes(d).written, 0, "all undone, none");
    (void)!sx_document_goto_step(d, 3, &err);
    is(sx_document_changes(d).written, 2, "and two again");
    sx_document_free(d, false);
}

static void
toggling(void)
{
    SxError err;
    SxDocument *d = fresh(NULL);
    (void)!sx_document_overwrite(d, 0, TEXT("W"), &err);
    ok(sx_document_set_access(d, SX_ACCESS_COPY, SX_PENDING_REFUSE, &err), "WRITE to COPY needs no answer");
    (void)!sx_document_insert(d, 5, TEXT("copy"), &err);
    ok(file_is(path, "W123456789abcdefghij"), "and the file stays");
    is(code_of(sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_REFUSE, &err), &err), SX_ERR_ASK, "back it asks");
    ok(strstr(err.text, "1 change pending in"), "%s", err.text);
    is(sx_document_access(d), SX_ACCESS_COPY, "and stays in COPY");
    ok(sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_WRITE, &err) && both_are(d, "W1234copy56789abcdefghij"),
       "told to write, it writes");
    ok(sx_document_undo(d, NULL, &err) && both_are(d, "W123456789abcdefghij"), "undo of an edit in COPY writes");
    (void)!sx_document_set_access(d, SX_ACCESS_COPY, SX_PENDING_REFUSE, &err);
    ok(sx_document_undo(d, NULL, &err) && document_is(d, text) && file_is(path, "W123456789abcdefghij") &&
           sx_document_changes(d).hunks == 1,
       "undo in COPY of an edit in WRITE is pending");
    ok(sx_document_redo(d, NULL, &err) && !sx_document_modified(d), "redone it is not");
    (void)!sx_document_undo(d, NULL, &err);
    ok(sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_DISCARD, &err) && both_are(d, "W123456789abcdefghij"),
       "told to discard, it discards");
    ok(sx_document_undo(d, NULL, &err) && both_are(d, text), "which undo takes back, into the file");
    sx_document_free(d, false);

    ok(sx_document_new(&d, 5, NULL, &err), "a document without a file");
    is(code_of(sx_document_set_access(d, SX_ACCESS_WRITE, SX_PENDING_REFUSE, &err), &err), SX_ERR_UNSUPPORTED,
       "cannot be written through: %s", err.text);
    sx_document_free(d, false);
}

static void
limits(void)
{
    SxError err;
    SxDocument *d = fresh(&(SxDocumentOptions){.tail_limit = 8});
    is(code_of(sx_document_insert(d, 4, TEXT("x"), &err), &err), SX_ERR_LENGTH, "a tail beyond the limit is not moved");
    is_text(err.text, "0x4: would move 16 bytes in the file: refused. :access copy inserts in memory", "in these words");
    ok(both_are(d, text) && sx_document_step_count(d) == 0, "nothing happened");
    ok(sx_document_insert(d, 12, TEXT("x"), &err) && both_are(d, "0123456789abxcdefghij"), "a shorter one is");
    sx_document_free(d, false);

    d = fresh(&(SxDocumentOptions){.offset = 5, .length = 5});
    ok(sx_document_overwrite(d, 0, TEXT("x"), &err) && document_is(d, "x6789") && file_is(path, "01234x6789abcdefghij"),
       "a part of a file is written in its place");
    is(code_of(sx_document_delete(d, (SxSpan){0, 1}, &err), &err), SX_ERR_LENGTH, "and keeps its length: %s", err.text);
    ok(sx_document_undo(d, NULL, &err) && file_is(path, text), "undone there");
    sx_document_free(d, false);

    d = fresh(NULL);
    is(code_of(sx_document_delete(d, (SxSpan){0, 20}, &err), &err), SX_ERR_LENGTH, "the last byte stays: %s", err.text);
    ok(both_are(d, text), "nothing happened");
    sx_document_free(d, false);
}

static void
empty_file(void)
{
    SxError err;
    SxDocument *d = fresh(NULL);
    sx_document_free(d, false);
    ok(truncate(path, 0) == 0, "an empty file");
    d = document_of(path, &(SxDocumentOptions){.access = SX_ACCESS_WRITE});
    ok(sx_document_insert(d, 0, TEXT("first"), &err) && both_are(d, "first"), "its first bytes go into it");
    ok(sx_document_insert(d, 5, TEXT(" more"), &err) && both_are(d, "first more"), "and more");
    sx_document_free(d, false);
}

static void
bulk(void)
{
    SxError err;
    SxBulk *b;
    SxDocument *d = fresh(NULL);
    ok(sx_document_resize(d, 6000, &err), "a longer file");
    ok(sx_document_bulk_begin(d, &b, &err), "many places");
    for (uint64_t i = 0; i < 500; i++)
        if (!sx_bulk_replace(b, (SxSpan){100 + i * 10, 2}, TEXT("abc"), &err))
            break;
    struct stat st;
    ok(sx_bulk_commit(b, &err) && stat(path, &st) == 0 && st.st_size == 6500, "written at once");
    char got[6600];
    ok(file_read(path, got, sizeof got) == 6500 && memcmp(got + 100 + 499 * 11, "abc", 3) == 0, "to the last");
    ok(sx_document_undo(d, NULL, &err) && stat(path, &st) == 0 && st.st_size == 6000 && sx_document_check(d, &err),
       "and taken back");
    ok(sx_document_undo(d, NULL, &err) && both_are(d, text), "all of it");
    sx_document_free(d, false);
}

/* The system refuses in the middle: a limit on the size of files. */
static void
refused(void)
{
    SxError err;
    struct rlimit old;
    struct rlimit limit;
    SxDocument *d = fresh(NULL);
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = 18;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    bool done = sx_document_overwrite(d, 15, TEXT("VWXYZ"), &err);
    setrlimit(RLIMIT_FSIZE, &old);
    is(code_of(done, &err), SX_ERR_NOSPACE, "a write that the system cuts fails: %s", err.text);
    ok(document_is(d, text), "the document is what it was");
    ok(file_is(path, text) && !sx_document_modified(d), "and so is the file");
    is(sx_document_step_count(d), 0, "no step");
    setrlimit(RLIMIT_FSIZE, &limit);
    done = sx_document_insert(d, 10, TEXT("more"), &err);
    setrlimit(RLIMIT_FSIZE, &old);
    is(code_of(done, &err), SX_ERR_NOSPACE, "a file that cannot grow fails: %s", err.text);
    ok(both_are(d, text), "nothing changed");
    ok(sx_document_insert(d, 10, TEXT("more"), &err) && both_are(d, "0123456789moreabcdefghij"), "later it works");
    ok(sx_document_undo(d, NULL, &err) && both_are(d, text), "and is undone");
    sx_document_free(d, false);
}

/* Bytes that cannot be put back cannot be overwritten: the file was cut behind our back. */
static void
lost(void)
{
    SxError err;
    SxDocument *d = fresh(NULL);
    ok(truncate(path, 10) == 0, "the file is cut by somebody else");
    is(code_of(sx_document_overwrite(d, 12, TEXT("x"), &err), &err), SX_ERR_LOST, "what is lost is not overwritten: %s",
       err.text);
    ok(sx_document_overwrite(d, 2, TEXT("x"), &err) && file_is(path, "01x3456789"), "what is left can be");
    sx_document_free(d, false);
}

int
main(void)
{
    edits();
    counts();
    toggling();
    limits();
    empty_file();
    bulk();
    refused();
    lost();
    unlink(path);
    return done_testing();
}
