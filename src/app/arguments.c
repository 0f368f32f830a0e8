/* arguments.c - argv into Arguments, led by command/cli.def. */
#include "app/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/search.h>
#include <sextant/term.h>

typedef enum OptionId {
#define OPTION(id, letter, name, argument, help) OPTION_##id,
#include "command/cli.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

static const struct Option {
    char letter;
    const char *name;
    const char *argument;
    const char *help;
} options[] = {
#define OPTION(id, letter, name, argument, help) {letter, name, argument, help},
#include "command/cli.def"
#undef OPTION
};

typedef struct Reader {
    Arguments *out;
    int argc;
    char *const *argv;
    int at;
    SxError *err;
} Reader;

static bool
usage(Reader *r, const char *text, const char *why)
{
    return sx_fail(r->err, SX_ERR_SYNTAX, "%s: %s", text, why);
}

static bool
set_position(Reader *r, const char *value)
{
    if (r->out->position)
        return usage(r, value, "a second position; one is enough");
    r->out->position = value + 1;
    return true;
}

static bool
set_access(Reader *r, const char *as, SxAccess access)
{
    if (r->out->access != SX_ACCESS_DEFAULT && r->out->access != access)
        return usage(r, as, "only one of -R -W -C");
    r->out->access = access;
    return true;
}

static bool
set_offsets(Reader *r, const char *value)
{
    r->out->offsets_decimal = !strcmp(value, "dec");
    return r->out->offsets_decimal || !strcmp(value, "hex") || usage(r, value, "offsets are hex or dec");
}

static bool
add_step(Reader *r, bool script, const char *text)
{
    r->out->steps[r->out->n_steps++] = (Step){script, text};
    return true;
}

/* `as` is how it was typed; `value` is NULL where the option takes none. */
static bool
apply(Reader *r, OptionId id, const char *as, const char *value)
{
    Arguments *out = r->out;
    switch (id) {
    case OPTION_COMMAND:
        return add_step(r, false, value);
    case OPTION_SCRIPT:
        return add_step(r, true, value);
    case OPTION_TEXT:
        return out->text = true;
    case OPTION_READ:
        return set_access(r, as, SX_ACCESS_READ);
    case OPTION_WRITE:
        return set_access(r, as, SX_ACCESS_WRITE);
    case OPTION_COPY:
        return set_access(r, as, SX_ACCESS_COPY);
    case OPTION_JSON:
        return out->json = true;
    case OPTION_OFFSETS:
        return set_offsets(r, value);
    case OPTION_COLOUR:
        return out->colour = true;
    case OPTION_CONFIG:
        out->config = value;
        return true;
    case OPTION_KEYS:
        out->keys = value;
        return true;
    case OPTION_THEME:
        out->theme = value;
        return true;
    case OPTION_RECOVER:
        return out->recover = true;
    case OPTION_LIST_RECOVERABLE:
        return out->list_recoverable = true;
    case OPTION_VERSION:
        return out->version = true;
    case OPTION_HELP:
        return out->help = true;
    case OPTION_COUNT:
        break;
    }
    return true;
}

static bool
takes_value(OptionId id)
{
    return options[id].argument[0] != '\0';
}

static bool
next_value(Reader *r, const char *as, const char **value)
{
    if (r->at + 1 == r->argc)
        return usage(r, as, "its argument is missing");
    *value = r->argv[++r->at];
    return true;
}

static bool
unknown(Reader *r, const char *as)
{
    return sx_fail(r->err, SX_ERR_UNKNOWN, "%s: no such option; sextant --help lists them", as);
}

static bool
read_long(Reader *r, const char *text)
{
    const char *name = text + 2;
    size_t len = strcspn(name, "=");
    OptionId id = 0;
    while (id < OPTION_COUNT && (strlen(options[id].name) != len || memcmp(options[id].name, name, len) != 0))
        id++;
    if (id == OPTION_COUNT)
        return unknown(r, text);
    const char *value = name[len] ? name + len + 1 : NULL;
    if (value && !takes_value(id))
        return usage(r, text, "it takes no argument");
    if (takes_value(id) && !value && !next_value(r, text, &value))
        return false;
    return apply(r, id, text, value);
}

/* "-R", "-eCOMMAND", "-Re COMMAND" */
static bool
read_letters(Reader *r, const char *text)
{
    for (const char *c = text + 1; *c; c++) {
        char as[] = {'-', *c, '\0'};
        OptionId id = 0;
        while (id < OPTION_COUNT && options[id].letter != *c)
            id++;
        if (id == OPTION_COUNT)
            return unknown(r, as);
        const char *value = NULL;
        if (takes_value(id) && c[1])
            value = c + 1;
        else if (takes_value(id) && !next_value(r, as, &value))
            return false;
        if (!apply(r, id, as, value))
            return false;
        if (value)
            return true;
    }
    return true;
}

static bool
read_one(Reader *r, bool *only_files)
{
    const char *text = r->argv[r->at];
    bool option = !*only_files && text[0] == '-' && text[1];
    if (option && !strcmp(text, "--"))
        return *only_files = true;
    if (option)
        return text[1] == '-' ? read_long(r, text) : read_letters(r, text);
    if (!*only_files && text[0] == '+' && text[1])
        return set_position(r, text);
    if (!*text)
        return usage(r, "\"\"", "a file has a name");
    r->out->files[r->out->n_files++] = text;
    return true;
}

static bool
stdin_once(Reader *r)
{
    unsigned uses = 0;
    for (size_t i = 0; i < r->out->n_files; i++)
        uses += !strcmp(r->out->files[i], "-");
    for (size_t i = 0; i < r->out->n_steps; i++)
        uses += r->out->steps[i].script && !strcmp(r->out->steps[i].text, "-");
    return uses < 2 || usage(r, "-", "stdin can be read once only");
}

bool
arguments_parse(Arguments *out, int argc, char *const *argv, SxError *err)
{
    Arguments a = {0};
    Reader r = {&a, argc, argv, 1, err};
    bool only_files = false;
    a.files = calloc((size_t)argc + 1, sizeof *a.files);
    a.steps = calloc((size_t)argc + 1, sizeof *a.steps);
    bool ok = (a.files && a.steps) || sx_fail(err, SX_ERR_NOMEM, "no memory for the arguments");
    for (; ok && r.at < argc; r.at++)
        ok = read_one(&r, &only_files);
    if (ok && stdin_once(&r)) {
        *out = a;
        return true;
    }
    arguments_clear(&a);
    return false;
}

void
arguments_clear(Arguments *a)
{
    free(a->files);
    free(a->steps);
    *a = (Arguments){0};
}

void
arguments_help(void)
{
    (void)puts("sextant [OPTION]... [FILE[@OFFSET[+LENGTH]]]... [+POSITION]\n"
               "Look at a file of any size, search it, change it. - is stdin.\n");
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        const struct Option *o = &options[id];
        char left[48], letter[4] = "   ";
        if (o->letter)
            (void)snprintf(letter, sizeof letter, "-%c%s", o->letter, o->name[0] ? "," : "");
        (void)snprintf(left, sizeof left, "%s%s%s%s%s", letter, o->name[0] ? " --" : "", o->name,
                       o->argument[0] ? " " : "", o->argument);
        (void)printf("  %-22s %s\n", left, o->help);
    }
#define POSITION(typed, help) (void)printf("  %-22s %s\n", typed, help);
#include "command/positions.def"
#undef POSITION
    (void)puts("\nExit: 0 done, 1 not found, 2 usage, 3 failed or left unwritten, 4 cancelled.\n"
               "Commands: sextant -e help; one of them: sextant -e 'help find'.");
}

void
arguments_version(void)
{
    char engine[64], terminal[64];
    (void)printf("sextant %s\n", SEXTANT_VERSION);
    (void)printf("search    %s\n", sx_search_engine(engine, sizeof engine));
    (void)printf("terminal  %s\n", sx_term_library(terminal, sizeof terminal));
    (void)fputs("themes   ", stdout);
    for (size_t i = 0; sx_theme_builtin_name(i); i++)
        (void)printf(" %s", sx_theme_builtin_name(i));
    (void)fputs("\nkeys     ", stdout);
    for (size_t i = 0; sx_session_preset_name(i); i++)
        (void)printf(" %s", sx_session_preset_name(i));
    (void)fputs("\n", stdout);
}
