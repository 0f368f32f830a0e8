/*
 * caps.c - terminfo: the only place that speaks to curses, and only to its lower half.
 *
 * Painting is ours (paint.c), because curses cannot say 24-bit colours to a terminal described as having 256, writes in
 * several pieces, and moves more than it must. What a terminal is called and can do, curses knows best.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/bytes.h>

#include "term/caps.h"
#include "term/number.h"

#include <curses.h>
/* after curses.h, by its rules */
#include <term.h>
#undef columns
#undef lines

/* Some curses take char *, though none writes. Names of terminfo are short. */
typedef struct CapId {
    char name[16];
} CapId;

static CapId
cap_id(const char *name)
{
    CapId id = {""};
    for (size_t i = 0; name[i] && i < sizeof id.name - 1; i++)
        id.name[i] = name[i];
    return id;
}

static const char *
string_cap(const char *name)
{
    CapId id = cap_id(name);
    const char *s = tigetstr(id.name);
    return s == (const char *)-1 || !s ? "" : s;
}

static int
number_cap(const char *name)
{
    CapId id = cap_id(name);
    return tigetnum(id.name);
}

static bool
flag_cap(const char *name)
{
    CapId id = cap_id(name);
    return tigetflag(id.name) > 0;
}

/* Copy without $<5/> delays, which no terminal of today needs; returns the length. */
static size_t
copy_undelayed(char *out, size_t size, const char *s)
{
    size_t n = 0;
    while (*s && n + 1 < size) {
        const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;
        if (end)
            s = end + 1;
        else
            out[n++] = *s++;
    }
    out[n] = '\0';
    return n;
}

static const char *
keep(Caps *c, const char *s)
{
    char *at = c->store + c->stored;
    size_t room = CAPS_STORE - c->stored;
    if (strlen(s) >= room)
        return "";
    c->stored += copy_undelayed(at, room, s) + 1;
    return at;
}

static void
load_strings(Caps *c)
{
    static const char names[CAP_COUNT][8] = {
        [CAP_ENTER] = "smcup",     [CAP_LEAVE] = "rmcup",    [CAP_KEYPAD_ON] = "smkx", [CAP_KEYPAD_OFF] = "rmkx",
        [CAP_CLEAR] = "clear",     [CAP_ERASE_LINE] = "el",  [CAP_PLAIN] = "sgr0",     [CAP_BOLD] = "bold",
        [CAP_DIM] = "dim",         [CAP_ITALIC] = "sitm",    [CAP_UNDERLINE] = "smul", [CAP_REVERSE] = "rev",
        [CAP_BLINK] = "blink",     [CAP_HIDE] = "civis",     [CAP_SHOW] = "cnorm",
    };
    for (unsigned i = 0; i < CAP_COUNT; i++)
        c->strings[i] = keep(c, string_cap(names[i]));
}

static void
load_attributes(Caps *c)
{
    static const struct {
        CapName cap;
        unsigned attribute;
    } table[] = {
        {CAP_BOLD, SX_ATTR_BOLD},           {CAP_DIM, SX_ATTR_DIM},         {CAP_ITALIC, SX_ATTR_ITALIC},
        {CAP_UNDERLINE, SX_ATTR_UNDERLINE}, {CAP_REVERSE, SX_ATTR_REVERSE}, {CAP_BLINK, SX_ATTR_BLINK},
    };
    /* a magic cookie takes a cell of the screen: rather no attributes */
    if (number_cap("xmc") > 0)
        return;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (c->strings[table[i].cap][0])
            c->attributes |= table[i].attribute;
}

static SxColourDepth
colour_depth(void)
{
    int colours = number_cap("colors");
    if (colours >= 1 << 24 || flag_cap("RGB") || flag_cap("Tc"))
        return SX_DEPTH_TRUE;
    if (colours >= 256)
        return SX_DEPTH_256;
    if (colours >= 16)
        return SX_DEPTH_16;
    return colours >= 8 ? SX_DEPTH_8 : SX_DEPTH_MONO;
}

static bool
cap_begins(const char *name, const char *with)
{
    return strncmp(string_cap(name), with, strlen(with)) == 0;
}

