/*
 * signals.c - a handler that raises an eventfd.
 *
 * Not a signalfd: that wants the signal blocked in every thread, also in those that libraries start.
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "term/signals.h"

/* For the handler alone. */
static struct {
    volatile int fd;
    volatile sig_atomic_t winch, cont;
} raised = {.fd = -1};

static void
on_signal(int number)
{
    int keep = errno;
    uint64_t one = 1;
    if (number == SIGWINCH)
        raised.winch = 1;
    else
        raised.cont = 1;
    if (raised.fd >= 0 && write(raised.fd, &one, sizeof one) < 0)
        errno = keep; /* it is raised already */
    errno = keep;
}

bool
signals_open(Signals *s, SxError *err)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    s->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->fd < 0)
        return sx_fail_errno(err, errno, "cannot wait for signals");
    raised.winch = raised.cont = 0;
    raised.fd = s->fd;
    sigemptyset(&action.sa_mask);
    sigaction(SIGWINCH, &action, &s->winch);
    sigaction(SIGCONT, &action, &s->cont);
    return true;
}

void
signals_close(Signals *s)
{
    if (s->fd < 0)
        return;
    sigaction(SIGWINCH, &s->winch, NULL);
    sigaction(SIGCONT, &s->cont, NULL);
    raised.fd = -1;
    close(s->fd);
    s->fd = -1;
}

unsigned
signals_take(Signals *s)
{
    uint64_t count;
    unsigned came = 0;
    if (read(s->fd, &count, sizeof count) < 0 && !raised.winch && !raised.cont)
        return 0;
    if (raised.winch)
        came |= CAME_WINCH;
    if (raised.cont)
        came |= CAME_CONT;
    raised.winch = raised.cont = 0;
    return came;
}
