/* cmd_find.c - the handlers of commands_find.def but findall and replace. */
#include "command/look.h"
#include "command/matches.h"

/* Keep the pattern for `next` and `previous`; what narrow left of another one is over. */
static void
remember(SxSession *s, SxPattern *pattern, bool backward)
{
    Tab *tab = session_tab(s);
    sx_pattern_retain(pattern);
    sx_pattern_release(s->pattern);
    s->pattern = pattern;
    s->backward = backward;
    s->fresh = true;
    found_free(tab->results);
    tab->results = NULL;
    tab->narrowed = false;
    tab->searched = SX_SPAN_ALL;
}

static SxExit
hit(SxSession *s, SxSpan match, SxError *err)
{
    if (!session_goto(s, match.at, err))
        return outcome(false, err);
    session_tab(s)->match = match;
    session_tab(s)->has_match = true;
    return SX_EXIT_DONE;
}

static SxExit
print_hit(SxSession *s, SxExit exit)
{
    if (exit == SX_EXIT_DONE) {
        row_offset(s, "offset", session_tab(s)->match.at);
        row_end(s);
    }
    return exit;
}

static SxSpan
range_or(const Arg *arg, uint64_t from, uint64_t length)
{
    return arg->given ? arg->range : sx_span(from, length);
}

/* --- find and rfind: by offset --------------------------------------------------------------------------------- */

static SxExit
find_in_range(SxSession *s, const Args *a, bool last, SxError *err)
{
    Look look;
    SxMatch match;
    uint64_t gave_up = UINT64_MAX;
    SxPattern *pattern = a->arg[0].pattern;
    if (!look_begin(s, &look, a->name, err))
        return outcome(false, err);
    remember(s, pattern, false);
    SxSpan in = range_or(&a->arg[1], look.cursor, look.length);
    SxFound found = (last ? sx_search_rfind : sx_search_find)(pattern, look.source, in, NULL, look.job, &match,
                                                              &gave_up, err);
    SxExit exit = SX_EXIT_DONE;
    if (found != SX_FOUND)
        exit = look_missed(s, &look, pattern, in, found, 0, gave_up, err);
    look_end(s, &look);
    return print_hit(s, exit == SX_EXIT_DONE ? hit(s, match.span, err) : exit);
}

SxExit
cmd_find(SxSession *s, const Args *a, SxError *err)
{
    return find_in_range(s, a, false, err);
}

SxExit
cmd_rfind(SxSession *s, const Args *a, SxError *err)
{
    return find_in_range(s, a, true, err);
}

/* --- search: the nearest match -------------------------------------------------------------------------------------- */

SxExit
search_again(SxSession *s, bool backward, SxError *err)
{
    Look look;
    SxSpan match;
    if (!look_begin(s, &look, backward ? "search-back" : "search", err))
        return outcome(false, err);
    MatchSearch m = {s->pattern, look.source, look.cursor, backward, look.job, UINT64_MAX};
    SxFound found = match_nearest(&m, &match, err);
    SxSpan in = backward ? sx_span(0, look.cursor) : sx_span(look.cursor, look.length);
    SxExit exit = SX_EXIT_DONE;
    if (found != SX_FOUND)
        exit = look_missed(s, &look, s->pattern, in, found, 0, m.gave_up, err);
    look_end(s, &look);
    return exit == SX_EXIT_DONE ? hit(s, match, err) : exit;
}

SxExit
cmd_search(SxSession *s, const Args *a, SxError *err)
{
    remember(s, a->arg[0].pattern, false);
    return print_hit(s, search_again(s, false, err));
}

SxExit
cmd_search_back(SxSession *s, const Args *a, SxError *err)
{
    remember(s, a->arg[0].pattern, true);
    return print_hit(s, search_again(s, true, err));
}

/* --- count --------------------------------------------------------------------------------------------------------- */

static SxExit
print_count(SxSession *s, uint64_t count)
{
    row_count(s, "count", count);
    row_end(s);
    return count ? SX_EXIT_DONE : SX_EXIT_ABSENT;
}

SxExit
cmd_count(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    uint64_t count = 0, gave_up = UINT64_MAX;
    const SxPattern *pattern = a->arg[0].pattern;
    if (!look_begin(s, &look, "count", err))
        return outcome(false, err);
    SxSpan in = range_or(&a->arg[1], 0, look.length);
    SxFound found = sx_search_count(pattern, look.source, in, NULL, look.job, &count, &gave_up, err);
    SxExit exit = found == SX_STOPPED || found == SX_FAILED
                      ? look_missed(s, &look, pattern, in, found, count, gave_up, err)
                      : look_all_read(s, &look, in, print_count(s, count), err);
    look_end(s, &look);
    return exit;
}
