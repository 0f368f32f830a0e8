/*
 * syntax.c - the structure of a regular expression: groups, alternatives, repeats, assertions, switches.
 */
#include "search/syntax_private.h"

#include <sextant/search.h>
#include <sextant/text.h>

#include <string.h>

enum { DEPTH_MAX = 100, LOOK_AHEAD = 4 }; /* \b and $ look at one character beyond their place */

static Node *read_alternatives(Reader *r);

static bool
next_is(const Reader *r, const char *s)
{
    for (size_t i = 0; s[i]; i++)
        if (lex_peek(&r->x, i) != (unsigned char)s[i])
            return false;
    return true;
}

static bool
take(Reader *r, const char *s)
{
    if (!next_is(r, s))
        return false;
    r->x.at += strlen(s);
    return true;
}

static Node *
look(Reader *r, uint64_t ahead)
{
    Node *n = tree_node(r->tree, NODE_LOOK);
    if (n)
        n->ahead = ahead;
    return n;
}

/* Any number of bytes, of which nothing is known: references to groups, recursion. */
static Node *
anything(Reader *r, uint64_t min)
{
    Node *n = tree_node(r->tree, NODE_ANY);
    if (n) {
        n->min = min;
        n->max = LENGTH_MAX;
    }
    return n;
}

/* --- groups ------------------------------------------------------------------------------------------------------------ */

static uint64_t
plus(uint64_t a, uint64_t b)
{
    return b > LENGTH_MAX - a ? LENGTH_MAX : a + b;
}

/* The inside of a group and its ")"; switches set inside end with it. */
static Node *
read_inside(Reader *r)
{
    bool nocase = r->nocase, dotall = r->dotall, extended = r->extended;
    if (r->depth == DEPTH_MAX)
        return give_up(r);
    r->depth++;
    Node *n = read_alternatives(r);
    r->depth--;
    r->nocase = nocase;
    r->dotall = dotall;
    r->extended = extended;
    return n && lex_take(&r->x, ')') ? n : give_up(r);
}

static Node *
read_look(Reader *r, bool behind)
{
    Node *n = read_inside(r);
    if (!n)
        return NULL;
    Lengths l = node_lengths(n);
    if (!behind)
        return look(r, plus(l.max, l.ahead));
    r->out->behind = plus(r->out->behind, plus(l.max, LOOK_AHEAD));
    return look(r, l.ahead);
}

/* Switches: (?i) for the rest of the group around, (?i:...) for one of its own. */
static Node *
read_switches(Reader *r)
{
    bool on = true;
    Reader before = *r;
    for (;;) {
        int c = lex_peek(&r->x, 0);
        r->x.at++;
        if (c == '^')
            r->nocase = r->dotall = r->extended = false;
        else if (c == '-')
            on = false;
        else if (c == 'i')
            r->nocase = on;
        else if (c == 's')
            r->dotall = on;
        else if (c == 'x' && lex_peek(&r->x, 0) != 'x')
            r->extended = on;
        else if (c == ')')
            return look(r, 0);
        else if (c == ':')
            break;
        else if (c != 'm' && c != 'n' && c != 'J' && c != 'U')
            return give_up(r);
    }
    Node *n = read_inside(r);
    r->nocase = before.nocase;
    r->dotall = before.dotall;
    r->extended = before.extended;
    return n;
}

/* Behind a name up to `end`, which is skipped. */
static bool
skip_to(Reader *r, char end)
{
    while (lex_peek(&r->x, 0) >= 0)
        if (r->x.text.data[r->x.at++] == (uint8_t)end)
            return true;
    return false;
}

static Node *
reference(Reader *r, char end)
{
    return skip_to(r, end) ? anything(r, 0) : give_up(r);
}

static Node *
recursion(Reader *r, char end)
{
    r->out->recurses = true;
    return reference(r, end);
}

