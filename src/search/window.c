/*
 * window.c - which part of the source to show next, and how. Offsets are those of the source.
 */
#include "search/window.h"

#include <stdlib.h>
#include <string.h>

enum { GATHER_MAX = 1 << 20, TAIL = 256, LOST_AT_ONCE = 32, PADDED = 4096, PADDING = 16 };

void
window_drop(Window *w, const Scene *scene)
{
    if (w->kind == WINDOW_DATA)
        sx_source_unpin(scene->source, &w->pin);
    free(w->copy);
    w->copy = NULL;
    w->kind = WINDOW_NONE;
}

static uint64_t
smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t
plus(uint64_t a, uint64_t b)
{
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/* --- lost bytes ---------------------------------------------------------------------------------------------------- */

/* The end of the last lost range in [at, pos), or `at`. */
static uint64_t
lost_before(const Scene *scene, uint64_t at, uint64_t pos)
{
    SxSpan lost[LOST_AT_ONCE];
    size_t n;
    do {
        n = sx_source_lost(scene->source, sx_span(at, pos), lost, LOST_AT_ONCE);
        size_t got = n < LOST_AT_ONCE ? n : LOST_AT_ONCE;
        if (got > 0)
            at = smaller(sx_span_end(lost[got - 1]), pos);
    } while (n > LOST_AT_ONCE);
    return at;
}

/* Lost bytes match nothing: the subject ends at them. */
static void
keep_between_lost(Window *w, const Scene *scene)
{
    Subject *s = &w->subject;
    uint64_t end = s->at + s->len;
    SxSpan next;
    uint64_t from = lost_before(scene, s->at, w->begin);
    if (from > s->at) {
        s->data += from - s->at;
        s->len -= (size_t)(from - s->at);
        s->at = from;
        s->first = false;
    }
    if (sx_source_lost(scene->source, sx_span(w->begin, end), &next, 1) == 0)
        return;
    uint64_t at = larger(next.at, w->begin);
    s->len = (size_t)(at - s->at);
    s->last = s->cut = true;
    w->limit = smaller(w->limit, at);
    if (at == w->begin) {
        uint64_t behind = larger(sx_span_end(next), at + 1);
        window_drop(w, scene);
        w->kind = WINDOW_LOST;
        w->limit = behind;
    }
}

/* --- pins ---------------------------------------------------------------------------------------------------------- */

/* In UTF-8 a character that is cut off would look like a byte that is no character. */
static void
trim_character(Subject *s)
{
    size_t back = 0;
    while (back < 3 && back < s->len && (s->data[s->len - 1 - back] & 0xc0) == 0x80)
        back++;
    if (back == s->len)
        return;
    uint8_t lead = s->data[s->len - 1 - back];
    size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    if (lead <= 0xf4 && n > back + 1)
        s->len -= back + 1;
}

static bool
is_utf(const Scene *scene)
{
    return scene->pattern->how == MATCH_REGEX && scene->pattern->regex.utf;
}

/*
 * JIT code for UTF-8 (10.42) may read a few bytes beyond the end of its subject, and \b even believes them. So the
 * subject ends before the pin does; where nothing lies behind it is copied, and zeros follow.
 */
static bool
pad(Window *w, SxError *err)
{
    uint8_t *copy = malloc(w->subject.len + PADDING);
    if (!copy)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to search");
    memcpy(copy, w->subject.data, w->subject.len);
    memset(copy + w->subject.len, 0, PADDING);
    w->copy = copy;
    w->subject.data = copy;
    return true;
}

/* The bytes [from, end), for places from the one wanted on up to `limit`. */
static bool
pin(Window *w, const Scene *scene, const Wanted *wanted, uint64_t from, uint64_t end, uint64_t limit, SxError *err)
{
    SxSpan span = sx_span(from, end);
    if (!sx_source_pin(scene->source, span, SX_PIN_SCAN, &w->pin, err))
        return false;
    w->kind = WINDOW_DATA;
    w->begin = wanted->pos;
    w->limit = limit;
    w->subject = (Subject){
        .data = w->pin.data,
        .len = (size_t)span.len,
        .at = from,
        .first = from == 0,
        .last = end == scene->size,
    };
    w->careful = wanted->careful;
    w->lost = w->careful ? sx_source_lost(scene->source, span, NULL, 0) : 0;
    if (is_utf(scene) && w->subject.last && !pad(w, err)) {
        window_drop(w, scene);
        return false;
    }
    if (w->lost > 0)
        keep_between_lost(w, scene);
    if (w->kind == WINDOW_DATA && is_utf(scene) && !w->subject.last) {
        w->subject.len -= (size_t)smaller(PADDING, w->subject.len);
        trim_character(&w->subject);
    }
    return true;
}

/* Bytes shown beyond the last place that is looked at here, so that most attempts need no further window. */
static uint64_t
tail(const Scene *scene)
{
    uint64_t span = pattern_span(scene->pattern);
    return span != LENGTH_MAX ? span : smaller(TAIL, scene->window);
}

static uint64_t
padding(const Scene *scene)
{
    return is_utf(scene) ? PADDING : 0;
}

/* --- which way ------------------------------------------------------------------------------------------------------- */

static bool
is_large(const Scene *scene, const SxExtent *e, uint64_t pos, size_t want)
{
    if (e->kind == SX_EXTENT_LOST)
        return true;
    uint64_t rest = sx_span_end(e->span) - larger(pos, e->span.at);
    bool end = sx_span_end(e->span) == scene->size;
    if (end && is_utf(scene) && rest <= PADDED)
        return false;
    if (e->direct && !scene->gather && (rest >= larger(scene->piece, want) || end))
        return true;
    return e->kind != SX_EXTENT_DATA && rest >= scene->fill;
}

static bool
in_place(const Scene *scene, const SxExtent *e, uint64_t pos, size_t want)
{
    uint64_t end = sx_span_end(e->span);
    return e->direct && e->kind != SX_EXTENT_LOST && !scene->gather && !(is_utf(scene) && end == scene->size) &&
           (e->span.at == 0 || pos - e->span.at >= scene->pattern->behind) &&
           (end == scene->size || end - pos >= larger(scene->piece, want));
}

static bool
is_fill(const Scene *scene, const SxExtent *e, uint64_t pos)
{
    return (e->kind == SX_EXTENT_FILL || e->kind == SX_EXTENT_HOLE) && sx_span_end(e->span) - pos >= scene->fill;
}

/* The extent at `at`, or of data that was found for the window before the rest of it. */
static bool
extent_at(Window *w, const Scene *scene, uint64_t at, SxExtent *out, SxError *err)
{
    if (at >= w->seen.span.at && at < sx_span_end(w->seen.span)) {
        *out = w->seen;
        return true;
    }
    if (!sx_source_extent(scene->source, at, out, err))
        return false;
    if (out->kind == SX_EXTENT_DATA)
        w->seen = *out;
    return true;
}

/* Small pieces from `pos` on, up to the first that is better shown in another way, in one copy. */
static bool
gather(Window *w, const Scene *scene, const Wanted *wanted, SxExtent e, SxError *err)
{
    uint64_t pos = wanted->pos, stop = wanted->stop, end = pos, most = scene->gather ? scene->window : GATHER_MAX;
    while (!is_large(scene, &e, pos, wanted->want) && end < pos + most && end < stop) {
        end = sx_span_end(e.span);
        if (end >= scene->size)
            break;
        if (!extent_at(w, scene, end, &e, err))
            return false;
    }
    uint64_t behind = scene->pattern->behind, limit = smaller(end + behind + 1, pos + most);
    limit = larger(smaller(limit, stop), pos + 1);
    uint64_t last = smaller(plus(larger(plus(limit, tail(scene)), plus(pos, wanted->want)), padding(scene)), scene->size);
    if (last == scene->size && end >= scene->size)
        limit = larger(limit, smaller(stop, scene->size + 1));
    return pin(w, scene, wanted, pos - smaller(behind, pos), last, smaller(limit, last + 1), err);
}

/*
 * The extent that holds `pos`, with as much before it as look-behind needs: a source may begin the extent at the offset
 * that it was asked for, since what lies before would cost it another look.
 */
static bool
extent_around(Window *w, const Scene *scene, uint64_t pos, SxExtent *out, SxError *err)
{
    uint64_t before = smaller(plus(scene->pattern->behind, 1), pos);
    if (!extent_at(w, scene, pos - before, out, err))
        return false;
    return sx_span_end(out->span) > pos || extent_at(w, scene, pos, out, err);
}

bool
window_load(Window *w, const Scene *scene, const Wanted *wanted, SxError *err)
{
    uint64_t pos = wanted->pos, behind = smaller(scene->pattern->behind, pos);
    window_drop(w, scene);
    if (wanted->careful)
        w->seen = (SxExtent){0};
    if (pos >= scene->size)
        return pin(w, scene, wanted, pos - behind, scene->size, scene->size + 1, err);
    SxExtent e;
    if (!extent_around(w, scene, pos, &e, err))
        return false;
    uint64_t end = sx_span_end(e.span);
    if (e.kind == SX_EXTENT_LOST) {
        *w = (Window){.kind = WINDOW_LOST, .begin = pos, .limit = end};
        return true;
    }
    bool fill = !wanted->data && is_fill(scene, &e, pos);
    if (fill && pos > e.span.at + scene->pattern->behind) {
        *w = (Window){.kind = WINDOW_FILL, .begin = pos, .limit = end, .fill = e.fill};
        return true;
    }
    if (is_utf(scene) && end == scene->size && end - pos > PADDED)
        end = e.span.at + (e.span.len -= PADDED); /* the rest is padded */
    if (fill || !in_place(scene, &e, pos, wanted->want))
        return gather(w, scene, wanted, e, err);
    uint64_t limit = smaller(plus(pos, scene->window), wanted->stop);
    uint64_t last = smaller(plus(larger(limit, plus(pos, wanted->want)), tail(scene) + padding(scene)), end);
    return pin(w, scene, wanted, pos - behind, last, smaller(limit, last == scene->size ? last + 1 : last), err);
}
