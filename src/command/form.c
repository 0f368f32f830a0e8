/* form.c - bytes in the forms they are printed in. Blocks of a source go through one small writer per form. */
#include "command/form.h"

#include <stdio.h>
#include <string.h>

#include <sextant/style.h>
#include <sextant/text.h>
#include <sextant/view.h>

#include "command/window.h"

enum { BLOCK = 1 << 16, C_COLUMNS = 12, DUMP_COLUMNS = 16 };

static const char *const names[FORM_COUNT] = {"text", "hex", "raw", "base64", "c", "python", "dump"};

const char *
form_name(Form form)
{
    return names[form];
}

bool
form_find(const char *name, size_t len, Form *out)
{
    for (int i = 0; i < FORM_COUNT; i++) {
        if (strlen(names[i]) != len || memcmp(names[i], name, len) != 0)
            continue;
        *out = (Form)i;
        return true;
    }
    return false;
}

typedef struct Writer {
    const FormOut *out;
    uint64_t total; /* bytes that will come */
    uint64_t done;  /* bytes that came */
    uint8_t carry[3]; /* BASE64: not yet a group */
    unsigned carried;
    bool folded; /* TEXT: the last byte was folded */
    size_t fill;
    char buf[4096];
} Writer;

static void
flush(Writer *w)
{
    if (w->fill)
        w->out->emit(w->out->data, sx_bytes(w->buf, w->fill));
    w->fill = 0;
}

static void
add(Writer *w, const char *text, size_t len)
{
    if (w->fill + len > sizeof w->buf)
        flush(w);
    memcpy(w->buf + w->fill, text, len);
    w->fill += len;
}

static void
add_hex(Writer *w, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    add(w, (const char[2]){digits[byte >> 4], digits[byte & 15]}, 2);
}

static bool
folds(uint8_t c)
{
    return c == '\n' || c == '\r' || c == '\t';
}

static void
text_byte(Writer *w, uint8_t byte)
{
    char unit[8];
    bool fold = w->out->fold && folds(byte);
    if (fold && w->folded)
        return;
    w->folded = fold;
    size_t len = sx_text_printable(unit, sizeof unit, sx_bytes(fold ? (const uint8_t *)" " : &byte, 1), 0);
    add(w, unit, len);
}

static void
base64_group(Writer *w)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = (uint32_t)w->carry[0] << 16 | (uint32_t)w->carry[1] << 8 | w->carry[2];
    char group[4];
    for (unsigned i = 0; i < 4; i++)
        group[i] = i <= w->carried ? digits[bits >> (18 - 6 * i) & 63] : '=';
    add(w, group, 4);
    w->carried = 0;
    memset(w->carry, 0, sizeof w->carry);
}

static void
base64_byte(Writer *w, uint8_t byte)
{
    w->carry[w->carried++] = byte;
    if (w->carried == 3)
        base64_group(w);
}

static void
c_byte(Writer *w, uint64_t index, uint8_t byte)
{
    const char *before = index % C_COLUMNS ? " " : index ? "\n    " : "    ";
    add(w, before, strlen(before));
    add(w, "0x", 2);
    add_hex(w, byte);
    add(w, ",", 1);
}

static void
python_byte(Writer *w, uint8_t byte)
{
    char unit[8];
    size_t len = sx_text_printable(unit, sizeof unit, sx_bytes(&byte, 1), SX_PRINTABLE_QUOTE);
    add(w, unit, len);
}

static void
begin(Writer *w, Form form)
{
    char head[64];
    if (form == FORM_C) {
        int n = snprintf(head, sizeof head, "const unsigned char data[%llu] = {\n", (unsigned long long)w->total);
        add(w, head, (size_t)n);
    } else if (form == FORM_PYTHON) {
        add(w, "b\"", 2);
    }
}

static void
bytes(Writer *w, Form form, SxBytes block)
{
    for (size_t i = 0; i < block.len; i++) {
        uint8_t byte = block.data[i];
        switch (form) {
        case FORM_HEX:
            add_hex(w, byte);
            break;
        case FORM_BASE64:
            base64_byte(w, byte);
            break;
        case FORM_C:
            c_byte(w, w->done + i, byte);
            break;
        case FORM_PYTHON:
            python_byte(w, byte);
            break;
        default:
            text_byte(w, byte);
        }
    }
    w->done += block.len;
}

