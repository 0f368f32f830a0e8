/*
 * caps.h - what the terminal can do, out of terminfo. Private to term/.
 *
 * The only file that includes curses is caps.c: its names (move, clear, filter) are macros and would be everywhere.
 */
#pragma once

#include <sextant/error.h>
#include <sextant/key.h>
#include <sextant/style.h>

/* Strings without parameters, their delays taken out; "" where the terminal has none. */
typedef enum CapName {
    CAP_ENTER,     /* to the other screen, and back */
    CAP_LEAVE,
    CAP_KEYPAD_ON,
    CAP_KEYPAD_OFF,
    CAP_CLEAR,
    CAP_ERASE_LINE, /* from the cursor to the end of the row */
    CAP_PLAIN,      /* all attributes off */
    CAP_BOLD,
    CAP_DIM,
    CAP_ITALIC,
    CAP_UNDERLINE,
    CAP_REVERSE,
    CAP_BLINK,
    CAP_HIDE,
    CAP_SHOW,
    CAP_COUNT
} CapName;

enum { CAPS_STORE = 1024, CAPS_KEYS = 160 };

/* How text gets into the clipboard of the terminal: by OSC 52, the same in pieces that screen hands on, or not. */
typedef enum CapClipboard { CLIPBOARD_NONE, CLIPBOARD_OSC, CLIPBOARD_SCREEN } CapClipboard;

/* A sequence that this terminal sends for a key. */
typedef struct CapKey {
    const char *bytes;
    SxKey key;
} CapKey;

typedef struct Caps {
    char name[64];
    char store[CAPS_STORE]; /* the strings */
    size_t stored;
    const char *strings[CAP_COUNT];
    CapKey keys[CAPS_KEYS];
    size_t n_keys;
    SxColourDepth depth; /* by terminfo alone */
    unsigned attributes; /* SX_ATTR_ that it shows */
    bool ansi;           /* moves and attributes as in ECMA-48, so that they can be put together freely */
    bool partial_off;    /* single attributes can be switched off: 22, 24, 27 */
    bool default_colour; /* 39 and 49 */
    bool columns, rows;  /* CHA and VPA */
    bool scroll;         /* regions, index and reverse index */
    bool erase_colour;   /* erasing leaves the background of the pen */
    bool wraps;          /* writing the last column goes on in the next row at once */
    bool shape;          /* DECSCUSR */
    CapClipboard clipboard;
    bool rxvt, console;  /* rxvt, and Linux without a window: their keys differ */
} Caps;

/* Whether a variable of the environment says something. */
bool caps_variable(const char *name);

/* TERM, else the first that is known of xterm-256color, xterm, ansi, vt100. A terminal that cannot place its cursor is
 * refused with a sentence. */
bool caps_open(Caps *c, int fd, SxError *err);
void caps_close(void);
/* Place the cursor; writes at most `size` bytes, returns how many. */
size_t caps_move(const Caps *c, char *buf, size_t size, unsigned x, unsigned y);
/* Colour `n` of the palette, for terminals that are not `ansi`. */
size_t caps_colour(char *buf, size_t size, unsigned n, bool back);
