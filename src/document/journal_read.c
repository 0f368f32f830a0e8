/*
 * journal_read.c - head and log of a journal, verified. Every record is held to: its digest, the sequence, the digest
 * of the data it came with, and that what it says of the add buffer is there.
 */
#include "document/journal_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "document/before.h"
#include "document/digest.h"
#include "document/disk.h"

struct JournalReader {
    int head_fd; /* holds the lock unless the owner does */
    int log;
    uint64_t log_len;
    uint64_t at;       /* of the next record */
    uint64_t sequence; /* of the last */
    uint64_t data_end; /* as the last has it */
    bool ended;
    Add *add;
    JournalHead head;
    char *texts[3]; /* path, tty, host */
    uint8_t *record;
    size_t room;
    char *path;  /* of the entry */
    char *words[3]; /* of its mark */
    void *items; /* pieces or moves of the entry */
};

/* --- the head ------------------------------------------------------------------------------------------------------ */

static char *
copy_text(SxBytes text)
{
    char *s = malloc(text.len + 1);
    if (!s)
        return NULL;
    if (text.len > 0)
        memcpy(s, text.data, text.len);
    s[text.len] = 0;
    return s;
}

static bool
head_texts(JournalReader *r, Unwire *u, SxError *err)
{
    for (unsigned i = 0; i < 3; i++) {
        r->texts[i] = copy_text(unwire_text(u));
        if (!r->texts[i])
            return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    }
    r->head.path = r->texts[0];
    r->head.tty = r->texts[1];
    r->head.host = r->texts[2];
    return true;
}

static bool
head_decode(JournalReader *r, SxBytes bytes, SxError *err)
{
    Unwire u = {.rest = bytes};
    SxBytes magic = unwire_bytes(&u, JOURNAL_MAGIC_LEN);
    if (u.failed || memcmp(magic.data, JOURNAL_HEAD_MAGIC, JOURNAL_MAGIC_LEN) != 0)
        return sx_fail(err, SX_ERR_SYNTAX, "not a journal, or one of another version");
    r->head.salt = unwire(&u, 8);
    r->head.chunk = unwire(&u, 8);
    r->head.created = (int64_t)unwire(&u, 8);
    r->head.process = (uint32_t)unwire(&u, 4);
    r->head.kind = (uint32_t)unwire(&u, 4);
    r->head.offset = unwire(&u, 8);
    r->head.length = unwire(&u, 8);
    r->head.has_file = unwire(&u, 1) != 0;
    identity_get(&u, &r->head.identity);
    if (!head_texts(r, &u, err))
        return false;
    size_t len = bytes.len - u.rest.len;
    uint64_t sum = unwire(&u, 8);
    if (u.failed || sum != digest(0, sx_bytes(bytes.data, len)) || r->head.chunk == 0 || r->head.chunk > SIZE_MAX / 4)
        return sx_fail(err, SX_ERR_SYNTAX, "the head of the journal is damaged");
    return true;
}

static int
open_in(const char *dir, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", dir, name) < 0)
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    free(path);
    return fd;
}

static bool
head_read(JournalReader *r, const char *dir, SxError *err)
{
    r->head_fd = open_in(dir, "head");
    if (r->head_fd < 0)
        return sx_fail_errno(err, errno, "no journal in '%s'", dir);
    r->head.live = flock(r->head_fd, LOCK_SH | LOCK_NB) != 0; /* its owner has it alone */
    uint8_t *bytes = malloc(JOURNAL_HEAD_MAX);
    if (!bytes)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    ssize_t n = pread(r->head_fd, bytes, JOURNAL_HEAD_MAX, 0);
    bool done = n >= 0 ? head_decode(r, sx_bytes(bytes, (size_t)n), err)
                       : sx_fail_errno(err, errno, "cannot read the journal in '%s'", dir);
    free(bytes);
    return done;
}

static bool
log_open(JournalReader *r, const char *dir, SxError *err)
{
    r->log = open_in(dir, "log");
    if (r->log < 0)
        return sx_fail_errno(err, errno, "cannot read the journal in '%s'", dir);
    off_t end = lseek(r->log, 0, SEEK_END);
    r->log_len = end > 0 ? (uint64_t)end : 0;
    uint8_t start[JOURNAL_LOG_START];
    if (r->log_len < sizeof start || !read_all(r->log, start, sizeof start, 0)) {
        r->ended = true;
        return true;
    }
    Unwire u = {.rest = {start, sizeof start}};
    SxBytes magic = unwire_bytes(&u, JOURNAL_MAGIC_LEN);
    if (memcmp(magic.data, JOURNAL_LOG_MAGIC, JOURNAL_MAGIC_LEN) != 0 || unwire(&u, 8) != r->head.salt)
        return sx_fail(err, SX_ERR_SYNTAX, "the log in '%s' belongs to another journal", dir);
    r->at = JOURNAL_LOG_START;
    return true;
}