static void
end(Writer *w, Form form)
{
    if (form == FORM_BASE64 && w->carried)
        base64_group(w);
    else if (form == FORM_C)
        add(w, w->total ? "\n};" : "};", w->total ? 3 : 2);
    else if (form == FORM_PYTHON)
        add(w, "\"", 1);
    if (form != FORM_RAW && !w->out->bare)
        add(w, "\n", 1);
    flush(w);
}

static bool
stopped(SxJob *job, SxError *err)
{
    return sx_job_cancelled(job) && !sx_fail(err, SX_ERR_CANCELLED, "cancelled");
}

/* Lost bytes end the printing: they must not come out as zeros. */
static bool
lost_here(SxSource *source, SxSpan span, SxError *err)
{
    SxSpan lost;
    if (sx_source_lost(source, span, &lost, 1) == 0)
        return false;
    return !sx_fail(err, SX_ERR_LOST, "0x%llx:0x%llx is unreadable", (unsigned long long)lost.at,
                    (unsigned long long)sx_span_end(lost));
}

static bool
block_print(Writer *w, Form form, SxSource *source, SxSpan span, SxError *err)
{
    uint8_t block[BLOCK];
    if (!sx_source_read(source, span, block, err) || lost_here(source, span, err))
        return false;
    if (form == FORM_RAW)
        w->out->emit(w->out->data, sx_bytes(block, (size_t)span.len));
    else
        bytes(w, form, sx_bytes(block, (size_t)span.len));
    return true;
}

static bool
stream(Form form, SxSource *source, SxSpan span, const FormOut *out, SxJob *job, SxError *err)
{
    Writer w = {.out = out, .total = span.len};
    bool ok = true;
    begin(&w, form);
    for (uint64_t done = 0; ok && done < span.len;) {
        uint64_t left = span.len - done;
        SxSpan block = {span.at + done, left < BLOCK ? left : BLOCK};
        ok = !stopped(job, err) && block_print(&w, form, source, block, err);
        sx_job_advance(job, block.len);
        done += block.len;
    }
    if (ok)
        end(&w, form);
    else
        flush(&w);
    return ok;
}

/* Of an offset, as on the screen. */
static unsigned
digits_for(uint64_t length)
{
    unsigned digits = 8;
    uint64_t last = length ? length - 1 : 0;
    while (digits < 16 && last >> (4 * digits))
        digits += 2;
    return digits;
}

/* Rows begin at the beginning of the range; `cut` ends where the range ends, so that the last row does, too. */
static bool
dump_rows(SxSource *cut, SxSpan span, unsigned digits, const SxTheme *theme, const FormOut *out, SxJob *job,
          SxError *err)
{
    char line[1024];
    for (uint64_t at = span.at; at < sx_span_end(span); at += DUMP_COLUMNS) {
        if (stopped(job, err))
            return false;
        sx_hex_dump_line(line, sizeof line, cut, at, DUMP_COLUMNS, digits, theme, SX_DEPTH_256);
        out->emit(out->data, sx_bytes(line, strlen(line)));
        out->emit(out->data, sx_bytes("\n", 1));
        sx_job_advance(job, DUMP_COLUMNS);
    }
    return true;
}

static bool
dump(SxSource *source, SxSpan span, const FormOut *out, SxJob *job, SxError *err)
{
    Window window;
    SxTheme *theme = NULL;
    if (out->colour && !sx_theme_builtin(&theme, "dark", err))
        return false;
    bool ok = window_init(&window, source, sx_span_end(span), err) &&
              dump_rows(&window.source, span, digits_for(sx_source_size(source)), theme, out, job, err);
    window_clear(&window);
    sx_theme_free(theme);
    return ok;
}

bool
form_print(Form form, SxSource *source, SxSpan span, const FormOut *out, SxJob *job, SxError *err)
{
    sx_job_total(job, span.len);
    if (form == FORM_DUMP)
        return dump(source, span, out, job, err);
    return stream(form, source, span, out, job, err);
}
