/*
 * steps.c - pages of steps come and go: the ones that nobody asked for since the hand came by last go first.
 */
#include "document/steps.h"

#include <stdlib.h>
#include <string.h>

#include <sextant/spill.h>
#include <sextant/text.h>

#include "document/wire.h"

enum {
    PAGE_STEPS = 64,
    BUDGET = 16 << 20, /* bytes */
};

typedef struct Page {
    bool recent; /* asked for since the hand came by */
    bool dirty;  /* not what the file has */
    Step steps[PAGE_STEPS];
} Page;

/* Where a page is when it is not in memory. */
typedef struct Slot {
    Page *page; /* NULL: in the file */
    uint64_t at;
    bool placed; /* it has a place in the file */
} Slot;

struct Steps {
    Slot *slots;
    size_t count;
    size_t room;
    size_t hand;
    size_t held;   /* bytes of pages and bodies in memory */
    size_t budget;
    Swap *swaps;
    Reaper *reaper;
    SxSpill spill;
    uint64_t end;  /* of the file */
    SxSpill differences; /* of big steps */
    uint64_t differences_end;
    Step nothing;
    SxError why;
};

Steps *
steps_new(size_t budget, Reaper *reaper)
{
    Steps *s = calloc(1, sizeof *s);
    if (s)
        *s = (Steps){.budget = budget ? budget : BUDGET, .reaper = reaper, .spill = sx_spill_none(), .differences = sx_spill_none()};
    return s;
}

size_t
steps_budget(const Steps *s)
{
    return s->budget;
}

static size_t
splice_size(const Splice *s)
{
    return sizeof *s + ((size_t)s->n_removed + s->n_inserted) * sizeof *s->pieces;
}

void
step_add_splice(Steps *s, Step *step, Splice *splice)
{
    splice->previous = step->last;
    splice->next = NULL;
    if (step->last)
        step->last->next = splice;
    else
        step->first = splice;
    step->last = splice;
    step->pieces += splice->n_removed + splice->n_inserted;
    s->held += splice_size(splice);
}

void
step_take_splice(Steps *s, Step *step, Splice *splice)
{
    *(splice->previous ? &splice->previous->next : &step->first) = splice->next;
    *(splice->next ? &splice->next->previous : &step->last) = splice->previous;
    step->pieces -= splice->n_removed + splice->n_inserted;
    s->held -= splice_size(splice);
}

/* Its body leaves the memory; what is known of it stays. */
static void
body_free(Steps *s, Step *step)
{
    uint32_t pieces = step->pieces;
    while (step->last) {
        Splice *last = step->last;
        step_take_splice(s, step, last);
        free(last);
    }
    mark_spans_clear(&step->displaced);
    step->pieces = pieces;
    step->here = false;
}

void
swap_free(Swap *swap, Reaper *reaper)
{
    if (!swap)
        return;
    node_release(swap->before, reaper);
    node_release(swap->behind, reaper);
    free(swap);
}

void
step_set_swap(Steps *s, Step *step, Swap *swap)
{
    swap->previous = NULL;
    swap->next = s->swaps;
    if (s->swaps)
        s->swaps->previous = swap;
    s->swaps = swap;
    step->swap = swap;
}

static void
swap_drop(Steps *s, Swap *swap)
{
    *(swap->previous ? &swap->previous->next : &s->swaps) = swap->next;
    if (swap->next)
        swap->next->previous = swap->previous;
    swap_free(swap, s->reaper);
}

void
step_clear(Steps *s, Step *step)
{
    body_free(s, step);
    if (step->swap)
        swap_drop(s, step->swap);
    *step = (Step){.here = true};
}

/* --- bodies in the file ------------------------------------------------------------------------------------------------- */

static void
put_splice(Wire *w, const Splice *s)
{
    wire_put_short(w, s->at);
    wire_put_short(w, s->n_removed);
    wire_put_short(w, s->n_inserted);
    for (uint32_t i = 0; i < s->n_removed + s->n_inserted; i++)
        wire_put_piece(w, &s->pieces[i]);
}

static void
put_body(Wire *w, const Step *step)
{
    uint64_t splices = 0;
    for (const Splice *s = step->first; s; s = s->next)
        splices++;
    wire_put_short(w, splices);
    for (const Splice *s = step->first; s; s = s->next)
        put_splice(w, s);
    wire_put_short(w, step->displaced.count);
    for (size_t i = 0; i < step->displaced.count; i++) {
        wire_put_short(w, step->displaced.list[i].identity);
        wire_put_short(w, step->displaced.list[i].span.at);
        wire_put_short(w, step->displaced.list[i].span.len);
    }
}

