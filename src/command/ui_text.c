/* ui_text.c - the text view: shape of the rows, where the cursor stands in them. */
#include "command/ui_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

enum { HEAD = 1 << 16, AROUND = 1 << 15, PATIENCE_MS = 8 };

static TextTab *
text_of(SxSession *s)
{
    return &ui_tab(s)->text;
}

bool
ui_text_on(SxSession *s)
{
    return ui_tab(s)->text.on;
}

/* --- what the bytes are -------------------------------------------------------------------------------------------------- */

/* Undo of a conversion brings the chosen encoding back with the bytes, and redo the other one. */
static void
look_anew(SxSession *s)
{
    TextTab *t = text_of(s);
    const SxEncoding *chosen = s->ui->encoding;
    bool crossed = t->crossed;
    t->replaced = t->crossed = false;
    t->guessed = false;
    if (!chosen || !crossed)
        return;
    s->ui->encoding = t->before;
    t->before = chosen;
}

/* Who pages git or man has lines as wide as the window: numbers and the map beside them would wrap them all. */
static bool
is_page(SxBytes head)
{
    if (!head.data) /* bytes that are none may be nowhere */
        return false;
    return memmem(head.data, head.len, "\x1b[", 2) || memchr(head.data, '\b', head.len);
}

/* The head may be cold: then the guess is made again when it has come. */
static void
guess(SxSession *s)
{
    TextTab *t = text_of(s);
    uint64_t length = sx_document_length(session_document(s));
    uint8_t *head;
    SxSpan span = {0, length < HEAD ? length : HEAD};
    if (t->replaced)
        look_anew(s);
    if (t->guessed)
        return;
    t->guess = sx_encoding_find("utf-8");
    if (span.len == 0 || !ui_peek(s, span, &head))
        return;
    SxBytes bytes = sx_bytes(head, (size_t)span.len);
    SxEncodingGuess found = sx_encoding_guess(bytes, span.len == length);
    t->guess = found.encoding;
    t->is_text = found.text;
    t->certain = found.certain;
    t->head = span.len;
    if (t->piped && is_page(bytes))
        s->ui->options.numbers = s->ui->options.map = false;
    t->guessed = true;
}

void
ui_text_change(TextTab *t, const SxChange *change)
{
    t->ends_in = change->at >= HEAD ? t->ends_in : NULL;
    bool there = change->removed == t->length[0] && change->inserted == t->length[1];
    bool back = change->removed == t->length[1] && change->inserted == t->length[0];
    t->crossed ^= t->before && change->at == 0 && (there || back);
    t->replaced |= change->at == 0 && (change->removed >= HEAD || change->removed >= t->head) && change->inserted > 0;
}

void
ui_text_converted(SxSession *s, const SxEncoding *from, const SxEncoding *to, uint64_t length)
{
    TextTab *t = text_of(s);
    t->replaced = t->crossed = false;
    t->length[0] = length;
    t->length[1] = sx_document_length(session_document(s));
    t->before = s->ui->encoding ? from : NULL;
    if (s->ui->encoding) {
        s->ui->encoding = to;
        return;
    }
    t->guess = to;
    t->guessed = t->certain = true;
}

const SxEncoding *
ui_text_encoding(SxSession *s)
{
    guess(s);
    return s->ui->encoding ? s->ui->encoding : text_of(s)->guess;
}

const SxEncoding *
ui_column_encoding(SxSession *s)
{
    const SxEncoding *e = s->ui->encoding;
    return e != sx_encoding_at(0) ? e : NULL;
}

const SxEncoding *
ui_shown_encoding(SxSession *s)
{
    const SxEncoding *e = ui_text_on(s) ? ui_text_encoding(s) : ui_column_encoding(s);
    return e ? e : sx_encoding_at(0);
}

SxLineEnd
ui_text_ends(SxSession *s)
{
    TextTab *t = text_of(s);
    uint64_t length = sx_document_length(session_document(s));
    uint8_t *head;
    const SxEncoding *e = ui_text_encoding(s);
    if (t->ends_in != e && t->guessed && ui_peek(s, (SxSpan){0, length < HEAD ? length : HEAD}, &head)) {
        t->ends = sx_line_end_guess(e, sx_bytes(head, (size_t)(length < HEAD ? length : HEAD)));
        t->ends_in = e;
    }
    return t->ends;
}

const char *
ui_text_certainty(SxSession *s)
{
    const TextTab *t = text_of(s);
    if (s->ui->encoding)
        return "chosen";
    return t->certain ? "certain" : ui_text_encoding(s) == sx_encoding_find("utf-8") ? "assumed" : "guessed";
}

