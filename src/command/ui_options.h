/*
 * ui_options.h - what `:set` changes: one table (options.def), one struct of values.
 */
#pragma once

#include <sextant/error.h>
#include <sextant/session.h>

/* Options are whole numbers; booleans are 0 and 1, choices the index of the word. */
typedef struct Options {
#define OPTION(id, ...) uint64_t id;
#include "command/options.def"
#undef OPTION
} Options;

typedef enum OptionType { OPTION_BOOL, OPTION_NUMBER, OPTION_WORD, OPTION_NAME } OptionType;

typedef struct OptionInfo {
    const char *name;
    OptionType type;
    uint64_t standard;   /* the value without configuration */
    uint64_t most;       /* NUMBER: greatest */
    const char *words;   /* WORD: separated by '/' */
    const char *help;
    size_t offset;       /* in Options */
} OptionInfo;

extern const OptionInfo option_table[];
extern const size_t n_options;

void options_init(Options *o);
/* "columns=32", "columns 32", "mouse", "nomouse", "invmouse"; "columns" alone changes nothing. */
bool ui_option_set(SxSession *s, const char *text, SxError *err);
/* The same for who sits before the screen: says what the option is then; "" lists those that differ, "all" all. */
bool ui_option_command(SxSession *s, const char *text, SxError *err);
/* The configuration: `option = value`, `bind KEY COMMAND`, # comment; complaints name their line. */
void ui_config(SxSession *s, const char *text);
