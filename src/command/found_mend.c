/* found_mend.c - looking again where edits touched, as far as a match could have come to be or to go. */
#include "command/found_parts.h"

#include <stdlib.h>
#include <string.h>

enum { REACH_MAX = 4096, ZONE_MAX = 128 << 10, LIST_MAX = 4096, LOOK_TEXT = 64, LOOK_REGEX = 4096 };

/* What the mending of one touched place knows. */
typedef struct Zone {
    SxSource *source;
    uint64_t reach;  /* the longest match and what may be looked at around it */
    uint64_t at;     /* where the search begins */
    uint64_t pos;    /* how far it is */
    uint64_t safe;   /* from here on no match can see the edit */
    uint64_t end;    /* of the range */
    Kept *spans;
} Zone;

/* Whether all that decides about a match lies near it, wherever it is moved. */
static bool
followable(const SxPattern *p, uint64_t *reach)
{
    bool bounded, regex = sx_pattern_kind(p) == SX_PATTERN_REGEX;
    const char *text = sx_pattern_text(p);
    uint64_t longest = sx_pattern_reach(p, &bounded);
    *reach = longest + (regex ? LOOK_REGEX : LOOK_TEXT);
    if (!bounded || longest > REACH_MAX || sx_pattern_matches_empty(p) || strstr(text, "align="))
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
zone_of(Found *f, size_t i, uint64_t reach)
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
        uint64_t to = z->pos < z->safe ? z->safe : straddled(f, z->pos);
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
mend_part(Found *f, size_t i, uint64_t reach, SxSource *source, const SxMatchSetState *set)
{
    Zone z = zone_of(f, i, reach);
    SxSpan wide = sx_span(z.at, z.safe + reach < z.end ? z.safe + reach : z.end);
    bool done = !set->running && set->end == SX_END_DONE;
    if (!done && set->scanned < base_of(f, sx_span_end(wide)) + ZONE_MAX)
        return FOUND_LATER;
    if (wide.len > ZONE_MAX || !all_here(source, wide))
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
    uint64_t reach;
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
        i = SIZE_MAX; /* parts are others now */
    }
    return FOUND_MENDED;
}
