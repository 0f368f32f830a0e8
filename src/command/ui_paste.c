/* ui_paste.c - text that the terminal hands over as pasted: typed in the edit modes, asked about in BROWSE. */
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

typedef struct Pasted {
    size_t len;
    uint8_t bytes[];
} Pasted;

/* Digits with blanks, commas, 0x and line ends between them. false: something else is among them. */
static bool
from_hex(const Pasted *in, uint8_t *out, size_t *len)
{
    size_t digits = 0;
    *len = 0;
    for (size_t i = 0; i < in->len; i++) {
        uint8_t c = in->bytes[i];
        if (strchr(" \t\r\n,;:", c) && c) {
            if (digits % 2)
                return false;
            continue;
        }
        if (c == '0' && i + 1 < in->len && (in->bytes[i + 1] | 0x20) == 'x' && digits % 2 == 0) {
            i++;
            continue;
        }
        int value = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
        if (value < 0)
            return false;
        if (digits++ % 2 == 0)
            out[*len] = (uint8_t)(value << 4);
        else
            out[(*len)++] |= (uint8_t)value;
    }
    return *len > 0 && digits % 2 == 0;
}

static void
put(SxSession *s, SxBytes bytes, bool insert)
{
    SxDocument *d = session_document(s);
    SxError err = {0};
    uint64_t at = sx_document_tell(d), room = sx_document_length(d) - at;
    bool ok;
    if (!insert && bytes.len > room) {
        ui_badf(s, "%zu bytes reach past the end, %llu fit; paste in lengthens", bytes.len, (unsigned long long)room);
        return;
    }
    ok = insert ? sx_document_insert(d, at, bytes, &err) : sx_document_overwrite(d, at, bytes, &err);
    if (!ok) {
        ui_say(s, true, err.text);
        return;
    }
    session_goto(s, at + bytes.len, NULL);
    ui_sayf(s, "pasted %zu byte%s; u takes them back", bytes.len, bytes.len == 1 ? "" : "s");
}

/* In the text view, text as the document would have it. */
static SxBytes
as_typed(SxSession *s, const Pasted *p, SxString *scratch)
{
    SxBytes raw = sx_bytes(p->bytes, p->len);
    if (!ui_text_on(s))
        return raw;
    return ui_text_convert(s, raw, scratch) ? sx_bytes(scratch->data, scratch->len) : sx_bytes("", 0);
}

static void
answered(SxSession *s, char key, void *data)
{
    const Pasted *p = data;
    if (key == 0) {
        ui_sayf(s, "nothing pasted");
        return;
    }
    if (!ui_may_edit(s))
        return;
    if (key != 'h') {
        SxString scratch = {0};
        SxBytes bytes = as_typed(s, p, &scratch);
        if (bytes.len > 0)
            put(s, bytes, key == 'i');
        sx_string_clear(&scratch);
        return;
    }
    uint8_t *bytes = malloc(p->len);
    size_t len;
    if (bytes && from_hex(p, bytes, &len))
        put(s, sx_bytes(bytes, len), false);
    else
        ui_badf(s, "that is not hex: two digits a byte, blanks between them");
    free(bytes);
}

void
ui_paste(SxSession *s, SxBytes text)
{
    SxMode mode = ui_tab(s)->mode;
    ui_input_clear(s);
    if (text.len == 0)
        return;
    Pasted *p = malloc(sizeof *p + text.len);
    if (!p)
        return;
    p->len = text.len;
    memcpy(p->bytes, text.data, text.len);
    if (mode == SX_MODE_BROWSE || mode == SX_MODE_SELECT) {
        ui_ask(s, answered, p, free, "paste %zu byte%s: [o]ver [i]n as [h]ex, over Esc", text.len,
               text.len == 1 ? "" : "s");
        return;
    }
    uint8_t *bytes = malloc(text.len);
    size_t len;
    ui_typing_break(s);
    SxString scratch = {0};
    if (!ui_types_text(s) && bytes && from_hex(p, bytes, &len))
        ui_type_bytes(s, sx_bytes(bytes, len));
    else
        ui_type_bytes(s, as_typed(s, p, &scratch));
    sx_string_clear(&scratch);
    ui_typing_break(s);
    free(bytes);
    free(p);
}
