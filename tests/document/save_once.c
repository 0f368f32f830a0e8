/*
 * save_once.c - for the sweeps: edit a file and save it once; or undo what a crash has left, by the journal alone.
 *
 *     save_once edit FILE STATE KIND [SAVE]
 *                                       says "edited" when the edits are made and "saved" or the error at the end; of
 *                                       the kinds of WRITE "edit N" behind each, and "flushed" at the end. SAVE: backup,
 *                                       some (only the second change, and "closed" behind another that is left pending),
 *                                       as (FILE.as), bare (no journal)
 *     save_once recover STATE OUT       makes torn files whole, removes what is left over, and writes into OUT what the
 *                                       document was
 *
 *     save_once restore FILE STATE OUT  the same by what a user would be offered; a write that was cut off is finished,
 *                                       with a fourth argument it is taken back
 *
 * What recovers in "recover" is written by what journal.h promises, and shares the reader with the program, nothing else.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sextant/recovery.h>

#include "document/journal_read.h"

/* --- editing ---------------------------------------------------------------------------------------------------------- */

static void
say(const char *text)
{
    if (write(STDOUT_FILENO, text, strlen(text)) < 0 || write(STDOUT_FILENO, "\n", 1) < 0)
        exit(EXIT_FAILURE);
}

static bool
make_edits(SxDocument *d, const char *kind, SxError *err)
{
    uint8_t block[3000];
    memset(block, 'b', sizeof block);
    if (strcmp(kind, "sector") == 0)
        return sx_document_overwrite(d, 100, sx_bytes("first", 5), err);
    if (strcmp(kind, "same") == 0)
        return sx_document_overwrite(d, 100, sx_bytes("first", 5), err) &&
               sx_document_overwrite(d, 9000, sx_bytes(block, sizeof block), err) &&
               sx_document_overwrite(d, 19999, sx_bytes("!", 1), err);
    if (strcmp(kind, "longer") == 0)
        return sx_document_insert(d, 0, sx_bytes("front", 5), err) &&
               sx_document_insert(d, 10000, sx_bytes(block, sizeof block), err);
    return sx_document_delete(d, (SxSpan){5000, 4000}, err) &&
           sx_document_overwrite(d, 10000, sx_bytes("later", 5), err);
}

typedef bool EachEdit(SxDocument *d, SxError *err);

static bool
over_front(SxDocument *d, SxError *err)
{
    return sx_document_overwrite(d, 100, sx_bytes("first", 5), err);
}

static bool
over_block(SxDocument *d, SxError *err)
{
    uint8_t block[3000];
    memset(block, 'b', sizeof block);
    return sx_document_overwrite(d, 9000, sx_bytes(block, sizeof block), err);
}

static bool
over_end(SxDocument *d, SxError *err)
{
    return sx_document_overwrite(d, 19999, sx_bytes("!", 1), err);
}

static bool
insert_front(SxDocument *d, SxError *err)
{
    return sx_document_insert(d, 0, sx_bytes("front", 5), err);
}

static bool
delete_some(SxDocument *d, SxError *err)
{
    return sx_document_delete(d, (SxSpan){5000, 4000}, err);
}

static bool
insert_block(SxDocument *d, SxError *err)
{
    uint8_t block[3000];
    memset(block, 'b', sizeof block);
    return sx_document_insert(d, 10000, sx_bytes(block, sizeof block), err);
}

/* Each edit is in the file when it is said. */
static bool
edit_through(SxDocument *d, const char *kind, SxError *err)
{
    static EachEdit *const over[] = {over_front, over_block, over_end};
    static EachEdit *const moving[] = {insert_block, delete_some, insert_front};
    bool moves = strcmp(kind, "through-moves") == 0, written = strcmp(kind, "through-written") == 0;
    EachEdit *const *edits = moves ? moving : over;
    for (unsigned i = 0; i < 3; i++) {
        char said[16];
        if (!edits[i](d, err))
            return false;
        snprintf(said, sizeof said, "edit %u", i + 1);
        say(said);
    }
    if (moves)
        return true; /* which is on the disk by itself */
    if (written ? !sx_document_save(d, 0, NULL, NULL, err) : !sx_document_flush(d, SX_SPAN_ALL, err))
        return false;
    say("flushed");
    return true;
}

