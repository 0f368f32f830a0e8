/* cmd_patch.c - export and import: changes against the file as a patch, and a patch made a step of the history. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sextant/patch.h>

#include "command/look.h"
#include "command/matches_out.h"
#include "command/text_file.h"

static bool
is_patch(const Args *a, SxError *err)
{
    const char *format = a->arg[0].word;
    return strcmp(format, "patch") == 0 ||
           sx_fail(err, SX_ERR_UNKNOWN, "%s is no format that is known; %s", format,
                   strcmp(a->name, "export") == 0 ? "patch, matches-offsets, -csv, -json are" : "patch is");
}

/* "2 changes, 5 bytes" on the screen, the numbers alone for programs. */
static void
tell(SxSession *s, const char *text, uint64_t changes, uint64_t bytes)
{
    if (s->hooks) {
        session_say(s, "%s: %" PRIu64 " change%s, %" PRIu64 " byte%s", text, changes, changes == 1 ? "" : "s", bytes,
                    bytes == 1 ? "" : "s");
        return;
    }
    row_count(s, "changes", changes);
    row_count(s, "bytes", bytes);
    row_end(s);
}

/* --- export ---------------------------------------------------------------------------------------------------------- */

static bool
out(void *data, SxBytes text, SxError *err)
{
    return text_file_write(data, text, err);
}

static bool
export_hunk(const Look *look, SxPatchWriter *w, const SxHunk *h, SxError *err)
{
    SxSource *old = sx_snapshot_hunk_old(look->snapshot, h);
    bool ok = old ? sx_patch_change(w, h->file_at, old, (SxSpan){0, h->removed}, look->source,
                                    (SxSpan){h->at, h->inserted}, look->job, err)
                  : sx_fail(err, SX_ERR_NOMEM, "no memory to write the patch");
    sx_source_release(old);
    return ok;
}

/* Whether a hunk belongs to the range: an empty one where it lies. */
static bool
in_range(const SxHunk *h, SxSpan range)
{
    return h->at < sx_span_end(range) ? h->at + h->inserted + (h->inserted == 0) > range.at : h->at == range.at;
}

typedef bool EachHunk(void *data, const Look *look, const SxHunk *h, SxError *err);

static bool
each_hunk(const Look *look, SxSpan range, EachHunk *call, void *data, SxError *err)
{
    SxHunk h;
    uint64_t from = range.at;
    for (; sx_snapshot_hunk_next(look->snapshot, from, &h) && h.at <= sx_span_end(range); from = look_behind(&h))
        if (in_range(&h, range) && !call(data, look, &h, err))
            return false;
    return true;
}

/* The head says how long the result is, so lengths are added up first. */
static bool
add_length(void *data, const Look *look, const SxHunk *h, SxError *err)
{
    uint64_t *length = data;
    (void)look, (void)err;
    *length += h->inserted - h->removed;
    return true;
}

static bool
add_hunk(void *data, const Look *look, const SxHunk *h, SxError *err)
{
    return export_hunk(look, data, h, err);
}

static bool
write_patch(SxSession *s, const Look *look, SxSpan range, SxPatchWriter *w, SxError *err)
{
    SxPatchHead head = {.size = sx_document_file_size(session_document(s))};
    const char *name = sx_document_name(session_document(s));
    sx_text_printable(head.name, sizeof head.name, sx_bytes(name, strlen(name)), SX_PRINTABLE_UTF8);
    head.result = head.size;
    return each_hunk(look, range, add_length, &head.result, err) && sx_patch_begin(w, &head, err) &&
           each_hunk(look, range, add_hunk, w, err) && sx_patch_end(w, err);
}

static bool
export_patch(SxSession *s, const Args *a, const Look *look, SxPatchWriter *w, SxError *err)
{
    TextFile file;
    const char *path = a->arg[1].word;
    SxSpan range = a->arg[2].given ? a->arg[2].range : (SxSpan){0, look->length};
    if (!text_file_open(&file, path, "export", a->force, err))
        return false;
    *w = (SxPatchWriter){.out = out, .data = &file};
    bool written = write_patch(s, look, range, w, err);
    return text_file_close(&file, written, err) && written;
}

