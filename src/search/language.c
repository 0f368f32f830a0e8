/*
 * language.c - one parser for every kind of pattern; what is not a fixed row of bytes or a number becomes a regex.
 */
#include "search/language.h"

#include "search/emit.h"
#include "search/hex.h"

#include <stdlib.h>
#include <string.h>

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory for this pattern");
}

static bool
refuse(const Lexer *x, size_t at, bool given, const char *name, const char *why)
{
    return !given || lex_fail(x, at, "%s %s", name, why);
}

/* Modifiers that only text understands. */
static bool
text_modifiers_only(const Lexer *x, size_t at, const Modifiers *m, const char *why)
{
    return refuse(x, at, m->wide, "wide", why) && refuse(x, at, m->ascii, "ascii", why) &&
           refuse(x, at, m->encoding[0], "enc=", why);
}

/* An expression that is nothing but a few alternatives of fixed length needs no PCRE2 to be found. */
static bool
use_rows(SxPattern *p, const Syntax *syntax)
{
    bool nomem = false;
    bool plain = syntax->root && !syntax->odd_start && !p->regex.utf && p->regex.groups == 0 && !p->regex.begins;
    if (plain && p->min > 0 && fixed_add_tree(&p->fixed, syntax->root, WORD_NONE, &nomem)) {
        p->how = MATCH_FIXED;
        p->ahead = p->behind = 0;
        p->hunt = (Hunt){.min = 0};
    }
    return !nomem;
}

static bool
use_regex(Lexer *x, SxPattern *p, SxBytes text, size_t at, unsigned flags)
{
    Tree t = {0};
    Syntax syntax;
    bool good = regex_compile(&p->regex, x, at, text, flags, &t, &syntax);
    if (good) {
        Lengths l = syntax.root ? node_lengths(syntax.root) : (Lengths){0, LENGTH_MAX, 0};
        p->how = MATCH_REGEX;
        p->min = l.min;
        p->max = l.max;
        p->ahead = p->regex.utf && l.ahead < 4 ? 4 : l.ahead; /* where characters begin is seen from their bytes */
        p->behind = p->regex.behind;
        ByteSet all = bytes_of(syntax.root, NULL);
        p->in_line = syntax.root && !set_has(&all, '\n');
        if (!p->regex.begins)
            hunt_expression(&p->hunt, syntax.root);
        good = use_rows(p, &syntax) || no_memory(x->err);
    }
    tree_clear(&t);
    return good;
}

/* --- trees: rows of bytes where there are few of them, else a regex ---------------------------------------------- */

static bool
use_tree(Lexer *x, SxPattern *p, Tree *t, const Node *n, WordCheck word)
{
    bool nomem = false;
    Lengths l = node_lengths(n);
    if (t->failed)
        return no_memory(x->err);
    p->how = MATCH_FIXED;
    p->min = l.min;
    p->max = l.max;
    if (fixed_add_tree(&p->fixed, n, word, &nomem))
        return true;
    if (nomem)
        return no_memory(x->err);
    SxString text = {0};
    emit_regex(n, word, &text);
    p->how = MATCH_REGEX;
    unsigned flags = SX_PATTERN_DOTALL | (p->no_jit ? SX_PATTERN_NO_JIT : 0);
    bool good = !text.failed ? use_regex(x, p, sx_bytes(text.data, text.len), 0, flags) : no_memory(x->err);
    sx_string_clear(&text);
    p->min = l.min;
    p->max = l.max;
    return good;
}

/* --- text ---------------------------------------------------------------------------------------------------------- */

