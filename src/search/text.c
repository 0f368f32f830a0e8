/*
 * text.c - characters to trees: each becomes its bytes in the encoding, or the choice of those of its cases.
 */
#include "search/text.h"

#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

static void
add(TextUnits *u, TextUnit unit)
{
    if (u->count == u->cap) {
        size_t cap = u->cap ? u->cap * 2 : 32;
        TextUnit *more = realloc(u->unit, cap * sizeof *more);
        if (!more) {
            u->failed = true;
            return;
        }
        u->unit = more;
        u->cap = cap;
    }
    u->unit[u->count++] = unit;
}

void
text_clear(TextUnits *u)
{
    free(u->unit);
    *u = (TextUnits){0};
}

/* Takes one character; an invalid byte stands for itself. */
static size_t
add_character(TextUnits *u, SxBytes in, size_t at)
{
    uint32_t code;
    size_t n = sx_utf8_decode(in, &code);
    if (n > 0)
        add(u, (TextUnit){.code = code, .raw = in.data[0], .at = at});
    return n;
}

void
text_units(TextUnits *u, SxBytes bytes, size_t at)
{
    for (size_t i = 0, n; i < bytes.len; i += n)
        n = add_character(u, sx_bytes(bytes.data + i, bytes.len - i), at + i);
}

bool
text_parse_quoted(Lexer *x, TextUnits *u)
{
    size_t open = x->at - 1;
    x->what = "text";
    for (;;) {
        int c = lex_peek(x, 0);
        if (c < 0)
            return lex_fail(x, open, "this \" is never closed; close it, or write \\\" for the sign itself");
        size_t at = x->at;
        if (c == '"') {
            x->at++;
            return true;
        }
        if (c == '\\') {
            uint8_t raw;
            x->at++;
            if (!lex_escape(x, &raw))
                return false;
            add(u, (TextUnit){.code = raw < 0x80 ? raw : UINT32_MAX, .raw = raw, .at = at});
            continue;
        }
        x->at += add_character(u, sx_bytes(x->text.data + at, x->text.len - at), at);
    }
}

/* --- one character in an encoding -------------------------------------------------------------------------------- */

typedef struct Coder {
    bool wide;
    iconv_t named; /* (iconv_t)-1: none */
    locale_t locale;
} Coder;

enum { CODE_BYTES = 32 };

typedef struct Code {
    uint8_t byte[CODE_BYTES];
    size_t len; /* 0: the encoding has no such character */
} Code;

static Code
code_wide(uint32_t c)
{
    Code out = {{0}, 2};
    uint32_t low = c;
    if (c >= 0x10000) {
        uint32_t high = 0xd800 + ((c - 0x10000) >> 10);
        low = 0xdc00 + ((c - 0x10000) & 0x3ff);
        out.byte[0] = (uint8_t)high;
        out.byte[1] = (uint8_t)(high >> 8);
        out.len = 4;
    }
    out.byte[out.len - 2] = (uint8_t)low;
    out.byte[out.len - 1] = (uint8_t)(low >> 8);
    return out;
}

static Code
code_of(const Coder *c, uint32_t code)
{
    Code out = {.len = 0};
    if (c->wide)
        return code_wide(code);
    char utf8[4];
    size_t n = sx_utf8_encode(utf8, code);
    if (c->named == (iconv_t)-1) {
        memcpy(out.byte, utf8, n);
        out.len = n;
        return out;
    }
    char *from = utf8, *to = (char *)out.byte;
    size_t room = sizeof out.byte;
    iconv(c->named, NULL, NULL, NULL, NULL);
    if (iconv(c->named, &from, &n, &to, &room) != 0 || iconv(c->named, NULL, NULL, &to, &room) == (size_t)-1)
        return out;
    out.len = sizeof out.byte - room;
    return out;
}

/* --- cases ------------------------------------------------------------------------------------------------------ */

