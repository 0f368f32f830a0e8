/* cmd_program.c - source, try; and how a batch ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/session_private.h"

/* --- scripts ---------------------------------------------------------------------------------------------------- */

static SxExit
run_lines(SxSession *s, FILE *file, SxError *err)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    SxExit exit = SX_EXIT_DONE;
    while (exit == SX_EXIT_DONE && !s->ended && (len = getline(&line, &size, file)) >= 0) {
        if (strlen(line) != (size_t)len)
            exit = outcome(sx_fail(err, SX_ERR_SYNTAX, "a line of the script holds a zero byte"), err);
        else
            exit = session_run(s, line, true, err);
    }
    free(line);
    return exit;
}

static SxExit
run_file(SxSession *s, const char *path, SxError *err)
{
    if (!strcmp(path, "-"))
        return run_lines(s, stdin, err);
    FILE *file = fopen(path, "re");
    if (!file)
        return outcome(sx_fail_errno(err, errno, "cannot open '%s'", path), err);
    SxExit exit = run_lines(s, file, err);
    if (exit == SX_EXIT_DONE && ferror(file))
        exit = outcome(sx_fail_errno(err, errno, "cannot read '%s'", path), err);
    (void)fclose(file);
    return exit;
}

SxExit
cmd_source(SxSession *s, const Args *a, SxError *err)
{
    return run_file(s, a->arg[0].word, err);
}

SxExit
sx_session_source(SxSession *s, const char *path, SxError *err)
{
    SxError own = {0};
    if (!err)
        err = &own;
    s->said = false;
    s->running = "-s";
    SxExit exit = run_file(s, path, err);
    if (exit != SX_EXIT_DONE && err->code != SX_OK && !s->said)
        session_complain(s, err->text);
    s->running = NULL;
    return exit;
}

SxExit
cmd_try(SxSession *s, const Args *a, SxError *err)
{
    SxExit exit = session_run(s, a->arg[0].word, true, err);
    return exit == SX_EXIT_ABSENT ? SX_EXIT_DONE : exit;
}

/* --- the end of a batch --------------------------------------------------------------------------------------------- */

SxExit
sx_session_batch_end(SxSession *s)
{
    char words[64];
    SxExit exit = SX_EXIT_DONE;
    for (size_t i = 0; i < s->n_tabs && !s->drop; i++) {
        s->active = i;
        if (!sx_document_modified(session_document(s)))
            continue;
        session_warn(s, "%s unwritten; write, or quit! as last command drops them",
                     changes_words(session_document(s), words, sizeof words));
        exit = SX_EXIT_FAILED;
    }
    return exit;
}

bool
sx_session_ended_batch(const SxSession *s)
{
    return s->ended;
}
