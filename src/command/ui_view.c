/*
 * ui_view.c - where the window stands in the document: rows, scrolling, keeping the cursor visible.
 *
 * A row begins at a multiple of the columns, less the shift; so arithmetic is done on virtual offsets, which are
 * offsets plus the shift.
 */
#include "command/ui.h"

static bool
beside_layouts(SxSession *s, SxHexLayout *hex, SxHexLayout *text)
{
    SxHexOptions o;
    ui_hex_options(s, &o);
    o.speak = s->ui->options.speak;
    return s->ui->options.beside && sx_beside_layout(hex, text, s->ui->width, s->ui->height,
                                                     sx_document_length(session_document(s)), ui_text_digits(s), &o);
}

bool
ui_beside(SxSession *s)
{
    SxHexLayout hex, text;
    return beside_layouts(s, &hex, &text);
}

void
ui_beside_turn(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    uint64_t top = u->top;
    u->top = u->top_beside;
    u->top_beside = top;
    u->text.on = !u->text.on;
}

void
ui_layout_of(SxSession *s, bool text_view, SxHexLayout *out)
{
    SxHexLayout hex, text;
    SxHexOptions o;
    ui_hex_options(s, &o);
    if (beside_layouts(s, &hex, &text))
        *out = text_view ? text : hex;
    else if (text_view)
        sx_text_layout(out, s->ui->width, s->ui->height, ui_text_digits(s), &o);
    else
        sx_hex_layout(out, s->ui->width, s->ui->height, sx_document_length(session_document(s)), &o);
    if (out->columns == 0)
        out->columns = 1;
    if (out->rows == 0)
        out->rows = 1;
}

void
ui_layout(SxSession *s, SxHexLayout *out)
{
    ui_layout_of(s, ui_text_on(s), out);
}

void
ui_hex_options(SxSession *s, SxHexOptions *out)
{
    const Options *o = &s->ui->options;
    *out = (SxHexOptions){
        .columns = (unsigned)o->columns,
        .shift = (unsigned)o->shift,
        .no_classes = !o->classes,
        .capitals = o->capitals,
        .decimal = o->offsets == 1,
        .group = (unsigned)o->group,
        .no_map = !o->map,
        .ascii = s->options.ascii,
        .base = o->base,
    };
}

uint64_t
ui_last(SxSession *s)
{
    uint64_t length = sx_document_length(session_document(s));
    SxMode mode = ui_tab(s)->mode;
    return mode == SX_MODE_INSERT || length == 0 ? length : length - 1;
}

uint64_t
ui_row(SxSession *s, uint64_t at)
{
    SxHexLayout l;
    SxHexOptions o;
    if (ui_text_on(s))
        return sx_text_row(ui_text(s), at);
    ui_layout(s, &l);
    ui_hex_options(s, &o);
    return sx_hex_row(&l, &o, at);
}

/* `rows` rows further down (or up, negative) than the row that begins at `row`; clipped to the first and the last. */
uint64_t
ui_rows_from(SxSession *s, uint64_t row, int64_t rows)
{
    SxHexLayout l;
    if (ui_text_on(s))
        return sx_text_rows(ui_text(s), row, rows, ui_last(s));
    ui_layout(s, &l);
    uint64_t shift = s->ui->options.shift % l.columns;
    uint64_t index = (row + shift) / l.columns;
    uint64_t last = (ui_last(s) + shift) / l.columns;
    uint64_t step = rows < 0 ? (uint64_t)-rows : (uint64_t)rows;
    if (rows < 0)
        index = index > step ? index - step : 0;
    else
        index = last - index > step && index <= last ? index + step : last;
    uint64_t at = index * l.columns;
    return at > shift ? at - shift : 0;
}

uint64_t
ui_column(SxSession *s, uint64_t at)
{
    SxHexLayout l;
    if (ui_text_on(s))
        return ui_text_column(s, at);
    ui_layout(s, &l);
    return (at + s->ui->options.shift % l.columns) % l.columns;
}

/* The column counts from where the row would begin without the shift. */
uint64_t
ui_place(SxSession *s, uint64_t row, uint64_t column)
{
    SxHexLayout l;
    if (ui_text_on(s))
        return ui_text_place(s, row, (unsigned)column);
    ui_layout(s, &l);
    uint64_t shift = s->ui->options.shift % l.columns, at = row + shift;
    at = at - at % l.columns + column;
    return at > shift ? at - shift : 0;
}

/* Counted no further than what tells a step from a jump. */
uint64_t
ui_rows_between(SxSession *s, uint64_t a, uint64_t b)
{
    SxHexLayout l;
    ui_layout(s, &l);
    if (ui_text_on(s))
        return sx_text_between(ui_text(s), a, b, 2 * l.rows + 1);
    uint64_t shift = s->ui->options.shift % l.columns;
    return (b + shift) / l.columns - (a + shift) / l.columns;
}

/* The greatest top that leaves no row empty that could have bytes. */
static uint64_t
last_top(SxSession *s)
{
    SxHexLayout l;
    ui_layout(s, &l);
    uint64_t row = ui_row(s, ui_last(s));
    return ui_rows_from(s, row, -(int64_t)(l.rows - 1));
}

void
ui_top_set(SxSession *s, uint64_t top)
{
    SxHexLayout l;
    ui_layout(s, &l);
    /* the end of a file is not looked at from afar */
    bool far = ui_text_on(s) && ui_rows_between(s, ui_row(s, top), ui_last(s)) + 1 >= l.rows;
    uint64_t last = far ? UINT64_MAX : last_top(s);
    ui_tab(s)->top = ui_row(s, top < last ? top : last);
}

void
ui_show_centred(SxSession *s)
{
    SxHexLayout l;
    ui_layout(s, &l);
    uint64_t row = ui_row(s, sx_document_tell(session_document(s)));
    ui_top_set(s, ui_rows_from(s, row, -(int64_t)(l.rows / 2)));
}

/* A step beyond the edge scrolls by as much, a jump puts the cursor into the middle. */
static void
show_cursor_here(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    SxHexLayout l;
    ui_layout(s, &l);
    uint64_t cursor = sx_document_tell(session_document(s));
    if (ui_text_on(s))
        ui_text_show_column(s);
    u->top = ui_row(s, u->top);
    if (cursor < u->top) {
        uint64_t above = ui_rows_between(s, cursor, u->top);
        if (above <= l.rows)
            u->top = ui_row(s, cursor);
        else
            ui_show_centred(s);
        return;
    }
    uint64_t below = ui_rows_between(s, u->top, cursor);
    if (below < l.rows)
        return;
    if (below < 2 * (uint64_t)l.rows)
        u->top = ui_rows_from(s, ui_row(s, cursor), -(int64_t)(l.rows - 1));
    else
        ui_show_centred(s);
}

void
ui_show_cursor(SxSession *s)
{
    show_cursor_here(s);
    if (!ui_beside(s))
        return;
    ui_beside_turn(s);
    show_cursor_here(s);
    ui_beside_turn(s);
}
