/*
 * cmd_convert.c - convert, line-ends: characters in another encoding, lines with another end; as one step, or nothing.
 *
 * Block by block out of a snapshot into a bulk build, so that memory stays bounded whatever the range.
 */
#include <stdlib.h>
#include <string.h>

#include <sextant/recode.h>

#include "command/look.h"
#include "command/ui.h"

enum { BLOCK = 256 * 1024, HEAD = 64 * 1024 };

typedef struct Convert {
    const SxEncoding *from, *to;
    SxLineEnd end; /* of line-ends, where from and to are the same */
    SxBulk *bulk;
    Look look;
    SxSpan range;
    uint8_t *in, *out; /* BLOCK, and what becomes of it */
    uint64_t changed;  /* bytes, or line ends */
} Convert;

/* What is done with a block; sets *used, which is not 0 when `last`. */
typedef bool Block(Convert *c, uint64_t at, SxBytes in, bool last, size_t *used, SxError *err);

static bool
find_encoding(const char *name, const SxEncoding **out, SxError *err)
{
    *out = sx_encoding_find(name);
    return *out || sx_fail(err, SX_ERR_UNKNOWN, "%s: no such encoding; :encodings lists them", name);
}

static bool
cannot(const Convert *c, uint64_t at, const SxRecodeStop *stop, SxError *err)
{
    unsigned long long where = at + stop->at;
    if (stop->code == SX_NO_CHARACTER)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "0x%llx: no character of %s; nothing changed", where, c->from->name);
    return sx_fail(err, SX_ERR_UNSUPPORTED, "0x%llx: %s has no U+%04X; nothing changed", where, c->to->name, stop->code);
}

static bool
convert_block(Convert *c, uint64_t at, SxBytes in, bool last, size_t *used, SxError *err)
{
    SxRecodeStop stop;
    size_t made;
    if (!sx_recode(c->from, c->to, in, last, c->out, used, &made, &stop))
        return cannot(c, at, &stop, err);
    bool same = made == *used && memcmp(c->out, in.data, made) == 0;
    c->changed += same ? 0 : *used;
    return same || sx_bulk_replace(c->bulk, (SxSpan){at, *used}, sx_bytes(c->out, made), err);
}

static bool
line_block(Convert *c, uint64_t at, SxBytes in, bool last, size_t *used, SxError *err)
{
    uint8_t end[2 * SX_ENCODING_MOST];
    size_t n = c->end == SX_LINE_CRLF ? sx_encoding_encode(c->from, '\r', end) : 0, len = 0;
    n += sx_encoding_encode(c->from, sx_line_end_sign(c->from, c->end), end + n);
    *used = 0;
    while (sx_line_end_other(c->from, c->end, in, *used, last, used, &len)) {
        if (!sx_bulk_replace(c->bulk, (SxSpan){at + *used, len}, sx_bytes(end, n), err))
            return false;
        *used += len;
        c->changed++;
    }
    return true;
}

static bool
all_blocks(Convert *c, Block *block, SxError *err)
{
    for (uint64_t done = 0; done < c->range.len;) {
        uint64_t left = c->range.len - done, at = c->range.at + done;
        SxSpan span = {at, left < BLOCK ? left : BLOCK};
        size_t used = 0;
        if (sx_job_cancelled(c->look.job))
            return sx_fail(err, SX_ERR_CANCELLED, "cancelled, nothing changed");
        if (!sx_source_read(c->look.source, span, c->in, err) ||
            !block(c, at, sx_bytes(c->in, (size_t)span.len), left <= BLOCK, &used, err))
            return false;
        sx_job_advance(c->look.job, used);
        done += used;
    }
    return true;
}

static bool
one_step(SxSession *s, Convert *c, Block *block, SxError *err)
{
    if (!sx_document_bulk_begin(session_document(s), &c->bulk, err))
        return false;
    bool done = all_blocks(c, block, err);
    if (done && c->changed)
        return sx_bulk_commit(c->bulk, err);
    sx_bulk_cancel(c->bulk);
    return done;
}