static bool
save_second(SxDocument *d, SxError *err)
{
    SxHunk h;
    SxSnapshot *s = sx_document_snapshot(d);
    bool found = sx_snapshot_hunk_next(s, 0, &h) && sx_snapshot_hunk_next(s, h.at + h.inserted, &h);
    sx_snapshot_release(s);
    return found && sx_document_save_some(d, &h, 1, SX_SAVE_MAY_COPY_OVER, NULL, NULL, err);
}

static bool
save_by(SxDocument *d, const char *how, SxError *err)
{
    char as[4200];
    if (strcmp(how, "some") == 0)
        return save_second(d, err);
    snprintf(as, sizeof as, "%s.as", sx_document_path(d));
    if (strcmp(how, "as") == 0)
        return sx_document_save_as(d, as, 0, NULL, NULL, err);
    unsigned backup = strcmp(how, "backup") == 0 ? SX_SAVE_BACKUP : 0;
    return sx_document_save(d, SX_SAVE_MAY_COPY_OVER | backup, NULL, NULL, err);
}

static bool
edit_and_save(SxDocument *d, const char *kind, const char *how, SxError *err)
{
    SxError why;
    if (!make_edits(d, kind, err))
        return false;
    say("edited");
    if (sx_document_unprotected(d, &why))
        say(why.text);
    if (!save_by(d, how, err))
        return false;
    say("saved");
    return strcmp(how, "some") != 0 || sx_document_overwrite(d, 15000, sx_bytes("later", 5), err);
}

static int
edit(const char *path, const char *state, const char *kind, const char *how)
{
    SxDocument *d = NULL;
    SxError err = {0};
    bool through = strncmp(kind, "through", 7) == 0;
    SxAccess access = through ? SX_ACCESS_WRITE : SX_ACCESS_COPY;
    bool bare = strcmp(how, "bare") == 0;
    SxDocumentOptions o = {.access = access, .state_dir = bare ? NULL : state, .create = true};
    bool done = sx_document_open(&d, path, &o, &err) &&
                (through ? edit_through(d, kind, &err) : edit_and_save(d, kind, how, &err));
    if (!done)
        say(err.text);
    /* what is not written must be kept, and nothing else */
    sx_document_free(d, true);
    if (done && strcmp(how, "some") == 0)
        say("closed");
    return done ? 0 : 3;
}

/* --- recovering --------------------------------------------------------------------------------------------------------- */

typedef struct Buffer {
    uint8_t *bytes;
    size_t len;
} Buffer;

/* What was done to the file: bytes replaced, whose old ones are at add_at, or (resize) its length `at` was changed. */
typedef struct Done {
    uint64_t at;
    uint64_t len;
    uint64_t add_at;
    bool resize;
} Done;

typedef struct State {
    JournalReader *reader;
    Buffer disk; /* the file as it lies there */
    Buffer file; /* what it was when the journal began */
    Buffer now;  /* the document, and so the file when its save is done */
    Done done[256];
    size_t n_done;
    bool began;    /* a save was */
    bool saving;   /* and not ended */
    bool through;  /* the file was written outside of saves */
    bool aside;    /* changes are taken back for a while: the document is `kept` */
    Buffer kept;
    bool moved;    /* the file that it was is gone; its bytes are where `homes` say */
    JournalMoved homes[256];
    size_t n_homes;
    char temporary[4096];
    uint64_t temporary_size;
    char backup[4096];
} State;

static bool
load(Buffer *b, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    b->bytes = fstat(fd, &st) == 0 ? malloc((size_t)st.st_size + 1) : NULL;
    bool read_all = b->bytes && pread(fd, b->bytes, (size_t)st.st_size, 0) == st.st_size;
    b->len = read_all ? (size_t)st.st_size : 0;
    close(fd);
    return read_all;
}

