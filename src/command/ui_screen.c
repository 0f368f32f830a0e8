/*
 * ui_screen.c - what is to be seen now, as an SxScreen. Nothing is drawn and nothing is decided here, but that bytes
 * which are not in memory are asked for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/scaled.h"
#include "command/ui.h"

enum { MATCHES_MAX = 4096, MARKS_MAX = 512, GROUPS_SHOWN = 256, ROWS_MAX = 1024, PATIENCE_MS = 8 };

/* Only documents with matches or marks need it. */
typedef struct Spans {
    SxSpan matches[MATCHES_MAX];
    SxSpan groups[GROUPS_SHOWN];
    SxSpan marks[MARKS_MAX];
} Spans;

/* All that the description points to; kept from frame to frame. */
struct Frame {
    SxHexOptions options;
    SxHexModel hex;
    SxTextModel text;
    SxText *rows; /* for the drawing */
    FilterReader filter;
    uint64_t lines[ROWS_MAX];
    char encoding[64];
    SxTab *tabs;
    size_t cap_tabs;
    Spans *spans; /* NULL until the first match or mark */
    char map[ROWS_MAX + 1];
    char job[64];
    char line[48];
    char match[48];
    char spoken[160];
    char (*names)[64];
    size_t cap_names;
    List *hints; /* the strip */
    SxPopup strip;
    const char **strip_rows;
};

static void
hints_free(struct Frame *f)
{
    if (!f->hints)
        return;
    for (size_t i = 0; i < f->hints->n_rows; i++)
        free(f->hints->rows[i].text);
    free(f->hints->rows);
    free(f->hints);
    free(f->strip_rows);
    f->hints = NULL;
    f->strip_rows = NULL;
}

void
ui_frame_free(struct Frame *f)
{
    if (!f)
        return;
    hints_free(f);
    sx_text_free(f->rows);
    free(f->spans);
    ui_filter_reader_clear(&f->filter);
    free(f->tabs);
    free(f->names);
    free(f);
}

bool
ui_peek(SxSession *s, SxSpan span, uint8_t **bytes)
{
    struct Ui *ui = s->ui;
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    size_t len = (size_t)span.len;
    if (!snapshot || !sx_grow(&ui->peeked, &ui->cap_peeked, 2 * len, 1)) {
        sx_snapshot_release(snapshot);
        return false;
    }
    uint8_t *states = ui->peeked + len;
    sx_source_peek(ui_source(s, snapshot), span, ui->peeked, states);
    sx_snapshot_release(snapshot);
    *bytes = ui->peeked;
    for (size_t i = 0; i < len; i++) {
        if (states[i] != SX_BYTE_HERE && states[i] != SX_BYTE_HOLE)
            return false;
    }
    return true;
}

/* --- tabs ------------------------------------------------------------------------------------------------------------- */

static void
describe_tabs(SxSession *s, struct Frame *f)
{
    SxScreen *screen = &s->ui->screen;
    if (!sx_grow(&f->tabs, &f->cap_tabs, s->n_tabs, sizeof *f->tabs) ||
        !sx_grow(&f->names, &f->cap_names, s->n_tabs, sizeof *f->names))
        return;
    for (size_t i = 0; i < s->n_tabs; i++) {
        const Tab *tab = s->tabs[i];
        const char *name = ui_name(tab, f->names[i], sizeof f->names[i]);
        f->tabs[i] = (SxTab){.name = name[0] ? name : "unnamed", .foreign = tab->ui->seen.foreign != SX_FOREIGN_NONE,
                             .changes = sx_document_changes(tab->document).hunks};
    }
    screen->tabs = f->tabs;
    screen->n_tabs = s->n_tabs;
    screen->active = s->active;
}

/* --- bytes ------------------------------------------------------------------------------------------------------------- */

