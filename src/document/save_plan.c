/*
 * save_plan.c - which way a save goes and what it takes. Offsets are those of the document; in the file they are
 * `base` further.
 */
#include "document/save.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
    PLACE_COST = 10 << 10,         /* bytes that could be copied while one more place is written */
    CHANGE_COST = 3,               /* a byte in place is read, kept and written */
    ALWAYS_IN_PLACE = 64 << 20,    /* cost up to which nothing else is thought of */
    MEMORY_IMAGES = 1 << 30,       /* bytes of old content that may be kept without a journal */
    COPY_PER_SECOND = 1300 << 20,  /* bytes, for the estimate */
    PLACES_PER_SECOND = 100 << 10,
    PIECES_LOOK = 1 << 16,
    HOLE_FROM = 256 << 10,
};

const char *
save_name(const SxSave *s)
{
    return s->target.name;
}

/* --- what differs ---------------------------------------------------------------------------------------------------- */

/* The byte of the file at its own offset. */
static bool
stays(const Cursor *c)
{
    return piece_live(&c->piece) && c->piece.offset == c->begins;
}

bool
save_dirty_next(const Reading *v, uint64_t *at, SxSpan *out)
{
    Cursor c;
    bool more = *at < v->length && cursor_at(&c, v->root, *at);
    while (more && stays(&c))
        more = cursor_next(&c);
    if (!more)
        return false;
    uint64_t begin = c.begins > *at ? c.begins : *at;
    uint64_t end = begin;
    while (more && !stays(&c)) {
        end = c.begins + c.piece.len;
        more = cursor_next(&c);
    }
    *out = sx_span(begin, end);
    *at = end;
    return true;
}

/* Places and bytes that in place must be written, as long as they cost less than `limit`; what they cost. */
static uint64_t
count_dirty(const Reading *v, uint64_t limit, SxSavePlan *p)
{
    uint64_t at = 0;
    uint64_t cost = 0;
    SxSpan span;
    p->places = 0;
    p->write = 0;
    while (cost <= limit && save_dirty_next(v, &at, &span)) {
        p->places++;
        p->write += span.len;
        cost = p->places * PLACE_COST + p->write * CHANGE_COST;
    }
    return cost;
}

/* What a new file is made of. Of a tree of very many pieces only the beginning is looked at: the rest is taken for
 * bytes of the file, so that planning stays quick. */
typedef struct Made {
    uint64_t file;  /* bytes that are in the document's file already */
    uint64_t zeros; /* that will be holes */
} Made;

static Made
count_made(const Reading *v, SxSpan span)
{
    Cursor c;
    Made made = {0};
    uint64_t at = span.at;
    bool more = span.len > 0 && cursor_at(&c, v->root, at);
    for (unsigned i = 0; more && i < PIECES_LOOK && at < sx_span_end(span); i++) {
        uint64_t ends = c.begins + c.piece.len;
        SxSpan part = sx_span(at, ends < sx_span_end(span) ? ends : sx_span_end(span));
        if (piece_live(&c.piece))
            made.file += part.len;
        else if (c.piece.kind == PIECE_FILL && (c.piece.offset & 0xff) == 0 && part.len >= HOLE_FROM)
            made.zeros += part.len;
        at = sx_span_end(part);
        more = cursor_next(&c);
    }
    made.file += sx_span_end(span) - at;
    return made;
}

/* --- the two ways ------------------------------------------------------------------------------------------------------ */

/* Old bytes go to the journal, or to memory where there is none. */
static bool
images_fit(const SxSave *s, uint64_t bytes)
{
    struct statvfs fs;
    if (!s->journal || journal_unprotected(s->journal, NULL))
        return bytes <= MEMORY_IMAGES;
    return statvfs(journal_dir(s->journal), &fs) != 0 || bytes / fs.f_frsize < fs.f_bavail;
}

static void
because(SxSavePlan *p, SxSaveWay way, const char *why)
{
    p->way = way;
    snprintf(p->why, sizeof p->why, "%s", why);
}

/* What of `bytes` of the file lies on the disk at all. */
static uint64_t
stored(const SxSave *s, uint64_t bytes)
{
    struct stat st;
    if (s->fd < 0 || !s->regular || fstat(s->fd, &st) != 0)
        return bytes;
    uint64_t there = (uint64_t)st.st_blocks * 512;
    return there < bytes ? there : bytes;
}

