/*
 * text.c - rows of text into cells: line number, sign, what each item shows.
 *
 * What is to be said of a byte comes from row.c, as for the hex view; an item bears what any of its bytes does.
 */
#include <stdio.h>
#include <string.h>

#include <sextant/text.h>

#include "view/draw.h"
#include "view/text_format.h"

/* What all rows of a frame share. */
typedef struct Page {
    SxGrid *grid;
    const SxHexLayout *layout;
    const SxHexOptions *options;
    const SxHexModel *model;
    const SxTextModel *text;
    Window window;
    Row bytes; /* of the row that is drawn, from `shown` on */
    char sign;
} Page;

static SxStyles
kind_style(const SxTextItem *item)
{
    switch ((SxTextKind)item->kind) {
    case SX_TEXT_CONTROL: return item->code == '@' ? SX_STYLE(BYTE_ZERO) : SX_STYLE(BYTE_CONTROL);
    case SX_TEXT_UNSEEN:
    case SX_TEXT_INVALID: return SX_STYLE(BYTE_HIGH);
    case SX_TEXT_TAB:
    case SX_TEXT_END: return SX_STYLE(BYTE_SPACE);
    case SX_TEXT_LOST: return SX_STYLE(LOST);
    case SX_TEXT_PENDING: return SX_STYLE(PENDING);
    case SX_TEXT_CHARACTER: break;
    }
    return 0;
}

/* The sign that matters more stays. */
static char
stronger(char a, char b)
{
    static const char order[] = " -'*~!";
    return strchr(order, b) > strchr(order, a) ? b : a;
}

static void
bytes_load(Page *p, uint64_t at, uint64_t end)
{
    uint64_t room = end - at < COLUMNS_MAX ? end - at : COLUMNS_MAX;
    p->bytes.count = 0;
    row_load(&p->bytes, &p->window, p->model, at, (unsigned)room);
    p->sign = stronger(p->sign, row_sign(&p->bytes));
}

static SxStyles
item_styles(Page *p, const SxTextItem *item, const SxTextRow *row)
{
    SxStyles styles = kind_style(item) | text_format_styles(item->own);
    uint64_t end = item->at + item->len;
    if (item->at < p->bytes.shown || end > p->bytes.shown + p->bytes.count)
        bytes_load(p, item->at, row->end);
    for (uint64_t at = item->at; at < end && at - p->bytes.shown < p->bytes.count; at++) {
        const RowByte *b = &p->bytes.bytes[at - p->bytes.shown];
        styles |= b->styles | (b->state == SX_BYTE_HOLE ? SX_STYLE(HOLE) : 0);
        if (b->before != '|')
            continue;
        /* there is no gap for the bar of the hex view: the row's sign tells of it */
        styles |= SX_STYLE(DELETED);
        p->sign = stronger(p->sign, '*');
    }
    if (p->model->cursor >= item->at && p->model->cursor < end && !p->options->speak)
        styles |= p->text->twin ? SX_STYLE(CURSOR_TWIN) : SX_STYLE(CURSOR);
    return styles;
}

/* A line end that is not as the others are shows as a dot. */
static bool
odd_end(const Page *p, const SxTextItem *item)
{
    return item->kind == SX_TEXT_END && p->text->shape.ends == SX_LINE_CRLF &&
           item->base == p->text->shape.encoding->unit;
}

static void
put(Page *p, int x, unsigned y, uint32_t code, SxStyles styles)
{
    if (x >= 0 && (unsigned)x < p->layout->columns)
        sx_grid_put(p->grid, (unsigned)p->layout->text_x + (unsigned)x, y, code, styles);
}

static void
draw_character(Page *p, const SxTextItem *item, int x, unsigned y, SxStyles styles)
{
    put(p, x, y, glyph(p->options->ascii, item->code), styles);
    if (x < 0 || p->options->ascii)
        return;
    for (unsigned i = 0; i < item->n_marks; i++)
        sx_grid_mark(p->grid, (unsigned)p->layout->text_x + (unsigned)x, y, item->marks[i]);
}

static void
draw_item(Page *p, const SxTextItem *item, int x, unsigned y, SxStyles styles)
{
    bool whole = x >= 0 && (unsigned)x + item->cells <= p->layout->columns;
    if (item->kind == SX_TEXT_CHARACTER && item->cells == 1) {
        draw_character(p, item, x, y, styles);
        return;
    }
    char shown[24];
    const char *text = sx_text_item_shown(item, shown, sizeof shown);
    for (unsigned i = 0; i < item->cells; i++)
        put(p, x + (int)i, y, ' ', styles);
    if (odd_end(p, item))
        put(p, x, y, glyph(p->options->ascii, 0xb7), styles | SX_STYLE(BYTE_CONTROL));
    else if (item->kind == SX_TEXT_CHARACTER && whole)
        draw_character(p, item, x, y, styles);
    else if (item->kind != SX_TEXT_CHARACTER)
        for (unsigned i = 0; text[i] && i < item->cells; i++)
            put(p, x + (int)i, y, (uint32_t)text[i], styles);
}

