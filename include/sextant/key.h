/*
 * key.h - what a person does at the terminal, as values: keys, paste, mouse, resize.
 *
 * A key is a Unicode character or a named key, with modifiers. Letter case counts; Ctrl with a letter is lower case
 * ('x' with SX_MOD_CTRL is C-x). What terminals send alike is one key here: C-i is Tab, C-m and C-j are Enter, C-[ is
 * Esc, C-h is Backspace.
 *
 * text     the notation of the documentation and of key files: "x", "C-x", "M-x", "S-Left", "F5", "C-Space", "PgDn";
 *          sequences are joined by spaces: "g g", "C-w s"
 */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>

SX_BEGIN

enum { SX_MOD_SHIFT = 1, SX_MOD_ALT = 2, SX_MOD_CTRL = 4 };

/* Named keys lie above Unicode. */
typedef enum SxKeyName {
    SX_KEY_NONE = 0,
    SX_KEY_BASE = 0x110000,
    SX_KEY_ESC,
    SX_KEY_ENTER,
    SX_KEY_TAB,
    SX_KEY_BACKSPACE,
    SX_KEY_UP,
    SX_KEY_DOWN,
    SX_KEY_LEFT,
    SX_KEY_RIGHT,
    SX_KEY_HOME,
    SX_KEY_END,
    SX_KEY_PGUP,
    SX_KEY_PGDN,
    SX_KEY_INS,
    SX_KEY_DEL,
    SX_KEY_F1,
    SX_KEY_F12 = SX_KEY_F1 + 11,
    SX_KEY_UNKNOWN, /* a sequence that nobody knows, or a torn one: does nothing, says nothing */
} SxKeyName;

typedef struct SxKey {
    uint32_t code; /* a character or an SxKeyName */
    uint8_t mods;
} SxKey;

bool sx_key_parse(SxBytes text, SxKey *out, size_t *used, SxError *err); /* one key at the beginning of text */
size_t sx_key_print(char *buf, size_t size, SxKey key);                  /* as snprintf */
static inline bool
sx_key_is(SxKey k, uint32_t code, unsigned mods)
{
    return k.code == code && k.mods == mods;
}

typedef enum SxEventKind { SX_EVENT_NONE, SX_EVENT_KEY, SX_EVENT_PASTE, SX_EVENT_MOUSE, SX_EVENT_RESIZE, SX_EVENT_FOCUS } SxEventKind;
typedef enum SxMouseKind { SX_MOUSE_PRESS, SX_MOUSE_DRAG, SX_MOUSE_RELEASE, SX_MOUSE_WHEEL_UP, SX_MOUSE_WHEEL_DOWN } SxMouseKind;

typedef struct SxEvent {
    SxEventKind kind;
    SxKey key;       /* KEY; mouse: mods only */
    SxBytes paste;   /* PASTE: borrowed until the next event */
    SxMouseKind mouse;
    unsigned x, y;   /* MOUSE: cell; RESIZE: columns and rows; FOCUS: x is 1 when gained */
} SxEvent;

SX_END