bool
journal_reader_open(JournalReader **out, const char *dir, SxError *err)
{
    JournalReader *r = calloc(1, sizeof *r);
    if (!r)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the journal");
    r->head_fd = -1;
    r->log = -1;
    if (!head_read(r, dir, err) || !log_open(r, dir, err) ||
        !add_recover(&r->add, dir, (size_t)r->head.chunk, err)) {
        journal_reader_close(r);
        return false;
    }
    *out = r;
    return true;
}

void
journal_reader_close(JournalReader *r)
{
    if (!r)
        return;
    if (r->head_fd >= 0)
        close(r->head_fd);
    if (r->log >= 0)
        close(r->log);
    add_release(r->add);
    for (unsigned i = 0; i < 3; i++)
        free(r->texts[i]);
    free(r->record);
    free(r->path);
    for (unsigned i = 0; i < 3; i++)
        free(r->words[i]);
    free(r->items);
    free(r);
}

const JournalHead *
journal_reader_head(const JournalReader *r)
{
    return &r->head;
}

Add *
journal_reader_add(const JournalReader *r)
{
    return r->add;
}

JournalEnd
journal_reader_end(const JournalReader *r)
{
    uint64_t at = r->at > JOURNAL_LOG_START ? r->at : JOURNAL_LOG_START;
    return (JournalEnd){at, r->sequence, r->data_end, r->head.salt};
}

bool
journal_reader_closed(const JournalReader *r, uint64_t *unsaved, bool *discarded)
{
    enum { MARK_LEN = 24, LAST = JOURNAL_RECORD_HEAD + MARK_LEN + JOURNAL_RECORD_TAIL };
    uint8_t record[LAST];
    if (r->log_len < JOURNAL_LOG_START + LAST || !read_all(r->log, record, LAST, r->log_len - LAST))
        return false;
    Unwire u = {.rest = {record, LAST}};
    Unwire tail = {.rest = {record + LAST - JOURNAL_RECORD_TAIL, JOURNAL_RECORD_TAIL}};
    bool mark = unwire(&u, 4) == MARK_LEN && unwire(&u, 4) == JOURNAL_TYPE_MARK;
    unwire_bytes(&u, JOURNAL_RECORD_HEAD - 8);
    bool closed = mark && unwire(&u, 4) == JOURNAL_CLOSED &&
                  unwire(&tail, 8) == digest(r->head.salt, sx_bytes(record, LAST - JOURNAL_RECORD_TAIL));
    *discarded = unwire(&u, 4) != 0;
    *unsaved = unwire(&u, 8);
    return closed;
}

struct timespec
journal_reader_time(const JournalReader *r)
{
    struct stat st;
    return fstat(r->log, &st) == 0 ? st.st_mtim : (struct timespec){0};
}

uint64_t
journal_reader_torn(const JournalReader *r)
{
    return r->log_len - r->at;
}

/* --- payloads ---------------------------------------------------------------------------------------------------------- */

/* Bytes of the add buffer are believed up to the data_end of the record that speaks of them. */
static bool
add_known(const JournalReader *r, uint64_t at, uint64_t len)
{
    return at <= r->data_end && len <= r->data_end - at && add_holds(r->add, at, len);
}

static bool
piece_known(const JournalReader *r, const Piece *p)
{
    return p->kind != PIECE_ADD || add_known(r, p->offset, p->len);
}

/* Room for `count` items of `size` bytes that take `least` bytes each in what is left of the payload. */
static void *
items_new(JournalReader *r, Unwire *u, uint64_t count, size_t least, size_t size)
{
    free(r->items);
    r->items = NULL;
    if (u->failed || count > u->rest.len / least)
        u->failed = true;
    else
        r->items = calloc(count > 0 ? (size_t)count : 1, size);
    if (!r->items)
        u->failed = true;
    return r->items;
}

static void
decode_mark(Unwire *u, JournalEntry *e)
{
    e->mark.mark = (uint32_t)unwire(u, 4);
    e->mark.detail = (uint32_t)unwire(u, 4);
    e->mark.number = unwire(u, 8);
    e->mark.time = (int64_t)unwire(u, 8);
}

static void
decode_splice(JournalReader *r, Unwire *u, JournalEntry *e)
{
    e->splice.at = unwire(u, 8);
    e->splice.removed = unwire(u, 8);
    uint64_t count = unwire(u, 4);
    Piece *pieces = items_new(r, u, count, JOURNAL_PIECE_LEN, sizeof *pieces);
    for (size_t i = 0; !u->failed && i < count; i++) {
        pieces[i] = get_piece(u);
        if (!piece_known(r, &pieces[i]))
            u->failed = true;
    }
    e->splice.inserted = pieces;
    e->splice.count = (size_t)count;
}

