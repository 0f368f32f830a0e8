/* cmd_move.c - the handlers of commands_move.def. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <sextant/line_index.h>

#include "command/lines.h"
#include "command/look.h"
#include "command/session_private.h"
#include "command/things.h"

SxExit
cmd_goto(SxSession *s, const Args *a, SxError *err)
{
    return outcome(session_goto(s, a->arg[0].offset, err), err);
}

/* `base` moved by a signed value; outside of the document is refused. */
static bool
offset_from(uint64_t base, const Arg *n, uint64_t length, uint64_t *out, SxError *err)
{
    uint64_t by = n->value.magnitude;
    bool fits = n->value.negative ? by <= base : by <= length && base <= length - by;
    if (!fits)
        return sx_fail(err, SX_ERR_RANGE, "%.*s from 0x%llx is outside 0x0:0x%llx", (int)n->text.len,
                       (const char *)n->text.data, (unsigned long long)base, (unsigned long long)length);
    *out = n->value.negative ? base - by : base + by;
    return true;
}

SxExit
cmd_seek(SxSession *s, const Args *a, SxError *err)
{
    const Arg *n = &a->arg[0];
    SxDocument *d = session_document(s);
    uint64_t length = sx_document_length(d), base = 0, at = 0;
    const char *whence = a->arg[1].given ? a->arg[1].word : n->value.relative ? "here" : "start";
    if (!strcmp(whence, "here"))
        base = sx_document_tell(d);
    else if (!strcmp(whence, "end"))
        base = length;
    return outcome(offset_from(base, n, length, &at, err) && session_goto(s, at, err), err);
}

static SxExit
print_cursor(SxSession *s)
{
    row_offset(s, "offset", sx_document_tell(session_document(s)));
    row_end(s);
    return SX_EXIT_DONE;
}

SxExit
cmd_tell(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    return print_cursor(s);
}

static bool
ends_line(const Look *look)
{
    uint8_t last = 0;
    return look->length && sx_source_read(look->source, (SxSpan){look->length - 1, 1}, &last, NULL) && last == '\n';
}

/* Near the line: all before it are counted at once, on all processors. */
static bool
line_near(const Look *look, uint64_t line, LinePlace *out, SxError *err)
{
    SxLineIndex *ix;
    SxLinePass *pass = NULL;
    SxSpan block;
    SxLineFeed feed = {{'\n'}, 1};
    if (!sx_line_index_new(&ix, look->length, feed, 0, err))
        return false;
    bool ok = sx_line_pass_new(&pass, ix, look->source, 0, line, NULL, err);
    if (ok) {
        sx_line_pass_run(pass, look->job);
        sx_line_index_take(ix, pass);
        if (sx_line_index_block(ix, line, &block, &out->line))
            out->at = block.at;
        else
            *out = (LinePlace){0, 1}; /* something could not be read: it is said by those who read it again */
    }
    sx_line_pass_release(pass);
    sx_line_index_free(ix);
    return ok;
}

static bool
goto_line(SxSession *s, const Look *look, const Arg *n, SxError *err)
{
    LinePlace place = {0, 1};
    uint64_t line = n->value.magnitude;
    if (n->value.negative || line == 0)
        return sx_fail(err, SX_ERR_RANGE, "lines are counted from 1");
    if (!line_near(look, line, &place, err) || !line_seek(look->source, &place, line, look->job, err))
        return false;
    bool empty = place.at == look->length && place.line > 1; /* behind the last line end no line begins */
    if (place.line < line || empty)
        return sx_fail(err, SX_ERR_RANGE, "there is no line %llu, the last one is %llu", (unsigned long long)line,
                       (unsigned long long)(place.line - (empty && ends_line(look))));
    return session_goto(s, place.at, err);
}

SxExit
cmd_line(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    if (!look_begin(s, &look, "line", err))
        return outcome(false, err);
    bool ok = goto_line(s, &look, &a->arg[0], err);
    look_end(s, &look);
    return outcome(ok, err);
}

/* --- back and forward ------------------------------------------------------------------------------------------- */

static uint64_t
times(const Args *a)
{
    return a->arg[0].given ? a->arg[0].offset : 1;
}

/* Where a jump came from may lie behind the end by now. */
static bool
goto_clipped(SxSession *s, uint64_t at, SxError *err)
{
    uint64_t length = sx_document_length(session_document(s));
    return session_goto(s, at < length ? at : length, err);
}

