/* found_mend.c - looking again where edits touched, as far as a match could have come to be or to go. */
#include "command/found_parts.h"

#include <stdlib.h>
#include <string.h>

enum { REACH_MAX = 4096, ZONE_MAX = 128 << 10, LIST_MAX = 4096, LOOK_TEXT = 64, LOOK_REGEX = 4096 };
enum { LINES_AT_ONCE = 64 << 10, ZONES_AT_ONCE = 64 }; /* what came behind a log may be much: some, then a frame */

/* What the mending of one touched place knows. */
typedef struct Zone {
    SxSource *source;
    uint64_t reach;  /* see Reach */
    bool lines;      /* no match lies across its borders */
    uint64_t at;     /* where the search begins */
    uint64_t pos;    /* how far it is */
    uint64_t safe;   /* from here on no match can see the edit */
    uint64_t end;    /* of the range */
    Kept *spans;
} Zone;

/* How far it is from an edit to what cannot see it. */
typedef struct Reach {
    uint64_t bytes; /* the longest match and what may be looked at around it */
    bool lines;     /* no match is longer than its line: to where that begins and ends */
} Reach;

/* Whether all that decides about a match lies near it, wherever it is moved. */
static bool
followable(const SxPattern *p, Reach *reach)
{
    bool bounded, regex = sx_pattern_kind(p) == SX_PATTERN_REGEX;
    const char *text = sx_pattern_text(p);
    uint64_t longest = sx_pattern_reach(p, &bounded);
    bool near = bounded && longest <= REACH_MAX;
    *reach = (Reach){near ? longest + (regex ? LOOK_REGEX : LOOK_TEXT) : 0, !near};
    if ((!near && !sx_pattern_in_line(p)) || sx_pattern_matches_empty(p) || strstr(text, "align="))
        return false;
    for (const char *c = regex ? strchr(text, '(') : NULL; c; c = strchr(c + 1, '(')) {
        if (c[1] == '*' || (c[1] == '?' && c[2] != ':' && c[2] != '<' && c[2] != 'P'))
            return false;
        if (c[1] == '?' && c[2] == '<' && (c[3] == '=' || c[3] == '!'))
            return false;
    }
    return !regex || (!strstr(text, "\\G") && !strstr(text, "\\K"));
}

/* The zone of the touched part `i`, with those so near that their zones meet. */
static Zone
zone_near(Found *f, size_t i, uint64_t reach)
{
    const Part *p = &f->parts[i];
    Zone z = {.reach = reach, .end = found_end(f)};
    uint64_t touched = p->at + p->len, room = p->at - f->at;
    z.at = p->at - (room < reach ? room : reach);
    uint64_t before = found_index(f, z.at);
    SxSpan match;
    if (before > 0 && found_get(f, before - 1, &match) && sx_span_end(match) > z.at)
        z.at = sx_span_end(match);
    /* typing on makes one list longer, not many: where a list begins no match lies across */
    const Part *list = &f->parts[found_part_at(f, z.at)];
    if (list->kind == PART_LIST && z.at - list->at <= LIST_MAX)
        z.at = list->at;
    for (size_t k = i + 1; k < f->count && f->parts[k].at <= touched + 2 * reach; k++) {
        if (f->parts[k].kind == PART_TOUCHED)
            touched = f->parts[k].at + f->parts[k].len;
    }
    z.pos = z.at;
    z.safe = touched + reach < z.end ? touched + reach : z.end;
    return z;
}

/* Where the line that holds `at` begins, and where it ends; UINT64_MAX when that is far, or not in memory. */
static uint64_t
line_border(SxSource *source, uint64_t at, uint64_t end, bool forward)
{
    SxSpan span = forward ? sx_span_clip((SxSpan){at, LINES_AT_ONCE}, end) : sx_span(at > LINES_AT_ONCE ? at - LINES_AT_ONCE : 0, at);
    uint8_t *bytes = malloc(2 * (size_t)span.len + 1);
    uint64_t border = UINT64_MAX;
    if (bytes && span.len > 0) {
        sx_source_peek(source, span, bytes, bytes + span.len);
        const uint8_t *feed = forward ? memchr(bytes, '\n', (size_t)span.len) : memrchr(bytes, '\n', (size_t)span.len);
        border = feed ? span.at + (uint64_t)(feed - bytes) + 1 : border;
    }
    free(bytes);
    if (border == UINT64_MAX && (forward ? sx_span_end(span) == end : span.at == 0))
        return forward ? end : 0;
    return border;
}