static bool
use_text(Lexer *x, SxPattern *p, const TextUnits *u, const Modifiers *m, size_t at)
{
    Tree t = {0};
    bool plain = m->ascii || !m->wide, both = plain && m->wide;
    if (u->failed)
        return no_memory(x->err);
    if (m->wide && m->encoding[0])
        return lex_fail(x, m->encoding_at, "wide is an encoding too; write one of both");
    Node *first = plain ? text_tree(x, &t, u, m, false) : text_tree(x, &t, u, m, true);
    Node *second = both && first ? text_tree(x, &t, u, m, true) : NULL;
    if (!first || (both && !second)) {
        bool failed = t.failed;
        tree_clear(&t);
        return failed ? no_memory(x->err) : false;
    }
    WordCheck word = m->fullword ? plain ? WORD_ASCII : WORD_WIDE : WORD_NONE;
    bool good;
    bool nomem = false;
    Lengths a = node_lengths(first), b = second ? node_lengths(second) : a;
    p->how = MATCH_FIXED;
    if (fixed_add_tree(&p->fixed, first, word, &nomem) &&
        (!second || fixed_add_tree(&p->fixed, second, m->fullword ? WORD_WIDE : WORD_NONE, &nomem))) {
        p->min = a.min < b.min ? a.min : b.min;
        p->max = a.max > b.max ? a.max : b.max;
        good = true;
    } else if (nomem) {
        good = no_memory(x->err);
    } else if (both && m->fullword) {
        good = lex_fail(x, at, "this is too much at once; write fullword with either wide or ascii");
    } else {
        fixed_clear(&p->fixed);
        Node *n = both ? tree_node(&t, NODE_ALT) : first;
        if (both) {
            node_append(n, first);
            node_append(n, second);
        }
        good = n ? use_tree(x, p, &t, n, word) : no_memory(x->err);
    }
    tree_clear(&t);
    return good;
}

/* `escaped`: as it stood between quotes; else every sign stands for itself. */
static void
print_text(SxBytes text, bool escaped, SxString *out)
{
    sx_string_add(out, "\"");
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c < ' ' || c == 0x7f)
            sx_string_addf(out, "\\x%02x", (unsigned)c);
        else
            sx_string_addf(out, !escaped && (c == '"' || c == '\\') ? "\\%c" : "%c", c);
    }
    sx_string_add(out, "\"");
}

static bool
parse_text(Lexer *x, SxPattern *p, Modifiers *m, SxString *out)
{
    size_t at = x->at, from;
    TextUnits u = {0};
    bool good = true;
    p->kind = SX_PATTERN_TEXT;
    x->what = "text";
    if (lex_take(x, '"')) {
        from = x->at;
        good = text_parse_quoted(x, &u);
        if (good)
            print_text(sx_bytes(x->text.data + from, x->at - 1 - from), true, out);
    } else {
        size_t n = 0;
        while (lex_peek(x, n) > ' ')
            n++;
        SxBytes word = sx_bytes(x->text.data + at, n);
        text_units(&u, word, at);
        print_text(word, false, out);
        x->at += n;
    }
    good = good && modifiers_parse(x, m);
    x->what = "text";
    if (good && u.count == 0 && !u.failed)
        good = lex_fail(x, at, "no text is between the quotes");
    good = good && use_text(x, p, &u, m, at);
    text_clear(&u);
    modifiers_print(m, out);
    return good;
}

/* --- hex ------------------------------------------------------------------------------------------------------- */

static bool
parse_hex(Lexer *x, SxPattern *p, bool braces, Modifiers *m, SxString *out)
{
    Tree t = {0};
    size_t open = x->at;
    p->kind = SX_PATTERN_HEX;
    x->what = "hex";
    if (braces)
        x->at++;
    sx_string_add(out, "{");
    Node *n = hex_parse(x, &t, braces ? '}' : 0, out);
    sx_string_add(out, " }");
    bool good = n;
    if (good && braces && !lex_take(x, '}'))
        good = lex_fail(x, open, "\"{\" is never closed; close it with }");
    good = good && (!braces || modifiers_parse(x, m));
    x->what = "hex";
    const char *why = "goes with text, not with hex; put the text into quotes";
    good = good && text_modifiers_only(x, open, m, why) && refuse(x, open, m->nocase, "nocase", why) &&
           refuse(x, open, m->fullword, "fullword", why);
    good = good && use_tree(x, p, &t, n, WORD_NONE);
    tree_clear(&t);
    modifiers_print(m, out);
    return good;
}

/* --- regular expressions ------------------------------------------------------------------------------------------ */

static const char regex_letters[] = "imsxu";
static const unsigned regex_flags[] = {SX_PATTERN_NOCASE, SX_PATTERN_MULTILINE, SX_PATTERN_DOTALL,
                                       SX_PATTERN_EXTENDED, SX_PATTERN_UTF};

static bool
take_regex_letters(Lexer *x, unsigned *flags)
{
    char sign[16];
    for (; !lex_space_next(x); x->at++) {
        const char *known = memchr(regex_letters, lex_peek(x, 0), sizeof regex_letters - 1); /* no NUL */
        if (!known)
            return lex_fail(x, x->at, "behind the last slash stand letters out of imsxu, not %s",
                            lex_sign(x, x->at, sign));
        *flags |= regex_flags[known - regex_letters];
    }
    return true;
}

