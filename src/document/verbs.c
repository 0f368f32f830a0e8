/*
 * verbs.c - reading and writing by position and by slice, as map.h has it, on a document.
 */
#include "document/core.h"

#include <sextant/text.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the position ------------------------------------------------------------------------------------------------------------------ */

uint64_t
sx_document_tell(const SxDocument *d)
{
    return d->pos;
}

bool
sx_document_seek_to(SxDocument *d, uint64_t offset, SxError *err)
{
    uint64_t length = document_length(d);
    if (offset > length)
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " is outside the %" PRIu64 " bytes there are", offset, length);
    d->pos = offset;
    return true;
}

bool
sx_document_seek(SxDocument *d, int64_t offset, SxWhence whence, SxError *err)
{
    uint64_t base = whence == SX_SEEK_START ? 0 : whence == SX_SEEK_HERE ? d->pos : document_length(d);
    uint64_t distance = offset < 0 ? -(uint64_t)offset : (uint64_t)offset;
    if (offset < 0 ? distance > base : distance > UINT64_MAX - base)
        return sx_fail(err, SX_ERR_RANGE, "%" PRId64 " from 0x%" PRIx64 " is outside", offset, base);
    return sx_document_seek_to(d, offset < 0 ? base - distance : base + distance, err);
}

/* --- reading --------------------------------------------------------------------------------------------------------------------------- */

static SxSource *
source_of(SxDocument *d, SxError *err)
{
    SxSnapshot *now = document_now(d);
    if (!now)
        sx_fail(err, SX_ERR_NOMEM, "no memory to read");
    return now ? sx_snapshot_source(now) : NULL;
}

bool
sx_document_peek(SxDocument *d, uint64_t at, void *buf, size_t max, size_t *got, SxError *err)
{
    SxSource *source = source_of(d, err);
    SxSpan span = sx_span_clip((SxSpan){at, max}, document_length(d));
    if (!source || (span.len > 0 && !sx_source_read(source, span, buf, err)))
        return false;
    *got = (size_t)span.len;
    return true;
}

bool
sx_document_get(SxDocument *d, int64_t index, uint8_t *out, SxError *err)
{
    uint64_t length = document_length(d);
    uint64_t at = index < 0 ? length - -(uint64_t)index : (uint64_t)index;
    if (index < 0 ? -(uint64_t)index > length : at >= length)
        return sx_fail(err, SX_ERR_RANGE, "index %" PRId64 " is outside the %" PRIu64 " bytes there are", index, length);
    size_t got;
    return sx_document_peek(d, at, out, 1, &got, err);
}

static bool
read_span(SxDocument *d, SxSpan span, uint8_t **out, size_t *len, SxError *err)
{
    uint8_t *bytes = span.len < SIZE_MAX ? malloc((size_t)span.len + 1) : NULL;
    size_t got = 0;
    if (!bytes)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for %" PRIu64 " bytes", span.len);
    if (!sx_document_peek(d, span.at, bytes, (size_t)span.len, &got, err)) {
        free(bytes);
        return false;
    }
    *out = bytes;
    *len = got;
    return true;
}

bool
sx_document_slice(SxDocument *d, int64_t a, int64_t b, uint8_t **out, size_t *len, SxError *err)
{
    return read_span(d, sx_slice(document_length(d), a, b), out, len, err);
}

bool
sx_document_read(SxDocument *d, size_t max, uint8_t **out, size_t *len, SxError *err)
{
    uint64_t length = document_length(d);
    uint64_t most = max == SIZE_MAX ? UINT64_MAX : max;
    SxSpan span = sx_span_clip((SxSpan){d->pos, most}, length);
    if (!read_span(d, span, out, len, err))
        return false;
    d->pos += span.len;
    return true;
}

bool
sx_document_read_byte(SxDocument *d, uint8_t *out, SxError *err)
{
    size_t got;
    if (d->pos >= document_length(d))
        return sx_fail(err, SX_ERR_RANGE, "no byte at 0x%" PRIx64 ", the end", d->pos);
    if (!sx_document_peek(d, d->pos, out, 1, &got, err))
        return false;
    d->pos++;
    return true;
}

