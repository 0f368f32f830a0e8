/*
 * ui_complete.c - the `:` prompt, and what could stand where its cursor is: commands, options, files, words.
 *
 * The strip above the status line lists the candidates: for a command's name at once, for the rest after Tab. Tab goes
 * from one to the next, and puts it into the line.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/ui.h"

enum { CANDIDATES_MAX = 200 };

typedef struct Candidate {
    char *text; /* what goes into the line */
    char *row;  /* what the strip says */
} Candidate;

typedef struct Completing {
    Candidate *all;
    size_t count, cap;
    size_t chosen;  /* 1-based; 0: none was taken yet */
    size_t from;    /* where in the line the candidate begins */
    bool listed;    /* Tab was pressed: show them */
    bool by_us;     /* the line was changed by Tab, not by typing */
} Completing;

static void
forget(Completing *c)
{
    for (size_t i = 0; i < c->count; i++) {
        free(c->all[i].text);
        free(c->all[i].row);
    }
    c->count = 0;
    c->chosen = 0;
}

static void
completing_free(void *p)
{
    Completing *c = p;
    forget(c);
    free(c->all);
    free(c);
}

static void
add(Completing *c, const char *text, const char *row)
{
    if (c->count == CANDIDATES_MAX || !sx_grow(&c->all, &c->cap, c->count + 1, sizeof *c->all))
        return;
    Candidate *new = &c->all[c->count];
    *new = (Candidate){strdup(text), strdup(row)};
    if (new->text && new->row) {
        c->count++;
    } else {
        free(new->text);
        free(new->row);
    }
}

static bool
begins(const char *text, const char *beginning, size_t len)
{
    return strncmp(text, beginning, len) == 0;
}

/* --- what could stand here ----------------------------------------------------------------------------------------------- */

static void
add_commands(SxSession *s, Completing *c, const char *word, size_t len)
{
    for (size_t i = 0; i < n_commands; i++) {
        char keys[20], row[192];
        if (!begins(commands[i].name, word, len))
            continue;
        ui_keys_of(s, &commands[i], keys, sizeof keys);
        snprintf(row, sizeof row, "%s\t%s\t%s", commands[i].name, keys, commands[i].help);
        add(c, commands[i].name, row);
    }
}

static void
add_options(SxSession *s, Completing *c, const char *word, size_t len)
{
    for (size_t i = 0; i < n_options; i++) {
        char text[96], row[192];
        const OptionInfo *info = &option_table[i];
        if (!begins(info->name, word, len))
            continue;
        snprintf(text, sizeof text, "%s%s", info->name, info->type == OPTION_BOOL ? "" : "=");
        char now[64];
        ui_option_print(s, info, now, sizeof now);
        snprintf(row, sizeof row, "%s\t%s", now, info->help);
        add(c, text, row);
    }
}

static void
add_words(Completing *c, const char *words, const char *word, size_t len)
{
    while (*words) {
        char one[64];
        size_t n = strcspn(words, "/");
        snprintf(one, sizeof one, "%.*s", (int)n, words);
        if (begins(one, word, len))
            add(c, one, one);
        words += n;
        words += *words == '/';
    }
}

static void
add_presets(Completing *c, const char *word, size_t len)
{
    for (size_t i = 0; keymap_preset(i); i++) {
        if (begins(keymap_preset(i), word, len))
            add(c, keymap_preset(i), keymap_preset(i));
    }
}

static void
add_encodings(Completing *c, const char *word, size_t len)
{
    for (size_t i = 0; sx_encoding_at(i); i++) {
        if (begins(sx_encoding_at(i)->name, word, len))
            add(c, sx_encoding_at(i)->name, sx_encoding_at(i)->name);
    }
}

static void
add_themes(Completing *c, const char *word, size_t len)
{
    for (size_t i = 0; sx_theme_builtin_name(i); i++) {
        if (begins(sx_theme_builtin_name(i), word, len))
            add(c, sx_theme_builtin_name(i), sx_theme_builtin_name(i));
    }
}

