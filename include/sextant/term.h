/*
 * term.h - the terminal: paints grids, turns input into events. The only home of curses.
 *
 * threads    one thread, but sx_term_rescue, which a signal handler may call
 * modes      raw: no signals from keys, no flow control; bracketed paste, focus, mouse (SGR), synchronized output,
 *            cursor shape; all put back by sx_term_close, sx_term_suspend and sx_term_rescue
 */
#pragma once

#include <sextant/grid.h>
#include <sextant/key.h>
#include <sextant/style.h>

SX_BEGIN

typedef struct SxTerm SxTerm;

typedef struct SxTermOptions {
    int colour;      /* -1: auto (NO_COLOR, COLORTERM, terminfo), else an SxColourDepth */
    bool no_mouse;
    bool ascii;      /* the locale cannot show more */
} SxTermOptions;

/* Take the terminal: stdin and stdout, or /dev/tty when stdin is not one. Falls back through known terminal names. */
bool sx_term_open(SxTerm **out, const SxTermOptions *o, SxError *err);
void sx_term_close(SxTerm *t);
void sx_term_size(SxTerm *t, unsigned *width, unsigned *height);
SxColourDepth sx_term_depth(const SxTerm *t);
bool sx_term_ascii(const SxTerm *t); /* only ASCII can be shown */
void sx_term_mouse(SxTerm *t, bool on);
/* The descriptor to poll for input. */
int sx_term_fd(const SxTerm *t);

/*
 * The next event, waiting at most `timeout_ms` (-1: for ever, 0: not). NONE on time-out. A lone Esc is told from Alt
 * and from torn sequences by time: esc_ms is how long it waits for what may follow (25 usually, 500 where Esc has
 * nothing to take off). Torn escape sequences come as SX_KEY_UNKNOWN, never as their parts.
 */
SxEvent sx_term_event(SxTerm *t, int timeout_ms, int esc_ms);
bool sx_term_closed(const SxTerm *t); /* hung up or end of input */

/* Paint the difference between what is there and `grid`. Bytes go out in one write. */
bool sx_term_paint(SxTerm *t, const SxGrid *grid, const SxTheme *theme);
void sx_term_redraw(SxTerm *t); /* the next paint is whole */
/* Put the text into the clipboard of the terminal (OSC 52), at most 74994 bytes of base64. */
bool sx_term_clipboard(SxTerm *t, SxBytes text, SxError *err);

/* Give the terminal back and stop the process (SIGTSTP); returns after `fg`. `text` is left on the shell's screen. */
void sx_term_suspend(SxTerm *t, const char *text);

/* Restore the terminal from a signal handler: write(2) and tcsetattr only. Works on the terminal that is open. */
void sx_term_rescue(void);

/* The library behind it, for people: "ncurses 6.4.20221231"; buf of 64. Returns buf. */
const char *sx_term_library(char *buf, size_t size);

SX_END
