/*
 * fuzz_journal.c - a journal whose head, log and data are any bytes. To get past the digests, the input is cut into
 * records that are sealed before they are read. First byte: 0 as it is, else sealed. Then it is recovered: a document that
 * holds what it must, or a reason.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sextant/recovery.h>

#include "document/digest.h"
#include "document/journal_read.h"
#include "fuzz/fuzz.h"

enum { CHUNK = 16, DATA = 48 };

static char dir[64]; /* of the journal, for all inputs */

static void
drop_dir(void)
{
    static const char *const names[] = {"head", "log", "data.0", "data.1"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

static void
put_file(const char *name, SxBytes bytes)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    FUZZ_CHECK(fd >= 0 && write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len);
    close(fd);
}

static void
put_head(void)
{
    Wire w = {0};
    Identity id = {0};
    wire_put_bytes(&w, sx_bytes(JOURNAL_HEAD_MAGIC, JOURNAL_MAGIC_LEN));
    wire_put(&w, 1, 8);
    wire_put(&w, CHUNK, 8);
    wire_put(&w, 0, 8 + 4 + 4 + 8 + 8 + 1);
    identity_put(&w, &id);
    wire_put_text(&w, "/a/file");
    wire_put_text(&w, "");
    wire_put_text(&w, "");
    wire_put(&w, digest(0, sx_bytes(w.data, w.len)), 8);
    put_file("head", sx_bytes(w.data, w.len));
    free(w.data);
}

static uint64_t
data_sum(const uint8_t *data, bool first)
{
    /* chunks 0 and 1 hold 16 and 32 bytes; what came since the last record is all of it, or nothing */
    return first ? digest(digest(1, sx_bytes(data, CHUNK)), sx_bytes(data + CHUNK, 2 * CHUNK)) : 1;
}

/* Each record: a type and a length, then the payload. */
static void
put_log(const uint8_t *data, SxBytes in, bool sealed)
{
    Wire w = {0};
    wire_put_bytes(&w, sx_bytes(JOURNAL_LOG_MAGIC, JOURNAL_MAGIC_LEN));
    wire_put(&w, 1, 8);
    if (!sealed)
        wire_put_bytes(&w, in);
    for (uint64_t sequence = 1; sealed && in.len >= 2; sequence++) {
        size_t len = in.data[1] < in.len - 2 ? in.data[1] : in.len - 2;
        size_t begin = w.len;
        wire_put(&w, len, 4);
        wire_put(&w, in.data[0] % (JOURNAL_TYPES + 1), 4);
        wire_put(&w, sequence, 8);
        wire_put(&w, DATA, 8);
        wire_put(&w, data_sum(data, sequence == 1), 8);
        wire_put_bytes(&w, sx_bytes(in.data + 2, len));
        wire_put(&w, digest(1, sx_bytes(w.data + begin, w.len - begin)), 8);
        in = sx_bytes(in.data + 2 + len, in.len - 2 - len);
    }
    put_file("log", sx_bytes(w.data, w.len));
    free(w.data);
}

/* Touch everything that an entry leads to. */
static uint64_t
use_pieces(const JournalReader *r, const Piece *pieces, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(pieces[i].len > 0 && pieces[i].kind <= PIECE_OTHER);
        if (pieces[i].kind == PIECE_ADD) {
            uint8_t bytes[DATA];
            FUZZ_CHECK(pieces[i].len <= DATA);
            add_copy(journal_reader_add(r), pieces[i].offset, bytes, (size_t)pieces[i].len);
            sum += digest(0, sx_bytes(bytes, (size_t)pieces[i].len));
        }
    }
    return sum;
}

static uint64_t
use_bulk(const JournalReader *r, const JournalEntry *e)
{
    JournalPlaces places = journal_places(e);
    SxSpan span;
    Piece piece;
    uint64_t sum = 0;
    uint64_t end = e->bulk.start;
    while (journal_place_next(&places, &span, &piece)) {
        FUZZ_CHECK(span.at >= end && span.len <= UINT64_MAX - span.at);
        end = sx_span_end(span);
        sum += piece.len > 0 ? use_pieces(r, &piece, 1) : 0;
    }
    return sum;
}

static uint64_t
use_entry(const JournalReader *r, const JournalEntry *e)
{
    if (e->type == JOURNAL_TYPE_SPLICE)
        return use_pieces(r, e->splice.inserted, e->splice.count);
    if (e->type == JOURNAL_TYPE_BULK)
        return use_bulk(r, e);
    if (e->type == JOURNAL_TYPE_FILE || e->type == JOURNAL_TYPE_OTHER)
        return strlen(e->file.path) + e->file.identity.n_samples;
    for (size_t i = 0; e->type == JOURNAL_TYPE_REBASE && i < e->rebase.count; i++)
        use_pieces(r, &e->rebase.moved[i].home, 1);
    Piece image = {.offset = e->before.add_at, .len = e->before.span.len, .kind = PIECE_ADD};
    if ((e->type == JOURNAL_TYPE_BEFORE || e->type == JOURNAL_TYPE_WITNESS) && image.len > 0)
        return use_pieces(r, &image, 1);
    return 0;
}

/* Every step can be gone to, and what is shown there read. */
static void
use_document(SxDocument *d)
{
    enum { STEPS = 8, LOOKED = 256 };
    uint8_t bytes[LOOKED];
    size_t got;
    SxError err = {0};
    FUZZ_CHECK(sx_document_check(d, &err));
    FUZZ_CHECK(sx_document_look(d) && !sx_document_overwrite(d, 0, sx_bytes("x", 1), NULL));
    uint64_t length = sx_document_length(d);
    (void)!sx_document_peek(d, 0, bytes, sizeof bytes, &got, NULL);
    (void)!sx_document_peek(d, length > LOOKED ? length - LOOKED : 0, bytes, sizeof bytes, &got, NULL);
    for (uint64_t i = 1; i <= sx_document_step_count(d) && i <= STEPS; i++) {
        SxStep step;
        FUZZ_CHECK(sx_document_step(d, i, &step) && step.parent < i);
    }
}

static void
recover(const char *journal)
{
    SxDocument *d;
    SxError err = {0};
    FUZZ_CHECK(sx_document_new(&d, 0, NULL, NULL));
    if (sx_document_recover(d, journal, SX_RECOVER_LOOK, &err))
        use_document(d);
    else
        FUZZ_CHECK(err.text[0]);
    sx_document_free(d, false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t size)
{
    static uint8_t data[DATA];
    if (!dir[0]) {
        snprintf(dir, sizeof dir, "%s/sextant-fuzz.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        FUZZ_CHECK(mkdtemp(dir) && atexit(drop_dir) == 0);
        memset(data, 'd', sizeof data);
        put_head();
        put_file("data.0", sx_bytes(data, CHUNK));
        put_file("data.1", sx_bytes(data + CHUNK, 2 * CHUNK));
    }
    if (size == 0)
        return 0;
    put_log(data, sx_bytes(in + 1, size - 1), in[0] != 0);
    JournalReader *r = NULL;
    FUZZ_CHECK(journal_reader_open(&r, dir, NULL));
    JournalEntry e;
    uint64_t sum = 0;
    uint64_t sequence = 0;
    while (journal_reader_next(r, &e)) {
        FUZZ_CHECK(e.sequence > sequence);
        sequence = e.sequence;
        sum += use_entry(r, &e);
    }
    journal_reader_close(r);
    recover(dir);
    return sum == 1 ? -1 : 0; /* keeps the compiler from leaving the reading out */
}
