/*
 * sequence.c - what terminals send for keys, as tables.
 *
 * xterm: CSI 1;m A and CSI n;m ~, where m - 1 is a set of modifiers; SS3 in keypad mode. rxvt: CSI n with the finals
 * ~ ^ $ @ and small letters for arrows. Linux: CSI [ A to E. kitty: CSI code;m u.
 */
#include <stdlib.h>
#include <string.h>

#include "term/sequence.h"

enum { PARAMS_MAX = 8, NUMBER_MAX = 0x110000 };

typedef struct Parsed {
    unsigned params[PARAMS_MAX];
    unsigned count;
    char prefix; /* '<', '?', '>', '=' or 0 */
    char final;
} Parsed;

typedef struct Final {
    char final;
    uint32_t code;
    unsigned mods;
} Final;

static const SxKey unknown = {SX_KEY_UNKNOWN, 0};

static const Final letters[] = {
    {'A', SX_KEY_UP, 0},       {'B', SX_KEY_DOWN, 0},     {'C', SX_KEY_RIGHT, 0},  {'D', SX_KEY_LEFT, 0},
    {'H', SX_KEY_HOME, 0},     {'F', SX_KEY_END, 0},      {'P', SX_KEY_F1, 0},     {'Q', SX_KEY_F1 + 1, 0},
    {'R', SX_KEY_F1 + 2, 0},   {'S', SX_KEY_F1 + 3, 0},   {'Z', SX_KEY_TAB, SX_MOD_SHIFT},
    {'a', SX_KEY_UP, SX_MOD_SHIFT},    {'b', SX_KEY_DOWN, SX_MOD_SHIFT},
    {'c', SX_KEY_RIGHT, SX_MOD_SHIFT}, {'d', SX_KEY_LEFT, SX_MOD_SHIFT},
};

/* SS3: arrows and F keys, rxvt's control arrows, and the keypad, whose keys are the characters printed on them. */
static const Final keypad[] = {
    {'A', SX_KEY_UP, 0},     {'B', SX_KEY_DOWN, 0},   {'C', SX_KEY_RIGHT, 0},  {'D', SX_KEY_LEFT, 0},
    {'H', SX_KEY_HOME, 0},   {'F', SX_KEY_END, 0},    {'P', SX_KEY_F1, 0},     {'Q', SX_KEY_F1 + 1, 0},
    {'R', SX_KEY_F1 + 2, 0}, {'S', SX_KEY_F1 + 3, 0}, {'M', SX_KEY_ENTER, 0},  {'I', SX_KEY_TAB, 0},
    {'a', SX_KEY_UP, SX_MOD_CTRL},    {'b', SX_KEY_DOWN, SX_MOD_CTRL},
    {'c', SX_KEY_RIGHT, SX_MOD_CTRL}, {'d', SX_KEY_LEFT, SX_MOD_CTRL},
    {'j', '*', 0}, {'k', '+', 0}, {'l', ',', 0}, {'m', '-', 0}, {'n', '.', 0}, {'o', '/', 0}, {'X', '=', 0},
    {'p', '0', 0}, {'q', '1', 0}, {'r', '2', 0}, {'s', '3', 0}, {'t', '4', 0}, {'u', '5', 0}, {'v', '6', 0},
    {'w', '7', 0}, {'x', '8', 0}, {'y', '9', 0}, {' ', ' ', 0},
};

/* CSI n ~ */
static const struct {
    unsigned number;
    uint32_t code;
    unsigned mods;
} numbers[] = {
    {1, SX_KEY_HOME, 0},   {2, SX_KEY_INS, 0},   {3, SX_KEY_DEL, 0},   {4, SX_KEY_END, 0},
    {5, SX_KEY_PGUP, 0},   {6, SX_KEY_PGDN, 0},  {7, SX_KEY_HOME, 0},  {8, SX_KEY_END, 0},
    {11, SX_KEY_F1, 0},    {12, SX_KEY_F1 + 1, 0}, {13, SX_KEY_F1 + 2, 0}, {14, SX_KEY_F1 + 3, 0},
    {15, SX_KEY_F1 + 4, 0}, {17, SX_KEY_F1 + 5, 0}, {18, SX_KEY_F1 + 6, 0}, {19, SX_KEY_F1 + 7, 0},
    {20, SX_KEY_F1 + 8, 0}, {21, SX_KEY_F1 + 9, 0}, {23, SX_KEY_F1 + 10, 0}, {24, SX_KEY_F1 + 11, 0},
};

