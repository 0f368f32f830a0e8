/* gen.h - the tables as this program sees them, and the kinds of text it makes of them. */
#pragma once

#include "command/command.h"

typedef struct Option {
    char letter; /* 0: none */
    const char *name; /* "" none */
    const char *argument;
    const char *help;
} Option;

typedef struct Position {
    const char *typed, *help;
} Position;

extern const Position gen_positions[];
extern const size_t n_gen_positions;
extern const PatternHelp gen_patterns[];
extern const size_t n_gen_patterns;
extern const Command gen_commands[]; /* without handlers */
extern const size_t n_gen_commands;
extern const Binding gen_bindings[];
extern const size_t n_gen_bindings;
extern const Option gen_options[];
extern const size_t n_gen_options;

/* Groups in the order of the table: the name of the i-th, NULL behind the last. */
const char *gen_group(size_t i);
/* Keys of a command: "u, C-_"; buf is filled and returned. */
const char *gen_keys(const Command *c, char *buf, size_t size);

void print_man(void);
void print_commands(void);
void print_keys(void);
void print_bash(void);
void print_zsh(void);
void print_fish(void);