/* The offset behind the next line end from the position on, or the length. */
static bool
line_end(SxDocument *d, uint64_t *end, SxError *err)
{
    enum { BLOCK = 64 << 10 };
    uint64_t length = document_length(d);
    SxSource *source = source_of(d, err);
    if (!source)
        return false;
    for (uint64_t at = d->pos; at < length;) {
        SxSpan span = sx_span_clip((SxSpan){at, BLOCK}, length);
        SxPin pin;
        if (!sx_source_pin(source, span, SX_PIN_VIEW, &pin, err))
            return false;
        const uint8_t *found = memchr(pin.data, '\n', span.len);
        at = found ? at + (uint64_t)(found - pin.data) + 1 : sx_span_end(span);
        sx_source_unpin(source, &pin);
        *end = at;
        if (found)
            return true;
    }
    return true;
}

bool
sx_document_readline(SxDocument *d, uint8_t **out, size_t *len, SxError *err)
{
    uint64_t end = d->pos;
    if (!line_end(d, &end, err) || !read_span(d, sx_span(d->pos, end), out, len, err))
        return false;
    d->pos = end;
    return true;
}

/* --- writing --------------------------------------------------------------------------------------------------------------------------- */

bool
sx_document_write(SxDocument *d, SxBytes bytes, SxError *err)
{
    if (!document_may_edit(d, err))
        return false;
    uint64_t length = document_length(d);
    if (d->pos > length || bytes.len > length - d->pos)
        return sx_fail(err, SX_ERR_RANGE, "%zu bytes at 0x%" PRIx64 " would pass the end, 0x%" PRIx64, bytes.len, d->pos,
                       length);
    if (!sx_document_overwrite(d, d->pos, bytes, err))
        return false;
    d->pos += bytes.len;
    return true;
}

enum { QUOTED = 24 };

/* "ERROR", when it is short text; else `otherwise`. */
static const char *
quoted(char buf[QUOTED + 3], SxBytes bytes, const char *otherwise)
{
    char text[QUOTED + 1];
    if (bytes.len == 0 || sx_text_printable(text, sizeof text, bytes, 0) >= sizeof text)
        return otherwise;
    snprintf(buf, QUOTED + 3, "\"%s\"", text);
    return buf;
}

/* SX_ERR_LENGTH, with both lengths and what to do instead. */
static bool
other_length(SxDocument *d, SxSpan span, SxBytes bytes, SxError *err)
{
    char new[QUOTED + 3];
    char old[QUOTED + 3];
    uint8_t there[QUOTED];
    size_t got = 0;
    if (span.len <= QUOTED && !sx_document_peek(d, span.at, there, (size_t)span.len, &got, NULL))
        got = 0;
    return sx_fail(err, SX_ERR_LENGTH, "%s has %zu bytes, %s %" PRIu64 "; %s", quoted(new, bytes, "this"), bytes.len,
                   quoted(old, sx_bytes(there, got), "the slice"), span.len,
                   d->access == SX_ACCESS_WRITE ? "WRITE-THROUGH keeps length. :access copy"
                                                : "a slice keeps its length. :insert and :delete change it");
}

bool
sx_document_assign(SxDocument *d, int64_t a, int64_t b, SxBytes bytes, SxError *err)
{
    SxSpan span = sx_slice(document_length(d), a, b);
    if (!document_may_edit(d, err))
        return false;
    return bytes.len == span.len ? sx_document_overwrite(d, span.at, bytes, err) : other_length(d, span, bytes, err);
}

bool
sx_document_flush(SxDocument *d, SxSpan range, SxError *err)
{
    uint64_t length = document_length(d);
    bool all = range.at == 0 && range.len == UINT64_MAX;
    if (!all && (range.at > length || range.len > length - range.at))
        return sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " +%" PRIu64 " is outside the %" PRIu64 " bytes there are", range.at,
                       range.len, length);
    return document_release(d, err) && (d->access != SX_ACCESS_WRITE || !d->map || sx_map_flush(d->map, range, err));
}

static bool
known_advice(const char *name)
{
    const char *known;
    if (strncasecmp(name, "MADV_", 5) == 0)
        name += 5;
    for (size_t i = 0; (known = sx_map_advice_name(i)); i++)
        if (strcasecmp(name, known) == 0)
            return true;
    return false;
}

bool
sx_document_advise(SxDocument *d, const char *name, SxSpan range, bool force, SxError *err)
{
    if (d->map)
        return sx_map_advise(d->map, name, range, force, err);
    return known_advice(name) || sx_fail(err, SX_ERR_UNKNOWN, "%s: no such advice", name);
}
