/* cmd_transform.c - xor, and, or, add, rotate, not, reverse, swap: a range changed in place, a block at a time, as one step. */
#include <stdlib.h>
#include <string.h>

#include "command/look.h"

enum { BLOCK = 840 * 1024 }; /* whole numbers of 2, 4, 8 bytes */

typedef struct Transform {
    /* Change `buf`, which holds the bytes [at, at + len) of the range. */
    void (*change)(const struct Transform *t, uint64_t at, uint8_t *buf, size_t len);
    SxBytes key; /* repeated over the range */
    unsigned unit;
    bool mirrored; /* block by block from the other end */
    SxSpan range;
} Transform;

static uint8_t
key_at(const Transform *t, uint64_t at)
{
    return t->key.data[at % t->key.len];
}

static void
by_xor(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf[i] ^= key_at(t, at + i);
}

static void
by_and(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf[i] &= key_at(t, at + i);
}

static void
by_or(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf[i] |= key_at(t, at + i);
}

static void
by_add(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf[i] = (uint8_t)(buf[i] + key_at(t, at + i));
}

static void
by_rotate(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned by = key_at(t, at + i) & 7;
        buf[i] = (uint8_t)(buf[i] << by | buf[i] >> ((8 - by) & 7));
    }
}

static void
by_not(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    (void)t, (void)at;
    for (size_t i = 0; i < len; i++)
        buf[i] = (uint8_t)~buf[i];
}

static void
turn_round(uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len / 2; i++) {
        uint8_t byte = buf[i];
        buf[i] = buf[len - 1 - i];
        buf[len - 1 - i] = byte;
    }
}

static void
by_reverse(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    (void)t, (void)at;
    turn_round(buf, len);
}

static void
by_swap(const Transform *t, uint64_t at, uint8_t *buf, size_t len)
{
    (void)at;
    for (size_t i = 0; i + t->unit <= len; i += t->unit)
        turn_round(buf + i, t->unit);
}

/* Block `block`, which comes from the snapshot (so that `reverse` sees the old bytes). */
static bool
transform_block(SxDocument *d, const Look *look, const Transform *t, SxSpan block, uint8_t *buf, SxError *err)
{
    uint64_t before = block.at - t->range.at;
    SxSpan from = block;
    if (t->mirrored)
        from.at = sx_span_end(t->range) - before - block.len;
    if (!sx_source_read(look->source, from, buf, err))
        return false;
    t->change(t, before, buf, (size_t)block.len);
    return sx_document_overwrite(d, block.at, sx_bytes(buf, (size_t)block.len), err);
}

static bool
all_blocks(SxDocument *d, const Look *look, const Transform *t, uint8_t *buf, SxError *err)
{
    for (uint64_t done = 0; done < t->range.len;) {
        uint64_t left = t->range.len - done;
        SxSpan block = {t->range.at + done, left < BLOCK ? left : BLOCK};
        if (sx_job_cancelled(look->job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled, nothing changed");
        if (!transform_block(d, look, t, block, buf, err))
            return false;
        sx_job_advance(look->job, block.len);
        done += block.len;
    }
    return true;
}

static bool
one_step(SxDocument *d, const Look *look, const Transform *t, SxError *err)
{
    uint8_t *buf = malloc(BLOCK);
    if (!buf)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to change the range");
    bool ok = sx_document_begin(d, err);
    if (ok && !all_blocks(d, look, t, buf, err)) {
        sx_document_cancel(d);
        ok = false;
    } else if (ok) {
        sx_document_end(d);
    }
    free(buf);
    return ok;
}

static SxExit
transform(SxSession *s, const Args *a, const Transform *t, SxError *err)
{
    Look look;
    if (t->range.len == 0)
        return SX_EXIT_DONE;
    if (!look_begin(s, &look, a->name, err))
        return outcome(false, err);
    sx_job_total(look.job, t->range.len);
    bool ok = one_step(session_document(s), &look, t, err);
    look_end(s, &look);
    return outcome(ok, err);
}

static SxExit
with_key(SxSession *s, const Args *a, Transform t, SxError *err)
{
    uint8_t *loaded;
    if (!arg_bytes(&a->arg[1], &loaded, &t.key, err))
        return outcome(false, err);
    t.range = a->arg[0].range;
    SxExit exit;
    if (t.key.len == 0)
        exit = outcome(sx_fail(err, SX_ERR_SYNTAX, "%s wants at least one byte to repeat", a->name), err);
    else
        exit = transform(s, a, &t, err);
    free(loaded);
    return exit;
}

SxExit
cmd_xor(SxSession *s, const Args *a, SxError *err)
{
    return with_key(s, a, (Transform){.change = by_xor}, err);
}

SxExit
cmd_and(SxSession *s, const Args *a, SxError *err)
{
    return with_key(s, a, (Transform){.change = by_and}, err);
}

SxExit
cmd_or(SxSession *s, const Args *a, SxError *err)
{
    return with_key(s, a, (Transform){.change = by_or}, err);
}

SxExit
cmd_add(SxSession *s, const Args *a, SxError *err)
{
    return with_key(s, a, (Transform){.change = by_add}, err);
}

/* Of the selection, else of the byte at the cursor. */
static SxExit
add_count(SxSession *s, const Args *a, bool subtract, SxError *err)
{
    const Tab *tab = session_tab(s);
    uint8_t by = (uint8_t)(a->arg[0].given ? a->arg[0].offset : 1);
    if (subtract)
        by = (uint8_t)(0 - by);
    SxSpan range = tab->has_selection ? tab->selection : (SxSpan){sx_document_tell(tab->document), 1};
    if (sx_span_clip(range, sx_document_length(tab->document)).len == 0)
        return outcome(sx_fail(err, SX_ERR_RANGE, "no byte at 0x%llx", (unsigned long long)range.at), err);
    return transform(s, a, &(Transform){.change = by_add, .key = sx_bytes(&by, 1), .range = range}, err);
}

SxExit
cmd_increment(SxSession *s, const Args *a, SxError *err)
{
    return add_count(s, a, false, err);
}

SxExit
cmd_decrement(SxSession *s, const Args *a, SxError *err)
{
    return add_count(s, a, true, err);
}

SxExit
cmd_rotate(SxSession *s, const Args *a, SxError *err)
{
    return with_key(s, a, (Transform){.change = by_rotate}, err);
}

SxExit
cmd_not(SxSession *s, const Args *a, SxError *err)
{
    return transform(s, a, &(Transform){.change = by_not, .range = a->arg[0].range}, err);
}

SxExit
cmd_reverse(SxSession *s, const Args *a, SxError *err)
{
    return transform(s, a, &(Transform){.change = by_reverse, .range = a->arg[0].range, .mirrored = true}, err);
}

SxExit
cmd_swap(SxSession *s, const Args *a, SxError *err)
{
    unsigned unit = a->arg[1].given ? (unsigned)(a->arg[1].word[0] - '0') : 2;
    SxSpan range = a->arg[0].range;
    if (range.len % unit)
        return outcome(sx_fail(err, SX_ERR_LENGTH, "%llu bytes are no whole numbers of %u",
                               (unsigned long long)range.len, unit),
                       err);
    return transform(s, a, &(Transform){.change = by_swap, .unit = unit, .range = range}, err);
}
