/* ui_rectangle.c - copying and cutting a rectangle: the same columns of several rows, as one step. */
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

enum { BYTES_MAX = 16 << 20 };

typedef struct Rows {
    SxSpan columns;
    uint64_t first, count; /* beginning of the first row, rows */
    uint64_t width;        /* bytes a row */
    uint64_t shift;
    uint64_t length;
} Rows;

static Rows
rows_of(SxSession *s)
{
    const Tab *tab = session_tab(s);
    SxHexLayout l;
    ui_layout(s, &l);
    uint64_t first = ui_row(s, tab->selection.at), last = ui_row(s, sx_span_end(tab->selection) - 1);
    uint64_t shift = s->ui->options.shift % l.columns;
    return (Rows){.columns = ui_rectangle(s),
                  .first = (first + shift) / l.columns,
                  .count = (last + shift) / l.columns - (first + shift) / l.columns + 1,
                  .width = l.columns,
                  .shift = shift,
                  .length = sx_document_length(tab->document)};
}

/* The bytes of the rectangle in row `i`; empty where the document ends before. */
static SxSpan
row_span(const Rows *r, uint64_t i)
{
    uint64_t from = (r->first + i) * r->width + r->columns.at, to = from + r->columns.len;
    from = from > r->shift ? from - r->shift : 0;
    to = to > r->shift ? to - r->shift : 0;
    return sx_span_clip(sx_span(from, to), r->length);
}

static bool
gather(SxSession *s, const Rows *r, SxString *out, SxError *err)
{
    if (r->count * r->columns.len > BYTES_MAX)
        return sx_fail(err, SX_ERR_LIMIT, "a rectangle holds 16 MiB at most");
    for (uint64_t i = 0; i < r->count; i++) {
        SxSpan span = row_span(r, i);
        uint8_t *bytes;
        size_t len;
        if (span.len == 0)
            continue;
        if (!sx_document_slice(session_document(s), (int64_t)span.at, (int64_t)sx_span_end(span), &bytes, &len, err))
            return false;
        sx_string_add_bytes(out, sx_bytes(bytes, len));
        free(bytes);
    }
    return !out->failed || sx_fail(err, SX_ERR_NOMEM, "no memory for the rectangle");
}

/* From the last row on, so that the rows before keep their places. */
static bool
delete_rows(SxSession *s, const Rows *r, SxError *err)
{
    SxDocument *d = session_document(s);
    if (!sx_document_begin(d, err))
        return false;
    for (uint64_t i = r->count; i-- > 0;) {
        SxSpan span = row_span(r, i);
        if (span.len > 0 && !sx_document_delete(d, span, err)) {
            sx_document_cancel(d);
            return false;
        }
    }
    sx_document_end(d);
    return true;
}

SxExit
ui_rectangle_command(SxSession *s, const Command *c, const Args *a, SxError *err)
{
    Rows rows = rows_of(s);
    SxString bytes = {0};
    (void)a;
    bool ok = gather(s, &rows, &bytes, err);
    SxSource *source = ok ? sx_source_memory(sx_bytes(bytes.data, bytes.len), true) : NULL;
    ok = ok && (source || sx_fail(err, SX_ERR_NOMEM, "no memory for the rectangle"));
    sx_string_clear(&bytes);
    ok = ok && register_set(s, source, err);
    if (ok && c->run == cmd_cut)
        ok = delete_rows(s, &rows, err);
    return outcome(ok, err);
}

SxExit
ui_rectangle_fill(SxSession *s, SxBytes pattern, SxError *err)
{
    Rows rows = rows_of(s);
    SxDocument *d = session_document(s);
    if (!sx_document_begin(d, err))
        return outcome(false, err);
    for (uint64_t i = 0; i < rows.count; i++) {
        SxSpan span = row_span(&rows, i);
        if (span.len > 0 && !sx_document_fill(d, span, pattern, err)) {
            sx_document_cancel(d);
            return outcome(false, err);
        }
    }
    sx_document_end(d);
    return SX_EXIT_DONE;
}
