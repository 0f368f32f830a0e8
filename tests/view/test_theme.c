/* test_theme.c - theme files: what is read, what is refused, what it looks like on terminals with fewer colours. */
#include "fixture.h"

#define INDEX(n) (SX_COLOUR_INDEX | (n))
#define NONE     SX_COLOUR_NONE

static SxTheme *
parse(const char *text, char **warnings)
{
    SxTheme *t = NULL;
    SxError err = {.text = ""};
    if (!sx_theme_parse(&t, "test", sx_bytes(text, strlen(text)), warnings, &err))
        diag("%s", err.text);
    return t;
}

static void
looks(void)
{
    static const struct {
        const char *text;
        SxStyles styles;
        SxColourDepth depth;
        uint32_t fg, bg;
        unsigned attributes;
    } cases[] = {
        {"[style]\nmatch = red", SX_STYLE(MATCH), SX_DEPTH_256, INDEX(1), NONE, 0},
        {"[style]\nmatch = red on 17 bold", SX_STYLE(MATCH), SX_DEPTH_256, INDEX(1), INDEX(17), SX_ATTR_BOLD},
        {"[style]\nmatch=bold on #ff8000 underline", SX_STYLE(MATCH), SX_DEPTH_TRUE, NONE, 0xff8000,
         SX_ATTR_BOLD | SX_ATTR_UNDERLINE},
        {"[palette]\nrust = #bf616a\n[style]\nmatch = rust", SX_STYLE(MATCH), SX_DEPTH_TRUE, 0xbf616a, NONE, 0},
        {"[palette]\nrust = #bf616a\n[style]\nmatch = rust", SX_STYLE(MATCH), SX_DEPTH_256, INDEX(131), NONE, 0},
        {"[style]\nmatch = #ff0000", SX_STYLE(MATCH), SX_DEPTH_16, INDEX(9), NONE, 0},
        {"[style]\nmatch = #f00000", SX_STYLE(MATCH), SX_DEPTH_8, INDEX(1), NONE, 0},
        {"[style]\nmatch = bright-red", SX_STYLE(MATCH), SX_DEPTH_8, INDEX(1), NONE, 0},
        {"[style]\nbyte.zero = grey", SX_STYLE(BYTE_ZERO), SX_DEPTH_8, NONE, NONE, SX_ATTR_DIM},
        {"[style]\nbyte.zero = grey", SX_STYLE(BYTE_ZERO), SX_DEPTH_16, INDEX(8), NONE, 0},
        {"[style]\nmatch = black on yellow", SX_STYLE(MATCH), SX_DEPTH_MONO, NONE, NONE, SX_ATTR_UNDERLINE},
        {"[style]\nmatch = red\n[style mono]\nmatch = on red", SX_STYLE(MATCH), SX_DEPTH_MONO, NONE, NONE,
         SX_ATTR_REVERSE},
        {"[style]\nmatch = red\n[style 16]\nmatch = blue", SX_STYLE(MATCH), SX_DEPTH_16, INDEX(4), NONE, 0},
        {"[style]\nmatch = red\n[style 16]\nmatch = blue", SX_STYLE(MATCH), SX_DEPTH_256, INDEX(1), NONE, 0},
        /* a missing one takes after its dotted parent, then after default */
        {"[style]\nmatch = red", SX_STYLE(MATCH_CURRENT), SX_DEPTH_256, INDEX(1), NONE, 0},
        {"[style]\nstatus = green bold", SX_STYLE(STATUS_HINT), SX_DEPTH_256, INDEX(2), NONE, SX_ATTR_BOLD},
        {"[style]\ndefault = white on blue", SX_STYLE(LOST), SX_DEPTH_256, INDEX(7), INDEX(4), 0},
        {"[style]\ndefault = white on blue", 0, SX_DEPTH_256, INDEX(7), INDEX(4), 0},
        /* of many the last wins each colour, attributes gather */
        {"[style]\nchanged = red on blue bold\nmatch = black on yellow\nselection = reverse",
         SX_STYLE(CHANGED) | SX_STYLE(MATCH) | SX_STYLE(SELECTION), SX_DEPTH_256, INDEX(0), INDEX(3),
         SX_ATTR_BOLD | SX_ATTR_REVERSE},
        {"[style]\nlost = on red\nmatch = black on yellow", SX_STYLE(LOST) | SX_STYLE(MATCH), SX_DEPTH_256, INDEX(0),
         INDEX(1), 0},
        /* never ink on ink */
        {"[style]\nmatch = red on #ff0001", SX_STYLE(MATCH), SX_DEPTH_8, INDEX(0), INDEX(1), 0},
        {"# only notes\n\n  # more\n", SX_STYLE(MATCH), SX_DEPTH_256, NONE, NONE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxTheme *t = parse(cases[i].text, NULL);
        SxLook l = t ? sx_theme_look(t, cases[i].styles, cases[i].depth) : (SxLook){0, 0, 0};
        if (!ok(t && l.fg == cases[i].fg && l.bg == cases[i].bg && l.attributes == cases[i].attributes, "%s, depth %d",
                cases[i].text, cases[i].depth))
            diag("fg %x bg %x attributes %u", l.fg, l.bg, l.attributes);
        sx_theme_free(t);
    }
}

static void
warnings(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"[style]\nmatch = red\n", ""},
        {"[style]\nmaatch = red\n", "line 2: no such style: maatch\n"},
        {"[style]\n\nmatch = rad\n", "line 3: no such colour or attribute: rad\n"},
        {"[syle]\nx = y\n", "line 1: no such section: syle\n"},
        {"[meta]\nauthor = me\nbackground = blue\n",
         "line 2: no such setting: author\nline 3: no such setting: background\n"},
        {"[palette]\nink = #12345\n", "line 2: no such colour: #12345\n"},
        {"[palette]\nink = 256\n", "line 2: no such colour: 256\n"},
        {"[style]\nmatch = \x1b[31m\n", "line 2: no such colour or attribute: \\x1b[31m\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = NULL;
        SxTheme *t = parse(cases[i].text, &got);
        is_text(got ? got : "", cases[i].want, "warnings %zu", i);
        sx_theme_free(t);
        free(got);
    }
}

