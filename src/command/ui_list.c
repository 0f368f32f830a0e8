/* ui_list.c - moving about in a list, filtering it, and what of it the screen shows. Indices are among the shown rows. */
#include "command/ui_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command/ui.h"

/* --- rows ---------------------------------------------------------------------------------------------------------- */

void
ui_list_add(List *l, uint64_t value, const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        return;
    if (!sx_grow(&l->rows, &l->cap_rows, l->n_rows + 1, sizeof *l->rows)) {
        free(copy);
        return;
    }
    l->rows[l->n_rows++] = (ListRow){.text = copy, .value = value};
}

void
ui_list_addf(List *l, uint64_t value, const char *fmt, ...)
{
    char text[1024];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    ui_list_add(l, value, text);
}

static void
rows_clear(List *l)
{
    for (size_t i = 0; i < l->n_rows; i++)
        free(l->rows[i].text);
    l->n_rows = 0;
}

static void
list_free(List *l)
{
    if (l->kind->freed)
        l->kind->freed(l);
    rows_clear(l);
    for (size_t i = 0; i < l->n_window; i++)
        sx_string_clear(&l->window[i]);
    free(l->window);
    free(l->pointers);
    free(l->marks);
    free(l->rows);
    free(l->shown);
    free(l->word);
    free(l);
}

static bool
is_heading(const ListRow *row)
{
    return row->text[0] == '\x01';
}

static bool
passes(const ListRow *row, const char *filter)
{
    if (!filter[0])
        return true;
    return !is_heading(row) && strcasestr(row->text, filter) != NULL;
}

static uint64_t
count(SxSession *s)
{
    List *l = s->ui->list;
    return l->kind->count ? l->kind->count(s, l) : l->n_shown;
}

static bool
on_heading(const List *l, uint64_t index)
{
    return !l->kind->count && index < l->n_shown && is_heading(&l->rows[l->shown[index]]);
}

static void
filter_apply(List *l)
{
    size_t *shown = realloc(l->shown, (l->n_rows + 1) * sizeof *shown);
    if (!shown)
        return;
    l->shown = shown;
    l->n_shown = 0;
    for (size_t i = 0; i < l->n_rows; i++) {
        if (passes(&l->rows[i], l->filter))
            shown[l->n_shown++] = i;
    }
    if (l->current >= l->n_shown)
        l->current = l->n_shown ? l->n_shown - 1 : 0;
    while (on_heading(l, l->current) && l->current + 1 < l->n_shown)
        l->current++;
}

void
ui_list_filter(SxSession *s, const char *text)
{
    List *l = s->ui->list;
    if (!l)
        return;
    snprintf(l->filter, sizeof l->filter, "%s", text);
    l->current = l->top = 0;
    if (l->kind->filter)
        l->kind->filter(s, l);
    else
        filter_apply(l);
}

void
ui_list_show(SxSession *s)
{
    List *l = s->ui->list;
    if (l && l->kind->show)
        l->kind->show(s, l);
}

void
ui_list_refill(SxSession *s)
{
    List *l = s->ui->list;
    if (!l || !l->kind->fill)
        return;
    rows_clear(l);
    l->kind->fill(s, l);
    filter_apply(l);
}

void
ui_list_follow(SxSession *s)
{
    const List *l = s->ui->list;
    if (!l || !l->kind->follows)
        return;
    ui_list_refill(s);
    if (l->n_rows == 0)
        ui_list_close(s);
}

/* --- opening and closing ------------------------------------------------------------------------------------------- */

void
ui_list_open(SxSession *s, const ListKind *kind, const char *word)
{
    ui_list_close(s);
    ui_input_clear(s);
    List *l = calloc(1, sizeof *l);
    if (!l)
        return;
    l->kind = kind;
    l->fit = 10;
    l->word = word ? strdup(word) : NULL;
    snprintf(l->title, sizeof l->title, "%s", kind->title);
    s->ui->list = l;
    ui_list_refill(s);
    if (kind->opened)
        kind->opened(s, l);
    if (kind->walk)
        s->ui->walk = kind->walk;
    if (kind->typing)
        ui_prompt_open(s, &prompt_filter, "", NULL, NULL);
}

void
ui_list_close(SxSession *s)
{
    List *l = s->ui->list;
    if (!l)
        return;
    s->ui->list = NULL;
    if (l->kind->closed)
        l->kind->closed(s, l);
    list_free(l);
}

static void
text_fill(SxSession *s, List *l)
{
    (void)s;
    const char *at = l->word;
    while (at && *at) {
        size_t len = strcspn(at, "\n");
        char *line = strndup(at, len);
        if (line)
            ui_list_add(l, 0, line);
        free(line);
        at += len + (at[len] == '\n');
    }
}

static const ListKind list_of_text = {.title = "results", .footer = "q closes  / filters", .fill = text_fill};

