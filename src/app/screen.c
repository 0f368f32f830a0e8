/* screen.c - what stands around the event loop: options, files, terminal; and the order in which they go again. */
#include "app/screen.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <sextant/session.h>
#include <sextant/term.h>

#include "app/loop.h"
#include "app/paths.h"
#include "app/rescue.h"

enum { PATH_SIZE = 4096 };

static void
complain(const SxError *err)
{
    (void)fprintf(stderr, "sextant: %s\n", err->text);
}

/* SxSessionOptions.wake: any thread */
static void
wake(void *data)
{
    uint64_t one = 1;
    /* a full counter means that it is awake already */
    ssize_t n = write(*(const int *)data, &one, sizeof one);
    (void)n;
}

/* Whether the locale shows UTF-8, as the environment says; setlocale would read files and change what printf prints. */
static bool
locale_is_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return false;
}

static char *
config_text(const Arguments *a)
{
    char path[PATH_SIZE];
    if (a->config)
        return path_text(a->config);
    return path_config(path, sizeof path) ? path_text(path) : NULL;
}

/* `command | sextant`: what comes out of the pipe is looked at, as $PAGER does. */
static bool
is_pager(const Arguments *a)
{
    return a->n_files == 0 && !isatty(STDIN_FILENO);
}

static bool
open_files(SxSession *s, const Arguments *a)
{
    SxError err = {0};
    if (is_pager(a) && !sx_session_open(s, "-", STDIN_FILENO, &err)) {
        complain(&err);
        return false;
    }
    if (a->recover && a->n_files == 0 && !sx_session_open_waiting(s, &err)) {
        complain(&err);
        return false;
    }
    for (size_t i = a->n_files; i-- > 0;) { /* so that the first one is shown */
        if (sx_session_open(s, a->files[i], STDIN_FILENO, &err))
            continue;
        complain(&err);
        return false;
    }
    return true;
}

static void
go_to_position(SxSession *s, const char *position)
{
    if (position)
        sx_session_begin_at(s, position);
}

static void
set_theme(SxSession *s, const char *theme)
{
    char line[128];
    int n = theme ? snprintf(line, sizeof line, "theme %s", theme) : 0;
    if (n > 0 && (size_t)n < sizeof line)
        sx_session_run(s, line, false, NULL);
}

static int
with_terminal(SxSession *s, int wake_fd)
{
    SxTerm *term;
    SxError err = {0};
    SxTermOptions options = {.colour = -1, .no_mouse = !sx_session_mouse(s), .ascii = !locale_is_utf8()};
    if (!sx_term_open(&term, &options, &err)) {
        complain(&err);
        return SX_EXIT_FAILED;
    }
    const char *farewell;
    int code = loop_run(s, term, wake_fd, &farewell);
    sx_term_close(term);
    if (farewell)
        (void)printf("%s\n", farewell);
    return code;
}

static int
with_session(const Arguments *a, int *wake_fd, const char *state, const char *config)
{
    char cache[PATH_SIZE];
    SxSession *s;
    SxError err = {0};
    SxSessionOptions options = {
        .state_dir = state,
        .cache_dir = path_cache(cache, sizeof cache) ? cache : NULL,
        .config = config,
        .recover = a->recover,
        .access = a->access,
        .offsets_decimal = a->offsets_decimal,
        .keys = a->keys,
        .text = a->text,
        .detect = is_pager(a),
        .ascii = !locale_is_utf8(),
        .data = wake_fd,
        .wake = wake,
    };
    if (!sx_session_new(&s, &options, &err)) {
        complain(&err);
        return SX_EXIT_USAGE;
    }
    int code = SX_EXIT_FAILED;
    if (open_files(s, a)) {
        set_theme(s, a->theme);
        go_to_position(s, a->position);
        code = with_terminal(s, *wake_fd);
    }
    sx_session_free(s);
    return code;
}

int
screen_run(const Arguments *a)
{
    char state[PATH_SIZE];
    bool keeps = path_state(state, sizeof state);
    int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd < 0) {
        (void)fprintf(stderr, "sextant: no event descriptor: %s\n", strerror(errno));
        return SX_EXIT_FAILED;
    }
    char *config = config_text(a);
    rescue_install(wake_fd);
    rescue_journal(keeps);
    int code = with_session(a, &wake_fd, keeps ? state : NULL, config);
    free(config);
    close(wake_fd);
    return code;
}
