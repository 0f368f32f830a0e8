/* ui_options.c - the table of options, `:set`, the configuration, and what a changed value entails. */
#include "command/ui_options.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/ui.h"

#define OPTION(id, type, standard, most, help)                                                                        \
    {#id, type, standard, OPTION_MOST_##type(most), OPTION_WORDS_##type(most), help, offsetof(Options, id)},
#define OPTION_MOST_OPTION_BOOL(x)    x
#define OPTION_MOST_OPTION_NUMBER(x)  x
#define OPTION_MOST_OPTION_WORD(x)    0
#define OPTION_MOST_OPTION_NAME(x)    0
#define OPTION_WORDS_OPTION_BOOL(x)   NULL
#define OPTION_WORDS_OPTION_NUMBER(x) NULL
#define OPTION_WORDS_OPTION_WORD(x)   x
#define OPTION_WORDS_OPTION_NAME(x)   NULL
const OptionInfo option_table[] = {
#include "command/options.def"
};
#undef OPTION
const size_t n_options = sizeof option_table / sizeof *option_table;

static uint64_t *
value_of(Options *o, const OptionInfo *info)
{
    return (uint64_t *)(void *)((char *)o + info->offset);
}

void
options_init(Options *o)
{
    for (size_t i = 0; i < n_options; i++)
        *value_of(o, &option_table[i]) = option_table[i].standard;
}

static const OptionInfo *
option_find(const char *name, size_t len)
{
    for (size_t i = 0; i < n_options; i++) {
        if (strlen(option_table[i].name) == len && memcmp(option_table[i].name, name, len) == 0)
            return &option_table[i];
    }
    return NULL;
}

static void
word_at(const char *words, uint64_t index, char *buf, size_t size)
{
    for (; index > 0; index--) {
        words += strcspn(words, "/");
        words += *words == '/';
    }
    snprintf(buf, size, "%.*s", (int)strcspn(words, "/"), words);
}

static bool
word_index(const char *words, const char *word, uint64_t *out)
{
    size_t len = strlen(word);
    for (uint64_t i = 0; *words; i++) {
        size_t n = strcspn(words, "/");
        if (n == len && memcmp(words, word, n) == 0) {
            *out = i;
            return true;
        }
        words += n;
        words += *words == '/';
    }
    return false;
}

static const char *
name_of(SxSession *s, const OptionInfo *info)
{
    if (strcmp(info->name, "encoding") == 0)
        return s->ui->encoding ? s->ui->encoding->name : "auto";
    if (strcmp(info->name, "keys") == 0)
        return s->ui->preset ? s->ui->preset : "sextant";
    return s->ui->theme_name[0] ? s->ui->theme_name : "dark";
}

void
ui_option_print(SxSession *s, const OptionInfo *info, char *buf, size_t size)
{
    uint64_t value = *value_of(&s->ui->options, info);
    char word[32];
    switch (info->type) {
    case OPTION_BOOL: snprintf(buf, size, "%s%s", value ? "" : "no", info->name); break;
    case OPTION_NUMBER: snprintf(buf, size, "%s=%" PRIu64, info->name, value); break;
    case OPTION_WORD:
        word_at(info->words, value, word, sizeof word);
        snprintf(buf, size, "%s=%s", info->name, word);
        break;
    case OPTION_NAME: snprintf(buf, size, "%s=%s", info->name, name_of(s, info)); break;
    }
}

/* --- what a value entails ------------------------------------------------------------------------------------------------ */

static bool
set_theme(SxSession *s, const char *name, SxError *err)
{
    SxTheme *theme;
    if (!sx_theme_builtin(&theme, name, err))
        return false;
    sx_theme_free(s->ui->theme);
    s->ui->theme = theme;
    snprintf(s->ui->theme_name, sizeof s->ui->theme_name, "%s", name);
    s->ui->wish_redraw = true;
    return true;
}

static bool
set_keys(SxSession *s, const char *name, SxError *err)
{
    Keymap *map;
    if (!keymap_new(&map, name, err))
        return false;
    keymap_free(s->ui->keymap);
    free(s->ui->preset);
    s->ui->keymap = map;
    s->ui->preset = strdup(name);
    s->ui->options.radix = keymap_hex(map);
    ui_bindings_apply(s);
    for (size_t i = 0; i < s->n_tabs; i++) {
        struct UiTab *u = s->tabs[i]->ui;
        if (u && u->mode == SX_MODE_BROWSE && keymap_modeless(map))
            u->mode = SX_MODE_OVERWRITE;
        else if (u && u->mode == SX_MODE_OVERWRITE && !keymap_modeless(map))
            u->mode = SX_MODE_BROWSE;
    }
    return true;
}

static bool
set_encoding(SxSession *s, const char *name, SxError *err)
{
    const SxEncoding *e = sx_encoding_find(name);
    if (!e && strcmp(name, "auto") != 0)
        return sx_fail(err, SX_ERR_UNKNOWN, "no encoding is called '%s'", name);
    s->ui->encoding = e;
    return true;
}

static bool
set_name(SxSession *s, const OptionInfo *info, const char *name, SxError *err)
{
    if (strcmp(info->name, "encoding") == 0)
        return set_encoding(s, name, err);
    return strcmp(info->name, "keys") == 0 ? set_keys(s, name, err) : set_theme(s, name, err);
}

static const char *
standard_name(const OptionInfo *info)
{
    if (strcmp(info->name, "encoding") == 0)
        return "auto";
    return strcmp(info->name, "keys") == 0 ? "sextant" : "dark";
}

static void
applied(SxSession *s, const OptionInfo *info)
{
    s->ui->text_stale = true;
    s->no_journal = !s->ui->options.journal; /* of documents opened from now on */
    s->journal_limit = s->ui->options.journalsize;
    if (strcmp(info->name, "mouse") == 0)
        s->ui->wish_mouse = true;
    if (strcmp(info->name, "highlight") == 0)
        ui_tab(s)->find.hidden = !s->ui->options.highlight;
    if (strcmp(info->name, "hints") == 0)
        s->ui->commands_used = 0;
}

/* --- :set ------------------------------------------------------------------------------------------------------------------- */

static bool
set_number(SxSession *s, const OptionInfo *info, const char *text, uint64_t *out, SxError *err)
{
    SxScope scope = session_scope(s, false);
    SxValue value;
    scope.spaces = true;
    if (!sx_expression(sx_bytes(text, strlen(text)), &scope, &value, NULL, err))
        return false;
    if (value.negative || value.magnitude > info->most)
        return sx_fail(err, SX_ERR_RANGE, "%s goes from 0 to %" PRIu64, info->name, info->most);
    *out = value.magnitude;
    return true;
}

static bool
set_bool(const OptionInfo *info, const char *text, uint64_t *out, SxError *err)
{
    static const char *const yes[] = {"on", "yes", "true", "1"}, *const no[] = {"off", "no", "false", "0"};
    for (size_t i = 0; i < 4; i++) {
        bool is_yes = strcmp(text, yes[i]) == 0;
        if (!is_yes && strcmp(text, no[i]) != 0)
            continue;
        *out = is_yes;
        return true;
    }
    return sx_fail(err, SX_ERR_SYNTAX, "%s is on or off, not '%s'", info->name, text);
}

/* "next": what a key goes through; groups are 1, 2, 4, 8 bytes. */
static bool
set_next(SxSession *s, const OptionInfo *info)
{
    uint64_t *value = value_of(&s->ui->options, info);
    uint64_t n = 2;
    for (const char *w = info->words; w && *w; w++)
        n += *w == '/';
    if (info->words)
        *value = (*value + 1) % (n - 1);
    else if (info->type == OPTION_BOOL)
        *value = !*value;
    else
        *value = *value >= 8 ? 1 : *value ? *value * 2 : 1;
    applied(s, info);
    return true;
}

static bool
set_value(SxSession *s, const OptionInfo *info, const char *text, SxError *err)
{
    uint64_t value = *value_of(&s->ui->options, info);
    bool ok = true;
    if (strcmp(text, "next") == 0 && info->type != OPTION_NAME)
        return set_next(s, info);
    switch (info->type) {
    case OPTION_BOOL: ok = set_bool(info, text, &value, err); break;
    case OPTION_NUMBER: ok = set_number(s, info, text, &value, err); break;
    case OPTION_WORD:
        ok = word_index(info->words, text, &value) ||
             sx_fail(err, SX_ERR_SYNTAX, "%s is one of %s, not '%s'", info->name, info->words, text);
        break;
    case OPTION_NAME: ok = set_name(s, info, text, err); break;
    }
    if (!ok)
        return false;
    *value_of(&s->ui->options, info) = value;
    applied(s, info);
    return true;
}

static void
list_options(SxSession *s, bool all)
{
    char value[64];
    for (size_t i = 0; i < n_options; i++) {
        const OptionInfo *info = &option_table[i];
        bool differs = *value_of(&s->ui->options, info) != info->standard;
        if (info->type == OPTION_NAME)
            differs = strcmp(name_of(s, info), standard_name(info)) != 0;
        if (!all && !differs)
            continue;
        ui_option_print(s, info, value, sizeof value);
        char line[192];
        snprintf(line, sizeof line, "%s\t%s", value, info->help);
        ui_result(s, line);
    }
    if (s->ui->n_results == 0)
        ui_sayf(s, "every option has its standard value; :set all lists them");
}

static const OptionInfo *
switch_find(const char *name, const char *before)
{
    size_t skip = strlen(before);
    const OptionInfo *info = strncmp(name, before, skip) == 0 ? option_find(name + skip, strlen(name + skip)) : NULL;
    return info && info->type == OPTION_BOOL ? info : NULL;
}

/* "nomouse", "invmouse", "mouse"; the name of one that is no switch changes nothing. */
static bool
set_switch(SxSession *s, const char *name, const OptionInfo **info, SxError *err)
{
    *info = option_find(name, strlen(name));
    if (*info)
        return (*info)->type != OPTION_BOOL || set_value(s, *info, "on", err);
    *info = switch_find(name, "no");
    if (*info)
        return set_value(s, *info, "off", err);
    *info = switch_find(name, "inv");
    if (*info)
        return set_value(s, *info, *value_of(&s->ui->options, *info) ? "off" : "on", err);
    return sx_fail(err, SX_ERR_UNKNOWN, "no option is called '%s'; :set all lists them", name);
}

/* *info: the option that the text names. */
static bool
set_text(SxSession *s, const char *text, const OptionInfo **info, SxError *err)
{
    char name[64];
    size_t n = strcspn(text, "= ");
    snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), text);
    const char *value = text + n;
    value += strspn(value, " ");
    value += *value == '=';
    value += strspn(value, " ");
    if (!*value)
        return set_switch(s, name, info, err);
    *info = option_find(name, strlen(name));
    if (!*info)
        return sx_fail(err, SX_ERR_UNKNOWN, "no option is called '%s'; :set all lists them", name);
    return set_value(s, *info, value, err);
}