/* "out.txt: 2 matches", and on a screen in the same line that they may not be all. */
static SxExit
tell_exported(SxSession *s, const Args *a, const Look *look, SxSpan range, uint64_t count, SxError *err)
{
    char name[64], size[24];
    if (!s->hooks) {
        row_count(s, "count", count);
        row_end(s);
        return look_all_read(s, look, range, count ? SX_EXIT_DONE : SX_EXIT_ABSENT, err);
    }
    uint64_t unread = look_unread(s, look->source, range);
    look_file_name(a->arg[1].word, name, sizeof name);
    if (unread > 0)
        session_warn(s, "%s: %" PRIu64 " match%s, but %s cannot be read", name, count, count == 1 ? "" : "es",
                     sx_text_size(size, sizeof size, unread));
    else
        session_say(s, "%s: %" PRIu64 " match%s", name, count, count == 1 ? "" : "es");
    return SX_EXIT_DONE;
}

static SxExit
export_matches(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    uint64_t count = 0;
    if (!look_begin(s, &look, "export", err))
        return outcome(false, err);
    SxSpan range = sx_span_clip(a->arg[2].given ? a->arg[2].range : session_tab(s)->searched, look.length);
    SxExit exit = outcome(matches_export(s, a, &look, range, &count, err), err);
    if (exit == SX_EXIT_DONE)
        exit = tell_exported(s, a, &look, range, count, err);
    look_end(s, &look);
    return exit;
}

SxExit
cmd_export(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    SxPatchWriter w;
    char name[64];
    bool matches = matches_format(a->arg[0].word);
    if ((!matches && !is_patch(a, err)) || !session_spares(s, a->arg[1].word, err))
        return outcome(false, err);
    if (matches)
        return export_matches(s, a, err);
    if (!look_begin(s, &look, "export", err))
        return outcome(false, err);
    bool ok = export_patch(s, a, &look, &w, err);
    look_end(s, &look);
    if (ok)
        tell(s, look_file_name(a->arg[1].word, name, sizeof name), w.count, w.bytes);
    return outcome(ok, err);
}

/* --- import ---------------------------------------------------------------------------------------------------------- */

/* "03 00 3e ..." */
static const char *
hex_words(SxBytes bytes, char *buf, size_t size)
{
    enum { SHOWN = 6 };
    size_t used = 0;
    snprintf(buf, size, "nothing");
    for (size_t i = 0; i < bytes.len && i < SHOWN; i++)
        used += (size_t)snprintf(buf + used, size - used, "%s%02x", i ? " " : "", bytes.data[i]);
    if (bytes.len > SHOWN)
        snprintf(buf + used, size - used, " ...");
    return buf;
}

/* From the first byte that differs on. */
static bool
differs(const SxPatchChange *c, SxBytes have, SxError *err)
{
    char wants[40], has[40];
    size_t i = 0;
    while (i < have.len && have.data[i] == c->removed.data[i])
        i++;
    bool done = c->inserted.len == have.len && memcmp(have.data, c->inserted.data, have.len) == 0;
    hex_words(sx_bytes(c->removed.data + i, c->removed.len - i), wants, sizeof wants);
    return sx_fail(err, SX_ERR_CONFLICT, "0x%" PRIx64 " has %s%s, the patch wants %s. Nothing applied", c->at + i,
                   hex_words(sx_bytes(have.data + i, have.len - i), has, sizeof has), done ? ", the new bytes" : "", wants);
}