/* (*VERB) and (*name:...). */
static Node *
read_verb(Reader *r)
{
    size_t at = r->x.at - 2;
    static const char *const local[] = {"FAIL)", "F)", "PRUNE)", "THEN)"};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        if (take(r, local[i]))
            return look(r, 0);
    if (next_is(r, "COMMIT") || next_is(r, "SKIP"))
        r->out->verb = at;
    return give_up(r);
}

static Node *
read_group(Reader *r)
{
    if (take(r, "*"))
        return read_verb(r);
    if (!take(r, "?"))
        return read_inside(r);
    r->out->odd_start = r->out->odd_start || next_is(r, ">") || next_is(r, "=");
    if (take(r, ":") || take(r, "|") || take(r, ">"))
        return read_inside(r);
    if (take(r, "=") || take(r, "!"))
        return read_look(r, false);
    if (take(r, "<=") || take(r, "<!"))
        return read_look(r, true);
    if (next_is(r, "<*"))
        return give_up(r);
    if (take(r, "P="))
        return reference(r, ')');
    if (take(r, "P>") || take(r, "&"))
        return recursion(r, ')');
    if (take(r, "P<") || take(r, "<"))
        return skip_to(r, '>') ? read_inside(r) : give_up(r);
    if (take(r, "'"))
        return skip_to(r, '\'') ? read_inside(r) : give_up(r);
    int c = lex_peek(&r->x, 0), d = lex_peek(&r->x, 1);
    if (c == 'R' || (c >= '0' && c <= '9') || c == '+' || (c == '-' && d >= '0' && d <= '9'))
        return recursion(r, ')');
    if (c == '(' || c == 'C' || c == '*' || c == '<')
        return give_up(r);
    return read_switches(r);
}

/* --- single items ------------------------------------------------------------------------------------------------------ */

static Node *
read_backslash(Reader *r)
{
    Lexer *x = &r->x;
    int c = lex_peek(x, 0), d = lex_peek(x, 1);
    Syntax *out = r->out;
    switch (c) {
    case 'A':
    case 'B':
    case 'Z':
    case 'b':
    case 'z':
        x->at++;
        return look(r, LOOK_AHEAD);
    case 'G':
        if (out->starts == SYNTAX_STARTS_MAX)
            return give_up(r);
        out->start[out->starts++] = x->at - 1;
        x->at++;
        return look(r, 0);
    case 'K':
        x->at++;
        out->keeps = true;
        return look(r, 0);
    case 'N':
        if (d == '{')
            return give_up(r);
        x->at++;
        r->dotall = false;
        return read_dot(r);
    case 'R': {
        ByteSet s = {{0}};
        set_add_range(&s, '\n', '\r');
        set_add(&s, 0x85);
        set_add(&s, 0xe2); /* U+2028, U+2029 in UTF-8, behind \xc2\x85 */
        set_add(&s, 0xc2);
        x->at++;
        Node *n = tree_node(r->tree, NODE_CAT), *rest = anything(r, 0);
        if (!n || !rest)
            return NULL;
        rest->max = 2;
        rest->ahead = 1; /* the \n behind a \r */
        node_append(n, tree_set(r->tree, s));
        node_append(n, rest);
        return n;
    }
    case 'X':
        x->at++;
        return anything(r, 1);
    case 'g':
    case 'k':
        x->at += 2;
        if (d == '{')
            return reference(r, '}');
        if (d != '<' && d != '\'')
            return give_up(r);
        r->out->recurses = r->out->recurses || c == 'g'; /* \k<name> is a reference */
        return reference(r, d == '<' ? '>' : '\'');
    case 'p':
    case 'P':
        return give_up(r);
    default:
        break;
    }
    if (c >= '1' && c <= '9') {
        x->at++;
        return d >= '0' && d <= '9' ? give_up(r) : anything(r, 0);
    }
    return read_escape(r);
}

static Node *
read_literal(Reader *r)
{
    uint32_t code = r->x.text.data[r->x.at];
    size_t n = 1;
    if (r->utf)
        n = sx_utf8_decode(sx_bytes(r->x.text.data + r->x.at, r->x.text.len - r->x.at), &code);
    r->x.at += n;
    return read_character(r, code);
}