bool
ui_text_formatted(SxSession *s)
{
    enum { AUTO, ON, OFF };
    uint64_t how = s->ui->options.formatted;
    SxMode mode = ui_tab(s)->mode;
    bool types = mode == SX_MODE_OVERWRITE || mode == SX_MODE_INSERT;
    bool wanted = how == ON || (how == AUTO && text_of(s)->piped);
    return wanted && !types;
}

const char *
ui_text_title(SxSession *s, char *buf, size_t size)
{
    const char *name = ui_text_encoding(s)->name, *sure = ui_text_certainty(s);
    snprintf(buf, size, "%s %s%s%s", name, strcmp(sure, "guessed") == 0 ? "guessed " : "",
             sx_line_end_name(ui_text_ends(s)), ui_filter_on(s) ? "  filtered" : "");
    return buf;
}

/* --- rows ------------------------------------------------------------------------------------------------------------------ */

unsigned
ui_text_digits(SxSession *s)
{
    enum { DIGITS_MIN = 3 };
    unsigned n = DIGITS_MIN;
    if (!s->ui->options.numbers)
        return 0;
    for (uint64_t last = ui_lines_total(s).line + 1; last >= 1000; last /= 10)
        n++;
    TextTab *t = text_of(s);
    t->digits = n > t->digits ? n : t->digits;
    return t->digits + 1; /* one for the sign of an estimate */
}

SxTextShape
ui_text_shape(SxSession *s)
{
    const Options *o = &s->ui->options;
    SxHexLayout l;
    ui_layout_of(s, true, &l);
    return (SxTextShape){
        .encoding = ui_text_encoding(s),
        .ends = ui_text_ends(s),
        .wrap = (SxWrap)o->wrap,
        .width = l.columns,
        .tab = o->tab ? (unsigned)o->tab : 1,
        .formatted = ui_text_formatted(s),
    };
}

static bool
same_shape(const SxTextShape *a, const SxTextShape *b)
{
    return a->encoding == b->encoding && a->ends == b->ends && a->wrap == b->wrap && a->width == b->width &&
           a->tab == b->tab && a->formatted == b->formatted && a->filter == b->filter;
}

/* What was looked at for the same event still holds. */
static bool
looks_at(const SxSession *s, SxSnapshot *snapshot, const SxTextShape *shape)
{
    const struct Ui *ui = s->ui;
    return !ui->text_stale && ui->text_of && snapshot && ui->text_tab == session_tab((SxSession *)(uintptr_t)s) &&
           sx_snapshot_generation(ui->text_of) == sx_snapshot_generation(snapshot) && same_shape(&ui->text_shape, shape);
}

SxText *
ui_text(SxSession *s)
{
    struct Ui *ui = s->ui;
    if (!ui->text)
        ui->text = sx_text_new();
    SX_BUG_ON(!ui->text);
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    SxTextShape shape = ui_text_shape(s);
    FilterReader *reader = &ui_tab(s)->filter.reader;
    shape.filter = ui_tab(s)->filter.found ? &reader->filter : NULL;
    if (looks_at(s, snapshot, &shape)) {
        sx_snapshot_release(snapshot);
        return ui->text;
    }
    SxSource *source = snapshot ? ui_source(s, snapshot) : NULL;
    shape.filter = ui_filter_reader(s, reader, source, &shape);
    sx_text_look(ui->text, source, &shape);
    sx_snapshot_release(ui->text_of);
    ui->text_of = snapshot;
    ui->text_shape = shape;
    ui->text_tab = session_tab(s);
    ui->text_stale = false;
    return ui->text;
}

/* What decides where rows begin lies up to AROUND before; what is shown, behind. */
static void
fetch(SxSession *s, SxSnapshot *snapshot, uint64_t at)
{
    struct Ui *ui = s->ui;
    SxSpan span = sx_span_clip((SxSpan){at > AROUND ? at - AROUND : 0, (uint64_t)2 * AROUND}, sx_snapshot_length(snapshot));
    size_t len = (size_t)span.len;
    if (len == 0 || !sx_grow(&ui->peeked, &ui->cap_peeked, 2 * len, 1))
        return;
    uint8_t *states = ui->peeked + len;
    sx_source_peek(ui_source(s, snapshot), span, ui->peeked, states);
    if (memchr(states, SX_BYTE_PENDING, len))
        ui_load(s, snapshot, span, PATIENCE_MS);
}

