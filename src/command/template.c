/* template.c - see template.h. A template is literal bytes in a row, with places between them where a group goes. */
#include "command/template.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "command/args.h"
#include "command/words.h"

enum { NAME_MAX_LEN = 32, EXPANDED_MAX = 64 << 20 };

/* A group, behind `literal` bytes more of the template. */
typedef struct Place {
    size_t literal;
    size_t group;
    char name[NAME_MAX_LEN + 1]; /* "" when it was given by its number */
} Place;

struct Template {
    uint8_t *bytes; /* all that is literal */
    size_t len;
    char *file; /* file NAME: read by template_bind */
    Place *places;
    size_t count, cap;
    uint8_t *made; /* the last expansion */
    size_t cap_made;
};

static bool
no_memory(SxError *err)
{
    return sx_fail(err, SX_ERR_NOMEM, "no memory for the replacement");
}

void
template_free(Template *t)
{
    if (!t)
        return;
    free(t->bytes);
    free(t->file);
    free(t->places);
    free(t->made);
    free(t);
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

/* Whether a reference to a group begins at the backslash `at`. */
static bool
is_reference(SxBytes text, size_t at)
{
    return text.data[at] == '\\' && at + 1 < text.len && (isdigit(text.data[at + 1]) || text.data[at + 1] == '{');
}

/* The length of \1 or \{name}; 0 when it is malformed. */
static size_t
reference_length(SxBytes text, size_t at, SxError *err)
{
    if (text.data[at + 1] != '{')
        return 2;
    const uint8_t *end = memchr(text.data + at, '}', text.len - at);
    size_t len = end ? (size_t)(end - text.data) - at - 2 : 0;
    if (len > 0 && len <= NAME_MAX_LEN)
        return len + 3;
    (void)sx_fail_at(err, at + 1, end ? "\\{ } wants the name or the number of a group" : "\\{ is never closed");
    return 0;
}

static bool
add_place(Template *t, SxBytes reference, SxError *err)
{
    if (!sx_grow(&t->places, &t->cap, t->count + 1, sizeof *t->places))
        return no_memory(err);
    Place p = {.literal = t->len};
    bool braces = reference.data[1] == '{';
    SxBytes name = sx_bytes(reference.data + (braces ? 2 : 1), reference.len - (braces ? 3 : 1));
    memcpy(p.name, name.data, name.len);
    if (strspn(p.name, "0123456789") == name.len) {
        p.group = (size_t)strtoul(p.name, NULL, 10);
        p.name[0] = '\0';
    }
    t->places[t->count++] = p;
    return true;
}

/* What stands between two references, by the rules of text or of hex. */
static bool
add_literal(Template *t, SxBytes inner, SxSpan part, bool hex, const SxScope *scope, SxError *err)
{
    SxBytes text = sx_bytes(inner.data + part.at, (size_t)part.len);
    uint8_t *bytes;
    char *file = NULL;
    size_t len = 0, used;
    SxString quoted = {0};
    sx_string_add(&quoted, hex ? "{" : "\"");
    sx_string_add_bytes(&quoted, text);
    sx_string_add(&quoted, hex ? "}" : "\"");
    bool ok = !quoted.failed && bytes_parse(sx_bytes(quoted.data, quoted.len), scope, &bytes, &len, &file, &used, err);
    sx_string_clear(&quoted);
    if (ok && len > 0)
        memcpy(t->bytes + t->len, bytes, len);
    if (ok)
        free(bytes);
    else if (err && err->column)
        err->column += (uint32_t)part.at;
    t->len += len;
    return ok;
}

/* `inner` without its quotes or braces. */
static bool
read_parts(Template *t, SxBytes inner, bool hex, const SxScope *scope, SxError *err)
{
    t->bytes = malloc(inner.len + 1);
    if (!t->bytes)
        return no_memory(err);
    size_t from_here = 0;
    for (size_t i = 0; i < inner.len;) {
        size_t n = is_reference(inner, i) ? reference_length(inner, i, err) : 1;
        if (n == 0)
            return false;
        if (n > 1) {
            if (!add_literal(t, inner, sx_span(from_here, i), hex, scope, err) ||
                !add_place(t, sx_bytes(inner.data + i, n), err))
                return false;
            from_here = i + n;
        } else if (inner.data[i] == '\\' && i + 1 < inner.len) {
            n = 2;
        }
        i += n;
    }
    return add_literal(t, inner, sx_span(from_here, inner.len), hex, scope, err);
}

/* The part of `text` that a replacement with references takes; `inner` is what lies inside its signs. */
static bool
outline(SxBytes text, SxBytes *inner, bool *hex, size_t *used)
{
    *hex = text.len > 0 && text.data[0] == '{';
    bool quoted = text.len > 0 && text.data[0] == '"';
    size_t end = word_length(text);
    if (quoted)
        end = closing_quote(text);
    for (size_t i = 1; *hex && i < text.len; i++) {
        bool named = is_reference(text, i) && text.data[i + 1] == '{';
        const uint8_t *close = named ? memchr(text.data + i, '}', text.len - i) : NULL;
        i = close ? (size_t)(close - text.data) : i;
        end = i;
        if (!close && text.data[i] == '}')
            break;
    }
    bool bare = !quoted && !*hex;
    if (end >= text.len + bare || (*hex && text.data[end] != '}'))
        return false;
    *inner = bare ? sx_bytes(text.data, end) : sx_bytes(text.data + 1, end - 1);
    *used = end + !bare;
    return true;
}

static bool
has_reference(SxBytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_reference(text, i))
            return true;
        i += text.data[i] == '\\';
    }
    return false;
}