static void
show_piece(const State *s, const Piece *p, uint8_t *to)
{
    if (p->kind == PIECE_ADD)
        add_copy(journal_reader_add(s->reader), p->offset, to, (size_t)p->len);
    else if (p->kind == PIECE_FILE)
        memcpy(to, s->file.bytes + p->offset, p->len);
    else
        memset(to, (int)p->offset, p->len);
}

static void
replay(State *s, const JournalEntry *e)
{
    size_t inserted = 0;
    for (size_t i = 0; i < e->splice.count; i++)
        inserted += e->splice.inserted[i].len;
    size_t tail = (size_t)(e->splice.at + e->splice.removed);
    uint8_t *bytes = malloc(s->now.len + inserted + 1);
    memcpy(bytes, s->now.bytes, e->splice.at);
    memcpy(bytes + e->splice.at + inserted, s->now.bytes + tail, s->now.len - tail);
    uint8_t *to = bytes + e->splice.at;
    for (size_t i = 0; i < e->splice.count; i++) {
        show_piece(s, &e->splice.inserted[i], to);
        to += e->splice.inserted[i].len;
    }
    free(s->now.bytes);
    s->now.bytes = bytes;
    s->now.len += inserted - e->splice.removed;
}

static void
note_done(State *s, Done done)
{
    if (s->n_done == sizeof s->done / sizeof *s->done)
        abort();
    s->through = s->through || !s->saving;
    s->done[s->n_done++] = done;
}

static void
note_homes(State *s, const JournalEntry *e)
{
    if (e->rebase.count > sizeof s->homes / sizeof *s->homes)
        abort();
    memcpy(s->homes, e->rebase.moved, e->rebase.count * sizeof *s->homes);
    s->n_homes = e->rebase.count;
}

static void
follow_mark(State *s, const JournalEntry *e)
{
    if (e->mark.mark == JOURNAL_SAVE_BEGIN) {
        s->began = s->saving = true;
        s->n_done = 0;
    } else if (e->mark.mark == JOURNAL_SAVE_END) {
        s->saving = false;
        s->moved = s->n_homes > 0 && e->mark.number == 1;
        s->temporary[0] = 0;
    }
}

static void
follow(State *s, const JournalEntry *e)
{
    if (e->type == JOURNAL_TYPE_MARK) {
        follow_mark(s, e);
    } else if (e->type == JOURNAL_TYPE_BEFORE) {
        note_done(s, (Done){e->before.span.at, e->before.span.len, e->before.add_at, false});
    } else if (e->type == JOURNAL_TYPE_RESIZE) {
        note_done(s, (Done){e->resize.old, 0, 0, true});
    } else if (e->type == JOURNAL_TYPE_REBASE) {
        note_homes(s, e);
    } else if (e->type == JOURNAL_TYPE_FILE && e->file.role == JOURNAL_ROLE_BACKUP) {
        snprintf(s->backup, sizeof s->backup, "%s", e->file.path);
    } else if (e->type == JOURNAL_TYPE_FILE && e->file.role == JOURNAL_ROLE_TEMP) {
        snprintf(s->temporary, sizeof s->temporary, "%s", e->file.path);
        s->temporary_size = e->file.identity.size;
    }
}

/* A save by copy that has not ended has ended all the same when the name leads to what it made. (Inodes are others on a
 * disk that was made anew; here the size tells.) */
static bool
has_taken_name(const State *s)
{
    return s->saving && s->n_homes > 0 && s->temporary[0] && access(s->temporary, F_OK) != 0 &&
           s->disk.len == s->temporary_size;
}

static bool
copy_buffer(Buffer *to, const Buffer *from)
{
    free(to->bytes);
    *to = (Buffer){malloc(from->len + 1), from->len};
    memcpy(to->bytes, from->bytes, from->len);
    return true;
}

