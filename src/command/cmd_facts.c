/* facts.c - info and history: what is known of the document, without reading it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command/look.h"
#include "command/ui_text.h"

static void
fact(SxSession *s, const char *key, const char *value)
{
    row_word(s, "key", key);
    row_word(s, "value", value);
    row_end(s);
}

static void
fact_bytes(SxSession *s, const char *key, const char *value)
{
    row_word(s, "key", key);
    row_bytes(s, "value", sx_bytes(value, strlen(value)));
    row_end(s);
}

static void
fact_count(SxSession *s, const char *key, uint64_t count)
{
    row_word(s, "key", key);
    row_count(s, "value", count);
    row_end(s);
}

const char *
access_word(SxAccess access)
{
    switch (access) {
    case SX_ACCESS_READ:
        return "read";
    case SX_ACCESS_WRITE:
        return "write-through";
    default:
        return "copy";
    }
}

static const char *
device_word(SxMapKind kind)
{
    switch (kind) {
    case SX_KIND_BLOCK:
        return "block";
    case SX_KIND_CHAR:
        return "character";
    case SX_KIND_PROC:
        return "proc";
    default:
        return "no";
    }
}

typedef struct Stored {
    uint64_t holes; /* bytes */
    uint64_t lost;  /* bytes */
} Stored;

static bool
stopped(SxJob *job, SxError *err)
{
    return sx_job_cancelled(job) && !sx_fail(err, SX_ERR_CANCELLED, "cancelled");
}

static bool
add_up(const Look *look, Stored *out, SxError *err)
{
    SxExtent e;
    sx_job_total(look->job, look->length);
    for (uint64_t at = 0; at < look->length; at = sx_span_end(e.span)) {
        if (stopped(look->job, err) || !sx_source_extent(look->source, at, &e, err))
            return false;
        uint64_t len = sx_span_end(e.span) - at;
        out->holes += e.kind == SX_EXTENT_HOLE ? len : 0;
        out->lost += e.kind == SX_EXTENT_LOST ? len : 0;
        sx_job_advance(look->job, len);
    }
    return true;
}

static bool
stored(SxSession *s, Stored *out, SxError *err)
{
    Look look;
    if (!look_begin(s, &look, "info", err))
        return false;
    bool ok = add_up(&look, out, err);
    look_end(s, &look);
    return ok;
}

/* Of what the screen shows as text: as it was chosen, or guessed. Without a screen nothing was. */
static const char *
encoding_word(SxSession *s)
{
    return s->ui ? ui_shown_encoding(s)->name : "ascii";
}

SxExit
cmd_info(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    SxDocument *d = session_document(s);
    Stored st = {0};
    if (!stored(s, &st, err))
        return outcome(false, err);
    SxChangeCount changes = sx_document_changes(d);
    const char *path = sx_document_path(d), *name = sx_document_name(d);
    fact_bytes(s, "name", name && *name ? name : "-");
    fact_bytes(s, "path", path ? path : "-");
    fact_count(s, "size", sx_document_file_size(d));
    fact_count(s, "length", sx_document_length(d));
    fact(s, "access", access_word(sx_document_access(d)));
    row_word(s, "key", "position");
    row_offset(s, "value", sx_document_tell(d));
    row_end(s);
    fact(s, "encoding", encoding_word(s));
    fact_count(s, "changes", changes.hunks);
    fact_count(s, "changed-bytes", changes.bytes);
    fact(s, "device", device_word(sx_document_kind(d)));
    fact_count(s, "holes", st.holes);
    fact_count(s, "lost", st.lost);
    fact(s, "writable", sx_document_writable(d) ? "yes" : "no");
    if (s->ui && ui_text_on(s))
        fact(s, "encoding-is", ui_text_certainty(s));
    return SX_EXIT_DONE;
}

/* --- history ------------------------------------------------------------------------------------------------------- */

static const char *
step_word(SxStepKind kind)
{
    static const char *const words[] = {
        [SX_STEP_INSERT] = "insert", [SX_STEP_DELETE] = "delete", [SX_STEP_OVERWRITE] = "overwrite",
        [SX_STEP_REPLACE] = "replace", [SX_STEP_FILL] = "fill", [SX_STEP_MOVE] = "move",
        [SX_STEP_RESIZE] = "resize", [SX_STEP_MANY] = "many",
    };
    return words[kind];
}

static void
print_step(SxSession *s, const SxStep *step)
{
    char when[32] = "-";
    time_t seconds = (time_t)step->time;
    struct tm utc;
    if (gmtime_r(&seconds, &utc))
        (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    row_count(s, "number", step->number);
    row_word(s, "time", when);
    row_word(s, "kind", step_word(step->kind));
    row_offset(s, "offset", step->at);
    row_count(s, "bytes", step->inserted > step->removed ? step->inserted : step->removed);
    row_end(s);
}

SxExit
cmd_history(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    SxDocument *d = session_document(s);
    SxStep step;
    for (uint64_t n = 1; n <= sx_document_step_count(d); n++)
        if (sx_document_step(d, n, &step))
            print_step(s, &step);
    return SX_EXIT_DONE;
}