bool
caps_variable(const char *name)
{
    const char *value = getenv(name);
    return value && value[0];
}

/* Terminals without one may print what they do not understand. */
static CapClipboard
clipboard(const Caps *c)
{
    static const char *const takers[] = {"xterm", "tmux", "rxvt", "foot", "alacritty", "kitty", "st-", "vte", "mintty"};
    if (strncmp(c->name, "screen", 6) == 0)
        return caps_variable("TMUX") ? CLIPBOARD_OSC : CLIPBOARD_SCREEN;
    if (string_cap("Ms")[0])
        return CLIPBOARD_OSC;
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
        if (strncmp(c->name, takers[i], strlen(takers[i])) == 0)
            return CLIPBOARD_OSC;
    return CLIPBOARD_NONE;
}

static void
load_abilities(Caps *c)
{
    c->depth = colour_depth();
    c->ansi = cap_begins("cup", "\033[%i%p1%d;%p2%dH") && cap_begins("cuf", "\033[%p1%dC") &&
              strstr(string_cap("sgr0"), "\033[");
    c->partial_off = cap_begins("rmul", "\033[24m");
    c->default_colour = cap_begins("op", "\033[39;49m");
    c->columns = cap_begins("hpa", "\033[%i%p1%dG");
    c->rows = cap_begins("vpa", "\033[%i%p1%dd");
    c->scroll = cap_begins("csr", "\033[%i%p1%d;%p2%dr") && cap_begins("ri", "\033M") && cap_begins("ind", "\n");
    c->erase_colour = flag_cap("bce");
    c->wraps = flag_cap("am") && !flag_cap("xenl");
    c->shape = cap_begins("Ss", "\033[%p1%d q");
    c->clipboard = clipboard(c);
    c->rxvt = strncmp(c->name, "rxvt", 4) == 0;
    c->console = strncmp(c->name, "linux", 5) == 0;
}

static void
add_key(Caps *c, const char *cap, uint32_t code, unsigned mods)
{
    const char *bytes = string_cap(cap);
    if (bytes[0] != '\033' || !bytes[1] || c->n_keys == CAPS_KEYS)
        return;
    c->keys[c->n_keys++] = (CapKey){bytes, {code, (uint8_t)mods}};
}