static SxSpan
window(SxSession *s)
{
    SxHexLayout l;
    if (ui_text_on(s))
        return ui_text_window(s);
    ui_layout(s, &l);
    uint64_t bytes = (uint64_t)l.columns * l.rows;
    return sx_span_clip((SxSpan){ui_tab(s)->top, bytes}, sx_document_length(session_document(s)));
}

/* Of two views all from the first to the last byte, which is little where both show the cursor. */
static SxSpan
window_of_all(SxSession *s)
{
    enum { BOTH_MAX = 1 << 20 };
    SxSpan here = window(s);
    if (!ui_beside(s))
        return here;
    ui_beside_turn(s);
    SxSpan other = window(s);
    ui_beside_turn(s);
    uint64_t from = here.at < other.at ? here.at : other.at;
    uint64_t to = sx_span_end(here) > sx_span_end(other) ? sx_span_end(here) : sx_span_end(other);
    return to - from > BOTH_MAX ? here : sx_span(from, to);
}

static bool
any_pending(const uint8_t *states, size_t len)
{
    return memchr(states, SX_BYTE_PENDING, len) != NULL;
}

/* The state of each byte on the screen; what is pending is sent for. */
static void
load_window(SxSession *s, SxSnapshot *snapshot, SxSpan view)
{
    struct Ui *ui = s->ui;
    size_t len = (size_t)view.len;
    if (len == 0 || !sx_grow(&ui->peeked, &ui->cap_peeked, 2 * len, 1))
        return;
    uint8_t *states = ui->peeked + len;
    SxSource *source = ui_source(s, snapshot);
    sx_source_peek(source, view, ui->peeked, states);
    if (any_pending(states, len)) {
        ui_load(s, snapshot, view, PATIENCE_MS);
        sx_source_peek(source, view, ui->peeked, states);
    }
    ui_seen_keep(s, view, ui->peeked, states);
    ui_lost_tell(s, snapshot, view, states);
}

static size_t
describe_marks(SxDocument *d, SxSpan view, SxSpan *out)
{
    size_t n = 0, count = sx_document_mark_count(d);
    for (size_t i = 0; i < count && n < MARKS_MAX; i++) {
        SxMark mark;
        if (!sx_document_mark_at(d, i, &mark))
            continue;
        SxSpan span = {mark.span.at, mark.span.len ? mark.span.len : 1};
        if (sx_span_overlaps(span, view))
            out[n++] = span;
    }
    return n;
}

/* Matches, their groups and marks that can be seen. */
static void
describe_spans(SxSession *s, struct Frame *f, SxSpan view)
{
    SxDocument *d = session_document(s);
    if (!f->spans && (ui_tab(s)->find.pattern || sx_document_mark_count(d)))
        f->spans = malloc(sizeof *f->spans);
    Spans *all = f->spans;
    if (!all)
        return;
    f->hex.matches = all->matches;
    f->hex.n_matches = ui_find_visible(s, view, all->matches, MATCHES_MAX);
    f->hex.groups = all->groups;
    f->hex.n_groups = ui_find_groups(s, all->matches, f->hex.n_matches, all->groups, GROUPS_SHOWN);
    f->hex.marks = all->marks;
    f->hex.n_marks = describe_marks(d, view, all->marks);
}

/* One character a row: what is known of that part of the file without reading it. */
static void
describe_map(SxSession *s, struct Frame *f, SxSnapshot *snapshot, const SxHexLayout *l)
{
    uint64_t length = sx_snapshot_length(snapshot);
    unsigned rows = l->rows < ROWS_MAX ? l->rows : ROWS_MAX;
    if (l->map_x < 0 || length == 0)
        return;
    ui_map_fill(s, f->map, rows, length);
    SxDocument *d = session_document(s);
    for (unsigned row = 0; row < rows; row++) {
        uint64_t from = scaled(length, row, rows);
        uint64_t to = scaled(length, row + 1, rows);
        SxHunk hunk;
        if (ui_find_any(s, sx_span(from, to)))
            f->map[row] = '*';
        if (sx_snapshot_hunk_next(snapshot, from, &hunk) && hunk.at < to)
            f->map[row] = '+';
    }
    for (size_t i = 0; i < sx_document_mark_count(d); i++) {
        SxMark mark;
        if (sx_document_mark_at(d, i, &mark) && mark.span.at < length) {
            char *cell = &f->map[scaled(rows, mark.span.at, length)];
            *cell = *cell == '+' || *cell == '*' ? *cell : '\'';
        }
    }
    f->map[rows] = '\0';
    f->hex.map = f->map;
}

