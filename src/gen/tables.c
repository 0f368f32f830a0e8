/* tables.c - the tables, without what runs. */
#include "gen/gen.h"

#include <stdio.h>
#include <string.h>

#define CMD(id, ...) {.run = NULL, __VA_ARGS__},
const Command gen_commands[] = {
#include "command/commands.def"
};
#undef CMD
const size_t n_gen_commands = sizeof gen_commands / sizeof *gen_commands;

#define KEY(modes, keys, command) {modes, keys, command},
const Binding gen_bindings[] = {
#include "command/bindings.def"
};
#undef KEY
const size_t n_gen_bindings = sizeof gen_bindings / sizeof *gen_bindings;

#define OPTION(id, letter, name, argument, help) {letter, name, argument, help},
const Option gen_options[] = {
#include "command/cli.def"
};
#undef OPTION
const size_t n_gen_options = sizeof gen_options / sizeof *gen_options;

#define POSITION(typed, help) {typed, help},
const Position gen_positions[] = {
#include "command/positions.def"
};
#undef POSITION
const size_t n_gen_positions = sizeof gen_positions / sizeof *gen_positions;

#define PATTERN(example, finds) {example, finds},
const PatternHelp gen_patterns[] = {
#include "command/patterns.def"
};
#undef PATTERN
const size_t n_gen_patterns = sizeof gen_patterns / sizeof *gen_patterns;

static bool
seen_before(size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (!strcmp(gen_commands[j].group, gen_commands[i].group))
            return true;
    return false;
}

const char *
gen_group(size_t n)
{
    for (size_t i = 0; i < n_gen_commands; i++)
        if (!seen_before(i) && n-- == 0)
            return gen_commands[i].group;
    return NULL;
}

static bool
runs(const Binding *b, const Command *c)
{
    size_t len = strcspn(b->command, " ");
    return strlen(c->name) == len && memcmp(b->command, c->name, len) == 0;
}

const char *
gen_keys(const Command *c, char *buf, size_t size)
{
    size_t used = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < n_gen_bindings; i++) {
        if (!runs(&gen_bindings[i], c))
            continue;
        int n = snprintf(buf + used, size - used, "%s%s", used ? ", " : "", gen_bindings[i].keys);
        if (n < 0 || (size_t)n >= size - used)
            break;
        used += (size_t)n;
    }
    return buf;
}