void
ui_text_fetch(SxSession *s, SxSnapshot *snapshot)
{
    uint64_t top = ui_tab(s)->top, cursor = sx_document_tell(session_document(s));
    if (!text_of(s)->guessed)
        fetch(s, snapshot, 0);
    fetch(s, snapshot, cursor);
    if (cursor < top || cursor - top > AROUND / 2)
        fetch(s, snapshot, top);
}

void
ui_text_open(SxSession *s, TextTab *t)
{
    enum { HEX, TEXT, DETECT };
    uint64_t start = s->ui ? s->ui->options.start : HEX;
    t->on = s->options.text || start == TEXT;
    t->undecided = !t->on && (s->options.detect || start == DETECT);
}

/* What is not in memory yet decides when it comes; a key before that does. */
void
ui_text_decide(SxSession *s, SxSnapshot *snapshot)
{
    TextTab *t = text_of(s);
    if (!t->undecided || sx_snapshot_length(snapshot) == 0)
        return;
    fetch(s, snapshot, 0);
    guess(s);
    if (!t->guessed)
        return;
    t->undecided = false;
    t->on = t->is_text;
}

SxSpan
ui_text_window(SxSession *s)
{
    enum { WINDOW_MAX = 1 << 20 };
    SxHexLayout l;
    SxTextRow row;
    ui_layout(s, &l);
    SxText *t = ui_text(s);
    uint64_t top = ui_tab(s)->top;
    sx_text_load(t, sx_text_rows(t, top, (int64_t)l.rows - 1, ui_last(s)), &row);
    SxSpan span = sx_span_clip(sx_span(top, row.end), sx_document_length(session_document(s)));
    if (span.len > WINDOW_MAX)
        span.len = WINDOW_MAX;
    return span;
}

/* --- what is said of it ---------------------------------------------------------------------------------------------- */

/* Characters of the line before `at`, or UINT64_MAX where it begins too far away to be counted with each key. */
static uint64_t
characters_before(SxText *t, uint64_t at)
{
    enum { FAR = 8 << 10 };
    SxTextRow row;
    uint64_t start = sx_text_segment(t, at), n = 0;
    sx_text_load(t, start, &row);
    if (!row.begins || at - start > FAR)
        return UINT64_MAX;
    while (at >= row.end && row.end > row.at && !row.ends) {
        n += row.count;
        sx_text_load(t, row.end, &row);
    }
    return n + sx_text_item(&row, at);
}

const char *
ui_text_where(SxSession *s, char *buf, size_t size)
{
    if (!ui_text_on(s) && !ui_beside(s))
        return NULL;
    uint64_t at = sx_document_tell(session_document(s));
    uint64_t before = characters_before(ui_text(s), at);
    SxLineAt line = ui_lines_line(s, at);
    int n = snprintf(buf, size, "%s%" PRIu64, line.exact ? "" : "~", line.line);
    if (before != UINT64_MAX && n > 0 && (size_t)n < size)
        snprintf(buf + n, size - (size_t)n, ":%" PRIu64, before + 1);
    return buf;
}

/* --- the cursor in its row --------------------------------------------------------------------------------------------------- */

static unsigned
cell_of(SxText *t, uint64_t at)
{
    SxTextRow row;
    sx_text_load(t, sx_text_row(t, at), &row);
    size_t i = sx_text_item(&row, at);
    return i < row.count ? row.items[i].x : row.cells;
}

unsigned
ui_text_column(SxSession *s, uint64_t at)
{
    TextTab *t = text_of(s);
    return t->has_goal && t->goal_at == at ? t->goal : cell_of(ui_text(s), at);
}

uint64_t
ui_text_place(SxSession *s, uint64_t start, unsigned column)
{
    TextTab *tab = text_of(s);
    SxTextRow row;
    sx_text_load(ui_text(s), start, &row);
    size_t i = sx_text_item_x(&row, column);
    bool inserts = ui_tab(s)->mode == SX_MODE_INSERT;
    uint64_t at = row.count ? row.items[i].at : start;
    if (row.count && i + 1 == row.count && inserts && !row.ends && column > row.items[i].x)
        at = row.end;
    /* the line end is for those who type there */
    bool types = inserts || ui_tab(s)->mode == SX_MODE_OVERWRITE;
    if (row.count > 1 && row.items[i].kind == SX_TEXT_END && !types)
        at = row.items[i - 1].at;
    tab->goal = column;
    tab->goal_at = at;
    tab->has_goal = true;
    return at;
}

