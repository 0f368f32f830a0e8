/* test_table.c - the tables themselves: names, help, specs, keys. */
#include <ctype.h>

#include <sextant/key.h>

#include "command/command.h"
#include "command/session_private.h"
#include "support/tap.h"

/* --- commands ---------------------------------------------------------------------------------------------------- */

static bool
same_word(const char *words, const char *name)
{
    size_t len = strlen(name);
    while (words && *words) {
        size_t n = strcspn(words, " ");
        if (n == len && !memcmp(words, name, n))
            return true;
        words += n;
        words += strspn(words, " ");
    }
    return false;
}

/* How many commands answer to a name or alias. */
static unsigned
owners(const char *name)
{
    unsigned n = 0;
    for (size_t i = 0; i < n_commands; i++)
        n += !strcmp(commands[i].name, name) || same_word(commands[i].aliases, name);
    return n;
}

/* What people are shown as a pattern is one. */
static void
test_patterns(void)
{
    for (size_t i = 0; i < n_pattern_helps; i++) {
        const char *example = pattern_helps[i].example;
        SxPattern *p = NULL;
        SxError err = {0};
        bool good = sx_pattern_new(&p, sx_bytes(example, strlen(example)), SX_PATTERN_ANY, 0, &err);
        ok(good && strlen(pattern_helps[i].finds) < 70, "%s %s", example, err.text);
        sx_pattern_release(p);
    }
}

static bool
well_named(const char *name)
{
    if (!islower((unsigned char)name[0]))
        return false;
    for (const char *c = name; *c; c++)
        if (!islower((unsigned char)*c) && *c != '-')
            return false;
    return true;
}

/* "Go to", not "Goes to" or "to go". */
static bool
imperative(const char *help)
{
    size_t n = strcspn(help, " ");
    if (!isupper((unsigned char)help[0]) || n < 2 || help[strlen(help) - 1] == '.')
        return false;
    return help[n - 1] != 's' || !strncmp(help, "Focus", 5);
}

static bool
known_group(const char *group)
{
    static const char *const groups[] = {"Move", "Find", "Print", "Change", "Select", "Mark", "File", "View", "Program"};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (!strcmp(groups[i], group))
            return true;
    return false;
}

static void
test_aliases(const Command *c)
{
    char alias[32];
    for (const char *at = c->aliases; at && *at;) {
        size_t n = strcspn(at, " ");
        snprintf(alias, sizeof alias, "%.*s", (int)n, at);
        is(owners(alias), 1, "%s, alias of %s, is unique", alias, c->name);
        ok(command_find(alias, n) == c, "%s finds %s", alias, c->name);
        at += n;
        at += strspn(at, " ");
    }
}

static void
test_command(const Command *c)
{
    ArgSpec specs[ARGS_MAX];
    size_t count;
    is(owners(c->name), 1, "%s is unique", c->name);
    ok(well_named(c->name), "%s is made of small letters and -", c->name);
    ok(command_find(c->name, strlen(c->name)) == c, "%s finds itself", c->name);
    ok(known_group(c->group), "%s: %s is a group", c->name, c->group);
    ok(c->help && strlen(c->help) <= 60, "%s: help of at most 60 characters: %s", c->name, c->help);
    ok(c->help && imperative(c->help), "%s: imperative help without full stop: %s", c->name, c->help);
    ok(args_spec(c->args, specs, &count), "%s: the spec reads: %s", c->name, c->args ? c->args : "");
    ok(c->run != NULL, "%s has a handler", c->name);
    test_aliases(c);
}

/* --- near names ---------------------------------------------------------------------------------------------------- */