static bool
with_blocks(Convert *c, SxError *err)
{
    c->in = malloc(BLOCK);
    c->out = malloc((size_t)BLOCK * SX_ENCODING_MOST);
    return (c->in && c->out) || sx_fail(err, SX_ERR_NOMEM, "no memory to convert a block");
}

static SxExit
convert(SxSession *s, const Args *a, const Arg *range, Convert *c, Block *block, SxError *err)
{
    bool ok = with_blocks(c, err) && look_begin(s, &c->look, a->name, err);
    if (ok) {
        c->range = range->given ? range->range : sx_span(0, c->look.length);
        sx_job_total(c->look.job, c->range.len);
        ok = one_step(s, c, block, err);
        look_end(s, &c->look);
    }
    free(c->in);
    free(c->out);
    if (ok && !s->hooks) {
        row_count(s, "count", c->changed);
        row_end(s);
    }
    return outcome(ok, err);
}

SxExit
cmd_convert(SxSession *s, const Args *a, SxError *err)
{
    Convert c = {0};
    if (!find_encoding(a->arg[0].word, &c.from, err) || !find_encoding(a->arg[1].word, &c.to, err))
        return outcome(false, err);
    SxExit exit = convert(s, a, &a->arg[2], &c, convert_block, err);
    if (exit == SX_EXIT_DONE && s->ui && c.changed && c.range.at == 0 && c.range.len == c.look.length)
        ui_text_converted(s, c.from, c.to, c.look.length);
    if (exit == SX_EXIT_DONE && c.changed == 0)
        session_say(s, "all of it is the same bytes in %s; nothing changed", c.to->name);
    else if (exit == SX_EXIT_DONE)
        session_say(s, "%llu bytes of %s are %s now, u undoes", (unsigned long long)c.changed, c.from->name, c.to->name);
    return exit;
}

/* As it was chosen, or as the beginning looks. */
static const SxEncoding *
encoding_of(SxSession *s)
{
    if (s->ui && s->ui->encoding)
        return s->ui->encoding;
    SxDocument *d = session_document(s);
    uint8_t *head = malloc(HEAD);
    size_t got = 0;
    SxError none;
    if (!head || !sx_document_peek(d, 0, head, HEAD, &got, &none))
        got = 0;
    const SxEncoding *e = sx_encoding_guess(sx_bytes(head, got), got == sx_document_length(d)).encoding;
    free(head);
    return e;
}

SxExit
cmd_line_ends(SxSession *s, const Args *a, SxError *err)
{
    static const char *const names[] = {[SX_LINE_LF] = "lf", [SX_LINE_CRLF] = "crlf", [SX_LINE_CR] = "cr", [SX_LINE_NEL] = "nel"};
    Convert c = {.from = encoding_of(s)};
    while (strcmp(names[c.end], a->arg[0].word) != 0)
        c.end++;
    if (c.end == SX_LINE_NEL && !sx_encoding_has_nel(c.from))
        return outcome(sx_fail(err, SX_ERR_UNSUPPORTED, "lines end with NEL in EBCDIC, and this is %s", c.from->name), err);
    SxExit exit = convert(s, a, &a->arg[1], &c, line_block, err);
    if (exit == SX_EXIT_DONE && c.changed == 0)
        session_say(s, "every line ends with %s already; nothing changed", sx_line_end_name(c.end));
    else if (exit == SX_EXIT_DONE)
        session_say(s, "%llu line ends are %s now, u undoes", (unsigned long long)c.changed, sx_line_end_name(c.end));
    return exit;
}

SxExit
cmd_encodings(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    const SxEncoding *e;
    for (size_t i = 0; (e = sx_encoding_at(i)); i++) {
        row_word(s, "name", e->name);
        row_word(s, "aliases", e->aliases);
        row_end(s);
    }
    return SX_EXIT_DONE;
}