/* The numbers of rows between which lines are hidden. */
static void
describe_lines(SxSession *s, struct Frame *f)
{
    SxHexLayout l;
    uint64_t at = ui_tab(s)->top;
    ui_layout(s, &l);
    SxText *t = ui_text(s);
    for (unsigned row = 0; row < l.rows && row < ROWS_MAX; row++) {
        f->lines[row] = ui_lines_line(s, at).line;
        at = sx_text_rows(t, at, 1, UINT64_MAX);
    }
    f->text.lines = l.rows <= ROWS_MAX ? f->lines : NULL;
}

static void
describe_rows(SxSession *s, struct Frame *f)
{
    SxScreen *screen = &s->ui->screen;
    if (!f->rows)
        f->rows = sx_text_new();
    SX_BUG_ON(!f->rows);
    f->text = (SxTextModel){.text = f->rows, .shape = ui_text_shape(s), .top = ui_tab(s)->top, .left = ui_tab(s)->text.left};
    f->text.shape.filter = ui_filter_reader(s, &f->filter, f->hex.source, &f->text.shape);
    if (f->text.shape.filter)
        describe_lines(s, f);
    SxLineAt line = ui_lines_line(s, ui_tab(s)->top);
    f->text.digits = ui_text_digits(s);
    f->text.line = line.line;
    f->text.estimated = !line.exact;
    screen->text = &f->text;
    screen->encoding = ui_text_title(s, f->encoding, sizeof f->encoding);
}

static void
describe_text(SxSession *s, struct Frame *f)
{
    SxScreen *screen = &s->ui->screen;
    if (ui_column_encoding(s))
        screen->encoding = ui_column_encoding(s)->name;
    screen->beside = ui_beside(s);
    bool twin = screen->beside && !ui_text_on(s);
    if (twin)
        ui_beside_turn(s);
    if (ui_text_on(s))
        describe_rows(s, f);
    f->text.twin = twin;
    if (twin)
        ui_beside_turn(s);
}

static void
describe_hex(SxSession *s, struct Frame *f, SxSnapshot *snapshot)
{
    const Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    SxHexLayout l;
    bool beside = ui_beside(s);
    ui_layout_of(s, beside || ui_text_on(s), &l);
    SxSpan view = window_of_all(s);
    f->hex = (SxHexModel){
        .source = ui_source(s, snapshot),
        .snapshot = snapshot,
        .encoding = ui_column_encoding(s),
        .length = sx_snapshot_length(snapshot),
        .top = beside && ui_text_on(s) ? u->top_beside : u->top,
        .cursor = sx_document_tell(tab->document),
        .text_column = beside ? ui_text_on(s) : u->text_column,
        .second_digit = u->low,
        .mode = u->mode,
        .rectangle = ui_rectangle(s),
        .half = u->half,
        .fresh = u->seen.fresh,
    };
    if (tab->has_selection)
        f->hex.selection = tab->selection;
    load_window(s, snapshot, view);
    f->hex.n_fresh = u->seen.n_fresh;
    f->hex.glow_span = view;
    f->hex.glow = ui_watch_glow(s, view);
    describe_spans(s, f, view);
    f->hex.has_current = u->find.has_current && !u->find.hidden;
    f->hex.current = u->find.current;
    describe_map(s, f, snapshot, &l);
}

/* --- status ------------------------------------------------------------------------------------------------------------- */