static void
test_near(void)
{
    static const struct {
        const char *typed, *near;
    } cases[] = {
        {"wirte", "write"}, {"wrte", "write"},   {"writee", "write"}, {"gotto", "goto"},   {"seak", "seek"},
        {"fnd", "find"},    {"delte", "delete"}, {"udno", "undo"},    {"repalce", "replace"}, {"xyzzy", NULL},
        {"", NULL},         {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *near = command_near(cases[i].typed, strlen(cases[i].typed));
        is_text(near ? near : "(none)", cases[i].near ? cases[i].near : "(none)", "near '%s'", cases[i].typed);
    }
}

static void
test_beginnings(void)
{
    size_t n;
    ok(command_begins("wri", 3, &n) == NULL && n > 1, "wri may be several");
    ok(command_begins("w", 1, &n) == command_find("write", 5), "an alias wins over beginnings");
    ok(command_begins("und", 3, &n) == command_find("undo", 4), "und is undo");
    ok(command_begins("goto", 4, &n) == command_find("goto", 4), "a whole name is itself");
    ok(command_begins("", 0, &n) == NULL && n == 0, "nothing begins nothing");
    ok(command_begins("zz", 2, &n) == NULL && n == 0, "zz begins nothing");
}

/* --- keys ------------------------------------------------------------------------------------------------------------ */

enum { SEQUENCE_MAX = 4, SEQUENCES_MAX = 1024 };

typedef struct Sequence {
    SxKey keys[SEQUENCE_MAX];
    size_t n;
    unsigned modes;
    const char *text;    /* of the binding */
    const char *command; /* of the binding */
} Sequence;

static Sequence sequences[SEQUENCES_MAX];
static size_t n_sequences;

/* "g g" of "g g, <": false when it is no sequence of keys. */
static bool
read_sequence(const char **text, Sequence *out)
{
    SxError err;
    while (**text && strncmp(*text, ", ", 2) != 0) {
        size_t used;
        while (**text == ' ')
            ++*text;
        size_t len = strcspn(*text, " ");
        size_t comma = len > 1 && (*text)[len - 1] == ',' ? 1 : 0; /* "C-x," ends a sequence, "," is a key */
        if (out->n == SEQUENCE_MAX || !sx_key_parse(sx_bytes(*text, len - comma), &out->keys[out->n], &used, &err))
            return false;
        out->n++;
        *text += len - comma;
    }
    return out->n > 0;
}

static void
read_binding(const Binding *b)
{
    const char *text = b->keys;
    while (*text && n_sequences < SEQUENCES_MAX) {
        Sequence *s = &sequences[n_sequences];
        *s = (Sequence){.modes = b->modes, .text = b->keys, .command = b->command};
        if (!ok(read_sequence(&text, s), "the keys of '%s' read: %s", b->command, b->keys))
            return;
        n_sequences++;
        text += *text ? 2 : 0;
    }
}

static bool
begins(const Sequence *a, const Sequence *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (a->keys[i].code != b->keys[i].code || a->keys[i].mods != b->keys[i].mods)
            return false;
    return a->n <= b->n;
}

static void
test_bound_once(void)
{
    for (size_t i = 0; i < n_sequences; i++)
        for (size_t j = 0; j < n_sequences; j++) {
            const Sequence *a = &sequences[i], *b = &sequences[j];
            if (i == j || !(a->modes & b->modes) || !begins(a, b))
                continue;
            ok(false, "in one mode '%s' and '%s' mean two things", a->text, b->text);
        }
    ok(true, "no key is bound twice in a mode");
}

static bool
prints(SxKey key)
{
    return key.mods == 0 && key.code >= ' ' && key.code < SX_KEY_BASE && key.code != 0x7f;
}

static void
test_torn_and_typing(void)
{
    for (size_t i = 0; i < n_sequences; i++) {
        const Sequence *s = &sequences[i];
        bool types = prints(s->keys[0]) && (s->modes & IN_EDIT);
        bool torn = sx_key_is(s->keys[0], 'O', 0) && strcmp(s->command, "await nothing") != 0;
        bool bracket = sx_key_is(s->keys[0], '[', 0) || sx_key_is(s->keys[0], ']', 0);
        bool lower = s->n == 2 && s->keys[1].mods == 0 && s->keys[1].code >= 'a' && s->keys[1].code <= 'z';
        if (types || torn || (bracket && !lower))
            ok(false, "'%s' must not be bound like this", s->text);
    }
    ok(true, "printing keys type in edit modes; O and [ are safe when torn");
}

/* What a key runs must be a command line that parses. */
static void
test_binding_line(const Binding *b)
{
    Args args;
    SxError err = {0};
    size_t len = strcspn(b->command, " !");
    const Command *c = command_find(b->command, len);
    if (!ok(c && strlen(c->name) == len, "%s runs a command by its name: %s", b->keys, b->command))
        return;
    bool bang = b->command[len] == '!';
    ok(!bang || (c->flags & CMD_BANG), "%s: %s may be forced", b->keys, b->command);
    const char *rest = b->command + len + bang;
    SxScope scope = {.cursor = 5, .length = 100, .selection = {5, 10}, .has_selection = true};
    bool wants = c->args && c->args[0] != '[' && !*rest; /* the count or the next key brings it */
    if (!wants && ok(args_parse(&args, c->name, c->args, sx_bytes(rest, strlen(rest)), &scope, &err),
                     "%s: '%s' parses (%s)", b->keys, b->command, err.text))
        args_clear(&args);
}

/* The keys of the specification for what this file can know of: a row holds when its command exists. */
static void
test_promised_keys(void)
{
    static const struct {
        const char *key, *command;
    } promised[] = {
        {"C-o", "back"},          {"M-o", "forward"},       {"M-Left", "back"},      {"M-Right", "forward"},
        {"n", "next"},            {"N", "previous"},        {"F3", "next"},          {"S-F3", "previous"},
        {"u", "undo"},            {"U", "redo"},            {"C-_", "undo"},         {"C-r", "redo"},
        {".", "repeat"},          {"g +", "increment"},     {"g -", "decrement"},    {"y", "copy"},
        {"M-w", "copy"},          {"d", "cut"},             {"C-x", "cut"},          {"p", "paste"},
        {"P", "paste"},           {"g p", "follow-pointer"}, {"C-]", "follow-pointer"}, {"] c", "next"},
        {"[ c", "previous"},      {"] m", "next"},          {"] h", "next"},         {"] z", "next"},
        {"] v", "next"},          {"] s", "next"},          {"] l", "next"},         {"g u", "history"},
        {"g c", "changes"},       {"F8", "changes"},        {"g m", "marks"},        {"F2", "write"},
        {"Z Z", "write-quit"},    {"Z Q", "quit"},          {"q", "quit"},           {"F10", "quit"},
        {"F1", "help"},           {"g ?", "help"},          {"M-h", "help"},         {"=", "info"},
        {"Del", "delete"},        {"h", "left"},            {"l", "right"},          {"j", "down"},
        {"k", "up"},              {"Left", "left"},         {"BS", "left"},          {"Right", "right"},
        {"Down", "down"},         {"Enter", "down"},        {"C-n", "down"},         {"Up", "up"},
        {"C-p", "up"},            {"$", "row-end"},         {"Home", "row-start"},   {"End", "row-end"},
        {"PgDn", "page-down"},    {"PgUp", "page-up"},      {"Space", "page-down"},  {"f", "page-down"},
        {"C-f", "page-down"},     {"b", "page-up"},         {"C-b", "page-up"},      {"H", "screen-top"},
        {"M", "screen-middle"},   {"L", "screen-bottom"},   {"C-l", "redraw"},       {"C-z", "suspend"},
        {"C-c", "cancel"},        {"F9", "palette"},        {"z t", "scroll"},       {"z b", "scroll"},
        {"z z", "scroll"},
    };
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
        const char *text = promised[i].key;
        Sequence want = {.n = 0};
        const Command *c = command_find(promised[i].command, strlen(promised[i].command));
        bool bound = !c, read = read_sequence(&text, &want);
        for (size_t j = 0; j < n_bindings && !bound; j++) {
            if (command_find(bindings[j].command, strcspn(bindings[j].command, " !")) != c)
                continue;
            for (const char *keys = bindings[j].keys; *keys && !bound; keys += *keys ? 2 : 0) {
                Sequence have = {.n = 0};
                bound = read_sequence(&keys, &have) && have.n == want.n && begins(&have, &want);
            }
        }
        ok(read && bound, "%s runs %s", promised[i].key, promised[i].command);
    }
}

int
main(void)
{
    test_patterns();
    for (size_t i = 0; i < n_commands; i++)
        test_command(&commands[i]);
    test_near();
    test_beginnings();
    for (size_t i = 0; i < n_bindings; i++) {
        read_binding(&bindings[i]);
        test_binding_line(&bindings[i]);
    }
    test_bound_once();
    test_torn_and_typing();
    test_promised_keys();
    return done_testing();
}