bool
ui_option_set(SxSession *s, const char *text, SxError *err)
{
    const OptionInfo *info;
    return set_text(s, text, &info, err);
}

bool
ui_option_command(SxSession *s, const char *text, SxError *err)
{
    const OptionInfo *info;
    char value[64];
    bool all = strcmp(text, "all") == 0;
    if (all || !*text) {
        list_options(s, all);
        return true;
    }
    if (!set_text(s, text, &info, err))
        return false;
    ui_option_print(s, info, value, sizeof value);
    ui_sayf(s, "%s: %s", value, info->help);
    return true;
}

/* --- the configuration -------------------------------------------------------------------------------------------------------- */

/* Bindings are kept as text until the first key makes the keymap. */
static bool
config_bind(SxSession *s, const char *text)
{
    sx_string_add(&s->ui->user_bindings, text);
    sx_string_add(&s->ui->user_bindings, "\n");
    return true;
}

bool
ui_bind(SxSession *s, const char *text, SxError *err)
{
    const char *end = text;
    /* KEY may be several words only in quotes: "g x" */
    char keys[64];
    if (*text == '"') {
        end = strchr(text + 1, '"');
        if (!end)
            return sx_fail(err, SX_ERR_SYNTAX, "the key's \" is never closed");
        snprintf(keys, sizeof keys, "%.*s", (int)(end - text - 1), text + 1);
        end++;
    } else {
        size_t n = strcspn(text, " ");
        snprintf(keys, sizeof keys, "%.*s", (int)n, text);
        end = text + n;
    }
    end += strspn(end, " ");
    if (!*end)
        return sx_fail(err, SX_ERR_SYNTAX, "bind KEY COMMAND: the command is missing");
    if (!command_of_line(end))
        return sx_fail(err, SX_ERR_UNKNOWN, "no command is called '%.*s'", (int)strcspn(end, " !"), end);
    Sequence first;
    if (!sequence_parse(&first, keys, strlen(keys), err))
        return false;
    /* what types in the edit modes goes on typing there */
    bool prints = first.key[0].mods == 0 && first.key[0].code < SX_KEY_BASE;
    Keymap *map = ui_keymap(s);
    if (!map)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for keys");
    return keymap_bind(map, prints ? IN_LOOK : IN_ALL, keys, end, err);
}