static bool
same_code(const Code *a, const Code *b)
{
    return a->len == b->len && memcmp(a->byte, b->byte, a->len) == 0;
}

/* Where two codes of one length differ in one byte, that byte becomes a set of both. */
static Node *
one_place(Tree *t, const Code *a, const Code *b)
{
    size_t place = 0, differ = 0;
    for (size_t i = 0; a->len == b->len && i < a->len; i++) {
        if (a->byte[i] != b->byte[i]) {
            place = i;
            differ++;
        }
    }
    if (differ != 1)
        return NULL;
    ByteSet set = set_one(a->byte[place]);
    set_add(&set, b->byte[place]);
    Node *n = tree_node(t, NODE_CAT);
    node_append(n, place ? tree_bytes(t, a->byte, place) : NULL);
    node_append(n, tree_set(t, set));
    node_append(n, place + 1 < a->len ? tree_bytes(t, a->byte + place + 1, a->len - place - 1) : NULL);
    return n;
}

static Node *
cases(Tree *t, const Coder *c, const Code *typed, uint32_t code)
{
    Code other[2] = {
        code_of(c, (uint32_t)towlower_l((wint_t)code, c->locale)),
        code_of(c, (uint32_t)towupper_l((wint_t)code, c->locale)),
    };
    Node *n = tree_node(t, NODE_ALT);
    node_append(n, tree_bytes(t, typed->byte, typed->len));
    const Code *alone = NULL;
    size_t more = 0;
    for (size_t i = 0; i < 2; i++) {
        if (other[i].len == 0 || same_code(&other[i], typed) || (i == 1 && same_code(&other[1], &other[0])))
            continue;
        node_append(n, tree_bytes(t, other[i].byte, other[i].len));
        alone = &other[i];
        more++;
    }
    Node *merged = more == 1 ? one_place(t, typed, alone) : NULL;
    return more == 0 && n ? n->child : merged ? merged : n;
}

static Node *
unit_node(const Lexer *x, Tree *t, const Coder *c, const TextUnit *u, bool nocase)
{
    if (u->code == UINT32_MAX) {
        uint8_t wide[2] = {u->raw, 0};
        return tree_bytes(t, wide, c->wide ? 2 : 1);
    }
    Code typed = code_of(c, u->code);
    if (typed.len == 0) {
        char sign[16];
        lex_fail(x, u->at, "this encoding has no %s", lex_sign(x, u->at, sign));
        return NULL;
    }
    return nocase ? cases(t, c, &typed, u->code) : tree_bytes(t, typed.byte, typed.len);
}

static bool
coder_open(const Lexer *x, Coder *c, const Modifiers *m, bool wide)
{
    *c = (Coder){.wide = wide, .named = (iconv_t)-1};
    c->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (c->locale == (locale_t)0)
        c->locale = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
    if (c->locale == (locale_t)0)
        return sx_fail(x->err, SX_ERR_NOMEM, "no memory for this pattern");
    if (!wide && m->encoding[0]) {
        c->named = iconv_open(m->encoding, "UTF-8");
        if (c->named == (iconv_t)-1)
            return lex_fail(x, m->encoding_at, "no encoding is called %s; iconv -l lists them", m->encoding);
    }
    return true;
}

static void
coder_close(Coder *c)
{
    if (c->named != (iconv_t)-1)
        iconv_close(c->named);
    if (c->locale != (locale_t)0)
        freelocale(c->locale);
}

Node *
text_tree(const Lexer *x, Tree *t, const TextUnits *u, const Modifiers *m, bool wide)
{
    Coder c;
    Node *all = tree_node(t, NODE_CAT), **end = all ? &all->child : NULL;
    bool good = coder_open(x, &c, m, wide) && all;
    for (size_t i = 0; good && i < u->count; i++) {
        Node *n = unit_node(x, t, &c, &u->unit[i], m->nocase);
        good = n;
        if (n) {
            *end = n;
            end = &n->next;
        }
    }
    coder_close(&c);
    return good ? all : NULL;
}