/* F13 and on are Shift with F1 and on; rxvt begins two further, since its F11 and F12 may be Shift too. */
static const unsigned shifted[] = {25, 26, 28, 29, 31, 32, 33, 34};

static unsigned
mods_of(unsigned param)
{
    unsigned bits = param ? param - 1 : 0;
    unsigned mods = bits & (SX_MOD_SHIFT | SX_MOD_ALT | SX_MOD_CTRL);
    return bits & 8 ? mods | SX_MOD_ALT : mods; /* Meta is Alt */
}

static SxKey
key_with(uint32_t code, unsigned mods)
{
    return (SxKey){code, (uint8_t)mods};
}

/* Numbers separated by ';'; what follows ':' says more of the same parameter and is passed over. */
static bool
parse(const char *bytes, size_t len, Parsed *out)
{
    *out = (Parsed){.final = bytes[len - 1]};
    size_t i = 2;
    if (i < len - 1 && strchr("<=>?", bytes[i]))
        out->prefix = bytes[i++];
    bool sub = false;
    for (; i < len - 1; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == ';') {
            sub = false;
            if (out->count + 1 < PARAMS_MAX)
                out->count++;
        } else if (c == ':') {
            sub = true;
        } else if (c >= '0' && c <= '9') {
            unsigned *p = &out->params[out->count];
            if (!sub && *p < NUMBER_MAX)
                *p = *p * 10 + (c - '0');
        } else {
            return false;
        }
    }
    out->count++;
    return true;
}

static bool
find_final(const Final *table, size_t count, char final, SxKey *out)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].final == final)
            return *out = key_with(table[i].code, table[i].mods), true;
    return false;
}

static SxKey
numbered(const Caps *c, unsigned number, unsigned mods)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].number == number)
            return key_with(numbers[i].code, numbers[i].mods | mods);
    for (unsigned i = 0; i < sizeof shifted / sizeof *shifted; i++)
        if (shifted[i] == number)
            return key_with(SX_KEY_F1 + i + (c->rxvt ? 2 : 0), SX_MOD_SHIFT | mods);
    return unknown;
}

