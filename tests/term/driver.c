/*
 * driver.c - a program that does to a real terminal what a test asks, and says on descriptor 3 what it did.
 *
 *     driver paint SEED FRAMES   random grids; after each one the cells that should be seen, then waits for a key
 *     driver page FILE STEPS     scrolls through a file as the hex view: "p" a page, "j" a row; grids as above
 *     driver keys ESC_MS         every event, one a line, until the key q
 *     driver copy LENGTH         puts that many bytes into the clipboard
 *     driver crash               paints, then runs into a SIGSEGV
 *     driver suspend             paints, stops itself, paints again, waits for a key
 *     driver loop ESC_MS         as keys, but waits on sx_term_fd alone
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sextant/source.h>
#include <sextant/term.h>
#include <sextant/text.h>
#include <sextant/view.h>

#include "support/tap.h"

static FILE *say;

static SxTerm *
open_term(void)
{
    SxTerm *t;
    SxError err;
    SxTermOptions o = {.colour = -1};
    say = fdopen(3, "w");
    if (!say || !sx_term_open(&t, &o, &err)) {
        fprintf(stderr, "%s\n", say ? err.text : "descriptor 3 is not open");
        exit(1);
    }
    return t;
}

static SxTheme *
open_theme(const char *name)
{
    SxTheme *theme;
    if (!sx_theme_builtin(&theme, name, NULL))
        abort();
    return theme;
}

/* --- paint --- */

static uint32_t
random_code(uint64_t *seed)
{
    static const uint32_t odd[] = {0xb7, 0x2588, 0x2502, 0x2026, 0xe9, 0x4e2d, 0xff21, 0x3a9, 0x20ac};
    uint64_t n = tap_random(seed);
    if (n % 16 == 0)
        return odd[n / 16 % (sizeof odd / sizeof *odd)];
    return n % 3 ? ' ' + (uint32_t)(n / 16 % 95) : ' ';
}

static SxStyles
random_styles(uint64_t *seed)
{
    uint64_t n = tap_random(seed);
    SxStyles s = UINT64_C(1) << n % SX_STYLE_COUNT;
    return n >> 32 & 3 ? s : s | UINT64_C(1) << (n >> 16) % SX_STYLE_COUNT;
}

static void
scribble(SxGrid *g, uint64_t *seed)
{
    unsigned y = (unsigned)(tap_random(seed) % g->height), x = (unsigned)(tap_random(seed) % g->width);
    unsigned n = 1 + (unsigned)(tap_random(seed) % 30);
    SxStyles styles = random_styles(seed);
    for (unsigned i = 0; i < n; i++) {
        if (tap_random(seed) % 8 == 0)
            styles = random_styles(seed);
        uint32_t code = random_code(seed);
        sx_grid_put(g, x + i, y, code, styles);
        /* emulators differ about accents on wide characters, and in the last column */
        if (code != 0x4e2d && code != 0xff21 && x + i + 1 < g->width && tap_random(seed) % 24 == 0)
            sx_grid_mark(g, x + i, y, 0x300 + (uint32_t)(tap_random(seed) % 8));
    }
}

/* What screens do: rows move, rows go blank, a few cells change. */
static void
shift_rows(SxGrid *g, uint64_t *seed)
{
    unsigned by = 1 + (unsigned)(tap_random(seed) % 3);
    if (g->height < by + 4)
        return;
    size_t row = g->width * sizeof *g->cells;
    SxCell *body = g->cells + g->width;
    if (tap_random(seed) & 1)
        memmove(body, body + by * g->width, (g->height - 2 - by) * row);
    else
        memmove(body + by * g->width, body, (g->height - 2 - by) * row);
}

static void
change(SxGrid *g, uint64_t *seed)
{
    switch (tap_random(seed) % 6) {
    case 0:
        shift_rows(g, seed);
        break;
    case 1:
        sx_grid_fill(g, (SxRect){(unsigned)(tap_random(seed) % g->width), (unsigned)(tap_random(seed) % g->height), 80, 3},
                     ' ', 0);
        break;
    case 2:
        sx_grid_clear(g);
        break;
    default:
        for (uint64_t n = tap_random(seed) % 40; n-- > 0;)
            scribble(g, seed);
    }
    sx_grid_cursor(g, (unsigned)(tap_random(seed) % g->width), (unsigned)(tap_random(seed) % g->height),
                   (SxCursorShape)(tap_random(seed) % 4));
}