static Node *
read_atom(Reader *r)
{
    Lexer *x = &r->x;
    if (r->quoted)
        return read_literal(r);
    bool dotall = r->dotall;
    switch (lex_peek(x, 0)) {
    case '\\': {
        x->at++;
        Node *n = read_backslash(r);
        r->dotall = dotall;
        return n;
    }
    case '[':
        x->at++;
        if (next_is(r, "[:<:]]") || next_is(r, "[:>:]]"))
            return give_up(r);
        return read_class(r);
    case '(':
        x->at++;
        return read_group(r);
    case '.':
        x->at++;
        return read_dot(r);
    case '^':
    case '$':
        x->at++;
        return look(r, LOOK_AHEAD);
    default:
        return read_literal(r);
    }
}

/* --- repeats ------------------------------------------------------------------------------------------------------------ */

/* {2} {2,} {2,3}; anything else that begins so is literal, or a form of a later PCRE2. */
static bool
take_braces(Reader *r, uint64_t *min, uint64_t *max)
{
    Reader at = *r;
    uint64_t a, b = LENGTH_MAX;
    at.x.err = NULL;
    at.x.at++;
    int c = lex_peek(&at.x, 0);
    if (c == ',' || c == ' ') {
        r->unknown = true;
        return false;
    }
    if (c < '0' || c > '9' || !lex_number(&at.x, &a))
        return false;
    bool comma = lex_take(&at.x, ',');
    c = lex_peek(&at.x, 0);
    if (comma && c != '}' && (c < '0' || c > '9' || !lex_number(&at.x, &b))) {
        r->unknown = r->unknown || c == ' ';
        return false;
    }
    if (!lex_take(&at.x, '}'))
        return false;
    *min = a;
    *max = comma ? b : a;
    r->x = at.x;
    return true;
}

/* Spaces and comments of an extended expression; those beyond ASCII are not known here. */
static bool
skip_extended(Reader *r)
{
    size_t at = r->x.at;
    if (!r->extended)
        return false;
    lex_spaces(&r->x);
    int c = lex_peek(&r->x, 0);
    if (c == '#')
        skip_to(r, '\n');
    r->unknown = r->unknown || (r->utf && (c == 0xc2 || c == 0xe2));
    return r->x.at > at;
}

/* What stands between items and means nothing, also between an item and its quantifier. */
static void
skip_nothing(Reader *r)
{
    for (;;) {
        if (take(r, "\\E"))
            r->quoted = false;
        else if (r->quoted)
            return;
        else if (take(r, "\\Q"))
            r->quoted = true;
        else if (take(r, "(?#"))
            skip_to(r, ')');
        else if (!skip_extended(r))
            return;
    }
}

/* Whether the item at `open` is a group with a number, perhaps a name. */
static bool
captures(const Reader *r, size_t open)
{
    Lexer x = r->x;
    x.at = open;
    int a = lex_peek(&x, 2), b = lex_peek(&x, 3);
    if (lex_peek(&x, 0) != '(' || lex_peek(&x, 1) != '?')
        return lex_peek(&x, 0) == '(';
    return a == '\'' || (a == 'P' && b == '<') || (a == '<' && b != '=' && b != '!');
}

/* `open`: where the item begins that is repeated, SIZE_MAX: no group; the + stands before this place. */
static void
note_sticky(Reader *r, size_t open)
{
    Syntax *out = r->out;
    if (open == SIZE_MAX || !captures(r, open))
        return;
    if (out->stickies < SYNTAX_STARTS_MAX)
        out->sticky[out->stickies++] = (struct Sticky){open, r->x.at - 1};
    else
        out->stale_groups = true;
}

