/*
 * worker.c - niced threads with all signals blocked, so that those of the program go to its own thread.
 */
#include "search/worker.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NICE = 5 };

unsigned
worker_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? (unsigned)n : 1;
}

bool
worker_start(pthread_t *out, void *(*run)(void *), void *data)
{
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGBUS); /* bytes that are lost while they are read */
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGURG); /* see interrupt.h */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(out, NULL, run, data) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void
worker_begin(void)
{
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
}
