/*
 * ui_motion.c - the motions of the cursor. They move the document's position and, where the motion is one of the window,
 * its top; clamping, selecting and scrolling follow in ui_settle.
 */
#include <string.h>

#include "command/scaled.h"
#include "command/ui.h"

static uint64_t
times(const Args *a)
{
    return a->arg[0].given ? a->arg[0].offset : 1;
}

static uint64_t
cursor(SxSession *s)
{
    return sx_document_tell(session_document(s));
}

static SxExit
move_to(SxSession *s, uint64_t at, SxError *err)
{
    uint64_t last = ui_last(s);
    return outcome(session_goto(s, at < last ? at : last, err), err);
}

/* A motion that cannot: says so once the cursor stands at the border. */
static SxExit
move_or_say(SxSession *s, uint64_t at, SxError *err)
{
    uint64_t was = cursor(s);
    SxExit exit = move_to(s, at, err);
    if (exit == SX_EXIT_DONE && cursor(s) == was)
        ui_sayf(s, at <= was && was == 0 ? "first byte: nothing lies before it" : "last byte: nothing lies behind it");
    return exit;
}

static uint64_t
plus(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t
minus(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

/* Rows as a signed number of steps, never beyond what a document can have. */
static int64_t
steps(uint64_t n)
{
    return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

SxExit
cmd_left(SxSession *s, const Args *a, SxError *err)
{
    if (ui_text_on(s))
        return move_or_say(s, ui_text_step(s, cursor(s), -steps(times(a))), err);
    return move_or_say(s, minus(cursor(s), times(a)), err);
}

SxExit
cmd_right(SxSession *s, const Args *a, SxError *err)
{
    if (ui_text_on(s))
        return move_or_say(s, ui_text_step(s, cursor(s), steps(times(a))), err);
    return move_or_say(s, plus(cursor(s), times(a)), err);
}

/* The same column, `rows` further. */
static uint64_t
row_step(SxSession *s, int64_t rows)
{
    uint64_t column = ui_column(s, cursor(s));
    return ui_place(s, ui_rows_from(s, ui_row(s, cursor(s)), rows), column);
}

static SxExit
vertical(SxSession *s, int64_t rows, SxError *err)
{
    uint64_t was = cursor(s), target = row_step(s, rows);
    /* on the last row, down does not slide to the end */
    if (rows > 0 && ui_row(s, was) == ui_row(s, ui_last(s)))
        target = was;
    if (target == was) {
        ui_sayf(s, rows < 0 ? "first row: nothing lies above it" : "last row: nothing lies below it");
        return SX_EXIT_DONE;
    }
    return move_to(s, target, err);
}

SxExit
cmd_up(SxSession *s, const Args *a, SxError *err)
{
    return vertical(s, -steps(times(a)), err);
}

SxExit
cmd_down(SxSession *s, const Args *a, SxError *err)
{
    return vertical(s, steps(times(a)), err);
}

SxExit
cmd_row_start(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    return move_to(s, ui_row(s, cursor(s)), err);
}

SxExit
cmd_row_end(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    uint64_t row = ui_row(s, cursor(s)), next = ui_rows_from(s, row, 1);
    if (ui_text_on(s))
        return move_to(s, ui_text_row_end(s, cursor(s)), err);
    return move_to(s, next > row ? next - 1 : ui_last(s), err);
}

/* Window and cursor go together, so that the cursor keeps its place on the screen. */
static SxExit
page(SxSession *s, int64_t rows, SxError *err)
{
    struct UiTab *u = ui_tab(s);
    uint64_t was = cursor(s), target = row_step(s, rows);
    ui_top_set(s, ui_rows_from(s, u->top, rows));
    SxExit exit = move_to(s, target, err);
    if (exit == SX_EXIT_DONE && cursor(s) == was)
        ui_sayf(s, rows < 0 ? "first row: nothing lies above it" : "last row: nothing lies below it");
    return exit;
}

static int64_t
rows_shown(SxSession *s)
{
    SxHexLayout l;
    ui_layout(s, &l);
    return l.rows;
}

static int64_t
many(int64_t rows, uint64_t n)
{
    int64_t product;
    return __builtin_mul_overflow(rows, steps(n), &product) ? INT64_MAX : product;
}

SxExit
cmd_page_down(SxSession *s, const Args *a, SxError *err)
{
    return page(s, many(rows_shown(s), times(a)), err);
}

SxExit
cmd_page_up(SxSession *s, const Args *a, SxError *err)
{
    return page(s, -many(rows_shown(s), times(a)), err);
}

static int64_t
half(SxSession *s)
{
    int64_t rows = rows_shown(s) / 2;
    return rows > 0 ? rows : 1;
}

SxExit
cmd_half_down(SxSession *s, const Args *a, SxError *err)
{
    return page(s, many(half(s), times(a)), err);
}

SxExit
cmd_half_up(SxSession *s, const Args *a, SxError *err)
{
    return page(s, -many(half(s), times(a)), err);
}

/* The window moves, the cursor only where it would leave it. */
static SxExit
scroll_rows(SxSession *s, int64_t rows, SxError *err)
{
    struct UiTab *u = ui_tab(s);
    uint64_t was = u->top;
    ui_top_set(s, ui_rows_from(s, u->top, rows));
    if (u->top == was) {
        ui_sayf(s, rows < 0 ? "the first row is shown" : "the last row is shown");
        return SX_EXIT_DONE;
    }
    uint64_t bottom = ui_rows_from(s, u->top, rows_shown(s) - 1);
    uint64_t row = ui_row(s, cursor(s)), column = ui_column(s, cursor(s));
    if (row < u->top)
        return move_to(s, ui_place(s, u->top, column), err);
    return row > bottom ? move_to(s, ui_place(s, bottom, column), err) : SX_EXIT_DONE;
}

SxExit
cmd_scroll_down(SxSession *s, const Args *a, SxError *err)
{
    return scroll_rows(s, steps(times(a)), err);
}

SxExit
cmd_scroll_up(SxSession *s, const Args *a, SxError *err)
{
    return scroll_rows(s, -steps(times(a)), err);
}

SxExit
cmd_scroll(SxSession *s, const Args *a, SxError *err)
{
    const Arg *how = &a->arg[0];
    if (!how->by_choice)
        return scroll_rows(s, how->value.negative ? -steps(how->value.magnitude) : steps(how->value.magnitude), err);
    int64_t above = 0;
    if (strcmp(how->word, "centre") == 0)
        above = rows_shown(s) / 2;
    else if (strcmp(how->word, "bottom") == 0)
        above = rows_shown(s) - 1;
    ui_top_set(s, ui_rows_from(s, ui_row(s, cursor(s)), -above));
    return SX_EXIT_DONE;
}

/* Without a count the end; with one the N-th byte, from 1. */
static SxExit
end_or_nth(SxSession *s, const Args *a, uint64_t end, SxError *err)
{
    uint64_t n = times(a);
    if (!a->arg[0].given)
        return move_to(s, end, err);
    if (ui_text_on(s))
        return ui_lines_goto(s, n, err);
    uint64_t length = sx_document_length(session_document(s));
    if (n > length)
        ui_sayf(s, "byte %llu is behind the last, which is %llu", (unsigned long long)n, (unsigned long long)length);
    return move_to(s, n ? n - 1 : 0, err);
}

SxExit
cmd_first_byte(SxSession *s, const Args *a, SxError *err)
{
    return end_or_nth(s, a, 0, err);
}

SxExit
cmd_last_byte(SxSession *s, const Args *a, SxError *err)
{
    return end_or_nth(s, a, ui_last(s), err);
}

SxExit
cmd_per_cent(SxSession *s, const Args *a, SxError *err)
{
    uint64_t length = sx_document_length(session_document(s));
    if (!a->arg[0].given)
        return ui_text_bracket(s, err);
    uint64_t n = times(a) < 100 ? times(a) : 100;
    /* rounded as the status line rounds: 50% of 3 bytes is the second */
    return move_to(s, scaled(length, n, 100), err);
}

static SxExit
screen_row(SxSession *s, int64_t row, SxError *err)
{
    uint64_t column = ui_column(s, cursor(s));
    return move_to(s, ui_place(s, ui_rows_from(s, ui_tab(s)->top, row), column), err);
}

SxExit
cmd_screen_top(SxSession *s, const Args *a, SxError *err)
{
    return screen_row(s, steps(minus(times(a), 1)), err);
}

SxExit
cmd_screen_middle(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    return screen_row(s, rows_shown(s) / 2, err);
}

SxExit
cmd_screen_bottom(SxSession *s, const Args *a, SxError *err)
{
    int64_t up = steps(times(a));
    return screen_row(s, up < rows_shown(s) ? rows_shown(s) - up : 0, err);
}

static SxExit
paragraph(SxSession *s, const Args *a, bool down, SxError *err)
{
    uint64_t at = cursor(s), was;
    uint64_t n = times(a) < 10000 ? times(a) : 10000;
    do {
        was = at;
        at = ui_text_paragraph(s, at, down);
    } while (--n > 0 && at != was);
    return move_or_say(s, at, err);
}

SxExit
cmd_block_down(SxSession *s, const Args *a, SxError *err)
{
    if (ui_text_on(s))
        return paragraph(s, a, true, err);
    uint64_t block = s->ui->options.block ? s->ui->options.block : 1;
    uint64_t at = cursor(s) / block * block, n = times(a);
    uint64_t step = n > UINT64_MAX / block ? UINT64_MAX : n * block;
    return move_or_say(s, plus(at, step), err);
}

SxExit
cmd_block_up(SxSession *s, const Args *a, SxError *err)
{
    if (ui_text_on(s))
        return paragraph(s, a, false, err);
    uint64_t block = s->ui->options.block ? s->ui->options.block : 1;
    uint64_t at = cursor(s) / block * block, n = times(a);
    uint64_t step = n > UINT64_MAX / block ? UINT64_MAX : n * block;
    /* from inside a block its beginning is the first step */
    if (at < cursor(s))
        step -= block < step ? block : step;
    return move_or_say(s, minus(at, step), err);
}

/* --- words ----------------------------------------------------------------------------------------------------------- */

static SxExit
words(SxSession *s, const Args *a, bool right, SxError *err)
{
    uint64_t n = times(a) < 10000 ? times(a) : 10000;
    SxExit exit = SX_EXIT_DONE;
    for (uint64_t i = 0; i < n && exit == SX_EXIT_DONE; i++) {
        uint64_t was = cursor(s);
        exit = move_or_say(s, ui_word_step(s, was, right), err);
        if (cursor(s) == was)
            break;
    }
    return exit;
}

SxExit
cmd_word_right(SxSession *s, const Args *a, SxError *err)
{
    return words(s, a, true, err);
}

SxExit
cmd_word_left(SxSession *s, const Args *a, SxError *err)
{
    return words(s, a, false, err);
}

/* '' */
SxExit
cmd_exchange(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    const Tab *tab = session_tab(s);
    if (tab->jumps.count == 0) {
        ui_sayf(s, "no jump yet: nowhere to go back to");
        return SX_EXIT_ABSENT;
    }
    /* where `back` would go; the place left is kept by CMD_JUMPS, so that '' goes to and fro */
    return move_to(s, tab->jumps.at[tab->jumps.count - 1], err);
}
