/*
 * edit.c - from the last match that an edit cannot have touched on, walk the new source until the walk stands where the
 * old one stood. Offsets are those after the edit but where they say otherwise.
 */
#include "search/edit.h"

#include "search/scene.h"

enum { REACH_MAX = 64 << 10, WALK_MAX = 256 << 10 }; /* bytes: more is for a search in the background */

static uint64_t
minus(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

/* Whether what an attempt sees is within known bounds, and it does not matter where the search began. */
static bool
can_follow(const SxPattern *p, const Edit *e)
{
    bool alone = p->how == MATCH_REGEX && (p->regex.head || p->regex.keeps || p->regex.begins);
    uint64_t span = pattern_span(p);
    uint64_t moved = e->inserted > e->removed ? e->inserted - e->removed : e->removed - e->inserted;
    return !alone && e->inserted <= WALK_MAX && span <= REACH_MAX && p->behind <= REACH_MAX && moved % p->align == 0;
}

/* The range after the edit; false: the edit is not wholly inside. */
static bool
move_range(SxSpan *in, const Edit *e, uint64_t old_size)
{
    uint64_t end = sx_span_end(*in);
    bool whole = in->at == 0 && end == old_size;
    if (!whole && (e->at <= in->at || e->at + e->removed >= end))
        return false;
    in->len += e->inserted - e->removed;
    return true;
}

typedef struct Following {
    Patched *matches;
    const Edit *edit;
    Walk walk;
    Scene scene;
    uint64_t shift;
    uint64_t from;  /* number of the first old match that may be gone, */
    uint64_t next;  /* and of the first that begins where the walk stands, or behind */
    size_t found;
    Batch batch;
} Following;

/* Where to begin: the state behind the last match that stays. */
static void
begin(Following *f, uint64_t first)
{
    WalkState state = {.pos = first, .head = first == f->scene.in.at};
    SxSpan m;
    f->from = f->next = patched_index(f->matches, first);
    if (f->from > 0 && patched_get(f->matches, f->from - 1, &m) && sx_span_end(m) >= first)
        state = (WalkState){sx_span_end(m), m.len == 0, true};
    walk_go(&f->walk, state);
}

/* Whether the old walk stood at the place of the new one, outside of all matches; else how far to go at least. */
static bool
is_back(Following *f, uint64_t settled, uint64_t *stop)
{
    const WalkState *at = &f->walk.state;
    const SxPattern *p = f->scene.pattern;
    SxSpan m;
    *stop = at->pos < settled ? settled : at->pos + 1;
    if (at->pos < settled)
        return false;
    uint64_t old = at->pos - f->shift; /* the place before the edit */
    while (patched_get(f->matches, f->next, &m) && m.at < old)
        f->next++;
    if (f->next > 0 && patched_get(f->matches, f->next - 1, &m) && sx_span_end(m) > old) {
        *stop = sx_span_end(m) + f->shift;
        return false;
    }
    return !at->nonempty && !(at->head && p->how == MATCH_REGEX && p->regex.utf);
}

static bool
note(Following *f, uint64_t base)
{
    BatchCursor c = batch_begin(&f->batch, base);
    Run run;
    while (batch_next(&f->batch, &c, &run)) {
        for (uint64_t i = 0; i < run.count; i++, f->found++)
            if (run.count > WALK_MAX || !patched_find(f->matches, (SxSpan){run.at + i * run.stride, run.len}))
                return false;
    }
    return true;
}

/* Walks until it is back, or at the end. */
static bool
search_again(Following *f, uint64_t settled)
{
    uint64_t end = scene_stop(&f->scene), most = settled + WALK_MAX, stop;
    while (!is_back(f, settled, &stop)) {
        uint64_t base = f->walk.state.pos;
        if (base >= end) {
            f->next = patched_count(f->matches);
            return true;
        }
        batch_reset(&f->batch, base);
        Progress p = walk_step(&f->walk, stop < end ? stop : end, 1, &f->batch, NULL);
        if ((p != WALK_MORE && p != WALK_DONE) || f->walk.state.pos > most || !note(f, base))
            return false;
    }
    return true;
}

bool
edit_follow(Patched *matches, Scene *scene, const Edit *edit, SxSource *now)
{
    const SxPattern *p = scene->pattern;
    Following f = {.matches = matches, .edit = edit, .scene = *scene, .shift = edit->inserted - edit->removed};
    f.scene.source = now;
    f.scene.size = sx_source_size(now);
    f.scene.job = NULL;
    if (!can_follow(p, edit) || !move_range(&f.scene.in, edit, scene->size) || !walk_open(&f.walk, &f.scene, NULL))
        return false;
    uint64_t first = minus(edit->at, pattern_span(p)), settled = edit->at + edit->inserted + p->behind + 1;
    begin(&f, first > f.scene.in.at ? first : f.scene.in.at);
    size_t before = matches->founds;
    bool good = search_again(&f, settled) && patched_replace(matches, f.from, f.next, f.found, f.shift);
    if (!good)
        matches->founds = before;
    walk_close(&f.walk);
    batch_clear(&f.batch);
    if (!good)
        return false;
    f.scene.job = scene->job;
    *scene = f.scene;
    return true;
}
