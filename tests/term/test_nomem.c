/*
 * test_nomem.c - themes, grids, painting and pasting with their first allocation failing, then their second, and so on.
 *
 * The linker puts the functions below in front of the allocator (--wrap). What fails says so, keeps what was there, and
 * leaks nothing; a frame that could not be painted is painted whole the next time.
 */
#include <unistd.h>

#include "support/tap.h"
#include "term/decode.h"
#include "term/paint.h"

static long countdown; /* the allocation that fails; 0: none */
static long blocks;
static bool failed;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static bool
fails_now(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    failed = true;
    return true;
}

static void *
counted(void *p)
{
    blocks += p != NULL;
    return p;
}

void *
__wrap_malloc(size_t n)
{
    return fails_now() ? NULL : counted(__real_malloc(n));
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : counted(__real_calloc(n, size));
}

void *
__wrap_realloc(void *p, size_t n)
{
    if (fails_now())
        return NULL;
    return p ? __real_realloc(p, n) : counted(__real_realloc(p, n));
}

void
__wrap_free(void *p)
{
    blocks -= p != NULL;
    __real_free(p);
}

typedef bool Attempt(void); /* true: done; false: refused, as it should */

/* With the n-th allocation failing, until none fails any more. */
static void
sweep(const char *what, Attempt *attempt)
{
    bool good = true, done = false;
    long n = 0;
    while (good && !(done && !failed)) {
        long before = blocks;
        countdown = ++n;
        failed = false;
        done = attempt();
        countdown = 0;
        good = blocks == before && (done || failed) && n < 1000;
    }
    ok(good, "%s, each of %ld allocations failing in turn", what, n - 1);
}

static bool
theme(void)
{
    SxTheme *t = NULL;
    SxError err = {.code = SX_OK};
    char *warnings = NULL;
    static const char text[] = "[style]\nmatch = red\nno such = thing\n";
    bool done = sx_theme_parse(&t, "test", sx_bytes(text, sizeof text - 1), &warnings, &err);
    bool sound = done || err.code == SX_ERR_NOMEM;
    sx_theme_free(t);
    free(warnings);
    return done && sound && !failed;
}

static bool
grid(void)
{
    SxGrid *g = sx_grid_new(10, 4);
    if (!g)
        return false;
    sx_grid_text(g, 0, 0, 10, "text", SX_STYLE(MATCH));
    bool done = sx_grid_resize(g, 5, 5);
    char *dump = sx_grid_dump(g, true);
    done = done && dump && g->width == 5;
    free(dump);
    sx_grid_free(g);
    return done;
}

static Caps caps;
static SxTheme *dark;
static SxGrid *shown;

static bool
painting(void)
{
    Painter p;
    painter_init(&p, &caps, SX_DEPTH_256, false);
    bool done = painter_paint(&p, shown, dark);
    if (!done) {
        long keep = countdown;
        countdown = 0;
        bool again = painter_paint(&p, shown, dark) && p.out.len > 24 * 72;
        countdown = keep;
        if (!again)
            diag("the next frame is not whole");
        failed = failed && again;
    }
    painter_clear(&p);
    return done;
}

static bool
pasting(void)
{
    Decoder d;
    SxEvent e = {.kind = SX_EVENT_NONE};
    static uint8_t bytes[3000];
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, "\033[200~", 6);
    memcpy(bytes + sizeof bytes - 6, "\033[201~", 6);
    decode_init(&d, &caps);
    decode_feed(&d, bytes, sizeof bytes, 1);
    bool came = decode_next(&d, 1, 25, &e);
    bool pasted = came && e.kind == SX_EVENT_PASTE && e.paste.len == sizeof bytes - 12;
    bool refused = came && e.kind == SX_EVENT_KEY && e.key.code == SX_KEY_UNKNOWN;
    decode_clear(&d);
    failed = failed && (pasted || refused);
    return pasted;
}

int
main(void)
{
    SxError err;
    setenv("TERM", "xterm-256color", 1);
    if (!caps_open(&caps, STDOUT_FILENO, &err) || !sx_theme_builtin(&dark, "dark", &err) || !(shown = sx_grid_new(80, 24)))
        abort();
    for (unsigned y = 0; y < 24; y++)
        sx_grid_text(shown, 0, y, 80, "a row of a screen, long enough to fill most of the width of the terminal",
                     SX_STYLE(MATCH));
    sweep("a theme", theme);
    sweep("a grid", grid);
    sweep("a frame", painting);
    sweep("a paste", pasting);
    sx_grid_free(shown);
    sx_theme_free(dark);
    caps_close();
    return done_testing();
}