static void
draw_items(Page *p, const SxTextRow *row, unsigned y)
{
    unsigned left = p->text->left, width = p->layout->columns;
    p->bytes.count = 0;
    p->bytes.shown = row->at;
    for (size_t i = sx_text_item_x(row, left); i < row->count; i++) {
        const SxTextItem *item = &row->items[i];
        if (item->x >= left + width)
            break;
        SxStyles styles = item_styles(p, item, row);
        draw_item(p, item, (int)item->x - (int)left, y, styles);
    }
    if (p->text->shape.wrap != SX_WRAP_NONE)
        return;
    if (left > 0 && row->count > 0)
        put(p, 0, y, '<', SX_STYLE(SIGN));
    if (row->cells - row->ends > left + width)
        put(p, (int)width - 1, y, '>', SX_STYLE(SIGN));
}

static void
draw_lead(Page *p, const SxTextRow *row, uint64_t line, unsigned y)
{
    const SxHexLayout *l = p->layout;
    const SxHexModel *m = p->model;
    if (l->sign_x < 0)
        return;
    if (p->sign != ' ')
        sx_grid_put(p->grid, (unsigned)l->sign_x, y, (uint32_t)p->sign,
                    SX_STYLE(SIGN) | (p->sign == '!' ? SX_STYLE(SIGN_LOST) : 0));
    if (!row->begins)
        return;
    if (p->text->lines)
        line = p->text->lines[y - (unsigned)l->y];
    char number[32];
    int n = snprintf(number, sizeof number, "%s%llu", p->text->estimated ? "~" : "", (unsigned long long)line);
    bool cursor = m->cursor >= row->at && (m->cursor < row->end || row->at == row->end);
    unsigned x = l->x + ((unsigned)n < l->digits ? l->digits - (unsigned)n : 0);
    sx_grid_text(p->grid, x, y, l->digits, number, cursor ? SX_STYLE(OFFSET_CURSOR) : SX_STYLE(OFFSET));
}

/* Behind the last item, when the document ends there, has a cell of its own. */
static void
place_cursor(Page *p, const SxTextRow *row, unsigned y)
{
    const SxHexModel *m = p->model;
    size_t i = sx_text_item(row, m->cursor);
    bool behind = i == row->count && m->cursor == row->end && m->cursor == m->length && !row->ends;
    if (i == row->count && !behind)
        return;
    unsigned x = (behind ? row->cells : row->items[i].x) - p->text->left;
    if (x >= p->layout->columns)
        x = p->layout->columns - 1;
    x += (unsigned)p->layout->text_x;
    if (behind && !p->options->speak)
        sx_grid_style(p->grid, (SxRect){x, y, 1, 1}, p->text->twin ? SX_STYLE(CURSOR_TWIN) : SX_STYLE(CURSOR));
    if (p->text->twin)
        return;
    sx_grid_cursor(p->grid, x, y, cursor_shape(m->mode));
}

static void
draw_one(Page *p, uint64_t at, uint64_t *line, unsigned y)
{
    SxTextRow row;
    sx_text_load(p->text->text, at, &row);
    p->sign = ' ';
    draw_items(p, &row, y);
    draw_lead(p, &row, *line, y);
    place_cursor(p, &row, y);
    *line += row.ends;
}

void
draw_text_rows(SxGrid *g, const SxHexLayout *l, const SxHexOptions *o, const SxScreen *screen)
{
    Page p = {.grid = g, .layout = l, .options = o, .model = screen->hex, .text = screen->text,
              .window.most = WINDOW_BYTES};
    SxText *t = p.text->text;
    uint64_t at = p.text->top, line = p.text->line;
    SxTextFilter *f = p.text->shape.filter;
    uint64_t shown = 0;
    SxTextShape shape = p.text->shape;
    shape.reach = p.text->left + l->columns + 1;
    sx_text_look(t, p.model->source, &shape);
    /* a filter that nothing passes shows nothing */
    if (f && !f->next(f->data, sx_text_segment(t, at), &shown))
        return;
    for (unsigned i = 0; i < l->rows; i++) {
        draw_one(&p, at, &line, (unsigned)l->y + i);
        uint64_t next = sx_text_rows(t, at, 1, p.model->cursor < p.model->length ? p.model->length - 1 : p.model->length);
        if (next == at)
            break;
        at = next;
    }
}