/* A character's code with modifiers, as kitty and xterm's modifyOtherKeys send it. */
static SxKey
coded(unsigned code, unsigned mods)
{
    static const struct {
        unsigned from;
        uint32_t to;
    } table[] = {
        {27, SX_KEY_ESC}, {13, SX_KEY_ENTER}, {9, SX_KEY_TAB}, {127, SX_KEY_BACKSPACE}, {8, SX_KEY_BACKSPACE},
        {57414, SX_KEY_ENTER}, {57417, SX_KEY_LEFT}, {57418, SX_KEY_RIGHT}, {57419, SX_KEY_UP}, {57420, SX_KEY_DOWN},
        {57421, SX_KEY_PGUP}, {57422, SX_KEY_PGDN}, {57423, SX_KEY_HOME}, {57424, SX_KEY_END}, {57425, SX_KEY_INS},
        {57426, SX_KEY_DEL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].from == code)
            return key_with(table[i].to, mods);
    /* the private area names keys that mean nothing here: Caps Lock, media, modifiers alone */
    if (code < ' ' || code >= 0x110000 || (code >= 0xd800 && code < 0xe000) || (code >= 57344 && code < 63744))
        return unknown;
    if (mods & SX_MOD_CTRL && code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    if (mods & SX_MOD_SHIFT && code >= 'a' && code <= 'z' && !(mods & SX_MOD_CTRL))
        code -= 'a' - 'A';
    return key_with(code, mods & ~(unsigned)SX_MOD_SHIFT);
}

/* rxvt says modifiers by the final: ^ control, $ shift, @ both. */
static SxKey
tilde_key(const Caps *c, const Parsed *p)
{
    unsigned mods = mods_of(p->params[1]);
    if (p->final == '^' || p->final == '@')
        mods |= SX_MOD_CTRL;
    if (p->final == '$' || p->final == '@')
        mods |= SX_MOD_SHIFT;
    if (p->params[0] == 27 && p->count >= 3)
        return coded(p->params[2], mods_of(p->params[1]));
    return numbered(c, p->params[0], mods);
}

static SxKey
csi_key(const Caps *c, const Parsed *p)
{
    SxKey key;
    if (p->prefix)
        return unknown;
    if (strchr("~^$@", p->final))
        return tilde_key(c, p);
    if (p->final == 'u')
        return coded(p->params[0], mods_of(p->params[1]));
    /* CSI row;column R is an answer, not F3 */
    if (p->params[0] > 1 || !find_final(letters, sizeof letters / sizeof *letters, p->final, &key))
        return unknown;
    key.mods |= (uint8_t)mods_of(p->params[1]);
    return key;
}

/* ESC O A; older terminals put the modifier between: ESC O 5 A, ESC O 1 ; 5 A. */
static SxKey
ss3_key(const Parsed *p)
{
    SxKey key;
    if (!find_final(keypad, sizeof keypad / sizeof *keypad, p->final, &key))
        return unknown;
    key.mods |= (uint8_t)mods_of(p->count > 1 ? p->params[1] : p->params[0]);
    return key;
}

static SxKey
linux_function(char final)
{
    return final >= 'A' && final <= 'E' ? key_with(SX_KEY_F1 + (uint32_t)(final - 'A'), 0) : unknown;
}

SxKey
sequence_key(const Caps *c, const char *bytes, size_t len)
{
    Parsed p;
    for (size_t i = 0; i < c->n_keys; i++)
        if (strlen(c->keys[i].bytes) == len && memcmp(c->keys[i].bytes, bytes, len) == 0)
            return c->keys[i].key;
    if (len < 3)
        return unknown;
    if (len == 4 && bytes[1] == '[' && bytes[2] == '[')
        return linux_function(bytes[3]);
    if (!parse(bytes, len, &p))
        return unknown;
    return bytes[1] == 'O' ? ss3_key(&p) : csi_key(c, &p);
}

static bool
mouse_button(unsigned button, bool release, SxEvent *out)
{
    enum { MOTION = 32, WHEEL = 64, EXTRA = 128, BUTTONS = 3 };
    unsigned which = button & BUTTONS;
    out->kind = SX_EVENT_MOUSE;
    out->key = key_with(SX_KEY_NONE, (button & 4 ? SX_MOD_SHIFT : 0u) | (button & 8 ? SX_MOD_ALT : 0u) |
                                         (button & 16 ? SX_MOD_CTRL : 0u));
    if (button & EXTRA)
        return false;
    if (button & WHEEL) {
        out->mouse = which ? SX_MOUSE_WHEEL_DOWN : SX_MOUSE_WHEEL_UP;
        return which < 2;
    }
    out->mouse = button & MOTION ? SX_MOUSE_DRAG : release ? SX_MOUSE_RELEASE : SX_MOUSE_PRESS;
    return which == 0;
}

bool
sequence_mouse(const char *bytes, size_t len, SxEvent *out)
{
    Parsed p;
    if (!parse(bytes, len, &p) || p.prefix != '<' || p.count != 3 || !p.params[1] || !p.params[2])
        return false;
    *out = (SxEvent){.x = p.params[1] - 1, .y = p.params[2] - 1};
    return mouse_button(p.params[0], p.final == 'm', out);
}

/* Every value has 32 added; a release does not say of which button: 3. */
bool
sequence_mouse_old(const uint8_t bytes[3], SxEvent *out)
{
    if (bytes[0] < 32 || bytes[1] < 33 || bytes[2] < 33)
        return false;
    unsigned button = bytes[0] - 32u;
    bool release = (button & 3) == 3 && !(button & 64);
    *out = (SxEvent){.x = bytes[1] - 33u, .y = bytes[2] - 33u};
    return mouse_button(release ? button & ~3u & ~32u : button, release, out);
}
