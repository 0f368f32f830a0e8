/*
 * replay.c - two passes: the first collects what is needed to know what any file was in any epoch, the second does the
 * edits again.
 */
#include "document/replay.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 2000, RECORD = 40 /* bytes of the shortest */ };

typedef struct Kept {
    JournalEntry entry;
    Piece *pieces;        /* SPLICE; BULK: one each */
    SxSpan *spans;        /* BULK */
    JournalMoved *moved;  /* REBASE */
    size_t count;
} Kept;

typedef struct Old {
    uint16_t source;
    uint32_t epoch;
    SxSpan span;
    uint64_t add_at;
} Old;

struct Tape {
    JournalReader *reader;
    Kept *kept;
    size_t count;
    Old *images;
    size_t n_images;
    const Kept *rebase[FILES]; /* by source; NULL: none */
    ReplayState base[FILES];   /* in the last epoch that the source has; empty: not known yet */
    uint16_t last;             /* the file as it is */
    char *why;
};

/* --- the first pass ------------------------------------------------------------------------------------------------------ */

static void *
copy_of(const void *items, size_t count, size_t size)
{
    void *copy = calloc(count + 1, size);
    if (count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

static void
keep_places(Kept *k)
{
    JournalPlaces places = journal_places(&k->entry);
    k->pieces = calloc(k->entry.bulk.count + 1, sizeof *k->pieces);
    k->spans = calloc(k->entry.bulk.count + 1, sizeof *k->spans);
    while (journal_place_next(&places, &k->spans[k->count], &k->pieces[k->count]))
        k->count++;
}

static void
keep(struct Tape *t, const JournalEntry *e)
{
    Kept *k = &t->kept[t->count++];
    *k = (Kept){.entry = *e};
    if (e->type == JOURNAL_TYPE_SPLICE) {
        k->count = e->splice.count;
        k->pieces = copy_of(e->splice.inserted, k->count, sizeof *k->pieces);
    } else if (e->type == JOURNAL_TYPE_BULK) {
        keep_places(k);
    } else if (e->type == JOURNAL_TYPE_REBASE) {
        k->count = e->rebase.count;
        k->moved = copy_of(e->rebase.moved, k->count, sizeof *k->moved);
        t->rebase[e->rebase.source] = k;
    } else if (e->type == JOURNAL_TYPE_BEFORE) {
        t->images[t->n_images++] = (Old){t->last, e->before.epoch, e->before.span, e->before.add_at};
    } else if (e->type == JOURNAL_TYPE_FILE && e->file.role == JOURNAL_ROLE_CURRENT) {
        t->last = e->file.source;
    }
}

static void
read_file(ReplayState *s, const char *path)
{
    struct stat st;
    int fd = path ? open(path, O_RDONLY) : -1;
    s->len = fd >= 0 && fstat(fd, &st) == 0 ? (size_t)st.st_size : 0;
    s->bytes = calloc(s->len + 1, 1);
    if (fd >= 0) {
        if (pread(fd, s->bytes, s->len, 0) != (ssize_t)s->len)
            s->len = 0;
        close(fd);
    }
}

static size_t
most_records(const char *dir)
{
    char log[600];
    struct stat st;
    snprintf(log, sizeof log, "%s/log", dir);
    return stat(log, &st) == 0 ? (size_t)st.st_size / RECORD + 1 : 1;
}

static bool
read_tape(struct Tape *t, const char *dir, const char *file)
{
    SxError err;
    JournalEntry e;
    size_t most = most_records(dir);
    t->kept = calloc(most, sizeof *t->kept);
    t->images = calloc(most, sizeof *t->images);
    if (!journal_reader_open(&t->reader, dir, &err)) {
        snprintf(t->why, 200, "%.199s", err.text);
        return false;
    }
    while (t->count < most && journal_reader_next(t->reader, &e))
        keep(t, &e);
    const JournalHead *head = journal_reader_head(t->reader);
    read_file(&t->base[t->last], file);
    if (!file && t->last == 0) {
        free(t->base[0].bytes);
        t->base[0] = (ReplayState){calloc(head->identity.size + 1, 1), (size_t)head->identity.size};
    }
    return true;
}

/* --- what a file was --------------------------------------------------------------------------------------------------------- */

static bool piece_bytes(struct Tape *t, const Piece *p, uint8_t *to);

static bool
lack(struct Tape *t, const char *what, uint64_t number)
{
    snprintf(t->why, 200, "%s %llu", what, (unsigned long long)number);
    return false;
}

/* A file that is no more: its bytes are where the journal says. */
static bool
find_base(struct Tape *t, uint16_t source)
{
    ReplayState *s = &t->base[source];
    const Kept *k = t->rebase[source];
    if (s->bytes)
        return true;
    if (!k)
        return lack(t, "nobody knows the bytes of file", source);
    for (size_t i = 0; i < k->count; i++)
        if (k->moved[i].offset + k->moved[i].home.len > s->len)
            s->len = (size_t)(k->moved[i].offset + k->moved[i].home.len);
    s->bytes = calloc(s->len + 1, 1);
    for (size_t i = 0; i < k->count; i++)
        if (!piece_bytes(t, &k->moved[i].home, s->bytes + k->moved[i].offset))
            return false;
    return true;
}

/* The images of `epoch` and later, the earliest topmost: a byte is what the first change after that epoch found. */
static bool
file_bytes(struct Tape *t, const Piece *p, uint8_t *to)
{
    if (!find_base(t, p->source))
        return false;
    const ReplayState *s = &t->base[p->source];
    for (uint64_t i = 0; i < p->len; i++) {
        uint64_t at = p->offset + i;
        const Old *first = NULL;
        for (size_t k = 0; k < t->n_images; k++) {
            const Old *o = &t->images[k];
            if (o->source == p->source && o->epoch >= p->epoch && at >= o->span.at && at < sx_span_end(o->span) &&
                (!first || o->epoch < first->epoch))
                first = o;
        }
        if (first)
            to[i] = add_at(journal_reader_add(t->reader), first->add_at + (at - first->span.at)).data[0];
        else if (at < s->len)
            to[i] = s->bytes[at];
        else
            return lack(t, "beyond the end of the file:", at);
    }
    return true;
}

static bool
piece_bytes(struct Tape *t, const Piece *p, uint8_t *to)
{
    if (p->kind == PIECE_FILE)
        return file_bytes(t, p, to);
    if (p->kind == PIECE_OTHER)
        return lack(t, "a piece of another file", p->source);
    if (p->kind == PIECE_ADD)
        add_copy(journal_reader_add(t->reader), p->offset, to, (size_t)p->len);
    else
        memset(to, (int)(p->offset & 0xff), p->len);
    return true;
}

/* --- the second pass ----------------------------------------------------------------------------------------------------------- */

static void
set(ReplayState *to, const ReplayState *from)
{
    free(to->bytes);
    to->bytes = malloc(from->len + 1);
    to->len = from->len;
    if (from->len > 0)
        memcpy(to->bytes, from->bytes, from->len);
}

static void
note_step(Replay *r)
{
    if (r->current >= r->n_steps) {
        size_t n = (size_t)r->current + 1;
        r->steps = realloc(r->steps, n * sizeof *r->steps);
        memset(r->steps + r->n_steps, 0, (n - r->n_steps) * sizeof *r->steps);
        r->n_steps = n;
    }
    set(&r->steps[r->current], &r->now);
}

static bool
do_splice(Replay *r, SxSpan span, const Piece *pieces, size_t count)
{
    size_t inserted = 0;
    for (size_t i = 0; i < count; i++)
        inserted += (size_t)pieces[i].len;
    if (span.at > r->now.len || span.len > r->now.len - span.at)
        return lack(r->tape, "a splice outside the document, at", span.at);
    uint8_t *bytes = malloc(r->now.len - span.len + inserted + 1);
    uint8_t *to = bytes + span.at;
    memcpy(bytes, r->now.bytes, span.at);
    for (size_t i = 0; i < count; to += pieces[i++].len)
        if (!piece_bytes(r->tape, &pieces[i], to)) {
            free(bytes);
            return false;
        }
    memcpy(to, r->now.bytes + sx_span_end(span), r->now.len - sx_span_end(span));
    free(r->now.bytes);
    r->now = (ReplayState){bytes, r->now.len - span.len + inserted};
    return true;
}

/* Backwards, so that places before the one that is replaced stay where they are. */
static bool
bulk(Replay *r, const Kept *k)
{
    for (size_t i = k->count; i-- > 0;)
        if (!do_splice(r, k->spans[i], &k->pieces[i], k->pieces[i].len > 0))
            return false;
    return true;
}

/* A run of records counts when its last one is there. */
static bool
is_whole(const struct Tape *t, size_t at)
{
    for (; at < t->count; at++) {
        const JournalEntry *e = &t->kept[at].entry;
        if (e->type == JOURNAL_TYPE_BULK && (e->bulk.flags & JOURNAL_BULK_LAST))
            return true;
        if (e->type != JOURNAL_TYPE_BULK && e->type != JOURNAL_TYPE_BEFORE)
            return false;
    }
    return false;
}

static bool
mark(Replay *r, const JournalEntry *e, uint64_t *parent)
{
    uint64_t number = e->mark.number;
    switch ((JournalMark)e->mark.mark) {
    case JOURNAL_STEP_BEGIN:
        *parent = r->current;
        r->current = number;
        return true;
    case JOURNAL_STEP_CANCEL:
        r->current = *parent;
        set(&r->now, &r->steps[r->current]);
        return true;
    case JOURNAL_UNDO:
    case JOURNAL_REDO:
        if (number >= r->n_steps || !r->steps[number].bytes)
            return lack(r->tape, "no step", number);
        r->current = number;
        set(&r->now, &r->steps[number]);
        return true;
    case JOURNAL_STEP_END:
        note_step(r);
        return true;
    default:
        return true;
    }
}

static bool
play(Replay *r, size_t i, uint64_t *parent)
{
    const Kept *k = &r->tape->kept[i];
    if (k->entry.type == JOURNAL_TYPE_MARK)
        return mark(r, &k->entry, parent);
    if (k->entry.type == JOURNAL_TYPE_SPLICE)
        return do_splice(r, (SxSpan){k->entry.splice.at, k->entry.splice.removed}, k->pieces, k->count) &&
               (note_step(r), true);
    if (k->entry.type == JOURNAL_TYPE_BULK && is_whole(r->tape, i))
        return bulk(r, k) && (note_step(r), true);
    return true;
}

static bool
begin(Replay *r)
{
    const JournalHead *head = journal_reader_head(r->tape->reader);
    Piece all = {.len = head->identity.size, .kind = PIECE_FILE};
    r->now = (ReplayState){calloc(1, 1), 0};
    bool done = all.len == 0 || do_splice(r, (SxSpan){0, 0}, &all, 1);
    note_step(r);
    return done;
}

bool
replay(Replay *r, const char *dir, const char *file, char why[200])
{
    *r = (Replay){.tape = calloc(1, sizeof *r->tape)};
    r->tape->why = why;
    uint64_t parent = 0;
    bool done = read_tape(r->tape, dir, file) && begin(r);
    for (size_t i = 0; done && i < r->tape->count; i++) {
        done = play(r, i, &parent);
        r->records++;
    }
    return done;
}

void
replay_clear(Replay *r)
{
    struct Tape *t = r->tape;
    for (size_t i = 0; i < t->count; i++) {
        free(t->kept[i].pieces);
        free(t->kept[i].spans);
        free(t->kept[i].moved);
    }
    for (size_t i = 0; i < FILES; i++)
        free(t->base[i].bytes);
    for (size_t i = 0; i < r->n_steps; i++)
        free(r->steps[i].bytes);
    journal_reader_close(t->reader);
    free(t->kept);
    free(t->images);
    free(t);
    free(r->steps);
    free(r->now.bytes);
}
