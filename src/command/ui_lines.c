/* ui_lines.c - counting lines beside the screen, and going to them: at once by an estimate, then exactly. */
#include "command/ui_lines.h"

#include <inttypes.h>
#include <string.h>

#include "command/ui.h"

enum { PATIENCE_MS = 12 };
#define BUDGET    (UINT64_C(4) << 30) /* bytes that are read unasked */
#define AT_ONCE   (UINT64_C(1) << 20) /* bytes that are counted within a frame */

static TabLines *
lines_of(SxSession *s)
{
    return &ui_tab(s)->lines;
}

static void
pass_drop(TabLines *t)
{
    if (t->pass)
        sx_line_index_take(t->index, t->pass);
    task_drop(t->task);
    sx_line_pass_release(t->pass);
    t->task = NULL;
    t->pass = NULL;
}

void
ui_lines_clear(TabLines *t)
{
    pass_drop(t);
    sx_line_index_free(t->index);
    *t = (TabLines){0};
}

/* What was counted is taken over as long as its places are right. */
void
ui_lines_change(TabLines *t, const SxChange *c)
{
    if (!t->index)
        return;
    pass_drop(t);
    t->want = 0;
    if (c->at + c->removed > sx_line_index_length(t->index) || !sx_line_index_change(t->index, c->at, c->removed, c->inserted))
        ui_lines_clear(t);
}

/* --- counting --------------------------------------------------------------------------------------------------------------- */

static void
pass_run(void *data, SxJob *job)
{
    sx_line_pass_run(data, job);
}

static void
pass_free(void *data)
{
    sx_line_pass_release(data);
}

static void
pass_start(SxSession *s, SxSource *source)
{
    TabLines *t = lines_of(s);
    SxDocument *d = session_document(s);
    SxLineCache cache = {s->options.cache_dir, sx_document_modified(d) ? NULL : sx_document_path(d)};
    if (!sx_line_pass_new(&t->pass, t->index, source, t->asked ? 0 : BUDGET, 0, &cache, NULL))
        return;
    if (!task_start(&t->task, pass_run, sx_line_pass_retain(t->pass), pass_free, s->options.wake, s->options.data, NULL)) {
        sx_line_pass_release(t->pass);
        t->pass = NULL;
        t->task = NULL;
    }
}

/* The index for the document as it is, in the encoding and with the line ends that are shown. */
static bool
index_made(SxSession *s, SxSource *source)
{
    TabLines *t = lines_of(s);
    SxLineFeed feed = sx_line_feed(ui_text_encoding(s), ui_text_ends(s));
    uint64_t length = sx_source_size(source);
    if (t->index) {
        SxLineFeed has = sx_line_index_feed(t->index);
        if (sx_line_index_length(t->index) == length && has.len == feed.len && !memcmp(has.bytes, feed.bytes, feed.len))
            return true;
        ui_lines_clear(t);
    }
    return sx_line_index_new(&t->index, length, feed, 0, NULL);
}

static bool
may_read(SxSession *s)
{
    const TabLines *t = lines_of(s);
    SxMapKind kind = sx_document_kind(session_document(s));
    return t->asked || (!t->capped && (kind == SX_KIND_FILE || kind >= SX_KIND_MEMORY));
}

/* Milliseconds until counting that is to be done may begin: what nobody asked for waits until no key has come for a
 * while. -1: nothing is to be done. */
static int
due(SxSession *s)
{
    enum { QUIET_MS = 50 };
    const TabLines *t = lines_of(s);
    if (!t->index || t->task || sx_line_index_complete(t->index) || !may_read(s))
        return -1;
    uint64_t quiet = ui_now() - s->ui->event_at;
    return t->asked || quiet >= QUIET_MS ? 0 : QUIET_MS - (int)quiet;
}

/* Take what has come, begin what is to be done. */
static void
go_on(SxSession *s, SxSource *source)
{
    TabLines *t = lines_of(s);
    if (!index_made(s, source))
        return;
    if (t->pass)
        sx_line_index_take(t->index, t->pass);
    if (t->task && task_done(t->task)) {
        t->capped = !t->asked;
        pass_drop(t);
    }
    if (t->task || sx_line_index_complete(t->index))
        return;
    sx_line_index_settle(t->index, source, AT_ONCE);
    if (due(s) == 0)
        pass_start(s, source);
}

void
ui_lines_begin(SxSession *s)
{
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    if (snapshot)
        go_on(s, sx_snapshot_source(snapshot));
    sx_snapshot_release(snapshot);
}

/* --- asking ------------------------------------------------------------------------------------------------------------------- */

SxLineAt
ui_lines_line(SxSession *s, uint64_t at)
{
    const TabLines *t = lines_of(s);
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    SxLineAt line = {1, at == 0};
    if (snapshot && t->index && at <= sx_line_index_length(t->index))
        line = sx_line_index_line(t->index, sx_snapshot_source(snapshot), at);
    sx_snapshot_release(snapshot);
    return line;
}