/* The bytes of the file as they were before all that was done to it. */
static void
take_back(const State *s, Buffer *b)
{
    for (size_t i = s->n_done; i-- > 0;) {
        const Done *done = &s->done[i];
        uint64_t end = done->resize ? done->at : done->at + done->len;
        if (end > b->len) {
            b->bytes = realloc(b->bytes, end + 1);
            memset(b->bytes + b->len, 0, end - b->len);
        }
        if (done->resize || end > b->len)
            b->len = end;
        if (!done->resize)
            add_copy(journal_reader_add(s->reader), done->add_at, b->bytes + done->at, done->len);
    }
}

/* The old file out of the new one and the add buffer. */
static bool
bring_home(const State *s, uint64_t size, Buffer *b)
{
    uint64_t at = 0;
    free(b->bytes);
    *b = (Buffer){calloc(1, size + 1), size};
    for (size_t i = 0; i < s->n_homes; i++) {
        const Piece *home = &s->homes[i].home;
        if (s->homes[i].offset != at || at + home->len > size)
            return false;
        if (home->kind == PIECE_ADD)
            add_copy(journal_reader_add(s->reader), home->offset, b->bytes + at, (size_t)home->len);
        else if (home->offset + home->len <= s->disk.len)
            memcpy(b->bytes + at, s->disk.bytes + home->offset, home->len);
        at += home->len;
    }
    return at == size;
}

static bool
store(const Buffer *b, const char *path, int flags)
{
    int fd = open(path, O_WRONLY | O_TRUNC | flags, 0600);
    bool done = fd >= 0 && write(fd, b->bytes, b->len) == (ssize_t)b->len;
    if (fd >= 0)
        close(fd);
    return done;
}

/* What the file was; whatever has become of it. */
static bool
find_begin(State *s)
{
    JournalEntry e;
    const JournalHead *head = journal_reader_head(s->reader);
    while (journal_reader_next(s->reader, &e))
        follow(s, &e);
    if (!load(&s->disk, head->path))
        return false;
    s->moved = s->moved || has_taken_name(s);
    if (s->moved)
        return bring_home(s, head->identity.size, &s->file);
    copy_buffer(&s->file, &s->disk);
    take_back(s, &s->file);
    return s->file.len == head->identity.size;
}

static void
redo_mark(State *s, const JournalEntry *e)
{
    if (e->mark.mark == JOURNAL_ASIDE) {
        s->aside = true;
        copy_buffer(&s->kept, &s->now);
    } else if (e->mark.mark == JOURNAL_UNDO && s->aside) {
        s->aside = false;
        copy_buffer(&s->now, &s->kept);
    }
}

/* The edits, on the file that they began with. */
static bool
redo(State *s)
{
    JournalEntry e;
    copy_buffer(&s->now, &s->file);
    while (journal_reader_next(s->reader, &e)) {
        if (e.type == JOURNAL_TYPE_SPLICE)
            replay(s, &e);
        else if (e.type == JOURNAL_TYPE_MARK)
            redo_mark(s, &e);
    }
    return true;
}

static bool
same(const Buffer *a, const Buffer *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* WRITE is finished; a save that was cut off is taken back, unless it was not cut off. */
static bool
settle(State *s, const char *path)
{
    if (s->temporary[0])
        unlink(s->temporary);
    if (s->backup[0])
        unlink(s->backup);
    if (s->through)
        return same(&s->disk, &s->now) || store(&s->now, path, 0);
    if (s->moved || !s->saving || same(&s->disk, &s->now))
        return true;
    return s->n_done == 0 || store(&s->file, path, 0);
}

/* Into `out` what the document was, into out.old what undo goes back to. */
static bool
tell_document(const State *s, const char *out)
{
    char old[4200];
    snprintf(old, sizeof old, "%s.old", out);
    return store(s->aside ? &s->kept : &s->now, out, O_CREAT) && store(&s->file, old, O_CREAT);
}

/* The reader goes through the records twice: once for what was done to the file, once for the edits. */
static bool
recover_one(const char *dir, const char *out)
{
    State s = {0};
    SxError err = {0};
    bool done = journal_reader_open(&s.reader, dir, &err) && find_begin(&s);
    journal_reader_close(s.reader);
    s.reader = NULL;
    done = done && journal_reader_open(&s.reader, dir, &err) && redo(&s) &&
           settle(&s, journal_reader_head(s.reader)->path) && tell_document(&s, out);
    journal_reader_close(s.reader);
    free(s.disk.bytes);
    free(s.file.bytes);
    free(s.now.bytes);
    free(s.kept.bytes);
    if (!done)
        printf("%s: %s\n", dir, err.text);
    return done || err.code == SX_ERR_MISSING; /* died while it was made or removed */
}

static int
recover(const char *state, const char *out)
{
    DIR *d = opendir(state);
    bool done = true;
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", state, e->d_name);
        if (e->d_name[0] != '.' && !strstr(e->d_name, ".lock"))
            done = recover_one(path, out) && done;
    }
    if (d)
        closedir(d);
    return done ? 0 : 4;
}