static void
say_grid(const SxGrid *g, const SxTheme *theme, SxColourDepth depth)
{
    fprintf(say, "grid %u %u %u %u %u\n", g->width, g->height, g->cursor_x, g->cursor_y, g->cursor);
    for (size_t i = 0; i < (size_t)g->width * g->height; i++) {
        SxLook look = sx_theme_look(theme, sx_grid_styles(g, (unsigned)i % g->width, (unsigned)i / g->width), depth);
        const SxMarks *marks = sx_intern_at(&g->marks, g->cells[i].marks);
        fprintf(say, "%x %x %x %x %x\n", g->cells[i].code, look.fg, look.bg, look.attributes, marks->codes[0]);
    }
    fprintf(say, "end\n");
    fflush(say);
}

static bool
wait_key(SxTerm *t)
{
    for (;;) {
        SxEvent e = sx_term_event(t, -1, 25);
        if (e.kind == SX_EVENT_KEY)
            return true;
        if (sx_term_closed(t))
            return false;
    }
}

static void
paint(SxTerm *t, uint64_t seed, int frames)
{
    unsigned width, height;
    sx_term_size(t, &width, &height);
    SxGrid *g = sx_grid_new(width, height);
    SxTheme *theme = open_theme(sx_theme_builtin_name(seed % 5));
    for (int i = 0; i < frames; i++) {
        change(g, &seed);
        sx_term_paint(t, g, theme);
        say_grid(g, theme, sx_term_depth(t));
        if (!wait_key(t))
            break;
    }
    sx_grid_free(g);
    sx_theme_free(theme);
}

/* --- page --- */

/* Views ask a snapshot where bytes come from; here there is none. */
uint64_t
sx_snapshot_length(const SxSnapshot *s)
{
    (void)s;
    return 0;
}

void
sx_snapshot_origin(SxSnapshot *s, SxSpan span, uint8_t *flags, bool *gap_at_end)
{
    (void)s;
    memset(flags, 0, (size_t)span.len);
    if (gap_at_end)
        *gap_at_end = false;
}

static SxBytes
read_file(const char *path)
{
    enum { MOST = 1 << 20 };
    static uint8_t bytes[MOST];
    FILE *f = fopen(path, "rb");
    size_t len = f ? fread(bytes, 1, sizeof bytes, f) : 0;
    if (f)
        fclose(f);
    return sx_bytes(bytes, len);
}

static void
page(SxTerm *t, const char *path, const char *steps)
{
    unsigned width, height;
    sx_term_size(t, &width, &height);
    SxBytes bytes = read_file(path);
    SxSource *source = sx_source_memory(bytes, false);
    SxGrid *g = sx_grid_new(width, height);
    SxTheme *theme = open_theme("dark");
    SxTab tab = {.name = "firmware.bin"};
    SxHexLayout l;
    sx_hex_layout(&l, width, height, bytes.len, NULL);
    SxHexModel hex = {.source = source, .length = bytes.len};
    SxScreen screen = {.width = width, .height = height, .tabs = &tab, .n_tabs = 1, .encoding = "ascii",
                       .file_size = bytes.len, .hex = &hex};
    for (; *steps && hex.top < bytes.len; steps++) {
        hex.cursor = hex.top;
        screen.status = (SxStatus){.cursor = hex.cursor, .length = hex.length, .has_value = true,
                                   .value = bytes.data[hex.cursor]};
        sx_screen_draw(g, &screen);
        sx_term_paint(t, g, theme);
        say_grid(g, theme, sx_term_depth(t));
        if (!wait_key(t))
            break;
        hex.top += (uint64_t)l.columns * (*steps == 'p' ? l.rows : 1);
    }
    sx_grid_free(g);
    sx_theme_free(theme);
    sx_source_release(source);
}

