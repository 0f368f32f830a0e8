/*
 * term.c - the terminal as one object: opening, events, painting, giving it back.
 *
 * One descriptor to poll stands for all that may bring an event: input, signals, and the time after which a lone Esc
 * is one.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <sextant/term.h>

#include "term/clipboard.h"
#include "term/decode.h"
#include "term/modes.h"
#include "term/paint.h"
#include "term/signals.h"

enum { INPUT_BYTES = 1 << 16, SIZE_X = 80, SIZE_Y = 24 };

struct SxTerm {
    Caps caps;
    Modes modes;
    Signals signals;
    Painter painter;
    Decoder decoder;
    int in, out;
    int tty;    /* opened by us, or -1 */
    int epoll;  /* of in, signals and timer */
    int timer;
    bool armed; /* the timer is set */
    bool resized, closed;
    unsigned width, height;
    uint8_t input[]; /* INPUT_BYTES; not cleared, most are never touched */
};

static uint64_t
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* --- opening --- */

static bool
choose_descriptors(SxTerm *t, SxError *err)
{
    t->in = STDIN_FILENO;
    t->out = STDOUT_FILENO;
    if (isatty(t->in) && isatty(t->out))
        return true;
    t->tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (t->tty < 0)
        return sx_fail_errno(err, errno, "no terminal here; -e COMMAND works without one");
    if (!isatty(t->in))
        t->in = t->tty;
    if (!isatty(t->out))
        t->out = t->tty;
    return true;
}