static Node *
read_repeats(Reader *r, Node *n, size_t open)
{
    bool first = true, star = false; /* the first is one for as often as may be, also never */
    for (;;) {
        uint64_t min = 0, max = LENGTH_MAX;
        skip_nothing(r);
        if (!n || r->quoted)
            return n;
        int c = lex_peek(&r->x, 0);
        if (c == '{') {
            if (!take_braces(r, &min, &max))
                return n;
        } else if (c == '*' || c == '+' || c == '?') {
            min = c == '+';
            max = c == '?' ? 1 : LENGTH_MAX;
            r->x.at++;
            if (star && c == '+') /* "* +" in an extended expression */
                note_sticky(r, open);
        } else {
            return n;
        }
        bool lazy = lex_take(&r->x, '?');
        star = first && min == 0 && max == LENGTH_MAX && !lazy;
        first = false;
        if (!lazy && lex_take(&r->x, '+')) {
            r->out->odd_start = true;
            if (star)
                note_sticky(r, open);
            star = false;
        }
        n = tree_repeat(r->tree, n, min, max, false);
    }
}

static Node *
read_sequence(Reader *r)
{
    Node *n = tree_node(r->tree, NODE_CAT), **end = n ? &n->child : NULL;
    while (n && !r->unknown) {
        skip_nothing(r);
        int c = lex_peek(&r->x, 0);
        if (c < 0 || (!r->quoted && (c == '|' || c == ')')))
            return n;
        size_t open = r->quoted ? SIZE_MAX : r->x.at;
        Node *item = read_repeats(r, read_atom(r), open);
        if (!item)
            return give_up(r);
        *end = item;
        end = &item->next;
    }
    return NULL;
}

static Node *
read_alternatives(Reader *r)
{
    Node *n = tree_node(r->tree, NODE_ALT);
    for (;;) {
        Node *one = read_sequence(r);
        if (!one)
            return NULL;
        node_append(n, one);
        if (!lex_take(&r->x, '|'))
            return n && n->child && !n->child->next ? n->child : n;
    }
}

/* Whether `what` stands anywhere: for what was not read to the end. */
static bool
mentions(SxBytes text, const char *what)
{
    return memmem(text.data, text.len, what, strlen(what));
}

static bool
mentions_any(SxBytes text, const char *const *list)
{
    for (; *list; list++)
        if (mentions(text, *list))
            return true;
    return false;
}

/* What was not understood may be odd or recursive where the signs of that stand, whatever they mean there. */
static void
suspect(Syntax *out, SxBytes text)
{
    static const char *const odd[] = {"(?>", "(?=", "(*", "*+", "++", "?+", "}+", NULL};
    static const char *const calls[] = {"(?R", "(?&", "(?P>", "\\g<", "\\g'", "(?+", "(?-", "(?0", "(?1", "(?2", "(?3",
                                        "(?4", "(?5", "(?6", "(?7", "(?8", "(?9", NULL};
    out->odd_start = mentions_any(text, odd);
    out->stale_groups = mentions(text, ")*+") || mentions(text, "){0,}+");
    out->recurses = mentions_any(text, calls);
}

static size_t
place_of(SxBytes text, const char *what)
{
    const uint8_t *at = memmem(text.data, text.len, what, strlen(what));
    return at ? (size_t)(at - text.data) : SIZE_MAX;
}

void
syntax_read(Syntax *out, Tree *t, SxBytes text, unsigned flags)
{
    *out = (Syntax){.verb = SIZE_MAX};
    Reader r = {
        .x = {.text = text, .what = "regex"},
        .tree = t,
        .out = out,
        .nocase = flags & SX_PATTERN_NOCASE,
        .dotall = flags & SX_PATTERN_DOTALL,
        .extended = flags & SX_PATTERN_EXTENDED,
        .utf = flags & SX_PATTERN_UTF,
    };
    const Node *root = read_alternatives(&r);
    if (root && !r.unknown && !t->failed && r.x.at == text.len) {
        out->root = root;
        return;
    }
    suspect(out, text);
    out->behind = LENGTH_MAX;
    out->keeps = mentions(text, "\\K");
    out->lost_track = mentions(text, "\\G");
    if (out->verb == SIZE_MAX)
        out->verb = place_of(text, "(*COMMIT");
    if (out->verb == SIZE_MAX)
        out->verb = place_of(text, "(*SKIP");
}
