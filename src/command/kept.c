/* kept.c - see kept.h. */
#include "command/kept.h"

#include <stdlib.h>

#include <sextant/text.h>

Kept *
kept_new(void)
{
    Kept *s = calloc(1, sizeof *s);
    if (s)
        s->refs = 1;
    return s;
}

Kept *
kept_retain(Kept *s)
{
    s->refs++;
    return s;
}

void
kept_release(Kept *s)
{
    if (!s || --s->refs > 0)
        return;
    free(s->at);
    free(s->bytes);
    free(s->begins);
    free(s);
}

bool
kept_add(Kept *s, SxSpan span)
{
    if (!sx_grow(&s->at, &s->cap, s->count + 1, sizeof *s->at))
        return false;
    s->at[s->count++] = span;
    return true;
}

static bool
read_bytes(Kept *s, SxSpan span, SxSource *source, SxError *err)
{
    if (span.len > KEPT_BYTES_MAX - s->len)
        return sx_fail(err, SX_ERR_LIMIT, "the bytes of these matches are more than %d MiB", KEPT_BYTES_MAX >> 20);
    size_t len = (size_t)span.len;
    if (!sx_grow(&s->bytes, &s->cap_bytes, s->len + len + 1, 1) ||
        !sx_grow(&s->begins, &s->cap_begins, s->count + 1, sizeof *s->begins))
        return sx_fail(err, SX_ERR_NOMEM, "no memory for matches");
    if (len > 0 && !sx_source_read(source, span, s->bytes + s->len, err))
        return false;
    s->begins[s->count] = s->len;
    s->len += len;
    return true;
}

bool
kept_add_read(Kept *s, SxSpan span, SxSource *source, SxError *err)
{
    if (s->count == KEPT_MAX)
        return sx_fail(err, SX_ERR_LIMIT, "more than %d matches", KEPT_MAX);
    if (!read_bytes(s, span, source, err))
        return false;
    return kept_add(s, span) || sx_fail(err, SX_ERR_NOMEM, "no memory for matches");
}

size_t
kept_index(const Kept *s, uint64_t at)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->at[mid].at < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
