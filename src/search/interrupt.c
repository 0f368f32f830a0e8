/*
 * interrupt.c - the signal, and the way out. What the handler must reach belongs to its thread.
 */
#include "search/interrupt.h"

#include "search/clock.h"

#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local sigjmp_buf *volatile way_out; /* NULL: not now */

static struct sigaction before;
static pthread_once_t installed = PTHREAD_ONCE_INIT;

bool
interrupt_due(const Interrupt *i)
{
    return sx_job_cancelled(i->job) || (i->timed && clock_now() >= i->deadline);
}

static void
on_signal(int number, siginfo_t *info, void *context)
{
    sigjmp_buf *out = way_out;
    if (out) {
        way_out = NULL;
        siglongjmp(*out, 1);
    }
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(number);
}

/* NODEFER: the way out leaves the mask as it is. */
static void
install(void)
{
    struct sigaction ours = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
    sigemptyset(&ours.sa_mask);
    sigaction(SIGURG, &ours, &before);
}

/* Under the job's lock; the thread lives until it has removed the hook. */
static void
interrupt_thread(void *data)
{
    const Interrupt *i = data;
    pthread_kill(i->thread, SIGURG);
}

void
interrupt_open(Interrupt *i, SxJob *job)
{
    sigset_t urgent;
    *i = (Interrupt){.thread = pthread_self(), .job = job, .open = true};
    pthread_once(&installed, install);
    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG);
    pthread_sigmask(SIG_UNBLOCK, &urgent, &i->before);
    sx_job_hook_add(job, interrupt_thread, i); /* with too many of them the match limit must do */
}

void
interrupt_close(Interrupt *i)
{
    if (!i->open)
        return;
    sx_job_hook_remove(i->job, interrupt_thread, i);
    if (i->timed)
        timer_delete(i->timer);
    if (sigismember(&i->before, SIGURG))
        pthread_sigmask(SIG_SETMASK, &i->before, NULL);
    i->open = i->timed = false;
}

void
interrupt_after(Interrupt *i, uint64_t nanoseconds)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGURG};
    struct itimerspec when = {.it_value = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000) + 1}};
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    i->deadline = clock_now() + nanoseconds;
    if (!i->timed)
        i->timed = timer_create(CLOCK_MONOTONIC, &event, &i->timer) == 0;
    if (i->timed)
        timer_settime(i->timer, 0, &when, NULL);
}

void
interrupt_enter(Interrupt *i)
{
    way_out = &i->out;
    if (interrupt_due(i)) {
        way_out = NULL;
        siglongjmp(i->out, 1);
    }
}

void
interrupt_leave(void)
{
    way_out = NULL;
}
