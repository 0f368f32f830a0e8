/*
 * ui_text_type.c - typing in the text view: characters in the document's encoding, over or in, and its line ends.
 *
 * OVERWRITE replaces character by character, whatever their bytes, and at the end of a line goes on before the line end,
 * so that no key eats one. A run of typing is one step of the history, shared with the hex view.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

bool
ui_types_text(SxSession *s)
{
    return (ui_tab(s)->text_column && !ui_beside(s)) || ui_text_on(s);
}

static bool
done(SxSession *s, bool ok, const SxError *err)
{
    if (!ok)
        ui_say(s, true, err->text);
    return ok;
}

/* --- characters as bytes ---------------------------------------------------------------------------------------------- */

bool
ui_text_encoded(SxSession *s, uint32_t code, uint8_t out[SX_ENCODING_MOST], size_t *n)
{
    const SxEncoding *e = ui_text_encoding(s);
    char utf8[5] = "";
    *n = sx_encoding_encode(e, code, out);
    if (*n > 0)
        return true;
    sx_utf8_encode(utf8, code);
    ui_badf(s, "%s has no character %s (U+%04X): not typed", e->name, sx_text_width(code) > 0 ? utf8 : "", code);
    return false;
}

/* The line end of the file; of a mixed one LF. */
static size_t
line_end(SxSession *s, uint8_t out[2 * SX_ENCODING_MOST])
{
    const SxEncoding *e = ui_text_encoding(s);
    SxLineEnd end = ui_text_ends(s);
    size_t n = end == SX_LINE_CRLF ? sx_encoding_encode(e, '\r', out) : 0;
    return n + sx_encoding_encode(e, sx_line_end_sign(e, end), out + n);
}

/* Text of the terminal as the document has it; terminals send CR for line ends. */
bool
ui_text_convert(SxSession *s, SxBytes text, SxString *out)
{
    for (size_t i = 0, n = 1; i < text.len; i += n) {
        uint8_t bytes[2 * SX_ENCODING_MOST];
        uint32_t code;
        size_t len;
        n = sx_utf8_decode(sx_bytes(text.data + i, text.len - i), &code);
        bool crlf = code == '\r' && i + 1 < text.len && text.data[i + 1] == '\n';
        n += crlf;
        if (code == '\r' || code == '\n')
            len = line_end(s, bytes);
        else if (code == UINT32_MAX)
            bytes[0] = text.data[i], len = 1;
        else if (!ui_text_encoded(s, code, bytes, &len))
            return false;
        sx_string_add_bytes(out, sx_bytes(bytes, len));
    }
    return !out->failed;
}

/* --- over ------------------------------------------------------------------------------------------------------------------- */

/* What a typed character took the place of, for Backspace. */
typedef struct Covered {
    uint8_t old[2 * SX_ENCODING_MOST];
    uint8_t old_len, new_len;
} Covered;

static bool
cover(SxSession *s, SxSpan span, SxBytes bytes)
{
    SxDocument *d = session_document(s);
    SxError err;
    Covered c = {.old_len = (uint8_t)span.len, .new_len = (uint8_t)bytes.len};
    size_t got = 0;
    if (span.len > 0 && (!sx_document_peek(d, span.at, c.old, (size_t)span.len, &got, NULL) || got < span.len)) {
        ui_badf(s, "the byte here cannot be read; nothing changed");
        return false;
    }
    bool ok = span.len == bytes.len ? sx_document_overwrite(d, span.at, bytes, &err)
                                    : sx_document_replace(d, span, bytes, &err);
    if (!done(s, ok, &err))
        return false;
    sx_string_add_bytes(&ui_tab(s)->text.covered, sx_bytes(&c, sizeof c));
    return sx_document_seek_to(d, span.at + bytes.len, NULL);
}

/* The character here; a line end and the end of the document have no room. */
static bool
under_cursor(SxSession *s, SxTextItem *out)
{
    uint64_t at = sx_document_tell(session_document(s));
    SxText *t = ui_text(s);
    SxTextRow row;
    sx_text_load(t, sx_text_row(t, at), &row);
    size_t i = sx_text_item(&row, at);
    if (i == row.count)
        return false;
    *out = row.items[i];
    out->at += out->lead; /* what is said of its looks stays */
    out->len = (uint8_t)(out->len - out->lead - out->tail);
    return true;
}

static void
type_over(SxSession *s, SxBytes bytes)
{
    SxTextItem item;
    SxSpan span = {sx_document_tell(session_document(s)), 0};
    if (under_cursor(s, &item) && item.kind != SX_TEXT_END)
        span = (SxSpan){item.at, item.len};
    cover(s, span, bytes);
}

