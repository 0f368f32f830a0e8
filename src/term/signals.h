/* signals.h - SIGWINCH and SIGCONT as something to poll. Private to term/. */
#pragma once

#include <signal.h>

#include <sextant/error.h>

typedef struct Signals {
    int fd; /* readable when one came; -1: not open */
    struct sigaction winch, cont; /* what was there before */
} Signals;

bool signals_open(Signals *s, SxError *err);
void signals_close(Signals *s);
/* Which came since: bits. */
enum { CAME_WINCH = 1, CAME_CONT = 2 };
unsigned signals_take(Signals *s);
