/* markdown.c - doc/commands.md and doc/keys.md. */
#include "gen/gen.h"

#include <stdio.h>
#include <string.h>

#include "command/line_help.h"

/* In a cell of a table: | would end it. */
static void
cell(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '|')
            (void)fputs("&#124;", stdout);
        else
            (void)putchar(*c);
    }
}

/* As code; a backtick in it needs two around. */
static void
code(const char *text)
{
    const char *fence = strchr(text, '`') ? "``" : "`";
    (void)printf("%s%s", fence, fence[1] ? " " : "");
    cell(text);
    (void)printf("%s%s", fence[1] ? " " : "", fence);
}

static void
print_command(const Command *c)
{
    char keys[256];
    (void)printf("### `%s%s%s`\n\n%s.", c->name, c->args ? " " : "", c->args ? c->args : "", c->help);
    if (c->more)
        (void)printf(" %s", c->more);
    if (c->flags & CMD_SCREEN)
        (void)fputs(" Needs a screen.", stdout);
    if (c->aliases)
        (void)printf(" Also `%s`.", c->aliases);
    if (*gen_keys(c, keys, sizeof keys)) {
        (void)fputs(" Keys: ", stdout);
        code(keys);
        (void)putchar('.');
    }
    (void)fputs("\n\n", stdout);
}

static void
print_group(const char *group)
{
    (void)printf("## %s\n\n", group);
    for (size_t i = 0; i < n_gen_commands; i++)
        if (!strcmp(gen_commands[i].group, group))
            print_command(&gen_commands[i]);
}

/* No cells here: | is itself. */
static void
print_patterns(void)
{
    (void)puts("## Patterns\n");
    for (size_t i = 0; i < n_gen_patterns; i++)
        (void)printf("- `%s`: %s\n", gen_patterns[i].example, gen_patterns[i].finds);
    (void)putchar('\n');
}

void
print_commands(void)
{
    const char *group;
    (void)puts("<!-- made by src/gen from the tables in src/command; edit those -->\n"
               "# Commands\n\n"
               "For `:`, `-e`, `-s` and keys. Upper-case words stand for values, `[ ]` for what may be left out, `a/b` "
               "for a choice.\n`NAME!` means without asking.\n\n"
               "- OFFSET is an expression: `0x40`, `+16`, `end-4`, `50%`, `.` (the cursor), `'a` (a mark), `u32le(.)`, "
               "`4K`; one with\n  spaces goes in `( )`. RANGE is `A:B` (half open, sides optional, negative from the "
               "end), `A +N`, `sel`, `all`, `'a`.\n"
               "- BYTES is `\"text\\n\"`, `{75 74}`, `u32le 4096`, `file NAME`, or one bare word. PATTERN: see below. REPLACEMENT\n  is BYTES, or with parts of the "
               "match in them: `\"\\2 \\1\"`, `\\0` (all of it), `\\{name}`, `{5b \\1 5d}`.\n"
               "- FORM is `text`, `hex`, `raw`, `base64`, `c`, `python` or `dump`.\n");
    print_patterns();
    for (size_t i = 0; (group = gen_group(i)); i++)
        print_group(group);
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static const Command *
command_of(const Binding *b)
{
    size_t len = strcspn(b->command, " !");
    for (size_t i = 0; i < n_gen_commands; i++)
        if (strlen(gen_commands[i].name) == len && !memcmp(gen_commands[i].name, b->command, len))
            return &gen_commands[i];
    return NULL;
}

static const char *
modes_of(const Binding *b)
{
    static const struct Modes {
        unsigned modes;
        const char *word;
    } words[] = {
        {IN_ALL, "all"},          {IN_LOOK, "BROWSE, SELECT"}, {IN_EDIT, "OVERWRITE, INSERT"}, {IN_BROWSE, "BROWSE"},
        {IN_SELECT, "SELECT"},    {IN_OVERWRITE, "OVERWRITE"}, {IN_INSERT, "INSERT"},
        {IN_BROWSE | IN_EDIT, "BROWSE, OVERWRITE, INSERT"},    {IN_SELECT | IN_EDIT, "SELECT, OVERWRITE, INSERT"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].modes == b->modes)
            return words[i].word;
    return "some";
}

static void
print_binding(const Binding *b)
{
    const Command *c = command_of(b);
    char help[LINE_HELP];
    (void)fputs("| ", stdout);
    code(b->keys);
    (void)printf(" | %s | ", modes_of(b));
    code(b->command);
    (void)fputs(" | ", stdout);
    cell(line_help(c, b->command, help, sizeof help));
    (void)puts(" |");
}

void
print_keys(void)
{
    (void)puts("<!-- made by src/gen from the tables in src/command; edit those -->\n"
               "# Keys\n\n"
               "Of the preset `sextant`. `C-x` is Ctrl, `M-x` Alt, `S-x` Shift; `g g` is g typed twice. Every key stands "
               "for a command.\n\n"
               "| keys | modes | command | does |\n|---|---|---|---|");
    for (size_t i = 0; i < n_gen_bindings; i++)
        print_binding(&gen_bindings[i]);
}
