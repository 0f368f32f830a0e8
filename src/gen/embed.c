/*
 * embed.c - text files as a C table: `embed OUT NAME.theme...` writes the definition of builtin_themes.
 *
 * Bytes are written as numbers: a string literal may be at most 4095 long by the standard.
 */
#include <stdio.h>
#include <string.h>

/* "path/dark.theme" is called "dark". */
static void
write_name(FILE *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    fprintf(out, "\"%.*s\"", dot ? (int)(dot - name) : (int)strlen(name), name);
}

static int
write_bytes(FILE *out, const char *path, int index)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return 1;
    }
    fprintf(out, "static const char text%d[] = {", index);
    int byte;
    for (int n = 0; (byte = getc(in)) != EOF; n++)
        fprintf(out, "%s%d,", n % 20 ? " " : "\n    ", byte < 128 ? byte : byte - 256);
    fprintf(out, "\n    0};\n\n");
    return fclose(in) != 0;
}

static void
write_table(FILE *out, int count, char **paths)
{
    fprintf(out, "const BuiltinTheme builtin_themes[] = {\n");
    for (int i = 0; i < count; i++) {
        fprintf(out, "    {");
        write_name(out, paths[i]);
        fprintf(out, ", text%d, sizeof text%d - 1},\n", i, i);
    }
    fprintf(out, "    {0, 0, 0},\n};\n");
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: embed OUT FILE...\n");
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    fprintf(out, "/* made from themes/ at build */\n#include \"view/theme.h\"\n\n");
    int failed = 0;
    for (int i = 2; i < argc; i++)
        failed |= write_bytes(out, argv[i], i - 2);
    write_table(out, argc - 2, argv + 2);
    failed |= fclose(out) != 0;
    return failed;
}