static void
refusals(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"match = red", "theme 'test', line 1: a [section] comes first"},
        {"[style]\nmatch red", "theme 'test', line 2: neither [section] nor name = value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxTheme *t = NULL;
        SxError err = {0};
        ok(!sx_theme_parse(&t, "test", sx_bytes(cases[i].text, strlen(cases[i].text)), NULL, &err) && !t, "refused");
        is_text(err.text, cases[i].want, "with the line");
        is(err.code, SX_ERR_SYNTAX, "as syntax");
    }
    SxTheme *t = NULL;
    SxError err = {0};
    ok(!sx_theme_builtin(&t, "no such", &err) && err.code == SX_ERR_UNKNOWN, "a name that nobody knows: %s", err.text);
}

/* The rules of the documentation of looks, for every theme that is shipped. */
static void
shipped(const char *name)
{
    static const SxStyleId marks[] = {SX_STYLE_CHANGED, SX_STYLE_INSERTED, SX_STYLE_MATCH, SX_STYLE_MATCH_CURRENT,
                                      SX_STYLE_SELECTION, SX_STYLE_LOST, SX_STYLE_WRITTEN, SX_STYLE_BADGE_THROUGH};
    SxTheme *t = NULL;
    SxError err = {0};
    if (!ok(sx_theme_builtin(&t, name, &err), "%s is built in", name))
        return;
    for (int depth = SX_DEPTH_MONO; depth <= SX_DEPTH_TRUE; depth++) {
        SxLook plain = sx_theme_look(t, 0, (SxColourDepth)depth);
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            SxLook l = sx_theme_look(t, UINT64_C(1) << marks[i], (SxColourDepth)depth);
            ok(l.attributes != plain.attributes || l.bg != plain.bg, "%s, depth %d: %s is seen without its foreground",
               name, depth, sx_style_name(marks[i]));
        }
        for (SxStyleId class = SX_STYLE_BYTE_ZERO; class <= SX_STYLE_BYTE_HIGH; class++)
            ok(sx_theme_look(t, UINT64_C(1) << class, (SxColourDepth)depth).bg == plain.bg,
               "%s, depth %d: %s is foreground only", name, depth, sx_style_name(class));
    }
    SxLook current = sx_theme_look(t, SX_STYLE(MATCH) | SX_STYLE(MATCH_CURRENT), SX_DEPTH_256);
    SxLook match = sx_theme_look(t, SX_STYLE(MATCH), SX_DEPTH_256);
    ok(memcmp(&current, &match, sizeof match) != 0, "%s: the current match differs from the others", name);
    sx_theme_free(t);
}

static void
style_names(void)
{
    unsigned bad = 0;
    for (unsigned i = 0; i < SX_STYLE_COUNT; i++) {
        SxStyleId id;
        bad += !sx_style_find(sx_style_name((SxStyleId)i), &id) || id != i;
    }
    is(bad, 0, "every style is found by its name");
}

int
main(void)
{
    looks();
    warnings();
    refusals();
    size_t i = 0;
    for (const char *name; (name = sx_theme_builtin_name(i)); i++)
        shipped(name);
    is(i, 5, "five themes are built in");
    style_names();
    return done_testing();
}
