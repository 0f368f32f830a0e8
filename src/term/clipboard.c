/*
 * clipboard.c - OSC 52: base64 between ESC ] 52 ; c ; and BEL. Written only, never asked for.
 *
 * screen swallows it, but hands on what stands between ESC P and ESC \, a few hundred bytes at a time.
 */
#include "term/clipboard.h"

enum {
    BASE64_MAX = 74994, /* xterm's limit */
    PIECE = 240,        /* of a string that screen hands on */
};

static void
add_base64(Output *o, SxBytes in)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < in.len; i += 3) {
        size_t n = in.len - i < 3 ? in.len - i : 3;
        uint32_t three = (uint32_t)in.data[i] << 16 | (n > 1 ? (uint32_t)in.data[i + 1] << 8 : 0) |
                         (n > 2 ? in.data[i + 2] : 0u);
        char four[4] = {digits[three >> 18], digits[three >> 12 & 63], digits[three >> 6 & 63], digits[three & 63]};
        for (size_t k = n + 1; k < 4; k++)
            four[k] = '=';
        output_add(o, four, 4);
    }
}

static void
add_sequence(Output *o, SxBytes text)
{
    output_text(o, "\033]52;c;");
    add_base64(o, text);
    output_text(o, "\a");
}

static void
add_pieces(Output *o, SxBytes text)
{
    Output whole = {0};
    add_sequence(&whole, text);
    o->failed |= whole.failed;
    for (size_t i = 0; i < whole.len; i += PIECE) {
        output_text(o, "\033P");
        output_add(o, whole.data + i, whole.len - i < PIECE ? whole.len - i : PIECE);
        output_text(o, "\033\\");
    }
    output_clear(&whole);
}

bool
clipboard_add(Output *o, CapClipboard how, SxBytes text, SxError *err)
{
    if (how == CLIPBOARD_NONE)
        return sx_fail(err, SX_ERR_UNSUPPORTED, "this terminal has no clipboard that programs reach");
    if (text.len > BASE64_MAX / 4 * 3)
        return sx_fail(err, SX_ERR_LIMIT, "%zu bytes are too many for the terminal's clipboard, which takes %d",
                       text.len, BASE64_MAX / 4 * 3);
    if (how == CLIPBOARD_SCREEN)
        add_pieces(o, text);
    else
        add_sequence(o, text);
    return true;
}
