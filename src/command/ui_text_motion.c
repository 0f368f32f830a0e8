/* ui_text_motion.c - going by paragraphs and to partner brackets. */
#include <string.h>

#include "command/ui.h"

enum { ROWS_FAR = 20000, BRACKET_FAR = 4 << 20, CHUNK = 64 << 10 };

/* --- paragraphs ------------------------------------------------------------------------------------------------------- */

static bool
is_empty_line(SxText *t, uint64_t at)
{
    SxTextRow row;
    sx_text_load(t, at, &row);
    return row.begins && row.ends && row.count == 1;
}

/* The next row, in one direction, that is an empty line (or is none); the first or last row when there is none near. */
static uint64_t
row_until(SxText *t, uint64_t row, int step, bool empty, uint64_t last)
{
    for (int n = 0; n < ROWS_FAR && is_empty_line(t, row) != empty; n++) {
        uint64_t next = sx_text_rows(t, row, step, last);
        if (next == row)
            return step > 0 ? last : 0;
        row = next;
    }
    return row;
}

uint64_t
ui_text_paragraph(SxSession *s, uint64_t at, bool down)
{
    SxText *t = ui_text(s);
    uint64_t last = ui_last(s), row = sx_text_row(t, at);
    int step = down ? 1 : -1;
    uint64_t next = down ? row : sx_text_rows(t, row, step, last);
    next = row_until(t, next, step, false, last);
    return row_until(t, next, step, true, last);
}

/* --- brackets ------------------------------------------------------------------------------------------------------------ */

static const char brackets[] = "()[]{}<>";

/* From the bracket at `at` on, or before it, the one that closes or opens it; false: not within BRACKET_FAR. */
static bool
partner(SxSession *s, uint64_t at, char here, char there, bool forward, uint64_t *out)
{
    uint64_t length = sx_document_length(session_document(s)), depth = 0;
    for (uint64_t done = 0; done < BRACKET_FAR; done += CHUNK) {
        uint8_t *bytes;
        uint64_t from = forward ? at + done : at + 1 > done + CHUNK ? at + 1 - done - CHUNK : 0;
        uint64_t to = forward ? from + CHUNK : at + 1 > done ? at + 1 - done : 0;
        SxSpan span = sx_span_clip(sx_span(from, to > from ? to : from), length);
        if (span.len == 0 || !ui_peek(s, span, &bytes))
            return false;
        for (size_t i = 0; i < span.len; i++) {
            size_t k = forward ? i : (size_t)span.len - 1 - i;
            depth += bytes[k] == (uint8_t)here;
            if (bytes[k] == (uint8_t)there && --depth == 0) {
                *out = span.at + k;
                return true;
            }
        }
    }
    return false;
}

/* The bracket at the cursor, else the next one in its row. */
static bool
bracket_here(SxSession *s, uint64_t *at, char *which)
{
    uint64_t end = sx_document_length(session_document(s)), row = ui_row(s, *at), next = ui_rows_from(s, row, 1);
    uint8_t *bytes;
    SxSpan span = sx_span(*at, next > *at ? next : end);
    if (span.len > CHUNK || span.len == 0 || !ui_peek(s, span, &bytes))
        return false;
    for (size_t i = 0; i < span.len; i++) {
        if (!bytes[i] || !strchr(brackets, bytes[i]))
            continue;
        *at += i;
        *which = (char)bytes[i];
        return true;
    }
    return false;
}

SxExit
ui_text_bracket(SxSession *s, SxError *err)
{
    uint64_t at = sx_document_tell(session_document(s)), to;
    char which;
    if (!bracket_here(s, &at, &which)) {
        ui_sayf(s, "no bracket from here to the end of the row; 50%% goes to half of the document");
        return SX_EXIT_ABSENT;
    }
    size_t i = (size_t)(strchr(brackets, which) - brackets);
    if (!partner(s, at, which, brackets[i ^ 1], i % 2 == 0, &to)) {
        ui_sayf(s, "%c has no partner within 4 MiB", which);
        return SX_EXIT_ABSENT;
    }
    return outcome(session_goto(s, to, err), err);
}
