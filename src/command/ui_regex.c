/*
 * ui_regex.c - see ui_regex.h.
 *
 * PCRE2 goes by bytes, which is several times faster than by characters, wherever both say the same.
 */
#include "command/ui_regex.h"

#include <string.h>

#include "command/ui.h"

enum { CASE_EXACT, CASE_SMART, CASE_IGNORE };
static const char signs[] = ".*+?[](){}|^$\\";

/* --- case ----------------------------------------------------------------------------------------------------------- */

static bool
has_capital(const char *text)
{
    for (; *text; text++) {
        bool escaped = *text == '\\' && text[1]; /* \W in a regex */
        if (!escaped && *text >= 'A' && *text <= 'Z')
            return true;
        text += escaped;
    }
    return false;
}

bool
ui_case_ignored(const SxSession *s, const char *text)
{
    uint64_t option = s->ui->options.letters;
    return option == CASE_IGNORE || (option == CASE_SMART && !has_capital(text));
}

/* --- what the pattern is made of ------------------------------------------------------------------------------------ */

/* Goes through a pattern: where each part begins, and whether that lies in a class. */
typedef struct Walk {
    const char *at;
    bool in_class;
} Walk;

/* The bytes of the part here: an escape with its letter, [:alpha:], a character, or a sign; keeps count of classes. */
static size_t
part(Walk *w)
{
    const char *p = w->at;
    uint32_t code;
    if (p[0] == '\\' && p[1])
        return 2;
    const char *named = w->in_class && p[0] == '[' && p[1] == ':' ? strstr(p, ":]") : NULL;
    if (named)
        return (size_t)(named - p) + 2;
    if (w->in_class)
        w->in_class = p[0] != ']';
    else if (p[0] == '[') {
        w->in_class = true;
        size_t n = p[1] == '^' ? 2 : 1;
        return p[n] == ']' ? n + 1 : n; /* which stands for itself there */
    }
    return sx_utf8_decode(sx_bytes(p, strlen(p)), &code);
}

/* Whether a sequence of "any" takes the same bytes as characters and as bytes: it is repeated without a number. */
static bool
repeats(const char *behind)
{
    return *behind == '*' || *behind == '+';
}

static bool
is_escape(const char *p, const char *letters)
{
    return p[0] == '\\' && p[1] && strchr(letters, p[1]);
}

/* Whether it may mean something else by characters of more bytes than by bytes. \b and \d are told by ASCII in both. */
static bool
needs_characters(const char *text)
{
    bool excludes = false;
    size_t n;
    for (Walk w = {text, false}; *w.at; w.at += n) {
        bool was = w.in_class;
        n = part(&w);
        excludes |= !was && n > 1 && w.at[0] == '[' && w.at[1] == '^';
        bool closes = was && !w.in_class, any = !was && (w.at[0] == '.' || is_escape(w.at, "DNSW"));
        if ((*w.at & 0x80) || is_escape(w.at, "wpPXR") || ((any || (closes && excludes)) && !repeats(w.at + n)))
            return true;
        excludes &= !closes;
    }
    return false;
}

/* --- in the encoding ------------------------------------------------------------------------------------------------ */

static bool
is_unicode_bytes(const SxEncoding *e)
{
    return e == sx_encoding_find("utf-8") || e == sx_encoding_find("ascii");
}

/* ASCII characters are the bytes that they are in ASCII, wherever they stand. */
static bool
has_ascii(const SxEncoding *e)
{
    uint8_t out[SX_ENCODING_MOST];
    return e->unit == 1 && sx_encoding_encode(e, 'A', out) == 1 && out[0] == 'A';
}

static bool
add_character(const SxEncoding *e, uint32_t code, bool in_class, SxString *out, SxError *err)
{
    uint8_t bytes[SX_ENCODING_MOST];
    size_t n = sx_encoding_encode(e, code, bytes);
    if (n == 0)
        return sx_fail(err, SX_ERR_SYNTAX, "%s has no character U+%04X", e->name, code);
    if (n > 1 && in_class)
        return sx_fail(err, SX_ERR_SYNTAX, "[ ] takes single bytes of %s; write (a|b)", e->name);
    sx_string_add(out, n > 1 ? "(?:" : "");
    for (size_t i = 0; i < n; i++)
        sx_string_addf(out, "\\x%02x", bytes[i]);
    sx_string_add(out, n > 1 ? ")" : "");
    return true;
}

static bool
recode(const SxEncoding *e, const char *text, SxString *out, SxError *err)
{
    size_t n;
    for (Walk w = {text, false}; *w.at; w.at += n) {
        bool was = w.in_class;
        uint32_t code;
        n = part(&w);
        if (!(*w.at & 0x80))
            sx_string_add_bytes(out, sx_bytes(w.at, n));
        else if (sx_utf8_decode(sx_bytes(w.at, n), &code) != n || !add_character(e, code, was, out, err))
            return false;
    }
    return true;
}

bool
ui_regex_fits(SxSession *s)
{
    const SxEncoding *e = ui_text_encoding(s);
    return is_unicode_bytes(e) || has_ascii(e);
}

bool
ui_regex_text(SxSession *s, const char *text, SxString *out, unsigned *flags, SxError *err)
{
    const SxEncoding *e = ui_text_encoding(s);
    *flags |= SX_PATTERN_MULTILINE;
    if (!ui_regex_fits(s))
        return sx_fail(err, SX_ERR_SYNTAX, "%s: plain words only, or :convert it first", e->name);
    if (ui_text_ends(s) == SX_LINE_CR && strpbrk(text, ".^$"))
        sx_string_add(out, "(*CR)");
    if (!is_unicode_bytes(e))
        return recode(e, text, out, err) && (!out->failed || sx_fail(err, SX_ERR_NOMEM, "no memory for a pattern"));
    *flags |= needs_characters(text) ? SX_PATTERN_UTF : 0;
    sx_string_add(out, text);
    return !out->failed || sx_fail(err, SX_ERR_NOMEM, "no memory for a pattern");
}

bool
ui_words_in(const SxEncoding *e, const char *text, bool nocase, bool word, SxPattern **out, SxError *err)
{
    SxString quoted = {0};
    sx_string_add(&quoted, "\"");
    for (; *text; text++)
        sx_string_addf(&quoted, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
    sx_string_addf(&quoted, "\" enc=%s%s%s", e->converter, nocase ? " nocase" : "", word ? " fullword" : "");
    bool ok = quoted.failed ? sx_fail(err, SX_ERR_NOMEM, "no memory for a pattern")
                            : sx_pattern_new(out, sx_bytes(quoted.data, quoted.len), SX_PATTERN_ANY, 0, err);
    sx_string_clear(&quoted);
    return ok;
}

bool
ui_regex(SxSession *s, const char *text, unsigned flags, SxPattern **out, SxError *err)
{
    const SxEncoding *e = ui_text_encoding(s);
    SxString bytes = {0};
    SxPattern *typed;
    if (!ui_regex_fits(s) && text[0] && !strpbrk(text, signs))
        return ui_words_in(e, text, flags & SX_PATTERN_NOCASE, flags & SX_PATTERN_FULLWORD, out, err);
    /* a mistake is one of what was typed, and told with its column there */
    if (!sx_pattern_new(&typed, sx_bytes(text, strlen(text)), SX_PATTERN_REGEX, flags, err))
        return false;
    sx_pattern_release(typed);
    bool ok = ui_regex_text(s, text, &bytes, &flags, err) &&
              sx_pattern_new(out, sx_bytes(bytes.data, bytes.len), SX_PATTERN_REGEX, flags, err);
    sx_string_clear(&bytes);
    return ok;
}
