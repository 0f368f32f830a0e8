/*
 * modifiers.c - the words behind a pattern: nocase wide ascii fullword enc=NAME align=N.
 */
#include "search/language.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

static bool
take_encoding(Lexer *x, Modifiers *m)
{
    SxBytes name = lex_word(x);
    m->encoding_at = x->at;
    if (name.len == 0 || name.len >= sizeof m->encoding)
        return lex_fail(x, x->at, "enc= needs the name of an encoding, as in enc=KOI8-R");
    memcpy(m->encoding, name.data, name.len);
    m->encoding[name.len] = 0;
    if (strcasecmp(m->encoding, "UTF-16") == 0 || strcasecmp(m->encoding, "UTF-32") == 0)
        return lex_fail(x, x->at, "say the byte order: enc=%sLE or enc=%sBE", m->encoding, m->encoding);
    x->at += name.len;
    return true;
}

static bool
take_align(Lexer *x, Modifiers *m)
{
    size_t at = x->at;
    if (!lex_number(x, &m->align))
        return false;
    return m->align > 0 || lex_fail(x, at, "align=0 means nothing; align=4 is every fourth byte");
}

/* One modifier at the lexer, which is left where it was when there is none. */
static bool
take_one(Lexer *x, Modifiers *m, bool *taken)
{
    SxBytes word = lex_word(x);
    bool *flag = lex_is(word, "nocase")     ? &m->nocase
                 : lex_is(word, "wide")     ? &m->wide
                 : lex_is(word, "ascii")    ? &m->ascii
                 : lex_is(word, "fullword") ? &m->fullword
                                            : NULL;
    Lexer behind = *x;
    behind.at += word.len;
    *taken = true;
    if (flag && lex_space_next(&behind)) {
        *flag = true;
        *x = behind;
        return true;
    }
    if ((lex_is(word, "enc") || lex_is(word, "align")) && lex_take(&behind, '=')) {
        *x = behind;
        return lex_is(word, "enc") ? take_encoding(x, m) : take_align(x, m);
    }
    *taken = false;
    return true;
}

bool
modifiers_parse(Lexer *x, Modifiers *m)
{
    for (bool taken = true; taken;) {
        Lexer before = *x;
        lex_spaces(x);
        if (x->at == before.at)
            return true;
        if (!take_one(x, m, &taken))
            return false;
        if (!taken)
            *x = before;
    }
    return true;
}

void
modifiers_print(const Modifiers *m, SxString *out)
{
    if (m->nocase)
        sx_string_add(out, " nocase");
    if (m->wide)
        sx_string_add(out, " wide");
    if (m->ascii)
        sx_string_add(out, " ascii");
    if (m->fullword)
        sx_string_add(out, " fullword");
    if (m->encoding[0])
        sx_string_addf(out, " enc=%s", m->encoding);
    if (m->align > 1)
        sx_string_addf(out, " align=%" PRIu64, m->align);
}
