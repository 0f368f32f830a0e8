/* encoding.c - the table of encodings, and what all of them share. */
#include <sextant/encoding.h>

#include <ctype.h>
#include <string.h>

#include "format/encodings.h"

static const SxEncoding *const computed[] = {
    &encoding_ascii,   &encoding_utf8,    &encoding_latin1, &encoding_utf16le,
    &encoding_utf16be, &encoding_utf32le, &encoding_utf32be,
};

enum { N_COMPUTED = sizeof computed / sizeof *computed };

/* The caller walks up from 0, so that the end of the second table is met and not passed. */
const SxEncoding *
sx_encoding_at(size_t i)
{
    return i < N_COMPUTED ? computed[i] : encodings_in_tables[i - N_COMPUTED];
}

static const char *
skip_signs(const char *name)
{
    return name + strspn(name, "-_");
}

/* "UTF8" is "utf-8". `a` ends at a blank, too. */
static bool
same_name(const char *a, const char *b)
{
    for (;;) {
        a = skip_signs(a);
        b = skip_signs(b);
        bool end = !*a || *a == ' ';
        if (end || !*b)
            return end && !*b;
        if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++))
            return false;
    }
}

static bool
bears(const SxEncoding *e, const char *name)
{
    if (same_name(e->name, name))
        return true;
    for (const char *alias = e->aliases; *alias; alias += strspn(alias, " ")) {
        if (same_name(alias, name))
            return true;
        alias += strcspn(alias, " ");
    }
    return false;
}

const SxEncoding *
sx_encoding_find(const char *name)
{
    const SxEncoding *e;
    for (size_t i = 0; (e = sx_encoding_at(i)); i++) {
        if (bears(e, name))
            return e;
    }
    return NULL;
}

size_t
sx_encoding_decode(const SxEncoding *e, SxBytes in, uint32_t *code)
{
    return e->decode(e, in, code);
}

size_t
sx_encoding_encode(const SxEncoding *e, uint32_t code, uint8_t out[SX_ENCODING_MOST])
{
    return e->encode(e, code, out);
}

size_t
sx_encoding_sync(const SxEncoding *e, SxBytes text, size_t at)
{
    if (e->sync)
        return e->sync(e, text, at);
    size_t next = (at + e->unit - 1) / e->unit * e->unit;
    return next < text.len ? next : text.len;
}

size_t
sx_encoding_back(const SxEncoding *e, SxBytes before)
{
    if (e->back)
        return e->back(e, before);
    return before.len < e->unit ? before.len : e->unit;
}

size_t
sx_encoding_context(const SxEncoding *e)
{
    return e->context ? e->context : (size_t)4 * e->most;
}
