/* ui_find_say.c - searching in words: status line, message line, prompt. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/look.h"
#include "command/scaled.h"
#include "command/ui.h"

enum { PROGRESS_MS = 300, LINE_CELLS = 80 };

static Find *
find(SxSession *s)
{
    return &ui_tab(s)->find;
}

/* --- names ------------------------------------------------------------------------------------------------------------ */

const char *
ui_kind_name(SxPatternKind kind)
{
    switch (kind) {
    case SX_PATTERN_HEX: return "hex";
    case SX_PATTERN_REGEX: return "regex";
    case SX_PATTERN_NUMBER: return "number";
    case SX_PATTERN_TEXT:
    case SX_PATTERN_ANY: break;
    }
    return "text";
}

/* Backslashes stay single: people read what they typed. What is between them is made printable. */
void
ui_typed(const char *text, char *buf, size_t size)
{
    enum { END = 100 };
    char ends[2 * END + 1];
    size_t len = strlen(text);
    if (len > 2 * END && len >= size) { /* whoever shows it cuts it in the middle, too */
        snprintf(ends, sizeof ends, "%.*s%s", END, text, text + len - END);
        text = ends;
    }
    buf[0] = '\0';
    for (size_t at = 0; *text && at + 1 < size; at += strlen(buf + at)) {
        size_t plain = strcspn(text, "\\");
        if (plain == 0)
            snprintf(buf + at, size - at, "\\");
        else
            sx_text_printable(buf + at, size - at, sx_bytes(text, plain), SX_PRINTABLE_UTF8);
        text += plain ? plain : 1;
    }
}

static const char *
short_name(const SxPattern *p, char *buf, size_t size)
{
    enum { CELLS = 28 };
    char typed[256];
    ui_typed(sx_pattern_text(p), typed, sizeof typed);
    return sx_text_middle(buf, size, typed, CELLS);
}

void
ui_pattern_name(const SxPattern *p, char *buf, size_t size)
{
    char cut[128];
    snprintf(buf, size, "%s as %s", short_name(p, cut, sizeof cut), ui_kind_name(sx_pattern_kind(p)));
}

/* The same, cut so that a line has room for so many other cells. */
static const char *
name_beside(const SxPattern *p, size_t others, char *buf, size_t size)
{
    enum { LEAST = 8 };
    char typed[256], cut[256];
    const char *kind = ui_kind_name(sx_pattern_kind(p));
    size_t used = others + strlen(kind) + strlen(" as "), room = used + LEAST < LINE_CELLS ? LINE_CELLS - used : LEAST;
    ui_typed(sx_pattern_text(p), typed, sizeof typed);
    snprintf(buf, size, "%s as %s", sx_text_middle(cut, sizeof cut, typed, (unsigned)room), kind);
    return buf;
}

static void
range_name(SxSpan range, uint64_t length, char *buf, size_t size)
{
    SxSpan r = sx_span_clip(range, length);
    if (r.at == 0 && r.len == length)
        snprintf(buf, size, "whole file");
    else
        snprintf(buf, size, "0x%" PRIx64 ":0x%" PRIx64, r.at, sx_span_end(r));
}

/* --- numbers ------------------------------------------------------------------------------------------------------------ */

/* "3 of 192", "1 of 78+", "? of 78+"; a match that an edit has touched away is none. */
static const char *
ordinal_of(const Find *f, Found *found, const FoundState *state, char *buf, size_t size)
{
    const char *more = state->whole ? "" : "+";
    SxSpan at = {0, 0};
    uint64_t index = f->has_current ? found_index(found, f->current.at) : 0;
    bool known = f->has_current && f->current.at < state->scanned && found_get(found, index, &at) &&
                 at.at == f->current.at;
    if (state->count == 0 && *more == '\0' && !f->has_current)
        return NULL;
    if (known)
        snprintf(buf, size, "%" PRIu64 " of %" PRIu64 "%s", index + 1, state->count, more);
    else if (f->has_current)
        snprintf(buf, size, "? of %" PRIu64 "%s", state->count, more);
    else
        snprintf(buf, size, "%" PRIu64 "%s match%s", state->count, more, state->count == 1 && !*more ? "" : "es");
    return buf;
}

