/*
 * ui_select.c - SELECT: from the anchor to the cursor, both included, as bytes, whole rows or a rectangle.
 *
 * A selection that was kept (v again) stands while the cursor moves on in BROWSE; Esc drops it.
 */
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

static uint64_t
min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t
max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static SxSpan
selected(SxSession *s)
{
    const struct UiTab *u = ui_tab(s);
    uint64_t cursor = sx_document_tell(session_document(s)), length = sx_document_length(session_document(s));
    uint64_t a = min(u->anchor, cursor), b = max(u->anchor, cursor);
    if (ui_text_on(s))
        return ui_text_selected(s, a, b, u->shape == SELECT_ROWS);
    if (u->shape == SELECT_ROWS) {
        a = ui_row(s, a);
        uint64_t row = ui_row(s, b), next = ui_rows_from(s, row, 1);
        b = next > row ? next - 1 : length - 1;
    }
    return sx_span(a, min(b, length - 1) + 1);
}

/* The columns of a rectangle; len 0: it is none. */
SxSpan
ui_rectangle(SxSession *s)
{
    const Tab *tab = session_tab(s);
    const struct UiTab *u = tab->ui;
    if (u->shape != SELECT_RECTANGLE || ui_text_on(s) || !tab->has_selection || tab->selection.len == 0)
        return (SxSpan){0, 0};
    SxHexLayout l;
    ui_layout(s, &l);
    uint64_t shift = s->ui->options.shift % l.columns;
    uint64_t a = (u->rect_a + shift) % l.columns, b = (u->rect_b + shift) % l.columns;
    return sx_span(min(a, b), max(a, b) + 1);
}

void
ui_select_update(SxSession *s)
{
    Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    if (u->mode != SX_MODE_SELECT)
        return;
    if (sx_document_length(tab->document) == 0) {
        u->mode = SX_MODE_BROWSE;
        tab->has_selection = false;
        return;
    }
    u->rect_a = u->anchor;
    u->rect_b = sx_document_tell(tab->document);
    tab->selection = selected(s);
    tab->has_selection = true;
}

static void
remember(SxSession *s)
{
    const Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    u->last_shape = u->shape;
    u->last_anchor = u->anchor;
    u->last_cursor = u->mode == SX_MODE_SELECT ? sx_document_tell(tab->document) : u->rect_b;
    u->has_last = true;
}

bool
ui_selection_drop(SxSession *s)
{
    Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    bool was = tab->has_selection || u->mode == SX_MODE_SELECT;
    if (was)
        remember(s);
    tab->has_selection = false;
    u->shape = SELECT_BYTES;
    if (u->mode == SX_MODE_SELECT)
        u->mode = keymap_modeless_now(s) ? SX_MODE_OVERWRITE : SX_MODE_BROWSE;
    return was;
}

static void
begin(SxSession *s, SelectShape shape)
{
    Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    ui_half_drop(s, true);
    if (sx_document_length(tab->document) == 0) {
        ui_sayf(s, "nothing to select: the document is empty");
        return;
    }
    if (u->mode != SX_MODE_BROWSE)
        ui_mode_set(s, SX_MODE_BROWSE);
    u->mode = SX_MODE_SELECT;
    u->anchor = min(sx_document_tell(tab->document), sx_document_length(tab->document) - 1);
    u->shape = shape;
}

SxExit
cmd_select_mode(SxSession *s, const Args *a, SxError *err)
{
    struct UiTab *u = ui_tab(s);
    const char *word = a->arg[0].given ? a->arg[0].word : "bytes";
    SelectShape shape = SELECT_BYTES;
    (void)err;
    if (strcmp(word, "rows") == 0)
        shape = SELECT_ROWS;
    else if (strcmp(word, "rectangle") == 0)
        shape = SELECT_RECTANGLE;
    if (u->mode != SX_MODE_SELECT) {
        begin(s, shape);
    } else if (u->shape != shape) {
        u->shape = shape;
    } else {
        remember(s);
        u->mode = SX_MODE_BROWSE;
    }
    return SX_EXIT_DONE;
}

SxExit
cmd_select_again(SxSession *s, const Args *a, SxError *err)
{
    struct UiTab *u = ui_tab(s);
    uint64_t length = sx_document_length(session_document(s));
    (void)a;
    if (!u->has_last || length == 0) {
        ui_sayf(s, "nothing was selected yet: v selects");
        return SX_EXIT_ABSENT;
    }
    SelectShape shape = u->last_shape;
    uint64_t anchor = min(u->last_anchor, length - 1), cursor = min(u->last_cursor, length - 1);
    begin(s, shape);
    u->anchor = anchor;
    return outcome(session_goto(s, cursor, err), err);
}

SxExit
cmd_other_end(SxSession *s, const Args *a, SxError *err)
{
    struct UiTab *u = ui_tab(s);
    uint64_t cursor = sx_document_tell(session_document(s));
    (void)a;
    if (u->mode != SX_MODE_SELECT) {
        ui_sayf(s, "Nothing selected: v selects");
        return SX_EXIT_ABSENT;
    }
    uint64_t anchor = u->anchor;
    u->anchor = cursor;
    return outcome(session_goto(s, anchor, err), err);
}

/* S-arrows: SELECT from here, then the motion. */
SxExit
cmd_extend(SxSession *s, const Args *a, SxError *err)
{
    if (ui_tab(s)->mode != SX_MODE_SELECT)
        begin(s, SELECT_BYTES);
    return session_run(s, a->arg[0].word, false, err);
}