static void
load_plain_keys(Caps *c)
{
    static const struct {
        const char *cap;
        uint32_t code;
        unsigned mods;
    } table[] = {
        {"kcuu1", SX_KEY_UP, 0},    {"kcud1", SX_KEY_DOWN, 0}, {"kcub1", SX_KEY_LEFT, 0}, {"kcuf1", SX_KEY_RIGHT, 0},
        {"khome", SX_KEY_HOME, 0},  {"kend", SX_KEY_END, 0},   {"kpp", SX_KEY_PGUP, 0},   {"knp", SX_KEY_PGDN, 0},
        {"kich1", SX_KEY_INS, 0},   {"kdch1", SX_KEY_DEL, 0},  {"kbs", SX_KEY_BACKSPACE, 0},
        {"kent", SX_KEY_ENTER, 0},  {"ka1", SX_KEY_HOME, 0},   {"kc1", SX_KEY_END, 0},    {"ka3", SX_KEY_PGUP, 0},
        {"kc3", SX_KEY_PGDN, 0},    {"kcbt", SX_KEY_TAB, SX_MOD_SHIFT},
        {"kLFT", SX_KEY_LEFT, SX_MOD_SHIFT},  {"kRIT", SX_KEY_RIGHT, SX_MOD_SHIFT},
        {"kind", SX_KEY_DOWN, SX_MOD_SHIFT},  {"kri", SX_KEY_UP, SX_MOD_SHIFT},
        {"kHOM", SX_KEY_HOME, SX_MOD_SHIFT},  {"kEND", SX_KEY_END, SX_MOD_SHIFT},
        {"kIC", SX_KEY_INS, SX_MOD_SHIFT},    {"kDC", SX_KEY_DEL, SX_MOD_SHIFT},
        {"kNXT", SX_KEY_PGDN, SX_MOD_SHIFT},  {"kPRV", SX_KEY_PGUP, SX_MOD_SHIFT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        add_key(c, table[i].cap, table[i].code, table[i].mods);
    for (unsigned n = 1; n <= 24; n++) {
        char cap[8] = "kf";
        put_number(cap + 2, n);
        if (n <= 12)
            add_key(c, cap, SX_KEY_F1 + n - 1, 0);
        else if (!c->rxvt)
            add_key(c, cap, SX_KEY_F1 + n - 13, SX_MOD_SHIFT);
    }
}

/*
 * kUP5 and its like: an extension of terminfo, the digit is xterm's modifier. Where they are xterm's own, they are known
 * anyway, and asking for each takes longer than all else.
 */
static void
load_modified_keys(Caps *c)
{
    if (cap_begins("kUP5", "\033[1;5A"))
        return;
    static const struct {
        const char *stem;
        uint32_t code;
    } table[] = {
        {"kUP", SX_KEY_UP},   {"kDN", SX_KEY_DOWN},  {"kLFT", SX_KEY_LEFT}, {"kRIT", SX_KEY_RIGHT}, {"kHOM", SX_KEY_HOME},
        {"kEND", SX_KEY_END}, {"kNXT", SX_KEY_PGDN}, {"kPRV", SX_KEY_PGUP}, {"kIC", SX_KEY_INS},    {"kDC", SX_KEY_DEL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        for (unsigned digit = 2; digit <= 8; digit++) {
            char cap[8];
            snprintf(cap, sizeof cap, "%s%u", table[i].stem, digit);
            add_key(c, cap, table[i].code, digit - 1);
        }
    }
}

static bool
setup(Caps *c, const char *name, int fd)
{
    int status;
    char copy[sizeof c->name];
    if (!name || !name[0] || strlen(name) >= sizeof copy)
        return false;
    snprintf(copy, sizeof copy, "%s", name);
    if (setupterm(copy, fd, &status) != 0 || status != 1)
        return false;
    memcpy(c->name, copy, sizeof copy);
    return true;
}

static bool
setup_any(Caps *c, int fd, SxError *err)
{
    static const char *const fallbacks[] = {"xterm-256color", "xterm", "ansi", "vt100"};
    const char *term = getenv("TERM");
    if (setup(c, term, fd))
        return true;
    for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks; i++)
        if (setup(c, fallbacks[i], fd))
            return true;
    return sx_fail(err, SX_ERR_UNSUPPORTED, "no description of terminal '%s': install ncurses-term, or set TERM=xterm",
                   term ? term : "");
}

bool
caps_open(Caps *c, int fd, SxError *err)
{
    *c = (Caps){.stored = 0};
    if (!setup_any(c, fd, err))
        return false;
    if (!string_cap("cup")[0]) {
        char name[sizeof c->name];
        memcpy(name, c->name, sizeof name);
        caps_close();
        return sx_fail(err, SX_ERR_UNSUPPORTED,
                       "terminal '%s' cannot place its cursor, so there is no screen; -e COMMAND works without one",
                       name);
    }
    load_strings(c);
    load_attributes(c);
    load_abilities(c);
    load_plain_keys(c);
    load_modified_keys(c);
    return true;
}

void
caps_close(void)
{
    if (cur_term)
        del_curterm(cur_term);
}

/* tiparm's result lies in curses' own memory until its next call. */
static size_t
expand(char *buf, size_t size, const char *cap, int a, int b)
{
    const char *s = cap[0] ? tiparm(cap, a, b) : NULL;
    return s ? copy_undelayed(buf, size, s) : 0;
}

size_t
caps_move(const Caps *c, char *buf, size_t size, unsigned x, unsigned y)
{
    if (!c->ansi)
        return expand(buf, size, string_cap("cup"), (int)y, (int)x);
    char text[32] = "\033[";
    size_t n = 2;
    if (x || y)
        n += put_number(text + n, y + 1);
    if (x) {
        text[n++] = ';';
        n += put_number(text + n, x + 1);
    }
    text[n++] = 'H';
    n = n < size ? n : size;
    memcpy(buf, text, n);
    return n;
}

size_t
caps_colour(char *buf, size_t size, unsigned n, bool back)
{
    return expand(buf, size, string_cap(back ? "setab" : "setaf"), (int)n, 0);
}