/* The document must have what the patch replaces. */
static bool
check(const Look *look, const SxPatchChange *c, SxError *err)
{
    SxPin pin;
    if (c->at > look->length || c->removed.len > look->length - c->at)
        return sx_fail(err, SX_ERR_CONFLICT, "0x%" PRIx64 " lies behind the end, 0x%" PRIx64 ". Nothing applied", c->at,
                       look->length);
    if (c->removed.len == 0)
        return true;
    if (!sx_source_pin(look->source, (SxSpan){c->at, c->removed.len}, SX_PIN_VIEW, &pin, err))
        return false;
    bool same = memcmp(pin.data, c->removed.data, c->removed.len) == 0;
    bool lost = sx_source_lost(look->source, pin.span, NULL, 0) > 0;
    bool ok = lost ? sx_fail(err, SX_ERR_LOST, "0x%" PRIx64 " cannot be read and so not be checked. Nothing applied", c->at)
                   : same || differs(c, sx_bytes(pin.data, c->removed.len), err);
    sx_source_unpin(look->source, &pin);
    return ok;
}

typedef struct Applied {
    uint64_t changes;
    uint64_t bytes;
} Applied;

static bool
add_change(SxBulk *bulk, const Look *look, const SxPatchChange *c, Applied *done, SxError *err)
{
    if (sx_job_cancelled(look->job))
        return sx_fail(err, SX_ERR_CANCELLED, "cancelled, nothing applied");
    done->changes++;
    done->bytes += c->removed.len > c->inserted.len ? c->removed.len : c->inserted.len;
    return check(look, c, err) && sx_bulk_replace(bulk, (SxSpan){c->at, c->removed.len}, c->inserted, err);
}

/* All of it as one step, or nothing. */
static bool
apply(SxSession *s, const Look *look, SxPatch *patch, Applied *done, SxError *err)
{
    SxBulk *bulk;
    SxPatchChange c;
    if (!sx_document_bulk_begin(session_document(s), &bulk, err))
        return false;
    SxFound found = SX_FOUND;
    while ((found = sx_patch_next(patch, &c, err)) == SX_FOUND)
        if (!add_change(bulk, look, &c, done, err))
            break;
    if (found == SX_ABSENT && done->changes > 0)
        return sx_bulk_commit(bulk, err);
    sx_bulk_cancel(bulk);
    return found == SX_ABSENT;
}

/* A patch belongs to a file of one size; by force only its old bytes count. */
static bool
fits(SxSession *s, const Look *look, const SxPatch *patch, bool force, SxError *err)
{
    const SxPatchHead *head = sx_patch_head(patch);
    return force || head->size == look->length ||
           sx_fail(err, SX_ERR_CONFLICT, "made for %" PRIu64 " bytes, %s has %" PRIu64 "; import! compares bytes only",
                   head->size, *session_tab(s)->name ? session_tab(s)->name : "it", look->length);
}

static bool
import_patch(SxSession *s, const Args *a, const Look *look, Applied *done, SxError *err)
{
    SxMap *map;
    SxPatch *patch = NULL;
    if (!sx_map_open(&map, a->arg[1].word, &(SxMapOptions){.access = SX_ACCESS_READ}, err))
        return false;
    SxSource *text = sx_map_source(map);
    bool ok = text || sx_fail(err, SX_ERR_NOMEM, "no memory to read the patch");
    ok = ok && sx_patch_open(&patch, text, err) && fits(s, look, patch, a->force, err) &&
         apply(s, look, patch, done, err);
    sx_patch_free(patch);
    sx_source_release(text);
    sx_map_free(map);
    return ok;
}

/* Whatever went wrong, it was in that file, or with it. */
static void
name_file(const char *name, SxError *err)
{
    SxError why = *err;
    (void)sx_fail(err, why.code, "%s: %s", name, why.text);
    err->sys = why.sys;
}

SxExit
cmd_import(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    Applied done = {0};
    char name[64];
    look_file_name(a->arg[1].word, name, sizeof name);
    if (!is_patch(a, err) || !look_begin(s, &look, "import", err))
        return outcome(false, err);
    bool ok = import_patch(s, a, &look, &done, err);
    look_end(s, &look);
    if (ok)
        tell(s, name, done.changes, done.bytes);
    else if (err->code == SX_ERR_SYNTAX || err->code == SX_ERR_CONFLICT || err->code == SX_ERR_LOST)
        name_file(name, err);
    return outcome(ok, err);
}
