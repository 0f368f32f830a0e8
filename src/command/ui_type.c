/*
 * ui_type.c - typing bytes: digits in the hex column, characters in the text column, over or in.
 *
 * A byte goes into a live file whole: in WRITE-THROUGH and in INSERT the first digit waits (UiTab.half). In COPY a digit
 * changes its half of the byte at once (UiTab.low: the other half is next). A run of typing is one step of the history.
 */
#include <stdio.h>
#include <string.h>

#include "command/ui.h"

static void
failed(SxSession *s, const SxError *err)
{
    ui_say(s, true, err->text);
}

static const char *
mode_name(SxMode mode)
{
    return mode == SX_MODE_INSERT ? "INSERT" : "OVERWRITE";
}

bool
ui_half_drop(SxSession *s, bool say)
{
    struct UiTab *u = ui_tab(s);
    bool was = u->half.on;
    if (was && say)
        ui_sayf(s, "%x_ dropped: a byte takes two digits", u->half.nibble);
    u->half = (SxHalf){0};
    u->low = false;
    return was;
}

/* --- over and in -------------------------------------------------------------------------------------------------------- */

/* What was there goes on a stack for Backspace. */
static bool
overwrite(SxSession *s, uint64_t at, SxBytes bytes)
{
    SxDocument *d = session_document(s);
    struct UiTab *u = ui_tab(s);
    SxError err;
    uint8_t old[64];
    size_t got = 0;
    if (bytes.len <= sizeof old && !sx_document_peek(d, at, old, bytes.len, &got, NULL))
        got = 0;
    if (!sx_document_overwrite(d, at, bytes, &err)) {
        failed(s, &err);
        return false;
    }
    if (got == bytes.len)
        sx_string_add_bytes(&u->typed_over, sx_bytes(old, got));
    sx_string_add_bytes(&u->typed, bytes);
    return true;
}

static bool
put_over(SxSession *s, SxBytes bytes)
{
    SxDocument *d = session_document(s);
    uint64_t at = sx_document_tell(d), room = sx_document_length(d) - at;
    if (bytes.len > room) {
        ui_badf(s, "End of file: A adds bytes");
        return false;
    }
    return overwrite(s, at, bytes) && sx_document_seek_to(d, at + bytes.len, NULL);
}

static bool
put_in(SxSession *s, SxBytes bytes)
{
    SxDocument *d = session_document(s);
    uint64_t at = sx_document_tell(d);
    SxError err;
    if (!sx_document_insert(d, at, bytes, &err)) {
        failed(s, &err);
        return false;
    }
    sx_string_add_bytes(&ui_tab(s)->typed, bytes);
    return sx_document_seek_to(d, at + bytes.len, NULL);
}

void
ui_type_bytes(SxSession *s, SxBytes bytes)
{
    ui_half_drop(s, true);
    if (bytes.len == 0)
        return;
    s->ui->typed_at = ui_now();
    if (ui_tab(s)->mode == SX_MODE_INSERT)
        put_in(s, bytes);
    else
        put_over(s, bytes);
}

/* --- digits --------------------------------------------------------------------------------------------------------------- */

static int
hex_digit(SxKey key)
{
    if (key.code >= '0' && key.code <= '9')
        return (int)(key.code - '0');
    uint32_t lower = key.code | 0x20;
    return key.code < 128 && lower >= 'a' && lower <= 'f' ? (int)(lower - 'a' + 10) : -1;
}

static void
digit_waits(SxSession *s, uint8_t digit, bool insert)
{
    struct UiTab *u = ui_tab(s);
    SxDocument *d = session_document(s);
    uint64_t at = sx_document_tell(d);
    if (!insert && at == sx_document_length(d)) {
        ui_badf(s, "End of file: A adds bytes");
        return;
    }
    u->half = (SxHalf){.on = true, .at = at, .insert = insert, .nibble = digit};
}

static void
digit_second(SxSession *s, uint8_t digit)
{
    struct UiTab *u = ui_tab(s);
    uint8_t byte = (uint8_t)(u->half.nibble << 4 | digit);
    bool insert = u->half.insert;
    u->half = (SxHalf){0};
    if (insert)
        put_in(s, sx_bytes(&byte, 1));
    else
        put_over(s, sx_bytes(&byte, 1));
}

/* COPY, first digit: the high half changes now. A lost byte has no low half that could stay: it is typed whole. */
static void
digit_high(SxSession *s, uint8_t digit)
{
    struct UiTab *u = ui_tab(s);
    SxDocument *d = session_document(s);
    SxError err;
    uint64_t at = sx_document_tell(d);
    uint8_t byte;
    if (at == sx_document_length(d)) {
        ui_badf(s, "End of file: A adds bytes");
        return;
    }
    if (!sx_document_get(d, (int64_t)at, &byte, &err)) {
        if (err.code == SX_ERR_LOST)
            digit_waits(s, digit, false);
        else
            failed(s, &err);
        return;
    }
    byte = (uint8_t)(digit << 4 | (byte & 0x0f));
    u->low = overwrite(s, at, sx_bytes(&byte, 1));
}

static void
digit_low(SxSession *s, uint8_t digit)
{
    struct UiTab *u = ui_tab(s);
    SxDocument *d = session_document(s);
    SxError err;
    uint64_t at = sx_document_tell(d);
    uint8_t byte = 0;
    bool ok = sx_document_get(d, (int64_t)at, &byte, &err);
    byte = (uint8_t)((byte & 0xf0) | digit);
    ok = ok && sx_document_overwrite(d, at, sx_bytes(&byte, 1), &err);
    u->low = false;
    if (!ok) {
        failed(s, &err);
        return;
    }
    if (u->typed.len > 0)
        u->typed.data[u->typed.len - 1] = (char)byte;
    sx_document_seek_to(d, at + 1, NULL);
}

