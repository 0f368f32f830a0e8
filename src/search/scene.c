/*
 * scene.c - default sizes, and what tiny ones of a test make of them.
 */
#include "search/scene.h"

enum {
    WINDOW = 64 << 20,
    PIECE = 64 << 10,
    FILL = 64 << 10,
    REACH = 16 << 20,
    STEP = 1 << 20,
};

Scene
scene_make(const SxPattern *p, SxSource *s, SxSpan in, const SxSearchOptions *o, SxJob *job)
{
    Scene scene = {.pattern = p, .source = s, .job = job, .size = sx_source_size(s)};
    scene.in = sx_span_clip(in, scene.size);
    scene.window = WINDOW;
    scene.piece = PIECE;
    scene.fill = FILL;
    scene.reach = o && o->reach ? o->reach : REACH;
    scene.step = STEP;
    scene.gather = o && o->gather;
    if (scene.gather)
        scene.window = STEP;
    if (o && o->window)
        scene.window = scene.piece = scene.fill = scene.step = o->window;
    return scene;
}

uint64_t
scene_stop(const Scene *scene)
{
    uint64_t end = sx_span_end(scene->in), min = scene->pattern->min;
    if (min > scene->in.len)
        return scene->in.at;
    return end - min + 1;
}
