/*
 * text_format.c - see text_format.h.
 *
 * Colours come down to the sixteen that every palette has: which green that is stays the user's own choice, and a theme
 * keeps its contrast.
 */
#include "view/text_format.h"

#include <string.h>

#include "view/theme.h"

enum { ESCAPE = 0x1b, BELL = 7, PARAMETERS_MAX = 16 };

/* --- where a sequence ends ------------------------------------------------------------------------------------------- */

/* ESC [ parameters, intermediates, a final byte: ECMA-48, 5.4. */
static size_t
control_length(SxBytes in)
{
    size_t i = 2;
    while (i < in.len && in.data[i] >= 0x30 && in.data[i] <= 0x3f)
        i++;
    while (i < in.len && in.data[i] >= 0x20 && in.data[i] <= 0x2f)
        i++;
    return i < in.len && in.data[i] >= 0x40 && in.data[i] <= 0x7e ? i + 1 : 0;
}

/* ESC ] text, and BEL or ESC \: links are such. */
static size_t
string_length(SxBytes in)
{
    for (size_t i = 2; i < in.len; i++) {
        if (in.data[i] == BELL)
            return i + 1;
        if (in.data[i] == ESCAPE)
            return i + 1 < in.len && in.data[i + 1] == '\\' ? i + 2 : 0;
        if (in.data[i] < ' ')
            return 0;
    }
    return 0;
}

/* --- what SGR says ------------------------------------------------------------------------------------------------------ */

static size_t
parameters(SxBytes in, unsigned out[PARAMETERS_MAX])
{
    size_t n = 0;
    out[0] = 0;
    for (size_t i = 0; i < in.len; i++) {
        bool digit = in.data[i] >= '0' && in.data[i] <= '9';
        if (digit && out[n] < 10000)
            out[n] = out[n] * 10 + (in.data[i] - '0');
        else if (!digit && n + 1 < PARAMETERS_MAX)
            out[++n] = 0;
    }
    return n + 1;
}

/* 38 and 48 take what follows: 5, an index, or 2 and three parts. Returns how many parameters that were. */
static size_t
extended(const unsigned *p, size_t n, uint8_t *colour)
{
    if (n >= 3 && p[1] == 5 && p[2] < 256) {
        *colour = (uint8_t)(p[2] < 16 ? p[2] : colour_nearest(colour_rgb(p[2]), 16));
        return 3;
    }
    if (n >= 5 && p[1] == 2) {
        *colour = (uint8_t)colour_nearest((p[2] & 255) << 16 | (p[3] & 255) << 8 | (p[4] & 255), 16);
        return 5;
    }
    return n;
}

static void
attribute(unsigned p, SxTextOwn *own)
{
    switch (p) {
    case 0: *own = (SxTextOwn){0}; break;
    case 1: own->bold = true; break;
    case 3:
    case 4: own->underline = true; break;
    case 7: own->reverse = true; break;
    case 22: own->bold = false; break;
    case 23:
    case 24: own->underline = false; break;
    case 27: own->reverse = false; break;
    case 39: own->fg = 0; break;
    case 49: own->bg = 0; break;
    default: break;
    }
}

static void
sgr(SxBytes in, SxTextOwn *own)
{
    unsigned p[PARAMETERS_MAX];
    size_t n = parameters(in, p);
    for (size_t i = 0; i < n;) {
        uint8_t *colour = p[i] % 100 / 10 == 4 || p[i] >= 100 ? &own->bg : &own->fg;
        size_t used = 1;
        if (p[i] == 38 || p[i] == 48)
            used = extended(p + i, n - i, colour);
        else if ((p[i] >= 30 && p[i] < 38) || (p[i] >= 40 && p[i] < 48))
            *colour = (uint8_t)(p[i] % 10);
        else if ((p[i] >= 90 && p[i] < 98) || (p[i] >= 100 && p[i] < 108))
            *colour = (uint8_t)(p[i] % 10 + 8);
        else
            attribute(p[i], own);
        i += used;
    }
}

size_t
text_format_sequence(SxBytes in, SxTextOwn *own)
{
    if (in.len < 3 || in.data[0] != ESCAPE)
        return 0;
    if (in.data[1] == ']')
        return string_length(in);
    size_t n = in.data[1] == '[' ? control_length(in) : 0;
    if (n > 0 && in.data[n - 1] == 'm')
        sgr(sx_bytes(in.data + 2, n - 3), own);
    return n;
}

size_t
sx_text_sequence(SxBytes in)
{
    SxTextOwn own = {0};
    return text_format_sequence(in, &own);
}

size_t
text_format_sequences(SxBytes in, SxTextOwn *own)
{
    size_t all = 0;
    for (;;) {
        SxTextOwn next = *own;
        size_t n = text_format_sequence(sx_bytes(in.data + all, in.len - all), &next);
        if (n == 0 || all + n > FORMAT_LEAD_MAX)
            return all;
        all += n;
        *own = next;
    }
}

void
text_format_skim(SxBytes in, SxTextOwn *own)
{
    const uint8_t *p = in.data, *end = in.data + in.len;
    while (p < end && (p = memchr(p, ESCAPE, (size_t)(end - p)))) {
        size_t n = text_format_sequence(sx_bytes(p, (size_t)(end - p)), own);
        p += n ? n : 1;
    }
}

/* A background alone is that colour turned round: letters on it stay readable in any theme. */
SxStyles
text_format_styles(SxTextOwn own)
{
    bool only_bg = own.bg && !own.fg;
    return sx_styles_own(only_bg ? own.bg : own.fg, own.bold, own.underline, own.reverse != only_bg);
}
