/*
 * hex.c - reading hex patterns into trees.
 */
#include "search/hex.h"

#include <ctype.h>
#include <inttypes.h>

enum {
    NESTING_MAX = 32,
    JUMP_CHOICE_MAX = 65535, /* between the shortest and the longest of a jump, where it has an end */
    JUMP_MAX = 16 << 20,
};

typedef struct HexParser {
    Lexer *x;
    Tree *tree;
    SxString *out;
    char close;
    unsigned depth;
    size_t opened[NESTING_MAX]; /* where each "(" stands */
} HexParser;

static bool
is_nibble(int c)
{
    return hex_digit(c) >= 0 || c == '?';
}

/* Two signs out of 0-9a-f?, as value and mask. */
static bool
take_byte(HexParser *p, uint8_t *value, uint8_t *mask)
{
    Lexer *x = p->x;
    char sign[16];
    int high = lex_peek(x, 0), low = lex_peek(x, 1);
    if (!is_nibble(high))
        return lex_fail(x, x->at, "%s is no hex byte; write 7f, 4?, ??, [2-4], ( 01 | 02 ) or \"text\"",
                        lex_sign(x, x->at, sign));
    if (!is_nibble(low) && isalnum(low))
        return lex_fail(x, x->at + 1, "%s is no hex digit", lex_sign(x, x->at + 1, sign));
    if (!is_nibble(low))
        return lex_fail(x, x->at, "%c is half a byte; write 0%c, %c? or ?%c", high, high, high, high);
    *value = *mask = 0;
    if (high != '?') {
        *value = (uint8_t)(hex_digit(high) << 4);
        *mask = 0xf0;
    }
    if (low != '?') {
        *value |= (uint8_t)hex_digit(low);
        *mask |= 0x0f;
    }
    sx_string_addf(p->out, "%c%c", high | (high == '?' ? 0 : 0x20), low | (low == '?' ? 0 : 0x20));
    x->at += 2;
    return true;
}

static Node *
parse_byte(HexParser *p)
{
    Lexer *x = p->x;
    uint8_t value, mask, bits, all;
    bool other = lex_take(x, '~');
    if (other)
        sx_string_add(p->out, "~");
    else if (lex_peek(x, 0) == '0' && (lex_peek(x, 1) | 0x20) == 'x')
        x->at += 2;
    size_t at = x->at;
    if (!take_byte(p, &value, &mask))
        return NULL;
    if (lex_take(x, '&')) {
        sx_string_add(p->out, "&");
        if (mask != 0xff) {
            lex_fail(x, at, "the byte before & is written whole, as in 80&c0");
            return NULL;
        }
        if (!take_byte(p, &bits, &all))
            return NULL;
        if (all != 0xff) {
            lex_fail(x, x->at - 2, "the mask behind & is written whole, as in 80&c0");
            return NULL;
        }
        if (value & ~bits) {
            lex_fail(x, at, "%02x has bits that the mask %02x leaves out; write %02x&%02x", value, bits, value & bits,
                     bits);
            return NULL;
        }
        mask = bits;
    }
    ByteSet set = set_masked(value, mask);
    if (other)
        set_invert(&set);
    if (other && mask == 0) {
        lex_fail(x, at - 1, "~?? is no byte at all; ~00 is any byte but 00");
        return NULL;
    }
    if (mask == 0xff && !other)
        return tree_bytes(p->tree, &value, 1);
    return tree_set(p->tree, set);
}

static Node *
parse_jump(HexParser *p)
{
    Lexer *x = p->x;
    size_t at = x->at++;
    uint64_t min = 0, max;
    lex_spaces(x);
    bool has_min = lex_peek(x, 0) != '-';
    if (has_min && !lex_number(x, &min))
        return NULL;
    max = min;
    lex_spaces(x);
    if (lex_take(x, '-')) {
        lex_spaces(x);
        max = LENGTH_MAX;
        if (lex_peek(x, 0) != ']' && !lex_number(x, &max))
            return NULL;
    }
    lex_spaces(x);
    if (!lex_take(x, ']')) {
        lex_fail(x, x->at, "a jump is written [4], [2-4], [2-] or [-]");
        return NULL;
    }
    if (max < min) {
        lex_fail(x, at, "this jump ends before it begins; turn it round");
        return NULL;
    }
    if (min > JUMP_MAX || (max != LENGTH_MAX && max - min > JUMP_CHOICE_MAX)) {
        lex_fail(x, at, "a jump goes over 16 MiB at most, with 65535 lengths to choose from; [%" PRIu64 "-] has no end",
                 min > JUMP_MAX ? 0 : min);
        return NULL;
    }
    sx_string_add(p->out, "[");
    if (has_min || max == min)
        sx_string_addf(p->out, "%" PRIu64, min);
    if (max != min)
        sx_string_add(p->out, "-");
    if (max != min && max != LENGTH_MAX)
        sx_string_addf(p->out, "%" PRIu64, max);
    sx_string_add(p->out, "]");
    return tree_repeat(p->tree, tree_set(p->tree, set_all()), min, max, true);
}