static bool
read_template(Template *t, SxBytes text, const SxScope *scope, size_t *used, SxError *err)
{
    SxBytes inner;
    bool hex;
    if (outline(text, &inner, &hex, used) && has_reference(inner))
        return read_parts(t, inner, hex, scope, err);
    return bytes_parse(text, scope, &t->bytes, &t->len, &t->file, used, err);
}

bool
template_parse(Template **out, SxBytes text, const SxScope *scope, size_t *used, SxError *err)
{
    Template *t = calloc(1, sizeof *t);
    if (!t)
        return no_memory(err);
    if (!read_template(t, text, scope, used, err)) {
        template_free(t);
        return false;
    }
    *out = t;
    return true;
}

/* --- use --------------------------------------------------------------------------------------------------------------- */

static bool
bind_place(Place *p, const SxPattern *pattern, SxError *err)
{
    if (p->name[0] && !sx_pattern_group_named(pattern, p->name, &p->group))
        return sx_fail(err, SX_ERR_UNKNOWN, "the pattern has no group called %s", p->name);
    size_t groups = sx_pattern_groups(pattern);
    if (p->group > groups)
        return sx_fail(err, SX_ERR_UNKNOWN, "no group %zu: the pattern has %zu", p->group, groups);
    return true;
}

bool
template_bind(Template *t, const SxPattern *p, SxError *err)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!bind_place(&t->places[i], p, err))
            return false;
    }
    if (!t->file)
        return true;
    SxBytes bytes;
    uint8_t *loaded;
    Arg arg = {.file = t->file};
    if (!arg_bytes(&arg, &loaded, &bytes, err))
        return false;
    free(t->file);
    t->file = NULL;
    t->bytes = loaded;
    t->len = bytes.len;
    return true;
}

bool
template_has_groups(const Template *t)
{
    return t->count > 0;
}

/* A group that took no part is empty. */
static SxSpan
group_of(const Place *p, const SxMatch *m)
{
    if (p->group == 0)
        return m->span;
    bool set = p->group < m->groups && m->group[p->group].at != UINT64_MAX;
    return set ? m->group[p->group] : (SxSpan){0, 0};
}

static bool
measure(const Template *t, const SxMatch *m, size_t *len, SxError *err)
{
    uint64_t sum = t->len;
    for (size_t i = 0; i < t->count; i++) {
        uint64_t group = group_of(&t->places[i], m).len;
        if (group > EXPANDED_MAX - sum)
            return sx_fail(err, SX_ERR_LIMIT, "0x%llx: the replacement would be over 64 MiB long",
                           (unsigned long long)m->span.at);
        sum += group;
    }
    *len = (size_t)sum;
    return true;
}

bool
template_expand(Template *t, const SxMatch *match, SxSource *source, SxBytes *out, SxError *err)
{
    size_t len = 0, put = 0, done = 0;
    *out = sx_bytes(t->bytes, t->len);
    if (t->count == 0)
        return true;
    if (!measure(t, match, &len, err))
        return false;
    if (!sx_grow(&t->made, &t->cap_made, len + 1, 1))
        return no_memory(err);
    for (size_t i = 0; i < t->count; i++) {
        const Place *p = &t->places[i];
        SxSpan group = group_of(p, match);
        memcpy(t->made + put, t->bytes + done, p->literal - done);
        put += p->literal - done;
        done = p->literal;
        if (group.len > 0 && !sx_source_read(source, group, t->made + put, err))
            return false;
        put += (size_t)group.len;
    }
    memcpy(t->made + put, t->bytes + done, t->len - done);
    *out = sx_bytes(t->made, len);
    return true;
}
