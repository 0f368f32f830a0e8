/*
 * rescue.c - signal handlers. The variables here are the exception to "no globals": a handler reaches nothing else.
 * All are lock-free atomics; handlers call async-signal-safe functions only.
 */
#include "app/rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sextant/error.h>
#include <sextant/term.h>

static atomic_int wake_to = -1;
static atomic_int ending;
static atomic_bool suspend_wanted;
static atomic_bool interrupted;
static atomic_bool journal_kept;
static atomic_bool rescued;

static void
wake(void)
{
    int saved = errno;
    uint64_t one = 1;
    int fd = atomic_load(&wake_to);
    if (fd >= 0 && write(fd, &one, sizeof one) < 0) {
        /* full: it is awake already */
    }
    errno = saved;
}

static void
on_ending(int signal_number)
{
    atomic_store(&ending, signal_number);
    wake();
}

static void
on_suspend(int signal_number)
{
    (void)signal_number;
    atomic_store(&suspend_wanted, true);
    wake();
}

static void
on_interrupt(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
    wake();
}

static void
put(const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        ssize_t n = write(STDERR_FILENO, text, len);
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

static void
put_number(unsigned n)
{
    char digits[12];
    size_t i = sizeof digits;
    digits[--i] = '\0';
    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n && i);
    put(digits + i);
}

static void
put_rest(void)
{
    put(atomic_load(&journal_kept) ? "; changes that were not written are kept in the journal\n" : "\n");
}

static const char *
fault_name(int signal_number)
{
    switch (signal_number) {
    case SIGSEGV: return "a bad address";
    case SIGBUS: return "a bus error";
    case SIGFPE: return "an arithmetic fault";
    case SIGILL: return "an illegal instruction";
    default: return "an abort";
    }
}

static void
on_fault(int signal_number)
{
    if (!atomic_exchange(&rescued, true)) {
        sx_term_rescue();
        put("sextant: crashed by ");
        put(fault_name(signal_number));
        put_rest();
    }
    /* SA_RESETHAND has put back the default: this is the end, with a core where they are wanted */
    raise(signal_number);
}

static void
on_bug(const char *file, int line, const char *what)
{
    if (atomic_exchange(&rescued, true))
        return;
    sx_term_rescue();
    put("sextant: bug at ");
    put(file);
    put(":");
    put_number((unsigned)line);
    put(": ");
    put(what);
    put_rest();
}

static void
handle(int signal_number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

/* A process that was started with a signal ignored (nohup) goes on ignoring it. */
static void
handle_unless_ignored(int signal_number, void (*handler)(int))
{
    struct sigaction old;
    if (sigaction(signal_number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        handle(signal_number, handler, SA_RESTART);
}

/* A stack overflow is a fault, too: its handler needs a stack of its own. */
static void
fault_stack(void)
{
    static char stack[32768]; /* lives as long as the handlers do */
    stack_t s = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&s, NULL);
}

void
rescue_install(int wake_fd)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    atomic_store(&wake_to, wake_fd);
    fault_stack();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        handle(faults[i], on_fault, (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER));
    handle_unless_ignored(SIGTERM, on_ending);
    handle_unless_ignored(SIGHUP, on_ending);
    handle_unless_ignored(SIGQUIT, on_ending);
    handle_unless_ignored(SIGINT, on_interrupt);
    handle_unless_ignored(SIGTSTP, on_suspend);
    handle(SIGPIPE, SIG_IGN, 0);
    sx_bug_hook_set(on_bug);
}

void
rescue_journal(bool kept)
{
    atomic_store(&journal_kept, kept);
}

int
rescue_ending(void)
{
    return atomic_load(&ending);
}

bool
rescue_suspend(void)
{
    return atomic_exchange(&suspend_wanted, false);
}

bool
rescue_interrupt(void)
{
    return atomic_exchange(&interrupted, false);
}
