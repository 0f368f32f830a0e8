/* man.c - sextant.1, in man(7). */
#include "gen/gen.h"

#include <stdio.h>
#include <string.h>

/* Text in which no sign means anything to troff. */
static void
plain(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            (void)fputs("\\e", stdout);
        else if (*c == '-')
            (void)fputs("\\-", stdout);
        else if (*c == '\'')
            (void)fputs("\\(aq", stdout);
        else if (*c == '`')
            (void)fputs("\\(ga", stdout);
        else if (*c == '^')
            (void)fputs("\\(ha", stdout);
        else if (*c == '~')
            (void)fputs("\\(ti", stdout);
        else if (*c == '.' && c == text)
            (void)fputs("\\&.", stdout);
        else
            (void)putchar(*c);
    }
}

static void
line(const char *text)
{
    plain(text);
    (void)putchar('\n');
}

static void
print_option(const Option *o)
{
    (void)puts(".TP");
    (void)fputs(".B ", stdout);
    if (o->letter)
        (void)printf("\\-%c%s", o->letter, o->name[0] ? ", " : "");
    if (o->name[0]) {
        (void)fputs("\\-\\-", stdout);
        plain(o->name);
    }
    if (o->argument[0]) {
        (void)fputs(" \\fI", stdout);
        plain(o->argument);
        (void)fputs("\\fR", stdout);
    }
    (void)putchar('\n');
    (void)printf("%s.\n", o->help);
}

static void
print_command(const Command *c)
{
    char keys[256];
    (void)puts(".TP");
    (void)fputs(".B ", stdout);
    plain(c->name);
    if (c->args) {
        (void)fputs(" \\fR", stdout);
        plain(c->args);
    }
    (void)putchar('\n');
    plain(c->help);
    (void)puts(".");
    if (c->more)
        line(c->more);
    if (c->flags & CMD_SCREEN)
        line("Needs a screen.");
    if (c->aliases)
        (void)printf("Also: %s.\n", c->aliases);
    if (*gen_keys(c, keys, sizeof keys)) {
        (void)fputs("Keys: ", stdout);
        line(keys);
    }
}

static void
print_group(const char *group)
{
    (void)printf(".SS %s\n", group);
    for (size_t i = 0; i < n_gen_commands; i++)
        if (!strcmp(gen_commands[i].group, group))
            print_command(&gen_commands[i]);
}

static const char head[] =
    ".\\\" Made by src/gen from the tables in src/command; edit those.\n"
    ".TH SEXTANT 1\n"
    ".SH NAME\n"
    "sextant \\- look at files of any size, search them, change them\n"
    ".SH SYNOPSIS\n"
    ".B sextant\n"
    "[\\fIOPTION\\fR]... [\\fIFILE\\fR[\\fB@\\fIOFFSET\\fR[\\fB+\\fILENGTH\\fR]]]... [\\fB+\\fIPOSITION\\fR]\n"
    ".SH DESCRIPTION\n"
    "Sextant shows anything that has bytes and offsets as hex and as text, finds anything in it, and changes any byte.\n"
    "The file is opened in COPY: it stays untouched until\n"
    ".BR write .\n"
    "With\n"
    ".B \\-e\n"
    "or\n"
    ".B \\-s\n"
    "it runs commands without a screen; where standard output is no terminal it dumps the file.\n"
    "\\fB\\-\\fR is standard input.\n";

static const char tail[] =
    ".SH ARGUMENTS OF COMMANDS\n"
    ".TP\n.I OFFSET\nAn expression: 0x40, +16, end\\-4, 50%, . (the cursor), \\(aqa (a mark), u32le(.), 4K, (a + b) * 2.\n"
    "A sign in front counts from the cursor. An expression with spaces goes in ( ).\n"
    ".TP\n.I RANGE\nA:B, half open, sides optional, negative from the end; A +N; sel; all; \\(aqa.\n"
    ".TP\n.I BYTES\n\"text\\en\", {75 74}, u32le 4096, file NAME, or one bare word, which is text.\n"
    ".TP\n.I REPLACEMENT\nBYTES, or with parts of the match in them: \"\\e2 \\e1\", \\e0 (all of it), \\e{name}, {5b \\e1 5d}.\n"
    ".TP\n.I PATTERN\nSee PATTERNS.\n"
    ".TP\n.I FORM\ntext (20\\-7e as they are, \\et \\en \\er \\e\\e, else \\exNN), hex, raw, base64, c, python, dump.\n"
    ".PP\n.IB NAME !\nmeans \"without asking\".\n"
    ".SH WITHOUT A SCREEN\n"
    "Commands run in the order given, on the first file. The first one that does not succeed ends the run, not found\n"
    "included;\n.B try\ngoes on after a not-found. Standard output has results only, one a line, fields separated by one\n"
    "TAB; messages go to standard error as \"sextant: FILE: COMMAND: TEXT\".\n"
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone.\n"
    ".TP\n.B 1\nNot found, nothing to undo.\n"
    ".TP\n.B 2\nWrong usage, a bad pattern, an unknown command.\n"
    ".TP\n.B 3\nFailed, refused, or changes were left unwritten at the end.\n"
    ".TP\n.B 4\nCancelled, or a limit.\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "sextant firmware.bin\n"
    "sextant \\-e \\(aqfind \"ERROR\"\\(aq \\-e \\(aqassign . +5 FIXED\\(aq \\-e write log.txt\n"
    "sextant \\-\\-json \\-e \\(aqfindall /[0\\-9]+/ max 10\\(aq log.txt\n"
    "sextant \\-W \\-e \\(aqassign 0x1fe:0x200 {55 aa}\\(aq disk.img\n"
    ".fi\n";

static void
print_positions(void)
{
    for (size_t i = 0; i < n_gen_positions; i++) {
        (void)fputs(".TP\n\\fB", stdout);
        plain(gen_positions[i].typed);
        (void)puts("\\fR");
        plain(gen_positions[i].help);
        (void)puts(".");
    }
}

static void
print_patterns(void)
{
    (void)puts(".SH PATTERNS");
    for (size_t i = 0; i < n_gen_patterns; i++) {
        (void)fputs(".TP\n\\fB", stdout); /* not .B, which takes quotes away */
        plain(gen_patterns[i].example);
        (void)puts("\\fR");
        line(gen_patterns[i].finds);
    }
}

void
print_man(void)
{
    (void)fputs(head, stdout);
    (void)puts(".SH OPTIONS");
    for (size_t i = 0; i < n_gen_options; i++)
        print_option(&gen_options[i]);
    print_positions();
    (void)puts(".SH COMMANDS");
    const char *group;
    for (size_t i = 0; (group = gen_group(i)); i++)
        print_group(group);
    print_patterns();
    (void)fputs(tail, stdout);
}
