/* line_help.c - see line_help.h. */
#include "command/line_help.h"

#include <stdio.h>
#include <string.h>

#define OPTION(id, type, standard, most, help) {#id, help},
static const struct OptionHelp {
    const char *name, *help;
} option_help[] = {
#include "command/options.def"
};
#undef OPTION

/* "wrap=next", "invmap", "nomap", "map" */
static const struct OptionHelp *
option_of(const char *word)
{
    static const char *const before[] = {"", "inv", "no"};
    for (size_t i = 0; i < sizeof option_help / sizeof *option_help; i++) {
        for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
            size_t skip = strlen(before[k]), len = strlen(option_help[i].name);
            if (strncmp(word, before[k], skip) == 0 && strncmp(word + skip, option_help[i].name, len) == 0 &&
                strchr("=", word[skip + len]))
                return &option_help[i];
        }
    }
    return NULL;
}

/* The key at the end of an option's help is the one that is asked about: "the map of the file (zm)". */
static int
without_key(const char *help)
{
    enum { LONGEST = sizeof " (M-c)" - 1 };
    size_t len = strlen(help);
    const char *key = strrchr(help, '(');
    bool named = key && key > help && key[-1] == ' ' && help[len - 1] == ')' && (size_t)(help + len - key) < LONGEST;
    return (int)(named ? (size_t)(key - 1 - help) : len);
}

const char *
line_help(const Command *command, const char *line, char *buf, size_t size)
{
    const struct OptionHelp *o = strncmp(line, "set ", 4) == 0 ? option_of(line + 4) : NULL;
    if (!o)
        return command ? command->help : "";
    snprintf(buf, size, "Set %s: %.*s", o->name, without_key(o->help), o->help);
    return buf;
}