static void
paint_word(SxTerm *t, const char *word)
{
    unsigned width, height;
    sx_term_size(t, &width, &height);
    SxGrid *g = sx_grid_new(width, height);
    SxTheme *theme = open_theme("dark");
    sx_grid_text(g, 0, 0, width, word, SX_STYLE(BADGE_THROUGH));
    sx_grid_cursor(g, 0, 0, SX_CURSOR_BAR);
    sx_term_paint(t, g, theme);
    sx_grid_free(g);
    sx_theme_free(theme);
}

/* --- keys --- */

static bool
say_event(const SxEvent *e)
{
    static const char *const mouse[] = {"press", "drag", "release", "wheel-up", "wheel-down"};
    char key[32];
    sx_key_print(key, sizeof key, e->key);
    switch (e->kind) {
    case SX_EVENT_KEY:
        fprintf(say, "key %s\n", key);
        break;
    case SX_EVENT_PASTE:
        fprintf(say, "paste %zu ", e->paste.len);
        for (size_t i = 0; i < e->paste.len && i < 200; i++)
            fprintf(say, "%02x", e->paste.data[i]);
        fprintf(say, "\n");
        break;
    case SX_EVENT_MOUSE:
        fprintf(say, "mouse %s %u %u %u\n", mouse[e->mouse], e->x, e->y, e->key.mods);
        break;
    case SX_EVENT_RESIZE:
        fprintf(say, "resize %u %u\n", e->x, e->y);
        break;
    case SX_EVENT_FOCUS:
        fprintf(say, "focus %u\n", e->x);
        break;
    case SX_EVENT_NONE:
        break;
    }
    fflush(say);
    return !(e->kind == SX_EVENT_KEY && sx_key_is(e->key, 'q', 0));
}

static void
keys(SxTerm *t, int esc_ms, bool by_fd)
{
    signal(SIGHUP, SIG_IGN); /* to see the end of the line by itself */
    fprintf(say, "ready\n");
    fflush(say);
    for (bool on = true; on && !sx_term_closed(t);) {
        struct pollfd p = {.fd = sx_term_fd(t), .events = POLLIN};
        if (by_fd && poll(&p, 1, -1) < 0 && errno != EINTR)
            break;
        SxEvent e = sx_term_event(t, by_fd ? 0 : -1, esc_ms);
        on = say_event(&e);
    }
    fprintf(say, sx_term_closed(t) ? "closed\n" : "done\n");
    fflush(say);
}

static void
copy(SxTerm *t, size_t len)
{
    SxError err = {.text = "copied"};
    uint8_t *bytes = malloc(len + 1);
    if (!bytes)
        abort();
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)i;
    sx_term_clipboard(t, sx_bytes(bytes, len), &err);
    fprintf(say, "%s\n", err.text);
    fflush(say);
    free(bytes);
    wait_key(t);
}

/* --- ways out --- */

static void
on_crash(int number)
{
    sx_term_rescue();
    signal(number, SIG_DFL);
    raise(number);
}

static void
crash(SxTerm *t)
{
    signal(SIGSEGV, on_crash);
    paint_word(t, "about to crash");
    raise(SIGSEGV);
}

static void
suspend(SxTerm *t)
{
    paint_word(t, "before");
    sx_term_suspend(t, "stopped; fg brings it back");
    paint_word(t, "after");
    fprintf(say, "again\n");
    fflush(say);
    wait_key(t);
}

int
main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    SxTerm *t = open_term();
    if (strcmp(what, "paint") == 0 && argc == 4)
        paint(t, strtoull(argv[2], NULL, 0), (int)strtol(argv[3], NULL, 0));
    else if (strcmp(what, "page") == 0 && argc == 4)
        page(t, argv[2], argv[3]);
    else if (strcmp(what, "keys") == 0 || strcmp(what, "loop") == 0)
        keys(t, argc > 2 ? (int)strtol(argv[2], NULL, 0) : 25, what[0] == 'l');
    else if (strcmp(what, "copy") == 0 && argc == 3)
        copy(t, strtoul(argv[2], NULL, 0));
    else if (strcmp(what, "crash") == 0)
        crash(t);
    else if (strcmp(what, "suspend") == 0)
        suspend(t);
    sx_term_close(t);
    fclose(say);
    return 0;
}
