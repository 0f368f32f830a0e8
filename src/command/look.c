/* look.c - the frame of every command that looks through the document. */
#include "command/look.h"

#include <string.h>

bool
look_begin(SxSession *s, Look *look, const char *name, SxError *err)
{
    SxDocument *d = session_document(s);
    look->snapshot = sx_document_snapshot(d);
    if (!look->snapshot)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to look at the document");
    look->source = sx_snapshot_source(look->snapshot);
    look->cursor = sx_document_tell(d);
    look->length = sx_snapshot_length(look->snapshot);
    look->job = session_job_begin(s, name);
    return true;
}

void
look_end(SxSession *s, Look *look)
{
    session_job_end(s);
    sx_snapshot_release(look->snapshot);
    look->job = NULL;
    look->snapshot = NULL;
    look->source = NULL;
}

static const char *
kind_word(const SxPattern *p)
{
    switch (sx_pattern_kind(p)) {
    case SX_PATTERN_HEX:
        return "as hex";
    case SX_PATTERN_REGEX:
        return "as regex";
    case SX_PATTERN_NUMBER:
        return "as number";
    default:
        return "as text";
    }
}

static void
tell_absent(SxSession *s, const Look *look, const SxPattern *pattern, SxSpan span)
{
    char size[24], time[32], text[48], shown[96];
    SxProgress progress = {0};
    if (look->job)
        progress = sx_job_progress(look->job);
    const char *typed = sx_pattern_text(pattern);
    (void)sx_text_printable(shown, sizeof shown, sx_bytes(typed, strlen(typed)), SX_PRINTABLE_UTF8);
    session_warn(s, "%s %s: not in 0x%llx:0x%llx (%s, %s)", sx_text_middle(text, sizeof text, shown, 30),
                 kind_word(pattern), (unsigned long long)span.at, (unsigned long long)sx_span_end(span),
                 sx_text_size(size, sizeof size, span.len),
                 sx_text_duration(time, sizeof time, progress.nanoseconds));
}

unsigned
look_percent(const Look *look)
{
    SxProgress p = {0};
    if (look->job)
        p = sx_job_progress(look->job);
    return p.total ? (unsigned)((double)p.done * 100 / (double)p.total) : 0;
}

static void
fail_stopped(const Look *look, uint64_t count, uint64_t gave_up, SxError *err)
{
    if (gave_up != UINT64_MAX) {
        (void)sx_fail(err, SX_ERR_LIMIT, "gave up at 0x%llx: pattern too costly there; rest unknown",
                      (unsigned long long)gave_up);
        return;
    }
    (void)sx_fail(err, SX_ERR_CANCELLED, "cancelled at %u%%, %llu found, rest unknown", look_percent(look),
                  (unsigned long long)count);
}

SxExit
look_missed(SxSession *s, const Look *look, const SxPattern *pattern, SxSpan span, SxFound found, uint64_t count,
            uint64_t gave_up, SxError *err)
{
    if (found == SX_ABSENT) {
        tell_absent(s, look, pattern, span);
        return SX_EXIT_ABSENT;
    }
    if (found == SX_STOPPED) {
        fail_stopped(look, count, gave_up, err);
        return SX_EXIT_STOPPED;
    }
    return outcome(false, err);
}

uint64_t
look_behind(const SxHunk *h)
{
    return h->at + h->inserted + (h->inserted == 0);
}

const char *
look_file_name(const char *path, char *buf, size_t size)
{
    char shown[512];
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    sx_text_printable(shown, sizeof shown, sx_bytes(name, strlen(name)), SX_PRINTABLE_UTF8);
    return sx_text_middle(buf, size, shown, 24);
}
