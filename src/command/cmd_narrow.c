/*
 * cmd_narrow.c - searching in results: of the matches those stay whose bytes match another pattern, or changed, or did
 * not. What stays is kept with its bytes, so that narrow can be said again and again.
 */
#include <string.h>

#include "command/look.h"
#include "command/window.h"

enum { CHUNK = 1024 };

typedef struct Narrow {
    SxPattern *pattern; /* NULL: the bytes are compared with those that are kept */
    bool changed;       /* which of them stay */
    SxSource *source;   /* as it is now */
    uint64_t length;
    SxJob *job;
    Kept *kept;
    uint64_t looked;
    SxError *err;
} Narrow;

/* --- one match -------------------------------------------------------------------------------------------------------- */

static bool
no_bytes(SxError *err)
{
    return sx_fail(err, SX_ERR_MISSING, "the bytes were not kept (over %d matches?): narrow PATTERN first", KEPT_MAX);
}

/* SX_FAILED with err, else whether it stays; what cannot be read any more does not. */
static SxFound
stays(Narrow *n, SxSpan at, const SxBytes *were, SxSpan *now)
{
    SxMatch m;
    *now = at;
    if (at.at > n->length || at.len > n->length - at.at)
        return SX_ABSENT;
    if (n->pattern) {
        SxFound found = sx_search_match_at(n->pattern, n->source, at.at, &m, n->err);
        *now = found == SX_FOUND ? m.span : at;
        return found;
    }
    SxPin pin;
    if (!sx_source_pin(n->source, at, SX_PIN_VIEW, &pin, n->err))
        return SX_FAILED;
    bool same = memcmp(pin.data, were->data, (size_t)at.len) == 0;
    bool lost = sx_source_lost(n->source, at, NULL, 0) > 0;
    sx_source_unpin(n->source, &pin);
    return !lost && same != n->changed ? SX_FOUND : SX_ABSENT;
}

static bool
take(Narrow *n, SxSpan at, const SxBytes *were)
{
    SxSpan now;
    n->looked++;
    SxFound found = stays(n, at, were, &now);
    if (found == SX_STOPPED)
        return sx_fail(n->err, SX_ERR_LIMIT, "gave up at 0x%llx: pattern too costly there", (unsigned long long)at.at);
    if (found != SX_FOUND)
        return found == SX_ABSENT;
    return kept_add_read(n->kept, now, n->source, n->err);
}

/* --- all of them --------------------------------------------------------------------------------------------------------- */

static bool
take_list(Narrow *n, Found *from)
{
    SxSpan chunk[CHUNK];
    SxBytes were = {0};
    uint64_t next = 0, index = 0;
    for (size_t got; (got = found_from(from, next, chunk, CHUNK)) > 0; next = chunk[got - 1].at + 1) {
        if (sx_job_cancelled(n->job))
            return sx_fail(n->err, SX_ERR_CANCELLED, "cancelled, the matches are what they were");
        for (size_t i = 0; i < got; i++, index++) {
            if (!n->pattern && !found_bytes(from, index, &were))
                return no_bytes(n->err);
            if (!take(n, chunk[i], &were))
                return false;
        }
        sx_job_advance(n->job, got);
    }
    return true;
}

static bool
take_match(void *data, const SxMatch *m)
{
    Narrow *n = data;
    return take(n, m->span, NULL);
}

/* Nothing is kept of the last search, or too much was found: it is done again. */
static bool
take_search(Narrow *n, const SxPattern *searched, SxSpan in)
{
    uint64_t gave_up = UINT64_MAX;
    if (!n->pattern)
        return no_bytes(n->err);
    SxFound found = sx_search_each(searched, n->source, in, false, NULL, n->job, take_match, n, &gave_up, n->err);
    if (found == SX_STOPPED && gave_up != UINT64_MAX)
        return sx_fail(n->err, SX_ERR_LIMIT, "gave up at 0x%llx: pattern too costly there, the matches are what they were",
                       (unsigned long long)gave_up);
    if (found == SX_STOPPED)
        return sx_fail(n->err, SX_ERR_CANCELLED, "cancelled, the matches are what they were");
    return found != SX_FAILED && n->err->code == SX_OK;
}

static bool
narrow(SxSession *s, const Args *a, Narrow *n, const Look *look)
{
    Window window;
    Found *results = session_tab(s)->results;
    *n = (Narrow){.pattern = a->arg[0].pattern, .length = look->length, .job = look->job, .kept = kept_new(), .err = n->err};
    n->changed = a->arg[0].by_choice && strcmp(a->arg[0].word, "changed") == 0;
    if (!n->kept)
        return sx_fail(n->err, SX_ERR_NOMEM, "no memory to narrow");
    if (!window_init(&window, look->source, look->length, n->err))
        return false;
    n->source = &window.source;
    bool ok = results ? take_list(n, results) : take_search(n, s->pattern, session_tab(s)->searched);
    window_clear(&window);
    return ok;
}

/* --- the command ----------------------------------------------------------------------------------------------------------- */

/* On a screen the old matches stay when none would be left. */
static SxExit
settle(SxSession *s, const Narrow *n, uint64_t length, SxError *err)
{
    Tab *tab = session_tab(s);
    bool none = n->kept->count == 0;
    if (none && s->hooks) {
        session_warn(s, "none of %llu matches would be left: they stay", (unsigned long long)n->looked);
        return SX_EXIT_ABSENT;
    }
    Found *list = found_list(n->kept, length);
    if (!list)
        return outcome(sx_fail(err, SX_ERR_NOMEM, "no memory to narrow"), err);
    found_free(tab->results);
    tab->results = list;
    tab->narrowed = true;
    if (s->hooks) {
        session_say(s, "%zu of %llu matches left: n goes through them, g/ lists them", n->kept->count,
                    (unsigned long long)n->looked);
        return SX_EXIT_DONE;
    }
    row_count(s, "count", n->kept->count);
    row_end(s);
    return none ? SX_EXIT_ABSENT : SX_EXIT_DONE;
}

SxExit
cmd_narrow(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    Narrow n = {.err = err};
    err->code = SX_OK;
    if (!s->pattern)
        return outcome(sx_fail(err, SX_ERR_MISSING, "nothing was searched yet"), err);
    if (!look_begin(s, &look, "narrow", err))
        return outcome(false, err);
    bool ok = narrow(s, a, &n, &look);
    look_end(s, &look);
    SxExit exit = ok ? settle(s, &n, look.length, err) : outcome(false, err);
    kept_release(n.kept);
    return exit;
}