static SxExit
walk_jumps(SxSession *s, const Args *a, bool forward, SxError *err)
{
    Tab *tab = session_tab(s);
    bool moved = false;
    for (uint64_t left = times(a); left > 0; left--) {
        uint64_t at = 0, cursor = sx_document_tell(tab->document);
        bool there = forward ? jumps_forward(&tab->jumps, &at) : jumps_back(&tab->jumps, cursor, &at);
        if (!there)
            break;
        if (!goto_clipped(s, at, err))
            return outcome(false, err);
        moved = true;
    }
    if (moved)
        return print_cursor(s);
    session_warn(s, "nowhere to go %s to", forward ? "forward" : "back");
    return SX_EXIT_ABSENT;
}

SxExit
cmd_back(SxSession *s, const Args *a, SxError *err)
{
    return walk_jumps(s, a, false, err);
}

SxExit
cmd_forward(SxSession *s, const Args *a, SxError *err)
{
    return walk_jumps(s, a, true, err);
}

/* --- things ------------------------------------------------------------------------------------------------------- */

static SxFound
find_thing(SxSession *s, const Look *look, const char *thing, bool backward, uint64_t *at, SxError *err)
{
    ThingSearch t = {session_document(s), look->snapshot, look->source, look->cursor, backward, look->job};
    return thing_find(&t, thing, at, err);
}

static SxExit
goto_thing(SxSession *s, const char *thing, bool backward, SxError *err)
{
    Look look;
    uint64_t at = 0;
    if (!look_begin(s, &look, thing, err))
        return outcome(false, err);
    SxFound found = find_thing(s, &look, thing, backward, &at, err);
    look_end(s, &look);
    if (found == SX_ABSENT) {
        session_warn(s, "no %s %s 0x%llx", thing, backward ? "before" : "behind", (unsigned long long)look.cursor);
        return SX_EXIT_ABSENT;
    }
    return outcome(found == SX_FOUND && session_goto(s, at, err), err);
}

static SxExit
one_thing(SxSession *s, const char *thing, bool backward, SxError *err)
{
    if (strcmp(thing, "match") != 0)
        return goto_thing(s, thing, backward, err);
    if (!s->pattern)
        return outcome(sx_fail(err, SX_ERR_UNKNOWN, "nothing was searched yet: search PATTERN"), err);
    return search_again(s, backward != s->backward, err);
}

static SxExit
walk_things(SxSession *s, const Args *a, bool backward, SxError *err)
{
    const char *thing = a->arg[0].given ? a->arg[0].word : "match";
    SxExit exit = SX_EXIT_DONE;
    for (uint64_t left = a->arg[1].given ? a->arg[1].offset : 1; left > 0 && exit == SX_EXIT_DONE; left--)
        exit = one_thing(s, thing, backward, err);
    return exit == SX_EXIT_DONE ? print_cursor(s) : exit;
}

SxExit
cmd_next(SxSession *s, const Args *a, SxError *err)
{
    return walk_things(s, a, false, err);
}

SxExit
cmd_previous(SxSession *s, const Args *a, SxError *err)
{
    return walk_things(s, a, true, err);
}

/* --- pointers ------------------------------------------------------------------------------------------------------ */

SxExit
cmd_follow_pointer(SxSession *s, const Args *a, SxError *err)
{
    SxScope scope = session_scope(s, true);
    const char *type = scope.length > UINT32_MAX ? "u64le" : "u32le";
    char text[24];
    if (a->arg[0].given)
        type = a->arg[0].word;
    for (const char *c = type; *c; c++)
        if (!isalnum((unsigned char)*c))
            return outcome(sx_fail(err, SX_ERR_SYNTAX, "\"%s\" is no type of a number; u32le u64be ...", type), err);
    int n = snprintf(text, sizeof text, "%s(.)", type);
    uint64_t at;
    if (n < 0 || (size_t)n >= sizeof text)
        return outcome(sx_fail(err, SX_ERR_SYNTAX, "\"%s\" is no type of a number; u32le u64be ...", type), err);
    if (!sx_expression_offset(sx_bytes(text, (size_t)n), &scope, &at, NULL, err) || !session_goto(s, at, err))
        return outcome(false, err);
    return print_cursor(s);
}