static bool
watch(SxTerm *t, int fd)
{
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(t->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

static bool
open_waiting(SxTerm *t, SxError *err)
{
    if (!signals_open(&t->signals, err))
        return false;
    t->epoll = epoll_create1(EPOLL_CLOEXEC);
    t->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (t->epoll < 0 || t->timer < 0 || !watch(t, t->in) || !watch(t, t->signals.fd) || !watch(t, t->timer))
        return sx_fail_errno(err, errno, "cannot wait for the terminal");
    return true;
}

/* A terminal of 256 colours says by COLORTERM that it takes 24 bits too, whatever its description knows. */
static SxColourDepth
choose_depth(const Caps *c, const SxTermOptions *o)
{
    if (o->colour >= 0)
        return (SxColourDepth)o->colour;
    if (caps_variable("NO_COLOR"))
        return SX_DEPTH_MONO;
    const char *truth = getenv("COLORTERM");
    bool truecolour = truth && (strcmp(truth, "truecolor") == 0 || strcmp(truth, "24bit") == 0);
    return truecolour && c->depth >= SX_DEPTH_256 ? SX_DEPTH_TRUE : c->depth;
}

/* By the variables, as setlocale would find it, without loading a locale. */
static bool
locale_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return false;
}

static bool
read_size(SxTerm *t)
{
    struct winsize size = {0};
    if (ioctl(t->out, TIOCGWINSZ, &size) != 0 || !size.ws_col || !size.ws_row)
        size = (struct winsize){.ws_col = SIZE_X, .ws_row = SIZE_Y};
    bool changed = size.ws_col != t->width || size.ws_row != t->height;
    t->width = size.ws_col;
    t->height = size.ws_row;
    return changed;
}

static bool
open_parts(SxTerm *t, const SxTermOptions *o, SxError *err)
{
    if (!choose_descriptors(t, err) || !caps_open(&t->caps, t->out, err) || !open_waiting(t, err))
        return false;
    painter_init(&t->painter, &t->caps, choose_depth(&t->caps, o), o->ascii || !locale_is_utf8());
    decode_init(&t->decoder, &t->caps);
    t->modes = (Modes){.caps = &t->caps, .in = t->in, .out = t->out, .mouse = !o->no_mouse};
    read_size(t);
    return modes_enter(&t->modes, &t->painter.out, err);
}

bool
sx_term_open(SxTerm **out, const SxTermOptions *o, SxError *err)
{
    static const SxTermOptions none = {.colour = -1};
    SxTerm *t = malloc(sizeof *t + INPUT_BYTES);
    if (!t)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for the terminal");
    *t = (SxTerm){0};
    t->tty = t->epoll = t->timer = t->signals.fd = -1;
    if (!open_parts(t, o ? o : &none, err)) {
        sx_term_close(t);
        return false;
    }
    *out = t;
    return true;
}

static void
close_descriptor(int fd)
{
    if (fd >= 0)
        close(fd);
}

void
sx_term_close(SxTerm *t)
{
    if (!t)
        return;
    modes_leave(&t->modes, &t->painter.out);
    signals_close(&t->signals);
    if (t->caps.name[0])
        caps_close();
    painter_clear(&t->painter);
    decode_clear(&t->decoder);
    close_descriptor(t->epoll);
    close_descriptor(t->timer);
    close_descriptor(t->tty);
    free(t);
}

void
sx_term_size(SxTerm *t, unsigned *width, unsigned *height)
{
    read_size(t);
    *width = t->width;
    *height = t->height;
}

SxColourDepth
sx_term_depth(const SxTerm *t)
{
    return t->painter.depth;
}

bool
sx_term_ascii(const SxTerm *t)
{
    return t->painter.ascii;
}

void
sx_term_mouse(SxTerm *t, bool on)
{
    modes_mouse(&t->modes, &t->painter.out, on);
    output_flush(&t->painter.out, t->out);
}

int
sx_term_fd(const SxTerm *t)
{
    return t->epoll;
}

bool
sx_term_closed(const SxTerm *t)
{
    return t->closed;
}

/* --- events --- */

static void
read_input(SxTerm *t)
{
    ssize_t n = read(t->in, t->input, INPUT_BYTES);
    if (n > 0)
        decode_feed(&t->decoder, t->input, (size_t)n, now_ms());
    else if (n == 0 || (errno != EINTR && errno != EAGAIN))
        t->closed = true;
}

/* Wait for input or a signal, at most `wait_ms`. */
static void
wait_for_more(SxTerm *t, int wait_ms)
{
    struct pollfd p[2] = {{.fd = t->in, .events = POLLIN}, {.fd = t->signals.fd, .events = POLLIN}};
    if (poll(p, 2, wait_ms) <= 0)
        return;
    if (p[0].revents & POLLIN)
        read_input(t);
    else if (p[0].revents & (POLLHUP | POLLERR | POLLNVAL))
        t->closed = true;
}

/* Somebody stopped us without asking, and the shell changed the terminal meanwhile. */
static void
take_terminal_again(SxTerm *t)
{
    modes_enter(&t->modes, &t->painter.out, NULL);
    painter_forget(&t->painter);
    t->resized = true;
}

static bool
next_event(SxTerm *t, int esc_ms, SxEvent *out)
{
    unsigned came = signals_take(&t->signals);
    if (came & CAME_CONT)
        take_terminal_again(t);
    if (came & CAME_WINCH)
        t->resized |= read_size(t);
    if (t->resized) {
        t->resized = false;
        *out = (SxEvent){.kind = SX_EVENT_RESIZE, .x = t->width, .y = t->height};
        return true;
    }
    return decode_next(&t->decoder, now_ms(), esc_ms, out);
}

/* Make the descriptor of sx_term_fd readable when time alone will bring an event. */
static void
set_timer(SxTerm *t, int due)
{
    struct itimerspec when = {.it_value = {.tv_nsec = 1}};
    if (due < 0 && !t->armed)
        return;
    if (due < 0)
        when.it_value.tv_nsec = 0; /* off */
    else if (due > 0)
        when.it_value = (struct timespec){.tv_sec = due / 1000, .tv_nsec = due % 1000 * 1000000L};
    timerfd_settime(t->timer, 0, &when, NULL);
    t->armed = due >= 0;
}

static int
shorter(int a, int b)
{
    if (a < 0)
        return b;
    return b < 0 || a < b ? a : b;
}

SxEvent
sx_term_event(SxTerm *t, int timeout_ms, int esc_ms)
{
    SxEvent event = {.kind = SX_EVENT_NONE};
    uint64_t start = now_ms();
    /* what is there already counts before time does: we may have been busy while a key's bytes came */
    if (!t->decoder.left && !t->decoder.queued)
        wait_for_more(t, 0);
    while (!next_event(t, esc_ms, &event) && !t->closed) {
        uint64_t waited = now_ms() - start;
        if (timeout_ms >= 0 && waited >= (uint64_t)timeout_ms)
            break;
        int left = timeout_ms < 0 ? -1 : timeout_ms - (int)waited;
        wait_for_more(t, shorter(left, decode_due(&t->decoder, now_ms(), esc_ms)));
    }
    set_timer(t, decode_due(&t->decoder, now_ms(), esc_ms));
    return event;
}

/* --- painting --- */

bool
sx_term_paint(SxTerm *t, const SxGrid *grid, const SxTheme *theme)
{
    if (!painter_paint(&t->painter, grid, theme))
        return false;
    if (output_flush(&t->painter.out, t->out))
        return true;
    t->closed = true;
    return false;
}

void
sx_term_redraw(SxTerm *t)
{
    painter_forget(&t->painter);
}

bool
sx_term_clipboard(SxTerm *t, SxBytes text, SxError *err)
{
    Output *o = &t->painter.out;
    if (!clipboard_add(o, t->caps.clipboard, text, err))
        return false;
    return output_flush(o, t->out) || sx_fail(err, SX_ERR_IO, "the terminal does not take the clipboard");
}

/* --- stopping --- */

/* The whole job stops, as with C-z in the shell: whoever feeds our input too. */
static void
stop_job(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;
    sigset_t only, mask;
    sigemptyset(&stop.sa_mask);
    sigemptyset(&only);
    sigaddset(&only, SIGTSTP);
    sigaction(SIGTSTP, &stop, &before);
    sigprocmask(SIG_UNBLOCK, &only, &mask);
    kill(0, SIGTSTP);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
}

void
sx_term_suspend(SxTerm *t, const char *text)
{
    Output *o = &t->painter.out;
    modes_leave(&t->modes, o);
    if (text && text[0]) {
        output_text(o, text);
        output_text(o, "\n");
        output_flush(o, t->out);
    }
    stop_job();
    signals_take(&t->signals);
    read_size(t);
    take_terminal_again(t);
}