void
ui_list_text(SxSession *s, const char *title, const char *text)
{
    ui_list_open(s, &list_of_text, text);
    if (s->ui->list)
        snprintf(s->ui->list->title, sizeof s->ui->list->title, "%s", title);
}

/* --- keys ------------------------------------------------------------------------------------------------------------ */

static void
keep_visible(SxSession *s)
{
    List *l = s->ui->list;
    uint64_t n = count(s);
    if (l->current >= n)
        l->current = n ? n - 1 : 0;
    if (l->current < l->top)
        l->top = l->current;
    if (l->fit > 0 && l->current >= l->top + l->fit)
        l->top = l->current - l->fit + 1;
    if (n <= l->fit)
        l->top = 0;
    else if (l->top > n - l->fit)
        l->top = n - l->fit;
    /* the heading above the first row is worth a row */
    if (l->current == 1 && on_heading(l, 0))
        l->top = 0;
}

static void
go(SxSession *s, uint64_t to, bool down)
{
    List *l = s->ui->list;
    uint64_t n = count(s);
    if (n == 0)
        return;
    if (to >= n)
        to = n - 1;
    uint64_t was = l->current;
    while (on_heading(l, to) && down && to + 1 < n)
        to++;
    while (on_heading(l, to) && !down && to > 0)
        to--;
    l->current = on_heading(l, to) ? was : to;
    keep_visible(s);
}

static uint64_t
less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

void
ui_list_wheel(SxSession *s, int rows)
{
    List *l = s->ui->list;
    if (rows > 0)
        go(s, l->current + (unsigned)rows, true);
    else
        go(s, less(l->current, (unsigned)-rows), false);
}

static uint64_t
value_at(SxSession *s, uint64_t index)
{
    const List *l = s->ui->list;
    if (l->kind->count)
        return index;
    (void)s;
    return index < l->n_shown ? l->rows[l->shown[index]].value : 0;
}

/* What the row does may open another list, so this one is taken off first. */
static void
enter(SxSession *s)
{
    List *l = s->ui->list;
    if (count(s) == 0 || on_heading(l, l->current))
        return;
    uint64_t value = value_at(s, l->current);
    if (!l->kind->enter) {
        ui_list_close(s);
        return;
    }
    s->ui->list = NULL;
    l->kind->enter(s, l, value);
    list_free(l);
    ui_settle(s);
}

void
ui_list_click(SxSession *s, unsigned index)
{
    List *l = s->ui->list;
    uint64_t to = l->kind->count ? l->top + index : index;
    if (to == l->current)
        enter(s);
    else
        go(s, to, true);
}

static void
mark(SxSession *s)
{
    List *l = s->ui->list;
    if (l->kind->count || l->current >= l->n_shown)
        return;
    ListRow *row = &l->rows[l->shown[l->current]];
    row->marked = !row->marked;
    go(s, l->current + 1, true);
}

static bool
control_key(SxSession *s, SxKey key)
{
    List *l = s->ui->list;
    uint64_t page = l->fit ? l->fit : 1;
    switch (key.code) {
    case 'n': go(s, l->current + 1, true); return true;
    case 'p': go(s, less(l->current, 1), false); return true;
    case 'f': go(s, l->current + page, true); return true;
    case 'b': go(s, less(l->current, page), false); return true;
    case 'd': go(s, l->current + page / 2, true); return true;
    case 'u': go(s, less(l->current, page / 2), false); return true;
    case 'c': case 'g': ui_list_close(s); return true;
    default: return false;
    }
}

static bool
plain_key(SxSession *s, SxKey key)
{
    List *l = s->ui->list;
    uint64_t page = l->fit ? l->fit : 1;
    switch (key.code) {
    case SX_KEY_DOWN: case 'j': case 'n': go(s, l->current + 1, true); return true;
    case SX_KEY_UP: case 'k': case 'N': go(s, less(l->current, 1), false); return true;
    case SX_KEY_PGDN: go(s, l->current + page, true); return true;
    case SX_KEY_PGUP: go(s, less(l->current, page), false); return true;
    case SX_KEY_HOME: case 'g': case '<': go(s, 0, true); return true;
    case SX_KEY_END: case 'G': case '>': go(s, UINT64_MAX, false); return true;
    case SX_KEY_ENTER: enter(s); return true;
    case SX_KEY_ESC: case 'q': case SX_KEY_F1 + 9: ui_list_close(s); return true;
    case ' ': mark(s); return true;
    case '/':
        if (!l->kind->count || l->kind->filter)
            ui_prompt_open(s, &prompt_filter, l->filter, NULL, NULL);
        return true;
    default: return false;
    }
}

