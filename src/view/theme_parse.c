/*
 * theme_parse.c - theme files: sections of `name = value` lines.
 *
 * A line that is no such line is an error with its number; a name that is not known only warns, so that a theme for a
 * newer program still works in an older one. Runs when Sextant is built, too: the themes that it brings are parsed then.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "view/theme.h"

enum { PALETTE_MAX = 64, NAME_MAX_LEN = 32, WARNINGS_MAX = 20 };

typedef enum Section { IN_NOTHING, IN_META, IN_PALETTE, IN_STYLE, IN_UNKNOWN } Section;

typedef struct PaletteEntry {
    char name[NAME_MAX_LEN];
    uint32_t colour;
} PaletteEntry;

typedef struct Parser {
    SxTheme *theme;
    bool said[LEVEL_COUNT][SX_STYLE_COUNT];
    Section section;
    ThemeLevel level;
    PaletteEntry palette[PALETTE_MAX];
    size_t n_palette;
    unsigned line; /* 1-based */
    unsigned n_warnings;
    SxString warnings;
    SxError *err;
} Parser;

/* A word, a name or a value: a part of the line. */
typedef struct Text {
    const char *at;
    size_t len;
} Text;

static const char *const colour_names[] = {
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "grey", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
};

static const struct {
    const char *name;
    unsigned attribute;
} attribute_names[] = {
    {"bold", SX_ATTR_BOLD},           {"dim", SX_ATTR_DIM},         {"italic", SX_ATTR_ITALIC},
    {"underline", SX_ATTR_UNDERLINE}, {"reverse", SX_ATTR_REVERSE}, {"blink", SX_ATTR_BLINK},
};

static bool
text_is(Text t, const char *word)
{
    return strlen(word) == t.len && memcmp(t.at, word, t.len) == 0;
}

static bool
blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static Text
trim(Text t)
{
    while (t.len && blank(t.at[0])) {
        t.at++;
        t.len--;
    }
    while (t.len && blank(t.at[t.len - 1]))
        t.len--;
    return t;
}

/* The next word of the line, which shrinks; empty at its end. */
static Text
next_word(Text *line)
{
    *line = trim(*line);
    Text word = {line->at, 0};
    while (word.len < line->len && !blank(line->at[word.len]))
        word.len++;
    line->at += word.len;
    line->len -= word.len;
    return word;
}

static void
warn(Parser *p, const char *what, Text which)
{
    if (p->n_warnings++ >= WARNINGS_MAX)
        return;
    sx_string_addf(&p->warnings, "line %u: %s: ", p->line, what);
    sx_string_add_printable(&p->warnings, sx_bytes(which.at, which.len < 40 ? which.len : 40), SX_PRINTABLE_UTF8);
    sx_string_add(&p->warnings, "\n");
}

static bool
parse_rgb(Text t, uint32_t *out)
{
    if (t.len != 7 || t.at[0] != '#')
        return false;
    uint32_t rgb = 0;
    for (size_t i = 1; i < 7; i++) {
        if (!isxdigit((unsigned char)t.at[i]))
            return false;
        char c = (char)(t.at[i] | 0x20);
        rgb = rgb << 4 | (uint32_t)(c >= 'a' ? c - 'a' + 10 : c & 15);
    }
    *out = rgb;
    return true;
}

static bool
parse_index(Text t, uint32_t *out)
{
    uint32_t n = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9' || n > 255)
            return false;
        n = n * 10 + (uint32_t)(t.at[i] - '0');
    }
    if (!t.len || n > 255)
        return false;
    *out = SX_COLOUR_INDEX | n;
    return true;
}

static bool
parse_colour(const Parser *p, Text t, uint32_t *out)
{
    for (size_t i = 0; i < p->n_palette; i++)
        if (text_is(t, p->palette[i].name))
            return *out = p->palette[i].colour, true;
    for (uint32_t i = 0; i < 16; i++)
        if (text_is(t, colour_names[i]))
            return *out = SX_COLOUR_INDEX | i, true;
    if (text_is(t, "none"))
        return *out = SX_COLOUR_NONE, true;
    return parse_rgb(t, out) || parse_index(t, out);
}

static bool
parse_attribute(Text t, unsigned *attributes)
{
    for (size_t i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++)
        if (text_is(t, attribute_names[i].name))
            return *attributes |= attribute_names[i].attribute, true;
    return false;
}

/* "rust on ink bold": at most one colour before `on`, one behind it, attributes anywhere. */
static SxLook
parse_look(Parser *p, Text value)
{
    SxLook look = {SX_COLOUR_NONE, SX_COLOUR_NONE, 0};
    bool on = false;
    for (Text word = next_word(&value); word.len; word = next_word(&value)) {
        if (text_is(word, "on"))
            on = true;
        else if (!parse_attribute(word, &look.attributes) && !parse_colour(p, word, on ? &look.bg : &look.fg))
            warn(p, "no such colour or attribute", word);
    }
    return look;
}

static void
set_meta(Parser *p, Text key, Text value)
{
    bool background = text_is(key, "background") && (text_is(value, "light") || text_is(value, "dark"));
    if (!background && !text_is(key, "name"))
        warn(p, "no such setting", key);
}

static void
set_palette(Parser *p, Text key, Text value)
{
    uint32_t colour;
    if (!parse_colour(p, value, &colour)) {
        warn(p, "no such colour", value);
        return;
    }
    if (p->n_palette == PALETTE_MAX || key.len >= NAME_MAX_LEN) {
        warn(p, "too many colours, or too long a name", key);
        return;
    }
    PaletteEntry *entry = &p->palette[p->n_palette++];
    memcpy(entry->name, key.at, key.len);
    entry->name[key.len] = '\0';
    entry->colour = colour;
}

