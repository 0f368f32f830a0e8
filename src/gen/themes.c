/*
 * themes.c - themes as a C table: `make_themes OUT MONO.theme NAME.theme...` writes the definition of builtin_themes.
 *
 * They are parsed here, when Sextant is built, so that starting it parses nothing and an error in one breaks the build.
 * The first is what the others look like on terminals without colour, where they say nothing of those.
 */
#include <stdio.h>
#include <string.h>

#include "view/theme.h"

enum { THEME_MAX = 65536 };

static bool
read_theme(SxTheme *out, const char *path, const SxTheme *mono)
{
    static char text[THEME_MAX];
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return false;
    }
    size_t len = fread(text, 1, sizeof text, in);
    bool whole = !ferror(in) && len < sizeof text;
    fclose(in);
    SxString warnings = {0};
    SxError err = {0};
    bool done = whole && theme_parse(out, sx_bytes(text, len), mono, &warnings, &err);
    if (!done || warnings.len)
        fprintf(stderr, "%s: %s\n", path, done ? warnings.data : whole ? err.text : "cannot be read");
    done &= !warnings.len;
    sx_string_clear(&warnings);
    return done;
}

/* "path/dark.theme" is called "dark". */
static void
write_name(FILE *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    fprintf(out, "\"%.*s\"", dot ? (int)(dot - name) : (int)strlen(name), name);
}

static void
write_theme(FILE *out, int index, const SxTheme *t)
{
    fprintf(out, "static const SxTheme theme%d = {{\n", index);
    for (unsigned level = 0; level < LEVEL_COUNT; level++) {
        fprintf(out, "    {\n");
        for (unsigned i = 0; i < SX_STYLE_COUNT; i++) {
            SxLook look = t->looks[level][i];
            fprintf(out, "        {0x%x, 0x%x, %u}, /* %s */\n", look.fg, look.bg, look.attributes,
                    sx_style_name((SxStyleId)i));
        }
        fprintf(out, "    },\n");
    }
    fprintf(out, "}};\n\n");
}

static void
write_table(FILE *out, int count, char **paths)
{
    fprintf(out, "const BuiltinTheme builtin_themes[] = {\n");
    for (int i = 0; i < count; i++) {
        fprintf(out, "    {");
        write_name(out, paths[i]);
        fprintf(out, ", &theme%d},\n", i);
    }
    fprintf(out, "    {0},\n};\n");
}

static bool
write_themes(FILE *out, int count, char **paths)
{
    SxTheme mono, theme;
    if (!read_theme(&mono, paths[0], NULL))
        return false;
    fprintf(out, "/* made from themes/ at build */\n#include \"view/theme.h\"\n\n");
    for (int i = 0; i < count; i++) {
        if (!read_theme(&theme, paths[i], i ? &mono : NULL))
            return false;
        write_theme(out, i, &theme);
    }
    write_table(out, count, paths);
    return true;
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: make_themes OUT MONO.theme NAME.theme...\n");
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    bool done = write_themes(out, argc - 2, argv + 2);
    return fclose(out) != 0 || !done;
}
