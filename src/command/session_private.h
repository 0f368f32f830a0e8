/*
 * session_private.h - what the session holds, for the files of this layer.
 *
 * session*.c and cmd_*.c are the part that needs no screen. ui*.c are the interactive part, which hangs its state on
 * `ui` (NULL in batch) and Tab.ui, and is called through UiHooks.
 *
 * threads    the session's thread, but what `lock` guards
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include <sextant/document.h>
#include <sextant/expression.h>
#include <sextant/job.h>
#include <sextant/search.h>
#include <sextant/session.h>
#include <sextant/text.h>

#include "command/args.h"
#include "command/command.h"
#include "command/found.h"

struct Ui;    /* the interactive part's */
struct UiTab; /* and what it keeps for each document */

/* Places that `back` and `forward` go through; kept right over edits. */
typedef struct Jumps {
    uint64_t at[64];
    size_t count;
    size_t index; /* where `back` looks next: count when nobody went back */
} Jumps;

/* An open document. Its cursor is sx_document_tell. */
typedef struct Tab {
    SxDocument *document;
    char *name; /* printable, for messages: as given on the command line */
    SxSpan selection;
    bool has_selection;
    SxSpan match; /* the last hit, len may be 0 */
    bool has_match;
    SxSpan searched; /* where the last search looked; the screen says so anew before a command that wants to know */
    Jumps jumps;
    Found *results; /* what was found and what narrow left of it, with its bytes then; NULL: nothing is kept */
    bool narrowed;  /* narrow made them: they are the matches until the next search */
    bool offered;          /* whether journals wait was asked */
    bool undoes_earlier;   /* M26 was answered */
    bool unprotected_said; /* M29 */
    struct UiTab *ui;
    bool stuck; /* a write that does not end works on the document: nobody frees it */
} Tab;

/* How the interactive part hears of things; all may be NULL. */
typedef struct UiHooks {
    void (*say)(SxSession *s, bool bad, const char *text); /* the message line */
    void (*result)(SxSession *s, const char *line);        /* what batch would print, a line at a time */
    /* Take a command over (search in the background, ask first): true when it was done there. */
    bool (*run)(SxSession *s, const Command *c, const Args *a, SxExit *out, SxError *err);
    void (*tab_opened)(SxSession *s, Tab *tab);
    void (*tab_closing)(SxSession *s, Tab *tab);
} UiHooks;

/* The interactive part hangs itself on `ui` and `hooks`, and takes itself off before documents are closed. */
bool ui_new(SxSession *s, SxError *err);
void ui_free(SxSession *s); /* nothing to do in batch */
bool ui_open_stream(SxSession *s, int fd, const char *name, SxError *err); /* a worker reads on, see ui_pour.h */
bool ui_busy(const SxSession *s);    /* a worker has the session: nothing else may be touched */
bool ui_abandoned(SxSession *s); /* a worker has the session and does not give it back in time */
void ui_ask_new(SxSession *s, const char *path); /* "NAME does not exist. [n]ew Esc" */

typedef struct Register {
    char name; /* '"' is the clipboard */
    SxSource *bytes;
} Register;

struct SxSession {
    SxSessionOptions options;
    Tab **tabs;
    size_t n_tabs, cap_tabs;
    size_t active;

    SxPattern *pattern; /* of the last search, NULL: none yet */
    bool backward;      /* it went backward */
    bool fresh;         /* a handler made it, and the screen has not taken it up yet */
    Register registers[40];
    size_t n_registers;
    char register_chosen; /* "x before y d p P; 0: the clipboard */
    char *repeat;         /* the last line that `repeat` may do again */

    const char *running; /* name of the command that runs, for messages */
    bool said;           /* what went wrong has been told */
    unsigned depth;      /* of source and try */
    bool ended;          /* quit */
    uint64_t replaced;   /* places, by the last replace */
    bool drop;           /* quit!: unwritten changes are meant to be lost */
    SxString line;       /* the row of results that is being made */
    unsigned fields;     /* in it */
    SxString screen_line; /* what of a line came so far, for UiHooks.result */
    unsigned screen_rows; /* that this command brought so far */

    pthread_mutex_t lock; /* guards job, cancelled */
    SxJob *job;           /* of the command that runs, else NULL */
    const char *job_name;
    bool cancelled;

    bool no_journal;        /* :set nojournal */
    uint64_t journal_limit; /* bytes, 0: none */

    const UiHooks *hooks;
    struct Ui *ui;
};