static void
decode_bulk(JournalReader *r, Unwire *u, JournalEntry *e)
{
    e->bulk.flags = (uint8_t)unwire(u, 1);
    e->bulk.start = unwire(u, 8);
    e->bulk.count = unwire(u, 4);
    e->bulk.places = u->rest;
    JournalPlaces places = journal_places(e);
    SxSpan span;
    Piece piece;
    uint64_t n = 0;
    while (!u->failed && journal_place_next(&places, &span, &piece)) {
        n++;
        if (piece.len > 0 && !piece_known(r, &piece))
            u->failed = true;
    }
    if (n != e->bulk.count)
        u->failed = true;
}

static void
decode_before(JournalReader *r, Unwire *u, JournalEntry *e)
{
    e->before.span.at = unwire(u, 8);
    e->before.span.len = unwire(u, 8);
    e->before.add_at = unwire(u, 8);
    e->before.epoch = (uint32_t)unwire(u, 4);
    if (e->before.span.len > UINT64_MAX - e->before.span.at ||
        !add_known(r, e->before.add_at, e->before.span.len))
        u->failed = true;
}

static void
decode_lost(Unwire *u, JournalEntry *e)
{
    e->before.span.at = unwire(u, 8);
    e->before.span.len = unwire(u, 8);
    e->before.add_at = IMAGE_LOST;
    e->before.epoch = (uint32_t)unwire(u, 4);
    if (e->before.span.len > UINT64_MAX - e->before.span.at)
        u->failed = true;
}

static void
decode_resize(Unwire *u, JournalEntry *e)
{
    e->resize.old = unwire(u, 8);
    e->resize.size = unwire(u, 8);
    e->resize.epoch = (uint32_t)unwire(u, 4);
}

static void
decode_file(JournalReader *r, Unwire *u, JournalEntry *e)
{
    e->file.role = e->type == JOURNAL_TYPE_FILE ? (uint32_t)unwire(u, 4) : 0;
    e->file.source = (uint16_t)unwire(u, 2);
    identity_get(u, &e->file.identity);
    free(r->path);
    r->path = copy_text(unwire_text(u));
    if (!r->path)
        u->failed = true;
    e->file.path = r->path;
}

static void
decode_rebase(JournalReader *r, Unwire *u, JournalEntry *e)
{
    e->rebase.source = (uint16_t)unwire(u, 2);
    uint64_t count = unwire(u, 4);
    JournalMoved *moved = items_new(r, u, count, 12 + JOURNAL_PIECE_LEN, sizeof *moved);
    for (size_t i = 0; !u->failed && i < count; i++) {
        moved[i].offset = unwire(u, 8);
        moved[i].epoch = (uint32_t)unwire(u, 4);
        moved[i].home = get_piece(u);
        if (!piece_known(r, &moved[i].home))
            u->failed = true;
    }
    e->rebase.moved = moved;
    e->rebase.count = (size_t)count;
}

static void
decode_note(JournalReader *r, Unwire *u, JournalEntry *e)
{
    e->note.what = (uint32_t)unwire(u, 1);
    e->note.mark.span.at = unwire(u, 8);
    e->note.mark.span.len = unwire(u, 8);
    for (unsigned i = 0; i < 3; i++) {
        free(r->words[i]);
        r->words[i] = copy_text(unwire_text(u));
        u->failed = u->failed || !r->words[i];
    }
    e->note.mark.name = r->words[0];
    e->note.mark.colour = r->words[1];
    e->note.mark.note = r->words[2];
}

static bool
decode(JournalReader *r, SxBytes payload, JournalEntry *e)
{
    Unwire u = {.rest = payload};
    switch (e->type) {
    case JOURNAL_TYPE_MARK:
        decode_mark(&u, e);
        break;
    case JOURNAL_TYPE_SPLICE:
        decode_splice(r, &u, e);
        break;
    case JOURNAL_TYPE_BULK:
        decode_bulk(r, &u, e);
        break;
    case JOURNAL_TYPE_BEFORE:
    case JOURNAL_TYPE_WITNESS:
        decode_before(r, &u, e);
        break;
    case JOURNAL_TYPE_LOST:
        decode_lost(&u, e);
        break;
    case JOURNAL_TYPE_RESIZE:
        decode_resize(&u, e);
        break;
    case JOURNAL_TYPE_OTHER:
    case JOURNAL_TYPE_FILE:
        decode_file(r, &u, e);
        break;
    case JOURNAL_TYPE_REBASE:
        decode_rebase(r, &u, e);
        break;
    case JOURNAL_TYPE_NOTE:
        decode_note(r, &u, e);
        break;
    case JOURNAL_TYPES:
        break;
    }
    return !u.failed;
}

