/*
 * loop.h - the event loop of the screen: terminal, workers' wake-ups, timers, signals; nothing is decided here.
 */
#pragma once

#include <sextant/session.h>
#include <sextant/term.h>

/* Run until the session ends or a signal ends it. Returns the exit code; 128 + the signal when one ended it.
 * farewell: a line for the shell's screen, borrowed from the session, or NULL. */
int loop_run(SxSession *session, SxTerm *term, int wake_fd, const char **farewell);