SxLineAt
ui_lines_total(SxSession *s)
{
    const TabLines *t = lines_of(s);
    return t->index ? sx_line_index_total(t->index) : (SxLineAt){0, false};
}

/* --- going there ---------------------------------------------------------------------------------------------------------------- */

/* The last line: behind a line end at the very end none begins. */
static SxExit
no_such_line(SxSession *s, uint64_t line, SxError *err)
{
    SxDocument *d = session_document(s);
    uint64_t length = sx_document_length(d), last = ui_lines_total(s).line + 1;
    SxLineAt begin = ui_lines_line(s, length);
    SxLineFeed feed = sx_line_feed(ui_text_encoding(s), ui_text_ends(s));
    uint8_t *end;
    if (length >= feed.len && begin.exact && ui_peek(s, (SxSpan){length - feed.len, feed.len}, &end) &&
        memcmp(end, feed.bytes, feed.len) == 0)
        last--;
    return outcome(sx_fail(err, SX_ERR_RANGE, "there is no line %" PRIu64 ", the last one is %" PRIu64, line,
                           last ? last : 1), err);
}

/* An estimate leads to the beginning of some line near it. */
static SxExit
go_near(SxSession *s, uint64_t line, uint64_t at, SxError *err)
{
    TabLines *t = lines_of(s);
    if (ui_text_on(s))
        at = sx_text_segment(ui_text(s), at);
    t->want = line;
    t->want_at = at;
    t->want_from = sx_document_tell(session_document(s));
    ui_sayf(s, "line %" PRIu64 ": about here; lines are being counted", line);
    return outcome(session_goto(s, at, err), err);
}

SxExit
ui_lines_goto(SxSession *s, uint64_t line, SxError *err)
{
    TabLines *t = lines_of(s);
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    if (!snapshot)
        return outcome(sx_fail(err, SX_ERR_NOMEM, "no memory to count lines"), err);
    SxSource *source = sx_snapshot_source(snapshot);
    t->asked = true;
    ui_pour_more(s);
    go_on(s, source);
    SxLineAt at = t->index ? sx_line_index_offset(t->index, source, line) : (SxLineAt){0, false};
    if (!at.exact && t->task) {
        task_wait(t->task, PATIENCE_MS);
        sx_line_index_take(t->index, t->pass);
        at = sx_line_index_offset(t->index, source, line);
    }
    sx_snapshot_release(snapshot);
    if (!at.exact)
        return go_near(s, line, at.line, err);
    if (line > 1 && at.line == sx_document_length(session_document(s)))
        return no_such_line(s, line, err);
    return outcome(session_goto(s, at.line, err), err);
}

SxExit
ui_lines_command(SxSession *s, const Args *a, SxError *err)
{
    const Arg *n = &a->arg[0];
    if (n->value.negative || n->value.magnitude == 0)
        return outcome(sx_fail(err, SX_ERR_RANGE, "lines are counted from 1"), err);
    return ui_lines_goto(s, n->value.magnitude, err);
}

/* The true place of the line that was asked for, once it is known; who has gone on meanwhile stays where he is. */
static void
arrive(SxSession *s, SxSnapshot *snapshot)
{
    TabLines *t = lines_of(s);
    SxSource *source = sx_snapshot_source(snapshot);
    SxError err = {0};
    SxSpan block;
    uint64_t line = t->want, first;
    if (sx_document_tell(session_document(s)) != t->want_at) {
        t->want = 0;
        return;
    }
    if (!sx_line_index_block(t->index, line, &block, &first))
        return;
    if (!sx_line_index_offset(t->index, source, line).exact) {
        ui_load(s, snapshot, block, 0);
        return;
    }
    t->want = 0;
    if (ui_lines_goto(s, line, &err) == SX_EXIT_DONE) {
        ui_sayf(s, "line %" PRIu64, line);
    } else {
        ui_say(s, true, err.text);
        session_goto(s, t->want_from, NULL);
    }
    ui_settle(s);
}

int
ui_lines_due(SxSession *s)
{
    enum { AWAITED_MS = 8, UNASKED_MS = 100 };
    const TabLines *t = lines_of(s);
    return !t->task ? due(s) : t->want ? AWAITED_MS : UNASKED_MS;
}

void
ui_lines_tick(SxSession *s)
{
    TabLines *t = lines_of(s);
    if (!t->index || (!t->pass && !t->want && due(s) != 0))
        return;
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    if (snapshot) {
        go_on(s, sx_snapshot_source(snapshot));
        if (t->want && t->index)
            arrive(s, snapshot);
    }
    sx_snapshot_release(snapshot);
}
