/* scene.c - see scene.h. */
#include "command/scene.h"

static void
dots(SxString *out, size_t n)
{
    while (n-- > 0)
        sx_string_add(out, ".");
}

static void
digits(SxString *out, SxBytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        sx_string_addf(out, "%s%02x", i > 0 ? " " : "", bytes.data[i]);
}

void
scene_text(SxString *out, const SxEncoding *e, SxBytes bytes)
{
    if (!e) {
        digits(out, bytes);
        return;
    }
    for (size_t at = 0; at < bytes.len;) {
        uint32_t code;
        char shown[4];
        size_t n = sx_encoding_decode(e, sx_bytes(bytes.data + at, bytes.len - at), &code);
        if (code != SX_NO_CHARACTER && sx_text_width(code) > 0)
            sx_string_add_bytes(out, sx_bytes(shown, sx_utf8_encode(shown, code)));
        else
            dots(out, n);
        at += n;
    }
}

void
scene_match(SxString *out, const SxEncoding *e, SxBytes bytes, SxSpan of, SxSpan match)
{
    size_t from = match.at > of.at ? (size_t)(match.at - of.at) : 0;
    size_t to = from + (match.len < bytes.len - from ? (size_t)match.len : bytes.len - from);
    const char *apart = e ? "" : " ";
    scene_text(out, e, sx_bytes(bytes.data, from));
    sx_string_addf(out, "%s[", from > 0 ? apart : "");
    scene_text(out, e, sx_bytes(bytes.data + from, to - from));
    if (to - from == match.len)
        sx_string_addf(out, "]%s", to < bytes.len ? apart : "");
    scene_text(out, e, sx_bytes(bytes.data + to, bytes.len - to));
}

SxSpan
scene_around(const SxEncoding *e, SxSpan match, uint64_t length, unsigned cells)
{
    uint64_t room = e ? cells : cells / 3, before = room / 5, unit = e ? e->unit : 1;
    uint64_t from = match.at > before ? match.at - before : 0;
    return sx_span_clip((SxSpan){from / unit * unit, room}, length);
}
