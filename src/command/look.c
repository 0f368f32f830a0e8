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

uint64_t
look_unread(SxSession *s, SxSource *source, SxSpan span)
{
    enum { MANY = 64 };
    SxSpan lost[MANY];
    uint64_t sum = 0;
    size_t n = MANY;
    span = sx_span_clip(span, sx_source_size(source));
    if (sx_document_kind(session_document(s)) == SX_KIND_PROC)
        return 0;
    while (n >= MANY && span.len > 0) {
        n = sx_source_lost(source, span, lost, MANY);
        for (size_t i = 0; i < n && i < MANY; i++)
            sum += lost[i].len;
        if (n >= MANY)
            span = sx_span(sx_span_end(lost[MANY - 1]), sx_span_end(span));
    }
    return sum;
}

SxExit
look_all_read(SxSession *s, const Look *look, SxSpan span, SxExit exit, SxError *err)
{
    char size[24];
    uint64_t unread = look_unread(s, look->source, span);
    if (unread == 0 || exit > SX_EXIT_ABSENT)
        return exit;
    return outcome(sx_fail(err, SX_ERR_LOST, "%s of 0x%llx:0x%llx cannot be read and were not searched",
                           sx_text_size(size, sizeof size, unread), (unsigned long long)span.at,
                           (unsigned long long)sx_span_end(span)),
                   err);
}

static SxExit
tell_absent(SxSession *s, const Look *look, const SxPattern *pattern, SxSpan span, SxError *err)
{
    char size[24], time[32], text[48], shown[96];
    SxProgress progress = {0};
    if (look->job)
        progress = sx_job_progress(look->job);
    const char *typed = sx_pattern_text(pattern);
    (void)sx_text_printable(shown, sizeof shown, sx_bytes(typed, strlen(typed)), SX_PRINTABLE_UTF8);
    sx_text_middle(text, sizeof text, shown, 30);
    uint64_t unread = look_unread(s, look->source, span);
    if (unread > 0)
        return outcome(sx_fail(err, SX_ERR_LOST, "%s %s: not found, but %s of 0x%llx:0x%llx cannot be read", text,
                               kind_word(pattern), sx_text_size(size, sizeof size, unread), (unsigned long long)span.at,
                               (unsigned long long)sx_span_end(span)),
                       err);
    session_warn(s, "%s %s: not in 0x%llx:0x%llx (%s, %s)", text, kind_word(pattern), (unsigned long long)span.at,
                 (unsigned long long)sx_span_end(span), sx_text_size(size, sizeof size, span.len),
                 sx_text_duration(time, sizeof time, progress.nanoseconds));
    return SX_EXIT_ABSENT;
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
    if (found == SX_ABSENT)
        return tell_absent(s, look, pattern, span, err);
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