/* As it was typed, but for controls: the canonical text is a C string of one line. */
static void
print_quoted(SxBytes text, SxString *out)
{
    sx_string_add(out, "\"");
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < ' ' || text.data[i] == 0x7f)
            sx_string_addf(out, "\\x%02x", (unsigned)text.data[i]);
        else
            sx_string_add_bytes(out, sx_bytes(text.data + i, 1));
    }
    sx_string_add(out, "\"");
}

static Node *
parse_string(HexParser *p)
{
    Lexer *x = p->x;
    size_t at = x->at++;
    Node *n = tree_node(p->tree, NODE_CAT);
    size_t from = x->at;
    while (lex_peek(x, 0) != '"') {
        if (lex_peek(x, 0) < 0) {
            lex_fail(x, at, "this \" is never closed");
            return NULL;
        }
        uint8_t b = x->text.data[x->at++];
        if (b == '\\' && !lex_escape(x, &b))
            return NULL;
        node_append(n, tree_bytes(p->tree, &b, 1));
    }
    print_quoted(sx_bytes(x->text.data + from, x->at - from), p->out);
    x->at++;
    return n;
}

static Node *parse_choice(HexParser *p);

static Node *
parse_group(HexParser *p)
{
    Lexer *x = p->x;
    if (p->depth == NESTING_MAX) {
        lex_fail(x, x->at, "parentheses are nested too deeply");
        return NULL;
    }
    p->opened[p->depth++] = x->at++;
    sx_string_add(p->out, "(");
    Node *n = parse_choice(p);
    if (!n)
        return NULL;
    p->depth--;
    if (!lex_take(x, ')')) {
        lex_fail(x, p->opened[p->depth], "\"(\" is never closed; close it with )");
        return NULL;
    }
    sx_string_add(p->out, " )");
    return n;
}

/* Items up to | ) or the end. */
static Node *
parse_row(HexParser *p)
{
    Lexer *x = p->x;
    Node *n = tree_node(p->tree, NODE_CAT);
    for (;;) {
        lex_spaces(x);
        while (lex_take(x, ','))
            lex_spaces(x);
        int c = lex_peek(x, 0);
        if (c < 0 || c == '|' || c == ')' || (p->close && c == p->close))
            break;
        sx_string_add(p->out, " ");
        Node *item = c == '[' ? parse_jump(p) : c == '(' ? parse_group(p) : c == '"' ? parse_string(p) : parse_byte(p);
        if (!item)
            return NULL;
        node_append(n, item);
    }
    if (n && !n->child) {
        lex_fail(x, x->at, "bytes are needed here, such as 7f 45 or ??");
        return NULL;
    }
    return n;
}

static Node *
parse_choice(HexParser *p)
{
    Node *n = tree_node(p->tree, NODE_ALT);
    for (;;) {
        Node *row = parse_row(p);
        if (!row)
            return NULL;
        node_append(n, row);
        if (!lex_take(p->x, '|'))
            return n && n->child && !n->child->next ? n->child : n;
        sx_string_add(p->out, " |");
    }
}

/* Jumps at the ends would match anything there: most likely a slip. */
static bool
check_ends(Lexer *x, size_t from, const Node *n)
{
    const Node *last = n->kind == NODE_CAT ? n->child : NULL;
    if (!last)
        return true;
    if (last->kind == NODE_REPEAT)
        return lex_fail(x, from, "a pattern cannot begin with a jump; leave it out");
    while (last->next)
        last = last->next;
    return last->kind != NODE_REPEAT || lex_fail(x, x->at - 1, "a pattern cannot end with a jump; leave it out");
}

Node *
hex_parse(Lexer *x, Tree *t, char close, SxString *canonical)
{
    HexParser p = {.x = x, .tree = t, .out = canonical, .close = close};
    x->what = "hex";
    lex_spaces(x);
    size_t from = x->at;
    Node *n = parse_choice(&p);
    char sign[16];
    if (!n) {
        if (t->failed)
            sx_fail(x->err, SX_ERR_NOMEM, "no memory for this pattern");
        return NULL;
    }
    if (lex_peek(x, 0) == ')') {
        lex_fail(x, x->at, "%s closes nothing; write ( before the first alternative", lex_sign(x, x->at, sign));
        return NULL;
    }
    return check_ends(x, from, n) ? n : NULL;
}