static bool
take_regex_text(Lexer *x, SxBytes *text)
{
    size_t open = x->at++;
    for (size_t n = 0;; n++) {
        int c = lex_peek(x, n);
        if (c < 0)
            return lex_fail(x, open, "this / is never closed; write /%.*s/", (int)(n < 60 ? n : 60),
                            (const char *)x->text.data + x->at);
        if (c == '\\' && lex_peek(x, n + 1) >= 0)
            n++;
        else if (c == '/') {
            *text = sx_bytes(x->text.data + x->at, n);
            x->at += n + 1;
            return true;
        }
    }
}

/* Between slashes: those inside are escaped, also where \Q...\E would take the \ for itself. */
static void
print_regex(SxBytes text, unsigned flags, SxString *out)
{
    bool quoted = false;
    sx_string_add(out, "/");
    for (size_t i = 0; i < text.len; i++) {
        char c = (char)text.data[i], next = i + 1 < text.len ? (char)text.data[i + 1] : 0;
        if (c == '/') {
            sx_string_add(out, quoted ? "\\E\\/\\Q" : "\\/");
            continue;
        }
        /* The text is a C string; a NUL with a backslash before it is a NUL, too. */
        bool bare = c == '\\' && !quoted && i + 1 < text.len && !next;
        if (!c || bare) {
            sx_string_add(out, quoted ? "\\E\\x00\\Q" : "\\x00");
            i += bare;
            continue;
        }
        if (c == '\\' && quoted && i + 1 == text.len) { /* or it would escape the slash behind it */
            sx_string_add(out, "\\E\\\\");
            continue;
        }
        bool pair = c == '\\' && next && (!quoted || next == 'E');
        if (pair)
            quoted = next == 'Q' ? true : next == 'E' ? false : quoted;
        sx_string_add_bytes(out, sx_bytes(text.data + i, pair ? 2 : 1));
        i += pair;
    }
    sx_string_add(out, "/");
    for (size_t i = 0; i < sizeof regex_flags / sizeof *regex_flags; i++)
        if (flags & regex_flags[i])
            sx_string_addf(out, "%c", regex_letters[i]);
}

static bool
use_typed_regex(Lexer *x, SxPattern *p, SxBytes text, size_t at, unsigned flags, bool fullword)
{
    SxString wrapped = {0};
    bool compiled = use_regex(x, p, text, at, flags);
    if (!compiled || !fullword)
        return compiled;
    regex_clear(&p->regex);
    fixed_clear(&p->fixed);
    sx_string_add(&wrapped, "\\b(?:");
    sx_string_add_bytes(&wrapped, text);
    sx_string_add(&wrapped, flags & SX_PATTERN_EXTENDED ? "\n)\\b" : ")\\b");
    bool good = !wrapped.failed ? use_regex(x, p, sx_bytes(wrapped.data, wrapped.len), at, flags) : no_memory(x->err);
    sx_string_clear(&wrapped);
    return good;
}

static bool
parse_regex(Lexer *x, SxPattern *p, bool slashes, unsigned flags, Modifiers *m, SxString *out)
{
    size_t open = x->at;
    SxBytes text = sx_bytes(x->text.data + open, x->text.len - open);
    p->kind = SX_PATTERN_REGEX;
    x->what = "regex";
    if (slashes) {
        if (!take_regex_text(x, &text) || !take_regex_letters(x, &flags) || !modifiers_parse(x, m))
            return false;
    } else {
        x->at = x->text.len;
    }
    x->what = "regex";
    if (text.len == 0)
        return lex_fail(x, open, "no regex is here; . is any byte");
    if (!text_modifiers_only(x, open, m, "goes with text, not with a regex"))
        return false;
    if (m->nocase)
        flags |= SX_PATTERN_NOCASE;
    m->nocase = false;
    print_regex(text, flags, out);
    modifiers_print(m, out);
    return use_typed_regex(x, p, text, slashes ? open + 1 : open, flags | (p->no_jit ? SX_PATTERN_NO_JIT : 0),
                           m->fullword);
}

/* --- numbers ----------------------------------------------------------------------------------------------------- */

