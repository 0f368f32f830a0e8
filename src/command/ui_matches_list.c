/*
 * ui_matches_list.c - the list of matches: in the lower half of the window, while the upper one shows the match of its
 * current row, always in the same row of the screen.
 *
 * It fills while the search goes on. A filter or an order is made in a worker, and made anew when more has been found.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/scene.h"
#include "command/ui.h"
#include "command/ui_matches_order.h"
#include "command/ui_matches_row.h"

enum { AGAIN_MS = 500, ROW_MAX = 6 };

typedef struct Listing {
    OrderBy by;
    Order *order;    /* that is shown; NULL: as they come */
    Order *making;   /* and that will be */
    uint64_t made;   /* when `making` was begun */
    uint64_t cursor, top; /* of the document before */
    unsigned row;    /* of the screen in which the match is shown */
    SxSpan current;
    bool has_current;
} Listing;

static Listing *
listing(List *l)
{
    return l->data;
}

static const char *const order_names[] = {"", ", by length", ", by bytes"};

static void
title(SxSession *s, List *l, uint64_t shown)
{
    const Listing *x = listing(l);
    char told[64], filter[96] = "";
    ui_find_told(s, told, sizeof told);
    told[strcspn(told, ",")] = '\0'; /* what is next is not asked here */
    if (l->filter[0])
        snprintf(filter, sizeof filter, ", %" PRIu64 " with \"%s\"", shown, l->filter);
    bool part = x->order && order_looked(x->order) < ui_find_known(s);
    SxString text = {0};
    sx_string_addf(&text, "matches: %s%s%s%s%s", told, order_names[x->by], filter, x->making ? " ..." : "",
                   part ? ", of the first 100000" : "");
    sx_text_middle(l->title, sizeof l->title, sx_string(&text), sizeof l->title - 4);
    sx_string_clear(&text);
}

static uint64_t
matches_count(SxSession *s, List *l)
{
    const Listing *x = listing(l);
    uint64_t n = x->order ? order_count(x->order) : ui_find_known(s);
    title(s, l, n);
    return n;
}

/* The index among the matches of a row of the list. */
static uint64_t
index_of(List *l, uint64_t row)
{
    const Listing *x = listing(l);
    return x->order && row < order_count(x->order) ? order_at(x->order, row) : row;
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */

/* Number, offset, length, what stands around, groups. */
static void
matches_row(SxSession *s, List *l, uint64_t row, SxString *out)
{
    enum { LONG = 4096 };
    SxSpan match;
    uint8_t *bytes;
    uint64_t index = index_of(l, row);
    SxSnapshot *frame = ui_tab(s)->frame;
    if (!ui_find_nth(s, index, &match))
        return;
    MatchRow r = match_row(s);
    SxSpan around = scene_around(r.encoding, match, sx_document_length(session_document(s)), r.cells);
    sx_string_addf(out, "%" PRIu64 "\t0x%" PRIx64 "\t%" PRIu64 "\t", index + 1, match.at, match.len);
    if (!ui_peek(s, around, &bytes)) {
        sx_string_add(out, "..");
        return;
    }
    scene_match(out, r.encoding, sx_bytes(bytes, (size_t)around.len), around, match);
    if (frame && match.len <= LONG && ui_peek(s, match, &bytes))
        match_row_add_value(&r, sx_snapshot_source(frame), match, out);
}

/* --- order --------------------------------------------------------------------------------------------------------------- */

static bool
ordered(const List *l, const Listing *x)
{
    return x->by != ORDER_OFFSET || l->filter[0];
}

static void
reorder(SxSession *s, List *l)
{
    Listing *x = listing(l);
    order_drop(x->making);
    x->making = NULL;
    if (!ordered(l, x)) {
        order_drop(x->order);
        x->order = NULL;
        return;
    }
    x->making = order_start(s, x->by, l->filter);
    x->made = ui_now();
}

/* Take what is ready; begin anew when more was found since. */
static void
order_settle(SxSession *s, List *l)
{
    Listing *x = listing(l);
    if (x->making && order_done(x->making)) {
        order_drop(x->order);
        x->order = x->making;
        x->making = NULL;
    }
    bool more = x->order && order_looked(x->order) < ORDER_MAX && order_looked(x->order) < ui_find_known(s);
    if (more && !x->making && ui_now() - x->made > AGAIN_MS)
        reorder(s, l);
}

/* --- the view above --------------------------------------------------------------------------------------------------------- */

static void
opened(SxSession *s, List *l)
{
    const struct UiTab *u = ui_tab(s);
    Listing *x = calloc(1, sizeof *x);
    SX_BUG_ON(!x);
    x->cursor = sx_document_tell(session_document(s));
    x->top = u->top;
    x->current = u->find.current;
    x->has_current = u->find.has_current;
    uint64_t row = x->cursor > u->top ? ui_rows_between(s, u->top, x->cursor) : 0;
    x->row = row < ROW_MAX ? (unsigned)row : ROW_MAX;
    l->data = x;
    uint64_t here = ui_find_index(s, x->cursor);
    l->current = here < ui_find_known(s) ? here : 0;
}

static void
put_back(SxSession *s, const Listing *x)
{
    struct UiTab *u = ui_tab(s);
    session_goto(s, x->cursor, NULL);
    u->top = x->top;
    u->find.current = x->current;
    u->find.has_current = x->has_current;
}

static void
closed(SxSession *s, List *l)
{
    put_back(s, listing(l));
}

static void
freed(List *l)
{
    Listing *x = listing(l);
    order_drop(x->order);
    order_drop(x->making);
    free(x);
}

/* The match of the row under the bar, where the one before was. */
static void
show(SxSession *s, List *l)
{
    SxSpan match;
    const Listing *x = listing(l);
    order_settle(s, l);
    if (matches_count(s, l) == 0 || !ui_find_nth(s, index_of(l, l->current), &match))
        return;
    ui_find_preview(s, match);
    ui_tab(s)->top = ui_rows_from(s, ui_row(s, match.at), -(int64_t)x->row);
}

static void
enter(SxSession *s, List *l, uint64_t row)
{
    SxSpan match;
    char line[48];
    Listing *x = listing(l);
    if (!ui_find_nth(s, index_of(l, row), &match))
        return;
    uint64_t top = ui_tab(s)->top;
    session_goto(s, x->cursor, NULL);
    snprintf(line, sizeof line, "goto 0x%" PRIx64, match.at);
    ui_run(s, line);
    ui_tab(s)->top = top;
    ui_find_arrived(s, match);
    s->ui->walk = NULL;
}

static bool
key(SxSession *s, List *l, SxKey k, uint64_t row)
{
    Listing *x = listing(l);
    (void)row;
    if (k.mods != 0 || k.code != 's')
        return false;
    x->by = (x->by + 1) % ORDER_KINDS;
    l->current = l->top = 0;
    reorder(s, l);
    return true;
}

const ListKind list_matches = {
    .title = "matches",
    .footer = "Enter goes there, then n N walk on  / filters  s sorts  q closes",
    .strip = true,
    .count = matches_count,
    .row = matches_row,
    .enter = enter,
    .key = key,
    .opened = opened,
    .closed = closed,
    .freed = freed,
    .filter = reorder,
    .show = show,
};