static Splice *
get_splice(Unwire *u)
{
    uint64_t at = unwire_short(u);
    uint32_t n_removed = (uint32_t)unwire_short(u);
    uint32_t n_inserted = (uint32_t)unwire_short(u);
    Splice *s = malloc(sizeof *s + ((size_t)n_removed + n_inserted) * sizeof *s->pieces);
    if (!s)
        return NULL;
    *s = (Splice){.at = at, .n_removed = n_removed, .n_inserted = n_inserted};
    for (uint32_t i = 0; i < n_removed + n_inserted; i++)
        s->pieces[i] = unwire_piece(u);
    s->removed = pieces_len(s->pieces, n_removed);
    s->inserted = pieces_len(s->pieces + n_removed, n_inserted);
    return s;
}

static bool
get_displaced(Unwire *u, MarkSpans *out)
{
    size_t count = (size_t)unwire_short(u);
    *out = (MarkSpans){.list = count > 0 ? malloc(count * sizeof *out->list) : NULL};
    if (count > 0 && !out->list)
        return false;
    for (; out->count < count; out->count++) {
        MarkSpan *m = &out->list[out->count];
        m->identity = unwire_short(u);
        m->span.at = unwire_short(u);
        m->span.len = unwire_short(u);
    }
    return true;
}

static bool
get_body(Steps *s, Step *step, SxBytes bytes)
{
    Unwire u = {.rest = bytes};
    uint64_t splices = unwire_short(&u);
    step->pieces = 0;
    for (uint64_t i = 0; i < splices; i++) {
        Splice *splice = get_splice(&u);
        if (!splice)
            return false;
        step_add_splice(s, step, splice);
    }
    return get_displaced(&u, &step->displaced);
}

/* --- pages in the file ---------------------------------------------------------------------------------------------------- */

/* Bodies that the file does not have yet, one behind the other. */
static bool
bodies_away(Steps *s, Page *page)
{
    Wire w = {0};
    for (size_t i = 0; i < PAGE_STEPS; i++) {
        Step *step = &page->steps[i];
        size_t from = w.len;
        if (!step->here || step->body_len > 0 || (!step->first && step->displaced.count == 0))
            continue;
        put_body(&w, step);
        step->body_at = s->end + from;
        step->body_len = (uint32_t)(w.len - from);
    }
    bool done = !w.failed && (w.len == 0 || sx_spill_put(&s->spill, s->end, w.data, w.len));
    for (size_t i = 0; i < PAGE_STEPS && !done; i++) /* not there after all */
        if (page->steps[i].body_at >= s->end)
            page->steps[i].body_len = 0;
    s->end += done ? w.len : 0;
    free(w.data);
    return done;
}

static bool
page_away(Steps *s, Slot *slot)
{
    Page *page = slot->page;
    if (!bodies_away(s, page))
        return false;
    uint64_t at = slot->placed ? slot->at : s->end;
    for (size_t i = 0; i < PAGE_STEPS; i++)
        body_free(s, &page->steps[i]);
    if ((page->dirty || !slot->placed) && !sx_spill_put(&s->spill, at, page->steps, sizeof page->steps)) {
        page->recent = true; /* without the bodies, which come back when they are asked for */
        return false;
    }
    s->end += slot->placed ? 0 : sizeof page->steps;
    slot->at = at;
    slot->placed = true;
    slot->page = NULL;
    s->held -= sizeof *page;
    free(page);
    return true;
}

static bool
page_back(Steps *s, Slot *slot)
{
    Page *page = calloc(1, sizeof *page);
    if (!page)
        return sx_fail(&s->why, SX_ERR_NOMEM, "no memory for the history");
    if (!sx_spill_get(&s->spill, slot->at, page->steps, sizeof page->steps)) {
        free(page);
        return sx_fail(&s->why, SX_ERR_IO, "older steps cannot be read back from the temporary directory");
    }
    slot->page = page;
    s->held += sizeof *page;
    return true;
}