static void
uncover(SxSession *s, uint64_t at)
{
    SxDocument *d = session_document(s);
    SxString *all = &ui_tab(s)->text.covered;
    SxError err;
    Covered c;
    if (all->len < sizeof c) {
        sx_document_seek_to(d, ui_text_step(s, at, -1), NULL);
        return;
    }
    memcpy(&c, all->data + all->len - sizeof c, sizeof c);
    all->len -= sizeof c;
    SxSpan span = {at - c.new_len, c.new_len};
    SxBytes old = sx_bytes(c.old, c.old_len);
    if (done(s, sx_document_replace(d, span, old, &err), &err))
        sx_document_seek_to(d, span.at, NULL);
}

/* --- keys -------------------------------------------------------------------------------------------------------------------- */

static void
type_bytes(SxSession *s, SxBytes bytes)
{
    if (ui_tab(s)->mode == SX_MODE_INSERT)
        ui_type_bytes(s, bytes);
    else
        type_over(s, bytes);
}

static void
backspace(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    SxDocument *d = session_document(s);
    uint64_t at = sx_document_tell(d), before;
    SxError err;
    if (at == 0) {
        ui_sayf(s, "first byte: nothing lies before it");
        return;
    }
    if (u->mode == SX_MODE_OVERWRITE) {
        uncover(s, at);
        return;
    }
    before = ui_text_step(s, at, -1);
    if (!done(s, sx_document_delete(d, sx_span(before, at), &err), &err))
        return;
    u->typed.len -= u->typed.len < at - before ? u->typed.len : (size_t)(at - before);
    sx_document_seek_to(d, before, NULL);
}

static void
delete_here(SxSession *s)
{
    SxDocument *d = session_document(s);
    uint64_t at = sx_document_tell(d);
    SxError err;
    if (ui_tab(s)->mode == SX_MODE_OVERWRITE)
        ui_badf(s, "OVERWRITE keeps the length; Ins switches to INSERT");
    else if (at == sx_document_length(d))
        ui_sayf(s, "last byte: nothing lies behind it");
    else
        done(s, sx_document_delete(d, sx_span(at, ui_text_step(s, at, 1)), &err), &err);
}

static void
enter(SxSession *s)
{
    uint8_t bytes[2 * SX_ENCODING_MOST];
    SxBytes end = sx_bytes(bytes, line_end(s, bytes));
    uint64_t at = sx_document_tell(session_document(s));
    if (ui_tab(s)->mode == SX_MODE_INSERT)
        ui_type_bytes(s, end);
    else
        cover(s, (SxSpan){at, 0}, end);
}

void
ui_text_type(SxSession *s, SxKey key)
{
    uint8_t bytes[SX_ENCODING_MOST];
    size_t n;
    if (key.code == SX_KEY_BACKSPACE)
        backspace(s);
    else if (key.code == SX_KEY_DEL)
        delete_here(s);
    else if (key.code == SX_KEY_ENTER)
        enter(s);
    else if (ui_text_encoded(s, key.code, bytes, &n))
        type_bytes(s, sx_bytes(bytes, n));
}

/* r: one character over the one here, the cursor stays. */
void
ui_text_replace(SxSession *s, SxKey key)
{
    uint8_t bytes[SX_ENCODING_MOST];
    size_t n;
    SxTextItem item;
    SxError err;
    if (!ui_text_encoded(s, key.code, bytes, &n))
        return;
    if (!under_cursor(s, &item) || item.kind == SX_TEXT_END) {
        ui_badf(s, "end of line: no character to replace; a adds one");
        return;
    }
    done(s, sx_document_replace(session_document(s), (SxSpan){item.at, item.len}, sx_bytes(bytes, n), &err), &err);
    sx_document_seek_to(session_document(s), item.at, NULL);
}

/* --- lines -------------------------------------------------------------------------------------------------------------------- */

/* Where the line end is that the line at the cursor ends with; false: the document ends first. */
static bool
end_of_line(SxSession *s, SxSpan *out)
{
    SxText *t = ui_text(s);
    uint64_t at = sx_document_tell(session_document(s)), row = sx_text_row(t, at), next;
    SxTextRow made;
    for (;;) {
        sx_text_load(t, row, &made);
        if (made.ends) {
            const SxTextItem *end = &made.items[made.count - 1];
            *out = (SxSpan){end->at + end->lead, end->len - end->lead};
            return true;
        }
        next = made.end;
        if (next == row || next >= sx_document_length(session_document(s)))
            return false;
        row = next;
    }
}

SxExit
cmd_join(SxSession *s, const Args *a, SxError *err)
{
    uint64_t n = a->arg[0].given ? a->arg[0].offset : 1;
    SxDocument *d = session_document(s);
    SxSpan end;
    if (!sx_document_begin(d, err))
        return outcome(false, err);
    bool ok = true, any = false;
    for (; n > 0 && ok && end_of_line(s, &end) && sx_span_end(end) < sx_document_length(d); n--) {
        ok = sx_document_delete(d, end, err) && session_goto(s, end.at, err);
        any |= ok;
    }
    sx_document_end(d);
    if (ok && !any)
        ui_sayf(s, "last line: none to join behind it");
    return outcome(ok, err);
}
