/*
 * test_paint.c - what goes to the terminal, whatever stands in the grid: characters that may be shown, and sequences of
 * ours; nothing else. And that the same grid painted again says nothing.
 */
#include <unistd.h>

#include <sextant/text.h>

#include "support/tap.h"
#include "term/paint.h"

/* The length of the sequence at `s`, which is one that painting uses; 0: it is not. */
static size_t
sequence_length(const char *s, size_t len)
{
    size_t i = 2;
    if (len >= 2 && s[1] == 'M')
        return 2;
    if (len < 3 || s[1] != '[')
        return 0;
    if (s[i] == '?')
        i++;
    while (i < len && ((s[i] >= '0' && s[i] <= '9') || s[i] == ';'))
        i++;
    if (i + 1 < len && s[i] == ' ' && s[i + 1] == 'q')
        return i + 2;
    return i < len && strchr("mHCDGABdJKrhlc", s[i]) ? i + 1 : 0;
}

static bool
shown_code(uint32_t code)
{
    bool bidi = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e || code == 0x200f;
    return code >= ' ' && code != 0x7f && !(code >= 0x80 && code < 0xa0) && code <= 0x10ffff && !bidi &&
           sx_text_width(code) > 0;
}

static bool
clean(const Output *o)
{
    bool on_text = false; /* accents stand behind a character, never behind a motion */
    for (size_t i = 0; i < o->len;) {
        uint32_t code;
        char c = o->data[i];
        size_t n = c == 0x1b ? sequence_length(o->data + i, o->len - i) : c == '\r' || c == '\n' || c == '\b' ? 1 : 0;
        if (!n) {
            n = sx_utf8_decode(sx_bytes(o->data + i, o->len - i), &code);
            if (code == UINT32_MAX || !(shown_code(code) || (on_text && sx_text_combines(code)))) {
                diag("byte %zu: %02x", i, (unsigned char)c);
                return false;
            }
            on_text = true;
        } else {
            on_text = false;
        }
        i += n;
    }
    return true;
}

static uint32_t
any_code(uint64_t *seed)
{
    static const uint32_t nasty[] = {0,      1,      7,      8,      '\n',   '\r',   0x1b,     0x7f,    0x80,      0x9b,
                                     0x9d,   0xad,   0x300,  0x301,  0x200b, 0x202e, 0x2066,   0xd800,  0xfeff,    0xffff,
                                     0x4e2d, 0x1f600, 0x10ffff, 0x110000, UINT32_MAX, 0xe000, 0x378, 0x0};
    uint64_t n = tap_random(seed);
    if (n % 3 == 0)
        return nasty[n / 3 % (sizeof nasty / sizeof *nasty)];
    return n % 3 == 1 ? (uint32_t)(n >> 20) % 0x120 : (uint32_t)(n >> 20) % 0x30000;
}

/* Straight into the cells: nobody has made them sound. */
static void
fill_anyhow(SxGrid *g, uint64_t *seed)
{
    for (size_t i = 0; i < (size_t)g->width * g->height; i++) {
        if (tap_random(seed) % 4 == 0)
            continue;
        SxRect here = {(unsigned)(i % g->width), (unsigned)(i / g->width), 1, 1};
        g->cells[i] = (SxCell){.code = any_code(seed), .styles = (uint16_t)tap_random(seed)};
        sx_grid_style(g, here, tap_random(seed) & tap_random(seed) & tap_random(seed));
        for (uint64_t n = tap_random(seed) % 8; n > 4; n--)
            sx_grid_mark(g, here.x, here.y, any_code(seed));
        if (tap_random(seed) % 64 == 0)
            g->cells[i].marks = (uint16_t)tap_random(seed);
    }
    g->cursor = (SxCursorShape)(tap_random(seed) % 4);
    g->cursor_x = (unsigned)tap_random(seed) % 100;
    g->cursor_y = (unsigned)tap_random(seed) % 100;
}

static bool
round_of(const char *term, uint64_t seed)
{
    Caps caps;
    Painter p;
    SxError err;
    SxTheme *theme;
    setenv("TERM", term, 1);
    if (!caps_open(&caps, STDOUT_FILENO, &err) || !sx_theme_builtin(&theme, sx_theme_builtin_name(seed % 5), &err))
        return true;
    painter_init(&p, &caps, (SxColourDepth)(seed % 5), seed % 7 == 0);
    bool good = true;
    SxGrid *g = sx_grid_new(0, 0);
    for (int frame = 0; frame < 6 && good; frame++) {
        if (frame % 2 == 0)
            sx_grid_resize(g, (unsigned)tap_random(&seed) % 90, (unsigned)tap_random(&seed) % 40);
        fill_anyhow(g, &seed);
        good = painter_paint(&p, g, theme) && (!caps.ansi || clean(&p.out));
        p.out.len = 0;
        good = good && painter_paint(&p, g, theme);
        /* a cursor that cannot be hidden is not moved either; else all that may be said is where it is */
        if (good && p.out.len > 12) {
            diag("%zu bytes for nothing", p.out.len);
            good = false;
        }
        p.out.len = 0;
    }
    sx_grid_free(g);
    painter_clear(&p);
    sx_theme_free(theme);
    caps_close();
    return good;
}

int
main(int argc, char **argv)
{
    static const char *const terms[] = {"xterm-256color", "tmux-256color", "screen", "linux", "vt100", "ansi", "wy50",
                                        "vt52", "hp2622", "xterm-direct"};
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 60;
    uint64_t seed = tap_seed();
    for (size_t t = 0; t < sizeof terms / sizeof *terms; t++) {
        unsigned bad = 0;
        for (unsigned i = 0; i < rounds && !bad; i++) {
            bad += !round_of(terms[t], seed + i);
            if (bad)
                diag("SEED=%" PRIu64, seed + i);
        }
        is(bad, 0, "%s: nothing but what may be shown, and nothing twice", terms[t]);
    }
    return done_testing();
}