static void
set_style(Parser *p, Text key, Text value)
{
    char name[NAME_MAX_LEN];
    snprintf(name, sizeof name, "%.*s", (int)(key.len < sizeof name ? key.len : sizeof name), key.at);
    SxLook look = parse_look(p, value);
    SxStyleId id;
    if (key.len >= sizeof name || !sx_style_find(name, &id)) {
        warn(p, "no such style", key);
        return;
    }
    p->theme->looks[p->level][id] = look;
    p->said[p->level][id] = true;
}

static void
set_section(Parser *p, Text name)
{
    static const struct {
        const char *name;
        Section section;
        ThemeLevel level;
    } sections[] = {
        {"meta", IN_META, LEVEL_COLOUR},          {"palette", IN_PALETTE, LEVEL_COLOUR},
        {"style", IN_STYLE, LEVEL_COLOUR},        {"style 16", IN_STYLE, LEVEL_SIXTEEN},
        {"style mono", IN_STYLE, LEVEL_MONO},
    };
    p->section = IN_UNKNOWN;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        if (text_is(name, sections[i].name)) {
            p->section = sections[i].section;
            p->level = sections[i].level;
            return;
        }
    }
    warn(p, "no such section", name);
}

static bool
set_pair(Parser *p, Text key, Text value)
{
    switch (p->section) {
    case IN_META:
        set_meta(p, key, value);
        return true;
    case IN_PALETTE:
        set_palette(p, key, value);
        return true;
    case IN_STYLE:
        set_style(p, key, value);
        return true;
    case IN_UNKNOWN:
        return true;
    case IN_NOTHING:
        break;
    }
    return sx_fail(p->err, SX_ERR_SYNTAX, "line %u: a [section] comes first", p->line);
}

static bool
parse_line(Parser *p, Text line)
{
    line = trim(line);
    if (!line.len || line.at[0] == '#')
        return true;
    if (line.at[0] == '[' && line.at[line.len - 1] == ']') {
        set_section(p, (Text){line.at + 1, line.len - 2});
        return true;
    }
    const char *equals = memchr(line.at, '=', line.len);
    if (!equals)
        return sx_fail(p->err, SX_ERR_SYNTAX, "line %u: neither [section] nor name = value", p->line);
    size_t before = (size_t)(equals - line.at);
    return set_pair(p, trim((Text){line.at, before}), trim((Text){equals + 1, line.len - before - 1}));
}

static bool
parse_lines(Parser *p, SxBytes text)
{
    const char *at = (const char *)text.data;
    size_t left = text.len;
    while (left) {
        const char *end = memchr(at, '\n', left);
        size_t len = end ? (size_t)(end - at) : left;
        p->line++;
        if (!parse_line(p, (Text){at, len}))
            return false;
        size_t used = len + (end ? 1 : 0);
        at += used;
        left -= used;
    }
    return true;
}

enum { NO_PARENT = SX_STYLE_COUNT };

/* The nearest style that `id` is a dotted child of, or NO_PARENT. */
static unsigned
parent_of(SxStyleId id)
{
    const char *name = sx_style_name(id);
    for (const char *dot = strrchr(name, '.'); dot; dot = memrchr(name, '.', (size_t)(dot - name))) {
        size_t len = (size_t)(dot - name);
        for (unsigned i = 0; i < SX_STYLE_COUNT; i++) {
            const char *at = sx_style_name((SxStyleId)i);
            if (at[0] == name[0] && strncmp(at, name, len) == 0 && !at[len])
                return i;
        }
    }
    return NO_PARENT;
}

/* The nearest style that the theme names: itself for fewer colours, itself, then its dotted parents. */
static SxLook
inherited(const Parser *p, const unsigned *parents, ThemeLevel level, unsigned id)
{
    for (; id != NO_PARENT; id = parents[id]) {
        if (p->said[level][id])
            return p->theme->looks[level][id];
        if (p->said[LEVEL_COLOUR][id])
            return p->theme->looks[LEVEL_COLOUR][id];
    }
    return (SxLook){SX_COLOUR_NONE, SX_COLOUR_NONE, 0};
}

static void
inherit(Parser *p)
{
    unsigned parents[SX_STYLE_COUNT];
    for (unsigned i = 0; i < SX_STYLE_COUNT; i++)
        parents[i] = parent_of((SxStyleId)i);
    for (unsigned level = 0; level < LEVEL_COUNT; level++)
        for (unsigned i = 0; i < SX_STYLE_COUNT; i++)
            if (!p->said[level][i])
                p->theme->looks[level][i] = inherited(p, parents, (ThemeLevel)level, i);
}

static bool
says_mono(const Parser *p)
{
    for (unsigned i = 0; i < SX_STYLE_COUNT; i++)
        if (p->said[LEVEL_MONO][i])
            return true;
    return false;
}

bool
theme_parse(SxTheme *out, SxBytes text, const SxTheme *mono, SxString *warnings, SxError *err)
{
    Parser *p = calloc(1, sizeof *p);
    if (!p)
        return sx_fail(err, SX_ERR_NOMEM, "no memory to read it");
    *p = (Parser){.theme = out, .err = err};
    *out = (SxTheme){0};
    bool done = parse_lines(p, text);
    inherit(p);
    if (mono && !says_mono(p))
        memcpy(out->looks[LEVEL_MONO], mono->looks[LEVEL_MONO], sizeof out->looks[LEVEL_MONO]);
    *warnings = p->warnings;
    free(p);
    return done;
}