static void
plan_in_place(SxSave *s, const Reading *v, SxSaveWay way, const char *why)
{
    SxSavePlan *p = &s->plan;
    count_dirty(v, UINT64_MAX, p);
    p->copy = 0;
    p->space_needed = v->length > v->file_size ? v->length - v->file_size : 0;
    p->space_needed += s->flags & SX_SAVE_BACKUP ? stored(s, v->file_size) : 0;
    p->seconds = (double)p->places / PLACES_PER_SECOND + (double)(CHANGE_COST * p->write) / COPY_PER_SECOND;
    because(p, way, why);
}

static void
plan_copy(SxSave *s, const Reading *v, SxSaveWay way, const char *why)
{
    SxSavePlan *p = &s->plan;
    Made made = count_made(v, s->span);
    Sum sum = sum_of(v->root);
    if (s->purpose == SAVE_RANGE || s->fresh) {
        p->places = s->span.len > 0;
        p->write = s->span.len;
    } else {
        sum_changes(&sum, v->file_size, &p->places, &p->write);
    }
    p->copy = stored(s, made.file);
    p->space_needed = p->copy + (s->span.len - made.file - made.zeros);
    p->seconds = (double)p->space_needed / COPY_PER_SECOND;
    because(p, way, why);
}

/* --- choosing ------------------------------------------------------------------------------------------------------------ */

/* The same length: in place unless a copy is cheaper, or the old bytes have no place. */
static void
plan_same_length(SxSave *s, const Reading *v, bool replaceable)
{
    uint64_t limit = v->length < ALWAYS_IN_PLACE ? ALWAYS_IN_PLACE : v->length;
    bool cheap = count_dirty(v, limit, &s->plan) <= limit;
    if (s->plan.places == 0)
        because(&s->plan, SX_SAVE_NONE, "the file has what the document has");
    else if (replaceable && !cheap)
        plan_copy(s, v, SX_SAVE_COPY, "most of it is new");
    else if (replaceable && !images_fit(s, s->plan.write))
        plan_copy(s, v, SX_SAVE_COPY, "the journal has no room for the old bytes");
    else
        plan_in_place(s, v, SX_SAVE_IN_PLACE, "the length is the same: only what differs is written");
}

static bool
length_may_change(const SxSave *s)
{
    return s->regular && !s->part;
}

/* The document's own file. A device, or a part of a file, is what it is: only its bytes can change. */
static void
plan_own(SxSave *s, const Reading *v)
{
    char reason[120] = "";
    bool plain = length_may_change(s);
    bool replaceable = plain && target_replaceable(&s->target, reason, sizeof reason);
    if (v->length == v->file_size)
        plan_same_length(s, v, replaceable);
    else if (plain && !replaceable)
        plan_in_place(s, v, SX_SAVE_COPY_OVER, reason);
    else
        plan_copy(s, v, SX_SAVE_COPY, "the length changes: a new file takes its place");
}

void
save_plan(SxSave *s)
{
    const Reading *v = snapshot_reading(s->snapshot);
    s->plan = (SxSavePlan){.space_free = target_space(&s->target)};
    if (s->own && s->purpose != SAVE_RANGE)
        plan_own(s, v);
    else if (s->target.exists)
        plan_copy(s, v, SX_SAVE_COPY, "a new file takes its place");
    else
        plan_copy(s, v, SX_SAVE_NEW, "there is no such file yet");
}

bool
save_plan_copy(SxSave *s)
{
    char reason[120];
    if (!length_may_change(s) || !target_replaceable(&s->target, reason, sizeof reason))
        return false;
    plan_copy(s, snapshot_reading(s->snapshot), SX_SAVE_COPY, "it is a program that runs: a new file takes its place");
    return true;
}

/* --- whether it may be done -------------------------------------------------------------------------------------------------- */

