/* cmd_write_changes.c - write-changes: numbers as `changes` prints them, and the hunks they stand for. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/look.h"

typedef struct Interval {
    uint64_t from;
    uint64_t to; /* with it */
} Interval;

enum { INTERVALS_MAX = 10000 };

static bool
read_number(const char **text, uint64_t *out)
{
    size_t n = strspn(*text, "0123456789");
    *out = n > 0 && n < 19 ? strtoull(*text, NULL, 10) : 0;
    *text += n;
    return *out > 0;
}

static bool
read_interval(const char **text, Interval *out)
{
    if (!read_number(text, &out->from))
        return false;
    out->to = out->from;
    if (**text == '-') {
        (*text)++;
        if (!read_number(text, &out->to))
            return false;
    }
    if (**text == ',')
        return *++*text != '\0' && out->to >= out->from;
    return **text == '\0' && out->to >= out->from;
}

/* "1,3-5", in any order. */
static bool
read_intervals(const char *text, Interval **out, size_t *count, SxError *err)
{
    const char *at = text;
    size_t cap = 0;
    *out = NULL;
    for (*count = 0; *at; (*count)++) {
        if (*count == INTERVALS_MAX)
            return sx_fail(err, SX_ERR_LIMIT, "more than %d numbers; :w writes all changes", INTERVALS_MAX);
        if (!sx_grow(out, &cap, *count + 1, sizeof **out))
            return sx_fail(err, SX_ERR_NOMEM, "no memory for the numbers");
        if (!read_interval(&at, &(*out)[*count]))
            return sx_fail_at(err, (size_t)(at - text) + 1, "\"%s\" are no numbers of changes: 1,3-5", text);
    }
    return *count > 0 || sx_fail_at(err, 1, "which changes? 1,3-5");
}

static bool
in_any(const Interval *all, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++)
        if (number >= all[i].from && number <= all[i].to)
            return true;
    return false;
}

typedef struct Chosen {
    SxHunk *hunks;
    size_t count, cap;
    uint64_t all; /* hunks there are */
} Chosen;

static bool
choose(const Look *look, const Interval *intervals, size_t count, Chosen *out, SxError *err)
{
    SxHunk h;
    for (uint64_t from = 0; sx_snapshot_hunk_next(look->snapshot, from, &h); from = look_behind(&h)) {
        if (!in_any(intervals, count, ++out->all))
            continue;
        if (!sx_grow(&out->hunks, &out->cap, out->count + 1, sizeof *out->hunks))
            return sx_fail(err, SX_ERR_NOMEM, "no memory for the changes");
        out->hunks[out->count++] = h;
    }
    for (size_t i = 0; i < count; i++)
        if (intervals[i].to > out->all)
            return sx_fail(err, SX_ERR_RANGE, "there is no change %" PRIu64 ", the last is %" PRIu64, intervals[i].to,
                           out->all);
    return true;
}

static void
say(SxSession *s, const SxSaved *saved, uint64_t left)
{
    char time[32];
    if (!s->hooks) {
        session_print_saved(s, saved);
        return;
    }
    session_say(s, "%s: wrote %" PRIu64 " byte%s at %" PRIu64 " place%s, %s. %" PRIu64 " change%s still pending",
                session_tab(s)->name, saved->bytes, saved->bytes == 1 ? "" : "s", saved->places,
                saved->places == 1 ? "" : "s", sx_text_duration(time, sizeof time, saved->nanoseconds), left,
                left == 1 ? "" : "s");
}

static bool
write_chosen(SxSession *s, const Args *a, const Look *look, SxSaved *saved, uint64_t *left, SxError *err)
{
    Interval *intervals;
    size_t count;
    Chosen chosen = {0};
    unsigned flags = a->force ? SX_SAVE_FORCE : 0;
    bool ok = read_intervals(a->arg[0].word, &intervals, &count, err) && choose(look, intervals, count, &chosen, err) &&
              sx_document_save_some(session_document(s), chosen.hunks, chosen.count, flags, look->job, saved, err);
    *left = chosen.all - chosen.count;
    free(intervals);
    free(chosen.hunks);
    return ok;
}

SxExit
cmd_write_changes(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    SxSaved saved = {0};
    uint64_t left;
    if (!look_begin(s, &look, "write-changes", err))
        return outcome(false, err);
    bool ok = write_chosen(s, a, &look, &saved, &left, err);
    look_end(s, &look);
    if (ok)
        say(s, &saved, left);
    return outcome(ok, err);
}
