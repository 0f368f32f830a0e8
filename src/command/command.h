/*
 * command.h - the table of commands and the table of keys: everything a person or a script can ask for.
 *
 * A command is one CMD entry in commands.def (which includes a file per group). Command line, scripts, palette, key
 * map, help, completion, the manual and the tests are read from it. A key is one KEY entry in bindings.def and stands
 * for a whole command line, arguments included.
 *
 * The argument spec is the usage line that people read, and the parser obeys it:
 *     PATTERN BYTES RANGE OFFSET INDEX N FORM ...     a typed value, see args.h
 *     here/there        one of these words            [X]           may be left out
 *     [at OFFSET]       a value behind its word       [fold]        a word that is said or not
 *     RANGE/all/none    a word or a value             TEXT COMMAND  the rest of the line
 * What may be left out comes behind what may not, and its parts may come in any order.
 *
 * threads    the tables are const
 */
#pragma once

#include <sextant/error.h>
#include <sextant/session.h>

typedef struct Args Args;

/* What a command does. Failures are outcome(false, err): see session_private.h. */
typedef SxExit CommandRun(SxSession *s, const Args *a, SxError *err);

enum CommandFlags {
    CMD_EDITS = 1 << 0,   /* changes bytes: refused in READ before it runs */
    CMD_JUMPS = 1 << 1,   /* goes far: where the cursor was is kept for `back` */
    CMD_REPEATS = 1 << 2, /* `repeat` does it again */
    CMD_SCREEN = 1 << 3,  /* needs a screen: refused in batch */
    CMD_BANG = 1 << 4,    /* NAME! means without asking */
    CMD_MOTION = 1 << 5,  /* moves the cursor: in SELECT it extends the selection */
    CMD_COUNT = 1 << 6,   /* a number typed before its key is its first argument */
};

typedef struct Command {
    const char *name;
    const char *aliases; /* separated by spaces, NULL: none */
    const char *group;   /* Move Find Print Change Select Mark File View Program */
    const char *args;    /* see above; NULL: none */
    unsigned flags;
    const char *help; /* at most 60 characters, imperative, no full stop */
    const char *more; /* sentences for help and manual, NULL: none */
    CommandRun *run;
} Command;

extern const Command commands[];
extern const size_t n_commands;

/* The pattern language by examples. */
typedef struct PatternHelp {
    const char *example, *finds;
} PatternHelp;

extern const PatternHelp pattern_helps[];
extern const size_t n_pattern_helps;

#define CMD(id, ...) CommandRun cmd_##id;
#include "command/commands.def"
#undef CMD

/* Whole names and aliases. `name` need not end with a NUL. */
const Command *command_find(const char *name, size_t len);
const Command *command_of_line(const char *line); /* that its first word names; NULL: there is none */
/* Also unique beginnings; NULL when there is none or several: then *n says how many. */
const Command *command_begins(const char *name, size_t len, size_t *n);
/* The name that was probably meant, by edits (a letter too many, missing, wrong, two swapped); NULL: none is near. */
const char *command_near(const char *name, size_t len);

/* The modes a key works in. */
enum BindingModes {
    IN_BROWSE = 1 << SX_MODE_BROWSE,
    IN_SELECT = 1 << SX_MODE_SELECT,
    IN_OVERWRITE = 1 << SX_MODE_OVERWRITE,
    IN_INSERT = 1 << SX_MODE_INSERT,
    IN_LOOK = IN_BROWSE | IN_SELECT,      /* printing keys are commands here */
    IN_EDIT = IN_OVERWRITE | IN_INSERT,   /* printing keys type here */
    IN_ALL = IN_LOOK | IN_EDIT,
};

typedef struct Binding {
    unsigned modes;
    const char *keys;    /* sequences in the notation of key.h, separated by ", ": "g g, <, C-Home" */
    const char *command; /* a command line: "goto 0" */
} Binding;

extern const Binding bindings[]; /* of the default preset */
extern const size_t n_bindings;

/* The keys that run `command` without further arguments first, then those that give it some: "u, C-_" into buf. */
const char *command_keys(const Command *command, char *buf, size_t size);