/* --- recovering as a user does ------------------------------------------------------------------------------------------- */

static bool
put_document(SxDocument *d, const char *out)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    SxError err = {0};
    if (sx_document_length(d) > 0 && !sx_document_slice(d, 0, SX_TO_END, &bytes, &len, &err)) {
        printf("%s\n", err.text);
        return false;
    }
    bool done = store(&(Buffer){bytes, len}, out, O_CREAT);
    free(bytes);
    return done;
}

static bool
put_history(SxDocument *d, const char *out)
{
    char old[4200];
    SxError err = {0};
    snprintf(old, sizeof old, "%s.old", out);
    if (!put_document(d, out))
        return false;
    while (sx_document_undo(d, NULL, &err))
        ;
    if (err.code != SX_OK)
        printf("undo: %s\n", err.text);
    return err.code == SX_OK && put_document(d, old);
}

static bool
restore_one(const SxJournalInfo *info, const char *path, const char *out, bool finish)
{
    SxDocument *d = NULL;
    SxError err = {0};
    SxDocumentOptions o = {.access = SX_ACCESS_COPY, .create = true};
    printf("state %d, relation %d\n", (int)info->state, (int)info->relation);
    bool done = sx_document_open(&d, path, &o, &err) &&
                (info->state == SX_JOURNAL_TORN ? sx_document_mend(d, info->dir, finish, &err)
                                                : sx_document_recover(d, info->dir, SX_RECOVER_TAKE, &err));
    if (!done)
        printf("%s\n", err.text);
    done = done && put_history(d, out);
    sx_document_free(d, false);
    return done;
}

static int
restore(const char *path, const char *state, const char *out, bool finish)
{
    SxJournalInfo *list = NULL;
    size_t count = 0;
    SxError err = {0};
    bool done = sx_journal_list(state, NULL, &list, &count, &err);
    for (size_t i = 0; i < count; i++) {
        if (list[i].state == SX_JOURNAL_UNSAVED || list[i].state == SX_JOURNAL_TORN)
            done = restore_one(&list[i], path, out, finish) && done;
        else if (list[i].state == SX_JOURNAL_HISTORY)
            restore_one(&list[i], path, out, finish); /* nothing is lost where it cannot be */
        else if (list[i].state == SX_JOURNAL_BROKEN)
            printf("%s\n", list[i].why.text);
    }
    sx_journal_list_free(list, count);
    return done ? 0 : 4;
}

int
main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    if ((argc == 5 || argc == 6) && strcmp(argv[1], "edit") == 0)
        return edit(argv[2], argv[3], argv[4], argc == 6 ? argv[5] : "");
    if (argc == 4 && strcmp(argv[1], "recover") == 0)
        return recover(argv[2], argv[3]);
    if ((argc == 5 || argc == 6) && strcmp(argv[1], "restore") == 0)
        return restore(argv[2], argv[3], argv[4], argc == 5);
    fprintf(stderr, "save_once edit FILE STATE KIND [SAVE] | recover STATE OUT | restore FILE STATE OUT [back]\n");
    return 1;
}
