/*
 * save_plan.c - which way a save goes and what it takes. Offsets are those of the document; in the file they are
 * `base` further.
 */
#include "document/save.h"

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
    COPY_PER_SECOND = 900 << 20,   /* bytes, for the estimate */
    PLACES_PER_SECOND = 100 << 10,
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
save_dirty_next(const View *v, uint64_t *at, SxSpan *out)
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
count_dirty(const View *v, uint64_t limit, SxSavePlan *p)
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

/* Bytes of the file that a copy needs not take from elsewhere. O(1). */
static uint64_t
count_new(const View *v)
{
    uint64_t hunks;
    uint64_t bytes;
    Sum sum = sum_of(v->root);
    sum_changes(&sum, v->file_size, &hunks, &bytes);
    return bytes < v->length ? bytes : v->length;
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

static void
plan_in_place(SxSave *s, const View *v, const char *why)
{
    SxSavePlan *p = &s->plan;
    count_dirty(v, UINT64_MAX, p);
    p->copy = 0;
    p->space_needed = v->length > v->file_size ? v->length - v->file_size : 0;
    p->seconds = (double)p->places / PLACES_PER_SECOND + (double)(CHANGE_COST * p->write) / COPY_PER_SECOND;
    because(p, SX_SAVE_IN_PLACE, why);
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
plan_copy(SxSave *s, const View *v, SxSaveWay way, const char *why)
{
    SxSavePlan *p = &s->plan;
    uint64_t fresh = count_new(v);
    p->write = fresh < s->span.len ? fresh : s->span.len;
    p->copy = stored(s, s->span.len - p->write);
    p->places = 1;
    p->space_needed = p->write + p->copy;
    p->seconds = (double)p->space_needed / COPY_PER_SECOND;
    because(p, way, why);
}

/* --- choosing ------------------------------------------------------------------------------------------------------------ */

static bool
refuse_kind(const SxSave *s, SxError *err)
{
    return sx_fail(err, SX_ERR_KIND, "%s: not written, it is not a plain file; write under another name",
                   save_name(s));
}

static bool
no_space(const SxSave *s, const char *what, uint64_t needed, uint64_t free, SxError *err)
{
    return sx_fail(err, SX_ERR_NOSPACE, "%s: %s needs %" PRIu64 " bytes, %" PRIu64 " are free; write elsewhere",
                   save_name(s), what, needed, free);
}

/* Somebody else's file is not taken away from under him because the directory happens to be ours. */
static bool
may_write(const SxSave *s, SxError *err)
{
    const Target *t = &s->target;
    if (!t->exists || (s->flags & SX_SAVE_FORCE) || faccessat(t->dir, t->name, W_OK, AT_EACCESS) == 0)
        return true;
    if (t->st.st_uid != geteuid())
        return sx_fail(err, SX_ERR_PERMISSION, "%s: not written, it belongs to user %u. Changes kept; write under "
                       "another name", save_name(s), (unsigned)t->st.st_uid);
    return sx_fail(err, SX_ERR_PERMISSION, "%s: not written, it may not be written (mode %04o). Changes kept; force, or "
                   "write under another name", save_name(s), (unsigned)t->st.st_mode & 07777);
}

/* The same length: in place unless a copy is cheaper. */
static bool
plan_same_length(SxSave *s, const View *v, bool replaceable, SxError *err)
{
    uint64_t limit = v->length < ALWAYS_IN_PLACE ? ALWAYS_IN_PLACE : v->length;
    bool cheap = count_dirty(v, limit, &s->plan) <= limit;
    if (s->plan.places == 0) {
        because(&s->plan, SX_SAVE_NONE, "the file has what the document has");
        return true;
    }
    bool fits = images_fit(s, s->plan.write);
    if (replaceable && !(cheap && fits)) {
        plan_copy(s, v, SX_SAVE_COPY, cheap ? "the journal has no room for the old bytes" : "most of it is new");
        return true;
    }
    plan_in_place(s, v, "the length is the same: only what differs is written");
    return fits || sx_fail(err, SX_ERR_NOSPACE, "%s: the journal has no room for %" PRIu64 " old bytes; write under "
                           "another name", save_name(s), s->plan.write);
}

/* Where the name cannot be given to another file: its content is rewritten, the old bytes in the journal. */
static bool
plan_copy_over(SxSave *s, const View *v, const char *reason, SxError *err)
{
    plan_in_place(s, v, reason);
    s->plan.way = SX_SAVE_COPY_OVER;
    uint64_t cut = v->file_size > v->length ? v->file_size - v->length : 0;
    if (!images_fit(s, s->plan.write + cut))
        return sx_fail(err, SX_ERR_NOSPACE, "%s: the journal has no room for %" PRIu64 " old bytes, and %s; write "
                       "elsewhere", save_name(s), s->plan.write + cut, reason);
    return true;
}

static bool
plan_other_length(SxSave *s, const View *v, bool replaceable, const char *reason, SxError *err)
{
    if (!s->regular || s->base > 0 || s->known.size != v->file_size)
        return sx_fail(err, SX_ERR_LENGTH, "%s: not written, its length cannot change (%" PRIu64 " bytes, not %" PRIu64
                       "); write under another name", save_name(s), v->file_size, v->length);
    if (!replaceable)
        return plan_copy_over(s, v, reason, err);
    plan_copy(s, v, SX_SAVE_COPY, "the length changes: a new file takes its place");
    return true;
}

/* The document's own file. */
static bool
plan_own(SxSave *s, const View *v, SxError *err)
{
    char reason[120] = "";
    bool plain = s->regular && s->base == 0 && s->known.size == v->file_size;
    bool replaceable = plain && target_replaceable(&s->target, reason, sizeof reason);
    if (v->length == v->file_size)
        return plan_same_length(s, v, replaceable, err);
    return plan_other_length(s, v, replaceable, reason, err);
}

/* Another file, or one that is not there yet. */
static bool
plan_other_file(SxSave *s, const View *v, SxError *err)
{
    char reason[120] = "";
    if (s->target.exists && !S_ISREG(s->target.st.st_mode))
        return refuse_kind(s, err);
    if (s->target.exists && s->purpose == SAVE_AS && !(s->flags & SX_SAVE_FORCE))
        return sx_fail(err, SX_ERR_ASK, "%s exists; overwrite it by force, or write under another name",
                       save_name(s));
    if (!target_replaceable(&s->target, reason, sizeof reason))
        return sx_fail(err, SX_ERR_PERMISSION, "%s: not written, %s", save_name(s), reason);
    plan_copy(s, v, s->target.exists ? SX_SAVE_COPY : SX_SAVE_NEW,
              s->target.exists ? "a new file takes its place" : "there is no such file yet");
    return true;
}

/* Where a copy may cost nothing, only trying tells. */
static bool
shares_blocks(const SxSave *s)
{
    enum { BTRFS = 0x9123683e, XFS = 0x58465342, BCACHEFS = (int)0xca451a4e };
    struct statfs fs;
    return fstatfs(s->target.dir, &fs) == 0 &&
           ((int)fs.f_type == BTRFS || (int)fs.f_type == XFS || (int)fs.f_type == BCACHEFS);
}

bool
save_plan(SxSave *s, SxError *err)
{
    const View *v = snapshot_view(s->snapshot);
    s->plan = (SxSavePlan){.space_free = target_space(&s->target)};
    if (!(s->own ? plan_own(s, v, err) : plan_other_file(s, v, err)))
        return false;
    const SxSavePlan *p = &s->plan;
    if (p->way == SX_SAVE_NONE)
        return true;
    if (!may_write(s, err))
        return false;
    if (p->space_needed <= p->space_free || (p->way == SX_SAVE_COPY && shares_blocks(s)))
        return true;
    return no_space(s, p->way == SX_SAVE_COPY_OVER ? "it" : "a copy", p->space_needed, p->space_free, err);
}
