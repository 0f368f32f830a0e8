/*
 * marks.c - the list of marks, and how a change moves it.
 */
#include "document/marks.h"

#include <stdlib.h>
#include <string.h>

static void
mark_clear(Mark *m)
{
    free(m->name);
    free(m->colour);
    free(m->note);
}

void
marks_clear(Marks *m)
{
    for (size_t i = 0; i < m->count; i++)
        mark_clear(&m->list[i]);
    free(m->list);
    *m = (Marks){0};
}

static bool
comes_before(const Mark *a, const Mark *b)
{
    return a->span.at != b->span.at ? a->span.at < b->span.at : strcmp(a->name, b->name) < 0;
}

/* Put list[i] where it belongs among its neighbours, which are in order. */
static void
settle(Marks *m, size_t i)
{
    Mark mark = m->list[i];
    for (; i > 0 && comes_before(&mark, &m->list[i - 1]); i--)
        m->list[i] = m->list[i - 1];
    for (; i + 1 < m->count && comes_before(&m->list[i + 1], &mark); i++)
        m->list[i] = m->list[i + 1];
    m->list[i] = mark;
}

static bool
make_room(Marks *m)
{
    if (m->count < m->room)
        return true;
    size_t room = m->room ? 2 * m->room : 8;
    Mark *list = realloc(m->list, room * sizeof *list);
    if (!list)
        return false;
    m->list = list;
    m->room = room;
    return true;
}

bool
marks_set(Marks *m, const SxMark *mark)
{
    Mark new = {
        .name = strdup(mark->name),
        .colour = strdup(mark->colour ? mark->colour : ""),
        .note = strdup(mark->note ? mark->note : ""),
        .span = mark->span,
        .base = {UINT64_MAX, 0},
        .identity = m->identity + 1,
    };
    if (!new.name || !new.colour || !new.note || !make_room(m)) {
        mark_clear(&new);
        return false;
    }
    m->identity++;
    marks_remove(m, mark->name);
    m->list[m->count++] = new;
    settle(m, m->count - 1);
    return true;
}

static size_t
index_of(const Marks *m, const char *name)
{
    size_t i = 0;
    while (i < m->count && strcmp(m->list[i].name, name) != 0)
        i++;
    return i;
}

bool
marks_remove(Marks *m, const char *name)
{
    size_t i = index_of(m, name);
    if (i == m->count)
        return false;
    mark_clear(&m->list[i]);
    m->count--;
    memmove(m->list + i, m->list + i + 1, (m->count - i) * sizeof *m->list);
    return true;
}

void
marks_place(Marks *m, const char *name, SxSpan span)
{
    size_t i = index_of(m, name);
    if (i == m->count)
        return;
    m->list[i].span = span;
    settle(m, i);
}

const Mark *
marks_find(const Marks *m, const char *name)
{
    size_t i = index_of(m, name);
    return i < m->count ? &m->list[i] : NULL;
}

/* --- changes -------------------------------------------------------------------------------------------------------------- */

/* Where the byte at `place` is after the change; bytes beyond what replaces them are at its end. */
static uint64_t
moved(uint64_t place, const SxChange *c)
{
    if (place < c->at)
        return place;
    if (place - c->at >= c->removed)
        return place - c->removed + c->inserted;
    return place - c->at < c->inserted ? place : c->at + c->inserted;
}

/* Whether the byte at `place` is one after the change, too. */
static bool
stays(uint64_t place, const SxChange *c)
{
    return place < c->at || place - c->at >= c->removed || place - c->at < c->inserted;
}

static SxSpan
moved_span(SxSpan s, const SxChange *c)
{
    uint64_t at = moved(s.at, c);
    if (s.len == 0)
        return (SxSpan){at, 0};
    uint64_t last = s.at + s.len - 1;
    uint64_t end = moved(last, c) + stays(last, c);
    return sx_span(at, end);
}

/* Behind changes: in order again. Those that collapsed to one place are ordered by name. */
static void
settle_all(Marks *m)
{
    for (size_t i = 1; i < m->count; i++)
        if (comes_before(&m->list[i], &m->list[i - 1]))
            settle(m, i);
}

void
marks_change(Marks *m, const SxChange *c)
{
    for (size_t i = 0; i < m->count; i++)
        m->list[i].span = moved_span(m->list[i].span, c);
    settle_all(m);
}

/* --- many changes --------------------------------------------------------------------------------------------------------- */

/* One side of a mark: the byte it sticks to, before the changes. */
typedef struct Edge {
    uint64_t place;
    size_t mark;
    bool last; /* of the mark's bytes */
} Edge;

