/*
 * watch.h - while a batch runs: SIGINT cancels it, and what lasts says so on stderr when that is a terminal.
 *
 * Signals are taken by a thread, not by a handler, so cancelling may take locks. A second SIGINT ends the process.
 */
#pragma once

#include <sextant/session.h>

typedef struct Watch Watch;

/* Blocks SIGINT in this thread and those it starts later; call it before any other thread is made. NULL: no memory;
 * then SIGINT does what it always does. */
Watch *watch_start(SxSession *session);
void watch_stop(Watch *w); /* NULL is fine */
/* A line for stderr that does not run into the progress there. w may be NULL. */
void watch_say(Watch *w, const char *line);
