/* cmd_change.c - the handlers of commands_change.def that put bytes somewhere. */
#include <stdio.h>
#include <stdlib.h>

#include "command/session_private.h"

/* Call `edit` with the bytes of a BYTES argument, wherever they come from. */
typedef bool Edit(SxSession *s, const Args *a, SxBytes bytes, SxError *err);

static SxExit
with_bytes(SxSession *s, const Args *a, size_t index, Edit *edit, SxError *err)
{
    uint8_t *loaded;
    SxBytes bytes;
    if (!arg_bytes(&a->arg[index], &loaded, &bytes, err))
        return outcome(false, err);
    bool ok = edit(s, a, bytes, err);
    free(loaded);
    return outcome(ok, err);
}

static bool
put(SxSession *s, const Args *a, SxBytes bytes, SxError *err)
{
    (void)a;
    return sx_document_write(session_document(s), bytes, err);
}

SxExit
cmd_put(SxSession *s, const Args *a, SxError *err)
{
    return with_bytes(s, a, 0, put, err);
}

/* --- assign -------------------------------------------------------------------------------------------------------- */

/* Says both lengths, and what would change the length. */
static bool
wrong_length(SxSession *s, const Args *a, SxBytes bytes, SxError *err)
{
    bool through = sx_document_access(session_document(s)) == SX_ACCESS_WRITE;
    const Arg *range = &a->arg[0], *what = &a->arg[1];
    return sx_fail(err, SX_ERR_LENGTH, "%.*s has %zu bytes, %.*s has %llu; %s", (int)what->text.len,
                   (const char *)what->text.data, bytes.len, (int)range->text.len, (const char *)range->text.data,
                   (unsigned long long)range->range.len,
                   through ? "WRITE-THROUGH keeps length. :access copy"
                           : "assign keeps the length, insert and delete change it");
}

static bool
assign(SxSession *s, const Args *a, SxBytes bytes, SxError *err)
{
    SxSpan span = a->arg[0].range;
    if (span.len != bytes.len)
        return wrong_length(s, a, bytes, err);
    return bytes.len == 0 || sx_document_overwrite(session_document(s), span.at, bytes, err);
}

SxExit
cmd_assign(SxSession *s, const Args *a, SxError *err)
{
    return with_bytes(s, a, 1, assign, err);
}

/* --- insert, delete: the cursor stays on its byte ------------------------------------------------------------ */

/* The cursor after a change, when it was at `cursor` before: on the same byte, or where that was. */
static bool
cursor_follows(SxDocument *d, uint64_t cursor, const SxChange *c, SxError *err)
{
    if (cursor >= c->at + c->removed)
        cursor = cursor - c->removed + c->inserted;
    else if (cursor > c->at)
        cursor = c->at;
    return sx_document_seek_to(d, cursor, err);
}

static uint64_t
place(SxSession *s, const Args *a)
{
    return a->arg[1].given ? a->arg[1].offset : sx_document_tell(session_document(s));
}

static SxExit
insert_file(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    uint64_t at = place(s, a), cursor = sx_document_tell(d), before = sx_document_length(d);
    if (!sx_document_insert_file(d, at, a->arg[0].file, SX_SPAN_ALL, err))
        return outcome(false, err);
    SxChange c = {at, 0, sx_document_length(d) - before};
    return outcome(cursor_follows(d, cursor, &c, err), err);
}

static bool
insert(SxSession *s, const Args *a, SxBytes bytes, SxError *err)
{
    SxDocument *d = session_document(s);
    uint64_t at = place(s, a), cursor = sx_document_tell(d);
    SxChange c = {at, 0, bytes.len};
    return sx_document_insert(d, at, bytes, err) && cursor_follows(d, cursor, &c, err);
}

SxExit
cmd_insert(SxSession *s, const Args *a, SxError *err)
{
    if (a->arg[0].file)
        return insert_file(s, a, err);
    return with_bytes(s, a, 0, insert, err);
}

SxExit
cmd_delete(SxSession *s, const Args *a, SxError *err)
{
    SxDocument *d = session_document(s);
    uint64_t cursor = sx_document_tell(d);
    SxSpan span = a->arg[0].range;
    SxChange c = {span.at, span.len, 0};
    return outcome(sx_document_delete(d, span, err) && cursor_follows(d, cursor, &c, err), err);
}

SxExit
cmd_resize(SxSession *s, const Args *a, SxError *err)
{
    return outcome(sx_document_resize(session_document(s), a->arg[0].offset, err), err);
}

/* --- fill, move ---------------------------------------------------------------------------------------------------- */

static bool
fill(SxSession *s, const Args *a, SxBytes bytes, SxError *err)
{
    if (bytes.len == 0)
        return sx_fail(err, SX_ERR_SYNTAX, "fill wants at least one byte to repeat");
    return sx_document_fill(session_document(s), a->arg[0].range, bytes, err);
}

SxExit
cmd_fill(SxSession *s, const Args *a, SxError *err)
{
    return with_bytes(s, a, 1, fill, err);
}

SxExit
cmd_move(SxSession *s, const Args *a, SxError *err)
{
    uint64_t dest = a->arg[0].offset, src = a->arg[1].offset, count = a->arg[2].offset;
    return outcome(sx_document_move(session_document(s), dest, src, count, err), err);
}
