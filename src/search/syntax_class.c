/*
 * syntax_class.c - single characters of a regular expression: escapes, classes, both cases; as sets of bytes.
 *
 * In UTF-8 a class is exact only where all its members are ASCII; else it is "one character", 1 to 4 bytes.
 */
#include "search/syntax_private.h"

#include <sextant/text.h>

#include <string.h>

/* A set of characters: exact below 256 for bytes, below 128 for UTF-8. */
typedef struct Members {
    ByteSet set;
    bool others; /* UTF-8: characters beyond ASCII may belong to it */
} Members;

static Node *
any_character(Reader *r)
{
    Node *n = tree_node(r->tree, NODE_ANY);
    if (n) {
        n->min = 1;
        n->max = 4;
    }
    return n;
}

static Node *
members_node(Reader *r, const Members *m)
{
    return r->utf && m->others ? any_character(r) : tree_set(r->tree, m->set);
}

static bool
is_letter(uint32_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80;
}

static void
add_case(Reader *r, Members *m, uint32_t c)
{
    if (!r->nocase || !is_letter(c))
        return;
    set_add(&m->set, (uint8_t)(c ^ 0x20));
    uint32_t small = c | 0x20;
    m->others = m->others || small == 'k' || small == 's'; /* the Kelvin sign, the long s */
}

static void
add_one(Reader *r, Members *m, uint32_t c)
{
    if (r->utf && c >= 0x80) {
        m->others = true;
        if (r->nocase) { /* U+212A and U+017F fold to k and s */
            const char *fold = c == 0x212a ? "kK" : c == 0x17f ? "sS" : "";
            for (; *fold; fold++)
                set_add(&m->set, (uint8_t)*fold);
        }
        return;
    }
    set_add(&m->set, (uint8_t)c);
    add_case(r, m, c);
}

static void
add_range(Reader *r, Members *m, uint32_t first, uint32_t last)
{
    for (uint32_t c = first; c <= last && c < 0x100; c++)
        add_one(r, m, c);
    if (last < 0x100)
        return;
    add_one(r, m, 0x100);
    if (first <= 0x212a && last >= 0x212a)
        add_one(r, m, 0x212a);
    if (first <= 0x17f && last >= 0x17f)
        add_one(r, m, 0x17f);
}

Node *
read_character(Reader *r, uint32_t code)
{
    Members m = {.set = {{0}}};
    if (r->utf && code >= 0x80 && !r->nocase) {
        char bytes[4];
        return tree_bytes(r->tree, bytes, sx_utf8_encode(bytes, code));
    }
    add_one(r, &m, code);
    return members_node(r, &m);
}

/* --- \d \w and their like --------------------------------------------------------------------------------------------- */

static bool
class_members(char name, Members *m)
{
    ByteSet *s = &m->set;
    switch (name | 0x20) {
    case 'd':
        set_add_range(s, '0', '9');
        break;
    case 'w':
        set_add_range(s, '0', '9');
        set_add_range(s, 'A', 'Z');
        set_add_range(s, 'a', 'z');
        set_add(s, '_');
        break;
    case 's':
        set_add_range(s, '\t', '\r');
        set_add(s, ' ');
        break;
    case 'h':
        set_add(s, '\t');
        set_add(s, ' ');
        set_add(s, 0xa0);
        break;
    case 'v':
        set_add_range(s, '\n', '\r');
        set_add(s, 0x85);
        break;
    default:
        return false;
    }
    if (!(name & 0x20))
        set_invert(s);
    m->others = true;
    return true;
}

static const struct {
    const char *name;
    const char *ranges; /* pairs of first and last */
} posix[] = {
    {"alpha", "AZaz"},   {"lower", "az"},           {"upper", "AZ"},       {"alnum", "09AZaz"}, {"ascii", ""},
    {"blank", "\t\t  "}, {"cntrl", "\1\37\177\177"}, {"digit", "09"},       {"graph", "!~"},     {"print", " ~"},
    {"punct", "!/:@[`{~"}, {"space", "\t\r  "},     {"word", "09AZaz__"},  {"xdigit", "09AFaf"},
};

/* "[:name:]" at the lexer, which stands behind "[:". Case folding makes lower and upper the same. */
static bool
take_posix(Reader *r, Members *m)
{
    bool invert = lex_take(&r->x, '^');
    SxBytes name = lex_word(&r->x);
    Members one = {.others = true};
    for (size_t i = 0; i < sizeof posix / sizeof *posix; i++) {
        if (!lex_is(name, posix[i].name))
            continue;
        for (const char *p = posix[i].ranges; *p; p += 2)
            add_range(r, &one, (uint8_t)p[0], (uint8_t)p[1]);
        if (lex_is(name, "ascii"))
            set_add_range(&one.set, 0, 0x7f);
        if (lex_is(name, "cntrl"))
            set_add(&one.set, 0);
        if (invert)
            set_invert(&one.set);
        set_union(&m->set, &one.set);
        m->others = true;
        r->x.at += name.len + 2;
        return true;
    }
    return false;
}