static bool
parse_number(Lexer *x, SxPattern *p, bool typed, Modifiers *m, SxString *out)
{
    size_t at = x->at;
    p->kind = SX_PATTERN_NUMBER;
    p->how = MATCH_NUMBER;
    if (!(typed ? number_parse(x, &p->number, out) : number_parse_plain(x, &p->number, out)) || !modifiers_parse(x, m))
        return false;
    p->min = p->max = p->number.width;
    x->what = "number";
    const char *why = "goes with text, not with a number";
    modifiers_print(m, out);
    return text_modifiers_only(x, at, m, why) && refuse(x, at, m->nocase, "nocase", why) &&
           refuse(x, at, m->fullword, "fullword", why);
}

/* --- all of them --------------------------------------------------------------------------------------------------- */

static bool
parse_kind(Lexer *x, SxPattern *p, SxPatternKind kind, unsigned flags, Modifiers *m, SxString *out)
{
    int c = lex_peek(x, 0);
    bool whole = kind != SX_PATTERN_ANY;
    if (kind == SX_PATTERN_HEX || (!whole && c == '{'))
        return parse_hex(x, p, c == '{', m, out);
    if (kind == SX_PATTERN_REGEX || (!whole && c == '/'))
        return parse_regex(x, p, !whole, flags, m, out);
    bool typed = number_begins(x, kind == SX_PATTERN_NUMBER);
    if (typed || kind == SX_PATTERN_NUMBER)
        return parse_number(x, p, typed, m, out);
    return parse_text(x, p, m, out);
}

/* What is typed in a text prompt: every byte for itself. */
static bool
parse_verbatim(Lexer *x, SxPattern *p, Modifiers *m, SxString *out)
{
    TextUnits u = {0};
    p->kind = SX_PATTERN_TEXT;
    x->what = "text";
    text_units(&u, x->text, 0);
    print_text(x->text, false, out);
    modifiers_print(m, out);
    bool good = u.count > 0 || u.failed ? use_text(x, p, &u, m, 0) : lex_fail(x, 0, "no text is here");
    text_clear(&u);
    x->at = x->text.len;
    return good;
}

/* "!" in front: where the pattern does not match. A word may begin with it, too. */
static bool
negated(const Lexer *x, SxPatternKind kind)
{
    int next = lex_peek(x, 1);
    return lex_peek(x, 0) == '!' &&
           (kind == SX_PATTERN_HEX || (kind == SX_PATTERN_ANY && (next == '{' || next == '"')));
}

static bool
negate(const Lexer *x, SxPattern *p, size_t at)
{
    if (p->how == MATCH_NUMBER)
        return lex_fail(x, at, "! goes with hex and text; with a number write !=");
    if (p->how != MATCH_FIXED || p->min != p->max || p->min == 0)
        return lex_fail(x, at, "! needs a pattern of one fixed length, such as !{00}");
    for (size_t i = 0; i < p->fixed.rows; i++)
        if (p->fixed.row[i].word != WORD_NONE)
            return lex_fail(x, at, "! and fullword do not go together");
    p->negate = true;
    return true;
}

bool
language_parse(Lexer *x, SxPattern *p, SxPatternKind kind, unsigned flags)
{
    Modifiers m = {.align = 1, .nocase = flags & SX_PATTERN_NOCASE, .fullword = flags & SX_PATTERN_FULLWORD};
    SxString out = {0};
    bool good;
    x->what = "pattern";
    p->no_jit = flags & SX_PATTERN_NO_JIT;
    if (kind == SX_PATTERN_TEXT) {
        good = parse_verbatim(x, p, &m, &out);
    } else {
        if (kind != SX_PATTERN_REGEX)
            lex_spaces(x);
        size_t at = x->at;
        bool not = negated(x, kind);
        x->at += not;
        if (kind == SX_PATTERN_HEX)
            lex_spaces(x);
        if (not)
            sx_string_add(&out, "!");
        if (lex_peek(x, 0) < 0)
            good = lex_fail(x, at, "no pattern is here; \"text\", {7f 45 ??}, /regex/ or u32le = 5");
        else
            good = parse_kind(x, p, kind, flags & ~(unsigned)SX_PATTERN_FULLWORD, &m, &out);
        good = good && (!not || negate(x, p, at));
    }
    p->align = m.align;
    if (good && out.failed)
        good = no_memory(x->err);
    if (!good)
        sx_string_clear(&out);
    p->text = out.data;
    return good;
}
