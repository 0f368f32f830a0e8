/*
 * patch_write.c - changes as lines of text. Offsets are those of the file before.
 */
#include <sextant/patch.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

enum { LINE_BYTES = 16, RUN_MIN = 2 * LINE_BYTES, FLUSH = 1 << 16 };

static bool
put(SxPatchWriter *w, SxString *text, SxError *err)
{
    bool ok = text->failed ? sx_fail(err, SX_ERR_NOMEM, "no memory to write the patch")
                           : w->out(w->data, sx_bytes(text->data, text->len), err);
    sx_string_clear(text);
    return ok;
}

bool
sx_patch_begin(SxPatchWriter *w, const SxPatchHead *head, SxError *err)
{
    SxString text = {0};
    sx_string_addf(&text, "sextant patch 1\nfile %s\nsize %" PRIu64 "\nresult %" PRIu64 "\n", head->name, head->size,
                   head->result);
    return put(w, &text, err);
}

bool
sx_patch_end(SxPatchWriter *w, SxError *err)
{
    SxString text = {0};
    sx_string_addf(&text, "end %" PRIu64 "\n", w->parts);
    return put(w, &text, err);
}

/* How often the first byte follows itself. */
static size_t
run_of(SxBytes bytes)
{
    size_t n = 1;
    while (n < bytes.len && bytes.data[n] == bytes.data[0])
        n++;
    return n;
}

/* Up to a line's worth, not into a run that is worth a line of its own. */
static size_t
add_plain(SxString *text, char sign, SxBytes bytes)
{
    char shown[LINE_BYTES + 1];
    size_t n = 0;
    sx_string_addf(text, "%c", sign);
    for (; n < bytes.len && n < LINE_BYTES; n++) {
        if (n > 0 && run_of(sx_bytes(bytes.data + n, bytes.len - n)) >= RUN_MIN)
            break;
        shown[n] = (char)(bytes.data[n] >= ' ' && bytes.data[n] < 0x7f ? bytes.data[n] : '.');
        sx_string_addf(text, " %02x", bytes.data[n]);
    }
    shown[n] = '\0';
    sx_string_addf(text, "%*s |%s|\n", (int)(3 * (LINE_BYTES - n)), "", shown);
    return n;
}

static bool
put_side(SxPatchWriter *w, char sign, SxBytes bytes, SxError *err)
{
    SxString text = {0};
    for (size_t i = 0; i < bytes.len;) {
        SxBytes rest = sx_bytes(bytes.data + i, bytes.len - i);
        size_t run = run_of(rest);
        if (run >= RUN_MIN) {
            sx_string_addf(&text, "%c %02x*%zu\n", sign, rest.data[0], run);
            i += run;
        } else {
            i += add_plain(&text, sign, rest);
        }
        if (text.len >= FLUSH && !put(w, &text, err))
            return false;
    }
    return text.len == 0 || put(w, &text, err);
}

static bool
put_part(SxPatchWriter *w, uint64_t at, SxBytes old, SxBytes now, SxError *err)
{
    SxString head = {0};
    sx_string_addf(&head, "@ 0x%" PRIx64 " %zu %zu\n", at, old.len, now.len);
    w->parts++;
    return put(w, &head, err) && put_side(w, '-', old, err) && put_side(w, '+', now, err);
}

static size_t
side_of(uint64_t len)
{
    return len < SX_PATCH_SIDE_MAX ? (size_t)len : SX_PATCH_SIDE_MAX;
}

static bool
read_side(SxSource *source, SxSpan span, uint8_t *to, SxError *err)
{
    return span.len == 0 || sx_source_read(source, span, to, err);
}

bool
sx_patch_change(SxPatchWriter *w, uint64_t at, SxSource *old, SxSpan removed, SxSource *now, SxSpan inserted, SxJob *job,
                SxError *err)
{
    size_t most = side_of(removed.len);
    uint8_t *both = malloc(most + side_of(inserted.len) + 1);
    bool ok = both || sx_fail(err, SX_ERR_NOMEM, "no memory to write the patch");
    w->count++;
    w->bytes += removed.len > inserted.len ? removed.len : inserted.len;
    while (ok && (removed.len > 0 || inserted.len > 0)) {
        SxSpan was = {removed.at, side_of(removed.len)}, is = {inserted.at, side_of(inserted.len)};
        uint8_t *second = both + most;
        ok = read_side(old, was, both, err) && read_side(now, is, second, err) &&
             put_part(w, at, sx_bytes(both, (size_t)was.len), sx_bytes(second, (size_t)is.len), err) &&
             (!sx_job_cancelled(job) || sx_fail(err, SX_ERR_CANCELLED, "cancelled"));
        removed = sx_span(sx_span_end(was), sx_span_end(removed));
        inserted = sx_span(sx_span_end(is), sx_span_end(inserted));
        at += was.len;
    }
    free(both);
    return ok;
}
