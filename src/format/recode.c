/* recode.c - see sextant/recode.h. */
#include <sextant/recode.h>

#include <string.h>

bool
sx_recode(const SxEncoding *from, const SxEncoding *to, SxBytes in, bool last, uint8_t *out, size_t *used, size_t *made,
          SxRecodeStop *stop)
{
    *used = *made = 0;
    while (*used < in.len && (last || in.len - *used >= from->most)) {
        uint32_t code;
        size_t n = sx_encoding_decode(from, sx_bytes(in.data + *used, in.len - *used), &code);
        size_t written = code == SX_NO_CHARACTER ? 0 : sx_encoding_encode(to, code, out + *made);
        if (!written) {
            *stop = (SxRecodeStop){*used, code};
            return false;
        }
        *used += n;
        *made += written;
    }
    return true;
}

/* --- line ends ----------------------------------------------------------------------------------------------------- */

typedef struct LineUnits {
    uint8_t feed[SX_ENCODING_MOST], carriage[SX_ENCODING_MOST], nel[SX_ENCODING_MOST]; /* nel is feed where it is none */
    size_t len; /* of each */
} LineUnits;

static bool
is_unit(const LineUnits *u, const uint8_t *unit, SxBytes in, size_t at)
{
    return in.len - at >= u->len && memcmp(in.data + at, unit, u->len) == 0;
}

/* In every encoding that there is, the bytes of CR and LF are part of no other character. */
static size_t
next_unit(const LineUnits *u, SxBytes in, size_t at)
{
    while (at < in.len && !is_unit(u, u->feed, in, at) && !is_unit(u, u->carriage, in, at) && !is_unit(u, u->nel, in, at))
        at += u->len;
    return at < in.len ? at : in.len;
}

bool
sx_line_end_other(const SxEncoding *e, SxLineEnd end, SxBytes in, size_t from, bool last, size_t *at, size_t *len)
{
    LineUnits u;
    u.len = sx_encoding_encode(e, '\n', u.feed);
    sx_encoding_encode(e, '\r', u.carriage);
    sx_encoding_encode(e, sx_encoding_has_nel(e) ? 0x85 : '\n', u.nel);
    for (size_t i = next_unit(&u, in, from); i < in.len; i = next_unit(&u, in, i + *len)) {
        bool carriage = is_unit(&u, u.carriage, in, i);
        bool both = carriage && i + u.len <= in.len && is_unit(&u, u.feed, in, i + u.len);
        *at = i;
        *len = both ? 2 * u.len : u.len;
        if (carriage && !both && !last && in.len - i < 2 * u.len)
            return false;
        SxLineEnd is = both ? SX_LINE_CRLF : carriage ? SX_LINE_CR : is_unit(&u, u.feed, in, i) ? SX_LINE_LF : SX_LINE_NEL;
        if (is != end)
            return true;
    }
    *at = in.len;
    return false;
}
