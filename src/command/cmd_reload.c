/* cmd_reload.c - reload and differences without a screen: what others did to the file, a row each. */
#include <inttypes.h>
#include <string.h>

#include "command/session_private.h"

enum { SHOWN = 256 };

static bool
side(SxSession *s, const char *field, SxSource *source, SxError *err)
{
    uint64_t size = source ? sx_source_size(source) : 0;
    SxSpan shown = {0, size < SHOWN ? size : SHOWN};
    bool ok = true;
    if (!source)
        row_unset(s, field);
    else if (size == 0)
        row_word(s, field, "-");
    else
        ok = row_cut(s, field, source, shown, shown.len < size, err);
    sx_source_release(source);
    return ok;
}

static bool
print_one(SxSession *s, const SxDifferences *x, size_t i, SxError *err)
{
    static const char *const words[] = {"changed", "gone", "added", "unknown"};
    const SxDifference *one = sx_differences_at(x, i);
    row_offset(s, "offset", one->at);
    row_word(s, "kind", words[one->kind]);
    row_count(s, "length", one->span.len);
    bool ok = side(s, "base", sx_differences_base(x, i), err) && side(s, "theirs", sx_differences_theirs(x, i), err) &&
              side(s, "ours", sx_differences_ours(x, i), err);
    row_end(s);
    return ok;
}

static bool
print(SxSession *s, const SxDifferences *x, SxError *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < sx_differences_count(x, NULL) && !results_full(s); i++)
        ok = print_one(s, x, i, err);
    return ok;
}

/* What could not be applied is printed, and the run ends there: nothing that follows may take it for done. */
static SxExit
not_applied(SxSession *s, SxDifferences *x, SxError *err)
{
    size_t n = sx_differences_count(x, NULL);
    bool ok = print(s, x, err);
    sx_differences_free(x);
    if (ok)
        (void)sx_fail(err, SX_ERR_CONFLICT,
                      "%zu change%s not applied, the file is another there; undo brings %s, reload! keeps all", n,
                      n == 1 ? "" : "s", n == 1 ? "it" : "them");
    return outcome(false, err);
}

SxExit
cmd_reload(SxSession *s, const Args *a, SxError *err)
{
    SxDifferences *x = NULL;
    SxDocument *d = session_document(s);
    if (a->force)
        return outcome(sx_document_reload(d, err), err);
    SxJob *job = session_job_begin(s, "reload");
    bool ok = sx_document_rebase(d, &x, job, err);
    session_job_end(s);
    return x ? not_applied(s, x, err) : outcome(ok, err);
}

SxExit
cmd_differences(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    SxDifferences *x = NULL;
    SxJob *job = session_job_begin(s, "differences");
    bool ok = sx_document_differences(session_document(s), &x, job, err);
    session_job_end(s);
    bool any = ok && sx_differences_count(x, NULL) > 0;
    ok = ok && print(s, x, err);
    sx_differences_free(x);
    return ok && !any ? SX_EXIT_ABSENT : outcome(ok, err);
}