/* The lines of the touched part, or the first of them when it is long; `at` is UINT64_MAX when they are long. */
static Zone
zone_lines(Found *f, size_t i, SxSource *source)
{
    const Part *p = &f->parts[i];
    Zone z = {.lines = true, .end = found_end(f)};
    uint64_t touched = p->at + (p->len < LINES_AT_ONCE ? p->len : LINES_AT_ONCE);
    z.at = line_border(source, p->at, z.end, false);
    z.at = z.at == UINT64_MAX || z.at > f->at ? z.at : f->at;
    const Part *list = &f->parts[found_part_at(f, z.at == UINT64_MAX ? p->at : z.at)];
    if (list->kind == PART_LIST && z.at - list->at <= LIST_MAX)
        z.at = list->at;
    z.pos = z.at;
    z.safe = line_border(source, touched, z.end, true);
    /* also what was touched right behind: found_put takes parts of no length with it */
    for (size_t k = i + 1; k < f->count && f->parts[k].at <= z.safe && z.safe < z.end; k++) {
        touched = f->parts[k].at + (f->parts[k].len < LINES_AT_ONCE ? f->parts[k].len : LINES_AT_ONCE);
        if (f->parts[k].kind == PART_TOUCHED && touched >= z.safe)
            z.safe = line_border(source, touched, z.end, true);
    }
    z.at = z.safe == UINT64_MAX ? UINT64_MAX : z.at;
    return z;
}

/* Bytes that are not in memory are nothing for this thread. */
static bool
all_here(SxSource *source, SxSpan span)
{
    uint8_t *bytes = malloc(2 * (size_t)span.len + 1);
    bool here = bytes != NULL;
    if (here && span.len > 0) {
        uint8_t *states = bytes + span.len;
        sx_source_peek(source, span, bytes, states);
        here = !memchr(states, SX_BYTE_PENDING, (size_t)span.len) && !memchr(states, SX_BYTE_LOST, (size_t)span.len);
    }
    free(bytes);
    return here;
}

/* The end of the old match that reaches over `pos`; `pos` when there is none. */
static uint64_t
straddled(Found *f, uint64_t pos)
{
    SxSpan match;
    uint64_t index = found_index(f, pos);
    bool over = index > 0 && found_get(f, index - 1, &match) && sx_span_end(match) > pos;
    return over ? sx_span_end(match) : pos;
}

/* Search on until the old matches are right again: behind the reach of the edit, and where none of them lies across. */
static bool
search_zone(Found *f, Zone *z)
{
    while (z->pos < z->end) {
        uint64_t to = z->pos < z->safe ? z->safe : z->lines ? z->pos : straddled(f, z->pos);
        if (to == z->pos)
            return true;
        if (z->pos - z->at > ZONE_MAX)
            return false;
        SxMatch m;
        uint64_t limit = to + z->reach < z->end ? to + z->reach : z->end;
        SxFound found = sx_search_find(f->pattern, z->source, sx_span(z->pos, limit), NULL, NULL, &m, NULL, NULL);
        if (found != SX_FOUND && found != SX_ABSENT)
            return false;
        bool wanted = found == SX_FOUND && (m.span.at < to || to == z->end);
        if (wanted && !kept_add(z->spans, (SxSpan){m.span.at - z->at, m.span.len}))
            return false;
        z->pos = wanted ? sx_span_end(m.span) : to;
    }
    return true;
}

/* About where the set had to come to know what lies before `at` now. */
static uint64_t
base_of(const Found *f, uint64_t at)
{
    for (size_t i = found_part_at(f, at) + 1; i-- > 0;) {
        if (f->parts[i].kind == PART_SET)
            return f->parts[i].base + (at - f->parts[i].at);
    }
    return at;
}

static Mended
mend_part(Found *f, size_t i, Reach reach, SxSource *source, const SxMatchSetState *set)
{
    Zone z = reach.lines ? zone_lines(f, i, source) : zone_near(f, i, reach.bytes);
    if (z.at == UINT64_MAX)
        return FOUND_BROKEN;
    SxSpan wide = sx_span(z.at, z.safe + z.reach < z.end ? z.safe + z.reach : z.end);
    bool done = !set->running && set->end == SX_END_DONE;
    if (!done && set->scanned < base_of(f, sx_span_end(wide)) + ZONE_MAX)
        return FOUND_LATER;
    if (wide.len > ZONE_MAX + LINES_AT_ONCE || !all_here(source, wide))
        return FOUND_BROKEN;
    z.source = source;
    z.spans = kept_new();
    bool good = z.spans && search_zone(f, &z) &&
                found_put(f, sx_span(z.at, z.pos), (Part){.kind = PART_LIST, .len = z.pos - z.at, .spans = z.spans});
    if (!good)
        kept_release(z.spans);
    return good ? FOUND_MENDED : FOUND_BROKEN;
}

Mended
found_mend(Found *f, SxSnapshot *now)
{
    Reach reach;
    unsigned zones = 0;
    if (f->broken)
        return FOUND_BROKEN;
    if (!f->pattern)
        return FOUND_MENDED;
    SxMatchSetState set = found_set(f);
    found_sums(f);
    for (size_t i = 0; i < f->count; i++) {
        if (f->parts[i].kind != PART_TOUCHED)
            continue;
        Mended m = followable(f->pattern, &reach) ? mend_part(f, i, reach, sx_snapshot_source(now), &set) : FOUND_BROKEN;
        f->broken = m == FOUND_BROKEN;
        if (m != FOUND_MENDED)
            return m;
        if (++zones == ZONES_AT_ONCE)
            return FOUND_LATER;
        i = SIZE_MAX; /* parts are others now */
    }
    return FOUND_MENDED;
}
