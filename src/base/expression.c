/*
 * expression.c - an expression as a number, as an offset of the document, and as a range of it.
 */
#include <sextant/expression.h>

#include <inttypes.h>
#include <string.h>

#include "base/evaluate.h"

static Evaluation
evaluation(SxBytes text, const SxScope *scope, SxError *err)
{
    if (text.len == 0)
        text.data = (const uint8_t *)"";
    return (Evaluation){.text = text, .scope = scope, .err = err};
}

/* Tell how much was used, or that something is left. */
static bool
finished(Evaluation *e, size_t *used)
{
    if (!used)
        return nothing_left(e);
    *used = e->at;
    return true;
}

static uint8_t
next(const Evaluation *e)
{
    return e->at < e->text.len ? e->text.data[e->at] : 0;
}

static void
skip_leading(Evaluation *e, const size_t *used)
{
    if (!used || e->scope->spaces)
        skip_spaces(e);
}

bool
sx_expression(SxBytes text, const SxScope *scope, SxValue *out, size_t *used, SxError *err)
{
    Evaluation e = evaluation(text, scope, err);
    Wide value;
    skip_leading(&e, used);
    bool relative = next(&e) == '+' || next(&e) == '-';
    if (!evaluate(&e, &value) || !finished(&e, used))
        return false;
    *out = (SxValue){
        .magnitude = (uint64_t)(value < 0 ? -value : value),
        .negative = value < 0,
        .relative = relative,
        .leading_zeros = e.leading_zeros,
    };
    return true;
}

bool
sx_expression_offset(SxBytes text, const SxScope *scope, uint64_t *out, size_t *used, SxError *err)
{
    SxValue v;
    if (!sx_expression(text, scope, &v, used, err))
        return false;
    Wide from = v.relative ? scope->cursor : v.negative ? scope->length : 0;
    Wide at = v.negative ? from - v.magnitude : from + v.magnitude;
    if (at < 0)
        return range_at(err, 0, sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " bytes back is before the start", v.magnitude));
    if (at > UINT64_MAX)
        return range_at(err, 0, sx_fail(err, SX_ERR_RANGE, "no file reaches that far"));
    if (at > scope->length)
        return range_at(err, 0, sx_fail(err, SX_ERR_RANGE, "0x%" PRIx64 " is past the end, 0x%" PRIx64, (uint64_t)at,
                                        scope->length));
    *out = (uint64_t)at;
    return true;
}

/* --- ranges ------------------------------------------------------------------------------------------------------- */

/* A side of a range, not yet clipped: below 0 is before the start. */
static bool
side(Evaluation *e, Wide *out)
{
    if (next(e) == '+')
        return sx_fail_at(e->err, e->at + 1, "a length is written behind a space, \"0x40 +16\"; from the cursor \".+16\"");
    if (!evaluate(e, out))
        return false;
    if (*out < 0)
        *out += e->scope->length;
    return true;
}

static SxSpan
clipped(Wide start, Wide end, uint64_t length)
{
    Wide a = start < 0 ? 0 : start > length ? length : start;
    Wide b = end < 0 ? 0 : end > length ? length : end;
    return sx_span((uint64_t)a, (uint64_t)b);
}

/* "sel", "all", "'a": a range by name, with nothing behind it that would make it a side. */
static bool
named(Evaluation *e, SxSpan *out, bool *found)
{
    size_t at = e->at;
    size_t len = word_span(e->text, at);
    char name[MARK_NAME];
    *found = true;
    if (next(e) == '\'') {
        if (!mark_name(e, name))
            return false;
        *found = e->scope->mark_span && e->scope->mark_span(e->scope->data, name, out);
    } else if (len == 3 && memcmp(e->text.data + at, "all", 3) == 0) {
        *out = (SxSpan){0, e->scope->length};
        e->at += len;
    } else if (len == 3 && memcmp(e->text.data + at, "sel", 3) == 0) {
        *out = e->scope->selection;
        e->at += len;
    } else {
        *found = false;
    }
    return true;
}

/* Whether the range went on behind the name that ended here: the name was a place in it. */
static bool
goes_on(Evaluation *e)
{
    size_t end = e->at;
    bool apart = next(e) == ' ' || next(e) == '\t';
    skip_spaces(e);
    uint8_t c = next(e);
    bool length = apart && c == '+' && e->at + 1 < e->text.len && e->text.data[e->at + 1] != ' ';
    bool more = length || (c && strchr(":+-*/&|^<>", c) && (!apart || e->scope->spaces));
    e->at = end;
    return more;
}

static bool
by_name(Evaluation *e, SxSpan *out, bool *found)
{
    size_t at = e->at;
    if (!named(e, out, found))
        return false;
    if (*found && !goes_on(e))
        return e->text.data[at] != 's' || need_selection(e, at);
    *found = false;
    e->at = at;
    return true;
}

/* ":B" or ":" behind the start. */
static bool
to_end(Evaluation *e, Wide *end)
{
    e->at++;
    if (e->scope->spaces)
        skip_spaces(e);
    *end = e->scope->length;
    return !value_begins(e) || side(e, end);
}

/* " +N" behind the start. */
static bool
by_length(Evaluation *e, Wide start, Wide *end)
{
    size_t at = e->at++;
    if (!evaluate(e, end))
        return false;
    if (*end < 0)
        return range_at(e->err, at, sx_fail(e->err, SX_ERR_RANGE, "a length is not less than nothing"));
    *end += start;
    return true;
}

static bool
by_sides(Evaluation *e, SxSpan *out)
{
    Wide start = 0;
    Wide end;
    size_t first = e->at;
    if (next(e) != ':' && !side(e, &start))
        return false;
    size_t behind = e->at;
    skip_spaces(e);
    bool apart = e->at > behind;
    if (next(e) == ':' && (!apart || e->scope->spaces)) {
        if (!to_end(e, &end))
            return false;
    } else if (next(e) == '+' && apart) {
        if (!by_length(e, start, &end))
            return false;
    } else {
        e->at = behind;
        return sx_fail_at(e->err, behind + 1, "a range is A:B or A +N: \"%.*s +1\" is one byte", (int)(behind - first),
                          (const char *)e->text.data + first);
    }
    *out = clipped(start, end, e->scope->length);
    return true;
}

bool
sx_expression_range(SxBytes text, const SxScope *scope, SxSpan *out, size_t *used, SxError *err)
{
    Evaluation e = evaluation(text, scope, err);
    SxSpan span;
    bool found;
    e.stop_at_plus = true;
    skip_leading(&e, used);
    if (!by_name(&e, &span, &found) || !(found || by_sides(&e, &span)) || !finished(&e, used))
        return false;
    *out = found ? sx_span_clip(span, scope->length) : span;
    return true;
}