static SxBadge
badge(const SxDocument *d)
{
    switch (sx_document_access(d)) {
    case SX_ACCESS_READ: return SX_BADGE_READ;
    case SX_ACCESS_WRITE: return SX_BADGE_THROUGH;
    case SX_ACCESS_COPY:
    case SX_ACCESS_DEFAULT: break;
    }
    return SX_BADGE_COPY;
}

static uint64_t
selected_bytes(SxSession *s)
{
    const Tab *tab = session_tab(s);
    SxSpan columns = ui_rectangle(s);
    if (!tab->has_selection)
        return 0;
    if (columns.len == 0)
        return tab->selection.len;
    SxHexLayout l;
    ui_layout(s, &l);
    uint64_t first = ui_row(s, tab->selection.at), last = ui_row(s, sx_span_end(tab->selection) - 1);
    return columns.len * ((last - first) / l.columns + 1);
}

static void
status_value(SxStatus *status, SxSource *source, uint64_t at)
{
    uint8_t state;
    if (at >= sx_source_size(source))
        return;
    sx_source_peek(source, (SxSpan){at, 1}, &status->value, &state);
    status->has_value = state == SX_BYTE_HERE || state == SX_BYTE_HOLE;
    status->lost = state == SX_BYTE_LOST;
}

static void
describe_status(SxSession *s, struct Frame *f, SxSnapshot *snapshot)
{
    const Tab *tab = session_tab(s);
    struct UiTab *u = tab->ui;
    SxChangeCount changes = sx_document_changes(tab->document);
    SxStatus *status = &s->ui->screen.status;
    char ignored[8];
    *status = (SxStatus){
        .mode = u->mode,
        .badge = badge(tab->document),
        .changes = changes.hunks,
        .written = changes.written,
        .unprotected = sx_document_unprotected(tab->document, NULL),
        .cursor = sx_document_tell(tab->document),
        .length = sx_document_length(tab->document),
        .selected = selected_bytes(s),
        .half = u->half,
        .base = s->ui->options.base,
        .line = ui_text_where(s, f->line, sizeof f->line),
    };
    if (ui_save_progress(s, f->job, sizeof f->job, ignored, 0) || ui_find_progress(s, f->job, sizeof f->job, ignored, 0) ||
        ui_filter_progress(s, f->job, sizeof f->job, ignored, 0))
        status->job = f->job;
    else if (ui_pour_on(s))
        status->job = ui_pour_job(s, f->job, sizeof f->job);
    else
        status->job = ui_watch_on(s) ? ui_watch_job(s) : u->follow.on ? "follow" : NULL;
    status->match = ui_find_ordinal(s, f->match, sizeof f->match);
    status_value(status, ui_source(s, snapshot), status->cursor);
}

/* --- what lies over the view ---------------------------------------------------------------------------------------------- */

static const SxPopup *
strip(SxSession *s, struct Frame *f)
{
    hints_free(f);
    f->hints = calloc(1, sizeof *f->hints);
    if (!f->hints)
        return NULL;
    f->hints->current = UINT64_MAX;
    if (ui_prompt_on(s))
        ui_complete_fill(s, f->hints);
    else
        ui_hints_fill(s, f->hints);
    size_t n = f->hints->n_rows;
    f->strip_rows = n ? malloc(n * sizeof *f->strip_rows) : NULL;
    if (!f->strip_rows)
        return NULL;
    for (size_t i = 0; i < n; i++)
        f->strip_rows[i] = f->hints->rows[i].text;
    f->strip = (SxPopup){
        .rows = f->strip_rows,
        .count = n,
        .top = (size_t)f->hints->top,
        .current = f->hints->current == UINT64_MAX ? SIZE_MAX : (size_t)f->hints->current,
        .strip = true,
    };
    return &f->strip;
}

static const SxPopup *
describe_popup(SxSession *s, struct Frame *f)
{
    if (s->ui->list)
        return ui_list_popup(s, &s->ui->screen);
    if (ui_input_hints(s) || ui_complete_on(s))
        return strip(s, f);
    return NULL;
}