/* Where nothing is counted, steps from the first one are: "1 of ?" */
static const char *
ordinal_uncounted(const Find *f, char *buf, size_t size)
{
    if (!f->has_current)
        return NULL;
    if (f->ordinal)
        snprintf(buf, size, "%" PRIu64 " of ?", f->ordinal);
    else
        snprintf(buf, size, "? of ?");
    return buf;
}

/* Edits that cannot be followed leave the old count on the screen until the new search begins. */
static const char *
ordinal_before(Find *f, char *buf, size_t size)
{
    FoundState state;
    if (!f->found)
        return NULL;
    state = found_state(f->found);
    snprintf(buf, size, "%" PRIu64 " before the edit", state.count);
    return buf;
}

const char *
ui_find_ordinal(SxSession *s, char *buf, size_t size)
{
    Find *f = find(s);
    FoundState state;
    if (!f->pattern || f->hidden)
        return NULL;
    Found *found = ui_matches(s, &state);
    if (found)
        return ordinal_of(f, found, &state, buf, size);
    return ui_matches_may_count(s) ? ordinal_before(f, buf, size) : ordinal_uncounted(f, buf, size);
}

const char *
ui_find_number(SxSession *s, char *buf, size_t size)
{
    FoundState state = {0};
    (void)ui_matches(s, &state);
    snprintf(buf, size, "%" PRIu64 "%s", state.count, state.whole ? "" : "+");
    return buf;
}

/* --- how a jump ended ------------------------------------------------------------------------------------------------------ */

/* "..., past the end, from 0x0" */
static const char *
past(const Find *f, FindWay way, char *buf, size_t size)
{
    if (way == FIND_FORWARD)
        snprintf(buf, size, ", past the end, from 0x%" PRIx64, f->range.at);
    else
        snprintf(buf, size, ", past the start, from the end");
    return buf;
}

/* match 1 of 192 at 0x8c: "GNU" as text, whole file, 21 ms */
void
ui_say_found(SxSession *s)
{
    Find *f = find(s);
    FoundState state;
    char ordinal[48], name[288], where[64], time[32], begin[96], end[112];
    bool counting = ui_matches(s, &state) && state.running;
    f->said = counting ? s->ui->n_said + 1 : 0;
    if (f->wrapped) {
        ui_say_again(s, true, f->way);
        return;
    }
    const char *known = ui_find_ordinal(s, ordinal, sizeof ordinal);
    int n = snprintf(begin, sizeof begin, "match%s%s at 0x%" PRIx64 ": ", known ? " " : "", known ? known : "", f->current.at);
    range_name(f->range, sx_document_length(session_document(s)), where, sizeof where);
    sx_text_duration(time, sizeof time, f->took);
    n += f->capped ? snprintf(end, sizeof end, "; g/ counts on") : snprintf(end, sizeof end, ", %s, %s", where, time);
    ui_sayf(s, "%s%s%s", begin, name_beside(f->pattern, (size_t)n, name, sizeof name), end);
}

void
ui_say_counted(SxSession *s)
{
    Find *f = find(s);
    FoundState state;
    if (!f->said || (ui_matches(s, &state) && state.running))
        return;
    bool there = s->ui->n_said == f->said && s->ui->said_visible && f->has_current;
    f->said = 0;
    if (!there)
        return;
    ui_unsay(s);
    ui_say_found(s);
}

void
ui_say_again(SxSession *s, bool wrapped, FindWay way)
{
    const Find *f = find(s);
    char ordinal[48], how[64];
    const char *known = ui_find_ordinal(s, ordinal, sizeof ordinal);
    ui_sayf(s, "match%s%s at 0x%" PRIx64 "%s", known ? " " : "", known ? known : "", f->current.at,
            wrapped ? past(f, way, how, sizeof how) : "");
}

static uint64_t
unread_now(SxSession *s, SxSpan span)
{
    SxSnapshot *now = sx_document_snapshot(session_document(s));
    uint64_t unread = now ? look_unread(s, sx_snapshot_source(now), span) : 0;
    sx_snapshot_release(now);
    return unread;
}

