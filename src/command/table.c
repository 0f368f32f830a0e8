/* table.c - the commands and the keys as const arrays, and looking names up in them. */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#define CMD(id, ...) {.run = cmd_##id, __VA_ARGS__},
const Command commands[] = {
#include "command/commands.def"
};
#undef CMD
const size_t n_commands = sizeof commands / sizeof *commands;

#define KEY(modes, keys, command) {modes, keys, command},
const Binding bindings[] = {
#include "command/bindings.def"
    {0, NULL, NULL},
};
#undef KEY
const size_t n_bindings = sizeof bindings / sizeof *bindings - 1;

#define PATTERN(example, finds) {example, finds},
const PatternHelp pattern_helps[] = {
#include "command/patterns.def"
};
#undef PATTERN
const size_t n_pattern_helps = sizeof pattern_helps / sizeof *pattern_helps;

static bool
word_is(const char *words, const char *name, size_t len)
{
    while (words && *words) {
        size_t n = strcspn(words, " ");
        if (n == len && memcmp(words, name, n) == 0)
            return true;
        words += n;
        words += strspn(words, " ");
    }
    return false;
}

const Command *
command_find(const char *name, size_t len)
{
    for (size_t i = 0; i < n_commands; i++) {
        const Command *c = &commands[i];
        if (strlen(c->name) == len && memcmp(c->name, name, len) == 0)
            return c;
        if (word_is(c->aliases, name, len))
            return c;
    }
    return NULL;
}

const Command *
command_of_line(const char *line)
{
    return command_find(line, strcspn(line, " !"));
}

const Command *
command_begins(const char *name, size_t len, size_t *n)
{
    const Command *found = command_find(name, len);
    *n = found ? 1 : 0;
    if (found || len == 0)
        return found;
    for (size_t i = 0; i < n_commands; i++) {
        if (strncmp(commands[i].name, name, len) != 0)
            continue;
        found = &commands[i];
        ++*n;
    }
    return *n == 1 ? found : NULL;
}

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

enum { NAME_MAX_NEAR = 24 };

/* Damerau-Levenshtein distance (optimal string alignment). */
static unsigned
distance(const char *a, size_t la, const char *b, size_t lb)
{
    unsigned row[3][NAME_MAX_NEAR + 1];
    if (la > NAME_MAX_NEAR || lb > NAME_MAX_NEAR)
        return NAME_MAX_NEAR;
    for (size_t j = 0; j <= lb; j++)
        row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= la; i++) {
        unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= lb; j++) {
            unsigned wrong = a[i - 1] != b[j - 1];
            now[j] = min3(now[j - 1] + 1, last[j] + 1, last[j - 1] + wrong);
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
    }
    return row[la % 3][lb];
}

/* How near is near enough: one edit in a short word, two in a longer one. A word that begins a name is near, too. */
const char *
command_near(const char *name, size_t len)
{
    unsigned best = len < 4 ? 2 : 3;
    const char *near = NULL;
    for (size_t i = 0; i < n_commands; i++) {
        const char *candidate = commands[i].name;
        unsigned d = distance(name, len, candidate, strlen(candidate));
        if (len >= 3 && d > 1 && strncmp(candidate, name, len) == 0)
            d = 1;
        if (d < best) {
            best = d;
            near = candidate;
        }
    }
    return near;
}

static bool
binding_runs(const Binding *b, const Command *command, bool *bare)
{
    size_t len = strcspn(b->command, " !");
    if (command_find(b->command, len) != command)
        return false;
    *bare = b->command[len] == '\0';
    return true;
}

const char *
command_keys(const Command *command, char *buf, size_t size)
{
    size_t used = 0;
    buf[0] = '\0';
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n_bindings; i++) {
            bool bare;
            if (!binding_runs(&bindings[i], command, &bare) || bare != (pass == 0))
                continue;
            int n = snprintf(buf + used, size - used, "%s%s", used ? ", " : "", bindings[i].keys);
            if (n < 0 || (size_t)n >= size - used)
                return buf;
            used += (size_t)n;
        }
    }
    return buf;
}