/* --- escapes ---------------------------------------------------------------------------------------------------------- */

/* Digits of a number in braces or a row of at most `max`. */
static bool
take_digits(Reader *r, unsigned base, size_t max, uint32_t *code)
{
    *code = 0;
    for (size_t i = 0; i < max; i++, r->x.at++) {
        int d = hex_digit(lex_peek(&r->x, 0));
        if (d < 0 || (unsigned)d >= base)
            break;
        *code = *code * base + (unsigned)d;
    }
    return true;
}

static bool
take_braced(Reader *r, unsigned base, uint32_t *code)
{
    r->x.at++;
    take_digits(r, base, 12, code);
    return lex_take(&r->x, '}');
}

/* An escape that stands for one character; the lexer is behind the backslash and moves only when it is one. */
static bool
take_character(Reader *r, uint32_t *code)
{
    static const char from[] = "aefnrt", to[] = "\a\033\f\n\r\t";
    Lexer *x = &r->x;
    int c = lex_peek(x, 0);
    if (c < 0)
        return false;
    const char *known = memchr(from, c, sizeof from - 1);
    bool word = is_letter((uint32_t)c) || (c >= '0' && c <= '9');
    if (known) {
        *code = (uint8_t)to[known - from];
    } else if (c == 'c') {
        int k = lex_peek(x, 1);
        *code = (uint32_t)((k >= 'a' && k <= 'z' ? k - 0x20 : k) ^ 0x40) & 0xff;
        x->at++;
    } else if (c == '0') {
        x->at++;
        return take_digits(r, 8, 2, code);
    } else if (c == 'x' || c == 'o') {
        x->at++;
        if (lex_peek(x, 0) == '{')
            return take_braced(r, c == 'x' ? 16 : 8, code);
        return c == 'x' && take_digits(r, 16, 2, code);
    } else if (word) {
        return false;
    } else if (c < 0x80) {
        *code = (uint32_t)c;
    } else {
        return false;
    }
    x->at++;
    return true;
}

Node *
read_escape(Reader *r)
{
    uint32_t code;
    Members m = {.set = {{0}}};
    int c = lex_peek(&r->x, 0);
    if (c > 0 && class_members((char)c, &m)) {
        r->x.at++;
        return members_node(r, &m);
    }
    return take_character(r, &code) ? read_character(r, code) : give_up(r);
}

/* --- classes ---------------------------------------------------------------------------------------------------------- */

/* One member of a class or the end of a range. `set`: it was a class of its own, already in `m`. */
static bool
take_member(Reader *r, Members *m, uint32_t *code, bool *set)
{
    Lexer *x = &r->x;
    int c = lex_peek(x, 0);
    *set = false;
    if (c < 0)
        return false;
    if (c == '\\') {
        x->at++;
        c = lex_peek(x, 0);
        Members one = {.set = {{0}}};
        if (c > 0 && class_members((char)c, &one)) {
            set_union(&m->set, &one.set);
            m->others = *set = true;
            x->at++;
            return true;
        }
        if (c == 'b') {
            *code = '\b';
            x->at++;
            return true;
        }
        /* octal with up to three digits in classes, \Q, \N{...}, properties: rare enough to pass */
        return c != '0' && take_character(r, code);
    }
    if (c == '[' && (lex_peek(x, 1) == ':' || lex_peek(x, 1) == '.' || lex_peek(x, 1) == '=')) {
        x->at += 2;
        *set = true;
        return take_posix(r, m);
    }
    size_t n = 1;
    *code = (uint32_t)c;
    if (r->utf)
        n = sx_utf8_decode(sx_bytes(x->text.data + x->at, x->text.len - x->at), code);
    x->at += n;
    return true;
}

static bool
take_members(Reader *r, Members *m)
{
    Lexer *x = &r->x;
    bool first = true;
    while (first || lex_peek(x, 0) != ']') {
        uint32_t low = 0, high = 0;
        bool set, end_set;
        first = false;
        if (!take_member(r, m, &low, &set))
            return false;
        if (set)
            continue;
        high = low;
        if (lex_peek(x, 0) == '-' && lex_peek(x, 1) != ']') {
            x->at++;
            if (!take_member(r, m, &high, &end_set))
                return false;
            if (end_set) { /* "a-\d": the hyphen is a member */
                add_one(r, m, '-');
                high = low;
            }
        }
        add_range(r, m, low, high);
    }
    x->at++;
    return true;
}

Node *
read_class(Reader *r)
{
    Members m = {.set = {{0}}};
    bool invert = lex_take(&r->x, '^');
    if (!take_members(r, &m))
        return give_up(r);
    if (invert) {
        set_invert(&m.set);
        m.others = true;
    }
    return members_node(r, &m);
}

Node *
read_dot(Reader *r)
{
    ByteSet s = set_one('\n');
    set_invert(&s);
    if (r->utf)
        return any_character(r);
    return tree_set(r->tree, r->dotall ? set_all() : s);
}
