/* arguments.h - what stands behind `sextant` on the shell's command line, read by the table in command/cli.def. */
#pragma once

#include <sextant/error.h>
#include <sextant/session.h>

typedef struct Step {
    bool script;      /* -s: `text` is a file of commands, "-" is stdin; else -e: a command */
    const char *text; /* borrowed from argv */
} Step;

typedef struct Arguments {
    const char **files; /* as given: FILE, FILE@OFFSET+LENGTH, - */
    size_t n_files;
    Step *steps; /* -e and -s, in order; none: the screen, or a dump where stdout is no terminal */
    size_t n_steps;
    const char *position; /* +OFFSET, on the screen also +LINE and +/PATTERN; NULL: none */
    const char *config;   /* --config: a file */
    const char *keys;     /* --keys */
    const char *theme;    /* --theme */
    SxAccess access;      /* -R -W -C */
    bool text;            /* -t */
    bool recover, list_recoverable;
    bool json, offsets_decimal, colour, help, version;
} Arguments;

/* errors: SX_ERR_SYNTAX, SX_ERR_UNKNOWN with a sentence for stderr. On failure nothing is kept. */
bool arguments_parse(Arguments *out, int argc, char *const *argv, SxError *err);
void arguments_clear(Arguments *a);
void arguments_help(void);    /* to stdout */
void arguments_version(void); /* to stdout: versions of what is linked, features */
