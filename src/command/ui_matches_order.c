/* ui_matches_order.c - see ui_matches_order.h. */
#include "command/ui_matches_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command/scene.h"
#include "command/ui.h"
#include "command/ui_matches_row.h"
#include "command/window.h"

enum { CHUNK = 1024, SCENE_MAX = 64, KEY = 16, ASK_EVERY = 256, PATIENCE_MS = 10 };

typedef struct Item {
    SxSpan at;
    uint32_t index;
    uint8_t key[KEY]; /* the first bytes of the match */
} Item;

typedef struct Work {
    SxSnapshot *snapshot;
    OrderBy by;
    MatchRow row;    /* as it is shown; holds a count of the pattern */
    char filter[64];
    Item *items;
    size_t count, looked;
} Work;

struct Order {
    Task *task;
    Work *work; /* the task's until it is done */
};

static void
work_free(void *p)
{
    Work *w = p;
    sx_snapshot_release(w->snapshot);
    sx_pattern_release(w->row.pattern);
    free(w->items);
    free(w);
}

/* Whether the row of a match has the words of the filter in it. */
static bool
passes(const Work *w, SxSource *source, const Item *item)
{
    uint8_t bytes[SCENE_MAX];
    SxString row = {0};
    SxSpan around = scene_around(w->row.encoding, item->at, sx_source_size(source), w->row.cells);
    if (!w->filter[0])
        return true;
    if (!sx_source_read(source, around, bytes, NULL))
        return false;
    sx_string_addf(&row, "0x%llx\t", (unsigned long long)item->at.at);
    scene_match(&row, w->row.encoding, sx_bytes(bytes, (size_t)around.len), around, item->at);
    match_row_add_value(&w->row, source, item->at, &row);
    bool found = strcasestr(sx_string(&row), w->filter) != NULL;
    sx_string_clear(&row);
    return found;
}

static void
read_key(SxSource *source, Item *item)
{
    SxSpan span = {item->at.at, item->at.len < KEY ? item->at.len : KEY};
    memset(item->key, 0, KEY);
    if (span.len > 0 && !sx_source_read(source, span, item->key, NULL))
        memset(item->key, 0xff, KEY);
}

static int
in_order(const void *a, const void *b)
{
    const Item *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

static int
longest(const void *a, const void *b)
{
    const Item *x = a, *y = b;
    if (x->at.len != y->at.len)
        return x->at.len > y->at.len ? -1 : 1;
    return in_order(a, b);
}

static int
bytewise(const void *a, const void *b)
{
    const Item *x = a, *y = b;
    int order = memcmp(x->key, y->key, KEY);
    return order ? order : in_order(a, b);
}

static void
work(void *p, SxJob *job)
{
    static int (*const orders[])(const void *, const void *) = {in_order, longest, bytewise};
    Work *w = p;
    Window window;
    SxSource *source = sx_snapshot_source(w->snapshot);
    size_t kept = 0;
    if (!window_init(&window, source, sx_source_size(source), NULL))
        return;
    for (size_t i = 0; i < w->count && (i % ASK_EVERY || !sx_job_cancelled(job)); i++) {
        if (!passes(w, &window.source, &w->items[i]))
            continue;
        w->items[kept] = w->items[i];
        if (w->by == ORDER_BYTES)
            read_key(&window.source, &w->items[kept]);
        kept++;
    }
    window_clear(&window);
    w->count = kept;
    qsort(w->items, kept, sizeof *w->items, orders[w->by]);
}

static bool
collect(SxSession *s, Work *w)
{
    FoundState state;
    SxSpan chunk[CHUNK];
    Found *found = ui_matches(s, &state);
    size_t room = state.count < ORDER_MAX ? (size_t)state.count : ORDER_MAX;
    uint64_t next = 0;
    w->items = found ? calloc(room + 1, sizeof *w->items) : NULL;
    while (w->items && w->count < room) {
        size_t got = found_from(found, next, chunk, room - w->count < CHUNK ? room - w->count : CHUNK);
        for (size_t i = 0; i < got; i++) {
            w->items[w->count] = (Item){.at = chunk[i], .index = (uint32_t)w->count};
            w->count++;
        }
        if (got == 0)
            break;
        next = chunk[got - 1].at + 1;
    }
    w->looked = w->count;
    return w->items;
}

Order *
order_start(SxSession *s, OrderBy by, const char *filter)
{
    Order *o = calloc(1, sizeof *o);
    Work *w = calloc(1, sizeof *w);
    if (w) {
        w->snapshot = sx_document_snapshot(session_document(s));
        w->row = match_row(s);
        sx_pattern_retain(w->row.pattern);
    }
    if (!o || !w || !w->snapshot || !collect(s, w)) {
        free(o);
        if (w)
            work_free(w);
        return NULL;
    }
    w->by = by;
    snprintf(w->filter, sizeof w->filter, "%s", filter);
    o->work = w;
    if (!task_start(&o->task, work, w, work_free, s->options.wake, s->options.data, NULL)) {
        free(o);
        return NULL;
    }
    (void)task_wait(o->task, PATIENCE_MS);
    return o;
}

bool
order_done(Order *o)
{
    return task_done(o->task);
}

uint64_t
order_count(const Order *o)
{
    return o->work->count;
}

uint64_t
order_at(const Order *o, uint64_t row)
{
    return o->work->items[row].index;
}

uint64_t
order_looked(const Order *o)
{
    return o->work->looked;
}

void
order_drop(Order *o)
{
    if (!o)
        return;
    task_drop(o->task);
    free(o);
}