static void
type_digit(SxSession *s, uint8_t digit)
{
    struct UiTab *u = ui_tab(s);
    bool insert = u->mode == SX_MODE_INSERT;
    bool through = sx_document_access(session_document(s)) == SX_ACCESS_WRITE;
    if (u->half.on)
        digit_second(s, digit);
    else if (u->low)
        digit_low(s, digit);
    else if (insert || through)
        digit_waits(s, digit, insert);
    else
        digit_high(s, digit);
}

static void
type_hex(SxSession *s, SxKey key)
{
    int digit = hex_digit(key);
    if (key.code == ' ')
        return;
    if (digit >= 0) {
        type_digit(s, (uint8_t)digit);
        return;
    }
    char utf8[5] = "";
    sx_utf8_encode(utf8, key.code);
    ui_badf(s, "%s is not a hex digit. Esc ends %s.", utf8, mode_name(ui_tab(s)->mode));
}

static void
type_text(SxSession *s, SxKey key)
{
    uint8_t bytes[SX_ENCODING_MOST];
    size_t n;
    if (!ui_column_encoding(s))
        n = ui_key_bytes(key, bytes);
    else if (!ui_text_encoded(s, key.code, bytes, &n))
        return;
    if (n > 1 && bytes[0] >= 0x80 && !ui_column_encoding(s))
        ui_sayf(s, "typed as UTF-8, %zu bytes", n);
    ui_type_bytes(s, sx_bytes(bytes, n));
}

/* --- taking back ------------------------------------------------------------------------------------------------------------ */

/* Bytes of the character that ends before `at`: one, or in the text column what its encoding says, else UTF-8. */
static uint64_t
character_before(SxSession *s, uint64_t at)
{
    SxDocument *d = session_document(s);
    const SxEncoding *e = ui_column_encoding(s) ? ui_column_encoding(s) : sx_encoding_find("utf-8");
    uint8_t before[SX_ENCODING_CONTEXT];
    uint64_t from = at > sx_encoding_context(e) ? (at - sx_encoding_context(e) + 7) / 8 * 8 : 0;
    size_t len = (size_t)(at - from), got = 0;
    if (!ui_tab(s)->text_column || !sx_document_peek(d, from, before, len, &got, NULL) || got < len)
        return 1;
    return sx_encoding_back(e, sx_bytes(before, len));
}

static void
insert_backspace(SxSession *s, uint64_t at)
{
    SxDocument *d = session_document(s);
    struct UiTab *u = ui_tab(s);
    SxError err;
    uint64_t n = character_before(s, at);
    if (!sx_document_delete(d, sx_span(at - n, at), &err)) {
        failed(s, &err);
        return;
    }
    u->typed.len -= u->typed.len < n ? u->typed.len : (size_t)n;
    sx_document_seek_to(d, at - n, NULL);
}

/* One byte back; what was typed there in this run gives way to what was there before. */
static void
overwrite_backspace(SxSession *s, uint64_t at)
{
    SxDocument *d = session_document(s);
    struct UiTab *u = ui_tab(s);
    SxError err;
    if (u->typed.len > 0 && u->typed_over.len == u->typed.len) {
        uint8_t old = (uint8_t)u->typed_over.data[--u->typed_over.len];
        u->typed.len--;
        if (!sx_document_overwrite(d, at - 1, sx_bytes(&old, 1), &err)) {
            failed(s, &err);
            return;
        }
    }
    sx_document_seek_to(d, at - 1, NULL);
}

static void
backspace(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    uint64_t at = sx_document_tell(session_document(s));
    if (u->half.on) {
        u->half = (SxHalf){0};
        return;
    }
    if (u->low) {
        /* the digit typed last: its byte gets its old value back, the cursor stays */
        overwrite_backspace(s, at + 1);
        u->low = false;
        return;
    }
    if (at == 0)
        ui_sayf(s, "first byte: nothing lies before it");
    else if (u->mode == SX_MODE_INSERT)
        insert_backspace(s, at);
    else
        overwrite_backspace(s, at);
}

static void
delete_here(SxSession *s)
{
    SxDocument *d = session_document(s);
    SxError err;
    uint64_t at = sx_document_tell(d);
    if (ui_tab(s)->mode == SX_MODE_OVERWRITE)
        ui_badf(s, "OVERWRITE keeps the length; Ins switches to INSERT");
    else if (at == sx_document_length(d))
        ui_sayf(s, "last byte: nothing lies behind it");
    else if (!sx_document_delete(d, sx_span(at, at + 1), &err))
        failed(s, &err);
}

/* The run of typing ends where the cursor was put elsewhere. */
static void
run_check(SxSession *s)
{
    struct UiTab *u = ui_tab(s);
    uint64_t at = sx_document_tell(session_document(s));
    if (at != u->typed_at)
        ui_typing_break(s);
}

void
ui_type(SxSession *s, SxKey key)
{
    struct UiTab *u = ui_tab(s);
    run_check(s);
    if (ui_text_on(s)) {
        ui_text_type(s, key);
    } else if (key.code == SX_KEY_BACKSPACE) {
        backspace(s);
    } else if (key.code == SX_KEY_DEL) {
        ui_half_drop(s, true);
        delete_here(s);
    } else if (key.code == SX_KEY_ENTER) {
        ui_sayf(s, "C-v Enter types 0a");
    } else if (u->text_column) {
        type_text(s, key);
    } else {
        type_hex(s, key);
    }
    u->typed_at = sx_document_tell(session_document(s));
}
