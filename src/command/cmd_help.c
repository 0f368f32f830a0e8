/* cmd_help.c - help and keys, read from the tables. */
#include <stdio.h>
#include <string.h>

#include "command/line_help.h"
#include "command/session_private.h"

static void
help_line(SxSession *s, const Command *c)
{
    char usage[160];
    (void)snprintf(usage, sizeof usage, "%s%s%s", c->name, c->args ? " " : "", c->args ? c->args : "");
    row_word(s, "usage", usage);
    row_word(s, "help", c->help);
    row_end(s);
}

static void
help_group(SxSession *s, const char *group)
{
    for (size_t i = 0; i < n_commands; i++)
        if (!strcmp(commands[i].group, group))
            help_line(s, &commands[i]);
}

/* Whether the group of the i-th command has come already. */
static bool
named_before(size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (!strcmp(commands[j].group, commands[i].group))
            return true;
    return false;
}

static void
topic(SxSession *s, const char *key, const char *value)
{
    row_word(s, "key", key);
    row_bytes(s, "value", sx_bytes(value, strlen(value)));
    row_end(s);
}

static void
help_whole(SxSession *s, const Command *c)
{
    char usage[160], keys[160];
    (void)snprintf(usage, sizeof usage, "%s%s%s", c->name, c->args ? " " : "", c->args ? c->args : "");
    topic(s, "usage", usage);
    topic(s, "does", c->help);
    if (c->more)
        topic(s, "more", c->more);
    if (c->aliases)
        topic(s, "also", c->aliases);
    if (*command_keys(c, keys, sizeof keys))
        topic(s, "keys", keys);
}

/* Whether one of the sequences of a binding is `key`, blanks left out ("gg" is "g g"). */
static bool
binding_has(const Binding *b, const char *key)
{
    const char *keys = b->keys;
    while (*keys) {
        const char *want = key;
        for (; *keys && strncmp(keys, ", ", 2) != 0; keys++) {
            if (*keys == ' ')
                continue;
            want = want && *want == *keys ? want + 1 : NULL;
        }
        if (want && !*want)
            return true;
        keys += *keys ? 2 : 0;
    }
    return false;
}

static void
binding_row(SxSession *s, const Binding *b)
{
    char help[LINE_HELP];
    row_word(s, "keys", b->keys);
    row_word(s, "command", b->command);
    row_word(s, "help", line_help(command_of_line(b->command), b->command, help, sizeof help));
    row_end(s);
}

static SxExit
help_key(SxSession *s, const char *key)
{
    bool any = false;
    for (size_t i = 0; i < n_bindings; i++) {
        if (!binding_has(&bindings[i], key))
            continue;
        binding_row(s, &bindings[i]);
        any = true;
    }
    if (any)
        return SX_EXIT_DONE;
    const char *near = command_near(key, strlen(key));
    session_warn(s, "nothing about \"%s\"%s%s%s", key, near ? "; " : "", near ? near : "", near ? "?" : "");
    return SX_EXIT_ABSENT;
}

static SxExit
help_patterns(SxSession *s)
{
    for (size_t i = 0; i < n_pattern_helps; i++) {
        row_word(s, "pattern", pattern_helps[i].example);
        row_word(s, "finds", pattern_helps[i].finds);
        row_end(s);
    }
    return SX_EXIT_DONE;
}

SxExit
cmd_help(SxSession *s, const Args *a, SxError *err)
{
    (void)err;
    if (a->arg[0].given) {
        const char *word = a->arg[0].word;
        const Command *c = command_find(word, strlen(word));
        if (!strcmp(word, "patterns"))
            return help_patterns(s);
        if (!c)
            return help_key(s, word);
        help_whole(s, c);
        return SX_EXIT_DONE;
    }
    for (size_t i = 0; i < n_commands; i++)
        if (!named_before(i))
            help_group(s, commands[i].group);
    return SX_EXIT_DONE;
}

SxExit
cmd_keys(SxSession *s, const Args *a, SxError *err)
{
    (void)a, (void)err;
    for (size_t i = 0; i < n_bindings; i++)
        binding_row(s, &bindings[i]);
    return SX_EXIT_DONE;
}