/* --- documents ---------------------------------------------------------------------------------------------------- */

Tab *session_tab(SxSession *s); /* the shown one; there always is one */
SxDocument *session_document(SxSession *s);
SxDocumentOptions session_document_options(const SxSession *s);
bool session_add(SxSession *s, SxDocument *document, const char *name, SxError *err); /* takes it, as the active tab */
void tab_rename(Tab *tab, char *name); /* takes it */
bool session_open(SxSession *s, const char *spec, bool create, SxError *err); /* FILE, FILE@OFFSET+LENGTH */
bool session_open_stream(SxSession *s, int fd, const char *name, SxError *err); /* reads it to its end */
void session_tell_waiting(SxSession *s); /* batch: names a journal that waits for the document */
bool session_close(SxSession *s, size_t index, SxError *err); /* the last one leaves an empty document */
/* Move the cursor. */
bool session_goto(SxSession *s, uint64_t at, SxError *err);

void jumps_add(Jumps *j, uint64_t at); /* the cursor went far from `at` */
bool jumps_back(Jumps *j, uint64_t cursor, uint64_t *out); /* false: nowhere to go */
bool jumps_forward(Jumps *j, uint64_t *out);

bool mark_name_good(const char *name, SxError *err); /* letters, digits and _ */

/* What names mean in expressions, for the active document. */
SxScope session_scope(SxSession *s, bool script);

/* False with `err` where `path` is the file of an open document: nothing but `write` replaces that. */
bool session_spares(SxSession *s, const char *path, SxError *err);
/* M4: what a write has done. */
const char *saved_words(const SxSaved *saved, const char *name, char *buf, size_t size);
/* "3 changes, 5 bytes"; buf of 64 is enough. Returns buf. */
const char *changes_words(SxDocument *d, char *buf, size_t size);
void session_print_saved(SxSession *s, const SxSaved *saved); /* the row of write: way, bytes, places */
const char *access_word(SxAccess access); /* "read", "copy", "write-through" */
/* What the clipboard or the chosen register holds; NULL: nothing. Borrowed. */
SxSource *register_get(SxSession *s);
bool register_set(SxSession *s, SxSource *bytes, SxError *err); /* takes the count */

/* --- running ------------------------------------------------------------------------------------------------------- */

/* Run a line; as sx_session_run. */
SxExit session_run(SxSession *s, const char *line, bool script, SxError *err);
/* DONE, or what the failure in `err` is worth: USAGE, FAILED, STOPPED. */
SxExit outcome(bool ok, const SxError *err);
/* The same for what looks for something. */
SxExit outcome_found(SxFound found, const SxError *err);

/* A job for work that may last; between the two, C-c and SIGINT cancel it. Never NULL but without memory, which is fine
 * for those who take it. */
SxJob *session_job_begin(SxSession *s, const char *name);
void session_job_end(SxSession *s);

/* --- what people hear ------------------------------------------------------------------------------------------------ */

/* A confirmation: on the screen only; batch is silent when all is well. */
void session_say(SxSession *s, const char *fmt, ...) SX_PRINTF(2, 3);
/* A warning or a miss: on the screen and on stderr. */
void session_warn(SxSession *s, const char *fmt, ...) SX_PRINTF(2, 3);
void session_complain(SxSession *s, const char *text); /* the same without a format */

/* A row of results: fields, then row_end. With --json an object a line. */
void row_offset(SxSession *s, const char *field, uint64_t offset);
void row_count(SxSession *s, const char *field, uint64_t count);
void row_word(SxSession *s, const char *field, const char *printable);
void row_bytes(SxSession *s, const char *field, SxBytes bytes); /* in printable form */
void row_unset(SxSession *s, const char *field);                /* \N, null */
/* Bytes of a source as a field, of any length; fold: line ends and tabs as spaces. */
bool row_range(SxSession *s, const char *field, SxSource *source, SxSpan span, Form form, bool fold, SxError *err);
/* The same in hex, with "..." behind it when `cut`. */
bool row_cut(SxSession *s, const char *field, SxSource *source, SxSpan span, bool cut, SxError *err);
void row_end(SxSession *s);
/* A screen has enough rows now: further ones are dropped, so do not make them. */
bool results_full(const SxSession *s);
/* Bytes of a source as results, in a form; any length, a block at a time (on a screen only the first of them). */
bool result_range(SxSession *s, SxSource *source, SxSpan span, Form form, SxJob *job, SxError *err);
