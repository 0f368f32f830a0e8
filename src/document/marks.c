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

void
marks_change(Marks *m, const SxChange *c, MarkShrunk *shrunk, void *data)
{
    SxChange back = {c->at, c->inserted, c->removed};
    for (size_t i = 0; i < m->count; i++) {
        Mark *mark = &m->list[i];
        SxSpan before = mark->span;
        mark->span = moved_span(before, c);
        SxSpan again = moved_span(mark->span, &back);
        if (shrunk && (again.at != before.at || again.len != before.len))
            shrunk(data, mark->identity, before);
    }
    /* those that collapsed to one place are to be ordered by name */
    for (size_t i = 1; i < m->count; i++)
        if (comes_before(&m->list[i], &m->list[i - 1]))
            settle(m, i);
}

void
marks_restore(Marks *m, uint64_t identity, SxSpan span)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->list[i].identity == identity) {
            m->list[i].span = span;
            settle(m, i);
            return;
        }
    }
}