/* "GNU" as text: not in 0x0:0x4000000 (64.0 MiB, 21 ms). Tab: hex */
void
ui_say_absent(SxSession *s, const SxPattern *pattern, SxSpan range, uint64_t nanoseconds)
{
    char name[288], amount[24], time[32], rest[160];
    SxSpan in = sx_span_clip(range, sx_document_length(session_document(s)));
    uint64_t unread = unread_now(s, in), end = sx_span_end(in);
    char offer[40];
    sx_text_size(amount, sizeof amount, unread ? unread : in.len);
    sx_text_duration(time, sizeof time, nanoseconds);
    int n = unread ? snprintf(rest, sizeof rest, ": not found, but %s of 0x%" PRIx64 ":0x%" PRIx64 " cannot be read", amount, in.at, end)
                   : snprintf(rest, sizeof rest, ": not in 0x%" PRIx64 ":0x%" PRIx64 " (%s, %s)%s", in.at, end, amount, time,
                              ui_find_offer(s, pattern, offer, sizeof offer));
    ui_badf(s, "%s%s", name_beside(pattern, (size_t)n, name, sizeof name), rest);
}

/* --- while it runs --------------------------------------------------------------------------------------------------------- */

/* "3.1 GB/s", "12 MB/s" */
static const char *
rate(double speed, char *buf, size_t size)
{
    if (speed >= 1e8)
        snprintf(buf, size, "%.1f GB/s", speed / 1e9);
    else if (speed >= 1e6)
        snprintf(buf, size, "%.0f MB/s", speed / 1e6);
    else
        snprintf(buf, size, "%.0f kB/s", speed / 1e3);
    return buf;
}

/* " 9 s"; of what would last for hours nothing that is worth a number is known. */
static const char *
time_left(const SxProgress *p, double speed, char *buf, size_t size)
{
    enum { MOST = 9999 };
    double left = speed > 0 && p->total > p->done ? (double)(p->total - p->done) / speed : 0;
    if (left > MOST)
        return "";
    snprintf(buf, size, " %.0f s", left);
    return buf;
}

void
ui_search_words(const char *verb, const char *name, const SxProgress *p, char *status, size_t status_size, char *line,
                size_t line_size)
{
    unsigned percent = per_cent(p->done, p->total);
    double seconds = (double)p->nanoseconds / 1e9, speed = seconds > 0 ? (double)p->done / seconds : 0;
    char fast[24], buf[16];
    const char *left = time_left(p, speed, buf, sizeof buf);
    snprintf(status, status_size, "%s %u%%%s", verb, percent, left);
    int n = p->done ? snprintf(line, line_size, "%sing %s %u%% %s%s, %" PRIu64 " so far", verb, name, percent,
                               rate(speed, fast, sizeof fast), left, p->found)
                    : snprintf(line, line_size, "%sing %s ...", verb, name);
    if (n > 0 && (size_t)n < line_size)
        snprintf(line + n, line_size - (size_t)n, n + 13 <= LINE_CELLS ? " (C-c stops)" : " (C-c)");
}

/* What the user waits for is named at once; figures on the status line, and counting, only when it lasts. */
bool
ui_find_progress(SxSession *s, char *status, size_t status_size, char *line, size_t line_size)
{
    Find *f = find(s);
    SxProgress p = {0};
    char name[128];
    bool lasts = ui_now() - (f->task ? f->jump_began : f->began) >= PROGRESS_MS;
    if (!ui_find_running(s) || (!lasts && !(line_size && ui_find_going(f))))
        return false;
    ui_find_progress_of(s, &p);
    ui_search_words("find", short_name(f->pattern, name, sizeof name), &p, status, status_size, line, line_size);
    return true;
}

void
ui_say_cancelled(SxSession *s, const SxProgress *p)
{
    ui_sayf(s, "cancelled at %u%%, %" PRIu64 " found, rest unknown", per_cent(p->done, p->total), p->found);
}

void
ui_find_told(SxSession *s, char *buf, size_t size)
{
    Find *f = find(s);
    FoundState state;
    size_t used = 0;
    buf[0] = '\0';
    if (ui_matches(s, &state)) {
        const char *more = state.whole ? "" : "+";
        used = (size_t)snprintf(buf, size, "%" PRIu64 "%s match%s", state.count, more,
                                state.count == 1 && !*more ? "" : "es");
    }
    if (f->has_current && used < size)
        snprintf(buf + used, size - used, "%snext at 0x%" PRIx64, used ? ", " : "", f->current.at);
    else if (f->task && !used)
        snprintf(buf, size, "looking ...");
}
