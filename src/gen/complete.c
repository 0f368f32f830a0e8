/* complete.c - completions for bash, zsh and fish: options, the command names behind -e, files. */
#include "gen/gen.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void
command_names(void)
{
    for (size_t i = 0; i < n_gen_commands; i++)
        if (!(gen_commands[i].flags & CMD_SCREEN))
            (void)printf("%s ", gen_commands[i].name);
}

static void
option_words(void)
{
    for (size_t i = 0; i < n_gen_options; i++) {
        if (gen_options[i].letter)
            (void)printf(" -%c", gen_options[i].letter);
        if (gen_options[i].name[0])
            (void)printf(" --%s", gen_options[i].name);
    }
}

static bool
is_choice(const char *argument)
{
    return islower((unsigned char)argument[0]) && strchr(argument, '/');
}

/* "hex/dec" as "hex dec". */
static void
choice_words(const char *argument)
{
    for (; *argument; argument++)
        (void)putchar(*argument == '/' ? ' ' : *argument);
}

void
print_bash(void)
{
    (void)fputs("# made by src/gen from the tables in src/command; edit those\n"
                "_sextant()\n{\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    local commands=\"",
                stdout);
    command_names();
    (void)fputs("\"\n    local options=\"", stdout);
    option_words();
    (void)fputs("\"\n    case $before in\n    -e) COMPREPLY=($(compgen -W \"$commands\" -- \"$word\")); return ;;\n", stdout);
    for (size_t i = 0; i < n_gen_options; i++) {
        if (!is_choice(gen_options[i].argument))
            continue;
        (void)printf("    --%s) COMPREPLY=($(compgen -W \"", gen_options[i].name);
        choice_words(gen_options[i].argument);
        (void)fputs("\" -- \"$word\")); return ;;\n", stdout);
    }
    (void)fputs("    esac\n"
                "    case $word in\n"
                "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
                "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
                "    esac\n}\n"
                "complete -o filenames -F _sextant sextant\n",
                stdout);
}

/* Inside '...[help]:name:action': no sign of the table's texts needs more than this. */
static void
zsh_text(const char *text)
{
    for (; *text; text++) {
        if (strchr("[]:\\", *text))
            (void)putchar('\\');
        if (*text == '\'')
            (void)fputs("'\\''", stdout);
        else
            (void)putchar(*text);
    }
}

static void
zsh_action(const Option *o)
{
    if (!o->argument[0])
        return;
    (void)putchar(':');
    zsh_text(o->argument);
    (void)putchar(':');
    if (!strcmp(o->argument, "COMMAND")) {
        (void)fputs("($commands)", stdout);
    } else if (is_choice(o->argument)) {
        (void)putchar('(');
        choice_words(o->argument);
        (void)putchar(')');
    } else if (!strcmp(o->argument, "FILE") || !strcmp(o->argument, "SCRIPT")) {
        (void)fputs("_files", stdout);
    }
}

static void
zsh_option(const Option *o, const char *dashes, const char *name)
{
    bool many = o->letter == 'e' || o->letter == 's';
    (void)printf("    %s%s%s[", many ? "'*" : "'", dashes, name);
    zsh_text(o->help);
    (void)putchar(']');
    zsh_action(o);
    (void)fputs("' \\\n", stdout);
}

void
print_zsh(void)
{
    (void)fputs("#compdef sextant\n# made by src/gen from the tables in src/command; edit those\n"
                "local commands=\"",
                stdout);
    command_names();
    (void)fputs("\"\n_arguments \\\n", stdout);
    for (size_t i = 0; i < n_gen_options; i++) {
        char letter[2] = {gen_options[i].letter, '\0'};
        if (letter[0])
            zsh_option(&gen_options[i], "-", letter);
        if (gen_options[i].name[0])
            zsh_option(&gen_options[i], "--", gen_options[i].name);
    }
    (void)fputs("    '*:file:_files'\n", stdout);
}

static void
fish_text(const char *text)
{
    (void)putchar('\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            (void)putchar('\\');
        (void)putchar(*text);
    }
    (void)putchar('\'');
}

static void
fish_option(const Option *o)
{
    (void)fputs("complete -c sextant", stdout);
    if (o->letter)
        (void)printf(" -s %c", o->letter);
    if (o->name[0])
        (void)printf(" -l %s", o->name);
    if (is_choice(o->argument)) {
        (void)fputs(" -x -a '", stdout);
        choice_words(o->argument);
        (void)putchar('\'');
    } else if (!strcmp(o->argument, "COMMAND")) {
        (void)fputs(" -x -a '", stdout);
        command_names();
        (void)putchar('\'');
    } else if (o->argument[0]) {
        (void)fputs(" -r", stdout);
    }
    (void)fputs(" -d ", stdout);
    fish_text(o->help);
    (void)putchar('\n');
}

void
print_fish(void)
{
    (void)puts("# made by src/gen from the tables in src/command; edit those");
    for (size_t i = 0; i < n_gen_options; i++)
        fish_option(&gen_options[i]);
}