/* --- speech ----------------------------------------------------------------------------------------------------------------- */

static const char *
byte_name(uint8_t c, char *buf, size_t size)
{
    static const char *const controls[] = {
        "null", "start of heading", "start of text", "end of text", "end of transmission", "enquiry", "acknowledge",
        "bell", "backspace", "tab", "line feed", "vertical tab", "form feed", "carriage return", "shift out",
        "shift in", "data link escape", "device control 1", "device control 2", "device control 3",
        "device control 4", "negative acknowledge", "synchronous idle", "end of block", "cancel", "end of medium",
        "substitute", "escape", "file separator", "group separator", "record separator", "unit separator", "space"};
    if (c <= ' ')
        return controls[c];
    if (c == 0x7f)
        return "delete";
    if (c >= 0x80)
        return "high";
    snprintf(buf, size, "%c", c);
    return buf;
}

/* "7f 127, delete, 0x10, changed" */
static void
describe_speech(SxSession *s, struct Frame *f, SxSnapshot *snapshot)
{
    const SxStatus *status = &s->ui->screen.status;
    char name[8];
    uint8_t origin = 0;
    if (!s->ui->options.speak)
        return;
    s->ui->screen.speak = true;
    if (status->has_value)
        sx_snapshot_origin(snapshot, (SxSpan){status->cursor, 1}, &origin, NULL);
    const char *changed = origin & SX_ORIGIN_INSERTED ? ", inserted" : origin & SX_ORIGIN_CHANGED ? ", changed" : "";
    if (status->has_value)
        snprintf(f->spoken, sizeof f->spoken, "%02x %u, %s, 0x%" PRIx64 "%s", status->value, status->value,
                 byte_name(status->value, name, sizeof name), status->cursor, changed);
    else
        snprintf(f->spoken, sizeof f->spoken, "%s, 0x%" PRIx64, status->lost ? "unreadable" : "end", status->cursor);
    s->ui->screen.spoken = f->spoken;
}

/* --- the frame ---------------------------------------------------------------------------------------------------------------- */

/* The snapshot of the last frame goes when the new one stands. */
static SxSnapshot *
frame_snapshot(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    SxSnapshot *snapshot = sx_document_snapshot(session_document(s));
    if (snapshot) {
        sx_snapshot_release(u->frame);
        u->frame = snapshot;
    }
    return u->frame;
}

const SxScreen *
sx_session_screen(SxSession *s, unsigned width, unsigned height)
{
    struct Ui *ui = s->ui;
    if (ui_busy(s))
        return ui_busy_screen(s, width, height);
    if (!ui->frame)
        ui->frame = calloc(1, sizeof *ui->frame);
    SX_BUG_ON(!ui->frame);
    ui->width = width ? width : 1;
    ui->height = height ? height : 1;
    SxSnapshot *snapshot = frame_snapshot(s);
    ui->text_stale = true;
    if (snapshot)
        ui_text_decide(s, snapshot);
    if (snapshot && (ui_text_on(s) || ui_beside(s))) {
        ui_text_fetch(s, snapshot);
        ui_lines_begin(s);
    }
    ui_settle(s);
    ui_matches_hold(s, true);
    ui->screen = (SxScreen){.width = ui->width, .height = ui->height, .encoding = "ascii", .options = &ui->frame->options};
    ui_hex_options(s, &ui->frame->options);
    describe_tabs(s, ui->frame);
    ui->screen.file_size = sx_document_file_size(session_document(s));
    if (snapshot) {
        describe_hex(s, ui->frame, snapshot);
        describe_text(s, ui->frame);
        ui->screen.hex = &ui->frame->hex;
        describe_status(s, ui->frame, snapshot);
        describe_speech(s, ui->frame, snapshot);
    }
    ui_line(s, &ui->screen.line);
    ui->screen.popup = describe_popup(s, ui->frame);
    ui_matches_hold(s, false);
    return &ui->screen;
}