uint64_t
ui_text_row_end(SxSession *s, uint64_t at)
{
    SxText *t = ui_text(s);
    return ui_text_place(s, sx_text_row(t, at), UINT32_MAX / 2);
}

static uint64_t
step_back(SxText *t, uint64_t at, uint64_t n)
{
    while (n > 0 && at > 0) {
        SxTextRow row;
        sx_text_load(t, sx_text_row(t, at), &row);
        size_t i = sx_text_item(&row, at);
        if (i == 0 || row.count == 0) {
            at = row.at - 1;
            sx_text_load(t, sx_text_row(t, at), &row);
            i = row.count;
        }
        size_t steps = n < i ? (size_t)n : i;
        at = row.items[i - steps].at;
        n -= steps;
    }
    return at;
}

static uint64_t
step_on(SxText *t, uint64_t at, uint64_t n)
{
    while (n > 0) {
        SxTextRow row;
        sx_text_load(t, sx_text_row(t, at), &row);
        size_t i = sx_text_item(&row, at), left = row.count - i;
        if (left == 0)
            break;
        at = n < left ? row.items[i + n].at : row.end;
        n -= n < left ? n : left;
    }
    return at;
}

uint64_t
ui_text_step(SxSession *s, uint64_t at, int64_t n)
{
    SxText *t = ui_text(s);
    return n < 0 ? step_back(t, at, (uint64_t)-n) : step_on(t, at, (uint64_t)n);
}

SxSpan
ui_text_selected(SxSession *s, uint64_t a, uint64_t b, bool lines)
{
    SxText *t = ui_text(s);
    SxTextRow row;
    uint64_t end, length = sx_document_length(session_document(s));
    if (!lines) {
        end = step_on(t, b, 1);
        return sx_span(a, end > a ? end : length);
    }
    sx_text_load(t, sx_text_row(t, b), &row);
    while (!row.ends && row.end > row.at && row.end < length)
        sx_text_load(t, row.end, &row);
    return sx_span(sx_text_segment(t, a), row.end);
}

void
ui_text_show_column(SxSession *s)
{
    TextTab *tab = text_of(s);
    SxHexLayout l;
    ui_layout(s, &l);
    if (s->ui->options.wrap != SX_WRAP_NONE) {
        tab->left = 0;
        return;
    }
    unsigned x = cell_of(ui_text(s), sx_document_tell(session_document(s))), edge = l.columns > 2 ? 2 : 1;
    if (x < tab->left + edge - 1)
        tab->left = x > l.columns / 2 ? x - l.columns / 2 : 0;
    else if (x + edge > tab->left + l.columns)
        tab->left = x - l.columns / 2;
}

/* --- commands ------------------------------------------------------------------------------------------------------------------ */

void
ui_text_show(SxSession *s, bool on)
{
    TextTab *t = text_of(s);
    ui_half_drop(s, true);
    ui_typing_break(s);
    if (t->on != on && ui_beside(s))
        ui_beside_turn(s); /* neither of them moves */
    t->on = on;
    t->has_goal = false;
    ui_show_cursor(s);
}

void
sx_session_begin_at(SxSession *s, const char *position)
{
    SxString line = {0};
    bool end = strcmp(position, "G") == 0, follow = strcmp(position, "F") == 0;
    if (end || follow) {
        sx_session_run(s, follow ? "follow" : "last-byte", false, NULL);
        return;
    }
    if (s->ui && ui_pour_later(s, position))
        return; /* it may not have come yet */
    bool pattern = position[0] == '/', number = position[0] && position[strspn(position, "0123456789")] == '\0';
    if (pattern)
        sx_string_addf(&line, "%s/", position); /* "/PATTERN/" alone searches */
    else
        sx_string_addf(&line, "%s %s", number && ui_text_on(s) ? "line" : "goto", position);
    if (!line.failed)
        sx_session_run(s, sx_string(&line), false, NULL);
    sx_string_clear(&line);
}

SxExit
cmd_split(SxSession *s, const Args *a, SxError *err)
{
    (void)a;
    s->ui->options.beside = true;
    if (ui_beside(s))
        return SX_EXIT_DONE;
    s->ui->options.beside = false;
    return outcome(sx_fail(err, SX_ERR_RANGE, "no room for two views: a wider window has it"), err);
}

SxExit
cmd_only(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    s->ui->options.beside = false;
    return SX_EXIT_DONE;
}

SxExit
cmd_view(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    bool on = a->arg[0].given ? strcmp(a->arg[0].word, "text") == 0 : !ui_text_on(s);
    ui_text_show(s, on);
    return SX_EXIT_DONE;
}
