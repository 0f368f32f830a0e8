/* hit.c - what lies at a cell: the inverse of drawing, by the same layout. */
#include "view/layout.h"

/* The byte of a row at column x: a blank belongs to the byte before it. columns where none is. */
static unsigned
hex_index(const SxHexLayout *l, unsigned x)
{
    unsigned i = l->columns;
    if (l->hex_x < 0 || x < (unsigned)l->hex_x)
        return l->columns;
    while (i > 0 && layout_hex_x(l, i - 1) > x)
        i--;
    unsigned end = layout_hex_x(l, l->columns - 1) + 2;
    return i > 0 && x < end ? i - 1 : l->columns;
}

static unsigned
text_index(const SxHexLayout *l, unsigned x)
{
    if (l->text_x < 0 || x < (unsigned)l->text_x || x - (unsigned)l->text_x >= l->columns)
        return l->columns;
    return x - (unsigned)l->text_x;
}

/* Where the row at `y` begins on the screen. */
static uint64_t
row_start(const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m, unsigned row)
{
    if (!row)
        return m->top;
    uint64_t second = m->top + layout_row_bytes(l, o, m->top);
    return second + (uint64_t)(row - 1) * l->columns;
}

static SxHit
hit_byte(const SxHexModel *m, SxHitKind kind, uint64_t shown)
{
    if (shown > shown_length(m))
        return (SxHit){0};
    return (SxHit){.kind = kind, .at = offset_of_shown(m, shown)};
}

static SxHit
hit_rows(const SxHexLayout *l, const SxHexOptions *o, const SxHexModel *m, unsigned x, unsigned row)
{
    if (l->map_x >= 0 && x == (unsigned)l->map_x)
        return (SxHit){.kind = SX_HIT_MAP, .at = map_offset(row, m->length, l->rows)};
    uint64_t start = row_start(l, o, m, row);
    unsigned room = layout_row_bytes(l, o, start);
    unsigned hex = hex_index(l, x), text = text_index(l, x);
    if (hex < room)
        return hit_byte(m, SX_HIT_HEX, start + hex);
    if (text < room)
        return hit_byte(m, SX_HIT_TEXT, start + text);
    if (l->digits && x < l->digits)
        return hit_byte(m, SX_HIT_OFFSET, start);
    return (SxHit){0};
}

/* A click behind the end of a row means its last item. */
static SxHit
hit_text(const SxHexLayout *l, const SxScreen *s, unsigned x, unsigned y)
{
    const SxTextModel *t = s->text;
    uint64_t row = t->top;
    if (l->map_x >= 0 && x == (unsigned)l->map_x)
        return (SxHit){.kind = SX_HIT_MAP, .at = map_offset(y, s->hex->length, l->rows)};
    sx_text_look(t->text, s->hex->source, &t->shape);
    for (; y > 0; y--) {
        uint64_t next = sx_text_rows(t->text, row, 1, UINT64_MAX);
        if (next == row)
            return (SxHit){0};
        row = next;
    }
    SxTextRow made;
    sx_text_load(t->text, row, &made);
    if (x < (unsigned)l->text_x || made.count == 0)
        return (SxHit){.kind = SX_HIT_OFFSET, .at = row};
    size_t i = sx_text_item_x(&made, x - (unsigned)l->text_x + t->left);
    return (SxHit){.kind = SX_HIT_TEXT, .at = made.items[i].at};
}

static SxHit
hit_title(const SxScreen *s, unsigned x)
{
    TabPlace tab;
    for (size_t n = 0; title_tab(s, n, &tab); n++)
        if (x >= tab.x && x < tab.x + tab.width)
            return (SxHit){.kind = SX_HIT_TITLE, .row = (unsigned)tab.index};
    return (SxHit){0};
}

static bool
hit_popup(const SxScreen *s, unsigned y, SxHit *out)
{
    PopupPlace place;
    if (!popup_place(s, &place) || y < place.all.y || y >= place.all.y + place.all.height)
        return false;
    *out = (SxHit){0};
    if (y >= place.rows_y && y < place.rows_y + place.rows && s->popup->top + (y - place.rows_y) < s->popup->count)
        *out = (SxHit){.kind = SX_HIT_POPUP, .row = (unsigned)(s->popup->top + (y - place.rows_y))};
    return true;
}

SxHit
sx_screen_hit(const SxScreen *s, unsigned x, unsigned y)
{
    SxHit hit;
    SxHexLayout l, hex, text;
    SxHexOptions o = screen_options(s);
    screen_layout(&l, s);
    if (x >= s->width || y >= s->height)
        return (SxHit){0};
    if ((int)y == l.message_y && l.message_y != l.status_y)
        return (SxHit){.kind = SX_HIT_MESSAGE};
    if ((int)y == l.status_y)
        return (SxHit){.kind = SX_HIT_STATUS};
    if (hit_popup(s, y, &hit))
        return hit;
    if ((int)y == l.title_y)
        return hit_title(s, x);
    if (screen_layouts(&hex, &text, s) && (int)y >= l.y && y - (unsigned)l.y < l.rows)
        return x < text.x ? hit_rows(&hex, &o, s->hex, x, y - (unsigned)l.y) : hit_text(&text, s, x, y - (unsigned)l.y);
    if (s->hex && s->text && (int)y >= l.y && y - (unsigned)l.y < l.rows)
        return hit_text(&l, s, x, y - (unsigned)l.y);
    if (s->hex && (int)y >= l.y && y - (unsigned)l.y < l.rows)
        return hit_rows(&l, &o, s->hex, x, y - (unsigned)l.y);
    return (SxHit){0};
}