void
ui_list_key(SxSession *s, SxKey key)
{
    List *l = s->ui->list;
    if (l->kind->key && count(s) > 0 && l->kind->key(s, l, key, value_at(s, l->current)))
        return;
    bool done = (key.mods == 0 && plain_key(s, key)) || (key.mods == SX_MOD_CTRL && control_key(s, key));
    if (!done && key.code != SX_KEY_UNKNOWN) {
        char name[32];
        sx_key_print(name, sizeof name, key);
        ui_badf(s, "%s: no such key here. %s", name, l->kind->footer);
    }
}

/* --- the filter's prompt ------------------------------------------------------------------------------------------- */

static void
filter_describe(SxSession *s, Prompt *p)
{
    const List *l = s->ui->list;
    snprintf(p->label, sizeof p->label, "filter: ");
    if (l && l->kind->filter)
        snprintf(p->right, sizeof p->right, "%llu   Enter keeps it, Esc ends", (unsigned long long)count(s));
    else if (l)
        snprintf(p->right, sizeof p->right, "%zu of %zu   Enter chooses, Esc ends", l->n_shown, l->n_rows);
}

static void
filter_changed(SxSession *s, Prompt *p)
{
    ui_list_filter(s, line_text(&p->line));
}

/* One answer left: Enter takes it. In a list that opens with its filter Enter always chooses. */
static bool
filter_accept(SxSession *s, Prompt *p, const char *text)
{
    (void)p;
    (void)text;
    const List *l = s->ui->list;
    if (l && (l->kind->typing || (!l->kind->filter && l->n_shown == 1)))
        enter(s);
    return true;
}

static void
filter_cancel(SxSession *s, Prompt *p)
{
    (void)p;
    List *l = s->ui->list;
    if (l && l->kind->typing)
        ui_list_close(s);
    else
        ui_list_filter(s, "");
}

static bool
filter_key(SxSession *s, Prompt *p, SxKey key)
{
    (void)p;
    bool moves = key.mods == 0 && (key.code == SX_KEY_DOWN || key.code == SX_KEY_UP || key.code == SX_KEY_PGDN ||
                                   key.code == SX_KEY_PGUP);
    if (!moves || !s->ui->list)
        return false;
    plain_key(s, key);
    return true;
}

const PromptKind prompt_filter = {
    .describe = filter_describe,
    .changed = filter_changed,
    .key = filter_key,
    .accept = filter_accept,
    .cancel = filter_cancel,
};

/* --- what is seen ---------------------------------------------------------------------------------------------------- */

static bool
pointers_grow(List *l, size_t n)
{
    if (n <= l->n_pointers)
        return true;
    const char **grown = realloc(l->pointers, n * sizeof *grown);
    if (!grown)
        return false;
    l->pointers = grown;
    bool *marks = realloc(l->marks, n * sizeof *marks);
    if (!marks)
        return false;
    l->marks = marks;
    l->n_pointers = n;
    return true;
}

static bool
window_grow(List *l, size_t n)
{
    if (n <= l->n_window)
        return true;
    SxString *grown = realloc(l->window, n * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + l->n_window, 0, (n - l->n_window) * sizeof *grown);
    l->window = grown;
    l->n_window = n;
    return true;
}

static void
popup_live(SxSession *s, List *l)
{
    uint64_t n = count(s);
    size_t shown = n - l->top < l->fit ? (size_t)(n - l->top) : l->fit;
    if (!window_grow(l, shown) || !pointers_grow(l, shown))
        shown = 0;
    for (size_t i = 0; i < shown; i++) {
        sx_string_clear(&l->window[i]);
        l->kind->row(s, l, l->top + i, &l->window[i]);
        l->pointers[i] = sx_string(&l->window[i]);
    }
    l->popup.rows = l->pointers;
    l->popup.count = shown;
    l->popup.current = shown ? (size_t)(l->current - l->top) : SIZE_MAX;
}

static void
popup_fixed(List *l)
{
    size_t n = pointers_grow(l, l->n_shown) ? l->n_shown : 0;
    for (size_t i = 0; i < n; i++) {
        l->pointers[i] = l->rows[l->shown[i]].text;
        l->marks[i] = l->rows[l->shown[i]].marked;
    }
    l->popup.rows = l->pointers;
    l->popup.marked = l->marks;
    l->popup.count = n;
    l->popup.top = (size_t)l->top;
    l->popup.current = n ? (size_t)l->current : SIZE_MAX;
}

const SxPopup *
ui_list_popup(SxSession *s, const SxScreen *screen)
{
    List *l = s->ui->list;
    if (!l)
        return NULL;
    l->popup = (SxPopup){.title = l->title, .footer = l->kind->footer, .current = SIZE_MAX, .strip = l->kind->strip};
    if (l->kind->strip)
        l->popup.count = (size_t)count(s);
    SxScreen probe = *screen;
    probe.popup = &l->popup;
    l->fit = sx_popup_rows(&probe);
    keep_visible(s);
    if (l->kind->count)
        popup_live(s, l);
    else
        popup_fixed(l);
    return &l->popup;
}
