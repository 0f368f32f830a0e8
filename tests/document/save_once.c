/*
 * save_once.c - for the sweeps: edit a file and save it once; or undo what a crash has left, by the journal alone.
 *
 *     save_once edit FILE STATE KIND    says "edited" when the edits are made and "saved" or the error at the end
 *     save_once recover STATE OUT       takes torn files back, removes what is left over, and writes into OUT what the
 *                                       document was
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sextant/document.h>

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

static int
edit(const char *path, const char *state, const char *kind)
{
    SxDocument *d = NULL;
    SxError err = {0};
    SxDocumentOptions o = {.access = SX_ACCESS_COPY, .state_dir = state, .create = true};
    if (!sx_document_open(&d, path, &o, &err) || !make_edits(d, kind, &err)) {
        say(err.text);
        sx_document_free(d, true);
        return 2;
    }
    say("edited");
    SxError why;
    if (sx_document_unprotected(d, &why))
        say(why.text);
    bool done = sx_document_save(d, SX_SAVE_MAY_COPY_OVER, NULL, NULL, &err);
    say(done ? "saved" : err.text);
    /* what is not written must be kept, and nothing else */
    sx_document_free(d, true);
    return done ? 0 : 3;
}

/* --- recovering --------------------------------------------------------------------------------------------------------- */

typedef struct Buffer {
    uint8_t *bytes;
    size_t len;
} Buffer;

typedef struct Undo {
    uint64_t at;
    uint64_t len;
    uint64_t add_at;
} Undo;

typedef struct State {
    JournalReader *reader;
    Buffer file;   /* what the file was when the journal began */
    Buffer now;    /* the document */
    Undo undo[64]; /* of the save that is open */
    size_t n_undo;
    uint64_t old_size;
    bool resized;
    bool saving;
    char temporary[4096];
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
follow(State *s, const JournalEntry *e)
{
    if (e->type == JOURNAL_TYPE_MARK && e->mark.mark == JOURNAL_SAVE_BEGIN) {
        s->saving = true;
        s->n_undo = 0;
    } else if (e->type == JOURNAL_TYPE_MARK && e->mark.mark == JOURNAL_SAVE_END) {
        s->saving = false;
        s->temporary[0] = 0;
    } else if (e->type == JOURNAL_TYPE_BEFORE && s->n_undo < 64) {
        s->undo[s->n_undo++] = (Undo){e->before.span.at, e->before.span.len, e->before.add_at};
    } else if (e->type == JOURNAL_TYPE_RESIZE) {
        s->resized = true;
        s->old_size = e->resize.old;
    } else if (e->type == JOURNAL_TYPE_FILE && e->file.role == JOURNAL_ROLE_TEMP) {
        snprintf(s->temporary, sizeof s->temporary, "%s", e->file.path);
    }
}

/* The old bytes go back into the file. */
static bool
take_back(const State *s, const char *path)
{
    int fd = open(path, O_WRONLY);
    bool done = fd >= 0;
    for (size_t i = 0; done && i < s->n_undo; i++)
        done = pwrite(fd, add_at(journal_reader_add(s->reader), s->undo[i].add_at).data, s->undo[i].len,
                      (off_t)s->undo[i].at) == (ssize_t)s->undo[i].len;
    if (done && s->resized)
        done = ftruncate(fd, (off_t)s->old_size) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

/* What was begun and not ended is taken back. */
static bool
settle(State *s, const char *dir)
{
    SxError err = {0};
    JournalEntry e;
    if (!journal_reader_open(&s->reader, dir, &err)) {
        printf("%s\n", err.text);
        return err.code == SX_ERR_MISSING; /* died while it was made or removed */
    }
    while (journal_reader_next(s->reader, &e))
        follow(s, &e);
    bool done = !s->saving || s->n_undo == 0 || take_back(s, journal_reader_head(s->reader)->path);
    if (s->temporary[0])
        unlink(s->temporary);
    journal_reader_close(s->reader);
    return done;
}

/* The edits, on the file that they began with. */
static bool
redo(State *s, const char *dir, const char *out)
{
    JournalEntry e;
    SxError err = {0};
    if (!journal_reader_open(&s->reader, dir, &err))
        return err.code == SX_ERR_MISSING;
    const JournalHead *head = journal_reader_head(s->reader);
    bool done = load(&s->file, head->path) && load(&s->now, head->path);
    bool same = done && s->file.len == head->identity.size;
    while (same && journal_reader_next(s->reader, &e))
        if (e.type == JOURNAL_TYPE_SPLICE)
            replay(s, &e);
    int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    done = done && fd >= 0 && write(fd, s->now.bytes, s->now.len) == (ssize_t)s->now.len;
    if (fd >= 0)
        close(fd);
    journal_reader_close(s->reader);
    free(s->file.bytes);
    free(s->now.bytes);
    return done;
}

static int
recover(const char *state, const char *out)
{
    DIR *d = opendir(state);
    bool done = true;
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", state, e->d_name);
        State s = {0};
        if (e->d_name[0] != '.' && !strstr(e->d_name, ".lock"))
            done = settle(&s, path) && redo(&s, path, out) && done;
    }
    if (d)
        closedir(d);
    return done ? 0 : 4;
}

int
main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    if (argc == 5 && strcmp(argv[1], "edit") == 0)
        return edit(argv[2], argv[3], argv[4]);
    if (argc == 4 && strcmp(argv[1], "recover") == 0)
        return recover(argv[2], argv[3]);
    fprintf(stderr, "save_once edit FILE STATE KIND | recover STATE OUT\n");
    return 1;
}
