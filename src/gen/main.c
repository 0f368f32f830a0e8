/* main.c - prints one kind of text made from the tables. */
#include "gen/gen.h"

#include <stdio.h>
#include <string.h>

static const struct Kind {
    const char *name;
    void (*print)(void);
} kinds[] = {
    {"man", print_man},   {"commands", print_commands}, {"keys", print_keys},
    {"bash", print_bash}, {"zsh", print_zsh},           {"fish", print_fish},
};

int
main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(argv[1], kinds[i].name) != 0)
            continue;
        kinds[i].print();
        return fflush(stdout) ? 1 : 0;
    }
    (void)fputs("gen man|commands|keys|bash|zsh|fish\n", stderr);
    return 2;
}
