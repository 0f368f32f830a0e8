/* cmd_reread.c - bytes that could not be read may be readable by now: a disk that was pulled, a server that is back. */
#include "command/fetch.h"
#include "command/look.h"

enum { RANGES = 256 }; /* a file knows of fewer; what a device has beyond them is read when it is shown */

/* What is known to be lost of `span`. */
static size_t
known_lost(SxSession *s, SxSpan span, SxSpan *out)
{
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    if (!snapshot)
        return 0;
    span = sx_span_clip(span, sx_snapshot_length(snapshot));
    size_t n = span.len > 0 ? sx_source_lost(sx_snapshot_source(snapshot), span, out, RANGES) : 0;
    sx_snapshot_release(snapshot);
    return n < RANGES ? n : RANGES;
}

static uint64_t
total(const SxSpan *spans, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += spans[i].len;
    return sum;
}

/* Read these ranges, then say what of `span` is still lost. */
static SxExit
read_ranges(SxSession *s, const SxSpan *ranges, size_t n, SxSpan span, uint64_t before, SxError *err)
{
    Look look;
    SxSpan lost[RANGES];
    char size[24];
    if (!look_begin(s, &look, "reread", err))
        return outcome(false, err);
    sx_job_total(look.job, total(ranges, n));
    for (size_t i = 0; i < n; i++)
        fetch(look.source, ranges[i], look.job);
    bool cancelled = sx_job_cancelled(look.job);
    look_end(s, &look);
    size_t still = known_lost(s, span, lost);
    if (cancelled)
        return outcome(sx_fail(err, SX_ERR_CANCELLED, "cancelled, rest unknown"), err);
    if (still > 0)
        return outcome(sx_fail(err, SX_ERR_LOST, "%s still unreadable, the first at 0x%llx",
                               sx_text_size(size, sizeof size, total(lost, still)), (unsigned long long)lost[0].at),
                       err);
    session_say(s, before ? "%s readable again" : "all of it is readable", sx_text_size(size, sizeof size, before));
    return SX_EXIT_DONE;
}

SxExit
cmd_reread(SxSession *s, const Args *a, SxError *err)
{
    SxSpan ranges[RANGES], span = a->arg[0].given ? a->arg[0].range : SX_SPAN_ALL;
    SxDocument *d = session_document(s);
    span = sx_span_clip(span, sx_document_length(d));
    size_t n = known_lost(s, span, ranges);
    uint64_t before = total(ranges, n);
    if (a->arg[0].given) {
        ranges[0] = span;
        n = 1;
    }
    if (n == 0) {
        session_say(s, "nothing is known to be unreadable; reread RANGE tries those bytes");
        return SX_EXIT_DONE;
    }
    return sx_document_reread(d, err) ? read_ranges(s, ranges, n, span, before, err) : outcome(false, err);
}
