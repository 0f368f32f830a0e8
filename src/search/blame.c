/*
 * blame.c - the words for mistakes in expressions, and the sign that is to blame. PCRE2 names the place where it noticed,
 * which for a group that is never closed is the end.
 */
#include "search/blame.h"

#include "search/regex.h"

#include <string.h>

/* Where the item that is wrong begins, before the place that PCRE2 names. */
typedef enum BlamedSign { THERE, OPENER, BACKSLASH, BRACE } BlamedSign;

typedef struct Advice {
    int code;
    BlamedSign sign;
    const char *text;
} Advice;

/* What to do about the mistakes that people make; all else is told in the library's words. */
static const Advice advices[] = {
    {101, BACKSLASH, "a \\ at the end stands for nothing; write \\\\ for the sign itself"},
    {103, BACKSLASH, "\\ before this letter means nothing; leave the \\ out for the letter itself"},
    {104, BRACE, "the numbers in {} are out of order; write the smaller first"},
    {105, BRACE, "the number in {} is larger than 65535"},
    {106, OPENER, "\"[\" is never closed; close it with ], or \\[ for the sign itself"},
    {107, BACKSLASH, "this escape does not work in [...]; leave the \\ out"},
    {108, THERE, "the range in [...] is out of order; write the smaller first"},
    {109, THERE, "nothing stands before this that could be repeated; write \\ before it for the sign itself"},
    {112, THERE, "[:names:] of classes stand inside another [ ], as in [[:digit:]]"},
    {114, OPENER, "\"(\" is never closed; close it, or \\( for the sign itself"},
    {115, THERE, "there is no group with this number or name"},
    {122, THERE, "\")\" closes nothing; write \\) for the sign itself"},
    {125, THERE, "look-behind needs a fixed length; write (?<=a|bc) as alternatives, without * + ?"},
    {130, THERE, "this name of a class in [: :] is not known; digit, alpha, space, xdigit are"},
    {134, BACKSLASH, "this character is larger than a byte; write u behind the last slash for UTF-8 text"},
    {143, THERE, "two groups have this name"},
    {147, BACKSLASH, "this property is not known; \\p{L}, \\p{Lu}, \\p{Greek} are"},
};

/* --- the bracket that is never closed -------------------------------------------------------------------------------- */

enum { OPEN_MAX = 250 }; /* PCRE2 takes no deeper nesting */

/* The place behind the class that begins at `at`, or where it stands when it has no end. */
static size_t
skip_class(SxBytes s, size_t at, bool *closed)
{
    size_t i = at + 1;
    i += i < s.len && s.data[i] == '^';
    i += i < s.len && s.data[i] == ']';
    for (; i < s.len && s.data[i] != ']'; i++)
        i += s.data[i] == '\\';
    *closed = i < s.len;
    return *closed ? i + 1 : at;
}

static size_t
skip_past(SxBytes s, size_t at, const char *what, size_t n)
{
    const uint8_t *found = at < s.len ? memmem(s.data + at, s.len - at, what, n) : NULL;
    return found ? (size_t)(found - s.data) + n : s.len;
}

/* What means nothing for brackets: escapes, quotes, comments. Returns `at` when none begins there. */
static size_t
skip_plain(SxBytes s, size_t at, bool extended)
{
    uint8_t c = s.data[at], next = at + 1 < s.len ? s.data[at + 1] : 0;
    if (c == '\\')
        return next == 'Q' ? skip_past(s, at + 2, "\\E", 2) : at + 2;
    if (c == '(' && next == '?' && at + 2 < s.len && s.data[at + 2] == '#')
        return skip_past(s, at, ")", 1);
    return extended && c == '#' ? skip_past(s, at, "\n", 1) : at;
}

/* The innermost "(" without a partner, or the "[" that is open to the end. */
static size_t
unclosed(SxBytes s, bool extended, size_t otherwise)
{
    size_t open[OPEN_MAX], depth = 0;
    for (size_t i = 0; i < s.len;) {
        size_t next = skip_plain(s, i, extended);
        bool closed = true;
        if (next == i && s.data[i] == '[') {
            next = skip_class(s, i, &closed);
            if (!closed)
                return i;
        }
        if (next != i) {
            i = next;
            continue;
        }
        if (s.data[i] == '(' && depth < OPEN_MAX)
            open[depth++] = i;
        else if (s.data[i] == ')' && depth > 0)
            depth--;
        i++;
    }
    return depth > 0 ? open[depth - 1] : otherwise;
}

static size_t
last_sign(SxBytes s, size_t where, uint8_t sign)
{
    for (size_t i = where < s.len ? where + 1 : s.len; i-- > 0;)
        if (s.data[i] == sign)
            return i;
    return where;
}

static size_t
blamed_place(SxBytes text, bool extended, BlamedSign sign, size_t where)
{
    switch (sign) {
    case OPENER:
        return unclosed(text, extended, where);
    case BACKSLASH:
        return last_sign(text, where, '\\');
    case BRACE:
        return last_sign(text, where, '{');
    case THERE:
        break;
    }
    return where;
}

bool
blame(const Lexer *x, size_t at, SxBytes text, bool extended, int code, size_t where)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].code == code)
            return lex_fail(x, at + blamed_place(text, extended, advices[i].sign, where), "%s", advices[i].text);
    PCRE2_UCHAR words[160] = "";
    pcre2_get_error_message(code, words, sizeof words);
    return lex_fail(x, at + where, "%s", (const char *)words);
}
