/*
 * session.h - one run of the program: open documents, commands, keys, what the screen shows.
 *
 * The application turns events into calls and paints what sx_session_screen describes; it decides nothing. Batch mode
 * (`-e`) runs the same commands of the same table without a screen.
 *
 * threads    one thread; workers of searches and saves wake it through the hook `wake`
 */
#pragma once

#include <sextant/document.h>
#include <sextant/error.h>
#include <sextant/job.h>
#include <sextant/key.h>
#include <sextant/style.h>
#include <sextant/view.h>

SX_BEGIN

typedef struct SxSession SxSession;

typedef enum SxExit { SX_EXIT_DONE = 0, SX_EXIT_ABSENT = 1, SX_EXIT_USAGE = 2, SX_EXIT_FAILED = 3, SX_EXIT_STOPPED = 4 } SxExit;

/* Texts are borrowed for the life of the session. */
typedef struct SxSessionOptions {
    bool batch;             /* no screen: never asks, results to `out` */
    const char *state_dir;  /* journals, history of prompts, hints; NULL: nothing is kept */
    const char *cache_dir;  /* what may be deleted at any time: counts of lines; NULL: nothing is kept */
    const char *config;     /* text of the configuration, NULL: none */
    bool recover;           /* take up unsaved changes that wait for a file, without asking */
    SxAccess access;        /* of documents that are opened; DEFAULT: by kind */
    bool offsets_decimal;   /* --offsets dec */
    bool json;              /* --json */
    bool text;              /* -t: documents that are opened show the text view first */
    bool detect;            /* the text view first where the bytes look like text: a pager */
    bool colour;            /* --color: dumps in colour */
    const char *keys;       /* preset, NULL: sextant */
    SxColourDepth depth;
    bool ascii;
    void *data;                                            /* for the hooks */
    void (*out)(void *data, SxBytes bytes);                /* results, batch */
    void (*message)(void *data, const char *line);         /* batch: "FILE: COMMAND: TEXT", failures and misses too */
    void (*wake)(void *data);                              /* any thread: come and call sx_session_tick */
} SxSessionOptions;

/* The i-th preset of keys, NULL behind the last. */
const char *sx_session_preset_name(size_t i);

bool sx_session_new(SxSession **out, const SxSessionOptions *o, SxError *err);
void sx_session_free(SxSession *s);

/* Open "FILE", "FILE@OFFSET+LENGTH", "-" (stdin as `stream_fd`) as a new tab. */
bool sx_session_open(SxSession *s, const char *spec, int stream_fd, SxError *err);

/* Open the file of the newest unsaved changes that wait, and take them up. SX_ERR_MISSING: none wait. */
bool sx_session_open_waiting(SxSession *s, SxError *err);

/*
 * Run one command line. `script`: whole names only, leading zeros refused. The result says how it went; what went wrong
 * has been said through `message` (or on the message line) by then, `err` (may be NULL) has it for programs.
 */
SxExit sx_session_run(SxSession *s, const char *line, bool script, SxError *err);
bool sx_session_ended_batch(const SxSession *s); /* `quit` was run: no further commands */
/* At the end of a batch: FAILED with a message when changes are left unwritten. */
SxExit sx_session_batch_end(SxSession *s);
/* Run each line of a script file ("-": stdin) until one does not succeed. */
SxExit sx_session_source(SxSession *s, const char *path, SxError *err);
/* C-c, SIGINT: cancels the command that runs. Any thread, not from a signal handler. */
void sx_session_cancel(SxSession *s);
/* What the running command says of itself; false: none lasts. `what` holds at least 32 bytes. Any thread. */
bool sx_session_progress(SxSession *s, char *what, size_t size, SxProgress *out);

/* --- interactive ------------------------------------------------------------------------------------------------- */

void sx_session_event(SxSession *s, const SxEvent *event);
/* Readable when sx_session_tick has something to do before its time; -1: not now. */
int sx_session_fd(const SxSession *s);
/* Timers and finished workers; returns milliseconds until it wants to be called again, -1: not by time. */
int sx_session_tick(SxSession *s);
/* +POSITION of the command line: what the view counts (offsets, or lines in the text view), /PATTERN, G the end, F the end, and follow. */
void sx_session_begin_at(SxSession *s, const char *position);
/* What is to be seen now; borrowed until the next call of the session. */
const SxScreen *sx_session_screen(SxSession *s, unsigned width, unsigned height);
const SxTheme *sx_session_theme(SxSession *s);
int sx_session_esc_ms(const SxSession *s); /* how long a lone Esc waits: see sx_term_event */
bool sx_session_ended(const SxSession *s, SxExit *code, const char **farewell); /* farewell: a line for the shell, or NULL */

bool sx_session_mouse(const SxSession *s); /* whether clicks are ours, as the configuration says */

/* What the session wants of the terminal; each is said once. */
typedef enum SxWish { SX_WISH_NONE, SX_WISH_SUSPEND, SX_WISH_REDRAW, SX_WISH_CLIPBOARD, SX_WISH_MOUSE_ON, SX_WISH_MOUSE_OFF } SxWish;
SxWish sx_session_wish(SxSession *s, SxBytes *text);
/* SIGHUP, SIGTERM: keep what can be kept; no questions. */
void sx_session_hangup(SxSession *s);

SX_END
