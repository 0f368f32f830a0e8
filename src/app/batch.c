/* batch.c - runs -e and -s without a screen, or dumps; stdout has results only, stderr the rest. */
#include "app/batch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/paths.h"
#include "app/watch.h"

enum { PATH_SIZE = 4096 };

typedef struct Batch {
    const Arguments *arguments;
    SxSession *session;
    Watch *watch;
    int out_errno; /* stdout failed */
} Batch;

bool
batch_wanted(const Arguments *a)
{
    return a->n_steps > 0 || !isatty(STDOUT_FILENO);
}

static void
out_failed(Batch *b)
{
    if (!b->out_errno)
        b->out_errno = errno ? errno : EIO;
    if (b->session)
        sx_session_cancel(b->session);
}

/* SxSessionOptions.out */
static void
out(void *data, SxBytes bytes)
{
    Batch *b = data;
    errno = 0;
    if (!b->out_errno && fwrite(bytes.data, 1, bytes.len, stdout) < bytes.len)
        out_failed(b);
}

/* SxSessionOptions.message: behind the results that came before it. A reader that went away is not worth a word. */
static void
message(void *data, const char *line)
{
    Batch *b = data;
    errno = 0;
    if (!b->out_errno && fflush(stdout))
        out_failed(b);
    if (!b->out_errno)
        watch_say(b->watch, line);
}

static SxExit
failed(Batch *b, const SxError *err)
{
    watch_say(b->watch, err->text);
    return err->code == SX_ERR_CANCELLED ? SX_EXIT_STOPPED : SX_EXIT_FAILED;
}

static SxExit
open_file(Batch *b, const char *spec)
{
    SxError err = {0};
    if (!sx_session_open(b->session, spec, STDIN_FILENO, &err))
        return failed(b, &err);
    return b->arguments->recover ? sx_session_run(b->session, "recover", true, NULL) : SX_EXIT_DONE;
}

static SxExit
open_all(Batch *b)
{
    SxExit exit = SX_EXIT_DONE;
    const Arguments *a = b->arguments;
    for (size_t i = a->n_files; i-- > 0 && exit == SX_EXIT_DONE;) /* so that the first one is shown */
        exit = open_file(b, a->files[i]);
    return exit;
}

static SxExit
go_to_position(Batch *b)
{
    char line[512];
    const char *position = b->arguments->position;
    if (!position)
        return SX_EXIT_DONE;
    int n = snprintf(line, sizeof line, "goto %s", position);
    if (n > 0 && (size_t)n < sizeof line)
        return sx_session_run(b->session, line, true, NULL);
    watch_say(b->watch, "the position is too long");
    return SX_EXIT_USAGE;
}

static SxExit
run_steps(Batch *b)
{
    SxExit exit = open_all(b);
    const Arguments *a = b->arguments;
    if (exit == SX_EXIT_DONE)
        exit = go_to_position(b);
    for (size_t i = 0; i < a->n_steps && exit == SX_EXIT_DONE && !sx_session_ended_batch(b->session); i++) {
        const Step *step = &a->steps[i];
        exit = step->script ? sx_session_source(b->session, step->text, NULL)
                            : sx_session_run(b->session, step->text, true, NULL);
    }
    return exit == SX_EXIT_DONE ? sx_session_batch_end(b->session) : exit;
}

/* --- the dump for pipes ---------------------------------------------------------------------------------------- */

static SxExit
dump_file(Batch *b, const char *spec, bool named)
{
    SxExit exit = open_file(b, spec);
    if (exit == SX_EXIT_DONE && named) {
        out(b, sx_bytes(spec, strlen(spec)));
        out(b, sx_bytes(":\n", 2));
    }
    if (exit == SX_EXIT_DONE)
        exit = sx_session_run(b->session, "dump", true, NULL);
    if (exit == SX_EXIT_DONE)
        exit = sx_session_run(b->session, "close!", true, NULL);
    return exit;
}

static SxExit
dump_all(Batch *b)
{
    SxExit exit = SX_EXIT_DONE;
    const Arguments *a = b->arguments;
    if (a->n_files == 0) {
        watch_say(b->watch, "no file: nothing to dump, and stdout is no terminal to look at one");
        return SX_EXIT_USAGE;
    }
    for (size_t i = 0; i < a->n_files && exit == SX_EXIT_DONE; i++)
        exit = dump_file(b, a->files[i], a->n_files > 1);
    return exit;
}

/* --- the frame ---------------------------------------------------------------------------------------------------- */

static SxSessionOptions
options_of(Batch *b, const char *state)
{
    const Arguments *a = b->arguments;
    return (SxSessionOptions){
        .batch = true,
        .recover = a->recover,
        .state_dir = state,
        .access = a->access,
        .offsets_decimal = a->offsets_decimal,
        .json = a->json,
        .colour = a->colour,
        .data = b,
        .out = out,
        .message = message,
    };
}

/* What stdout has to say about it all. A reader that left early cuts a run of commands off, but not a dump. */
static SxExit
closed_output(Batch *b, SxExit exit)
{
    errno = 0;
    if (fflush(stdout) && !b->out_errno)
        b->out_errno = errno ? errno : EIO;
    if (!b->out_errno)
        return exit;
    if (b->out_errno == EPIPE)
        return b->arguments->n_steps ? SX_EXIT_STOPPED : SX_EXIT_DONE;
    (void)fprintf(stderr, "sextant: cannot write results: %s\n", strerror(b->out_errno));
    return SX_EXIT_FAILED;
}

/* What a configuration sets is about the screen; but one that was named must be there. */
static bool
config_readable(const Arguments *a)
{
    char *text = a->config ? path_text(a->config) : NULL;
    bool readable = !a->config || text;
    free(text);
    if (!readable)
        (void)fprintf(stderr, "sextant: cannot read the configuration '%s'\n", a->config);
    return readable;
}

int
batch_run(const Arguments *a)
{
    SxError err = {0};
    Batch b = {.arguments = a};
    char state[PATH_SIZE];
    SxSessionOptions options = options_of(&b, path_state(state, sizeof state) ? state : NULL);
    if (!config_readable(a))
        return SX_EXIT_FAILED;
    (void)signal(SIGPIPE, SIG_IGN); /* said by fwrite instead */
    if (!sx_session_new(&b.session, &options, &err))
        return (int)failed(&b, &err);
    b.watch = watch_start(b.session);
    SxExit exit = a->n_steps ? run_steps(&b) : dump_all(&b);
    watch_stop(b.watch);
    b.watch = NULL;
    exit = closed_output(&b, exit);
    sx_session_free(b.session);
    return (int)exit;
}