/* Somebody else's file is not taken away from under him because the directory happens to be ours. */
static bool
may_write(const SxSave *s, SxError *err)
{
    const Target *t = &s->target;
    if (!t->exists || (s->flags & SX_SAVE_FORCE) || faccessat(t->dir, t->name, W_OK, AT_EACCESS) == 0 ||
        errno == ETXTBSY)
        return true;
    if (errno == EROFS)
        return sx_fail_errno(err, errno, "%s: not written", save_name(s));
    if (t->st.st_uid != geteuid())
        return sx_fail(err, SX_ERR_PERMISSION,
                       "%s: not written, it belongs to user %u. Changes kept; write under another name", save_name(s),
                       (unsigned)t->st.st_uid);
    return sx_fail(err, SX_ERR_PERMISSION,
                   "%s: not written, its mode %04o forbids it. Changes kept; force, or write under another name",
                   save_name(s), (unsigned)t->st.st_mode & 07777);
}

static bool
copy_allowed(const SxSave *s, SxError *err)
{
    const Target *t = &s->target;
    char reason[120];
    if (s->own && !length_may_change(s)) {
        const Reading *v = snapshot_reading(s->snapshot);
        return sx_fail(err, SX_ERR_LENGTH,
                       "%s: not written, its length cannot change (%" PRIu64 " bytes, not %" PRIu64
                       "); write under another name",
                       save_name(s), v->file_size, v->length);
    }
    if (t->exists && !S_ISREG(t->st.st_mode))
        return sx_fail(err, SX_ERR_KIND, "%s: not written, it is not a plain file; write under another name",
                       save_name(s));
    if (s->own && s->purpose == SAVE_RANGE)
        return sx_fail(err, SX_ERR_KIND, "%s: not written, it is the file the bytes come from; write under another name",
                       save_name(s));
    if (t->exists && s->purpose == SAVE_AS && !s->own && !(s->flags & SX_SAVE_FORCE))
        return sx_fail(err, SX_ERR_ASK, "%s exists; force overwrites it", save_name(s));
    if (!target_replaceable(t, reason, sizeof reason))
        return sx_fail(err, SX_ERR_PERMISSION, "%s: not written, %s", save_name(s), reason);
    return true;
}

/* Where a copy may cost nothing, only trying tells. */
static bool
shares_blocks(const SxSave *s)
{
    enum { BTRFS = (int)0x9123683eu, XFS = 0x58465342, BCACHEFS = (int)0xca451a4eu };
    struct statfs fs;
    return fstatfs(s->target.dir, &fs) == 0 &&
           ((int)fs.f_type == BTRFS || (int)fs.f_type == XFS || (int)fs.f_type == BCACHEFS);
}

static bool
space_allows(const SxSave *s, SxError *err)
{
    const SxSavePlan *p = &s->plan;
    if (p->space_needed <= p->space_free || (p->way == SX_SAVE_COPY && shares_blocks(s)))
        return true;
    return sx_fail(err, SX_ERR_NOSPACE, "%s: %s needs %" PRIu64 " bytes, %" PRIu64 " are free; write elsewhere",
                   save_name(s), p->way == SX_SAVE_COPY_OVER ? "it" : "a copy", p->space_needed, p->space_free);
}

/* What is overwritten is kept first. */
static bool
images_allowed(const SxSave *s, SxError *err)
{
    const Reading *v = snapshot_reading(s->snapshot);
    uint64_t cut = v->file_size > v->length ? v->file_size - v->length : 0;
    if (images_fit(s, s->plan.write + cut))
        return true;
    return sx_fail(err, SX_ERR_NOSPACE,
                   "%s: not written, the journal has no room for %" PRIu64 " old bytes; write under another name",
                   save_name(s), s->plan.write + cut);
}

static bool
copy_over_allowed(const SxSave *s, SxError *err)
{
    return (s->flags & SX_SAVE_MAY_COPY_OVER) ||
           sx_fail(err, SX_ERR_ASK, "%s: not written, %s. Rewrite it in place, or write under another name",
                   save_name(s), s->plan.why);
}

bool
save_allowed(const SxSave *s, SxError *err)
{
    if (!may_write(s, err) || !space_allows(s, err))
        return false;
    switch (s->plan.way) {
    case SX_SAVE_COPY:
    case SX_SAVE_NEW:
        return copy_allowed(s, err);
    case SX_SAVE_COPY_OVER:
        return copy_over_allowed(s, err) && images_allowed(s, err);
    case SX_SAVE_IN_PLACE:
        return images_allowed(s, err);
    case SX_SAVE_NONE:
        break;
    }
    return true;
}
