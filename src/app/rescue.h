/*
 * rescue.h - the program's way out when somebody or something ends it: signals, crashes, bugs.
 *
 * SIGTERM, SIGHUP and SIGQUIT are noted and wake the loop, which ends in order. SIGTSTP from outside is noted as a wish
 * to suspend, SIGINT as a wish to cancel. A fault (SEGV, BUS, FPE, ILL, ABRT) or a bug puts the terminal back from the
 * handler, says what happened in one line and dies of the same signal, so that shells and core dumps see the truth.
 *
 * threads    install once, in the main thread, before the map installs its handler of SIGBUS (it chains to ours)
 */
#pragma once

#include <stdbool.h>

/* wake_fd: an eventfd that handlers write to. */
void rescue_install(int wake_fd);

/* Say at a crash that the journal has what was not written. */
void rescue_journal(bool kept);

/* The signal that asks us to end, 0: none. */
int rescue_ending(void);

/* Whether SIGTSTP, SIGINT, SIGCONT came since the last call. */
bool rescue_suspend(void);
bool rescue_interrupt(void);