/* --- records ------------------------------------------------------------------------------------------------------------ */

/* The next record as it stands, its digest verified. The log's length bounds what is allocated. */
static bool
record_read(JournalReader *r, SxBytes *out)
{
    uint64_t left = r->log_len - r->at;
    uint8_t head[JOURNAL_RECORD_HEAD];
    if (left < JOURNAL_RECORD_HEAD + JOURNAL_RECORD_TAIL || !read_all(r->log, head, sizeof head, r->at))
        return false;
    Unwire u = {.rest = {head, sizeof head}};
    uint64_t len = unwire(&u, 4) + JOURNAL_RECORD_HEAD + JOURNAL_RECORD_TAIL;
    if (len > left || len > JOURNAL_PAYLOAD_MAX)
        return false;
    if (len > r->room) {
        uint8_t *record = realloc(r->record, (size_t)len);
        if (!record)
            return false;
        r->record = record;
        r->room = (size_t)len;
    }
    if (!read_all(r->log, r->record, (size_t)len, r->at))
        return false;
    size_t body = (size_t)len - JOURNAL_RECORD_TAIL;
    Unwire tail = {.rest = {r->record + body, JOURNAL_RECORD_TAIL}};
    *out = sx_bytes(r->record, body);
    return unwire(&tail, 8) == digest(r->head.salt, *out);
}

/* Whether the add buffer has the bytes that the record came with. */
static bool
data_verifies(const JournalReader *r, uint64_t end, uint64_t expected)
{
    uint64_t sum = r->head.salt;
    uint64_t at = r->data_end;
    SxBytes bytes;
    if (end < at)
        return false;
    while (at < end && add_walk(r->add, &at, &bytes) && at < end) {
        if (bytes.len > end - at)
            bytes.len = (size_t)(end - at);
        sum = digest(sum, bytes);
        at += bytes.len;
    }
    return sum == expected;
}

static bool
record_take(JournalReader *r, JournalEntry *e)
{
    SxBytes record;
    if (!record_read(r, &record))
        return false;
    Unwire u = {.rest = record};
    unwire(&u, 4);
    *e = (JournalEntry){.type = (JournalType)unwire(&u, 4)};
    e->sequence = unwire(&u, 8);
    uint64_t data_end = unwire(&u, 8);
    uint64_t data_sum = unwire(&u, 8);
    if (e->sequence != r->sequence + 1 || !data_verifies(r, data_end, data_sum))
        return false;
    uint64_t before = r->data_end;
    r->data_end = data_end;
    if (!decode(r, u.rest, e)) {
        r->data_end = before;
        return false;
    }
    r->sequence = e->sequence;
    r->at += record.len + JOURNAL_RECORD_TAIL;
    return true;
}

bool
journal_reader_next(JournalReader *r, JournalEntry *out)
{
    do {
        r->ended = r->ended || !record_take(r, out);
    } while (!r->ended && (out->type < JOURNAL_TYPE_MARK || out->type >= JOURNAL_TYPES));
    return !r->ended;
}

/* --- places of a bulk record ---------------------------------------------------------------------------------------------- */

JournalPlaces
journal_places(const JournalEntry *bulk)
{
    return (JournalPlaces){
        .rest = {.rest = bulk->bulk.places},
        .left = bulk->bulk.count,
        .at = bulk->bulk.start,
    };
}

static void
place_piece(JournalPlaces *p, Piece *piece)
{
    Unwire *u = &p->rest;
    piece->kind = (uint8_t)unwire(u, 1);
    uint64_t offset = unwire_short(u);
    if (piece->kind == PIECE_ADD) {
        p->add_last += offset >> 1 ^ (uint64_t)-(offset & 1);
        offset = p->add_last;
    }
    piece->offset = offset;
    if (piece->kind == PIECE_FILE)
        piece->epoch = (uint32_t)unwire_short(u);
    if (piece_of_file(piece))
        piece->source = (uint16_t)unwire_short(u);
    if (piece->kind > PIECE_OTHER || (piece->kind != PIECE_FILL && piece->len > UINT64_MAX - offset))
        u->failed = true;
}

bool
journal_place_next(JournalPlaces *p, SxSpan *span, Piece *inserted)
{
    if (p->left == 0 || p->rest.failed)
        return false;
    p->left--;
    uint64_t gap = unwire_short(&p->rest);
    uint64_t removed = unwire_short(&p->rest);
    *inserted = (Piece){.len = unwire_short(&p->rest)};
    if (inserted->len > 0)
        place_piece(p, inserted);
    if (gap > UINT64_MAX - p->at || removed > UINT64_MAX - p->at - gap)
        p->rest.failed = true;
    if (p->rest.failed)
        return false;
    *span = (SxSpan){p->at + gap, removed};
    p->at = sx_span_end(*span);
    return true;
}
