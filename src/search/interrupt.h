/*
 * interrupt.h - leaving code that does not ask whether it should go on: PCRE2's JIT, which may stay in one match for hours.
 *
 * A signal to the thread ends it: SIGURG, which by default does nothing, so that one that comes late does no harm. The
 * handler jumps out only while the thread is between interrupt_enter and interrupt_leave, where nothing may be held that
 * must be given back. JIT code and its memory stay usable after that; the interpreter would not, and is not left this way.
 */
#pragma once

#include <sextant/job.h>

#include <setjmp.h>
#include <signal.h>
#include <time.h>

typedef struct Interrupt {
    sigjmp_buf out;
    pthread_t thread;
    SxJob *job;
    sigset_t before; /* the thread's mask */
    timer_t timer;
    uint64_t deadline; /* CLOCK_MONOTONIC, nanoseconds; with `timed` */
    bool timed;
    bool open;
} Interrupt;

/* For the thread that calls. A cancel of the job interrupts it; it must not move while it is open. */
void interrupt_open(Interrupt *i, SxJob *job);
void interrupt_close(Interrupt *i);
/* So many nanoseconds from now on, too; each time anew. */
void interrupt_after(Interrupt *i, uint64_t nanoseconds);

/* Whether it is to end: the job is cancelled, or the time over. */
bool interrupt_due(const Interrupt *i);

/*
 * True when the thread came back here out of the code, which is to end then; it must be asked in a function that calls
 * those that enter. A signal that came late, for a search before, is none.
 */
#define interrupt_caught(i) (sigsetjmp((i)->out, 0) != 0 && interrupt_due(i))

/* Around the code; goes back to interrupt_caught when it is to end already. */
void interrupt_enter(Interrupt *i);
void interrupt_leave(void);
