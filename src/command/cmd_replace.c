/* cmd_replace.c - replace: all matches in one step, through a bulk build, or none of them. */
#include "command/cmd_replace.h"

#include "command/look.h"
#include "command/window.h"

typedef struct Replace {
    SxBulk *bulk;
    Template *template;
    Window window;     /* where groups are read */
    bool keeps_length; /* WRITE: the file would have to be moved */
    uint64_t count;
    bool failed;
    SxError *err;
} Replace;

static bool
refuse_length(size_t has, uint64_t match, uint64_t at, SxError *err)
{
    return sx_fail(err, SX_ERR_LENGTH, "0x%llx: %zu byte%s for %llu; WRITE-THROUGH keeps length. :access copy",
                   (unsigned long long)at, has, has == 1 ? "" : "s", (unsigned long long)match);
}

/* M15, before anything is looked for, where both sides are known: `"FAILED" has 6 bytes, "ERROR" 5; ...` */
static bool
lengths_agree(const SxPattern *pattern, Template *t, SxError *err)
{
    SxBytes from, to;
    char left[24], right[24], left_cut[24], right_cut[24];
    SxMatch none = {0};
    if (template_has_groups(t) || !sx_pattern_bytes(pattern, &from) || !template_expand(t, &none, NULL, &to, NULL) ||
        from.len == to.len)
        return true;
    sx_text_printable(left, sizeof left, to, 0);
    sx_text_printable(right, sizeof right, from, 0);
    return sx_fail(err, SX_ERR_LENGTH, "\"%s\" has %zu byte%s, \"%s\" %zu; WRITE-THROUGH keeps length. :access copy",
                   sx_text_middle(left_cut, sizeof left_cut, left, 10), to.len, to.len == 1 ? "" : "s",
                   sx_text_middle(right_cut, sizeof right_cut, right, 10), from.len);
}

bool
replace_ready(SxSession *s, const SxPattern *pattern, Template *t, SxError *err)
{
    bool through = sx_document_access(session_document(s)) == SX_ACCESS_WRITE;
    return template_bind(t, pattern, err) && (!through || lengths_agree(pattern, t, err));
}

static bool
replace_one(void *data, const SxMatch *match)
{
    Replace *r = data;
    SxBytes bytes;
    r->failed = !template_expand(r->template, match, &r->window.source, &bytes, r->err);
    if (!r->failed && r->keeps_length && match->span.len != bytes.len)
        r->failed = !refuse_length(bytes.len, match->span.len, match->span.at, r->err);
    if (!r->failed)
        r->failed = !sx_bulk_replace(r->bulk, match->span, bytes, r->err);
    r->count += !r->failed;
    return !r->failed;
}

/* All of them in one step, or none. */
static SxFound
replace_all(SxSession *s, const Look *look, const Args *a, SxSpan in, uint64_t *count, uint64_t *gave_up, SxError *err)
{
    SxDocument *d = session_document(s);
    Replace r = {.template = a->arg[1].template, .keeps_length = sx_document_access(d) == SX_ACCESS_WRITE, .err = err};
    SxFound found = SX_FAILED;
    if (!window_init(&r.window, look->source, look->length, err))
        return SX_FAILED;
    if (sx_document_bulk_begin(d, &r.bulk, err)) {
        found = sx_search_each(a->arg[0].pattern, look->source, in, template_has_groups(r.template), NULL, look->job,
                               replace_one, &r, gave_up, err);
        *count = r.count;
        if (r.failed)
            found = SX_FAILED;
        if (found != SX_FOUND || r.count == 0)
            sx_bulk_cancel(r.bulk);
        else if (!sx_bulk_commit(r.bulk, err))
            found = SX_FAILED;
    }
    window_clear(&r.window);
    return found;
}

static SxExit
tell(SxSession *s, uint64_t count)
{
    s->replaced = count;
    if (s->hooks) {
        session_say(s, "%llu replaced, u undoes", (unsigned long long)count);
        return SX_EXIT_DONE;
    }
    row_count(s, "count", count);
    row_end(s);
    return count ? SX_EXIT_DONE : SX_EXIT_ABSENT;
}

SxExit
cmd_replace(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    uint64_t count = 0, gave_up = UINT64_MAX;
    const SxPattern *pattern = a->arg[0].pattern;
    if (!replace_ready(s, pattern, a->arg[1].template, err) || !look_begin(s, &look, "replace", err))
        return outcome(false, err);
    SxSpan in = a->arg[2].given ? a->arg[2].range : sx_span(0, look.length);
    SxFound found = replace_all(s, &look, a, in, &count, &gave_up, err);
    SxExit exit = SX_EXIT_DONE;
    if (found != SX_FOUND)
        exit = look_missed(s, &look, pattern, in, found, count, gave_up, err);
    if (found == SX_STOPPED && gave_up == UINT64_MAX)
        (void)sx_fail(err, SX_ERR_CANCELLED, "cancelled at %u%%, nothing replaced", look_percent(&look));
    look_end(s, &look);
    if (exit == SX_EXIT_DONE || (exit == SX_EXIT_ABSENT && !s->hooks))
        return tell(s, count);
    return exit;
}