static bool
body_back(Steps *s, Step *step)
{
    bool blank = step->body_len == 0;
    uint8_t *bytes = blank ? NULL : malloc(step->body_len);
    if (!blank && !bytes)
        return sx_fail(&s->why, SX_ERR_NOMEM, "no memory for the history");
    bool read = blank || sx_spill_get(&s->spill, step->body_at, bytes, step->body_len);
    bool done = read && (blank || get_body(s, step, sx_bytes(bytes, step->body_len)));
    free(bytes);
    if (!read)
        return sx_fail(&s->why, SX_ERR_IO, "older steps cannot be read back from the temporary directory");
    step->here = true;
    if (done)
        return true;
    body_free(s, step);
    return sx_fail(&s->why, SX_ERR_NOMEM, "no memory for the history");
}

/* --- asking for steps -------------------------------------------------------------------------------------------------------- */

bool
steps_make(Steps *s, uint32_t number)
{
    size_t index = number / PAGE_STEPS;
    if (index < s->count)
        return s->slots[index].page || page_back(s, &s->slots[index]);
    Page *page = calloc(1, sizeof *page);
    if (!page || !sx_grow(&s->slots, &s->room, index + 1, sizeof *s->slots)) {
        free(page);
        return false;
    }
    for (size_t i = 0; i < PAGE_STEPS; i++)
        page->steps[i].here = true;
    page->dirty = true;
    s->slots[s->count++] = (Slot){.page = page};
    s->held += sizeof *page;
    return true;
}

/* In the place of one that cannot be had: whatever is done to it is forgotten. */
static Step *
nothing(Steps *s)
{
    body_free(s, &s->nothing);
    s->nothing = (Step){.here = true};
    return &s->nothing;
}

static Step *
find(Steps *s, uint32_t number, bool change)
{
    Slot *slot = &s->slots[number / PAGE_STEPS];
    if (!slot->page && !page_back(s, slot))
        return nothing(s);
    slot->page->recent = true;
    slot->page->dirty |= change;
    return &slot->page->steps[number % PAGE_STEPS];
}

static Step *
find_whole(Steps *s, uint32_t number, bool change)
{
    Step *step = find(s, number, change);
    if (step->here || body_back(s, step))
        return step;
    return nothing(s);
}

const Step *
steps_at(Steps *s, uint32_t number)
{
    return find(s, number, false);
}

Step *
steps_change(Steps *s, uint32_t number)
{
    return find(s, number, true);
}

const Step *
steps_whole(Steps *s, uint32_t number)
{
    return find_whole(s, number, false);
}

Step *
steps_rewrite(Steps *s, uint32_t number)
{
    Step *step = find_whole(s, number, true);
    step->body_len = 0;
    return step;
}

bool
steps_failed(Steps *s, SxError *err)
{
    if (s->why.code == SX_OK)
        return false;
    if (err)
        *err = s->why;
    s->why = (SxError){0};
    return true;
}

/* --- big steps ----------------------------------------------------------------------------------------------------------------- */

Swap *
steps_swaps(const Steps *s)
{
    return s->swaps;
}

uint64_t
steps_long_end(const Steps *s)
{
    return s->differences_end;
}

bool
steps_long_full(const Steps *s)
{
    return s->differences.failed;
}

bool
steps_long_put(Steps *s, uint64_t at, const void *data, size_t len)
{
    return sx_spill_put(&s->differences, at, data, len);
}

bool
steps_long_get(const Steps *s, uint64_t at, void *out, size_t len)
{
    return sx_spill_get(&s->differences, at, out, len);
}

void
steps_long_taken(Steps *s, uint64_t end)
{
    s->differences_end = end;
}

/* --- memory -------------------------------------------------------------------------------------------------------------------- */

void
steps_trim(Steps *s, uint32_t held)
{
    if (s->held <= s->budget)
        return;
    for (size_t turn = 2 * s->count; turn > 0 && s->held > s->budget / 4 * 3 && !s->spill.failed; turn--) {
        s->hand = s->hand + 1 < s->count ? s->hand + 1 : 0;
        Slot *slot = &s->slots[s->hand];
        if (!slot->page || s->hand == held / PAGE_STEPS)
            continue;
        if (slot->page->recent)
            slot->page->recent = false;
        else
            page_away(s, slot);
    }
}

void
steps_free(Steps *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++) {
        Page *page = s->slots[i].page;
        for (size_t k = 0; page && k < PAGE_STEPS; k++)
            body_free(s, &page->steps[k]);
        free(page);
    }
    while (s->swaps)
        swap_drop(s, s->swaps);
    body_free(s, &s->nothing);
    sx_spill_close(&s->spill);
    sx_spill_close(&s->differences);
    free(s->slots);
    free(s);
}