void
ui_bindings_apply(SxSession *s)
{
    const char *at = sx_string(&s->ui->user_bindings);
    while (*at) {
        size_t len = strcspn(at, "\n");
        char line[256];
        SxError err;
        snprintf(line, sizeof line, "%.*s", (int)(len < sizeof line ? len : sizeof line - 1), at);
        if (!ui_bind(s, line, &err))
            ui_badf(s, "configuration: %s", err.text);
        at += len + (at[len] == '\n');
    }
}

static void
config_line(SxSession *s, char *line, unsigned number)
{
    SxError err = {0};
    line += strspn(line, " \t");
    size_t len = strlen(line);
    while (len > 0 && strchr(" \t\r", line[len - 1]))
        line[--len] = '\0';
    if (!*line || *line == '#')
        return;
    bool bind = strncmp(line, "bind", 4) == 0 && (line[4] == ' ' || line[4] == '\t');
    bool ok = bind ? config_bind(s, line + 4 + strspn(line + 4, " \t")) : ui_option_set(s, line, &err);
    if (!ok)
        ui_badf(s, "configuration, line %u: %s", number, err.text);
}

void
ui_config(SxSession *s, const char *text)
{
    char *copy = strdup(text);
    unsigned number = 0;
    for (char *at = copy; at;) {
        char *end = strchr(at, '\n');
        if (end)
            *end = '\0';
        config_line(s, at, ++number);
        at = end ? end + 1 : NULL;
    }
    free(copy);
}

/* --- hints ---------------------------------------------------------------------------------------------------------------------- */

/* A file whose being there says that the hints have done their work. Looked for when the first hint would be shown. */
static bool
hints_path(SxSession *s, char *buf, size_t size)
{
    int n = s->options.state_dir ? snprintf(buf, size, "%s/hints-done", s->options.state_dir) : -1;
    return n > 0 && (size_t)n < size;
}

void
ui_hints_load(SxSession *s)
{
    char path[4096];
    if (hints_path(s, path, sizeof path) && access(path, F_OK) == 0)
        s->ui->commands_used = HINTS_UNTIL;
}

void
ui_hints_save(SxSession *s)
{
    char path[4096];
    if (!hints_path(s, path, sizeof path))
        return;
    state_directory(s->options.state_dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
}