static void
add_file(Completing *c, const char *folder, const struct dirent *entry)
{
    char path[4096], row[512];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s%s", folder, entry->d_name);
    if (n < 0 || (size_t)n >= sizeof path - 1)
        return;
    if (entry->d_type == DT_DIR || (entry->d_type == DT_LNK && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
        memcpy(path + n, "/", 2);
    sx_text_printable(row, sizeof row, sx_bytes(path, strlen(path)), SX_PRINTABLE_UTF8);
    add(c, path, row);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(((const Candidate *)a)->text, ((const Candidate *)b)->text);
}

static void
add_files(Completing *c, const char *word, size_t len)
{
    char folder[4096];
    size_t slash = len;
    while (slash > 0 && word[slash - 1] != '/')
        slash--;
    snprintf(folder, sizeof folder, "%.*s", (int)slash, word);
    DIR *d = opendir(slash ? folder : ".");
    for (struct dirent *e; d && (e = readdir(d));) {
        bool hidden = e->d_name[0] == '.' && !(len > slash && word[slash] == '.');
        bool dots = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
        if (!hidden && !dots && begins(e->d_name, word + slash, len - slash))
            add_file(c, folder, e);
    }
    if (d)
        closedir(d);
    qsort(c->all, c->count, sizeof *c->all, by_text);
}

/* The words that a spec offers: "hex/text", "[on/off]". */
static void
add_spec(Completing *c, const Command *command, const char *word, size_t len)
{
    const char *spec = command->args ? command->args : "";
    while (*spec) {
        char part[96];
        spec += strspn(spec, " []");
        size_t n = strcspn(spec, " ]");
        snprintf(part, sizeof part, "%.*s", (int)n, spec);
        spec += n;
        if (strcmp(part, "FILE") == 0 || strcmp(part, "DIR") == 0)
            add_files(c, word, len);
        else if (strchr(part, '/'))
            add_words(c, part, word, len);
    }
}

static void
add_setting(SxSession *s, Completing *c, const char *text, size_t from, size_t cursor)
{
    const char *equals = memchr(text + from, '=', cursor - from);
    if (!equals) {
        add_options(s, c, text + from, cursor - from);
        return;
    }
    size_t value = (size_t)(equals - text) + 1, name = (size_t)(equals - text) - from;
    c->from = value;
    for (size_t i = 0; i < n_options; i++) {
        const OptionInfo *info = &option_table[i];
        if (strlen(info->name) != name || memcmp(info->name, text + from, name) != 0)
            continue;
        if (info->words)
            add_words(c, info->words, text + value, cursor - value);
        else if (info->type == OPTION_NAME && strcmp(info->name, "keys") == 0)
            add_presets(c, text + value, cursor - value);
        else if (info->type == OPTION_NAME && strcmp(info->name, "encoding") == 0)
            add_encodings(c, text + value, cursor - value);
        else if (info->type == OPTION_NAME)
            add_themes(c, text + value, cursor - value);
    }
}

static void
collect(SxSession *s, Prompt *p)
{
    Completing *c = p->data;
    const char *text = line_text(&p->line);
    size_t cursor = p->line.cursor, name = strcspn(text, " !"), hits;
    forget(c);
    if (cursor <= name) {
        c->from = 0;
        add_commands(s, c, text, cursor);
        return;
    }
    const Command *command = command_begins(text, name, &hits);
    size_t from = cursor;
    while (from > name + 1 && text[from - 1] != ' ')
        from--;
    c->from = from;
    if (!command)
        return;
    if (strcmp(command->name, "set") == 0)
        add_setting(s, c, text, from, cursor);
    else if (strcmp(command->name, "theme") == 0)
        add_themes(c, text + from, cursor - from);
    else if (strcmp(command->name, "help") == 0)
        add_commands(s, c, text + from, cursor - from);
    else
        add_spec(c, command, text + from, cursor - from);
}

/* --- the prompt ----------------------------------------------------------------------------------------------------------- */

static void
put(SxSession *s, Prompt *p, const char *text)
{
    Completing *c = p->data;
    SxString line = {0};
    const char *old = line_text(&p->line);
    sx_string_add_bytes(&line, sx_bytes(old, c->from));
    sx_string_add(&line, text);
    size_t cursor = line.len;
    sx_string_add(&line, old + p->line.cursor);
    if (!line.failed && line_set(&p->line, sx_string(&line), line.len))
        p->line.cursor = cursor;
    sx_string_clear(&line);
    (void)s;
}

/* How far all candidates agree. */
static size_t
common(const Completing *c)
{
    size_t n = strlen(c->all[0].text);
    for (size_t i = 1; i < c->count; i++) {
        size_t k = 0;
        while (k < n && c->all[i].text[k] == c->all[0].text[k])
            k++;
        n = k;
    }
    return n;
}

/* The first Tab fills in what is certain; the next ones go through the candidates. */
static void
complete(SxSession *s, Prompt *p, int step)
{
    Completing *c = p->data;
    if (c->count == 0) {
        collect(s, p);
        c->listed = true;
    }
    if (c->count == 0) {
        snprintf(p->right, sizeof p->right, "nothing to complete here");
        return;
    }
    size_t typed = p->line.cursor - c->from, sure = common(c);
    if (c->chosen == 0 && sure > typed) {
        char text[4096];
        bool only = c->count == 1;
        const char *first = c->all[0].text;
        bool ends = only && first[sure - 1] != '/' && first[sure - 1] != '=';
        snprintf(text, sizeof text, "%.*s%s", (int)sure, first, ends && c->from == 0 ? " " : "");
        put(s, p, text);
        if (only)
            forget(c);
        else
            c->listed = true;
        return;
    }
    if (c->listed || c->from > 0 || c->chosen > 0 || typed > 0 || c->count == 1) {
        size_t next = step > 0 ? c->chosen % c->count : (c->chosen + 2 * c->count - 2) % c->count;
        put(s, p, c->all[next].text);
        c->chosen = next + 1;
    }
    c->listed = true;
}

static bool
key(SxSession *s, Prompt *p, SxKey k)
{
    if (sx_key_is(k, SX_KEY_TAB, 0) || sx_key_is(k, 't', SX_MOD_CTRL)) {
        complete(s, p, 1);
        return true;
    }
    if (sx_key_is(k, SX_KEY_TAB, SX_MOD_SHIFT)) {
        complete(s, p, -1);
        return true;
    }
    return false;
}

static void
changed(SxSession *s, Prompt *p)
{
    Completing *c = p->data;
    c->listed = false;
    forget(c);
    size_t name = strcspn(line_text(&p->line), " !");
    if (p->line.cursor <= name && s->ui->options.hints)
        collect(s, p);
}

static void
describe(SxSession *s, Prompt *p)
{
    const char *text = line_text(&p->line);
    size_t name = strcspn(text, " !"), hits;
    (void)s;
    snprintf(p->label, sizeof p->label, ":");
    if (!p->data) {
        p->data = calloc(1, sizeof(Completing));
        p->free_data = completing_free;
        if (p->data)
            changed(s, p);
    }
    if (text[name] == '\0' || p->right[0])
        return;
    const Command *command = command_begins(text, name, &hits);
    if (command && command->args)
        snprintf(p->right, sizeof p->right, "%.150s", command->args);
}

static bool
accept(SxSession *s, Prompt *p, const char *text)
{
    (void)p;
    ui_run(s, text);
    return true;
}

static bool
key_or_make(SxSession *s, Prompt *p, SxKey k)
{
    describe(s, p);
    return p->data && key(s, p, k);
}

static void
changed_or_make(SxSession *s, Prompt *p)
{
    if (p->data)
        changed(s, p);
}

const PromptKind prompt_command = {
    .history = "command",
    .describe = describe,
    .changed = changed_or_make,
    .key = key_or_make,
    .accept = accept,
};

bool
ui_complete_on(SxSession *s)
{
    const Prompt *p = &s->ui->prompt;
    const Completing *c = p->kind == &prompt_command ? p->data : NULL;
    return c && c->count > 0 && (c->listed || c->from == 0) && !(c->count == 1 && c->chosen == 0 && c->from > 0);
}

void
ui_complete_fill(SxSession *s, List *l)
{
    enum { ROWS = 8 };
    const Completing *c = s->ui->prompt.data;
    for (size_t i = 0; i < c->count; i++)
        ui_list_add(l, i, c->all[i].row);
    /* the chosen row is kept in sight; the strip has fewer rows than there may be candidates */
    l->current = c->chosen ? c->chosen - 1 : UINT64_MAX;
    l->top = c->chosen > ROWS ? c->chosen - ROWS : 0;
}
