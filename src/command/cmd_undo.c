/* cmd_undo.c - undo, redo, earlier, later, repeat. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/session_private.h"

/* The cursor goes where something happened. */
static bool
cursor_to(SxDocument *d, uint64_t at, SxError *err)
{
    uint64_t length = sx_document_length(d);
    return sx_document_seek_to(d, at < length ? at : length, err);
}

/* Whether some of what undo brought back was unreadable when it was overwritten. */
static bool
lost_again(SxDocument *d, const SxStep *step)
{
    SxSnapshot *now = sx_document_snapshot(d);
    uint64_t length = sx_document_length(d);
    uint64_t at = step->at < length ? step->at : length;
    SxSpan span = {at, step->removed < length - at ? step->removed : length - at};
    bool lost = now && span.len > 0 && sx_source_lost(sx_snapshot_source(now), span, NULL, 0) > 0;
    sx_snapshot_release(now);
    return lost;
}

/* M27 */
static void
say_step(SxSession *s, bool undone, const SxStep *step)
{
    SxDocument *d = session_document(s);
    uint64_t bytes = step->inserted > step->removed ? step->inserted : step->removed;
    if (undone && lost_again(d, step)) {
        session_warn(s, "undone: %llu byte%s at 0x%llx; what was unreadable before is ?? again", (unsigned long long)bytes,
                    bytes == 1 ? "" : "s", (unsigned long long)step->at);
        return;
    }
    uint64_t more = undone ? sx_document_undo_count(d) : sx_document_redo_count(d);
    session_say(s, "%s: %llu byte%s at 0x%llx (%llu more; %s)", undone ? "undone" : "redone",
                (unsigned long long)bytes, bytes == 1 ? "" : "s", (unsigned long long)step->at,
                (unsigned long long)more, undone ? "U redoes" : "u undoes");
}

/* Undo and redo in the session's job: the screen shows how far they are, and C-c stops them. */
static void
work_begin(SxSession *s, const char *name)
{
    sx_document_set_job(session_document(s), session_job_begin(s, name));
}

static void
work_end(SxSession *s, SxDocument *d)
{
    sx_document_set_job(d, NULL);
    session_job_end(s);
}

static SxExit
walk_history(SxSession *s, const Args *a, bool undo, SxError *err)
{
    SxDocument *d = session_document(s);
    SxStep step = {0};
    uint64_t wanted = a->arg[0].given ? a->arg[0].offset : 1, done = 0;
    err->code = SX_OK;
    work_begin(s, undo ? "undo" : "redo");
    while (done < wanted && (undo ? sx_document_undo(d, &step, err) : sx_document_redo(d, &step, err)))
        done++;
    work_end(s, d);
    if (err->code != SX_OK)
        return outcome(false, err);
    if (done == 0) {
        session_warn(s, "nothing to %s", undo ? "undo" : "redo");
        return SX_EXIT_ABSENT;
    }
    say_step(s, undo, &step);
    return outcome(cursor_to(d, step.at, err), err);
}

SxExit
cmd_undo(SxSession *s, const Args *a, SxError *err)
{
    return walk_history(s, a, true, err);
}

SxExit
cmd_redo(SxSession *s, const Args *a, SxError *err)
{
    return walk_history(s, a, false, err);
}

/* --- earlier and later: by number or by time ---------------------------------------------------------------------- */

typedef struct Distance {
    bool by_time;
    uint64_t amount; /* steps, or seconds */
} Distance;

static bool
read_distance(const char *word, Distance *out, SxError *err)
{
    static const struct Unit {
        char letter;
        uint64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    size_t digits = strspn(word, "0123456789");
    uint64_t number = digits && digits <= 12 ? strtoull(word, NULL, 10) : 0;
    *out = (Distance){false, number};
    if (number && !word[digits])
        return true;
    for (size_t i = 0; number && i < sizeof units / sizeof *units; i++) {
        if (word[digits] != units[i].letter || word[digits + 1])
            continue;
        *out = (Distance){true, number * units[i].seconds};
        return true;
    }
    return sx_fail_at(err, 1, "\"%s\" is neither a number of steps nor a time: 5, 30s, 10m, 2h, 1d", word);
}

static int64_t
time_of(const SxDocument *d, uint64_t number)
{
    SxStep step;
    if (number && sx_document_step(d, number, &step))
        return step.time;
    return INT64_MIN;
}

/* The newest step that is not younger than `time`; 0 is the state before the first. */
static uint64_t
step_at_time(const SxDocument *d, int64_t time)
{
    uint64_t number = sx_document_step_count(d);
    while (number && time_of(d, number) > time)
        number--;
    return number;
}

static uint64_t
target(const SxDocument *d, const Distance *by, bool later)
{
    uint64_t now = sx_document_step_current(d), last = sx_document_step_count(d);
    if (!by->by_time && later)
        return by->amount < last - now ? now + by->amount : last;
    if (!by->by_time)
        return by->amount < now ? now - by->amount : 0;
    int64_t from = now == last || now == 0 ? (int64_t)time(NULL) : time_of(d, now);
    if (now == 0 && later && last)
        from = time_of(d, 1);
    return step_at_time(d, later ? from + (int64_t)by->amount : from - (int64_t)by->amount);
}

static SxExit
travel(SxSession *s, const Args *a, bool later, SxError *err)
{
    Distance by;
    SxDocument *d = session_document(s);
    if (!read_distance(a->arg[0].word, &by, err))
        return outcome(false, err);
    uint64_t now = sx_document_step_current(d), number = target(d, &by, later);
    if (number == now) {
        session_warn(s, "nothing %s", later ? "later" : "earlier");
        return SX_EXIT_ABSENT;
    }
    work_begin(s, later ? "later" : "earlier");
    bool ok = sx_document_goto_step(d, number, err);
    work_end(s, d);
    if (!ok)
        return outcome(false, err);
    session_say(s, "state %llu of %llu; gu goes to any other", (unsigned long long)number,
                (unsigned long long)sx_document_step_count(d));
    SxStep step;
    return outcome(!sx_document_step(d, number, &step) || cursor_to(d, step.at, err), err);
}

SxExit
cmd_earlier(SxSession *s, const Args *a, SxError *err)
{
    return travel(s, a, false, err);
}

SxExit
cmd_later(SxSession *s, const Args *a, SxError *err)
{
    return travel(s, a, true, err);
}

/* --- repeat -------------------------------------------------------------------------------------------------------- */

SxExit
cmd_repeat(SxSession *s, const Args *a, SxError *err)
{
    if (!s->repeat) {
        session_warn(s, "no change to repeat");
        return SX_EXIT_ABSENT;
    }
    char *line = strdup(s->repeat);
    if (!line)
        return outcome(sx_fail(err, SX_ERR_NOMEM, "no memory to repeat"), err);
    SxExit exit = SX_EXIT_DONE;
    for (uint64_t left = a->arg[0].given ? a->arg[0].offset : 1; left && exit == SX_EXIT_DONE; left--)
        exit = session_run(s, line, true, err);
    free(line);
    return exit;
}