static int
by_place(const void *a, const void *b)
{
    const Edge *x = a;
    const Edge *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static Edge *
edges_of(const Marks *m, size_t *count)
{
    Edge *edges = malloc(2 * m->count * sizeof *edges);
    if (!edges)
        return NULL;
    *count = 0;
    for (size_t i = 0; i < m->count; i++) {
        SxSpan s = m->list[i].span;
        edges[(*count)++] = (Edge){s.at, i, false};
        if (s.len > 0)
            edges[(*count)++] = (Edge){s.at + s.len - 1, i, true};
    }
    qsort(edges, *count, sizeof *edges, by_place);
    return edges;
}

/* Where an edge comes to lie: at[] of its mark, or end[] of it. */
static void
put_edge(const Edge *e, const SxChange *c, uint64_t *at, uint64_t *end)
{
    uint64_t place = moved(e->place, c);
    if (e->last)
        end[e->mark] = place + stays(e->place, c);
    else
        at[e->mark] = place;
}

/* Walk edges and changes together. `shift`, modulo 2^64, is what the changes before have moved everything by. */
static void
move_edges(Edge *edges, size_t count, NextChange *next, void *from, uint64_t *at, uint64_t *end)
{
    SxChange c;
    uint64_t shift = 0;
    size_t i = 0;
    while (next(from, &c)) {
        uint64_t begin = c.at - shift; /* before all changes */
        for (; i < count && edges[i].place < begin; i++) {
            edges[i].place += shift;
            put_edge(&edges[i], &(SxChange){UINT64_MAX, 0, 0}, at, end);
        }
        for (; i < count && edges[i].place - begin < c.removed; i++) {
            edges[i].place += shift;
            put_edge(&edges[i], &c, at, end);
        }
        shift += c.inserted - c.removed;
    }
    for (; i < count; i++) {
        edges[i].place += shift;
        put_edge(&edges[i], &(SxChange){UINT64_MAX, 0, 0}, at, end);
    }
}

void
marks_change_many(Marks *m, NextChange *next, void *from)
{
    size_t count = 0;
    Edge *edges = edges_of(m, &count);
    uint64_t *at = malloc(2 * m->count * sizeof *at);
    SxChange c;
    if (!edges || !at) {
        while (next(from, &c))
            marks_change(m, &c);
    } else {
        move_edges(edges, count, next, from, at, at + m->count);
        for (size_t i = 0; i < m->count; i++) {
            Mark *mark = &m->list[i];
            mark->span = mark->span.len > 0 ? sx_span(at[i], at[m->count + i]) : (SxSpan){at[i], 0};
        }
        settle_all(m);
    }
    free(edges);
    free(at);
}

/* --- and back --------------------------------------------------------------------------------------------------------------- */

void
marks_begin(Marks *m)
{
    for (size_t i = 0; i < m->count; i++)
        m->list[i].base = m->list[i].span;
}

bool
marks_copy(const Marks *m, Marks *out)
{
    *out = *m;
    out->list = malloc((m->count ? m->count : 1) * sizeof *m->list);
    if (out->list && m->count > 0)
        memcpy(out->list, m->list, m->count * sizeof *m->list);
    return out->list;
}

void
mark_spans_clear(MarkSpans *s)
{
    free(s->list);
    *s = (MarkSpans){0};
}

void
marks_spans(const Marks *m, MarkSpans *out)
{
    *out = (MarkSpans){.list = m->count > 0 ? malloc(m->count * sizeof *out->list) : NULL};
    for (size_t i = 0; out->list && i < m->count; i++)
        out->list[out->count++] = (MarkSpan){m->list[i].identity, m->list[i].span};
}

static bool
is_displaced(const Mark *m)
{
    return m->base.at != UINT64_MAX && (m->span.at != m->base.at || m->span.len != m->base.len);
}

void
marks_displaced(const Marks *m, MarkSpans *out)
{
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++)
        count += is_displaced(&m->list[i]);
    *out = (MarkSpans){.list = count > 0 ? malloc(count * sizeof *out->list) : NULL};
    for (size_t i = 0; out->list && i < m->count; i++)
        if (is_displaced(&m->list[i]))
            out->list[out->count++] = (MarkSpan){m->list[i].identity, m->list[i].base};
}

static int
by_identity(const void *a, const void *b)
{
    const MarkSpan *x = a;
    const MarkSpan *y = b;
    return x->identity < y->identity ? -1 : x->identity > y->identity;
}

void
marks_restore(Marks *m, const MarkSpans *spans)
{
    if (spans->count == 0)
        return;
    qsort(spans->list, spans->count, sizeof *spans->list, by_identity);
    for (size_t i = 0; i < m->count; i++) {
        MarkSpan key = {.identity = m->list[i].identity};
        const MarkSpan *found = bsearch(&key, spans->list, spans->count, sizeof key, by_identity);
        if (found)
            m->list[i].span = found->span;
    }
    settle_all(m);
}
